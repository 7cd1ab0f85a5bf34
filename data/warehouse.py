"""The warehouse: one DuckDB file of typed rows, orders, and the ledger of what was loaded.

Its tables derive from the contracts. It can be deleted: what landed builds it again.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import dataframely as dy
import duckdb

from regulars.data import vault
from regulars.data.workspace import PRIVATE_FILE, Workspace, no_room
from regulars.expectations.errors import Busy, Failed
from regulars.expectations.exports import (
    DIGITS,
    EXPORTS,
    MONEY_PLACES,
    QUANTITY_PLACES,
    Column,
    Export,
)
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
    "choice": "VARCHAR",
    "prose": "VARCHAR",
    "scale": "VARCHAR",
    "score": QUANTITY,
}
_SQL_TYPES_OF_TABLES: dict[type[dy.Column], str] = {
    dy.Int64: "BIGINT",
    dy.String: "VARCHAR",
    dy.Datetime: "TIMESTAMP",
    dy.Date: "DATE",
}


@dataclass(frozen=True)
class Resources:
    """What DuckDB may use: threads, and memory as DuckDB writes it (``4GB``).

    ``patience_s`` is how long to wait for a file that another program holds open.
    """

    threads: int
    memory: str
    patience_s: float = 0


def warehouse_columns(export: Export) -> dict[str, str]:
    """Columns of an export's warehouse table and their SQL types.

    People stand under the pseudonym of the export's id (``source_…``); what only the vault may
    hold is left out. An instant of an event brings its business day, a score what it is on a scale
    of 1 to 5, a free text whether it was cut.
    """
    columns: dict[str, str] = {}
    for column in export.columns:
        if column.role == "person":
            columns[f"source_{column.name}"] = "UBIGINT"
        elif column.role != "vault":
            columns[column.name] = _SQL_TYPES[column.kind]
        columns |= _following(export, column)
    return columns


def _following(export: Export, column: Column) -> dict[str, str]:
    """What is made of a column and kept beside it."""
    match column.kind:
        case "instant" if export.is_history:
            return {column.day: "DATE"}
        case "score":
            return {column.of_five: QUANTITY}
        case "prose":
            return {column.is_cut: "BOOLEAN"}
        case _:
            return {}


def event_columns(export: Export) -> dict[str, str]:
    """Columns of the table of an export's events, where they came from apart.

    Every line is of the chain's currency, so that is not kept.
    """
    columns = warehouse_columns(export)
    return {name: sql for name, sql in columns.items() if name != "currency"}


def table_of(export: Export) -> str:
    """The warehouse's table of an export's rows."""
    return "lines" if export.name == "transactions" else export.name


def line_columns() -> dict[str, str]:
    """Columns of ``lines``."""
    return event_columns(EXPORTS["transactions"])


HISTORIES = tuple(export for export in EXPORTS.values() if export.is_history)
"""The exports that are records of events: each has a table, and one of what was replaced."""

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
    "discount": MONEY,
    "coupon_lines_n": "INTEGER",
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
        Busy: another program holds the file (its PID is named), and went on doing so.
        Damaged: the file cannot be read, now or in the midst of the block; it can be moved aside
            and built again from ``landing/``.
        Failed: the file cannot be opened, or the disk is full.
    """
    # Logs and spilled rows that DuckDB writes beside its files are as private as the files.
    before = os.umask(0o077)
    try:
        connection = _opened(workspace, resources)
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
        except duckdb.Error as error:
            if (told := _explained(workspace, error)) is None:
                raise
            raise told from error
        finally:
            connection.close()
    finally:
        os.umask(before)


def _opened(workspace: Workspace, resources: Resources) -> duckdb.DuckDBPyConnection:
    """The connection, once whoever else holds the file has let it go."""
    until = time.monotonic() + resources.patience_s
    while True:
        try:
            return duckdb.connect(
                workspace.warehouse,
                config={
                    "threads": resources.threads,
                    "memory_limit": resources.memory,
                    "temp_directory": str(workspace.work),
                    "autoinstall_known_extensions": False,
                },
            )
        except duckdb.Error as error:  # a spoilt block is told by no kind of its own
            if not isinstance(error, duckdb.IOException) and not _is_damage(str(error)):
                raise
            told = _not_opened(workspace.warehouse, str(error))
            if not isinstance(told, Busy) or time.monotonic() >= until:
                raise told from error
        time.sleep(_RETRY_S)


