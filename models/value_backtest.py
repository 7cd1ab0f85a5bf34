"""What was expected of a held-out period against what came in it: of everybody, and by group."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from math import sqrt
from typing import Any

import numpy as np
import polars as pl

from regulars.models.bg_nbd import BgNbd, likelier
from regulars.models.expected_orders import expected_orders
from regulars.models.gamma_gamma import GammaGamma, expected_spend_per_day
from regulars.models.model_quality import MODEL_QUALITY
from regulars.models.not_fitted import NotFitted

BACKTEST_DAYS = 91
"""A quarter is held out: long enough for purchases of slow customers, and short enough that a
chain with a year of data has three quarters left to fit to."""

AWAY_DAYS = (0, 30, 91, 182, 365)
"""Where groups by days since the last purchase begin: month, quarter, half a year, year."""
ONCE, AGAIN = "once", "again"

LAST_PERIOD = "last_period"

_PLACES = 6
"""Decimals that measures are kept with; more is noise of the fit."""
_NORMAL_95 = 1.959964
_LEAST_EXPECTED = 1e-9
"""Purchase days: an expectation below what a float tells from nothing is held to be this much."""


def backtest(
    before: pl.DataFrame,
    orders: Sequence[BgNbd],
    spend: GammaGamma | NotFitted,
    *,
    bought: pl.DataFrame,
    bought_before: pl.DataFrame,
    tested_on: date,
    horizon_days: int,
) -> pl.DataFrame:
    """How each of the fits did beside the plain rule that everybody does again what they did.

    `before` is the buying history on the eve of the period, `tested_on`, `orders` and `spend` what
    was fitted to it; `bought` and `bought_before` what customers bought in the period of
    `horizon_days` and in the equally long one before it (customer_id, purchase_days_n,
    spend_hundredths). Customers who came later are nobody's forecast and left out.

    Grain and columns: `MODEL_QUALITY`. Models: the names of `orders` for purchase days, with
    `_gamma_gamma` for spend (absent without a Gamma-Gamma), and the baseline `last_period`. The
    role of the likelier of the fits is model, as it would have been used on the eve; the other is
    a candidate. Measures:
    `backtest_expected_orders`, `backtest_observed_orders`, `backtest_orders_ratio` (expected over
    observed), the same of `spend`. The ratio has an interval of 95 %, by its linearised variance
    over customers; the others have none. It is null when nothing was observed.
    `backtest_orders_deviance`: mean Poisson deviance of a customer's purchase days from the
    expectation, which is least for the true mean (an absolute error is least for the median, which
    is nothing for most of those long away). Not of the baseline, which expects nothing of many.
    By group, whose customers_n is that of the row: `backtest_expected_orders` and
    `backtest_observed_orders`, whose part is `once` or `again`, by purchase days before, and the
    days since the last one: `once.091-181` is away for 91 to 181 days, `once.365-` for longer.
    """
    each = _joined(before.sort("customer_id"), bought, "observed")
    # Sorted, so that sums of floats do not depend on the order of the customers.
    each = _joined(each, bought_before, "before").with_columns(part=_part())
    used = likelier(orders)
    roles = {LAST_PERIOD: "baseline"}
    rows = _compared(LAST_PERIOD, "orders", each["before_orders"], each["observed_orders"])
    if isinstance(spend, GammaGamma):
        rows += _compared(LAST_PERIOD, "spend", each["before_spend"], each["observed_spend"])
    for model in orders:
        of_model = expected_orders(model, each, horizon_days=horizon_days)
        expected, observed = of_model["expected_orders"], of_model["observed_orders"]
        rows += _compared(model.name, "orders", expected, observed)
        rows.append(_row(model.name, "backtest_orders_deviance", _deviance(expected, observed)))
        rows += _by_group(model.name, of_model)
        roles[model.name] = "model" if model is used else "candidate"
        if isinstance(spend, GammaGamma):
            name = f"{model.name}_gamma_gamma"
            valued = expected_spend_per_day(spend, of_model)
            expected = valued["expected_orders"] * valued["expected_order_spend"]
            rows += _compared(name, "spend", expected, valued["observed_spend"])
            roles[name] = roles[model.name]
    every = {
        "tested_on": tested_on,
        "horizon_days": horizon_days,
        "customers_n": before.height,
    }
    return pl.DataFrame(
        [{**every, "role": roles[row["model"]], **row} for row in rows], schema=MODEL_QUALITY
    )


def _part() -> pl.Expr:
    away = pl.col("observed_days") - pl.col("last_purchase_age_days")
    ends = [f"{end - 1}" for end in AWAY_DAYS[1:]] + [""]
    spans = [(start, f"{start:03}-{end}") for start, end in zip(AWAY_DAYS, ends, strict=True)]
    span = pl.coalesce(pl.when(away >= start).then(pl.lit(text)) for start, text in spans[::-1])
    kind = pl.when(pl.col("repeat_days_n") == 0).then(pl.lit(ONCE)).otherwise(pl.lit(AGAIN))
    return kind + "." + span


def _by_group(model: str, each: pl.DataFrame) -> Iterator[dict[str, Any]]:
    for group in each.sort("part", "customer_id").partition_by("part", maintain_order=True):
        place = {"part": group["part"][0], "customers_n": group.height}
        for name in ("expected", "observed"):
            total = _total(group[f"{name}_orders"])
            yield _row(model, f"backtest_{name}_orders", total) | place


def _joined(customers: pl.DataFrame, bought: pl.DataFrame, name: str) -> pl.DataFrame:
    amounts = bought.select(
        "customer_id",
        pl.col("purchase_days_n").cast(pl.Float64).alias(f"{name}_orders"),
        (pl.col("spend_hundredths").cast(pl.Float64) / 100).alias(f"{name}_spend"),
    )
    return customers.join(
        amounts, on="customer_id", how="left", maintain_order="left"
    ).with_columns(pl.col(f"{name}_orders", f"{name}_spend").fill_null(0.0))


def _compared(
    model: str, what: str, expected: pl.Series, observed: pl.Series
) -> list[dict[str, Any]]:
    value, low, high = _ratio(expected, observed)
    return [
        _row(model, f"backtest_expected_{what}", _total(expected)),
        _row(model, f"backtest_observed_{what}", _total(observed)),
        _row(model, f"backtest_{what}_ratio", value) | {"low": low, "high": high},
    ]


def _row(model: str, measure: str, value: float | None) -> dict[str, Any]:
    return {"model": model, "measure": measure, "value": value}


def _total(amounts: pl.Series) -> float:
    return round(float(amounts.to_numpy().sum()), _PLACES)


def _deviance(expected: pl.Series, observed: pl.Series) -> float | None:
    mean, came = np.maximum(expected.to_numpy(), _LEAST_EXPECTED), observed.to_numpy()
    each = 2 * (came * np.log(np.where(came > 0, came, mean) / mean) - (came - mean))
    return round(float(each.mean()), _PLACES) if len(each) else None


def _ratio(
    expected: pl.Series, observed: pl.Series
) -> tuple[float | None, float | None, float | None]:
    over, under = expected.to_numpy(), observed.to_numpy()
    n, total = len(under), float(under.sum())
    if total <= 0 or n < 2:  # noqa: PLR2004  a variance needs two
        return None, None, None
    ratio = float(over.sum()) / total
    spread = float(((over - ratio * under) ** 2).sum()) * n / (n - 1)
    half = _NORMAL_95 * sqrt(spread) / total
    return (
        round(ratio, _PLACES),
        round(max(ratio - half, 0.0), _PLACES),
        round(ratio + half, _PLACES),
    )
