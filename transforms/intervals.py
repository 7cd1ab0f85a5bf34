"""Intervals of shares and of their differences, all at 95 % unless asked otherwise.

Expressions of counts, so that a table of any length is one pass; the exact ones take SciPy.
"""

from __future__ import annotations

import polars as pl

Z = 1.959963984540054
"""The 97.5 % quantile of the normal distribution: two-sided 95 %."""
_TINY = 1e-12


def wilson(part_n: pl.Expr, whole_n: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """The interval of a share (Wilson 1927, JASA 22, the score interval); null for a whole of 0.

    >>> counts = pl.DataFrame({"part": [8, 0], "whole": [10, 0]})
    >>> counts.select(
    ...     end.round(4).alias(name)
    ...     for name, end in zip(("low", "high"), wilson(pl.col("part"), pl.col("whole")))
    ... ).rows()
    [(0.4902, 0.9433), (None, None)]
    """
    scale = whole_n + Z**2
    centre = (part_n + Z**2 / 2) / scale
    half = Z * (share(part_n, whole_n) * (whole_n - part_n) + Z**2 / 4).sqrt() / scale
    return tuple(  # type: ignore[return-value]
        pl.when(whole_n > 0).then(end.clip(0.0, 1.0)) for end in (centre - half, centre + half)
    )


def net_share(plus_n: pl.Expr, minus_n: pl.Expr, whole_n: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """The interval of one share less another of the same whole, such as promoters and detractors.

    The adjusted Wald interval of Bonett and Price (2012, Journal of Educational and Behavioral
    Statistics 37, 479-488): a piece is added to either side. Null for a whole of 0.
    """
    scale = whole_n + 2
    plus, minus = (plus_n + 1) / scale, (minus_n + 1) / scale
    half = Z * ((plus + minus - (plus - minus) * (plus - minus)) / scale).sqrt()
    return tuple(  # type: ignore[return-value]
        pl.when(whole_n > 0).then(end.clip(-1.0, 1.0))
        for end in (plus - minus - half, plus - minus + half)
    )


def difference(
    first: tuple[pl.Expr, pl.Expr, pl.Expr], second: tuple[pl.Expr, pl.Expr, pl.Expr]
) -> tuple[pl.Expr, pl.Expr]:
    """The interval of the first less the second, each a figure with its ends, told independently.

    Newcombe's hybrid score interval where the ends are Wilson's (1998, Statistics in Medicine 17,
    873-890, method 10); for other figures the same rule (Zou and Donner 2008, Statistics in
    Medicine 27, 1693-1702). Null where either is.
    """
    (one, one_low, one_high), (other, other_low, other_high) = first, second
    down = ((one - one_low) ** 2 + (other_high - other) ** 2).sqrt()
    up = ((one_high - one) ** 2 + (other - other_low) ** 2).sqrt()
    return one - other - down, one - other + up


def share(part_n: pl.Expr, whole_n: pl.Expr) -> pl.Expr:
    """Null where there is nothing to divide by."""
    return pl.when(whole_n > 0).then(part_n / whole_n)


def exact(part_n: pl.Series, whole_n: pl.Series, *, error: float) -> tuple[pl.Series, pl.Series]:
    """Ends that miss the true share with a chance of at most half of ``error`` each.

    Clopper and Pearson (1934, Biometrika 26): quantiles of the beta distribution. They hold for
    however few pieces and however small an error, where normal approximations do not.

    >>> low, high = exact(pl.Series([0, 8]), pl.Series([10, 10]), error=0.05)
    >>> low.round(4).to_list(), high.round(4).to_list()
    ([0.0, 0.4439], [0.3085, 0.9748])
    """
    from scipy.special import betaincinv

    part, whole = part_n.cast(pl.Float64).to_numpy(), whole_n.cast(pl.Float64).to_numpy()
    # The beta distribution needs two positive numbers; at the ends the interval is known.
    low = betaincinv(part.clip(min=_TINY), whole - part + 1, error / 2)
    high = betaincinv(part + 1, (whole - part).clip(min=_TINY), 1 - error / 2)
    low[part == 0], high[part == whole] = 0.0, 1.0
    return pl.Series("low", low), pl.Series("high", high)
