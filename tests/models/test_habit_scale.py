from __future__ import annotations

import math

import polars as pl
import pytest

from regulars.models.habit_scale import fit_habit_scale, scaled


def of_shares(*shares: float | None, orders_n: int = 10**9) -> pl.DataFrame:
    n = len(shares)
    return pl.DataFrame(
        {"customer_id": range(n), "orders_n": [orders_n] * n, "weekend_share": shares},
        schema_overrides={"customer_id": pl.UInt64, "weekend_share": pl.Float64},
    )


def test_the_middle_is_zero_and_so_is_what_is_not_known():
    given = of_shares(0.1, 0.5, 0.9, None)
    rows = scaled(given, fit_habit_scale(given))["weekend_share"].to_list()
    assert rows[1] == rows[3] == 0.0
    assert rows[0] == pytest.approx(-rows[2])


def test_one_odd_customer_neither_stretches_the_scale_nor_is_farther_than_three():
    usual = [0.4 + place / 1000 for place in range(100)]
    odd = of_shares(*usual, 1.0)
    scale = fit_habit_scale(odd)
    assert scale.spreads[0] == pytest.approx(fit_habit_scale(of_shares(*usual)).spreads[0], rel=0.1)
    assert scaled(odd, scale)["weekend_share"].max() == pytest.approx(3.0)


def test_one_order_is_drawn_to_the_middle_by_half_an_orders_weight():
    scale = fit_habit_scale(of_shares(0.1, 0.5, 0.6))
    much = scaled(of_shares(0.6), scale)["weekend_share"].item()
    once = scaled(of_shares(0.6, orders_n=1), scale)["weekend_share"].item()
    assert once == pytest.approx(much / 1.5)


def test_twice_as_many_orders_are_as_far_as_half_as_many():
    given = pl.DataFrame(
        {"customer_id": [1, 2, 3], "orders_n": [9, 9, 9], "orders_per_month": [0.0, 1.0, 3.0]}
    )
    low, middle, high = scaled(given, fit_habit_scale(given))["orders_per_month"]
    assert (low, middle) == (-high, 0.0)
    assert fit_habit_scale(given).medians == (math.log(2),)


def test_a_habit_that_three_quarters_lack_still_tells_customers_apart():
    assert fit_habit_scale(of_shares(*[0.0] * 80, *[0.5] * 20)).features == ("weekend_share",)


def test_a_habit_known_of_few_or_the_same_for_all_is_dropped_with_its_reason():
    assert fit_habit_scale(of_shares(0.1, None, None, None)).dropped == (
        ("weekend_share", "unknown"),
    )
    assert fit_habit_scale(of_shares(0.3, 0.3)).dropped == (("weekend_share", "constant"),)


def test_without_customers_every_habit_is_unknown_or_constant():
    assert fit_habit_scale(of_shares()).features == ()
