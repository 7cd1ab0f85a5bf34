"""BG/NBD and MBG/NBD: how often customers buy, and after which purchase they leave."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from regulars.models.bg_nbd_likelihood import (
    Floats,
    Histories,
    bg_nbd,
    histories,
    mbg_nbd,
    nbd,
    parameters,
)
from regulars.models.not_fitted import NotFitted

LEAST_CUSTOMERS_N = 100
LEAST_REPEATERS_N = 30
"""Below these the sampling error of the four parameters is as large as they are."""

DIGITS = 9
"""Significant digits that a parameter is kept with: more than the search finds, and less than
what two machines differ in."""

_MOST_GRADIENT = 1e-5
"""Log-likelihood a customer and unit of a logarithm: at a maximum less than this is left to gain,
a thousandth of what the sampling error moves for a million customers."""
_LEAST_GAIN = 1e-3
"""Log-likelihood of all customers: a dropout that gains less is not in the data."""
_BOUNDS = ((-12.0, 12.0), (-25.0, 5.0), (-18.0, 12.0), (-12.0, 12.0))
_EDGES = {
    (2, 1): "leave_after_one",
    (3, 1): "equal_dropout",
    (3, 0): "leave_after_one_or_never",
    (0, 1): "equal_pace",
}
_MODIFIED_EDGES = _EDGES | {(2, 1): "leave_at_once", (3, 0): "leave_at_once_or_never"}
_AT_EDGE = 0.5
"""So near a bound the likelihood is flat: the search may stop short of it."""
_STARTS = ((-2.0, 1.0), (0.0, -1.0), (-5.0, 1.0), (-2.0, -1.0), (-2.0, 4.0))
"""Of (logit p, ln s), beside the NBD."""
_MAXIMA_N = 2
"""Searches that must end at a maximum, the higher being the fit: data of a few odd customers have
several."""


@dataclass(frozen=True)
class BgNbd:
    """The fitted population: purchases at gamma(r, alpha) rates, dropout of beta(a, b) chance.

    `is_modified` tells the MBG/NBD, in which customers may leave after their first purchase too;
    in the BG/NBD nobody leaves before they came again. `alpha` is in days. `limit` names the
    simpler model that the maximum turned out to be, None for the full one: `no_dropout` (the NBD:
    a is 0 and nobody leaves), `equal_dropout` (one chance for all), `leave_after_one` (everybody
    leaves after the first repeat), `leave_after_one_or_never`, of a modified one `leave_at_once`
    (everybody leaves after the first purchase) and `leave_at_once_or_never`, `equal_pace` (one rate
    for all). `log_likelihood` is that of days; in weeks it is larger by ln 7 for each repeat
    purchase.
    """

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float
    customers_n: int
    repeats_n: int
    limit: str | None = None
    is_modified: bool = False

    @property
    def name(self) -> str:
        return "mbg_nbd" if self.is_modified else "bg_nbd"

    def as_dict(self) -> dict[str, str | int | None]:
        """The fit as it is published: parameters as text of fixed digits.

        >>> BgNbd(0.25, 30.5, 0.8, 2.5, -1234.5, 200, 90).as_dict()["alpha_days"]
        '30.5'
        """
        return {
            "r": _text(self.r),
            "alpha_days": _text(self.alpha),
            "a": _text(self.a),
            "b": _text(self.b),
            "log_likelihood": _text(self.log_likelihood),
            "customers_n": self.customers_n,
            "repeats_n": self.repeats_n,
            "limit": self.limit,
        }


def fit_bg_nbd(history: pl.DataFrame) -> BgNbd | NotFitted:
    """The BG/NBD of the population whose buying history this is, by maximum likelihood.

    `history` has a row a customer with repeat_days_n, last_purchase_age_days and observed_days.
    The search starts from the NBD of the same customers and some dropout, follows the analytic
    gradient, and is repeated from another dropout; from further ones where it stops short.

    Not fitted: `too_few_customers` and `too_few_repeats`, with what was found and the least;
    `not_converged`, with the gradient that was left and what the search said.

    Raises:
        ValueError: a row is no history of a customer.
    """
    return _fit(history, is_modified=False)


def fit_mbg_nbd(history: pl.DataFrame) -> BgNbd | NotFitted:
    """The MBG/NBD of that population, found in the same way and refused for the same reasons."""
    return _fit(history, is_modified=True)


def likelier(fits: Iterable[BgNbd | NotFitted]) -> BgNbd | NotFitted:
    """Of fits to the same customers that of the higher log-likelihood; of equal ones the first.

    The two models have four parameters each, so that neither has more to fit with. The first
    reason where there is no fit.
    """
    fits = tuple(fits)
    fitted = [fit for fit in fits if isinstance(fit, BgNbd)]
    return max(fitted, key=lambda fit: fit.log_likelihood) if fitted else fits[0]


def _fit(history: pl.DataFrame, *, is_modified: bool) -> BgNbd | NotFitted:
    likelihood = mbg_nbd if is_modified else bg_nbd
    of = histories(history)
    if of.customers_n < LEAST_CUSTOMERS_N:
        return NotFitted(
            "too_few_customers", {"customers_n": of.customers_n, "least_n": LEAST_CUSTOMERS_N}
        )
    if of.repeaters_n < LEAST_REPEATERS_N:
        return NotFitted(
            "too_few_repeats", {"repeaters_n": of.repeaters_n, "least_n": LEAST_REPEATERS_N}
        )
    without = _search(nbd, of, np.array([0.0, np.log(of.repeats_n / of.days)]))
    ends: list[Any] = []
    for start in _STARTS:
        ends.append(_search(likelihood, of, np.array([*without.x, *start])))
        if sum(map(_is_maximum, ends)) == _MAXIMA_N:
            break
    found = min(ends, key=lambda end: (not _is_maximum(end), end.fun))
    gain = (without.fun - found.fun) * of.customers_n
    if gain < _LEAST_GAIN and _is_maximum(without):
        r, rate = np.exp(without.x)
        return _fitted(of, (r, r / rate, 0.0, 1.0), without.fun, "no_dropout", is_modified)
    if not _is_maximum(found):
        return NotFitted(
            "not_converged",
            {"gradient": f"{_gradient_left(found):.1e}", "said": str(found.message)},
        )
    limit = _edge(found.x, _MODIFIED_EDGES if is_modified else _EDGES)
    return _fitted(of, parameters(found.x), found.fun, limit, is_modified)


def _search(likelihood: Any, of: Histories, start: Floats) -> Any:
    """The search's end: a maximum of the log-likelihood a customer, within bounds."""
    from scipy.optimize import minimize

    def downhill(point: Floats) -> tuple[float, Floats]:
        value, gradient = likelihood(of, point)
        return -value / of.customers_n, -gradient / of.customers_n

    return minimize(
        downhill,
        start,
        jac=True,
        method="L-BFGS-B",
        bounds=_BOUNDS[: len(start)],
        options={"maxiter": 500, "maxcor": 20, "ftol": 1e-15, "gtol": 1e-9},
    )


def _is_maximum(found: Any) -> bool:
    return _gradient_left(found) <= _MOST_GRADIENT


def _gradient_left(found: Any) -> float:
    """The largest slope along which the search could still have gone."""
    low, high = np.array(_BOUNDS[: len(found.x)]).T
    step = np.clip(found.x - found.jac, low, high) - found.x
    return float(np.abs(step).max())


def _edge(point: Floats, edges: Mapping[tuple[int, int], str]) -> str | None:
    for (axis, side), name in edges.items():
        if abs(point[axis] - _BOUNDS[axis][side]) < _AT_EDGE:
            return name
    return None


def _fitted(
    of: Histories,
    of_fit: tuple[float, float, float, float],
    cost: float,
    limit: str | None,
    is_modified: bool,
) -> BgNbd:
    r, alpha, a, b = (float(_text(value)) for value in of_fit)
    value = float(_text(-cost * of.customers_n))
    return BgNbd(r, alpha, a, b, value, of.customers_n, of.repeats_n, limit, is_modified)


def _text(value: float) -> str:
    return f"{value:.{DIGITS}g}"
