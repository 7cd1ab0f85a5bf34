"""How the forecast of the back-test came true: of all customers, and group by group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from regulars.reports.small_cells import hidden_cells

ONCE = "once"


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
class Group:
    """Customers alike on the eve of the period: by purchase days before, and by days away.

    `most_days` is None without an end; `expected` and `observed` are purchase days of the period.
    """

    is_once: bool
    least_days: int
    most_days: int | None
    customers_n: int
    expected: float
    observed: float


def forecast(quality: pl.DataFrame, what: str) -> Forecast | None:
    """How the model that was used did with `orders` or `spend`; None where it was not tested."""
    ratios = quality.filter(
        pl.col("measure") == f"backtest_{what}_ratio", pl.col("value").is_not_null()
    )
    used = ratios.filter(pl.col("role") == "model").rows(named=True)
    if not used:
        return None
    plain = ratios.filter(pl.col("model") == "last_period")["value"].to_list()
    return Forecast(used[0]["value"], used[0]["low"], used[0]["high"], next(iter(plain), None))


def groups(quality: pl.DataFrame, *, small_below: int) -> tuple[Group, ...]:
    """Those of the model that was used; who came once first, and by days away.

    Groups that could point at persons are left out.
    """
    rows = (
        quality.filter(
            pl.col("role") == "model",
            pl.col("part").is_not_null(),
            pl.col("measure").is_in(("backtest_expected_orders", "backtest_observed_orders")),
        )
        .pivot("measure", index=["part", "customers_n"], values="value")
        .sort(pl.col("part").str.starts_with(ONCE), "part", descending=[True, False])
        .rows(named=True)
    )
    counts = {row["part"]: row["customers_n"] for row in rows}
    hidden = hidden_cells(counts, [tuple(counts)], small_below=small_below)
    return tuple(_group(row) for row in rows if row["part"] not in hidden)


def _group(row: dict[str, Any]) -> Group:
    kind, span = row["part"].split(".")
    least, most = span.split("-")
    return Group(
        kind == ONCE,
        int(least),
        int(most) if most else None,
        row["customers_n"],
        row["backtest_expected_orders"],
        row["backtest_observed_orders"],
    )
