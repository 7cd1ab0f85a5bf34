"""What a text is about: the categories of feedback that its words tell of, and those words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

import polars as pl

from regulars.expectations.feedback_categories import FEEDBACK_CATEGORIES, OTHER
from regulars.models import category_terms_en as en
from regulars.models import category_terms_zh as zh
from regulars.models.category_reading import (
    BREAK,
    DAYS,
    DURATION,
    MONEY,
    Lexicon,
    heard,
    lexicon_of,
)
from regulars.models.category_rules import ABOUT, BARELY, ENOUGH, LEANING, RULES, SUBJECTS

TEXTS_AT_ONCE_N = 50_000
"""Bounds the memory that a long column takes; no text's answer depends on it."""
WORDS_SHOWN_N = 6
_UNIT = 1000

TOLD = pl.Schema({"categories": pl.List(pl.String()), "category_words": pl.List(pl.String())})
EVIDENCE = pl.Schema(
    {
        "row": pl.UInt32(),
        "category": pl.String(),
        "weight": pl.Int64(),
        "words": pl.List(pl.String()),
    }
)


@dataclass(frozen=True)
class Rule:
    """What a clause must hold for a category to be told of; `weight` in thousandths."""

    category: str
    weight: int
    needs: tuple[tuple[str, ...], ...]
    bars: tuple[str, ...]

    @property
    def parts(self) -> list[str]:
        """The parts of the clause itself that decide."""
        named = (part for any_of in self.needs for part in any_of)
        return [part.removeprefix("~") for part in named if not part.startswith("text:")]

    def holds(self) -> pl.Expr:
        """Whether a clause (a row of parts as Booleans) meets the rule."""
        wanted = [pl.any_horizontal(any_of) for any_of in self.needs]
        return pl.all_horizontal(*wanted, *(~pl.col(part) for part in self.bars))


