"""Feedback counted by period, store, channel and one breakdown: the cells of several tables.

Totals stand beside their parts as rows of their own, under codes in brackets that no export is
likely to use: ``(all)`` for every store, every channel or the whole of a breakdown, ``(none)``
where a piece names none. So every sum that a reader could form is there already, and parts can be
summed without their totals: choose one period, one breakdown, and either ``(all)`` or everything
but ``(all)`` of stores and of channels. Two things still do not add up: a piece of two categories
counts in both, and customers of two cells are one customer.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import polars as pl

from regulars.transforms.periods import PERIODS, Period, is_complete, monday, start_of
from regulars.transforms.segments import NO_PURCHASE

ALL, NONE = "(all)", "(none)"
ANONYMOUS = "none"
"""The segment of who is not known."""
BREAKDOWNS = ("all", "segment", "category", "kind", "product", "staff")
NAMED = ("product", "staff")
"""Breakdowns by what there are many of: told over all stores and channels alone."""
CROSSED = ("all", "segment")
"""Breakdowns told of each channel of each store; the others of each store and of each channel,
for in so small cells there is next to nothing."""
WEEKS_N = 53
"""A year of weeks and the same week of the year before; months are told from the first on."""
_START = pl.col("period_start_on")
KEY = ("period", "period_start_on", "store_id", "channel", "breakdown", "value")


def with_segments(handled: pl.DataFrame, segments: pl.DataFrame) -> pl.DataFrame:
    """The pieces with the segment of their customer.

    ``segments`` has customer_id and segment. Who is not in it has bought nothing, so no_purchase;
    a piece of nobody known is of ``none``.
    """
    known = pl.col("customer_id").is_not_null()
    return handled.join(
        segments.select("customer_id", "segment"),
        on="customer_id",
        how="left",
        maintain_order="left",
    ).with_columns(
        segment=pl.when(known)
        .then(pl.col("segment").fill_null(NO_PURCHASE))
        .otherwise(pl.lit(ANONYMOUS))
    )


def cells(
    pieces: pl.DataFrame,
    figures: Sequence[pl.Expr],
    *,
    breakdowns: Sequence[str],
    named_from_n: int,
    as_of: date,
    weeks_n: int = WEEKS_N,
) -> pl.DataFrame:
    """The figures of each cell that has a piece; of products and people, ``named_from_n`` pieces.

    ``pieces`` has a row a piece with ``submitted_on``, the columns counted by, and ``segment``.

    Grain: period, period_start_on, store_id, channel, breakdown, value. Columns: those;
    is_complete; pieces_n; the figures, which must not depend on the order of rows.
    """
    told = pl.col("store_id", "channel", "kind").fill_null(NONE)
    weeks_from = monday(as_of) - timedelta(weeks=weeks_n - 1)
    found = []
    for breakdown in breakdowns:
        counted = _with_value(pieces.lazy().with_columns(told), breakdown)
        for period in PERIODS:
            recent = counted.filter(pl.col("submitted_on") >= weeks_from)
            found += [
                _counted(
                    recent if period == "week" else counted, figures, period, breakdown, apart
                ).filter(pl.col("pieces_n") >= (named_from_n if breakdown in NAMED else 1))
                for apart in _margins(breakdown)
            ]
    whole = pl.concat(pl.collect_all(found)).sort(KEY)
    return whole.with_columns(
        is_complete=pl.when(pl.col("period") == "week")
        .then(is_complete("week", _START, as_of=as_of))
        .otherwise(is_complete("month", _START, as_of=as_of))
    )


def _with_value(pieces: pl.LazyFrame, breakdown: str) -> pl.LazyFrame:
    """The pieces with the ``value`` that the breakdown has for them, those without one left out."""
    if breakdown == "all":
        return pieces.with_columns(value=pl.lit(ALL))
    if breakdown == "category":
        exploded = pieces.with_columns(value="categories").explode("value", empty_as_null=False)
        return exploded.drop_nulls("value")
    column = f"{breakdown}_id" if breakdown in NAMED else breakdown
    return pieces.with_columns(value=column).drop_nulls("value")


def _margins(breakdown: str) -> tuple[tuple[str, ...], ...]:
    """Which of store and channel are told apart."""
    if breakdown in NAMED:
        return ((),)
    whole: tuple[tuple[str, ...], ...] = ((), ("store_id",), ("channel",))
    return (*whole, ("store_id", "channel")) if breakdown in CROSSED else whole


def _counted(
    pieces: pl.LazyFrame,
    figures: Sequence[pl.Expr],
    period: Period,
    breakdown: str,
    apart: tuple[str, ...],
) -> pl.LazyFrame:
    together = [pl.lit(ALL).alias(name) for name in ("store_id", "channel") if name not in apart]
    start = start_of(period, pl.col("submitted_on")).alias("period_start_on")
    return (
        pieces.group_by(start, *apart, "value")
        .agg(*figures, pieces_n=pl.len().cast(pl.Int64))
        .with_columns(*together, period=pl.lit(period), breakdown=pl.lit(breakdown))
        .select(*KEY, "pieces_n", pl.exclude(*KEY, "pieces_n"))
    )
