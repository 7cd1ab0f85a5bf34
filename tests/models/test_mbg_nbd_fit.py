from __future__ import annotations

from math import exp, lgamma, log

import numpy as np
import polars as pl
import pytest

from regulars.models.bg_nbd import (
    LEAST_CUSTOMERS_N,
    BgNbd,
    _search,
    fit_bg_nbd,
    fit_mbg_nbd,
    likelier,
)
from regulars.models.bg_nbd_likelihood import histories, mbg_nbd
from regulars.models.not_fitted import NotFitted

PLANTED = {"r": 1.2, "alpha": 40.0, "a": 0.8, "b": 2.0}
HISTORY = ("repeat_days_n", "last_purchase_age_days", "observed_days")


def history(*rows: tuple[int, int, int]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict.fromkeys(HISTORY, pl.Int64), orient="row")


def by_hand(rows: pl.DataFrame, *, r: float, alpha: float, a: float, b: float) -> float:
    """The mean over rates and dropouts of the two ways to have this history, a customer at a time.

    Still there: x + 1 times stayed, x purchases at the rate, silence up to the end. Left: x times
    stayed and once not, x purchases, silence that says nothing.
    """

    def ln_beta(of_a: float, of_b: float) -> float:
        return lgamma(of_a) + lgamma(of_b) - lgamma(of_a + of_b)

    def of(x: int, last: float, observed: float) -> float:
        purchases = lgamma(r + x) - lgamma(r) + r * log(alpha) - ln_beta(a, b)
        there = exp(ln_beta(a, b + x + 1) - (r + x) * log(alpha + observed))
        left = exp(ln_beta(a + 1, b + x) - (r + x) * log(alpha + last))
        return purchases + log(there + left)

    return sum(of(*row) for row in rows.select(HISTORY).iter_rows())


def test_cdnow_gives_the_parameters_that_lifetimes_publishes(cdnow):
    fit = fit_mbg_nbd(cdnow)
    assert isinstance(fit, BgNbd)
    found = (fit.r, fit.alpha / 7, fit.a, fit.b)
    assert found == pytest.approx((0.525, 6.183, 0.891, 1.614), abs=6e-4)
    assert (fit.name, fit.limit, fit.customers_n) == ("mbg_nbd", None, 2357)


def test_lifetimes_finds_no_better_maximum(cdnow):
    from lifetimes import ModifiedBetaGeoFitter

    fit = fit_mbg_nbd(cdnow)
    assert isinstance(fit, BgNbd)
    x, last, observed = (cdnow[name].cast(pl.Float64).to_numpy() for name in HISTORY)
    theirs = ModifiedBetaGeoFitter().fit(x, last / 7, observed / 7).params_.to_dict()
    by_them = by_hand(cdnow, **theirs | {"alpha": theirs["alpha"] * 7})
    assert by_them == pytest.approx(fit.log_likelihood, abs=1e-2)
    assert by_them <= fit.log_likelihood + 1e-3


def test_the_likelihood_is_what_plain_python_finds(cdnow):
    fit = fit_mbg_nbd(cdnow)
    assert isinstance(fit, BgNbd)
    plain = by_hand(cdnow, r=fit.r, alpha=fit.alpha, a=fit.a, b=fit.b)
    assert fit.log_likelihood == pytest.approx(plain, rel=1e-8)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_planted_parameters_are_recovered_within_their_sampling_error(simulate, seed):
    drawn = simulate(20_000, **PLANTED, seed=seed, is_modified=True)
    fit = fit_mbg_nbd(drawn)
    assert isinstance(fit, BgNbd)
    of, steps = histories(drawn), 1e-4 * np.eye(4)
    at = np.log([fit.r, fit.r / fit.alpha, fit.a / fit.b, fit.a + fit.b])
    information = [(mbg_nbd(of, at - s)[1] - mbg_nbd(of, at + s)[1]) / 2e-4 for s in steps]
    errors = np.sqrt(np.diag(np.linalg.inv(information)))
    r, alpha, a, b = PLANTED.values()
    off = (at - np.log([r, r / alpha, a / b, a + b])) / errors
    assert np.abs(off).max() < 3.5
    assert errors.max() < 0.1


@pytest.mark.parametrize("dropout", [-7.0, -2.0, 2.0])
@pytest.mark.parametrize("total", [-3.0, 4.0])
def test_wherever_the_search_starts_it_ends_at_one_maximum(cdnow, dropout, total):
    fit, of = fit_mbg_nbd(cdnow), histories(cdnow)
    assert isinstance(fit, BgNbd)
    found = _search(mbg_nbd, of, np.array([0.0, -4.0, dropout, total]))
    assert -found.fun * of.customers_n == pytest.approx(fit.log_likelihood, abs=1e-3)


def test_the_order_of_the_customers_does_not_matter(cdnow):
    shuffled = cdnow.sample(fraction=1.0, shuffle=True, seed=3)
    assert fit_mbg_nbd(shuffled) == fit_mbg_nbd(cdnow)


@pytest.mark.parametrize("is_modified", [False, True])
def test_the_model_whose_story_is_true_is_the_likelier(simulate, is_modified):
    drawn = simulate(20_000, **PLANTED, seed=5, is_modified=is_modified)
    fit = likelier([fit_bg_nbd(drawn), fit_mbg_nbd(drawn)])
    assert isinstance(fit, BgNbd)
    assert fit.is_modified == is_modified


def test_of_equal_fits_the_first_is_taken_and_of_none_the_first_reason(simulate):
    drawn = simulate(3000, r=1.2, alpha=30.0, a=0.0, b=1.0, seed=3)
    plain, modified = fit_bg_nbd(drawn), fit_mbg_nbd(drawn)
    assert isinstance(plain, BgNbd)
    assert isinstance(modified, BgNbd)
    assert plain.limit == modified.limit == "no_dropout"
    assert likelier([modified, plain]) is modified
    reason = NotFitted("not_converged")
    assert likelier([reason, plain]) is plain
    assert likelier([reason, NotFitted("too_few_customers")]) is reason


def test_customers_who_come_back_again_and_again_or_never_are_named(simulate):
    drawn = simulate(3000, r=4.0, alpha=40.0, a=1e-9, b=1e-9, seed=4, is_modified=True)
    fit = fit_mbg_nbd(drawn)
    assert isinstance(fit, BgNbd)
    assert fit.limit == "leave_at_once_or_never"


def test_too_few_customers_are_not_fitted():
    rows = [(2, 9, 30)] * (LEAST_CUSTOMERS_N - 1)
    assert fit_mbg_nbd(history(*rows)) == fit_bg_nbd(history(*rows))
