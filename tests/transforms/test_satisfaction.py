"""Satisfaction by period, store, channel and one breakdown, drawn."""

from __future__ import annotations

from datetime import date
from itertools import product

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.expectations.tables_feedback import FEEDBACK_TABLES
from regulars.transforms.satisfaction import satisfaction
from tests.transforms.pieces import TOLD, told

AS_OF = date(2025, 3, 12)  # a Wednesday
SEGMENTS = pl.Schema({"customer_id": pl.UInt64(), "segment": pl.String()})
NOBODY = SEGMENTS.to_frame()
TABLE = next(table for table in FEEDBACK_TABLES if table.name == "satisfaction")


def found(pieces, segments=NOBODY, *, as_of=AS_OF):
    return TABLE.conformed(satisfaction(pieces, segments, as_of=as_of))


def rows(table, *columns, **of):
    chosen = {"period": "week", "store_id": "(all)", "channel": "(all)", "breakdown": "all", **of}
    return table.filter(**chosen).select(columns).rows()


def test_csat_is_the_share_of_fours_and_fives_among_the_rated(drawn):
    pieces = told(
        drawn,
        """
        submitted_on  rating_of_five
        2025-03-10    5
        2025-03-10    4
        2025-03-10    3.999
        2025-03-10    -
        """,
    )
    table = found(pieces)
    assert rows(table, "pieces_n", "ratings_n", "satisfied_n") == [(4, 3, 2)]
    assert rows(table, "csat_share", "rating_mean") == [(2 / 3, 12.999 / 3)]


def test_nps_is_promoters_less_detractors(drawn):
    pieces = told(
        drawn,
        """
        submitted_on  nps
        2025-03-10    10
        2025-03-10    9
        2025-03-10    8
        2025-03-10    7
        2025-03-10    6
        2025-03-10    0
        2025-03-10    9
        2025-03-10    -
        """,
    )
    assert rows(found(pieces), "nps_n", "promoters_n", "detractors_n", "nps_net") == [
        (7, 3, 2, 1 / 7)
    ]


def test_negative_texts_are_those_with_a_text(drawn):
    pieces = told(
        drawn,
        """
        submitted_on  text  sentiment
        2025-03-10    a     negative
        2025-03-10    b     positive
        2025-03-10    -     negative
        2025-03-10    c     -
        """,
    )
    assert rows(found(pieces), "texts_n", "negative_n", "negative_share") == [(2, 1, 0.5)]


def test_totals_stand_beside_their_parts(drawn):
    """Every pair of store and channel, theirs alone, and all; what is not named is (none)."""
    pieces = told(
        drawn,
        """
        submitted_on  store_id  channel
        2025-03-10    S1        app
        2025-03-10    S1        till
        2025-03-10    -         app
        """,
    )
    table = found(pieces).filter(period="week", breakdown="all")
    assert table.select("store_id", "channel", "pieces_n").rows() == [
        ("(all)", "(all)", 3),
        ("(all)", "app", 2),
        ("(all)", "till", 1),
        ("(none)", "(all)", 1),
        ("(none)", "app", 1),
        ("S1", "(all)", 2),
        ("S1", "app", 1),
        ("S1", "till", 1),
    ]


def test_each_breakdown_holds_the_pieces_again(drawn):
    """A piece of two categories is in both, one without any in none; a stranger's segment is none,
    and who is in no segment has bought nothing."""
    pieces = told(
        drawn,
        """
        submitted_on  customer_id  kind       categories
        2025-03-10    1            survey     delivery+queue_waiting
        2025-03-10    2            complaint  delivery
        2025-03-10    -            -          -
        """,
    )
    table = found(pieces, drawn("customer_id segment\n1 loyal", SEGMENTS))
    counted = table.filter(period="week", store_id="(all)", channel="(all)").select(
        "breakdown", "value", "pieces_n", "customers_n"
    )
    assert counted.rows() == [
        ("all", "(all)", 3, 2),
        ("category", "delivery", 2, 2),
        ("category", "queue_waiting", 1, 1),
        ("kind", "(none)", 1, 0),
        ("kind", "complaint", 1, 1),
        ("kind", "survey", 1, 1),
        ("segment", "loyal", 1, 1),
        ("segment", "no_purchase", 1, 1),
        ("segment", "none", 1, 0),
    ]


def test_categories_are_told_of_stores_and_of_channels_but_not_of_both(drawn):
    pieces = told(drawn, "submitted_on store_id channel categories\n2025-03-10 S1 app delivery")
    table = found(pieces).filter(period="week", breakdown="category")
    assert table.select("store_id", "channel").rows() == [
        ("(all)", "(all)"),
        ("(all)", "app"),
        ("S1", "(all)"),
    ]


