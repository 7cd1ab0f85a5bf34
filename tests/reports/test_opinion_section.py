"""What customers say, and what it is about: the figures, hidden where few spoke."""

from __future__ import annotations

from datetime import date, timedelta
from xml.etree import ElementTree as ET

import polars as pl
import pytest

from regulars.reports.estimates import less, share_of
from regulars.reports.feedback_span import span_of
from regulars.reports.opinion import Week, opinion
from regulars.reports.opinion_chart import opinion_chart
from regulars.reports.subjects import subjects
from regulars.transforms.satisfaction import satisfaction
from tests.reports.said import BEFORE, NOW, pieces, rows

RATED_5, RATED_1 = {"rating_of_five": 5}, {"rating_of_five": 1}
NO_WEEKS, NO_MODELS = rows("satisfaction"), rows("model_quality")


def told(said, facts, weeks=NO_WEEKS, models=NO_MODELS):
    return opinion(said, weeks, models, span_of(said, facts.as_of), facts)


def scores(found):
    return {score.code: score for score in found.scores}


def test_csat_is_told_with_its_change_against_as_many_weeks_before(facts):
    found = told(
        pieces(
            (30, RATED_5),
            (70, RATED_1),
            (80, {**RATED_5, "submitted_on": BEFORE}),
            (20, {**RATED_1, "submitted_on": BEFORE}),
        ),
        facts,
    )
    assert (found.pieces_n, found.before_n) == (100, 100)
    csat = scores(found)["csat"]
    assert (csat.figure, csat.answers_n) == (share_of(30, 100), 100)
    assert csat.change == less(share_of(30, 100), share_of(80, 100))
    assert csat.verdict == "worse"


def test_fewer_unhappy_texts_are_better(facts):
    unhappy, calm = {"sentiment": "negative"}, {"sentiment": "neutral"}
    found = told(
        pieces(
            (10, unhappy),
            (90, calm),
            (60, {**unhappy, "submitted_on": BEFORE}),
            (40, {**calm, "submitted_on": BEFORE}),
        ),
        facts,
    )
    assert scores(found)["negative"].verdict == "better"


def test_a_small_difference_is_no_sure_change(facts):
    now, before = (50, RATED_5), (52, {**RATED_5, "submitted_on": BEFORE})
    others = ((50, RATED_1), (48, {**RATED_1, "submitted_on": BEFORE}))
    assert scores(told(pieces(now, before, *others), facts))["csat"].verdict == "unsure"


def test_without_enough_answers_before_there_is_no_change(facts):
    found = told(pieces((50, RATED_5), (9, {**RATED_1, "submitted_on": BEFORE})), facts)
    assert scores(found)["csat"].change is None
    assert scores(found)["csat"].verdict == "none"
    assert found.before_n is None


def test_a_few_voices_are_not_told_of_however_much_they_say(facts):
    loud = [(20, {**RATED_1, "customer_id": f"c1_{n:016x}"}) for n in range(1, 10)]
    found = told(pieces(*loud), facts)
    assert (found.pieces_n, found.scores, found.kinds) == (None, (), ())


def test_kinds_stand_in_their_order_and_a_small_one_hides_itself_and_one_more(facts):
    found = told(
        pieces(
            (40, {"kind": "review"}),
            (4, {"kind": "complaint"}),
            (30, {"kind": "survey", "text": None}),
            (25, {"kind": None}),
        ),
        facts,
    )
    assert [(kind.code, kind.pieces_n, kind.is_small) for kind in found.kinds] == [
        ("survey", 30, False),
        ("review", 40, False),
        ("complaint", None, True),
        ("none", None, False),
    ]
    assert [kind.text_share for kind in found.kinds] == [0.0, 1.0, None, None]


def test_a_few_calls_do_not_follow_from_the_complaints_and_calls_that_are_told_together(facts):
    said = pieces(
        (40, {"kind": "review"}),
        (30, {"kind": "survey"}),
        (20, {"kind": "social"}),
        (9, {"kind": None}),
        (73, {"kind": "complaint", "is_open": False}),
        (5, {"kind": "call", "is_open": False}),
    )
    shown = {one.code: one.pieces_n for one in told(said, facts).kinds}
    assert (shown["complaint"], shown["call"]) == (None, None)
    assert (shown["survey"], shown["review"]) == (30, 40)


