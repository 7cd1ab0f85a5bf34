"""What the orders and returns that lines are reduced to must satisfy."""

from __future__ import annotations

from datetime import date

from regulars.expectations import claims
from regulars.expectations.checks import Check

STEADY_DAYS = 28
"""Four weeks: a store that closes on Sundays is never silent by surprise on one."""


BUSY_DAY_ORDERS_N = 20
"""A person is not rung up more often in a day; a till's own card, a staff card or a test is."""


def order_checks(*, landed_on: date, order_key: tuple[str, ...]) -> tuple[Check, ...]:
    """The checks of ``orders`` and ``returns``, lines and orders held together among them."""
    return (
        Check(
            code="order_key_unique",
            table="orders",
            column=None,
            severity="critical",
            expectation=lambda: claims.no_row_of(_repeated_keys(order_key)),
            parameters={"order_key": ", ".join(order_key)},
            is_structural=True,
        ),
        Check(
            code="money_conserved",
            table="orders",
            column=None,
            severity="critical",
            expectation=lambda: claims.no_row_of(_differing_days("gross", "amount", "amount")),
            is_structural=True,
        ),
        Check(
            code="lines_conserved",
            table="orders",
            column=None,
            severity="critical",
            expectation=lambda: claims.no_row_of(_differing_days("lines_n", "lines_n", "1")),
            is_structural=True,
        ),
        Check(
            code="stores_not_silent",
            table="orders",
            column="store_id",
            severity="warning",
            expectation=lambda: claims.no_row_of(_silent_stores(landed_on)),
            parameters={"days": STEADY_DAYS},
            needs=("transactions.store_id",),
            tells_names=True,
        ),
        Check(
            code="customers_are_people",
            table="orders",
            column="source_customer_id",
            severity="warning",
            expectation=lambda: claims.no_row_of(_BUSY_CARDS),
            parameters={"orders_n": BUSY_DAY_ORDERS_N},
            needs=("transactions.customer_id",),
            is_personal=True,
        ),
        Check(
            code="return_negative",
            table="returns",
            column="amount",
            severity="critical",
            expectation=lambda: claims.always("return_negative"),
            condition="amount <= 0",
        ),
        Check(
            code="return_linked",
            table="returns",
            column="returns_order_id",
            severity="warning",
            expectation=lambda: claims.always("return_linked"),
            condition=_is_linked(order_key),
        ),
    )


def _repeated_keys(key: tuple[str, ...]) -> str:
    # ExpectCompoundColumnsToBeUnique joins on the key, so it misses two rows of an order whose
    # store is not known, and it refuses a key of one column.
    columns = ", ".join(claims.quoted(column) for column in key)
    return f"SELECT count(*) AS rows_n FROM {{batch}} GROUP BY {columns} HAVING count(*) > 1"


def _differing_days(of_orders: str, of_returns: str, of_lines: str) -> str:
    # By day, because two orders' errors may cancel out over the whole table.
    return f"""
        SELECT ordered_on, sum(n) AS difference
        FROM (
            SELECT ordered_on, {of_orders} AS n FROM {{batch}}
            UNION ALL
            SELECT ordered_on, {of_returns} FROM returns
            UNION ALL
            SELECT ordered_on, -({of_lines}) FROM lines
        ) AS booked
        GROUP BY ordered_on
        HAVING sum(n) <> 0
    """


def _silent_stores(landed_on: date) -> str:
    # The day on which a file lands is not over yet: the newest day before it is the newest whole.
    return f"""
        SELECT store_id
        FROM {{batch}}
        CROSS JOIN (
            SELECT max(ordered_on) AS newest_on FROM {{batch}} WHERE ordered_on < DATE '{landed_on}'
        ) AS newest
        WHERE store_id IS NOT NULL AND ordered_on BETWEEN newest_on - {STEADY_DAYS} AND newest_on
        GROUP BY store_id, newest_on
        HAVING count(DISTINCT ordered_on) FILTER (ordered_on < newest_on) = {STEADY_DAYS}
            AND NOT bool_or(ordered_on = newest_on)
        ORDER BY store_id
    """


_BUSY_CARDS = f"""
    SELECT count(*) AS days_n
    FROM (
        SELECT source_customer_id
        FROM {{batch}}
        WHERE source_customer_id IS NOT NULL
        GROUP BY source_customer_id, ordered_on
        HAVING count(*) > {BUSY_DAY_ORDERS_N}
    ) AS busy
    GROUP BY source_customer_id
"""


def _is_linked(order_key: tuple[str, ...]) -> str:
    """Whether a return has a sale: the order that it names, or one on its own receipt."""
    store = ", store_id" if "store_id" in order_key else ""
    key = ", ".join(claims.quoted(column) for column in order_key)
    # Only the orders that returns can mean are gathered: they are few, and all orders many.
    meant = "SELECT ({}) FROM orders WHERE order_id IN (SELECT {} FROM returns)"
    named = f"(returns_order_id{store}) IN ({meant.format(f'order_id{store}', 'returns_order_id')})"
    own = f"({key}) IN ({meant.format(key, 'order_id')})"
    return f"coalesce({named}, false) OR coalesce({own}, false)"
