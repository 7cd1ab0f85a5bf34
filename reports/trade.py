"""Sales month by month, anonymous receipts included."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import polars as pl

from regulars.reports.facts import RunFacts


@dataclass(frozen=True)
class Month:
    """One calendar month of sales, in the chain's currency; ``returns`` is negative.

    ``is_partial``: sales on record begin or end within the month.
    """

    month: date
    gross: Decimal
    returns: Decimal
    net: Decimal
    is_partial: bool


def months(sales: pl.DataFrame, facts: RunFacts) -> tuple[Month, ...]:
    """Grain: month, oldest first; a month without a sale is a month of zero."""
    if sales.is_empty():
        return ()
    sums = sales.group_by(month=pl.col("sold_on").dt.month_start()).agg(
        pl.col("gross", "returns", "net").sum()
    )
    every = sums.select(
        pl.date_range(pl.col("month").min(), pl.col("month").max(), interval="1mo").alias("month")
    )
    first_on = facts.chain_first_on
    return tuple(
        Month(**row)
        for row in every.join(sums, on="month", how="left")
        .sort("month")
        .with_columns(
            pl.col("gross", "returns", "net").fill_null(Decimal("0.00")),
            is_partial=(pl.col("month").dt.month_end() > facts.as_of)
            | (pl.col("month") < first_on if first_on is not None else pl.lit(False)),
        )
        .iter_rows(named=True)
    )
