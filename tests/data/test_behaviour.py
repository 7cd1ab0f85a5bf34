"""What customers did: orders, returns and categories, from which any earlier day can be told."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.data import extracts
from regulars.data.behaviour import PARTS_N, behaviour, customers_n
from regulars.data.campaign_extracts import CONTACTS, COUPON_USES
from regulars.data.feedback_extracts import PIECES
from regulars.transforms.earlier_nets import earlier_nets

if TYPE_CHECKING:
    from tests.data.conftest import NewShop, Shop

KEY = ("order_id",)
HEADER = "order_id customer_id ordered_at amount discount coupon_id store_id returns_order_id\n"


def on(day: int) -> date:
    return date(2024, 3, day)


def test_an_order_has_what_its_lines_sold_took_off_and_redeemed(shop: Shop) -> None:
    shop.deliver(
        HEADER
        + """
        a1 ann 2024-03-10T09:30:00 10.00 1.50 -  s1 -
        a1 ann 2024-03-10T09:31:00  2.00 0.50 k1 s1 -
        b1 bob 2024-03-12T18:00:00  7.00 -    -  s2 -
        """
    )
    orders = behaviour(shop.connection, KEY, as_of=on(31)).orders.sort("ordered_on")
    columns = ["ordered_on", "gross", "discount", "lines_n", "coupon_lines_n", "store_id"]
    drawn = orders.select(columns)
    assert [[str(value) for value in row] for row in drawn.rows()] == [
        ["2024-03-10", "12.00", "2.00", "2", "1", "s1"],
        ["2024-03-12", "7.00", "None", "1", "0", "s2"],
    ]


def test_what_lies_after_the_day_is_not_handed_over(shop: Shop) -> None:
    shop.deliver(
        HEADER
        + """
        a1 ann 2024-03-10 10.00 - - s1 -
        a2 ann 2024-03-12 -4.00 - - s1 a1
        a3 ann 2024-03-12  5.00 - - s1 -
        """
    )
    early = behaviour(shop.connection, KEY, as_of=on(11))
    late = behaviour(shop.connection, KEY, as_of=on(12))
    assert [frame.height for frame in early.bought] == [1, 0, 1]
    assert [frame.height for frame in late.bought] == [2, 1, 2]


def test_messages_and_coupon_uses_are_handed_over_from_their_day_on(shop: Shop) -> None:
    shop.deliver(HEADER + "a1 ann 2024-03-10 10.00 - - s1 -")
    shop.deliver("campaign_id customer_id contacted_at\nC1 ann 2024-03-10", export="contacts")
    shop.deliver("coupon_id redeemed_at customer_id\nK1 2024-03-12 ann", export="coupons")
    late = behaviour(shop.connection, KEY, as_of=on(12))
    assert [frame.height for frame in late] == [1, 0, 1, 1, 1, 0]
    assert (late.contacts.schema, late.coupon_uses.schema) == (CONTACTS, COUPON_USES)
    for day, heights in ((9, [0, 0, 0, 0, 0]), (10, [1, 0, 1, 1, 0]), (12, [1, 0, 1, 1, 1])):
        early = behaviour(shop.connection, KEY, as_of=on(day))
        assert [frame.height for frame in early] == [*heights, 0]
        assert all(
            told.equals(asked) for told, asked in zip(late.until(on(day)), early, strict=True)
        )


def test_what_was_said_and_answered_is_handed_over_from_its_day_on(shop: Shop) -> None:
    shop.deliver(HEADER + "a1 ann 2024-03-10 10.00 - - s1 -")
    shop.deliver(
        "feedback_id submitted_at customer_id kind rating nps responded_at resolved_at text\n"
        "F1 2024-03-10T09:00 ann complaint 4 7 2024-03-11T10:00 2024-03-12T10:00 慢\n"
        "F2 2024-03-10T09:00 - review 2 - - - 慢\n",
        export="feedback",
    )
    late = behaviour(shop.connection, KEY, as_of=on(12))
    assert late.feedback.schema == PIECES
    told = late.feedback.drop("customer_id")
    assert [str(value) for value in told.row(0)] == [
        "F1", "2024-03-10 09:00:00", "2024-03-10", "complaint", "4.000", "7",
        "2024-03-11", "2024-03-12",
    ]  # fmt: skip
    assert told.height == 1
    answers = {9: [], 10: [(None, None)], 11: [(on(11), None)], 12: [(on(11), on(12))]}
    for day, answered in answers.items():
        early = behaviour(shop.connection, KEY, as_of=on(day)).feedback
        assert early.select("responded_on", "resolved_on").rows() == answered
        assert late.until(on(day)).feedback.equals(early)


def test_receipts_without_a_card_are_left_out(shop: Shop) -> None:
    shop.deliver(HEADER + "a1 - 2024-03-10 10.00 - - s1 -\nb1 bob 2024-03-10 1.00 - - s1 -")
    found = behaviour(shop.connection, KEY, as_of=on(31))
    assert [frame.height for frame in found.bought] == [1, 0, 1]


def test_category_days_hold_the_sales_of_the_orders(shop: Shop) -> None:
    shop.deliver(
        "order_id customer_id ordered_at amount product_id\n"
        "a1 ann 2024-03-10 10.00 tea\na1 - 2024-03-10 2.00 tea\na2 ann 2024-03-10 3.00 oil\n"
    )
    shop.deliver("product_id category\ntea drinks\n", export="products")
    found = behaviour(shop.connection, KEY, as_of=on(31)).categories.sort("gross")
    assert [(c, str(gross), n) for _, c, _, gross, n in found.rows()] == [
        (None, "3.00", 1),
        ("drinks", "12.00", 2),
    ]


receipts = st.lists(
    st.tuples(
        st.sampled_from(["ann", "bob", "-"]),
        st.integers(1, 28),
        st.integers(1, 900),
        st.one_of(st.none(), st.integers(0, 9)),
    ),
    min_size=1,
    max_size=10,
)


@settings(max_examples=20, deadline=None)
@given(drawn=receipts, day=st.integers(1, 31))
def test_the_nets_of_an_earlier_day_are_what_the_warehouse_gives_for_it(
    new_shop: NewShop, drawn: list[tuple[str, int, int, int | None]], day: int
) -> None:
    shop = new_shop(f"s{abs(hash((str(drawn), day)))}")
    buyer = {f"o{n}": who for n, (who, _, _, of) in enumerate(drawn) if of is None}
    lines = [
        f"o{n} {who} 2024-03-{at:02} {cents / 100:.2f} - - s1 -"
        if of is None
        # A return bears its sale's card, or none.
        else f"o{n} {buyer.get(f'o{of}', who)} 2024-03-{at:02} -{cents / 100:.2f} - - s1 o{of}"
        for n, (who, at, cents, of) in enumerate(drawn)
    ]
    shop.deliver(HEADER + "\n".join(lines))
    later = behaviour(shop.connection, KEY, as_of=on(31))

    told = earlier_nets(later.orders, later.returns, as_of=on(day))

    asked = extracts.order_nets(shop.connection, KEY, as_of=on(day))
    order = ["customer_id", "ordered_on", "is_order", "net"]
    assert told.select(order).sort(order).rows() == asked.select(order).sort(order).rows()


def test_the_customers_of_some_parts_are_handed_over_as_they_stand_among_all(shop: Shop) -> None:
    shop.deliver(
        "\n".join(
            [
                "order_id,customer_id,ordered_at,amount",
                *(f"{n},m{n % 40},2024-03-{1 + n % 20:02},{n + 1}.00" for n in range(120)),
            ]
        )
    )
    whole = behaviour(shop.connection, ("order_id",), as_of=on(30))
    asked = behaviour(shop.connection, ("order_id",), as_of=on(30), parts_n=PARTS_N // 2)
    some = whole.of_parts(PARTS_N // 2)
    assert 5 < some.customers_n < 35
    assert customers_n(shop.connection, as_of=on(30)) == whole.customers_n == 40
    for name in ("orders", "categories"):
        ours, theirs = (getattr(of, name).drop("order_n", strict=False) for of in (asked, some))
        assert ours.sort(ours.columns).equals(theirs.sort(ours.columns))


def test_slices_are_all_customers_each_once(monkeypatch: pytest.MonkeyPatch, shop: Shop) -> None:
    shop.deliver(
        "\n".join(
            [
                "order_id,customer_id,ordered_at,amount",
                *(f"{n},m{n % 40},2024-03-01,1.00" for n in range(80)),
            ]
        )
    )
    whole = behaviour(shop.connection, ("order_id",), as_of=on(30))
    assert [part.orders.height for part in whole.slices()] == [80]
    monkeypatch.setattr("regulars.data.behaviour.ORDERS_A_SLICE", 25)
    parts = list(whole.slices())
    assert len(parts) == 4
    assert sorted(n for part in parts for n in part.orders["customer_id"].unique()) == sorted(
        whole.orders["customer_id"].unique()
    )
