"""The texts of the sample chain's feedback, composed of phrases, and some that break programs.

A text is a phrase or two and a closing. A declared few hold what texts should not: telephone
numbers and mail addresses, markup, control characters, a formula, a single character, a megabyte.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from regulars.data.chain_lists import Truth, Whole
from regulars.data.chain_phrases import (
    CATEGORIES,
    CLOSINGS,
    JOINTS,
    LANGUAGES,
    SENTIMENTS,
    TOPIC,
    phrases,
)

LONG_REPEATS = 170_000  # of six bytes: a megabyte
# Added to a text that is there; no real person's number begins with 100.
ADDED = {
    "P12.phone": "，请回电 10012345678",
    "P12.email": " reach me at someone@example.com",
    "P09.script": "</script><script>alert(1)</script>",
    "P09.bold": "<b>&amp;</b>",
    "P08.formula": '=HYPERLINK("http://example.com")',
    "F33.control": "\u0007\u200b",
    "F33.emoji": "😡😡🙃👨‍👩‍👧",
    "F33.long": "很长" * LONG_REPEATS,
}
ONE_CHARACTER = "F33.short"
DOSES = dict.fromkeys([*ADDED, ONE_CHARACTER], 3) | {"F33.long": 1}


def spoken(pieces: pl.DataFrame, draw: np.random.Generator) -> pl.DataFrame:
    """``text``, null where nothing was said, and ``planted``, what was added to it, mostly null.

    Expects ``sentiment``, ``category`` and ``second_category`` (-1 for none) as numbers, and
    ``is_english``, ``is_silent``, ``is_topic``; a row a piece, in the same order.
    """
    language = pieces["is_english"].to_numpy().astype(np.int64)
    sentiment = pieces["sentiment"].to_numpy()
    mood = language * len(SENTIMENTS) + sentiment
    second = pieces["second_category"].to_numpy()
    groups = [
        phrases(name, feeling, category)
        for name in LANGUAGES
        for feeling in SENTIMENTS
        for category in range(len(CATEGORIES))
    ]
    closings = [CLOSINGS[name][feeling] for name in LANGUAGES for feeling in SENTIMENTS]
    place = mood * len(CATEGORIES)
    texts = pieces.select("is_topic", "is_silent").with_columns(
        first=_one_of_each(groups, place + pieces["category"].to_numpy(), draw),
        second=_one_of_each(groups, place + np.maximum(second, 0), draw),
        has_second=pl.Series(second >= 0),
        joint=pl.Series([JOINTS[name] for name in LANGUAGES]).gather(language),
        topic=_one_of_each([TOPIC[name] for name in LANGUAGES], language, draw),
        closing=_one_of_each(closings, mood, draw),
        planted=_planted((~pieces["is_silent"] & ~pieces["is_topic"]).to_numpy(), draw),
    )
    said = (
        pl.when("is_topic")
        .then("topic")
        .when("has_second")
        .then(pl.concat_str("first", "joint", "second"))
        .otherwise("first")
    )
    added = pl.col("planted").replace_strict(ADDED, default="", return_dtype=pl.String)
    whole = (
        pl.when(pl.col("planted") == ONE_CHARACTER)
        .then(said.str.head(1))
        .otherwise(said + pl.col("closing") + added.fill_null(""))
    )
    return texts.select(pl.when(~pl.col("is_silent")).then(whole).alias("text"), "planted")


def _one_of_each(
    groups: Sequence[tuple[str, ...]], group: Whole, draw: np.random.Generator
) -> pl.Series:
    """A text drawn from each entry's group."""
    sizes = np.array([len(texts) for texts in groups])
    starts = np.cumsum(sizes) - sizes
    chosen = starts[group] + np.floor(draw.random(len(group)) * sizes[group]).astype(np.int64)
    return pl.Series([text for texts in groups for text in texts]).gather(chosen)


def _planted(has_text: Truth, draw: np.random.Generator) -> pl.Series:
    wanted = [fault for fault, pieces_n in DOSES.items() for _ in range(pieces_n)]
    chosen = draw.permutation(np.flatnonzero(has_text))[: len(wanted)]
    found = np.full(len(has_text), None, dtype=object)
    found[chosen] = wanted[: len(chosen)]
    return pl.Series(found.tolist(), dtype=pl.String)
