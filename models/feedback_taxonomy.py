"""What a text is about: the categories of feedback that its words tell of, and those words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

import polars as pl

from regulars.expectations.feedback_categories import FEEDBACK_CATEGORIES, OTHER
from regulars.models import category_terms_en as en
from regulars.models import category_terms_zh as zh
from regulars.models.category_evidence import EVIDENCE, WORDS_SHOWN_N, clause_evidence
from regulars.models.category_reading import DAYS, DURATION, MONEY, OWN, Lexicon, lexicon_of
from regulars.models.category_rules import ABOUT, BARELY, ENOUGH, RULES, UNIT, Rule, parsed

TEXTS_AT_ONCE_N = 50_000
"""Bounds the memory that a long column takes; no text's answer depends on it."""

TOLD = pl.Schema({"categories": pl.List(pl.String()), "category_words": pl.List(pl.String())})


@dataclass(frozen=True, eq=False)
class Taxonomy:
    """The categories in their order with their labels (English, Chinese), terms and rules."""

    labels: Mapping[str, tuple[str, str]]
    lexicon: Lexicon
    rules: tuple[Rule, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(self.labels)


@cache
def taxonomy() -> Taxonomy:
    """The taxonomy that comes with the package."""
    return taxonomy_with()


def taxonomy_with(
    *,
    terms: Mapping[str, Iterable[str]] | None = None,
    categories: Mapping[str, tuple[str, str]] | None = None,
) -> Taxonomy:
    """The taxonomy with a chain's own: further terms by code, further categories with labels.

    A term of a chain tells of its category by itself; it is heard in any case of letters, Latin
    ones as whole words, or with every ending where it ends in a star.

    Raises:
        ValueError: terms of a category that there is not, or a category that there is already.
    """
    own = dict(categories or {})
    if twice := sorted({*FEEDBACK_CATEGORIES, OTHER} & own.keys()):
        raise ValueError(f"categories of their own that there are already: {', '.join(twice)}")
    labels = {code: known.label for code, known in FEEDBACK_CATEGORIES.items()} | own
    if unknown := sorted((terms or {}).keys() - labels.keys()):
        raise ValueError(f"terms of unknown categories: {', '.join(unknown)}")
    told: dict[str, list[str]] = {}
    for part, words in zh.TERMS.items():
        told.setdefault(part, []).extend(words.split())
    for part, words in en.TERMS.items():
        told.setdefault(part, []).extend(filter(None, map(_trimmed, words.split(","))))
    rules = list(parsed(RULES))
    told |= {"money": [MONEY], "duration": [DURATION], "days": [DAYS]}
    for code, own_terms in (terms or {}).items():
        told[f"{OWN}{code}"] = [_trimmed(term) for term in own_terms]
        rules.append(Rule(code, UNIT, ((f"{OWN}{code}",),), ()))
    return Taxonomy(labels, lexicon_of(told, subjects=ABOUT), tuple(rules))


def told_categories(texts: pl.Series, known: Taxonomy | None = None) -> pl.DataFrame:
    """One row a text, in the order given: categories, category_words.

    `categories`: codes in the order of the taxonomy; ``["other"]`` where the text tells of none;
    empty where it is null or blank. `category_words`: at most six of the words that decided, as
    they stand in the text but in small letters and one width, the heaviest first; empty where
    nothing decided. No text bears on another.

    >>> told_categories(pl.Series(["退款三周没到账", "endless queue", "hi"])).rows()
    [(['returns_after_sales'], ['退款', '没到账']), (['queue_waiting'], ['queue']), (['other'], [])]
    """
    by_text = evidence(texts, known)
    asked = taxonomy() if known is None else known
    order = {code: n for n, code in enumerate(asked.codes)}
    decided = (
        by_text.with_columns(
            pl.col("weight").max().over("row").alias("most"),
            (pl.col("category") == OTHER).any().over("row").alias("is_other"),
        )
        .filter(
            ~pl.col("is_other")
            & (
                (pl.col("weight") >= ENOUGH * UNIT)
                | (
                    (pl.col("most") < ENOUGH * UNIT)
                    & (pl.col("weight") >= BARELY * UNIT)
                    & (pl.col("weight") == pl.col("most"))
                )
            )
        )
        .with_columns(
            pl.col("category").replace_strict(order, return_dtype=pl.Int64).alias("place")
        )
    )
    categories = (
        decided.sort("row", "place")
        .group_by("row", maintain_order=True)
        .agg(pl.col("category").alias("categories"))
    )
    words = (
        decided.sort("row", "weight", "place", descending=[False, True, False])
        .select("row", pl.col("words").alias("category_words"))
        .explode("category_words")
        .drop_nulls()
        .unique(maintain_order=True)
        .group_by("row", maintain_order=True)
        .agg(pl.col("category_words").head(WORDS_SHOWN_N))
    )
    has_text = texts.cast(pl.String).str.strip_chars().str.len_bytes().fill_null(0) > 0
    nothing = pl.lit([], dtype=pl.List(pl.String))
    return (
        pl.DataFrame({"has_text": has_text})
        .with_row_index("row")
        .join(categories, on="row", how="left", maintain_order="left")
        .join(words, on="row", how="left", maintain_order="left")
        .select(
            pl.when(~pl.col("has_text"))
            .then(nothing)
            .otherwise(pl.col("categories").fill_null(pl.lit([OTHER])))
            .alias("categories"),
            pl.when("has_text").then("category_words").fill_null(nothing).alias("category_words"),
        )
    )


def evidence(texts: pl.Series, known: Taxonomy | None = None) -> pl.DataFrame:
    """Grain: text x category that a rule gave weight to, by row and category.

    Columns: row (of the series), category, weight (thousandths; the heaviest rule's, or the sum of
    what leans in several clauses, short of enough), words (the heaviest first).
    """
    asked = taxonomy() if known is None else known
    read = texts.cast(pl.String).fill_null("")
    parts = []
    for first in range(0, len(read), TEXTS_AT_ONCE_N):
        part = read.slice(first, TEXTS_AT_ONCE_N)
        found = clause_evidence(part, asked.lexicon, asked.rules)
        parts.append(found.with_columns(pl.col("row") + pl.lit(first, pl.UInt32)))
    return pl.concat([EVIDENCE.to_frame(), *parts])


def _trimmed(term: str) -> str:
    return " ".join(term.split())
