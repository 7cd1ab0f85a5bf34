"""The ledger: every file that was loaded, with what became of each of its rows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from regulars.data import quarantine
from regulars.data.landing import LandedFile
from regulars.data.quarantine import Conflicts
from regulars.data.reading import ReadRules
from regulars.data.warehouse import one
from regulars.data.workspace import Workspace
from regulars.expectations.errors import Failed
from regulars.expectations.exports import Export


@dataclass(frozen=True)
class Loaded:
    """What one file brought: its row of the ledger.

    ``refusals`` tells why rows were quarantined: reason, column, rows, first physical line.
    """

    load_id: int
    delivery_id: int
    export: str
    file: str
    rows_n: int
    accepted_n: int
    duplicate_n: int
    quarantined_n: int
    replaced_n: int
    ignored_columns: list[str]
    refusals: list[Refusal]


Refusal = tuple[str, str | None, int, int]


@dataclass(frozen=True)
class Reading:
    """One file of a delivery while it is being loaded."""

    load_id: int
    file: LandedFile
    export: Export
    path: Path
    inserted_n: int


def recorded(
    connection: duckdb.DuckDBPyConnection,
    workspace: Workspace,
    reading: Reading,
    read: ReadRules,
    conflicts: list[Conflicts],
    table: str,
) -> Loaded:
    """Quarantine what a file lost, check that every row is accounted for, write the ledger."""
    file, load_id = reading.file, reading.load_id
    duplicate_n = one(
        connection, "SELECT sum(rows_n) FROM duplicates WHERE load_id = $1", [load_id]
    )
    rows_n = file.newlines_n - 1 + (not file.ends_with_newline)
    refused = pl.DataFrame(schema=quarantine.QUARANTINE_SCHEMA)
    if conflicts or reading.inserted_n != rows_n:
        refused, rows_n = quarantine.refused_rows(
            connection, file, reading.path, reading.export, read, conflicts
        )
    conflicting_n = refused.filter(pl.col("reason").is_in([c.reason for c in conflicts])).height
    accepted_n = reading.inserted_n - duplicate_n - conflicting_n
    if rows_n != accepted_n + duplicate_n + refused.height:
        raise Failed(
            f"{file.file}: rows are unaccounted for",
            expected=f"{rows_n} rows = accepted + duplicate + quarantined",
            found=f"{accepted_n} + {duplicate_n} + {refused.height}",
            left="nothing of this delivery was loaded",
            next_step="report this: it is a fault of regulars",
        )
    replaced_n = _replaced(connection, table, load_id, accepted_n)
    refusals: list[Refusal] = []
    if refused.height:
        quarantine.keep(workspace, file, load_id, refused)
        reasons = quarantine.summary(file, load_id, refused)
        connection.register("reasons", reasons)
        connection.execute("INSERT INTO quarantined BY NAME SELECT * FROM reasons")
        connection.unregister("reasons")
        told = reasons.sort("first_line").select("reason", "column", "rows_n", "first_line")
        refusals = list(told.iter_rows())
    row = {
        "load_id": load_id,
        "delivery_id": file.delivery_id,
        "export": file.export,
        "file": file.file,
        "sha256": file.sha256,
        "encoding": file.layout.encoding,
        "bytes_n": file.bytes_n,
        "rows_n": rows_n,
        "accepted_n": accepted_n,
        "duplicate_n": duplicate_n,
        "quarantined_n": refused.height,
        "skipped_n": 0,
        "erased_n": 0,
        "replaced_n": replaced_n,
        "ignored_columns": ", ".join(file.layout.ignored) or None,
        "delivered_at": file.delivered_at,
        "landed_at": file.landed_at,
    }
    connection.execute(
        f"INSERT INTO loads ({', '.join(row)}) VALUES ({', '.join(f'${name}' for name in row)})",
        row,
    )
    connection.execute(
        "INSERT INTO read_as VALUES ($1, $2)", [file.sidecar_name, file.facts_digest]
    )
    return Loaded(
        load_id,
        file.delivery_id,
        file.export,
        file.file,
        rows_n,
        accepted_n,
        duplicate_n,
        refused.height,
        replaced_n,
        file.layout.ignored,
        refusals,
    )


def _replaced(
    connection: duckdb.DuckDBPyConnection, table: str, load_id: int, accepted_n: int
) -> int:
    """Accepted rows of a load that are not current, because a later delivery came before it."""
    return accepted_n - one(
        connection, f"SELECT count(*) FROM {table} WHERE load_id = $1", [load_id]
    )
