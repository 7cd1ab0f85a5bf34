"""How a delimited file is laid out: encoding, delimiter, and which column is which.

Nothing is guessed from the rows. The layout is the one under which the *header* matches the
contract: a header read in the wrong encoding or split at the wrong character matches nothing.
"""

from __future__ import annotations

import csv
import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from regulars.expectations.errors import DataRefused
from regulars.expectations.exports import Export

ENCODINGS = ("utf-8-sig", "gb18030", "utf-16")
DELIMITERS = (",", "\t", ";", "|")
# A header longer than this is no header: the file is not delimited text.
HEADER_BYTES_MAX = 1 << 20


@dataclass(frozen=True)
class Layout:
    """Encoding and delimiter of a file, its number of columns, and where contract columns stand.

    ``places`` maps a contract column to its position in the file; ``ignored`` names the file's
    columns that the contract has no use for; ``has_padding`` tells whether fields may have
    blanks around them, which is known once the whole file was seen.
    """

    encoding: str
    delimiter: str
    width: int
    places: dict[str, int]
    ignored: list[str]
    has_padding: bool = True


def layout_of(path: Path, export: Export, own_names: Mapping[str, str]) -> Layout:
    """The layout of a file of this export.

    ``own_names`` maps contract columns to the names the file gives them; columns it does not
    mention go by the contract's name.

    Raises:
        DataRefused: the file is empty, a required column is missing, or one is there twice.
    """
    with path.open("rb") as file:
        head = file.read(HEADER_BYTES_MAX)
    if not head.strip():
        raise DataRefused(
            f"{path.name}: the file is empty",
            expected=f"a header with {', '.join(_own(export.required, own_names))}",
            found=f"{len(head)} bytes",
            left="nothing of this delivery was loaded; the last publication is untouched",
            next_step="export it again, or take it out of the folder",
        )
    candidates = [
        (encoding, delimiter, names)
        for encoding in ENCODINGS
        if (line := _first_line(head, encoding)) is not None
        for delimiter in DELIMITERS
        if (names := _names(line, delimiter))
    ]
    wanted = {own_names.get(column.name, column.name) for column in export.columns}
    encoding, delimiter, names = max(
        candidates,
        key=lambda candidate: len(wanted & set(candidate[2])),
        default=(ENCODINGS[0], DELIMITERS[0], []),
    )
    _check(path, export, own_names, names)
    places = {
        column.name: names.index(own)
        for column in export.columns
        if (own := own_names.get(column.name, column.name)) in names
    }
    used = set(places.values())
    ignored = [name for place, name in enumerate(names) if place not in used]
    return Layout(encoding, delimiter, len(names), places, ignored)


def _first_line(head: bytes, encoding: str) -> str | None:
    """The first line, or None where the bytes are not of this encoding."""
    if encoding == "utf-16":
        if not head.startswith((b"\xff\xfe", b"\xfe\xff")):
            return None
        text = head[: len(head) // 2 * 2].decode(encoding, errors="replace")
        return text.splitlines()[0] if text else None
    try:
        return head.split(b"\n", 1)[0].rstrip(b"\r").decode(encoding)
    except UnicodeDecodeError:
        return None


def _names(line: str, delimiter: str) -> list[str]:
    try:
        names = next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:  # a field longer than any header has
        return []
    return [name.strip() for name in names]


def _own(columns: tuple[str, ...], own_names: Mapping[str, str]) -> list[str]:
    return [own_names.get(column, column) for column in columns]


def _check(path: Path, export: Export, own_names: Mapping[str, str], names: list[str]) -> None:
    left = "nothing of this delivery was loaded; the last publication is untouched"
    wanted = set(export.required) | set(own_names)
    missing = [column for column in sorted(wanted) if own_names.get(column, column) not in names]
    if missing:
        column = missing[0]
        own = own_names.get(column, column)
        near = difflib.get_close_matches(own, names, n=1, cutoff=0.5)
        suggestion = near[0] if near else "its name in the file"
        raise DataRefused(
            f"{path.name}, line 1: no column {own!r} for {export.name}.{column}",
            expected=f"a header with {', '.join(_own(export.required, own_names))}",
            found=_shown(names, export, own_names)
            + (f" (did you mean {near[0]!r}?)" if near else ""),
            left=left,
            next_step=f"in regulars.toml, under [exports.{export.name}.columns], write: "
            f'{column} = "{suggestion}"',
        )
    twice = sorted({name for name in names if names.count(name) > 1})
    used = {own_names.get(column.name, column.name) for column in export.columns}
    if ambiguous := [name for name in twice if name in used]:
        raise DataRefused(
            f"{path.name}, line 1: the column {ambiguous[0]!r} is there twice",
            expected="each column that is used, once",
            found=_shown(names, export, own_names),
            left=left,
            next_step="rename one of the two in the export, then run again",
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
