"""On which days models are fitted: a function of the calendar and of the log of decisions alone.

The model for a day is the one fitted as of its refit day: ``refit_day``. A picture whose names are
handed on from one fit to the next (clusters) is told from the first of ``refit_days`` to the last.
Neither looks at an earlier run, so that replaying the calendar gives what the days gave.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection
from datetime import date, timedelta
from typing import Literal

Refit = Literal["daily", "weekly", "monthly"]

ANCHOR_ON = date(2001, 1, 1)
"""A Monday, and the first of a month and of a year; before the first receipt of any chain."""
_WEEK_DAYS, _YEAR_MONTHS = 7, 12


def refit_day(
    as_of: date, *, refit: Refit, anchor_on: date, asked_on: Collection[date] = ()
) -> date:
    """The day as of which the model for ``as_of`` is fitted.

    Weekly it is the last day up to ``as_of`` that is a whole number of weeks from ``anchor_on``;
    monthly the last with its day of the month, or the month's last day where the month is shorter;
    daily ``as_of`` itself. The calendar goes on before the anchor. Where the refit day lies before
    the chain's first line there are no rows to fit to, and a model says that it has too little.

    ``asked_on`` are days on which drift asked for a refit. A model fitted as of such a day is used
    from the day after on, so that a run which asks is not changed by what it asked.

    >>> refit_day(date(2024, 6, 6), refit="weekly", anchor_on=ANCHOR_ON)
    datetime.date(2024, 6, 3)
    >>> refit_day(
    ...     date(2024, 6, 6), refit="weekly", anchor_on=ANCHOR_ON, asked_on=[date(2024, 6, 5)]
    ... )
    datetime.date(2024, 6, 5)
    >>> refit_day(date(2024, 2, 29), refit="monthly", anchor_on=date(2024, 1, 31))
    datetime.date(2024, 2, 29)
    """
    of_calendar = _nth(_number(as_of, refit, anchor_on), refit, anchor_on)
    return max([of_calendar, *(day for day in asked_on if day < as_of)])


def refit_days(
    as_of: date,
    *,
    refit: Refit,
    anchor_on: date,
    first_on: date,
    every: int = 1,
    asked_on: Collection[date] = (),
) -> list[date]:
    """The days whose fits hand names on to that of ``as_of``, in order; its refit day is the last.

    They begin with the first day of the calendar that is neither before ``anchor_on`` nor before
    ``first_on``, the chain's first line. ``every`` takes each so-many-th of the calendar, counted
    from the anchor: weekly fits with ``every=13`` hand names on four times a year, which asks for
    five fits a year and not for 53. All days between two of them are aligned to the same one, so
    that a name means the same from day to day.

    >>> [day.isoformat() for day in refit_days(
    ...     date(2024, 6, 6), refit="weekly", anchor_on=ANCHOR_ON, first_on=date(2024, 5, 16)
    ... )]
    ['2024-05-20', '2024-05-27', '2024-06-03']

    Raises:
        ValueError: ``every`` is less than one.
    """
    if every < 1:
        raise ValueError(f"every {every}th day is none")
    last = refit_day(as_of, refit=refit, anchor_on=anchor_on, asked_on=asked_on)
    begin = max(_number(first_on - timedelta(days=1), refit, anchor_on) + 1, 0)
    numbers = range(begin + -begin % every, _number(last, refit, anchor_on) + 1, every)
    days = (_nth(number, refit, anchor_on) for number in numbers)
    return [*(day for day in days if day < last), last]


def _nth(number: int, refit: Refit, anchor_on: date) -> date:
    """The refit day of this number; the anchor's is 0."""
    if refit == "monthly":
        years, month_0 = divmod(anchor_on.month - 1 + number, _YEAR_MONTHS)
        year, month = anchor_on.year + years, month_0 + 1
        return date(year, month, min(anchor_on.day, monthrange(year, month)[1]))
    return anchor_on + timedelta(days=number * (_WEEK_DAYS if refit == "weekly" else 1))


def _number(day: date, refit: Refit, anchor_on: date) -> int:
    """The number of the last refit day up to the day."""
    if refit == "monthly":
        months = (day.year - anchor_on.year) * _YEAR_MONTHS + day.month - anchor_on.month
        return months - (_nth(months, refit, anchor_on) > day)
    return (day - anchor_on).days // (_WEEK_DAYS if refit == "weekly" else 1)
