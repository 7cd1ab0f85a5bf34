"""What is in quarantine, told: by file and reason, and row by row without what it holds."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import polars as pl

from regulars.data import warehouse
from regulars.data.landing import LandedFile
from regulars.data.quarantined import RefusedFile, chosen, masked, newest_files, reasons
from regulars.data.workspace import Workspace
from regulars.expectations.catalogue import say
from regulars.expectations.errors import SettingsError
from regulars.expectations.mending_sentences import remedy
from regulars.flows import steps
from regulars.flows.counts import counted
from regulars.flows.settings import Settings

SHAPE_LETTERS_MAX = 160
"""Of a refused line on a terminal: two or three of its lines."""


@dataclass(frozen=True)
class Refusal:
    """One file and reason for which rows were refused, in words."""

    load_id: int
    file: str
    reason: str
    column: str | None
    rows_n: int
    first_line: int
    sentence: str
    what_to_do: str


@dataclass(frozen=True)
class RefusedLine:
    """One refused row; ``shape`` is its raw line, masked."""

    load_id: int
    file: str
    line: int
    column: str | None
    reason: str
    sentence: str
    shape: str


@dataclass(frozen=True)
class QuarantineList:
    """What waits to be mended, and files that landed and are not loaded."""

    refusals: tuple[Refusal, ...]
    rows: tuple[RefusedLine, ...]
    not_loaded: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        return asdict(self) | {"rows_n": sum(one.rows_n for one in self.refusals)}

    def lines(self) -> Iterator[str]:
        if not self.refusals:
            yield "nothing is in quarantine"
        for load_id in dict.fromkeys(one.load_id for one in self.refusals):
            of_file = [one for one in self.refusals if one.load_id == load_id]
            rows_n = sum(one.rows_n for one in of_file)
            yield f"{of_file[0].file}: {counted(rows_n, 'row')} refused"
            for one in of_file:
                where = (
                    f"line {one.first_line}" if one.rows_n == 1 else f"from line {one.first_line}"
                )
                yield f"  {counted(one.rows_n, 'row')}, {where}: {one.sentence} ({one.reason})"
                yield f"    to do: {one.what_to_do}"
            for row in self.rows:
                if row.load_id == load_id:
                    yield f"  line {row.line}: {row.sentence}"
                    yield f"    {row.shape}"
        if self.not_loaded:
            yield f"landed and not loaded: {', '.join(self.not_loaded)}; regulars ingest"
        if self.refusals:
            yield 'next: regulars quarantine export --purpose "…", which writes a workbook of them'


def refused_files(
    workspace: Workspace, settings: Settings
) -> tuple[list[RefusedFile], list[LandedFile]]:
    """``newest_files`` of a workspace; nothing is made where nothing was loaded."""
    if not workspace.warehouse.exists():
        return [], []
    with warehouse.connected(workspace, steps.resources(settings)) as connection:
        return newest_files(connection, workspace)


def listed(
    workspace: Workspace,
    settings: Settings,
    *,
    file: str | None,
    reason: str | None,
    rows_n: int,
    language: str,
) -> QuarantineList:
    """What is in quarantine, of one file or reason where given, with the first rows of each file.

    Raises:
        SettingsError: nothing was refused in such a file or for such a reason; names the nearest.
    """
    files, unread = refused_files(workspace, settings)
    asked = asked_for(files, file=file, reason=reason)
    rows = [row for one in asked for row in _rows(one, rows_n, language)]
    return QuarantineList(
        tuple(_refusal(row, language) for row in reasons(asked).iter_rows(named=True)),
        tuple(rows),
        tuple(sorted(one.file for one in unread)),
    )


def asked_for(
    files: Sequence[RefusedFile], *, file: str | None, reason: str | None
) -> list[RefusedFile]:
    """``chosen``, or why there are none.

    Raises:
        SettingsError: a name was given of which nothing is in quarantine.
    """
    there = chosen(files)
    known = {
        "file": sorted({one.file.file for one in there}),
        "reason": sorted({code for one in there for code in one.rows["reason"]}),
    }
    for option, given in (("file", file), ("reason", reason)):
        if given is not None and given not in known[option]:
            raise _nothing_of(option, given, known[option])
    return chosen(files, file=file, reason=reason)


def _refusal(row: dict[str, Any], language: str) -> Refusal:
    sentence = say(f"refused.{row['reason']}", language, column=row["column"] or "")
    return Refusal(**row, sentence=sentence, what_to_do=remedy(row["reason"], language))


def _rows(one: RefusedFile, rows_n: int, language: str) -> Iterator[RefusedLine]:
    shape = masked(pl.col("raw").str.slice(0, SHAPE_LETTERS_MAX))
    for row in one.rows.head(rows_n).with_columns(shape=shape).iter_rows(named=True):
        words = json.loads(row["parameters"]) | {"column": row["column"] or ""}
        yield RefusedLine(
            one.load_id,
            one.file.file,
            row["line"],
            row["column"],
            row["reason"],
            say(row["reason"], language, **words),
            row["shape"],
        )


def _nothing_of(option: str, given: str, known: Sequence[str]) -> SettingsError:
    near = difflib.get_close_matches(given, known, n=1, cutoff=0.5)
    return SettingsError(
        f"nothing is in quarantine with the {option} {given!r}",
        expected=f"one of {', '.join(known)}" if known else "rows in quarantine",
        found=given + (f" (did you mean {near[0]!r}?)" if near else ""),
        left="nothing was changed",
        next_step=f"regulars quarantine list --{option} {near[0]}"
        if near
        else "regulars quarantine list",
    )
