"""Messages and coupon uses as they are handed over: as of a day, without those of nobody known."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.data import extracts
from regulars.data.campaign_extracts import contacts, coupon_uses

if TYPE_CHECKING:
    from tests.data.conftest import NewShop, Shop

MESSAGES = "campaign_id customer_id contacted_at channel arm coupon_id cost\n"
USES = "coupon_id redeemed_at customer_id order_id value\n"


def on(day: int) -> date:
    return date(2024, 3, day)


def number(shop: Shop, raw_id: str) -> int:
    ((found,),) = shop.ask(f"SELECT customer_id FROM vault.people WHERE raw_id = '{raw_id}'")
    return int(found)


def test_a_message_is_handed_over_from_its_day_on(shop: Shop) -> None:
    shop.deliver(
        MESSAGES + "C1 ann 2024-03-10T09:00 sms treated K1 0.05\nC1 bob 2024-03-11 - control - -",
        export="contacts",
    )
    assert contacts(shop.connection, as_of=on(9)).is_empty()
    ann = (number(shop, "ann"), on(10), "C1", "sms", "treated", "K1", Decimal("0.05"))
    assert contacts(shop.connection, as_of=on(10)).rows() == [ann]
    bob = (number(shop, "bob"), on(11), "C1", None, "control", None, None)
    assert {*contacts(shop.connection, as_of=on(11)).rows()} == {ann, bob}
    assert contacts(shop.connection, as_of=on(9)).schema == {
        "customer_id": pl.UInt64,
        "contacted_on": pl.Date,
        "campaign_id": pl.String,
        "channel": pl.String,
        "arm": pl.String,
        "coupon_id": pl.String,
        "cost": pl.Decimal(18, 2),
    }


def test_a_message_without_an_arm_was_sent(shop: Shop) -> None:
    shop.deliver("campaign_id customer_id contacted_at\nC1 ann 2024-03-10", export="contacts")
    assert contacts(shop.connection, as_of=on(10))["arm"].to_list() == ["treated"]


def test_a_use_is_handed_over_from_its_business_day_on(new_shop: NewShop) -> None:
    shop = new_shop(day_starts_minutes=300)
    shop.deliver(USES + "K1 2024-03-11T02:00 ann a1 5.00", export="coupons")
    assert coupon_uses(shop.connection, as_of=on(9)).is_empty()
    found = coupon_uses(shop.connection, as_of=on(10))
    assert found.rows() == [(number(shop, "ann"), on(10), "K1", Decimal("5.00"))]
    assert found.schema == {
        "customer_id": pl.UInt64,
        "redeemed_on": pl.Date,
        "coupon_id": pl.String,
        "value": pl.Decimal(18, 2),
    }


def test_what_is_of_nobody_known_is_left_out(new_shop: NewShop) -> None:
    shop = new_shop(anonymous_ids=("0000",))
    shop.deliver(USES + "K1 2024-03-10 - a1 5\nK1 2024-03-10 0000 a2 5", export="coupons")
    shop.deliver(MESSAGES + "C1 0000 2024-03-10 - - - -", export="contacts")
    assert coupon_uses(shop.connection, as_of=on(31)).is_empty()
    assert contacts(shop.connection, as_of=on(31)).is_empty()
    assert shop.ask("SELECT count(*) FROM coupons") == [(2,)]


Row = tuple[int, str, str, str]
rows = st.lists(
    st.tuples(
        st.integers(1, 6),
        st.sampled_from(["ann", "bob", "-"]),
        st.sampled_from(["K1", "K2"]),
        st.sampled_from(["1.00", "2.50"]),
    ),
    max_size=6,
    unique_by=lambda row: row[:3],
)


def handed_over(shop: Shop, uses: list[Row], as_of: date) -> list[object]:
    def day(number: int) -> str:
        return f"2024-03-{number:02}"

    shop.deliver(
        USES + "".join(f"{coupon} {day(d)} {who} - {value}\n" for d, who, coupon, value in uses),
        export="coupons",
    )
    shop.deliver(
        MESSAGES
        + "".join(f"C1 {who} {day(d)} - - - {value}\n" for d, who, k, value in uses if k == "K1"),
        export="contacts",
    )
    connection = shop.connection
    return [
        sorted(contacts(connection, as_of=as_of).rows(), key=str),
        sorted(coupon_uses(connection, as_of=as_of).rows(), key=str),
        extracts.digests(connection, as_of=as_of),
    ]


@settings(max_examples=12, deadline=None)
@given(uses=rows, day=st.integers(1, 6))
def test_rows_of_later_days_and_their_order_change_nothing_as_of_a_day(
    new_shop: NewShop, uses: list[Row], day: int
) -> None:
    until = [row for row in uses if row[0] <= day]
    assert handed_over(new_shop(), until, on(day)) == handed_over(new_shop(), uses[::-1], on(day))


def test_a_digest_tells_one_cell_of_a_message_and_of_a_use_from_another(new_shop: NewShop) -> None:
    found = []
    for arm, value in (("treated", "1.00"), ("control", "1.00"), ("treated", "2.00")):
        shop = new_shop()
        shop.deliver(MESSAGES + f"C1 ann 2024-03-10 - {arm} - -", export="contacts")
        shop.deliver(USES + f"K1 2024-03-10 ann - {value}", export="coupons")
        found.append(extracts.digests(shop.connection, as_of=on(31)))
    assert found[0]["contacts"] != found[1]["contacts"]
    assert found[0]["coupons"] == found[1]["coupons"] != found[2]["coupons"]
