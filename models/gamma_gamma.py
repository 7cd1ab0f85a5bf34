"""Gamma-Gamma: what a purchase day of each customer is worth, drawn towards the population."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from regulars.models.not_fitted import NotFitted

LEAST_REPEATERS_N = 30
"""Below this the sampling error of the three parameters is as large as they are."""

DIGITS = 9
"""Significant digits that a parameter is kept with, as in `bg_nbd`."""

_MOST_GRADIENT = 1e-5
"""Log-likelihood a customer and unit of a logarithm, as in `bg_nbd`."""
_BOUND, _AT_BOUND = 10.0, 0.5
_BOUNDS = ((-_BOUND, _BOUND), (-_BOUND, _BOUND), (-30.0, 30.0))
_STARTS = ((1.5, 1.0, 1.0), (0.0, 0.0, 0.0), (3.0, 2.0, 2.0))
_ONE_MEAN = 1.0
"""The q from which on the mean over customers, p v / (q - 1), is finite."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class GammaGamma:
    """The fitted population: a day's spend is gamma(p, nu), nu of a customer gamma(q, v).

    `v` is in the chain's currency. The mean over customers is p v / (q - 1). `limit` names the
    simpler model that the maximum turned out to be, None for the full one: `equal_spend` (all
    customers' days are worth the same on average), `steady_spend` (a customer's days all are).
    """

    p: float
    q: float
    v: float
    log_likelihood: float
    repeaters_n: int
    limit: str | None = None

    def as_dict(self) -> dict[str, str | int | None]:
        """The fit as it is published: parameters as text of fixed digits.

        >>> GammaGamma(6.25, 3.74, 15.44, -4000.0, 946).as_dict()["v"]
        '15.44'
        """
        return {
            "p": _text(self.p),
            "q": _text(self.q),
            "v": _text(self.v),
            "log_likelihood": _text(self.log_likelihood),
            "repeaters_n": self.repeaters_n,
            "limit": self.limit,
        }


@dataclass(frozen=True, eq=False)
class Repeaters:
    """Repeat days and mean spend of each, and how many have each number of repeat days."""

    x: Floats
    mean: Floats
    distinct: Floats
    customers: Any


def fit_gamma_gamma(history: pl.DataFrame) -> GammaGamma | NotFitted:
    """The Gamma-Gamma of the customers of a buying history who came again, by maximum likelihood.

    `history` has repeat_days_n and spend_per_day_mean (currency; positive). Customers of one
    purchase day have no mean and take no part. Equation 1a of Fader and Hardie, "The Gamma-Gamma
    Model of Monetary Value" (2013). The model takes spend and frequency as independent.

    Not fitted: `too_few_repeats`, with what was found and the least; `not_converged`, with where
    the search ended and the gradient that was left (it ends so where every day is worth the same);
    `no_mean_spend`, with q, where the mean over customers is infinite.

    Raises:
        ValueError: the mean of a repeater is null or not positive.
    """
    repeating = history.filter(pl.col("repeat_days_n") > 0)
    if repeating.height < LEAST_REPEATERS_N:
        return NotFitted(
            "too_few_repeats", {"repeaters_n": repeating.height, "least_n": LEAST_REPEATERS_N}
        )
    if not repeating.select((pl.col("spend_per_day_mean") > 0).fill_null(value=False).all()).item():
        raise ValueError("spend_per_day_mean of a customer with repeats is not positive")
    of = repeaters(repeating)
    scale = float(of.mean.mean())  # the search is over spends near 1, whatever the currency
    scaled = replace(of, mean=of.mean / scale)
    for start in _STARTS:
        found = _search(scaled, np.array(start))
        left = _gradient_left(found)
        if left <= _MOST_GRADIENT:
            break
    p, q, v = (float(_text(value)) for value in np.exp(found.x) * (1.0, 1.0, scale))
    is_steady, is_equal = found.x[:2] > _BOUND - _AT_BOUND
    is_low = found.x[:2].min() < -_BOUND + _AT_BOUND
    if not left <= _MOST_GRADIENT or is_low or (is_steady and is_equal):
        parameters = {"p": _text(p), "q": _text(q), "v": _text(v)}
        return NotFitted("not_converged", parameters | {"gradient": f"{left:.1e}"})
    if q <= _ONE_MEAN:
        return NotFitted("no_mean_spend", {"q": _text(q)})
    log_likelihood = gamma_gamma(of, np.log([p, q, v]))[0]
    limit = "steady_spend" if is_steady else "equal_spend" if is_equal else None
    return GammaGamma(p, q, v, float(_text(log_likelihood)), len(of.x), limit)


