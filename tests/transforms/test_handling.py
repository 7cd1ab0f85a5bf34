"""How a piece was handled is told from its times alone, as of the end of a day."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.transforms.handling import handled
from tests.transforms.pieces import DRAWN, TOLD, told

AS_OF = date(2025, 3, 10)


def rows(pieces, *columns, as_of=AS_OF, **settings_of):
    return handled(pieces, as_of=as_of, **settings_of).select(columns).rows()


def test_hours_run_from_the_submission(drawn):
    pieces = told(
        drawn,
        """
        kind       submitted_at         responded_at         resolved_at
        complaint  2025-03-01T09:00:00  2025-03-01T10:30:00  2025-03-02T09:00:00
        call       2025-03-01T09:00:00  2025-03-03T09:00:00  -
        complaint  2025-03-01T09:00:00  -                    -
        """,
    )
    assert rows(pieces, "response_hours", "resolution_hours", "is_open") == [
        (1.5, 24.0, False),
        (48.0, None, True),
        (None, None, True),
    ]


def test_a_settlement_answers(drawn):
    pieces = told(
        drawn,
        """
        kind       submitted_at         responded_at  resolved_at
        complaint  2025-03-01T09:00:00  -             2025-03-01T13:00:00
        """,
    )
    assert rows(pieces, "response_hours", "is_in_response_target") == [(4.0, True)]


def test_a_target_is_met_missed_or_still_to_be_met(drawn):
    """By the end of 10 March: answered in time, just in time, too late, waiting, waiting long."""
    pieces = told(
        drawn,
        """
        kind       submitted_at         responded_at
        complaint  2025-03-01T09:00:00  2025-03-01T10:00:00
        complaint  2025-03-01T09:00:00  2025-03-02T09:00:00
        complaint  2025-03-01T09:00:00  2025-03-02T09:00:01
        complaint  2025-03-10T00:00:00  -
        complaint  2025-03-09T23:59:59  -
        """,
    )
    found = rows(pieces, "is_in_response_target", "is_overdue")
    assert [target for target, _ in found] == [True, True, False, None, False]
    assert [overdue for _, overdue in found] == [True, True, True, False, True]


def test_what_is_settled_is_not_overdue_however_late(drawn):
    pieces = told(
        drawn,
        """
        kind       submitted_at         responded_at         resolved_at
        complaint  2025-03-01T09:00:00  2025-03-05T09:00:00  2025-03-09T09:00:00
        complaint  2025-03-01T09:00:00  2025-03-01T10:00:00  -
        """,
    )
    assert rows(pieces, "is_overdue", "is_in_resolution_target") == [(False, False), (True, False)]


def test_the_day_ends_where_the_chains_day_does(drawn):
    pieces = told(
        drawn,
        """
        kind       submitted_at         submitted_on  responded_at
        complaint  2025-03-10T05:00:00  2025-03-10    -
        """,
    )
    by_the_clock = rows(pieces, "is_overdue", day_starts_at=time(0, 0))
    assert by_the_clock == rows(pieces, "is_overdue", day_starts_at=time(5, 0)) == [(False,)]
    assert rows(pieces, "is_overdue", day_starts_at=time(5, 1)) == [(True,)]


def test_an_answer_before_the_submission_has_no_hours_and_is_marked(drawn):
    pieces = told(
        drawn,
        """
        kind       submitted_at         responded_at         resolved_at
        complaint  2025-03-01T09:00:00  2025-03-01T08:00:00  2025-03-01T12:00:00
        complaint  2025-03-01T09:00:00  2025-03-01T10:00:00  2025-03-01T08:00:00
        complaint  2025-03-01T09:00:00  2025-03-01T09:00:00  -
        """,
    )
    assert rows(
        pieces, "response_hours", "resolution_hours", "is_in_response_target", "is_out_of_order"
    ) == [(None, 3.0, None, True), (1.0, None, True, True), (0.0, None, True, False)]


def test_nobody_has_to_answer_a_survey(drawn):
    pieces = told(
        drawn,
        """
        kind    submitted_at         customer_id  responded_at
        survey  2025-03-01T09:00:00  1            2025-03-01T10:00:00
        -       2025-03-01T09:00:00  1            2025-03-01T10:00:00
        """,
    )
    added = [name for name in handled(pieces, as_of=AS_OF).columns if name not in TOLD]
    assert set(rows(pieces, *added)) == {(None,) * len(added)}


def test_which_kinds_are_answered_is_a_setting(drawn):
    pieces = told(drawn, "kind submitted_at\nreview 2025-03-01T09:00:00")
    assert rows(pieces, "is_open", answered_kinds=["review"]) == [(True,)]


def test_a_repeat_is_another_complaint_or_call_of_the_customer_within_the_days(drawn):
    """30 days to the second are within; a day more, an instant shared, a survey are not."""
    pieces = told(
        drawn,
        """
        customer_id  kind       submitted_at
        1            complaint  2025-01-01T09:00:00
        1            call       2025-01-31T09:00:00
        1            complaint  2025-03-02T09:00:01
        2            survey     2025-03-01T09:00:00
        2            complaint  2025-03-02T09:00:00
        2            complaint  2025-03-02T09:00:00
        -            complaint  2025-03-02T09:00:00
        -            complaint  2025-03-03T09:00:00
        """,
    )
    assert [found for (found,) in rows(pieces, "is_repeat")] == [
        False, True, False, None, False, False, None, None,
    ]  # fmt: skip


def test_a_piece_after_the_day_is_refused(drawn):
    pieces = told(drawn, "kind submitted_at\ncomplaint 2025-03-11T09:00:00")
    with pytest.raises(ValueError, match="as of 2025-03-10 holds a piece of 2025-03-11"):
        handled(pieces, as_of=AS_OF)


def test_without_pieces_there_is_nothing_to_handle():
    assert handled(TOLD.to_frame(), as_of=AS_OF).height == 0


FIRST = datetime(2025, 3, 1)
INSTANTS = st.integers(-3, 260).map(lambda hours: FIRST + timedelta(hours=hours))


@st.composite
def any_pieces(draw):
    some = draw(
        st.lists(
            st.tuples(
                st.none() | st.integers(1, 3),
                st.sampled_from(["complaint", "call", "survey", None]),
                st.integers(0, 200).map(lambda hours: FIRST + timedelta(hours=hours)),
                st.none() | INSTANTS,
                st.none() | INSTANTS,
            ),
            max_size=12,
        )
    )
    names = ("customer_id", "kind", "submitted_at", "responded_at", "resolved_at")
    schema = {name: DRAWN[name] for name in names}
    return (
        pl.DataFrame(some, schema=schema, orient="row")
        .with_columns(
            feedback_id=pl.format("f{}", pl.int_range(pl.len())),
            submitted_on=pl.col("submitted_at").dt.date(),
        )
        .sort("feedback_id")
    )


@given(any_pieces(), st.sets(st.sampled_from([1, 2, None])))
@settings(max_examples=40, deadline=None)
def test_customers_apart_are_what_they_are_together(pieces, some):
    is_some = pl.col("customer_id").is_in([*some], nulls_equal=True)
    apart = [
        handled(part, as_of=AS_OF) for part in (pieces.filter(is_some), pieces.filter(~is_some))
    ]
    assert pl.concat(apart).sort("feedback_id").equals(handled(pieces, as_of=AS_OF))


@given(any_pieces(), st.integers(0, 99))
@settings(max_examples=20, deadline=None)
def test_the_order_of_the_rows_does_not_matter(pieces, seed):
    shuffled = pieces.sample(fraction=1.0, shuffle=True, seed=seed)
    assert handled(shuffled, as_of=AS_OF).sort("feedback_id").equals(handled(pieces, as_of=AS_OF))


@given(any_pieces(), st.integers(1, 9))
@settings(max_examples=30, deadline=None)
def test_nothing_later_than_the_day_changes_it(pieces, day):
    """What happens after the day is not looked at: it can as well not have happened."""
    as_of = date(2025, 3, day)
    end = datetime(2025, 3, day) + timedelta(days=1)
    known = pieces.filter(pl.col("submitted_on") <= as_of)
    not_yet = known.with_columns(
        pl.when(pl.col(name) < end).then(name).alias(name)
        for name in ("responded_at", "resolved_at")
    )
    assert handled(known, as_of=as_of).equals(handled(not_yet, as_of=as_of))
