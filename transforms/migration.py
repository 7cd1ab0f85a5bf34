"""Who moved from which segment, and from which stage, to which; and the money that moved along."""

from __future__ import annotations

import polars as pl

from regulars.transforms.money import MONEY, hundredths, money
from regulars.transforms.segments import NO_PURCHASE, NOT_SEEN

NO_RHYTHM = "no_rhythm"
"""The stage of everybody where no customer has come twice: there is no rhythm to hold them to."""

_AMOUNTS = ("spend", "previous_spend_90d", "spend_90d")


def segment_migration(
    rfm: pl.DataFrame, purchases: pl.DataFrame, previous_purchases: pl.DataFrame
) -> pl.DataFrame:
    """The moves of the customers of the `rfm` table.

    `purchases` and `previous_purchases` are those of the as-of day and of the compare day, each
    with that day's own nets; a customer without a line by the compare day is not in the latter.

    Grain: one row a pair of previous_segment and segment that has customers. customers_share is
    of the customers of previous_segment (0 to 1); spend is theirs as of the day. spend_90d is
    theirs of the 90 days up to the as-of day, previous_spend_90d of those up to the compare day:
    the difference is the money that came or went with the move. The windows overlap where the
    compare day is less than 90 days back.
    """
    moved = rfm.select("customer_id", "previous_segment", "segment", "spend").join(
        _spends(purchases, previous_purchases), on="customer_id", how="left"
    )
    return _moves(moved, "previous_segment", "segment")


def lifecycle_migration(
    lifecycle: pl.DataFrame,
    previous_lifecycle: pl.DataFrame,
    purchases: pl.DataFrame,
    previous_purchases: pl.DataFrame,
) -> pl.DataFrame:
    """Who slowed, lapsed and came back against their own rhythm since the compare day.

    `previous_lifecycle` holds the stages of the compare day, told from that day's own nets and by
    that day's own rhythm of the population.

    Grain: one row a pair of previous_lifecycle and lifecycle that has customers, over those with
    a line up to the as-of day. Beside the stages there are no_purchase (no order of positive net),
    no_rhythm (nobody of the population had come twice) and, before, not_seen (no line by the
    compare day). The other columns are those of `segment_migration`.
    """
    before = _staged(previous_lifecycle, previous_purchases).select(
        "customer_id", previous_lifecycle="lifecycle"
    )
    moved = (
        _staged(lifecycle, purchases)
        .join(purchases.select("customer_id", "spend"), on="customer_id")
        .join(before, on="customer_id", how="left")
        .with_columns(pl.col("previous_lifecycle").fill_null(NOT_SEEN))
        .join(_spends(purchases, previous_purchases), on="customer_id", how="left")
    )
    return _moves(moved, "previous_lifecycle", "lifecycle")


def _staged(lifecycle: pl.DataFrame, purchases: pl.DataFrame) -> pl.DataFrame:
    has_purchase = pl.col("orders_n") > 0
    return (
        purchases.select("customer_id", "orders_n")
        .join(lifecycle.select("customer_id", "lifecycle"), on="customer_id", how="left")
        .select(
            "customer_id",
            lifecycle=pl.when(has_purchase)
            .then(pl.col("lifecycle").fill_null(NO_RHYTHM))
            .otherwise(pl.lit(NO_PURCHASE)),
        )
    )


def _spends(purchases: pl.DataFrame, previous_purchases: pl.DataFrame) -> pl.DataFrame:
    nothing = pl.lit(0, dtype=MONEY)
    return (
        purchases.select("customer_id", "spend_90d")
        .join(
            previous_purchases.select("customer_id", previous_spend_90d="spend_90d"),
            on="customer_id",
            how="left",
        )
        .with_columns(pl.col("previous_spend_90d").fill_null(nothing))
    )


def _moves(moved: pl.DataFrame, previous: str, current: str) -> pl.DataFrame:
    customers_n = pl.col("customers_n")
    whole = [hundredths(moved[name]).cast(pl.Int128) for name in _AMOUNTS]
    return (
        moved.select(previous, current, *whole)
        .lazy()
        .group_by(previous, current)
        .agg(
            customers_n=pl.len().cast(pl.Int64),
            **{name: money(pl.col(name).sum()) for name in _AMOUNTS},
        )
        .with_columns(customers_share=customers_n / customers_n.sum().over(previous))
        .sort(previous, current)
        .collect()
    )
