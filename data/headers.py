"""How a file is laid out: format, encoding, delimiter, and which column is which.

Nothing is guessed from the rows. The layout is the one under which the *header* matches the
contract: a header read in the wrong encoding or split at the wrong character matches nothing, and
what stands above the header is no header either.
"""

from __future__ import annotations

import csv
import difflib
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from regulars.data import excel, json_lines, parquet
from regulars.data.signs import ALL_SIGNS
from regulars.expectations.errors import DataRefused
from regulars.expectations.exports import Export
from regulars.expectations.synonyms import suggested

ENCODINGS = ("utf-8-sig", "gb18030", "utf-16")
DELIMITERS = (",", "\t", ";", "|")
# A header longer than this is no header: the file is not delimited text.
HEADER_BYTES_MAX = 1 << 20
# Titles, filters and blank lines that systems write above a header are fewer than this.
HEADER_LINES_MAX = 30

Format = Literal["delimited", "excel", "json", "parquet"]
_LEFT = "nothing of this delivery was loaded; the last publication is untouched"


@dataclass(frozen=True)
class Layout:
    """What a file is, and where contract columns stand in it.

    ``encoding`` is that of text, else the format's name. ``names`` are the file's own columns in
    their order, ``places`` maps contract columns to places in it. The header is on physical line
    (row of a sheet) ``header_line``; what stands above it is no data. ``decimal``, ``thousands``
    and ``dates`` are what settings declare of the spelling of values; ``signs`` tell what the text
    may hold, known once the whole file was seen.
    """

    encoding: str
    delimiter: str
    names: list[str]
    places: dict[str, int]
    format: Format = "delimited"
    header_line: int = 1
    sheet: str | None = None
    decimal: str = "."
    thousands: str | None = None
    dates: list[str] = field(default_factory=list)
    signs: list[str] = field(default_factory=lambda: [*ALL_SIGNS])

    @property
    def width(self) -> int:
        return len(self.names)

    @property
    def ignored(self) -> list[str]:
        """The file's columns that the contract has no use for."""
        used = set(self.places.values())
        return [name for place, name in enumerate(self.names) if place not in used and name]

    @property
    def is_text_itself(self) -> bool:
        """Whether the file's own bytes are the UTF-8 text that is read."""
        return self.format == "delimited" and self.encoding == "utf-8-sig"

    @property
    def is_by_lines(self) -> bool:
        """Whether the file ends with a line, so that one cut short can be told."""
        return self.format in ("delimited", "json")


@dataclass(frozen=True)
class HeaderFound:
    """A line that may be the header, read in one way."""

    encoding: str
    delimiter: str
    line: int
    names: list[str]


