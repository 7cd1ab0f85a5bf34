"""Whole numbers a customer, from purchase days: what churn features are ratios of."""

from __future__ import annotations

import polars as pl

from regulars.expectations.churn_features import HALF_LIVES_DAYS, WINDOWS_DAYS
from regulars.transforms.half_lives import halving

_RECENT_DAYS = 91
_SATURDAY = 6
_DAYS_A_WEEK = 7
_YEAR_DAYS = 365
_LOG_SPEND_HALF_LIVES = (28, 112)


def churn_sums(days: pl.LazyFrame, *, horizon_days: int) -> pl.LazyFrame:
    """One row a customer of `purchase_days`, in no order.

    Columns: counts and sums of purchase days, orders, lines and money in hundredths; gaps in days,
    and how many of them were longer than the horizon, than the time away (`over_now_n`), than the
    time away and the horizon together (`over_then_n`); `season_n`, purchase days
    in the horizon of a year ago; `quiet`, the past days from which nothing
    was bought in the horizon; decayed_Nd, purchase days that halve in weight every N days, in
    2^-30; decayed_spend_Nd likewise, in hundredths.
    """
    age, gap = pl.col("age_days"), pl.col("gap_days")
    recency = age.min()
    recent = age < _RECENT_DAYS
    weight = {half: pl.col(f"weight_{half}d") for half in HALF_LIVES_DAYS}
    week = age // _DAYS_A_WEEK
    weighted = days.with_columns(
        halving(age, half_days=half).alias(f"weight_{half}d") for half in HALF_LIVES_DAYS
    )
    return weighted.group_by("customer_id").agg(
        pl.len().cast(pl.Int64).alias("purchase_days_n"),
        pl.col("orders_n", "net", "gross", "discount", "lines_n", "late_n", "coupon_lines_n").sum(),
        (pl.col("weekday") >= _SATURDAY).cast(pl.Int64).sum().alias("weekend_n"),
        pl.col("is_discount_known").any(),
        pl.col("discount", "gross", "lines_n", "coupon_lines_n")
        .filter(recent)
        .sum()
        .name.suffix("_91d"),
        pl.col("weekday", "net", "orders_n").last().name.prefix("last_"),
        *(_n(age < n).alias(f"purchase_days_{n}d_n") for n in WINDOWS_DAYS),
        *(pl.col("net").filter(age < n).sum().alias(f"net_{n}d") for n in WINDOWS_DAYS),
        *(
            week.filter(age < n).n_unique().cast(pl.Int64).alias(f"weeks_{n}d_n")
            for n in (56, 91, 182)
        ),
        *(weight[half].sum().alias(f"decayed_{half}d") for half in HALF_LIVES_DAYS),
        *(
            # Hundredths and 30 binary places are more than an Int64 holds of a large customer.
            (weight[half] // 2**16 * pl.col("net")).sum().alias(f"decayed_spend_{half}d")
            for half in _LOG_SPEND_HALF_LIVES
        ),
        recency_days=recency,
        tenure_days=age.max(),
        # Net of at least the customer's mean, in whole numbers.
        recency_full_basket_days=age.filter(pl.col("net") * pl.len() >= pl.col("net").sum()).min(),
        gaps_n=gap.count().cast(pl.Int64),
        gap_squares=(gap * gap).sum(),
        gap_max=gap.max(),
        gap_max_91d=gap.filter(recent).max(),
        gap_median=gap.median(),
        last_gap=gap.last(),
        gaps_3=gap.tail(3).sum(),
        gaps_3_n=gap.tail(3).count().cast(pl.Int64),
        gaps_8=gap.tail(8).sum(),
        gaps_8_n=gap.tail(8).count().cast(pl.Int64),
        over_horizon_n=_n(gap > horizon_days),
        quiet=(gap - horizon_days).clip(lower_bound=0).sum(),
        over_now_n=_n(gap > recency),
        at_now_n=_n(gap == recency),
        over_then_n=_n(gap > recency + horizon_days),
        stores_n=pl.col("store_id").n_unique().cast(pl.Int64),
        at_last_store_n=_n(pl.col("store_id") == pl.col("store_id").last()),
        at_last_channel_n=_n(pl.col("channel") == pl.col("channel").last()),
        is_store_known=pl.col("store_id").last().is_not_null(),
        is_channel_known=pl.col("channel").last().is_not_null(),
        at_last_weekday_n=_n(pl.col("weekday") == pl.col("weekday").last()),
        season_n=_n(age.is_between(_YEAR_DAYS - horizon_days, _YEAR_DAYS - 1)),
    )


def _n(is_so: pl.Expr) -> pl.Expr:
    return is_so.cast(pl.Int64).sum()
