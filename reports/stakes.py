"""Complaints and money: what those at risk blame, who fell silent, and whom to call back first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from regulars.reports.estimates import Estimate
from regulars.reports.facts import RunFacts

EVERYTHING = "all"
FOLLOW_UPS_SHOWN_N = 10
SERVICE_ONLY = "answer_only"


@dataclass(frozen=True)
class Blamed:
    """Customers at high risk with a grievance about a category. A hidden one has no numbers.

    ``lift`` is how many times as often as other customers, with its 95 % interval; ``value`` what
    stands to be lost of them.
    """

    category: str
    customers_n: int | None
    value: Decimal | None = None
    at_risk_share: float | None = None
    others_share: float | None = None
    lift: Estimate | None = None
    is_small: bool = False

    @property
    def is_hidden(self) -> bool:
        return self.customers_n is None

    @property
    def verdict(self) -> str:
        """more, less or as often as others; none where that cannot be said."""
        if self.lift is None:
            return "none"
        if self.lift.low > 1:
            return "more"
        return "less" if self.lift.high < 1 else "as"


@dataclass(frozen=True)
class Silence:
    """Complainers who bought nothing for so many days, beside others like them."""

    category: str
    window_days: int
    complainers_n: int
    silent_share: float
    comparable_share: float
    excess: Estimate


@dataclass(frozen=True)
class FollowUp:
    """A customer to call back."""

    rank: int
    customer_id: str
    reason: str
    contact: str
    since_on: date
    feedback_id: str
    category: str | None
    owner_store_id: str | None
    staff_id: str | None
    risk_band: str | None
    value: Decimal | None


@dataclass(frozen=True)
class Stakes:
    """``everything`` is of all grievances, ``blamed`` by category, most value at risk first.

    ``silence`` has all complaints first, by window, then categories; ``follow_ups`` are the first
    of ``follow_ups_n``, ``answer_only_n`` of whom did not consent to marketing.
    """

    everything: Blamed | None
    blamed: tuple[Blamed, ...]
    silence: tuple[Silence, ...]
    follow_ups: tuple[FollowUp, ...]
    follow_ups_n: int
    answer_only_n: int
    value: Decimal

    @property
    def window_days(self) -> int:
        """The shortest window: the most complaints are old enough for it."""
        return min((one.window_days for one in self.silence), default=0)

    @property
    def silence_by_category(self) -> tuple[Silence, ...]:
        """Of the shortest window, the largest difference first."""
        found = (
            one
            for one in self.silence
            if one.category != EVERYTHING and one.window_days == self.window_days
        )
        return tuple(sorted(found, key=lambda one: (-one.excess.value, one.category)))


def stakes(tables: Mapping[str, pl.DataFrame], facts: RunFacts) -> Stakes:
    """What the tables risk_complaints, complaint_silence and follow_ups say."""
    listed = tables["follow_ups"].sort("rank")
    blamed = [_blamed(row, facts) for row in tables["risk_complaints"].iter_rows(named=True)]
    return Stakes(
        everything=next((one for one in blamed if one.category == EVERYTHING), None),
        blamed=tuple(sorted((one for one in blamed if one.category != EVERYTHING), key=_by_value)),
        silence=_silence(tables["complaint_silence"], facts),
        follow_ups=tuple(
            _follow_up(row) for row in listed.head(FOLLOW_UPS_SHOWN_N).iter_rows(named=True)
        ),
        follow_ups_n=listed.height,
        answer_only_n=listed.filter(contact=SERVICE_ONLY).height,
        value=Decimal(str(listed["value_at_risk"].sum() or "0.00")),
    )


def _blamed(row: Mapping[str, Any], facts: RunFacts) -> Blamed:
    n = row["customers_n"]
    if 0 < n < facts.small_below:
        return Blamed(row["category"], None, is_small=True)
    lift = [row[name] for name in ("lift", "lift_low", "lift_high")]
    return Blamed(
        row["category"],
        n,
        row["value_at_risk"],
        row["at_risk_share"],
        row["others_share"],
        None if None in lift else Estimate(*lift),
    )


def _by_value(blamed: Blamed) -> tuple[bool, Decimal, str]:
    return (blamed.customers_n is None, -(blamed.value or Decimal(0)), blamed.category)


def _silence(table: pl.DataFrame, facts: RunFacts) -> tuple[Silence, ...]:
    shown = table.filter(pl.col("complainers_n") >= facts.small_below).sort(
        pl.col("category") != EVERYTHING, "category", "window_days"
    )
    return tuple(
        Silence(
            row["category"],
            row["window_days"],
            row["complainers_n"],
            row["silent_share"],
            row["comparable_share"],
            Estimate(row["excess_share"], row["excess_share_low"], row["excess_share_high"]),
        )
        for row in shown.iter_rows(named=True)
    )


def _follow_up(row: Mapping[str, Any]) -> FollowUp:
    return FollowUp(
        **{
            name: row[name]
            for name in (
                "rank", "customer_id", "reason", "contact", "since_on", "feedback_id", "category",
                "owner_store_id", "staff_id", "risk_band",
            )
        },
        value=row["value_at_risk"],
    )  # fmt: skip
