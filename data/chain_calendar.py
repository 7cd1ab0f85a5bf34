"""The synthetic chain's calendar: how much is bought on each day of its two years.

The weekly rhythm peaks on Saturday. The fortnight before the Spring Festival sells most, the
festival's first days least; 618 and 11.11 are the sales that Chinese shops hold on 18 June and
11 November; a summer and the National Day week stand above the rest. The weights are of the size
that retailers tell of, not measured ones: what matters is that they are known.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import TypeVar

import numpy as np

from regulars.data.chain_lists import DAYS_N, FIRST_DAY, Real, Truth, Whole

Days = TypeVar("Days", Real, Whole, Truth)

WEEKDAYS = (0.88, 0.86, 0.9, 0.94, 1.08, 1.24, 1.1)  # from Monday
SPRING_FESTIVALS = (date(2024, 2, 10), date(2025, 1, 29))
BEFORE_DAYS, CLOSED_DAYS = 14, 4
BEFORE, CLOSED = 1.6, 0.45
# First and last day of each year's season, and the weight of its days.
PROMOTIONS = {"618": ((6, 10), (6, 18), 1.4), "11.11": ((11, 1), (11, 11), 1.5)}
SUMMER = ((7, 1), (8, 31), 1.08)
NATIONAL_DAYS = ((10, 1), (10, 7), 1.2)
# What sells in a season beside what always sells.
SUMMER_CATEGORIES = ("饮料", "冷冻", "水果")
FESTIVAL_CATEGORIES = ("酒类", "糖果", "茶咖")


@cache
def weights(power: float) -> Real:
    """A weight a day, its mean 1; a power above 1 is for those who buy in the season most."""
    found = np.array([WEEKDAYS[day.weekday()] for day in _days()])
    for first, last, weight in (*PROMOTIONS.values(), SUMMER, NATIONAL_DAYS):
        found[_within(first, last)] *= weight
    found[_festive_days()] *= BEFORE
    found[_after_festival(CLOSED_DAYS)] *= CLOSED
    raised: Real = found**power
    return _kept(raised / raised.mean())


@cache
def mass(power: float) -> Real:
    """The weights summed up to the start of each day, and to the end of the last."""
    return _kept(np.concatenate([np.zeros(1), np.cumsum(weights(power))]))


@cache
def is_promotion() -> Truth:
    """Whether each day is of 618 or 11.11."""
    found = np.zeros(DAYS_N, dtype=np.bool_)
    for first, last, _ in PROMOTIONS.values():
        found[_within(first, last)] = True
    return _kept(found)


@cache
def season() -> Whole:
    """The season of each day by what sells: 1 before the Spring Festival, 2 summer, else 0."""
    found = np.zeros(DAYS_N, dtype=np.int64)
    found[_festive_days()] = 1
    found[_within((6, 1), (8, 31))] = 2
    return _kept(found)


def _kept(found: Days) -> Days:
    """The array, shared by all who ask and so not to be written to."""
    found.flags.writeable = False
    return found


@cache
def _days() -> tuple[date, ...]:
    return tuple(FIRST_DAY + timedelta(days=number) for number in range(DAYS_N))


def _within(first: tuple[int, int], last: tuple[int, int]) -> list[int]:
    return [n for n, day in enumerate(_days()) if first <= (day.month, day.day) <= last]


def _festive_days() -> list[int]:
    starts = [(day - FIRST_DAY).days for day in SPRING_FESTIVALS]
    return [n for start in starts for n in range(start - BEFORE_DAYS, start)]


def _after_festival(days_n: int) -> list[int]:
    starts = [(day - FIRST_DAY).days for day in SPRING_FESTIVALS]
    return [n for start in starts for n in range(start, start + days_n)]
