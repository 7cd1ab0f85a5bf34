"""Feedback as it is handed over: as of a day, with what had become of it by then."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.data.feedback_extracts import FEEDBACK, feedback, place_names

if TYPE_CHECKING:
    from tests.data.conftest import NewShop, Shop

HEADER = "feedback_id submitted_at customer_id rating responded_at resolved_at\n"


def on(day: int) -> date:
    return date(2024, 3, day)


def told(shop: Shop, day: int) -> list[tuple[object, ...]]:
    found = feedback(shop.connection, as_of=on(day))
    return found.select("feedback_id", "responded_at", "resolved_at").rows()


def test_a_piece_is_handed_over_with_its_links_its_rating_and_its_masked_text(shop: Shop) -> None:
    shop.deliver(
        "feedback_id submitted_at customer_id order_id product_id store_id staff_id channel kind "
        "category rating rating_scale nps text\n"
        "F1 2024-03-10T09:00 ann o1 p1 s1 m1 app survey 物流 10 10 9 太慢13812345678",
        export="feedback",
    )
    found = feedback(shop.connection, as_of=on(10))
    ((ann,),) = shop.ask("SELECT customer_id FROM vault.people WHERE raw_id = 'ann'")
    assert found.to_dicts() == [
        {
            "feedback_id": "F1",
            "submitted_at": datetime(2024, 3, 10, 9),
            "submitted_on": on(10),
            "customer_id": ann,
            "order_id": "o1",
            "product_id": "p1",
            "store_id": "s1",
            "staff_id": "m1",
            "channel": "app",
            "kind": "survey",
            "own_category": "物流",
            "rating": Decimal(10),
            "rating_scale": "1-10",
            "rating_of_five": Decimal(5),
            "nps": 9,
            "text": "太慢〔电话〕",
            "is_text_cut": False,
            "responded_at": None,
            "resolved_at": None,
        }
    ]
    assert found.schema == FEEDBACK


def test_nothing_is_handed_over_in_the_same_columns(shop: Shop) -> None:
    found = feedback(shop.connection, as_of=on(1))
    assert (found.height, found.schema) == (0, FEEDBACK)


def test_a_piece_of_nobody_known_is_handed_over_without_a_customer(shop: Shop) -> None:
    shop.deliver(HEADER + "F1 2024-03-10 - 3 - -", export="feedback")
    assert feedback(shop.connection, as_of=on(10))["customer_id"].to_list() == [None]


def test_an_answer_is_handed_over_from_its_business_day_on(new_shop: NewShop) -> None:
    shop = new_shop(day_starts_minutes=300)
    shop.deliver(
        HEADER + "F1 2024-03-11T04:00 ann 3 2024-03-12T04:59 2024-03-12T05:00", export="feedback"
    )
    answered, settled = datetime(2024, 3, 12, 4, 59), datetime(2024, 3, 12, 5)
    assert told(shop, 9) == []
    assert told(shop, 10) == [("F1", None, None)]
    assert told(shop, 11) == [("F1", answered, None)]
    assert told(shop, 12) == [("F1", answered, settled)]


def test_the_latest_version_is_handed_over(shop: Shop) -> None:
    first, later = datetime(2024, 6, 1), datetime(2024, 6, 2)
    shop.deliver(HEADER + "F1 2024-03-10 ann 3 - -", export="feedback", delivered_at=first)
    shop.deliver(HEADER + "F1 2024-03-10 ann 5 - -", export="feedback", delivered_at=later)
    assert feedback(shop.connection, as_of=on(10))["rating"].to_list() == [Decimal(5)]


def test_stores_and_products_that_feedback_is_about_have_their_names(shop: Shop) -> None:
    shop.deliver("store_id name\ns1 北街店\ns2 South\ns3 -", export="stores")
    shop.deliver("product_id name\np1 Tea\np2 Bread", export="products")
    shop.deliver(
        "feedback_id submitted_at store_id product_id\n"
        "F1 2024-03-10 s1 p2\nF2 2024-03-10 s3 p2\nF3 2024-03-10 - -",
        export="feedback",
    )
    assert place_names(shop.connection).rows() == [
        ("product", "p2", "Bread"),
        ("store", "s1", "北街店"),
    ]


@settings(max_examples=8)
@given(
    pieces=st.lists(
        st.tuples(st.integers(1, 20), st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=9
    ),
    day=st.integers(1, 20),
    order=st.randoms(use_true_random=False),
)
def test_what_happened_after_a_day_and_the_order_of_rows_change_nothing(
    new_shop: NewShop, pieces: list[tuple[int, int, int]], day: int, order: object
) -> None:
    rows = [
        (said, f"F{n} 2024-03-{said:02} ann 3 {_on(said + late)} {_on(said + late + later)}")
        for n, (said, late, later) in enumerate(pieces)
    ]
    known = [
        f"F{n} 2024-03-{said:02} ann 3 {_on(said + late) if said + late <= day else '-'} "
        f"{_on(said + late + later) if said + late + later <= day else '-'}"
        for n, (said, late, later) in enumerate(pieces)
        if said <= day
    ]
    shuffled = [row for _, row in rows]
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    whole, until = new_shop(), new_shop()
    whole.deliver(HEADER + "\n".join(shuffled), export="feedback")
    until.deliver(HEADER + "\n".join(known), export="feedback")
    assert feedback(whole.connection, as_of=on(day)).equals(
        feedback(until.connection, as_of=on(day))
    )


def _on(day: int) -> str:
    return f"2024-03-{day:02}T12:00"
