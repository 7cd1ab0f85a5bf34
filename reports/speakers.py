"""Who speaks: pieces of feedback by kind, or by segment of the customer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from regulars.reports.estimates import Estimate, less
from regulars.reports.feedback_counts import counted_n, marked_n, measured
from regulars.reports.small_cells import hidden_cells

KINDS = ("survey", "review", "complaint", "call", "social")
NONE = "none"
"""A kind that is not told, and the segment of who is not known."""


@dataclass(frozen=True)
class Speakers:
    """Pieces of one kind, or of customers of one segment. A hidden group has no numbers."""

    code: str
    pieces_n: int | None
    before_n: int | None
    text_share: float | None
    csat: Estimate | None
    csat_change: Estimate | None
    negative: Estimate | None
    is_small: bool = False

    @property
    def is_hidden(self) -> bool:
        return self.pieces_n is None

    @property
    def change_n(self) -> int | None:
        if self.pieces_n is None or self.before_n is None:
            return None
        return self.pieces_n - self.before_n


def speakers(
    column: str,
    codes: Sequence[str],
    now: pl.DataFrame,
    before: pl.DataFrame,
    small_below: int,
    *,
    summed: Sequence[str] = (),
) -> tuple[Speakers, ...]:
    """The groups that have spoken, in the order of the codes; a column of theirs tells which.

    The total of all is shown, and elsewhere that of the groups in ``summed``.
    """
    of_now, of_before = _by(column, now), _by(column, before)
    told_n, earlier_n = (
        {code: counted_n(of.get(code, now.clear()), small_below) for code in codes}
        for of in (of_now, of_before)
    )
    hidden, earlier_hidden = (
        hidden_cells(counts, [codes, summed], small_below=small_below)
        for counts in (told_n, earlier_n)
    )
    return tuple(
        Speakers(code, None, None, None, None, None, None, is_small=told_n[code] < small_below)
        if code in hidden
        else _group(
            code,
            of_now[code],
            of_before.get(code, before.clear()),
            None if code in earlier_hidden else earlier_n[code],
            small_below,
        )
        for code in codes
        if code in of_now
    )


def _group(
    code: str, now: pl.DataFrame, before: pl.DataFrame, before_n: int | None, small_below: int
) -> Speakers:
    csat = measured("csat", now, small_below).found
    return Speakers(
        code,
        now.height,
        before_n,
        text_share(now),
        csat,
        less(csat, measured("csat", before, small_below).found),
        measured("negative", now, small_below).found,
    )


def _by(column: str, pieces: pl.DataFrame) -> dict[str, pl.DataFrame]:
    named = pieces.with_columns(pl.col(column).fill_null(NONE))
    return {of[column][0]: of for of in named.partition_by(column)}


def text_share(pieces: pl.DataFrame) -> float:
    """Of the pieces, those with a text; there must be one."""
    return marked_n(pieces["text"].is_not_null()) / pieces.height
