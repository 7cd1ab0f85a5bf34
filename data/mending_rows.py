"""Refused rows as they are handed out to be mended: each with a key by which it is found again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from regulars.data.headers import Layout
from regulars.data.landing import LandedFile
from regulars.data.quarantine import RAW_BYTES_MAX
from regulars.data.quarantined import RefusedFile
from regulars.data.splicing import cells_of
from regulars.data.unread import NESTED_VALUE, WHOLE_ROW
from regulars.expectations.catalogue import say
from regulars.expectations.mending_sentences import MENDING_SENTENCES, mending_words, remedy

CELL_LETTERS_MAX = 32_767
"""What a cell of a spreadsheet holds; more would be cut off in silence."""
ROWS_MAX = 50_000
"""Of one file. More rows than that have one cause, which is mended at its source, not by hand."""
SHEET_COLUMNS = ("key", "file", "line", "wrong", "remedy", "give_up", "raw")
"""Before the file's own columns; ``raw`` only where a row could not be split."""
_DIGEST_LETTERS_N = 16
# Of JSON Lines: then the raw line is the object itself, not a record made of it.
_WHOLE_LINES = (NESTED_VALUE, WHOLE_ROW, "invalid_encoding")


@dataclass(frozen=True)
class RowKey:
    """Which row it is: the export, the start of the file's digest, the line, and what it said."""

    export: str
    digest: str
    line: int
    said: str

    def __str__(self) -> str:
        return f"{self.export}-{self.digest}-{self.line}-{self.said}"

    @classmethod
    def read(cls, text: str) -> RowKey | None:
        """The key that a text is, if it is one."""
        parts = text.strip().split("-")
        if len(parts) != 4 or not parts[2].isdecimal():  # noqa: PLR2004 - as written above
            return None
        return cls(parts[0], parts[1], int(parts[2]), parts[3])


def key_of(file: LandedFile, line: int, said: Sequence[str]) -> RowKey:
    return RowKey(file.export, start_of(file.sha256), line, digest_of(said))


def start_of(sha256: str) -> str:
    """As much of a digest as tells one file from another."""
    return sha256[:_DIGEST_LETTERS_N]


def digest_of(said: Sequence[str]) -> str:
    """What a row says, whatever became of its line ends and outer blanks in a spreadsheet.

    >>> digest_of(["a1 ", "x"]) == digest_of(["a1", "x"]) != digest_of(["a1x", ""])
    True
    """
    plain = [cell.replace("\r\n", "\n").replace("\r", "\n").strip(" ") for cell in said]
    return hashlib.sha256(json.dumps(plain).encode()).hexdigest()[:_DIGEST_LETTERS_N]


@dataclass(frozen=True)
class RowToMend:
    """One refused row. ``cells`` is null where it cannot be split; ``wrong`` is a place in it."""

    key: str
    line: int
    reason: str
    sentence: str
    remedy: str
    cells: list[str] | None
    raw: str
    wrong: int | None


@dataclass(frozen=True)
class FileToMend:
    """The refused rows of a file. ``left_out_n`` more are too long for a cell, or too many."""

    file: str
    names: list[str]
    rows: list[RowToMend]
    left_out_n: int


def rows_to_mend(one: RefusedFile, language: str, *, store: str | None = None) -> FileToMend:
    """The refused rows of a file, of one store where it is given, with what to do about each."""
    layout = one.file.layout
    asked = [
        row
        for row in _rows(one, language)
        if store is None or _cell(row, layout.places.get("store_id")) == store
    ]
    fitting = [row for row in asked if _longest(row) <= CELL_LETTERS_MAX][:ROWS_MAX]
    names = column_names(layout, language)
    return FileToMend(one.file.file, names, fitting, len(asked) - len(fitting))


def column_names(layout: Layout, language: str) -> list[str]:
    """The file's own names of its columns, made unlike each other, those without one numbered."""
    ours = {word for code in SHEET_COLUMNS for word in MENDING_SENTENCES[f"mending.{code}"]}
    names: list[str] = []
    for place, name in enumerate(layout.names, start=1):
        own = name.strip() or mending_words("mending.unnamed", language, place=place)
        spellings = (own, *(f"{own} ({number})" for number in range(2, layout.width + 2)))
        names.append(next(one for one in spellings if one not in ours and one not in names))
    return names


def said_by(row: dict[str, Any], layout: Layout) -> list[str] | None:
    """The cells of a refused row (of ``QUARANTINE_SCHEMA``); null where it could not be split."""
    is_line = layout.format == "json" and row["reason"] in _WHOLE_LINES
    return None if is_line else cells_of(row["raw"], layout)


def sentence(row: dict[str, Any], language: str, own_names: dict[str, str]) -> str:
    """Why a row (of ``QUARANTINE_SCHEMA``) was refused, with the column as its file names it."""
    parameters = json.loads(row["parameters"])
    column = row["column"] or ""
    return say(row["reason"], language, **parameters | {"column": own_names.get(column, column)})


def _rows(one: RefusedFile, language: str) -> Iterator[RowToMend]:
    layout = one.file.layout
    own_names = {name: layout.names[place].strip() for name, place in layout.places.items()}
    for row in one.rows.iter_rows(named=True):
        cells = said_by(row, layout)
        yield RowToMend(
            key=str(key_of(one.file, row["line"], cells or [row["raw"]])),
            line=row["line"],
            reason=row["reason"],
            sentence=sentence(row, language, own_names),
            remedy=remedy(row["reason"], language),
            # A spreadsheet has one kind of line end within a cell.
            cells=[cell.replace("\r\n", "\n") for cell in cells] if cells else None,
            raw=row["raw"].replace("\r\n", "\n"),
            wrong=layout.places.get(row["column"]) if row["column"] else None,
        )


def _longest(row: RowToMend) -> int:
    # Of a raw line that was cut off, the rest is not in quarantine.
    if len(row.raw.encode()) >= RAW_BYTES_MAX:
        return RAW_BYTES_MAX
    return max(map(len, row.cells or [row.raw]), default=0)


def _cell(row: RowToMend, place: int | None) -> str | None:
    return row.cells[place].strip() if row.cells and place is not None else None
