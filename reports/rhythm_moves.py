"""Who slowed down, lapsed and came back since the compare day, and the money that went along."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import polars as pl

from regulars.expectations.catalogue import say
from regulars.reports import numbers
from regulars.reports.facts import RunFacts
from regulars.reports.numbers import Counted
from regulars.reports.segments import NOT_SEEN
from regulars.reports.small_cells import hidden_cells

IN_RHYTHM = ("new", "active", "reactivated")
LATE = ("slowing", "lapsing")
LAPSED = "lapsed"
CHANGES = ("slowed", "lapsed", "returned", "came")
"""slowed: was in rhythm, is late. lapsed: had not lapsed, and has. returned: was late or lapsed,
is in rhythm. came: was not seen. Who stayed where they were is in none, as is who has no stage:
the four have no total that is shown, so that none tells another."""


@dataclass(frozen=True)
class Change:
    """The customers of one change; without numbers when they are few."""

    code: str
    customers_n: int | None
    previous_spend_90d: Decimal | None
    spend_90d: Decimal | None
    is_small: bool = False

    @property
    def difference(self) -> Decimal | None:
        """What they spend more, or less, in 90 days."""
        if self.spend_90d is None or self.previous_spend_90d is None:
            return None
        return self.spend_90d - self.previous_spend_90d


def rhythm_changes(lifecycle_migration: pl.DataFrame, facts: RunFacts) -> tuple[Change, ...]:
    """Grain: change, each of them; empty without a compare day."""
    if not facts.has_comparison:
        return ()
    sums = dict.fromkeys(CHANGES, (0, Decimal("0.00"), Decimal("0.00")))
    for row in lifecycle_migration.iter_rows(named=True):
        code = _change(row["previous_lifecycle"], row["lifecycle"])
        if code is not None:
            n, before, now = sums[code]
            sums[code] = (
                n + row["customers_n"],
                before + row["previous_spend_90d"],
                now + row["spend_90d"],
            )
    customers_n = {code: n for code, (n, _, _) in sums.items()}
    hidden = hidden_cells(customers_n, [], small_below=facts.small_below)
    return tuple(
        Change(code, None, None, None, is_small=True)
        if code in hidden
        else Change(code, n, before, now)
        for code, (n, before, now) in sums.items()
    )


def rhythm_sentences(changes: tuple[Change, ...], facts: RunFacts, language: str) -> list[str]:
    """Who slowed, lapsed, came back and first came, in words; those that are shown and are any."""
    return [
        say(f"rhythm.said.{change.code}", language, **_said(change, facts, language))
        for change in changes
        if change.customers_n
    ]


def _said(change: Change, facts: RunFacts, language: str) -> dict[str, Any]:
    def money(value: Decimal | None) -> str:
        return numbers.money(value or Decimal("0.00"), facts.currency, language)

    return {
        "customers": numbers.counted(Counted(change.customers_n, "customers"), language),
        "before": money(change.previous_spend_90d),
        "now": money(change.spend_90d),
    }


def _change(previous: str, current: str) -> str | None:
    was_late = previous in (*LATE, LAPSED)
    if previous == NOT_SEEN and current in (*IN_RHYTHM, *LATE, LAPSED):
        return "came"
    if previous in IN_RHYTHM and current in LATE:
        return "slowed"
    if previous in (*IN_RHYTHM, *LATE) and current == LAPSED:
        return "lapsed"
    if was_late and current in IN_RHYTHM:
        return "returned"
    return None
