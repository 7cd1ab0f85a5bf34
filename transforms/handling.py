"""How each piece of feedback was handled: how soon it was answered and settled, what is open."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

import polars as pl

ANSWERED_KINDS = ("complaint", "call")
"""The kinds that somebody has to answer, unless settings say otherwise."""
RESPONSE_TARGET_HOURS = 24
RESOLUTION_TARGET_HOURS = 72
REPEAT_DAYS = 30
_HOURS_PER_US = 1 / 3_600_000_000
_AT_ONCE = timedelta(0)
_HOUR_PLACES = 4  # a third of a second


def refuse_later_pieces(pieces: pl.DataFrame, *, as_of: date) -> None:
    """Refuse pieces after the as-of day: leaving them out would hide a wrong hand-over.

    Raises:
        ValueError: a piece is later than `as_of`.
    """
    last = pieces["submitted_on"].max()
    if isinstance(last, date) and last > as_of:
        raise ValueError(f"feedback as of {as_of} holds a piece of {last}")


def complained() -> pl.Expr:
    """Whether a handled piece blames; false for the kinds that nobody has to answer.

    A complaint does unless it sounds content; another kind, such as a call, where it sounds
    discontent: who calls to praise or to ask is owed an answer and has not complained.
    """
    is_asked = pl.col("is_open").is_not_null()
    is_named_so = (pl.col("kind") == "complaint").fill_null(value=False)
    blames = (
        pl.when(is_named_so)
        .then(pl.col("sentiment").ne_missing("positive"))
        .otherwise(pl.col("sentiment").eq_missing("negative"))
    )
    return is_asked & blames


def handled(
    told: pl.DataFrame,
    *,
    as_of: date,
    day_starts_at: time = time(0, 0),
    answered_kinds: Collection[str] = ANSWERED_KINDS,
    response_target_hours: float = RESPONSE_TARGET_HOURS,
    resolution_target_hours: float = RESOLUTION_TARGET_HOURS,
    repeat_days: int = REPEAT_DAYS,
) -> pl.DataFrame:
    """The pieces with what became of them by the end of the business day ``as_of``.

    Grain: one row a piece, in the order given. Added columns, all null for kinds that nobody has
    to answer:

    - response_hours, resolution_hours: from the submission to the first answer and to the
      settlement. A settlement answers, so a settled piece without an answer on record was
      answered then. Null where it has not happened, and where the time told is before the
      submission.
    - is_in_response_target, is_in_resolution_target: whether it took at most the target. A piece
      that has waited longer already is not in it; null while the target can still be met, and
      where the time told is before the submission.
    - is_open: not settled. is_overdue: open beyond the resolution target, or not answered beyond
      the response target.
    - is_out_of_order: an answer or a settlement is told to be before the submission.
    - is_repeat: the same customer had submitted another such piece earlier, at most
      ``repeat_days`` before; null where the customer is not known.

    Of responded_at and resolved_at what is after the end of the day becomes null.

    Raises:
        ValueError: a piece is later than ``as_of``.
    """
    refuse_later_pieces(told, as_of=as_of)
    day_ends_at = datetime.combine(as_of + timedelta(days=1), day_starts_at)
    response_target = timedelta(hours=response_target_hours)
    resolution_target = timedelta(hours=resolution_target_hours)
    is_asked = pl.col("kind").is_in(list(answered_kinds)).fill_null(value=False)
    settled_in = _since_submission(pl.col("resolved_at"))
    told_answer_in = _since_submission(pl.col("responded_at"))
    answered_in = pl.coalesce(told_answer_in, settled_in)
    waited = _since_submission(pl.lit(day_ends_at, dtype=pl.Datetime("us")))
    figures = {
        "response_hours": _hours(answered_in),
        "resolution_hours": _hours(settled_in),
        "is_in_response_target": _is_in_target(answered_in, waited, response_target),
        "is_in_resolution_target": _is_in_target(settled_in, waited, resolution_target),
        "is_open": settled_in.is_null(),
        "is_overdue": (answered_in.is_null() & (waited > response_target))
        | (settled_in.is_null() & (waited > resolution_target)),
        "is_out_of_order": (pl.min_horizontal(told_answer_in, settled_in) < _AT_ONCE).fill_null(
            value=False
        ),
    }
    is_soon = pl.col("submitted_at") - pl.col("before_at") <= timedelta(days=repeat_days)
    return (
        told.lazy()
        .with_columns(
            pl.when(pl.col(name) < day_ends_at).then(name).alias(name)
            for name in ("responded_at", "resolved_at")
        )
        .join(
            _submitted_before(told, is_asked), on="feedback_id", how="left", maintain_order="left"
        )
        .with_columns(
            *(pl.when(is_asked).then(figure).alias(name) for name, figure in figures.items()),
            is_repeat=pl.when(is_asked & pl.col("customer_id").is_not_null()).then(
                is_soon.fill_null(value=False)
            ),
        )
        .drop("before_at")
        .collect()
    )


def _submitted_before(told: pl.DataFrame, is_asked: pl.Expr) -> pl.LazyFrame:
    """When the customer of each such piece had last submitted one at an earlier instant."""
    asked = (
        told.lazy()
        .filter(is_asked & pl.col("customer_id").is_not_null())
        .select("feedback_id", "customer_id", "submitted_at")
    )
    times = (
        asked.select("customer_id", "submitted_at")
        .unique()
        .sort("customer_id", "submitted_at")
        .with_columns(before_at=pl.col("submitted_at").shift(1).over("customer_id"))
    )
    return asked.join(times, on=["customer_id", "submitted_at"]).select("feedback_id", "before_at")


def _since_submission(instant: pl.Expr) -> pl.Expr:
    return instant - pl.col("submitted_at")


def _hours(took: pl.Expr) -> pl.Expr:
    # Times a part: over the microseconds of an hour, polars rounds one row otherwise than several.
    hours = (took.dt.total_microseconds() * _HOURS_PER_US).round(_HOUR_PLACES)
    return pl.when(took >= _AT_ONCE).then(hours)


def _is_in_target(took: pl.Expr, waited: pl.Expr, target: timedelta) -> pl.Expr:
    return (
        pl.when(took >= _AT_ONCE)
        .then(took <= target)
        .when(took.is_null() & (waited > target))
        .then(pl.lit(value=False))
    )
