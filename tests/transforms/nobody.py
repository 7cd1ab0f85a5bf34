"""What models say of customers where there are none."""

from __future__ import annotations

import polars as pl

NO_CLUSTERS = pl.DataFrame(
    schema={"customer_id": pl.UInt64, "cluster": pl.String, "cluster_name": pl.String}
)
NO_VALUE = pl.DataFrame(
    schema={
        "customer_id": pl.UInt64,
        "expected_orders_12m": pl.Float64,
        "expected_spend_12m": pl.Decimal(18, 2),
        "extrapolated_reason": pl.String,
    }
)
NO_CHURN = pl.DataFrame(
    schema={
        "customer_id": pl.UInt64,
        "churn_risk": pl.Float64,
        "risk_band": pl.String,
        "value_at_risk": pl.Decimal(18, 2),
    }
)
