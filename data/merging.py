"""Arrived lines against those that are there: the later delivery of a business key wins.

The unit that is replaced is the line where the export numbers its lines, else the whole order;
so it is where an export begins to number them. Replaced lines are kept in ``lines_history`` with
both load ids. Lines that a later delivery says again stay, and bear that load id as well
(``confirmed_by``): what was delivered in between and comes in late does not win over them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import duckdb

from regulars.data.warehouse import line_columns, one


@dataclass(frozen=True)
class Unit:
    """What is replaced as one, and the first load id of the delivery that arrives."""

    order_key: tuple[str, ...]
    is_line: bool
    first_load_id: int

    @property
    def columns(self) -> str:
        return ", ".join((*self.order_key, *(("line_id",) if self.is_line else ())))


def merge(connection: duckdb.DuckDBPyConnection, unit: Unit, *, delivered_at: datetime) -> None:
    """Settle what arrived, already in ``lines`` under the delivery's load ids, against the rest.

    Leaves three temporary tables: ``duplicates`` (load_id, the order's key, rows_n) of rows that
    were there already and went, ``confirmed`` (the unit's columns, load_id) of those that they
    repeat, and ``refused_units`` (the unit's columns) of versions that contradict each other; their
    rows have left ``lines`` too.
    """
    key = ", ".join(unit.order_key)
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE duplicates AS "
        f"SELECT load_id, {key}, 0::BIGINT AS rows_n FROM lines LIMIT 0"
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE refused_units AS SELECT {unit.columns} FROM lines LIMIT 0"
    )
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE confirmed AS "
        f"SELECT {unit.columns}, load_id FROM lines LIMIT 0"
    )
    if unit.is_line:
        _settle_within_delivery(connection, unit)
    if not one(connection, "SELECT count(*) FROM lines WHERE load_id < $1", [unit.first_load_id]):
        return
    if unit.is_line:
        order = replace(unit, is_line=False)
        _settle_against_earlier(connection, unit, order, "line_id IS NULL", delivered_at)
    _settle_against_earlier(connection, unit, unit, "true", delivered_at)


def confirm(connection: duckdb.DuckDBPyConnection, unit: Unit) -> None:
    """Have the lines that were said again bear the load that said so."""
    same = " AND ".join(f"lines.{name} = confirmed.{name}" for name in unit.columns.split(", "))
    connection.execute(
        f"UPDATE lines SET confirmed_by = confirmed.load_id FROM confirmed WHERE {same}"
    )


def undo(connection: duckdb.DuckDBPyConnection, unit: Unit, keys: str) -> None:
    """Take the arrived lines of these order keys out again and put back what they replaced."""
    key = ", ".join(unit.order_key)
    content = ", ".join(f'"{name}"' for name in line_columns())
    connection.execute(
        f"DELETE FROM lines WHERE load_id >= $1 AND ({key}) IN (FROM {keys})", [unit.first_load_id]
    )
    replaced = f"replaced_by >= $1 AND load_id < $1 AND ({key}) IN (FROM {keys})"
    connection.execute(
        f"INSERT INTO lines BY NAME SELECT {content}, load_id FROM lines_history WHERE {replaced}",
        [unit.first_load_id],
    )
    connection.execute(
        f"DELETE FROM lines_history WHERE {replaced} "
        f"OR (load_id >= $1 AND ({key}) IN (FROM {keys}))",
        [unit.first_load_id],
    )
    for table in ("duplicates", "confirmed"):
        connection.execute(f"DELETE FROM {table} WHERE ({key}) IN (FROM {keys})")


def _settle_within_delivery(connection: duckdb.DuckDBPyConnection, unit: Unit) -> None:
    """One line number twice in a delivery: equal lines count once, others contradict each other."""
    arrived = f"load_id >= {unit.first_load_id:d}"
    key = ", ".join(unit.order_key)
    # Grouping by a 64-bit digest is a third of the work of grouping by the texts; what it finds
    # is then looked at exactly, so that two keys with one digest do no harm.
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE suspects AS SELECT hash({unit.columns}) AS digest "
        f"FROM lines WHERE {arrived} GROUP BY digest HAVING count(*) > 1"
    )
    if not one(connection, "SELECT count(*) FROM suspects"):
        return
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE repeats AS SELECT {unit.columns}, "
        f"count(DISTINCT ({_content()})) AS versions_n, min(load_id) AS kept_load_id FROM lines "
        f"WHERE {arrived} AND hash({unit.columns}) IN (FROM suspects) "
        f"GROUP BY {unit.columns} HAVING count(*) > 1"
    )
    connection.execute(
        f"INSERT INTO refused_units SELECT {unit.columns} FROM repeats WHERE versions_n > 1"
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE kept_once AS SELECT DISTINCT ON ({unit.columns}) * "
        f"FROM lines WHERE {arrived} AND ({unit.columns}) IN "
        f"(SELECT ({unit.columns}) FROM repeats WHERE versions_n = 1) "
        f"ORDER BY {unit.columns}, load_id"
    )
    connection.execute(
        f"INSERT INTO duplicates SELECT load_id, {key}, count(*) - count(*) FILTER (first) FROM ("
        f"SELECT load_id, {key}, "
        f"row_number() OVER (PARTITION BY {unit.columns} ORDER BY load_id) = 1 AS first "
        f"FROM lines WHERE {arrived} AND ({unit.columns}) IN "
        f"(SELECT ({unit.columns}) FROM repeats WHERE versions_n = 1)) GROUP BY load_id, {key}"
    )
    connection.execute(
        f"DELETE FROM lines WHERE {arrived} "
        f"AND ({unit.columns}) IN (SELECT ({unit.columns}) FROM repeats)"
    )
    connection.execute("INSERT INTO lines BY NAME SELECT * FROM kept_once")


def _settle_against_earlier(
    connection: duckdb.DuckDBPyConnection,
    refused: Unit,
    unit: Unit,
    which: str,
    delivered_at: datetime,
) -> None:
    """Compare, by unit, arrived lines with the earlier ones of ``which``, and keep one version."""
    arrived = f"load_id >= {unit.first_load_id:d}"
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE overlap AS SELECT DISTINCT {unit.columns} FROM lines "
        f"SEMI JOIN (SELECT {unit.columns} FROM lines WHERE {arrived}) USING ({unit.columns}) "
        f"WHERE NOT {arrived} AND {which}"
    )
    if not one(connection, "SELECT count(*) FROM overlap"):
        return
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE verdicts AS "
        "WITH moments AS (SELECT load_id AS moment_id, delivered_at FROM loads), "
        f"versions AS (SELECT {unit.columns}, {arrived} AS has_arrived, count(*) AS rows_n, "
        f"sum(hash({_content()})) AS digest, max(load_id) AS load_id, "
        "max(coalesce(again.delivered_at, first.delivered_at, $delivered_at)) AS delivered_at "
        "FROM lines LEFT JOIN moments AS first ON first.moment_id = load_id "
        "LEFT JOIN moments AS again ON again.moment_id = confirmed_by "
        f"SEMI JOIN overlap USING ({unit.columns}) GROUP BY {unit.columns}, has_arrived) "
        f"SELECT {unit.columns}, new.load_id AS new_load_id, old.load_id AS old_load_id, "
        "new.delivered_at > old.delivered_at AS is_later, "
        "CASE WHEN new.digest = old.digest AND new.rows_n = old.rows_n THEN 'same' "
        "WHEN new.delivered_at > old.delivered_at THEN 'newer' "
        "WHEN new.delivered_at < old.delivered_at THEN 'older' ELSE 'tied' END AS verdict "
        "FROM (FROM versions WHERE has_arrived) AS new "
        f"JOIN (FROM versions WHERE NOT has_arrived) AS old USING ({unit.columns})",
        {"delivered_at": delivered_at},
    )
    _set_aside(connection, unit, f"NOT {arrived}", "newer", "new_load_id")
    _set_aside(connection, unit, arrived, "older", "old_load_id")
    compared = f"FROM lines JOIN verdicts USING ({unit.columns})"
    connection.execute(
        f"INSERT INTO refused_units SELECT DISTINCT {refused.columns} {compared} "
        f"WHERE verdict = 'tied' AND {arrived}"
    )
    connection.execute(
        f"INSERT INTO confirmed SELECT DISTINCT {refused.columns}, new_load_id {compared} "
        "WHERE verdict = 'same' AND is_later"
    )
    key = ", ".join(unit.order_key)
    same = _with_verdict(unit, arrived, "same")
    connection.execute(
        f"INSERT INTO duplicates SELECT load_id, {key}, count(*) FROM lines WHERE {same} "
        f"GROUP BY load_id, {key}"
    )
    connection.execute(f"DELETE FROM lines WHERE {same}")
    connection.execute(f"DELETE FROM lines WHERE {_with_verdict(unit, arrived, 'tied')}")


def _set_aside(
    connection: duckdb.DuckDBPyConnection, unit: Unit, which: str, verdict: str, replaced_by: str
) -> None:
    """Move the losing version of a unit into the history."""
    lost = _with_verdict(unit, which, verdict)
    connection.execute(
        f"INSERT INTO lines_history BY NAME SELECT lines.* EXCLUDE (confirmed_by), "
        f"{replaced_by} AS replaced_by "
        f"FROM lines JOIN verdicts USING ({unit.columns}) WHERE verdict = '{verdict}' AND {which}"
    )
    connection.execute(f"DELETE FROM lines WHERE {lost}")


def _with_verdict(unit: Unit, which: str, verdict: str) -> str:
    return (
        f"{which} AND ({unit.columns}) IN "
        f"(SELECT ({unit.columns}) FROM verdicts WHERE verdict = '{verdict}')"
    )


def _content() -> str:
    """What makes two lines the same: every column but where they came from."""
    return ", ".join(f'"{name}"' for name in line_columns())
