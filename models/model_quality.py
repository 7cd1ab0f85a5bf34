"""How good risks were, once it was known who stayed away: measures with intervals.

A measure's interval is that of 95 % of the populations that could have been drawn: each customer
counts a Poisson(1) number of times in each of them (the Poisson bootstrap), the same number for
every model, so that models can be compared in pairs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from regulars.models.ranking import Ranking

Floats = NDArray[np.float64]
_Key = tuple[str, str | None]
"""A measure, and the part of it."""

MODEL_QUALITY = pl.Schema(
    {
        "model": pl.String(),
        "role": pl.String(),
        "measure": pl.String(),
        "part": pl.String(),
        "value": pl.Float64(),
        "low": pl.Float64(),
        "high": pl.Float64(),
        "tested_on": pl.Date(),
        "horizon_days": pl.Int32(),
        "customers_n": pl.Int64(),
    }
)
"""The columns of every frame of model quality, whatever model it is about."""

COMPARED = ("auc", "average_precision", "brier")
"""Measures in which a model is held beside each baseline, customer for customer."""

BINS_N = 10
DRAWS_N = 500
_LEVELS = (2.5, 97.5)  # percent
_AT_A_TIME = 2_000_000
"""Weights that are held at once: 16 MB."""


def model_quality(
    risks: pl.DataFrame,
    *,
    roles: Mapping[str, str],
    as_of: date,
    horizon_days: int,
    seed: int,
    draws_n: int = DRAWS_N,
) -> pl.DataFrame:
    """One row a model and measure.

    `risks` has a row a customer: customer_id, is_gone (Boolean: no order in the horizon) and a
    Float64 column of risks for each model of `roles`, which says model or baseline.

    Columns: model, role, measure, part, value, low, high, tested_on, horizon_days, customers_n.
    Measures:
    auc, average_precision, lift_5, lift_10, lift_20 (share of the gone among the riskiest 5, 10,
    20 %, over their share of all; tied risks count in part), brier, calibration_error (mean
    absolute difference between risk and share of the gone over ten bins of equal count),
    calibration_floor (what that error would be, on average, were every risk true: half of it or
    more is chance in a small population), and for each bin risk_mean and gone_share, whose part is
    01 for the lowest risks to 10 for the highest. `calibration_floor` has in low and high the range
    of 95 % of simulated populations; the bins' risks have no interval. Of each model there is also
    auc_difference, average_precision_difference and brier_difference for each baseline, which
    `part` names: the model's measure less the baseline's, with the interval over populations that
    both were drawn the same. Empty where nobody or everybody is gone: nothing can be told apart
    then.
    """
    ordered = risks.sort("customer_id")
    gone = ordered["is_gone"].cast(pl.Float64).to_numpy()
    rows: list[dict[str, Any]] = []
    if 0 < gone.sum() < len(gone):
        told = {
            model: _Told.of(ordered[model].to_numpy(), gone, seed=seed, draws_n=draws_n)
            for model in roles
        }
        for model, role in roles.items():
            rows += [{"model": model, "role": role, **row} for row in told[model].rows()]
            if role == "baseline":
                continue
            for plain in (other for other, its in roles.items() if its == "baseline"):
                rows += [
                    {"model": model, "role": role, "part": plain, **row}
                    for row in told[model].less(told[plain])
                ]
    same = {"tested_on": as_of, "horizon_days": horizon_days, "customers_n": ordered.height}
    return pl.DataFrame([{**row, **same} for row in rows], schema=MODEL_QUALITY)


def drawn_weights(customers_n: int, *, seed: int, draws_n: int) -> Iterator[Floats]:
    """How often each customer counts in each drawn population, some draws at a time."""
    dice = np.random.default_rng(seed)
    part_n = max(1, _AT_A_TIME // max(1, customers_n))
    for start in range(0, draws_n, part_n):
        draws = min(part_n, draws_n - start)
        yield dice.poisson(1.0, (draws, customers_n)).astype(np.float64)


def interval(drawn: Floats) -> tuple[float, float]:
    """The middle 95 % of what was drawn."""
    low, high = np.percentile(drawn, _LEVELS)
    return float(low), float(high)


def calibration_error(risk: Floats, gone: Floats) -> float:
    """Mean absolute difference of risk and outcome over ten bins of equal count.

    >>> calibration_error(np.full(20, 0.5), np.tile([0.0, 1.0], 10))
    0.0
    """
    ones = np.ones((1, len(risk)))
    return float(_bins(risk, gone, ones)[0][0])


def calibration_floor(risk: Floats, *, seed: int, draws_n: int = DRAWS_N) -> Floats:
    """The calibration errors of populations in which every risk is true."""
    dice = np.random.default_rng(seed)
    order = np.argsort(risk, kind="stable")
    inside = np.array_split(risk[order], BINS_N)
    errors = np.zeros(draws_n)
    for part in inside:
        if len(part):
            came = np.array([(dice.random(len(part)) < part).mean() for _ in range(draws_n)])
            errors += np.abs(came - part.mean()) * len(part) / len(risk)
    return errors


@dataclass(frozen=True, eq=False)
class _Told:
    """What the risks of one model come to: of the customers, and of each population drawn of them.

    By measure and part of it; `floor` are the calibration errors of true risks.
    """

    value: Mapping[_Key, Floats]
    drawn: Mapping[_Key, Floats]
    floor: Floats

    @classmethod
    def of(cls, risk: Floats, gone: Floats, *, seed: int, draws_n: int) -> _Told:
        value = _all_measures(risk, gone, np.ones((1, len(gone))))
        parts = [
            _all_measures(risk, gone, w)
            for w in drawn_weights(len(gone), seed=seed, draws_n=draws_n)
        ]
        drawn = {key: np.concatenate([part[key] for part in parts]) for key in value}
        return cls(value, drawn, calibration_floor(risk, seed=seed, draws_n=draws_n))

    def rows(self) -> Iterator[dict[str, str | float | None]]:
        for (measure, part), found in self.value.items():
            drawn = self.drawn[measure, part]
            low, high = (None, None) if measure == "risk_mean" else interval(drawn)
            value = float(found[0])
            yield {"measure": measure, "part": part, "value": value, "low": low, "high": high}
        low, high = interval(self.floor)
        value = float(self.floor.mean())
        yield {"measure": "calibration_floor", "value": value, "low": low, "high": high}

    def less(self, plain: _Told) -> Iterator[dict[str, str | float]]:
        for measure in COMPARED:
            key = measure, None
            low, high = interval(self.drawn[key] - plain.drawn[key])
            value = float(self.value[key][0] - plain.value[key][0])
            yield {"measure": f"{measure}_difference", "value": value, "low": low, "high": high}


def _all_measures(risk: Floats, gone: Floats, weights: Floats) -> dict[_Key, Floats]:
    """Each measure and part of it, a value a row of weights."""
    ranking = Ranking.of(risk, gone, weights)
    error, means, shares = _bins(risk, gone, weights)
    whole = {
        "auc": ranking.auc(),
        "average_precision": ranking.average_precision(),
        **{f"lift_{percent}": ranking.lift(percent / 100) for percent in (5, 10, 20)},
        "brier": weights @ (risk - gone) ** 2 / weights.sum(axis=1),
        "calibration_error": error,
    }
    bins = {"risk_mean": means, "gone_share": shares}
    return {(measure, None): found for measure, found in whole.items()} | {
        (measure, f"{n + 1:02}"): found
        for measure, of_bins in bins.items()
        for n, found in enumerate(of_bins)
    }


def _bins(risk: Floats, gone: Floats, weights: Floats) -> tuple[Floats, list[Floats], list[Floats]]:
    """The error, and mean risk and share of the gone of each bin, a value a row of weights."""
    total = weights.sum(axis=1)
    error = np.zeros(len(weights))
    means, shares = [], []
    for rows in np.array_split(np.argsort(risk, kind="stable"), BINS_N):
        inside = weights[:, rows]
        count = np.maximum(inside.sum(axis=1), 1e-12)
        means.append(inside @ risk[rows] / count)
        shares.append(inside @ gone[rows] / count)
        error += np.abs(means[-1] - shares[-1]) * count / total
    return error, means, shares
