"""The `segments` table: how many customers are in each segment, and what they are worth."""

from __future__ import annotations

import polars as pl

from regulars.transforms.money import hundredths, money
from regulars.transforms.segments import NO_PURCHASE, SegmentRules


def segments(rfm: pl.DataFrame, *, rules: SegmentRules) -> pl.DataFrame:
    """The segments of the customers of the `rfm` table.

    Grain: one row a segment of `rules` and one for no_purchase, those without customers included.
    Shares are of all customers in `rfm` and of their spend: null when there is none to share
    (no customer; a spend that is not positive). Means are null without customers, recency's also
    where nobody has an order of positive net. previous_customers_n counts the customers who were
    in the segment on the compare day; those not seen by then are in none.
    """
    population = rfm.with_columns(hundredths(rfm["spend"]).cast(pl.Int128))
    counted = (
        population.lazy()
        .group_by("segment")
        .agg(
            pl.col("spend", "orders_n").sum(),
            customers_n=pl.len().cast(pl.Int64),
            recency_days_mean=_mean(pl.col("recency_days").cast(pl.Int64).sum(), pl.len()),
        )
    )
    previous = (
        population.lazy()
        .group_by(segment="previous_segment")
        .agg(previous_customers_n=pl.len().cast(pl.Int64))
    )
    customers_n, spend = pl.col("customers_n"), pl.col("spend")
    return (
        pl.LazyFrame({"segment": [*rules.codes, NO_PURCHASE]})
        .join(counted, on="segment", how="left", maintain_order="left")
        .join(previous, on="segment", how="left", maintain_order="left")
        .with_columns(
            pl.col("customers_n", "spend", "orders_n", "previous_customers_n").fill_null(0),
            recency_days_mean=pl.when(pl.col("segment") != NO_PURCHASE).then("recency_days_mean"),
        )
        .with_columns(
            customers_share=_mean(customers_n, customers_n.sum()),
            spend_share=_mean(spend, spend.sum()),
            orders_mean=_mean(pl.col("orders_n"), customers_n),
            spend_mean=_mean(spend, customers_n * 100),
            spend=money(spend),
        )
        .collect()
    )


def _mean(total: pl.Expr, count: pl.Expr) -> pl.Expr:
    """Null where there is nothing to divide by."""
    return pl.when(count > 0).then(total.cast(pl.Float64) / count.cast(pl.Float64))
