"""Sentiment learned from a chain's own rated texts: what was fitted, and how it is applied.

A text that could have taught the model is answered by the one of its parts that never saw it, nor
any text equal to it. So no text is told from its own rating.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from regulars.models.churn_calibration import logistic
from regulars.models.model_quality import MODEL_QUALITY
from regulars.models.not_fitted import NotFitted
from regulars.models.text_ngrams import hashed_ngrams, text_digests

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

SIZE = 2**20
"""Columns of n-grams: with a quarter of them, collisions were seen to cost Chinese reviews 0.2
points of accuracy; with four times as many nothing was gained."""
ORDERS: Mapping[str, tuple[int, ...]] = {"zh": (1, 2, 3), "en": (1, 2, 3, 4)}
"""A Chinese word is a character, two or three; an English one has more letters, of which its first
four and its last tell nearly all."""
FOLDS_N = 5
SPOKEN: Mapping[str, str] = {"zh": "zh", "zh+en": "zh", "en": "en"}
"""Whose model answers a text of each language: Chinese with English in it is Chinese."""

_TEXTS_AT_ONCE_N = 50_000


@dataclass(frozen=True, eq=False)
class LanguageModel:
    """What was learned of one language.

    The first of `FOLDS_N` + 1 parts learned from all texts, and answers as if praise and complaint
    were equally frequent; the part n + 1 from all but those of fold n, and answers for rated texts,
    with as many praising as there are among them. `weights` has a row a part and a column for each
    of `columns`, the n-grams that were known; a text's margin is the mean of its distinct n-grams'
    weights, times the square root of their number. `lines` has a row a part: how margin, the
    lexicon's score, and its knowing no word are brought to log-odds, the last being the intercept.
    """

    orders: tuple[int, ...]
    penalty: float
    columns: NDArray[np.int32]
    weights: NDArray[np.float32]
    lines: Floats
    texts_n: int
    positive_n: int

    def parts(self) -> dict[str, Any]:
        """As what a model file may hold."""
        return {
            "orders": list(self.orders),
            "penalty": self.penalty,
            "columns": self.columns,
            "weights": self.weights,
            "lines": self.lines,
            "texts_n": self.texts_n,
            "positive_n": self.positive_n,
        }

    @classmethod
    def from_parts(cls, parts: Mapping[str, Any]) -> LanguageModel:
        """The model whose `parts` these are."""
        return cls(**{**parts, "orders": tuple(parts["orders"])})

    def table(self, part: int) -> Floats:
        """The weight of every column of n-grams in one of the parts; 0 where it is not known."""
        table = np.zeros(SIZE)
        table[self.columns] = self.weights[part]
        return table

    def probability(self, texts: pl.Series, heard: pl.DataFrame, part: Whole) -> Floats:
        """How likely each text is praise, by the part that is named for it.

        `heard` is what the lexicon says of the texts (`lexicon_sentiment`).
        """
        seen = lexicon_columns(heard)
        parts = np.unique(part).tolist()
        tables = np.stack([self.table(n) for n in parts], axis=1) if parts else np.zeros((SIZE, 0))
        found = np.empty(len(texts))
        for first in range(0, len(texts), _TEXTS_AT_ONCE_N):
            rows = slice(first, first + _TEXTS_AT_ONCE_N)
            grams = presence(texts[rows], self.orders)
            for place, n in enumerate(parts):
                own = np.flatnonzero(part[rows] == n)
                margin = grams[own] @ tables[:, place]
                line = self.lines[n]
                found[rows][own] = logistic(
                    line[0] * margin
                    + line[1] * seen[rows][own, 0]
                    + line[2] * seen[rows][own, 1]
                    + line[3]
                )
        return found


@dataclass(frozen=True, eq=False)
class SentimentModel:
    """The models by language, en and zh, of which the lexicon was beaten as of a day.

    `unfit` says of the other languages why there is none: `too_few_texts`, `too_few_praising`,
    `too_few_complaining`, `lexicon_is_better`. `quality` has the evidence as rows of model quality
    (see `sentiment_fit`).
    """

    fitted_on: date
    by_language: Mapping[str, LanguageModel]
    unfit: Mapping[str, NotFitted] = field(default_factory=dict)
    quality: pl.DataFrame = field(default_factory=MODEL_QUALITY.to_frame)

    def parts(self) -> dict[str, Any]:
        """The model as what a model file may hold; `from_parts` reads it back."""
        return {
            "fitted_on": self.fitted_on.isoformat(),
            "by_language": {name: of.parts() for name, of in self.by_language.items()},
            "unfit": {name: [why.code, dict(why.parameters)] for name, why in self.unfit.items()},
            "quality": self.quality.with_columns(pl.col(pl.Date).dt.to_string("iso")).to_dict(
                as_series=False
            ),
        }

    @classmethod
    def from_parts(cls, parts: Mapping[str, Any]) -> SentimentModel:
        """The model whose `parts` these are."""
        spelled = {
            name: pl.String if kind == pl.Date else kind for name, kind in MODEL_QUALITY.items()
        }
        return cls(
            date.fromisoformat(parts["fitted_on"]),
            {name: LanguageModel.from_parts(of) for name, of in parts["by_language"].items()},
            {name: NotFitted(code, found) for name, (code, found) in parts["unfit"].items()},
            pl.DataFrame(parts["quality"], schema=spelled).with_columns(
                pl.col("tested_on").str.to_date()
            ),
        )

    def as_dict(self) -> dict[str, Any]:
        """The fit as it is published."""
        return {
            "fitted_on": self.fitted_on.isoformat(),
            "languages": {
                name: {"texts_n": of.texts_n, "positive_n": of.positive_n, "penalty": of.penalty}
                for name, of in self.by_language.items()
            },
            "unfit": {name: why.as_dict() for name, why in self.unfit.items()},
        }


def fold_of(texts: pl.Series) -> Whole:
    """The fold of each text, 0 to `FOLDS_N` - 1; equal texts are in one."""
    return (text_digests(texts) % np.uint64(FOLDS_N)).astype(np.int64)


def presence(texts: pl.Series, orders: Sequence[int]) -> csr_matrix:
    """A row a text of length 1 that points the same way in each of its distinct n-grams."""
    grams = hashed_ngrams(texts, orders=orders, size=SIZE)
    distinct_n = np.diff(grams.indptr)
    grams.data = np.repeat(1 / np.sqrt(np.maximum(distinct_n, 1)), distinct_n)
    return grams


def lexicon_columns(heard: pl.DataFrame) -> Floats:
    """The lexicon's score, 0 where it knows no word, and whether it knows none."""
    return heard.select(
        score=pl.col("lexicon_score").fill_null(0.0),
        knows_none=pl.col("lexicon_score").is_null().cast(pl.Float64),
    ).to_numpy()
