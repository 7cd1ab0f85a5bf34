"""Runs and revealed lists without people who were erased.

The figures of a run stay as they were computed; its rows of these people go. Each file is
replaced in one step, so that a reader opens a whole one at any moment.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from html import escape, unescape
from io import BytesIO
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from regulars.data.points import reached
from regulars.data.shelf import MANIFEST, REPORT, sha256_of, write_parquet
from regulars.data.workspace import SHARED_FILE, Workspace, written
from regulars.expectations.catalogue import say

_CUSTOMER = "customer_id"
_TOPICS = "topics.parquet"
_TELL_OF_WORDS = ("feedback_items", "follow_ups")
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Redaction:
    """Files that hold these people, and in how many rows; a whole file counts none."""

    paths: tuple[Path, ...]
    rows_n: int


def tables_with(workspace: Workspace, pseudonyms: Collection[str]) -> Redaction:
    """The tables of runs that have rows of these people."""
    found = {
        path: rows_n
        for path in _tables(workspace)
        if (rows_n := _customers_of(path).filter(_is_of(pseudonyms)).height)
    }
    return Redaction(tuple(found), sum(found.values()))


def redact_runs(workspace: Workspace, pseudonyms: Collection[str], *, at: datetime) -> None:
    """Take the rows of these people out of every run; its manifest tells when.

    Where they said something, or are to be called back, the report of the run gives way to a
    sentence, and examples of topics to nothing: either may hold their words, and no row tells. That
    comes first, while their rows still show where.

    A run that was left half-way by a process that was killed is brought to its end.
    """
    paths = tables_with(workspace, pseudonyms).paths
    for tables in sorted({path.parent for path in paths if path.stem in _TELL_OF_WORDS}):
        _without_words(tables)
    for path in paths:
        kept = _customers_of(path).select(~_is_of(pseudonyms)).to_series()
        _rewritten(path, pq.read_table(path).filter(kept.to_arrow()))
        reached("half_redacted")
    for manifest in sorted(workspace.runs.glob(f"[!.]*/tables/{MANIFEST}")):
        _tell(manifest, at)


def _without_words(tables: Path) -> None:
    """Take what anybody said out of a run's report and out of its examples of topics."""
    if (topics := tables / _TOPICS).exists():
        told = pq.read_table(topics)
        nothing = pa.array([""] * told.num_rows, told.schema.field("examples").type)
        place = told.schema.get_field_index("examples")
        _rewritten(topics, told.set_column(place, told.schema.field("examples"), nothing))
    if (report := tables / REPORT).exists():
        manifest = json.loads((tables / MANIFEST).read_text(encoding="utf-8"))
        language = manifest["settings"]["chain"]["language"]
        text = escape(say("report.redacted", language))
        page = f'<!doctype html><meta charset="utf-8"><title>Regulars</title><p>{text}</p>\n'
        written(report, page.encode(), SHARED_FILE)


def _rewritten(path: Path, table: pa.Table) -> None:
    """Put a table in the place of a run's, under the same footer."""
    footer = {
        name.decode(): text.decode()
        for name, text in (pq.read_metadata(path).metadata or {}).items()
    }
    content = BytesIO()
    write_parquet(content, table, footer)
    written(path, content.getvalue(), SHARED_FILE)


def lists_with(
    workspace: Workspace, pseudonyms: Collection[str], texts: Collection[str]
) -> Redaction:
    """The files in ``revealed`` that have these people, by pseudonym or by these texts."""
    found = {
        path: rows_n
        for path in _lists(workspace)
        if (rows_n := _rows_of(path, pseudonyms, texts)) is not None
    }
    return Redaction(tuple(found), sum(found.values()))


def redact_lists(workspace: Workspace, pseudonyms: Collection[str], texts: Collection[str]) -> None:
    """Rewrite lists of customers without these people; remove other files that hold them."""
    for path in lists_with(workspace, pseudonyms, texts).paths:
        if (rows := _customers(path)) is None:
            path.unlink()
        else:
            kept = rows.filter(~_is_of(pseudonyms))
            written(path, _BOM + kept.write_csv().encode())


def _tables(workspace: Workspace) -> Iterator[Path]:
    for path in sorted(workspace.runs.glob("[!.]*/tables/*.parquet")):
        if _CUSTOMER in pq.read_schema(path).names:
            yield path


def _customers_of(path: Path) -> pl.DataFrame:
    return pl.read_parquet(path, columns=[_CUSTOMER], glob=False)


def _tell(path: Path, at: datetime) -> None:
    """Have a manifest tell the digests of what is there, if they are other than it says."""
    manifest = json.loads(path.read_text(encoding="utf-8"))
    files = [_as_it_is(path.with_name(file["name"]), file) for file in manifest["files"]]
    if files != manifest["files"]:
        told = manifest | {"redacted_at": at.isoformat(timespec="seconds"), "files": files}
        text = json.dumps(told, ensure_ascii=False, indent=1)
        written(path, text.encode(), SHARED_FILE)


def _as_it_is(there: Path, file: dict[str, Any]) -> dict[str, Any]:
    """What a manifest says of a file, brought to what is there where people may be taken out."""
    is_table = there.suffix == ".parquet"
    if not there.exists() or not (
        there.name in (REPORT, _TOPICS) or (is_table and _CUSTOMER in pq.read_schema(there).names)
    ):
        return file
    counted = {"rows": pq.read_metadata(there).num_rows} if is_table else {}
    return file | counted | {"sha256": sha256_of(there)}


def _lists(workspace: Workspace) -> list[Path]:
    return sorted(path for path in workspace.revealed.glob("*") if path.is_file())


def _rows_of(path: Path, pseudonyms: Collection[str], texts: Collection[str]) -> int | None:
    """Rows of these people in a list of customers, 0 for another file with them; null without."""
    if (rows := _customers(path)) is not None:
        return rows.filter(_is_of(pseudonyms)).height or None
    content = _text(path)
    return 0 if any(text in content for text in (*texts, *pseudonyms)) else None


def _customers(path: Path) -> pl.DataFrame | None:
    """The rows of a list by pseudonym, every cell as text; null for a file of another kind."""
    content = path.read_bytes()
    if not content.startswith(_BOM + _CUSTOMER.encode()):
        return None
    return pl.read_csv(BytesIO(content), infer_schema=False)


def _text(path: Path) -> str:
    """All that a file says, a workbook's cells included."""
    if not zipfile.is_zipfile(path):
        return path.read_bytes().decode("utf-8", "replace")
    with zipfile.ZipFile(path) as parts:
        return unescape(
            "\n".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())
        )


def _is_of(pseudonyms: Collection[str]) -> pl.Expr:
    return pl.col(_CUSTOMER).is_in(list(pseudonyms))
