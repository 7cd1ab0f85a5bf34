"""What each customer is expected to buy and spend in the next 12 months, and how such came true."""

from __future__ import annotations

from datetime import date
from math import sqrt

import polars as pl

from regulars.models.bg_nbd import BgNbd
from regulars.models.expected_orders import expected_orders
from regulars.models.gamma_gamma import GammaGamma, expected_spend_per_day
from regulars.models.model_quality import MODEL_QUALITY
from regulars.models.not_fitted import NotFitted

HORIZON_DAYS = 365
"""The 12 months that columns ending in _12m look ahead."""

BACKTEST_DAYS = 91
"""A quarter is held out: long enough for purchases of slow customers, and short enough that a
chain with a year of data has three quarters left to fit to."""

_MONEY = pl.Decimal(18, 2)
_PLACES = 6
"""Decimals that expected counts and measures are kept with; more is noise of the fit."""
_NORMAL_95 = 1.959964


def lifetime_value(
    customers: pl.DataFrame,
    history: pl.DataFrame,
    orders: BgNbd | NotFitted,
    spend: GammaGamma | NotFitted,
) -> pl.DataFrame:
    """The value of each customer over the next 12 months.

    Grain: one row a row of `customers`, of which customer_id is used. `history` is their buying
    history, one row a customer with an order of positive net.

    Columns: customer_id; repeat_days_n, last_purchase_age_days, observed_days as in the history;
    expected_orders_12m, purchase days (Float64, six decimals); expected_order_spend, net of such a
    day, and expected_spend_12m, their product: Decimal, rounded half to even once, at the end;
    unscored_reason, null when scored, else `no_purchase` or the code of what was not fitted. With
    a BG/NBD and no Gamma-Gamma the orders are there, the two amounts null and the reason given.
    """
    scored = history.drop("spend_per_day_mean").with_columns(
        pl.lit(None, dtype=pl.Float64).alias(name)
        for name in ("expected_orders", "expected_order_spend")
    )
    if isinstance(orders, BgNbd):
        scored = expected_orders(orders, history, horizon_days=HORIZON_DAYS).with_columns(
            expected_order_spend=pl.lit(None, dtype=pl.Float64)
        )
        if isinstance(spend, GammaGamma):
            scored = expected_spend_per_day(spend, scored)
    unfitted = next((fit.code for fit in (orders, spend) if isinstance(fit, NotFitted)), None)
    return (
        customers.select("customer_id")
        .join(scored, on="customer_id", how="left", maintain_order="left")
        .select(
            "customer_id",
            "repeat_days_n",
            "last_purchase_age_days",
            "observed_days",
            expected_orders_12m=pl.col("expected_orders").round(_PLACES),
            expected_order_spend=_money(pl.col("expected_order_spend")),
            expected_spend_12m=_money(pl.col("expected_orders") * pl.col("expected_order_spend")),
            unscored_reason=pl.when(pl.col("repeat_days_n").is_null())
            .then(pl.lit("no_purchase"))
            .otherwise(pl.lit(unfitted, dtype=pl.String)),
        )
    )


def backtest(
    before: pl.DataFrame,
    orders: BgNbd,
    spend: GammaGamma | NotFitted,
    *,
    bought: pl.DataFrame,
    bought_before: pl.DataFrame,
    tested_on: date,
    horizon_days: int,
) -> pl.DataFrame:
    """What was expected of a held-out period against what happened in it, all customers together.

    `before` is the buying history on the eve of the period, `tested_on`, `orders` and `spend` what
    was fitted to it; `bought` and `bought_before` what customers bought in the period of
    `horizon_days` and in the equally long one before it (customer_id, purchase_days_n,
    spend_hundredths). Customers who came later are nobody's forecast and left out.

    Grain and columns: `MODEL_QUALITY`. Models: `bg_nbd` for purchase days,
    `bg_nbd_gamma_gamma` for spend (absent without a Gamma-Gamma), and for each the baseline
    `last_period`, that everybody does again what they did. Measures: `backtest_expected_orders`,
    `backtest_observed_orders`, `backtest_orders_ratio` (expected over observed), the same of
    `spend`. The ratio has an interval of 95 %, by its linearised variance over customers; the
    others have none. The ratio is null when nothing was observed.
    """
    each = expected_orders(orders, before, horizon_days=horizon_days).sort("customer_id")
    # Sorted, so that sums of floats do not depend on the order of the customers.
    each = _joined(_joined(each, bought, "observed"), bought_before, "before")
    rows = [
        *_compared("bg_nbd", "orders", each["expected_orders"], each["observed_orders"]),
        *_compared("last_period", "orders", each["before_orders"], each["observed_orders"]),
    ]
    if isinstance(spend, GammaGamma):
        valued = expected_spend_per_day(spend, each)
        expected = valued["expected_orders"] * valued["expected_order_spend"]
        rows += _compared("bg_nbd_gamma_gamma", "spend", expected, each["observed_spend"])
        rows += _compared("last_period", "spend", each["before_spend"], each["observed_spend"])
    roles = {"last_period": "baseline"}
    return pl.DataFrame(
        [
            {
                "model": model,
                "role": roles.get(model, "model"),
                "measure": measure,
                "value": value,
                "low": low,
                "high": high,
                "tested_on": tested_on,
                "horizon_days": horizon_days,
                "customers_n": before.height,
            }
            for model, measure, value, low, high in rows
        ],
        schema=MODEL_QUALITY,
    )


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
) -> list[tuple[str, str, float | None, float | None, float | None]]:
    totals = [round(float(each.to_numpy().sum()), _PLACES) for each in (expected, observed)]
    rows = [
        (model, f"backtest_{name}_{what}", total, None, None)
        for name, total in zip(("expected", "observed"), totals, strict=True)
    ]
    return [*rows, (model, f"backtest_{what}_ratio", *_ratio(expected, observed))]


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


def _money(amount: pl.Expr) -> pl.Expr:
    return (amount * 100).round(0, mode="half_to_even").cast(pl.Int128).reinterpret(dtype=_MONEY)
