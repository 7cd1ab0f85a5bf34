"""The purchase days of each customer as of a day: what churn features are counted from."""

from __future__ import annotations

from datetime import date

import polars as pl

from regulars.transforms.money import MONEY

_LATE_HOUR = 18


def purchase_days(orders: pl.DataFrame, returns: pl.DataFrame, *, as_of: date) -> pl.LazyFrame:
    """One row a customer and day with an order of positive net as known at `as_of`.

    `orders` and `returns` are those of the hand-over and may reach beyond `as_of`: what lies later
    is left out. Only the orders of positive net are counted.

    Columns: customer_id; age_days Int64, days before `as_of`; weekday Int64, Monday 1; gap_days
    Int64, days since the customer's purchase day before, null for the first; orders_n, lines_n,
    net, gross, discount, coupon_lines_n, late_n (orders from 18:00 on), Int64, money in
    hundredths; is_discount_known, whether the export has discounts; store_id and channel, of the
    order of the day that comes first by name (a day with two is rare, and either is true).

    Sorted by customer and day. All sums are of whole numbers, so that no order of rows shows.
    """
    sold = orders.lazy().filter(pl.col("ordered_on") <= as_of)
    returned = (
        returns.lazy()
        .filter(pl.col("returned_on") <= as_of, pl.col("order_n").is_not_null())
        .group_by("order_n")
        .agg(returned=in_hundredths("amount").sum())
    )
    return (
        sold.join(returned, on="order_n", how="left")
        .with_columns(gross=in_hundredths("gross"), discount=in_hundredths("discount"))
        .with_columns(net=pl.col("gross") + pl.col("returned").fill_null(0))
        .filter(pl.col("net") > 0)
        .group_by("customer_id", "ordered_on")
        .agg(
            pl.len().cast(pl.Int64).alias("orders_n"),
            pl.col("lines_n", "net", "gross", "coupon_lines_n").cast(pl.Int64).sum(),
            pl.col("discount").sum(),
            (pl.col("ordered_at").dt.hour() >= _LATE_HOUR).cast(pl.Int64).sum().alias("late_n"),
            is_discount_known=pl.col("discount").is_not_null().any(),
            store_id=pl.col("store_id").min(),
            channel=pl.col("channel").min(),
        )
        .sort("customer_id", "ordered_on")
        .with_columns(
            age_days=(pl.lit(as_of) - pl.col("ordered_on")).dt.total_days(),
            weekday=pl.col("ordered_on").dt.weekday().cast(pl.Int64),
            gap_days=pl.when(pl.col("customer_id") == pl.col("customer_id").shift(1)).then(
                pl.col("ordered_on").diff().dt.total_days()
            ),
        )
        .drop("ordered_on")
    )


def in_hundredths(amount: str) -> pl.Expr:
    """Money of two places as whole hundredths, Int64."""
    return pl.col(amount).cast(MONEY).reinterpret(dtype=pl.Int128).cast(pl.Int64)
