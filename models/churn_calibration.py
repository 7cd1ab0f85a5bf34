"""From a score to a probability: a straight line between logits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_EDGE = 1e-6
_PRIOR_N = 1.0
_STEPS_N = 50


def logit(risk: Floats) -> Floats:
    """ln(p / (1 - p)), finite at 0 and 1."""
    inside = np.clip(risk, _EDGE, 1 - _EDGE)
    found: Floats = np.log(inside / (1 - inside))
    return found


def logistic(score: Floats) -> Floats:
    """The probability of a logit."""
    found: Floats = 1 / (1 + np.exp(-score))
    return found


@dataclass(frozen=True)
class Calibration:
    """risk = logistic(intercept + slope * score); a slope of at least 0 keeps every order."""

    intercept: float
    slope: float

    def risk(self, score: Floats) -> Floats:
        """The risk of each score."""
        return logistic(self.intercept + self.slope * score)


def fit_calibration(score: Floats, gone: Floats) -> Calibration:
    """The line of the highest likelihood, after Platt, "Probabilistic Outputs for Support Vector
    Machines" (1999), his prior of one customer of each kind included, so that none is certain.

    Found by Newton's method; where the scores do not tell anybody apart, or the wrong way round,
    the slope is 0 and every risk the share of the gone.

    >>> fit_calibration(np.array([0.0, 0.0, 0.0, 0.0]), np.array([1.0, 0.0, 1.0, 0.0]))
    Calibration(intercept=0.0, slope=0.0)
    """
    gone_n = gone.sum()
    came_n = len(gone) - gone_n
    aim = np.where(gone > 0, (gone_n + _PRIOR_N) / (gone_n + 2), _PRIOR_N / (came_n + 2))
    flat = Calibration(float(logit(np.array([aim.mean()]))[0]) + 0.0, 0.0)
    spread = float(score.std())
    if spread == 0:
        return flat
    centre = float(score.mean())
    columns = np.column_stack([np.ones_like(score), (score - centre) / spread])
    line = np.array([flat.intercept, 1.0])
    for _ in range(_STEPS_N):
        risk = logistic(columns @ line)
        weight = np.maximum(risk * (1 - risk), _EDGE)
        step = np.linalg.solve(
            (columns * weight[:, None]).T @ columns + _EDGE * np.eye(2), columns.T @ (aim - risk)
        )
        line = line + np.clip(step, -2.0, 2.0)
        if np.abs(step).max() < _EDGE:
            break
    slope = float(line[1]) / spread
    if slope <= 0:
        return flat
    return Calibration(float(line[0]) - slope * centre, slope)
