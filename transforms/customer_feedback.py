"""What each customer said, as of a day: ratings, complaints, and whether they fell silent after."""

from __future__ import annotations

from datetime import date

import polars as pl

from regulars.expectations.feedback_categories import OTHER
from regulars.transforms.handling import refuse_later_pieces
from regulars.transforms.lifecycle import SLOWING_UP_TO

YEAR_DAYS = 365
"""What was said longer ago counts in feedback_n and in the last days alone: opinions change."""

CUSTOMER_FEEDBACK = pl.Schema(
    {
        "customer_id": pl.UInt64(),
        "feedback_n": pl.Int64(),
        "last_feedback_on": pl.Date(),
        "last_rating": pl.Float64(),
        "rating_365d_mean": pl.Float64(),
        "last_nps": pl.Int32(),
        "negative_365d_n": pl.Int64(),
        "complaints_365d_n": pl.Int64(),
        "last_complaint_on": pl.Date(),
        "is_complaint_open": pl.Boolean(),
        "main_complaint_category": pl.String(),
        "is_silent_since_complaint": pl.Boolean(),
    }
)
COUNTS = ("feedback_n", "negative_365d_n", "complaints_365d_n")
FLAGS = ("is_complaint_open", "is_silent_since_complaint")
"""What those who said nothing have none of, and what is not so of them."""

_LEAST_PURCHASE_DAYS_N = 2
_THOUSANDTHS = 1000


def customer_feedback(
    handled: pl.DataFrame, purchases: pl.DataFrame, lifecycle: pl.DataFrame, *, as_of: date
) -> pl.DataFrame:
    """The feedback of each customer, up to and with `as_of`.

    `handled` has a row a piece: the columns of the hand-over, categories and sentiment of its text,
    and is_open, null for the kinds that nobody has to answer. A complaint is a piece of the other
    kinds (complaints and calls, unless settings say otherwise). Of `purchases` last_ordered_on and
    purchase_days_n are read, of `lifecycle` usual_gap_days; both as of the day.

    Grain: one row a customer with a piece. Columns: customer_id; feedback_n and last_feedback_on,
    of all pieces; last_rating and rating_365d_mean (of five, Float64) and last_nps (0 to 10) of the
    last 365 days, null without one; complaints_365d_n and negative_365d_n, complaints and pieces of
    negative sentiment in them; last_complaint_on, the last ever, null without one;
    is_complaint_open, whether one is not settled; main_complaint_category of the last 365 days, the
    one of most complaints, of ties that of the latest complaint, then the first by name; other only
    where no complaint names any; null where none has one; is_silent_since_complaint.

    Silent since the last complaint of the 365 days is who has bought on two days or more, has not
    bought after the day of the complaint, and has now stayed away from that day on for more than
    2.5 of their usual gaps, though on the day itself the last order was no longer ago than that.
    2.5 is where the lifecycle calls a customer lapsing: who was lapsing when they
    complained did not fall silent over it, and who came once has no rhythm to fall silent from.

    Raises:
        ValueError: a piece is later than `as_of`.
    """
    refuse_later_pieces(handled, as_of=as_of)
    pieces = (
        handled.lazy()
        .filter(pl.col("customer_id").is_not_null())
        .sort("customer_id", "submitted_at", "feedback_id")
        .with_columns(
            rating=_thousandths("rating_of_five"),
            is_late=(pl.lit(as_of) - pl.col("submitted_on")).dt.total_days() < YEAR_DAYS,
            is_complaint=pl.col("is_open").is_not_null(),
        )
    )
    silent = _silent(pl.lit(as_of))
    return (
        _said(pieces)
        .join(_main_categories(pieces), on="customer_id", how="left")
        .join(
            purchases.lazy().select("customer_id", "last_ordered_on", "purchase_days_n"),
            on="customer_id",
            how="left",
        )
        .join(
            lifecycle.lazy().select("customer_id", "usual_gap_days"), on="customer_id", how="left"
        )
        .with_columns(is_silent_since_complaint=silent.fill_null(value=False))
        .select(*CUSTOMER_FEEDBACK)
        .collect()
    )


def _said(pieces: pl.LazyFrame) -> pl.LazyFrame:
    is_late, is_complaint = pl.col("is_late"), pl.col("is_complaint")
    rating = pl.col("rating").filter(is_late).drop_nulls()
    return (
        pieces.group_by("customer_id")
        .agg(
            feedback_n=pl.len().cast(pl.Int64),
            last_feedback_on=pl.col("submitted_on").max(),
            last=rating.last(),
            ratings_n=rating.len().cast(pl.Int64),
            ratings_sum=rating.sum(),
            last_nps=pl.col("nps").filter(is_late).drop_nulls().last().cast(pl.Int32),
            complaints_365d_n=_n(is_late & is_complaint),
            last_complaint_on=pl.col("submitted_on").filter(is_complaint).max(),
            late_complaint_on=pl.col("submitted_on").filter(is_late & is_complaint).max(),
            is_complaint_open=pl.col("is_open").fill_null(value=False).any(),
            negative_365d_n=_n(
                is_late & (pl.col("sentiment") == "negative").fill_null(value=False)
            ),
        )
        .with_columns(
            # One quotient of two columns: the same bits for one customer as among many.
            last_rating=_of_five(pl.col("last"), pl.col("ratings_n").sign()),
            rating_365d_mean=_of_five(pl.col("ratings_sum"), pl.col("ratings_n")),
        )
    )


def _main_categories(pieces: pl.LazyFrame) -> pl.LazyFrame:
    return (
        pieces.filter("is_late", "is_complaint")
        .explode("categories")
        .drop_nulls("categories")
        .group_by("customer_id", "categories")
        .agg(pieces_n=pl.len(), last_at=pl.col("submitted_at").max())
        .with_columns(is_named=pl.col("categories") != OTHER)
        .sort(
            "customer_id",
            "is_named",
            "pieces_n",
            "last_at",
            "categories",
            descending=[False, True, True, True, False],
        )
        .group_by("customer_id")
        .agg(main_complaint_category=pl.col("categories").first())
    )


def _silent(as_of: pl.Expr) -> pl.Expr:
    complained_on, last_on = pl.col("late_complaint_on"), pl.col("last_ordered_on")
    patience = pl.col("usual_gap_days") * float(SLOWING_UP_TO)
    return (
        (pl.col("purchase_days_n") >= _LEAST_PURCHASE_DAYS_N)
        & (last_on <= complained_on)
        & ((complained_on - last_on).dt.total_days() <= patience)
        & ((as_of - complained_on).dt.total_days() > patience)
    )


def _thousandths(rating: str) -> pl.Expr:
    return pl.col(rating).cast(pl.Decimal(18, 3)).reinterpret(dtype=pl.Int128).cast(pl.Int64)


def _of_five(thousandths: pl.Expr, n: pl.Expr) -> pl.Expr:
    return pl.when(n > 0).then(thousandths / (n * _THOUSANDTHS))


def _n(is_so: pl.Expr) -> pl.Expr:
    return is_so.cast(pl.Int64).sum()
