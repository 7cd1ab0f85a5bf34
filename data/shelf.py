"""The shelf: a run's tables as Parquet, written whole, then shown by one swap of a link.

``runs/<run_id>/tables`` holds a run; ``published`` is a relative link to the one that is shown.
A process that is killed leaves a hidden folder that the next run removes.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from regulars.data.points import reached
from regulars.data.workspace import SHARED_FILE, SHARED_FOLDER, Workspace, no_room, synced
from regulars.expectations.tables import CONTRACT_VERSION, TABLES

ROW_GROUP_ROWS = 1 << 20
MANIFEST = "manifest.json"
REPORT = "report.html"


@dataclass(frozen=True)
class Run:
    """What identifies a run: its id and day, and what the manifest tells beside the files."""

    run_id: str
    as_of: str
    facts: Mapping[str, Any]


def is_complete(workspace: Workspace, run_id: str) -> bool:
    """Whether the run is on the shelf with every file as its manifest says."""
    tables = workspace.runs / run_id / "tables"
    try:
        manifest = json.loads((tables / MANIFEST).read_text(encoding="utf-8"))
        return all(sha256_of(tables / file["name"]) == file["sha256"] for file in manifest["files"])
    except (OSError, ValueError, KeyError):
        return False


def shelve(workspace: Workspace, run: Run, tables: Mapping[str, pl.DataFrame], report: str) -> Path:
    """Write a run's folder whole: tables, catalog, report and manifest; returns the folder.

    Raises:
        Failed: a table breaks its contract, or the disk is full; no part of the run stays.
    """
    folder = workspace.runs / run.run_id
    hidden = workspace.runs / f".{run.run_id}-{os.getpid()}"
    target = hidden / "tables"
    try:
        target.mkdir(parents=True)
        hidden.chmod(SHARED_FOLDER)
        target.chmod(SHARED_FOLDER)
        files = [write_table(target, run, name, frame) for name, frame in tables.items()]
        files.append(_write_text(target / "catalog.sql", catalog(list(tables))))
        files.append(_write_text(target / REPORT, report))
        manifest = {
            "run_id": run.run_id,
            "as_of": run.as_of,
            "contract_version": CONTRACT_VERSION,
            **run.facts,
            "files": files,
        }
        _write_text(target / MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
        synced(target)
        synced(hidden)
        reached("run_written")
        if folder.exists():  # incomplete, else it would have been used
            shutil.rmtree(folder)
        hidden.rename(folder)
        synced(workspace.runs)
    except OSError as error:
        needed_n = sum(int(frame.estimated_size()) for frame in tables.values())
        what = f"cannot write a run to {workspace.runs}"
        left = "nothing was published; the last publication is untouched"
        raise no_room(workspace.runs, what, needed_n, left, error) from error
    finally:
        shutil.rmtree(hidden, ignore_errors=True)
    reached("run_shelved")
    return folder


def publish(workspace: Workspace, run_id: str) -> None:
    """Show a run: replace the link ``published`` in one step."""
    link = workspace.root / f".published-{os.getpid()}"
    link.unlink(missing_ok=True)
    link.symlink_to(Path("runs") / run_id / "tables")
    reached("link_made")
    link.replace(workspace.published)
    synced(workspace.root)
    reached("published")


def manifest_of(workspace: Workspace, run_id: str) -> dict[str, Any]:
    """The manifest of a run that is on the shelf."""
    path = workspace.runs / run_id / "tables" / MANIFEST
    manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return manifest


def published_manifest(workspace: Workspace) -> dict[str, Any] | None:
    """The manifest of what is published; null before the first publication."""
    try:
        text = (workspace.published / MANIFEST).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    manifest: dict[str, Any] = json.loads(text)
    return manifest


def tidied(workspace: Workspace) -> None:
    """Remove what a killed process left half-written; call it under the lock.

    Who waits for the lock tries meanwhile whether the folders can be written to: a probe may go
    before it is reached.
    """
    hidden = (
        *(
            path
            for folder in (
                workspace.runs,
                workspace.landing,
                workspace.quarantine,
                workspace.models,
            )
            for path in folder.glob(".*")
        ),
        *workspace.root.glob(".published-*"),
        *workspace.root.glob(f".{workspace.key.name}-*"),
    )
    for leftover in (*hidden, *workspace.work.iterdir()):
        if leftover.is_dir() and not leftover.is_symlink():
            shutil.rmtree(leftover)
        else:
            leftover.unlink(missing_ok=True)


def catalog(tables: list[str]) -> str:
    """SQL that makes a view of each table, with comments, for DuckDB: run it in this folder."""
    statements = []
    for name in tables:
        table = TABLES[name]
        statements.append(f"CREATE OR REPLACE VIEW {name} AS FROM read_parquet('{name}.parquet');")
        statements.append(f"COMMENT ON VIEW {name} IS {_quoted(f'One row a {table.grain_en}.')};")
        statements += [
            f'COMMENT ON COLUMN {name}."{column}" IS {_quoted(str(contract.description))};'
            for column, contract in table.schema.columns().items()
        ]
    return "\n".join(statements) + "\n"


def write_table(target: Path, run: Run, name: str, frame: pl.DataFrame) -> dict[str, Any]:
    """Write one table into a folder, by its contract; gives its name, rows and digest."""
    conformed = TABLES[name].conformed(frame)
    path = target / f"{name}.parquet"
    footer = {"run_id": run.run_id, "as_of": run.as_of, "contract_version": CONTRACT_VERSION}
    table = conformed.to_arrow().combine_chunks()
    plain = pa.schema(
        pa.field(
            field.name,
            pa.string() if pa.types.is_large_string(field.type) else field.type,
            field.nullable,
        )
        for field in table.schema
    )
    write_parquet(
        path, table.cast(plain), {f"regulars.{key}": text for key, text in footer.items()}
    )
    return {"name": path.name, "rows": conformed.height, "sha256": _finished(path)}


def write_parquet(target: Path | BytesIO, table: pa.Table, footer: Mapping[str, str]) -> None:
    """Write a table: one writer, fixed groups, no clock: the same rows give the same bytes."""
    with pq.ParquetWriter(target, table.schema, compression="snappy", store_schema=False) as writer:
        writer.write_table(table, row_group_size=ROW_GROUP_ROWS)
        # Without Arrow's own schema, the metadata of ours is not written by itself.
        # Sorted, since a footer that is read back has lost its order.
        writer.add_key_value_metadata(dict(sorted(footer.items())))


def _write_text(path: Path, text: str) -> dict[str, Any]:
    path.write_text(text, encoding="utf-8")
    return {"name": path.name, "sha256": _finished(path)}


def _finished(path: Path) -> str:
    """The digest of a written file, which is on disk and readable by the group from here on."""
    path.chmod(SHARED_FILE)
    with path.open("rb") as file:
        os.fsync(file.fileno())
    return sha256_of(path)


def sha256_of(path: Path) -> str:
    """The digest of a file's bytes, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