def test_segments_run_from_the_strongest_to_who_is_not_known(facts):
    found = told(
        pieces(
            (20, {**RATED_1, "segment": "none", "customer_id": None}),
            (30, {**RATED_5, "segment": "at_risk"}),
            (12, {"segment": "no_purchase"}),
            (40, {**RATED_1, "segment": "champions"}),
            (25, {**RATED_5, "segment": "champions", "submitted_on": BEFORE}),
        ),
        facts,
    )
    assert [(one.code, one.pieces_n, one.change_n) for one in found.segments] == [
        ("champions", 40, 15),
        ("at_risk", 30, 30),
        ("no_purchase", 12, 12),
        ("none", 20, 20),
    ]
    champions = found.segments[0]
    assert champions.csat_change == less(share_of(0, 40), share_of(25, 25))
    assert [one.csat is None for one in found.segments] == [False, False, True, False]


def test_how_often_rating_and_text_disagree_is_of_the_pieces_that_have_both(facts):
    said = pieces((10, {"is_contradicting": True}), (30, {"is_contradicting": False}), (60, {}))
    assert told(said, facts).contradicting == share_of(10, 40)


def test_the_change_of_a_kind_is_hidden_where_the_few_of_before_would_follow_from_it(facts):
    earlier = {"submitted_on": BEFORE}
    found = told(
        pieces(
            (40, {"kind": "review"}),
            (40, {"kind": "survey"}),
            (40, {"kind": "call"}),
            (30, {**earlier, "kind": "review"}),
            (20, {**earlier, "kind": "survey"}),
            (3, {**earlier, "kind": "call"}),
        ),
        facts,
    )
    assert {kind.code: kind.change_n for kind in found.kinds} == {
        "review": 10,
        "survey": None,
        "call": None,
    }


def test_whole_weeks_add_up_to_what_the_table_of_weeks_says(facts):
    """The same counts from the pieces and from the table satisfaction."""
    said = pieces(
        *(
            (n + 12, {"submitted_on": NOW - timedelta(days=9 * n), "rating_of_five": n % 5 + 1})
            for n in range(9)
        )
    )
    handled = said.with_columns(
        pl.col("customer_id").str.slice(3).str.to_integer(base=16, dtype=pl.UInt64),
        pl.col("categories").str.split(";"),
    )
    table = satisfaction(
        handled.drop("segment"),
        pl.DataFrame(schema={"customer_id": pl.UInt64, "segment": pl.String}),
        as_of=facts.as_of,
    )
    found = told(said, facts, weeks=table)
    weeks = table.filter(period="week", store_id="(all)", channel="(all)", breakdown="all").filter(
        pl.col("period_start_on").is_between(found.span.first_on, found.span.last_on)
    )
    assert found.pieces_n == weeks["pieces_n"].sum()
    csat = scores(found)["csat"].figure
    assert csat == share_of(weeks["satisfied_n"].sum(), weeks["ratings_n"].sum())
    by_week = {week.start_on: week.csat for week in found.weeks if week.csat}
    assert {on: one.value for on, one in by_week.items()} == dict(
        table.filter(period="week", store_id="(all)", channel="(all)", breakdown="all")
        .filter(pl.col("ratings_n") >= facts.small_below)
        .select("period_start_on", "csat_share")
        .iter_rows()
    )


def week(on, ratings_n=50, texts_n=50, **figures):
    return {
        "period": "week",
        "period_start_on": on,
        "store_id": "(all)",
        "channel": "(all)",
        "breakdown": "all",
        "value": "(all)",
        "ratings_n": ratings_n,
        "texts_n": texts_n,
        "csat_share": 0.5,
        "csat_low": 0.4,
        "csat_high": 0.6,
        "negative_n": 12,
        **figures,
    }


def test_weeks_of_few_answers_have_no_figures_and_silent_ones_none_at_all(facts):
    table = rows(
        "satisfaction",
        week(date(2017, 3, 6), ratings_n=9, texts_n=9),
        week(date(2017, 3, 20)),
        week(date(2017, 3, 27)),
        {**week(date(2017, 3, 6)), "store_id": "s1"},
    )
    found = told(pieces((40, {})), facts, weeks=table).weeks
    assert [(one.start_on.day, one.negative_n, one.is_complete) for one in found] == [
        (6, None, True),
        (13, 0, True),
        (20, 12, True),
        (27, 12, False),
    ]
    assert [one.csat is None for one in found] == [True, True, False, False]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_chart_of_weeks_is_a_picture_that_fits_its_screen(facts, language):
    table = rows("satisfaction", *(week(NOW - timedelta(weeks=n)) for n in range(30) if n != 3))
    chart = opinion_chart(told(pieces((40, {})), facts, weeks=table), language)
    assert chart is not None
    for svg, most in zip((chart.wide, chart.narrow), (900, 370), strict=True):
        root = ET.fromstring(svg)
        assert float(root.attrib["viewBox"].split()[2]) <= most
        assert "style=" not in svg
        texts = [element.text for element in root.iter() if element.text]
        # The first week that is drawn, and no week over another.
        assert "10-03" in texts
        assert len([text for text in texts if text[2:3] == "-"]) <= most // 48


