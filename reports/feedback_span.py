"""The weeks that the pages of feedback tell of, and those that they are held against."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

WEEKS_N, MORE_WEEKS_N = 4, 13
ENOUGH_PIECES_N = 300
"""Pieces that four weeks must hold to be told of alone: the share of the unhappy among fewer is
known to six points at best, and of eight categories each would have a few dozen. Chains with less
feedback are told a quarter at a time."""


@dataclass(frozen=True)
class Span:
    """Whole weeks, Monday to Sunday; both days included."""

    first_on: date
    last_on: date

    @property
    def weeks_n(self) -> int:
        return ((self.last_on - self.first_on).days + 1) // 7

    @property
    def before(self) -> Span:
        """As many weeks just before."""
        length = timedelta(weeks=self.weeks_n)
        return Span(self.first_on - length, self.last_on - length)

    def of(self, pieces: pl.DataFrame) -> pl.DataFrame:
        """The pieces submitted in it."""
        return pieces.filter(pl.col("submitted_on").is_between(self.first_on, self.last_on))


def whole_weeks(as_of: date, weeks_n: int) -> Span:
    """The last weeks that were over at the end of the day.

    >>> whole_weeks(date(2025, 6, 18), 4)
    Span(first_on=datetime.date(2025, 5, 19), last_on=datetime.date(2025, 6, 15))
    >>> whole_weeks(date(2025, 6, 15), 1).first_on
    datetime.date(2025, 6, 9)
    """
    last_on = as_of - timedelta(days=as_of.isoweekday() % 7)
    return Span(last_on - timedelta(weeks=weeks_n) + timedelta(days=1), last_on)


def span_of(pieces: pl.DataFrame, as_of: date) -> Span:
    """The last four whole weeks, or thirteen where four hold too little feedback."""
    four = whole_weeks(as_of, WEEKS_N)
    if four.of(pieces).height >= ENOUGH_PIECES_N:
        return four
    return whole_weeks(as_of, MORE_WEEKS_N)
