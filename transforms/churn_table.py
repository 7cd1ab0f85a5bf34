"""The churn table: each customer's risk, its band, its reasons and what stands to be lost."""

from __future__ import annotations

import polars as pl

from regulars.transforms.money import MONEY

BANDS = ("low", "watch", "high", "very_high")
BAND_EDGES = (0.2, 0.5, 0.8)
"""More likely gone than not from one half on; at four fifths the next visit would be a surprise; at
one fifth the customer is as sure as a shop can be of anyone."""

_UNSCORED = "no_purchase"
_REASONS = {
    column: kind
    for n in (1, 2, 3)
    for column, kind in (
        (f"reason_{n}", pl.String),
        (f"reason_{n}_value", pl.Float64),
        (f"reason_{n}_against", pl.Float64),
    )
}


def churn_table(
    everyone: pl.DataFrame,
    risks: pl.DataFrame | None,
    reasons: pl.DataFrame | None,
    expected_spend: pl.DataFrame | None,
    *,
    horizon_days: int,
    unscored_reason: str | None = None,
) -> pl.DataFrame:
    """One row a customer of `everyone` (customer_id, usual_gap_days, recency_days), sorted.

    `risks` has customer_id and churn_risk; `reasons` has reason_1 to reason_3 with their figures
    reason_N_value and reason_N_against; `expected_spend` has customer_id and expected_spend_12m
    (Decimal). Null frames leave their columns null, and `unscored_reason` says why there is no
    model.

    Columns: customer_id, horizon_days, churn_risk (0 to 1), risk_band (low below 0.2, watch below
    0.5, high below 0.8, else very_high), value_at_risk (Decimal: risk times expected spend of the
    next 12 months, rounded to hundredths, half to even), recency_days, usual_gap_days,
    reason_1 to reason_3 with their figures, unscored_reason (null when scored; no_purchase without
    an order of positive net).
    """
    scored = everyone.lazy().select("customer_id", "recency_days", "usual_gap_days")
    for frame, columns in (
        (risks, {"churn_risk": pl.Float64}),
        (reasons, _REASONS),
        (expected_spend, {"expected_spend_12m": MONEY}),
    ):
        scored = (
            scored.with_columns(pl.lit(None, dtype).alias(name) for name, dtype in columns.items())
            if frame is None
            else scored.join(frame.lazy().select("customer_id", *columns), "customer_id", "left")
        )
    risk = pl.col("churn_risk")
    why = (
        pl.when(pl.col("recency_days").is_null())
        .then(pl.lit(_UNSCORED))
        .otherwise(pl.lit(unscored_reason, pl.String))
    )
    return (
        scored.with_columns(
            horizon_days=pl.lit(horizon_days, pl.Int32),
            risk_band=pl.when(risk < BAND_EDGES[0])
            .then(pl.lit(BANDS[0]))
            .when(risk < BAND_EDGES[1])
            .then(pl.lit(BANDS[1]))
            .when(risk < BAND_EDGES[2])
            .then(pl.lit(BANDS[2]))
            .when(risk.is_not_null())
            .then(pl.lit(BANDS[3])),
            value_at_risk=(risk * pl.col("expected_spend_12m").cast(pl.Float64))
            .round(2)
            .cast(MONEY),
            unscored_reason=pl.when(risk.is_null()).then(why),
        )
        .drop("expected_spend_12m")
        .sort("customer_id")
        .collect()
    )
