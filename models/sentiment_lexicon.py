"""How a text sounds, by a lexicon in Chinese and English: no training needed."""

from __future__ import annotations

import math

import polars as pl

from regulars.models.sentiment_entries import Lexicon, lexicon, normalised
from regulars.models.sentiment_rules import tokens, weighed

TEXTS_AT_ONCE_N = 100_000
"""Bounds the memory that a long column takes; no text's answer depends on it."""
WORDS_SHOWN_N = 3
ODDS_OF_ONE_PLAIN_WORD = 4.0
"""One plain word (strength 2) and nothing else is taken to be right four times in five: shoppers
who say "good" mostly mean it, but one word in a text is little to go by."""
LOG_ODDS_PER_STRENGTH = math.log(ODDS_OF_ONE_PLAIN_WORD) / 2

SCHEMA = pl.Schema(
    [
        ("lexicon_score", pl.Float64()),
        ("positive_probability", pl.Float64()),
        ("deciding_words", pl.List(pl.String())),
        ("lexicon_language", pl.String()),
    ]
)


def lexicon_sentiment(texts: pl.Series, *, words: Lexicon | None = None) -> pl.DataFrame:
    """One row a text, in the order given; nothing is learned, no text bears on another.

    `lexicon_score`: the sum of the weights of its known words over the square root of their
    number, for words of one text repeat each other; above zero is praise.
    `positive_probability`: the logistic of the score, four to one for a single plain word.
    `deciding_words`: up to three that weighed most towards the verdict, with their negation.
    `lexicon_language`: whose words answered: zh, en, zh+en, or signs (emoji and marks alone).
    All four are null for a null text and for one without any known word.

    >>> lexicon_sentiment(pl.Series(["质量不错，物流很快", "not good", "12345"])).select(
    ...     pl.col("positive_probability").round(2), "deciding_words", "lexicon_language"
    ... ).rows()
    [(0.92, ['质量不错', '物流很快'], 'zh'), (0.15, ['not good'], 'en'), (None, None, None)]
    """
    known = lexicon() if words is None else words
    read = texts.cast(pl.String)
    parts = [
        _answers(read.slice(first, TEXTS_AT_ONCE_N), known)
        for first in range(0, len(read), TEXTS_AT_ONCE_N)
    ]
    return pl.concat(parts) if parts else SCHEMA.to_frame()


def _answers(texts: pl.Series, known: Lexicon) -> pl.DataFrame:
    read = pl.DataFrame({"text": normalised(texts.fill_null(""))}).with_row_index("row")
    counted = weighed(tokens(read, known))
    sums = counted.group_by("row").agg(
        pl.col("weight").sum().alias("sum"),
        pl.len().alias("counted_n"),
        (pl.col("language") == "zh").any().alias("is_zh"),
        (pl.col("language") == "en").any().alias("is_en"),
    )
    # Times a thousandth: over a thousand, polars rounds one row otherwise than several.
    score = pl.col("sum") * 0.001 / pl.col("counted_n").sqrt()
    spoken = (
        pl.when(pl.col("is_zh") & pl.col("is_en"))
        .then(pl.lit("zh+en"))
        .when("is_zh")
        .then(pl.lit("zh"))
        .when("is_en")
        .then(pl.lit("en"))
        .when(pl.col("sum").is_not_null())
        .then(pl.lit("signs"))
    )
    return (
        read.select("row")
        .join(sums, on="row", how="left", maintain_order="left")
        .join(_deciding(counted, sums), on="row", how="left", maintain_order="left")
        .select(
            score.alias("lexicon_score"),
            (1 / (1 + (-LOG_ODDS_PER_STRENGTH * score).exp())).alias("positive_probability"),
            "deciding_words",
            spoken.alias("lexicon_language"),
        )
    )


def _deciding(counted: pl.DataFrame, sums: pl.DataFrame) -> pl.DataFrame:
    """The heaviest words on the side of the verdict, each once, the earlier first among equals."""
    return (
        counted.join(sums.select("row", "sum"), on="row")
        .filter((pl.col("weight") * pl.col("sum") > 0) | (pl.col("sum") == 0))
        .sort("row", pl.col("weight").abs(), "start", descending=[False, True, False])
        .unique(["row", "said"], keep="first", maintain_order=True)
        .group_by("row", maintain_order=True)
        .agg(pl.col("said").head(WORDS_SHOWN_N).alias("deciding_words"))
    )
