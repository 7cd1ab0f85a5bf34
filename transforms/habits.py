"""How each customer shops: rhythm, basket, breadth, offers, channel, time of day, categories."""

from __future__ import annotations

from datetime import date
from typing import Protocol

import polars as pl

from regulars.transforms.gaps import gaps
from regulars.transforms.money import MONEY

MONTH_DAYS = 365.25 / 12
"""Days. Who came first a week ago is held to have had a month, not a quarter of one."""

MORNING_UNTIL, EVENING_FROM = 12, 18
"""Hours of the clock; an evening lasts until five in the morning."""
NIGHT_UNTIL = 5
SATURDAY = 6

CHANNEL_SHARE = "channel_share:"
CATEGORY_SHARE = "category_share:"
"""What stands before the channel's or the category's name in the name of a column."""


class Mainstays(Protocol):
    """What is known of the population: `regulars.models.mainstays` fits one."""

    @property
    def categories(self) -> tuple[str, ...]: ...

    @property
    def channels(self) -> tuple[str, ...]: ...

    @property
    def has_times_of_day(self) -> bool: ...


def habits(
    orders: pl.DataFrame,
    returns: pl.DataFrame,
    categories: pl.DataFrame,
    *,
    mainstays: Mainstays,
    as_of: date,
) -> pl.DataFrame:
    """The habits of each customer, from all that is known up to and with `as_of`.

    The frames are those of `data.behaviour`; what lies later is left out. Where nothing else is
    said, an order is one of positive net: an order that was taken back whole shows no habit.

    Grain: one row a customer with such an order. Columns: customer_id; orders_n, the orders the
    habits are seen in;

    - rhythm: orders_per_month since the first order, over at least a month; gap_days_mean, the
      mean gap between purchase days while they came, null of one purchase day; gap_variation, the
      standard deviation of the gaps over their mean, null of fewer than two gaps;
    - basket: order_spend_mean (currency) and order_lines_mean, as sold less returns, as sold;
    - breadth: categories_n; category_diversity, the chance that two lines are of two categories
      (0 to 1; Simpson 1949, Measurement of Diversity), null of fewer than two lines of known
      category;
    - offers: discount_share, what was taken off over what it would have cost; and the shares of
      the orders with a discount (discounted_orders_share) or a coupon (coupon_orders_share); null
      where the export has none;
    - return_share, what came back over what was sold, at most 1, whole orders and orphans
      included;
    - time: weekend_share of the orders; morning_share (before 12) and evening_share (18 to 5 at
      night), null for all where orders bear no times of day;
    - channel_share:X of the orders that name a channel, for the main channels of `mainstays`;
      category_share:X of the lines of known category, for its main categories.

    Shares are 0 to 1. Days alone are compared for gaps, and whole numbers are summed, so that no
    order of rows matters.
    """
    bought = _bought(orders, returns, as_of=as_of)
    return (
        _of_orders(bought, mainstays, as_of=as_of)
        .join(_of_gaps(bought), on="customer_id", how="left")
        .join(_of_returns(orders, returns, as_of=as_of), on="customer_id", how="left")
        .join(_of_categories(categories, mainstays, as_of=as_of), on="customer_id", how="left")
        .with_columns(pl.col("categories_n").fill_null(0))
        .collect()
    )


def _bought(orders: pl.DataFrame, returns: pl.DataFrame, *, as_of: date) -> pl.DataFrame:
    """The orders of positive net, amounts in hundredths."""
    returned = (
        returns.lazy()
        .filter((pl.col("returned_on") <= as_of) & pl.col("order_n").is_not_null())
        .group_by("order_n")
        .agg(returned=pl.col("amount").sum())
    )
    return (
        orders.lazy()
        .filter(pl.col("ordered_on") <= as_of)
        .join(returned, on="order_n", how="left")
        .with_columns(net=(pl.col("gross") + pl.col("returned").fill_null(0)).cast(MONEY))
        .filter(pl.col("net") > 0)
        .select(
            "customer_id",
            "ordered_on",
            "ordered_at",
            "channel",
            "lines_n",
            "coupon_lines_n",
            "net",
            gross_hundredths=_whole("gross"),
            discount_hundredths=_whole("discount"),
            net_hundredths=_whole("net"),
        )
        .collect()
    )


