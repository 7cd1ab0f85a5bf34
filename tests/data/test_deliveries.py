"""Which version of a line or an order counts, when several deliveries tell of it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.data import orders
from regulars.data.extracts import money_difference, order_nets

if TYPE_CHECKING:
    from tests.data.conftest import NewShop, Shop

FIRST, SECOND, THIRD = (datetime(2024, 4, day) for day in (1, 2, 3))

ORDER = """
    order_id  customer_id  ordered_at  amount
    a1        ann          2024-03-01  1.00
    a1        ann          2024-03-01  2.00
    a2        bob          2024-03-01  5.00
"""


def amounts(shop: Shop) -> list[tuple[str, str]]:
    return shop.ask("SELECT order_id, amount::VARCHAR FROM lines ORDER BY order_id, amount")


def gross(shop: Shop) -> list[tuple[str, str]]:
    return shop.ask("SELECT order_id, gross::VARCHAR FROM orders ORDER BY order_id")


@pytest.mark.fault("F11")
def test_a_later_delivery_replaces_all_lines_of_an_order(shop: Shop) -> None:
    shop.deliver(ORDER)
    (load,) = shop.deliver("order_id customer_id ordered_at amount\na1 ann 2024-03-01 7.00")
    assert amounts(shop) == [("a1", "7.00"), ("a2", "5.00")]
    assert gross(shop) == [("a1", "7.00"), ("a2", "5.00")]
    assert (load.accepted_n, load.duplicate_n, load.replaced_n) == (1, 0, 0)


@pytest.mark.fault("F10", "F11")
def test_what_was_replaced_is_kept_with_both_loads_and_counted(shop: Shop) -> None:
    shop.deliver(ORDER)
    shop.deliver("order_id customer_id ordered_at amount\na1 ann 2024-03-01 7.00")
    assert shop.ask(
        "SELECT amount::VARCHAR, load_id, replaced_by FROM lines_history ORDER BY 1"
    ) == [
        ("1.00", 1, 2),
        ("2.00", 1, 2),
    ]
    assert shop.ask("SELECT accepted_n, replaced_n FROM loads ORDER BY load_id") == [(3, 2), (1, 0)]


@pytest.mark.fault("F10")
def test_an_order_sent_again_as_it_was_counts_as_duplicate(shop: Shop) -> None:
    shop.deliver(ORDER)
    (load,) = shop.deliver(ORDER + "    a3 eve 2024-03-02 1.00\n")
    assert (load.accepted_n, load.duplicate_n, load.replaced_n) == (1, 3, 0)
    assert shop.ask("SELECT count(*) FROM lines_history") == [(0,)]


def test_equal_lines_of_one_delivery_are_separate_lines(shop: Shop) -> None:
    row = "a1 ann 2024-03-01 1.00\n"
    (load,) = shop.deliver("order_id customer_id ordered_at amount\n" + 3 * row)
    assert (load.accepted_n, load.duplicate_n) == (3, 0)
    assert gross(shop) == [("a1", "3.00")]


def test_an_order_that_lost_one_of_two_equal_lines_is_another_version(shop: Shop) -> None:
    header, row = "order_id customer_id ordered_at amount\n", "a1 ann 2024-03-01 1.00\n"
    shop.deliver(header + 2 * row)
    shop.deliver(header + row)
    assert gross(shop) == [("a1", "1.00")]


def test_an_order_may_be_split_over_the_files_of_a_delivery(shop: Shop) -> None:
    header = "order_id customer_id ordered_at amount\n"
    shop.deliver(header + "a1 ann 2024-03-01 1.00", header + "a1 ann 2024-03-01 2.00")
    assert gross(shop) == [("a1", "3.00")]


@pytest.mark.fault("F11", "F26")
def test_an_older_delivery_that_arrives_later_does_not_win(shop: Shop) -> None:
    shop.deliver(
        "order_id customer_id ordered_at amount\na1 ann 2024-03-01 7.00", delivered_at=SECOND
    )
    (load,) = shop.deliver(ORDER, delivered_at=FIRST)
    assert gross(shop) == [("a1", "7.00"), ("a2", "5.00")]
    assert (load.accepted_n, load.replaced_n) == (3, 2)
    assert shop.ask("SELECT DISTINCT load_id, replaced_by FROM lines_history") == [(2, 1)]


@pytest.mark.fault("F10", "F11")
def test_a_version_that_was_confirmed_since_is_not_undone_by_an_older_delivery(shop: Shop) -> None:
    shop.deliver(ORDER, delivered_at=FIRST)
    shop.deliver(ORDER + "    a3 eve 2024-03-02 1.00\n", delivered_at=THIRD)
    shop.deliver(
        "order_id customer_id ordered_at amount\na1 ann 2024-03-01 7.00", delivered_at=SECOND
    )
    assert gross(shop) == [("a1", "3.00"), ("a2", "5.00"), ("a3", "1.00")]


def test_two_versions_of_one_moment_are_refused(shop: Shop) -> None:
    shop.deliver(ORDER, delivered_at=FIRST)
    (load,) = shop.deliver(
        "order_id customer_id ordered_at amount\na1 ann 2024-03-01 7.00", delivered_at=FIRST
    )
    assert gross(shop) == [("a1", "3.00"), ("a2", "5.00")]
    assert (load.accepted_n, load.quarantined_n) == (0, 1)
    assert shop.refused().select("reason", "parameters").rows() == [
        ("conflicting_key", '{"key": "order_id"}')
    ]


LINES = """
    order_id  line_id  customer_id  ordered_at  amount
    a1        1        ann          2024-03-01  1.00
    a1        2        ann          2024-03-01  2.00
