"""How a customer's pseudonym is spelled."""

from __future__ import annotations

from functools import cache

import polars as pl

PREFIX = "c1_"
_DIGITS_AT_A_TIME = 4
_BASE = 16**_DIGITS_AT_A_TIME


def spelled(customer_id: pl.Expr) -> pl.Expr:
    """The 64 bits of a pseudonym as text: `c1_` and 16 lower-case hex digits; null stays null.

    Inside the pipeline a customer is the number, a quarter of the bytes and the same order.

    >>> pl.select(spelled(pl.lit(2**64 - 2, dtype=pl.UInt64))).item()
    'c1_fffffffffffffffe'
    """
    four_digits = pl.lit(_four_digits())
    quarters = [
        four_digits.gather((customer_id // _BASE**place % _BASE).cast(pl.UInt32))
        for place in (3, 2, 1, 0)
    ]
    return pl.concat_str(pl.lit(PREFIX), *quarters).alias(customer_id.meta.output_name())


@cache
def _four_digits() -> pl.Series:
    return pl.Series([f"{number:0{_DIGITS_AT_A_TIME}x}" for number in range(_BASE)])
