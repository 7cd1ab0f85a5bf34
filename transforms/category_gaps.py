"""The days between a customer's consecutive purchases of one category."""

from __future__ import annotations

from datetime import date

import polars as pl


def category_gaps(categories: pl.DataFrame, *, as_of: date) -> pl.DataFrame:
    """category, customer_id, gap_days (Int64, at least 1), sorted by category, customer and time.

    Grain: one row a pair of consecutive days on which the customer bought the category, up to
    `as_of`. `categories` is the hand-over's frame of customer, category and day; rows without a
    category are left out. What was returned later counts: that it was bought shows the rhythm.
    """
    day = pl.col("ordered_on")
    return (
        categories.lazy()
        .filter(day <= as_of, pl.col("category").is_not_null())
        .select("category", "customer_id", "ordered_on")
        .unique()
        .sort("category", "customer_id", "ordered_on")
        .select(
            "category",
            "customer_id",
            gap_days=day.diff().over("category", "customer_id").dt.total_days(),
        )
        .filter(pl.col("gap_days").is_not_null())
        .collect()
    )
