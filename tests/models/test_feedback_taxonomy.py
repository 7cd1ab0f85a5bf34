from __future__ import annotations

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from regulars.expectations.feedback_categories import FEEDBACK_CATEGORIES
from regulars.models import feedback_taxonomy
from regulars.models.category_evidence import WORDS_SHOWN_N
from regulars.models.category_reading import DAYS, DURATION, MONEY, heard, lexicon_of, read
from regulars.models.category_rules import RULES, parsed
from regulars.models.feedback_taxonomy import (
    TOLD,
    evidence,
    taxonomy,
    taxonomy_with,
    told_categories,
)

PIECES = [
    "店员",
    "态度差",
    "，",
    "排队",
    "太久",
    "。",
    "退款",
    "没到账",
    "app",
    " crashes",
    ". ",
    "\n",
]
PIECES += [
    "The queue",
    " was long",
    " but ",
    "😀",
    "\x00",
    "<b>",
    "7",
    "很好",
    "包裹",
    "碎了",
    " 20 min ",
]
TEXTS = st.lists(st.lists(st.sampled_from(PIECES), max_size=7).map("".join), max_size=6)


def categories(*texts: str | None) -> list[list[str]]:
    return told_categories(pl.Series(texts, dtype=pl.String))["categories"].to_list()


def words(text: str) -> list[str]:
    return list(told_categories(pl.Series([text]))["category_words"].item())


@pytest.mark.parametrize("text", [None, "", "   ", "\n\t"])
def test_where_there_is_no_text_there_is_no_category(text):
    assert told_categories(pl.Series([text], dtype=pl.String)).rows() == [([], [])]


def test_a_text_that_names_nothing_is_other_and_no_word_decided():
    assert told_categories(pl.Series(["嗯", "hm"])).rows() == [(["other"], [])] * 2


def test_an_empty_column_has_the_columns_and_types_of_a_full_one():
    told = told_categories(pl.Series([], dtype=pl.String))
    assert told.schema == told_categories(pl.Series(["退款"])).schema == TOLD
    assert told.height == 0


def test_categories_stand_in_the_order_of_their_codes_whatever_the_text_says_first():
    both = ["service_attitude", "returns_after_sales"]
    assert categories("退款没到账，店员态度差", "店员态度差，退款没到账") == [both, both]


def test_the_words_that_decided_stand_in_the_text():
    text = "The Cashier was RUDE，退款三周没到账"
    assert words(text)
    assert all(word in text.lower() for word in words(text))


def test_there_are_few_words_and_each_once():
    many = words(
        "态度差，态度差，" * 5 + "排队，退款，闪退，发霉，停车场，优惠券，快递，冷漠，傲慢，不耐烦"
    )
    assert len(many) == WORDS_SHOWN_N
    assert len(set(many)) == len(many)


def test_what_is_marked_for_the_rules_is_shown_to_nobody():
    shown = "".join(words("等了三天，40 min in the queue，多收了5块钱"))
    assert not {MONEY, DURATION, DAYS} & set(shown)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS, TEXTS)
def test_no_text_bears_on_another(first, second):
    def told(texts: list[str]) -> pl.DataFrame:
        return told_categories(pl.Series(texts, dtype=pl.String))

    assert_frame_equal(told(first + second), pl.concat([told(first), told(second)]))


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS)
def test_the_order_of_texts_changes_no_answer(texts):
    there = told_categories(pl.Series(texts, dtype=pl.String))
    back = told_categories(pl.Series(texts[::-1], dtype=pl.String))
    assert_frame_equal(there, back.reverse())


def test_a_column_read_in_parts_gives_what_it_gives_at_once(monkeypatch):
    texts = pl.Series(["店员态度差", None, "退款", "queue", "", "嗯", "app crashes"])
    at_once = told_categories(texts)
    monkeypatch.setattr(feedback_taxonomy, "TEXTS_AT_ONCE_N", 2)
    assert_frame_equal(told_categories(texts), at_once)


@pytest.mark.parametrize(
    "text",
    [
        "\x00",
        "\x00退款\x00",
        "😀" * 50,
        "<script>alert(1)</script>",
        "好",
        "a",
        "," * 4000,
        "等" * 4000,
    ],
)
def test_odd_texts_survive(text):
    assert len(told_categories(pl.Series([text]))) == 1


def test_what_is_spoken_of_carries_over_to_a_clause_that_names_nothing():
    assert categories("小程序更新了，很好用", "吹风机收到了，很好用") == [
        ["app_payment"],
        ["product_quality"],
    ]


