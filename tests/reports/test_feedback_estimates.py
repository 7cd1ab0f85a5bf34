"""Intervals one at a time, against those of whole tables and against their definitions."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.reports.estimates import Estimate, less, net_of, share_of
from regulars.reports.feedback_counts import counted_n, measured, voices_n
from regulars.reports.feedback_span import Span, span_of, whole_weeks
from regulars.transforms import intervals
from tests.reports.said import pieces

counts = st.integers(1, 500).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole)))


def ends(found):
    return pytest.approx((found.low, found.high), abs=1e-12)


@given(counts, counts)
def test_shares_and_differences_are_those_of_the_tables(one, other):
    frame = pl.DataFrame({"a": [one[0]], "b": [one[1]], "c": [other[0]], "d": [other[1]]})
    a, b, c, d = (pl.col(name) for name in "abcd")
    (low, high), (low2, high2) = intervals.wilson(a, b), intervals.wilson(c, d)
    down, up = intervals.difference((a / b, low, high), (c / d, low2, high2))
    assert frame.select(low, high=high).row(0) == ends(share_of(*one))
    assert frame.select(down, high=up).row(0) == ends(less(share_of(*one), share_of(*other)))


@given(st.integers(0, 200), st.integers(0, 200), st.integers(0, 200))
def test_a_net_share_is_that_of_the_tables(plus, minus, neither):
    whole = plus + minus + neither
    frame = pl.DataFrame({"a": [plus], "b": [minus], "c": [whole]})
    low, high = intervals.net_share(pl.col("a"), pl.col("b"), pl.col("c"))
    found = net_of(plus, minus, whole)
    if found is None:
        assert whole == 0
    else:
        assert frame.select(low, high=high).row(0) == ends(found)
        assert found.value == pytest.approx((plus - minus) / whole)


def test_nothing_has_no_share_and_no_difference():
    assert share_of(0, 0) is None
    assert less(None, share_of(1, 2)) is None


@pytest.mark.parametrize(
    ("low", "high", "direction"),
    [(0.1, 0.3, "up"), (-0.3, -0.1, "down"), (-0.1, 0.1, "unsure"), (0.0, 0.1, "unsure")],
)
def test_a_direction_is_told_only_where_the_interval_leaves_out_nothing(low, high, direction):
    assert Estimate((low + high) / 2, low, high).direction == direction


@given(st.dates(date(2015, 1, 1), date(2030, 1, 1)), st.integers(1, 20))
def test_whole_weeks_run_from_monday_to_the_last_sunday_that_is_over(as_of, weeks_n):
    found = whole_weeks(as_of, weeks_n)
    assert found.first_on.isoweekday() == 1
    assert found.last_on.isoweekday() == 7
    assert 0 <= (as_of - found.last_on).days < 7
    assert found.weeks_n == found.before.weeks_n == weeks_n
    assert (found.first_on - found.before.last_on).days == 1


@pytest.mark.parametrize(("pieces_n", "weeks_n"), [(300, 4), (299, 13)])
def test_a_chain_with_little_feedback_is_told_a_quarter_at_a_time(pieces_n, weeks_n):
    # Pieces of the running week count for nothing: it is not whole.
    said = pieces((pieces_n, {}), (500, {"submitted_on": date(2017, 3, 27)}))
    assert span_of(said, date(2017, 3, 31)).weeks_n == weeks_n
    assert span_of(said, date(2017, 3, 31)).last_on == date(2017, 3, 26)


def test_a_span_holds_both_its_days():
    span = Span(date(2017, 3, 20), date(2017, 3, 26))
    said = pieces(*((1, {"submitted_on": date(2017, 3, day)}) for day in (19, 20, 26, 27)))
    assert span.of(said)["feedback_id"].to_list() == ["F000002", "F000003"]


def test_twelve_pieces_of_one_customer_are_one_voice_and_a_piece_of_nobody_known_is_another():
    of_one = pieces((12, {"customer_id": "c1_aaaaaaaaaaaaaaaa"}), (3, {"customer_id": None}))
    assert voices_n(of_one) == 4
    assert counted_n(of_one, 10) == 4
    assert counted_n(of_one, 4) == 15


def test_a_figure_of_few_answers_is_none():
    said = pieces((9, {"rating_of_five": 5, "nps": 10}), (40, {"sentiment": "negative"}))
    assert measured("csat", said, 10) == (None, 9)
    assert measured("csat", said, 9).found == share_of(9, 9)
    assert measured("nps", said, 9).found == net_of(9, 0, 9)
    assert measured("negative", said, 10) == (share_of(40, 40), 40)


def test_a_sentiment_that_only_a_rating_told_is_that_of_no_text():
    said = pieces((20, {"sentiment": "negative", "text": None}), (20, {"sentiment": "positive"}))
    assert measured("negative", said, 10) == (share_of(0, 20), 20)
