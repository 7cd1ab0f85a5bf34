"""How a population spreads its spend over the categories."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True)
class CategoryShares:
    """The positive spend of all customers on each category, in hundredths, in order of name."""

    categories: tuple[str, ...]
    hundredths: tuple[int, ...]

    def as_dict(self) -> dict[str, int]:
        """The fit as it is published: hundredths a category."""
        return dict(zip(self.categories, self.hundredths, strict=True))


def fit_category_shares(category_nets: pl.DataFrame) -> CategoryShares:
    """The shares of the population whose category nets these are.

    Only a customer's categories of positive net count, and unknown categories do not, as in a
    customer's own shares.

    >>> from decimal import Decimal
    >>> nets = pl.DataFrame(
    ...     {"category": ["tea", "tea", "jam"], "net": [Decimal("1.5"), Decimal(-4), Decimal(1)]},
    ...     schema_overrides={"net": pl.Decimal(18, 2)},
    ... )
    >>> fit_category_shares(nets).as_dict()
    {'jam': 100, 'tea': 150}
    """
    sums = (
        category_nets.lazy()
        .filter(pl.col("category").is_not_null() & (pl.col("net") > 0))
        .group_by("category")
        .agg(pl.col("net").reinterpret(dtype=pl.Int128).sum())
        .sort("category")
        .collect()
    )
    return CategoryShares(tuple(sums["category"]), tuple(sums["net"]))
