from __future__ import annotations

from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.transforms.money import MONEY, hundredths, money

LARGEST = Decimal("9999999999999999.99")


def amounts(*texts: str | None) -> pl.Series:
    return pl.Series(
        "net", [None if text is None else Decimal(text) for text in texts], dtype=MONEY
    )


def test_hundredths_are_exact_whole_numbers():
    found = hundredths(amounts("-0.01", "89638.99", "9999999999999.99", "0.00", None))
    assert found.to_list() == [-1, 8963899, 999999999999999, 0, None]


@given(st.lists(st.integers(-(10**18) + 1, 10**18 - 1)))
def test_money_of_hundredths_is_the_amount(cents):
    amount = pl.Series("net", [Decimal(n).scaleb(-2) for n in cents], dtype=MONEY)
    assert hundredths(amount).to_list() == cents
    back = hundredths(amount).to_frame().select(money(pl.col("net")))["net"]
    assert back.dtype == MONEY
    assert back.to_list() == amount.to_list()


def test_sums_that_could_leave_64_bits_are_held_in_128():
    ten_of_the_largest = hundredths(amounts(*[str(LARGEST)] * 10))
    assert ten_of_the_largest.dtype == pl.Int128
    assert ten_of_the_largest.sum() == 9_999_999_999_999_999_990


def test_ordinary_sums_are_held_in_64_bits():
    assert hundredths(amounts("-0.01", "89638.99")).dtype == pl.Int64


def test_a_sum_that_no_longer_fits_money_fails_rather_than_wraps():
    twice = pl.DataFrame({"cents": [2 * (10**18 - 1)]}, schema={"cents": pl.Int128})
    with pytest.raises(pl.exceptions.PolarsError):
        twice.select(money(pl.col("cents")))


@pytest.mark.parametrize("dtype", [pl.Float64, pl.Decimal(18, 3), pl.Int64])
def test_only_decimals_of_two_places_are_money(dtype):
    with pytest.raises(ValueError, match="net: expected Decimal with two places"):
        hundredths(pl.Series("net", [1], dtype=dtype))


def test_no_amounts_have_no_hundredths():
    assert hundredths(amounts()).to_list() == []
    assert hundredths(amounts(None)).to_list() == [None]
