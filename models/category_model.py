"""Categories learned from the chain's own labels: the fitted object, and what it tells of texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from regulars.expectations.feedback_categories import OTHER
from regulars.models.category_evidence import WORDS_SHOWN_N
from regulars.models.category_reading import read
from regulars.models.category_rules import ENOUGH, UNIT
from regulars.models.feedback_taxonomy import Taxonomy, evidence, told_categories
from regulars.models.text_ngrams import hashed_ngrams

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Floats = NDArray[np.float64]

ORDERS = (1, 2, 3)
COLUMNS_N = 2**16
"""Of hashed n-grams: half a megabyte a category in the model's file."""
EVIDENCE_CAP = 1.5
TEXTS_AT_ONCE_N = 20_000


@dataclass(frozen=True, eq=False)
class LearnedCategories:
    """One logistic regression a category that learned beats terms for, as of a day.

    `codes` are those of the taxonomy when it was fitted: the order of the columns of evidence.
    `learned` are the categories that are told by what was learned, in the order of the rows of
    `coefficients` (columns: hashed n-grams, then evidence by code), `intercepts`, `thresholds` and
    `phrases` (what speaks for each, heaviest first). `evidence` holds by category the measure of
    `category_fit` for terms and learned; `labelled_n` the pieces of each code; `unknown_n` the
    pieces whose label was known by no name.
    """

    fitted_on: date
    codes: tuple[str, ...]
    learned: tuple[str, ...]
    coefficients: Floats
    intercepts: Floats
    thresholds: Floats
    scale: Floats
    phrases: tuple[tuple[str, ...], ...]
    evidence: Mapping[str, Mapping[str, float]]
    labelled_n: Mapping[str, int]
    unknown_n: int

    def parts(self) -> dict[str, Any]:
        """The model as what a model file may hold; `from_parts` reads it back."""
        return {
            "fitted_on": self.fitted_on.isoformat(),
            "codes": list(self.codes),
            "learned": list(self.learned),
            "coefficients": self.coefficients,
            "intercepts": self.intercepts,
            "thresholds": self.thresholds,
            "scale": self.scale,
            "phrases": [list(said) for said in self.phrases],
            "evidence": {code: dict(by) for code, by in self.evidence.items()},
            "labelled_n": dict(self.labelled_n),
            "unknown_n": self.unknown_n,
        }

    @classmethod
    def from_parts(cls, parts: Mapping[str, Any]) -> LearnedCategories:
        """The model whose `parts` these are."""
        return cls(
            fitted_on=date.fromisoformat(parts["fitted_on"]),
            codes=tuple(parts["codes"]),
            learned=tuple(parts["learned"]),
            coefficients=parts["coefficients"],
            intercepts=parts["intercepts"],
            thresholds=parts["thresholds"],
            scale=parts["scale"],
            phrases=tuple(tuple(said) for said in parts["phrases"]),
            evidence=parts["evidence"],
            labelled_n=parts["labelled_n"],
            unknown_n=parts["unknown_n"],
        )

    def as_dict(self) -> dict[str, Any]:
        """The fit as it is published."""
        return {
            "fitted_on": self.fitted_on.isoformat(),
            "learned": list(self.learned),
            "labelled_n": dict(self.labelled_n),
            "unknown_n": self.unknown_n,
            "precision_times_recall": {
                code: {by: f"{value:.4f}" for by, value in found.items()}
                for code, found in self.evidence.items()
            },
        }


def categories_with(
    texts: pl.Series, known: Taxonomy, model: LearnedCategories | None
) -> pl.DataFrame:
    """As `told_categories`, by what was learned where it was found better, and who said so.

    Columns: categories, category_words, categories_by (`learned` where a category told is one that
    learned decides, or where learned took one away; `terms` otherwise; null where there is no
    text). Words of a learned category are the terms' own and, of what was learned, the phrases
    that speak for it.

    Raises:
        ValueError: the model was fitted to another taxonomy.
    """
    told = told_categories(texts, known)
    said = pl.when(pl.col("categories").list.len() > 0).then(pl.lit("terms")).alias("categories_by")
    if model is None or not model.learned:
        return told.with_columns(said)
    if model.codes != known.codes:
        raise ValueError("the categories were learned under another taxonomy")
    parts = [
        _learned_too(
            texts.slice(first, TEXTS_AT_ONCE_N), told[first:][:TEXTS_AT_ONCE_N], known, model
        )
        for first in range(0, len(texts), TEXTS_AT_ONCE_N)
    ]
    return pl.concat([told.clear().with_columns(said), *parts])


