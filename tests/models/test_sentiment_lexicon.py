from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from regulars.models import sentiment_grammar as grammar
from regulars.models import sentiment_words_en as en
from regulars.models import sentiment_words_zh as zh
from regulars.models.sentiment_entries import lexicon, lexicon_with
from regulars.models.sentiment_lexicon import SCHEMA, TEXTS_AT_ONCE_N, lexicon_sentiment

PIECES = [
    "不",
    "没有",
    "很",
    "太",
    "好",
    "差",
    "质量",
    "高",
    "，",
    "。",
    "？",
    "“",
    "”",
    "但是",
    "希望",
    "快递",
]
PIECES += [
    " not ",
    " very ",
    " good ",
    " bad ",
    ", ",
    ". ",
    "! ",
    " but ",
    " if ",
    "😀",
    "\x00",
    "\n",
    "7",
]
TEXTS = st.lists(st.lists(st.sampled_from(PIECES), max_size=8).map("".join), max_size=8)


def score(text: str) -> float:
    found = lexicon_sentiment(pl.Series([text]))["lexicon_score"].item()
    assert found is not None, text
    return float(found)


def words(text: str) -> list[str]:
    return list(lexicon_sentiment(pl.Series([text]))["deciding_words"].item())


@pytest.mark.parametrize(
    "text",
    [
        "质量不错，物流很快",
        "正品，物美价廉",
        "水分足，很甜",
        "😀",
        "Excellent value, loved it",
        "works great",
    ],
)
def test_praise_stands_above_zero(text):
    assert score(text) > 0


@pytest.mark.parametrize(
    "text",
    [
        "用了三天就死机",
        "收到是烂的",
        "隔音差，房间很脏",
        "👎",
        "waste of money",
        "it broke, terrible service",
    ],
)
def test_complaint_stands_below_zero(text):
    assert score(text) < 0


@pytest.mark.parametrize(
    ("praise", "denied"),
    [
        ("很划算", "不是很划算"),
        ("好", "没有想象中那么好"),
        ("耐心", "一点也不耐心"),
        ("a helpful waiter", "not a very helpful waiter"),
        ("it is fresh", "it isn't fresh"),
        ("it is fresh", "it isn’t fresh"),
        ("comfortable", "never comfortable"),
    ],
)
def test_a_denied_praise_is_a_complaint(praise, denied):
    assert score(praise) > 0 > score(denied)


@pytest.mark.parametrize("text", ["不丑", "没有划痕", "it is not dirty", "never boring"])
def test_a_denied_complaint_is_faint_praise(text):
    assert 0 < score(text) < score("非常满意")


def test_what_is_denied_twice_is_said():
    assert score("不是不耐心") > 0


def test_a_negation_does_not_cross_a_comma():
    assert score("没装呢，漂亮") > score("没漂亮")
    assert score("They did not, excellent") > 0


def test_a_far_complaint_is_not_denied():
    assert score("没摆上架子粗糙") == score("粗糙")


@pytest.mark.parametrize(
    ("fainter", "plain", "stronger"),
    [
        ("稍微粗糙", "粗糙", "非常粗糙"),
        ("比较漂亮", "漂亮", "特别漂亮"),
        ("slightly dirty", "dirty", "extremely dirty"),
        ("fairly tasty", "tasty", "incredibly tasty"),
    ],
)
def test_degree_words_strengthen_and_weaken(fainter, plain, stronger):
    assert abs(score(fainter)) < abs(score(plain)) < abs(score(stronger))


def test_a_degree_within_a_denial_makes_it_no_stronger():
    assert score("not extremely tasty") == score("not tasty")
    assert score("不非常耐心") == score("不耐心")


@pytest.mark.parametrize(
    ("first", "second"),
    [("漂亮", "粗糙"), ("tasty", "dirty")],
)
def test_what_follows_but_weighs_more(first, second):
    but = "但是" if second == "粗糙" else " but "
    assert score(f"{first}，{but}{second}") < 0 < score(f"{second}，{but}{first}")


def test_a_but_reaches_no_further_than_its_sentence():
    assert score("dirty. But tasty. Slow.") == score("Slow. Dirty. But tasty.")
    assert score("tasty. It is dirty.") > score("tasty, but it is dirty.")


def test_a_conceded_complaint_weighs_less():
    assert score("虽然粗糙，漂亮") > score("粗糙，漂亮")
    assert score("although dirty, tasty") > score("dirty, tasty")


def test_a_small_reserve_leaves_praise_standing():
    assert score("漂亮，就是粗糙") > 0


@pytest.mark.parametrize("text", ["太大了", "太硬", "too salty", "too small for me"])
def test_too_much_is_a_complaint(text):
    assert score(text) < 0


@pytest.mark.parametrize("text", ["太好了", "太漂亮了"])
def test_too_good_is_praise(text):
    assert score(text) > 2


def test_too_at_the_end_says_also():
    assert score("it is fresh too.") == score("it is fresh.")


@pytest.mark.parametrize(
    ("wish", "fact"),
    [
        ("希望质量漂亮", "质量漂亮"),
        ("要是漂亮就好了", "漂亮"),
        ("I wish it was fresh", "it was fresh"),
    ],
)
def test_wished_praise_says_little(wish, fact):
    assert score(wish) < score(fact) / 2


def test_praise_that_is_asked_for_says_little():
    assert score("漂亮？") < score("漂亮") / 3
    assert score("is it fresh?") < score("it is fresh") / 3


@pytest.mark.parametrize("text", ["“正品”", "「正品」", 'the "fresh" fish'])
def test_praise_between_quotation_marks_is_meant_the_other_way(text):
    assert score(text) < 0


def test_an_exclamation_strengthens_its_clause():
    assert score("漂亮！") > score("漂亮。")
    assert score("dirty!") < score("dirty.")


