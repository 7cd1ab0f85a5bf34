from __future__ import annotations

import doctest
from decimal import Decimal

import pytest

from regulars.expectations import catalogue
from regulars.reports import numbers, small_cells


@pytest.mark.parametrize("module", [catalogue, numbers, small_cells])
def test_the_examples_in_the_docstrings_are_true(module: object) -> None:
    failed, tried = doctest.testmod(module)  # type: ignore[arg-type]
    assert (failed, tried > 0) == (0, True)


@pytest.mark.parametrize(
    ("value", "currency", "en", "zh"),
    [
        ("0", "CNY", "CNY 0", "0 元"),
        ("9999.99", "CNY", "CNY 9,999.99", "9,999.99 元"),
        ("10000.00", "CNY", "CNY 10,000", "1.00 万元"),
        ("999999.99", "USD", "USD 1,000,000", "100.00 万美元"),
        ("1000000", "USD", "USD 1.00 million", "100.00 万美元"),
        ("123456789.01", "CNY", "CNY 123.46 million", "1.23 亿元"),
        ("-25000", "CNY", "CNY −25,000", "−2.50 万元"),
        ("0.05", "SEK", "SEK 0.05", "0.05 SEK"),
    ],
)
def test_a_sum_is_said_in_the_unit_of_the_language(
    value: str, currency: str, en: str, zh: str
) -> None:
    assert numbers.money(Decimal(value), currency, "en") == en
    assert numbers.money(Decimal(value), currency, "zh") == zh


def test_an_amount_of_sixteen_digits_keeps_every_one() -> None:
    assert numbers.amount(Decimal("1234567890123456.78"), places=2) == "1,234,567,890,123,456.78"


def test_a_share_that_rounds_to_nothing_has_no_sign_and_a_small_one_is_not_zero() -> None:
    assert [numbers.share(value) for value in (-0.0001, 0.0, 0.0004, 0.0006)] == [
        "0.0%",
        "0%",
        "<0.1%",
        "0.1%",
    ]
