"""The `cohorts` table: how many of those who began in a month are still buying."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from regulars.transforms.lifecycle import BEFORE_DATA
from regulars.transforms.money import hundredths, money
from regulars.transforms.order_nets import IS_PURCHASE, refuse_later

_MONTHS_A_YEAR = 12


def cohorts(
    order_nets: pl.DataFrame, lifecycle: pl.DataFrame, *, as_of: date, chain_first_on: date
) -> pl.DataFrame:
    """The activity of each cohort in each month.

    Input: the order nets, and a row a customer with its `cohort`; customers without one (no order
    of positive net) are in no row.

    Grain: one row a cohort and calendar month, from the later of the cohort's month and the
    chain's first month to that of `as_of`, months without activity included. Columns: month, its
    first day; months_since_n, null for before_data; customers_n of the cohort; active_n of them
    with an order of positive net in the month; retention_share = active_n / customers_n; spend,
    the net of the month's sale orders (orphan returns apart); is_partial, whether the month was
    not over on `as_of`. The chain's first month is not marked even when its data begins within
    it, so that is_partial means one thing.

    Raises:
        ValueError: a row is later than `as_of`.
    """
    refuse_later(order_nets, as_of=as_of)
    of_customer = lifecycle.lazy().filter(pl.col("cohort").is_not_null())
    months = pl.int_ranges(
        pl.max_horizontal("began", pl.lit(_month_number(chain_first_on))),
        _month_number(as_of) + 1,
    )
    grid = (
        of_customer.group_by("cohort")
        .agg(customers_n=pl.len().cast(pl.Int64))
        .with_columns(began=_month_of_cohort())
        .with_columns(month=months)
        .explode("month", empty_as_null=False)
    )
    is_over = (as_of + timedelta(days=1)).day == 1
    active_n = pl.col("active_n").fill_null(0)
    return (
        grid.join(_activity(order_nets, of_customer), on=["cohort", "month"], how="left")
        .select(
            "cohort",
            month=pl.date(
                pl.col("month") // _MONTHS_A_YEAR, pl.col("month") % _MONTHS_A_YEAR + 1, 1
            ),
            months_since_n=pl.col("month") - pl.col("began"),
            customers_n="customers_n",
            active_n=active_n,
            retention_share=active_n / pl.col("customers_n"),
            spend=money(pl.col("spend").fill_null(0)),
            is_partial=(pl.col("month") == _month_number(as_of)) & (not is_over),
        )
        .sort("cohort", "month")
        .collect()
    )


def _activity(order_nets: pl.DataFrame, of_customer: pl.LazyFrame) -> pl.LazyFrame:
    """Cohort and month: the customers who bought and the net of the sale orders."""
    ordered_on = pl.col("ordered_on")
    return (
        order_nets.select(
            "customer_id",
            hundredths(order_nets["net"]).alias("spend"),
            "is_order",
            is_active=IS_PURCHASE,
            month=ordered_on.dt.year().cast(pl.Int64) * _MONTHS_A_YEAR + ordered_on.dt.month() - 1,
        )
        .lazy()
        .filter("is_order")
        .group_by("customer_id", "month")
        .agg(pl.col("spend").sum(), pl.col("is_active").any())
        .join(of_customer.select("customer_id", "cohort"), on="customer_id")
        .group_by("cohort", "month")
        .agg(active_n=pl.col("is_active").sum().cast(pl.Int64), spend=pl.col("spend").sum())
    )


def _month_of_cohort() -> pl.Expr:
    """The number of a cohort's month; null for before_data, which has none."""
    year = pl.col("cohort").str.slice(0, 4)
    month = pl.col("cohort").str.slice(5, 2)
    return pl.when(pl.col("cohort") != BEFORE_DATA).then(
        year.cast(pl.Int64, strict=False) * _MONTHS_A_YEAR + month.cast(pl.Int64, strict=False) - 1
    )


def _month_number(day: date) -> int:
    """Months since the year 0: what makes months subtract."""
    return day.year * _MONTHS_A_YEAR + day.month - 1