@pytest.mark.parametrize(
    ("text", "is_praise"),
    [
        ("价格太高", False),
        ("性价比真高", True),
        ("噪音很大", False),
        ("空间很大", True),
        ("待机时间很长", True),
        ("速度也不是很快", False),
    ],
)
def test_a_measure_means_what_it_measures(text, is_praise):
    assert (score(text) > 0) == is_praise


@pytest.mark.parametrize("text", ["大家", "小时", "快递员", "银行卡", "香港", "12345", "", " "])
def test_a_word_inside_another_is_not_read(text):
    assert lexicon_sentiment(pl.Series([text])).row(0) == (None, None, None, None)


def test_a_latin_word_is_read_whole():
    assert lexicon_sentiment(pl.Series(["goodwin"]))["lexicon_score"].to_list() == [None]


def test_the_longest_term_wins():
    assert words("不错") == ["不错"]
    assert score("差不多，漂亮") == score("漂亮")


def test_one_plain_word_is_four_to_one():
    answer = lexicon_sentiment(
        pl.Series(["漂亮", "实用"]), words=lexicon_with({"漂亮": 2.0, "实用": -2.0})
    )
    assert answer["positive_probability"].to_list() == pytest.approx([0.8, 0.2])


def test_the_deciding_words_are_the_heaviest_on_the_side_of_the_verdict():
    assert words("漂亮，可以，粗糙，难吃，垃圾，划痕") == ["垃圾", "粗糙", "难吃"]


def test_a_word_is_shown_with_its_negation():
    assert words("not a tasty soup") == ["not … tasty"]
    assert words("不耐心") == ["不耐心"]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("漂亮", "zh"),
        ("very tasty", "en"),
        ("漂亮, very tasty", "zh+en"),
        ("😀", "signs"),
        ("7", None),
    ],
)
def test_each_answer_says_whose_words_answered(text, language):
    assert lexicon_sentiment(pl.Series([text]))["lexicon_language"].item() == language


def test_full_width_and_capital_letters_are_read():
    assert score("ＧＲＥＡＴ") == score("great")


def test_a_chain_adds_terms_of_its_own():
    own = lexicon_with({"霸王茶": 2.0, "zingy": 3.0, "漂亮": -1.0})
    answer = lexicon_sentiment(pl.Series(["霸王茶", "so zingy", "漂亮"]), words=own)
    assert [by > 0 for by in answer["lexicon_score"]] == [True, True, False]
    assert lexicon_sentiment(pl.Series(["霸王茶"]))["lexicon_score"].to_list() == [None]


@settings(max_examples=15, deadline=None)
@given(TEXTS)
def test_a_text_alone_is_answered_as_among_others(texts):
    together = lexicon_sentiment(pl.Series(texts, dtype=pl.String))
    alone = [lexicon_sentiment(pl.Series([text])) for text in texts]
    assert_frame_equal(together, pl.concat([SCHEMA.to_frame(), *alone]), check_exact=True)


@settings(max_examples=40, deadline=None)
@given(TEXTS)
def test_the_order_of_texts_is_the_order_of_answers(texts):
    given_ = pl.Series(texts, dtype=pl.String)
    backwards = lexicon_sentiment(given_.reverse())
    assert lexicon_sentiment(given_).rows() == backwards.rows()[::-1]


def test_a_long_column_is_answered_as_a_short_one():
    texts = pl.Series(["漂亮", None, "dirty"] * (TEXTS_AT_ONCE_N // 3 + 2))
    answer = lexicon_sentiment(texts)
    assert answer.height == len(texts)
    assert_frame_equal(answer.tail(3), lexicon_sentiment(texts.head(3)), check_exact=True)


@pytest.mark.parametrize(
    "text",
    [
        "\x00",
        "漂亮\x00",
        "<b>漂亮</b></script>",
        "=漂亮()",
        "👩‍👩‍👧😀",
        "\n\n\t",
        "漂亮" * 170_000,
        "very good " * 100_000,
    ],
    ids=["nul", "nul within", "html", "formula", "emoji", "blank", "1 MB Chinese", "1 MB English"],
)
def test_odd_texts_survive(text):
    answer = lexicon_sentiment(pl.Series([text, "粗糙"]))
    assert answer.height == 2
    assert answer["lexicon_score"].is_finite().all(ignore_nulls=True)
    assert answer["deciding_words"].to_list()[1] == ["粗糙"]


@pytest.mark.parametrize("texts", [pl.Series([], dtype=pl.String), pl.Series([], dtype=pl.Null)])
def test_no_texts_give_no_rows(texts):
    assert_frame_equal(lexicon_sentiment(texts), SCHEMA.to_frame())


def test_only_nulls_are_answered_with_nulls():
    assert lexicon_sentiment(pl.Series([None, None])).null_count().row(0) == (2, 2, 2, 2)
    assert lexicon_sentiment(pl.Series([None])).schema == SCHEMA


def test_every_term_stands_once_and_in_one_band():
    for bands, parted in (
        ((zh.PRAISE, zh.COMPLAINTS, grammar.EMOJI), str.split),
        ((en.PRAISE, en.COMPLAINTS), lambda terms: [term.strip() for term in terms.split(",")]),
    ):
        terms = [term for band in bands for listed in band.values() for term in parted(listed)]
        assert sorted(terms) == sorted(set(terms))


def test_every_band_keeps_to_its_side_and_within_three():
    for bands, side in ((zh.PRAISE, 1), (en.PRAISE, 1), (zh.COMPLAINTS, -1), (en.COMPLAINTS, -1)):
        assert all(0 < side * strength <= 3 for strength in bands)


def test_no_term_is_empty():
    assert lexicon().entries["term"].str.len_chars().min() > 0