def expected_spend_per_day(model: GammaGamma, history: pl.DataFrame) -> pl.DataFrame:
    """The history with `expected_order_spend`, the expected net of a further purchase day.

    Grain: one row a row of `history`, in its order. Float64 in the chain's currency, positive,
    never null: p (v + x m) / (p x + q - 1), the mean of the own repeat days weighed against the
    population's (equation 5 of the note). Somebody without a repeat is expected to spend what the
    population does.
    """
    x = pl.col("repeat_days_n").cast(pl.Float64)
    total = x * pl.col("spend_per_day_mean").fill_null(0.0)
    return history.with_columns(
        expected_order_spend=model.p * (model.v + total) / (model.p * x + (model.q - 1))
    )


def repeaters(history: pl.DataFrame) -> Repeaters:
    """Those of the buying history who came again, in an order that is that of no row."""
    ordered = (
        history.filter(pl.col("repeat_days_n") > 0)
        .select(x=pl.col("repeat_days_n").cast(pl.Float64), mean=pl.col("spend_per_day_mean"))
        .sort("x", "mean")
    )
    x = ordered["x"].to_numpy()
    distinct, customers = np.unique(x, return_counts=True)
    return Repeaters(x, ordered["mean"].to_numpy(), distinct, customers)


def gamma_gamma(of: Repeaters, point: Floats) -> tuple[float, Floats]:
    """Log-likelihood of the repeaters' means at (ln p, ln q, ln v), and its gradient there."""
    from scipy.special import digamma, gammaln

    p, q, v = np.exp(point)
    n, shape = of.customers, p * of.distinct
    value = (n * (gammaln(shape + q) - gammaln(shape) - gammaln(q) + q * np.log(v))).sum()
    by_shape = digamma(shape + q)
    by_p = (n * of.distinct * (by_shape - digamma(shape))).sum()
    by_q = (n * (by_shape - digamma(q) + np.log(v))).sum()

    total, all_days = of.x * of.mean, p * of.x + q
    log_total, log_all = np.log(total), np.log(total + v)
    value += (p * of.x * log_total - np.log(of.mean) - all_days * log_all).sum()
    by_p += (of.x * (log_total - log_all)).sum()
    by_q -= log_all.sum()
    by_v = len(of.x) * q / v - (all_days / (total + v)).sum()
    return float(value), np.array([p * by_p, q * by_q, v * by_v])


def _search(of: Repeaters, start: Floats) -> Any:
    from scipy.optimize import minimize

    def downhill(point: Floats) -> tuple[float, Floats]:
        value, gradient = gamma_gamma(of, point)
        return -value / len(of.x), -gradient / len(of.x)

    return minimize(
        downhill,
        start,
        jac=True,
        method="L-BFGS-B",
        bounds=_BOUNDS,
        options={"maxiter": 500, "ftol": 1e-15, "gtol": 1e-9},
    )


def _gradient_left(found: Any) -> float:
    return float(np.abs(np.clip(found.x - found.jac, *np.array(_BOUNDS).T) - found.x).max())


def _text(value: float) -> str:
    return f"{value:.{DIGITS}g}"
