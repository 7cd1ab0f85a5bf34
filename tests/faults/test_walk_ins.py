"""Cards that many use, such as the till's own or the staff's: nobody's when settings say so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from regulars.expectations.gate import checked
from regulars.expectations.suites import warehouse_checks
from tests.data.conftest import RULES
from tests.faults.conftest import a_shop, tables

AS_OF = date(2024, 3, 31)
WALK_IN, STAFF = "0000", "STAFF-7"
ORDERS_N = {WALK_IN: 2_000, STAFF: 300, "ann": 3, "bob": 1}
HEADER = "order_id,customer_id,ordered_at,amount\n"


def export(nobody: str | None = None) -> bytes:
    """Orders of all cards over a month; ``nobody`` in place of the walk-in's and the staff's."""
    cards = [card for card, orders_n in ORDERS_N.items() for _ in range(orders_n)]
    return (
        HEADER
        + "".join(
            f"o{number},{card if nobody is None or card.islower() else nobody},"
            f"2024-03-{number % 31 + 1:02} 10:00:00,{number % 90 + 1}.50\n"
            for number, card in enumerate(cards)
        )
    ).encode()


@pytest.mark.fault("F27")
def test_cards_that_settings_call_anonymous_are_as_if_nobody_had_shown_one() -> None:
    with a_shop(replace(RULES, anonymous_ids=(WALK_IN, STAFF))) as named, a_shop() as blank:
        named.deliver(export())
        blank.deliver(export(nobody=""))

        assert tables(named, AS_OF) == tables(blank, AS_OF)


@pytest.mark.fault("F27")
def test_anonymous_cards_are_no_customers_and_their_sales_are_sales() -> None:
    with a_shop(replace(RULES, anonymous_ids=(WALK_IN, STAFF))) as shop:
        shop.deliver(export())
        found = tables(shop, AS_OF)
        ((orders_n, gross),) = shop.ask("SELECT count(*), sum(gross) FROM orders")

    assert len(found[f"customers as of {AS_OF}"]) == 2
    assert len(found[f"rfm as of {AS_OF}"]) == 2
    assert orders_n == sum(ORDERS_N.values())
    assert gross == sum(number % 90 + 1 for number in range(orders_n)) + orders_n / 2


@pytest.mark.fault("F27")
def test_a_card_that_no_person_can_have_used_is_suspected() -> None:
    cards = {"till": 21, "ann": 20}
    rows = (
        f"{card}-{n},{card},2024-03-01 10:00:00,1.00\n"
        for card, orders_n in cards.items()
        for n in range(orders_n)
    )
    with a_shop() as shop:
        shop.deliver((HEADER + "".join(rows)).encode())
        (check,) = (
            check
            for check in warehouse_checks(landed_on=date(2024, 6, 30))
            if check.code == "customers_are_people"
        )
        (found,) = checked(shop.connection, [check]).to_dicts()

        told = found["is_met"]
        shop.connection.execute("DELETE FROM orders WHERE order_id = 'till-0'")
        (then,) = checked(shop.connection, [check]).to_dicts()

    assert (told, then["is_met"]) == (False, True)
