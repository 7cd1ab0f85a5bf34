"""The warehouse: one DuckDB file of typed rows, orders, and the ledger of what was loaded.

Its tables derive from the contracts. It can be deleted: what landed builds it again.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import dataframely as dy
import duckdb

from regulars.data import vault
from regulars.data.workspace import PRIVATE_FILE, Workspace
from regulars.expectations.errors import Busy, Failed
from regulars.expectations.exports import DIGITS, EXPORTS, MONEY_PLACES, QUANTITY_PLACES, Export
from regulars.expectations.tables import TABLES

MONEY = f"DECIMAL({DIGITS}, {MONEY_PLACES})"
QUANTITY = f"DECIMAL({DIGITS}, {QUANTITY_PLACES})"

_SQL_TYPES = {
    "text": "VARCHAR",
    "instant": "TIMESTAMP",
    "day": "DATE",
    "money": MONEY,
    "quantity": QUANTITY,
    "flag": "BOOLEAN",
}
_SQL_TYPES_OF_TABLES: dict[type[dy.Column], str] = {
    dy.Int64: "BIGINT",
    dy.String: "VARCHAR",
    dy.Datetime: "TIMESTAMP",
}


@dataclass(frozen=True)
class Resources:
    """What DuckDB may use: threads, and memory as DuckDB writes it (``4GB``)."""

    threads: int
    memory: str


def warehouse_columns(export: Export) -> dict[str, str]:
    """Columns of an export's warehouse table and their SQL types.

    People stand under the pseudonym of the export's id (``source_…``); what only the vault may
    hold is left out; an instant brings its business day.
    """
    columns: dict[str, str] = {}
    for column in export.columns:
        if column.role == "person":
            columns[f"source_{column.name}"] = "UBIGINT"
        elif column.role == "plain":
            columns[column.name] = _SQL_TYPES[column.kind]
        if column.name == "ordered_at":
            columns["ordered_on"] = "DATE"
    return columns


def line_columns() -> dict[str, str]:
    """Columns of ``lines``: every line is of the chain's currency, so that is not kept."""
    columns = warehouse_columns(EXPORTS["transactions"])
    return {name: sql for name, sql in columns.items() if name != "currency"}


ORDER_COLUMNS = {
    "order_id": "VARCHAR",
    "store_id": "VARCHAR",
    "ordered_on": "DATE",
    "source_customer_id": "UBIGINT",
    "ordered_at": "TIMESTAMP",
    "channel": "VARCHAR",
    "gross": MONEY,
    "quantity": QUANTITY,
    "lines_n": "INTEGER",
}
RETURN_COLUMNS = {
    "order_id": "VARCHAR",
    "store_id": "VARCHAR",
    "ordered_on": "DATE",
    "source_customer_id": "UBIGINT",
    "returns_order_id": "VARCHAR",
    "channel": "VARCHAR",
    "amount": MONEY,
    "lines_n": "INTEGER",
}


@contextmanager
def connected(workspace: Workspace, resources: Resources) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the warehouse with the vault attached, made when new, closed at the end.

    Raises:
        Busy: another program holds the file (its PID is named).
        Failed: the file is damaged; it can be moved aside and built again from ``landing/``.
    """
    # Logs and spilled rows that DuckDB writes beside its files are as private as the files.
    before = os.umask(0o077)
    try:
        connection = duckdb.connect(
            workspace.warehouse,
            config={
                "threads": resources.threads,
                "memory_limit": resources.memory,
                "temp_directory": str(workspace.work),
                "autoinstall_known_extensions": False,
            },
        )
    except duckdb.IOException as error:
        os.umask(before)
        raise _not_opened(workspace.warehouse, str(error)) from error
    try:
        workspace.warehouse.chmod(PRIVATE_FILE)
        # Business times are wall-clock; the host's own zone must not reach any of them.
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("SET enable_progress_bar = false")
        try:
            vault.attach(connection, workspace.vault)
        except duckdb.IOException as error:
            raise _not_opened(workspace.vault, str(error)) from error
        _define(connection)
        yield connection
    finally:
        connection.close()
        os.umask(before)


def renewed(workspace: Workspace, resources: Resources, reading: str) -> bool:
    """Remove a warehouse that was read under other settings; whether there was one.

    Rows hold what the settings made of the bytes: business days, anonymous ids, orders. When
    those settings change, what landed is read again.
    """
    if not workspace.warehouse.exists():
        return False
    with connected(workspace, resources) as connection:
        kept = connection.execute("SELECT value FROM memory WHERE name = 'reading'").fetchall()
    if kept in ([], [(reading,)]):
        return False
    for path in (workspace.warehouse, workspace.warehouse.with_suffix(".duckdb.wal")):
        path.unlink(missing_ok=True)
    return True


def remember(connection: duckdb.DuckDBPyConnection, reading: str) -> None:
    """Keep the settings that the rows are read under."""
    connection.execute("DELETE FROM memory WHERE name = 'reading'")
    connection.execute("INSERT INTO memory VALUES ('reading', $1)", [reading])


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All of the block or nothing of it."""
    connection.execute("BEGIN TRANSACTION")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


