from __future__ import annotations

from decimal import Decimal, localcontext

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.models.bg_nbd import BgNbd, fit_bg_nbd, fit_mbg_nbd
from regulars.models.expected_orders import expected_orders, probability_alive

HISTORY = {
    "customer_id": pl.UInt64,
    "repeat_days_n": pl.Int64,
    "last_purchase_age_days": pl.Int32,
    "observed_days": pl.Int32,
}


def model(r: float, alpha: float, a: float, b: float, *, is_modified: bool = False) -> BgNbd:
    return BgNbd(r, alpha, a, b, 0.0, customers_n=100, repeats_n=100, is_modified=is_modified)


def history(*rows: tuple[int, int, int]) -> pl.DataFrame:
    return pl.DataFrame([(n, *row) for n, row in enumerate(rows)], schema=HISTORY, orient="row")


def expected(fit: BgNbd, row: tuple[int, int, int], horizon_days: int = 365) -> float:
    return float(
        expected_orders(fit, history(row), horizon_days=horizon_days)["expected_orders"][0]
    )


def closed_form(fit: BgNbd, row: tuple[int, int, int], horizon_days: int) -> float:
    """Equation 10 of the paper with 2F1 as its series, in 60 digits.

    Euler's transformation, 2F1(A, B; C; w) = (1-w)^(C-A-B) 2F1(C-A, C-B; C; w), is what lets the
    series end.
    """
    with localcontext() as context:
        context.prec = 60
        r, alpha, a, b = (Decimal(repr(each)) for each in (fit.r, fit.alpha, fit.a, fit.b))
        x, last, observed = row
        w = horizon_days / (alpha + observed + horizon_days)
        series = term = Decimal(1)
        n = 0
        while n < 50 or abs(term) > Decimal("1e-25"):
            rising = (a + b - 1 - r + n) * (a - 1 + n) / (a + b + x - 1 + n)
            term *= rising * w / (n + 1)
            series += term
            n += 1
        while_there = (a + b + x - 1) / (a - 1) * (1 - (1 - w) ** (a - 1) * series)
        odds = a / (b + x - 1) * ((alpha + observed) / (alpha + last)) ** (r + x) if x else 0
        return float(while_there / (1 + odds))


@pytest.mark.parametrize(
    ("fit", "row"),
    [
        (model(0.243, 30.9, 0.793, 2.426), (0, 0, 100)),
        (model(0.243, 30.9, 0.793, 2.426), (26, 250, 270)),
        (model(1.4, 9.5, 0.0743, 101.2), (150, 239, 240)),
        (model(0.5, 1.0, 0.01, 0.3), (0, 0, 0)),
        (model(0.5, 0.5, 0.5, 0.6), (1, 1, 1)),
        (model(0.5, 5.0, 300.0, 900.0), (3, 20, 50)),
        (model(0.5, 5.0, 0.001, 0.002), (3, 20, 50)),
        (model(2.5, 5.0, 1.3, 1.7), (400, 790, 800)),
        (model(0.5, 2.0, 40.0, 2.6), (0, 0, 0)),
    ],
)
def test_the_expectation_is_that_of_the_closed_form_in_sixty_digits(fit, row):
    assert expected(fit, row) == pytest.approx(closed_form(fit, row, 365), rel=1e-10)


def test_where_the_closed_form_divides_by_zero_the_expectation_is_that_of_its_neighbours():
    row = (4, 80, 100)
    around = [closed_form(model(0.5, 20.0, a, 2.5), row, 365) for a in (1 - 1e-6, 1 + 1e-6)]
    assert expected(model(0.5, 20.0, 1.0, 2.5), row) == pytest.approx(sum(around) / 2, rel=1e-10)


def test_the_expectation_for_b_near_one_and_a_single_repeat_is_finite():
    row = (1, 20, 100)
    for b in (1.0, 1.0 - 1e-12, 1e-9):
        assert 0 <= expected(model(0.5, 20.0, 0.8, b), row) < 365


def test_dropout_that_fades_leads_to_the_model_without_it():
    row = (5, 80, 100)
    without = expected(model(1.2, 20.0, 0.0, 1.0), row)
    assert without == pytest.approx((1.2 + 5) * 365 / (20.0 + 100))
    assert expected(model(1.2, 20.0, 1e-9, 1.0), row) == pytest.approx(without, rel=1e-7)


def test_cdnow_gives_the_published_expectation_of_the_next_39_weeks(cdnow):
    fit = fit_bg_nbd(cdnow)
    assert isinstance(fit, BgNbd)
    total = expected_orders(fit, cdnow, horizon_days=39 * 7)["expected_orders"].sum()
    assert total == pytest.approx(1653.4, abs=0.05)


def test_what_is_expected_comes_true_in_the_population_that_the_model_tells_of(simulate):
    planted = {"r": 0.8, "alpha": 25.0, "a": 0.7, "b": 2.0}
    drawn = simulate(100_000, **planted, seed=11, horizon_days=180)
    found = expected_orders(model(**planted), drawn, horizon_days=180)
    # Those who bought often, once, and never again are each held to what they did.
    by_repeats = found.group_by(pl.col("repeat_days_n").clip(0, 4)).agg(
        pl.col("expected_orders", "later_days_n").sum(), off=pl.col("later_days_n").var() * pl.len()
    )
    distance = (by_repeats["later_days_n"] - by_repeats["expected_orders"]) / by_repeats[
        "off"
    ].sqrt()
    assert by_repeats.height == 5
    assert distance.abs().max() < 4


