"""The nets of an earlier day, from orders and returns that were handed over as of a later one."""

from __future__ import annotations

from datetime import date

import polars as pl

from regulars.transforms.money import MONEY
from regulars.transforms.order_nets import ORDER_NETS


def earlier_nets(orders: pl.DataFrame, returns: pl.DataFrame, *, as_of: date) -> pl.DataFrame:
    """What ``order_nets`` was as of the day: orders up to it, less the returns known on it.

    ``orders`` has a row an order: order_n, customer_id, ordered_on, gross (Decimal, currency).
    ``returns`` has a row a return: order_n of its sale (null for an orphan), customer_id,
    returned_on, amount (negative). Both may reach beyond ``as_of``: what lies later is left out.

    Grain and columns: ``order_nets``. A return that came before its sale is an orphan until the
    sale is there; where the two bear different customers, it is the sale's all the same.
    """
    sold = orders.lazy().filter(pl.col("ordered_on") <= as_of)
    known = (
        returns.lazy()
        .filter(pl.col("returned_on") <= as_of)
        .join(sold.select("order_n", is_linked=True), on="order_n", how="left")
    )
    linked = (
        known.filter(pl.col("is_linked")).group_by("order_n").agg(returned=pl.col("amount").sum())
    )
    netted = sold.join(linked, on="order_n", how="left").select(
        "customer_id",
        "ordered_on",
        net=(pl.col("gross") + pl.col("returned").fill_null(0)).cast(MONEY),
        is_order=pl.lit(value=True),
    )
    orphans = (
        known.filter(pl.col("is_linked").is_null())
        .group_by("customer_id", ordered_on=pl.col("returned_on"))
        .agg(net=pl.col("amount").sum().cast(MONEY))
        .select("customer_id", "ordered_on", "net", is_order=pl.lit(value=False))
    )
    return pl.concat([netted, orphans]).select(ORDER_NETS.names()).collect()
