"""Whether a file ends its last line: one that does not may be cut short or still be uploading."""

from __future__ import annotations

import os
from pathlib import Path

TAIL_BYTES = 2
_UTF16_LINE_ENDS = ("\n".encode("utf-16-le"), "\n".encode("utf-16-be"))


def ends_line(tail: bytes) -> bool:
    r"""Whether content with these last two bytes ends with a line end.

    >>> ends_line(b"5\n"), ends_line(b"5\r"), ends_line(b"\n\0"), ends_line(b"50")
    (True, True, True, False)
    """
    return tail.endswith((b"\n", b"\r")) or tail in _UTF16_LINE_ENDS


def file_ends_line(path: Path) -> bool:
    """The same of a file, of which only the end is read."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(size - TAIL_BYTES, 0))
        return ends_line(file.read())
