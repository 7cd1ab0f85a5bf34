"""How sentiment does on labelled texts that it has not learned from, and the lexicon on all."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from regulars.models.model_quality import calibration_error
from regulars.models.ranking import Ranking
from regulars.models.sentiment import sentiment
from regulars.models.sentiment_fit import fit_sentiment
from regulars.models.sentiment_lexicon import lexicon_sentiment
from regulars.models.sentiment_model import SentimentModel
from regulars.models.text_ngrams import plain_texts

Floats = NDArray[np.float64]
Report = Callable[[str], None]
Section = Iterator[tuple[list[str], dict[str, Any]]]

FOLDS_N = 5
SEED = 7
BASELINE = "character TF-IDF and logistic regression"
BASELINE_ORDERS = (1, 4)
BASELINE_PENALTY = 10.0
_DAY = date(2000, 1, 1)
"""Nothing of a fit depends on the day."""
_EVEN = 0.5
_NORMAL_95 = 1.959964


def lexicon_section(name: str, labelled: pl.DataFrame) -> Section:
    """The lexicon as it is, on all texts: nothing is learned."""
    heard = lexicon_sentiment(labelled["text"])
    told = heard["positive_probability"].fill_null(_EVEN).to_numpy()
    facts = _judged(told, labelled)
    knows = float(heard["lexicon_score"].is_not_null().mean() or 0.0)  # type: ignore[arg-type]
    yield (
        [
            f"{name}, {labelled.height:,} texts, the lexicon with nothing learned",
            f"  {_line(facts)}; knows a word in {knows:.1%}, the others count half",
            *_by_group(told, labelled),
        ],
        {"section": f"{name} lexicon", **facts, "knows_share": knows},
    )


def folds_section(name: str, labelled: pl.DataFrame, report: Report) -> Section:
    """Each fold told by a model of the other four, its choices made among these; and a baseline."""
    fold = folds(labelled["text"], seed=SEED)
    trained, baseline = np.empty(labelled.height), np.empty(labelled.height)
    penalties, seconds = [], 0.0
    for n in range(FOLDS_N):
        report(f"{name}, fold {n + 1} of {FOLDS_N}")
        since = time.perf_counter()
        trained[fold == n], model = _told(labelled, fold == n)
        seconds += time.perf_counter() - since
        penalties.append([of.penalty for of in model.by_language.values()])
        report(f"{name}, the baseline in fold {n + 1} of {FOLDS_N}")
        baseline[fold == n] = _baseline(labelled, fold == n)
    of_trained, of_baseline = _judged(trained, labelled), _judged(baseline, labelled)
    by_fold = [_accuracy(trained[fold == n], _truth(labelled)[fold == n]) for n in range(FOLDS_N)]
    gain, error = _gain(trained, baseline, _truth(labelled))
    yield (
        [
            f"{name}, {labelled.height:,} texts, {FOLDS_N} folds, equal texts in one fold",
            f"  trained   {_line(of_trained)}",
            f"            by fold {', '.join(f'{of:.4f}' for of in by_fold)}; penalties chosen "
            f"within {penalties}; {seconds:.0f} s",
            f"  baseline  {_line(of_baseline)}: {BASELINE}",
            f"  gain in accuracy {gain:+.4f} ± {error:.4f}",
            *_by_group(trained, labelled),
        ],
        {
            "section": f"{name} folds",
            **of_trained,
            "by_fold": by_fold,
            "penalties": penalties,
            "seconds": round(seconds),
            "baseline": of_baseline,
        },
    )


def groups_section(name: str, labelled: pl.DataFrame, report: Report) -> Section:
    """Each group of texts told by a model of all others: what a new kind of goods would meet."""
    found: dict[str, dict[str, Any]] = {}
    lexicon = lexicon_sentiment(labelled["text"])["positive_probability"].fill_null(_EVEN)
    lines = []
    for group in labelled["group"].unique().sort():
        report(f"{name}, {group} by the others")
        is_asked = (labelled["group"] == group).to_numpy()
        told, _ = _told(labelled, is_asked)
        asked = labelled.filter(pl.Series(is_asked))
        found[group] = _judged(told, asked)
        by_lexicon = _judged(lexicon.to_numpy()[is_asked], asked)
        lines.append(
            f"  {group}: {asked.height:,} texts, {_line(found[group])}; "
            f"lexicon {by_lexicon['accuracy']:.4f}"
        )
    mean = float(np.mean([of["accuracy"] for of in found.values()]))
    yield (
        [
            f"{name}, each group told by a model of the others: mean accuracy {mean:.4f}",
            *lines,
        ],
        {"section": f"{name} groups", "mean_accuracy": mean, "groups": found},
    )


def folds(texts: pl.Series, *, seed: int) -> NDArray[np.int64]:
    """The fold of each text, drawn; equal texts are in one."""
    plain = plain_texts(texts).alias("text").to_frame()
    distinct = plain.unique().sort("text")
    drawn = np.random.default_rng(seed).permutation(distinct.height) % FOLDS_N
    found: NDArray[np.int64] = (
        plain.join(
            distinct.with_columns(fold=pl.Series(drawn, dtype=pl.Int64)),
            on="text",
            how="left",
            maintain_order="left",
        )
        .get_column("fold")
        .to_numpy()
    )
    return found


def _told(labelled: pl.DataFrame, is_asked: NDArray[np.bool_]) -> tuple[Floats, SentimentModel]:
    """What is said of the texts asked about, by a run's own steps, learned from the others."""
    learned, asked = (labelled.filter(pl.Series(rows)) for rows in (~is_asked, is_asked))
    model = fit_sentiment(learned["text"], learned["is_positive"], as_of=_DAY)
    if not isinstance(model, SentimentModel):
        raise TypeError(f"no model of the labelled texts: {model.as_dict()}")
    no_ratings = pl.Series([None] * asked.height, dtype=pl.String)
    told = sentiment(asked["text"], no_ratings, model)["positive_probability"]
    return told.fill_null(_EVEN).to_numpy(), model


