"""How complaints and calls are handled: how soon, how many in time, what waits, and where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from regulars.reports.estimates import Estimate, less
from regulars.reports.facts import RunFacts
from regulars.reports.feedback_counts import is_few, marked_n, share_marked, voices_n
from regulars.reports.feedback_span import Span
from regulars.reports.subjects import SEPARATOR

TARGETS = ("response", "resolution")
OLDEST_N = 10
SLOWEST_N = 5
PLACES = {"store": "store_id", "staff": "staff_id", "category": "categories"}


@dataclass(frozen=True)
class Pace:
    """Answers, or settlements: hours of those there are, and the share within the target.

    Figures of fewer pieces than the small cell's limit are None. ``change`` is of the share in
    time, against the weeks before.
    """

    target: str
    hours_median: float | None
    hours_p90: float | None
    in_target: Estimate | None
    change: Estimate | None


@dataclass(frozen=True)
class Waiting:
    """A piece that is open: its number, its age, and whether it is overdue."""

    feedback_id: str
    submitted_on: date
    waited_days: int
    store_id: str | None
    category: str | None
    is_answered: bool
    is_overdue: bool


@dataclass(frozen=True)
class Handler:
    """Complaints and calls of one store, person or category; none is small."""

    place: str
    pieces_n: int
    response_hours_median: float | None
    resolution_hours_median: float | None
    in_resolution_target: Estimate | None
    open_n: int
    overdue_n: int
    repeat_n: int


@dataclass(frozen=True)
class Handling:
    """``pieces_n`` of the span is None where it is small: then ``paces`` is empty.

    ``open_n`` and ``overdue_n`` are of all days, None where small; ``slowest`` has for store, staff
    and category the slowest first, of those that are not small. ``is_any``: of whatever day.
    """

    span: Span
    pieces_n: int | None
    before_n: int | None
    repeat_share: Estimate | None
    paces: tuple[Pace, ...]
    open_n: int | None
    overdue_n: int | None
    oldest: tuple[Waiting, ...]
    slowest: Mapping[str, tuple[Handler, ...]]
    is_any: bool


def handling(pieces: pl.DataFrame, span: Span, facts: RunFacts) -> Handling:
    """``pieces`` are those of the table feedback_items, of any day up to the as-of day."""
    asked = pieces.filter(pl.col("is_open").is_not_null())
    now, before = span.of(asked), span.before.of(asked)
    small_below = facts.small_below
    is_small, was_small = (voices_n(frame) < small_below for frame in (now, before))
    still_open = asked.filter("is_open")
    overdue = asked.filter("is_overdue")
    return Handling(
        span=span,
        pieces_n=None if is_small else now.height,
        before_n=None if was_small else before.height,
        repeat_share=None if is_small else share_marked(now["is_repeat"], small_below),
        paces=() if is_small else tuple(_pace(of, now, before, small_below) for of in TARGETS),
        open_n=_unless_small(still_open, small_below),
        overdue_n=_unless_small(overdue, small_below),
        oldest=_oldest(still_open, facts.as_of),
        slowest={place: _slowest(now, place, small_below) for place in PLACES},
        is_any=not asked.is_empty(),
    )


def _unless_small(pieces: pl.DataFrame, small_below: int) -> int | None:
    return None if is_few(pieces, small_below) else pieces.height


def _pace(target: str, now: pl.DataFrame, before: pl.DataFrame, small_below: int) -> Pace:
    hours = now[f"{target}_hours"].drop_nulls()
    is_told = hours.len() >= small_below
    in_target, was_in_target = (
        share_marked(frame[f"is_in_{target}_target"], small_below) for frame in (now, before)
    )
    return Pace(
        target,
        hours.quantile(0.5, "linear") if is_told else None,
        hours.quantile(0.9, "linear") if is_told else None,
        in_target,
        less(in_target, was_in_target),
    )


def _oldest(still_open: pl.DataFrame, as_of: date) -> tuple[Waiting, ...]:
    return tuple(
        Waiting(
            feedback_id=row["feedback_id"],
            submitted_on=row["submitted_on"],
            waited_days=(as_of - row["submitted_on"]).days,
            store_id=row["store_id"],
            category=row["main_category"],
            is_answered=row["responded_at"] is not None,
            is_overdue=row["is_overdue"],
        )
        for row in still_open.sort("submitted_at", "feedback_id")
        .head(OLDEST_N)
        .iter_rows(named=True)
    )


def _slowest(now: pl.DataFrame, place: str, small_below: int) -> tuple[Handler, ...]:
    """By the share settled in time, the lowest first; then by the median until the settlement."""
    column = PLACES[place]
    told = now.with_columns(
        place=pl.col(column).str.split(SEPARATOR) if place == "category" else pl.concat_list(column)
    ).explode("place")
    found = (
        _handler(of, small_below)
        for of in told.filter(pl.col("place").is_not_null() & (pl.col("place") != ""))
        .sort("place", "feedback_id")
        .partition_by("place")
        if voices_n(of) >= small_below
    )
    return tuple(sorted(found, key=_slowness))[:SLOWEST_N]


def _handler(pieces: pl.DataFrame, small_below: int) -> Handler:
    def median(column: str) -> float | None:
        hours = pieces[column].drop_nulls()
        return hours.quantile(0.5, "linear") if hours.len() >= small_below else None

    return Handler(
        place=pieces["place"][0],
        pieces_n=pieces.height,
        response_hours_median=median("response_hours"),
        resolution_hours_median=median("resolution_hours"),
        in_resolution_target=share_marked(pieces["is_in_resolution_target"], small_below),
        open_n=marked_n(pieces["is_open"]),
        overdue_n=marked_n(pieces["is_overdue"]),
        repeat_n=marked_n(pieces["is_repeat"]),
    )


def _slowness(handler: Handler) -> tuple[Sequence[float], str]:
    in_target, hours = handler.in_resolution_target, handler.resolution_hours_median
    return ((in_target.value if in_target else 2.0, -(hours or 0.0)), handler.place)
