"""Churn features as ratios of a customer's sums: against their own rhythm, not against others'."""

from __future__ import annotations

import polars as pl

from regulars.expectations.churn_features import HALF_LIVES_DAYS, WINDOWS_DAYS
from regulars.transforms.half_lives import ONE, halving
from regulars.transforms.money import money

_YEAR_DAYS = 365
_SMALL_SPEND = 100
"""One unit of currency, in hundredths: keeps the logarithm of no spend finite."""


def churn_ratios(*, horizon_days: int) -> list[pl.Expr]:
    """The features over the columns of `churn_sums`, all of them Float64 columns.

    A ratio without a denominator is null: no gap yet, no discount in the export, no category
    known. Half counts (+ 0.5) keep ratios of small counts finite and near 1.
    """
    c = pl.col
    gap_mean = pl.when(c("gaps_n") > 0).then((c("tenure_days") - c("recency_days")) / c("gaps_n"))
    gap_spread = pl.when(c("gaps_n") > 1).then(
        (c("gap_squares") / c("gaps_n") - gap_mean * gap_mean).clip(lower_bound=0).sqrt()
    )
    late_gaps = pl.when(c("gaps_n") > 0).then(c("gaps_8") / c("gaps_8_n"))
    pace = {half: _pace(c(f"decayed_{half}d") / ONE, half) for half in HALF_LIVES_DAYS}
    spend_pace = {half: _pace(c(f"decayed_spend_{half}d") / 2**14, half) for half in (28, 112)}
    discount_share = pl.when("is_discount_known").then(
        c("discount") / (c("gross") + c("discount")).clip(lower_bound=1)
    )
    late_discount_share = pl.when("is_discount_known").then(
        c("discount_91d") / (c("gross_91d") + c("discount_91d")).clip(lower_bound=1)
    )
    past = c("tenure_days") - horizon_days
    away_past_horizon = (c("recency_days") - horizon_days).clip(lower_bound=0)
    features = {
        "recency_gap_ratio": c("recency_days") / (gap_mean + 1),
        "recency_median_gap_ratio": c("recency_days") / (c("gap_median") + 1),
        "recency_longest_gap_ratio": c("recency_days") / (c("gap_max") + 1),
        "recency_late_gaps_ratio": c("recency_days") / (late_gaps + 1),
        "recency_gap_spreads": (c("recency_days") - gap_mean) / (gap_spread + 1),
        "longer_gaps_share": pl.when(c("gaps_n") > 0).then(
            (c("over_now_n") + c("at_now_n") / 2) / c("gaps_n")
        ),
        # Of the own gaps that reached the time away, those that outlasted the horizon too.
        "lasting_gaps_share": (c("over_then_n") + 0.5) / (c("over_now_n") + c("at_now_n") + 1),
        "gap_days_mean": gap_mean,
        "gap_days_median": c("gap_median"),
        "gap_days_max": c("gap_max"),
        "gap_days_spread": gap_spread,
        "gap_spread_ratio": gap_spread / gap_mean,
        "long_gaps_pace": c("over_horizon_n") / (c("tenure_days") + 1),
        # How often the past would have been called churn: days from which nothing followed.
        "quiet_share": pl.when(past > 0).then((c("quiet") + away_past_horizon) / past),
        **{f"pace_{half}d": of for half, of in pace.items()},
        **{f"log_pace_{half}d": (of + 1e-9).log() for half, of in pace.items()},
        "last_gap_ratio": c("last_gap") / gap_mean,
        "gaps_3_ratio": pl.when(c("gaps_n") > 0).then(c("gaps_3") / c("gaps_3_n") / gap_mean),
        "gaps_8_days_mean": late_gaps,
        "gap_days_max_91d": c("gap_max_91d"),
        "pace_trend_14d": (pace[14] + 1e-9).log() - (pace[56] + 1e-9).log(),
        "pace_trend_28d": (pace[28] + 1e-9).log() - (pace[112] + 1e-9).log(),
        "purchase_days_trend_28d": _trend("purchase_days_{}d_n", 28, 56, 0.5),
        "purchase_days_trend_91d": _trend("purchase_days_{}d_n", 91, 182, 0.5),
        **{f"spend_{n}d": _units(c(f"net_{n}d")) for n in WINDOWS_DAYS},
        **{f"log_spend_pace_{half}d": (of + 1).log() for half, of in spend_pace.items()},
        "spend_trend_28d": _trend("net_{}d", 28, 56, _SMALL_SPEND),
        "spend_trend_91d": _trend("net_{}d", 91, 182, _SMALL_SPEND),
        "order_spend_mean": c("net") / (c("orders_n") * 100),
        "order_lines_mean": c("lines_n") / c("orders_n"),
        "last_basket_ratio": (c("last_net") / c("last_orders_n")) / (c("net") / c("orders_n")),
        "categories_lost_share": pl.when(c("categories_usual_n") > 0).then(
            c("categories_lost_n") / c("categories_usual_n")
        ),
        "categories_28d_share": pl.when(c("categories_91d_n") > 0).then(
            c("categories_28d_n") / c("categories_91d_n")
        ),
        "discount_share": discount_share,
        "discount_91d_share": late_discount_share,
        "discount_trend_91d": late_discount_share - discount_share,
        "coupon_lines_share": c("coupon_lines_n") / c("lines_n"),
        "coupon_lines_91d_share": c("coupon_lines_n_91d") / c("lines_n_91d").clip(lower_bound=1),
        "contacts_answered_share": pl.when(c("contacts_settled_n") > 0).then(
            c("contacts_settled_answered_n") / c("contacts_settled_n")
        ),
        "coupon_value_share": c("coupon_value")
        / (c("gross") + c("coupon_value")).clip(lower_bound=1),
        "returned_share": 1 - c("net") / c("gross"),
        # Beside what is kept, for of an order taken back whole nothing was sold.
        "returned_91d_share": c("returned_91d")
        / (c("gross_91d") + c("returned_91d")).clip(lower_bound=1),
        "last_store_share": pl.when("is_store_known").then(
            c("at_last_store_n") / c("purchase_days_n")
        ),
        "last_channel_share": pl.when("is_channel_known").then(
            c("at_last_channel_n") / c("purchase_days_n")
        ),
        "weekend_share": c("weekend_n") / c("purchase_days_n"),
        "late_share": c("late_n") / c("orders_n"),
        # What the same days brought a year ago; of nobody who was not known then.
        "season_days_n": pl.when(c("tenure_days") >= _YEAR_DAYS).then(c("season_n")),
        "last_weekday_share": c("at_last_weekday_n") / c("purchase_days_n"),
    }
    return [feature.alias(name) for name, feature in features.items()]


def _units(hundredths: pl.Expr) -> pl.Expr:
    # Not a quotient: polars divides many rows by one number as a product with its inverse, whose
    # last bit differs from that of the quotient it takes for a single row.
    return money(hundredths.cast(pl.Int64)).cast(pl.Float64)


def _pace(decayed: pl.Expr, half: int) -> pl.Expr:
    """A day's mean, of what halves in weight every `half` days, over the time known."""
    whole = 1 - halving(pl.col("tenure_days") + 1, half_days=half) / ONE
    first_day: float = 1 - 2.0 ** (-1 / half)
    return decayed * first_day / whole


def _trend(name: str, late_days: int, all_days: int, small: float) -> pl.Expr:
    late, whole = pl.col(name.format(late_days)), pl.col(name.format(all_days))
    return ((late + small) / (whole - late + small)).log()
