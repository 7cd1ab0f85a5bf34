"""The `follow_ups` table: whom to call back, why, and which store should do it.

A table of its own, since it is a list to work through: one row a customer, in order of what is at
stake, with what the caller needs to know. `customers` says how somebody stands, `feedback_items`
what was said; neither says whose turn it is.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

import polars as pl

from regulars.expectations.opinion_scales import DETRACTOR_TO, LOW_RATING, PROMOTER_FROM
from regulars.transforms.handling import complained, refuse_later_pieces

REASONS = (
    "complaint_overdue",
    "rating_unanswered",
    "silent_since_complaint",
    "turned_detractor",
)
"""The first that holds is told: a promise that is broken by now before a wish to win back."""
SERVICE = ("complaint_overdue", "rating_unanswered")
"""What the customer asked, or blamed, is owed an answer; it is no marketing unless it is made so.
The others are: nobody waits for that call."""
ANSWER_ONLY, FREE = "answer_only", "free"

FRESH_DAYS = 30
"""An answer to a rating of longer ago surprises more than it mends."""

_OF_PIECES = (
    "customer_id",
    "submitted_on",
    "feedback_id",
    "kind",
    "store_id",
    "staff_id",
    "text",
)
_OF_CUSTOMERS = ("home_store_id", "has_consent", "churn_risk", "risk_band", "value_at_risk")


def follow_ups(
    handled: pl.DataFrame, customers: pl.DataFrame, orders: pl.DataFrame, *, as_of: date
) -> pl.DataFrame:
    """The customers to call back, ranked by their value at risk.

    `handled`, `customers` and `orders` are those of `due_follow_ups`. Grain and columns as there,
    and `rank`: 1 for the highest value at risk, those of none known last; of equal ones who has
    waited longest, then by customer_id.
    """
    return (
        due_follow_ups(handled, customers, orders, as_of=as_of)
        .sort(
            "value_at_risk",
            "since_on",
            "customer_id",
            descending=[True, False, False],
            nulls_last=True,
        )
        .with_row_index("rank", offset=1)
        .with_columns(pl.col("rank").cast(pl.Int64))
    )


def due_follow_ups(
    handled: pl.DataFrame, customers: pl.DataFrame, orders: pl.DataFrame, *, as_of: date
) -> pl.DataFrame:
    """Who is to be called back, and what about; each depends on their own rows alone.

    `handled` has a row a piece (is_open and is_overdue null for the kinds that nobody has to
    answer), `customers` a row a customer: home_store_id, has_consent, churn_risk, risk_band,
    value_at_risk, is_complaint_open, is_silent_since_complaint. `orders` has a row an order:
    customer_id, store_id, ordered_on. All three are as of the day.

    Grain: one row a customer with a reason, by customer_id. Columns: customer_id; reason, the first
    of REASONS that holds:

    - complaint_overdue: a piece that had to be answered and blames is open beyond the target; the
      oldest such piece. Who praised or asked is in `complaints` as overdue, not here.
    - rating_unanswered: a rating of 1 or 2 of five of the last 30 days, of a kind that need not be
      answered, has no answer on record; the latest.
    - silent_since_complaint: `customers` says so, and no complaint is open; the last complaint.
    - turned_detractor: the last likelihood to recommend, of the last 30 days, is 6 or less and the
      one before it was 9 or 10; the last.

    The first two are service and listed whether or not the customer consented to marketing;
    contact is then answer_only unless has_consent is true. The other two are marketing: only who
    consented is listed, with contact free. Where consent is not known it was not given.

    since_on, feedback_id, kind, category (the first of the piece, null without one), staff_id and
    text are those of the piece. owner_store_id is its store, else home_store_id, else the store of
    most orders (of ties the one of the latest, then the first by name), and owner_store_by says
    which: piece, home or orders. churn_risk, risk_band and value_at_risk are the customer's. Who is
    no customer of the table, having neither a line nor a membership, is listed for service all the
    same.

    Whose data was erased has no piece that bears a customer, and is not listed.

    Raises:
        ValueError: a piece is later than `as_of`.
    """
    refuse_later_pieces(handled, as_of=as_of)
    pieces = handled.lazy().filter(pl.col("customer_id").is_not_null())
    known = customers.lazy().select(
        "customer_id", *_OF_CUSTOMERS, "is_complaint_open", "is_silent_since_complaint"
    )
    found = [
        of_reason.select(
            *_OF_PIECES,
            pl.col("categories").list.first().alias("category"),
            place=pl.lit(place, pl.Int32),
            reason=pl.lit(reason),
        )
        for place, (reason, of_reason) in enumerate(
            zip(REASONS, _by_reason(pieces, known, as_of=as_of), strict=True)
        )
    ]
    is_service = pl.col("reason").is_in(SERVICE)
    has_consent = pl.col("has_consent").fill_null(value=False)
    due = (
        pl.concat(found)
        .join(known.select("customer_id", *_OF_CUSTOMERS), on="customer_id", how="left")
        .filter(is_service | has_consent)
        .sort("customer_id", "place")
        .unique("customer_id", keep="first", maintain_order=True)
        .collect()
    )
    piece, home, ordered = (
        pl.col(name) for name in ("store_id", "home_store_id", "most_ordered_store_id")
    )
    return (
        due.lazy()
        .join(_stores(orders, due), on="customer_id", how="left")
        .select(
            "customer_id",
            "reason",
            contact=pl.when(has_consent).then(pl.lit(FREE)).otherwise(pl.lit(ANSWER_ONLY)),
            since_on="submitted_on",
            feedback_id="feedback_id",
            kind="kind",
            category="category",
            owner_store_id=pl.coalesce(piece, home, ordered),
            owner_store_by=pl.when(piece.is_not_null())
            .then(pl.lit("piece"))
            .when(home.is_not_null())
            .then(pl.lit("home"))
            .when(ordered.is_not_null())
            .then(pl.lit("orders")),
            staff_id="staff_id",
            text="text",
            churn_risk="churn_risk",
            risk_band="risk_band",
            value_at_risk="value_at_risk",
        )
        .sort("customer_id")
        .collect()
    )


def _by_reason(
    pieces: pl.LazyFrame, known: pl.LazyFrame, *, as_of: date
) -> tuple[pl.LazyFrame, ...]:
    """For each reason a row a customer of whom it holds: the piece it is about."""
    is_fresh = (pl.lit(as_of) - pl.col("submitted_on")).dt.total_days() < FRESH_DAYS
    is_answered = pl.col("responded_at").is_not_null() | pl.col("resolved_at").is_not_null()
    is_asked = pl.col("is_open").is_not_null()
    before = pl.col("nps").shift(1).over("customer_id", order_by=["submitted_at", "feedback_id"])
    silent = known.filter("is_silent_since_complaint", ~pl.col("is_complaint_open"))
    recommended = pl.col("nps").is_not_null()
    return (
        _one(pieces.filter("is_overdue", complained()), "first"),
        _one(
            pieces.filter(
                ~is_asked, is_fresh, ~is_answered, pl.col("rating_of_five") <= LOW_RATING
            ),
            "last",
        ),
        _one(pieces.filter(complained()).join(silent, on="customer_id", how="semi"), "last"),
        _one(pieces.filter(recommended).with_columns(before=before), "last").filter(
            is_fresh, pl.col("nps") <= DETRACTOR_TO, pl.col("before") >= PROMOTER_FROM
        ),
    )


def _one(pieces: pl.LazyFrame, which: Literal["first", "last"]) -> pl.LazyFrame:
    """The first or the last of each customer's pieces."""
    # Sorted here and not before: a join keeps no order.
    in_order = pieces.sort("customer_id", "submitted_at", "feedback_id")
    return in_order.unique("customer_id", keep=which, maintain_order=True)


def _stores(orders: pl.DataFrame, due: pl.DataFrame) -> pl.LazyFrame:
    """Of each customer who is due the store of most orders."""
    return (
        orders.lazy()
        .filter(pl.col("store_id").is_not_null())
        .join(due.lazy(), on="customer_id", how="semi")
        .group_by("customer_id", "store_id")
        .agg(orders_n=pl.len(), last_on=pl.col("ordered_on").max())
        .sort(
            "customer_id",
            "orders_n",
            "last_on",
            "store_id",
            descending=[False, True, True, False],
        )
        .group_by("customer_id")
        .agg(most_ordered_store_id=pl.col("store_id").first())
    )
