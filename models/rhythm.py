"""How often a population buys: the pace that a customer of few gaps is held against."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import polars as pl

PRIOR_GAPS_N = 3
"""How many own gaps the population's median weighs as much as. A mean of one or two gaps says
little of a rhythm; with four own gaps a customer's own pace outweighs the population's."""


@dataclass(frozen=True)
class Rhythm:
    """The population's median gap between purchase days, and its weight in own gaps.

    `median_gap_halves` is twice the median, always a whole number of days; None when no customer
    has two purchase days.
    """

    median_gap_halves: int | None
    prior_gaps_n: int = PRIOR_GAPS_N

    def as_dict(self) -> dict[str, str | int | None]:
        """The fit as it is published, exactly.

        >>> Rhythm(15).as_dict()
        {'median_gap_days': '7.5', 'prior_gaps_n': 3}
        """
        halves = self.median_gap_halves
        median = None if halves is None else f"{Decimal(halves) / 2:f}"
        return {"median_gap_days": median, "prior_gaps_n": self.prior_gaps_n}


def fit_rhythm(gaps: pl.DataFrame) -> Rhythm:
    """The rhythm of the population whose gaps these are.

    `gaps` has a row a pair of consecutive purchase days, with `gap_days`; every gap weighs the
    same, so that frequent customers shape the median in proportion to their purchases.

    >>> fit_rhythm(pl.DataFrame({"gap_days": [7, 1, 8, 30]})).median_gap_halves
    15
    >>> fit_rhythm(pl.DataFrame({"gap_days": []})).median_gap_halves is None
    True
    """
    n = gaps.height
    if n == 0:
        return Rhythm(None)
    in_order = gaps["gap_days"].sort()
    return Rhythm(int(in_order[(n - 1) // 2]) + int(in_order[n // 2]))
