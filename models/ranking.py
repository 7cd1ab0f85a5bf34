"""How well risks put those who stay away before those who come, in weighted populations."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Ranking:
    """Customers by falling risk, those of equal risk together; a row a weighted population.

    `gone` and `came` are the weights of those who stayed away and of those who came, with a column
    for each distinct risk.
    """

    gone: Floats
    came: Floats

    @classmethod
    def of(cls, risk: Floats, gone: Floats, weights: Floats) -> Ranking:
        """The ranking of customers in each row of weights."""
        order = np.argsort(-risk, kind="stable")
        starts = np.flatnonzero(np.diff(risk[order], prepend=np.inf))
        at = weights[:, order]
        is_gone = gone[order]
        return cls(
            np.add.reduceat(at * is_gone, starts, axis=1),
            np.add.reduceat(at * (1 - is_gone), starts, axis=1),
        )

    def auc(self) -> Floats:
        """How often one who stayed away has the higher risk of a pair; equal risks count half.

        >>> risk, gone = np.array([0.9, 0.5, 0.5, 0.1]), np.array([1.0, 1.0, 0.0, 0.0])
        >>> Ranking.of(risk, gone, np.ones((1, 4))).auc().tolist()
        [0.875]
        """
        below = self.came.sum(axis=1, keepdims=True) - self.came.cumsum(axis=1)
        pairs = self.gone.sum(axis=1) * self.came.sum(axis=1)
        found: Floats = (self.gone * (below + self.came / 2)).sum(axis=1) / pairs
        return found

    def average_precision(self) -> Floats:
        """The mean over those who stayed away of the share of such among all of their risk or more.

        >>> risk, gone = np.array([0.9, 0.5, 0.1]), np.array([1.0, 0.0, 1.0])
        >>> Ranking.of(risk, gone, np.ones((1, 3))).average_precision().round(6).tolist()
        [0.833333]
        """
        ahead = self.gone.cumsum(axis=1)
        all_ahead = np.maximum((self.gone + self.came).cumsum(axis=1), 1e-12)
        found: Floats = (self.gone * ahead / all_ahead).sum(axis=1) / self.gone.sum(axis=1)
        return found

    def lift(self, share: float) -> Floats:
        """The share of the gone among the riskiest `share`, over their share of all.

        Of customers of equal risk at the edge, a part is taken.

        >>> risk, gone = np.array([0.9, 0.5, 0.5, 0.1]), np.array([1.0, 1.0, 0.0, 0.0])
        >>> Ranking.of(risk, gone, np.ones((1, 4))).lift(0.5).tolist()
        [1.5]
        """
        count = self.gone + self.came
        ahead = count.cumsum(axis=1)
        wanted = share * ahead[:, -1:]
        taken = np.clip(wanted - (ahead - count), 0, count)
        part = np.divide(taken, count, out=np.zeros_like(count), where=count > 0)
        caught = (self.gone * part).sum(axis=1) / wanted[:, 0]
        found: Floats = caught / (self.gone.sum(axis=1) / ahead[:, -1])
        return found


def auc(risk: Floats, gone: Floats) -> float:
    """The `Ranking.auc` of one population, each customer counting once.

    >>> auc(np.array([0.9, 0.5, 0.5, 0.1]), np.array([1.0, 1.0, 0.0, 0.0]))
    0.875
    """
    return float(Ranking.of(risk, gone, np.ones((1, len(gone)))).auc()[0])
