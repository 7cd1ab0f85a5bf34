"""A workbook of refused rows as it comes back: saved as .xlsx, or a sheet of it as CSV."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from regulars.data.headers import DELIMITERS
from regulars.expectations.errors import DataRefused
from regulars.expectations.mending_sentences import MENDING_SENTENCES

if TYPE_CHECKING:
    import fastexcel

ENCODINGS = ("utf-8-sig", "gb18030", "utf-16")
_KEY = MENDING_SENTENCES["mending.key"][0]
_RAW = MENDING_SENTENCES["mending.raw"]
_GIVE_UP = MENDING_SENTENCES["mending.give_up"]
_FILE = MENDING_SENTENCES["mending.file"]


@dataclass(frozen=True)
class GivenRow:
    """One row of a sheet: what stands under each name, and in the column of raw lines.

    ``numbers`` names the columns whose cell is a number, not a text that spells one.
    """

    sheet: str
    number: int
    key: str
    file: str
    cells: dict[str, str]
    raw: str
    is_given_up: bool
    numbers: frozenset[str] = frozenset()


def given_rows(path: Path) -> list[GivenRow]:
    """The rows of all sheets that have the column of keys, blank rows apart.

    Raises:
        DataRefused: no file, of another kind, unreadable, or without that column.
    """
    if not path.is_file():
        raise _refused(path, "no such file")
    sheets = _sheets(path) if path.suffix.lower() in (".xlsx", ".xlsm") else [_csv_sheet(path)]
    with_keys = [sheet for sheet in sheets if sheet.rows and _KEY in sheet.rows[0]]
    if not with_keys:
        raise _refused(path, f"no sheet with a column {_KEY}")
    return [row for sheet in with_keys for row in _rows(sheet)]


@dataclass(frozen=True)
class _Sheet:
    """A sheet's cells as texts, header first; ``numbers`` are the places of numbers by row."""

    name: str
    rows: list[list[str]]
    numbers: dict[int, list[int]] = field(default_factory=dict)


def _rows(sheet: _Sheet) -> Iterator[GivenRow]:
    names = [name.strip() for name in sheet.rows[0]]
    for number, values in enumerate(sheet.rows[1:], start=2):
        # Of two columns with one name the first is ours; a note may be called as it likes.
        cells = dict(zip(reversed(names), reversed(values), strict=True))
        key = cells.pop(_KEY).strip()
        raw, file, give_up = (
            next((cells[name] for name in ours if name in cells), "")
            for ours in (_RAW, _FILE, _GIVE_UP)
        )
        numbers = frozenset(names[place] for place in sheet.numbers.get(number - 1, ()))
        if key or any(value.strip() for value in cells.values()):
            yield GivenRow(
                sheet.name, number, key, file, cells, raw, bool(give_up.strip()), numbers
            )


def _sheets(path: Path) -> list[_Sheet]:
    import fastexcel

    try:
        book = fastexcel.read_excel(path)
        return [_sheet(book, name) for name in book.sheet_names]
    except fastexcel.FastExcelError as error:
        raise _refused(path, "a file that is no workbook, or is damaged") from error


def _sheet(book: fastexcel.ExcelReader, name: str) -> _Sheet:
    """Numbers are spelled at their shortest, days as ISO, errors as an error."""
    loaded = book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
    batch, errors = loaded.to_arrow_with_errors()
    cells = pl.DataFrame(pl.from_arrow(batch))
    for error in errors.errors if errors else []:
        row, column = error.position
        cells[row, column] = "#ERROR!"
    # Read as booleans, numbers are there and texts are not.
    typed = book.load_sheet(name, header_row=None, skip_rows=0, dtypes="boolean").to_polars()
    numbers: dict[int, list[int]] = {}
    for place, values in enumerate(typed.iter_columns()):
        for at in values.is_not_null().arg_true():
            numbers.setdefault(at, []).append(place)
    return _Sheet(name, [list(row) for row in cells.fill_null("").rows()], numbers)


def _csv_sheet(path: Path) -> _Sheet:
    """The encoding and the delimiter are those under which the column of keys is there."""
    content = path.read_bytes()
    for encoding in ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        for delimiter in DELIMITERS:
            header = next(csv.reader(StringIO(text.partition("\n")[0]), delimiter=delimiter), [])
            if _KEY in header:
                rows = list(csv.reader(StringIO(text, newline=""), delimiter=delimiter))
                return _Sheet(path.name, [_as_wide(row, len(header)) for row in rows])
    return _Sheet(path.name, [])


def _as_wide(row: list[str], width: int) -> list[str]:
    return [*row, *[""] * (width - len(row))][:width]


def _refused(path: Path, found: str) -> DataRefused:
    return DataRefused(
        f"{path} is not a workbook of refused rows",
        expected="the .xlsx that regulars quarantine export wrote, or a sheet of it saved as CSV",
        found=found,
        left="nothing was changed",
        next_step='regulars quarantine export --purpose "…", which writes one',
    )