@dataclass(frozen=True, eq=False)
class Taxonomy:
    """The categories in their order with their labels (English, Chinese), terms and rules."""

    labels: Mapping[str, tuple[str, str]]
    lexicon: Lexicon
    rules: tuple[Rule, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(self.labels)


def parsed(rules: str) -> tuple[Rule, ...]:
    """The rules as they are written, one a line.

    >>> parsed("queue_waiting 1.0 wait till|queue -delivery")[0].needs
    (('wait',), ('till', 'queue'))
    """
    found = []
    for line in filter(None, map(str.strip, rules.splitlines())):
        category, weight, *asked = line.split()
        found.append(
            Rule(
                category,
                round(float(weight) * _UNIT),
                tuple(tuple(part.split("|")) for part in asked if not part.startswith("-")),
                tuple(part[1:] for part in asked if part.startswith("-")),
            )
        )
    return tuple(found)


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
    for code, words in (terms or {}).items():
        told[f"own:{code}"] = [_trimmed(word) for word in words]
        rules.append(Rule(code, _UNIT, ((f"own:{code}",),), ()))
    return Taxonomy(labels, lexicon_of(told, subjects=ABOUT), tuple(rules))


def told_categories(texts: pl.Series, known: Taxonomy | None = None) -> pl.DataFrame:
    """One row a text, in the order given: categories, category_words.

    `categories`: codes in the order of the taxonomy; ``["other"]`` where the text tells of none;
    empty where it is null or blank. `category_words`: at most six of the words that decided, as
    they stand in the text but in small letters and one width, the heaviest first; empty where
    nothing decided. No text bears on another.

    >>> told_categories(pl.Series(["退款三周没到账", "The queue was endless", "hello"])).rows()
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
                (pl.col("weight") >= ENOUGH * _UNIT)
                | (
                    (pl.col("most") < ENOUGH * _UNIT)
                    & (pl.col("weight") >= BARELY * _UNIT)
                    & (pl.col("weight") == pl.col("most"))
                )
            )
        )
        .with_columns(
            pl.col("category").replace_strict(order, return_dtype=pl.Int64).alias("place")
        )
    )
    told = (
        decided.sort("row", "place")
        .group_by("row", maintain_order=True)
        .agg(
            pl.col("category").alias("categories"),
            pl.col("words")
            .sort_by(pl.col("weight"), descending=True, maintain_order=True)
            .explode()
            .unique(maintain_order=True)
            .head(WORDS_SHOWN_N)
            .alias("category_words"),
        )
    )
    has_text = texts.cast(pl.String).str.strip_chars().str.len_bytes().fill_null(0) > 0
    nothing = pl.lit([], dtype=pl.List(pl.String))
    return (
        pl.DataFrame({"has_text": has_text})
        .with_row_index("row")
        .join(told, on="row", how="left", maintain_order="left")
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

    Columns: row (of the series), category, weight (thousandths; the heaviest rule of the category
    and half of each further clause's), words (the heaviest first).
    """
    asked = taxonomy() if known is None else known
    read = texts.cast(pl.String).fill_null("")
    parts = [
        _evidence(read.slice(first, TEXTS_AT_ONCE_N), asked).with_columns(
            pl.col("row") + pl.lit(first, pl.UInt32)
        )
        for first in range(0, len(read), TEXTS_AT_ONCE_N)
    ]
    return pl.concat([EVIDENCE.to_frame(), *parts])


def _evidence(texts: pl.Series, known: Taxonomy) -> pl.DataFrame:
    lexicon = known.lexicon
    tokens = heard(texts, lexicon)
    clauses = _clauses(tokens, lexicon)
    fired = pl.concat(
        [
            clauses.filter(rule.holds()).select(
                "row",
                "clause",
                pl.lit(n, pl.UInt16).alias("rule"),
                pl.lit(rule.category).alias("category"),
                pl.lit(rule.weight, pl.Int64).alias("weight"),
            )
            for n, rule in enumerate(known.rules)
        ]
    )
    by_text = (
        fired.group_by("row", "clause", "category")
        .agg(pl.col("weight").max())
        .group_by("row", "category")
        .agg(
            pl.max_horizontal(
                pl.col("weight").max(),
                pl.col("weight")
                .filter(pl.col("weight") >= LEANING * _UNIT)
                .sum()
                .clip(upper_bound=int(ENOUGH * _UNIT) - 1),
            )
        )
    )
    words = _words(fired, tokens, known)
    return (
        by_text.join(words, on=["row", "category"], how="left")
        .sort("row", "category")
        .select(pl.col("row").cast(pl.UInt32), "category", "weight", pl.col("words").fill_null([]))
    )


def _clauses(tokens: pl.DataFrame, lexicon: Lexicon) -> pl.DataFrame:
    """Grain: clause. `row`, `clause`, and a Boolean for each part, ``~subject`` and ``text:part``."""
    masks = lexicon.masks
    texts = [mask.replace("m", "t") for mask in masks]
    carried = [mask.replace("m", "c") for mask in masks]
    subjects = {mask: lexicon.mask(SUBJECTS, n) for n, mask in enumerate(masks)}
    own = pl.any_horizontal((pl.col(mask) & bits) != 0 for mask, bits in subjects.items())
    by_clause = (
        tokens.group_by("row", "clause", maintain_order=True)
        .agg(pl.col(masks).bitwise_or())
        .with_columns(
            *(
                pl.when(own).then(pl.col(m) & bits).forward_fill().over("row").fill_null(0).alias(c)
                for c, (m, bits) in zip(carried, subjects.items(), strict=True)
            ),
            *(
                pl.col(m).bitwise_or().over("row").alias(t)
                for m, t in zip(masks, texts, strict=True)
            ),
        )
    )
    parts = [part for part in lexicon.parts if part != BREAK]
    return by_clause.select(
        "row",
        "clause",
        *(lexicon.has(part).alias(part) for part in parts),
        *(lexicon.has(part, "c").alias(f"~{part}") for part in SUBJECTS),
        *(lexicon.has(part, "t").alias(f"text:{part}") for part in parts),
    )


def _words(fired: pl.DataFrame, tokens: pl.DataFrame, known: Taxonomy) -> pl.DataFrame:
    """Grain: text x category. `words` that decided, the heaviest first, earlier before later."""
    lexicon = known.lexicon
    wanted = pl.DataFrame(
        [
            (n, *(lexicon.mask(rule.parts, k) for k in range(len(lexicon.masks))))
            for n, rule in enumerate(known.rules)
        ],
        schema={"rule": pl.UInt16} | {f"w{k}": pl.UInt64 for k in range(len(lexicon.masks))},
        orient="row",
    )
    plays = pl.any_horizontal(
        (pl.col(f"m{k}") & pl.col(f"w{k}")) != 0 for k in range(len(lexicon.masks))
    )
    return (
        fired.join(wanted, on="rule")
        .join(tokens, on=["row", "clause"])
        .filter(plays)
        .sort("row", "category", "weight", "start", descending=[False, False, True, False])
        .with_columns(
            pl.col("term")
            .str.replace_all(f"[{MONEY}{DURATION}{DAYS}]", "")
            .str.replace_all(" +", " ")
            .str.strip_chars(" ")
        )
        .filter(pl.col("term") != "")
        .unique(["row", "category", "term"], keep="first", maintain_order=True)
        .group_by("row", "category", maintain_order=True)
        .agg(pl.col("term").head(WORDS_SHOWN_N).alias("words"))
    )


def _trimmed(term: str) -> str:
    return " ".join(term.split())
