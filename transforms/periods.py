"""Weeks and months: what feedback is counted by."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

import polars as pl

Period = Literal["week", "month"]
PERIODS: tuple[Period, ...] = ("week", "month")
_EVERY = {"week": "1w", "month": "1mo"}


def start_of(period: Period, day: pl.Expr) -> pl.Expr:
    """The Monday of the day's week, or the first day of its month."""
    return day.dt.truncate(_EVERY[period])


def before(period: Period, start: pl.Expr) -> pl.Expr:
    """The start of the period before."""
    return start.dt.offset_by(f"-{_EVERY[period]}")


def is_complete(period: Period, start: pl.Expr, *, as_of: date) -> pl.Expr:
    """Whether the period was over at the end of the day."""
    return start.dt.offset_by(_EVERY[period]) <= as_of + timedelta(days=1)


def monday(day: date) -> date:
    """The Monday of the day's week.

    >>> monday(date(2025, 6, 18))
    datetime.date(2025, 6, 16)
    """
    return day - timedelta(days=day.weekday())
