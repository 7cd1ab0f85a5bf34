"""Lines of an export that are no data: above the header, totals, the header again, nothing."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
import xlsxwriter

from regulars.data.ledger import Loaded

if TYPE_CHECKING:
    from tests.data.conftest import NewShop, Shop

pytestmark = pytest.mark.fault("F18")

HEADER = "order_id,customer_id,ordered_at,amount,product_id,channel\n"
ONE = "a1,ann,2024-03-01,1.00,p1,till\n"
TWO = "a2,bob,2024-03-02,2.00,p2,till\n"


def counts(load: Loaded) -> tuple[int, int, int, int]:
    return load.rows_n, load.accepted_n, load.quarantined_n, load.skipped_n


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize(
    "preamble",
    ["销售明细\n", "门店,上海\n日期,2024-03-01\n\n", "\n", '"a note, of\n"\n', "\r\n,,,,,\r\n"],
)
def test_what_stands_above_the_header_is_passed_over(
    shop: Shop, encoding: str, preamble: str
) -> None:
    content = (preamble + HEADER + ONE + TWO.replace("2.00", "two")).encode(encoding)
    (load,) = shop.deliver(content)
    above_n = preamble.count("\n")
    assert counts(load) == (2, 1, 1, 0)
    assert load.skipped == [("preamble", above_n, 1)]
    assert shop.reasons() == [(above_n + 3, "amount", "not_a_number")]


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("合计,,,3.00,,\n", "total_row"),
        ("合计：,,,3.00,,\n", "total_row"),
        (",,小计,3.00,,\n", "total_row"),
        ("Total,,,3.00,,\n", "total_row"),
        ("Grand Total,2,,3.00,,\n", "total_row"),
        ('"SUBTOTAL",,,3.00,,\n', "total_row"),
        ("合 计,,,3.00,,\n", "total_row"),
        ("合计,3.00\n", "total_row"),
        ("总计\n", "total_row"),
        (HEADER, "repeated_header"),
        (",,,,,\n", "blank_row"),
        (' ,"",,\t,,\n', "blank_row"),
        (",,\n", "blank_row"),
        # Complete in itself: only the word in the place of an id tells.
        ("合计,,2024-03-31,3.00,,\n", "total_row"),
        ("a9,total,2024-03-31,3.00,,\n", "total_row"),
        ("a1,ann,2024-03-01,1.00,小计,\n", "total_row"),
    ],
)
def test_a_row_that_is_no_data_is_skipped_and_told(shop: Shop, line: str, rule: str) -> None:
    (load,) = shop.deliver((HEADER + ONE + line + TWO).encode())
    assert counts(load) == (3, 2, 0, 1)
    assert load.skipped == [(rule, 1, 3)]
    assert shop.ask("SELECT sum(amount) FROM lines") == [(Decimal("3.00"),)]
    assert shop.ask("SELECT skipped_n, rows_n FROM loads") == [(1, 3)]


def test_a_brand_called_total_is_a_brand(shop: Shop) -> None:
    (load,) = shop.deliver(
        b"product_id,name,brand,unit_cost\np1,Total,Total,1.00\np2,oil,Total,cheap\n",
        export="products",
    )
    assert counts(load) == (2, 1, 1, 0)


def test_a_total_of_the_list_of_members_makes_no_member(shop: Shop) -> None:
    (load,) = shop.deliver("customer_id,city\nann,Xian\n合计,1\n".encode(), export="customers")
    assert counts(load) == (2, 1, 0, 1)
    assert shop.ask("SELECT count(*) FROM customers") == [(1,)]


def test_pages_with_subtotals_and_headers_again_are_read_as_one(shop: Shop) -> None:
    pages = f"{ONE}小计,,,1.00,,\n\n{HEADER}{TWO}小计,,,2.00,,\n合计,,,3.00,,\n共2条\n"
    (load,) = shop.deliver((HEADER + pages).encode("gb18030"))
    assert load.skipped == [("total_row", 3, 3), ("repeated_header", 1, 5)]
    assert shop.reasons() == [(9, None, "too_few_columns")]
    assert counts(load) == (7, 2, 1, 4)


def test_sheets_have_titles_and_totals_too(shop: Shop) -> None:
    content = BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.merge_range(0, 0, 0, 3, "销售明细")
    for at, line in ((2, HEADER), (3, ONE), (5, TWO), (6, "合计,,,3.00,,"), (7, HEADER)):
        sheet.write_row(at, 0, [cell or None for cell in line.strip().split(",")])
    book.close()
    (load,) = shop.deliver(content.getvalue())
    assert counts(load) == (4, 2, 0, 2)
    assert load.skipped == [("preamble", 2, 1), ("total_row", 1, 7), ("repeated_header", 1, 8)]


def test_a_header_below_thirty_lines_is_not_looked_for(new_shop: NewShop) -> None:
    from regulars.expectations.errors import DataRefused

    new_shop().deliver(("\n" * 29 + HEADER + ONE).encode())
    with pytest.raises(DataRefused, match="line 1: no column"):
        new_shop().deliver(("\n" * 30 + HEADER + ONE).encode())
