"""How a piece sounds: by the model, the lexicon or its rating alone, and whether they disagree."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from regulars.models import sentiment_model, text_ngrams
from regulars.models.not_fitted import NotFitted
from regulars.models.sentiment import SENTIMENT, rated, sentiment
from regulars.models.sentiment_fit import fit_sentiment
from regulars.models.sentiment_model import SentimentModel
from regulars.models.sentiment_phrases import heaviest_phrases
from regulars.models.text_language import text_language
from regulars.models.text_ngrams import hashed_ngrams

AS_OF = date(2024, 6, 30)
PIECES = [
    "很好",
    "太差",
    "木瓜",
    "石灰",
    "山水",
    "，",
    "good",
    " bad ",
    "😀",
    "7",
    "\x00",
    "〔电话〕",
]
TEXTS = st.one_of(st.none(), st.lists(st.sampled_from(PIECES), max_size=6).map("".join))
RATINGS = st.sampled_from(["negative", "neutral", "positive", None])


def told(
    *pieces: tuple[str | None, str | None], model: SentimentModel | None = None
) -> pl.DataFrame:
    texts, ratings = zip(*pieces, strict=True)
    return sentiment(pl.Series(texts, dtype=pl.String), pl.Series(ratings, dtype=pl.String), model)


@pytest.fixture(scope="module")
def model() -> SentimentModel:
    """It has learned that here 木瓜 is praise and 石灰 is none, in Chinese alone."""
    dice = np.random.default_rng(1)
    positive = dice.random(600) < 0.5
    texts = [
        "".join(
            dice.permutation(
                ["木瓜" if praises else "石灰", *dice.choice(list("山水云日月土竹"), 6)]
            )
        )
        for praises in positive
    ]
    found = fit_sentiment(pl.Series(texts), pl.Series(positive), as_of=AS_OF)
    assert isinstance(found, SentimentModel)
    return found


@pytest.mark.parametrize(
    ("five", "nps", "says"),
    [
        ("5", None, "positive"),
        ("4", 0, "positive"),
        ("3.999", 10, "neutral"),
        ("2.001", None, "neutral"),
        ("2", None, "negative"),
        ("1", 10, "negative"),
        (None, 9, "positive"),
        (None, 8, "neutral"),
        (None, 7, "neutral"),
        (None, 6, "negative"),
        (None, None, None),
    ],
)
def test_a_rating_says_by_its_edges_and_nps_where_there_is_no_rating(
    five: str | None, nps: int | None, says: str | None
) -> None:
    pieces = pl.DataFrame(
        {"rating_of_five": [five and Decimal(five)], "nps": [nps]},
        schema={"rating_of_five": pl.Decimal(18, 3), "nps": pl.Int32},
    )
    assert rated(pieces).to_list() == [says]


@pytest.mark.parametrize(
    ("text", "rating", "sounds", "by"),
    [
        ("质量很好", None, "positive", "lexicon"),
        ("质量太差", "positive", "negative", "lexicon"),
        ("a slightly odd chair", None, "neutral", "lexicon"),
        ("木瓜石灰", None, "neutral", "lexicon"),
        ("木瓜石灰", "negative", "negative", "rating"),
        ("木瓜石灰", "neutral", "neutral", "rating"),
        (None, "positive", "positive", "rating"),
        ("", "negative", "negative", "rating"),
        ("12345", "negative", "negative", "rating"),
        ("12345", None, None, None),
        (None, None, None, None),
        ("😀", None, "positive", "lexicon"),
    ],
)
def test_without_a_model_the_lexicon_answers_and_the_rating_where_it_knows_nothing(
    text: str | None, rating: str | None, sounds: str | None, by: str | None
) -> None:
    (row,) = told((text, rating)).to_dicts()
    assert (row["sentiment"], row["sentiment_by"]) == (sounds, by)


@pytest.mark.parametrize(
    ("text", "sounds", "by"),
    [
        ("山木瓜水", "positive", "trained"),
        ("日石灰月", "negative", "trained"),
        ("日石灰月 ok", "negative", "trained"),
        ("grey stone", "neutral", "lexicon"),
        ("lovely", "positive", "lexicon"),
        ("👎", "negative", "lexicon"),
        (None, None, None),
    ],
)
def test_a_model_answers_in_the_language_that_it_learned(
    model: SentimentModel, text: str | None, sounds: str | None, by: str | None
) -> None:
    (row,) = told((text, None), model=model).to_dicts()
    assert (row["sentiment"], row["sentiment_by"]) == (sounds, by)


@pytest.mark.parametrize(
    ("text", "rating", "is_contradicting"),
    [
        ("质量很好，非常满意", "negative", True),
        ("质量很好，非常满意", "positive", False),
        ("质量很好，非常满意", "neutral", False),
        ("太差了，非常失望", "positive", True),
        ("太差了，非常失望", "negative", False),
        ("质量很好，非常满意", None, None),
        ("木瓜石灰", "positive", None),
        (None, "positive", None),
        # Half a doubt is no contradiction.
        ("还可以吧", "negative", False),
    ],
)
def test_text_and_rating_contradict_when_they_are_surely_on_opposite_sides(
    text: str | None, rating: str | None, is_contradicting: bool | None
) -> None:
    assert told((text, rating))["is_contradicting"].to_list() == [is_contradicting]


def test_a_rating_does_not_speak_through_the_probability(model: SentimentModel) -> None:
    texts = ["山木瓜水", "日石灰月", "质量很好"]
    by_rating = [
        told(*((text, rating) for text in texts), model=model)["positive_probability"].to_list()
        for rating in ("positive", "negative")
    ]
    assert by_rating[0] == by_rating[1]


def test_words_are_the_lexicons_where_both_are_of_one_mind(model: SentimentModel) -> None:
    found = told(("山木瓜，很满意", None), ("山石灰，很满意，石灰石灰", None), model=model)
    assert found["sentiment"].to_list() == ["positive", "negative"]
    assert found["sentiment_words"].to_list()[0] == ["很满意"]
    assert all("石" in word or "灰" in word for word in found["sentiment_words"].to_list()[1])


def test_the_columns_and_their_types_are_as_declared(model: SentimentModel) -> None:
    for of in (None, model):
        assert told(("很好", None), model=of).schema == SENTIMENT
        empty = pl.Series([], dtype=pl.String)
        assert sentiment(empty, empty, of).schema == SENTIMENT
        assert sentiment(empty, empty, of).height == 0


@given(
    st.lists(st.tuples(TEXTS, RATINGS), max_size=4), st.lists(st.tuples(TEXTS, RATINGS), max_size=4)
)
@settings(max_examples=10, deadline=None)
def test_no_piece_bears_on_another(
    model: SentimentModel,
    first: list[tuple[str | None, str | None]],
    second: list[tuple[str | None, str | None]],
) -> None:
    apart = [told(piece, model=model) for piece in (*first, *second)]
    if apart:
        assert_frame_equal(told(*first, *second, model=model), pl.concat(apart))


def test_long_columns_are_answered_in_parts_alike(
    model: SentimentModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    pieces = [("山木瓜水", None), ("日石灰月", "positive"), (None, None), ("good", None)] * 4
    whole = told(*pieces, model=model)
    monkeypatch.setattr(sentiment_model, "_TEXTS_AT_ONCE_N", 3)
    assert_frame_equal(told(*pieces, model=model), whole)


def test_a_long_text_and_a_broken_one_are_answered(model: SentimentModel) -> None:
    found = told(("很好" * 2000, None), ("\x00<b>=1+1</script>", None), ("好", None), model=model)
    assert found["sentiment"].null_count() == 0
    assert found["sentiment_by"].to_list() == ["trained", "lexicon", "trained"]


def test_a_model_that_knows_no_language_leaves_all_to_the_lexicon() -> None:
    nobody = SentimentModel(AS_OF, {}, {"zh": NotFitted("lexicon_is_better")})
    pieces = [("很好", "negative"), ("bad", None), (None, "neutral")]
    assert_frame_equal(told(*pieces, model=nobody), told(*pieces))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("质量不错", "zh"),
        ("iPhone 很好用", "zh"),
        ("good 好", "zh"),
        ("very good 好", "en"),
        ("服务很好，the staff were lovely", "zh+en"),
        ("call me 〔电话〕", "en"),
        ("déjà vu", "en"),
        ("123 😀", None),
        ("", None),
        (None, None),
    ],
)
def test_the_language_of_a_text_is_told_by_its_letters(
    text: str | None, language: str | None
) -> None:
    assert text_language(pl.Series([text], dtype=pl.String)).to_list() == [language]


def test_phrases_are_those_of_their_own_text_in_whatever_parts_texts_are_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    table = np.zeros(2**18)
    table[hashed_ngrams(pl.Series(["木瓜"]), orders=(2,)).indices] = 1.0
    monkeypatch.setattr(text_ngrams, "CHARACTERS_AT_ONCE_N", 5)
    texts = pl.Series(["云，木瓜", "", "日月，云云", "木瓜，月月", None])
    found = heaviest_phrases(texts, table, (2,), np.array([True] * 5))
    assert found.to_list() == [["木瓜"], [], [], ["木瓜"], []]


def phrases(text: str, weights: dict[str, float], *, is_positive: bool = True) -> list[str]:
    """The phrases of a text in which these n-grams weigh something, and no others."""
    table = np.zeros(2**18)
    for gram, weight in weights.items():
        (column,) = hashed_ngrams(pl.Series([gram]), orders=(len(gram),)).indices
        table[column] = weight
    found = heaviest_phrases(
        pl.Series(["前面", text]), table, (1, 2, 3), np.array([is_positive] * 2)
    )
    assert found.to_list()[0] == []
    return list(found.to_list()[1])


def test_the_heaviest_phrases_of_the_verdicts_side_come_first() -> None:
    weights = {"石灰": 2.0, "木瓜": 3.0, "土": -9.0}
    assert phrases("石灰，木瓜，土竹", weights) == ["木瓜", "石灰"]
    assert phrases("石灰，木瓜，土竹", weights, is_positive=False) == ["土竹"]


def test_phrases_do_not_overlap() -> None:
    assert phrases("木瓜石灰", {"木瓜": 3.0, "瓜石": 2.0}) == ["木瓜石"]


def test_english_phrases_are_whole_words() -> None:
    assert phrases("it's a lovely day", {"ove": 1.0}) == ["lovely"]


def test_a_phrase_that_weighs_little_beside_the_heaviest_is_not_shown() -> None:
    assert phrases("木瓜，石灰", {"木瓜": 3.0, "石灰": 0.3}) == ["木瓜"]


def test_phrases_cross_no_comma_and_no_text() -> None:
    assert phrases("木，瓜", {"木": 1.0, "瓜": 1.0}) == []
