"""The sample chain as a whole: its months, and what does not change from month to month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal

import numpy as np

from regulars.data import chain_campaigns as campaigns
from regulars.data import chain_lists as lists
from regulars.data import chain_shops as shops
from regulars.data.chain_farewells import Farewells
from regulars.data.chain_lists import DAYS_N, FIRST_DAY, MONTHS_N, Whole
from regulars.data.chain_people import People

Size = Literal["small", "medium", "large"]
LINES = {"small": 60_000, "medium": 600_000, "large": 6_000_000}
LINES_PER_MEMBER = 60  # counted: what the segments' rates and lives give in two years
WALK_IN_SHARE = 0.12  # of lines
WALK_IN_LINES = 1.8  # a receipt
MINI_SHARE = 0.25  # of online orders, once there is a mini-program
MINI_LINES_MOST = 25_000  # in all: a workbook is for what a person can look through
MINI_LINES_SHARE = 0.0085  # counted: of all lines, at that share of online orders
DAY_S = 86_400


@dataclass(frozen=True)
class Month:
    """The days ``[first_day, end_day)`` from the first of all, and its number from 0."""

    number: int
    starts_on: date
    first_day: int
    end_day: int

    @property
    def following(self) -> date:
        """The first day after the month, when its files are exported."""
        return (self.starts_on + timedelta(days=31)).replace(day=1)

    @property
    def end_s(self) -> int:
        return self.end_day * DAY_S


@dataclass(frozen=True)
class World:
    """What does not change from month to month.

    ``walk_ins_per_day`` is the mean number of anonymous receipts, ``mini_share`` the share of
    online orders that come by the mini-program once there is one.
    """

    people: People
    farewells: Farewells
    arms: list[Whole]
    prices_fen: Whole
    walk_ins_per_day: float
    mini_share: float
    seed: int

    def dice(self, month: Month, stream: int) -> np.random.Generator:
        return lists.dice(self.seed, 300 + stream, month.number)

    @staticmethod
    def drawn(size: Size, *, seed: int) -> World:
        """A chain of about as many lines as the size says."""
        lines_n = LINES[size]
        members_n = round(lines_n * (1 - WALK_IN_SHARE) / LINES_PER_MEMBER)
        people = People.drawn(members_n, seed=seed)
        return World(
            people=people,
            farewells=Farewells.drawn(people, seed=seed),
            arms=campaigns.arms(people, seed=seed),
            prices_fen=shops.prices_fen(seed=seed),
            walk_ins_per_day=lines_n * WALK_IN_SHARE / WALK_IN_LINES / DAYS_N,
            mini_share=MINI_SHARE * min(1.0, MINI_LINES_MOST / (lines_n * MINI_LINES_SHARE)),
            seed=seed,
        )


def months() -> list[Month]:
    """The months of the two years."""
    starts = [date(FIRST_DAY.year + n // 12, n % 12 + 1, 1) for n in range(MONTHS_N + 1)]
    days = [(start - FIRST_DAY).days for start in starts]
    return [
        Month(number, starts[number], first, end)
        for number, (first, end) in enumerate(pairwise(days))
    ]
