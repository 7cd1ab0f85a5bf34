"""Whom to call back: why, about what, by which store, and who must not be."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.expectations.catalogue import say
from regulars.expectations.tables import Table
from regulars.expectations.tables_follow_ups import FollowUps
from regulars.transforms.follow_ups import (
    ANSWER_ONLY,
    FREE,
    REASONS,
    SERVICE,
    due_follow_ups,
    follow_ups,
)
from regulars.transforms.pseudonyms import spelled
from tests.transforms.handled_pieces import pieces
from tests.transforms.test_customer_feedback import any_pieces

AS_OF = date(2024, 6, 30)
CUSTOMERS = pl.Schema(
    {
        "customer_id": pl.UInt64(),
        "home_store_id": pl.String(),
        "has_consent": pl.Boolean(),
        "churn_risk": pl.Float64(),
        "risk_band": pl.String(),
        "value_at_risk": pl.Decimal(18, 2),
        "is_complaint_open": pl.Boolean(),
        "is_silent_since_complaint": pl.Boolean(),
    }
)
ORDERS = pl.Schema({"customer_id": pl.UInt64(), "store_id": pl.String(), "ordered_on": pl.Date()})


def known(*rows: dict[str, object]) -> pl.DataFrame:
    drawn = pl.DataFrame(rows, schema_overrides={"customer_id": pl.UInt64})
    given = drawn.cast({name: CUSTOMERS[name] for name in drawn.columns})
    return pl.concat([CUSTOMERS.to_frame(), given], how="diagonal")


NOBODY = CUSTOMERS.to_frame()


def due(of_pieces: pl.DataFrame, customers: pl.DataFrame = NOBODY, **given: pl.DataFrame):
    orders = given.get("orders", ORDERS.to_frame())
    return due_follow_ups(of_pieces, customers, orders, as_of=AS_OF)


def test_the_oldest_overdue_complaint_is_called_about_first() -> None:
    found = due(
        pieces(
            """
            customer_id said       kind      is_open is_overdue sentiment categories
            1           2024-06-01 complaint no      no         negative  app_payment
            1           2024-06-10 call      yes     yes        negative  delivery;app_payment
            1           2024-06-20 complaint yes     yes        negative  queue_waiting
            2           2024-06-30 complaint yes     no         negative  delivery
            """
        )
    )
    assert found.select("customer_id", "reason", "since_on", "feedback_id", "category").rows() == [
        (1, "complaint_overdue", date(2024, 6, 10), "F002", "delivery")
    ]


def test_who_called_to_praise_or_to_ask_has_not_complained() -> None:
    found = due(
        pieces(
            """
            customer_id said       kind      is_open is_overdue sentiment categories
            1           2024-06-10 call      yes     yes        positive  service_attitude
            2           2024-06-10 call      yes     yes        neutral   other
            3           2024-06-10 complaint yes     yes        positive  returns_after_sales
            4           2024-06-10 complaint yes     yes        neutral   delivery
            """
        )
    )
    assert found["customer_id"].to_list() == [4]


def test_a_low_rating_of_the_last_thirty_days_wants_an_answer() -> None:
    found = due(
        pieces(
            """
            customer_id said       kind   rating_of_five responded_at
            1           2024-06-02 review 1              -
            1           2024-06-01 review 2              -
            2           2024-05-31 review 1              -
            3           2024-06-20 survey 2.5            -
            4           2024-06-20 survey 2              2024-06-21
            5           2024-06-20 social -              -
            """
        )
    )
    assert found.select("customer_id", "reason", "feedback_id").rows() == [
        (1, "rating_unanswered", "F001")
    ]


def test_who_is_silent_after_a_settled_complaint_is_won_back_if_they_consented() -> None:
    complaints = pieces(
        """
        customer_id said       kind
        1           2024-03-01 complaint
        1           2024-04-01 complaint
        2           2024-04-01 complaint
        3           2024-04-01 complaint
        4           2024-04-01 complaint
        """
    )
    silent = {"is_silent_since_complaint": True, "is_complaint_open": False}
    customers = known(
        {"customer_id": 1, "has_consent": True, **silent},
        {"customer_id": 2, "has_consent": False, **silent},
        {"customer_id": 3, "has_consent": None, **silent},
        {"customer_id": 4, "has_consent": True, **silent, "is_complaint_open": True},
    )
    found = due(complaints, customers)
    assert found.select("customer_id", "reason", "feedback_id", "contact").rows() == [
        (1, "silent_since_complaint", "F002", "free")
    ]


def test_a_promoter_who_turns_is_asked_why_if_they_consented() -> None:
    answers = pieces(
        """
        customer_id said       kind   nps
        1           2024-01-01 survey 9
        1           2024-06-20 survey 6
        2           2024-01-01 survey 10
        2           2024-02-01 survey 8
        2           2024-06-20 survey 0
        3           2024-01-01 survey 10
        3           2024-05-31 survey 0
        4           2024-01-01 survey 9
        4           2024-06-20 survey 7
        5           2024-01-01 survey 9
        5           2024-06-20 survey 6
        """
    )
    customers = known(*({"customer_id": n, "has_consent": n < 5} for n in range(1, 6)))
    found = due(answers, customers)
    assert found.select("customer_id", "reason", "since_on").rows() == [
        (1, "turned_detractor", date(2024, 6, 20))
    ]


def test_without_consent_a_complaint_is_answered_and_no_more() -> None:
    overdue = pieces(
        """
        customer_id said       kind      is_open is_overdue
        1           2024-06-10 complaint yes     yes
        2           2024-06-10 complaint yes     yes
        3           2024-06-10 complaint yes     yes
        """
    )
    customers = known(
        {"customer_id": 1, "has_consent": True}, {"customer_id": 2, "has_consent": False}
    )
    assert due(overdue, customers)["contact"].to_list() == [FREE, ANSWER_ONLY, ANSWER_ONLY]


def test_the_store_of_the_piece_calls_else_the_home_store_else_the_one_of_most_orders(
    drawn,
) -> None:
    overdue = pieces(
        """
        customer_id said       kind      is_open is_overdue store_id staff_id
        1           2024-06-10 complaint yes     yes        s9       m1
        2           2024-06-10 complaint yes     yes        -        -
        3           2024-06-10 complaint yes     yes        -        m2
        4           2024-06-10 complaint yes     yes        -        -
        5           2024-06-10 complaint yes     yes        -        -
        """
    )
    customers = known(
        *({"customer_id": n, "home_store_id": "s1" if n < 3 else None} for n in range(1, 6))
    )
    orders = drawn(
        """
        customer_id store_id ordered_on
        1           s2       2024-01-01
        2           s2       2024-01-01
        3           s3       2024-01-01
        3           s3       2024-01-02
        3           s4       2024-06-01
        4           s5       2024-01-01
        4           s6       2024-01-02
        4           -        2024-01-03
        """,
        ORDERS,
    )
    found = due(overdue, customers, orders=orders)
    assert found.select("owner_store_id", "owner_store_by", "staff_id").rows() == [
        ("s9", "piece", "m1"),
        ("s1", "home", None),
        ("s3", "orders", "m2"),
        ("s6", "orders", None),
        (None, None, None),
    ]


def test_nobody_is_listed_twice_nor_without_being_known() -> None:
    found = due(
        pieces(
            """
            customer_id said       kind      is_open is_overdue rating_of_five
            1           2024-06-10 complaint yes     yes        -
            1           2024-06-12 review    -       -          1
            -           2024-06-12 complaint yes     yes        -
            -           2024-06-12 review    -       -          1
            """
        )
    )
    assert found.select("customer_id", "reason").rows() == [(1, "complaint_overdue")]


def test_the_list_is_ranked_by_what_is_at_risk_and_by_who_waits_longest() -> None:
    overdue = pieces(
        """
        customer_id said       kind      is_open is_overdue
        5           2024-06-09 complaint yes     yes
        4           2024-06-10 complaint yes     yes
        3           2024-06-10 complaint yes     yes
        2           2024-06-01 complaint yes     yes
        1           2024-06-11 complaint yes     yes
        """
    )
    customers = known(
        *(
            {"customer_id": n, "value_at_risk": None if value is None else Decimal(value)}
            for n, value in ((1, "99.50"), (2, None), (3, "10.00"), (4, "10.00"), (5, "10.00"))
        )
    )
    for rows in (overdue, overdue.reverse()):
        found = follow_ups(rows, customers, ORDERS.to_frame(), as_of=AS_OF)
        assert found.sort("rank").select("rank", "customer_id").rows() == [
            (1, 1), (2, 5), (3, 3), (4, 4), (5, 2),
        ]  # fmt: skip


def test_a_piece_of_a_later_day_is_refused() -> None:
    with pytest.raises(ValueError, match="holds a piece of 2024-07-01"):
        due(pieces("customer_id said kind\n1 2024-07-01 review"))


def test_the_list_conforms_to_its_contract() -> None:
    table = Table("follow_ups", FollowUps, ("customer_id",), "customer to call back", "待回访客户")
    overdue = pieces("customer_id said kind is_open is_overdue\n1 2024-06-10 complaint yes yes")
    for rows in (overdue, overdue.clear()):
        found = follow_ups(rows, known({"customer_id": 1}), ORDERS.to_frame(), as_of=AS_OF)
        published = found.with_columns(customer_id=spelled(pl.col("customer_id")))
        assert table.conformed(published).height == rows.height


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_reason_and_every_way_to_contact_has_words(language: str) -> None:
    for reason in REASONS:
        assert "2024-06-01" in say(f"follow_up.reason.{reason}", language, since_on="2024-06-01")
    assert len({say(f"follow_up.contact.{code}", language) for code in (ANSWER_ONLY, FREE)}) == 2


@st.composite
def any_customers(draw: st.DrawFn) -> pl.DataFrame:
    flag = st.none() | st.booleans()
    rows = draw(
        st.lists(
            st.fixed_dictionaries(
                {
                    "customer_id": st.integers(0, 3),
                    "has_consent": flag,
                    "is_complaint_open": flag,
                    "is_silent_since_complaint": flag,
                    "value_at_risk": st.none() | st.sampled_from([Decimal(1), Decimal(2)]),
                }
            ),
            min_size=1,
            max_size=4,
            unique_by=lambda row: row["customer_id"],
        )
    )
    return known(*rows)


@given(any_pieces(), any_customers(), st.sets(st.integers(0, 3)), st.integers(0, 99))
@settings(max_examples=40)
def test_customers_apart_and_in_another_order_are_listed_as_together(
    of_pieces: pl.DataFrame, customers: pl.DataFrame, some: set[int], seed: int
) -> None:
    handled = of_pieces.with_columns(is_overdue=pl.col("is_open"))
    together = due(handled, customers)
    frames = [frame.sample(fraction=1.0, shuffle=True, seed=seed) for frame in (handled, customers)]
    assert due(*frames).equals(together)
    parts = [pl.col("customer_id").is_in(list(of)) for of in (some, {0, 1, 2, 3} - some)]
    apart = [due(handled.filter(part), customers.filter(part)) for part in parts]
    assert pl.concat(apart).sort("customer_id").equals(together)


@given(any_pieces(), any_customers())
@settings(max_examples=40)
def test_nobody_is_contacted_for_marketing_without_consent(
    of_pieces: pl.DataFrame, customers: pl.DataFrame
) -> None:
    found = due(of_pieces.with_columns(is_overdue=pl.col("is_open")), customers)
    consented = {row["customer_id"] for row in customers.to_dicts() if row["has_consent"] is True}
    for row in found.to_dicts():
        assert row["customer_id"] in consented or (
            row["reason"] in SERVICE and row["contact"] == ANSWER_ONLY
        )
