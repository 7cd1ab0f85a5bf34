"""The segments from the strongest to the weakest, with their change since the compare day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from regulars.reports.facts import RunFacts

NO_PURCHASE = "no_purchase"
NOT_SEEN = "not_seen"


@dataclass(frozen=True)
class Segment:
    """One row of the table segments; ``change_n`` is None without a compare day."""

    segment: str
    customers_n: int
    customers_share: float | None
    spend: Decimal
    spend_share: float | None
    recency_days_mean: float | None
    orders_mean: float | None
    spend_mean: float | None
    previous_customers_n: int
    change_n: int | None


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
    only when it has or had customers; not_seen never, as nobody is in it today."""
    rows = {row["segment"]: row for row in segments.iter_rows(named=True)}
    listed = in_order(
        (
            code
            for code, row in rows.items()
            if code != NOT_SEEN
            and (code != NO_PURCHASE or row["customers_n"] or row["previous_customers_n"])
        ),
        facts,
    )
    return tuple(
        Segment(
            **{
                name: rows[code][name]
                for name in Segment.__dataclass_fields__
                if name != "change_n"
            },
            change_n=(
                rows[code]["customers_n"] - rows[code]["previous_customers_n"]
                if facts.has_comparison
                else None
            ),
        )
        for code in listed
    )
