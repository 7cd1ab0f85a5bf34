"""Landed files as text that DuckDB reads: UTF-8, their own bytes or a copy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from shutil import copyfileobj

from regulars.data.landing import LandedFile, bytes_of
from regulars.data.workspace import Workspace
from regulars.expectations.errors import DataRefused


@contextmanager
def as_utf8(workspace: Workspace, files: Sequence[LandedFile]) -> Iterator[list[Path]]:
    """Paths of the files' text in UTF-8: their own bytes, or a copy that lives for the block."""
    copies: list[Path] = []
    paths = []
    try:
        for file in files:
            path = bytes_of(workspace, file)
            if file.layout.encoding != "utf-8-sig":
                copy = workspace.work / f"{file.sha256}.utf8"
                copies.append(copy)
                _transcode(path, copy, file)
                path = copy
            paths.append(path)
        yield paths
    finally:
        for copy in copies:
            copy.unlink(missing_ok=True)


def _transcode(path: Path, copy: Path, file: LandedFile) -> None:
    """DuckDB reads UTF-8 without a download; other encodings are decoded here."""
    try:
        with (
            path.open(encoding=file.layout.encoding, newline="") as source,
            copy.open("w", encoding="utf-8", newline="") as target,
        ):
            copyfileobj(source, target, 8 << 20)
    except UnicodeDecodeError as error:
        raise DataRefused(
            f"{file.file}: a byte is not {file.layout.encoding}",
            expected=f"text in {file.layout.encoding}, as its header is",
            found=f"{error.reason}",
            left="nothing of this delivery was loaded; the last publication is untouched",
            next_step="export the file again as UTF-8",
        ) from error
