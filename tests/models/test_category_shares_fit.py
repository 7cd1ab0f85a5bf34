from __future__ import annotations

from decimal import Decimal

import polars as pl

from regulars.models.category_shares import CategoryShares, fit_category_shares

SCHEMA = {"customer_id": pl.UInt64, "category": pl.String, "net": pl.Decimal(18, 2)}


def fitted(*rows: tuple[int, str | None, str]) -> CategoryShares:
    nets = pl.DataFrame(
        [(customer, category, Decimal(net)) for customer, category, net in rows],
        schema=SCHEMA,
        orient="row",
    )
    return fit_category_shares(nets)


def test_categories_are_summed_in_order_of_name():
    assert fitted((1, "tea", "1.50"), (2, "bread", "0.07"), (2, "tea", "2.00")) == CategoryShares(
        ("bread", "tea"), (7, 350)
    )


def test_a_category_that_a_customer_took_back_and_an_unknown_one_do_not_count():
    assert fitted((1, "tea", "1.50"), (2, "tea", "-9.00"), (2, None, "5.00")).as_dict() == {
        "tea": 150
    }


def test_sums_beyond_64_bits_are_exact():
    rows = [(customer, "tea", "9999999999999999.99") for customer in range(10)]
    assert fitted(*rows).hundredths == (9_999_999_999_999_999_990,)


def test_nobody_has_no_categories():
    assert fitted() == CategoryShares((), ())