def test_what_is_expected_comes_true_where_customers_may_leave_after_the_first_purchase(simulate):
    planted = {"r": 0.8, "alpha": 25.0, "a": 0.7, "b": 2.0}
    drawn = simulate(100_000, **planted, seed=11, horizon_days=180, is_modified=True)
    found = expected_orders(model(**planted, is_modified=True), drawn, horizon_days=180)
    away = pl.col("observed_days") - pl.col("last_purchase_age_days")
    # Those who bought once and more often, who came of late and long ago: each to what they did.
    by_group = found.group_by(pl.col("repeat_days_n").clip(0, 2), is_long=away > 150).agg(
        pl.col("expected_orders", "later_days_n").sum(), off=pl.col("later_days_n").var() * pl.len()
    )
    distance = (by_group["later_days_n"] - by_group["expected_orders"]) / by_group["off"].sqrt()
    assert by_group.height == 6
    assert distance.abs().max() < 4


def test_the_modified_expectation_and_presence_are_those_of_lifetimes(cdnow):
    from lifetimes import ModifiedBetaGeoFitter

    fit = fit_mbg_nbd(cdnow)
    assert isinstance(fit, BgNbd)
    theirs = ModifiedBetaGeoFitter()
    theirs.params_ = {name: getattr(fit, name) for name in ("r", "alpha", "a", "b")}
    x, last, observed = (
        cdnow[name].cast(pl.Float64).to_numpy()
        for name in ("repeat_days_n", "last_purchase_age_days", "observed_days")
    )
    ours = expected_orders(fit, cdnow, horizon_days=273)["expected_orders"].to_list()
    alive = probability_alive(fit, cdnow)["alive_probability"].to_list()
    expectation = theirs.conditional_expected_number_of_purchases_up_to_time(273, x, last, observed)
    assert ours == pytest.approx(expectation.tolist(), rel=1e-8)
    there = theirs.conditional_probability_alive(x, last, observed)
    assert alive == pytest.approx(there.tolist(), rel=1e-10)


def test_silence_makes_somebody_who_bought_once_less_surely_there_in_the_modified_model():
    rows = history((0, 0, 0), (0, 0, 30), (0, 0, 300))
    fit = model(0.5, 10.0, 0.8, 2.5, is_modified=True)
    found = probability_alive(fit, rows)["alive_probability"].to_list()
    # a/b: leaving after the first purchase, and nothing waited yet.
    assert found[0] == pytest.approx(2.5 / (0.8 + 2.5))
    assert found == sorted(found, reverse=True)


def test_more_days_bring_more_and_none_bring_nothing():
    fit = model(0.243, 30.9, 0.793, 2.426)
    found = [expected(fit, (3, 60, 100), days) for days in (0, 1, 30, 365, 3650)]
    assert found[0] == pytest.approx(0, abs=1e-12)
    assert found == sorted(found)


def test_somebody_who_bought_once_is_surely_there_and_silence_makes_a_frequent_buyer_less_so():
    rows = history((0, 0, 300), (10, 100, 100), (10, 100, 150), (10, 100, 300))
    found = probability_alive(model(0.5, 10.0, 0.8, 2.5), rows)["alive_probability"].to_list()
    assert found[0] == 1
    # a/(b+9) = 0.8/11.5: leaving after the last purchase, and nothing waited yet.
    assert found[1] == pytest.approx(1 / (1 + 0.8 / 11.5))
    assert found[1] > found[2] > found[3]


def test_nobody_leaves_where_there_is_no_dropout():
    rows = history((10, 100, 3000))
    assert probability_alive(model(0.5, 10.0, 0.0, 1.0), rows)["alive_probability"][0] == 1


def test_customers_apart_are_what_they_are_together_and_rows_stay_in_place():
    fit = model(0.5, 10.0, 0.8, 2.5)
    rows = history(*((n % 7, n % 7 * 9, 60 + n % 50) for n in range(10_000)))
    together = expected_orders(fit, rows, horizon_days=365)
    assert together.select(rows.columns).equals(rows)
    parts = [rows.filter(pl.col("customer_id") % 3 == part) for part in range(3)]
    apart = pl.concat(expected_orders(fit, part, horizon_days=365) for part in parts)
    assert apart.sort("customer_id").equals(together)


@given(
    st.tuples(*[st.floats(-4, 4).map(lambda power: 10**power)] * 4),
    st.integers(0, 300),
    st.integers(0, 1000),
    st.integers(0, 1000),
    st.booleans(),
)
@settings(max_examples=100, deadline=None)
def test_any_parameters_give_an_expectation_between_nothing_and_no_dropout(
    fit, x, last, more, is_modified
):
    r, alpha, a, b = fit
    last = max(last, x) if x else 0
    row = (x, last, last + more)
    most = (r + x) * 365 / (alpha + last + more)
    asked = model(r, alpha, a, b, is_modified=is_modified)
    assert 0 <= expected(asked, row) <= most * (1 + 1e-9)


def test_nobody_is_expected_to_buy_nothing():
    nobody = history()
    found = expected_orders(model(0.5, 10.0, 0.8, 2.5), nobody, horizon_days=365)
    assert found.schema == {**nobody.schema, "expected_orders": pl.Float64}
