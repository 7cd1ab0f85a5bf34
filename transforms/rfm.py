"""The `rfm` table: each customer's scores, segment, and segment on the compare day."""

from __future__ import annotations

import polars as pl

from regulars.transforms.segments import NOT_SEEN, SegmentRules, segmented


def rfm(
    scored: pl.DataFrame, previously_scored: pl.DataFrame, *, rules: SegmentRules
) -> pl.DataFrame:
    """The scored customers as of the day, with segment and previous_segment.

    `scored` and `previously_scored` each hold one row a customer with a line by their day: the
    as-of day, and the compare day before it, each with that day's own nets and cut points.
    previous_segment is not_seen for a customer without a line by the compare day.

    Grain: one row a customer of `scored`. Columns: those of the `rfm` table.
    """
    previous = segmented(previously_scored.select("customer_id", "r_score", "f_score"), rules)
    return (
        segmented(scored, rules)
        .lazy()
        .join(
            previous.lazy().select("customer_id", previous_segment="segment"),
            on="customer_id",
            how="left",
        )
        .select(
            "customer_id",
            "recency_days",
            "orders_n",
            "spend",
            "r_score",
            "f_score",
            "m_score",
            "rfm_score",
            "segment",
            pl.col("previous_segment").fill_null(NOT_SEEN),
            "value_type",
        )
        .collect()
    )
