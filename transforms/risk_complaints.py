"""The `risk_complaints` table: what the customers at risk with the most value complain about.

A table of its own: its rows are categories, and its shares are of customers by their risk, which
neither the table of customers nor those of complaints by store can hold.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from regulars.transforms.churn_table import BANDS
from regulars.transforms.money import MONEY, money

AT_RISK = BANDS[2:]
"""More likely gone than not."""
EVERYTHING = "all"
YEAR_DAYS = 365

_NORMAL_95 = 1.959964


def grievances(handled: pl.DataFrame, *, as_of: date) -> pl.LazyFrame:
    """The pieces of known customers of the last 365 days that blame: one row a piece.

    Negative ones of any kind, and of the kinds that must be answered (is_open is not null) all that
    are not positive: who complains in plain words complains.
    """
    is_late = (pl.lit(as_of) - pl.col("submitted_on")).dt.total_days() < YEAR_DAYS
    is_negative = (pl.col("sentiment") == "negative").fill_null(value=False)
    is_complaint = pl.col("is_open").is_not_null() & pl.col("sentiment").ne_missing("positive")
    return handled.lazy().filter(
        pl.col("customer_id").is_not_null(),
        pl.col("submitted_on") <= as_of,
        is_late,
        is_negative | is_complaint,
    )


def by_category(pieces: pl.LazyFrame) -> pl.LazyFrame:
    """A row a piece and category of it, and one under EVERYTHING: `category` for `categories`."""
    named = pl.concat_list(pl.lit(EVERYTHING), pl.col("categories").fill_null([]))
    return pieces.with_columns(category=named).drop("categories").explode("category")


def risk_complaints(handled: pl.DataFrame, customers: pl.DataFrame, *, as_of: date) -> pl.DataFrame:
    """What customers at high risk blame, and how much more often than others do.

    `handled` has a row a piece; of `customers` customer_id, risk_band and value_at_risk are read,
    and who has no risk is left out. Both are as of the day.

    Grain: one row a category that a scored customer blamed in the last 365 days, and one of `all`
    grievances, whether or not they name a category. Columns: category; customers_n, those at high
    or very high risk who did; value_at_risk, the sum of theirs where it is known; pieces_n, their
    grievances; at_risk_share, customers_n over those at such risk with any grievance, and for
    `all` over everybody at such risk; others_share, the same of scored customers of lower risk;
    lift, the one over the other, with lift_low and lift_high, its 95 % interval (Katz and others,
    "Obtaining Confidence Intervals for the Risk Ratio in Cohort Studies", Biometrics 34, 1978).
    Shares are null where there is nobody to share among, the lift where either share is 0 or null.

    Customers at risk buy, and so speak, less: for a category those who spoke are held against
    others who spoke. What blame goes with risk need not cause it.
    """
    scored = (
        customers.lazy()
        .filter(pl.col("risk_band").is_not_null())
        .select("customer_id", "value_at_risk", is_at_risk=pl.col("risk_band").is_in(AT_RISK))
    )
    blamed = (
        by_category(grievances(handled, as_of=as_of).select("customer_id", "categories"))
        .group_by("customer_id", "category")
        .agg(pieces_n=pl.len().cast(pl.Int64))
        .join(scored, on="customer_id")
    )
    is_at_risk = pl.col("is_at_risk")
    value = pl.col("value_at_risk").cast(MONEY).reinterpret(dtype=pl.Int128)
    found = (
        blamed.group_by("category")
        .agg(
            customers_n=is_at_risk.cast(pl.Int64).sum(),
            others_n=(~is_at_risk).cast(pl.Int64).sum(),
            pieces_n=pl.col("pieces_n").filter(is_at_risk).sum(),
            value_at_risk=value.filter(is_at_risk).sum(),
        )
        .collect()
    )
    return (
        _with_bases(found, scored)
        .with_columns(
            value_at_risk=money(pl.col("value_at_risk")),
            at_risk_share=_share("customers_n", "base_n"),
            others_share=_share("others_n", "others_base_n"),
        )
        .with_columns(
            lift=pl.when(pl.col("customers_n") > 0, pl.col("others_n") > 0).then(
                pl.col("at_risk_share") / pl.col("others_share")
            ),
        )
        .with_columns(
            lift_low=pl.col("lift") / _spread(),
            lift_high=pl.col("lift") * _spread(),
        )
        .drop("base_n", "others_n", "others_base_n")
        .sort("category")
    )


def _with_bases(found: pl.DataFrame, scored: pl.LazyFrame) -> pl.DataFrame:
    """How many customers each row's are a share of."""
    is_at_risk = pl.col("is_at_risk").cast(pl.Int64)
    everyone = scored.select(is_at_risk.sum(), others=pl.len().cast(pl.Int64) - is_at_risk.sum())
    at_risk_n, others_n = everyone.collect().row(0)
    of_all = pl.col("category") == EVERYTHING
    return found.with_columns(
        base_n=pl.when(of_all)
        .then(at_risk_n)
        .otherwise(pl.col("customers_n").filter(of_all).sum()),
        others_base_n=pl.when(of_all)
        .then(others_n)
        .otherwise(pl.col("others_n").filter(of_all).sum()),
    )


def _share(count: str, of: str) -> pl.Expr:
    return pl.when(pl.col(of) > 0).then(pl.col(count) / pl.col(of))


def _spread() -> pl.Expr:
    """By what factor the lift is uncertain."""
    parts = (
        1.0 / pl.col("customers_n")
        - 1.0 / pl.col("base_n")
        + 1.0 / pl.col("others_n")
        - 1.0 / pl.col("others_base_n")
    )
    return (_NORMAL_95 * parts.clip(lower_bound=0).sqrt()).exp()
