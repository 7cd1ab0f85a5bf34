"""What customers are worth: from what they bought to the table, the fits and their back-test."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from regulars.models.bg_nbd import BgNbd, fit_bg_nbd
from regulars.models.gamma_gamma import fit_gamma_gamma
from regulars.models.lifetime_value import BACKTEST_DAYS, backtest, lifetime_value
from regulars.models.model_quality import MODEL_QUALITY
from regulars.models.not_fitted import NotFitted
from regulars.transforms.buying_history import bought_since, buying_history


@dataclass(frozen=True)
class Value:
    """The rows of lifetime_value, customers as numbers; rows of model_quality; what was fitted.

    ``pace`` is the BG/NBD of the day's population; ``limits`` name the simpler models that the
    fitted ones turned out to be.
    """

    table: pl.DataFrame
    quality: pl.DataFrame
    pace: BgNbd | NotFitted
    fitted: dict[str, Any]
    limits: tuple[str, ...]


def backtest_day(as_of: date) -> date:
    """The eve of the period that the back-test holds out."""
    return as_of - timedelta(days=BACKTEST_DAYS)


def value_of(
    customers: pl.DataFrame,
    order_nets: pl.DataFrame,
    backtest_order_nets: pl.DataFrame,
    *,
    as_of: date,
    chain_first_on: date,
) -> Value:
    """The value of `customers`, from the order nets of the day.

    `backtest_order_nets` are those of the back-test's day, as they were known on it. There is no
    back-test where the data before that day are shorter than the period it holds out.
    """
    history = buying_history(order_nets, as_of=as_of)
    orders, spend = fit_bg_nbd(history), fit_gamma_gamma(history)
    eve = backtest_day(as_of)
    quality = MODEL_QUALITY.to_frame()
    if backtest_day(eve) >= chain_first_on:
        before = buying_history(backtest_order_nets, as_of=eve)
        orders_before = fit_bg_nbd(before)
        if isinstance(orders_before, BgNbd):
            quality = backtest(
                before,
                orders_before,
                fit_gamma_gamma(before),
                bought=bought_since(order_nets, since=eve, as_of=as_of),
                bought_before=bought_since(backtest_order_nets, since=backtest_day(eve), as_of=eve),
                tested_on=eve,
                horizon_days=BACKTEST_DAYS,
            )
    return Value(
        lifetime_value(customers, history, orders, spend),
        quality,
        orders,
        {"bg_nbd": orders.as_dict(), "gamma_gamma": spend.as_dict()},
        tuple(
            fit.limit
            for fit in (orders, spend)
            if not isinstance(fit, NotFitted) and fit.limit is not None
        ),
    )
