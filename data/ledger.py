"""The ledger: every file that was loaded, with what became of each of its rows."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import polars as pl

from regulars.data import quarantine
from regulars.data.drift import Difference, Volume
from regulars.data.footers import PREAMBLE
from regulars.data.landing import LandedFile
from regulars.data.quarantine import Conflicts
from regulars.data.reading import ReadRules
from regulars.data.texts import Text
from regulars.data.warehouse import one
from regulars.data.workspace import Workspace
from regulars.expectations.errors import Failed
from regulars.expectations.exports import Export


@dataclass(frozen=True)
class Loaded:
    """What one file brought: its row of the ledger.

    ``refusals`` tells why rows were quarantined: reason, column, rows, first physical line.
    ``differences`` tells in what the file is not like those before it, ``differing`` in which
    aspects that a person may accept. ``skipped`` tells what is no data: rule, lines, first
    physical line; lines above the header are among it (``preamble``) and are no rows.
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
    differences: list[str]
    differing: list[str]
    skipped_n: int
    skipped: list[Skip]
    erased_n: int


Refusal = tuple[str, str | None, int, int]
Skip = tuple[str, int, int]


@dataclass(frozen=True)
class Reading:
    """One file of a delivery while it is being loaded."""

    load_id: int
    file: LandedFile
    export: Export
    text: Text
    inserted_n: int
    volume: Volume | None = None
    differences: tuple[Difference, ...] = ()


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
    # Each row that was taken out of the file has left a blank line.
    rows_n = reading.text.rows_n - file.erased_n
    refused = pl.DataFrame(schema=quarantine.QUARANTINE_SCHEMA)
    skipped = pl.DataFrame(schema=quarantine.SKIPPED_SCHEMA)
    if conflicts or reading.inserted_n != rows_n:
        found = quarantine.refused_rows(
            connection, file, reading.text, reading.export, read, conflicts
        )
        refused, skipped, rows_n = found.refused, found.skipped, found.rows_n
    conflicting_n = refused.filter(pl.col("reason").is_in([c.reason for c in conflicts])).height
    accepted_n = reading.inserted_n - duplicate_n - conflicting_n
    if rows_n != accepted_n + duplicate_n + refused.height + skipped.height:
        raise Failed(
            f"{file.file}: rows are unaccounted for",
            expected=f"{rows_n} rows = accepted + duplicate + quarantined + skipped",
            found=f"{accepted_n} + {duplicate_n} + {refused.height} + {skipped.height}",
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
    volume = reading.volume if reading.export.is_history else None
    row = {
        "load_id": load_id,
        "delivery_id": file.delivery_id,
        "export": file.export,
        "file": file.file,
        "sha256": file.sha256,
        "encoding": file.layout.encoding,
        "bytes_n": file.bytes_n,
        "rows_n": rows_n + file.erased_n,
        "accepted_n": accepted_n,
        "duplicate_n": duplicate_n,
        "quarantined_n": refused.height,
        "skipped_n": skipped.height,
        "erased_n": file.erased_n,
        "replaced_n": replaced_n,
        "days_n": volume.days_n if volume else None,
        "first_on": volume.first_on if volume else None,
        "last_on": volume.last_on if volume else None,
        "differences": ", ".join(d.code for d in reading.differences) or None,
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
        rows_n + file.erased_n,
        accepted_n,
        duplicate_n,
        refused.height,
        replaced_n,
        file.layout.ignored,
        refusals,
        [difference.sentence() for difference in reading.differences],
        [d.aspect for d in reading.differences if not d.is_harmless],
        skipped.height,
        _skips(file, skipped),
        file.erased_n,
    )


def count_replaced(connection: duckdb.DuckDBPyConnection, export: Export, table: str) -> None:
    """Have the ledger say how many rows of each earlier load are in the history by now."""
    connection.execute(
        "UPDATE loads SET replaced_n = h.rows_n FROM (SELECT load_id, count(*) AS rows_n "
        f"FROM {table}_history GROUP BY load_id) AS h "
        "WHERE loads.load_id = h.load_id AND loads.export = $1",
        [export.name],
    )


def _skips(file: LandedFile, skipped: pl.DataFrame) -> list[Skip]:
    """What is no data, by rule."""
    preamble_n = file.layout.header_line - 1
    by_rule = skipped.group_by("rule").agg(pl.len(), pl.col("line").min()).sort("line")
    return [*([(PREAMBLE, preamble_n, 1)] if preamble_n else []), *by_rule.iter_rows()]


def _replaced(
    connection: duckdb.DuckDBPyConnection, table: str, load_id: int, accepted_n: int
) -> int:
    """Accepted rows of a load that are not current, because a later delivery came before it."""
    return accepted_n - one(
        connection, f"SELECT count(*) FROM {table} WHERE load_id = $1", [load_id]
    )