def _of_orders(bought: pl.DataFrame, mainstays: Mainstays, *, as_of: date) -> pl.LazyFrame:
    hour = pl.col("ordered_at").dt.hour()
    is_known = pl.lit(mainstays.has_times_of_day)
    is_evening = (hour >= EVENING_FROM) | (hour < NIGHT_UNTIL)
    is_morning = (hour < MORNING_UNTIL) & ~is_evening
    discount = pl.col("discount_hundredths")
    tenure_days = (pl.lit(as_of) - pl.col("ordered_on").min()).dt.total_days() + 1
    return (
        bought.lazy()
        .group_by("customer_id")
        .agg(
            orders_n=pl.len().cast(pl.Int64),
            tenure_days=tenure_days.cast(pl.Float64),
            order_spend_mean=_double(pl.col("net_hundredths").sum()) / (100.0 * pl.len()),
            order_lines_mean=pl.col("lines_n").cast(pl.Int64).sum() / pl.len(),
            discount_share=_share(
                discount.sum(),
                (pl.col("gross_hundredths").filter(discount.is_not_null()).sum() + discount.sum()),
            ),
            discounted_orders_share=(discount > 0).mean(),
            coupon_orders_share=(pl.col("coupon_lines_n") > 0).mean(),
            weekend_share=(pl.col("ordered_on").dt.weekday() >= SATURDAY).mean(),
            morning_share=pl.when(is_known).then(is_morning).mean(),
            evening_share=pl.when(is_known).then(is_evening).mean(),
            **{
                f"{CHANNEL_SHARE}{channel}": (pl.col("channel") == channel).mean()
                for channel in mainstays.channels
            },
        )
        # Of two columns, not by a constant: polars multiplies by the reciprocal of a constant, or
        # divides, by how many rows there are.
        .with_columns(
            orders_per_month=pl.col("orders_n")
            * MONTH_DAYS
            / pl.max_horizontal("tenure_days", pl.lit(MONTH_DAYS))
        )
        .drop("tenure_days")
    )


def _of_gaps(bought: pl.DataFrame) -> pl.LazyFrame:
    """The spread of the gaps from whole sums: n sum(g^2) - sum(g)^2 over n (n - 1)."""
    n, total, squares = pl.col("gaps_n"), pl.col("days"), pl.col("square_days")
    return (
        gaps(bought.select("customer_id", "ordered_on", "net", is_order=pl.lit(value=True)))
        .lazy()
        .with_columns(pl.col("gap_days").cast(pl.Int64))
        .group_by("customer_id")
        .agg(
            gaps_n=pl.len().cast(pl.Int64),
            days=pl.col("gap_days").sum(),
            square_days=pl.col("gap_days").pow(2).sum(),
        )
        .select(
            "customer_id",
            gap_days_mean=total / n,
            gap_variation=pl.when(n > 1).then(
                (_double(n * squares - total.pow(2)) / _double(n * (n - 1))).sqrt() * n / total
            ),
        )
    )


def _of_returns(orders: pl.DataFrame, returns: pl.DataFrame, *, as_of: date) -> pl.LazyFrame:
    sold = (
        orders.lazy()
        .filter(pl.col("ordered_on") <= as_of)
        .group_by("customer_id")
        .agg(sold=_whole("gross").sum())
    )
    returned = (
        returns.lazy()
        .filter(pl.col("returned_on") <= as_of)
        .group_by("customer_id")
        .agg(returned=_whole("amount").sum() * -1)
    )
    share = _share(pl.col("returned").fill_null(0), pl.col("sold"))
    return sold.join(returned, on="customer_id", how="left").select(
        "customer_id", return_share=pl.min_horizontal(share, 1.0)
    )


def _of_categories(categories: pl.DataFrame, mainstays: Mainstays, *, as_of: date) -> pl.LazyFrame:
    lines = pl.col("lines_n")
    all_lines = lines.sum()
    pairs_alike = (lines * (lines - 1)).sum()
    return (
        categories.lazy()
        .filter((pl.col("ordered_on") <= as_of) & pl.col("category").is_not_null())
        .group_by("customer_id", "category")
        .agg(lines.cast(pl.Int64).sum())
        .group_by("customer_id")
        .agg(
            categories_n=pl.len().cast(pl.Int64),
            category_diversity=pl.when(all_lines > 1).then(
                1 - _double(pairs_alike) / _double(all_lines * (all_lines - 1))
            ),
            **{
                f"{CATEGORY_SHARE}{category}": lines.filter(pl.col("category") == category).sum()
                / all_lines
                for category in mainstays.categories
            },
        )
    )


def _whole(amount: str) -> pl.Expr:
    return pl.col(amount).reinterpret(dtype=pl.Int128)


def _double(whole: pl.Expr) -> pl.Expr:
    return whole.cast(pl.Float64)


def _share(part: pl.Expr, whole: pl.Expr) -> pl.Expr:
    return pl.when(whole > 0).then(_double(part) / _double(whole))
