"""The `complaint_silence` table: whether who complained came again less than others like them did.

Observational: nobody was dealt out to complain, and who does may differ in ways that no receipt
shows. What is told is where to look, not what a complaint does.
"""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from regulars.transforms.order_nets import IS_PURCHASE
from regulars.transforms.risk_complaints import YEAR_DAYS, by_category

WINDOWS_DAYS = (28, 56)
"""Four and eight weeks: about the horizon of churn risks, and twice it."""
MOST_LAG_DAYS = 28
"""A complaint later than that after the last purchase is held against nobody: by then most others
have come again, and those who have not are no longer like everybody."""
BEFORE_DAYS = 91
FREQUENCY_EDGES = (1, 2, 4, 8, 16)
"""Purchase days in the 91 days before, doubling: who comes twice as often is of another kind."""

_REACH_DAYS = MOST_LAG_DAYS + max(WINDOWS_DAYS)
_NORMAL_95 = 1.959964
_STEPS_N = 2.0**30
"""What a customer is counted in: finer than any share that is told."""
_LIKE = ["is_first", "frequency"]


def complaint_silence(
    handled: pl.DataFrame, order_nets: pl.DataFrame, *, as_of: date
) -> pl.DataFrame:
    """The share of complainers who bought nothing in the days after, beside others like them.

    `handled` has a row a piece; a complaint is one of the kinds that must be answered (is_open is
    not null), of a known customer, of the last 365 days, at most 28 days after their last purchase.
    `order_nets` are those of the day.

    Complainers are held against purchase days of customers without any complaint on record: of as
    many purchase days in the 91 days up to it (1, 2, 3-4, 5-8, 9-16, more), alike the first ever or
    not, and after which nobody had bought for as many days as lay between the complainer's last
    purchase and the complaint. Both are then watched for as long: segments are made of how lately
    and how often somebody bought, and these are equal.

    Grain: one row a category of complaints, and one of `all`, and window_days (28, 56) with a
    complainer who can be compared; each customer counts once a row, by their first such complaint
    whose window is over. Columns: category; window_days Int32; complainers_n; silent_n of them,
    without an order of positive net in the window; silent_share; comparable_share, the share of the
    others weighed as the complainers are; excess_share, the difference, with excess_share_low and
    excess_share_high, its 95 % interval (Newcombe, "Interval Estimation for the Difference between
    Independent Proportions", 1998, method 10: Wilson's interval of the one, squared and added to
    the other's). That others appear with several purchase days is not counted in it.
    """
    days = _purchase_days(order_nets, as_of=as_of)
    on_record = handled.lazy().filter(
        pl.col("customer_id").is_not_null(),
        pl.col("is_open").is_not_null(),
        pl.col("submitted_on") <= as_of,
    )
    complaints = _complaints(on_record, days, as_of=as_of)
    others = days.join(on_record, on="customer_id", how="anti")
    by_cell = [*_LIKE, "lag_days", "window_days"]
    cells = complaints.group_by("category", *by_cell).agg(
        n=pl.len().cast(pl.Int64), silent_n=pl.col("is_silent").cast(pl.Int64).sum()
    )
    comparable = _comparable(cells.select(by_cell).unique(), others, as_of=as_of)
    q, n = pl.col("q"), pl.col("n")
    return (
        cells.join(comparable, on=by_cell)
        .with_columns(q=pl.col("stayed_n") / pl.col("comparable_n"))
        .group_by("category", "window_days")
        .agg(
            complainers_n=n.sum(),
            silent_n=pl.col("silent_n").sum(),
            expected=_sum(n * q),
            variance=_sum(n * n * q * (1 - q) / pl.col("comparable_n")),
        )
        .with_columns(
            silent_share=pl.col("silent_n") / pl.col("complainers_n"),
            comparable_share=pl.col("expected") / pl.col("complainers_n"),
        )
        .with_columns(excess_share=pl.col("silent_share") - pl.col("comparable_share"))
        .with_columns(
            excess_share_low=pl.col("excess_share") - _reach(is_up=False),
            excess_share_high=pl.col("excess_share") + _reach(is_up=True),
        )
        .drop("expected", "variance")
        .sort("category", "window_days")
        .collect()
    )


