"""Text whose records cannot be told apart by line ends and quotes alone, made such that they can.

A quote that is never closed makes one record of all lines up to the next quote; line ends of two
kinds stop the reader. Here each line with an odd number of quotes is looked at: it is complete in
itself, or it opens a field that a later line closes so that the header's columns come out, or it
is damaged and told, and the lines behind it are read as ever.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from regulars.data.headers import Layout
from regulars.data.records import Records
from regulars.data.texts import Text
from regulars.data.unread import UNCLOSED_QUOTE, UNREAD_SCHEMA

_CHUNK_BYTES = 16 << 20
_COPY_BYTES = 8 << 20
_NEWLINE, _QUOTE = 10, 34
# A field of more lines than this is rather a quote that was not closed.
_FIELD_LINES_MAX = 10_000
_RAW_BYTES_MAX = 64 << 10


def untangled(path: Path, copy: Path, layout: Layout) -> Text:
    """A copy of a UTF-8 text in which line ends and quotes tell its records, header first.

    Line ends become ``\\n``, those inside quotes too. Lines above the header are left out;
    damaged ones are left out and told.
    """
    content = _with_plain_line_ends(path, copy)
    starts, ends, quotes_n, delimiters_n = _lines(content, layout.delimiter)
    header = layout.header_line - 1
    is_start = ends > starts
    is_start[: header + 1] = False
    damaged = []
    odd = [int(line) for line in np.flatnonzero(quotes_n % 2) if line > header]
    whole = _record_pattern(layout)
    place = 0
    while place < len(odd):
        line, closing = odd[place], odd[place + 1] if place + 1 < len(odd) else None
        place += 1
        if whole.fullmatch(content[starts[line] : ends[line]].tobytes()):
            continue
        if closing is not None and _is_one_record(
            content[starts[line] : ends[closing]].tobytes()
            if closing - line < _FIELD_LINES_MAX
            else b"",
            whole,
            (delimiters_n[line + 1 : closing] == layout.width - 1).any(),
        ):
            is_start[line + 1 : closing + 1] = False
            ends[line] = ends[closing]
            place += 1
        else:
            damaged.append(line)
            is_start[line] = False
    unread = _told(content, damaged, starts, ends)
    cut = [(0, int(starts[header])), *((int(starts[d]), int(ends[d]) + 1) for d in damaged)]
    records = np.flatnonzero(is_start)
    gone = np.array([end - start for start, end in cut], dtype=np.int64).cumsum()
    gone_before = gone[
        np.searchsorted(np.array([start for start, _ in cut]), starts[records], side="right") - 1
    ]
    _write_without(content, cut, copy)
    split = Records(copy, starts[records] - gone_before, ends[records] - gone_before, records + 1)
    laid_out = replace(layout, encoding="utf-8-sig", header_line=1)
    return Text(copy, laid_out, len(records) + unread.height, split=split, unread=unread)


def _with_plain_line_ends(path: Path, copy: Path) -> NDArray[np.uint8]:
    """The text's bytes with ``\\n`` at the end of each line, the last one included."""
    plain = copy.with_suffix(".lines")
    with path.open("rb") as source, plain.open("wb") as target:
        held = b""
        while chunk := source.read(_COPY_BYTES):
            chunk = held + chunk
            # A line end of two bytes may be cut in half.
            held = b"\r" if chunk.endswith(b"\r") else b""
            target.write(
                chunk[: len(chunk) - len(held)].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
            )
        target.write(b"\n" if held else b"")
        target.seek(0, 2)
    with plain.open("rb+") as text:
        text.seek(-1, 2)
        if text.read(1) != b"\n":
            text.write(b"\n")
    content = np.memmap(plain, dtype=np.uint8, mode="r")
    plain.unlink()  # it lives as long as it is looked at
    return content


def _lines(
    content: NDArray[np.uint8], delimiter: str
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Of each line: its first byte, the byte of its end, its quotes and its delimiters."""
    starts, ends, quotes, delimiters = [], [], [], []
    offset = 0
    while offset < len(content):
        chunk = content[offset : offset + _CHUNK_BYTES]
        newlines = np.flatnonzero(chunk == _NEWLINE)
        if not len(newlines):  # one line longer than a chunk
            rest = np.flatnonzero(content[offset:] == _NEWLINE)[:1]
            chunk = content[offset : offset + int(rest[0]) + 1]
            newlines = rest
        chunk = chunk[: int(newlines[-1]) + 1]
        first = np.concatenate([np.zeros(1, dtype=np.int64), newlines[:-1] + 1])
        starts.append(first + offset)
        ends.append(newlines + offset)
        quotes.append(np.add.reduceat(chunk == _QUOTE, first, dtype=np.int64))
        delimiters.append(np.add.reduceat(chunk == ord(delimiter), first, dtype=np.int64))
        offset += len(chunk)
    return (
        np.concatenate(starts).astype(np.int64),
        np.concatenate(ends).astype(np.int64),
        np.concatenate(quotes),
        np.concatenate(delimiters),
    )


def _record_pattern(layout: Layout) -> re.Pattern[bytes]:
    """One record of the header's width; a quote within a field that none opened is a character."""
    mark = re.escape(layout.delimiter.encode())
    one = rb'(?: *+"(?:[^"]++|"")*+" *+|(?! *")[^' + mark + rb"\n]*+)"
    return re.compile(one + rb"(?:" + mark + one + rb"){%d}" % (layout.width - 1))


def _is_one_record(content: bytes, whole: re.Pattern[bytes], holds_another: bool) -> bool:
    """Whether lines up to a closing quote are one record, and none of them one by itself."""
    return bool(content) and not holds_another and whole.fullmatch(content) is not None


def _told(
    content: NDArray[np.uint8],
    damaged: list[int],
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
) -> pl.DataFrame:
    raw = [
        content[starts[line] : min(ends[line], starts[line] + _RAW_BYTES_MAX)]
        .tobytes()
        .decode("utf-8", "replace")
        for line in damaged
    ]
    return pl.DataFrame(
        {
            "line": [line + 1 for line in damaged],
            "column": [None] * len(damaged),
            "reason": [UNCLOSED_QUOTE] * len(damaged),
            "raw": raw,
        },
        schema=UNREAD_SCHEMA,
    )


def _write_without(content: NDArray[np.uint8], cut: list[tuple[int, int]], copy: Path) -> None:
    with copy.open("wb") as target:
        offset = 0
        for start, end in [*cut, (len(content), len(content))]:
            for at in range(offset, start, _COPY_BYTES):
                target.write(content[at : min(at + _COPY_BYTES, start)].tobytes())
            offset = end
