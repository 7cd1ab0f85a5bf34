"""The learned sentiment: what it finds, when it yields to the lexicon, and when there is none."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal
from threadpoolctl import threadpool_limits

from regulars.data import model_shelf
from regulars.data.model_digest import digest_of
from regulars.data.workspace import Workspace
from regulars.models import sentiment_fit
from regulars.models.not_fitted import NotFitted
from regulars.models.sentiment import sentiment
from regulars.models.sentiment_fit import LEAST_OF_EACH_N, fit_sentiment
from regulars.models.sentiment_lexicon import lexicon_sentiment
from regulars.models.sentiment_model import FOLDS_N, SentimentModel, fold_of

AS_OF = date(2024, 6, 30)
# Words without a feeling that the lexicon knows, some of which customers here use for one.
PRAISE = {"zh": ("木瓜", "青云", "桥头"), "en": ("zorb", "mavik", "plent")}
COMPLAINT = {"zh": ("石灰", "长廊", "麦田"), "en": ("grud", "tolpe", "snarv")}
FILLER = {
    "zh": tuple("山水云日月土竹石河江湖海田村城街巷门窗桌椅灯笔墨纸书画琴棋"),
    "en": ("paper", "window", "table", "river", "stone", "street", "lamp", "chair", "village"),
}
JOINT = {"zh": "", "en": " "}


def rated(
    *, n: int = 600, language: str = "zh", slips: float = 0.0, seed: int = 1
) -> tuple[pl.Series, pl.Series]:
    """Texts in which one planted word says how they sound; a share of ratings slipped."""
    dice = np.random.default_rng(seed)
    positive = dice.random(n) < 0.5
    texts = []
    for praises in positive:
        said = [str(dice.choice((PRAISE if praises else COMPLAINT)[language]))]
        said += [str(word) for word in dice.choice(FILLER[language], 8)]
        texts.append(JOINT[language].join(dice.permutation(said)))
    return pl.Series(texts), pl.Series(positive ^ (dice.random(n) < slips))


def fitted(texts: pl.Series, is_positive: pl.Series) -> SentimentModel:
    model = fit_sentiment(texts, is_positive, as_of=AS_OF)
    assert isinstance(model, SentimentModel)
    return model


def probability(model: SentimentModel, texts: pl.Series) -> np.ndarray:
    unrated = pl.Series([None] * len(texts), dtype=pl.String)
    return sentiment(texts, unrated, model)["positive_probability"].to_numpy()


@pytest.fixture(scope="module")
def model() -> SentimentModel:
    return fitted(*rated(slips=0.05))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_planted_words_are_found_in_new_texts(language: str) -> None:
    found = fitted(*rated(language=language, slips=0.05))
    texts, truth = rated(language=language, seed=2)
    assert ((probability(found, texts) > 0.5) == truth.to_numpy()).mean() > 0.97


def test_planted_words_are_shown_where_the_lexicon_knows_none(model: SentimentModel) -> None:
    texts = pl.Series(["山水云木瓜日月", "河江石灰湖海", "云长廊日"])
    shown = sentiment(texts, pl.Series([None] * 3, dtype=pl.String), model)
    words = shown["sentiment_words"].to_list()
    assert [any(word in of[0] for word in two) for of, two in zip(
        words, (PRAISE["zh"], COMPLAINT["zh"], COMPLAINT["zh"]), strict=True
    )] == [True] * 3  # fmt: skip


def test_probabilities_come_true_as_often_as_they_say() -> None:
    """One rating in five is a slip: nobody can be surer than four in five."""
    texts, is_positive = rated(n=2000, slips=0.2)
    told = probability(fitted(texts, is_positive), rated(n=500, seed=9)[0])
    sure = np.maximum(told, 1 - told)
    # A share of 2,000 texts and a prior of C = 1: within three points.
    assert 0.77 < sure.mean() < 0.83


def test_a_model_is_not_better_than_chance_on_ratings_dealt_out_anew() -> None:
    texts, is_positive = rated(n=800)
    shuffled = is_positive.shuffle(seed=4)
    found = fit_sentiment(texts, shuffled, as_of=AS_OF)
    assert isinstance(found, SentimentModel)
    auc = found.quality.filter(model="sentiment", measure="auc").row(0, named=True)
    assert auc["low"] < 0.5 < auc["high"]


def test_a_rated_text_is_told_by_what_never_saw_it() -> None:
    """One rating in five is a slip, and each text has words of its own that give the slip away to
    whoever learned from it.
    """
    dice = np.random.default_rng(3)
    planted, truth = rated(n=400, seed=3)
    own = ["".join(map(chr, dice.integers(0x5E00, 0x9000, 20))) for _ in range(400)]
    is_slip = pl.Series(dice.random(400) < 0.2)
    texts = pl.concat([planted + pl.Series(own)] * 3)
    ratings = pl.concat([truth ^ is_slip] * 3)
    found = fitted(texts, ratings)
    slipped = pl.concat([is_slip] * 3)
    sides = ratings.replace_strict({True: "positive", False: "negative"})
    told = sentiment(texts, sides, found)["positive_probability"] > 0.5
    assert (told == ratings).filter(slipped).mean() < 0.1
    learned_by_heart = sentiment(texts, pl.Series([None] * 1200, dtype=pl.String), found)
    assert ((learned_by_heart["positive_probability"] > 0.5) == ratings).filter(
        slipped
    ).mean() > 0.5


def test_rated_texts_are_told_what_the_evidence_was_measured_on(model: SentimentModel) -> None:
    texts, is_positive = rated(slips=0.05)
    sides = is_positive.replace_strict({True: "positive", False: "negative"})
    told = sentiment(texts, sides, model)["positive_probability"]
    brier = ((told - is_positive.cast(pl.Float64)) ** 2).mean()
    (measured,) = model.quality.filter(model="sentiment", measure="brier")["value"]
    assert brier == pytest.approx(measured, abs=1e-6)


def test_that_most_ratings_praise_is_held_against_rated_texts_alone() -> None:
    texts, is_positive = rated(n=1500, slips=0.1)
    kept = is_positive | (pl.Series(np.arange(1500)) % 6 == 0)
    found = fitted(texts.filter(kept), is_positive.filter(kept))
    asked = rated(n=200, seed=6)[0]
    unrated, praised = (
        sentiment(asked, pl.Series([rating] * 200, dtype=pl.String), found)["positive_probability"]
        for rating in (None, "positive")
    )
    share = is_positive.filter(kept).mean()
    between = (praised / (1 - praised)).log() - (unrated / (1 - unrated)).log()
    # The whole learned from a quarter more texts than the parts: their weights differ somewhat.
    assert between.median() == pytest.approx(np.log(share / (1 - share)), abs=0.25)


def test_folds_hold_equal_texts_together_and_are_even() -> None:
    texts = rated(n=1000)[0]
    assert fold_of(pl.concat([texts, " " + texts + " "])).reshape(2, -1).std(axis=0).max() == 0
    assert np.bincount(fold_of(texts), minlength=FOLDS_N).min() > 150


def test_the_lexicon_answers_where_it_is_no_worse() -> None:
    """Here ratings are what the lexicon says, and n-grams are all alike."""
    words = ("很好", "不错", "满意", "太差", "难吃", "失望")
    dice = np.random.default_rng(8)
    texts = pl.Series(
        [f"{dice.choice(words)}{''.join(dice.choice(FILLER['zh'], 12))}" for _ in range(700)]
    )
    is_positive = lexicon_sentiment(texts)["lexicon_score"] > 0
    found = fitted(texts, is_positive)
    assert found.by_language == {}
    assert found.unfit["zh"].code == "lexicon_is_better"
    told = sentiment(texts, pl.Series([None] * 700, dtype=pl.String), found)
    assert told["sentiment_by"].unique().to_list() == ["lexicon"]


def test_evidence_is_that_of_texts_not_learned_from(model: SentimentModel) -> None:
    rows = {(of["model"], of["measure"]): of["value"] for of in model.quality.iter_rows(named=True)}
    # Slips can not be told: 5 % of the ratings are wrong, so that no honest accuracy is above .97.
    assert 0.9 < rows["sentiment", "accuracy"] < 0.97
    assert rows["sentiment_lexicon", "accuracy"] < 0.6
    assert rows["sentiment", "texts_n"] == 600
    assert model.quality["part"].unique().to_list() == ["zh"]


@pytest.mark.parametrize(
    ("praising_n", "complaining_n", "code"),
    [
        (LEAST_OF_EACH_N - 1, LEAST_OF_EACH_N, "too_few_praising"),
        (LEAST_OF_EACH_N, LEAST_OF_EACH_N - 1, "too_few_complaining"),
    ],
)
def test_a_language_with_too_few_texts_of_a_kind_has_no_model(
    praising_n: int, complaining_n: int, code: str
) -> None:
    english, of_english = rated(language="en")
    texts, is_positive = rated(n=600, seed=7)
    chinese = pl.concat([
        texts.filter(is_positive).head(praising_n), texts.filter(~is_positive).head(complaining_n)
    ])  # fmt: skip
    praised = pl.Series([True] * praising_n + [False] * complaining_n)
    # Said again and again, a text teaches no more.
    found = fitted(
        pl.concat([english, chinese, chinese]), pl.concat([of_english, praised, praised])
    )
    assert list(found.by_language) == ["en"]
    assert found.unfit["zh"] == NotFitted(
        code, {"found_n": LEAST_OF_EACH_N - 1, "least_n": LEAST_OF_EACH_N}
    )


def test_without_rated_texts_there_is_no_model_and_it_is_said_why() -> None:
    texts, _ = rated(n=400)
    nothing = fit_sentiment(texts, pl.Series([None] * 400, dtype=pl.Boolean), as_of=AS_OF)
    assert nothing == NotFitted("too_few_texts", {"found_n": 0, "least_n": 2 * LEAST_OF_EACH_N})


def test_neutral_ratings_teach_nothing(model: SentimentModel) -> None:
    texts, is_positive = rated(slips=0.05)
    others, _ = rated(seed=12)
    with_neutral = fitted(
        pl.concat([texts, others]),
        pl.concat([is_positive, pl.Series([None] * len(others), dtype=pl.Boolean)]),
    )
    assert digest_of(with_neutral.parts()) == digest_of(model.parts())


@pytest.mark.parametrize("threads", [1, 2])
def test_rows_in_any_order_and_any_threads_give_the_same_model(
    model: SentimentModel, threads: int
) -> None:
    rows = pl.DataFrame(dict(zip(("text", "is_positive"), rated(slips=0.05), strict=True)))
    mixed = rows.sample(fraction=1, shuffle=True, seed=threads)
    with threadpool_limits(threads):
        again = fitted(mixed["text"], mixed["is_positive"])
    assert digest_of(again.parts()) == digest_of(model.parts())


def test_the_texts_that_are_drawn_of_too_many_do_not_depend_on_their_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sentiment_fit, "MOST_TEXTS_N", 500)
    rows = pl.DataFrame(dict(zip(("text", "is_positive"), rated(), strict=True)))
    mixed = rows.sample(fraction=1, shuffle=True, seed=1)
    one, other = (fitted(of["text"], of["is_positive"]) for of in (rows, mixed))
    assert one.by_language["zh"].texts_n == 500
    assert digest_of(one.parts()) == digest_of(other.parts())


def test_a_kept_model_is_found_as_it_was(model: SentimentModel, tmp_path: object) -> None:
    workspace = Workspace(tmp_path)  # type: ignore[arg-type]
    origin = model_shelf.Origin(AS_OF, {"feedback": "1"}, {}, "k")
    model_shelf.keep(workspace, "sentiment", origin, model.parts(), key=b"k")
    kept = model_shelf.kept(workspace, "sentiment", origin, key=b"k")
    assert isinstance(kept, dict)
    found = SentimentModel.from_parts(kept)
    assert digest_of(found.parts()) == digest_of(model.parts())
    assert found.unfit == model.unfit
    assert_frame_equal(found.quality, model.quality)
    texts = rated(seed=5)[0]
    assert probability(found, texts).tolist() == probability(model, texts).tolist()


def test_no_model_holds_a_text(model: SentimentModel) -> None:
    """Figures alone are kept: columns, weights, lines, counts."""
    (of,) = model.by_language.values()
    kinds = {type(part) for part in of.parts().values()}
    assert kinds == {list, float, int, np.ndarray}
