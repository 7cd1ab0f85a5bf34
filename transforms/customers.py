"""The `customers` table: everything known of each customer as of a day."""

from __future__ import annotations

from datetime import date

import polars as pl

from regulars.transforms.customer_feedback import COUNTS, CUSTOMER_FEEDBACK, FLAGS
from regulars.transforms.money import MONEY
from regulars.transforms.purchases import WINDOWS_DAYS
from regulars.transforms.segments import NO_PURCHASE, NOT_SEEN

MEMBERS = pl.Schema(
    {
        "customer_id": pl.UInt64(),
        "gender": pl.String(),
        "birth_date": pl.Date(),
        "city": pl.String(),
        "region": pl.String(),
        "joined_on": pl.Date(),
        "home_store_id": pl.String(),
        "preferred_channel": pl.String(),
        "has_consent": pl.Boolean(),
    }
)

_COUNTS = (
    "orders_n",
    "purchase_days_n",
    *(f"orders_{n}d_n" for n in WINDOWS_DAYS),
    "categories_n",
)
_OF_VALUE = ("expected_orders_12m", "expected_spend_12m", "extrapolated_reason")
_OF_CHURN = ("churn_risk", "risk_band", "value_at_risk")
_AMOUNTS = ("spend", *(f"spend_{n}d" for n in WINDOWS_DAYS))


def customers(
    purchases: pl.DataFrame,
    members: pl.DataFrame,
    *,
    lifecycle: pl.DataFrame,
    rfm: pl.DataFrame,
    affinity: pl.DataFrame,
    clusters: pl.DataFrame,
    value: pl.DataFrame,
    churn: pl.DataFrame,
    feedback: pl.DataFrame | None = None,
    as_of: date,
) -> pl.DataFrame:
    """The customers with a line, and the members.

    `purchases`, `lifecycle`, `rfm`, `value` and `churn` hold a row a customer with a line,
    `affinity` one a customer with a known category of positive net, `clusters` one a customer with
    an order of positive net, `members` one a member. `feedback` is that of `customer_feedback`;
    None where the chain has no such export, and all that would follow from it is null.

    Grain: one row a customer. Columns: those of the `customers` table, customer_id as the number.
    A member without a line has counts and spend of 0, the segment no_purchase and the previous
    segment not_seen; everything else that follows from purchases is null. Who said nothing has
    counts of 0 and complained of nothing.
    """
    of_rfm = ("r_score", "f_score", "m_score", "rfm_score", "segment", "previous_segment")
    said = CUSTOMER_FEEDBACK.to_frame() if feedback is None else feedback
    return (
        members.lazy()
        .with_columns(is_member=True, age_years=_age_years(as_of))
        .join(purchases.lazy(), on="customer_id", how="full", coalesce=True)
        .join(lifecycle.lazy(), on="customer_id", how="left")
        .join(rfm.lazy().select("customer_id", *of_rfm, "value_type"), on="customer_id", how="left")
        .join(affinity.lazy(), on="customer_id", how="left")
        .join(clusters.lazy(), on="customer_id", how="left")
        .join(value.lazy().select("customer_id", *_OF_VALUE), on="customer_id", how="left")
        .join(churn.lazy().select("customer_id", *_OF_CHURN), on="customer_id", how="left")
        .join(said.lazy(), on="customer_id", how="left")
        .drop("birth_date", "gaps_n", "gaps_days_sum")
        .with_columns(
            pl.col("is_member").fill_null(value=False),
            pl.col(*_COUNTS).fill_null(0),
            pl.col(*_AMOUNTS).fill_null(pl.lit(0, dtype=MONEY)),
            pl.col("segment").fill_null(NO_PURCHASE),
            pl.col("previous_segment").fill_null(NOT_SEEN),
        )
        .with_columns(_nothing_said() if feedback is not None else [])
        .collect()
    )


def _nothing_said() -> list[pl.Expr]:
    return [
        pl.col(*COUNTS).fill_null(0),
        pl.col(*FLAGS).fill_null(value=False),
    ]


def _age_years(as_of: date) -> pl.Expr:
    """Full years; who was born on 29 February turns a year older on 1 March of common years.

    Null for a birth after the day: it is not known what was meant.
    """
    born = pl.col("birth_date")
    birthday_to_come = (born.dt.month() > as_of.month) | (
        (born.dt.month() == as_of.month) & (born.dt.day() > as_of.day)
    )
    years = as_of.year - born.dt.year() - birthday_to_come.cast(pl.Int32)
    return pl.when(born <= as_of).then(years)