def layout_of(
    path: Path,
    export: Export,
    names_of: Mapping[str, str | tuple[str, ...]],
    *,
    sheet: str | None = None,
    decimal: str = ".",
    thousands: str | None = None,
    dates: tuple[str, ...] = (),
    section: str | None = None,
) -> Layout:
    """The layout of a file of this export.

    ``names_of`` maps contract columns to the name the files give them, or to several, of which the
    first that the file has counts; columns it does not mention go by the contract's name.
    ``sheet`` is the sheet of a workbook, ``section`` the section of the settings that declares
    all this.

    Raises:
        DataRefused: the file is empty or damaged, a required column is missing, one is there
            twice, or the sheet is not there or not named.
    """
    section = section or f"exports.{export.name}"
    with path.open("rb") as file:
        head = file.read(HEADER_BYTES_MAX)
    if not head.strip():
        raise DataRefused(
            f"{path.name}: the file is empty",
            expected=f"a header with {', '.join(_own(export.required, _chosen(names_of, [])))}",
            found=f"{len(head)} bytes",
            left=_LEFT,
            next_step="export it again, or take it out of the folder",
        )
    form = format_of(path, head)
    if form == "excel":
        known = {name for given in names_of.values() for name in _several(given)}
        sheet, rows = excel.head(path, sheet, HEADER_LINES_MAX, section, known)
        found = [HeaderFound("excel", ",", line, names) for line, names in enumerate(rows, start=1)]
    elif form == "json":
        found = [HeaderFound("utf-8-sig", ",", 1, json_lines.names(path))]
    elif form == "parquet":
        found = [HeaderFound("parquet", ",", 1, parquet.names(path))]
    else:
        found = list(candidates(head))
    best = max(
        found,
        key=lambda one: _likeness(export, _chosen(names_of, one.names), one.names),
        default=HeaderFound(ENCODINGS[0], DELIMITERS[0], 1, []),
    )
    own_names = _chosen(names_of, best.names)
    encoding = best.encoding
    if form == "delimited" and encoding == "utf-8-sig" and _is_chinese(head):
        encoding = "gb18030"
    where = {"excel": f"sheet {sheet!r}, row {best.line}", "delimited": f"line {best.line}"}
    place = f"{path.name}, {where.get(form, form)}"
    _check(path, place, export, own_names, best.names, section, names_of)
    places = {
        column.name: best.names.index(own)
        for column in export.columns
        if (own := own_names.get(column.name, column.name)) in best.names
    }
    is_typed = form in ("json", "parquet")
    return Layout(
        encoding,
        best.delimiter,
        best.names,
        places,
        format=form,
        header_line=best.line,
        sheet=sheet if form == "excel" else None,
        # Their numbers are numbers: nothing can be declared of how they are spelled.
        decimal="." if is_typed else decimal,
        thousands=None if is_typed else thousands,
        dates=[*dates],
    )


def format_of(path: Path, head: bytes) -> Format:
    """What the bytes are, whatever the name says."""
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return "excel"
    if head.startswith(b"PAR1"):
        return "parquet"
    first = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    kinds = {b"\x1f\x8b": "compressed", b"BZh": "compressed", b"\xfd7zXZ": "compressed"}
    kind = next((kind for magic, kind in kinds.items() if head.startswith(magic)), None)
    if first == b"<":
        kind = "a web page"
    elif first == b"[" and path.suffix.lower() in (".json", ".jsonl", ".ndjson"):
        kind = "one JSON list"
    if kind:
        raise DataRefused(
            f"{path.name}: the file is {kind}",
            expected="CSV, TSV, Excel, JSON Lines (one object a line) or Parquet",
            found=f"a file that begins as one that is {kind}, under the name {path.name}",
            left=_LEFT,
            next_step="unpack it into the folder"
            if kind == "compressed"
            else "open it in Excel and save it as .xlsx, or export it in another format",
        )
    return "json" if first == b"{" else "delimited"


def candidates(head: bytes) -> Iterator[HeaderFound]:
    for encoding in ENCODINGS:
        for delimiter in DELIMITERS:
            for number, line in _first_lines(head, encoding):
                if names := _names(line, delimiter):
                    yield HeaderFound(encoding, delimiter, number, names)


