"""A share with the range that chance leaves it, and the difference of two: one figure at a time.

The tables hold these of weeks and months; here they are of the weeks that a page tells of together.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

Z = 1.959963984540054
"""The 97.5 % quantile of the normal distribution: two-sided 95 %."""


@dataclass(frozen=True)
class Estimate:
    """A figure and the ends of its 95 % interval."""

    value: float
    low: float
    high: float

    @property
    def direction(self) -> str:
        """``up`` or ``down`` where the interval is surely above or below nothing, else
        ``unsure``."""
        if self.low > 0:
            return "up"
        return "down" if self.high < 0 else "unsure"

    def times(self, weight: float) -> Estimate:
        """Of a weight that is not negative."""
        return Estimate(weight * self.value, weight * self.low, weight * self.high)


def share_of(part_n: int, whole_n: int) -> Estimate | None:
    """A share with Wilson's score interval (1927, JASA 22); None of nothing.

    >>> found = share_of(8, 10)
    >>> round(found.low, 4), round(found.high, 4)
    (0.4902, 0.9433)
    """
    if not whole_n:
        return None
    share, scale = part_n / whole_n, whole_n + Z**2
    centre = (part_n + Z**2 / 2) / scale
    half = Z * sqrt(share * (whole_n - part_n) + Z**2 / 4) / scale
    return Estimate(share, max(centre - half, 0.0), min(centre + half, 1.0))


def net_of(plus_n: int, minus_n: int, whole_n: int) -> Estimate | None:
    """One share less another of the same whole (Bonett and Price 2012, JEBS 37); None of nothing.

    >>> found = net_of(0, 0, 98)
    >>> found.value, round(found.high, 4)
    (0.0, 0.0277)
    """
    if not whole_n:
        return None
    scale = whole_n + 2
    plus, minus = (plus_n + 1) / scale, (minus_n + 1) / scale
    half = Z * sqrt((plus + minus - (plus - minus) ** 2) / scale)
    return Estimate(
        (plus_n - minus_n) / whole_n, max(plus - minus - half, -1.0), min(plus - minus + half, 1.0)
    )


def less(one: Estimate | None, other: Estimate | None) -> Estimate | None:
    """The first less the second, told independently; None where either is.

    Newcombe's hybrid score interval (1998, Statistics in Medicine 17, method 10), and the same
    rule for other figures (Zou and Donner 2008, Statistics in Medicine 27).

    >>> found = less(share_of(56, 70), share_of(48, 80))
    >>> round(found.value, 4), round(found.low, 4), round(found.high, 4)
    (0.2, 0.0524, 0.3339)
    """
    if one is None or other is None:
        return None
    difference = one.value - other.value
    down = sqrt((one.value - one.low) ** 2 + (other.high - other.value) ** 2)
    up = sqrt((one.high - one.value) ** 2 + (other.value - other.low) ** 2)
    return Estimate(difference, difference - down, difference + up)
