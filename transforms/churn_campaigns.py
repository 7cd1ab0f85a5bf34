"""What each customer was sent, how they answered, and the coupons they used, as of a day."""

from __future__ import annotations

from datetime import date

import polars as pl

from regulars.transforms.churn_days import in_hundredths

ANSWER_DAYS = 14
"""The day of the message and the thirteen after it: campaigns of shops run for about two weeks, and
an order later than that is the customer's own idea."""

_MONTH_DAYS = 28
_QUARTER_DAYS = 91
_KEPT_BACK = "control"


def campaigns(
    days: pl.LazyFrame, contacts: pl.DataFrame, coupon_uses: pl.DataFrame, *, as_of: date
) -> pl.LazyFrame:
    """One row a customer who was sent a message or used a coupon, in no order.

    `days` are the purchase days as of the day; `contacts` and `coupon_uses` those of the hand-over,
    which may reach beyond it: what lies later is left out. A message of the arm `control` was kept
    back, and is none.

    Columns, Int64: contacts_n, contacts_28d_n, contacts_91d_n, messages, ever and in those windows;
    last_contact_days, since the last of them; contacts_answered_n, those on whose day, or in the
    thirteen after it, the customer bought; contacts_settled_n, those of which that is known for
    good, and contacts_settled_answered_n of them the answered ones; contacts_since_order_n, those
    sent after the last purchase day; coupons_offered_n, coupons that came with messages, and
    coupons_unused_n of them those not used since; coupon_uses_n, coupon_uses_91d_n;
    last_coupon_use_days; coupon_value, in hundredths, null where no use has one.

    Null for who was sent nothing, or used nothing.
    """
    sent = contacts.lazy().filter(
        pl.col("contacted_on") <= as_of, pl.col("arm").ne_missing(_KEPT_BACK)
    )
    used = coupon_uses.lazy().filter(pl.col("redeemed_on") <= as_of)
    return (
        _answers(sent, days, as_of=as_of)
        .join(_offers(sent, used), on="customer_id", how="left")
        .join(_uses(used, as_of=as_of), on="customer_id", how="full", coalesce=True)
    )


def _answers(sent: pl.LazyFrame, days: pl.LazyFrame, *, as_of: date) -> pl.LazyFrame:
    """Grain: customer who was sent a message."""
    age, bought_age = pl.col("age_days"), pl.col("bought_age_days")
    is_answered = (age - bought_age < ANSWER_DAYS).fill_null(value=False)
    is_settled = age >= ANSWER_DAYS
    messages = sent.select("customer_id", age_days=_age("contacted_on", as_of)).sort("age_days")
    bought = (
        days.select("customer_id", "age_days", bought_age_days="age_days")
        .join(messages, on="customer_id", how="semi")
        .sort("age_days")
    )
    return (
        # The first purchase on the day of the message or after it is the oldest that is no older.
        messages.join_asof(bought, on="age_days", by="customer_id", check_sortedness=False)
        .group_by("customer_id")
        .agg(
            contacts_n=pl.len().cast(pl.Int64),
            contacts_28d_n=_n(age < _MONTH_DAYS),
            contacts_91d_n=_n(age < _QUARTER_DAYS),
            last_contact_days=age.min(),
            contacts_answered_n=_n(is_answered),
            contacts_settled_n=_n(is_settled),
            contacts_settled_answered_n=_n(is_settled & is_answered),
            contacts_since_order_n=_n(bought_age.is_null()),
        )
    )


def _offers(sent: pl.LazyFrame, used: pl.LazyFrame) -> pl.LazyFrame:
    """Grain: customer to whom a coupon was sent."""
    same = ["customer_id", "coupon_id"]
    return (
        sent.filter(pl.col("coupon_id").is_not_null())
        .group_by(same)
        .agg(first_on=pl.col("contacted_on").min())
        .join(used.group_by(same).agg(pl.col("redeemed_on").max()), on=same, how="left")
        .group_by("customer_id")
        .agg(
            coupons_offered_n=pl.len().cast(pl.Int64),
            coupons_unused_n=_n((pl.col("redeemed_on") < pl.col("first_on")).fill_null(value=True)),
        )
    )


def _uses(used: pl.LazyFrame, *, as_of: date) -> pl.LazyFrame:
    """Grain: customer who used a coupon."""
    age = _age("redeemed_on", as_of)
    return used.group_by("customer_id").agg(
        coupon_uses_n=pl.len().cast(pl.Int64),
        coupon_uses_91d_n=_n(age < _QUARTER_DAYS),
        last_coupon_use_days=age.min(),
        coupon_value=pl.when(pl.col("value").is_not_null().any()).then(
            in_hundredths("value").sum()
        ),
    )


def _age(day: str, as_of: date) -> pl.Expr:
    return (pl.lit(as_of) - pl.col(day)).dt.total_days()


def _n(is_so: pl.Expr) -> pl.Expr:
    return is_so.cast(pl.Int64).sum()
