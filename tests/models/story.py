"""Customers drawn from the story that BG/NBD tells: what its fits are to recover."""

from __future__ import annotations

import numpy as np
import polars as pl

SHORTEST_DAYS, LONGEST_DAYS = 100, 400
"""How long a customer has been observed, drawn evenly between."""


def simulated(
    n: int,
    *,
    r: float,
    alpha: float,
    a: float,
    b: float,
    seed: int,
    horizon_days: float = 0.0,
) -> pl.DataFrame:
    """Buying histories of n customers, and `later_days_n`, purchases in the horizon after them.

    A customer buys at a gamma(r, alpha) rate and after each purchase leaves with a chance of
    beta(a, b); a of 0 is nobody leaving. The days that are told are whole ones, rounded up.
    """
    dice = np.random.default_rng(seed)
    rate = dice.gamma(r, 1 / alpha, n)
    leaving = dice.beta(a, b, n) if a else np.zeros(n)
    observed = dice.integers(SHORTEST_DAYS, LONGEST_DAYS, n)
    clock, last = np.zeros(n), np.zeros(n)
    repeats, later = np.zeros(n, int), np.zeros(n, int)
    there = np.ones(n, bool)
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
