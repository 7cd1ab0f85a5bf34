"""Whether customers are still like those a model was fitted to: the population stability index.

    stability = fit_stability(features_and_score)         # kept with the model
    rows = stability_rows(stability, now, model="churn")   # for model_quality
    drifted(rows)                                          # names of columns; empty: none

The index of a column is the sum over its classes of (a - e) ln(a / e), where e is the share of
customers in a class when the model was fitted and a is their share now (Siddiqi, Credit Risk
Scorecards, 2006; it is Jeffreys' divergence). By convention (there, and Lewis, An Introduction to
Credit Scoring, 1994) less than 0.1 is no change, more than 0.25 is one that matters.

Classes are the tenths of the column at the fit, fewer where values are tied, and one of nulls.
A class has half a customer more than there are, on both sides, so that an empty one gives a
number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from regulars.models.model_quality import MODEL_QUALITY

CLASSES_N = 10
DRIFT_PSI = 0.25
"""More than this asks for a refit."""
CHANCE_P = 0.001
"""How rarely chance alone may ask. The index of two samples of one population is about
chi-squared with classes - 1 degrees of freedom, times 1/n + 1/m (Yurdakul and Naranjo, Statistical
properties of the population stability index, Journal of Risk Model Validation 14(4), 2020): of a
hundred customers 0.25 is nothing unusual."""
_UNSEEN_N = 0.5


@dataclass(frozen=True)
class Spread:
    """How a column was spread when a model was fitted.

    A value is of the class whose number is the number of ``edges`` strictly below it; nulls and
    NaN are of the last. ``counts`` has a number for each, so one more than edges and one.
    """

    edges: tuple[float, ...]
    counts: tuple[int, ...]


@dataclass(frozen=True)
class Stability:
    """The spread of each column, by name."""

    spreads: Mapping[str, Spread]

    def parts(self) -> dict[str, Any]:
        """What is kept of it."""
        return {
            name: {"edges": list(spread.edges), "counts": list(spread.counts)}
            for name, spread in self.spreads.items()
        }

    @classmethod
    def from_parts(cls, parts: Mapping[str, Any]) -> Stability:
        """The same from what was kept."""
        return cls(
            {
                name: Spread(tuple(spread["edges"]), tuple(spread["counts"]))
                for name, spread in parts.items()
            }
        )


def fit_stability(customers: pl.DataFrame) -> Stability:
    """How the numbers of these customers are spread; no other column may be among them.

    Edges are quantiles of type 1 of Hyndman and Fan (1996): values that there are, so that
    numbers that are counted stay whole.
    """
    spreads = {}
    for name in customers.columns:
        values = _numbers(customers[name])
        known = values[~np.isnan(values)]
        tenths = np.arange(1, CLASSES_N) / CLASSES_N
        edges = np.unique(
            np.quantile(known, tenths, method="inverted_cdf") if known.size else known
        )
        # Beyond the highest value nobody was: a class there would be of ties alone.
        edges = edges[edges < known.max()] if known.size else edges
        spreads[name] = Spread(tuple(edges.tolist()), tuple(_counts(edges, values).tolist()))
    return Stability(spreads)


def psi(spread: Spread, values: pl.Series) -> float:
    """The population stability index of a column now against its spread at the fit.

    >>> at_fit = fit_stability(pl.DataFrame({"x": range(100)})).spreads["x"]
    >>> psi(at_fit, pl.Series(range(100)))
    0.0
    >>> round(psi(at_fit, pl.Series(range(20, 120))), 2)
    0.78
    """
    now = _counts(np.array(spread.edges), _numbers(values))
    expected, actual = _shares(np.array(spread.counts)), _shares(now)
    return float(np.sum((actual - expected) * np.log(actual / expected)))


def stability_rows(
    stability: Stability, customers: pl.DataFrame, *, model: str, as_of: date
) -> pl.DataFrame:
    """The index of each column as rows of model quality.

    Grain: one row a column of the fit. ``part`` names it, ``measure`` is ``psi``, ``value`` the
    index, ``high`` what chance alone exceeds once in 1 / CHANCE_P times (null where any index
    could be chance), ``customers_n`` how many there are as of the day.
    """
    return pl.DataFrame(
        [
            {
                "model": model,
                "role": "model",
                "measure": "psi",
                "part": part,
                "value": psi(spread, customers[part]),
                "high": _chance(spread, customers.height),
                "tested_on": as_of,
                "customers_n": customers.height,
            }
            for part, spread in sorted(stability.spreads.items())
        ],
        schema=MODEL_QUALITY,
    )


def drifted(rows: pl.DataFrame, *, threshold: float = DRIFT_PSI) -> list[str]:
    """The columns whose index is above the threshold and above chance, in order.

    Any of them asks for a refit, which is an entry of the log (``data.model_decisions``).
    """
    is_drift = (
        (pl.col("measure") == "psi")
        & pl.col("high").is_not_null()
        & (pl.col("value") > pl.max_horizontal(pl.lit(threshold), "high"))
    )
    return rows.filter(is_drift)["part"].sort().to_list()


def _chance(spread: Spread, customers_n: int) -> float | None:
    """The index that two samples of one population of these sizes rarely exceed."""
    from scipy.special import chdtri

    classes_n = sum(1 for count in spread.counts if count)
    if customers_n == 0 or classes_n == 0:
        return None
    # Of a column that was of one class, another class would be news however small.
    freedom = max(classes_n - 1, 1)
    return float(chdtri(freedom, CHANCE_P) * (1 / sum(spread.counts) + 1 / customers_n))


def _shares(counts: NDArray[Any]) -> NDArray[np.float64]:
    more: NDArray[np.float64] = counts + _UNSEEN_N
    return np.asarray(more / more.sum())


def _counts(edges: Sequence[float] | NDArray[Any], values: NDArray[Any]) -> NDArray[np.int64]:
    is_null = np.isnan(values)
    classes = np.where(is_null, len(edges) + 1, np.searchsorted(edges, values))
    return np.bincount(classes, minlength=len(edges) + 2)


def _numbers(values: pl.Series) -> NDArray[np.float64]:
    """The values as floats, which an index is by nature; null as NaN."""
    return values.cast(pl.Float64).fill_null(float("nan")).to_numpy()
