"""In what a file differs from those before it of the same source: its columns, its volume.

Nothing of it makes a single row wrong, so no rule of a row can see it: a till that stopped
exporting a column, a file with a tenth of the usual lines, an export that came empty.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Literal

import duckdb

from regulars.data.landing import LandedFile
from regulars.data.warehouse import HISTORIES, table_of
from regulars.expectations.catalogue import say
from regulars.expectations.errors import DataRefused
from regulars.expectations.exports import EXPORTS

Aspect = Literal["columns", "volume", "empty"]
Policy = Literal["stop", "warn", "off"]

EARLIER_FILES_MAX = 8
"""Of the same source: about two months of weekly files, a week of daily ones."""
USUAL_ROWS_MIN = 20
"""In a file: of fewer, a holiday alone leaves a tenth."""
LOW_SHARE, HIGH_FACTOR = 0.1, 10


@dataclass(frozen=True)
class Tolerance:
    """What is done about each aspect, and which of them a person has accepted this time."""

    columns: Policy = "stop"
    volume: Policy = "stop"
    empty: Policy = "warn"
    accepted: frozenset[str] = frozenset()

    def stops(self, aspect: Aspect) -> bool:
        return getattr(self, aspect) == "stop" and aspect not in self.accepted

    def tells(self, aspect: Aspect) -> bool:
        return bool(getattr(self, aspect) != "off")


DEFAULT_TOLERANCE = Tolerance()


@dataclass(frozen=True)
class Difference:
    """One difference: ``code`` is columns_missing, columns_added, volume_low, volume_high, empty.

    What ``is_harmless`` is told and stops nothing: no figure follows from columns that were added,
    and a campaign is as large as it was meant to be.
    """

    code: str
    aspect: Aspect
    file: str
    expected: str
    found: str
    next_step: str
    is_harmless: bool = False

    def sentence(self) -> str:
        return f"{self.file}: {self.found}; {self.expected}"


@dataclass(frozen=True)
class Volume:
    """Good rows of a file, and the business days they are of (1 and null for a list)."""

    rows_n: int
    days_n: int
    first_on: date | None = None
    last_on: date | None = None

    @property
    def a_day(self) -> float:
        return self.rows_n / max(self.days_n, 1)


def refuse(
    differences: Sequence[Difference],
    tolerance: Tolerance,
    refusals: Mapping[str, Sequence[tuple[str, str | None, int, int]]],
) -> None:
    """Nothing, unless a difference stops a delivery.

    ``refusals`` tells of each file why rows of it were refused: reason, column, rows, first line.

    Raises:
        DataRefused: one does; how it is accepted is said.
    """
    stopping = [d for d in differences if tolerance.stops(d.aspect) and not d.is_harmless]
    if not stopping:
        return
    first = stopping[0]
    aspects = " ".join(f"--accept {aspect}" for aspect in dict.fromkeys(d.aspect for d in stopping))
    more = f" (and {len(stopping) - 1} more)" if len(stopping) > 1 else ""
    raise DataRefused(
        f"{first.file} is not like the files before it{more}",
        expected=first.expected,
        found=first.found + _why_few(first, refusals.get(first.file, ())),
        left="nothing of this delivery was loaded; the last publication is untouched",
        next_step=f"{first.next_step}; if the file is right: regulars run {aspects}",
    )


def _why_few(difference: Difference, refusals: Sequence[tuple[str, str | None, int, int]]) -> str:
    """Few good rows are often many bad ones, and those have a reason."""
    if difference.code != "volume_low" or not refusals:
        return ""
    reason, column, rows_n, first_line = max(refusals, key=lambda one: one[2])
    sentence = say(f"refused.{reason}", "en", column=column or "")
    return f"; {rows_n:,} were refused, such as line {first_line}: {sentence}"


def column_differences(file: LandedFile, earlier: Sequence[LandedFile]) -> list[Difference]:
    """Columns that the latest file of the source had and this one has not, and the reverse."""
    before = _latest(file, earlier)
    if before is None:
        return []
    had, has = {*before.layout.places}, {*file.layout.places}
    missing = sorted(had - has)
    added = sorted((has - had) | ({*file.layout.ignored} - {*before.layout.ignored}))
    differences = []
    if missing:
        unused = [name for name in file.layout.ignored if name not in before.layout.ignored]
        renamed = f"; {', '.join(unused)} is new and may be it" if unused else ""
        differences.append(
            Difference(
                "columns_missing",
                "columns",
                file.file,
                f"the columns of {before.file}",
                f"no {', '.join(missing)}{renamed}",
                f"if it was renamed, write its new name under [exports.{file.export}.columns] of "
                "regulars.toml",
            )
        )
    if added:
        differences.append(
            Difference(
                "columns_added",
                "columns",
                file.file,
                f"they were not in {before.file}",
                f"new columns {', '.join(added)}",
                "map them in regulars.toml, if the contract has a use for them",
                is_harmless=True,
            )
        )
    return differences


def volume_differences(
    file: LandedFile, volume: Volume, earlier: Sequence[Volume], *, is_empty: bool
) -> list[Difference]:
    """Whether a file brings a tenth or ten times of what files of its source bring a day."""
    if is_empty:
        return [
            Difference(
                "empty",
                "empty",
                file.file,
                "files of this export usually have rows" if earlier else "at least one row",
                "a header and no rows",
                "look whether the system had nothing to export",
            )
        ]
    usual = [one for one in earlier if one.rows_n][-EARLIER_FILES_MAX:]
    if not usual or median(one.rows_n for one in usual) < USUAL_ROWS_MIN:
        return []
    a_day = median(one.a_day for one in usual)
    if LOW_SHARE * a_day < volume.a_day < HIGH_FACTOR * a_day:
        return []
    is_low = volume.a_day < a_day
    if is_low and not _goes_on(volume, earlier):
        return []  # late rows and corrections of days that were delivered are few
    return [
        Difference(
            "volume_low" if is_low else "volume_high",
            "volume",
            file.file,
            f"about {a_day:,.0f} rows for each day, as in the last {_files(len(usual))}",
            f"{volume.rows_n:,} good rows, {volume.a_day:,.0f} for each day",
            "look whether the export is whole, and what was quarantined"
            if is_low
            else "look whether rows are doubled, or several stores' files are one",
            is_harmless=not EXPORTS[file.export].is_steady,
        )
    ]


def arrived(connection: duckdb.DuckDBPyConnection, first_load_id: int) -> dict[int, Volume]:
    """Of each load from ``first_load_id`` on that brought events: how many, of how many days."""
    by_day = " UNION ALL ".join(
        f"SELECT load_id, {export.happened_on} AS day, count(*) AS rows_n "
        f"FROM {table_of(export)} WHERE load_id >= $1 GROUP BY ALL"
        for export in HISTORIES
    )
    rows = connection.execute(
        "SELECT load_id, CAST(sum(rows_n) AS BIGINT), count(*), min(day), max(day) "
        f"FROM ({by_day}) GROUP BY load_id",
        [first_load_id],
    ).fetchall()
    return {load_id: Volume(*volume) for load_id, *volume in rows}


def volumes_before(
    connection: duckdb.DuckDBPyConnection, file: LandedFile, earlier: Sequence[LandedFile]
) -> list[Volume]:
    """What the loads of a source brought so far, in the order they were loaded."""
    digests = [other.sha256 for other in earlier if _is_alike(other, file)]
    rows = connection.execute(
        "SELECT accepted_n + duplicate_n, coalesce(days_n, 1), first_on, last_on FROM loads "
        "WHERE export = $1 AND list_contains($2, sha256) ORDER BY load_id",
        [file.export, digests],
    ).fetchall()
    return [Volume(*volume) for volume in rows]


def _goes_on(volume: Volume, earlier: Sequence[Volume]) -> bool:
    """Whether a file brings a business day that its source had not come to yet; a list does."""
    last = max((one.last_on for one in earlier if one.last_on), default=None)
    return last is None or volume.last_on is None or volume.last_on > last


def _latest(file: LandedFile, earlier: Sequence[LandedFile]) -> LandedFile | None:
    alike = [other for other in earlier if _is_alike(other, file)]
    return max(alike, key=lambda other: (other.delivery_id, other.file), default=None)


def _is_alike(one: LandedFile, other: LandedFile) -> bool:
    return (one.export, one.source) == (other.export, other.source)


def _files(count: int) -> str:
    return "file" if count == 1 else f"{count} files"
