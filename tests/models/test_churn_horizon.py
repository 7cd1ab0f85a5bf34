"""The horizon a population's gaps recommend."""

from __future__ import annotations

import numpy as np
import polars as pl

from regulars.models.churn_horizon import (
    COVERED_SHARE,
    LEAST_CUSTOMERS_N,
    recommended_horizon,
    recommended_horizons,
)


def gaps(*rows: tuple[int, int, int]) -> pl.DataFrame:
    """(customer, gap in days, how many of them)."""
    return pl.DataFrame(
        [(who, days) for who, days, times in rows for _ in range(times)],
        schema={"customer_id": pl.UInt64, "gap_days": pl.Int32},
        orient="row",
    )


def test_nine_of_ten_customers_gaps_end_within_it_in_whole_weeks() -> None:
    assert recommended_horizon(gaps(*((n, 10 * n, 12) for n in range(1, 11)))) == 91


def test_who_comes_daily_weighs_no_more_than_who_comes_monthly() -> None:
    assert recommended_horizon(gaps((1, 1, 1000), (2, 30, 2), (3, 30, 2))) == 35


def test_the_order_of_gaps_does_not_matter() -> None:
    mixed = gaps(*((n, 3 * n + 1, n) for n in range(1, 20)))
    assert recommended_horizon(mixed) == recommended_horizon(mixed.reverse())


def of_category(name: str, customers_n: int, days: int, gaps_n: int) -> pl.DataFrame:
    """Gaps of so many days, dealt out to so many customers in turn."""
    rows = [(n % customers_n, days, 1) for n in range(gaps_n)]
    return gaps(*rows).with_columns(category=pl.lit(name))


def test_each_category_has_its_own_and_none_with_few_gaps() -> None:
    of_two = pl.concat([of_category("milk", 100, 4, 100), of_category("paint", 99, 60, 99)])
    assert recommended_horizons(of_two).rows() == [("milk", 100, 100, 7), ("paint", 99, 99, None)]


def test_a_category_of_few_customers_has_none_however_often_they_buy_it() -> None:
    of_two = pl.concat([of_category("coffee", 99, 8, 5_000), of_category("tea", 100, 8, 5_000)])
    assert recommended_horizons(of_two).rows() == [
        ("coffee", 5_000, 99, None),
        ("tea", 5_000, 100, 14),
    ]


def test_of_a_hundred_customers_the_nine_of_ten_is_told_give_or_take_six_in_a_hundred() -> None:
    """The reason of the minimum: how far a drawn share strays from the planted one."""
    dice = np.random.default_rng(1)
    strayed = np.abs(dice.binomial(LEAST_CUSTOMERS_N, COVERED_SHARE, 10_000) / 100 - COVERED_SHARE)
    assert 0.93 <= (strayed <= 0.0601).mean() <= 0.98
