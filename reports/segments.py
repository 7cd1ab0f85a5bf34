"""The segments from the strongest to the weakest, with their change; small ones hidden."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

import polars as pl

from regulars.reports.facts import RunFacts
from regulars.reports.small_cells import hidden_cells

NO_PURCHASE = "no_purchase"
NOT_SEEN = "not_seen"


@dataclass(frozen=True)
class Segment:
    """One row of the table segments; a hidden one has no numbers.

    ``change_n`` is None without a compare day, and where the segment had few customers then.
    """

    segment: str
    customers_n: int | None
    customers_share: float | None
    spend: Decimal | None
    spend_share: float | None
    recency_days_mean: float | None
    orders_mean: float | None
    spend_mean: float | None
    change_n: int | None
    is_small: bool = False

    @property
    def is_hidden(self) -> bool:
        return self.customers_n is None


class Total(NamedTuple):
    """Customers and their spend."""

    customers_n: int
    spend: Decimal


def in_order(codes: Iterable[str], facts: RunFacts) -> tuple[str, ...]:
    """Codes as the report lists them: segments by strength, then no_purchase, then not_seen."""
    order = [
        *(code for code in facts.segment_codes if code not in (NO_PURCHASE, NOT_SEEN)),
        NO_PURCHASE,
        NOT_SEEN,
    ]
    return tuple(sorted(codes, key=lambda code: (order.index(code) if code in order else -1, code)))


def segment_rows(segments: pl.DataFrame, facts: RunFacts) -> tuple[Segment, ...]:
    """Grain: segment. Every segment of the rules, those without customers included; no_purchase
    only when it has or had customers; not_seen never, as nobody is in it today.

    A segment of few customers is hidden, and the next smallest with it, as the total of all buyers
    would give it away. Few without a purchase are not listed at all.
    """
    rows = {row["segment"]: row for row in _listed(segments, facts).iter_rows(named=True)}
    codes = in_order(rows, facts)
    buyers_n = {code: rows[code]["customers_n"] for code in codes if code != NO_PURCHASE}
    hidden = hidden_cells(buyers_n, [tuple(buyers_n)], small_below=facts.small_below)
    return tuple(_segment(rows[code], code in hidden, facts) for code in codes)


def total(segments: pl.DataFrame, facts: RunFacts) -> Total:
    """All customers of the segments that are listed, hidden ones included."""
    return _sum(_listed(segments, facts))


def buyers(segments: pl.DataFrame) -> Total:
    """All customers with an order of positive net."""
    return _sum(segments.filter(~pl.col("segment").is_in((NO_PURCHASE, NOT_SEEN))))


def _sum(segments: pl.DataFrame) -> Total:
    spend = sum(segments["spend"].to_list(), Decimal("0.00"))
    return Total(int(segments["customers_n"].sum()), spend)


def _listed(segments: pl.DataFrame, facts: RunFacts) -> pl.DataFrame:
    code, now, before = map(pl.col, ("segment", "customers_n", "previous_customers_n"))
    are_few = now.is_between(1, facts.small_below - 1)
    has_any = (now > 0) | (before >= facts.small_below)
    return segments.filter(code != NOT_SEEN, (code != NO_PURCHASE) | (has_any & ~are_few))


def _segment(row: Mapping[str, Any], is_hidden: bool, facts: RunFacts) -> Segment:
    was_few = 0 < row["previous_customers_n"] < facts.small_below
    is_comparable = facts.has_comparison and not is_hidden and not was_few
    shown = (name for name in Segment.__dataclass_fields__ if name in row and name != "segment")
    return Segment(
        row["segment"],
        **{name: None if is_hidden else row[name] for name in shown},
        change_n=row["customers_n"] - row["previous_customers_n"] if is_comparable else None,
        is_small=is_hidden and row["customers_n"] < facts.small_below,
    )
