"""Landed deliveries into the warehouse: lines, orders and ledger in one transaction a delivery.

Loading starts from what has landed and is not in the ledger yet. So a first load, a load after a
kill, and the building of a deleted warehouse are one and the same thing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from shutil import copyfileobj

import duckdb
import polars as pl

from regulars.data import merging, orders, quarantine, vault
from regulars.data.landing import LandedFile, bytes_of, landed_files, secure, withdraw
from regulars.data.points import reached
from regulars.data.quarantine import Conflicts
from regulars.data.reading import ReadRules, good_rows, text_source
from regulars.data.warehouse import (
    line_columns,
    one,
    streaming,
    transaction,
    warehouse_columns,
)
from regulars.data.workspace import Workspace
from regulars.expectations.errors import DataRefused, Failed
from regulars.expectations.exports import EXPORTS, Export


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
class _Reading:
    """One file of a delivery while it is being loaded."""

    load_id: int
    file: LandedFile
    export: Export
    path: Path
    inserted_n: int


_Numbered = tuple[int, tuple[LandedFile, Path]]
"""A load id, and the file that will bear it with the path of its text."""


def pending(connection: duckdb.DuckDBPyConnection, workspace: Workspace) -> list[LandedFile]:
    """What has landed and is not in the ledger."""
    known = set(connection.execute("SELECT delivery_id, export, sha256 FROM loads").fetchall())
    return [
        file
        for file in landed_files(workspace)
        if (file.delivery_id, file.export, file.sha256) not in known
    ]


def load_pending(
    connection: duckdb.DuckDBPyConnection,
    workspace: Workspace,
    read: ReadRules,
    *,
    key: bytes,
    report: Callable[[str], None] = lambda _: None,
) -> list[Loaded]:
    """Load every pending delivery, in the order they landed.

    Raises:
        DataRefused: a delivery breaks a contract as a whole; it is taken back from the landing,
            and the deliveries before it stay loaded.
    """
    loaded: list[Loaded] = []
    waiting = sorted(
        pending(connection, workspace), key=lambda file: (file.delivery_id, file.export, file.file)
    )
    for _, delivery in groupby(waiting, key=lambda file: file.delivery_id):
        files = list(delivery)
        for file in files:
            report(f"loading {file.file}")
        try:
            loaded += _load_delivery(connection, workspace, files, read, key)
        except DataRefused:
            withdraw(workspace, files)
            raise
        except duckdb.InvalidInputException as error:
            withdraw(workspace, files)
            raise _unreadable(files, str(error)) from None
    return loaded


def _unreadable(files: Sequence[LandedFile], reason: str) -> DataRefused:
    """The reason itself is not told: it quotes what stands in the file."""
    named = [file.file for file in files if file.sha256 in reason] or [file.file for file in files]
    return DataRefused(
        f"{', '.join(named)}: cannot be split into lines and columns",
        expected="one kind of line end throughout, and quotes in pairs",
        found="a place where the reader cannot go on",
        left="nothing of this delivery was loaded; the last publication is untouched",
        next_step="look for line ends of two kinds in the file, and export it again",
    )


def _load_delivery(
    connection: duckdb.DuckDBPyConnection,
    workspace: Workspace,
    files: Sequence[LandedFile],
    read: ReadRules,
    key: bytes,
) -> list[Loaded]:
    read = replace(read, landed_on=files[0].landed_at.date())
    first_load_id = one(connection, "SELECT max(load_id) FROM loads") + 1
    quarantine.tidied(workspace, first_load_id)
    with _as_utf8(workspace, files) as paths, ThreadPoolExecutor(1) as aside:
        secured = aside.submit(secure, workspace, files)
        numbered = list(enumerate(zip(files, paths, strict=True), start=first_load_id))
        alike = [list(group) for _, group in groupby(numbered, key=_shape)]
        for group in alike:
            vault.admit(
                connection,
                [path for _, (_, path) in group],
                EXPORTS[group[0][1][0].export],
                group[0][1][0].layout,
                key=key,
                anonymous_ids=read.anonymous_ids,
            )
        reached("vault_committed")
        with transaction(connection):
            connection.execute(
                "INSERT INTO identity SELECT customer_id, customer_id FROM vault.people "
                "ANTI JOIN identity ON vault.people.customer_id = identity.source_customer_id"
            )
            readings = [reading for group in alike for reading in _insert(connection, group, read)]
            reached("rows_inserted")
            loaded: list[Loaded] = []
            for name, of_export in groupby(readings, key=lambda reading: reading.file.export):
                settle = _settle_lines if EXPORTS[name].is_history else _settle_list
                loaded += settle(connection, workspace, list(of_export), read)
            secured.result()
            reached("before_commit")
    reached("loaded")
    return sorted(loaded, key=lambda one_load: one_load.load_id)


def _shape(numbered: _Numbered) -> tuple[str, str]:
    file = numbered[1][0]
    return file.export, str(file.layout)


def _insert(
    connection: duckdb.DuckDBPyConnection, group: Sequence[_Numbered], read: ReadRules
) -> list[_Reading]:
    """Add the good rows of files of one shape to their warehouse table, under their load ids.

    One statement for all of them: DuckDB reads small files side by side.
    """
    file = group[0][1][0]
    export = EXPORTS[file.export]
    rows = good_rows(export, file.layout, read.key_of(export), text_source(file.layout))
    if export.is_history:
        table, values = "lines", _line_values(file)
    else:
        table, values = export.name, ", ".join(f'"{c}"' for c in warehouse_columns(export))
    with streaming(connection):
        connection.execute(
            f"INSERT INTO {table} BY NAME SELECT {values}, "
            f"$first + list_position($path, path) - 1 AS load_id FROM ({rows})",
            {
                "path": [str(path) for _, (_, path) in group],
                "first": group[0][0],
                **quarantine.used(rows, read),
            },
        )
    inserted = dict(
        connection.execute(
            f"SELECT load_id, count(*) FROM {table} WHERE load_id >= $1 GROUP BY load_id",
            [group[0][0]],
        ).fetchall()
    )
    return [
        _Reading(load_id, file, export, path, inserted.get(load_id, 0))
        for load_id, (file, path) in group
    ]


def _line_values(file: LandedFile) -> str:
    """Line columns, with returns told from sales and stored negative."""
    is_return = "coalesce(is_return, false)" if "is_return" in file.layout.places else "amount < 0"
    values = {name: f'"{name}"' for name in line_columns()} | {
        "is_return": is_return,
        "amount": f"CASE WHEN {is_return} THEN -abs(amount) ELSE amount END",
        "quantity": f"CASE WHEN {is_return} THEN -abs(quantity) ELSE quantity END",
    }
    return ", ".join(f'{value} AS "{name}"' for name, value in values.items())


def _settle_lines(
    connection: duckdb.DuckDBPyConnection,
    workspace: Workspace,
    readings: list[_Reading],
    read: ReadRules,
) -> list[Loaded]:
    """Merge arrived lines with those there, make their orders again, write the ledger."""
    for reading in readings:
        _refuse_without_order_key(reading.file, read.order_key)
    numbered = {"line_id" in reading.file.layout.places for reading in readings}
    if len(numbered) > 1:
        raise DataRefused(
            f"{readings[0].file.file} and others of this delivery: only some number their lines",
            expected="line_id in every file of a delivery, or in none",
            found=f"{len(readings)} files of both kinds",
            left="nothing of this delivery was loaded; the last publication is untouched",
            next_step="ingest the two kinds one after the other",
        )
    first = readings[0].load_id
    unit = merging.Unit(read.order_key, numbered == {True}, first)
    is_first_load = not one(connection, "SELECT count(*) FROM lines WHERE load_id < $1", [first])
    dirty = None if is_first_load else "dirty"
    if dirty:
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE dirty AS SELECT DISTINCT {', '.join(read.order_key)} "
            "FROM lines WHERE load_id >= $1",
            [first],
        )
    merging.merge(connection, unit, delivered_at=readings[0].file.delivered_at)
    reached("merged")
    orders.reduce(connection, read.order_key, dirty)
    reached("orders_reduced")
    conflicts = []
    if orders.unreduced_lines(connection, read.order_key, dirty):
        orders.conflicting_orders(connection, read.order_key, "refused_orders")
        merging.undo(connection, unit, "refused_orders")
        orders.reduce(connection, read.order_key, "refused_orders")
        conflicts.append(
            Conflicts(
                "refused_orders",
                read.order_key,
                "order_conflict",
                {"order_key": ", ".join(read.order_key)},
            )
        )
    if one(connection, "SELECT count(*) FROM refused_units"):
        columns = tuple(unit.columns.split(", "))
        conflicts.append(
            Conflicts("refused_units", columns, "conflicting_key", {"key": ", ".join(columns)})
        )
    merging.confirm(connection, unit)
    connection.execute(
        "UPDATE loads SET replaced_n = h.rows_n FROM "
        "(SELECT load_id, count(*) AS rows_n FROM lines_history GROUP BY load_id) AS h "
        "WHERE loads.load_id = h.load_id AND loads.export = 'transactions'"
    )
    return [
        _recorded(connection, workspace, reading, read, conflicts, "lines") for reading in readings
    ]


def _refuse_without_order_key(file: LandedFile, order_key: tuple[str, ...]) -> None:
    if absent := {*order_key} - {*file.layout.places, "ordered_on"}:
        raise DataRefused(
            f"{file.file}: no column {', '.join(sorted(absent))}, which the order key needs",
            expected=f"the columns of order_key: {', '.join(order_key)}",
            found="a header without it",
            left="nothing of this delivery was loaded; the last publication is untouched",
            next_step="map it under [exports.transactions.columns], or take it out of order_key "
            "under [chain] in regulars.toml",
        )


def _settle_list(
    connection: duckdb.DuckDBPyConnection,
    workspace: Workspace,
    readings: list[_Reading],
    read: ReadRules,
) -> list[Loaded]:
    """The latest delivery of a list is the list: what an earlier one said is replaced."""
    export, first = readings[0].export, readings[0].load_id
    key = ", ".join(
        f"source_{name}" if export.column(name).role == "person" else name for name in export.key
    )
    table = export.name
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE refused_units AS SELECT {key} FROM {table} "
        f"WHERE load_id >= $1 GROUP BY {key} HAVING count(DISTINCT ("
        + ", ".join(f'"{name}"' for name in warehouse_columns(export))
        + ")) > 1",
        [first],
    )
    connection.execute(
        f"DELETE FROM {table} WHERE load_id >= $1 AND ({key}) IN (FROM refused_units)", [first]
    )
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE kept_once AS "
        f"SELECT DISTINCT ON ({key}) * FROM {table} WHERE load_id >= $1 ORDER BY {key}, load_id",
        [first],
    )
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE duplicates AS SELECT load_id, count(*) - coalesce(any_value("
        "kept_n), 0) AS rows_n FROM "
        f"{table} LEFT JOIN (SELECT load_id, count(*) AS kept_n FROM kept_once GROUP BY load_id) "
        "USING (load_id) WHERE load_id >= $1 GROUP BY load_id",
        [first],
    )
    latest = connection.execute(
        "SELECT max(delivered_at) FROM loads WHERE export = $1", [table]
    ).fetchall()[0][0]
    delivered_at = readings[0].file.delivered_at
    is_latest = latest is None or delivered_at >= latest
    connection.execute(
        f"DELETE FROM {table} WHERE load_id >= $1" if not is_latest else f"DELETE FROM {table}",
        [] if is_latest else [first],
    )
    if is_latest:
        connection.execute(f"INSERT INTO {table} BY NAME SELECT * FROM kept_once")
        connection.execute("UPDATE loads SET replaced_n = accepted_n WHERE export = $1", [table])
    conflicts = []
    if one(connection, "SELECT count(*) FROM refused_units"):
        columns = tuple(key.split(", "))
        conflicts.append(
            Conflicts("refused_units", columns, "conflicting_key", {"key": ", ".join(export.key)})
        )
    return [
        _recorded(connection, workspace, reading, read, conflicts, table) for reading in readings
    ]


def _recorded(
    connection: duckdb.DuckDBPyConnection,
    workspace: Workspace,
    reading: _Reading,
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


@contextmanager
def _as_utf8(workspace: Workspace, files: Sequence[LandedFile]) -> Iterator[list[Path]]:
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
