"""How long to wait before an absence means anything: the setting beside what gaps recommend."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from regulars.reports.facts import ChurnFacts

CATEGORIES_LISTED = 8


@dataclass(frozen=True)
class Horizon:
    """The setting beside what gaps recommend; the categories that differ, largest sales first.

    ``verdict`` is same, longer (the recommended one is), shorter or unknown.
    """

    verdict: str
    categories: tuple[tuple[str, int], ...]
    known_n: int
    longer_n: int
    shorter_n: int


def horizon(told: ChurnFacts, sales: pl.DataFrame) -> Horizon:
    """The horizons of a run's facts against the setting, and the categories by net sales."""
    known = {name: days for name, days in told.recommended_by_category.items() if days is not None}
    net = dict(
        sales.filter(pl.col("category").is_not_null())
        .group_by("category")
        .agg(pl.col("net").sum())
        .iter_rows()
    )
    differing = sorted(
        (name for name, days in known.items() if days != told.horizon_days),
        key=lambda name: (-net.get(name, Decimal(0)), name),
    )
    return Horizon(
        _verdict(told),
        tuple((name, known[name]) for name in differing[:CATEGORIES_LISTED]),
        len(known),
        sum(days > told.horizon_days for days in known.values()),
        sum(days < told.horizon_days for days in known.values()),
    )


def _verdict(told: ChurnFacts) -> str:
    recommended = told.recommended_days
    if recommended is None:
        return "unknown"
    if recommended == told.horizon_days:
        return "same"
    return "longer" if recommended > told.horizon_days else "shorter"
