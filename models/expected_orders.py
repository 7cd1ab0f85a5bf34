"""What a fit expects of each customer: purchase days to come, and whether they are still there.

Given that a customer is still there after x repeats in T days, their rate is gamma(r+x, alpha+T)
and their dropout p is beta(a, b+c), c being how often they might have left: x times in the BG/NBD,
x + 1 times in the MBG/NBD. Over t days, with z = t/(alpha+T), that gives

    E = mean over p of g(p),    g(p) = (1 - (1 + p z)^-(r+x)) / p,    g(0) = (r+x) z

which is equation 10 of Fader, Hardie and Lee (2005) before the integral over p is written as a
2F1. The integral is what is computed: it has no pole at a = 1, where the closed form divides zero
by zero, and no overflow for customers of many purchases, where 2F1 has both.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from regulars.models.bg_nbd import BgNbd
from regulars.models.bg_nbd_likelihood import Floats

_NODES_N = 256
_AT_A_TIME = 4096
"""Histories whose nodes are held at once: 8 MB an array."""


def expected_orders(model: BgNbd, history: pl.DataFrame, *, horizon_days: int) -> pl.DataFrame:
    """The history with `expected_orders`, the purchase days expected in the horizon.

    Grain: one row a row of `history`, in its order. Float64, never null, at least 0; computed once
    for customers of equal repeats and observed days.
    """
    same = ["repeat_days_n", "observed_days"]
    distinct = history.select(same).unique().sort(same)
    x, observed = (distinct[name].cast(pl.Float64).to_numpy() for name in same)
    while_there = pl.Series("while_there", _while_there(model, x, observed, float(horizon_days)))
    return (
        probability_alive(model, history)
        .join(distinct.with_columns(while_there), on=same, how="left", maintain_order="left")
        .with_columns(expected_orders=pl.col("while_there") * pl.col("alive_probability"))
        .drop("while_there", "alive_probability")
    )


def probability_alive(model: BgNbd, history: pl.DataFrame) -> pl.DataFrame:
    """The history with `alive_probability`: that the customer has not left for good.

    Grain: one row a row of `history`, in its order. It is NO complement of a churn risk: it says
    nothing of when somebody who is there will come, and in the BG/NBD it is 1 for everybody who
    bought once, since that model lets customers leave only after a repeat purchase.
    """
    from scipy.special import expit

    x, last, observed = (
        history[name].cast(pl.Float64).to_numpy()
        for name in ("repeat_days_n", "last_purchase_age_days", "observed_days")
    )
    there = np.ones(history.height)
    might_have_left = x + model.is_modified > 0
    if model.a > 0:
        x, last, observed = x[might_have_left], last[might_have_left], observed[might_have_left]
        lag = np.log((model.alpha + observed) / (model.alpha + last))
        stayed = model.b + (x + model.is_modified) - 1
        left = np.log(model.a) - np.log(stayed) + (model.r + x) * lag
        there[might_have_left] = expit(-left)
    return history.with_columns(alive_probability=pl.Series(there))


def _while_there(model: BgNbd, x: Floats, observed: Floats, horizon: float) -> Floats:
    """E of the module's head for each (x, T)."""
    power = model.r + x
    z = horizon / (model.alpha + observed)
    at_zero = power * z
    if model.a == 0:
        return at_zero
    at_one = -np.expm1(-power * np.log1p(z))
    repeats, row = np.unique(x, return_inverse=True)
    dropout, weight = _nodes(model.a, model.b + (repeats + model.is_modified))
    inner = np.empty_like(x)
    for start in range(0, len(x), _AT_A_TIME):
        part = slice(start, start + _AT_A_TIME)
        p, first, last = dropout[row[part]], at_zero[part, None], at_one[part, None]
        g = -np.expm1(-power[part, None] * np.log1p(p * z[part, None])) / p
        inner[part] = (weight[row[part]] * (g - first * (1 - p) - last * p)).sum(axis=1)
    mean_p = model.a / (model.a + model.b + (x + model.is_modified))
    return np.maximum(at_zero * (1 - mean_p) + at_one * mean_p + inner, 0.0)


def _nodes(a: float, b: Floats) -> tuple[Floats, Any]:
    """Points p and weights of the mean over beta(a, b) of what is 0 at p = 0 and at p = 1.

    The trapezoid rule over y = logit p, whose error falls exponentially with the number of nodes
    for a function that is analytic around the real line, as g is: its one singular point, p =
    -1/z, lies at an imaginary part of pi whatever z. Taking off the straight line between g(0)
    and g(1) makes the integrand fall as exp((1+a) y) and exp(-(1+b) y), however small a and b are.
    """
    from scipy.special import betaln

    to_left, to_right = 1 + a, 1 + b
    width = np.sqrt(1 / to_left + 1 / to_right)
    low = np.log(to_left / to_right) - 40 / to_left - 10 * width
    high = np.log(to_left / to_right) + 40 / to_right + 10 * width
    step = (high - low) / (_NODES_N - 1)
    y = low[:, None] + step[:, None] * np.arange(_NODES_N)
    log_p, log_rest = -np.logaddexp(0, -y), -np.logaddexp(0, y)
    log_weight = a * log_p + b[:, None] * log_rest - betaln(a, b)[:, None]
    return np.exp(log_p), np.exp(log_weight) * step[:, None]