_RETRY_S = 0.2


def _explained(workspace: Workspace, error: duckdb.Error) -> Failed | None:
    """What an error in the midst of work means, where it is the disk's or the file's."""
    reason, origin = str(error), error.__context__
    while origin is not None:  # a rollback that fails too hides why there was one
        reason, origin = f"{reason}\n{origin}", origin.__context__
    if "No space left on device" in reason or "File too large" in reason:
        needed_n = sum(path.stat().st_size for path in workspace.landing.iterdir())
        return no_room(
            workspace.root,
            f"cannot write {workspace.warehouse}",
            needed_n,
            "the step that was under way was rolled back; the last publication is untouched",
            OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)),
        )
    if _is_damage(reason):
        vault_is = str(workspace.vault) in reason
        return Damaged(workspace.vault if vault_is else workspace.warehouse, reason.splitlines()[0])
    return None


def _is_damage(reason: str) -> bool:
    return any(sign in reason for sign in _SIGNS_OF_DAMAGE)


_SIGNS_OF_DAMAGE = (
    "not a valid DuckDB database",
    "Corrupt database file",
    "Could not read enough bytes",
    "Could not read all bytes",
    "does not match stored checksum",
    "Failed to load metadata pointer",
)


def renewed(
    workspace: Workspace, resources: Resources, reading: str, landed: Mapping[str, str]
) -> str | None:
    """Take a warehouse away that is not what ``landing/`` makes under these settings; why.

    ``reading`` tells the settings and the version; ``landed`` the digest of the facts of each
    sidecar by its name. Rows hold what those made of the bytes: business days, anonymous ids,
    orders. When one of them changes, what landed is read again. A damaged file is kept aside.
    None when the warehouse may stay, or there is none.
    """
    if not workspace.warehouse.exists():
        return None
    had_vault = workspace.vault.exists()
    try:
        with connected(workspace, resources) as connection:
            kept = connection.execute("SELECT value FROM memory WHERE name = 'reading'").fetchall()
            read = dict(connection.execute("SELECT sidecar, facts FROM read_as").fetchall())
    except Damaged as damaged:
        return kept_aside(workspace, damaged)
    if read and not had_vault:
        _remove(workspace.warehouse)
        return f"{workspace.vault.name} was gone"
    if kept not in ([], [(reading,)]):
        _remove(workspace.warehouse)
        return "settings or the version of regulars changed how files are read"
    if any(landed.get(name) != facts for name, facts in read.items()):
        _remove(workspace.warehouse)
        return "files that were loaded are read otherwise now"
    return None


def kept_aside(workspace: Workspace, damaged: Damaged) -> str:
    """Move a damaged file out of the way, so that it is made again; what is to be said of it."""
    aside = _set_aside(damaged.path)
    # The vault is filled by what is loaded: without it the rows' people would have no names.
    _remove(workspace.warehouse)
    return f"{damaged.path.name} was damaged; it is kept as {aside.name}"


def remember(connection: duckdb.DuckDBPyConnection, reading: str) -> None:
    """Keep the settings that the rows are read under."""
    connection.execute("DELETE FROM memory WHERE name = 'reading'")
    connection.execute("INSERT INTO memory VALUES ('reading', $1)", [reading])


def _set_aside(path: Path) -> Path:
    places = (path.with_suffix(f".damaged-{n}") for n in count(1))
    aside = next(place for place in places if not place.exists())
    path.replace(aside)
    _remove(path)
    return aside


