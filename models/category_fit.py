"""Learns categories from the chain's own labels, and uses only what beats the terms.

The chain gives a piece one label, though it may tell of two things: that a piece is not labelled
with a category is no evidence that it does not tell of it. So a category is learned from the
pieces labelled with it against those labelled otherwise in which the terms do not hear it either;
the rest are left out. And it is judged by ``recall² / share of pieces told``, which needs no true
negatives: it is precision times recall over the category's unknown share, up to that constant
(Lee and Liu, "Learning with Positive and Unlabeled Examples Using Weighted Logistic Regression",
ICML 2003, section 4), where the pieces that bear the label are as those that should.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from regulars.models.category_model import (
    COLUMNS_N,
    Floats,
    LearnedCategories,
    evidence_matrix,
    model_features,
    ngrams,
)
from regulars.models.category_reading import read
from regulars.models.feedback_taxonomy import Taxonomy, told_categories
from regulars.models.not_fitted import NotFitted
from regulars.models.one_thread import one_thread
from regulars.models.own_labels import own_codes

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Flags = NDArray[np.bool_]

LEAST_LABELLED_N = 100
"""Pieces of a category: with fewer, a recall of one half is uncertain by ten points either way."""
MARGIN = 1.05
"""What learned must be better by: less is within the chance of a hundred pieces."""
MOST_PIECES_N = 30_000
"""Pieces that are learned from: more take long and teach little."""
FOLDS_N = 5
LEVELS = tuple(round(0.1 + 0.05 * n, 2) for n in range(17))
"""Probabilities that are tried as thresholds."""
PHRASES_N = 200
LEAST_PIECES_OF_A_PHRASE_N = 10
"""A phrase of fewer pieces could be that of one customer."""
SEED = 20_260_101


def fit_categories(
    pieces: pl.DataFrame,
    known: Taxonomy,
    *,
    as_of: date,
    names: Mapping[str, str] | None = None,
) -> LearnedCategories | NotFitted:
    """What the pieces with text and a known own label teach, in any order of rows.

    `pieces` has submitted_on, text and own_category (`data.feedback_extracts.feedback`); `names`
    leads from the chain's labels to codes. A category needs 100 pieces of its own and 100 of
    others, and is learned where, on folds that had no say in it, it is better than the terms by a
    twentieth; thresholds are chosen on one half of the pieces and judged on the other.

    Not fitted: `too_few_labelled`, no category has a hundred pieces; parameters say how many
    pieces were labelled at all and how many labels were unknown.
    """
    labelled, unknown_n = _labelled(pieces, known, as_of=as_of, names=names)
    counts = dict(labelled["code"].value_counts().sort("code").iter_rows())
    enough = [
        code
        for code in known.codes
        if LEAST_LABELLED_N <= counts.get(code, 0) <= labelled.height - LEAST_LABELLED_N
    ]
    if not enough:
        return NotFitted(
            "too_few_labelled",
            {"found_n": labelled.height, "unknown_n": unknown_n, "least_n": LEAST_LABELLED_N},
        )
    texts, codes = labelled["text"], labelled["code"]
    told = told_categories(texts, known)["categories"]
    rank = texts.rank("dense").cast(pl.Int64).to_numpy()
    learned: list[tuple[str, Any, float]] = []
    evidence: dict[str, dict[str, float]] = {}
    with one_thread():
        scale = _rarity(ngrams(texts))
        features = model_features(texts, evidence_matrix(texts, known), scale)
        for code in enough:
            is_own = (codes == code).to_numpy()
            by_terms = told.list.contains(code).to_numpy()
            counts_for = is_own | ~by_terms
            out_of_fold = _out_of_fold(features, is_own, counts_for, rank % FOLDS_N)
            half = (rank // FOLDS_N) % 2 == 0
            evidence[code] = {
                "terms": _worth(by_terms, is_own),
                "learned": _worth(_told_by_other_half(out_of_fold, is_own, half), is_own),
            }
            if evidence[code]["learned"] > MARGIN * evidence[code]["terms"]:
                fitted = _fitted(features[counts_for], is_own[counts_for])
                learned.append((code, fitted, _best_level(out_of_fold, is_own)))
    return LearnedCategories(
        fitted_on=as_of,
        codes=known.codes,
        learned=tuple(code for code, _, _ in learned),
        coefficients=_stacked([fitted.coef_[0] for _, fitted, _ in learned], features.shape[1]),
        intercepts=np.array([float(fitted.intercept_[0]) for _, fitted, _ in learned]),
        thresholds=np.array([level for _, _, level in learned]),
        scale=scale,
        phrases=tuple(
            _phrases(texts.filter(codes == code), fitted, scale) for code, fitted, _ in learned
        ),
        evidence=evidence,
        labelled_n=counts,
        unknown_n=unknown_n,
    )


def _labelled(
    pieces: pl.DataFrame, known: Taxonomy, *, as_of: date, names: Mapping[str, str] | None
) -> tuple[pl.DataFrame, int]:
    """text and code of the pieces that teach, by text; and the pieces whose label is unknown."""
    told = pieces.filter(
        (pl.col("submitted_on") <= as_of)
        & pl.col("own_category").is_not_null()
        & (pl.col("text").str.strip_chars() != "")
    )
    coded = told.select("text", own_codes(told["own_category"], known, names=names).alias("code"))
    unknown_n = coded["code"].null_count()
    in_order = coded.drop_nulls().sort("text", "code")
    step = -(-in_order.height // MOST_PIECES_N)
    return (in_order.gather_every(step) if step > 1 else in_order), unknown_n


def _rarity(counted: csr_matrix) -> Floats:
    """Inverse document frequency, smoothed; nothing where an n-gram never stood."""
    pieces_n = np.bincount(counted.indices, minlength=COLUMNS_N)
    rarity = np.log((1 + counted.shape[0]) / (1 + pieces_n)) + 1
    return np.where(pieces_n > 0, rarity, 0.0)


def _fitted(features: csr_matrix, is_own: Flags) -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(
        C=4.0, class_weight="balanced", solver="liblinear", random_state=SEED
    ).fit(features, is_own)


def _out_of_fold(
    features: csr_matrix, is_own: Flags, counts_for: Flags, fold: NDArray[np.int64]
) -> Floats:
    """The probability of each piece by a model that saw neither it nor an equal text."""
    found = np.zeros(len(is_own))
    for n in range(FOLDS_N):
        inside, taught = fold == n, (fold != n) & counts_for
        if inside.any() and is_own[taught].any() and not is_own[taught].all():
            fitted = _fitted(features[taught], is_own[taught])
            found[inside] = fitted.predict_proba(features[inside])[:, 1]
    return found


def _worth(is_told: Flags, is_own: Flags) -> float:
    """Precision times recall, up to a constant of the category."""
    told_share = float(is_told.mean())
    recall = float(is_told[is_own].mean()) if is_own.any() else 0.0
    return recall**2 / told_share if told_share else 0.0


def _best_level(probability: Floats, is_own: Flags) -> float:
    return max(LEVELS, key=lambda level: _worth(probability >= level, is_own))


def _told_by_other_half(probability: Floats, is_own: Flags, half: Flags) -> Flags:
    """Whether each piece is told, by the threshold that was best for the pieces not of its half."""
    found = np.zeros(len(is_own), dtype=np.bool_)
    for here in (half, ~half):
        if here.any() and not here.all():
            found[here] = probability[here] >= _best_level(probability[~here], is_own[~here])
    return found


def _stacked(rows: list[Floats], columns_n: int) -> Floats:
    return np.array(rows) if rows else np.empty((0, columns_n))


def _phrases(texts: pl.Series, fitted: Any, scale: Floats) -> tuple[str, ...]:
    """What speaks most for a category: words, or two to four Chinese characters."""
    from scipy.sparse import diags

    plain = pl.DataFrame({"text": read(texts)}).with_row_index("row")
    pieces = [r" [a-z][a-z']{2,} "] + [rf"[^\P{{Han}}]{{{n}}}" for n in (2, 3, 4)]
    shifts = [("text", pieces[0])] + [
        (f"from_{shift}", pattern) for n, pattern in enumerate(pieces[1:], 2) for shift in range(n)
    ]
    shifted = plain.with_columns(
        pl.col("text").str.slice(shift).alias(f"from_{shift}") for shift in range(4)
    )
    found = (
        pl.concat(
            [
                shifted.select("row", pl.col(column).str.extract_all(pattern).alias("phrase"))
                for column, pattern in shifts
            ]
        )
        .explode("phrase")
        .drop_nulls()
        .unique()
        .group_by("phrase")
        .len()
        .filter(pl.col("len") >= LEAST_PIECES_OF_A_PHRASE_N)
        .sort("phrase")["phrase"]
    )
    if found.is_empty():
        return ()
    scores = np.asarray((ngrams(found) @ diags(scale)) @ fitted.coef_[0][:COLUMNS_N])
    best = np.lexsort((np.arange(len(scores)), -scores))[:PHRASES_N]
    return tuple(found[int(n)] for n in best if scores[n] > 0)
