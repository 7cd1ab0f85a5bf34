"""A new problem shows in the week it begins, and only there."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from regulars.expectations.tables_feedback import FEEDBACK_TABLES
from regulars.transforms.rising import ERROR, Comparison
from regulars.transforms.topics import topics
from tests.transforms.pieces import TOLD, told

AS_OF = date(2025, 6, 29)  # a Sunday
TABLE = next(table for table in FEEDBACK_TABLES if table.name == "topics")
THINGS = ("牛奶", "收银", "快递", "价格", "货架", "退款", "排队", "页面")
SAYINGS = ("不新鲜", "爱理不理", "迟到两天", "涨了好多", "又脏又乱", "被拒绝", "等半小时", "打不开")


def found(pieces, *, as_of=AS_OF):
    return TABLE.conformed(topics(pieces, as_of=as_of))


def emerging(table, *columns):
    return table.filter("is_emerging").select(columns or ("week_start_on", "term")).rows()


def chatter(*, seed, weekly_n=60, weeks_n=26, until=AS_OF):
    """Pieces of a thing and what is said of it, as many of each pair in any week."""
    draw = np.random.default_rng(seed)
    pieces_n = weekly_n * weeks_n
    days = draw.integers(0, 7 * weeks_n, pieces_n)
    first, second = draw.integers(0, 8, (2, pieces_n))
    return pl.concat(
        [
            TOLD.to_frame(),
            pl.DataFrame(
                {
                    "feedback_id": [f"c{n:05}" for n in range(pieces_n)],
                    "submitted_on": [until - timedelta(days=int(day)) for day in days],
                    "customer_id": pl.Series(draw.integers(0, 900, pieces_n), dtype=pl.UInt64),
                    "text": [
                        THINGS[a] + "，" + SAYINGS[b] for a, b in zip(first, second, strict=True)
                    ],
                    "categories": pl.Series([["other"]] * pieces_n),
                    "sentiment": ["negative"] * pieces_n,
                }
            ),
        ],
        how="diagonal",
    )


def with_topic(pieces, *, text="重复扣款", from_on=date(2025, 6, 9), weekly_n=8):
    days = [from_on + timedelta(days=n) for n in range((AS_OF - from_on).days + 1)]
    new = pl.DataFrame(
        {
            "feedback_id": [f"t{n:05}" for n in range(len(days) * weekly_n // 7)],
            "submitted_on": [days[n * 7 // weekly_n] for n in range(len(days) * weekly_n // 7)],
            "text": text,
            "categories": pl.Series([["app_payment"]] * (len(days) * weekly_n // 7)),
            "sentiment": "negative",
        }
    )
    return pl.concat([pieces, new], how="diagonal")


def test_a_new_topic_is_flagged_in_its_first_week_and_as_one_row():
    table = found(with_topic(chatter(seed=1)))
    (first,) = table.filter("is_emerging", week_start_on=date(2025, 6, 9)).to_dicts()
    assert first["term"] == "重复扣款"
    assert (first["pieces_n"], first["past_pieces_n"], first["ratio"]) == (8, 0, None)
    assert (first["first_said_on"], first["main_category"]) == (date(2025, 6, 9), "app_payment")
    assert (first["negative_n"], first["customers_n"]) == (8, 0)
    assert table.filter(term="重复扣款")["week_start_on"].min() == date(2025, 6, 9)


def test_a_new_topic_in_english_is_flagged_as_well():
    table = found(with_topic(chatter(seed=1), text="I was charged twice for it"))
    (first,) = table.filter("is_emerging", week_start_on=date(2025, 6, 9)).to_dicts()
    assert (first["term"], first["language"]) == ("charged twice", "en")


def test_a_topic_said_in_several_ways_is_under_the_words_they_share():
    pieces = chatter(seed=2)
    for text in ("订单重复扣款", "重复扣款两次", "发现重复扣款"):
        new = with_topic(pieces.clear(), text=text, weekly_n=4)
        pieces = pl.concat(
            [pieces, new.with_columns(feedback_id=pl.lit(text) + pl.col("feedback_id"))]
        )
    table = found(pieces).filter(pl.col("week_start_on") >= date(2025, 6, 9))
    rows = emerging(table, "week_start_on", "term", "pieces_n", "related_terms")
    assert rows[0][:3] == (date(2025, 6, 9), "重复扣款", 12)
    assert [row for row in rows if row[0] == rows[0][0]] == rows[:1]


def test_two_topics_of_a_week_are_two_rows():
    pieces = with_topic(chatter(seed=3))
    other = with_topic(pieces.clear(), text="停车收费").with_columns(
        feedback_id="x" + pl.col("feedback_id")
    )
    rows = emerging(found(pl.concat([pieces, other])))
    assert rows[:2] == [(date(2025, 6, 9), "停车收费"), (date(2025, 6, 9), "重复扣款")]


def test_a_term_that_has_emerged_is_followed_for_eight_weeks_and_then_left():
    """After its week one piece a week still says it: too few to be told of for any other reason."""
    days = [date(2025, 3, 3)] * 12 + [date(2025, 3, 10) + timedelta(weeks=n) for n in range(12)]
    topic = (
        with_topic(TOLD.to_frame(), weekly_n=14)
        .head(len(days))
        .with_columns(submitted_on=pl.Series(days))
    )
    own = found(pl.concat([chatter(seed=4), topic])).filter(term="重复扣款")
    assert own.select("week_start_on", "is_emerging").rows() == [
        (date(2025, 3, 3) + timedelta(weeks=n), n == 0) for n in range(9)
    ]


def test_where_nothing_is_new_there_is_less_than_an_alarm_a_month():
    """Four halves of a year of the same talk, a quarter known before each; a half is too many."""
    alarms_n = sum(
        found(chatter(seed=seed, weekly_n=40, weeks_n=46))["is_emerging"].sum()
        for seed in range(50, 54)
    )
    assert alarms_n < 4 * 6 / 2


def test_a_chain_that_begins_has_no_news():
    """In its first four weeks everything is new."""
    table = found(chatter(seed=5, weeks_n=5))
    weeks = table.filter(pl.col("ratio_low").is_not_null())["week_start_on"].unique().to_list()
    assert weeks == [date(2025, 6, 23)]


def test_examples_are_on_one_line_and_short():
    """Whatever the text holds: line ends, control characters, signs of no width."""
    pieces = with_topic(chatter(seed=6), text="重复扣款\n\u0007\t\u200b " + "，。" * 200)
    example = found(pieces).filter(term="重复扣款")["examples"][0]
    assert example == "重复扣款 " + "，。" * 57 + "，"


def test_three_different_examples_at_most():
    pieces = with_topic(chatter(seed=6)).with_columns(
        text=pl.when(pl.col("feedback_id").str.starts_with("t"))
        .then(pl.col("text") + "，" + pl.col("feedback_id").str.tail(1))
        .otherwise("text")
    )
    assert found(pieces).filter(term="重复扣款")["examples"][0] == (
        "重复扣款，0 | 重复扣款，1 | 重复扣款，2"
    )


def test_a_week_that_is_over_is_told_the_same_on_any_later_day():
    """The day after, nine days after, a month after."""
    pieces = with_topic(chatter(seed=7, weeks_n=50), from_on=date(2025, 5, 5))
    now = found(pieces)
    for days_later in (1, 9, 30):
        as_of = AS_OF - timedelta(days=days_later)
        known = pieces.filter(pl.col("submitted_on") <= as_of)
        then = found(known, as_of=as_of).filter("is_complete")
        both = then.filter(pl.col("week_start_on") >= now["week_start_on"].min())
        weeks = both["week_start_on"].unique().implode()
        assert both.height > 40
        assert now.filter(pl.col("week_start_on").is_in(weeks)).equals(both)


def test_the_running_week_is_judged_by_its_days_so_far():
    pieces = with_topic(chatter(seed=8), from_on=date(2025, 6, 23), weekly_n=14)
    wednesday = date(2025, 6, 25)
    table = found(pieces.filter(pl.col("submitted_on") <= wednesday), as_of=wednesday)
    assert emerging(table, "week_start_on", "term", "is_complete", "pieces_n") == [
        (date(2025, 6, 23), "重复扣款", False, 6)
    ]


def test_the_order_of_the_rows_does_not_matter():
    pieces = with_topic(chatter(seed=9))
    assert found(pieces.sample(fraction=1.0, shuffle=True, seed=1)).equals(found(pieces))


@given(st.integers(1, 60), st.integers(0, 200), st.integers(50, 5000), st.integers(100, 50000))
@settings(max_examples=100, deadline=None)
def test_a_lower_end_above_one_is_a_binomial_tail_below_half_the_error(now, before, texts, past):
    """The interval against the test that it turns around."""
    comparison = Comparison(texts, past, variation=1.0, error=ERROR, is_judged=True)
    counts = pl.DataFrame({"n": [now], "past_pieces_n": [before]})
    low = comparison.judged(counts)["ratio_low"].item()
    tail = binom.sf(now - 1, now + before, texts / (texts + past))
    assert (low > 1) == (tail < ERROR / 2)


def test_without_texts_there_are_no_topics(drawn):
    assert found(TOLD.to_frame()).height == 0
    assert found(told(drawn, "submitted_on rating_of_five\n2025-06-25 5")).height == 0


def test_a_piece_after_the_day_is_refused():
    with pytest.raises(ValueError, match="holds a piece of"):
        topics(chatter(seed=1), as_of=date(2025, 6, 1))


def test_one_customer_makes_no_topic_by_saying_a_thing_again():
    one = with_topic(chatter(seed=1)).with_columns(
        customer_id=pl.when(pl.col("text") == "重复扣款")
        .then(pl.lit(7, pl.UInt64))
        .otherwise("customer_id")
    )
    assert "重复扣款" not in found(one).filter("is_emerging")["term"]
    several = one.with_columns(
        customer_id=pl.when(pl.col("text") == "重复扣款")
        .then(pl.int_range(pl.len()).cast(pl.UInt64) + 1000)
        .otherwise("customer_id")
    )
    assert "重复扣款" in found(several).filter("is_emerging")["term"]
