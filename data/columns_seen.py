"""A file's header and its first rows, read before anybody has said what the columns are.

A header is told by names that some export knows: read in a wrong encoding or split at a wrong
character, it holds none.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import polars as pl

from regulars.data import excel, json_lines, parquet
from regulars.data.headers import (
    HEADER_BYTES_MAX,
    HEADER_LINES_MAX,
    Format,
    HeaderFound,
    candidates,
    format_of,
)
from regulars.expectations.errors import DataRefused
from regulars.expectations.synonyms import is_known

ROWS_SEEN_MAX = 1000
SHEETS_SEEN_MAX = 20
# They stand in a first cell of a row that sums up those above it.
_TOTALS = ("合计", "小计", "总计", "总合计", "本页合计", "total", "subtotal", "grand total")


@dataclass(frozen=True)
class SeenFile:
    """A file's columns by their own names, with its first rows as text in the same order.

    The header is on physical line (row of a sheet) ``header_line``; ``sheets`` are all of a
    workbook. A field without a value is an empty text; rows of another width, without any value,
    or of totals are left out.
    """

    path: Path
    format: Format
    encoding: str
    delimiter: str
    sheet: str | None
    sheets: tuple[str, ...]
    header_line: int
    names: tuple[str, ...]
    rows: pl.DataFrame


def seen(path: Path, *, sheet: str | None = None) -> SeenFile:
    """What a file's columns are called, and its first ``ROWS_SEEN_MAX`` rows.

    ``sheet`` is the sheet of a workbook; otherwise the one with the most known names.

    Raises:
        DataRefused: the file is empty, damaged, of no format that is read, or has no such sheet.
    """
    with path.open("rb") as file:
        head = file.read(HEADER_BYTES_MAX)
    if not head.strip():
        raise _empty(path, len(head))
    form = format_of(path, head)
    rows: Iterator[Sequence[str]]
    sheets: tuple[str, ...] = ()
    match form:
        case "excel":
            sheets = _sheets(path)
            looked_at = [sheet] if sheet or not sheets else sheets[:SHEETS_SEEN_MAX]
            found = [_sheet(path, name) for name in looked_at]
            sheet, header, cells = max(found, key=lambda one: _known_n(one[1]))
            rows = iter(cells[header.line :])
        case "json":
            header = HeaderFound("utf-8-sig", "", 1, json_lines.names(path))
            rows = _objects(path, header.names)
        case "parquet":
            header = HeaderFound("", "", 1, parquet.names(path))
            rows = _values(path)
        case _:
            header = _header(candidates(head))
            rows = _records(head, header)
    return SeenFile(
        path,
        form,
        header.encoding,
        header.delimiter,
        sheet if form == "excel" else None,
        sheets,
        header.line,
        tuple(header.names),
        _frame(rows, len(header.names)),
    )


def _sheets(path: Path) -> tuple[str, ...]:
    import fastexcel

    try:
        return tuple(fastexcel.read_excel(path).sheet_names)
    except fastexcel.FastExcelError:
        return ()  # what is wrong with it is told by whoever reads it


def _sheet(path: Path, name: str | None) -> tuple[str, HeaderFound, list[list[str]]]:
    sheet, cells = excel.head(path, name, HEADER_LINES_MAX + ROWS_SEEN_MAX, "exports.NAME")
    lines = enumerate(cells[:HEADER_LINES_MAX], start=1)
    return sheet, _header(HeaderFound("", "", line, names) for line, names in lines), cells


def _known_n(header: HeaderFound) -> int:
    return sum(map(is_known, {*header.names}))


def _header(candidates: Iterator[HeaderFound]) -> HeaderFound:
    """The one with the most known names; of equals the first, or the one of most cells."""
    return max(
        (one for one in candidates if all(map(str.isprintable, one.names))),
        key=lambda one: (_known_n(one), len(one.names), -one.line),
        default=HeaderFound("utf-8-sig", ",", 1, []),
    )


def _records(head: bytes, header: HeaderFound) -> Iterator[list[str]]:
    text = head.decode(header.encoding, errors="replace")
    if len(head) == HEADER_BYTES_MAX:
        text = text.rpartition("\n")[0]
    lines = text.splitlines(keepends=True)[header.line :]
    try:
        yield from csv.reader(lines, delimiter=header.delimiter)
    except csv.Error:  # a quote that is never closed: what came before it is enough
        return


def _objects(path: Path, names: Sequence[str]) -> Iterator[list[str]]:
    with path.open(encoding="utf-8-sig", errors="replace") as lines:
        for line in lines:
            try:
                found = json.loads(line, parse_float=str, parse_int=str)
            except ValueError:
                continue
            if isinstance(found, dict):
                yield [_spelled(found.get(name)) for name in names]


def _spelled(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else ""


def _values(path: Path) -> Iterator[tuple[str, ...]]:
    spelled = [
        pl.lit("").alias(name) if kind.is_nested() else pl.col(name).cast(pl.String, strict=False)
        for name, kind in pl.read_parquet_schema(path).items()
    ]
    yield from (
        pl.scan_parquet(path)
        .head(ROWS_SEEN_MAX)
        .select(spelled)
        .fill_null("")
        .collect()
        .iter_rows()
    )


def _frame(rows: Iterator[Sequence[str]], width: int) -> pl.DataFrame:
    whole = (row for row in rows if len(row) == width and _is_data(row))
    return pl.DataFrame(
        list(islice(whole, ROWS_SEEN_MAX)),
        schema={f"c{place}": pl.String for place in range(width)},
        orient="row",
    )


def _is_data(row: Sequence[str]) -> bool:
    first = next((cell for cell in row if cell.strip()), None)
    return first is not None and first.strip(" ：:").casefold() not in _TOTALS


def _empty(path: Path, bytes_n: int) -> DataRefused:
    return DataRefused(
        f"{path.name}: the file is empty",
        expected="a header and rows",
        found=f"{bytes_n} bytes",
        left="nothing was changed",
        next_step="export it again",
    )
