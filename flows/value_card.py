"""How the value models do: beside published fits, on planted parameters, where others stop."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from regulars.data import public
from regulars.data.behaviour import Behaviour
from regulars.expectations.errors import Failed
from regulars.models.bg_nbd import BgNbd, fit_bg_nbd
from regulars.models.bg_nbd_likelihood import bg_nbd, histories
from regulars.models.expected_orders import expected_orders
from regulars.models.gamma_gamma import GammaGamma, fit_gamma_gamma, gamma_gamma, repeaters
from regulars.models.value_story import simulated, simulated_spend
from regulars.transforms.buying_history import bought_since, buying_history
from regulars.transforms.earlier_nets import earlier_nets

Floats = NDArray[np.float64]
Section = tuple[list[str], dict[str, Any]]

CALIBRATION_ENDS = date(1997, 9, 30)
HOLDOUT_ENDS = date(1998, 6, 30)
HOLDOUT_DAYS = 39 * 7
PUBLISHED = {
    "r": 0.243,
    "alpha_weeks": 4.414,
    "a": 0.793,
    "b": 2.426,
    "log_likelihood": -9582.43,
    "expected_n": 1653.4,
    "repeaters_n": 946,
    "p": 6.25,
    "q": 3.74,
    "v": 15.44,
}
"""Fader, Hardie and Lee, "Counting Your Customers the Easy Way" (2005), and Fader and Hardie, "The
Gamma-Gamma Model of Monetary Value" (2013); the expectation is what the first's parameters give."""
PLANTED_ORDERS = {"r": 0.6, "alpha": 40.0, "a": 0.9, "b": 2.5}
PLANTED_SPEND = {"p": 2.5, "q": 4.0, "v": 60.0}
PLANTED_N = 20_000
SEEDS = (1, 2, 3)
NEAR_ZERO_DROPOUT_ON = date(2017, 8, 31)
_A_CENT = "0.01"
_WEEK_DAYS = 7
_STEP = 1e-4


def card(report: Callable[[str], None]) -> Iterator[Section]:
    """For each question the lines and the figures."""
    report("CDNOW sample")
    yield _published()
    report(f"{PLANTED_N:,} simulated customers, {len(SEEDS)} times")
    yield _planted()
    report("Complete Journey")
    yield _near_zero_dropout()


def _published() -> Section:
    shown = public.cdnow_sample()
    nets = earlier_nets(*shown[:2], as_of=CALIBRATION_ENDS)
    history = buying_history(nets, as_of=CALIBRATION_ENDS)
    orders, spend = _orders(history), _spend(history)
    later = bought_since(
        earlier_nets(*shown[:2], as_of=HOLDOUT_ENDS), since=CALIBRATION_ENDS, as_of=HOLDOUT_ENDS
    )
    found = {
        "r": orders.r,
        "alpha_weeks": orders.alpha / _WEEK_DAYS,
        "a": orders.a,
        "b": orders.b,
        # That of purchases a week.
        "log_likelihood": orders.log_likelihood + orders.repeats_n * np.log(_WEEK_DAYS),
        "expected_n": expected_orders(orders, history, horizon_days=HOLDOUT_DAYS)[
            "expected_orders"
        ].sum(),
        "repeaters_n": spend.repeaters_n,
        "p": spend.p,
        "q": spend.q,
        "v": spend.v,
    }
    came_n, expected_n = int(later["purchase_days_n"].sum()), found["expected_n"]
    lines = [
        f"value, CDNOW sample, {history.height:,} customers, calibrated until {CALIBRATION_ENDS}",
        *(
            f"  {name:<16}{_figure(value):>12}   published {PUBLISHED[name]}"
            for name, value in found.items()
        ),
        f"  purchase days of the 39 weeks held out: {came_n:,}, expected {expected_n:,.1f}",
    ]
    facts = {"data": "cdnow_sample", "found": found, "published": PUBLISHED, "came_n": came_n}
    return lines, facts


