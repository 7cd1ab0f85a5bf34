"""Lists of what is now (members, products, stores): the latest delivery of a list is the list."""

from __future__ import annotations

import duckdb

from regulars.data.ledger import Loaded, Reading, recorded
from regulars.data.quarantine import Conflicts
from regulars.data.reading import ReadRules
from regulars.data.warehouse import one, warehouse_columns
from regulars.data.workspace import Workspace


def settle_list(
    connection: duckdb.DuckDBPyConnection,
    workspace: Workspace,
    readings: list[Reading],
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
        recorded(connection, workspace, reading, read, conflicts, table) for reading in readings
    ]
