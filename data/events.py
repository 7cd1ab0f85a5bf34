"""Records of single events (messages sent, coupons used): the later delivery of a key wins.

An event is one row, so that there is no order to reduce it to and none to replace it with. What a
later delivery replaces is kept in ``<table>_history`` with both load ids; what it says again
stays, and bears that load id as well (``confirmed_by``), so that what was delivered in between
and comes in late does not win over it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import duckdb

from regulars.data.ledger import Loaded, Reading, count_replaced, recorded
from regulars.data.quarantine import Conflicts
from regulars.data.reading import ReadRules
from regulars.data.warehouse import event_columns, one, table_of
from regulars.data.workspace import Workspace
from regulars.expectations.exports import Export


def settle_events(
    connection: duckdb.DuckDBPyConnection,
    workspace: Workspace,
    readings: list[Reading],
    read: ReadRules,
) -> list[Loaded]:
    """Settle what arrived of an export, in its table under new load ids; write the ledger."""
    export, file = readings[0].export, readings[0].file
    events = _Events(export, readings[0].load_id)
    _compare(connection, events, delivered_at=file.delivered_at)
    _count_duplicates(connection, events)
    _set_aside(connection, events)
    _keep(connection, events)
    count_replaced(connection, export, events.table)
    conflicts = []
    if one(connection, "SELECT count(*) FROM refused_units"):
        told = {"key": ", ".join(export.whole_key)}
        conflicts.append(Conflicts("refused_units", (events.key,), "conflicting_key", told))
    return [
        recorded(connection, workspace, reading, read, conflicts, events.table)
        for reading in readings
    ]


@dataclass(frozen=True)
class _Events:
    """The events of an export, of which those from ``first_load_id`` on have just arrived."""

    export: Export
    first_load_id: int

    @property
    def table(self) -> str:
        return table_of(self.export)

    @property
    def key(self) -> str:
        """The key as one value, of which two are equal where the same columns are empty."""
        return _packed(
            f"source_{name}" if self.export.column(name).role == "person" else name
            for name in self.export.whole_key
        )

    @property
    def content(self) -> str:
        """Every column but where a row came from, as one value."""
        return _packed(event_columns(self.export))

    @property
    def has_arrived(self) -> str:
        return f"load_id >= {self.first_load_id:d}"


def _packed(columns: Iterable[str]) -> str:
    return f"struct_pack({', '.join(f'{name} := {name}' for name in columns)})"


def _compare(
    connection: duckdb.DuckDBPyConnection, events: _Events, *, delivered_at: datetime
) -> None:
    """Make ``kept`` (key, content, load_id, old_load_id, verdict) of the keys that arrived in one
    version, and ``refused_units`` (key) of those with versions of which none is the later.
    """
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE versions AS "
        f"SELECT {events.key} AS key, any_value({events.content}) AS content, "
        f"min(load_id) AS load_id, count(DISTINCT {events.content}) AS versions_n "
        f"FROM {events.table} WHERE {events.has_arrived} GROUP BY key"
    )
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE kept AS WITH old AS ("
        f"SELECT {events.key} AS key, {events.content} AS content, events.load_id, "
        "greatest(first.delivered_at, again.delivered_at) AS delivered_at "
        f"FROM {events.table} AS events JOIN loads AS first ON first.load_id = events.load_id "
        "LEFT JOIN loads AS again ON again.load_id = events.confirmed_by "
        f"WHERE NOT events.{events.has_arrived}) "
        "SELECT versions.* EXCLUDE (versions_n), old.load_id AS old_load_id, "
        "$delivered_at > old.delivered_at AS is_later, CASE WHEN old.key IS NULL THEN 'new' "
        "WHEN versions.content = old.content THEN 'same' "
        "WHEN $delivered_at > old.delivered_at THEN 'newer' "
        "WHEN $delivered_at < old.delivered_at THEN 'older' ELSE 'tied' END AS verdict "
        "FROM versions LEFT JOIN old ON versions.key = old.key WHERE versions_n = 1",
        {"delivered_at": delivered_at},
    )
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE refused_units AS "
        "SELECT key FROM versions WHERE versions_n > 1 "
        "UNION ALL SELECT key FROM kept WHERE verdict = 'tied'"
    )


def _count_duplicates(connection: duckdb.DuckDBPyConnection, events: _Events) -> None:
    """Make ``duplicates`` (load_id, rows_n): rows that say what another row says already."""
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE duplicates AS SELECT load_id, "
        "count(*) - coalesce(any_value(kept_n), 0) AS rows_n "
        f"FROM {events.table} LEFT JOIN (SELECT load_id, count(*) AS kept_n FROM kept "
        "WHERE verdict IN ('new', 'newer', 'older') GROUP BY load_id) USING (load_id) "
        f"WHERE {events.has_arrived} AND {events.key} NOT IN (FROM refused_units) GROUP BY load_id"
    )


def _set_aside(connection: duckdb.DuckDBPyConnection, events: _Events) -> None:
    """Move the versions that lost into the history, whether they were there or have arrived."""
    history = f"INSERT INTO {events.table}_history BY NAME SELECT"
    connection.execute(
        f"{history} events.* EXCLUDE (confirmed_by), kept.load_id AS replaced_by "
        f"FROM {events.table} AS events JOIN kept ON {events.key} = kept.key "
        f"WHERE verdict = 'newer' AND NOT events.{events.has_arrived}"
    )
    connection.execute(
        f"{history} unnest(content), load_id, old_load_id AS replaced_by "
        "FROM kept WHERE verdict = 'older'"
    )
    connection.execute(
        f"DELETE FROM {events.table} WHERE {events.has_arrived} "
        f"OR {events.key} IN (SELECT key FROM kept WHERE verdict = 'newer')"
    )


def _keep(connection: duckdb.DuckDBPyConnection, events: _Events) -> None:
    connection.execute(
        f"INSERT INTO {events.table} BY NAME SELECT unnest(content), load_id "
        "FROM kept WHERE verdict IN ('new', 'newer')"
    )
    connection.execute(
        f"UPDATE {events.table} SET confirmed_by = kept.load_id FROM kept "
        f"WHERE {events.key} = kept.key AND verdict = 'same' AND is_later"
    )
