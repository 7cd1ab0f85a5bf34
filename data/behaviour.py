"""What each customer did, as of a day: orders, what came back of them, categories by day; what they
were sent, and what they said.

From these the state of any earlier day can be told without asking the warehouse again: an order
as it was sold, and each return, message, use of a coupon, piece of feedback and answer to one on
its own day. All of it depends on rows of business days up to ``as_of`` alone. Anonymous receipts
and pieces of nobody known are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

import duckdb
import polars as pl

from regulars.data.campaign_extracts import CONTACTS, COUPON_USES, contacts, coupon_uses
from regulars.data.extracts import linked_returns, sold_by_customer
from regulars.data.feedback_extracts import PIECES, pieces
from regulars.data.warehouse import MONEY

PARTS_N = 997
"""Parts of the customers, by what their pseudonym has to do with nothing that its bearer does."""
ORDERS_A_SLICE = 1_000_000
"""A gigabyte less is in use at once where a chain has four million orders."""

NO_CONTACTS = CONTACTS.to_frame()
NO_COUPON_USES = COUPON_USES.to_frame()
NO_FEEDBACK = PIECES.to_frame()


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

    ``feedback``: the ``pieces`` of ``data.feedback_extracts``, likewise.
    """

    orders: pl.DataFrame
    returns: pl.DataFrame
    categories: pl.DataFrame
    contacts: pl.DataFrame = NO_CONTACTS
    coupon_uses: pl.DataFrame = NO_COUPON_USES
    feedback: pl.DataFrame = NO_FEEDBACK

    @property
    def bought(self) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
        """Orders, returns and categories: what habits are told from."""
        return self.orders, self.returns, self.categories

    @property
    def customers_n(self) -> int:
        """Customers with an order."""
        return self.orders["customer_id"].n_unique()

    def of_customers(self, are_meant: pl.Expr) -> Behaviour:
        """What those customers did of whom an expression over customer_id holds."""
        return Behaviour(*(frame.filter(are_meant) for frame in self))

    def of_parts(self, parts_n: int) -> Behaviour:
        """What the customers of the first so many of PARTS_N parts did."""
        return self if parts_n >= PARTS_N else self.of_customers(in_parts(parts_n))

    def slices(self) -> Iterator[Behaviour]:
        """All customers, some at a time: what one did depends on nobody else."""
        slices_n = 1 + self.orders.height // ORDERS_A_SLICE
        for number in range(slices_n):
            inside = pl.col("customer_id") % slices_n == number
            yield self.of_customers(inside) if slices_n > 1 else self

    def until(self, day: date) -> Behaviour:
        """What had been done by the end of the day."""
        return Behaviour(
            self.orders.filter(pl.col("ordered_on") <= day),
            self.returns.filter(pl.col("returned_on") <= day),
            self.categories.filter(pl.col("ordered_on") <= day),
            self.contacts.filter(pl.col("contacted_on") <= day),
            self.coupon_uses.filter(pl.col("redeemed_on") <= day),
            self.feedback.filter(pl.col("submitted_on") <= day).with_columns(
                pl.when(pl.col(answered) <= day).then(answered)
                for answered in ("responded_on", "resolved_on")
            ),
        )


def in_parts(parts_n: int) -> pl.Expr:
    """Whether a row is of a customer of the first so many of PARTS_N parts."""
    return (pl.col("customer_id") // PARTS_N) % PARTS_N < parts_n


def behaviour(
    connection: duckdb.DuckDBPyConnection,
    order_key: tuple[str, ...],
    *,
    as_of: date,
    parts_n: int = PARTS_N,
) -> Behaviour:
    """What the customers did up to the day; those of so many parts, if not all."""
    day = {"as_of": as_of}
    people = (
        "identity"
        if parts_n >= PARTS_N
        else f"(FROM identity WHERE (customer_id // {PARTS_N}) % {PARTS_N} < {parts_n})"
    )
    categories = connection.sql(
        "SELECT identity.customer_id, products.category, sold.ordered_on, "
        f"CAST(sum(sold.amount) AS {MONEY}) AS gross, CAST(count(*) AS INTEGER) AS lines_n "
        f"FROM ({sold_by_customer(order_key)}) AS sold JOIN {people} AS identity "
        "USING (source_customer_id) "
        "LEFT JOIN products USING (product_id) GROUP BY ALL",
        params=day,
    ).pl()
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE numbered_orders AS SELECT row_number() OVER () AS order_n, "
        f"identity.customer_id, orders.* FROM orders JOIN {people} AS identity "
        "USING (source_customer_id) "
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
        f"JOIN {people} AS identity ON links.owner = identity.source_customer_id "
        f"LEFT JOIN numbered_orders ON {same_order}",
        params=day,
    ).pl()
    connection.execute("DROP TABLE numbered_orders")
    told = Behaviour(
        orders,
        returns,
        categories,
        contacts(connection, as_of=as_of),
        coupon_uses(connection, as_of=as_of),
        pieces(connection, as_of=as_of),
    )
    return told.of_parts(parts_n)


def customers_n(connection: duckdb.DuckDBPyConnection, *, as_of: date) -> int:
    """Known customers with an order up to the day."""
    return int(
        connection.execute(
            "SELECT count(DISTINCT customer_id) FROM orders JOIN identity "
            "USING (source_customer_id) WHERE ordered_on <= $1",
            [as_of],
        ).fetchall()[0][0]
    )
