"""The days between a customer's consecutive purchase days."""

from __future__ import annotations

import polars as pl

from regulars.transforms.order_nets import IS_PURCHASE

_DAY_SPAN = 2**32
_DAY_ZERO = 2**31


def gaps(order_nets: pl.DataFrame) -> pl.DataFrame:
    """Own gaps: customer_id UInt64, gap_days Int32 (at least 1), in order of customer and time.

    Grain: one row a pair of consecutive distinct days with an order of positive net. A customer
    of one purchase day has no row.

    >>> from datetime import date
    >>> from decimal import Decimal
    >>> nets = pl.DataFrame(
    ...     {
    ...         "customer_id": pl.Series([7, 7, 7], dtype=pl.UInt64),
    ...         "ordered_on": [date(2024, 1, 1), date(2024, 1, 8), date(2024, 1, 11)],
    ...         "net": [Decimal("1.00")] * 3,
    ...         "is_order": [True] * 3,
    ...     }
    ... )
    >>> gaps(nets)["gap_days"].to_list()
    [7, 3]
    """
    # Customer and day in one number: sorting it is four times as fast as sorting two columns.
    customer_day = pl.col("customer_id").cast(pl.Int128) * _DAY_SPAN + (
        pl.col("ordered_on").to_physical() + pl.lit(_DAY_ZERO, pl.Int64)
    )
    return (
        order_nets.lazy()
        .filter(IS_PURCHASE)
        .select(customer_day=customer_day)
        .sort("customer_day")
        .select(
            customer_id=(pl.col("customer_day") // _DAY_SPAN).cast(pl.UInt64),
            day=(pl.col("customer_day") % _DAY_SPAN).cast(pl.Int64),
        )
        .select(
            "customer_id",
            gap_days=pl.when(pl.col("customer_id") == pl.col("customer_id").shift(1))
            .then(pl.col("day") - pl.col("day").shift(1))
            .cast(pl.Int32),
        )
        .filter(pl.col("gap_days") > 0)
        .collect()
    )
