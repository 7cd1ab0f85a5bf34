"""Which share of each month's new customers came back, small cells hidden."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from regulars.reports.facts import RunFacts
from regulars.reports.small_cells import hidden_cells

Row = dict[str, Any]

BEFORE_DATA = "before_data"
MONTHS_SHOWN = 13
"""A year of months and the one it began in; older cohorts are taken together."""


@dataclass(frozen=True)
class Retained:
    """A cohort in one month; ``share`` is None when the cell is small and hidden."""

    month: date | None
    share: float | None
    is_partial: bool


@dataclass(frozen=True)
class Cohort:
    """One month's new customers, or those of ``first`` to ``last`` taken together.

    ``cells`` runs over the months since the first order; None where there is no such month
    yet. ``customers_n`` is None when hidden.
    """

    first: str
    last: str
    cohorts_n: int
    customers_n: int | None
    is_small: bool
    cells: tuple[Retained | None, ...]


@dataclass(frozen=True)
class Retention:
    """Cohorts oldest first, and apart from them the customers from before the data."""

    months_since: tuple[int, ...]
    cohorts: tuple[Cohort, ...]
    before_data: Cohort | None

    @property
    def is_shortened(self) -> bool:
        return any(cohort.cohorts_n > 1 for cohort in self.cohorts)


def retention(cohorts: pl.DataFrame, facts: RunFacts) -> Retention:
    """The last 13 cohorts one by one, older ones as one, over up to 12 months since."""
    dated = cohorts.filter(pl.col("cohort") != BEFORE_DATA)
    names = dated["cohort"].unique().sort().to_list()
    kept = names[-MONTHS_SHOWN:]
    groups = [names[:-MONTHS_SHOWN], *([name] for name in kept)]
    frames = {
        (group[0], group[-1], len(group)): _together(dated.filter(pl.col("cohort").is_in(group)))
        for group in groups
        if group
    }
    before = cohorts.filter(pl.col("cohort") == BEFORE_DATA)
    sizes = {key: _size(dated, key) for key in frames}
    before_key = (BEFORE_DATA, BEFORE_DATA, 1)
    if not before.is_empty():
        sizes[before_key] = int(before.select(pl.col("customers_n").max()).item())
    hidden = hidden_cells(sizes, [list(sizes)], small_below=facts.small_below)
    ages = dated.filter(pl.col("months_since_n") < MONTHS_SHOWN)["months_since_n"]
    months_since = tuple(ages.unique().sort().to_list())
    return Retention(
        months_since=months_since,
        cohorts=tuple(
            _cohort(key, sizes[key], key in hidden, _by_age(frame, months_since), facts)
            for key, frame in frames.items()
        ),
        before_data=(
            _cohort(
                before_key,
                sizes[before_key],
                before_key in hidden,
                before.sort("month").tail(MONTHS_SHOWN).rows(named=True),
                facts,
            )
            if before_key in sizes
            else None
        ),
    )


def _size(dated: pl.DataFrame, key: tuple[str, str, int]) -> int:
    return int(
        dated.filter(pl.col("cohort").is_between(pl.lit(key[0]), pl.lit(key[1])))
        .group_by("cohort")
        .agg(pl.col("customers_n").max())["customers_n"]
        .sum()
    )


def _together(cohorts: pl.DataFrame) -> pl.DataFrame:
    """One row a month since, over those cohorts that have lived to see it."""
    return cohorts.group_by("months_since_n").agg(
        pl.col("customers_n", "active_n").sum(),
        pl.col("is_partial").any(),
        month=pl.col("month").max(),
    )


def _by_age(frame: pl.DataFrame, months_since: Sequence[int]) -> list[Row | None]:
    found = {row["months_since_n"]: row for row in frame.iter_rows(named=True)}
    return [found.get(age) for age in months_since]


def _cohort(
    key: tuple[str, str, int],
    size: int,
    is_hidden: bool,
    rows: Sequence[Row | None],
    facts: RunFacts,
) -> Cohort:
    return Cohort(
        *key,
        customers_n=None if is_hidden else size,
        is_small=is_hidden and size < facts.small_below,
        cells=tuple(None if row is None else _retained(row, size, facts) for row in rows),
    )


def _retained(row: Row, size: int, facts: RunFacts) -> Retained:
    is_small = size < facts.small_below or 0 < row["active_n"] < facts.small_below
    return Retained(
        month=row["month"],
        share=None if is_small else row["active_n"] / row["customers_n"],
        is_partial=row["is_partial"],
    )
