"""The categories each customer buys, and those they no longer buy, as of a day."""

from __future__ import annotations

from datetime import date

import polars as pl

_MONTH_DAYS = 28
_QUARTER_DAYS = 91
_BEFORE_DAYS = (28, 83)
_USUAL_N = 2
"""Days in the eight weeks before the last four: what was bought once was perhaps tried."""


def breadth(categories: pl.DataFrame, *, as_of: date) -> pl.LazyFrame:
    """One row a customer with a sale line of a known category, in no order.

    Columns: categories_n, ever; categories_28d_n, categories_91d_n, in those windows;
    categories_usual_n, on two days or more in the eight weeks before the last four;
    categories_lost_n, of those the ones not bought in the last four weeks. What was returned
    counts: that it was bought shows the habit.
    """
    age = (pl.lit(as_of) - pl.col("ordered_on")).dt.total_days()
    is_usual = pl.col("before_n") >= _USUAL_N
    return (
        categories.lazy()
        .filter(pl.col("ordered_on") <= as_of, pl.col("category").is_not_null())
        .select("customer_id", "category", age_days=age)
        .group_by("customer_id", "category")
        .agg(
            last_age_days=pl.col("age_days").min(),
            before_n=_n(pl.col("age_days").is_between(*_BEFORE_DAYS)),
        )
        .group_by("customer_id")
        .agg(
            categories_n=pl.len().cast(pl.Int64),
            categories_28d_n=_n(pl.col("last_age_days") < _MONTH_DAYS),
            categories_91d_n=_n(pl.col("last_age_days") < _QUARTER_DAYS),
            categories_usual_n=_n(is_usual),
            categories_lost_n=_n(is_usual & (pl.col("last_age_days") >= _MONTH_DAYS)),
        )
    )


def _n(is_so: pl.Expr) -> pl.Expr:
    return is_so.cast(pl.Int64).sum()
