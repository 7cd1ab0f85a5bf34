from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.models.bg_nbd import BgNbd, fit_bg_nbd
from regulars.models.expected_orders import expected_orders
from regulars.models.gamma_gamma import GammaGamma, expected_spend_per_day, fit_gamma_gamma
from regulars.models.lifetime_value import backtest, lifetime_value
from regulars.models.not_fitted import NotFitted
from regulars.transforms.buying_history import bought_since, buying_history

ORDERS = BgNbd(0.243, 30.9, 0.793, 2.426, log_likelihood=0.0, customers_n=2357, repeats_n=2457)
SPEND = GammaGamma(6.25, 3.74, 15.44, log_likelihood=0.0, repeaters_n=946)
HISTORY = {
    "customer_id": pl.UInt64,
    "repeat_days_n": pl.Int64,
    "last_purchase_age_days": pl.Int32,
    "observed_days": pl.Int32,
    "spend_per_day_mean": pl.Float64,
}
FIGURES = ("expected_orders_12m", "expected_order_spend", "expected_spend_12m")


def history(*rows: tuple[int, int, int, int, float | None]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=HISTORY, orient="row")


def customers(*ids: int) -> pl.DataFrame:
    return pl.DataFrame({"customer_id": pl.Series(ids, dtype=pl.UInt64)})


SOME = history((1, 3, 60, 100, 20.0), (2, 0, 0, 30, None), (4, 8, 200, 260, 61.5))


def test_spend_is_the_product_before_rounding_and_rounded_half_to_even():
    found = lifetime_value(customers(1, 2, 4), SOME, ORDERS, SPEND)
    orders = expected_orders(ORDERS, SOME, horizon_days=365)["expected_orders"]
    day = expected_spend_per_day(SPEND, SOME)["expected_order_spend"]
    cent = Decimal("0.01")
    assert found["expected_spend_12m"].to_list() == [
        Decimal(each).quantize(cent, ROUND_HALF_EVEN) for each in orders * day
    ]
    assert found["expected_order_spend"].to_list() == [
        Decimal(each).quantize(cent, ROUND_HALF_EVEN) for each in day
    ]
    assert found["expected_orders_12m"].to_list() == [round(each, 6) for each in orders]
    assert found["unscored_reason"].null_count() == 3


@pytest.mark.parametrize(("v", "cents"), [(10.125, "10.12"), (10.375, "10.38")])
def test_half_a_cent_goes_to_the_even_one(v, cents):
    whole = GammaGamma(1.0, 2.0, v, log_likelihood=0.0, repeaters_n=30)
    found = lifetime_value(customers(2), SOME, ORDERS, whole)
    assert found["expected_order_spend"].to_list() == [Decimal(cents)]


def test_a_customer_without_a_purchase_has_a_row_and_the_reason():
    found = lifetime_value(customers(3, 1), SOME, ORDERS, SPEND)
    assert found["customer_id"].to_list() == [3, 1]
    assert found.row(0) == (3, None, None, None, None, None, None, "no_purchase")


def test_without_a_model_of_orders_nothing_is_expected_and_the_reason_is_its_code():
    found = lifetime_value(customers(1, 3), SOME, NotFitted("too_few_customers"), SPEND)
    assert found.row(0) == (1, 3, 60, 100, None, None, None, "too_few_customers")
    assert found["unscored_reason"].to_list() == ["too_few_customers", "no_purchase"]


def test_without_a_model_of_spend_the_orders_are_there_and_the_amounts_are_not():
    found = lifetime_value(customers(1), SOME, ORDERS, NotFitted("no_mean_spend"))
    whole = lifetime_value(customers(1), SOME, ORDERS, SPEND)
    assert found["expected_orders_12m"].equals(whole["expected_orders_12m"])
    assert found.select(FIGURES[1:]).row(0) == (None, None)
    assert found["unscored_reason"].to_list() == ["no_mean_spend"]


@given(
    st.lists(
        st.tuples(
            st.integers(0, 40), st.integers(0, 300), st.integers(0, 200), st.floats(0.01, 999)
        ),
        max_size=20,
    ),
    st.integers(1, 3),
)
@settings(max_examples=30, deadline=None)
def test_customers_apart_are_what_they_are_together(rows, parts):
    drawn = history(
        *(
            (n, x, last if x else 0, last + more, mean if x else None)
            for n, (x, last, more, mean) in enumerate(rows)
        )
    )
    everybody = customers(*range(len(rows) + 2))
    together = lifetime_value(everybody, drawn, ORDERS, SPEND)
    mine = [pl.col("customer_id") % parts == part for part in range(parts)]
    apart = [lifetime_value(everybody.filter(of), drawn.filter(of), ORDERS, SPEND) for of in mine]
    assert pl.concat(apart).sort("customer_id").equals(together)


