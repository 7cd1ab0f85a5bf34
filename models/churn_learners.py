"""The kinds of churn model: two learners, their blend, and two baselines of one feature."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regulars.expectations.churn_features import FEATURES
from regulars.models.churn_boosting import fit_boosting
from regulars.models.churn_calibration import logit
from regulars.models.churn_logistic import Logistic, fit_logistic

Floats = NDArray[np.float64]

BASELINES = ("recency", "expected_orders")
LEARNERS = ("boosting", "logistic", "blend")


@dataclass(frozen=True, eq=False)
class Learner:
    """A fitted kind; `columns` are the places in FEATURES that held anything to learn from."""

    kind: str
    columns: tuple[int, ...]
    boosting: Any = None
    logistic: Logistic | None = None

    def score(self, features: Floats) -> Floats:
        """The logit of each row: a blend's is the mean of its two. A baseline's is its feature."""
        if self.kind == "recency":
            return np.log1p(features[:, FEATURES.index("recency_days")])
        if self.kind == "expected_orders":
            return -features[:, FEATURES.index("log_expected_orders")]
        seen = features[:, list(self.columns)]
        logits = []
        if self.boosting is not None:
            logits.append(logit(self.boosting.predict_proba(seen)[:, 1]))
        if self.logistic is not None:
            logits.append(logit(self.logistic.risk(seen)))
        mean: Floats = np.mean(logits, axis=0)
        return mean


def fit_learner(kind: str, features: Floats, gone: Floats) -> Learner:
    """The kind, fitted to rows of FEATURES and whether each customer stayed away."""
    if kind in BASELINES:
        return Learner(kind, ())
    columns = tuple(n for n, column in enumerate(features.T) if _tells_apart(column))
    seen = features[:, list(columns)]
    names = [FEATURES[n] for n in columns]
    return Learner(
        kind,
        columns,
        fit_boosting(seen, gone, names=names) if kind in ("boosting", "blend") else None,
        fit_logistic(seen, gone) if kind in ("logistic", "blend") else None,
    )


def _tells_apart(column: Floats) -> bool:
    known = column[~np.isnan(column)]
    return len(known) > 0 and bool((known != known[0]).any())