def _first_lines(head: bytes, encoding: str) -> Iterator[tuple[int, str]]:
    """The first lines that are of this encoding, by number."""
    if encoding == "utf-16":
        if head.startswith((b"\xff\xfe", b"\xfe\xff")):
            text = head[: len(head) // 2 * 2].decode(encoding, errors="replace")
            yield from enumerate(re.split("\r\n|\r|\n", text)[:HEADER_LINES_MAX], start=1)
        return
    for number, line in enumerate(head.splitlines()[:HEADER_LINES_MAX], start=1):
        try:
            yield number, line.decode(encoding)
        except UnicodeDecodeError:
            continue


_CHINESE_SHARE = 0.9
_CHINESE_WORD = re.compile(rb"[\xa1-\xfe]{4}")


def _is_chinese(head: bytes) -> bool:
    """Whether the lines below an ASCII header are Chinese as Excel on a Chinese Windows saves it.

    Only where UTF-8 can read none of the lines that are not ASCII, nearly all are made of the
    common characters (GB 2312), and two of them follow each other: single damaged bytes are no
    encoding.
    """
    if head.isascii():
        return False
    lines = [line for line in head.splitlines() if not line.isascii()]
    if not _CHINESE_WORD.search(head) or any(_is_of(line, "utf-8") for line in lines[:-1]):
        return False
    chinese_n = sum(_is_of(line, "gb2312") for line in lines)
    is_cut = len(head) == HEADER_BYTES_MAX
    return chinese_n >= _CHINESE_SHARE * (len(lines) - is_cut)


def _is_of(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _names(line: str, delimiter: str) -> list[str]:
    try:
        names = next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:  # a field longer than any header has
        return []
    return [name.strip() for name in names]


def _several(given: str | tuple[str, ...]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else given


def _chosen(names_of: Mapping[str, str | tuple[str, ...]], names: list[str]) -> dict[str, str]:
    """The one name of each column that the file goes by."""
    return {
        column: next((name for name in _several(given) if name in names), _several(given)[0])
        for column, given in names_of.items()
    }


def _likeness(export: Export, own_names: Mapping[str, str], names: list[str]) -> tuple[bool, int]:
    """How well a line is a header: whether nothing required is missing, and how much is there."""
    wanted = {own_names.get(column.name, column.name) for column in export.columns}
    required = set(_own(export.required, own_names))
    return required <= set(names), len(wanted & set(names))


def _written(name: str, before: tuple[str, ...]) -> str:
    """A column's entry in settings: files under its earlier names are read as well."""
    if not before:
        return f'"{name}"'
    return "[" + ", ".join(f'"{one}"' for one in (*before, name)) + "]"


def _own(columns: tuple[str, ...], own_names: Mapping[str, str]) -> list[str]:
    return [own_names.get(column, column) for column in columns]


def _check(
    path: Path,
    place: str,
    export: Export,
    own_names: Mapping[str, str],
    names: list[str],
    section: str,
    names_of: Mapping[str, str | tuple[str, ...]],
) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    used = {own_names.get(column.name, column.name) for column in export.columns}
    if ambiguous := [name for name in twice if name in used]:
        raise DataRefused(
            f"{place}: the column {ambiguous[0]!r} is there twice",
            expected="each column that is used, once",
            found=_shown(names, export, own_names),
            left=_LEFT,
            next_step="rename one of the two in the export, then run again",
        )
    wanted = set(export.required) | set(own_names)
    missing = [column for column in sorted(wanted) if own_names.get(column, column) not in names]
    if missing:
        column = missing[0]
        own = own_names.get(column, column)
        taken = {own_names.get(other.name, other.name) for other in export.columns}
        free = [name for name in names if name not in taken]
        near = suggested(export.name, column, free) or next(
            iter(difflib.get_close_matches(own, free, n=1, cutoff=0.5)), None
        )
        suggestion = near or "its name in the file"
        raise DataRefused(
            f"{place}: no column {own!r} for {export.name}.{column}",
            expected=f"a header with {', '.join(_own(export.required, own_names))}",
            found=_shown(names, export, own_names) + (f" (did you mean {near!r}?)" if near else ""),
            left=_LEFT,
            next_step=f"in regulars.toml, under [{section}.columns], write: "
            f"{column} = {_written(suggestion, _several(names_of.get(column, ())))}"
            if near
            else f"regulars map {shlex.quote(str(path))} proposes which column is which; a file "
            "that is no such export does not belong here",
        )


def _shown(names: list[str], export: Export, own_names: Mapping[str, str]) -> str:
    """The header for an error message, unless it may be a row of data, which may name people."""
    if not names:
        return "a first line that is blank or no text"
    if any(re.search(r"\d{4}|@", name) for name in names):
        return f"{len(names)} cells that look like data: is the header line missing?"
    if all(column.role != "vault" for column in export.columns):
        return ", ".join(names)
    # Where names of people are expected, a cell is told only if it is a column's name for sure.
    known = {own_names.get(column.name, column.name) for column in export.columns}
    told = [name for name in names if name in known]
    others_n = len(names) - len(told)
    return ", ".join([*told, *([f"{others_n} of other names"] if others_n else [])])
