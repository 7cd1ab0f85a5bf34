"""Weights that halve every so many days, the same bits wherever they are computed.

A power of a column is computed otherwise for one row than for many, which shows in the last bits;
days are whole numbers, so that their weights can be looked up.
"""

from __future__ import annotations

from functools import cache

import polars as pl

ONE = 2**30
"""1 in fixed point: sums of whole numbers do not depend on the order of rows or on threads."""

_MOST_DAYS = 2**15


def halving(days: pl.Expr, *, half_days: int) -> pl.Expr:
    """2^(-days / half_days) in units of 1 / ONE, Int64; `days` are whole and at least 0.

    >>> pl.select(halving(pl.lit(14), half_days=7)).item() * 4 == ONE
    True
    """
    place = days.cast(pl.Int64).clip(0, _MOST_DAYS - 1)
    return pl.lit(_weights(half_days)).gather(place)


@cache
def _weights(half_days: int) -> pl.Series:
    return pl.Series(
        [int(ONE * 2.0 ** (-n / half_days)) for n in range(_MOST_DAYS)], dtype=pl.Int64
    )
