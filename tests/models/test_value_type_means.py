from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.models.value_types import VALUE_TYPES, Means, fit_means, value_typed

MEASURES = {"recency_days": pl.Int32, "orders_n": pl.Int64, "spend": pl.Decimal(18, 2)}
BY_HAND = {
    (True, True, True): "key_value",
    (True, False, True): "key_develop",
    (False, True, True): "key_keep",
    (False, False, True): "key_retain",
    (True, True, False): "general_value",
    (True, False, False): "general_develop",
    (False, True, False): "general_keep",
    (False, False, False): "general_retain",
}
MEASURED = st.lists(
    st.tuples(st.integers(0, 6), st.integers(1, 6), st.integers(-6, 6)),
    min_size=1,
    max_size=12,
)


def measured(rows: list[tuple[int | None, int, int]]) -> pl.DataFrame:
    return pl.DataFrame(
        [(recency, orders, Decimal(cents).scaleb(-2)) for recency, orders, cents in rows],
        schema=MEASURES,
        orient="row",
    )


@given(MEASURED)
@settings(max_examples=100)
def test_value_types_are_what_fractions_say(rows):
    n = len(rows)
    recency, orders, spend = (Fraction(sum(column), n) for column in zip(*rows, strict=True))
    table = measured(rows)
    assert value_typed(table, fit_means(table))["value_type"].to_list() == [
        BY_HAND[r <= recency, f >= orders, m >= spend] for r, f, m in rows
    ]


@pytest.mark.parametrize(("levels", "code"), BY_HAND.items())
def test_each_of_the_eight_levels_has_its_code(levels, code):
    row = tuple(
        value if is_high else other
        for is_high, value, other in zip(levels, (5, 5, 500), (6, 4, 499), strict=True)
    )
    at_five = Means(customers_n=1, recency_days_sum=5, orders_n_sum=5, spend_hundredths_sum=500)
    assert value_typed(measured([row]), at_five)["value_type"].to_list() == [code]
    assert VALUE_TYPES["".join("H" if is_high else "L" for is_high in levels)] == code


def test_who_is_exactly_at_the_mean_is_high():
    table = measured([(3, 2, 500)] * 3)
    assert set(value_typed(table, fit_means(table))["value_type"]) == {"key_value"}


def test_who_is_half_a_cent_below_the_mean_is_low():
    table = measured([(3, 2, 1), (3, 2, 2)])
    assert value_typed(table, fit_means(table))["value_type"].to_list() == [
        "general_value",
        "key_value",
    ]


def test_the_largest_amounts_are_compared_exactly():
    table = measured([(3, 2, 10**18 - 1)] * 11 + [(3, 2, 10**18 - 2)])
    types = value_typed(table, fit_means(table))["value_type"].to_list()
    assert types == ["key_value"] * 11 + ["general_value"]


def test_means_are_of_the_customers_with_a_purchase_alone():
    table = measured([(3, 2, 500), (4, 1, 100), (None, 0, -900)])
    assert fit_means(table) == Means(2, 7, 3, 600)
    assert value_typed(table, fit_means(table))["value_type"].to_list() == [
        "key_value",
        "general_retain",
        None,
    ]


@pytest.mark.parametrize("rows", [[], [(None, 0, -900)]])
def test_without_a_purchase_there_are_no_means_and_no_types(rows):
    table = measured(rows)
    assert fit_means(table) is None
    assert value_typed(table, None)["value_type"].null_count() == len(rows)


def test_customers_without_means_to_type_them_by_are_refused():
    with pytest.raises(ValueError, match="no means"):
        value_typed(measured([(1, 1, 1)]), None)
