"""What the analytics are handed of feedback, as of a day."""

from __future__ import annotations

from datetime import date

import duckdb
import polars as pl

_SCORE = pl.Decimal(18, 3)
FEEDBACK = pl.Schema(
    {
        "feedback_id": pl.String(),
        "submitted_at": pl.Datetime("us"),
        "submitted_on": pl.Date(),
        "customer_id": pl.UInt64(),
        "order_id": pl.String(),
        "product_id": pl.String(),
        "store_id": pl.String(),
        "staff_id": pl.String(),
        "channel": pl.String(),
        "kind": pl.String(),
        "own_category": pl.String(),
        "rating": _SCORE,
        "rating_scale": pl.String(),
        "rating_of_five": _SCORE,
        "nps": pl.Int32(),
        "text": pl.String(),
        "is_text_cut": pl.Boolean(),
        "responded_at": pl.Datetime("us"),
        "resolved_at": pl.Datetime("us"),
    }
)


PIECES = pl.Schema(
    {
        "customer_id": pl.UInt64(),
        "feedback_id": pl.String(),
        "submitted_at": pl.Datetime("us"),
        "submitted_on": pl.Date(),
        "kind": pl.String(),
        "rating_of_five": _SCORE,
        "nps": pl.Int32(),
        "responded_on": pl.Date(),
        "resolved_on": pl.Date(),
    }
)


def feedback(connection: duckdb.DuckDBPyConnection, *, as_of: date) -> pl.DataFrame:
    """One row a piece submitted up to the day, by feedback_id, in its latest version.

    feedback_id, submitted_at (chain's time zone), submitted_on (business day), customer_id (UInt64,
    null where nobody was told), order_id, product_id, store_id, staff_id, channel, kind (survey,
    review, complaint, call, social), own_category (the chain's own label, masked), rating on its
    rating_scale (``1-5``; null where the settings' scale is meant), rating_of_five (the same on a
    scale of 1 to 5, three decimals), nps (0 to 10), text (masked, at most 4,000 characters),
    is_text_cut (whether there was more), responded_at and resolved_at. These two are null
    where they had not happened by the end of the day; any but the first three may be null where
    not told.
    """
    pieces: pl.DataFrame = connection.sql(
        "SELECT feedback_id, submitted_at, submitted_on, identity.customer_id, order_id, "
        "product_id, store_id, staff_id, channel, kind, category AS own_category, rating, "
        "rating_scale, rating_of_five, CAST(nps AS INTEGER) AS nps, text, "
        "coalesce(is_text_cut, false) AS is_text_cut, "
        "CASE WHEN responded_on <= $as_of THEN responded_at END AS responded_at, "
        "CASE WHEN resolved_on <= $as_of THEN resolved_at END AS resolved_at "
        "FROM feedback LEFT JOIN identity USING (source_customer_id) "
        "WHERE submitted_on <= $as_of ORDER BY feedback_id",
        params={"as_of": as_of},
    ).pl()
    return pieces


def place_names(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """What stores and products that feedback is about are called: kind (store, product), id, name.

    The names of now; a row only where the chain's lists tell one.
    """
    each = " UNION ALL ".join(
        f"SELECT '{kind}' AS kind, {kind}_id AS id, name FROM {kind}s WHERE name IS NOT NULL "
        f"AND {kind}_id IN (SELECT {kind}_id FROM feedback)"
        for kind in ("store", "product")
    )
    named: pl.DataFrame = connection.sql(f"{each} ORDER BY ALL").pl()
    return named


def pieces(connection: duckdb.DuckDBPyConnection, *, as_of: date) -> pl.DataFrame:
    """One row a piece of a known customer submitted up to the day, in its latest version.

    customer_id (UInt64), feedback_id, submitted_at, submitted_on (business day), kind,
    rating_of_five (Decimal, 1 to 5), nps (0 to 10), responded_on and resolved_on (business days).
    The last two are null where they had not come by the day, kind and scores where not told. Texts
    stay behind: what they say is told by models, which a past day did not have.
    """
    told: pl.DataFrame = connection.sql(
        "SELECT identity.customer_id, feedback_id, submitted_at, submitted_on, kind, "
        "rating_of_five, CAST(nps AS INTEGER) AS nps, "
        "CASE WHEN responded_on <= $as_of THEN responded_on END AS responded_on, "
        "CASE WHEN resolved_on <= $as_of THEN resolved_on END AS resolved_on "
        "FROM feedback JOIN identity USING (source_customer_id) WHERE submitted_on <= $as_of",
        params={"as_of": as_of},
    ).pl()
    return told
