"""What each customer did, as of a day: orders, what came back of them, categories by day; and what
they were sent.

From these the state of any earlier day can be told without asking the warehouse again: an order
as it was sold, and each return, message and use of a coupon on its own day. All of it depends on
rows of business days up to ``as_of`` alone. Anonymous receipts are left out.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import duckdb
import polars as pl

from regulars.data.campaign_extracts import CONTACTS, COUPON_USES, contacts, coupon_uses
from regulars.data.extracts import linked_returns, sold_by_customer
from regulars.data.warehouse import MONEY

NO_CONTACTS = CONTACTS.to_frame()
NO_COUPON_USES = COUPON_USES.to_frame()


class Behaviour(NamedTuple):
    """The frames of a day, in no order of rows.

    ``orders``: one row an order: order_n (Int64, its number here and nowhere else), customer_id
    (UInt64), ordered_on, ordered_at, store_id, channel, gross (Decimal, currency: what was sold),
    discount (Decimal, null where the export has none), quantity (null likewise), lines_n,
    coupon_lines_n (lines that name a coupon).

    ``returns``: one row a return: order_n of the sale it is linked to, null for an orphan;
    customer_id, the sale's customer or the orphan's own; returned_on; amount (Decimal, negative).
    A linked return may lie before its sale.

    ``categories``: one row a customer, category and business day with a sale line: customer_id,
    category (null for products that are not listed), ordered_on, gross, lines_n.

    ``contacts`` and ``coupon_uses``: those of ``data.campaign_extracts``, without a row where the
    chain has no such export.
    """

    orders: pl.DataFrame
    returns: pl.DataFrame
    categories: pl.DataFrame
    contacts: pl.DataFrame = NO_CONTACTS
    coupon_uses: pl.DataFrame = NO_COUPON_USES

    @property
    def bought(self) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
        """Orders, returns and categories: what habits are told from."""
        return self.orders, self.returns, self.categories

    def until(self, day: date) -> Behaviour:
        """What had been done by the end of the day."""
        return Behaviour(
            self.orders.filter(pl.col("ordered_on") <= day),
            self.returns.filter(pl.col("returned_on") <= day),
            self.categories.filter(pl.col("ordered_on") <= day),
            self.contacts.filter(pl.col("contacted_on") <= day),
            self.coupon_uses.filter(pl.col("redeemed_on") <= day),
        )


def behaviour(
    connection: duckdb.DuckDBPyConnection, order_key: tuple[str, ...], *, as_of: date
) -> Behaviour:
    """What the customers did up to the day."""
    day = {"as_of": as_of}
    categories = connection.sql(
        "SELECT identity.customer_id, products.category, sold.ordered_on, "
        f"CAST(sum(sold.amount) AS {MONEY}) AS gross, CAST(count(*) AS INTEGER) AS lines_n "
        f"FROM ({sold_by_customer(order_key)}) AS sold JOIN identity USING (source_customer_id) "
        "LEFT JOIN products USING (product_id) GROUP BY ALL",
        params=day,
    ).pl()
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE numbered_orders AS SELECT row_number() OVER () AS order_n, "
        "identity.customer_id, orders.* FROM orders JOIN identity USING (source_customer_id) "
        "WHERE ordered_on <= $as_of",
        day,
    )
    orders = connection.sql(
        "SELECT order_n, customer_id, ordered_on, ordered_at, store_id, channel, gross, discount, "
        "quantity, lines_n, coupon_lines_n FROM numbered_orders"
    ).pl()
    same_order = " AND ".join(
        f"numbered_orders.{column} = links.link_{column}" for column in order_key
    )
    returns = connection.sql(
        f"{linked_returns(order_key)} SELECT order_n, identity.customer_id, "
        f"links.ordered_on AS returned_on, CAST(links.amount AS {MONEY}) AS amount FROM links "
        "JOIN identity ON links.owner = identity.source_customer_id "
        f"LEFT JOIN numbered_orders ON {same_order}",
        params=day,
    ).pl()
    connection.execute("DROP TABLE numbered_orders")
    return Behaviour(
        orders,
        returns,
        categories,
        contacts(connection, as_of=as_of),
        coupon_uses(connection, as_of=as_of),
    )