def _learned_too(
    texts: pl.Series, told: pl.DataFrame, known: Taxonomy, model: LearnedCategories
) -> pl.DataFrame:
    by_terms = evidence_matrix(texts, known)
    probabilities = _probabilities(texts, by_terms, model)
    by_learned = {
        f"is_{code}": probabilities[:, n] >= model.thresholds[n]
        for n, code in enumerate(model.learned)
    }
    is_learned_told = pl.any_horizontal(pl.col(f"is_{code}") for code in model.learned)
    frame = told.with_columns(
        **{name: pl.Series(is_told) for name, is_told in by_learned.items()},
        **{f"is_sure_{code}": by_terms[:, n] >= ENOUGH for n, code in enumerate(model.codes)},
    )
    # What the terms barely hear is only a guess, and none is needed where something was learned.
    decided = [
        pl.when(
            pl.col(f"is_{code}")
            if code in model.learned
            else pl.col("categories").list.contains(code)
            & (pl.col(f"is_sure_{code}") | ~is_learned_told)
        ).then(pl.lit(code))
        for code in model.codes
    ]
    categories = pl.concat_list(decided).list.drop_nulls()
    has_text = pl.col("categories").list.len() > 0
    shown = [
        pl.when(pl.col(f"is_{code}")).then(
            read(texts).str.extract_many(list(said)).list.eval(pl.element().str.strip_chars())
        )
        for code, said in zip(model.learned, model.phrases, strict=True)
        if said
    ]
    nothing = pl.lit([], dtype=pl.List(pl.String))
    words = pl.concat_list([pl.col("category_words"), *(said.fill_null(nothing) for said in shown)])
    return (
        frame.with_columns(
            pl.when(~has_text)
            .then(nothing)
            .when(categories.list.len() == 0)
            .then(pl.lit([OTHER]))
            .otherwise(categories)
            .alias("now"),
            pl.when(has_text)
            .then(words.list.unique(maintain_order=True).list.head(WORDS_SHOWN_N))
            .otherwise(nothing)
            .alias("words"),
        )
        .with_columns(
            pl.when(~has_text)
            .then(None)
            .when(
                (pl.col("now") != pl.col("categories"))
                | pl.any_horizontal(*(pl.col(name) for name in by_learned))
            )
            .then(pl.lit("learned"))
            .otherwise(pl.lit("terms"))
            .alias("categories_by")
        )
        .select(
            pl.col("now").alias("categories"),
            pl.when(pl.col("now") == [OTHER])
            .then(nothing)
            .otherwise("words")
            .alias("category_words"),
            "categories_by",
        )
    )


def _probabilities(texts: pl.Series, by_terms: Floats, model: LearnedCategories) -> Floats:
    features = model_features(texts, by_terms, model.scale)
    scores = np.asarray(features @ model.coefficients.T) + model.intercepts
    probabilities: Floats = 1 / (1 + np.exp(-scores))
    return probabilities


def model_features(texts: pl.Series, by_terms: Floats, scale: Floats) -> csr_matrix:
    """Hashed n-grams, scaled, rows of length one; then what `evidence_matrix` has by code."""
    from scipy.sparse import csr_matrix, diags, hstack

    counted = ngrams(texts).astype(np.float64)
    counted.data = np.log1p(counted.data)
    weighed = counted @ diags(scale)
    lengths = np.sqrt(np.asarray(weighed.multiply(weighed).sum(axis=1)).ravel())
    level = diags(1 / np.where(lengths > 0, lengths, 1)) @ weighed
    return hstack([level, csr_matrix(by_terms)], format="csr")


def evidence_matrix(texts: pl.Series, known: Taxonomy) -> Floats:
    """The weight of each code's terms in each text, at most `EVIDENCE_CAP`."""
    found = evidence(texts, known).filter(pl.col("category").is_in(known.codes))
    order = {code: n for n, code in enumerate(known.codes)}
    matrix = np.zeros((len(texts), len(known.codes)))
    columns = found["category"].replace_strict(order, return_dtype=pl.Int64).to_numpy()
    weights = np.minimum(found["weight"].to_numpy() / UNIT, EVIDENCE_CAP)
    matrix[found["row"].to_numpy(), columns] = weights
    return matrix


def ngrams(texts: pl.Series) -> csr_matrix:
    """How often each hashed n-gram of characters stands in each text."""
    return hashed_ngrams(texts, orders=ORDERS, size=COLUMNS_N)
