"""Where each customer stands against their own rhythm, and when they began."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Protocol

import polars as pl

ACTIVE_UP_TO = Fraction(3, 2)
SLOWING_UP_TO = Fraction(5, 2)
LAPSING_UP_TO = Fraction(4)
REACTIVATING_GAP = Fraction(4)
"""A last gap of more than four usual gaps: the customer had lapsed by the same limit."""

STAGES = ("reactivated", "new", "active", "slowing", "lapsing", "lapsed")
BEFORE_DATA = "before_data"


class Rhythm(Protocol):
    """What is known of the population's gaps: `regulars.models.rhythm.Rhythm` is one."""

    @property
    def median_gap_halves(self) -> int | None: ...

    @property
    def prior_gaps_n(self) -> int: ...


def lifecycle(
    purchases: pl.DataFrame,
    members: pl.DataFrame,
    *,
    rhythm: Rhythm,
    chain_first_on: date,
    warm_up_days: int,
) -> pl.DataFrame:
    """The stage and the beginning of each customer.

    Grain: one row a customer of `purchases`. Of `members`, `joined_on` is read.

    Columns: customer_id; usual_gap_days = (k g + sum of own gaps) / (k + number of own gaps)
    with g the population's median gap and k its weight; gap_ratio = recency_days /
    usual_gap_days; lifecycle, the first that holds of reactivated (last gap > 4 usual gaps and
    ratio <= 1.5), new (one order, ratio <= 1.5, not left truncated), active (ratio <= 1.5),
    slowing (<= 2.5), lapsing (<= 4), lapsed; is_left_truncated, whether the first order is at
    most `warm_up_days` after the chain's first line and no earlier `joined_on` is known; cohort,
    the month YYYY-MM of the first order or, for a first order in the warm-up, of the earlier
    `joined_on`, or before_data when that is not known.

    Nulls: all of them for a customer without an order of positive net; usual_gap_days, gap_ratio
    and lifecycle for all when the population has no gap.
    """
    gap_halves, usual_weight = _usual_gap(rhythm)
    first_on = pl.col("first_ordered_on")
    has_purchase = pl.col("orders_n") > 0
    in_warm_up = first_on <= chain_first_on + timedelta(days=warm_up_days)
    joined_earlier = (pl.col("joined_on") < first_on).fill_null(value=False)
    return (
        purchases.lazy()
        .join(members.lazy().select("customer_id", "joined_on"), on="customer_id", how="left")
        .with_columns(
            is_left_truncated=pl.when(has_purchase).then(in_warm_up & ~joined_earlier),
            began_on=pl.when(in_warm_up & joined_earlier).then("joined_on").otherwise(first_on),
            gap_halves=pl.when(has_purchase).then(gap_halves),
            usual_weight=usual_weight,
        )
        .select(
            "customer_id",
            "is_left_truncated",
            usual_gap_days=pl.col("gap_halves") / pl.col("usual_weight"),
            gap_ratio=pl.col("recency_days") * pl.col("usual_weight") / pl.col("gap_halves"),
            lifecycle=_stage(),
            cohort=pl.when("is_left_truncated")
            .then(pl.lit(BEFORE_DATA))
            .otherwise(pl.col("began_on").dt.strftime("%Y-%m")),
        )
        .collect()
    )


def _usual_gap(rhythm: Rhythm) -> tuple[pl.Expr, pl.Expr]:
    """The usual gap as a fraction of whole numbers, so that a ratio exactly at a limit is at it."""
    k = rhythm.prior_gaps_n
    halves = None if rhythm.median_gap_halves is None else k * rhythm.median_gap_halves
    return (
        pl.lit(halves, dtype=pl.Int64) + 2 * pl.col("gaps_days_sum"),
        2 * (k + pl.col("gaps_n")),
    )


def _stage() -> pl.Expr:
    recency = pl.col("recency_days").cast(pl.Int64)
    is_active = _is_within(recency, ACTIVE_UP_TO)
    was_away = ~_is_within(pl.col("last_gap_days").cast(pl.Int64), REACTIVATING_GAP)
    is_new = (pl.col("orders_n") == 1) & ~pl.col("is_left_truncated")
    return (
        pl.when(recency.is_null() | pl.col("gap_halves").is_null())
        .then(None)
        .when(was_away & is_active)
        .then(pl.lit("reactivated"))
        .when(is_new & is_active)
        .then(pl.lit("new"))
        .when(is_active)
        .then(pl.lit("active"))
        .when(_is_within(recency, SLOWING_UP_TO))
        .then(pl.lit("slowing"))
        .when(_is_within(recency, LAPSING_UP_TO))
        .then(pl.lit("lapsing"))
        .otherwise(pl.lit("lapsed"))
    )


def _is_within(days: pl.Expr, usual_gaps: Fraction) -> pl.Expr:
    """Whether the days are at most so many usual gaps, compared in whole numbers."""
    return (
        days * pl.col("usual_weight") * usual_gaps.denominator
        <= pl.col("gap_halves") * usual_gaps.numerator
    )
