"""BG/NBD fitted to simulated customers, by ours and by lifetimes: seconds and log-likelihoods.

`make value-bench` runs it; `python tests/value_bench.py 20000` on fewer customers.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from time import perf_counter, process_time
from typing import Any

import numpy as np
import polars as pl

from regulars.models.bg_nbd import BgNbd, fit_bg_nbd
from regulars.models.value_story import simulated

CUSTOMERS_N = 1_000_000
PLANTED = {"r": 0.6, "alpha": 40.0, "a": 0.9, "b": 2.5}
LEAST_RATIO = 10
MOST_DIFFERENCE = 1e-6
"""Of the log-likelihood, relative."""


def timed(work: Callable[[], Any]) -> tuple[float, float, Any]:
    """Seconds by the clock and of the processor, and what was done."""
    start, start_busy = perf_counter(), process_time()
    done = work()
    return perf_counter() - start, process_time() - start_busy, done


def main(customers_n: int) -> int:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it is older than the pandas it runs on
        from lifetimes import BetaGeoFitter

    history = simulated(customers_n, **PLANTED, seed=1)
    x, last, observed = (
        history[name].cast(pl.Float64).to_numpy()
        for name in ("repeat_days_n", "last_purchase_age_days", "observed_days")
    )

    seconds, busy, ours = timed(lambda: fit_bg_nbd(history))
    assert isinstance(ours, BgNbd), ours
    their_seconds, their_busy, theirs = timed(lambda: BetaGeoFitter().fit(x, last, observed))
    their_fit = theirs.params_[["r", "alpha", "a", "b"]].to_numpy()

    def likelihood(fit: Any) -> float:
        """Of all customers, in days, by the code of lifetimes."""
        mean = BetaGeoFitter._negative_log_likelihood(
            np.log(fit), x, last, observed, np.ones_like(x), 0.0
        )
        return float(-mean * customers_n)

    by_us = likelihood(np.array([ours.r, ours.alpha, ours.a, ours.b]))
    by_them = likelihood(their_fit)
    difference = abs(by_us - by_them) / abs(by_them)
    ratio = their_seconds / seconds
    lines = (
        f"{customers_n:,} customers, {ours.repeats_n:,} repeat purchases; planted {PLANTED}",
        f"regulars   {seconds:8.2f} s, {busy:8.2f} s of a processor; {by_us:.3f}",
        f"lifetimes  {their_seconds:8.2f} s, {their_busy:8.2f} s of a processor; {by_them:.3f}",
        f"fitted {ours.as_dict()}",
        f"{ratio:.1f} times as fast; log-likelihoods differ by {difference:.1e}, and ours from "
        f"what lifetimes makes of its parameters by {abs(ours.log_likelihood - by_us):.1e}",
    )
    sys.stdout.write("\n".join(lines) + "\n")
    return int(ratio < LEAST_RATIO or difference > MOST_DIFFERENCE)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else CUSTOMERS_N))
