from __future__ import annotations

from math import lgamma, log

import numpy as np
import polars as pl
import pytest

from regulars.models.gamma_gamma import (
    LEAST_REPEATERS_N,
    GammaGamma,
    expected_spend_per_day,
    fit_gamma_gamma,
    gamma_gamma,
    repeaters,
)
from regulars.models.not_fitted import NotFitted
from regulars.models.value_story import simulated_spend

HISTORY = {"repeat_days_n": pl.Int64, "spend_per_day_mean": pl.Float64}


def history(*rows: tuple[int, float | None]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=HISTORY, orient="row")


def test_the_946_repeat_customers_of_cdnow_give_the_published_parameters(cdnow):
    fit = fit_gamma_gamma(cdnow)
    assert isinstance(fit, GammaGamma)
    assert fit.repeaters_n == 946
    assert (fit.p, fit.q, fit.v) == pytest.approx((6.25, 3.74, 15.44), abs=6e-3)


def test_the_likelihood_is_what_plain_python_finds(cdnow):
    fit = fit_gamma_gamma(cdnow)
    assert isinstance(fit, GammaGamma)
    p, q, v = fit.p, fit.q, fit.v
    plain = 0.0
    for x, mean in cdnow.select(*HISTORY).filter(pl.col("repeat_days_n") > 0).iter_rows():
        plain += lgamma(p * x + q) - lgamma(p * x) - lgamma(q) + q * log(v)
        plain += (p * x - 1) * log(mean) + p * x * log(x) - (p * x + q) * log(x * mean + v)
    assert fit.log_likelihood == pytest.approx(plain, rel=1e-8)


@pytest.mark.parametrize("point", [(0.5, 0.2, 2.0), (1.8, 1.3, 2.7), (-1.0, 3.0, 5.0)])
def test_the_gradient_is_that_of_finite_differences(cdnow, point):
    of, at = repeaters(cdnow), np.array(point)
    by_steps = [
        (gamma_gamma(of, at + each)[0] - gamma_gamma(of, at - each)[0]) / 2e-5
        for each in 1e-5 * np.eye(3)
    ]
    assert gamma_gamma(of, at)[1] == pytest.approx(by_steps, rel=1e-5, abs=1e-2)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_planted_parameters_are_recovered_within_their_sampling_error(seed):
    drawn = simulated_spend(20_000, p=2.5, q=4.0, v=60.0, seed=seed)
    fit = fit_gamma_gamma(drawn)
    assert isinstance(fit, GammaGamma)
    of, at, steps = repeaters(drawn), np.log([fit.p, fit.q, fit.v]), 1e-4 * np.eye(3)
    information = [(gamma_gamma(of, at - s)[1] - gamma_gamma(of, at + s)[1]) / 2e-4 for s in steps]
    errors = np.sqrt(np.diag(np.linalg.inv(information)))
    assert np.abs((at - np.log([2.5, 4.0, 60.0])) / errors).max() < 3.5
    assert errors.max() < 0.1


def test_another_currency_scales_v_and_nothing_else(cdnow):
    dear = cdnow.with_columns(pl.col("spend_per_day_mean") * 10_000)
    fit, scaled = fit_gamma_gamma(cdnow), fit_gamma_gamma(dear)
    assert isinstance(fit, GammaGamma)
    assert isinstance(scaled, GammaGamma)
    assert (scaled.p, scaled.q, scaled.v) == pytest.approx((fit.p, fit.q, fit.v * 1e4), rel=1e-4)


def test_the_order_of_the_customers_does_not_matter(cdnow):
    shuffled = cdnow.sample(fraction=1.0, shuffle=True, seed=3)
    assert fit_gamma_gamma(shuffled) == fit_gamma_gamma(cdnow)


def test_customers_of_one_day_take_no_part(cdnow):
    repeating = cdnow.filter(pl.col("repeat_days_n") > 0)
    assert fit_gamma_gamma(repeating) == fit_gamma_gamma(cdnow)


def test_the_expectation_lies_between_the_own_mean_and_the_populations():
    fit = GammaGamma(6.25, 3.74, 15.44, log_likelihood=0.0, repeaters_n=946)
    of_all = 6.25 * 15.44 / 2.74
    rows = history((0, None), (1, 100.0), (20, 100.0), (1, 5.0))
    found = expected_spend_per_day(fit, rows)["expected_order_spend"].to_list()
    assert found[0] == pytest.approx(of_all)
    # By hand: 6.25 (15.44 + 100) / (6.25 + 2.74).
    assert found[1] == pytest.approx(80.256, abs=1e-3)
    assert of_all < found[1] < found[2] < 100
    assert 5 < found[3] < of_all


def test_too_few_who_came_again_are_not_fitted():
    rows = [(0, None)] * 500 + [(2, 9.0)] * (LEAST_REPEATERS_N - 1)
    assert fit_gamma_gamma(history(*rows)) == NotFitted(
        "too_few_repeats", {"repeaters_n": LEAST_REPEATERS_N - 1, "least_n": LEAST_REPEATERS_N}
    )


def test_customers_who_do_not_differ_are_named_and_expected_to_spend_the_mean():
    # Single days differ much, and means of thirty days not at all.
    days = np.random.default_rng(1).gamma(2.0, 12.5, 300)
    fit = fit_gamma_gamma(history(*((1, day) for day in days.tolist()), *[(30, 25.0)] * 300))
    assert isinstance(fit, GammaGamma)
    assert fit.limit == "equal_spend"
    rows = history((0, None), (3, 60.0))
    found = expected_spend_per_day(fit, rows)["expected_order_spend"].to_list()
    assert found == pytest.approx([25.0, 25.0], rel=0.03)


def test_customers_who_always_spend_the_same_are_named_and_expected_to_go_on_so():
    dice = np.random.default_rng(4)
    means = 1 / dice.gamma(3.0, 1 / 40.0, 500)
    fit = fit_gamma_gamma(history(*((2, mean) for mean in means.tolist())))
    assert isinstance(fit, GammaGamma)
    assert fit.limit == "steady_spend"
    found = expected_spend_per_day(fit, history((2, 60.0)))["expected_order_spend"].to_list()
    assert found == pytest.approx([60.0], rel=1e-3)


def test_where_every_day_is_worth_the_same_the_search_ends_nowhere_and_says_so():
    fit = fit_gamma_gamma(history(*[(2, 9.0)] * 200))
    assert isinstance(fit, NotFitted)
    assert fit.code == "not_converged"


def test_a_mean_over_customers_that_is_infinite_is_named():
    fit = fit_gamma_gamma(simulated_spend(5000, p=2.0, q=0.7, v=10.0, seed=1))
    assert isinstance(fit, NotFitted)
    assert fit.code == "no_mean_spend"
    assert float(str(fit.parameters["q"])) == pytest.approx(0.7, abs=0.1)


@pytest.mark.parametrize("mean", [0.0, -1.0, None])
def test_a_repeater_without_positive_spend_is_refused(mean):
    with pytest.raises(ValueError, match="spend_per_day_mean"):
        fit_gamma_gamma(history(*[(2, 9.0)] * 200, (3, mean)))
