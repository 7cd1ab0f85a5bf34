"""How often, how long and for how much each customer bought: what value models are fitted to."""

from __future__ import annotations

from datetime import date

import polars as pl

from regulars.transforms.order_nets import IS_PURCHASE, refuse_later


def buying_history(order_nets: pl.DataFrame, *, as_of: date) -> pl.DataFrame:
    """The purchase days of each customer, up to and with `as_of`, as value models count them.

    Grain: one row a customer with an order of positive net. A purchase day is a day with such an
    order; several on one day are one purchase, as in Fader, Hardie and Lee, "Counting Your
    Customers the Easy Way" (2005). What was taken back whole is no purchase, what was taken back
    in part counts with what is left. Orphan returns, and orders whose returns exceed them, lower
    no day: what a day was worth is the sum of its orders of positive net, so it is positive.

    Columns: customer_id UInt64; repeat_days_n Int64, purchase days after the first (x of the
    paper); last_purchase_age_days Int32, days from the first to the last purchase day (t_x), 0
    without a repeat; observed_days Int32, days from the first purchase day to `as_of` (T);
    spend_per_day_mean Float64 in the chain's currency, the mean net of the repeat purchase days,
    null without one. It is a float because the model is one of means. The first day is left out of
    it, as Fader and Hardie do for CDNOW ("The Gamma-Gamma Model of Monetary Value", 2013): it is
    what made the customer one, and differs from what follows.

    Raises:
        ValueError: a row is later than `as_of`.
    """
    refuse_later(order_nets, as_of=as_of)
    return (
        _purchase_days(order_nets)
        .group_by("customer_id")
        .agg(
            repeat_days_n=pl.len().cast(pl.Int64) - 1,
            first_on=pl.col("ordered_on").min(),
            last_on=pl.col("ordered_on").max(),
            # The sum of all days less that of the first, in hundredths: exact, whatever the order.
            repeat_net=pl.col("net").sum() - pl.col("net").min_by("ordered_on"),
        )
        .select(
            "customer_id",
            "repeat_days_n",
            last_purchase_age_days=_days(pl.col("last_on") - pl.col("first_on")),
            observed_days=_days(pl.lit(as_of) - pl.col("first_on")),
            spend_per_day_mean=pl.when(pl.col("repeat_days_n") > 0).then(
                pl.col("repeat_net").cast(pl.Float64) / (pl.col("repeat_days_n") * 100)
            ),
        )
        .collect()
    )


def bought_since(order_nets: pl.DataFrame, *, since: date, as_of: date) -> pl.DataFrame:
    """What each customer bought after `since`, up to and with `as_of`: what a forecast is held to.

    Grain: one row a customer with an order of positive net in (since, as_of]. Columns: customer_id
    UInt64; purchase_days_n Int64; spend_hundredths Int128, the sum of those orders' nets. Days
    and nets are those of `buying_history`.

    Raises:
        ValueError: a row is later than `as_of`.
    """
    refuse_later(order_nets, as_of=as_of)
    return (
        _purchase_days(order_nets.filter(pl.col("ordered_on") > since))
        .group_by("customer_id")
        .agg(purchase_days_n=pl.len().cast(pl.Int64), spend_hundredths=pl.col("net").sum())
        .collect()
    )


def _purchase_days(order_nets: pl.DataFrame) -> pl.LazyFrame:
    """Grain: customer and purchase day; `net` in hundredths."""
    return (
        order_nets.lazy()
        .filter(IS_PURCHASE)
        .group_by("customer_id", "ordered_on")
        .agg(pl.col("net").reinterpret(dtype=pl.Int128).sum())
    )


def _days(span: pl.Expr) -> pl.Expr:
    return span.dt.total_days().cast(pl.Int32)
