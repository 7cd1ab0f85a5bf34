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
from html import unescape
from io import BytesIO
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq

from regulars.data.points import reached
from regulars.data.shelf import MANIFEST, sha256_of, write_parquet
from regulars.data.workspace import SHARED_FILE, Workspace, written

_CUSTOMER = "customer_id"
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

    A run that was left half-way by a process that was killed is brought to its end.
    """
    for path in tables_with(workspace, pseudonyms).paths:
        table = pq.read_table(path)
        file = pq.ParquetFile(path)
        kept = _customers_of(path).select(~_is_of(pseudonyms)).to_series()
        footer = {
            name.decode(): text.decode() for name, text in (file.metadata.metadata or {}).items()
        }
        content = BytesIO()
        write_parquet(content, table.filter(kept.to_arrow()), footer)
        written(path, content.getvalue(), SHARED_FILE)
        reached("half_redacted")
    for manifest in sorted(workspace.runs.glob(f"[!.]*/tables/{MANIFEST}")):
        _tell(manifest, at)


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
    files = [
        file | {"rows": pq.read_metadata(there).num_rows, "sha256": sha256_of(there)}
        if (there := path.with_name(file["name"])).suffix == ".parquet"
        and there.exists()
        and _CUSTOMER in pq.read_schema(there).names
        else file
        for file in manifest["files"]
    ]
    if files != manifest["files"]:
        told = manifest | {"redacted_at": at.isoformat(timespec="seconds"), "files": files}
        text = json.dumps(told, ensure_ascii=False, indent=1)
        written(path, text.encode(), SHARED_FILE)


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
