"""Which currencies a chain may take, and which is meant by what is none."""

from __future__ import annotations

import pytest

from regulars.flows.currencies import _MEANT, CURRENCIES, currency_meant


def test_a_code_is_three_capital_letters() -> None:
    assert all(len(code) == 3 and code.isascii() and code.isupper() for code in CURRENCIES)


def test_every_word_that_is_known_means_a_currency_and_is_none_itself() -> None:
    assert set(_MEANT.values()) <= CURRENCIES
    assert not set(_MEANT) & CURRENCIES


@pytest.mark.parametrize("code", ["XAU", "XDR", "XTS", "XXX", "CLF", "CHE"])
def test_what_nobody_is_paid_in_is_no_currency(code: str) -> None:
    assert code not in CURRENCIES


@pytest.mark.parametrize(
    ("written", "meant"),
    [("RMB", "CNY"), (" cny ", "CNY"), ("￥", "CNY"), ("NTD", "TWD"), ("EURO", "EUR"), ("", None)],
)
def test_the_code_that_is_meant(written: str, meant: str | None) -> None:
    assert currency_meant(written) == meant