def _baseline(labelled: pl.DataFrame, is_asked: NDArray[np.bool_]) -> Floats:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    texts = np.array(labelled["text"].to_list(), dtype=object)
    pipeline = make_pipeline(
        TfidfVectorizer(analyzer="char", ngram_range=BASELINE_ORDERS, min_df=2, sublinear_tf=True),
        LogisticRegression(C=BASELINE_PENALTY, solver="liblinear", random_state=SEED),
    )
    pipeline.fit(texts[~is_asked], _truth(labelled)[~is_asked] > 0)
    found: Floats = pipeline.predict_proba(texts[is_asked])[:, 1]
    return found


def _truth(labelled: pl.DataFrame) -> Floats:
    found: Floats = labelled["is_positive"].cast(pl.Float64).to_numpy()
    return found


def _right(told: Floats, truth: Floats) -> Floats:
    """1 where told rightly, 0 where wrongly, a half where nothing was told."""
    found: Floats = np.where(told == _EVEN, _EVEN, (told > _EVEN) == (truth > 0)).astype(np.float64)
    return found


def _accuracy(told: Floats, truth: Floats) -> float:
    return float(_right(told, truth).mean())


def _gain(told: Floats, other: Floats, truth: Floats) -> tuple[float, float]:
    each = _right(told, truth) - _right(other, truth)
    return float(each.mean()), float(_NORMAL_95 * each.std() / np.sqrt(len(each)))


def _judged(told: Floats, labelled: pl.DataFrame) -> dict[str, Any]:
    truth = _truth(labelled)
    accuracy = _accuracy(told, truth)
    return {
        "texts_n": len(truth),
        "accuracy": accuracy,
        "error": float(_NORMAL_95 * _right(told, truth).std() / np.sqrt(len(truth))),
        "auc": float(Ranking.of(told, truth, np.ones((1, len(truth)))).auc()[0]),
        "brier": float(((told - truth) ** 2).mean()),
        "calibration_error": calibration_error(told, truth),
    }


def _line(of: dict[str, Any]) -> str:
    return (
        f"accuracy {of['accuracy']:.4f} ± {of['error']:.4f}, AUC {of['auc']:.4f}, "
        f"Brier {of['brier']:.4f}, calibration error {of['calibration_error']:.4f}"
    )


def _by_group(told: Floats, labelled: pl.DataFrame) -> list[str]:
    right = labelled.select("group", right=pl.Series(_right(told, _truth(labelled))))
    by_group = right.group_by("group").agg(pl.len(), pl.col("right").mean()).sort("group")
    return [
        "  by group: " + ", ".join(f"{group} {share:.3f}" for group, _, share in by_group.rows())
    ]
