from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.models.bg_nbd import BgNbd
from regulars.models.expected_orders import expected_orders
from regulars.models.gamma_gamma import GammaGamma, expected_spend_per_day
from regulars.models.lifetime_value import LEAST_KNOWN_DAYS, lifetime_value
from regulars.models.not_fitted import NotFitted

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
    assert found.row(0) == (3, *[None] * 8, "no_purchase")


def test_without_a_model_of_orders_nothing_is_expected_and_the_reason_is_its_code():
    found = lifetime_value(customers(1, 3), SOME, NotFitted("too_few_customers"), SPEND)
    assert found.row(0) == (1, 3, 60, 100, *[None] * 5, "too_few_customers")
    assert found["unscored_reason"].to_list() == ["too_few_customers", "no_purchase"]


def test_without_a_model_of_spend_the_orders_are_there_and_the_amounts_are_not():
    found = lifetime_value(customers(1), SOME, ORDERS, NotFitted("no_mean_spend"))
    whole = lifetime_value(customers(1), SOME, ORDERS, SPEND)
    assert found["expected_orders_12m"].equals(whole["expected_orders_12m"])
    assert found.select(FIGURES[1:]).row(0) == (None, None)
    assert found["unscored_reason"].to_list() == ["no_mean_spend"]


def test_an_expectation_that_rests_on_little_of_the_customers_own_is_said_to():
    drawn = history(
        (1, 3, 60, LEAST_KNOWN_DAYS - 1, 20.0),
        (2, 0, 0, LEAST_KNOWN_DAYS - 1, None),
        (3, 0, 0, LEAST_KNOWN_DAYS, None),
        (4, 1, 5, LEAST_KNOWN_DAYS, 20.0),
    )
    found = lifetime_value(customers(1, 2, 3, 4, 5), drawn, ORDERS, SPEND)
    assert found.select("is_extrapolated", "extrapolated_reason").rows() == [
        (True, "known_briefly"),
        (True, "known_briefly"),
        (True, "came_once"),
        (False, None),
        (None, None),
    ]


def test_who_came_once_a_year_ago_is_expected_less_often_where_they_may_have_left_at_once():
    """The parameters that each model has on CDNOW; a lapsed repeater beside them."""
    modified = BgNbd(0.525, 43.28, 0.891, 1.614, 0.0, 2357, 2457, is_modified=True)
    lapsed = history((1, 0, 0, 365, None), (2, 4, 60, 365, 20.0))
    plain, other = (
        lifetime_value(customers(1, 2), lapsed, model, SPEND)["expected_orders_12m"]
        for model in (ORDERS, modified)
    )
    assert plain[0] > plain[1]
    assert other[0] < plain[0]


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
