"""Why a risk is what it is: the groups of features that raise it most, for each customer."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from regulars.expectations.churn_features import FEATURE_GROUPS, FEATURES
from regulars.models.churn import ChurnModel, matrix, score

Floats = NDArray[np.float64]

REASONS_N = 3
LEAST_RAISE = 0.1
"""Of the logit, which moves a risk of one half by 2.5 points: less is no reason to act on."""

_AT_A_TIME = 50_000

REASON_FEATURES: dict[str, tuple[str, ...]] = {
    "rhythm": ("recency_days", "gap_days_mean"),
    "pace": ("purchase_days_91d_n",),
    "slowing": ("purchase_days_trend_28d", "last_gap_ratio"),
    "basket": ("spend_28d", "order_spend_mean"),
    "breadth": ("categories_lost_n", "categories_usual_n"),
    "discount": ("discount_91d_share", "discount_share"),
    "returns": ("returned_share", "returns_n"),
    "place": ("last_store_share", "stores_n"),
    "campaigns": ("contacts_91d_n", "contacts_answered_share"),
    "habit": ("late_share", "weekend_share"),
    "tenure": ("tenure_days", "orders_n"),
}
"""What the sentence of each reason names: parameters of `churn.reason.<group>`."""


def churn_reasons(model: ChurnModel, features: pl.DataFrame) -> pl.DataFrame:
    """customer_id, reason_1, reason_2, reason_3: codes of groups, the strongest first.

    Grain: one row a row of `features`, in its order. A group raises the risk by as much as the
    logit falls when all its features are what is usual (the median) among customers who came, the
    others left as they are. Null where fewer groups raise it by `LEAST_RAISE`, as for most
    customers of low risk. A baseline looks at one thing, so that it has one reason at most:
    rhythm for recency, pace for expected orders.

    What it is not: a cause. Groups that tell the same story share or hide its weight (who buys
    seldom has also been away for long), the parts do not sum to the risk, and being unlike others
    is counted whether or not anything can be done about it. It costs one more scoring a group.
    """
    raises = np.concatenate(
        [_raises(model, matrix(part)) for part in features.iter_slices(_AT_A_TIME)]
        or [np.empty((0, len(FEATURE_GROUPS)))]
    )
    order = np.argsort(-raises, axis=1, kind="stable")[:, :REASONS_N]
    strength = np.take_along_axis(raises, order, axis=1)
    codes = np.array(list(FEATURE_GROUPS))[order]
    return features.select(
        "customer_id",
        *(
            pl.Series(
                f"reason_{n + 1}",
                np.where(strength[:, n] >= LEAST_RAISE, codes[:, n], ""),
                dtype=pl.String,
            ).replace("", None)
            for n in range(REASONS_N)
        ),
    )


def _raises(model: ChurnModel, given: Floats) -> Floats:
    """By how much each group raises the logit of each row, a column a group."""
    before = score(model, given)
    return np.column_stack(
        [
            model.calibration.slope * (before - score(model, _usual(model, given, names)))
            for names in FEATURE_GROUPS.values()
        ]
    )


def _usual(model: ChurnModel, given: Floats, names: tuple[str, ...]) -> Floats:
    columns = [FEATURES.index(name) for name in names]
    changed = given.copy()
    changed[:, columns] = model.typical[columns]
    return changed
