"""An afternoon's churn model: gradient boosting on recency, frequency, spend and a few windows.

What is built with more care has to beat it, or is not worth its price.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from regulars.models.one_thread import one_thread

QUICK_FEATURES = (
    "recency_days",
    "tenure_days",
    "orders_n",
    "spend_365d",
    "purchase_days_28d_n",
    "purchase_days_91d_n",
    "spend_28d",
    "spend_91d",
    "gap_days_mean",
    "recency_gap_ratio",
)


def quick_risk(examples: pl.DataFrame, asked: pl.DataFrame) -> NDArray[np.float64]:
    """The risk of each row of `asked`, learned from all examples; not calibrated."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    learned = examples.sort("snapshot_on", "customer_id")
    with one_thread():
        boosting = HistGradientBoostingClassifier(
            learning_rate=0.05, max_iter=100, max_leaf_nodes=15, random_state=0
        ).fit(_matrix(learned), learned["is_gone"].to_numpy())
        risk: NDArray[np.float64] = boosting.predict_proba(_matrix(asked))[:, 1]
    return risk


def _matrix(features: pl.DataFrame) -> NDArray[np.float64]:
    return features.select(pl.col(QUICK_FEATURES).fill_null(float("nan"))).to_numpy()
