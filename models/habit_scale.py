"""In which measure customers' habits are compared: each habit against what is usual, robustly."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

KEPT_APART = ("customer_id", "orders_n")
LOGARITHMIC = frozenset(
    {"orders_per_month", "gap_days_mean", "order_spend_mean", "order_lines_mean", "categories_n"}
)
"""Counts, days and amounts: twice as much is as far as half as much."""

FAMILIES = {
    "orders_per_month": "rhythm",
    "gap_days_mean": "rhythm",
    "gap_variation": "rhythm",
    "order_spend_mean": "basket",
    "order_lines_mean": "basket",
    "categories_n": "breadth",
    "category_diversity": "breadth",
    "discount_share": "offers",
    "discounted_orders_share": "offers",
    "coupon_orders_share": "offers",
    "return_share": "returns",
    "weekend_share": "week",
    "morning_share": "hours",
    "evening_share": "hours",
    "channel_share": "channel",
    "category_share": "category",
}
"""What a habit is about; habits of one family say much the same."""

FARTHEST = 3.0
"""Spreads: the odd customer is far from the others, and no farther than this."""

MIDDLE_ORDERS = 0.5
"""How many orders the middle of all weighs. One order shows little of a habit: of a share it can
only say all or nothing. Half an order gives the second as much to say as the first had too much."""

LEAST_KNOWN_SHARE = 0.5
_NORMAL_QUARTILES, _NORMAL_TWENTIETHS = 1.349, 3.290
"""How many standard deviations lie between the quartiles, and the 5 and 95 % quantiles, of a
normal distribution."""

UNKNOWN, CONSTANT = "unknown", "constant"


@dataclass(frozen=True)
class HabitScale:
    """The habits that tell customers apart, and the middle and the spread of each.

    ``features`` are columns of `habits`; ``medians`` and ``spreads`` are theirs, once counts are
    put in logarithms and shares p in arcsin(sqrt(p)), where a share of few orders varies as much
    near 0 as near 1/2 (Anscombe 1948). The spread is the larger of the two standard deviations
    that the quartiles, and the 5 and 95 % quantiles, would have in a normal distribution: a few
    odd customers do not stretch it, and a habit that half of all customers lack has one all the
    same. ``dropped`` names the habits left out: unknown for more than half of the customers, or
    constant.
    """

    features: tuple[str, ...]
    medians: tuple[float, ...]
    spreads: tuple[float, ...]
    dropped: tuple[tuple[str, str], ...]

    @property
    def families(self) -> tuple[str, ...]:
        """The family of each feature."""
        return tuple(family_of(feature) for feature in self.features)


def fit_habit_scale(habits: pl.DataFrame) -> HabitScale:
    """The scale of the population whose habits these are.

    >>> of_three = pl.DataFrame({"customer_id": [1, 2, 3], "orders_n": [5, 5, 5],
    ...     "orders_per_month": [0.0, 1.0, 3.0], "coupon_orders_share": [None, None, 0.2],
    ...     "return_share": [0.0, 0.0, 0.0]})
    >>> scale = fit_habit_scale(of_three)
    >>> scale.features, scale.dropped
    (('orders_per_month',), (('coupon_orders_share', 'unknown'), ('return_share', 'constant')))
    """
    names = [name for name in habits.columns if name not in KEPT_APART]
    straight = habits.select(_straightened(name) for name in names)
    features, medians, spreads, dropped = [], [], [], []
    for name in names:
        known = straight[name].drop_nulls()
        spread = _spread(known)
        if known.len() < LEAST_KNOWN_SHARE * max(straight.height, 1):
            dropped.append((name, UNKNOWN))
        elif not spread > 0:
            dropped.append((name, CONSTANT))
        else:
            features.append(name)
            medians.append(_quantile(known, 0.5))
            spreads.append(spread)
    return HabitScale(tuple(features), tuple(medians), tuple(spreads), tuple(dropped))


def scaled(habits: pl.DataFrame, scale: HabitScale) -> pl.DataFrame:
    """The habits in spreads from the middle of all.

    Grain: one row a customer of `habits`. Columns: customer_id, and a double a feature: 0 for
    the middle and for what is not known of the customer, at most three spreads either way, and
    drawn towards the middle by half an order's weight. A feature that `habits` has not (a category
    that is no longer a main one) is 0.
    """
    weight = pl.col("orders_n") / (pl.col("orders_n") + MIDDLE_ORDERS)
    return habits.select(
        "customer_id",
        *(
            (
                # Times the reciprocal: to divide by a constant depends on how many rows there are.
                ((_straightened(name) - median) * (1 / spread)).clip(-FARTHEST, FARTHEST) * weight
                if name in habits.columns
                else pl.lit(0.0)
            )
            .fill_null(0.0)
            .alias(name)
            for name, median, spread in zip(
                scale.features, scale.medians, scale.spreads, strict=True
            )
        ),
    )


def family_of(feature: str) -> str:
    """
    >>> family_of("category_share:tea"), family_of("weekend_share")
    ('category', 'week')
    """
    return FAMILIES[feature.partition(":")[0]]


def _straightened(name: str) -> pl.Expr:
    habit = pl.col(name).cast(pl.Float64)
    if name in LOGARITHMIC:
        return (habit.clip(lower_bound=0) + 1).log()
    return habit.clip(0, 1).sqrt().arcsin() if "_share" in name else habit


def _spread(known: pl.Series) -> float:
    if known.is_empty():
        return 0.0
    quartiles = _quantile(known, 0.75) - _quantile(known, 0.25)
    twentieths = _quantile(known, 0.95) - _quantile(known, 0.05)
    return max(quartiles / _NORMAL_QUARTILES, twentieths / _NORMAL_TWENTIETHS)


def _quantile(known: pl.Series, at: float) -> float:
    found = known.quantile(at, interpolation="linear")
    return 0.0 if found is None else float(found)
