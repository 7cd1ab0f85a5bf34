"""The `clusters` table: how those of a cluster shop, what they are worth, what sets them apart."""

from __future__ import annotations

import polars as pl

from regulars.transforms.habits import CATEGORY_SHARE, CHANNEL_SHARE
from regulars.transforms.money import hundredths, money

MEANS = (
    "orders_per_month",
    "gap_days",
    "order_spend",
    "order_lines",
    "categories",
    "discount_share",
    "discounted_orders_share",
    "coupon_orders_share",
    "return_share",
    "weekend_share",
    "morning_share",
    "evening_share",
)
_HABIT = {
    "gap_days": "gap_days_mean",
    "order_spend": "order_spend_mean",
    "order_lines": "order_lines_mean",
    "categories": "categories_n",
}
_PARTS = 10**9  # of a unit: sums of whole parts are the same in any order


def cluster_profiles(
    habits: pl.DataFrame,
    assigned: pl.DataFrame,
    previously_assigned: pl.DataFrame,
    spend: pl.DataFrame,
    *,
    traits: pl.DataFrame,
) -> pl.DataFrame:
    """The clusters of a population.

    `assigned` and `previously_assigned` have customer_id and cluster, as of the day and as of the
    compare day, both by the same picture; `spend` has customer_id and spend (currency); `traits` a
    row a cluster, with its name and what sets it apart.

    Grain: one row a cluster of `traits`, those without customers included. Columns: those of
    `traits`; customers_n and their share of the clustered; spend and its share, null where there
    is none to share; previous_customers_n; the means of the customers' habits, in the habit's
    unit, null where it is known of none; main_channel and signature_category, the main channel of
    the largest mean share, and the main category whose mean share exceeds everybody's by most,
    with those mean shares, null without channels or categories. Means are exact to a thousandth
    of a millionth.
    """
    known = habits.join(assigned.select("customer_id", "cluster"), on="customer_id").filter(
        pl.col("cluster").is_not_null()
    )
    worth = known.select("customer_id", "cluster").join(spend, on="customer_id", how="left")
    totals = (
        worth.with_columns(hundredths(worth["spend"]).cast(pl.Int128))
        .group_by("cluster")
        .agg(pl.col("spend").sum(), customers_n=pl.len().cast(pl.Int64))
    )
    previous = (
        previously_assigned.filter(pl.col("cluster").is_not_null())
        .group_by("cluster")
        .agg(previous_customers_n=pl.len().cast(pl.Int64))
    )
    means = known.group_by("cluster").agg(
        _mean(_HABIT.get(name, name)).alias(f"{name}_mean") for name in MEANS
    )
    customers_n, of_spend = pl.col("customers_n"), pl.col("spend")
    return (
        traits.join(totals, on="cluster", how="left")
        .join(previous, on="cluster", how="left")
        .join(means, on="cluster", how="left")
        .join(_leading(known, CHANNEL_SHARE, "main_channel"), on="cluster", how="left")
        .join(_leading(known, CATEGORY_SHARE, "signature_category"), on="cluster", how="left")
        .with_columns(pl.col("customers_n", "spend", "previous_customers_n").fill_null(0))
        .with_columns(
            customers_share=_share(customers_n, customers_n.sum()),
            spend_share=_share(of_spend, of_spend.sum()),
            spend=money(of_spend),
        )
        .sort("cluster")
    )


def _leading(known: pl.DataFrame, prefix: str, name: str) -> pl.DataFrame:
    """The main channel by its mean share; the signature category by its lead over everybody's."""
    columns = [column for column in known.columns if column.startswith(prefix)]
    share = f"{name}_share_mean"
    if not columns:
        return pl.DataFrame(schema={"cluster": pl.String, name: pl.String, share: pl.Float64})
    of_clusters = known.group_by("cluster").agg(_mean(column).alias(column) for column in columns)
    of_all = known.select(_mean(column).alias(column) for column in columns)
    lead = pl.col(share) - pl.col("of_all") if prefix == CATEGORY_SHARE else pl.col(share)
    return (
        of_clusters.unpivot(columns, index="cluster", variable_name=name, value_name=share)
        .join(of_all.unpivot(columns, variable_name=name, value_name="of_all"), on=name)
        .filter(pl.col(share).is_not_null())
        .with_columns(pl.col(name).str.strip_prefix(prefix), lead=lead)
        .sort("cluster", "lead", name, descending=[False, True, False])
        .group_by("cluster", maintain_order=True)
        .first()
        .select("cluster", name, share)
    )


def _mean(habit: str) -> pl.Expr:
    known = pl.col(habit).cast(pl.Float64)
    parts = (known * _PARTS).round().cast(pl.Int128).sum()
    return pl.when(known.count() > 0).then(parts.cast(pl.Float64) / _PARTS / known.count())


def _share(part: pl.Expr, whole: pl.Expr) -> pl.Expr:
    return pl.when(whole > 0).then(part.cast(pl.Float64) / whole.cast(pl.Float64))
