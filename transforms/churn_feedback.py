"""What each customer said, and what became of it, as of a day: churn features of feedback."""

from __future__ import annotations

from datetime import date

import polars as pl

COMPLAINT_KINDS = ("complaint", "call")
"""Who writes a complaint or calls waits for an answer; who rates or posts may well not."""

_QUARTER_DAYS = 91
_YEAR_DAYS = 365
"""What was said longer ago is left out altogether: shops, and opinions of them, change."""
_RATING = pl.Decimal(18, 3)
_THOUSANDTHS = 1000


def said(pieces: pl.DataFrame, *, as_of: date) -> pl.LazyFrame:
    """One row a customer with a piece of the last 365 days, in no order.

    `pieces` are those of the hand-over, which may reach beyond the day: pieces and answers that lie
    later are left out. What a text says is no feature: the models that tell it are fitted to later
    texts than a past day had.

    Columns, of those 365 days: pieces_365d_n; last_piece_days, since the last of them;
    complaints_365d_n and complaints_91d_n, complaints and calls; last_complaint_days;
    complaints_unanswered_n, those neither answered nor settled by the day, and
    unanswered_complaint_days, how long the oldest of them has waited; complaints_unsettled_n;
    last_settling_days, how long the last complaint took that was settled; last_rating and last_nps;
    earlier_rating_mean, of the ratings before the last; rating_change, from that mean to the last;
    rating_365d_mean. Ratings are of five. Of two pieces of one instant the one of the higher
    feedback_id is the last. Counts are Int64, days as well, ratings Float64.

    Null for who did not complain, rate or recommend.
    """
    age, rating = pl.col("age_days"), pl.col("rating").drop_nulls()
    is_complaint = pl.col("is_complaint")
    is_unsettled = is_complaint & ~pl.col("is_settled")
    is_unanswered = is_unsettled & ~pl.col("is_answered")
    return (
        _of_the_year(pieces, as_of=as_of)
        .group_by("customer_id")
        .agg(
            pieces_365d_n=pl.len().cast(pl.Int64),
            last_piece_days=age.min(),
            complaints_365d_n=_n(is_complaint),
            complaints_91d_n=_n(is_complaint & (age < _QUARTER_DAYS)),
            last_complaint_days=age.filter(is_complaint).min(),
            complaints_unanswered_n=_n(is_unanswered),
            unanswered_complaint_days=age.filter(is_unanswered).max(),
            complaints_unsettled_n=_n(is_unsettled),
            last_settling_days=pl.col("settling_days").filter(is_complaint).drop_nulls().last(),
            last_nps=pl.col("nps").drop_nulls().last(),
            ratings_n=rating.len().cast(pl.Int64),
            ratings_sum=rating.sum(),
            last=rating.last(),
        )
        .with_columns(
            last_rating=_of_five(pl.col("last"), pl.col("ratings_n").sign()),
            rating_365d_mean=_of_five(pl.col("ratings_sum"), pl.col("ratings_n")),
            earlier_rating_mean=_of_five(
                pl.col("ratings_sum") - pl.col("last"), pl.col("ratings_n") - 1
            ),
        )
        .with_columns(rating_change=pl.col("last_rating") - pl.col("earlier_rating_mean"))
        .drop("ratings_n", "ratings_sum", "last")
    )


def _of_the_year(pieces: pl.DataFrame, *, as_of: date) -> pl.LazyFrame:
    """The pieces of the last 365 days as known on the day, in order; `rating` in thousandths."""
    age = (pl.lit(as_of) - pl.col("submitted_on")).dt.total_days()
    is_settled = (pl.col("resolved_on") <= as_of).fill_null(value=False)
    took = pl.col("resolved_on") - pl.col("submitted_on")
    return (
        pieces.lazy()
        .filter(pl.col("submitted_on") <= as_of, age < _YEAR_DAYS)
        .sort("customer_id", "submitted_at", "feedback_id")
        .select(
            "customer_id",
            pl.col("nps").cast(pl.Int64),
            age_days=age,
            rating=pl.col("rating_of_five")
            .cast(_RATING)
            .reinterpret(dtype=pl.Int128)
            .cast(pl.Int64),
            is_complaint=pl.col("kind").is_in(COMPLAINT_KINDS).fill_null(value=False),
            is_answered=(pl.col("responded_on") <= as_of).fill_null(value=False),
            is_settled=is_settled,
            settling_days=pl.when(is_settled).then(took.dt.total_days()),
        )
    )


def _n(is_so: pl.Expr) -> pl.Expr:
    return is_so.cast(pl.Int64).sum()


def _of_five(thousandths: pl.Expr, n: pl.Expr) -> pl.Expr:
    # One quotient of two columns: the same bits for one customer as among many.
    return pl.when(n > 0).then(thousandths / (n * _THOUSANDTHS))