def _planted() -> Section:
    lines = [f"value, planted parameters, {PLANTED_N:,} simulated customers a seed"]
    facts: dict[str, Any] = {"customers_n": PLANTED_N, "seeds": []}
    for seed in SEEDS:
        r, alpha, a, b = PLANTED_ORDERS.values()
        drawn = simulated(PLANTED_N, r=r, alpha=alpha, a=a, b=b, seed=seed)
        orders = _orders(drawn)
        off = _off(
            bg_nbd,
            histories(drawn),
            fitted={"r": orders.r, "pace r/alpha": orders.r / orders.alpha}
            | {"dropout a/b": orders.a / orders.b, "a + b": orders.a + orders.b},
            planted=(r, r / alpha, a / b, a + b),
        )
        paid = simulated_spend(PLANTED_N, **PLANTED_SPEND, seed=seed)
        spend = _spend(paid)
        off |= _off(
            gamma_gamma,
            repeaters(paid),
            fitted={"p": spend.p, "q": spend.q, "v": spend.v},
            planted=tuple(PLANTED_SPEND.values()),
        )
        lines.append(f"  seed {seed}: fitted, its sampling error, and how many of them off")
        lines += [
            f"    {name:<14}planted {of['planted']:<9.5g}fitted {of['fitted']:<9.5g}"
            f"± {of['error']:<9.2g}{of['errors_off']:+.1f}"
            for name, of in off.items()
        ]
        facts["seeds"].append({"seed": seed, "parameters": off})
    return lines, facts


def _near_zero_dropout() -> Section:
    day = NEAR_ZERO_DROPOUT_ON
    lines = [f"value, Complete Journey as of {day}: BG/NBD where dropout is nearly nought"]
    facts: dict[str, Any] = {"as_of": day.isoformat(), "fits": {}}
    for name, given in _baskets(public.complete_journey()).items():
        history = buying_history(earlier_nets(*given[:2], as_of=day), as_of=day)
        fit = _orders(history)
        dropout = fit.a / (fit.a + fit.b)
        lines.append(
            f"  {name}: converges; r {fit.r:.4f}, alpha {fit.alpha:.4f} days, a {fit.a:.5f}, "
            f"b {fit.b:.3f}; log-likelihood {fit.log_likelihood:.2f}; mean dropout {dropout:.5f} "
            f"a purchase; limit {fit.limit or 'none, the full model'}"
        )
        facts["fits"][name] = fit.as_dict()
    return lines, facts


def _baskets(shown: Behaviour) -> dict[str, Behaviour]:
    """As a run counts them; and with those of which nothing was paid, where lifetimes stops."""
    paid = pl.max_horizontal("gross", pl.lit(_A_CENT).cast(pl.Decimal(18, 2)))
    every = shown._replace(orders=shown.orders.with_columns(gross=paid))
    return {"baskets of positive net": shown, "every basket": every}


def _off(
    likelihood: Callable[[Any, Floats], tuple[float, Floats]],
    of: Any,
    *,
    fitted: dict[str, float],
    planted: tuple[float, ...],
) -> dict[str, dict[str, float]]:
    """How far each parameter is from the planted one, in its sampling errors.

    The errors are of logarithms, from the inverse of the observed information: the slopes of the
    likelihood's gradient.
    """
    at = np.log(list(fitted.values()))
    steps = _STEP * np.eye(len(at))
    slopes = [
        (likelihood(of, at - step)[1] - likelihood(of, at + step)[1]) / (2 * _STEP)
        for step in steps
    ]
    errors = np.sqrt(np.diag(np.linalg.inv(slopes)))
    return {
        name: {
            "planted": truth,
            "fitted": value,
            "error": float(value * error),
            "errors_off": float((np.log(value) - np.log(truth)) / error),
        }
        for (name, value), truth, error in zip(fitted.items(), planted, errors, strict=True)
    }


def _orders(history: pl.DataFrame) -> BgNbd:
    fit = fit_bg_nbd(history)
    if not isinstance(fit, BgNbd):
        raise Failed("BG/NBD could not be fitted", found=str(fit.as_dict()))
    return fit


def _spend(history: pl.DataFrame) -> GammaGamma:
    fit = fit_gamma_gamma(history)
    if not isinstance(fit, GammaGamma):
        raise Failed("Gamma-Gamma could not be fitted", found=str(fit.as_dict()))
    return fit


def _figure(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:,.3f}"