def test_one_week_is_no_chart(facts):
    table = rows("satisfaction", week(date(2017, 3, 27)))
    assert opinion_chart(told(pieces((40, {})), facts, weeks=table), "en") is None
    assert Week(NOW, None, 0, is_complete=True).csat is None


def test_what_told_the_sentiment_is_told_with_how_often_it_was_right(facts):
    def accuracy(model, value):
        figure = {"value": value, "low": value - 0.01, "high": value + 0.01}
        return {"model": model, "measure": "accuracy", "part": "zh", **figure}

    models = rows(
        "model_quality",
        accuracy("sentiment", 0.93),
        accuracy("sentiment_lexicon", 0.81),
        {**accuracy("sentiment", 0.98), "measure": "auc"},
        accuracy("churn", 0.5),
    )
    said = pieces((30, {"sentiment_by": "trained"}), (10, {"sentiment_by": "rating"}), (9, {}))
    found = told(said, facts, models=models)
    assert found.told_by == {"trained": 0.75, "lexicon": 0.0, "rating": 0.25}
    [hearing] = found.hearings
    assert (hearing.language, hearing.trained.value, hearing.lexicon.value) == ("zh", 0.93, 0.81)


def about(category, words="", **more):
    return {"categories": category, "category_words": words, **more}


def of_subjects(said, facts):
    return subjects(said, span_of(said, facts.as_of), facts)


def test_the_category_that_costs_most_comes_first_and_small_ones_last(facts):
    said = pieces(
        (30, about("product_quality", **RATED_5)),
        (40, about("delivery", **RATED_1)),
        (20, about("queue_waiting", **RATED_1)),
        (3, about("app_payment", **RATED_1)),
        (50, about("", **RATED_5)),
    )
    found = of_subjects(said, facts)
    assert [(one.code, one.pieces_n) for one in found] == [
        ("delivery", 40),
        ("queue_waiting", 20),
        ("product_quality", 30),
        ("app_payment", None),
    ]
    assert found[0].csat_pull.direction == "down"


def test_the_pull_is_the_figure_of_all_less_that_of_the_pieces_without_the_category(facts):
    said = pieces(
        (25, about("delivery", **RATED_1, nps=0)),
        (15, about("delivery;queue_waiting", **RATED_5, nps=10)),
        (60, about("queue_waiting", **RATED_5, nps=9)),
        (20, about("", **RATED_1, nps=7)),
    )
    delivery = next(one for one in of_subjects(said, facts) if one.code == "delivery")
    assert delivery.csat_pull.value == pytest.approx(75 / 120 - 60 / 80)
    assert delivery.nps_pull.value == pytest.approx((75 - 25) / 120 - 60 / 80)
    assert delivery.csat_pull.low < delivery.csat_pull.value < delivery.csat_pull.high


def test_a_piece_of_two_categories_counts_in_both_and_its_words_in_neither(facts):
    said = pieces(
        (12, about("delivery", "late;box")),
        (11, about("delivery", "late;late")),
        (20, about("delivery;queue_waiting", "late;queue")),
        (2, about("delivery", "rare")),
    )
    found = {one.code: one for one in of_subjects(said, facts)}
    assert (found["delivery"].pieces_n, found["queue_waiting"].pieces_n) == (45, 20)
    assert found["delivery"].words == ("late", "box")
    assert found["queue_waiting"].words == ()


def test_the_change_of_a_category_of_few_before_is_not_told(facts):
    said = pieces(
        (30, about("delivery")),
        (30, about("queue_waiting")),
        (9, about("delivery", submitted_on=BEFORE)),
        (12, about("queue_waiting", submitted_on=BEFORE)),
    )
    assert {one.code: one.change_n for one in of_subjects(said, facts)} == {
        "delivery": None,
        "queue_waiting": 18,
    }
