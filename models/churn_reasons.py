"""Why a risk is what it is: the groups of features that raise it most, for each customer."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from regulars.expectations.churn_features import FEATURE_GROUPS, FEATURES
from regulars.expectations.opinion_scales import LOW_RATING
from regulars.models.churn import ChurnModel, matrix, score

Floats = NDArray[np.float64]

REASONS_N = 3
LEAST_RAISE = 0.1
"""Of the logit, which moves a risk of one half by 2.5 points: less is no reason to act on."""

_AT_A_TIME = 50_000
_PLACES = 6

REASON_FEATURES: dict[str, tuple[str, str]] = {
    "rhythm": ("recency_days", "gap_days_mean"),
    "pace": ("purchase_days_91d_n", "purchase_days_182d_n"),
    "slowing": ("gaps_8_days_mean", "gap_days_mean"),
    "basket": ("spend_91d", "spend_182d"),
    "breadth": ("categories_28d_n", "categories_91d_n"),
    "discount": ("discount_91d_share", "discount_share"),
    "returns": ("returns_91d_n", "returns_n"),
    "place": ("stores_n", "last_store_share"),
    "campaigns": ("contacts_91d_n", "contacts_answered_share"),
    "complaints": ("complaints_365d_n", "complaints_unanswered_n"),
    "ratings": ("last_rating", "earlier_rating_mean"),
    "habit": ("weekend_share", "late_share"),
    "tenure": ("tenure_days", "orders_n"),
}
"""The customer's two figures that the sentence of each reason names: value, and what it is held
against or comes with."""

OF_LEVEL = ("pace", "habit", "tenure")
"""They say what a customer is like, the others what became otherwise: those come first, for they
differ between customers of one risk, and something can be done about them."""

_HOLDS: dict[str, pl.Expr] = {
    "rhythm": pl.col("gap_days_mean").is_null()
    | (pl.col("recency_days") > pl.col("gap_days_mean")),
    "slowing": pl.col("gaps_8_days_mean") > pl.col("gap_days_mean"),
    "basket": 2 * pl.col("spend_91d") < pl.col("spend_182d"),
    "breadth": pl.col("categories_28d_n") < pl.col("categories_91d_n"),
    "discount": pl.col("discount_91d_share") != pl.col("discount_share"),
    "returns": pl.col("returns_91d_n") > 0,
    "place": pl.col("stores_n") > 1,
    "campaigns": pl.col("contacts_91d_n") > 0,
    "complaints": (pl.col("complaints_91d_n") > 0) | (pl.col("complaints_unanswered_n") > 0),
    "ratings": (pl.col("last_rating") <= LOW_RATING)
    | (pl.col("last_rating") < pl.col("earlier_rating_mean")),
}
"""Whom a reason can be told of: who is away longer than usual, whose gaps grew, who spends less
than in the quarter before, who complained of late or was not answered, whose last rating is low or
fell. Nobody else would understand it, whatever a model makes of it."""


def churn_reasons(model: ChurnModel, features: pl.DataFrame) -> pl.DataFrame:
    """customer_id, and reason_1 to reason_3: codes of groups, what changed before what is so.

    Of each the strongest first. A group is told only where its figures say what it means: of nobody
    who is away no longer than usual is that a reason.

    With each code the two figures of `REASON_FEATURES`, reason_N_value and reason_N_against,
    Float64 to six decimals; null where the customer has none.

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
    groups = list(FEATURE_GROUPS)
    holds = features.select(
        _HOLDS.get(group, pl.lit(value=True)).fill_null(value=False).alias(group)
        for group in groups
    ).to_numpy()
    raises = np.where(holds & (raises >= LEAST_RAISE), raises, -np.inf)
    is_level = np.isin(groups, OF_LEVEL)
    order = np.lexsort((-raises, np.broadcast_to(is_level, raises.shape), np.isinf(raises)))
    order = order[:, :REASONS_N]
    strength = np.take_along_axis(raises, order, axis=1)
    codes = np.array(groups)[order]
    named = features.with_columns(
        pl.Series(
            f"reason_{n + 1}",
            np.where(strength[:, n] >= LEAST_RAISE, codes[:, n], ""),
            dtype=pl.String,
        ).replace("", None)
        for n in range(REASONS_N)
    )
    return named.select(
        "customer_id",
        *(
            column
            for n in range(1, REASONS_N + 1)
            for column in (
                pl.col(f"reason_{n}"),
                _figure(f"reason_{n}", 0).alias(f"reason_{n}_value"),
                _figure(f"reason_{n}", 1).alias(f"reason_{n}_against"),
            )
        ),
    )


def _figure(reason: str, place: int) -> pl.Expr:
    """The figure of that place of whichever group the reason names."""
    of_group = [
        pl.when(pl.col(reason) == group).then(pl.col(names[place]))
        for group, names in REASON_FEATURES.items()
    ]
    return pl.coalesce(of_group).cast(pl.Float64).round(_PLACES)


def _raises(model: ChurnModel, given: Floats) -> Floats:
    """By how much each group raises the logit of each row, a column a group."""
    before = score(model, given)
    looked_at = {FEATURES[n] for n in model.learner.columns}
    return np.column_stack(
        [
            model.calibration.slope * (before - score(model, _usual(model, given, names)))
            if model.is_baseline or looked_at.intersection(names)
            # The score would be the same: of what a chain does not tell, nothing is learned.
            else np.zeros(len(given))
            for names in FEATURE_GROUPS.values()
        ]
    )


def _usual(model: ChurnModel, given: Floats, names: tuple[str, ...]) -> Floats:
    columns = [FEATURES.index(name) for name in names]
    changed = given.copy()
    changed[:, columns] = model.typical[columns]
    return changed
