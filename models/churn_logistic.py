"""A logistic regression over churn features, its preparation of them included."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

PENALTY_ROWS_N = 150
"""The penalty weighs as much as one row in this many: features that say nearly the same share
their weight instead of fighting. Held to the number of rows, so that a fit to more of them shrinks
its scores no less, and what was calibrated for the one serves the other."""

_MOST_SPREADS = 4.0
_LEAST_SPREAD = 1e-9
_MOST_STEPS_N = 400


@dataclass(frozen=True, eq=False)
class Logistic:
    """What was fitted: medians for what is not defined, centres and spreads, and the weights.

    Features are taken at sign(x) ln(1 + |x|), for most of them are counts and money; then
    standardised and cut at four spreads; their squares stand beside them, so that risk may bend.
    `unknown` are the columns whose being undefined is a feature as well.
    """

    medians: Floats
    unknown: tuple[int, ...]
    centres: Floats
    spreads: Floats
    estimator: Any

    def risk(self, features: Floats) -> Floats:
        """The risk of each row."""
        found: Floats = self.estimator.predict_proba(self._prepared(features))[:, 1]
        return found

    def _prepared(self, features: Floats) -> Floats:
        values = _logs(features)
        is_null = np.isnan(values)
        standard = (np.where(is_null, self.medians, values) - self.centres) / self.spreads
        standard = np.clip(standard, -_MOST_SPREADS, _MOST_SPREADS)
        flags = is_null[:, list(self.unknown)].astype(np.float64)
        return np.hstack([standard, flags, standard**2 / _MOST_SPREADS])


def fit_logistic(features: Floats, gone: Floats) -> Logistic:
    """The regression of `gone` (1 or 0) on the features; every column has a value somewhere."""
    from sklearn.linear_model import LogisticRegression

    values = _logs(features)
    is_null = np.isnan(values)
    medians = np.nanmedian(values, axis=0)
    filled = np.where(is_null, medians, values)
    fitted = Logistic(
        medians,
        _distinct(is_null),
        filled.mean(axis=0),
        np.maximum(filled.std(axis=0), _LEAST_SPREAD),
        LogisticRegression(C=PENALTY_ROWS_N / len(gone), max_iter=_MOST_STEPS_N),
    )
    fitted.estimator.fit(fitted._prepared(features), gone)
    return fitted


def _logs(features: Floats) -> Floats:
    return np.sign(features) * np.log1p(np.abs(features))


def _distinct(is_null: NDArray[np.bool_]) -> tuple[int, ...]:
    """One column of each pattern of nulls: gaps are all undefined together."""
    patterns: dict[bytes, int] = {}
    for column in range(is_null.shape[1]):
        if is_null[:, column].any() and not is_null[:, column].all():
            patterns.setdefault(is_null[:, column].tobytes(), column)
    return tuple(patterns.values())
