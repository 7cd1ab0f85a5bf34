"""Complaints and calls by period and place, drawn."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.expectations.tables_feedback import FEEDBACK_TABLES
from regulars.transforms.complaints import complaints
from regulars.transforms.handling import handled
from tests.transforms.pieces import TOLD, told

AS_OF = date(2025, 3, 12)
NOBODY = pl.DataFrame(schema={"customer_id": pl.UInt64, "segment": pl.String})
TABLE = next(table for table in FEEDBACK_TABLES if table.name == "complaints")

MONDAY = """
    kind       customer_id  store_id  categories              submitted_at         responded_at         resolved_at
    complaint  1            S1        delivery                2025-03-10T08:00:00  2025-03-10T10:00:00  2025-03-10T12:00:00
    complaint  1            S1        delivery+app_payment    2025-03-10T09:00:00  2025-03-12T08:00:00  -
    call       2            S2        app_payment             2025-03-10T10:00:00  -                    -
    call       -            S2        -                       2025-03-12T10:00:00  -                    -
    survey     3            S2        delivery                2025-03-12T10:00:00  -                    -
"""  # noqa: E501


def found(pieces, *, as_of=AS_OF):
    return TABLE.conformed(complaints(handled(pieces, as_of=as_of), NOBODY, as_of=as_of))


def rows(table, *columns, **of):
    chosen = {"period": "week", "store_id": "(all)", "channel": "(all)", "breakdown": "all", **of}
    return table.filter(**chosen).select(columns).rows()


@pytest.fixture
def table(drawn):
    return found(told(drawn, MONDAY))


def test_what_nobody_has_to_answer_is_no_complaint(table):
    assert rows(table, "complaints_n", "customers_n") == [(4, 2)]


def test_answered_settled_open_and_overdue_are_counted(table):
    """The third has waited for 62 hours; the second has been answered and has 72 to be settled."""
    assert rows(table, "responded_n", "resolved_n", "open_n", "overdue_n") == [(2, 1, 3, 1)]
    assert rows(table, "oldest_open_on") == [(date(2025, 3, 10),)]


def test_hours_are_those_of_who_was_answered(table):
    assert rows(
        table, "response_hours_median", "response_hours_p90", "resolution_hours_median"
    ) == [(24.5, pytest.approx(2 + 0.9 * 45), 4.0)]


def test_who_waits_too_long_counts_against_the_target_and_who_can_still_be_answered_does_not(
    table,
):
    assert rows(table, "response_due_n", "in_response_target_n", "in_response_target_share") == [
        (3, 1, 1 / 3)
    ]
    assert rows(table, "resolution_due_n", "in_resolution_target_n") == [(1, 1)]


def test_repeats_and_times_out_of_order_are_counted(drawn):
    pieces = told(
        drawn,
        """
        kind       customer_id  submitted_at         responded_at
        complaint  1            2025-03-10T08:00:00  2025-03-10T07:00:00
        complaint  1            2025-03-10T09:00:00  -
        """,
    )
    assert rows(found(pieces), "repeat_n", "out_of_order_n", "responded_n") == [(1, 1, 1)]
    assert rows(found(pieces), "response_hours_median") == [(None,)]


def test_the_main_category_is_that_of_most_and_the_first_of_equals(table):
    assert rows(table, "main_category") == [("app_payment",)]
    by_store = table.filter(period="week", channel="(all)", breakdown="all")
    assert by_store.select("store_id", "main_category").rows() == [
        ("(all)", "app_payment"),
        ("S1", "delivery"),
        ("S2", "app_payment"),
    ]


def test_without_a_category_there_is_no_main_one(drawn):
    pieces = told(drawn, "kind submitted_at\ncall 2025-03-10T08:00:00")
    assert rows(found(pieces), "main_category", "oldest_open_on", "response_hours_p90") == [
        (None, date(2025, 3, 10), None)
    ]


def test_people_are_told_of_from_the_first_complaint_on(drawn):
    pieces = told(drawn, "kind staff_id submitted_at\ncall E1 2025-03-10T08:00:00")
    assert rows(found(pieces), "value", breakdown="staff") == [("E1",)]


def test_without_complaints_there_are_no_rows():
    assert found(TOLD.to_frame()).height == 0


@st.composite
def any_pieces(draw):
    hour = st.integers(0, 280).map(lambda hours: datetime(2025, 3, 1) + timedelta(hours=hours))
    names = {
        "submitted_at": hour,
        "responded_at": st.none() | hour,
        "resolved_at": st.none() | hour,
        "kind": st.sampled_from(["complaint", "call", "survey"]),
        "customer_id": st.none() | st.integers(1, 3),
        "store_id": st.sampled_from(["S1", "S2", None]),
        "categories": st.sampled_from([[], ["delivery"], ["app_payment", "delivery"]]),
    }
    some = draw(st.lists(st.tuples(*names.values()), max_size=15))
    frame = pl.DataFrame(some, schema={name: TOLD[name] for name in names}, orient="row")
    return pl.concat([TOLD.to_frame(), frame], how="diagonal").with_columns(
        feedback_id=pl.format("f{}", pl.int_range(pl.len())),
        submitted_on=pl.col("submitted_at").dt.date(),
    )


@given(any_pieces(), st.integers(0, 99))
@settings(max_examples=15, deadline=None)
def test_the_order_of_the_rows_does_not_matter(pieces, seed):
    shuffled = pieces.sample(fraction=1.0, shuffle=True, seed=seed)
    assert found(shuffled).equals(found(pieces))


@given(any_pieces())
@settings(max_examples=15, deadline=None)
def test_counts_and_quantiles_are_what_a_loop_finds(pieces):
    """Each store of each week again, a piece at a time."""
    table = found(pieces).filter(period="week", channel="(all)", breakdown="all")
    asked = handled(pieces, as_of=AS_OF).filter(pl.col("kind") != "survey").to_dicts()
    for row in table.filter(pl.col("store_id") != "(all)").to_dicts():
        own = [
            piece
            for piece in asked
            if (piece["store_id"] or "(none)") == row["store_id"]
            and 0 <= (piece["submitted_on"] - row["period_start_on"]).days < 7
        ]
        hours = [piece["response_hours"] for piece in own if piece["response_hours"] is not None]
        assert row["complaints_n"] == len(own)
        assert row["open_n"] == sum(piece["resolved_at"] is None for piece in own)
        assert row["overdue_n"] == sum(piece["is_overdue"] for piece in own)
        assert row["response_hours_p90"] == (
            pytest.approx(np.quantile(hours, 0.9)) if hours else None
        )
