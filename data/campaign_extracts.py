"""What the analytics are handed of campaigns, as of a day: messages sent and coupons used.

Rows of business days up to ``as_of`` alone, each the version of its latest delivery; rows of
nobody who is known are left out.
"""

from __future__ import annotations

from datetime import date

import duckdb
import polars as pl

_MONEY = pl.Decimal(18, 2)
CONTACTS = pl.Schema(
    {
        "customer_id": pl.UInt64(),
        "contacted_on": pl.Date(),
        "campaign_id": pl.String(),
        "channel": pl.String(),
        "arm": pl.String(),
        "coupon_id": pl.String(),
        "cost": _MONEY,
    }
)
COUPON_USES = pl.Schema(
    {
        "customer_id": pl.UInt64(),
        "redeemed_on": pl.Date(),
        "coupon_id": pl.String(),
        "value": _MONEY,
    }
)


def contacts(connection: duckdb.DuckDBPyConnection, *, as_of: date) -> pl.DataFrame:
    """One row a message up to the day.

    customer_id (UInt64), contacted_on, campaign_id, channel (null where not told), arm (treated or
    control; treated where not told, since a row is a message sent), coupon_id and cost (Decimal,
    currency; both null where not told).
    """
    messages: pl.DataFrame = connection.sql(
        "SELECT identity.customer_id, contacted_on, campaign_id, channel, "
        "coalesce(arm, 'treated') AS arm, coupon_id, cost "
        "FROM contacts JOIN identity USING (source_customer_id) WHERE contacted_on <= $as_of",
        params={"as_of": as_of},
    ).pl()
    return messages


def coupon_uses(connection: duckdb.DuckDBPyConnection, *, as_of: date) -> pl.DataFrame:
    """One row a use of a coupon by a known customer up to the day.

    customer_id (UInt64), redeemed_on, coupon_id, value (Decimal, currency; null where not told).
    """
    uses: pl.DataFrame = connection.sql(
        "SELECT identity.customer_id, redeemed_on, coupon_id, value "
        "FROM coupons JOIN identity USING (source_customer_id) WHERE redeemed_on <= $as_of",
        params={"as_of": as_of},
    ).pl()
    return uses
