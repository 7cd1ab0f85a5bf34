"""What the rules make of the parts that a text's words play: weights of categories, and words."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from regulars.models.category_reading import BREAK, DAYS, DURATION, MONEY, Lexicon, heard
from regulars.models.category_rules import ENOUGH, LEANING, SUBJECTS, UNIT, Rule

WORDS_SHOWN_N = 6
EVIDENCE = pl.Schema(
    {
        "row": pl.UInt32(),
        "category": pl.String(),
        "weight": pl.Int64(),
        "words": pl.List(pl.String()),
    }
)


def clause_evidence(texts: pl.Series, lexicon: Lexicon, rules: Sequence[Rule]) -> pl.DataFrame:
    """Grain: text x category that a rule gave weight to, by row and category; see EVIDENCE."""
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
            for n, rule in enumerate(rules)
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
                .filter(pl.col("weight") >= LEANING * UNIT)
                .sum()
                .clip(upper_bound=int(ENOUGH * UNIT) - 1),
            )
        )
    )
    words = _words(fired, tokens, lexicon, rules)
    return (
        by_text.join(words, on=["row", "category"], how="left")
        .sort("row", "category")
        .select(pl.col("row").cast(pl.UInt32), "category", "weight", pl.col("words").fill_null([]))
    )


def _clauses(tokens: pl.DataFrame, lexicon: Lexicon) -> pl.DataFrame:
    """Grain: clause. `row`, `clause`, and a Boolean a part, ``~subject``, ``text:part``."""
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


def _words(
    fired: pl.DataFrame, tokens: pl.DataFrame, lexicon: Lexicon, rules: Sequence[Rule]
) -> pl.DataFrame:
    """Grain: text x category. `words` that decided, the heaviest first, earlier before later."""
    wanted = pl.DataFrame(
        [
            (n, *(lexicon.mask(rule.parts, k) for k in range(len(lexicon.masks))))
            for n, rule in enumerate(rules)
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
