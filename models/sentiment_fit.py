"""How a chain's customers sound, learned from the texts that they rated.

The weights are those of a linear support vector machine over character n-grams, each taken at its
log ratio between praise and complaint: NB-SVM, after Wang and Manning, "Baselines and Bigrams:
Simple, Good Sentiment and Topic Classification" (2012), section 2.3. A logistic regression brings
its margin and the lexicon's score to a probability.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from warnings import catch_warnings, simplefilter

import numpy as np
import polars as pl
from numpy.typing import NDArray

from regulars.models.churn_calibration import logistic, logit
from regulars.models.model_quality import MODEL_QUALITY, drawn_weights, interval
from regulars.models.not_fitted import NotFitted
from regulars.models.one_thread import one_thread
from regulars.models.ranking import Ranking
from regulars.models.sentiment_lexicon import lexicon_sentiment
from regulars.models.sentiment_model import (
    FOLDS_N,
    ORDERS,
    SIZE,
    SPOKEN,
    Floats,
    LanguageModel,
    SentimentModel,
    fold_of,
    lexicon_columns,
    presence,
)
from regulars.models.text_language import text_language
from regulars.models.text_ngrams import plain_texts

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

LEAST_OF_EACH_N = 100
"""Distinct texts that praise, and that complain, of one language. With so many of each an AUC of
0.9 is uncertain by 0.02: less would not tell whether the lexicon is beaten."""
MOST_TEXTS_N = 100_000
"""Of one language; of more, so many are drawn, for time and memory: the next are worth little."""
PENALTIES = (0.3, 1.0)
"""Of the support vector machine, C: the smaller for texts that are few or carelessly rated."""

_LEAST_TEXTS_N = 3
"""An n-gram that stands in fewer texts is mostly part of a longer one, or a slip of the pen."""
_PRIOR_N = 1.0
_SHARPNESS = 1.0
"""C of the logistic regression: it holds four numbers, and a separable few texts in check."""
_DRAWS_N = 200
_SEED = 5
_MOST_STEPS_N = 300
_EDGE = 1e-9
_NOT_KNOWN = 0.5

Truth = NDArray[np.bool_]


def fit_sentiment(
    texts: pl.Series, is_positive: pl.Series, *, as_of: date
) -> SentimentModel | NotFitted:
    """A model for each language in which the texts teach more than the lexicon knows.

    `is_positive` (Boolean) is what a text's rating says; null where it says nothing, and the text
    is not learned from. Texts are of pieces up to `as_of`. The penalty is the one of `PENALTIES`
    that gave texts of folds not learned from the likeliest ratings. A language's model is used
    where its AUC on such texts is above the lexicon's (an AUC, since nine shoppers in ten praise,
    and who says so of all of them is right nine times in ten). The evidence is in `quality`:
    measures auc, accuracy, brier of the models sentiment and (baseline) sentiment_lexicon, `part`
    being the language, and texts_n, on how many; a text in which the lexicon knows no word counts
    half.

    Rows in any order give the same model. Not fitted: `too_few_texts`, with what was found, if no
    language has `LEAST_OF_EACH_N` distinct texts of both kinds.
    """
    taught = _taught(texts, is_positive)
    models: dict[str, LanguageModel] = {}
    unfit: dict[str, NotFitted] = {}
    quality: list[pl.DataFrame] = []
    for language in sorted(ORDERS):
        own = taught.filter(pl.col("language") == language)
        if (why := _shortage(own)) is not None:
            unfit[language] = why
            continue
        with one_thread():
            model, judged = _fitted(own, language)
            quality.append(_evidence(judged, language, as_of=as_of))
        if judged.is_better:
            models[language] = model
        else:
            unfit[language] = NotFitted("lexicon_is_better", {"texts_n": own.height})
    if not quality:
        return NotFitted(
            "too_few_texts",
            {"found_n": taught.height, "least_n": 2 * LEAST_OF_EACH_N},
        )
    return SentimentModel(as_of, models, unfit, pl.concat(quality))


@dataclass(frozen=True, eq=False)
class _Judged:
    """What texts were said to be that had not been learned from, and what they were."""

    is_positive: Truth
    trained: Floats
    lexicon: Floats

    @property
    def loss(self) -> float:
        inside = np.clip(self.trained, _EDGE, 1 - _EDGE)
        return float(-np.log(np.where(self.is_positive, inside, 1 - inside)).mean())

    @property
    def is_better(self) -> bool:
        ones = np.ones((1, len(self.trained)))
        praised = self.is_positive.astype(np.float64)
        trained, lexicon = (
            Ranking.of(told, praised, ones).auc()[0] for told in (self.trained, self.lexicon)
        )
        return bool(trained > lexicon)


def _taught(texts: pl.Series, is_positive: pl.Series) -> pl.DataFrame:
    """The texts that teach, in an order of their own: no model depends on that of the rows."""
    taught = pl.DataFrame(
        {
            "text": plain_texts(texts),
            "is_positive": is_positive,
            "language": text_language(texts).replace_strict(SPOKEN, return_dtype=pl.String),
        }
    ).filter(pl.col("is_positive").is_not_null(), pl.col("language").is_not_null())
    ordered = taught.sort("language", "text", "is_positive")
    # Drawn by their place: equal texts stay as often as they were, in proportion.
    dice = np.random.default_rng(_SEED)
    drawn = ordered.with_columns(pl.Series("dice", dice.random(ordered.height)))
    return drawn.filter(pl.col("dice").rank("ordinal").over("language") <= MOST_TEXTS_N).drop(
        "dice"
    )


def _shortage(own: pl.DataFrame) -> NotFitted | None:
    for code, kind in (("too_few_praising", True), ("too_few_complaining", False)):
        found_n = own.filter(pl.col("is_positive") == kind)["text"].n_unique()
        if found_n < LEAST_OF_EACH_N:
            return NotFitted(code, {"found_n": found_n, "least_n": LEAST_OF_EACH_N})
    return None


def _fitted(own: pl.DataFrame, language: str) -> tuple[LanguageModel, _Judged]:
    heard = lexicon_sentiment(own["text"])
    seen, praises = lexicon_columns(heard), own["is_positive"].to_numpy()
    grams = presence(own["text"], ORDERS[language])
    fold = fold_of(own["text"])
    found = [_crossed(grams, seen, praises, fold, penalty) for penalty in PENALTIES]
    by_words = heard["positive_probability"].fill_null(_NOT_KNOWN).to_numpy()
    judged = [_Judged(praises, trained, by_words) for _, _, trained in found]
    best = int(np.argmin([of.loss for of in judged]))
    tables, lines, _ = found[best]
    whole, at_zero = _weights(grams, praises, PENALTIES[best])
    # What brings the margins of texts not learned from to log-odds serves the whole as well; but
    # it answers unrated calls and complaints, of which nobody knows that nine in ten praise.
    line = _moved(lines[-1], at_zero) - np.array([0, 0, 0, logit(praises.mean(keepdims=True))[0]])
    tables, lines = [whole, *tables], [line, *lines[:-1]]
    weights = np.stack(tables)
    columns = np.flatnonzero(weights.any(axis=0))
    model = LanguageModel(
        ORDERS[language],
        PENALTIES[best],
        columns.astype(np.int32),
        weights[:, columns].astype(np.float32),
        np.stack(lines),
        own.height,
        int(praises.sum()),
    )
    return model, judged[best]


def _evidence(judged: _Judged, language: str, *, as_of: date) -> pl.DataFrame:
    truth = judged.is_positive.astype(np.float64)
    rows: list[tuple[str, str, str, str, float, float | None, float | None]] = []
    weights = list(drawn_weights(len(truth), seed=_SEED, draws_n=_DRAWS_N))
    for model, role, told in (
        ("sentiment", "model", judged.trained),
        ("sentiment_lexicon", "baseline", judged.lexicon),
    ):
        values = _measures(told, truth, np.ones((1, len(truth))))
        drawn = [_measures(told, truth, some) for some in weights]
        for measure, value in values.items():
            low, high = interval(np.concatenate([of[measure] for of in drawn]))
            rows.append((model, role, measure, language, float(value[0]), low, high))
        rows.append((model, role, "texts_n", language, float(len(truth)), None, None))
    names = ["model", "role", "measure", "part", "value", "low", "high"]
    return pl.DataFrame(
        [{**dict(zip(names, row, strict=True)), "tested_on": as_of} for row in rows],
        schema=MODEL_QUALITY,
    )


def _measures(told: Floats, truth: Floats, weights: Floats) -> dict[str, Floats]:
    right = np.where(told == _NOT_KNOWN, _NOT_KNOWN, (told > _NOT_KNOWN) == (truth > 0))
    total = weights.sum(axis=1)
    return {
        "auc": Ranking.of(told, truth, weights).auc(),
        "accuracy": weights @ right / total,
        "brier": weights @ (told - truth) ** 2 / total,
    }


def _crossed(
    grams: csr_matrix, seen: Floats, praises: Truth, fold: NDArray[np.int64], penalty: float
) -> tuple[list[Floats], list[Floats], Floats]:
    """Weights without each fold, lines without each and of all, and what was said of each text."""
    margin = np.empty(len(praises))
    tables, at_zeros = [], []
    for n in range(FOLDS_N):
        inside = fold == n
        table, at_zero = _weights(grams[~inside], praises[~inside], penalty)
        margin[inside] = grams[inside] @ table + at_zero
        tables.append(table)
        at_zeros.append(at_zero)
    told = np.column_stack([margin, seen])
    lines, trained = [], np.empty(len(praises))
    for n in range(FOLDS_N):
        inside = fold == n
        line = _line(told[~inside], praises[~inside])
        trained[inside] = logistic(told[inside] @ line[:-1] + line[-1])
        lines.append(_moved(line, at_zeros[n]))
    return tables, [*lines, _line(told, praises)], trained


def _weights(grams: csr_matrix, praises: Truth, penalty: float) -> tuple[Floats, float]:
    """The weight of every n-gram, and the margin of a text without any."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.svm import LinearSVC

    is_known = np.bincount(grams.indices, minlength=SIZE) >= _LEAST_TEXTS_N
    counts = [
        np.bincount(grams[rows].indices, minlength=SIZE) + _PRIOR_N for rows in (praises, ~praises)
    ]
    praise, complaint = (count / count.sum() for count in counts)
    ratio = np.log(praise / complaint) * is_known
    scaled = grams.copy()
    scaled.data = grams.data * ratio[grams.indices]
    scaled.eliminate_zeros()
    machine = LinearSVC(C=penalty, random_state=_SEED, max_iter=_MOST_STEPS_N)
    with catch_warnings():
        # Weights that would still move a little tell praise from complaint no worse.
        simplefilter("ignore", ConvergenceWarning)
        machine.fit(scaled, praises)
    return machine.coef_[0] * ratio, float(machine.intercept_[0])


def _line(told: Floats, praises: Truth) -> Floats:
    """Log-odds by margin, the lexicon's score and its knowing no word; the intercept last."""
    from sklearn.linear_model import LogisticRegression

    fit = LogisticRegression(C=_SHARPNESS).fit(told, praises)
    return np.append(fit.coef_[0], fit.intercept_[0])


def _moved(line: Floats, at_zero: float) -> Floats:
    """The line of a margin that is counted from that of a text without any n-gram."""
    return np.append(line[:-1], line[-1] + line[0] * at_zero)
