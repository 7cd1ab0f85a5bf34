"""What the analytics are handed, as of a day: frames that DuckDB reduces and polars receives.

All of it depends on rows of business days up to ``as_of`` alone, whichever delivery brought them;
the lists of members, products and stores are those of now.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import NamedTuple

import duckdb
import polars as pl

from regulars.data.warehouse import (
    HISTORIES,
    MONEY,
    event_columns,
    table_of,
    warehouse_columns,
)
from regulars.expectations.errors import Failed
from regulars.expectations.exports import EXPORTS, Export


class LoadSums(NamedTuple):
    """Files loaded, accepted rows that are current, those that a later delivery replaced, and
    rows in quarantine.
    """

    files_n: int
    current_n: int
    replaced_n: int
    quarantined_n: int


def first_day(connection: duckdb.DuckDBPyConnection) -> date | None:
    """Business day of the chain's first line; null without lines."""
    return _day(connection, "min")


def last_day(connection: duckdb.DuckDBPyConnection) -> date | None:
    """Business day of the chain's last accepted line; null without lines."""
    return _day(connection, "max")


def landed_on(connection: duckdb.DuckDBPyConnection) -> date | None:
    """Day on which the newest delivery landed; null before the first."""
    found: date | None = connection.execute(
        "SELECT CAST(max(landed_at) AS DATE) FROM loads"
    ).fetchall()[0][0]
    return found


def order_nets(
    connection: duckdb.DuckDBPyConnection, order_key: tuple[str, ...], *, as_of: date
) -> pl.DataFrame:
    """Net of every order of a known customer, and their orphan returns, up to the day.

    One row an order: customer_id (UInt64), ordered_on, net (Decimal, currency: what was sold less
    the returns that are linked to it and came in by ``as_of``), is_order true. One row a customer
    and day of orphan returns: the same columns, is_order false.
    """
    key = ", ".join(order_key)
    sql = (
        f"{linked_returns(order_key)}, "
        f"returned AS (SELECT {_columns('link_', order_key)}, sum(amount) AS amount FROM links "
        f"WHERE link_order_id IS NOT NULL GROUP BY ALL) "
        "SELECT identity.customer_id, orders.ordered_on, "
        f"CAST(gross + coalesce(returned.amount, 0) AS {MONEY}) AS net, true AS is_order "
        "FROM orders JOIN identity USING (source_customer_id) "
        f"LEFT JOIN returned USING ({key}) WHERE orders.ordered_on <= $as_of "
        "UNION ALL "
        f"SELECT identity.customer_id, ordered_on, CAST(sum(amount) AS {MONEY}), false "
        "FROM links JOIN identity USING (source_customer_id) WHERE link_order_id IS NULL "
        "GROUP BY ALL"
    )
    return _frame(connection, sql, as_of=as_of)


def category_nets(
    connection: duckdb.DuckDBPyConnection, order_key: tuple[str, ...], *, as_of: date
) -> pl.DataFrame:
    """Net of each customer in each category up to the day: customer_id, category, net (currency).

    A linked return is the sale's customer's. Category is null for products that are not listed.
    """
    same = " AND ".join(
        f"lines.{column} IS NOT DISTINCT FROM links.{column}"
        for column in ("returns_order_id", "ordered_on", "store_id", "source_customer_id")
    )
    sql = (
        f"{linked_returns(order_key)}, owned AS ("
        f"SELECT source_customer_id, product_id, amount FROM ({sold_by_customer(order_key)}) "
        "UNION ALL "
        "SELECT links.owner, lines.product_id, lines.amount FROM lines JOIN links "
        f"ON lines.order_id = links.order_id AND {same} "
        "WHERE lines.is_return) "
        f"SELECT identity.customer_id, products.category, CAST(sum(amount) AS {MONEY}) AS net "
        "FROM owned JOIN identity USING (source_customer_id) "
        "LEFT JOIN products USING (product_id) GROUP BY ALL"
    )
    return _frame(connection, sql, as_of=as_of)


def sold_by_customer(order_key: tuple[str, ...]) -> str:
    """SQL of the sale lines of known customers up to ``$as_of``.

    Columns: source_customer_id, ordered_on, product_id, amount.
    """
    ordered = " AND ".join(f"lines.{column} = orders.{column}" for column in order_key)
    columns = "lines.ordered_on, lines.product_id, lines.amount"
    sold = "NOT lines.is_return AND lines.ordered_on <= $as_of"
    return (
        f"SELECT lines.source_customer_id, {columns} FROM lines "
        f"WHERE {sold} AND lines.source_customer_id IS NOT NULL UNION ALL "
        # A line without a customer belongs to its order's.
        f"SELECT orders.source_customer_id, {columns} FROM lines "
        f"JOIN orders ON {ordered} WHERE {sold} AND lines.source_customer_id IS NULL"
    )