EVE, DAY = date(1997, 7, 1), date(1997, 9, 30)


def held_out(nets: pl.DataFrame, before: pl.DataFrame) -> dict[tuple[str, str], tuple[object, ...]]:
    orders, spend = fit_bg_nbd(before), fit_gamma_gamma(before)
    assert isinstance(orders, BgNbd)
    found = backtest(
        before,
        orders,
        spend,
        bought=bought_since(nets, since=EVE, as_of=DAY),
        bought_before=bought_since(
            nets.filter(pl.col("ordered_on") <= EVE), since=EVE - timedelta(91), as_of=EVE
        ),
        tested_on=EVE,
        horizon_days=91,
    )
    measures = found.select("model", "measure", "value", "low", "high")
    return {row[:2]: row[2:] for row in measures.iter_rows()}


@pytest.fixture(scope="module")
def nets(cdnow_nets: pl.DataFrame) -> pl.DataFrame:
    return cdnow_nets.filter(pl.col("ordered_on") <= DAY)


@pytest.fixture(scope="module")
def before(nets: pl.DataFrame) -> pl.DataFrame:
    return buying_history(nets.filter(pl.col("ordered_on") <= EVE), as_of=EVE)


def test_the_backtest_holds_what_was_expected_to_what_came(nets, before):
    found = held_out(nets, before)
    period = nets.filter(pl.col("ordered_on") > EVE)
    days_n = period.select("customer_id", "ordered_on").n_unique()
    assert found["bg_nbd", "backtest_observed_orders"] == (days_n, None, None)
    spend = float(period["net"].sum())
    assert found["bg_nbd_gamma_gamma", "backtest_observed_spend"][0] == pytest.approx(spend)
    for model, what in (("bg_nbd", "orders"), ("bg_nbd_gamma_gamma", "spend")):
        expected, *_ = found[model, f"backtest_expected_{what}"]
        observed, *_ = found[model, f"backtest_observed_{what}"]
        ratio, low, high = found[model, f"backtest_{what}_ratio"]
        assert ratio == pytest.approx(expected / observed, abs=2e-6)
        assert low < ratio < high


def test_the_baseline_is_what_everybody_did_in_the_period_before(nets, before):
    earlier = nets.filter(pl.col("ordered_on").is_between(EVE - timedelta(90), EVE))
    days_n = earlier.select("customer_id", "ordered_on").n_unique()
    found = held_out(nets, before)
    assert found["last_period", "backtest_expected_orders"][0] == days_n
    assert found["last_period", "backtest_expected_spend"][0] == pytest.approx(
        float(earlier["net"].sum())
    )


def test_the_interval_is_that_of_a_bootstrap_over_customers(simulate):
    truth = {"r": 0.8, "alpha": 25.0, "a": 0.7, "b": 2.0}
    model = BgNbd(**truth, log_likelihood=0.0, customers_n=3000, repeats_n=1)
    drawn = simulate(3000, **truth, seed=2, horizon_days=91).with_columns(spend_per_day_mean=1.0)
    came = drawn.select("customer_id", purchase_days_n="later_days_n", spend_hundredths=pl.lit(0))
    ((low, high),) = (
        backtest(
            drawn,
            model,
            NotFitted("too_few_repeats"),
            bought=came,
            bought_before=came,
            tested_on=EVE,
            horizon_days=91,
        )
        .filter(model="bg_nbd", measure="backtest_orders_ratio")
        .select("low", "high")
        .rows()
    )
    expected = expected_orders(model, drawn, horizon_days=91)
    ratios = pl.Series(
        [
            each["expected_orders"].sum() / each["later_days_n"].sum()
            for each in (
                expected.sample(fraction=1.0, with_replacement=True, seed=seed)
                for seed in range(1000)
            )
        ]
    )
    assert (low, high) == pytest.approx(
        (ratios.quantile(0.025), ratios.quantile(0.975)), abs=0.1 * (high - low)
    )
    assert low < 1 < high


def test_without_a_purchase_in_the_period_there_is_no_ratio(nets, before):
    nothing = bought_since(nets, since=DAY, as_of=DAY)
    orders = fit_bg_nbd(before)
    assert isinstance(orders, BgNbd)
    found = backtest(
        before,
        orders,
        NotFitted("too_few_repeats"),
        bought=nothing,
        bought_before=nothing,
        tested_on=EVE,
        horizon_days=91,
    )
    ratios = found.filter(pl.col("measure") == "backtest_orders_ratio")
    assert ratios.select("model", "value", "low", "high").rows() == [
        ("bg_nbd", None, None, None),
        ("last_period", None, None, None),
    ]


def test_the_order_of_the_customers_does_not_matter_to_the_backtest(nets, before):
    shuffled = before.sample(fraction=1.0, shuffle=True, seed=5)
    assert held_out(nets, shuffled) == held_out(nets, before)
