"""The features a churn model looks at, by what they are about; each named once, here.

A group is what a reason names: `rhythm`, how the time away compares with the customer's own gaps;
`pace`, how often they buy; `slowing`, whether that falls; `basket`, what they spend at a time;
`breadth`, the categories they buy and lost; `discount`, how far discounts and coupons carry it;
`returns`; `place`, stores and channels; `campaigns`, what they were sent and what became of it;
`complaints`, what they complained of and how it was handled; `ratings`, what they think of the
chain and how often they say so; `habit`, weekday and hour; `tenure`, how long they are known.
"""

from __future__ import annotations

WINDOWS_DAYS = (7, 14, 28, 56, 91, 182, 365)
HALF_LIVES_DAYS = (7, 14, 28, 56, 112)

FEATURE_GROUPS: dict[str, tuple[str, ...]] = {
    "rhythm": (
        "recency_days",
        "recency_gap_ratio",
        "recency_median_gap_ratio",
        "recency_longest_gap_ratio",
        "recency_late_gaps_ratio",
        "recency_gap_spreads",
        "longer_gaps_share",
        "lasting_gaps_share",
        "recency_full_basket_days",
    ),
    "pace": (
        "gap_days_mean",
        "gap_days_median",
        "gap_days_max",
        "gap_days_spread",
        "gap_spread_ratio",
        "long_gaps_pace",
        "quiet_share",
        *(f"pace_{half}d" for half in HALF_LIVES_DAYS),
        *(f"log_pace_{half}d" for half in HALF_LIVES_DAYS),
        *(f"purchase_days_{n}d_n" for n in WINDOWS_DAYS),
        *(f"weeks_{n}d_n" for n in (56, 91, 182)),
        "log_expected_orders",
    ),
    "slowing": (
        "last_gap_ratio",
        "gaps_3_ratio",
        "gaps_8_days_mean",
        "gap_days_max_91d",
        "pace_trend_14d",
        "pace_trend_28d",
        "purchase_days_trend_28d",
        "purchase_days_trend_91d",
    ),
    "basket": (
        *(f"spend_{n}d" for n in WINDOWS_DAYS),
        "log_spend_pace_28d",
        "log_spend_pace_112d",
        "spend_trend_28d",
        "spend_trend_91d",
        "order_spend_mean",
        "order_lines_mean",
        "last_basket_ratio",
    ),
    "breadth": (
        "categories_n",
        "categories_28d_n",
        "categories_91d_n",
        "categories_usual_n",
        "categories_lost_n",
        "categories_lost_share",
        "categories_28d_share",
    ),
    "discount": (
        "discount_share",
        "discount_91d_share",
        "discount_trend_91d",
        "coupon_lines_share",
        "coupon_lines_91d_share",
    ),
    "returns": (
        "returned_share",
        "returned_91d_share",
        "returns_n",
        "returns_91d_n",
        "last_return_days",
    ),
    "place": (
        "stores_n",
        "last_store_share",
        "last_channel_share",
    ),
    "campaigns": (
        "contacts_n",
        "contacts_28d_n",
        "contacts_91d_n",
        "last_contact_days",
        "contacts_answered_n",
        "contacts_answered_share",
        "contacts_since_order_n",
        "coupons_unused_n",
        "coupon_uses_n",
        "coupon_uses_91d_n",
        "last_coupon_use_days",
        "coupon_value_share",
    ),
    "complaints": (
        "complaints_365d_n",
        "complaints_91d_n",
        "last_complaint_days",
        "complaints_unanswered_n",
        "unanswered_complaint_days",
        "complaints_unsettled_n",
        "last_settling_days",
    ),
    "ratings": (
        "last_rating",
        "earlier_rating_mean",
        "rating_change",
        "rating_365d_mean",
        "last_nps",
        "pieces_365d_n",
        "last_piece_days",
    ),
    "habit": (
        "weekend_share",
        "late_share",
        "last_weekday_share",
        "last_weekday",
        "season_days_n",
    ),
    "tenure": ("tenure_days", "purchase_days_n", "orders_n"),
}

FEATURES: tuple[str, ...] = tuple(name for group in FEATURE_GROUPS.values() for name in group)
GROUP_OF: dict[str, str] = {
    name: group for group, names in FEATURE_GROUPS.items() for name in names
}
CALENDAR_FEATURES = frozenset(
    {
        "last_weekday",
        "tenure_days",
        "contacts_28d_n",
        "contacts_91d_n",
        "contacts_since_order_n",
        "last_contact_days",
        "pieces_365d_n",
        "last_piece_days",
    }
)
"""They move with the date and with what the chain itself sends and asks, whatever customers do: a
drift of theirs tells nothing."""
FITTED_FEATURES = frozenset({"log_expected_orders"})
"""What a fitted model of the population adds; all others follow from the customer alone."""

RISK_FALLS_WITH: tuple[str, ...] = (
    *(name for name in FEATURE_GROUPS["pace"] if name.startswith(("pace_", "log_", "purchase_"))),
    *(name for name in FEATURE_GROUPS["pace"] if name.startswith("weeks_")),
    *(f"spend_{n}d" for n in WINDOWS_DAYS),
    "log_spend_pace_28d",
    "log_spend_pace_112d",
    "categories_28d_n",
    "categories_91d_n",
)
RISK_RISES_WITH: tuple[str, ...] = ("recency_days", "recency_full_basket_days")
"""Who bought more of late is never held to be the likelier to stay away, all else equal: what a
sample says otherwise is chance, and nobody would believe it."""
