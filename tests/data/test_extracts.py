"""What the analytics are handed as of a day: nets of orders and categories, sales, digests."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.data import extracts
from regulars.data.warehouse import event_columns, table_of
from regulars.expectations.exports import EXPORTS

if TYPE_CHECKING:
    from tests.data.conftest import NewShop, Shop

KEY = ("order_id",)
SALE = "a1 ann 2024-03-10 10.00 - tea\n"
HEADER = "order_id customer_id ordered_at amount returns_order_id product_id\n"


def on(day: int) -> date:
    return date(2024, 3, day)


def nets(shop: Shop, as_of: date, key: tuple[str, ...] = KEY) -> list[tuple[int, str, bool]]:
    """Day of March, net and whether it is an order; of all customers."""
    frame = extracts.order_nets(shop.connection, key, as_of=as_of)
    rows = (
        frame.sort("ordered_on", "is_order", "net").select("ordered_on", "net", "is_order").rows()
    )
    return [(day.day, str(net), is_order) for day, net, is_order in rows]


def names(shop: Shop) -> dict[int, str]:
    return dict(shop.ask("SELECT customer_id, raw_id FROM vault.people"))


@pytest.mark.parametrize(
    ("returned", "as_of", "expected"),
    [
        ("a2 ann 2024-03-12 -4.00 a1 tea", 11, [(10, "10.00", True)]),
        ("a2 ann 2024-03-12 -4.00 a1 tea", 12, [(10, "6.00", True)]),
        ("a2 ann 2024-03-12 -10.00 a1 tea", 12, [(10, "0.00", True)]),
        ("a2 ann 2024-03-08 -4.00 a1 tea", 9, [(8, "-4.00", False)]),
        ("a2 ann 2024-03-08 -4.00 a1 tea", 10, [(10, "6.00", True)]),
        ("a2 ann 2024-03-12 -4.00 zz tea", 12, [(10, "10.00", True), (12, "-4.00", False)]),
        ("a2 ann 2024-03-12 -4.00 -  tea", 12, [(10, "10.00", True), (12, "-4.00", False)]),
        ("a1 ann 2024-03-10 -1.00 -  tea", 10, [(10, "9.00", True)]),
        ("a2 bob 2024-03-12 -4.00 a1 tea", 12, [(10, "6.00", True)]),
        ("a2 -   2024-03-12 -4.00 a1 tea", 12, [(10, "6.00", True)]),
        ("a2 -   2024-03-12 -4.00 -  tea", 12, [(10, "10.00", True)]),
    ],
    ids=[
        "before it came back",
        "partly",
        "wholly",
        "before the sale is there",
        "earlier than the sale",
        "of a sale that is not there",
        "of no named sale",
        "on the sale's receipt",
        "by another card",
        "without a card",
        "an orphan without a card",
    ],
)
@pytest.mark.fault("F25")
def test_a_return_counts_from_its_day_on_against_the_sale_it_names(
    shop: Shop, returned: str, as_of: int, expected: list[tuple[int, str, bool]]
) -> None:
    shop.deliver(HEADER + SALE + returned)
    assert nets(shop, on(as_of)) == expected


@pytest.mark.fault("F25")
def test_a_return_of_another_month_is_netted_on_the_day_of_the_sale(shop: Shop) -> None:
    shop.deliver(HEADER + SALE + "a2 ann 2024-04-20 -10.00 a1 tea")
    assert nets(shop, on(31)) == [(10, "10.00", True)]
    assert nets(shop, date(2024, 4, 20)) == [(10, "0.00", True)]


def test_a_flag_makes_a_return_of_a_positive_amount_and_none_of_a_negative_one(shop: Shop) -> None:
    shop.deliver(
        """
        order_id customer_id ordered_at  amount  is_return quantity
        a1       ann         2024-03-10   3.00   yes       2
        a2       ann         2024-03-11  -1.00   no        1
        """
    )
    assert nets(shop, on(31)) == [(10, "-3.00", False), (11, "-1.00", True)]
    assert shop.ask("SELECT quantity::VARCHAR FROM lines ORDER BY order_id") == [
        ("-2.000",),
        ("1.000",),
    ]


def test_a_linked_return_is_the_sales_customers_in_every_category(shop: Shop) -> None:
    shop.deliver("product_id category\ntea drinks", export="products")
    shop.deliver(HEADER + SALE + "a2 bob 2024-03-12 -4.00 a1 tea\na3 bob 2024-03-12 2.00 - oil")
    frame = extracts.category_nets(shop.connection, KEY, as_of=on(12))
    who = names(shop)
    assert {(who[c], category, str(net)) for c, category, net in frame.iter_rows()} == {
        ("ann", "drinks", "6.00"),
        ("bob", None, "2.00"),
    }


def test_a_line_without_a_customer_is_its_orders_customers_in_every_category(shop: Shop) -> None:
    shop.deliver(HEADER + SALE + "a1 - 2024-03-10 5.00 - oil\na2 - 2024-03-10 1.00 - oil")
    frame = extracts.category_nets(shop.connection, KEY, as_of=on(12))
    assert frame["net"].sum() == Decimal("15.00")
    assert nets(shop, on(12)) == [(10, "15.00", True)]


def test_a_receipt_number_of_another_day_is_another_receipt_when_the_key_says_so(
    new_shop: NewShop,
) -> None:
    key = ("store_id", "ordered_on", "order_id")
    shop = new_shop(order_key=key)
    shop.deliver(
        """
        order_id store_id customer_id ordered_at  amount  returns_order_id
        1        s1       ann         2024-03-10   5.00   -
        1        s1       bob         2024-03-12  -2.00   -
        """
    )
    assert nets(shop, on(12), key) == [(10, "5.00", True), (12, "-2.00", False)]


def test_where_numbers_repeat_the_last_sale_before_the_return_is_meant(new_shop: NewShop) -> None:
    key = ("store_id", "ordered_on", "order_id")
    shop = new_shop(order_key=key)
    shop.deliver(
        """
        order_id store_id customer_id ordered_at  amount  returns_order_id
        1        s1       ann         2024-03-10   5.00   -
        1        s1       ann         2024-03-11   5.00   -
        1        s1       ann         2024-03-13   5.00   -
        1        s2       ann         2024-03-12   5.00   -
        7        s1       ann         2024-03-12  -2.00   1
        """
    )
    assert [net for _, net, _ in nets(shop, on(31), key)] == ["5.00", "3.00", "5.00", "5.00"]


def test_sales_book_each_line_on_its_own_day_anonymous_ones_included(shop: Shop) -> None:
    shop.deliver("product_id category\ntea drinks", export="products")
    shop.deliver(HEADER + SALE + "a2 - 2024-03-10 1.00 - tea\na3 ann 2024-03-11 -4.00 a1 tea")
    frame = extracts.sales(shop.connection, KEY, as_of=on(11)).sort("sold_on")
    assert frame.select("gross", "returns", "net", "lines_n", "orders_n").rows() == [
        (Decimal("11.00"), Decimal("0.00"), Decimal("11.00"), 2, 2),
        (Decimal("0.00"), Decimal("-4.00"), Decimal("-4.00"), 1, 0),
    ]


class Line(NamedTuple):
    order: str
    customer: str
    day: int
    amount: str
    names: str
    product: str


def plainly(
    lines: list[Line], as_of: int
) -> tuple[list[tuple[object, ...]], dict[object, Decimal]]:
    """Nets of orders and orphans, and of customer and product, from the definitions alone."""
    due = [line for line in lines if line.day <= as_of]
    sold: dict[str, tuple[str, int]] = {}
    for line in due:
        if not line.amount.startswith("-"):
            sold[line.order] = (line.customer, line.day)
    net: dict[str, Decimal] = defaultdict(Decimal)
    orphans: dict[tuple[str, int], Decimal] = defaultdict(Decimal)
    by_product: dict[object, Decimal] = defaultdict(Decimal)
    for line in due:
        amount, owner = Decimal(line.amount), line.customer
        if amount >= 0:
            net[line.order] += amount
        else:
            linked = next((order for order in (line.names, line.order) if order in sold), None)
            if linked:
                net[linked] += amount
                owner = sold[linked][0]
            else:
                orphans[line.customer, line.day] += amount
        by_product[owner, line.product] += amount
    orders = [(who, day, net[order], True) for order, (who, day) in sold.items()]
    orders += [(who, day, amount, False) for (who, day), amount in orphans.items()]
    known = {pair: amount for pair, amount in by_product.items() if pair[0] != "-"}  # type: ignore[index]
    return sorted(row for row in orders if row[0] != "-"), known


@st.composite
def receipts(draw: st.DrawFn) -> list[Line]:
    """Lines of up to five receipts; a receipt has one customer and one day."""
    lines = []
    for number in range(draw(st.integers(1, 5))):
        customer = draw(st.sampled_from(["ann", "bob", "-"]))
        day = draw(st.integers(1, 4))
        for _ in range(draw(st.integers(1, 3))):
            amount = draw(st.sampled_from(["1.00", "2.25", "0.00", "-1.00", "-2.25"]))
            named = draw(st.sampled_from(["-", "a0", "a1", "a2", "zz"]))
            product = draw(st.sampled_from(["tea", "rice"]))
            lines.append(Line(f"a{number}", customer, day, amount, named, product))
    return lines


def drawn(lines: list[Line]) -> str:
    return HEADER + "".join(
        f"{line.order} {line.customer} 2024-03-{line.day:02} "
        f"{line.amount} {line.names} {line.product}\n"
        for line in lines
    )


PRODUCTS = "product_id category\ntea tea\nrice rice"


@given(lines=receipts())
@settings(max_examples=12, deadline=None)
@pytest.mark.fault("F25")
def test_nets_are_what_plain_python_makes_of_the_rows(new_shop: NewShop, lines: list[Line]) -> None:
    shop = new_shop()
    shop.deliver(PRODUCTS, export="products")
    shop.deliver(drawn(lines))
    who = names(shop)
    for as_of in (1, 2, 3, 4):
        orders, products = plainly(lines, as_of)
        frame = extracts.order_nets(shop.connection, KEY, as_of=on(as_of))
        rows = [(who[c], day.day, net, is_order) for c, day, net, is_order in frame.iter_rows()]
        assert sorted(rows) == orders
        categories = extracts.category_nets(shop.connection, KEY, as_of=on(as_of))
        assert {(who[c], name): net for c, name, net in categories.iter_rows()} == products
        spend = frame.group_by("customer_id").agg(pl.col("net").sum()).sort("customer_id")
        assert (
            categories.group_by("customer_id")
            .agg(pl.col("net").sum())
            .sort("customer_id")
            .equals(spend)
        )


def handed_over(shop: Shop, as_of: date) -> list[object]:
    connection = shop.connection
    frames = (
        extracts.order_nets(connection, KEY, as_of=as_of),
        extracts.category_nets(connection, KEY, as_of=as_of),
        extracts.sales(connection, KEY, as_of=as_of),
    )
    return [extracts.digests(connection, as_of=as_of), *(sorted(f.rows(), key=str) for f in frames)]


@given(lines=receipts(), later=receipts(), day=st.integers(1, 4))
@settings(max_examples=12, deadline=None)
def test_rows_of_later_days_change_nothing_as_of_a_day(
    new_shop: NewShop, lines: list[Line], later: list[Line], day: int
) -> None:
    now, then = new_shop(), new_shop()
    now.deliver(drawn([line for line in lines if line.day <= day]))
    future = [line._replace(order="b" + line.order, day=line.day + day) for line in later]
    then.deliver(drawn([*reversed(future), *reversed(lines)]))
    assert handed_over(now, on(day)) == handed_over(then, on(day))


def test_digests_tell_no_order_of_rows_no_names_and_no_files(new_shop: NewShop) -> None:
    header, *rows = (HEADER + SALE).splitlines()
    rows = [
        *rows,
        "a2 bob 2024-03-11 1.00 - tea",
        "a2 bob 2024-03-11 1.00 - tea",
        "a3 - 2024-03-12 2 - -",
    ]
    one, two, three = new_shop(), new_shop(), new_shop()
    one.deliver("\n".join([header, *rows]))
    two.deliver("\n".join([header, *reversed(rows)]))
    three.files_n = 500
    three.deliver(
        *("\n".join([header, row]) for row in dict.fromkeys(rows)),
        "\n".join([header, rows[1], "a9 x never 1 - -"]),
    )
    digests = [extracts.digests(shop.connection, as_of=on(31)) for shop in (one, two, three)]
    assert digests[0] == digests[1] == digests[2]


def digest_asked_plainly(shop: Shop, export: str, day: date) -> str:
    """The definition, in one statement for one day."""
    columns = ", ".join(f'"{name}"' for name in event_columns(EXPORTS[export]))
    table, happened_on = table_of(EXPORTS[export]), EXPORTS[export].happened_on
    (row,) = shop.connection.execute(
        f"SELECT count(*), sum(hash({columns})), sum(hash('again', {columns})) FROM {table} "
        f"WHERE {happened_on} <= $1",
        [day],
    ).fetchall()
    return "-".join(map(str, row))


@given(lines=receipts())
@settings(max_examples=6, deadline=None)
def test_the_digests_of_many_days_are_those_of_each_asked_by_itself(
    new_shop: NewShop, lines: list[Line]
) -> None:
    shop = new_shop()
    shop.deliver(drawn(lines))
    shop.deliver(
        "feedback_id submitted_at responded_at\nf1 2024-03-02 2024-03-04\nf2 2024-03-03 -\n",
        export="feedback",
    )
    days = [on(31), *(on(day) for day in range(1, 8)), date(2023, 1, 1)]
    found = extracts.digests_by_day(shop.connection, days)
    assert found == {day: extracts.digests(shop.connection, as_of=day) for day in days}
    for day in days:
        for export in ("transactions", "contacts", "coupons"):
            assert found[day][export] == digest_asked_plainly(shop, export, day)
    answered = [found[on(day)]["feedback"] for day in (3, 4, 5)]
    assert answered[0] != answered[1] == answered[2]
    assert extracts.digests_by_day(shop.connection, []) == {}


@pytest.mark.parametrize(
    "row",
    [
        "a1 ann 2024-03-10 10.01 - tea",
        "a1 bob 2024-03-10 10.00 - tea",
        "a1 ann 2024-03-10 10.00 - rice",
    ],
)
def test_a_digest_tells_one_cell_from_another(new_shop: NewShop, row: str) -> None:
    one, two = new_shop(), new_shop()
    one.deliver(HEADER + SALE)
    two.deliver(HEADER + row)
    assert extracts.digests(one.connection, as_of=on(31)) != extracts.digests(
        two.connection, as_of=on(31)
    )


def test_a_digest_tells_a_line_from_two_equal_ones(new_shop: NewShop) -> None:
    one, two = new_shop(), new_shop()
    one.deliver(HEADER + SALE)
    two.deliver(HEADER + SALE + SALE)
    assert extracts.digests(one.connection, as_of=on(31)) != extracts.digests(
        two.connection, as_of=on(31)
    )


def test_days_are_those_of_accepted_lines_and_of_the_newest_delivery(shop: Shop) -> None:
    assert extracts.first_day(shop.connection) is None
    assert extracts.landed_on(shop.connection) is None
    shop.deliver(
        HEADER + SALE + "a2 ann 2024-03-12 1.00 - -\na3 ann 2099-01-01 1.00 - -",
        landed_at=datetime(2024, 3, 20, 23, 59),
    )
    assert extracts.first_day(shop.connection) == on(10)
    assert extracts.last_day(shop.connection) == on(12)
    assert extracts.landed_on(shop.connection) == on(20)


def test_money_that_is_not_conserved_is_told(shop: Shop) -> None:
    shop.deliver(HEADER + SALE)
    assert extracts.money_difference(shop.connection) is None
    shop.ask("UPDATE orders SET gross = gross - 0.01")
    assert extracts.money_difference(shop.connection) == "-0.01"


def test_members_are_told_by_pseudonym_without_what_is_the_vaults(shop: Shop) -> None:
    shop.deliver("customer_id name phone city\nann Anna 13800138000 Xian", export="customers")
    frame = extracts.members(shop.connection)
    assert {"name", "phone", "email", "load_id", "source_customer_id"}.isdisjoint(frame.columns)
    assert frame["city"].to_list() == ["Xian"]
    assert [names(shop)[c] for c in frame["customer_id"]] == ["ann"]