def test_products_and_people_are_told_of_from_ten_pieces_on(drawn):
    ten = "\n".join(["2025-03-10 P1 E1"] * 9 + ["2025-03-10 P1 E2"])
    table = found(told(drawn, f"submitted_on product_id staff_id\n{ten}"))
    named = table.filter(pl.col("breakdown").is_in(["product", "staff"]), period="month")
    assert named.select("breakdown", "value", "store_id", "pieces_n").rows() == [
        ("product", "P1", "(all)", 10)
    ]


def test_weeks_begin_on_monday_and_the_running_ones_are_not_complete(drawn):
    pieces = told(drawn, "submitted_on\n2025-02-28\n2025-03-02\n2025-03-09\n2025-03-10")
    table = found(pieces)
    assert rows(table, "period_start_on", "pieces_n", "is_complete") == [
        (date(2025, 2, 24), 2, True),
        (date(2025, 3, 3), 1, True),
        (date(2025, 3, 10), 1, False),
    ]
    assert rows(table, "period_start_on", "pieces_n", "is_complete", period="month") == [
        (date(2025, 2, 1), 1, True),
        (date(2025, 3, 1), 3, False),
    ]
    last = rows(found(pieces, as_of=date(2025, 3, 16)), "is_complete")
    assert last[-1] == (True,)
    month = rows(found(pieces, as_of=date(2025, 3, 31)), "is_complete", period="month")
    assert month == [(True,), (True,)]


def test_a_year_of_weeks_is_told_and_all_months(drawn):
    """The oldest week told is that of the same week a year before, and it has its change."""
    pieces = told(
        drawn,
        """
        submitted_on  rating_of_five
        2024-01-05    1
        2024-03-04    1
        2024-03-11    5
        2025-03-10    5
        """,
    )
    table = found(pieces)
    assert rows(table, "period_start_on", "csat_change") == [
        (date(2024, 3, 11), 1.0),
        (date(2025, 3, 10), None),
    ]
    assert len(rows(table, "period_start_on", period="month")) == 3


def test_change_is_against_the_period_before_of_the_same_cell(drawn):
    """Newcombe (1998), table II, example (a): 56 of 70 less 48 of 80 is 0.0524 to 0.3339."""
    pieces = told(
        drawn,
        "submitted_on store_id rating_of_five\n"
        + "\n".join(
            ["2025-02-10 S1 5"] * 48
            + ["2025-02-10 S1 1"] * 32
            + ["2025-03-10 S1 5"] * 56
            + ["2025-03-10 S1 1"] * 14
            + ["2025-03-10 S2 1"]
        ),
    )
    table = found(pieces)
    of_month = {"period": "month", "store_id": "S1"}
    shown = rows(table, "csat_change", "csat_change_low", "csat_change_high", **of_month)
    assert shown == [(None, None, None), pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)]
    assert rows(table, "csat_change", period="month", store_id="S2") == [(None,)]
    # In weeks there is one between the two.
    assert rows(table, "csat_change", store_id="S1") == [(None,), (None,)]


def test_a_category_pulls_by_what_would_be_without_it(drawn):
    pieces = told(
        drawn,
        """
        submitted_on  rating_of_five  nps  categories
        2025-03-10    1               0    delivery
        2025-03-10    5               0    delivery+queue_waiting
        2025-03-10    5               9    -
        2025-03-10    5               8    queue_waiting
        2025-03-10    -               -    delivery
        """,
    )
    table = found(pieces)
    pulls = rows(table, "value", "csat_pull", "nps_pull", breakdown="category")
    assert pulls == [
        ("delivery", 3 / 4 - 1, pytest.approx(-1 / 4 - 1 / 2)),
        ("queue_waiting", 3 / 4 - 1 / 2, pytest.approx(-1 / 4)),
    ]
    assert rows(table, "csat_pull") == [(None,)]
    ends = rows(table, "csat_pull_low", "csat_pull", "csat_pull_high", breakdown="category")
    assert all(low < pull < high for low, pull, high in ends)


def test_the_ends_of_a_pull_are_those_of_the_difference_times_the_share_that_speaks(drawn):
    """Newcombe's example again: 56 of 70 who speak of it, 48 of 80 who do not."""
    pieces = told(
        drawn,
        "submitted_on rating_of_five categories\n"
        + "2025-03-10 5 delivery\n" * 56
        + "2025-03-10 1 delivery\n" * 14
        + "2025-03-10 5 other\n" * 48
        + "2025-03-10 1 other\n" * 32,
    )
    columns = ("csat_pull", "csat_pull_low", "csat_pull_high")
    (found_ends,) = rows(found(pieces), *columns, breakdown="category", value="delivery")
    expected = [end * 70 / 150 for end in (0.2, 0.0524, 0.3339)]
    assert found_ends == pytest.approx(expected, abs=5e-5)


