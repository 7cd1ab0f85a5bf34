"""The `segment_migration` table: who moved from which segment to which."""

from __future__ import annotations

import polars as pl

from regulars.transforms.money import hundredths, money


def segment_migration(rfm: pl.DataFrame) -> pl.DataFrame:
    """The moves of the customers of the `rfm` table.

    Grain: one row a pair of previous_segment and segment that has customers. customers_share is
    of the customers of previous_segment (0 to 1); spend is theirs as of the day.
    """
    customers_n = pl.col("customers_n")
    return (
        rfm.select("previous_segment", "segment", hundredths(rfm["spend"]).cast(pl.Int128))
        .lazy()
        .group_by("previous_segment", "segment")
        .agg(customers_n=pl.len().cast(pl.Int64), spend=money(pl.col("spend").sum()))
        .with_columns(
            customers_share=customers_n / customers_n.sum().over("previous_segment"),
        )
        .sort("previous_segment", "segment")
        .collect()
    )
