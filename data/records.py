"""Where each record of a delimited file stands: physical line and bytes.

DuckDB tells which record is bad but not reliably on which line it stands: a quoted field may hold
line ends, blank lines are passed over. So the file is split a second time, by the parity of
quotes, in numpy; it is done only for files that have something to report.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

_CHUNK_BYTES = 32 << 20
_NEWLINE, _QUOTE, _RETURN = 10, 34, 13


@dataclass(frozen=True)
class Records:
    """The records of a file, header and blank lines apart, in file order.

    ``starts`` and ``ends`` are byte offsets (the line end not included), ``lines`` physical line
    numbers counted from 1. ``is_by_lines`` tells that each is one line.
    """

    path: Path
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    lines: NDArray[np.int64]
    is_by_lines: bool = True

    def __len__(self) -> int:
        return len(self.starts)

    def raw(self, places: NDArray[np.int64], encoding: str, most_bytes: int) -> list[str]:
        """The text of these records; undecodable bytes as replacement characters."""
        with self.path.open("rb") as file:
            return [
                _bytes_at(file, start, min(end - start, most_bytes)).decode(encoding, "replace")
                for start, end in zip(
                    self.starts[places].tolist(), self.ends[places].tolist(), strict=True
                )
            ]

    def at_bytes(self, offsets: NDArray[np.int64]) -> NDArray[np.int64]:
        """The place of the record that starts at each byte offset, or after blank lines there.

        -1 where the offset is within a record, or behind all of them.
        """
        places = np.searchsorted(self.starts, offsets)
        ends_before = np.concatenate([np.zeros(1, dtype=np.int64), self.ends])[places]
        is_start = (places < len(self)) & (offsets >= ends_before)
        return np.where(is_start, places, -1)


def _bytes_at(file: BinaryIO, start: int, length: int) -> bytes:
    file.seek(start)
    return file.read(length)


def records_of(path: Path, header_line: int = 1) -> Records:
    """Split a file at the line ends outside quotes, below the header on ``header_line``.

    A quote that is never closed makes the rest of the file one record, as DuckDB takes it.
    """
    if path.stat().st_size == 0:
        nothing = np.empty(0, dtype=np.int64)
        return Records(path, nothing, nothing, nothing)
    content = np.memmap(path, dtype=np.uint8, mode="r")
    first = _start_of(path, header_line)
    found = [np.empty(0, dtype=np.int64)]
    lines = [np.full(1, header_line, dtype=np.int64)]
    newlines_before, quotes_before = header_line - 1, 0
    is_by_lines = True
    for offset in range(first, len(content), _CHUNK_BYTES):
        chunk = content[offset : offset + _CHUNK_BYTES]
        newlines = np.flatnonzero(chunk == _NEWLINE)
        quotes = np.flatnonzero(chunk == _QUOTE)
        outside = (quotes_before + np.searchsorted(quotes, newlines)) % 2 == 0
        is_by_lines = is_by_lines and bool(outside.all())
        found.append(newlines[outside] + offset)
        lines.append(np.flatnonzero(outside) + newlines_before + 2)
        newlines_before += len(newlines)
        quotes_before += len(quotes)
    line_ends = np.concatenate(found)
    starts = np.concatenate([np.full(1, first, dtype=np.int64), line_ends + 1])
    ends = np.concatenate([line_ends, np.array([len(content)], dtype=np.int64)])
    ends -= (ends > starts) & (content[ends - 1] == _RETURN)
    is_record = ends > starts
    is_record[0] = False  # the header
    numbers = np.concatenate(lines)[is_record]
    is_by_lines = is_by_lines and quotes_before % 2 == 0
    return Records(path, starts[is_record], ends[is_record], numbers, is_by_lines)


def _start_of(path: Path, line: int) -> int:
    """The byte at which a line starts; one near the top."""
    with path.open("rb") as file:
        for _ in range(line - 1):
            file.readline()
        return file.tell()
