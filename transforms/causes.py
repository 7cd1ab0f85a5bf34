"""Which places account for bad pieces that the rest of the chain does not: cause by cause.

A piece stays good when no cause spoils it, and causes act independently: the chance of a good
piece is the usual one of its kind times a factor for each place at fault that it belongs to
(Abbott 1925, Journal of Economic Entomology 18, who so corrects mortality for the deaths that
would have happened anyway). Places at fault are found one at a time, the strongest first, and the
others are then judged beside it (Zhang, Assunção and Kulldorff 2010, Journal of Probability and
Statistics, who so find several clusters): a rude person in a bad store is blamed for what the
store does not explain, and a good store not for one rude person.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import polars as pl

from regulars.transforms.intervals import exact

Real = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Truth = npt.NDArray[np.bool_]

CAUSES_N = 60
"""More places at fault than this are not told apart."""
_ROUNDS_N = 30  # of fitting factors to each other; they settle within ten
_LEAST_SHARE = 1e-9


@dataclass(frozen=True, eq=False)
class Grouping:
    """One way to group the pieces: ``code`` of the place of each, -1 for none, of ``places_n``.

    ``is_judged`` marks the places with enough pieces to be judged; ``error`` is the chance that the
    interval of one of them misses.
    """

    code: Whole
    places_n: int
    is_judged: Truth
    error: float

    def at(self, error: float) -> Grouping:
        """The same, all its intervals together missing with this chance at most."""
        return replace(self, error=error / max(1, int(self.is_judged.sum())))


@dataclass(frozen=True, eq=False)
class Judged:
    """A figure a place: pieces_n and bad_n, the share of bad pieces expected, and the excess over
    it with its ends. NaN where a place has no other to be held against."""

    pieces_n: Real
    bad_n: Real
    expected: Real
    excess: Real
    low: Real
    high: Real

    @property
    def evidence(self) -> Real:
        """The log likelihood ratio of the share found against the one expected, if above it."""
        found = self.bad_n / np.maximum(self.pieces_n, 1)
        expected = np.clip(self.expected, _LEAST_SHARE, 1 - _LEAST_SHARE)
        with np.errstate(divide="ignore", invalid="ignore"):
            bad = np.where(found > 0, found * np.log(found / expected), 0.0)
            good = np.where(found < 1, (1 - found) * np.log((1 - found) / (1 - expected)), 0.0)
        return np.where(self.low > 0, self.pieces_n * (bad + good), -np.inf)


def judged_places(
    is_bad: Truth, stratum: Whole, groupings: tuple[Grouping, ...]
) -> tuple[Judged, ...]:
    """Each grouping's places, judged beside the other places that are at fault.

    A piece is held against those elsewhere of the same ``stratum`` (the channel).
    """
    pieces = _Pieces((~is_bad).astype(np.float64), stratum, groupings)
    at_fault: list[tuple[int, int]] = []
    innocent: set[tuple[int, int]] = set()
    while True:
        factors = pieces.factors(at_fault)
        judged = tuple(
            _judged(pieces, number, factors, at_fault) for number in range(len(groupings))
        )
        # Beside a stronger one that is found later, an earlier one may turn out to be innocent.
        cleared = [
            (number, place) for number, place in at_fault if not judged[number].low[place] > 0
        ]
        if cleared:
            innocent.update(cleared)
            at_fault = [one for one in at_fault if one not in innocent]
            continue
        found = _strongest(judged, groupings, {*at_fault, *innocent})
        if found is None or len(at_fault) == CAUSES_N:
            return judged
        at_fault.append(found)


@dataclass(frozen=True, eq=False)
class _Pieces:
    is_good: Real
    stratum: Whole
    groupings: tuple[Grouping, ...]

    def factors(self, at_fault: list[tuple[int, int]]) -> list[Real]:
        """Of each place at fault, the factor of its pieces' chance to be good, 1 for the others.

        Fitted in turns, each to what the others leave to it, until sums found and expected agree.
        """
        rows = [np.flatnonzero(self.groupings[of].code == place) for of, place in at_fault]
        found = [1.0] * len(rows)
        together = np.ones(len(self.is_good))
        for _ in range(_ROUNDS_N if rows else 0):
            usual = self._usual(together)
            for number, own in enumerate(rows):
                aside = together[own] / found[number]
                expected = float((usual[self.stratum[own]] * aside).sum())
                good_n = float(self.is_good[own].sum())
                # Never 0: it could not be taken out of the product again.
                found[number] = min(1.0, max(_LEAST_SHARE, good_n / max(expected, _LEAST_SHARE)))
                together[own] = aside * found[number]
        return [
            np.where(self.groupings[of].code == place, factor, 1.0)
            for (of, place), factor in zip(at_fault, found, strict=True)
        ]

    def _usual(self, together: Real) -> Real:
        """The chance of a good piece of each stratum were no place at fault."""
        usual: Real = np.bincount(self.stratum, self.is_good) / np.maximum(
            np.bincount(self.stratum, together), _LEAST_SHARE
        )
        return usual


def _judged(
    pieces: _Pieces, number: int, factors: list[Real], at_fault: list[tuple[int, int]]
) -> Judged:
    grouping = pieces.groupings[number]
    named = grouping.code >= 0
    strata_n = int(pieces.stratum.max(initial=0)) + 1
    cell = grouping.code[named] * strata_n + pieces.stratum[named]

    def counted(weights: Real) -> Real:
        sums = np.bincount(cell, weights[named], minlength=grouping.places_n * strata_n)
        return sums.astype(np.float64).reshape(grouping.places_n, strata_n)

    of_all = np.ones(len(named))
    for factor in factors:
        of_all = of_all * factor
    own_aside = np.ones(len(named))
    for (of, _), factor in zip(at_fault, factors, strict=True):
        if of != number:
            own_aside = own_aside * factor
    pieces_n, good_n = counted(np.ones(len(named))), counted(pieces.is_good)
    chances = counted(of_all)
    elsewhere_n = pieces_n.sum(axis=0) - pieces_n
    good_elsewhere = good_n.sum(axis=0) - good_n
    chances_elsewhere = chances.sum(axis=0) - chances
    has_others = (elsewhere_n > 0) & (chances_elsewhere > _LEAST_SHARE)
    usual = good_elsewhere / np.where(has_others, chances_elsewhere, 1.0)
    # What has nothing to be held against is expected to be as it is.
    expected_good = np.where(
        has_others, np.minimum(usual * counted(own_aside), pieces_n), good_n
    ).sum(axis=1)
    is_comparable = (has_others & (pieces_n > 0)).any(axis=1) & grouping.is_judged
    return _with_ends(
        pieces_n.sum(axis=1),
        good_n.sum(axis=1),
        np.where(is_comparable, expected_good, np.nan),
        # Only strata that the place has pieces of say what is usual for it.
        np.where(has_others & (pieces_n > 0), elsewhere_n, 0.0).sum(axis=1),
        np.where(has_others & (pieces_n > 0), good_elsewhere, 0.0).sum(axis=1),
        grouping.error,
    )


def _with_ends(
    pieces_n: Real,
    good_n: Real,
    expected_good: Real,
    others_n: Real,
    good_others: Real,
    error: float,
) -> Judged:
    """The excess of bad pieces and its ends, by Zou and Donner's rule as in `intervals`."""
    n, others = np.maximum(pieces_n, 1.0), np.maximum(others_n, 1.0)
    bad_n = pieces_n - good_n
    share, expected, elsewhere = bad_n / n, 1 - expected_good / n, 1 - good_others / others
    low, high = _ends(bad_n, n, error)
    low_elsewhere, high_elsewhere = _ends(others_n - good_others, others, error)
    down = np.hypot(share - low, high_elsewhere - elsewhere)
    up = np.hypot(high - share, elsewhere - low_elsewhere)
    excess = share - expected
    return Judged(pieces_n, bad_n, expected, excess, excess - down, excess + up)


def _ends(part_n: Real, whole_n: Real, error: float) -> tuple[Real, Real]:
    low, high = exact(pl.Series(part_n), pl.Series(whole_n), error=error)
    return low.to_numpy(), high.to_numpy()


def _strongest(
    judged: tuple[Judged, ...], groupings: tuple[Grouping, ...], known: set[tuple[int, int]]
) -> tuple[int, int] | None:
    """The grouping and place of the most evidence, of those not known; the first of equals."""
    best, found = 0.0, None
    for number, of in enumerate(judged):
        evidence = np.where(groupings[number].is_judged, of.evidence, -np.inf)
        for place in [place for grouping, place in known if grouping == number]:
            evidence[place] = -np.inf
        if len(evidence) and evidence.max() > best:
            best, found = float(evidence.max()), (number, int(evidence.argmax()))
    return found
