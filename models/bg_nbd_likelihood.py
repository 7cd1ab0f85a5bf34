"""The likelihood of BG/NBD and its gradient, over groups of customers with one history.

Fader, Hardie and Lee, "Counting Your Customers the Easy Way: An Alternative to the Pareto/NBD
Model" (2005), equation 6. A customer of x repeats, the last at age t, observed for T days has

    ln G(r+x)/G(r) + r ln alpha + ln B(a, b+x)/B(a, b) - (r+x) ln(alpha+T)
    + ln(1 + a/(b+x-1) ((alpha+T)/(alpha+t))^(r+x))        the last term for x > 0 alone

G being the gamma and B the beta function. All but the last term depend on x or T alone, so they
are summed over the few distinct x and T; only the last is computed a group.

The search runs over (ln r, ln r/alpha, logit p, ln s) with p = a/(a+b), the mean dropout after a
purchase, and s = a+b. In these a population that never drops out lies at the end of one axis,
where the search stands still, and not in a corner of (a, b) which it would never reach. The mean
pace r/alpha is in purchases a day; another unit of time would move that axis by a constant.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

Floats = NDArray[np.float64]

HISTORY = ("repeat_days_n", "last_purchase_age_days", "observed_days")


@dataclass(frozen=True, eq=False)
class Histories:
    """Customers by their history, and by its parts; always in one order, so that sums are too."""

    customers_n: int
    repeats: Floats
    repeat_customers: Floats
    observed: Floats
    observed_customers: Floats
    observed_repeats: Floats
    group_repeats: Floats
    group_last: Floats
    group_observed: Floats
    group_customers: Floats

    @property
    def repeats_n(self) -> int:
        return int((self.repeats * self.repeat_customers).sum())

    @property
    def repeaters_n(self) -> int:
        return int(self.repeat_customers[self.repeats > 0].sum())

    @property
    def days(self) -> float:
        return float((self.observed * self.observed_customers).sum())


def histories(history: pl.DataFrame) -> Histories:
    """The customers of a buying history, those of equal (x, t, T) counted together."""
    groups = history.group_by(HISTORY).agg(customers=pl.len()).sort(HISTORY)
    n, x = pl.col("customers").cast(pl.Float64), pl.col("repeat_days_n")
    by_repeats = groups.group_by("repeat_days_n").agg(n.sum()).sort("repeat_days_n")
    by_observed = (
        groups.group_by("observed_days").agg(n.sum(), repeats=(n * x).sum()).sort("observed_days")
    )
    repeating = groups.filter(x > 0)
    return Histories(
        history.height,
        _floats(by_repeats, "repeat_days_n"),
        _floats(by_repeats, "customers"),
        _floats(by_observed, "observed_days"),
        _floats(by_observed, "customers"),
        _floats(by_observed, "repeats"),
        _floats(repeating, "repeat_days_n"),
        _floats(repeating, "last_purchase_age_days"),
        _floats(repeating, "observed_days"),
        _floats(repeating, "customers"),
    )


def nbd(of: Histories, pace: Floats) -> tuple[float, Floats]:
    """Log-likelihood of the NBD (no dropout) at (ln r, ln r/alpha), and its gradient there."""
    r, rate = np.exp(pace)
    value, by_r, by_alpha = _pace_terms(of, r, r / rate)
    return value, np.array([r * by_r + r / rate * by_alpha, -r / rate * by_alpha])


def bg_nbd(of: Histories, point: Floats) -> tuple[float, Floats]:
    """Log-likelihood at (ln r, ln r/alpha, logit p, ln s), and its gradient there."""
    from scipy.special import digamma, expit, gammaln

    r, alpha, a, b = parameters(point)
    value, by_r, by_alpha = _pace_terms(of, r, alpha)

    x, n = of.repeats, of.repeat_customers
    value += float((n * (gammaln(b + x) - gammaln(b) + gammaln(a + b) - gammaln(a + b + x))).sum())
    by_sum = digamma(a + b) - digamma(a + b + x)
    by_a = float((n * by_sum).sum())
    by_b = float((n * (by_sum + digamma(b + x) - digamma(b))).sum())

    x, n = of.group_repeats, of.group_customers
    at_end, at_last = alpha + of.group_observed, alpha + of.group_last
    lag = np.log(at_end / at_last)
    left = np.log(a) - np.log(b + x - 1) + (r + x) * lag
    gone = n * expit(left)  # customers of the group times the probability that they have left
    value += float((n * np.logaddexp(0, left)).sum())
    by_r += float((gone * lag).sum())
    by_alpha += float((gone * (r + x) * (1 / at_end - 1 / at_last)).sum())
    by_a += float(gone.sum() / a)
    by_b -= float((gone / (b + x - 1)).sum())

    gradient = np.array(
        [
            r * by_r + alpha * by_alpha,
            -alpha * by_alpha,
            (by_a - by_b) * a * b / (a + b),
            a * by_a + b * by_b,
        ]
    )
    return value, gradient


def parameters(point: Floats) -> tuple[float, float, float, float]:
    """(r, alpha in days, a, b) of a point of the search."""
    from scipy.special import expit

    r, rate, total = np.exp(point[[0, 1, 3]])
    a, b = total * expit(point[2]), total * expit(-point[2])
    return float(r), float(r / rate), float(a), float(b)


def _pace_terms(of: Histories, r: float, alpha: float) -> tuple[float, float, float]:
    """What r and alpha add without dropout, and its derivatives by r and by alpha."""
    from scipy.special import digamma, gammaln

    x, n = of.repeats, of.repeat_customers
    purchases = r * of.observed_customers + of.observed_repeats
    waited = np.log(alpha + of.observed)
    start = of.customers_n * np.log(alpha)
    value = (n * (gammaln(r + x) - gammaln(r))).sum() + r * start - (purchases * waited).sum()
    by_r = (n * (digamma(r + x) - digamma(r))).sum() + start
    by_r -= (of.observed_customers * waited).sum()
    by_alpha = of.customers_n * r / alpha - (purchases / (alpha + of.observed)).sum()
    return float(value), float(by_r), float(by_alpha)


def _floats(frame: pl.DataFrame, name: str) -> Any:
    return frame[name].cast(pl.Float64).to_numpy()
