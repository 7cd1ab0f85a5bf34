"""The likelihoods of BG/NBD and MBG/NBD and their gradients, over groups of one history.

Fader, Hardie and Lee, "Counting Your Customers the Easy Way: An Alternative to the Pareto/NBD
Model" (2005), equation 6. A customer of x repeats, the last at age t, observed for T days has

    ln G(r+x)/G(r) + r ln alpha + ln B(a, b+x)/B(a, b) - (r+x) ln(alpha+T)
    + ln(1 + a/(b+x-1) ((alpha+T)/(alpha+t))^(r+x))        the last term for x > 0 alone

G being the gamma and B the beta function. So it is where customers may leave after each repeat. In
the modified model they may leave after the first purchase too (Batislam, Denizel and Filiztekin,
"Empirical validation and comparison of models for customer base analysis", 2007; Hoppe and Wagner,
"Customer base analysis: the case for a central variant of the Betageometric/NBD model", 2007).
Who is still there after x repeats has then stayed c = x + 1 times instead of c = x, whose chance
is (1-p)^c, and who left has stayed c - 1 times before. The mean over p of beta(a, b) gives

    ln G(r+x)/G(r) + r ln alpha + ln B(a, b+c)/B(a, b) - (r+x) ln(alpha+T)
    + ln(1 + a/(b+c-1) ((alpha+T)/(alpha+t))^(r+x))        the last term for c > 0 alone

which is equation 6 at c = x. All but the last term depend on x or T alone, so they are summed over
the few distinct x and T; only the last is computed a group.

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

_AT_A_TIME = 8192
"""Groups whose terms are computed at once: so many stay in a processor's cache."""

_SPAN = 2**20

HISTORY = ("repeat_days_n", "last_purchase_age_days", "observed_days")


@dataclass(frozen=True, eq=False)
class Histories:
    """Customers by their history, and by its parts; always in one order, so that sums are too.

    The first `once_groups_n` groups are those of customers without a repeat.
    """

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
    once_groups_n: int

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
    """The customers of a buying history, those of equal (x, t, T), all in whole days, as one.

    Raises:
        ValueError: a row is null, negative, or of a last purchase after the end.
    """
    x, last, observed = (pl.col(name).cast(pl.Int64) for name in HISTORY)
    possible = (x >= 0) & (last >= 0) & (observed >= last) & (observed < _SPAN)
    if not history.select(possible.fill_null(value=False).all()).item():
        raise ValueError(f"no history of a customer: {', '.join(HISTORY)} hold what cannot be")
    # The three in one number: sorting it and counting runs is six times as fast as grouping by
    # three columns.
    in_one = history.select((x * _SPAN + last) * _SPAN + observed).to_series().sort()
    key = pl.col("value")
    groups = in_one.rle().struct.unnest().select(
        repeat_days_n=key // _SPAN**2,
        last_purchase_age_days=key // _SPAN % _SPAN,
        observed_days=key % _SPAN,
        customers=pl.col("len").cast(pl.Float64),
    )  # fmt: skip
    n, x = pl.col("customers"), pl.col("repeat_days_n")
    by_repeats = groups.group_by("repeat_days_n").agg(n.sum()).sort("repeat_days_n")
    by_observed = (
        groups.group_by("observed_days").agg(n.sum(), repeats=(n * x).sum()).sort("observed_days")
    )
    return Histories(
        history.height,
        _floats(by_repeats, "repeat_days_n"),
        _floats(by_repeats, "customers"),
        _floats(by_observed, "observed_days"),
        _floats(by_observed, "customers"),
        _floats(by_observed, "repeats"),
        _floats(groups, "repeat_days_n"),
        _floats(groups, "last_purchase_age_days"),
        _floats(groups, "observed_days"),
        _floats(groups, "customers"),
        groups.filter(x == 0).height,
    )


def nbd(of: Histories, pace: Floats) -> tuple[float, Floats]:
    """Log-likelihood of the NBD (no dropout) at (ln r, ln r/alpha), and its gradient there."""
    r, rate = np.exp(pace)
    value, by_r, by_alpha = _pace_terms(of, r, r / rate)
    return value, np.array([r * by_r + r / rate * by_alpha, -r / rate * by_alpha])


def bg_nbd(of: Histories, point: Floats) -> tuple[float, Floats]:
    """Log-likelihood of BG/NBD at (ln r, ln r/alpha, logit p, ln s), and its gradient there."""
    return _with_dropout(of, point, before_repeats_n=0)


def mbg_nbd(of: Histories, point: Floats) -> tuple[float, Floats]:
    """Log-likelihood of MBG/NBD at the same point, and its gradient there."""
    return _with_dropout(of, point, before_repeats_n=1)


def _with_dropout(of: Histories, point: Floats, *, before_repeats_n: int) -> tuple[float, Floats]:
    """`before_repeats_n` of c = x + before_repeats_n are the occasions to leave before a repeat."""
    from scipy.special import digamma, gammaln

    r, alpha, a, b = parameters(point)
    value, by_r, by_alpha = _pace_terms(of, r, alpha)

    c, n = of.repeats + before_repeats_n, of.repeat_customers
    value += float((n * (gammaln(b + c) - gammaln(b) + gammaln(a + b) - gammaln(a + b + c))).sum())
    by_sum = digamma(a + b) - digamma(a + b + c)
    by_a = float((n * by_sum).sum())
    by_b = float((n * (by_sum + digamma(b + c) - digamma(b))).sum())

    first = 0 if before_repeats_n else of.once_groups_n
    gone = sum(
        (
            _gone_terms(of, slice(start, start + _AT_A_TIME), before_repeats_n, r, alpha, a, b)
            for start in range(first, len(of.group_repeats), _AT_A_TIME)
        ),
        start=np.zeros(5),
    )
    value, by_r, by_alpha, by_a, by_b = np.array([value, by_r, by_alpha, by_a, by_b]) + gone

    gradient = np.array(
        [
            r * by_r + alpha * by_alpha,
            -alpha * by_alpha,
            (by_a - by_b) * a * b / (a + b),
            a * by_a + b * by_b,
        ]
    )
    return float(value), gradient


def _gone_terms(
    of: Histories, part: slice, before_repeats_n: int, r: float, alpha: float, a: float, b: float
) -> Floats:
    """What the last term adds over some groups, and its derivatives by r, alpha, a and b."""
    x, n = of.group_repeats[part], of.group_customers[part]
    at_end, at_last = alpha + of.group_observed[part], alpha + of.group_last[part]
    lag = np.log(at_end / at_last)
    stayed = b + (x + before_repeats_n) - 1
    left = np.log(a / stayed) + (r + x) * lag
    # ln(1 + e^left) and its slope by one exponential that cannot overflow.
    small = np.exp(-np.abs(left))
    # Customers of the group times the probability that they have left.
    gone = n * np.where(left > 0, 1.0, small) / (1 + small)
    return np.array(
        [
            (n * (np.maximum(left, 0) + np.log(1 + small))).sum(),
            (gone * lag).sum(),
            (gone * (r + x) * (1 / at_end - 1 / at_last)).sum(),
            gone.sum() / a,
            -(gone / stayed).sum(),
        ]
    )


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
