"""The horizon a population's gaps recommend."""

from __future__ import annotations

import polars as pl

from regulars.models.churn_horizon import recommended_horizon, recommended_horizons


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


def test_each_category_has_its_own_and_none_with_few_gaps() -> None:
    of_two = pl.concat(
        [
            gaps((1, 4, 100)).with_columns(category=pl.lit("milk")),
            gaps((1, 60, 99)).with_columns(category=pl.lit("paint")),
        ]
    )
    assert recommended_horizons(of_two).rows() == [("milk", 100, 7), ("paint", 99, None)]
