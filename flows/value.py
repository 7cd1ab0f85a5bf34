"""What customers are worth: from what they bought to the table, the fits and their back-test."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from regulars.models.bg_nbd import BgNbd, fit_bg_nbd, fit_mbg_nbd, likelier
from regulars.models.gamma_gamma import fit_gamma_gamma
from regulars.models.lifetime_value import lifetime_value
from regulars.models.model_quality import MODEL_QUALITY
from regulars.models.not_fitted import NotFitted
from regulars.models.value_backtest import BACKTEST_DAYS, backtest
from regulars.transforms.buying_history import bought_since, buying_history


@dataclass(frozen=True)
class Value:
    """The rows of lifetime_value, customers as numbers; rows of model_quality; what was fitted.

    ``pace`` is the BG/NBD of the day's population, whichever model the table is told by; ``limits``
    name the simpler models that those of the table turned out to be.
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

    Of BG/NBD and MBG/NBD that is used under which these purchases are the likelier; `fitted` tells
    both and under `value_orders_by` which. `backtest_order_nets` are those of the back-test's day,
    as they were known on it. There is no back-test where the data before that day are shorter than
    the period it holds out.
    """
    history = buying_history(order_nets, as_of=as_of)
    pace, modified = fit_bg_nbd(history), fit_mbg_nbd(history)
    orders, spend = likelier((pace, modified)), fit_gamma_gamma(history)
    return Value(
        lifetime_value(customers, history, orders, spend),
        pl.concat(
            [
                _likelihoods((pace, modified), as_of=as_of),
                _backtest(
                    order_nets, backtest_order_nets, as_of=as_of, chain_first_on=chain_first_on
                ),
            ]
        ),
        pace,
        {
            "bg_nbd": pace.as_dict(),
            "mbg_nbd": modified.as_dict(),
            "value_orders_by": orders.name if isinstance(orders, BgNbd) else None,
            "gamma_gamma": spend.as_dict(),
        },
        tuple(
            fit.limit
            for fit in (orders, spend)
            if not isinstance(fit, NotFitted) and fit.limit is not None
        ),
    )


def _likelihoods(fits: tuple[BgNbd | NotFitted, ...], *, as_of: date) -> pl.DataFrame:
    used = likelier(fits)
    return pl.DataFrame(
        [
            {
                "model": fit.name,
                "role": "model" if fit is used else "candidate",
                "measure": "log_likelihood",
                "value": fit.log_likelihood,
                "tested_on": as_of,
                "customers_n": fit.customers_n,
            }
            for fit in fits
            if isinstance(fit, BgNbd)
        ],
        schema=MODEL_QUALITY,
    )


def _backtest(
    order_nets: pl.DataFrame,
    backtest_order_nets: pl.DataFrame,
    *,
    as_of: date,
    chain_first_on: date,
) -> pl.DataFrame:
    eve = backtest_day(as_of)
    if backtest_day(eve) < chain_first_on:
        return MODEL_QUALITY.to_frame()
    before = buying_history(backtest_order_nets, as_of=eve)
    fits = [fit for fit in (fit_bg_nbd(before), fit_mbg_nbd(before)) if isinstance(fit, BgNbd)]
    if not fits:
        return MODEL_QUALITY.to_frame()
    return backtest(
        before,
        fits,
        fit_gamma_gamma(before),
        bought=bought_since(order_nets, since=eve, as_of=as_of),
        bought_before=bought_since(backtest_order_nets, since=backtest_day(eve), as_of=eve),
        tested_on=eve,
        horizon_days=BACKTEST_DAYS,
    )