def test_a_category_that_everybody_speaks_of_pulls_nowhere(drawn):
    pieces = told(drawn, "submitted_on rating_of_five categories\n2025-03-10 1 delivery")
    assert rows(found(pieces), "csat_share", "csat_pull", breakdown="category") == [(0.0, None)]


def test_the_interval_of_a_pull_holds_the_true_one_as_often_as_it_says():
    """Drawn 400 times: 80 pieces, a quarter of them of a category that halves satisfaction.

    Given the drawn share of the category, the true pull is that share of the true difference.
    """
    draw = np.random.default_rng(7)
    times_n, pieces_n = 400, 80
    of_category = draw.random((times_n, pieces_n)) < 0.25
    is_satisfied = draw.random((times_n, pieces_n)) < np.where(of_category, 0.4, 0.8)
    pieces = (
        TOLD.to_frame()
        .clear(times_n * pieces_n)
        .with_columns(
            feedback_id=pl.Series([str(n) for n in range(times_n * pieces_n)]),
            submitted_on=pl.lit(date(2025, 3, 10)),
            # A store stands for a time.
            store_id=pl.Series([f"{n // pieces_n:03}" for n in range(times_n * pieces_n)]),
            rating_of_five=pl.Series(np.where(is_satisfied, 5, 1).ravel()).cast(pl.Decimal(18, 3)),
            categories=pl.Series([["delivery"] if of else ["other"] for of in of_category.ravel()]),
        )
    )
    table = found(pieces).filter(period="week", channel="(all)", value="delivery")
    told_pulls = table.filter(pl.col("store_id") != "(all)").sort("store_id")
    truth = -0.4 * of_category.mean(axis=1)
    low, high = (told_pulls[f"csat_pull_{end}"].to_numpy() for end in ("low", "high"))
    assert len(low) == times_n
    assert ((low <= truth) & (truth <= high)).mean() == pytest.approx(0.95, abs=0.03)


def test_a_piece_after_the_day_is_refused(drawn):
    pieces = told(drawn, "submitted_on\n2025-03-13")
    with pytest.raises(ValueError, match="holds a piece of 2025-03-13"):
        satisfaction(pieces, NOBODY, as_of=AS_OF)


def test_without_pieces_there_are_no_rows():
    assert found(TOLD.to_frame()).height == 0


@st.composite
def any_pieces(draw):
    names = {
        "submitted_on": st.integers(1, 12).map(lambda day: date(2025, 3, day)),
        "customer_id": st.none() | st.integers(1, 3),
        "store_id": st.sampled_from(["S1", "S2", None]),
        "channel": st.sampled_from(["app", None]),
        "rating_of_five": st.none() | st.integers(1, 5),
        "nps": st.none() | st.integers(0, 10),
        "categories": st.sampled_from([[], ["delivery"], ["delivery", "other"]]),
    }
    some = draw(st.lists(st.tuples(*names.values()), max_size=15))
    frame = pl.DataFrame(some, schema={name: TOLD[name] for name in names}, orient="row")
    return pl.concat([TOLD.to_frame(), frame], how="diagonal").with_columns(
        feedback_id=pl.format("f{}", pl.int_range(pl.len()))
    )


@given(any_pieces(), st.integers(0, 99))
@settings(max_examples=15, deadline=None)
def test_the_order_of_the_rows_does_not_matter(pieces, seed):
    shuffled = pieces.sample(fraction=1.0, shuffle=True, seed=seed)
    assert found(shuffled).equals(found(pieces))


@given(any_pieces(), st.integers(1, 11))
@settings(max_examples=15, deadline=None)
def test_a_period_that_is_over_is_told_the_same_on_any_later_day(pieces, day):
    """Rows of past periods do not change when later pieces come; segments aside."""
    as_of = date(2025, 3, day)
    then = found(pieces.filter(pl.col("submitted_on") <= as_of), as_of=as_of)
    over = then.filter("is_complete")
    now = found(pieces).join(over.select(TABLE.key), on=TABLE.key, how="semi")
    assert now.sort(TABLE.key, nulls_last=True).equals(over)


@given(any_pieces())
@settings(max_examples=15, deadline=None)
def test_parts_add_up_to_their_totals_but_for_categories(pieces):
    table = found(pieces)
    summed = ["pieces_n", "ratings_n", "satisfied_n", "nps_n", "promoters_n", "texts_n"]
    whole = table.filter(period="month", breakdown="all", store_id="(all)", channel="(all)")
    told_apart = [
        *product(["all", "segment"], [True, False], [True, False]),
        *[("kind", True, False), ("kind", False, True), ("kind", False, False)],
    ]
    for breakdown, by_store, by_channel in told_apart:
        parts = table.filter(
            (pl.col("store_id") != "(all)") == by_store,
            (pl.col("channel") != "(all)") == by_channel,
            period="month",
            breakdown=breakdown,
        )
        assert parts.select(pl.col(summed).sum()).equals(whole.select(pl.col(summed).sum()))
