"""Landed files as text that DuckDB reads: UTF-8 delimited text, their own bytes or a copy."""

from __future__ import annotations

import codecs
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np

from regulars.data import excel, json_lines, parquet
from regulars.data.landing import LandedFile, bytes_of
from regulars.data.signs import Signs
from regulars.data.texts import Text
from regulars.data.untangling import untangled
from regulars.data.workspace import Workspace
from regulars.expectations.exports import EXPORTS, NUMBERS

_CHUNK_BYTES = 256 << 10
# A byte that is no text becomes what is no text in UTF-8 either, so that the reader still sees it
# and refuses the row; a replacement character would pass for one that was meant.
_MARK = "\udcff"


def _marked(error: UnicodeError) -> tuple[str, int]:
    if isinstance(error, UnicodeDecodeError):
        return _MARK, error.end
    raise error


codecs.register_error("regulars.mark", _marked)


@contextmanager
def as_texts(
    workspace: Workspace, files: Sequence[LandedFile], tangled: Collection[str] = ()
) -> Iterator[list[Text]]:
    """The files' texts, of which copies live for the block.

    Files whose digest is among ``tangled`` are split into records one line at a time.

    Raises:
        DataRefused: a workbook or a Parquet file is damaged.
    """
    copies: list[Path] = []
    texts = []
    try:
        for file in files:
            copy = workspace.work / f"{file.sha256}.utf8"
            copies.append(copy)
            text = _text(workspace, file, copy)
            if file.sha256 in tangled:
                apart = workspace.work / f"{file.sha256}.apart"
                copies.append(apart)
                text = untangled(text.path, apart, text.layout)
            texts.append(text)
        yield texts
    finally:
        for copy in copies:
            copy.unlink(missing_ok=True)


def _text(workspace: Workspace, file: LandedFile, copy: Path) -> Text:
    path, layout = bytes_of(workspace, file), file.layout
    if layout.format == "delimited":
        rows_n = file.newlines_n - layout.header_line + (not file.ends_with_newline)
        if layout.is_text_itself:
            return Text(path, layout, rows_n)
        signs = _transcode(path, copy, layout.encoding)
        return Text(copy, replace(layout, encoding="utf-8-sig", signs=signs), rows_n)
    made = replace(layout, encoding="utf-8-sig", delimiter=",", header_line=1)
    if layout.format == "excel":
        columns = [c for c in EXPORTS[file.export].columns if c.name in layout.places]
        ids = [layout.places[c.name] for c in columns if c.is_id]
        numbers = [layout.places[c.name] for c in columns if c.kind in NUMBERS]
        lines = excel.converted(path, file.file, copy, layout, ids, numbers)
        return Text(copy, made, len(lines), lines=lines)
    with _converter(workspace) as connection:
        if layout.format == "json":
            converted = json_lines.converted(connection, path, copy, layout)
            lines, unread = converted.lines, converted.unread
            return Text(copy, made, len(lines) + unread.height, lines=lines, unread=unread)
        rows_n = parquet.converted(connection, path, copy, layout)
    return Text(copy, made, rows_n, lines=np.arange(1, rows_n + 1, dtype=np.int64))


@contextmanager
def _converter(workspace: Workspace) -> Iterator[duckdb.DuckDBPyConnection]:
    """DuckDB for converting files alone: the warehouse's own connection may be in a transaction."""
    with duckdb.connect(
        config={
            "memory_limit": "1GB",
            "temp_directory": str(workspace.work),
            "autoinstall_known_extensions": False,
        }
    ) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("SET enable_progress_bar = false")
        yield connection


def _transcode(path: Path, copy: Path, encoding: str) -> list[str]:
    """Write a text in UTF-8, which DuckDB reads without a download; what signs it has."""
    decoder = codecs.getincrementaldecoder(encoding)("regulars.mark")
    signs = Signs()
    with path.open("rb") as source, copy.open("wb") as target:
        while chunk := source.read(_CHUNK_BYTES):
            text = decoder.decode(chunk).encode("utf-8", "surrogatepass")
            signs.see(text)
            target.write(text)
        target.write(decoder.decode(b"", final=True).encode("utf-8", "surrogatepass"))
    return signs.all()
