"""Customers drawn from the stories of BG/NBD, MBG/NBD and Gamma-Gamma: what fits are to recover."""

from __future__ import annotations

import numpy as np
import polars as pl

SHORTEST_DAYS, LONGEST_DAYS = 100, 400
"""How long a customer has been observed, drawn evenly between."""
REPEATS_MEAN = 2.0


def simulated(
    n: int,
    *,
    r: float,
    alpha: float,
    a: float,
    b: float,
    seed: int,
    horizon_days: float = 0.0,
    is_modified: bool = False,
) -> pl.DataFrame:
    """Buying histories of n customers, and `later_days_n`, purchases in the horizon after them.

    A customer buys at a gamma(r, alpha) rate a day and after each repeat purchase, in the modified
    story after the first one too, leaves with a chance of beta(a, b); a of 0 is nobody leaving. The
    days that are told are whole ones, rounded up.

    Columns: customer_id UInt64, repeat_days_n, last_purchase_age_days, observed_days, later_days_n.
    """
    dice = np.random.default_rng(seed)
    rate = dice.gamma(r, 1 / alpha, n)
    leaving = dice.beta(a, b, n) if a else np.zeros(n)
    observed = dice.integers(SHORTEST_DAYS, LONGEST_DAYS, n)
    clock, last = np.zeros(n), np.zeros(n)
    repeats, later = np.zeros(n, int), np.zeros(n, int)
    there = dice.random(n) >= leaving if is_modified else np.ones(n, bool)
    while there.any():
        clock[there] += dice.exponential(1 / rate[there])
        there &= clock < observed + horizon_days
        is_now = there & (clock < observed)
        repeats += is_now
        later += there & ~is_now
        last = np.where(is_now, clock, last)
        there &= dice.random(n) >= leaving
    return pl.DataFrame(
        {
            "customer_id": pl.Series(range(n), dtype=pl.UInt64),
            "repeat_days_n": repeats,
            "last_purchase_age_days": np.ceil(last).astype(int),
            "observed_days": observed,
            "later_days_n": later,
        }
    )


def simulated_spend(n: int, *, p: float, q: float, v: float, seed: int) -> pl.DataFrame:
    """Repeat days of n customers and the mean of their spends, each spend drawn for itself.

    A day's spend is gamma(p, nu), nu of a customer gamma(q, v).

    Columns: repeat_days_n; spend_per_day_mean Float64, null without a repeat.
    """
    dice = np.random.default_rng(seed)
    repeats = dice.poisson(REPEATS_MEAN, n)
    rate = dice.gamma(q, 1 / v, n)
    spends = dice.gamma(p, 1, (n, repeats.max())) / rate[:, None]
    is_bought = np.arange(repeats.max()) < repeats[:, None]
    mean = np.where(is_bought, spends, 0).sum(axis=1) / np.maximum(repeats, 1)
    return pl.DataFrame({"repeat_days_n": repeats, "mean": mean}).select(
        "repeat_days_n", spend_per_day_mean=pl.when(pl.col("repeat_days_n") > 0).then("mean")
    )
