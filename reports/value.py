"""What the customers of today are expected to spend, by tenths of them, and how far to trust it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from regulars.reports.facts import RunFacts

TENTHS_N = 10
FIT_REASONS = ("too_few_customers", "too_few_repeats", "not_converged", "no_mean_spend")
"""Why nobody was scored; `no_purchase` is a matter of the customer and said by the segments."""


@dataclass(frozen=True)
class Tenth:
    """A tenth of the scored customers, the first being those expected to spend most."""

    place: int
    customers_n: int
    orders_mean: float
    spend: Decimal
    spend_mean: Decimal
    spend_share: float | None


@dataclass(frozen=True)
class Forecast:
    """What had been expected of the held-out period, over what came: 1 is right.

    `low` and `high` are the ends of its 95 % interval; `last_period` is the same ratio of the plain
    expectation that everybody does again what they did in the period before.
    """

    ratio: float
    low: float
    high: float
    last_period: float | None

    @property
    def verdict(self) -> str:
        if self.low <= 1 <= self.high:
            return "right"
        return "over" if self.ratio > 1 else "under"


@dataclass(frozen=True)
class Value:
    """`reason` says why there are no amounts, None when there are; then the rest holds nothing.

    `tenths` is empty where a tenth would be of so few customers that it could point at persons.
    """

    customers_n: int
    orders: float
    spend: Decimal
    tenths: tuple[Tenth, ...]
    reason: str | None
    limits: tuple[str, ...]
    orders_forecast: Forecast | None
    spend_forecast: Forecast | None

    @property
    def top_share(self) -> float | None:
        return self.tenths[0].spend_share if self.tenths else None


def value(tables: Mapping[str, pl.DataFrame], facts: RunFacts) -> Value | None:
    """What the tables lifetime_value and model_quality say; None of a run without the first."""
    if "lifetime_value" not in tables:
        return None
    table = tables["lifetime_value"]
    scored = table.filter(pl.col("expected_spend_12m").is_not_null())
    said = table["unscored_reason"].unique().to_list()
    orders, spend = scored.select(
        pl.col("expected_orders_12m").sort().sum(), pl.col("expected_spend_12m").sum()
    ).row(0)
    return Value(
        customers_n=scored.height,
        orders=orders,
        spend=spend,
        tenths=_tenths(scored, spend, facts),
        reason=next((code for code in FIT_REASONS if code in said), None),
        limits=facts.value_limits if scored.height else (),
        orders_forecast=_forecast(tables, "bg_nbd", "orders"),
        spend_forecast=_forecast(tables, "bg_nbd_gamma_gamma", "spend"),
    )


def _tenths(scored: pl.DataFrame, total: Decimal, facts: RunFacts) -> tuple[Tenth, ...]:
    if scored.height < TENTHS_N * facts.small_below:
        return ()
    ranked = scored.sort(
        ["expected_spend_12m", "expected_orders_12m", "customer_id"], descending=[True, True, False]
    ).with_columns(place=pl.int_range(pl.len()) * TENTHS_N // pl.len() + 1)
    rows = (
        ranked.group_by("place")
        .agg(
            customers_n=pl.len(),
            orders_mean=pl.col("expected_orders_12m").sort().mean(),
            spend=pl.col("expected_spend_12m").sum(),
        )
        .sort("place")
        .iter_rows(named=True)
    )
    return tuple(
        Tenth(
            **row,
            spend_mean=row["spend"] / row["customers_n"],
            spend_share=float(row["spend"] / total) if total else None,
        )
        for row in rows
    )


def _forecast(tables: Mapping[str, pl.DataFrame], model: str, what: str) -> Forecast | None:
    if "model_quality" not in tables:
        return None
    ratios = {
        row["model"]: row
        for row in tables["model_quality"]
        .filter(pl.col("measure") == f"backtest_{what}_ratio")
        .iter_rows(named=True)
        if row["value"] is not None
    }
    if model not in ratios:
        return None
    found, plain = ratios[model], ratios.get("last_period", {"value": None})
    return Forecast(found["value"], found["low"], found["high"], plain["value"])
