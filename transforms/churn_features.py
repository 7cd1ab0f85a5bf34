"""What a churn model looks at: each customer's rhythm, pace, basket and habits, as of a day."""

from __future__ import annotations

from datetime import date

import polars as pl
from polars import selectors as cs

from regulars.expectations.churn_features import FEATURES, FITTED_FEATURES
from regulars.transforms.churn_breadth import breadth
from regulars.transforms.churn_campaigns import campaigns
from regulars.transforms.churn_days import in_hundredths, purchase_days
from regulars.transforms.churn_feedback import said
from regulars.transforms.churn_ratios import churn_ratios
from regulars.transforms.churn_sums import churn_sums

_QUARTER_DAYS = 91
_COUNTS = (
    "returns_n",
    "returns_91d_n",
    "returned_91d",
    "contacts_n",
    "contacts_28d_n",
    "contacts_91d_n",
    "contacts_answered_n",
    "contacts_since_order_n",
    "coupons_unused_n",
    "coupon_uses_n",
    "coupon_uses_91d_n",
    "pieces_365d_n",
    "complaints_365d_n",
    "complaints_91d_n",
    "complaints_unanswered_n",
    "complaints_unsettled_n",
)
"""Who returned nothing, was sent nothing, used nothing or said nothing has none of it."""
_OWN_FEATURES = [name for name in FEATURES if name not in FITTED_FEATURES]


def churn_features(
    orders: pl.DataFrame,
    returns: pl.DataFrame,
    categories: pl.DataFrame,
    contacts: pl.DataFrame,
    coupon_uses: pl.DataFrame,
    feedback: pl.DataFrame,
    *,
    as_of: date,
    horizon_days: int,
) -> pl.DataFrame:
    """The features of each customer with an order of positive net as known at `as_of`.

    The frames are those of the hand-over and may reach beyond `as_of`: what lies later is left out.

    Grain: one row a customer, sorted by customer_id. Columns: customer_id UInt64, and each feature
    of `FEATURES` but the fitted ones, Float64; null where it is not defined (one purchase day has
    no gap, an export without discounts no share of them, who was sent nothing no last message, who
    rated nothing no last rating), never NaN nor infinite. Money is a float here, for a model takes
    nothing else; its sums are exact before.
    """
    days = purchase_days(orders, returns, as_of=as_of)
    sums = churn_sums(days, horizon_days=horizon_days)
    return (
        sums.join(breadth(categories, as_of=as_of), on="customer_id", how="left")
        .join(_returned(returns, as_of=as_of), on="customer_id", how="left")
        .join(campaigns(days, contacts, coupon_uses, as_of=as_of), on="customer_id", how="left")
        .join(said(feedback, as_of=as_of), on="customer_id", how="left")
        .with_columns(pl.col(_COUNTS).fill_null(0))
        .with_columns((cs.numeric() - cs.by_name("customer_id")).cast(pl.Float64))
        .with_columns(churn_ratios(horizon_days=horizon_days))
        .select("customer_id", *_OWN_FEATURES)
        .sort("customer_id")
        .collect()
    )


def _returned(returns: pl.DataFrame, *, as_of: date) -> pl.LazyFrame:
    """Grain: customer with a return up to the day; orphans count, for they are a sign as well.

    `returned_91d` is money in hundredths, above zero.
    """
    age = (pl.lit(as_of) - pl.col("returned_on")).dt.total_days()
    is_late = pl.col("age_days") < _QUARTER_DAYS
    return (
        returns.lazy()
        .filter(pl.col("returned_on") <= as_of)
        .select("customer_id", age_days=age, returned=-in_hundredths("amount"))
        .group_by("customer_id")
        .agg(
            returns_n=pl.len().cast(pl.Int64),
            returns_91d_n=is_late.cast(pl.Int64).sum(),
            returned_91d=pl.col("returned").filter(is_late).sum(),
            last_return_days=pl.col("age_days").min(),
        )
    )