def test_a_chain_adds_terms_to_a_category_and_they_decide():
    own = taxonomy_with(terms={"delivery": ["蜂鸟侠", "zippers on wheels"]})
    texts = pl.Series(["蜂鸟侠又来了", "Zippers on Wheels again"])
    assert told_categories(texts, own).rows() == [
        (["delivery"], ["蜂鸟侠"]),
        (["delivery"], ["zippers on wheels"]),
    ]


def test_a_chain_adds_a_category_with_terms_and_it_comes_last():
    own = taxonomy_with(
        categories={"pets": ("Pets", "宠物")}, terms={"pets": ["遛弯区", "dog park*"]}
    )
    assert own.codes[-1] == "pets"
    told = told_categories(pl.Series(["遛弯区很大，店员热情", "two dog parks"]), own)
    assert told["categories"].to_list() == [["service_attitude", "pets"], ["pets"]]


def test_terms_of_a_chain_leave_other_texts_as_they_were():
    texts = pl.Series(["店员态度差", "退款三周没到账", "The queue was endless", "嗯"])
    own = taxonomy_with(categories={"pets": ("Pets", "宠物")}, terms={"pets": ["遛弯区"]})
    assert_frame_equal(told_categories(texts, own), told_categories(texts))


def test_terms_of_a_category_that_there_is_not_are_refused():
    with pytest.raises(ValueError, match="unknown categories: pets"):
        taxonomy_with(terms={"pets": ["dog"]})


@pytest.mark.parametrize("code", ["delivery", "other"])
def test_a_category_of_their_own_has_a_code_of_its_own(code):
    with pytest.raises(ValueError, match=f"there are already: {code}"):
        taxonomy_with(categories={code: ("Twice", "两次")})


def test_evidence_is_a_row_a_text_and_category_with_its_words():
    found = evidence(pl.Series(["店员", "嗯", "店员态度差"]))
    service = found.filter(pl.col("category") == "service_attitude")
    assert service["row"].to_list() == [0, 2]
    light, heavy = service["weight"].to_list()
    assert light < heavy
    assert any("态度" in word for word in service["words"].to_list()[1])


def test_every_rule_asks_for_parts_that_there_are():
    rules = parsed(RULES)
    parts = set(taxonomy().lexicon.parts)
    for rule in rules:
        asked = {part for any_of in (*rule.needs, rule.bars) for part in any_of}
        assert {part.removeprefix("text:").removeprefix("~") for part in asked} <= parts
    assert {rule.category for rule in rules} == {*FEEDBACK_CATEGORIES, "other"}


def test_a_term_within_a_longer_one_is_not_heard():
    lexicon = lexicon_of({"wide": ["退差价"], "narrow": ["退差", "价"]})
    assert heard(pl.Series(["退差价"]), lexicon)["term"].to_list() == ["退差价"]


def test_terms_that_overlap_are_both_heard():
    lexicon = lexicon_of({"one": ["一直占线"], "two": ["占线打不通"]})
    assert heard(pl.Series(["一直占线打不通"]), lexicon)["term"].to_list() == [
        "一直占线",
        "占线打不通",
    ]


def test_a_word_plays_the_parts_of_its_stem():
    lexicon = lexicon_of({"worker": ["fitter*"], "other": ["fitters"]})
    (found,) = heard(pl.Series(["the fitters"]), lexicon).select(lexicon.has("worker")).to_series()
    assert found


@pytest.mark.parametrize(
    ("text", "sign", "times"),
    [
        ("贵了三块五", MONEY, 1),
        ("£5.95 or 20 quid", MONEY, 2),
        ("等了40分钟", DURATION, 1),
        ("half an hour, 20 minutes", DURATION, 2),
        ("两个星期", DAYS, 1),
        ("three weeks", DAYS, 1),
        ("三个人", DURATION, 0),
        ("20 people", MONEY, 0),
    ],
)
def test_sums_and_times_are_marked(text, sign, times):
    assert read(pl.Series([text])).item().count(sign) == times


def test_a_chains_own_term_counts_inside_a_longer_one():
    own = taxonomy_with(categories={"invoice": ("Invoices", "发票")}, terms={"invoice": ["发票"]})
    texts = pl.Series(["发票开不出来", "发票抬头写错了，店员态度很差", "小票丢了"])
    told = told_categories(texts, own)["categories"]
    assert ["invoice" in codes for codes in told] == [True, True, False]
