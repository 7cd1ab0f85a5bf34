"""Churn: the calibrated probability that a customer buys nothing within the horizon."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from regulars.expectations.churn_features import FEATURES
from regulars.models.churn_calibration import Calibration, fit_calibration
from regulars.models.churn_learners import BASELINES, LEARNERS, Learner, fit_learner
from regulars.models.churn_logistic import Logistic
from regulars.models.not_fitted import NotFitted
from regulars.models.one_thread import one_thread
from regulars.models.ranking import auc

Floats = NDArray[np.float64]

LEAST_CUSTOMERS_N = 200
"""Of a snapshot that is judged on: with fewer, ten bins of risk hold fewer than twenty each."""
LEAST_OF_EACH_N = 30
"""Who stayed away, and who came, of those learned from and of those judged on: below it an AUC is
uncertain by more than the models differ in."""

_TUNING_SNAPSHOTS_N = 2
_FOLDS_N = 3
_AT_A_TIME = 100_000


@dataclass(frozen=True, eq=False)
class ChurnModel:
    """What was chosen and fitted as of a day.

    `kind` is boosting, logistic or blend, or a baseline: recency or expected_orders, where no
    model ranked later customers better. `evidence` is the AUC of each kind on later snapshots than
    it was fitted to (`is_later`) or, where the history is too short for that, on other customers.
    `typical` is the median of each feature among those who came: what reasons are held against.
    """

    kind: str
    horizon_days: int
    fitted_on: date
    learner: Learner
    calibration: Calibration
    typical: Floats
    evidence: Mapping[str, float]
    is_later: bool
    examples_n: int

    @property
    def is_baseline(self) -> bool:
        return self.kind in BASELINES

    def parts(self) -> dict[str, Any]:
        """The model as what a model file may hold; `from_parts` reads it back."""
        learner, logistic = self.learner, self.learner.logistic
        return {
            "kind": self.kind,
            "horizon_days": self.horizon_days,
            "fitted_on": self.fitted_on.isoformat(),
            "columns": [FEATURES[n] for n in learner.columns],
            "boosting": learner.boosting,
            "logistic": logistic
            and {
                "medians": logistic.medians,
                "unknown": list(logistic.unknown),
                "centres": logistic.centres,
                "spreads": logistic.spreads,
                "estimator": logistic.estimator,
            },
            "intercept": self.calibration.intercept,
            "slope": self.calibration.slope,
            "typical": self.typical,
            "evidence": dict(self.evidence),
            "is_later": self.is_later,
            "examples_n": self.examples_n,
        }

    @classmethod
    def from_parts(cls, parts: Mapping[str, Any]) -> ChurnModel:
        """The model whose `parts` these are."""
        logistic = parts["logistic"]
        learner = Learner(
            parts["kind"],
            tuple(FEATURES.index(name) for name in parts["columns"]),
            parts["boosting"],
            logistic and Logistic(**{**logistic, "unknown": tuple(logistic["unknown"])}),
        )
        return cls(
            parts["kind"],
            parts["horizon_days"],
            date.fromisoformat(parts["fitted_on"]),
            learner,
            Calibration(parts["intercept"], parts["slope"]),
            parts["typical"],
            parts["evidence"],
            parts["is_later"],
            parts["examples_n"],
        )

    def as_dict(self) -> dict[str, Any]:
        """The fit as it is published."""
        return {
            "kind": self.kind,
            "horizon_days": self.horizon_days,
            "fitted_on": self.fitted_on.isoformat(),
            "examples_n": self.examples_n,
            "judged_on": "later_days" if self.is_later else "other_customers",
            "auc": {kind: f"{auc:.6f}" for kind, auc in self.evidence.items()},
        }


def fit_churn(examples: pl.DataFrame, *, as_of: date, horizon_days: int) -> ChurnModel | NotFitted:
    """The model that ranked later customers best, fitted to all examples, and calibrated.

    `examples` has a row a customer and snapshot: customer_id, snapshot_on, is_gone, and FEATURES as
    of the snapshot. Each kind is fitted to the snapshots whose outcome was known on a later
    snapshot's day, and judged on that one, for the last two such days; the kind of the best mean
    AUC is taken, a baseline unless a model is better. The risks it gave to the last of these days,
    of which it knew nothing, are what it is calibrated on; then it is fitted again to all. Where
    the history is shorter than two horizons, customers are judged by models of other customers
    instead.

    Not fitted: `too_short_history`, no snapshot whose outcome is known; `too_few_customers`,
    `too_few_gone`, `too_few_came`, with what was found and the least.

    Raises:
        ValueError: a snapshot's outcome is not known as of the day.
    """
    return _fitted(examples, (*BASELINES, *LEARNERS), as_of=as_of, horizon_days=horizon_days)


def fit_kind(
    kind: str, examples: pl.DataFrame, *, as_of: date, horizon_days: int
) -> ChurnModel | NotFitted:
    """As `fit_churn`, of one kind without a choice: a baseline that a model is held beside."""
    return _fitted(examples, (kind,), as_of=as_of, horizon_days=horizon_days)


def _fitted(
    examples: pl.DataFrame, kinds: tuple[str, ...], *, as_of: date, horizon_days: int
) -> ChurnModel | NotFitted:
    last_on = examples["snapshot_on"].max()
    if not isinstance(last_on, date):
        return NotFitted("too_short_history", {"horizon_days": horizon_days})
    if last_on + timedelta(days=horizon_days) > as_of:
        raise ValueError(f"what the snapshot of {last_on} led to is not known on {as_of}")
    ordered = examples.sort("snapshot_on", "customer_id")
    gone = ordered["is_gone"].cast(pl.Float64).to_numpy()
    days = ordered["snapshot_on"].to_numpy()
    is_last = days == np.datetime64(last_on)
    if short := shortage(gone[is_last]):
        return short
    features = matrix(ordered)
    with one_thread():
        judged, is_later = _judged(ordered, features, gone, kinds, horizon_days=horizon_days)
        kind, evidence = _best(judged, gone)
        rows, score = next((rows, scores[kind]) for rows, scores in judged)
        calibration = fit_calibration(score, gone[rows])
        learner = fit_learner(kind, features, gone)
    with np.errstate(all="ignore"):
        typical = np.array([_median(column) for column in features[gone == 0].T])
    return ChurnModel(
        kind,
        horizon_days,
        as_of,
        learner,
        calibration,
        typical,
        evidence,
        is_later,
        ordered.height,
    )


def churn_risk(model: ChurnModel, features: pl.DataFrame) -> pl.DataFrame:
    """customer_id, churn_risk: the probability of each customer, Float64.

    Grain: one row a row of `features`, in its order. A customer's risk depends on their own row
    and on the model alone.
    """
    scores = score(model, matrix(features))
    return features.select("customer_id", churn_risk=pl.Series(model.calibration.risk(scores)))


def score(model: ChurnModel, features: Floats) -> Floats:
    """The model's logit of each row before it is calibrated."""
    with one_thread():
        parts = [
            model.learner.score(features[start : start + _AT_A_TIME])
            for start in range(0, len(features), _AT_A_TIME)
        ]
    return np.concatenate([*parts, np.empty(0)])


