"""Customers by lifecycle stage and by value type, small groups hidden."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from regulars.expectations.catalogue import LIFECYCLE_STAGES, VALUE_TYPES
from regulars.reports.facts import RunFacts
from regulars.reports.small_cells import hidden_cells


@dataclass(frozen=True)
class Group:
    """Customers of one stage or type. A hidden group has no numbers."""

    code: str
    customers_n: int | None
    customers_share: float | None
    spend: Decimal | None
    is_small: bool = False

    @property
    def is_hidden(self) -> bool:
        return self.customers_n is None


def lifecycle_groups(customers: pl.DataFrame, facts: RunFacts) -> tuple[Group, ...]:
    """Grain: lifecycle stage, each of them; customers without a stage are in none."""
    return _groups(customers, "lifecycle", tuple(LIFECYCLE_STAGES), facts)


def value_type_groups(customers: pl.DataFrame, facts: RunFacts) -> tuple[Group, ...]:
    """Grain: value type, each of the eight; customers who were not scored are in none."""
    return _groups(customers, "value_type", tuple(VALUE_TYPES), facts)


def _groups(
    customers: pl.DataFrame, column: str, codes: tuple[str, ...], facts: RunFacts
) -> tuple[Group, ...]:
    found = {
        row[column]: row
        for row in customers.filter(pl.col(column).is_not_null())
        .group_by(column)
        .agg(customers_n=pl.len(), spend=pl.col("spend").sum())
        .iter_rows(named=True)
    }
    customers_n = {code: found.get(code, {}).get("customers_n", 0) for code in codes}
    total = sum(customers_n.values())
    hidden = hidden_cells(customers_n, [codes], small_below=facts.small_below)
    return tuple(
        Group(
            code=code,
            customers_n=None if code in hidden else n,
            customers_share=None if code in hidden or not total else n / total,
            spend=None if code in hidden else found.get(code, {}).get("spend", Decimal("0.00")),
            is_small=code in hidden and n < facts.small_below,
        )
        for code, n in customers_n.items()
    )
