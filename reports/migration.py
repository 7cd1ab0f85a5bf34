"""Who moved between segments since the compare day, small cells hidden."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

import polars as pl

from regulars.reports.facts import RunFacts
from regulars.reports.segments import NOT_SEEN, in_order
from regulars.reports.small_cells import hidden_cells

Direction = Literal["up", "down", "stayed", "joined"]

BIGGEST_MOVES = 6
HIDDEN_SHARE_MOST = 0.75
"""Two thirds are hidden of a chain of 2,500 customers, and what is shown moves nine in ten."""
_AMOUNTS = ("spend", "previous_spend_90d", "spend_90d")


@dataclass(frozen=True)
class Move:
    """One cell of the matrix. A hidden cell has no number at all; ``is_small`` tells one below
    the limit from one hidden to protect another."""

    previous: str
    current: str
    direction: Direction
    customers_n: int | None
    share: float | None
    spend: Decimal | None
    previous_spend_90d: Decimal | None
    spend_90d: Decimal | None
    is_small: bool = False

    @property
    def is_hidden(self) -> bool:
        return self.customers_n is None


@dataclass(frozen=True)
class Flow:
    """All moves of one direction together; without numbers when they are few."""

    customers_n: int | None
    spend: Decimal | None
    previous_spend_90d: Decimal | None = None
    spend_90d: Decimal | None = None


@dataclass(frozen=True)
class Migration:
    """Rows are previous segments, columns current ones; ``rows`` holds every pair of them."""

    current_codes: tuple[str, ...]
    rows: tuple[tuple[Move, ...], ...]
    biggest: tuple[Move, ...]
    slipped: Flow
    climbed: Flow
    joined: Flow

    @property
    def is_mostly_hidden(self) -> bool:
        """Whether so many of the cells that hold anybody are hidden that the rest tell little."""
        cells = [move for row in self.rows for move in row if move.customers_n != 0]
        return sum(move.is_hidden for move in cells) > HIDDEN_SHARE_MOST * len(cells)


def migration(
    segment_migration: pl.DataFrame, facts: RunFacts, *, guarding: Collection[str] = ()
) -> Migration:
    """The matrix over the segments that have or had customers.

    The totals of rows and columns stand in the table of segments, those of the directions in
    the headlines: each of them is a line that must not give a small cell away. ``guarding`` are
    segments whose totals are hidden there to protect small ones: their columns are hidden too,
    which would add up to them.
    """
    found = {
        (row["previous_segment"], row["segment"]): row
        for row in segment_migration.iter_rows(named=True)
    }
    previous_codes = in_order({previous for previous, _ in found}, facts)
    current_codes = in_order({current for _, current in found}, facts)
    customers_n = {
        (previous, current): found.get((previous, current), {}).get("customers_n", 0)
        for previous in previous_codes
        for current in current_codes
    }
    directions = {cell: _direction(*cell, facts) for cell in customers_n}
    lines = [
        *([(previous, current) for current in current_codes] for previous in previous_codes),
        *([(previous, current) for previous in previous_codes] for current in current_codes),
        *(
            [cell for cell, its in directions.items() if its == direction]
            for direction in ("up", "down")
        ),
    ]
    hidden = hidden_cells(customers_n, lines, small_below=facts.small_below) | {
        cell for cell, n in customers_n.items() if n and cell[1] in guarding
    }
    nothing = dict.fromkeys(("customers_share", *_AMOUNTS))
    told = {
        cell: nothing if cell in hidden or not n else found[cell] for cell, n in customers_n.items()
    }
    moves = {
        cell: Move(
            *cell,
            direction=directions[cell],
            customers_n=None if cell in hidden else n,
            share=told[cell]["customers_share"],
            spend=told[cell]["spend"],
            previous_spend_90d=told[cell]["previous_spend_90d"],
            spend_90d=told[cell]["spend_90d"],
            is_small=cell in hidden and n < facts.small_below,
        )
        for cell, n in customers_n.items()
    }
    return Migration(
        current_codes=current_codes,
        rows=tuple(
            tuple(moves[previous, current] for current in current_codes)
            for previous in previous_codes
        ),
        biggest=_biggest(moves.values()),
        slipped=_flow("down", directions, found, facts),
        climbed=_flow("up", directions, found, facts),
        joined=_flow("joined", directions, found, facts),
    )


def _direction(previous: str, current: str, facts: RunFacts) -> Direction:
    if previous == NOT_SEEN:
        return "joined"
    if previous == current:
        return "stayed"
    return "down" if in_order((previous, current), facts)[0] == previous else "up"


def _biggest(moves: Iterable[Move]) -> tuple[Move, ...]:
    seen = [move for move in moves if move.direction in ("up", "down") and move.customers_n]
    return tuple(sorted(seen, key=lambda move: -(move.customers_n or 0))[:BIGGEST_MOVES])


def _flow(
    direction: Direction,
    directions: Mapping[tuple[str, str], Direction],
    found: Mapping[tuple[str, str], Mapping[str, Any]],
    facts: RunFacts,
) -> Flow:
    cells = [row for cell, row in found.items() if directions[cell] == direction]
    customers_n = sum(row["customers_n"] for row in cells)
    if 0 < customers_n < facts.small_below:
        return Flow(None, None)
    sums = {name: sum((row[name] for row in cells), Decimal("0.00")) for name in _AMOUNTS}
    return Flow(customers_n, **sums)
