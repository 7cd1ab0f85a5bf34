"""The eight value types: recency, frequency and monetary, each against the population's mean."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

VALUE_TYPES = {
    "HHH": "key_value",
    "HLH": "key_develop",
    "LHH": "key_keep",
    "LLH": "key_retain",
    "HHL": "general_value",
    "HLL": "general_develop",
    "LHL": "general_keep",
    "LLL": "general_retain",
}
"""By R, F, M, high or low."""


@dataclass(frozen=True)
class Means:
    """The means of the scored customers, kept as sums so that they are exact."""

    customers_n: int
    recency_days_sum: int
    orders_n_sum: int
    spend_hundredths_sum: int

    def as_dict(self) -> dict[str, int]:
        """The fit as it is published."""
        return {
            "customers_n": self.customers_n,
            "recency_days_sum": self.recency_days_sum,
            "orders_n_sum": self.orders_n_sum,
            "spend_hundredths_sum": self.spend_hundredths_sum,
        }


def fit_means(purchases: pl.DataFrame) -> Means | None:
    """The means of the customers with an order of positive net; None when there is none."""
    of_customers = purchases.lazy().filter(pl.col("orders_n") > 0)
    sums = of_customers.select(
        pl.len(),
        pl.col("recency_days").cast(pl.Int64).sum(),
        pl.col("orders_n").sum(),
        pl.col("spend").reinterpret(dtype=pl.Int128).sum(),
    ).collect()
    customers_n, recency_days, orders_n, spend = sums.row(0)
    return Means(customers_n, recency_days, orders_n, spend) if customers_n else None


def value_typed(purchases: pl.DataFrame, means: Means | None) -> pl.DataFrame:
    """The customers with their value_type.

    Grain: one row a customer of `purchases`, all its columns kept. High recency is
    recency_days <= mean, high frequency orders_n >= mean, high monetary spend >= mean. Null for a
    customer without an order of positive net.

    Raises:
        ValueError: there are customers to type and no means.
    """
    has_purchase = pl.col("orders_n") > 0
    if means is None:
        if purchases.select(has_purchase.any()).item():
            raise ValueError("customers to type, but no means")
        return purchases.with_columns(value_type=pl.lit(None, dtype=pl.String))
    n = means.customers_n
    # A whole value is at least the mean exactly when it is at least the mean rounded up.
    levels = (
        pl.col("recency_days") <= means.recency_days_sum // n,
        pl.col("orders_n") >= -(-means.orders_n_sum // n),
        pl.col("spend").reinterpret(dtype=pl.Int128)
        >= pl.lit(-(-means.spend_hundredths_sum // n), dtype=pl.Int128),
    )
    letters = pl.concat_str(
        pl.when(is_high).then(pl.lit("H")).otherwise(pl.lit("L")) for is_high in levels
    )
    return purchases.with_columns(
        value_type=pl.when(has_purchase).then(
            letters.replace_strict(VALUE_TYPES, return_dtype=pl.String)
        )
    )
