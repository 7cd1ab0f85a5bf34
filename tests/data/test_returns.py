"""Returns against their sales: in whatever order they are delivered, and whosever they are."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import permutations
from typing import TYPE_CHECKING

import polars as pl
import pytest

from regulars.data import extracts
from regulars.transforms.purchases import measures

if TYPE_CHECKING:
    from tests.data.conftest import NewShop, Shop

pytestmark = pytest.mark.fault("F25")

KEY = ("order_id",)
HEADER = "order_id customer_id ordered_at amount returns_order_id\n"
SALE = "a1 ann 2024-03-10 10.00 -\n"
Net = tuple[str | None, str, str, bool]


def nets(shop: Shop, as_of: date) -> list[Net]:
    """Customer, day as month and day, net and whether it is an order."""
    names = dict(shop.ask("SELECT customer_id, raw_id FROM vault.people"))
    frame = extracts.order_nets(shop.connection, KEY, as_of=as_of)
    rows = frame.select("customer_id", "ordered_on", "net", "is_order").rows()
    return sorted(
        (names[customer], f"{day:%m-%d}", str(net), is_order)
        for customer, day, net, is_order in rows
    )


def measured(shop: Shop, as_of: date) -> list[tuple[int | None, int, Decimal]]:
    """Recency, orders and spend of each customer."""
    frame = measures(extracts.order_nets(shop.connection, KEY, as_of=as_of), as_of=as_of)
    return frame.sort("spend").select("recency_days", "orders_n", "spend").rows()


def booked(shop: Shop, as_of: date) -> list[tuple[str, str, str]]:
    """Day, what was sold and what was returned on it, in the table ``sales``."""
    frame = extracts.sales(shop.connection, KEY, as_of=as_of)
    days = frame.group_by("sold_on").agg(pl.col("gross", "returns").sum()).sort("sold_on")
    return [(f"{day:%m-%d}", str(gross), str(back)) for day, gross, back in days.iter_rows()]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_return_is_netted_whichever_delivery_comes_first(
    new_shop: NewShop, order: tuple[int, ...]
) -> None:
    shop = new_shop()
    deliveries = [
        HEADER + SALE,
        HEADER + "a2 ann 2024-03-12 -4.00 a1",
        HEADER + "a3 ann 2024-04-02 -1.00 a1\na4 bob 2024-04-02 7.00 -",
    ]
    for place in order:
        shop.deliver(deliveries[place])
    assert nets(shop, date(2024, 3, 31)) == [("ann", "03-10", "6.00", True)]
    assert nets(shop, date(2024, 4, 30)) == [
        ("ann", "03-10", "5.00", True),
        ("bob", "04-02", "7.00", True),
    ]


def test_a_return_is_an_orphan_until_its_sale_is_delivered(shop: Shop) -> None:
    shop.deliver(HEADER + "a2 ann 2024-03-12 -4.00 a1\na3 ann 2024-03-01 9.00 -")
    assert nets(shop, date(2024, 3, 31)) == [
        ("ann", "03-01", "9.00", True),
        ("ann", "03-12", "-4.00", False),
    ]
    shop.deliver(HEADER + SALE)
    assert nets(shop, date(2024, 3, 31)) == [
        ("ann", "03-01", "9.00", True),
        ("ann", "03-10", "6.00", True),
    ]


def test_a_return_of_more_than_was_sold_leaves_no_order_of_positive_net(shop: Shop) -> None:
    shop.deliver(
        HEADER + SALE + "a2 ann 2024-03-12 -7.00 a1\na3 ann 2024-03-13 -5.00 a1\n"
        "a4 ann 2024-03-01 3.00 -"
    )
    assert nets(shop, date(2024, 3, 12))[1] == ("ann", "03-10", "3.00", True)
    assert nets(shop, date(2024, 3, 13))[1] == ("ann", "03-10", "-2.00", True)
    assert measured(shop, date(2024, 3, 13)) == [(12, 1, Decimal("1.00"))]


def test_a_member_who_returns_an_anonymous_sale_has_neither(shop: Shop) -> None:
    shop.deliver(
        HEADER + "a1 - 2024-03-10 10.00 -\na2 ann 2024-03-12 -4.00 a1\na3 ann 2024-03-12 1.00 -"
    )
    assert nets(shop, date(2024, 3, 31)) == [("ann", "03-12", "1.00", True)]
    assert booked(shop, date(2024, 3, 31)) == [
        ("03-10", "10.00", "0.00"),
        ("03-12", "1.00", "-4.00"),
    ]


def test_who_returns_anothers_sale_takes_from_the_others_spend(shop: Shop) -> None:
    shop.deliver(HEADER + SALE + "a2 bob 2024-03-12 -4.00 a1\na3 bob 2024-03-11 5.00 -")
    assert measured(shop, date(2024, 3, 12)) == [
        (1, 1, Decimal("5.00")),
        (2, 1, Decimal("6.00")),
    ]


def test_an_orphan_counts_in_spend_and_in_no_order_and_no_recency(shop: Shop) -> None:
    shop.deliver(HEADER + SALE + "a2 ann 2024-03-30 -4.00 gone\na3 bob 2024-03-30 -1.00 gone")
    assert measured(shop, date(2024, 3, 31)) == [
        (None, 0, Decimal("-1.00")),
        (21, 1, Decimal("6.00")),
    ]
    assert booked(shop, date(2024, 3, 31)) == [
        ("03-10", "10.00", "0.00"),
        ("03-30", "0.00", "-5.00"),
    ]


def test_a_return_follows_the_correction_of_its_sale(shop: Shop) -> None:
    shop.deliver(HEADER + SALE + "a2 ann 2024-03-12 -4.00 a1")
    shop.deliver(HEADER + "a1 bob 2024-03-11 12.00 -")
    assert nets(shop, date(2024, 3, 31)) == [("bob", "03-11", "8.00", True)]


def test_a_corrected_return_replaces_the_first(shop: Shop) -> None:
    shop.deliver(HEADER + SALE + "a2 ann 2024-03-12 -4.00 a1")
    shop.deliver(HEADER + "a2 ann 2024-03-12 -3.00 a1")
    assert nets(shop, date(2024, 3, 31)) == [("ann", "03-10", "7.00", True)]
    assert extracts.money_difference(shop.connection) is None