def matrix(features: pl.DataFrame) -> Floats:
    """The features in the order of FEATURES, null as NaN."""
    return features.select(pl.col(FEATURES).cast(pl.Float64).fill_null(float("nan"))).to_numpy()


Judged = tuple[NDArray[np.intp], dict[str, Floats]]


def _judged(
    ordered: pl.DataFrame,
    features: Floats,
    gone: Floats,
    kinds: tuple[str, ...],
    *,
    horizon_days: int,
) -> tuple[list[Judged], bool]:
    """Rows and their scores by each kind of model that had not seen them, the last day first."""
    days = ordered["snapshot_on"].to_numpy()
    later = [
        (np.flatnonzero(days == day), _scores_of(features, gone, kinds, known, days == day))
        for day, known in _known_before(days, gone, horizon_days)
    ]
    if later:
        return later, True
    fold = ordered["customer_id"].rank("dense").to_numpy() % _FOLDS_N
    rows = np.flatnonzero(days == days.max())
    scores = {kind: np.empty(len(rows)) for kind in kinds}
    for n in range(_FOLDS_N):
        inside = (days == days.max()) & (fold == n)
        for kind, found in _scores_of(features, gone, kinds, fold != n, inside).items():
            scores[kind][fold[rows] == n] = found
    return [(rows, scores)], False


def _known_before(
    days: NDArray[Any], gone: Floats, horizon_days: int
) -> Iterator[tuple[Any, NDArray[np.bool_]]]:
    """The last snapshot days, a horizon apart, and the rows whose outcome was known on each."""
    horizon = np.timedelta64(horizon_days, "D")
    day, found_n = days.max(), 0
    for candidate in np.unique(days)[::-1]:
        if candidate > day or found_n == _TUNING_SNAPSHOTS_N:
            continue
        known = days + horizon <= candidate
        if shortage(gone[days == candidate]) or shortage(gone[known]):
            return
        yield candidate, known
        found_n += 1
        day = candidate - horizon


def _scores_of(
    features: Floats,
    gone: Floats,
    kinds: tuple[str, ...],
    known: NDArray[np.bool_],
    asked: NDArray[np.bool_],
) -> dict[str, Floats]:
    boosting, logistic, blend = LEARNERS
    found = {
        kind: fit_learner(kind, features[known], gone[known]).score(features[asked])
        for kind in kinds
        if kind != blend or boosting not in kinds
    }
    if blend in kinds and blend not in found:
        # Its two halves are fitted already.
        found[blend] = (found[boosting] + found[logistic]) / 2
    return found


def _best(judged: list[Judged], gone: Floats) -> tuple[str, dict[str, float]]:
    """The first kind of the highest mean AUC; baselines come first, so that ties are theirs."""
    evidence = {
        kind: float(np.mean([auc(scores[kind], gone[rows]) for rows, scores in judged]))
        for kind in judged[0][1]
    }
    return max(evidence, key=lambda kind: evidence[kind]), evidence


def shortage(gone: Floats) -> NotFitted | None:
    """Why nothing can be learned of these outcomes (1 stayed away, 0 came); null where it can."""
    gone_n, customers_n = int(gone.sum()), len(gone)
    for code, found, least in (
        ("too_few_customers", customers_n, LEAST_CUSTOMERS_N),
        ("too_few_gone", gone_n, LEAST_OF_EACH_N),
        ("too_few_came", customers_n - gone_n, LEAST_OF_EACH_N),
    ):
        if found < least:
            return NotFitted(code, {"found_n": found, "least_n": least})
    return None


def _median(column: Floats) -> float:
    known = column[~np.isnan(column)]
    return float(np.median(known)) if len(known) else float("nan")
