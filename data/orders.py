"""Lines reduced to orders: an order is made again only when one of its lines came or went.

``orders`` holds what was sold, one row an order; ``returns`` what came back, one row an order,
day and order it refers to. They are never folded into one another here: which returns count
depends on the day one asks about.
"""

from __future__ import annotations

import duckdb

from regulars.data.warehouse import MONEY, QUANTITY, one


def reduce(
    connection: duckdb.DuckDBPyConnection, order_key: tuple[str, ...], dirty: str | None
) -> int:
    """Make the orders of these keys again; returns how many.

    ``dirty`` names a table of order keys, None means all of them. Orders with two customers,
    stores or days are left out; ``conflicting_orders`` finds them.
    """
    key = ", ".join(order_key)
    touched = f"SEMI JOIN {dirty} USING ({key})" if dirty else ""
    for table in ("orders", "returns"):
        gone = f"WHERE ({key}) IN (FROM {dirty})" if dirty else ""
        connection.execute(f"DELETE FROM {table} {gone}")
    connection.execute(
        f"INSERT INTO orders BY NAME SELECT {_order_values(order_key)} "
        f"FROM lines {touched} WHERE NOT is_return GROUP BY {key} HAVING NOT ({_CONFLICT})"
    )
    connection.execute(
        "INSERT INTO returns BY NAME SELECT order_id, store_id, ordered_on, source_customer_id, "
        f"returns_order_id, min(channel) AS channel, CAST(sum(amount) AS {MONEY}) AS amount, "
        f"CAST(count(*) AS INTEGER) AS lines_n FROM lines {touched} WHERE is_return "
        "GROUP BY order_id, store_id, ordered_on, source_customer_id, returns_order_id"
    )
    return one(connection, f"SELECT count(*) FROM orders {touched}")


def unreduced_lines(
    connection: duckdb.DuckDBPyConnection, order_key: tuple[str, ...], dirty: str | None
) -> int:
    """Sale lines that are in no order: those of orders that contradict themselves."""
    touched = f"SEMI JOIN {dirty} USING ({', '.join(order_key)})" if dirty else ""
    sold = one(connection, f"SELECT count(*) FROM lines {touched} WHERE NOT is_return")
    return sold - one(connection, f"SELECT sum(lines_n) FROM orders {touched}")


def conflicting_orders(
    connection: duckdb.DuckDBPyConnection, order_key: tuple[str, ...], into: str
) -> None:
    """Make a table of the keys of orders with two customers, stores or days."""
    key = ", ".join(order_key)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {into} AS SELECT {key} FROM lines "
        f"WHERE NOT is_return GROUP BY {key} HAVING {_CONFLICT}"
    )


# A line without a customer beside lines with one is no second customer.
_CONFLICT = " OR ".join(
    f"coalesce(min({column}) <> max({column}), false)"
    for column in ("source_customer_id", "store_id", "ordered_on")
)


def _order_values(order_key: tuple[str, ...]) -> str:
    values = {
        "order_id": "min(order_id)",
        "store_id": "min(store_id)",
        "ordered_on": "min(ordered_on)",
        "source_customer_id": "min(source_customer_id)",
        "ordered_at": "min(ordered_at)",
        "channel": "min(channel)",
        "gross": f"CAST(sum(amount) AS {MONEY})",
        "quantity": f"CAST(sum(quantity) AS {QUANTITY})",
        "lines_n": "CAST(count(*) AS INTEGER)",
        "discount": f"CAST(sum(discount) AS {MONEY})",
        "coupon_lines_n": "CAST(count(coupon_id) AS INTEGER)",
    } | {column: column for column in order_key}
    return ", ".join(f"{value} AS {name}" for name, value in values.items())
