"""Where it goes wrong: the places that are surely worse than others like them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from regulars.reports.estimates import Estimate
from regulars.reports.facts import RunFacts

KINDS = ("store", "product", "staff", "week", "store_week")
ALL = "(all)"
SHOWN_N = 3
"""Of a kind of place; all are in the table."""


@dataclass(frozen=True)
class Hotspot:
    """A place with surely more unhappy pieces than expected; ``category`` None for all of them.

    ``subjects`` are the categories in which it stands out too, the worst first.
    """

    kind: str
    place: str
    store_id: str | None
    week_start_on: date | None
    pieces_n: int
    negative_share: float
    expected_share: float
    excess: Estimate
    subjects: tuple[str, ...] = ()


@dataclass(frozen=True)
class Hotspots:
    """``by_kind`` has only kinds with a place that stands out, ``judged_n`` the number judged."""

    by_kind: Mapping[str, tuple[Hotspot, ...]]
    judged_n: Mapping[str, int]
    more_n: Mapping[str, int]

    @property
    def worst(self) -> Hotspot | None:
        """Of the places that somebody can go to or look at, the one that is worst for sure."""
        first = [
            found[0] for kind in ("store", "product", "staff") if (found := self.by_kind.get(kind))
        ]
        return max(first, key=lambda one: one.excess.low, default=None)


def hotspots(table: pl.DataFrame, facts: RunFacts) -> Hotspots:
    """What the table feedback_hotspots says; rows of few pieces are not in it."""
    whole = table.filter(
        pl.col("category") == ALL,
        pl.col("expected_share").is_not_null(),
        pl.col("pieces_n") >= facts.small_below,
    )
    above = table.filter("is_hotspot", pl.col("pieces_n") >= facts.small_below)
    by_kind = {
        kind: tuple(
            _hotspot(row, above)
            for row in above.filter(place_kind=kind, category=ALL)
            .sort("rank")
            .iter_rows(named=True)
        )
        for kind in KINDS
    }
    return Hotspots(
        by_kind={kind: found[:SHOWN_N] for kind, found in by_kind.items() if found},
        judged_n={kind: n for kind in KINDS if (n := whole.filter(place_kind=kind).height)},
        more_n={
            kind: len(found) - SHOWN_N for kind, found in by_kind.items() if len(found) > SHOWN_N
        },
    )


def _hotspot(row: Mapping[str, Any], above: pl.DataFrame) -> Hotspot:
    of_place = above.filter(
        pl.col("category") != ALL, place_kind=row["place_kind"], place=row["place"]
    ).sort("excess_low", "category", descending=[True, False])
    return Hotspot(
        kind=row["place_kind"],
        place=row["place"],
        store_id=row["store_id"],
        week_start_on=row["week_start_on"],
        pieces_n=row["pieces_n"],
        negative_share=row["negative_share"],
        expected_share=row["expected_share"],
        excess=Estimate(row["excess"], row["excess_low"], row["excess_high"]),
        subjects=tuple(of_place["category"]),
    )