def _remove(path: Path) -> None:
    for part in (path, path.with_suffix(".duckdb.wal")):
        part.unlink(missing_ok=True)


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All of the block or nothing of it."""
    connection.execute("BEGIN TRANSACTION")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        _plan_as_usual(connection)
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
        # In a transaction that failed nothing can be set, and its error is the one to be seen.
        with suppress(duckdb.TransactionException):
            _plan_as_usual(connection)


def _plan_as_usual(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("SET disabled_optimizers = ''")
    connection.execute("SET preserve_insertion_order = true")


def one(connection: duckdb.DuckDBPyConnection, sql: str, parameters: object = None) -> int:
    """The single number a query gives; 0 for null or no row."""
    # All of the result: a connection with a half-fetched one refuses other work.
    rows = connection.execute(sql, parameters).fetchall()
    return int(rows[0][0] or 0) if rows else 0


def shape() -> str:
    """What tells a warehouse of these tables from one that another version made."""
    return hashlib.sha256(json.dumps(_tables()).encode()).hexdigest()[:16]


def _define(connection: duckdb.DuckDBPyConnection) -> None:
    for name, columns in _tables().items():
        declared = ", ".join(f'"{column}" {sql}' for column, sql in columns.items())
        connection.execute(f"CREATE TABLE IF NOT EXISTS {name} ({declared})")


def _tables() -> dict[str, dict[str, str]]:
    """The columns of every table and their SQL types."""
    tables = {
        "orders": ORDER_COLUMNS,
        "returns": RETURN_COLUMNS,
        "memory": {"name": "VARCHAR", "value": "VARCHAR"},
        "read_as": {"sidecar": "VARCHAR", "facts": "VARCHAR"},
        "identity": {"source_customer_id": "UBIGINT", "customer_id": "UBIGINT"},
        "loads": _columns_of("loads"),
        "quarantined": _columns_of("quarantine_summary"),
    } | {
        export.name: warehouse_columns(export) | {"load_id": "BIGINT"}
        for export in EXPORTS.values()
        if not export.is_history
    }
    for export in HISTORIES:
        columns, table = event_columns(export), table_of(export)
        tables[table] = columns | {"load_id": "BIGINT", "confirmed_by": "BIGINT"}
        tables[f"{table}_history"] = columns | {"load_id": "BIGINT", "replaced_by": "BIGINT"}
    return tables


def _columns_of(table: str) -> dict[str, str]:
    return {
        name: _SQL_TYPES_OF_TABLES[type(column)]
        for name, column in TABLES[table].schema.columns().items()
    }


class Damaged(Failed):
    """A file of ours that is no DuckDB file any more; what it held can be made again."""

    def __init__(self, path: Path, reason: str) -> None:
        self.path = path
        super().__init__(
            f"{path} cannot be opened",
            expected="a DuckDB file that regulars wrote",
            found=reason,
            left="nothing was changed; landing/ still holds everything that was loaded",
            next_step="regulars ingest, which keeps it aside and builds it again from landing/",
        )


def _not_opened(path: Path, reason: str) -> Busy | Failed:
    first = reason.splitlines()[0]
    if "conflicting lock" in reason.lower():
        holder = re.search(r"held in (.*?)\(?PID (\d+)", reason)
        return Busy(
            f"{path} is open in another program",
            found=f"{holder[1].strip() or 'a process'} (PID {holder[2]})" if holder else first,
            left="nothing was changed; the last publication is untouched",
            next_step="close it there (BI tools should read published/, not this file), or wait "
            "for it with --wait SECONDS",
        )
    if "version number" in reason:
        return Failed(
            f"{path} was written by another version of DuckDB",
            expected=f"a file that DuckDB {duckdb.__version__} can read",
            found=first,
            left="nothing was changed; landing/ still holds everything that was loaded",
            next_step="use the newer regulars again, or delete the file: it is built again from "
            "landing/",
        )
    if _is_damage(reason):
        return Damaged(path, first)
    return Failed(
        f"{path} cannot be opened",
        expected="a file that this user may read and write, on a disk with space",
        found=first,
        left="nothing was changed; the last publication is untouched",
        next_step=f"chmod u+rw {path}, or run as its owner",
    )