"""


@pytest.mark.fault("F11")
def test_a_correction_of_one_line_leaves_the_others(shop: Shop) -> None:
    shop.deliver(LINES)
    shop.deliver("order_id line_id customer_id ordered_at amount\na1 2 ann 2024-03-01 9.00")
    assert amounts(shop) == [("a1", "1.00"), ("a1", "9.00")]
    assert shop.ask("SELECT amount::VARCHAR FROM lines_history") == [("2.00",)]


def test_a_line_that_is_twice_in_a_delivery_counts_once(shop: Shop) -> None:
    (load,) = shop.deliver(LINES + "    a1 2 ann 2024-03-01 2.00\n")
    assert (load.accepted_n, load.duplicate_n) == (2, 1)
    assert amounts(shop) == [("a1", "1.00"), ("a1", "2.00")]


def test_a_line_that_contradicts_itself_is_refused_in_both_versions(shop: Shop) -> None:
    (load,) = shop.deliver(LINES + "    a1 2 ann 2024-03-01 3.00\n")
    assert (load.accepted_n, load.quarantined_n) == (1, 2)
    assert shop.refused().select("line", "reason", "parameters").rows() == [
        (3, "conflicting_key", '{"key": "order_id, line_id"}'),
        (4, "conflicting_key", '{"key": "order_id, line_id"}'),
    ]
    assert gross(shop) == [("a1", "1.00")]


def test_a_contradiction_leaves_the_version_that_was_there(shop: Shop) -> None:
    shop.deliver(LINES)
    header = "order_id line_id customer_id ordered_at amount\n"
    shop.deliver(header + "a1 2 ann 2024-03-01 3.00\na1 2 ann 2024-03-01 4.00")
    assert amounts(shop) == [("a1", "1.00"), ("a1", "2.00")]


def test_an_order_sent_again_with_its_lines_numbered_is_not_counted_twice(shop: Shop) -> None:
    shop.deliver(
        "order_id customer_id ordered_at amount\na1 ann 2024-03-01 1.00\na1 ann 2024-03-01 2.00"
    )
    shop.deliver(LINES)
    assert amounts(shop) == [("a1", "1.00"), ("a1", "2.00")]
    assert gross(shop) == [("a1", "3.00")]


def test_an_order_sent_with_numbers_at_the_same_moment_is_refused_by_its_lines(shop: Shop) -> None:
    shop.deliver(
        "order_id customer_id ordered_at amount\na1 ann 2024-03-01 5.00", delivered_at=FIRST
    )
    (load,) = shop.deliver(LINES + "    a2 1 bob 2024-03-01 1.00\n", delivered_at=FIRST)
    assert (load.accepted_n, load.quarantined_n) == (1, 2)
    assert gross(shop) == [("a1", "5.00"), ("a2", "1.00")]


def test_files_with_and_without_line_numbers_are_deliveries_of_their_own(shop: Shop) -> None:
    web = "order_id customer_id ordered_at amount\nw1 ann 2024-03-01 5.00"
    loads = shop.deliver(web, LINES, delivered_at=FIRST)
    assert len({load.delivery_id for load in loads}) == 2
    assert [load.quarantined_n for load in loads] == [0, 0]
    assert gross(shop) == [("a1", "3.00"), ("w1", "5.00")]


@pytest.mark.parametrize(
    "other",
    ["a1 bob 2024-03-01 9.00 s1", "a1 ann 2024-03-02 9.00 s1", "a1 ann 2024-03-01 9.00 s2"],
    ids=["two customers", "two days", "two stores"],
)
def test_an_order_that_contradicts_itself_is_refused_whole(shop: Shop, other: str) -> None:
    (load,) = shop.deliver(
        f"""
        order_id customer_id ordered_at amount store_id
        a1 ann 2024-03-01  1.00 s1
        {other}
        a1 ann 2024-03-01 -0.50 s1
        a2 bob 2024-03-01  5.00 s1
        """
    )
    assert (load.accepted_n, load.quarantined_n) == (1, 3)
    assert set(shop.refused().select("reason", "parameters").rows()) == {
        ("order_conflict", '{"order_key": "order_id"}')
    }
    assert gross(shop) == [("a2", "5.00")]
    assert shop.ask("SELECT count(*) FROM returns") == [(0,)]


def test_an_order_that_contradicts_itself_leaves_the_version_that_was_there(shop: Shop) -> None:
    shop.deliver(ORDER)
    (load,) = shop.deliver(
        """
        order_id customer_id ordered_at amount
        a1 ann 2024-03-01 8.00
        a1 bob 2024-03-01 9.00
        a2 bob 2024-03-01 6.00
        """
    )
    assert gross(shop) == [("a1", "3.00"), ("a2", "6.00")]
    assert (load.accepted_n, load.quarantined_n) == (1, 2)
    assert shop.ask("SELECT load_id, replaced_n FROM loads ORDER BY 1") == [(1, 1), (2, 0)]


def test_a_line_of_another_customer_leaves_a_numbered_order_as_it_was(shop: Shop) -> None:
    shop.deliver(LINES)
    header = "order_id line_id customer_id ordered_at amount\n"
    (load,) = shop.deliver(header + "a1 1 ann 2024-03-01 1.00\na1 3 bob 2024-03-01 9.00")
    assert amounts(shop) == [("a1", "1.00"), ("a1", "2.00")]
    assert (load.accepted_n, load.duplicate_n, load.quarantined_n) == (0, 0, 2)


def test_a_line_without_a_customer_is_no_second_customer(shop: Shop) -> None:
    shop.deliver("order_id customer_id ordered_at amount\na1 - 2024-03-01 1\na1 ann 2024-03-01 2")
    assert gross(shop) == [("a1", "3.00")]


def test_stores_may_number_their_orders_alike_when_the_key_says_so(new_shop: NewShop) -> None:
    shop = new_shop(order_key=("store_id", "ordered_on", "order_id"))
    header = "order_id store_id customer_id ordered_at amount\n"
    shop.deliver(header + "1 s1 ann 2024-03-01 1\n1 s2 bob 2024-03-01 2\n1 s1 eve 2024-03-02 3")
    shop.deliver(header + "1 s2 bob 2024-03-01 9")
    assert shop.ask("SELECT store_id, ordered_on, gross FROM orders ORDER BY 1, 2") == [
        ("s1", date(2024, 3, 1), Decimal(1)),
        ("s1", date(2024, 3, 2), Decimal(3)),
        ("s2", date(2024, 3, 1), Decimal(9)),
    ]


@pytest.mark.fault("F26")
def test_only_orders_that_a_delivery_touches_are_made_again(shop: Shop) -> None:
    shop.deliver(ORDER + "    a3 eve 2024-03-01 4.00\n")
    before = dict(shop.ask("SELECT order_id, rowid FROM orders ORDER BY 1"))
    shop.deliver("order_id customer_id ordered_at amount\na2 bob 2024-03-01 6.00")
    after = dict(shop.ask("SELECT order_id, rowid FROM orders"))
    assert [order for order in before if before[order] == after[order]] == ["a1", "a3"]


def test_the_number_of_orders_made_again_is_told(shop: Shop) -> None:
    shop.deliver(ORDER)
    shop.ask("CREATE TEMP TABLE touched AS SELECT 'a2' AS order_id")
    assert orders.reduce(shop.connection, ("order_id",), "touched") == 1
    assert orders.reduce(shop.connection, ("order_id",), None) == 2


def test_the_latest_list_is_the_list(shop: Shop) -> None:
    header = "product_id category\n"
    shop.deliver(header + "p1 tea\np2 rice", export="products")
    shop.deliver(header + "p2 noodles\np3 tea", export="products")
    assert shop.ask("SELECT product_id, category FROM products ORDER BY 1") == [
        ("p2", "noodles"),
        ("p3", "tea"),
    ]
    assert shop.ask("SELECT accepted_n, replaced_n FROM loads ORDER BY load_id") == [(2, 2), (2, 0)]


def test_an_older_list_that_arrives_later_is_not_the_list(shop: Shop) -> None:
    header = "product_id category\n"
    shop.deliver(header + "p1 tea", export="products", delivered_at=SECOND)
    shop.deliver(header + "p1 rice", export="products", delivered_at=FIRST)
    assert shop.ask("SELECT category FROM products") == [("tea",)]
    assert shop.ask("SELECT accepted_n, replaced_n FROM loads ORDER BY load_id") == [(1, 0), (1, 1)]


def test_an_entry_of_a_list_that_contradicts_itself_is_refused(shop: Shop) -> None:
    (load,) = shop.deliver(
        "product_id category\np1 tea\np1 rice\np2 tea\np2 tea\np3 -", export="products"
    )
    assert (load.accepted_n, load.duplicate_n, load.quarantined_n) == (2, 1, 2)
    assert shop.ask("SELECT product_id FROM products ORDER BY 1") == [("p2",), ("p3",)]


Version = list[tuple[str, str, str]]


@st.composite
def histories(draw: st.DrawFn) -> list[tuple[int, dict[str, Version]]]:
    """Deliveries in the order they arrive: the moment of each, and its versions of some orders."""
    moments = draw(st.permutations(range(draw(st.integers(1, 4)))))
    amount = st.sampled_from(["1.00", "2.50", "-1.00"])
    rows = st.lists(
        st.tuples(st.just("ann"), amount, st.sampled_from(["-", "a1"])), min_size=1, max_size=3
    )
    some = st.dictionaries(st.sampled_from(["a1", "a2", "a3"]), rows, min_size=1)
    return [(moment, draw(some)) for moment in moments]


def text(versions: dict[str, Version]) -> str:
    header = "order_id customer_id ordered_at amount returns_order_id\n"
    return header + "".join(
        f"{order} {customer} 2024-03-0{order[1]} {amount} {named}\n"
        for order, rows in versions.items()
        for customer, amount, named in rows
    )


def state(shop: Shop) -> list[list[tuple[object, ...]]]:
    return [
        shop.ask(
            "SELECT order_id, ordered_on, source_customer_id, gross, lines_n FROM orders "
            "ORDER BY ALL"
        ),
        shop.ask("SELECT * FROM returns ORDER BY ALL"),
        *(
            order_nets(shop.connection, ("order_id",), as_of=date(2024, 3, day))
            .sort("ordered_on", "net", "is_order")
            .rows()
            for day in (1, 2, 3)
        ),
    ]


@given(history=histories())
@settings(max_examples=12, deadline=None)
@pytest.mark.fault("F10", "F11", "F26")
def test_any_arrival_of_deliveries_ends_where_the_final_truth_alone_does(
    new_shop: NewShop, history: list[tuple[int, dict[str, Version]]]
) -> None:
    shop, final = new_shop(), new_shop()
    truth: dict[str, Version] = {}
    for _, versions in sorted(history, key=lambda delivery: delivery[0]):
        truth |= versions
    for moment, versions in history:
        shop.deliver(text(versions), delivered_at=datetime(2024, 4, 1 + moment), again=True)
    final.deliver(text(truth))
    assert state(shop) == state(final)
    incremental = state(shop)
    orders.reduce(shop.connection, ("order_id",), None)
    assert state(shop) == incremental
    assert money_difference(shop.connection) is None