def sales(
    connection: duckdb.DuckDBPyConnection, order_key: tuple[str, ...], *, as_of: date
) -> pl.DataFrame:
    """The table ``sales``: each line on its own day, anonymous receipts included."""
    key = ", ".join(f"lines.{column}" for column in order_key)
    sql = (
        "SELECT lines.ordered_on AS sold_on, lines.store_id, lines.channel, products.category, "
        f"CAST(coalesce(sum(amount) FILTER (NOT is_return), 0) AS {MONEY}) AS gross, "
        f"CAST(coalesce(sum(amount) FILTER (is_return), 0) AS {MONEY}) AS returns, "
        f"CAST(sum(amount) AS {MONEY}) AS net, count(*) AS lines_n, "
        f"count(DISTINCT ({key})) FILTER (NOT is_return) AS orders_n, "
        "CAST(sum(quantity) AS DECIMAL(18, 3)) AS quantity "
        "FROM lines LEFT JOIN products USING (product_id) WHERE ordered_on <= $as_of GROUP BY ALL"
    )
    return _frame(connection, sql, as_of=as_of)


def members(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """The members of the customers export by customer_id (UInt64), vault columns apart."""
    return _frame(
        connection,
        "SELECT identity.customer_id, customers.* EXCLUDE (source_customer_id, "
        "source_referrer_id, load_id) FROM customers JOIN identity USING (source_customer_id)",
    )


def ledger(connection: duckdb.DuckDBPyConnection) -> dict[str, pl.DataFrame]:
    """The tables ``loads`` and ``quarantine_summary``."""
    return {
        "loads": connection.sql("FROM loads").pl(),
        "quarantine_summary": connection.sql("FROM quarantined").pl(),
    }


def load_sums(connection: duckdb.DuckDBPyConnection) -> LoadSums:
    """What became of the rows of all loads."""
    return LoadSums(
        *connection.execute(
            "SELECT count(*), coalesce(sum(accepted_n - replaced_n), 0)::BIGINT, "
            "coalesce(sum(replaced_n), 0)::BIGINT, coalesce(sum(quarantined_n), 0)::BIGINT "
            "FROM loads"
        ).fetchall()[0]
    )


def rows_replaced_by(connection: duckdb.DuckDBPyConnection, load_ids: Sequence[int]) -> int:
    """Rows of earlier loads that went into a history because these loads sent them anew."""
    histories = " UNION ALL ".join(
        f"SELECT load_id, replaced_by FROM {table_of(export)}_history" for export in HISTORIES
    )
    replaced_n: int = connection.execute(
        f"SELECT count(*) FROM ({histories}) "
        "WHERE list_contains($1, replaced_by) AND NOT list_contains($1, load_id)",
        [list(load_ids)],
    ).fetchall()[0][0]
    return replaced_n


def transaction_files(connection: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    """Files of transactions that were loaded, and the rows in them."""
    files_n, rows_n = connection.execute(
        "SELECT count(*), coalesce(sum(rows_n), 0) FROM loads WHERE export = 'transactions'"
    ).fetchall()[0]
    return int(files_n), int(rows_n)


def digests(connection: duckdb.DuckDBPyConnection, *, as_of: date) -> dict[str, str]:
    """What the accepted rows of each export are, whatever their order and files.

    A digest of the multiset: the count of rows and two sums of 64-bit row digests. Events after
    ``as_of`` do not reach it, nor does what happened to an event after that day.
    """
    return digests_by_day(connection, [as_of])[as_of]


def digests_by_day(
    connection: duckdb.DuckDBPyConnection, days: Collection[date]
) -> dict[date, dict[str, str]]:
    """``digests`` as of each of these days, of large exports by one scan for all days.

    Counts and sums add up from day to day. Of an export to whose events something may happen
    later, each day has other rows, and is asked for by itself.
    """
    if not days:
        return {}
    lists = {
        export.name: _multiset(connection, export.name, _named(warehouse_columns(export)), "true")
        for export in EXPORTS.values()
        if not export.is_history
    }
    events = {
        export.name: _known_by_day(connection, export, days)
        if export.later_instants
        else _added_up(connection, export, days)
        for export in HISTORIES
    }
    return {day: {name: of_day[day] for name, of_day in events.items()} | lists for day in days}


def refusal_sums(connection: duckdb.DuckDBPyConnection, *, as_of: date) -> list[list[object]]:
    """Rows in quarantine by export, reason and column, of files that may concern the day.

    Those whose good rows are all later do not; a file without any good row may. Sums tell neither
    the names of files nor how rows were shared out among them.
    """
    rows = connection.execute(
        "SELECT export, reason, quarantined.column, sum(quarantined.rows_n)::BIGINT "
        "FROM quarantined JOIN loads USING (load_id, export) "
        "WHERE first_on IS NULL OR first_on <= $1 GROUP BY ALL ORDER BY ALL",
        [as_of],
    ).fetchall()
    return [list(row) for row in rows]


def money_difference(connection: duckdb.DuckDBPyConnection) -> str | None:
    """How far the orders' money is from the lines', as text; null where it is conserved."""
    lines, reduced = connection.execute(
        "SELECT (SELECT coalesce(sum(amount), 0) FROM lines), "
        "(SELECT coalesce(sum(gross), 0) FROM orders) + "
        "(SELECT coalesce(sum(amount), 0) FROM returns)"
    ).fetchall()[0]
    return None if lines == reduced else str(reduced - lines)


def money_lost(difference: str) -> Failed:
    """The error for orders whose money is not the lines' money."""
    return Failed(
        "money was lost or made between lines and orders",
        expected="the same sum in lines and in orders with returns",
        found=f"a difference of {difference}",
        left="nothing was published; the last publication is untouched",
        next_step="move warehouse.duckdb aside and run again: it is built anew from landing/",
    )


def _known_by_day(
    connection: duckdb.DuckDBPyConnection, export: Export, days: Collection[date]
) -> dict[date, str]:
    counted, columns = f"{export.happened_on} <= $as_of", _known_by(export)
    return {
        day: _multiset(connection, table_of(export), columns, counted, as_of=day) for day in days
    }


def _added_up(
    connection: duckdb.DuckDBPyConnection, export: Export, days: Collection[date]
) -> dict[date, str]:
    happened_on = export.happened_on
    sums = _digest_sums(_named(event_columns(export)))
    rows = connection.execute(
        f"SELECT {happened_on}, {sums} FROM {table_of(export)} "
        f"WHERE {happened_on} <= $last GROUP BY {happened_on}",
        {"last": max(days)},
    ).fetchall()
    return {day: _spelled([row[1:] for row in rows if row[0] <= day]) for day in days}


def _multiset(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    columns: list[str],
    counted: str,
    **parameters: date,
) -> str:
    sums = _digest_sums(columns)
    sql = f"SELECT {sums} FROM {table} WHERE {counted}"
    return _spelled(connection.execute(sql, parameters).fetchall())


def _digest_sums(columns: Iterable[str]) -> str:
    values = ", ".join(columns)
    return f"count(*), sum(hash({values})), sum(hash('again', {values}))"


def _spelled(parts: Sequence[tuple[int, int | None, int | None]]) -> str:
    """The digest of parts of a multiset taken together; sums of no rows are None, as in SQL."""
    columns = list(zip(*((n, *sums) for n, *sums in parts if n), strict=True))
    return "-".join(str(sum(column)) for column in columns) if columns else "0-None-None"


def _named(columns: Iterable[str]) -> list[str]:
    return [f'"{name}"' for name in columns]


def _known_by(export: Export) -> list[str]:
    """The columns of an event, null for what happened to it after ``$as_of``."""
    day_of = {name: c.day for c in export.later_instants for name in (c.name, c.day)}
    return [
        f"CASE WHEN {day_of[name]} <= $as_of THEN {name} END" if name in day_of else f'"{name}"'
        for name in event_columns(export)
    ]


def linked_returns(order_key: tuple[str, ...]) -> str:
    """SQL ``WITH … links``: returns up to ``$as_of`` with the order each is linked to, or nulls.

    A return links to the order it names; failing that, to the sale on its own receipt; a sale
    after ``as_of`` is not there yet. ``owner`` is whose return it is: the sale's customer, else
    its own. Where order numbers repeat, the latest sale of that number on or before the return's
    day is meant.
    """
    keyed = _columns("o.", order_key, "link_")
    own_receipt = " AND ".join(f"o.{column} = r.{column}" for column in order_key)
    same_store = " AND o.store_id = r.store_id" if "store_id" in order_key else ""
    return (
        "WITH due AS (SELECT row_number() OVER () AS return_number, * FROM returns "
        "WHERE ordered_on <= $as_of), "
        "candidates AS ("
        f"SELECT r.return_number, 1 AS place, o.ordered_on AS sold_on, {keyed}, "
        "o.source_customer_id AS sold_to FROM due AS r JOIN orders AS o "
        f"ON o.order_id = r.returns_order_id{same_store} WHERE o.ordered_on <= $as_of UNION ALL "
        f"SELECT r.return_number, 2, o.ordered_on, {keyed}, o.source_customer_id "
        f"FROM due AS r JOIN orders AS o ON {own_receipt} "
        "WHERE o.ordered_on <= $as_of), "
        "chosen AS (SELECT DISTINCT ON (return_number) candidates.* FROM candidates "
        "JOIN due USING (return_number) "
        "ORDER BY return_number, place, sold_on > due.ordered_on, sold_on DESC), "
        "links AS (SELECT due.*, chosen.* EXCLUDE (return_number, place, sold_on, sold_to), "
        "CASE WHEN chosen.return_number IS NULL THEN due.source_customer_id "
        "ELSE sold_to END AS owner FROM due LEFT JOIN chosen USING (return_number))"
    )


def _frame(connection: duckdb.DuckDBPyConnection, sql: str, **parameters: date) -> pl.DataFrame:
    frame: pl.DataFrame = connection.sql(sql, params=parameters).pl()
    return frame


def _columns(prefix: str, columns: tuple[str, ...], new_prefix: str = "") -> str:
    return ", ".join(f"{prefix}{column} AS {new_prefix}{column}" for column in columns)


def _day(connection: duckdb.DuckDBPyConnection, which: str) -> date | None:
    found: date | None = connection.execute(f"SELECT {which}(ordered_on) FROM lines").fetchall()[0][
        0
    ]
    return found
