"""How each piece of feedback sounds, who says so, and whether its rating says otherwise."""

from __future__ import annotations

import numpy as np
import polars as pl

from regulars.expectations.opinion_scales import (
    DETRACTOR_TO,
    LOW_RATING,
    PROMOTER_FROM,
    SATISFIED_FROM,
)
from regulars.models.sentiment_lexicon import lexicon_sentiment
from regulars.models.sentiment_model import SPOKEN, SentimentModel, fold_of
from regulars.models.sentiment_phrases import heaviest_phrases
from regulars.models.text_language import text_language

SURE = 0.6
"""A text is praise from this probability on, a complaint from its opposite down, neutral between:
whoever names it otherwise would be wrong three times in five."""
BEYOND_DOUBT = 0.8
"""A rating is contradicted by a text that says the opposite with this probability: as sure as the
lexicon is of one plain word and nothing else. A flag that is often wrong is soon ignored."""


_EVEN = 0.5

SENTIMENT = pl.Schema(
    {
        "language": pl.String(),
        "positive_probability": pl.Float64(),
        "sentiment": pl.String(),
        "sentiment_by": pl.String(),
        "sentiment_words": pl.List(pl.String()),
        "is_contradicting": pl.Boolean(),
    }
)


def rated(pieces: pl.DataFrame) -> pl.Series:
    """What the rating of each piece says: negative, neutral, positive; null where there is none.

    Read from rating_of_five, or where that is null from nps.

    >>> from decimal import Decimal
    >>> rated(pl.DataFrame({"rating_of_five": [Decimal(4), None, None], "nps": [0, 7, None]}))
    ... # doctest: +NORMALIZE_WHITESPACE
    shape: (3,)
    Series: 'rated' [str]
    [
        "positive"
        "neutral"
        null
    ]
    """
    five, nps = pl.col("rating_of_five"), pl.col("nps")
    return pieces.select(
        pl.when(five.is_not_null())
        .then(_side(five, LOW_RATING, SATISFIED_FROM))
        .otherwise(_side(nps, DETRACTOR_TO, PROMOTER_FROM))
        .alias("rated")
    ).to_series()


def praises(ratings: pl.Series) -> pl.Series:
    """What the model may learn of ratings as `rated` gives them: true, false; null of neutral.

    >>> praises(pl.Series(["positive", "neutral", "negative", None])).to_list()
    [True, None, False, None]
    """
    return ratings.replace_strict(
        {"positive": True, "negative": False}, default=None, return_dtype=pl.Boolean
    )


