"""The proposal: which column of a file is which column of an export, and why.

A name says which column is meant, the values say whether it can be. What two columns fit equally
well, or what the values contradict, is told and left open: no column is guessed in silence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

import polars as pl

from regulars.data.columns_seen import SeenFile
from regulars.expectations.exports import EXPORTS, Column, Export
from regulars.expectations.synonym_table import DOUBTS, Doubt
from regulars.expectations.synonyms import meaning, means_another_thing, near_names
from regulars.flows.value_shapes import Looks, fit, looks, shapes

How = Literal["told", "in regulars.toml", "same name", "synonym", "near spelling", "by its values"]

# Of a sample, so many values must be what the column holds; a footer or two are no contradiction.
FITS_SHARE, CONTRADICTS_SHARE = 0.95, 0.5
# An order's total stands on each of its lines: told from this many orders of several lines.
REPEATING_ORDERS_MIN, REPEATING_TOTALS_MIN = 5, 3
CANDIDATES_SHOWN_N = 5


@dataclass(frozen=True)
class Match:
    """One column of the contract with the file's own column; ``shapes`` show its values masked."""

    column: str
    own: str
    how: How
    shapes: tuple[str, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Open:
    """One column of the contract that no column of the file was taken for, though some may be it.

    ``why`` says why none was taken; of ``candidates`` one may be right. ``is_named`` tells whether
    they go by names of the column.
    """

    column: str
    why: str
    candidates: tuple[str, ...]
    is_named: bool = True


@dataclass(frozen=True)
class Proposal:
    """Which column of a file is which column of one export, in the contract's order."""

    export: str
    matches: tuple[Match, ...]
    open: tuple[Open, ...]
    unused: tuple[str, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """The required columns without a match."""
        matched = {match.column for match in self.matches}
        return tuple(name for name in EXPORTS[self.export].required if name not in matched)

    @property
    def evidence(self) -> int:
        """How much the file's names speak for this export; what it lacks speaks against it."""
        export = EXPORTS[self.export]
        # A name whose values do not fit, or two names for one column, still name the column.
        named = {match.column for match in self.matches if match.how != "by its values"}
        named |= {found.column for found in self.open if found.is_named}
        required = sum(1 if name in named else -1 for name in export.required)
        return 3 * required + len(named - set(export.required))

    def columns(self) -> dict[str, str]:
        """What ``[exports.NAME.columns]`` must say: equal names need no entry."""
        return {match.column: match.own for match in self.matches if match.column != match.own}

    def as_dict(self) -> dict[str, Any]:
        return asdict(self) | {"missing": list(self.missing), "columns": self.columns()}


def proposed(
    seen: SeenFile,
    export: Export,
    *,
    told: Mapping[str, str] = {},
    settled: Mapping[str, str] = {},
) -> Proposal:
    """The proposal for a file as a file of this export.

    ``told`` and ``settled`` map contract columns to the file's own, as the user and
    ``regulars.toml`` say; they come first, and only what the contract and the file have counts.
    """
    return _Search(seen, export).found(told, settled)


@dataclass
class _Search:
    """What is matched so far, while the columns of one export are looked for in one file."""

    seen: SeenFile
    export: Export
    matches: dict[str, Match] = field(default_factory=dict)
    open: dict[str, Open] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    _looks: dict[int, Looks] = field(default_factory=dict)

    def found(self, told: Mapping[str, str], settled: Mapping[str, str]) -> Proposal:
        given: tuple[tuple[How, Mapping[str, str]], ...] = (
            ("told", told),
            ("in regulars.toml", settled),
        )
        for how, names in given:
            for column, own in names.items():
                is_free = column in self.export.schema.column_names() and column not in self.matches
                if is_free and own in self.seen.names:
                    self._take(column, self.seen.names.index(own), how)
        for look in (self._by_name, self._by_near_spelling, self._by_values):
            for contract in self.export.columns:
                if contract.name not in self.matches and contract.name not in self.open:
                    look(contract)
        for name in self.export.required:
            if name not in self.matches and name not in self.open:
                self._leave_open(name)
        order = [column.name for column in self.export.columns]
        return Proposal(
            self.export.name,
            tuple(self.matches[name] for name in order if name in self.matches),
            tuple(self.open[name] for name in order if name in self.open),
            tuple(self.seen.names[place] for place in self._unused()),
        )

    def _by_name(self, column: Column) -> None:
        meant = [
            (means.rank, place, means.doubt)
            for place in self._unused()
            if (means := meaning(self.export.name, self.seen.names[place])) is not None
            and means.column == column.name
        ]
        refused = {
            place: why for _, place, _ in meant if (why := self._contradicted(column, place))
        }
        able = sorted(candidate for candidate in meant if candidate[1] not in refused)
        notes = [f"{self._name(place)} is passed over: {why}" for place, why in refused.items()]
        if not able:
            if meant:
                why = "; ".join(f"{self._name(place)}: {why}" for place, why in refused.items())
                self.open[column.name] = Open(column.name, why, tuple(map(self._name, refused)))
            return
        best_rank, place, doubt = able[0]
        same = [other for rank, other, _ in able if rank == best_rank]
        exact = [other for other in same if self._name(other) == column.name]
        if exact:
            place = exact[0]
        elif len(same) > 1 and not self._all_equal(same):
            names = [self._name(other) for other in same]
            why = f"{' and '.join(names)} fit equally well and differ in their values"
            self.open[column.name] = Open(column.name, why, tuple(names))
            return
        if rest := [self._name(other) for _, other, _ in able if other != place]:
            notes.append(f"taken rather than {', '.join(rest)}")
        if doubt and self._is_doubtful(doubt, place):
            notes.insert(0, DOUBTS[doubt])
        how: How = "same name" if self._name(place) == column.name else "synonym"
        self._take(column.name, place, how, notes)

    def _by_near_spelling(self, column: Column) -> None:
        free = [self._name(place) for place in self._unused()]
        near = near_names(self.export.name, column.name, free)
        if len(near) == 1:
            place = self.seen.names.index(near[0])
            if not self._contradicted(column, place):
                self._take(column.name, place, "near spelling", ["check it: the name is a guess"])

    def _by_values(self, column: Column) -> None:
        """Only where values of this form are hardly anything else, and one column has them."""
        required = self.export.required
        named_n = sum(name in self.matches for name in required)
        if column.is_required and 2 * named_n < len(required):
            return  # a file of which so little is known may be anything
        able = [
            place
            for place in self._unused()
            if not self._is_known(place) and self._is_unmistakable(column, self._look(place))
        ]
        if len(able) == 1:
            note = "check it: the name says nothing, the values have the form"
            self._take(column.name, able[0], "by its values", [note])

    def _is_unmistakable(self, column: Column, seen: Looks) -> bool:
        match column.name:
            case "ordered_at":
                return min(seen.dates, seen.with_clock) >= FITS_SHARE
            case "amount":
                return min(seen.numbers, seen.fractions) >= FITS_SHARE
            case "phone":
                return seen.mobiles >= FITS_SHARE
            case "email":
                return seen.emails >= FITS_SHARE
            case "gender":
                return seen.genders >= FITS_SHARE
            case _:
                return False

    def _leave_open(self, name: str) -> None:
        column = self.export.column(name)
        able = [
            self._name(place)
            for place in self._unused()
            if not self._is_known(place)
            and self._look(place).values_n
            and fit(column, self._look(place)) >= FITS_SHARE
        ]
        twice = [
            own
            for own in dict.fromkeys(self.seen.names)
            if self.seen.names.count(own) > 1
            and (means := meaning(self.export.name, own)) is not None
            and means.column == name
        ]
        if twice:
            self.open[name] = Open(name, f"{twice[0]} is in the header twice", ())
            return
        why = "no column of the file goes by a known name"
        self.open[name] = Open(name, why, tuple(able[:CANDIDATES_SHOWN_N]), is_named=False)

    def _contradicted(self, column: Column, place: int) -> str | None:
        """Why a column cannot be it, by its values."""
        seen = self._look(place)
        if fit(column, seen) < CONTRADICTS_SHARE:
            if column.kind in {"instant", "day"} and seen.times_of_day >= FITS_SHARE:
                return "its values are times of a day without the day"
            return f"its values are no {_PLURALS[column.kind]} ({self._form(place)})"
        if column.kind == "day" and seen.with_clock >= CONTRADICTS_SHARE:
            return f"its values have a time of day ({self._form(place)}), and the column is a day"
        if column.name == "amount" and self._repeats_in_orders(place):
            return "it has one value an order: the order's total, not the line's"
        return None

    def _repeats_in_orders(self, place: int) -> bool:
        """Whether the values are totals of whole orders, on each line of them or on one."""
        order = self.places.get("order_id")
        if order is None:
            return False
        orders = (
            self.seen.rows.select(order=pl.nth(order), total=pl.nth(place))
            .filter(pl.col("order") != "")
            .group_by("order")
            .agg(
                lines_n=pl.len(),
                totals_n=pl.col("total").filter(pl.col("total") != "").n_unique(),
                total=pl.max("total"),
            )
            .filter(pl.col("lines_n") > 1)
        )
        return (
            len(orders) >= REPEATING_ORDERS_MIN
            and orders["total"].n_unique() >= REPEATING_TOTALS_MIN
            and (orders["totals_n"] <= 1).all()
        )

    def _is_doubtful(self, doubt: Doubt, place: int) -> bool:
        seen = self._look(place)
        if doubt == "a_name":
            return seen.codes < FITS_SHARE
        if doubt == "a_day":
            return seen.with_clock < FITS_SHARE
        return True

    def _all_equal(self, places: Sequence[int]) -> bool:
        first, *others = places
        rows = self.seen.rows
        has_values = self._look(first).values_n > 0
        return (
            has_values
            and rows.select(
                pl.all_horizontal(pl.nth(first) == pl.nth(other) for other in others).all()
            ).item()
        )

    def _take(self, column: str, place: int, how: How, notes: Sequence[str] = ()) -> None:
        self.places[column] = place
        seen, contract = self._look(place), self.export.column(column)
        told = list(notes)
        if not contract.is_nullable and seen.empty_share > 0:
            told.append(f"{seen.empty_share:.0%} of its values are empty: such rows are refused")
        if (share := fit(contract, seen)) < FITS_SHARE:
            told.append(f"{1 - share:.0%} of its values are no {_PLURALS[contract.kind]}")
        forms = tuple(shapes(self.seen.rows.to_series(place)))
        self.matches[column] = Match(column, self._name(place), how, forms, tuple(told))

    def _unused(self) -> list[int]:
        """The file's columns that are still free; of two with one name, neither can be mapped."""
        taken = set(self.places.values())
        return [
            place
            for place, name in enumerate(self.seen.names)
            if place not in taken and name and self.seen.names.count(name) == 1
        ]

    def _is_known(self, place: int) -> bool:
        name = self._name(place)
        return meaning(self.export.name, name) is not None or means_another_thing(
            self.export.name, name
        )

    def _look(self, place: int) -> Looks:
        if place not in self._looks:
            self._looks[place] = looks(self.seen.rows.to_series(place))
        return self._looks[place]

    def _form(self, place: int) -> str:
        return " or ".join(shapes(self.seen.rows.to_series(place)))

    def _name(self, place: int) -> str:
        return self.seen.names[place]


_PLURALS = {
    "text": "ids",
    "instant": "dates",
    "day": "days",
    "money": "amounts",
    "quantity": "numbers",
    "score": "numbers",
    "flag": "yes or no that can be read",
    "choice": "words that are known",
}
