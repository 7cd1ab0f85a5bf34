"""What each customer is expected to buy and spend in the next 12 months."""

from __future__ import annotations

import polars as pl

from regulars.models.bg_nbd import BgNbd
from regulars.models.expected_orders import expected_orders
from regulars.models.gamma_gamma import GammaGamma, expected_spend_per_day
from regulars.models.not_fitted import NotFitted

HORIZON_DAYS = 365
"""The 12 months that columns ending in _12m look ahead."""

LEAST_KNOWN_DAYS = HORIZON_DAYS // 4
"""Known for less, the 12 months are more than four times as long as what they are told from; the
back-test holds out no more than a quarter either, so nothing shows how such a forecast does."""

_MONEY = pl.Decimal(18, 2)
_PLACES = 6
"""Decimals that expected counts are kept with; more is noise of the fit."""

_EXTRAPOLATED_REASON = (
    pl.when(pl.col("observed_days") < LEAST_KNOWN_DAYS)
    .then(pl.lit("known_briefly"))
    .when(pl.col("repeat_days_n") == 0)
    .then(pl.lit("came_once"))
)


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
    is_extrapolated, whether the expectation rests on little that is the customer's own, and
    extrapolated_reason, why: `known_briefly`, observed for fewer than `LEAST_KNOWN_DAYS` days, else
    `came_once`, one purchase day, so that what a day is worth is the population's; both null
    without expected_orders_12m. unscored_reason, null when scored, else `no_purchase` or the code
    of what was not fitted. With a model of orders and no Gamma-Gamma the orders are there, the two
    amounts null and the reason given.
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
    is_expected = pl.col("expected_orders").is_not_null()
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
            is_extrapolated=pl.when(is_expected).then(_EXTRAPOLATED_REASON.is_not_null()),
            extrapolated_reason=pl.when(is_expected).then(_EXTRAPOLATED_REASON),
            unscored_reason=pl.when(pl.col("repeat_days_n").is_null())
            .then(pl.lit("no_purchase"))
            .otherwise(pl.lit(unfitted, dtype=pl.String)),
        )
    )


def _money(amount: pl.Expr) -> pl.Expr:
    return (amount * 100).round(0, mode="half_to_even").cast(pl.Int128).reinterpret(dtype=_MONEY)
