"""The pages of feedback as they are read: both languages, hidden numbers, hostile words."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from markupsafe import escape

from regulars.expectations.catalogue import LANGUAGES, has_sentence, say
from regulars.expectations.feedback_categories import FEEDBACK_CATEGORIES, OTHER
from regulars.reports.facts import FeedbackFacts
from regulars.reports.feedback_words import category_name, place_name
from regulars.reports.figures import figures
from regulars.reports.headlines import headlines
from regulars.reports.page import page
from regulars.reports.shown_text import shown_text
from regulars.reports.speakers import KINDS
from regulars.transforms.feedback_cells import BREAKDOWNS
from regulars.transforms.follow_ups import ANSWER_ONLY, FREE, REASONS
from regulars.transforms.hotspots import PLACES
from tests.reports.said import BEFORE, NOW, pieces, rows, tables
from tests.reports.test_feedback_places import asked, blamed, due, settled, silent, spot, topic
from tests.reports.test_page import HOSTILE, _Outline

BIDI = "\x1b[31mred\x07 \u202egnirts"


@pytest.fixture(params=LANGUAGES)
def language(request):
    return request.param


@pytest.fixture
def said(facts):
    return replace(facts, feedback=FeedbackFacts(names={("store", "s7"): "West Street"}))


@pytest.fixture
def whole(chain):
    """Something in every section."""
    rated = {"rating_of_five": 1, "sentiment": "negative", "sentiment_by": "lexicon", "nps": 2}
    happy = {"rating_of_five": 5, "sentiment": "positive", "sentiment_by": "lexicon", "nps": 10}
    week = {
        "period": "week", "store_id": "(all)", "channel": "(all)", "breakdown": "all",
        "value": "(all)", "ratings_n": 40, "texts_n": 40, "csat_share": 0.5, "csat_low": 0.4,
        "csat_high": 0.6, "negative_n": 21,
    }  # fmt: skip
    return dict(chain) | tables(
        feedback_items=pieces(
            (60, {**rated, "categories": "delivery", "category_words": "late"}),
            (50, {**happy, "categories": "product_quality", "category_words": "fresh"}),
            (90, {**happy, "submitted_on": BEFORE}),
            (20, settled(9.0, store_id="s7", categories="delivery", staff_id="e1")),
            (12, asked(is_open=True, is_overdue=True, store_id="s7", main_category="delivery")),
        ),
        satisfaction=rows(
            "satisfaction",
            *({**week, "period_start_on": NOW - timedelta(weeks=n)} for n in range(5)),
        ),
        feedback_hotspots=rows(
            "feedback_hotspots",
            spot("store", "s7", 0.15, 1),
            spot("store", "s7", 0.1, 1, category="delivery"),
            spot("staff", "e1", -0.2, 1),
        ),
        topics=rows(
            "topics",
            topic("double charge", NOW, examples="charged twice | money gone"),
            topic("stale", date(2017, 3, 13)),
        ),
        risk_complaints=rows(
            "risk_complaints", blamed("all", 40, "500.00"), blamed("delivery", 12, "100.00")
        ),
        complaint_silence=rows(
            "complaint_silence",
            silent("all", 28, 50, 0.1, 0.2),
            silent("delivery", 28, 20, 0.1, 0.2),
        ),
        follow_ups=rows(
            "follow_ups", due(1, owner_store_id="s7", staff_id="e1", category="delivery")
        ),
    )


SECTIONS = (
    "opinion.title",
    "subjects.title",
    "hotspots.title",
    "handling.title",
    "topics.title",
    "stakes.title",
)


def test_every_section_is_there_in_both_languages_and_every_tag_is_closed(whole, said, language):
    html = page(figures(whole, said), language)
    outline = _Outline(html)
    assert outline.open == []
    for code in SECTIONS:
        assert say(code, language) in outline.texts
    assert not re.findall(r"\{[a-z_]+\}", " ".join(outline.texts))
    assert "West Street (s7)" in html or "West Street（s7）" in html


def test_a_run_from_before_feedback_was_read_says_nothing_of_it(chain, facts, language):
    html = page(figures(chain, facts), language)
    assert say("opinion.title", language) not in html


def test_without_feedback_it_is_one_sentence_and_no_empty_sections(chain, said, language):
    for given in (dict(chain), dict(chain) | tables()):
        texts = _Outline(page(figures(given, said), language)).texts
        assert say("opinion.none", language) in texts
        assert [code for code in SECTIONS if say(code, language) in texts] == ["opinion.title"]


def test_feedback_alone_makes_pages_that_say_what_there_is_nothing_of(chain, said, language):
    found = figures(dict(chain) | tables(feedback_items=pieces((40, {}))), said)
    html = page(found, language)
    for code in ("hotspots.none_judged", "handling.none", "stakes.no_risk", "subjects.none"):
        assert str(escape(say(code, language))) in html
    assert str(escape(say("topics.none", language, latest_from=NOW))) in html


def test_the_same_input_gives_the_same_bytes(whole, said, language):
    again = {name: frame.clone() for name, frame in whole.items()}
    assert page(figures(whole, said), language) == page(figures(again, said), language)


def test_rows_in_another_order_give_the_same_page(whole, said):
    shuffled = {
        name: frame.sample(fraction=1.0, shuffle=True, seed=3) if name in tables() else frame
        for name, frame in whole.items()
    }
    assert figures(shuffled, said).feedback == figures(whole, said).feedback


def test_other_hidden_numbers_give_the_same_page(chain, said, language):
    """Three who call and six who post, or four and five: whoever reads the page cannot tell."""

    def drawn(calls_n, value):
        return dict(chain) | tables(
            feedback_items=pieces(
                (40, {"kind": "review", "categories": "delivery"}),
                (calls_n, {"kind": "survey", "categories": "app_payment", "nps": calls_n}),
                (9 - calls_n, {"kind": "social", "categories": "queue_waiting"}),
                (30, {"kind": "survey", "submitted_on": BEFORE}),
            ),
            risk_complaints=rows(
                "risk_complaints",
                blamed("all", 40, "500.00"),
                blamed("delivery", calls_n, value, 0.1 * calls_n, 3.0),
            ),
            complaint_silence=rows("complaint_silence", silent("all", 28, calls_n, 0.1, 0.2)),
            topics=rows("topics", topic("term", NOW, pieces_n=calls_n, ratio=calls_n / 2)),
        )

    one, other = (figures(drawn(n, f"{n}7.00"), said) for n in (3, 4))
    assert one.feedback == other.feedback
    assert page(one, language) == page(other, language)
    assert "&lt;10" in page(one, language)
    assert str(escape(say("opinion.hidden", language, few=10))) in page(one, language)


@pytest.mark.fault("F33")
@pytest.mark.fault("P09")
def test_hostile_words_are_shown_and_do_nothing(whole, said, language):
    words = f"{HOSTILE}{BIDI}"
    items = whole["feedback_items"].to_dicts()
    hostile = whole | {
        "feedback_items": rows(
            "feedback_items",
            *(
                {
                    **row,
                    "text": words,
                    "feedback_id": f"{row['feedback_id']}{HOSTILE}",
                    "category_words": HOSTILE,
                    "main_category": HOSTILE,
                    "store_id": HOSTILE,
                    "staff_id": HOSTILE,
                }
                for row in items
            ),
        ),
        "topics": rows(
            "topics",
            topic(words, NOW, examples=f"{words} | {'长' * 90_000}", main_category=HOSTILE,
                  related_terms=HOSTILE.replace(";", "")),
            topic(words, date(2017, 3, 13), examples=words),
        ),
        "feedback_hotspots": rows(
            "feedback_hotspots",
            spot("store", HOSTILE, 0.2, 1),
            spot("store", HOSTILE, 0.2, 1, category=HOSTILE),
        ),
        "follow_ups": rows(
            "follow_ups",
            due(1, feedback_id=words, owner_store_id="s7", staff_id=words, category=HOSTILE),
        ),
        "risk_complaints": rows(
            "risk_complaints", blamed("all", 40, "1.00"), blamed(HOSTILE, 40, "1.00")
        ),
    }  # fmt: skip
    names = {("store", HOSTILE): words, ("store", "s7"): words}
    labels = {"delivery": words, "product_quality": HOSTILE}
    facts = replace(said, feedback=FeedbackFacts(names=names, category_labels=labels))
    html, calm = (page(figures(*given), language) for given in ((hostile, facts), (whole, said)))
    seen, harmless = _Outline(html), _Outline(calm)
    assert {tag for tag, _ in seen.tags} == {tag for tag, _ in harmless.tags}
    assert {name for _, attrs in seen.tags for name in attrs} == {
        name for _, attrs in harmless.tags for name in attrs
    }
    assert seen.open == []
    assert not set("\x1b\x07\u202e") & set(html)
    assert "长" * 121 not in html
    assert any("<script>alert('x')</script>" in text for text in seen.texts)
    assert not set("\x1b\x07\u202e") & set("".join(headlines(figures(hostile, facts), language)))


def test_a_megabyte_of_spaces_and_controls_is_shown_as_nothing_to_see():
    assert shown_text("\u200b\x00 " * 400_000, 40) == "…"
    assert shown_text(" a  b ", 40) == "a b"
    assert shown_text("👨\u200d👩\u200d👧", 40) == "👨\u200d👩\u200d👧"


def test_every_code_of_the_tables_is_said_in_both_languages():
    asked_for = [
        *(f"follow_up.reason.{code}" for code in REASONS),
        *(f"follow_up.contact.{code}" for code in (ANSWER_ONLY, FREE)),
        *(f"category.{code}" for code in (*FEEDBACK_CATEGORIES, OTHER)),
        *(f"feedback_kind.{code}" for code in KINDS),
        *(f"hotspots.kind.{code}" for code in PLACES),
        *(f"place.{code}" for code in PLACES),
        *(f"stakes.verdict.{code}" for code in ("more", "less", "as", "none")),
        *(f"opinion.verdict.{code}" for code in ("better", "worse", "unsure", "none")),
    ]
    assert [code for code in asked_for if not has_sentence(code)] == []
    assert "category" in BREAKDOWNS


def test_a_chains_own_category_is_called_what_the_chain_calls_it(said):
    own = replace(said, feedback=FeedbackFacts(category_labels={"parking": "Car park"}))
    assert category_name("parking", own, "zh") == "Car park"
    assert category_name("parking", said, "en") == "parking"
    assert category_name("delivery", own, "zh") == "配送物流"
    assert category_name(None, own, "en") == place_name("store", None, own, "en") == "–"


def test_the_headlines_tell_what_is_new_and_where_it_goes_wrong(whole, said):
    lines = headlines(figures(whole, said), "en")
    assert "Since 2017-03-20 customers speak of something new: “double charge”." in lines
    assert "West Street (s7): 67.2% of its feedback is unhappy, 34.2% would be usual." in lines
    assert not [line for line in lines if "CSAT" in line]


def test_where_nothing_stands_out_the_headlines_tell_what_got_worse_and_who_waits(whole, said):
    calm = whole | {name: rows(name) for name in ("topics", "feedback_hotspots")}
    lines = headlines(figures(calm, said), "en")
    assert (
        "Satisfaction (CSAT) since 2016-12-26 is 45.5%, after 100.0% in as many weeks before; "
        "chance hardly explains it." in lines
    )
    assert "Complaints and calls that wait beyond the target: 12." in lines
    assert headlines(figures(calm, said), "zh")[-3:-1] != lines[-3:-1]


def test_without_feedback_the_headlines_are_as_they_were(chain, facts, said):
    assert headlines(figures(chain, said), "en") == headlines(figures(chain, facts), "en")


def test_amounts_and_pseudonyms_of_the_list_stand_in_the_page(whole, said, language):
    outline = _Outline(page(figures(whole, said), language))
    assert f"c1_{1:016x}" in outline.texts
    assert "10" in outline.cells
    assert Decimal("10.00") == figures(whole, said).feedback.stakes.value
