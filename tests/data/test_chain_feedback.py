"""The sample chain's feedback: what is planted can be found, and the truth tells of it."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from regulars.data import chain_opinions
from regulars.data.chain_feedback import feedback
from regulars.data.chain_journal import journal, nothing
from regulars.data.chain_phrases import CATEGORIES, LANGUAGES, SENTIMENTS, phrases
from regulars.data.chain_world import World, months


@pytest.fixture(scope="module")
def both() -> tuple[pl.DataFrame, pl.DataFrame]:
    world, awaited, heard = World.drawn("small", seed=10), nothing(), []
    for month in months():
        lines, awaited = journal(world, month, awaited)
        heard.append(chain_opinions.occasions(lines, month, seed=10))
    return feedback(pl.concat(heard), seed=10)


@pytest.fixture(scope="module")
def pieces(both: tuple[pl.DataFrame, pl.DataFrame]) -> pl.DataFrame:
    said, truth = both
    return said.join(truth, on="feedback_id").with_columns(
        said_on=pl.col("submitted_at").str.slice(0, 10).str.to_date(),
        is_negative=pl.col("sentiment") == "negative",
    )


@pytest.fixture(scope="module")
def planted() -> dict[str, Any]:
    return chain_opinions.planted()


def test_every_piece_has_one_row_of_truth(both: tuple[pl.DataFrame, pl.DataFrame]) -> None:
    said, truth = both

    assert said["feedback_id"].equals(truth["feedback_id"])
    assert said["feedback_id"].n_unique() == said.height > 1_000


@pytest.mark.parametrize(
    ("column", "key"),
    [("store_id", "bad_store"), ("product_id", "bad_product"), ("staff_id", "rude_staff")],
)
def test_what_is_planted_has_the_highest_share_of_discontent(
    pieces: pl.DataFrame, planted: dict[str, Any], column: str, key: str
) -> None:
    """Ranked by the lower end of a 95 % interval, so that a few pieces prove nothing."""
    share, n = pl.col("is_negative").mean(), pl.len()
    ranked = (
        pieces.filter(pl.col("cause").ne_missing("topic"))
        .drop_nulls(column)
        .group_by(column)
        .agg(least=share - 1.96 * (share * (1 - share) / n).sqrt(), n=n)
        .filter(pl.col("n") >= 10)
        .sort("least", descending=True)
    )

    assert ranked[column][0] == planted[key]
    assert ranked["least"][0] > pieces["is_negative"].mean()


def test_the_bad_week_has_more_discontent_than_the_others(
    pieces: pl.DataFrame, planted: dict[str, Any]
) -> None:
    """Ranked by the lower end of a 95 % interval among all weeks."""
    share, n = pl.col("is_negative").mean(), pl.len()
    weeks = (
        pieces.filter(pl.col("cause").ne_missing("topic"))
        .sort("said_on")
        .group_by_dynamic("said_on", every="1w")
        .agg(least=share - 1.96 * (share * (1 - share) / n).sqrt(), n=n)
        .filter(pl.col("n") >= 10)
        .sort("least", descending=True)
    )

    assert str(weeks["said_on"][0]) == planted["bad_week"]
    assert weeks["least"][0] > weeks["least"][1] + 0.1


def test_the_topic_begins_in_its_week_and_is_never_spoken_of_before(
    pieces: pl.DataFrame, planted: dict[str, Any]
) -> None:
    topic = planted["new_topic"]
    terms = "|".join([*topic["terms"]["zh"], *topic["terms"]["en"]])
    speaks = pieces.filter(pl.col("text").str.contains(f"(?i){terms}"))
    weeks = speaks.group_by_dynamic("said_on", every="1w").agg(pl.len())

    assert set(speaks["cause"]) == {"topic"}
    assert str(weeks["said_on"][0]) == topic["starts_week"]
    assert (weeks["len"].head(-1) >= chain_opinions.TOPIC_LEAST).all()


def test_a_text_is_of_its_categories_its_sentiment_and_its_language(pieces: pl.DataFrame) -> None:
    """Found again by looking for the phrases themselves."""
    plain = pieces.filter(
        "has_text", pl.col("fault").is_null(), pl.col("cause").ne_missing("topic")
    )
    for row in plain.select("text", "categories", "sentiment", "language").iter_rows(named=True):
        for category in row["categories"]:
            known = phrases(row["language"], row["sentiment"], CATEGORIES.index(category))
            assert any(phrase in row["text"] for phrase in known)


def test_no_phrase_belongs_to_two_categories_or_two_sentiments() -> None:
    every = [
        phrase
        for language in LANGUAGES
        for sentiment in SENTIMENTS
        for category in range(len(CATEGORIES))
        for phrase in phrases(language, sentiment, category)
    ]

    assert len(set(every)) == len(every)


def test_every_category_is_heard_in_every_sentiment_and_language(pieces: pl.DataFrame) -> None:
    spoken = pieces.filter("has_text").explode("categories")

    assert spoken.select(pl.struct("categories", "sentiment", "language").n_unique()).item() == (
        len(CATEGORIES) * len(SENTIMENTS) * len(LANGUAGES)
    )


def test_a_piece_without_a_text_has_no_category(pieces: pl.DataFrame) -> None:
    silent = pieces.filter(~pl.col("has_text"))

    assert silent.height > 0
    assert silent["text"].null_count() == silent.height
    assert silent["categories"].list.len().sum() == 0
    assert pieces.filter("has_text")["text"].null_count() == 0


def test_nobody_queues_online_and_no_parcel_comes_from_a_till(pieces: pl.DataFrame) -> None:
    usual = pieces.filter(pl.col("cause").is_null()).explode("categories")
    at_till = usual.filter(pl.col("channel") == "门店")["categories"]
    online = usual.filter(pl.col("channel") != "门店")["categories"]

    assert "delivery_and_logistics" not in set(at_till)
    assert not {"queue_and_waiting", "store_environment"} & set(online)


def test_a_rating_follows_the_sentiment_but_where_the_truth_says_otherwise(
    pieces: pl.DataFrame,
) -> None:
    rated = pieces.drop_nulls("rating").with_columns(
        of_five=pl.col("rating") * 5 // pl.col("rating_scale")
    )
    agrees = pl.when("is_negative").then(pl.col("of_five") <= 3).otherwise(pl.col("of_five") >= 2)
    plain = rated.filter(~pl.col("rating_contradicts"), pl.col("has_text"))

    assert plain.select(agrees.all()).item()
    assert set(rated["rating_scale"]) == {5, 10}
    assert rated.filter("rating_contradicts", "is_negative")["of_five"].min() in (3, 4, 5)


def test_an_answer_comes_after_the_complaint_and_a_settlement_after_the_answer(
    pieces: pl.DataFrame,
) -> None:
    handled = pieces.drop_nulls("responded_at")

    assert set(handled["kind"]) == {"complaint", "call"}
    assert (handled["responded_at"] > handled["submitted_at"]).all()
    assert (
        handled.drop_nulls("resolved_at")
        .select((pl.col("resolved_at") > pl.col("responded_at")).all())
        .item()
    )
    assert 0 < handled["resolved_at"].null_count() < handled.height


@pytest.mark.parametrize(
    ("fault", "sign"),
    [
        ("P12.phone", "10012345678"),
        ("P12.email", "@example.com"),
        ("P09.script", "</script>"),
        ("P08.formula", "=HYPERLINK"),
        ("F33.control", "\u0007"),
    ],
)
def test_a_text_that_breaks_programs_is_told_by_the_truth(
    pieces: pl.DataFrame, fault: str, sign: str
) -> None:
    bears = pieces.filter(pl.col("text").str.contains(sign, literal=True))

    assert set(bears["fault"]) == {fault}
    assert bears.height == 3


def test_one_text_is_a_megabyte_and_some_are_a_character(pieces: pl.DataFrame) -> None:
    bytes_n = pieces["text"].str.len_bytes()

    assert (bytes_n > 1_000_000).sum() == 1
    assert (
        pieces.filter(pl.col("fault") == "F33.short")["text"].str.len_chars().to_list() == [1] * 3
    )
