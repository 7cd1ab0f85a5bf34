"""Where it goes wrong, how it is handled, what is new, what is at stake: drawn tables."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from regulars.reports.facts import FeedbackFacts
from regulars.reports.feedback_span import span_of
from regulars.reports.feedback_words import (
    handling_sentences,
    hotspot_name,
    hotspot_sentences,
    topic_sentences,
)
from regulars.reports.handling import OLDEST_N, handling
from regulars.reports.hotspots import SHOWN_N, hotspots
from regulars.reports.stakes import FOLLOW_UPS_SHOWN_N, stakes
from regulars.reports.stakes_words import (
    everything_sentence,
    follow_ups_sentence,
    silence_sentences,
)
from regulars.reports.topics import topics
from tests.reports.said import BEFORE, NOW, pieces, rows, tables


@pytest.fixture
def named(facts):
    names = {("store", "s7"): "West Street", ("product", "p9"): "Milk"}
    return replace(facts, feedback=FeedbackFacts(names=names, repeat_days=14))


def spot(kind, place, low, rank, *, category="(all)", **more):
    return {
        "place_kind": kind,
        "place": place,
        "category": category,
        "pieces_n": 61,
        "negative_n": 41,
        "negative_share": 0.672,
        "expected_share": 0.342,
        "excess": low + 0.1,
        "excess_low": low,
        "excess_high": low + 0.2,
        "is_hotspot": low > 0,
        "rank": rank,
        **more,
    }


def test_only_places_that_are_surely_worse_are_named_the_worst_first(facts):
    found = hotspots(
        rows(
            "feedback_hotspots",
            spot("store", "s1", 0.05, 2),
            spot("store", "s7", 0.15, 1),
            spot("store", "s3", -0.01, 3),
            spot("staff", "e1", -0.2, 1),
        ),
        facts,
    )
    assert {kind: [one.place for one in of] for kind, of in found.by_kind.items()} == {
        "store": ["s7", "s1"]
    }
    assert found.judged_n == {"store": 3, "staff": 1}


def test_what_a_place_stands_out_in_is_told_with_it_and_is_no_place_of_its_own(facts):
    found = hotspots(
        rows(
            "feedback_hotspots",
            spot("store", "s7", 0.15, 1),
            spot("store", "s7", 0.02, 1, category="delivery"),
            spot("store", "s7", 0.09, 1, category="queue_waiting"),
            spot("store", "s7", -0.1, 2, category="app_payment"),
            spot("store", "s8", 0.09, 1, category="app_payment"),
        ),
        facts,
    )
    [store] = found.by_kind["store"]
    assert store.subjects == ("queue_waiting", "delivery")
    assert found.judged_n == {"store": 1}


def test_more_places_than_are_shown_are_counted(facts):
    spots = [spot("store", f"s{n}", 0.5 - n / 100, n) for n in range(1, SHOWN_N + 3)]
    found = hotspots(rows("feedback_hotspots", *spots), facts)
    assert len(found.by_kind["store"]) == SHOWN_N
    assert found.more_n == {"store": 2}


def test_a_place_of_few_pieces_or_with_nothing_to_be_held_against_is_not_told_of(facts):
    found = hotspots(
        rows(
            "feedback_hotspots",
            spot("store", "s1", 0.2, 1, pieces_n=9),
            spot("store", "s2", -1, None, expected_share=None, is_hotspot=False),
        ),
        facts,
    )
    assert (found.by_kind, found.judged_n, found.worst) == ({}, {}, None)


def test_the_worst_is_somewhere_to_go_or_to_look_and_no_week(facts):
    found = hotspots(
        rows(
            "feedback_hotspots",
            spot("week", "2017-03-20", 0.6, 1, week_start_on=NOW),
            spot("product", "p9", 0.1, 1),
            spot("staff", "e1", 0.2, 1),
        ),
        facts,
    )
    assert (found.worst.kind, found.worst.place) == ("staff", "e1")


@pytest.mark.parametrize(
    ("kind", "place", "en", "zh"),
    [
        ("store", "s7", "West Street (s7)", "West Street（s7）"),
        ("store", "s8", "Store s8", "门店 s8"),
        ("product", "p9", "Milk (p9)", "Milk（p9）"),
        ("staff", "e1", "Staff member e1", "店员 e1"),
        ("week", "2017-03-20", "The week of 2017-03-20", "2017-03-20 当周"),
        (
            "store_week",
            "s7 2017-03-20",
            "West Street (s7), the week of 2017-03-20",
            "West Street（s7），2017-03-20 当周",
        ),
    ],
)
def test_a_place_is_called_what_the_lists_call_it_with_its_id_behind(named, kind, place, en, zh):
    row = spot(kind, place, 0.1, 1, store_id=place.split()[0], week_start_on=NOW)
    [found] = hotspots(rows("feedback_hotspots", row), named).by_kind[kind]
    assert hotspot_name(found, named, "en") == en
    assert hotspot_name(found, named, "zh") == zh


def test_a_place_is_said_in_shares_and_points(named):
    row = spot("store", "s7", 0.15, 1), spot("store", "s7", 0.1, 1, category="delivery")
    [found] = hotspots(rows("feedback_hotspots", *row), named).by_kind["store"]
    assert hotspot_sentences(found, named, "en") == [
        "West Street (s7): 67% of its 61 pieces are unhappy, 34% would be usual; surely more, by "
        "15 to 35 points.",
        "It stands out in: Delivery and logistics.",
    ]
    assert hotspot_sentences(found, named, "zh") == [
        "West Street（s7）：61 条反馈中 67% 为不满，同类一般为 34%；确实偏高，"
        "高出 15 至 35 个百分点。",
        "尤其集中在：配送物流。",
    ]


def asked(**more):
    return {"kind": "complaint", "is_open": False, "is_overdue": False, **more}


def settled(hours, *, in_time=True, **more):
    return asked(
        response_hours=hours / 4,
        resolution_hours=hours,
        is_in_response_target=True,
        is_in_resolution_target=in_time,
        is_repeat=False,
        **more,
    )


def of_handling(said, facts):
    return handling(said, span_of(said, facts.as_of), facts)


def test_hours_and_shares_are_of_complaints_of_the_span_alone(facts):
    said = pieces(
        (30, settled(8.0)),
        (20, settled(80.0, in_time=False)),
        (40, settled(800.0, in_time=False, submitted_on=BEFORE)),
        (99, {}),
    )
    found = of_handling(said, facts)
    assert (found.pieces_n, found.before_n, found.open_n) == (50, 40, 0)
    response, resolution = found.paces
    assert (response.hours_median, resolution.hours_median) == (2.0, 8.0)
    assert resolution.hours_p90 == 80.0
    assert resolution.in_target.value == pytest.approx(0.6)
    assert resolution.change.direction == "up"


def test_hours_of_few_answers_are_not_told_but_the_share_in_time_is(facts):
    waiting = asked(is_in_response_target=False, is_open=True, is_overdue=True)
    found = of_handling(pieces((9, settled(8.0)), (20, waiting)), facts)
    response, resolution = found.paces
    assert response.hours_median is None
    assert response.in_target.value == pytest.approx(9 / 29)
    assert resolution.in_target is None


def test_what_waits_is_of_all_days_and_the_oldest_come_first(facts):
    days = [date(2016, 1, 1) + timedelta(days=n) for n in range(OLDEST_N + 2)]
    said = pieces(
        *(
            (1, asked(is_open=True, is_overdue=True, submitted_on=day, store_id="s1"))
            for day in reversed(days)
        ),
        (1, asked(is_open=True, is_overdue=False)),
        (30, settled(8.0)),
    )
    found = of_handling(said, facts)
    assert (found.open_n, found.overdue_n) == (OLDEST_N + 3, OLDEST_N + 2)
    assert [one.submitted_on for one in found.oldest] == days[:OLDEST_N]
    assert found.oldest[0].waited_days == (facts.as_of - days[0]).days == 455
    assert (found.oldest[0].is_overdue, found.oldest[0].is_answered) == (True, False)


def test_few_that_wait_are_not_counted(named):
    found = of_handling(pieces((9, asked(is_open=True)), (30, settled(8.0))), named)
    assert (found.open_n, found.overdue_n) == (None, 0)
    assert handling_sentences(found, named, "en")[-1] == (
        "Open on 2017-03-31, of whatever day: <10; waiting beyond the target: 0."
    )


def test_the_slowest_come_first_and_those_of_few_not_at_all(facts):
    said = pieces(
        (12, settled(9.0, store_id="s1", categories="delivery;app_payment")),
        (12, settled(99.0, in_time=False, store_id="s2", categories="delivery")),
        (9, settled(999.0, in_time=False, store_id="s3")),
        (12, settled(150.0, store_id="s4")),
        (12, settled(4.0)),
    )
    found = of_handling(said, facts)
    assert [one.place for one in found.slowest["store"]] == ["s2", "s4", "s1"]
    assert [(one.place, one.pieces_n) for one in found.slowest["category"]] == [
        ("delivery", 24),
        ("app_payment", 12),
    ]
    assert found.slowest["staff"] == ()


def test_who_complains_again_is_a_share_of_those_who_are_known(named):
    said = pieces(
        (10, asked(is_repeat=True)),
        (30, asked(is_repeat=False)),
        (50, asked(customer_id=None)),
    )
    found = of_handling(said, named)
    assert found.repeat_share.value == 0.25
    assert handling_sentences(found, named, "en")[:2] == [
        "Complaints and calls from 2016-12-26 to 2017-03-26: 90.",
        "25% came from somebody who had complained or called in the 14 days before.",
    ]
    assert handling_sentences(found, named, "zh")[1] == (
        "其中 25% 来自此前 14 天内已投诉或来电过的顾客。"
    )


def test_without_a_complaint_there_is_nothing_to_handle(facts):
    found = of_handling(pieces((50, {})), facts)
    assert not found.is_any
    assert (found.pieces_n, found.paces, found.oldest) == (None, (), ())


def topic(term, week, low=2.0, **more):
    return {
        "term": term,
        "week_start_on": week,
        "is_emerging": low > 1,
        "pieces_n": 20,
        "customers_n": 15,
        "ratio": low * 2,
        "ratio_low": low,
        "ratio_high": low * 4,
        "first_said_on": week,
        **more,
    }


def test_topics_of_the_last_whole_week_and_the_running_one_are_new(facts):
    found = topics(
        rows(
            "topics",
            topic("weak", date(2017, 3, 20), 1.5),
            topic("strong", date(2017, 3, 20), 9.0),
            topic("running", date(2017, 3, 27)),
            topic("earlier", date(2017, 3, 13)),
            topic("long ago", date(2017, 1, 16)),
            topic("usual", date(2017, 3, 27), 0.9),
        ),
        facts,
    )
    assert [one.term for one in found.latest] == ["running", "strong", "weak"]
    assert [one.term for one in found.earlier] == ["earlier"]
    assert found.latest_from == date(2017, 3, 20)


def test_on_a_sunday_the_week_that_is_over_is_the_last(facts):
    sunday = replace(facts, as_of=date(2017, 3, 26))
    assert topics(rows("topics", topic("a", date(2017, 3, 20))), sunday).latest_from == NOW


def test_a_topic_of_few_pieces_or_customers_has_no_numbers(named):
    few, of_few, of_nobody_known = topics(
        rows(
            "topics",
            topic("few", NOW, 9.0, pieces_n=9),
            topic("of few", NOW, 8.0, customers_n=9),
            topic("of nobody known", NOW, 7.0, customers_n=0),
        ),
        named,
    ).latest
    assert (few.pieces_n, few.ratio) == (of_few.pieces_n, of_few.ratio) == (None, None)
    assert of_nobody_known.pieces_n == 20
    assert topic_sentences(few, named, "en") == [
        "“few”: in fewer than 10 pieces, or of fewer customers.",
        "First said on 2017-03-20.",
    ]


def test_a_topic_is_said_with_how_often_and_what_it_is_about(named):
    [risen, new] = topics(
        rows(
            "topics",
            topic("重复扣款", NOW, 3.0, main_category="app_payment", related_terms="扣款两次;没退"),
            topic("new", NOW, 2.0, ratio=None),
        ),
        named,
    ).latest
    assert topic_sentences(risen, named, "zh") == [
        "“重复扣款”：20 条反馈提及，为预期的 6.0 倍（3.0 至 12.0）。",
        "首见于 2017-03-20。",
        "主要涉及：应用与支付。",
        "同时提及：扣款两次、没退。",
    ]
    assert topic_sentences(new, named, "en")[0] == (
        "“new”: in 20 pieces of feedback, and not once in the 12 weeks before."
    )


def test_examples_are_up_to_three_each_in_a_line_without_controls(facts):
    said = "a\x1b[31m\n\u202eb | " + "长" * 400 + " |  | third | fourth"
    [found] = topics(rows("topics", topic("term", NOW, examples=said)), facts).latest
    assert found.examples == ("a [31m b", "长" * 119 + "…", "third")


def blamed(category, customers_n, value, low=0.5, high=2.0):
    return {
        "category": category,
        "customers_n": customers_n,
        "value_at_risk": Decimal(value),
        "at_risk_share": 0.4,
        "others_share": 0.2,
        "lift": (low + high) / 2,
        "lift_low": low,
        "lift_high": high,
    }


def of_stakes(facts, **given):
    return stakes(tables(**given), facts)


def test_what_those_at_risk_blame_is_ordered_by_value_and_small_ones_hide_theirs(named):
    found = of_stakes(
        named,
        risk_complaints=rows(
            "risk_complaints",
            blamed("all", 40, "5480.97"),
            blamed("delivery", 12, "100.00", 1.2, 3.0),
            blamed("queue_waiting", 30, "900.00", 0.2, 0.9),
            blamed("app_payment", 10, "200.00"),
            blamed("product_quality", 9, "9999.00", 5.0, 9.0),
        ),
    )
    assert [(one.category, one.value, one.verdict) for one in found.blamed] == [
        ("queue_waiting", Decimal("900.00"), "less"),
        ("app_payment", Decimal("200.00"), "as"),
        ("delivery", Decimal("100.00"), "more"),
        ("product_quality", None, "none"),
    ]
    assert everything_sentence(found, named, "en") == (
        "40 customers at high or very high risk of leaving were unhappy with something in the last "
        "365 days: 40.0% of all at such risk, and of other customers 20.0%. USD 5,480.97 of what "
        "they are expected to spend is at risk."
    )


@pytest.mark.parametrize(
    ("n", "said"), [(9, "Fewer than 10 customers at high risk"), (0, "No customer at high risk")]
)
def test_few_or_none_at_risk_are_not_told_of(named, n, said):
    found = of_stakes(named, risk_complaints=rows("risk_complaints", blamed("all", n, "1.00")))
    assert everything_sentence(found, named, "en").startswith(said)


def silent(category, days, n, low, high):
    return {
        "category": category,
        "window_days": days,
        "complainers_n": n,
        "silent_share": 0.3,
        "comparable_share": 0.2,
        "excess_share": (low + high) / 2,
        "excess_share_low": low,
        "excess_share_high": high,
    }


def test_silence_after_complaints_is_said_beside_comparable_customers(named):
    found = of_stakes(
        named,
        complaint_silence=rows(
            "complaint_silence",
            silent("delivery", 28, 12, -0.1, 0.3),
            silent("queue_waiting", 28, 40, 0.2, 0.4),
            silent("app_payment", 28, 9, 0.5, 0.6),
            silent("delivery", 56, 11, 0.5, 0.6),
            silent("all", 28, 112, 0.05, 0.15),
            silent("all", 56, 92, -0.1, 0.2),
        ),
    )
    assert silence_sentences(found, "en") == [
        "Of 112 customers 30% bought nothing in the 28-day span after complaining, of comparable "
        "customers 20%. That is 5 to 15 points more.",
        "Of 92 customers 30% bought nothing in the 56-day span after complaining, of comparable "
        "customers 20%. The difference may be chance.",
    ]
    assert [one.category for one in found.silence_by_category] == ["queue_waiting", "delivery"]
    assert silence_sentences(of_stakes(named), "zh") == ["可与相似客户比较的投诉过少。"]


def due(rank, **more):
    return {
        "customer_id": f"c1_{rank:016x}",
        "rank": rank,
        "reason": "complaint_overdue",
        "contact": "answer_only" if rank > 12 else "free",
        "since_on": NOW,
        "feedback_id": f"F{rank}",
        "value_at_risk": Decimal("10.00"),
        **more,
    }


def test_the_first_to_call_back_are_listed_and_all_are_counted(named):
    listed = rows("follow_ups", *(due(rank) for rank in (15, *range(1, 15))))
    found = of_stakes(named, follow_ups=listed)
    assert [one.rank for one in found.follow_ups] == list(range(1, FOLLOW_UPS_SHOWN_N + 1))
    assert (found.follow_ups_n, found.answer_only_n) == (15, 3)
    assert follow_ups_sentence(found, named, "en").startswith(
        "15 customers should be called back, with USD 150 at risk between them; 3 of them without "
        "known consent"
    )


def test_a_follow_up_of_unknown_value_adds_none(named):
    found = of_stakes(named, follow_ups=rows("follow_ups", due(1, value_at_risk=None)))
    assert found.value == Decimal("0.00")
    assert found.follow_ups[0].value is None
    assert follow_ups_sentence(of_stakes(named), named, "en") == "Nobody waits to be called back."