def _purchase_days(order_nets: pl.DataFrame, *, as_of: date) -> pl.LazyFrame:
    """A row a customer and purchase day of the time looked at.

    customer_id, ordered_on, gap_days to the next (null without one), is_first and frequency, which
    say who is alike.
    """
    looked_at = as_of - timedelta(days=YEAR_DAYS + MOST_LAG_DAYS)
    purchased = (
        order_nets.lazy()
        .filter(IS_PURCHASE, pl.col("ordered_on") <= as_of)
        .select("customer_id", "ordered_on")
    )
    first = purchased.group_by("customer_id").agg(first_on=pl.col("ordered_on").min())
    numbered = (
        purchased.filter(pl.col("ordered_on") > looked_at - timedelta(days=BEFORE_DAYS))
        .unique()
        .sort("customer_id", "ordered_on")
        .rolling("ordered_on", period=f"{BEFORE_DAYS}d", group_by="customer_id")
        .agg(days_n=pl.len())
        .sort("customer_id", "ordered_on")
    )
    is_same = pl.col("customer_id") == pl.col("customer_id").shift(-1)
    return (
        numbered.with_columns(
            gap_days=pl.when(is_same).then(
                (pl.col("ordered_on").shift(-1) - pl.col("ordered_on")).dt.total_days()
            )
        )
        .filter(pl.col("ordered_on") > looked_at)
        .join(first, on="customer_id")
        .select(
            "customer_id",
            "ordered_on",
            "gap_days",
            is_first=pl.col("ordered_on") == pl.col("first_on"),
            frequency=pl.sum_horizontal(pl.col("days_n") > edge for edge in FREQUENCY_EDGES).cast(
                pl.Int32
            ),
        )
    )


def _complaints(on_record: pl.LazyFrame, days: pl.LazyFrame, *, as_of: date) -> pl.LazyFrame:
    """A row a category, window and complainer: who they are like, lag_days, is_silent."""
    age = (pl.lit(as_of) - pl.col("submitted_on")).dt.total_days()
    complaints = by_category(
        on_record.filter(age < YEAR_DAYS).select("customer_id", "submitted_on", "categories")
    ).unique()
    linked = (
        complaints.sort("submitted_on")
        .join_asof(
            days.with_columns(bought_on="ordered_on").sort("ordered_on"),
            left_on="submitted_on",
            right_on="ordered_on",
            by="customer_id",
            check_sortedness=False,
        )
        .with_columns(lag_days=(pl.col("submitted_on") - pl.col("bought_on")).dt.total_days())
        .filter(pl.col("lag_days") <= MOST_LAG_DAYS)
    )
    windows = pl.LazyFrame({"window_days": WINDOWS_DAYS}, schema={"window_days": pl.Int32})
    return (
        linked.join(windows, how="cross")
        .filter(age >= pl.col("window_days"))
        .sort("customer_id", "submitted_on")
        .unique(["category", "window_days", "customer_id"], keep="first", maintain_order=True)
        .with_columns(
            is_silent=pl.col("gap_days").is_null()
            | (pl.col("gap_days") > pl.col("lag_days") + pl.col("window_days"))
        )
    )


def _comparable(asked: pl.LazyFrame, others: pl.LazyFrame, *, as_of: date) -> pl.LazyFrame:
    """Of each cell asked for the purchase days that were watched for as long, and who stayed away.

    comparable_n of those after which nothing was bought for lag_days, stayed_n of them nothing in
    the window that follows either.
    """
    watched_days = (pl.lit(as_of) - pl.col("ordered_on")).dt.total_days()
    # Beyond the reach of every window all are alike: capped, the counts are few.
    counted = others.group_by(
        *_LIKE,
        gap=pl.col("gap_days").fill_null(_REACH_DAYS + 1).clip(upper_bound=_REACH_DAYS + 1),
        watched=watched_days.clip(upper_bound=_REACH_DAYS),
    ).agg(pl.len().cast(pl.Int64))
    until = pl.col("lag_days") + pl.col("window_days")
    return (
        asked.join(counted, on=_LIKE)
        .filter(pl.col("watched") >= until, pl.col("gap") > pl.col("lag_days"))
        .group_by(*_LIKE, "lag_days", "window_days")
        .agg(
            comparable_n=pl.col("len").sum(),
            stayed_n=pl.col("len").filter(pl.col("gap") > until).sum(),
        )
    )


def _sum(figure: pl.Expr) -> pl.Expr:
    """A sum that no order of rows changes, which one of floats would be changed by."""
    return (figure * _STEPS_N).round().cast(pl.Int64).sum() * (1 / _STEPS_N)


def _reach(*, is_up: bool) -> pl.Expr:
    """How far the difference may be off: Wilson's interval of the complainers' share, squared and
    added to that of the others."""
    n, share = pl.col("complainers_n"), pl.col("silent_share")
    z = _NORMAL_95
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * (share * (1 - share) / n + z * z / (4 * n * n)).sqrt() / (1 + z * z / n)
    own = centre + half - share if is_up else share - centre + half
    others = z * z * pl.col("variance") / (n * n)
    return (own * own + others).sqrt()
