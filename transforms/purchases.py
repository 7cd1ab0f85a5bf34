"""What each customer bought, how often and how lately, as of a day."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from regulars.transforms.gaps import gaps
from regulars.transforms.money import hundredths, money
from regulars.transforms.order_nets import IS_PURCHASE, refuse_later

WINDOWS_DAYS = (30, 90, 365)
"""A month, a quarter and a year: the windows marketing plans in."""


def measures(order_nets: pl.DataFrame, *, as_of: date) -> pl.DataFrame:
    """Recency, frequency and monetary alone: what scores need, in a third of the time.

    Grain: one row a customer with a row in `order_nets`. Columns: customer_id, first_ordered_on,
    last_ordered_on, recency_days, tenure_days, orders_n, order_spend_mean, spend, as in
    `purchases`.

    Raises:
        ValueError: a row is later than `as_of`.
    """
    return _totals(order_nets, windows_days=(), as_of=as_of)


def purchases(order_nets: pl.DataFrame, *, as_of: date) -> pl.DataFrame:
    """The purchases of each customer, up to and with `as_of`.

    Grain: one row a customer with a row in `order_nets`. Orders, days and gaps are those of
    orders of positive net; `spend` is the sum of every net. A window of N days is
    (as_of - N, as_of]; its orders are those of positive net, its spend the sum of every net in
    it, orphan returns included on their own day, so that a window that holds all rows has the
    customer's spend.

    Columns: those of `measures`; orders_Nd_n and spend_Nd for N of 30, 90, 365; purchase_days_n;
    gaps_n and gaps_days_sum, the number and sum of the days between consecutive purchase days;
    last_gap_days. Without an order of positive net the dates, days and means are null and the
    counts 0; last_gap_days is null with fewer than two purchase days.

    Raises:
        ValueError: a row is later than `as_of`.
    """
    own_gaps = (
        gaps(order_nets)
        .lazy()
        .group_by("customer_id")
        .agg(gaps_n=pl.len().cast(pl.Int64), last_gap_days=pl.col("gap_days").last())
    )
    purchased = pl.col("orders_n") > 0
    return (
        _totals(order_nets, windows_days=WINDOWS_DAYS, as_of=as_of)
        .lazy()
        .join(own_gaps, on="customer_id", how="left")
        .with_columns(pl.col("gaps_n").fill_null(0))
        .with_columns(
            purchase_days_n=pl.when(purchased).then(pl.col("gaps_n") + 1).otherwise(0),
            # The gaps of consecutive days sum to the days from the first to the last.
            gaps_days_sum=(pl.col("last_ordered_on") - pl.col("first_ordered_on"))
            .dt.total_days()
            .fill_null(0),
        )
        .collect()
    )


def _totals(
    order_nets: pl.DataFrame, *, windows_days: tuple[int, ...], as_of: date
) -> pl.DataFrame:
    refuse_later(order_nets, as_of=as_of)
    inside = {n: pl.col("ordered_on") > as_of - timedelta(days=n) for n in windows_days}
    window_orders = [
        (pl.col("is_purchase") & inside[n]).alias(f"orders_{n}d_n") for n in windows_days
    ]
    window_spends = [
        pl.when(inside[n]).then("spend").otherwise(0).alias(f"spend_{n}d") for n in windows_days
    ]
    counts = ["orders_n", *(f"orders_{n}d_n" for n in windows_days)]
    amounts = ["spend", *(f"spend_{n}d" for n in windows_days)]
    return (
        order_nets.select(
            "customer_id",
            "ordered_on",
            hundredths(order_nets["net"]).alias("spend"),
            is_purchase=IS_PURCHASE,
        )
        .lazy()
        .select(
            "customer_id",
            "spend",
            *window_orders,
            *window_spends,
            orders_n=pl.col("is_purchase"),
            purchased_on=pl.when("is_purchase").then("ordered_on"),
            order_spend=pl.when("is_purchase").then("spend").otherwise(0),
        )
        .group_by("customer_id")
        .agg(
            pl.col(counts).sum().cast(pl.Int64),
            pl.col(*amounts, "order_spend").sum(),
            first_ordered_on=pl.col("purchased_on").min(),
            last_ordered_on=pl.col("purchased_on").max(),
        )
        .select(
            "customer_id",
            "first_ordered_on",
            "last_ordered_on",
            *counts,
            *(money(pl.col(name)).alias(name) for name in amounts),
            recency_days=_days_until(as_of, "last_ordered_on"),
            tenure_days=_days_until(as_of, "first_ordered_on"),
            order_spend_mean=pl.when(pl.col("orders_n") > 0).then(
                pl.col("order_spend").cast(pl.Float64) / (pl.col("orders_n") * 100)
            ),
        )
        .collect()
    )


def _days_until(as_of: date, column: str) -> pl.Expr:
    return (pl.lit(as_of) - pl.col(column)).dt.total_days().cast(pl.Int32)
