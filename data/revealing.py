"""Lists with raw ids, for those who must act on them: a private file, and a line in the audit."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import polars as pl

from regulars.data import shelf
from regulars.data.vault import readable
from regulars.data.workspace import PRIVATE_FOLDER, Workspace, appended, made, written
from regulars.expectations.errors import DataRefused, Failed, SettingsError
from regulars.expectations.tables import TABLES

# A spreadsheet takes a cell that starts so for a formula, unless it is a number or a phone.
_FORMULA = r"^[=+\-@\t\r]"
_NUMBER = r"^[+-]?[\d .()-]+$"


def revealed(
    workspace: Workspace,
    table: str,
    *,
    purpose: str,
    segment: str | None,
    by: str,
    at: datetime,
) -> tuple[Path, int]:
    """Write the published rows of a table with who they are; gives the file and its rows.

    The file is CSV (UTF-8 with BOM, which Excel reads), mode 0600, outside ``published``.

    Raises:
        SettingsError: no purpose, no such table, no such segment, or a table without customers.
        DataRefused: nothing is published yet.
        Failed: the vault does not know some of them, so that the list would lack them.
    """
    _refuse(table, purpose)
    manifest = shelf.published_manifest(workspace)
    if manifest is None:
        raise DataRefused(
            f"{workspace.root}: nothing is published yet",
            expected="a publication to take the list from",
            found="none",
            next_step="regulars run",
        )
    rows = pl.read_parquet(workspace.published.resolve() / f"{table}.parquet", glob=False)
    if segment is not None:
        _refuse_unknown(segment, table, rows, _segments(workspace))
        rows = rows.filter(pl.col("segment") == segment)
    named = readable(workspace).join(rows, on="customer_id", how="inner").sort("customer_id")
    if named.height != rows.height:
        raise Failed(
            f"{workspace.vault} does not know who some customers are",
            expected=f"{rows.height} customers of {table}",
            found=f"{named.height} of them",
            left="nothing was written",
            next_step=f"restore it, or move {workspace.warehouse} aside, which fills it again from "
            "landing/, then: regulars ingest",
        )
    made(workspace.revealed, PRIVATE_FOLDER)
    path = workspace.revealed / f"{table}-{segment or 'all'}-{at:%Y%m%dT%H%M%S}.csv"
    # The audit comes first: a list must not exist that no line tells of.
    appended(
        workspace.audit,
        {
            "at": at.isoformat(timespec="seconds"),
            "by": by,
            "table": table,
            "segment": segment,
            "purpose": purpose,
            "rows_n": named.height,
            "run_id": manifest["run_id"],
            "file": path.name,
        },
    )
    written(path, _csv(named))
    return path, named.height


def _refuse(table: str, purpose: str) -> None:
    with_customers = [
        name for name, known in TABLES.items() if "customer_id" in known.schema.column_names()
    ]
    if table not in with_customers:
        near = _nearest(table, with_customers)
        raise SettingsError(
            f"no list of customers {table!r}",
            expected=f"one of {', '.join(with_customers)}",
            found=table + (f" (did you mean {near!r}?)" if near else ""),
            left="nothing was written",
            next_step=f"regulars export {near or with_customers[-1]} --purpose …",
        )
    if not purpose.strip():
        raise SettingsError(
            "raw ids are given for a purpose: who asked for them and why is kept in audit.jsonl",
            expected="--purpose with a few words",
            found="no words",
            left="nothing was written",
            next_step=f'regulars export {table} --purpose "win-back mailing, October"',
        )


def _segments(workspace: Workspace) -> list[str]:
    """All that there are, those without a customer too."""
    file = workspace.published.resolve() / "segments.parquet"
    return pl.read_parquet(file, columns=["segment"], glob=False)["segment"].to_list()


def _refuse_unknown(segment: str, table: str, rows: pl.DataFrame, known: list[str]) -> None:
    if "segment" not in rows.columns:
        raise SettingsError(
            f"{table} has no segments",
            expected="--segment with a table that has them, such as rfm",
            found=table,
            left="nothing was written",
            next_step=f"regulars export rfm --segment {segment} --purpose …",
        )
    if segment not in known:
        near = _nearest(segment, known)
        raise SettingsError(
            f"there is no segment {segment!r}",
            expected=f"one of {', '.join(known)}",
            found=segment + (f" (did you mean {near!r}?)" if near else ""),
            left="nothing was written",
            next_step=f"regulars export {table} --segment {near or known[0]} --purpose …",
        )


def _nearest(word: str, known: Sequence[str]) -> str | None:
    # Written as a label is: "At risk" for at_risk.
    plain = word.strip().lower().replace(" ", "_").replace("-", "_")
    return next(iter(difflib.get_close_matches(plain, known, n=1, cutoff=0.5)), None)


def _csv(frame: pl.DataFrame) -> bytes:
    texts = [name for name, dtype in frame.schema.items() if dtype == pl.String]
    safe = frame.with_columns(
        pl.when(pl.col(name).str.contains(_FORMULA) & ~pl.col(name).str.contains(_NUMBER))
        .then("'" + pl.col(name))
        .otherwise(name)
        .alias(name)
        for name in texts
    )
    return b"\xef\xbb\xbf" + safe.write_csv().encode()