@contextmanager
def streaming(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Have a statement that reads files run as it is written, in one pass.

    DuckDB knows nothing of the size of a CSV file, so it builds the hash table of a join on the
    file's side; and it moves a filter on a cast below the cast, which is then done twice. On five
    million lines that is 19 s and 2.6 GiB where the statement as written takes 6 s. The order of
    rows in a table means nothing to us, and keeping it costs memory.
    """
    connection.execute(
        "SET disabled_optimizers = 'filter_pushdown,build_side_probe_side,join_order'"
    )
    connection.execute("SET preserve_insertion_order = false")
    try:
        yield
    finally:
        connection.execute("SET disabled_optimizers = ''")
        connection.execute("SET preserve_insertion_order = true")


def one(connection: duckdb.DuckDBPyConnection, sql: str, parameters: object = None) -> int:
    """The single number a query gives; 0 for null or no row."""
    # All of the result: a connection with a half-fetched one refuses other work.
    rows = connection.execute(sql, parameters).fetchall()
    return int(rows[0][0] or 0) if rows else 0


def _define(connection: duckdb.DuckDBPyConnection) -> None:
    lines = line_columns()
    tables = {
        "lines": lines | {"load_id": "BIGINT", "confirmed_by": "BIGINT"},
        "lines_history": lines | {"load_id": "BIGINT", "replaced_by": "BIGINT"},
        "orders": ORDER_COLUMNS,
        "returns": RETURN_COLUMNS,
        "memory": {"name": "VARCHAR", "value": "VARCHAR"},
        "identity": {"source_customer_id": "UBIGINT", "customer_id": "UBIGINT"},
        "loads": _columns_of("loads"),
        "quarantined": _columns_of("quarantine_summary"),
    } | {
        export.name: warehouse_columns(export) | {"load_id": "BIGINT"}
        for export in EXPORTS.values()
        if not export.is_history
    }
    for name, columns in tables.items():
        declared = ", ".join(f'"{column}" {sql}' for column, sql in columns.items())
        connection.execute(f"CREATE TABLE IF NOT EXISTS {name} ({declared})")


def _columns_of(table: str) -> dict[str, str]:
    return {
        name: _SQL_TYPES_OF_TABLES[type(column)]
        for name, column in TABLES[table].schema.columns().items()
    }


def _not_opened(path: Path, reason: str) -> Busy | Failed:
    first = reason.splitlines()[0]
    if "lock" in reason.lower():
        return Busy(
            f"{path} is open in another program",
            found=first,
            left="nothing was changed; the last publication is untouched",
            next_step="close it there (BI tools should read published/, not this file)",
        )
    return Failed(
        f"{path} cannot be opened",
        expected="a DuckDB file that regulars wrote",
        found=first,
        left="nothing was changed; landing/ still holds everything that was loaded",
        # The vault is filled again by what is loaded, so the warehouse has to go with it.
        next_step=f"move {path.parent / 'warehouse.duckdb'} and {path} aside, then: regulars ingest"
        if path.stem == "vault"
        else f"mv {path} {path}.damaged, then: regulars ingest",
    )
