"""Who did not come: what a churn model learns, and what it is held to."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from regulars.transforms.earlier_nets import earlier_nets
from regulars.transforms.order_nets import IS_PURCHASE


def churn_labels(
    orders: pl.DataFrame,
    returns: pl.DataFrame,
    of_customers: pl.DataFrame,
    *,
    snapshot_on: date,
    horizon_days: int,
) -> pl.DataFrame:
    """The customers with `is_gone`: no order in (D, D + H] of positive net as known at D + H.

    Grain: one row a row of `of_customers`, in its order, all columns kept. An order that was taken
    back whole within the horizon is none. Nothing later than D + H is looked at, so that H days
    must have passed for the answer to be the truth; whoever asks earlier takes those who have yet
    to come for gone.
    """
    known_on = snapshot_on + timedelta(days=horizon_days)
    came = (
        earlier_nets(orders, returns, as_of=known_on)
        .lazy()
        .filter(IS_PURCHASE, pl.col("ordered_on") > snapshot_on)
        .select(pl.col("customer_id").unique(), is_gone=pl.lit(value=False))
    )
    return (
        of_customers.lazy()
        .join(came, on="customer_id", how="left", maintain_order="left")
        .with_columns(pl.col("is_gone").fill_null(value=True))
        .collect()
    )
