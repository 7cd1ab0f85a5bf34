"""How long to wait before a customer's absence means anything."""

from __future__ import annotations

from math import ceil

import polars as pl

COVERED_SHARE = 0.9
LEAST_GAPS_N = 100
LEAST_CUSTOMERS_N = 100
"""Of a category, with a gap in it. As customers weigh the same, they are what the share is drawn
from: of 100 of them, what is told as nine of ten may in truth be 84 to 96 in a hundred (two
standard errors of 0.03); of fewer it is a guess."""
_WEEK_DAYS = 7
_LEAST_DAYS, _MOST_DAYS = 7, 365


def recommended_horizon(gaps: pl.DataFrame) -> int | None:
    """The horizon in days that nine of ten gaps end within, in whole weeks; null below 100 gaps.

    `gaps` has a row a pair of consecutive purchase days: customer_id, gap_days. Each customer
    weighs the same however many gaps they have, else the few who come daily would set a horizon
    within which most customers look lost. A shorter horizon calls pauses losses; a longer one
    learns of a loss when it is too late. Gaps that have not ended yet are not counted, which makes
    the answer a little short where many have left. At least a week, at most a year.

    >>> weekly = pl.DataFrame({"customer_id": [1] * 150, "gap_days": [7] * 140 + [30] * 10})
    >>> recommended_horizon(weekly)
    7
    >>> recommended_horizon(weekly.head(99)) is None
    True
    """
    if gaps.height < LEAST_GAPS_N:
        return None
    by_length = (
        gaps.with_columns(weight=1 / pl.len().over("customer_id"))
        .group_by("gap_days")
        .agg(weight=pl.col("weight").sort().sum())
        .sort("gap_days")
        .with_columns(share=pl.col("weight").cum_sum() / pl.col("weight").sum())
    )
    days: int = by_length.filter(pl.col("share") >= COVERED_SHARE - 1e-9)["gap_days"][0]
    return min(_MOST_DAYS, max(_LEAST_DAYS, ceil(days / _WEEK_DAYS) * _WEEK_DAYS))


def recommended_horizons(category_gaps: pl.DataFrame) -> pl.DataFrame:
    """category, gaps_n, customers_n, horizon_days: `recommended_horizon` of a category's own gaps.

    Grain: one row a category, by name; `category_gaps` has a row a customer, category and pair of
    consecutive days: category, customer_id, gap_days. horizon_days is null below 100 gaps and
    below 100 customers who have any.
    """
    parts = category_gaps.sort("category").partition_by("category", maintain_order=True)
    rows = [(part["category"][0], part.height, part["customer_id"].n_unique()) for part in parts]
    return pl.DataFrame(
        [
            (*row, recommended_horizon(part) if row[2] >= LEAST_CUSTOMERS_N else None)
            for row, part in zip(rows, parts, strict=True)
        ],
        schema={
            "category": pl.String,
            "gaps_n": pl.Int64,
            "customers_n": pl.Int64,
            "horizon_days": pl.Int32,
        },
        orient="row",
    )