def sentiment(texts: pl.Series, ratings: pl.Series, model: SentimentModel | None) -> pl.DataFrame:
    """One row a text, in the order given; no text bears on another.

    `ratings` are what `rated` says of the pieces.

    language: zh, en, zh+en; null without a letter of either. positive_probability: the model's, in
    a language that it has learned, else the lexicon's; null where neither knows anything of the
    text. sentiment: negative, neutral or positive by the edges of `SURE`; where there is no
    probability what the rating says, or neutral where a text has no word of feeling and no rating
    stands beside it; null where there is nothing to go by. sentiment_by: trained, lexicon or
    rating, whichever it follows; null with it. sentiment_words: up to three that weighed most
    towards the verdict, as the text has them (one width, small letters): the lexicon's, whose score
    the model heeds too; where it knows none, or is of the other mind, the model's heaviest phrases;
    empty where nothing weighed. is_contradicting: whether text and rating are on opposite sides,
    the text `BEYOND_DOUBT`; null where either says nothing.

    A text whose rating may have taught the model is answered by the part of it that did not learn
    from that text nor from any equal to it, so that a rating never speaks through the text's
    probability, and `is_contradicting` means the same of old pieces and of new ones. Its
    probability is that among rated texts, of which most may praise. Of a text without a rating, or
    with a neutral one, nothing of the kind is known: it is answered as the lexicon answers, as if
    praise and complaint were equally frequent.
    """
    language = text_language(texts)
    heard = lexicon_sentiment(texts)
    told = heard.select(
        pl.Series("language", language, dtype=pl.String),
        "positive_probability",
        by=pl.when(pl.col("positive_probability").is_not_null()).then(pl.lit("lexicon")),
        words="deciding_words",
        rated=pl.Series(ratings, dtype=pl.String),
    )
    if model is not None:
        told = _learned(texts, heard, told, model)
    probability = pl.col("positive_probability")
    says = _side(probability, 1 - SURE, SURE)
    surely = _side(probability, 1 - BEYOND_DOUBT, BEYOND_DOUBT)
    has_no_feeling = pl.col("language").is_not_null()
    return told.select(
        "language",
        "positive_probability",
        sentiment=pl.coalesce(says, "rated", pl.when(has_no_feeling).then(pl.lit("neutral"))),
        sentiment_by=pl.coalesce(
            "by",
            pl.when(pl.col("rated").is_not_null()).then(pl.lit("rating")),
            pl.when(has_no_feeling).then(pl.lit("lexicon")),
        ),
        sentiment_words=pl.col("words").fill_null(pl.lit([], pl.List(pl.String))),
        is_contradicting=pl.when(probability.is_not_null()).then(
            (surely != pl.col("rated"))
            & (surely != pl.lit("neutral"))
            & (pl.col("rated") != pl.lit("neutral"))
        ),
    ).cast(SENTIMENT)


def _learned(
    texts: pl.Series, heard: pl.DataFrame, told: pl.DataFrame, model: SentimentModel
) -> pl.DataFrame:
    """What is told, with the answers of the model in their place where it has any."""
    speaker = told["language"].replace_strict(SPOKEN, default=None, return_dtype=pl.String)
    is_taught = praises(told["rated"]).is_not_null().to_numpy()
    part = np.where(is_taught, fold_of(texts) + 1, 0)
    answers = [pl.DataFrame(schema={"row": pl.Int64, "likely": pl.Float64})]
    explained = [pl.DataFrame(schema={"row": pl.Int64, "phrases": pl.List(pl.String)})]
    for name, of in sorted(model.by_language.items()):
        rows = np.flatnonzero((speaker == name).fill_null(False).to_numpy())
        probability = of.probability(texts.gather(rows), heard[rows], part[rows])
        is_praise = probability >= _EVEN
        by_words = heard["positive_probability"][rows].to_numpy()
        # Where the lexicon knows no word, the comparison with NaN says that it is of no mind.
        is_agreed = ((by_words > _EVEN) & is_praise) | ((by_words < _EVEN) & ~is_praise)
        answers.append(pl.DataFrame({"row": rows, "likely": probability}))
        for n in np.unique(part[rows]).tolist():
            own = np.flatnonzero((part[rows] == n) & ~is_agreed)
            phrases = heaviest_phrases(
                texts.gather(rows[own]), of.table(n), of.orders, is_praise[own]
            )
            explained.append(pl.DataFrame({"row": rows[own], "phrases": phrases}))
    by_row = told.with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))
    return (
        by_row.join(pl.concat(answers), on="row", how="left", maintain_order="left")
        .join(pl.concat(explained), on="row", how="left", maintain_order="left")
        .with_columns(
            positive_probability=pl.coalesce("likely", "positive_probability"),
            by=pl.when(pl.col("likely").is_not_null()).then(pl.lit("trained")).otherwise("by"),
            words=pl.coalesce("phrases", "words"),
        )
    )


def _side(value: pl.Expr, low: float, high: float) -> pl.Expr:
    """negative up to `low`, positive from `high` on, neutral between; null stays null."""
    return (
        pl.when(value <= low)
        .then(pl.lit("negative"))
        .when(value >= high)
        .then(pl.lit("positive"))
        .when(value.is_not_null())
        .then(pl.lit("neutral"))
    )
