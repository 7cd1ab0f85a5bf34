"""What the customers of today are expected to spend, by tenths of them, and how far to trust it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from regulars.expectations.tables import TABLES
from regulars.reports.facts import RunFacts
from regulars.reports.small_cells import hidden_cells
from regulars.reports.value_backtest import Forecast, Group, forecast, groups

TENTHS_N = 10
EXTRAPOLATED_REASONS = ("known_briefly", "came_once")
"""Why an expectation rests on little of the customer's own, as the table has it."""
FIT_REASONS = ("too_few_customers", "too_few_repeats", "not_converged", "no_mean_spend")
"""Why nobody was scored; `no_purchase` is a matter of the customer and said by the segments."""
_NO_QUALITY = TABLES["model_quality"].schema.create_empty()


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
class Extrapolated:
    """Customers whose expectation rests on little that is their own, and what is expected."""

    reason: str
    customers_n: int
    spend: Decimal


@dataclass(frozen=True)
class Value:
    """`reason` says why there are no amounts, None when there are; then the rest holds nothing.

    `orders_by` names the model of purchase days. `tenths` is empty where a tenth would be of so few
    customers that it could point at persons, `extrapolated` and `groups` lack those that could.
    """

    customers_n: int
    orders: float
    spend: Decimal
    tenths: tuple[Tenth, ...]
    reason: str | None
    limits: tuple[str, ...]
    orders_by: str | None
    extrapolated: tuple[Extrapolated, ...]
    orders_forecast: Forecast | None
    spend_forecast: Forecast | None
    groups: tuple[Group, ...]

    @property
    def top_share(self) -> float | None:
        return self.tenths[0].spend_share if self.tenths else None


def value(tables: Mapping[str, pl.DataFrame], facts: RunFacts) -> Value | None:
    """What the tables lifetime_value and model_quality say; None of a run without the first."""
    if "lifetime_value" not in tables:
        return None
    table = tables["lifetime_value"]
    scored = table.filter(pl.col("expected_spend_12m").is_not_null())
    quality = tables.get("model_quality", _NO_QUALITY)
    used = quality.filter(pl.col("role") == "model")
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
        orders_by=next(iter(used.filter(pl.col("measure") == "log_likelihood")["model"]), None),
        extrapolated=_extrapolated(scored, facts),
        orders_forecast=forecast(quality, "orders"),
        spend_forecast=forecast(quality, "spend"),
        groups=groups(quality, small_below=facts.small_below),
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


def _extrapolated(scored: pl.DataFrame, facts: RunFacts) -> tuple[Extrapolated, ...]:
    """In the order of the reasons; none where who is left over are few."""
    found = {
        reason: scored.filter(pl.col("extrapolated_reason") == reason)
        for reason in EXTRAPOLATED_REASONS
    }
    counts = {reason: rows.height for reason, rows in found.items()}
    everybody = {**counts, "": scored.height - sum(counts.values())}
    hidden = hidden_cells(everybody, [tuple(everybody)], small_below=facts.small_below)
    return tuple(
        Extrapolated(reason, rows.height, rows.select(pl.col("expected_spend_12m").sum()).item())
        for reason, rows in found.items()
        if rows.height and reason not in hidden
    )
