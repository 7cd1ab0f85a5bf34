"""The text of a landed file with other records in the place of some, every other byte as it was.

A record that takes fewer lines than the one before it is followed by blank lines, so that every
other record keeps its physical line.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from regulars.data.decoding import as_texts
from regulars.data.headers import Layout
from regulars.data.landing import LandedFile, bytes_of
from regulars.data.texts import Text
from regulars.data.workspace import Workspace

_COPY_BYTES = 8 << 20
_NEWLINE, _RETURN = 10, 13
_ISO = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%d")

Edit = tuple[int, int, bytes]
"""First byte, byte behind the last, and what stands there instead."""


@dataclass(frozen=True)
class Mend:
    """A record as it was refused, and as it is to be."""

    was: str
    becomes: str


@dataclass(frozen=True)
class Spliced:
    """How the new file is laid out, the lines whose records were found in their places, and
    whether every record keeps its line.
    """

    layout: Layout
    lines: frozenset[int]
    keeps_lines: bool


def cells_of(record: str, layout: Layout) -> list[str] | None:
    """The fields of a record, one a column; null if it cannot be split so.

    >>> layout = Layout("utf-8-sig", ",", ["a", "b"], {})
    >>> cells_of('1,"x, y"', layout), cells_of("1,2,3", layout)
    (['1', 'x, y'], None)
    """
    try:
        found = list(csv.reader([record], delimiter=layout.delimiter, strict=True))
    except csv.Error:
        return None
    return found[0] if len(found) == 1 and len(found[0]) == layout.width else None


def record_of(cells: Sequence[str], layout: Layout) -> str:
    """Fields as a record."""
    written = StringIO()
    csv.writer(written, delimiter=layout.delimiter, lineterminator="\r\n").writerow(cells)
    return written.getvalue().removesuffix("\r\n")


def lines_n(record: str) -> int:
    """How many physical lines a record takes.

    >>> lines_n("a,b"), lines_n('a,"two\\nlines"')
    (1, 2)
    """
    return _plain(record).count("\n") + 1


def spliced(
    workspace: Workspace, file: LandedFile, mends: Mapping[int, Mend], target: Path
) -> Spliced:
    """Write the file as text into ``target``, with these records on their lines.

    Delimited text becomes UTF-8, JSON Lines stay such, sheets and Parquet become delimited text
    whose records stand on the lines that have the numbers of their rows, where that can be.
    """
    if file.layout.format == "json":
        return _json_spliced(bytes_of(workspace, file), file.layout, mends, target)
    with as_texts(workspace, [file]) as (text,):
        if file.layout.format == "delimited":
            return text_spliced(text, mends, target)
        return _converted_spliced(text, file.layout, mends, target)


def text_spliced(text: Text, mends: Mapping[int, Mend], target: Path) -> Spliced:
    """The same of delimited text: its lines end in a newline, in a return before it, or alone."""
    content = np.memmap(text.path, dtype=np.uint8, mode="r")
    # A text whose lines end in a return alone, or now and then, is read with these as line ends.
    found = [_found(content, ends, mends) for ends in (_newlines(content), _line_ends(content))]
    edits = max(found, key=len)
    _write(content, edits.values(), target)
    return Spliced(_laid_out(text.layout), frozenset(edits), keeps_lines=True)


def _laid_out(layout: Layout) -> Layout:
    """With days as ISO, which a spreadsheet makes of them, beside those that settings declare."""
    more = [form for form in _ISO if form not in layout.dates] if layout.dates else []
    return replace(layout, dates=[*layout.dates, *more])


def _found(
    content: NDArray[np.uint8], ends: NDArray[np.int64], mends: Mapping[int, Mend]
) -> dict[int, Edit]:
    """Edits of the records that stand on their lines as they were refused."""
    bounds = np.concatenate([ends, np.array([len(content)], dtype=np.int64)])
    edits = {}
    for line, mend in mends.items():
        last = line + lines_n(mend.was) - 2
        if last >= len(bounds):
            continue
        start = int(bounds[line - 2]) + 1 if line > 1 else 0
        end = int(bounds[last])
        # The last line may lack its end.
        line_end = _line_end(content, end) or _line_end(content, int(bounds[0]))
        end -= line_end == b"\r\n" and end < len(content)
        if _plain(content[start:end].tobytes().decode("utf-8", "replace")) == _plain(mend.was):
            edits[line] = (start, end, _with_spare_lines(mend, line_end))
    return edits


def _line_end(content: NDArray[np.uint8], at: int) -> bytes:
    is_pair = at and content[at - 1] == _RETURN and content[at : at + 1] == [_NEWLINE]
    return b"\r\n" if is_pair else content[at : at + 1].tobytes()


def _with_spare_lines(mend: Mend, line_end: bytes) -> bytes:
    spare_n = lines_n(mend.was) - lines_n(mend.becomes)
    return _plain(mend.becomes).encode().replace(b"\n", line_end) + line_end * spare_n


def _json_spliced(path: Path, layout: Layout, mends: Mapping[int, Mend], target: Path) -> Spliced:
    """Lines as objects of texts: a text is read as the number that it spells."""
    content = np.memmap(path, dtype=np.uint8, mode="r")
    bounds = np.concatenate([_newlines(content), np.array([len(content)], dtype=np.int64)])
    edits: dict[int, Edit] = {}
    for line, mend in mends.items():
        start = int(bounds[line - 2]) + 1 if line > 1 else 0
        cells = cells_of(mend.becomes, layout)
        becomes = mend.becomes
        if cells is not None and not becomes.lstrip().startswith("{"):
            given = {name: cell for name, cell in zip(layout.names, cells, strict=True) if cell}
            becomes = json.dumps(given, ensure_ascii=False)
        edits[line] = (start, int(bounds[line - 1]), becomes.encode())
    _write(content, edits.values(), target)
    return Spliced(_laid_out(layout), frozenset(edits), keeps_lines=True)


def _converted_spliced(
    text: Text, layout: Layout, mends: Mapping[int, Mend], target: Path
) -> Spliced:
    content = np.memmap(text.path, dtype=np.uint8, mode="r")
    records = text.records()
    header_line = layout.header_line if layout.format == "excel" else 1
    names = [name.replace("\r", " ").replace("\n", " ") for name in layout.names]
    header = b"\n" * (header_line - 1) + record_of(names, text.layout).encode() + b"\n"
    edits: list[Edit] = [(0, int(records.starts[0]), header)]
    # Below the header each record stands on the line of its row, behind blank ones for rows that
    # had no cell. (In a file of one column a blank line is a row.)
    is_by_lines = len(_newlines(content)) == len(records) + 1
    keeps_lines = is_by_lines and layout.width > 1 and layout.format == "excel"
    if keeps_lines:
        gaps = np.diff(records.lines, prepend=header_line) - 1
        edits += [
            (int(records.starts[at]), int(records.starts[at]), b"\n" * int(gaps[at]))
            for at in np.flatnonzero(gaps)
        ]
    lines = np.array([*mends], dtype=np.int64)
    places = np.minimum(np.searchsorted(records.lines, lines), len(records) - 1)
    there = [
        (line, at)
        for line, at, was in zip(
            mends, places.tolist(), records.raw(places, "utf-8", len(content)), strict=True
        )
        if _plain(was) == _plain(mends[line].was)
    ]
    edits += [
        (int(records.starts[at]), int(records.ends[at]), _plain(mends[line].becomes).encode())
        for line, at in there
    ]
    _write(content, edits, target)
    laid_out = replace(text.layout, format="delimited", header_line=header_line, sheet=None)
    return Spliced(_laid_out(laid_out), frozenset(line for line, _ in there), keeps_lines)


def _newlines(content: NDArray[np.uint8]) -> NDArray[np.int64]:
    return _where(content, _NEWLINE)


def _where(content: NDArray[np.uint8], byte: int) -> NDArray[np.int64]:
    # A mask of a large file at once would be as large as the file.
    chunks = range(0, len(content), _COPY_BYTES)
    found = [np.flatnonzero(content[at : at + _COPY_BYTES] == byte) + at for at in chunks]
    return np.concatenate([np.empty(0, dtype=np.int64), *found])


def _line_ends(content: NDArray[np.uint8]) -> NDArray[np.int64]:
    """The bytes that end a line: newlines, and returns that none follows."""
    returns = _where(content, _RETURN)
    after = content[np.minimum(returns + 1, len(content) - 1)]
    return np.sort(np.concatenate([_newlines(content), returns[after != _NEWLINE]]))


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _write(content: NDArray[np.uint8], edits: Iterable[Edit], target: Path) -> None:
    with target.open("wb") as written:
        offset = 0
        end_of_all = (len(content), len(content), b"")
        for start, end, instead in [*sorted(edits, key=lambda edit: edit[:2]), end_of_all]:
            for at in range(offset, start, _COPY_BYTES):
                written.write(content[at : min(at + _COPY_BYTES, start)].tobytes())
            written.write(instead)
            offset = end
