"""The net of each order and orphan return: what every customer transform starts from.

Grain: one row a sale order of a known customer, on the day of the sale, and one row an orphan
return (or the sum of a customer's orphan returns of one day), on the day of the return. `net` is
the sale less the returns linked to it, as known on the as-of day. `is_order` is false for orphan
returns: they count in spend, never in orders or recency.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from regulars.transforms.money import MONEY

ORDER_NETS = pl.Schema(
    {
        "customer_id": pl.UInt64(),
        "ordered_on": pl.Date(),
        "net": MONEY,
        "is_order": pl.Boolean(),
    }
)

IS_PURCHASE = pl.col("is_order") & (pl.col("net") > 0)
"""An order of positive net: the only kind that counts in recency, frequency and gaps. An order
that was taken back whole is no sign of a customer who comes back."""


def refuse_later(order_nets: pl.DataFrame, *, as_of: date) -> None:
    """Refuse rows after the as-of day.

    Their nets would hold returns that were not known on the day, so leaving such rows out would
    hide a wrong hand-over rather than mend it.

    Raises:
        ValueError: a row is later than `as_of`.
    """
    last = order_nets["ordered_on"].max()
    if isinstance(last, date) and last > as_of:
        raise ValueError(f"order nets as of {as_of} hold a row of {last}")
