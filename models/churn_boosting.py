"""Gradient boosting over churn features."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regulars.expectations.churn_features import RISK_FALLS_WITH, RISK_RISES_WITH

Floats = NDArray[np.float64]

SEED = 20_240_229


def fit_boosting(features: Floats, gone: Floats, *, names: Sequence[str]) -> Any:
    """Many small trees, slowly: five leaves tell apart what four questions can.

    More leaves and faster steps fit the snapshots' overlap (a customer is in many of them) before
    they fit anything that lasts. Each split looks at a fifth of the features, for many of them say
    nearly the same. Risk falls with what is bought of late and rises with the time away.
    """
    from sklearn.ensemble import HistGradientBoostingClassifier

    directions = [-1 if n in RISK_FALLS_WITH else 1 if n in RISK_RISES_WITH else 0 for n in names]
    return HistGradientBoostingClassifier(
        learning_rate=0.03,
        max_iter=200,
        max_leaf_nodes=5,
        min_samples_leaf=100,
        l2_regularization=5.0,
        max_features=0.2,
        early_stopping=False,
        monotonic_cst=directions,
        random_state=SEED,
    ).fit(features, gone)
