"""Workbooks as people and systems make them: sheets, merged cells, errors, dates, numbers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from regulars.expectations.errors import DataRefused

if TYPE_CHECKING:
    from tests.data.conftest import Shop

pytestmark = pytest.mark.fault("F22")

HEADER = ("order_id", "customer_id", "ordered_at", "amount", "product_id")
ONE = ("a1", "ann", "2024-03-01", 25.8, "p1")


def workbook(fill: Callable[[Worksheet, Format], object], *sheets: str, **options: object) -> bytes:
    content = BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, **options})
    as_time = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    for name in sheets or ("Sheet1",):
        sheet = book.add_worksheet(name)
        sheet.write_row(0, 0, HEADER)
        fill(sheet, as_time)
    book.close()
    return content.getvalue()


def with_rows(*rows: tuple[object, ...]) -> bytes:
    return workbook(lambda sheet, _: [sheet.write_row(n, 0, r) for n, r in enumerate(rows, 1)])


@pytest.mark.parametrize("is_1904", [False, True], ids=["1900", "1904"])
def test_dates_are_days_and_times_whatever_their_epoch(shop: Shop, is_1904: bool) -> None:
    at = datetime(2024, 2, 29, 23, 59, 59)

    def fill(sheet: Worksheet, as_time: Format) -> None:
        sheet.write_row(1, 0, ONE)
        sheet.write_datetime(1, 2, at, as_time)
        sheet.write_row(2, 0, ("a2", "ann", "2024/3/1 9:05", 1))

    shop.deliver(workbook(fill, date_1904=is_1904))
    assert shop.ask("SELECT ordered_at FROM lines ORDER BY order_id") == [
        (at,),
        (datetime(2024, 3, 1, 9, 5),),
    ]


def test_numbers_are_written_at_their_shortest(shop: Shop) -> None:
    shop.deliver(with_rows((1001, 88000123, "2024-03-01", 25.8, 7), ("a2", 7, "2024-03-01", 1e15)))
    assert shop.ask("SELECT order_id, amount, product_id FROM lines ORDER BY order_id") == [
        ("1001", Decimal("25.80"), "7"),
        ("a2", Decimal(10**15), None),
    ]
    assert shop.ask("SELECT raw_id FROM vault.people ORDER BY 1") == [("7",), ("88000123",)]


@pytest.mark.fault("F21")
def test_a_number_of_more_digits_than_excel_keeps_is_no_id(shop: Shop) -> None:
    shop.deliver(
        with_rows(
            (800112000000000123, "ann", "2024-03-01", 1),
            ("800112000000000123", "ann", "2024-03-01", 1),
            (123456789012345, "ann", "2024-03-01", 1),
            ("a4", 8.00112e17, "2024-03-01", 1),
        )
    )
    assert shop.refused().select("line", "column", "reason", "raw").rows() == [
        (2, "order_id", "damaged_id", "8.00112E+17,ann,2024-03-01,1,"),
        (5, "customer_id", "damaged_id", "a4,8.00112E+17,2024-03-01,1,"),
    ]
    assert shop.ask("SELECT order_id FROM lines ORDER BY 1") == [
        ("123456789012345",),
        ("800112000000000123",),
    ]


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?"])
@pytest.mark.parametrize("column", ["amount", "product_id", "ordered_at"])
def test_a_formula_that_failed_refuses_its_row(shop: Shop, error: str, column: str) -> None:
    def fill(sheet: Worksheet, _: Format) -> None:
        sheet.write_row(1, 0, ONE)
        sheet.write_row(2, 0, ("a2", *ONE[1:]))
        sheet.write_formula(2, HEADER.index(column), "=OTHER!A1", value=error)

    (load,) = shop.deliver(workbook(fill))
    assert shop.reasons() == [(3, column, "error_cell")]
    assert error in shop.refused()["raw"][0]
    assert load.accepted_n == 1


def test_a_formula_that_failed_where_nothing_is_read_costs_no_row(shop: Shop) -> None:
    def fill(sheet: Worksheet, _: Format) -> None:
        sheet.write(0, 5, "remark")
        sheet.write_row(1, 0, ONE)
        sheet.write_formula(1, 5, "=NA()", value="#N/A")

    (load,) = shop.deliver(workbook(fill))
    assert load.accepted_n == 1


def test_a_computed_value_is_a_value(shop: Shop) -> None:
    def fill(sheet: Worksheet, _: Format) -> None:
        sheet.write_row(1, 0, ONE)
        sheet.write_formula(1, 3, "=12*2.15", value=25.8)

    shop.deliver(workbook(fill))
    assert shop.ask("SELECT amount FROM lines") == [(Decimal("25.80"),)]


def test_merged_cells_hold_their_value_in_the_first_row_alone(shop: Shop) -> None:
    def fill(sheet: Worksheet, _: Format) -> None:
        for row in (1, 2):
            sheet.write_row(row, 1, ONE[1:])
        sheet.merge_range(1, 0, 2, 0, "a1")

    (load,) = shop.deliver(workbook(fill))
    assert shop.reasons() == [(3, "order_id", "missing_value")]
    assert load.accepted_n == 1


def test_of_several_sheets_the_declared_one_is_read(shop: Shop) -> None:
    def fill(sheet: Worksheet, _: Format) -> None:
        sheet.write_row(1, 0, ("说明" if sheet.name == "说明" else "a1", *ONE[1:]))

    shop.reading = {"sheet": "明细"}
    shop.deliver(workbook(fill, "说明", "明细"))
    assert shop.ask("SELECT order_id FROM lines") == [("a1",)]


@pytest.mark.parametrize("sheet", [None, "Data"])
def test_a_sheet_that_is_not_said_or_not_there_is_asked_for_by_name(
    shop: Shop, sheet: str | None
) -> None:
    shop.reading = {"sheet": sheet}
    with pytest.raises(DataRefused, match="sheet") as refused:
        shop.deliver(workbook(lambda *_: None, "说明", "明细"))
    assert refused.value.found == "2 sheets: '说明', '明细'"
    assert refused.value.next_step == (
        'in regulars.toml, under [exports.transactions], write: sheet = "说明"'
    )


def test_rows_are_told_by_their_number_in_the_sheet(shop: Shop) -> None:
    content = with_rows(ONE, (), ("a2", "ann", "never", 1.5, "two\nlines"), ("a3", *ONE[1:]))
    (load,) = shop.deliver(content)
    assert shop.refused().select("line", "reason", "raw").rows() == [
        (4, "not_a_date", 'a2,ann,never,1.5,"two\nlines"')
    ]
    assert (load.rows_n, load.accepted_n) == (3, 2)


def test_a_table_may_begin_anywhere_in_the_sheet(shop: Shop) -> None:
    content = BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(4, 2, HEADER)
    sheet.write_row(6, 2, ONE)
    sheet.write_row(7, 2, ("a2", *ONE[1:3], "x"))
    book.close()
    (load,) = shop.deliver(content.getvalue())
    assert (load.accepted_n, shop.reasons()) == (1, [(8, "amount", "not_a_number")])


@pytest.mark.fault("F17")
def test_declared_separators_are_those_of_texts_and_not_of_numbers(shop: Shop) -> None:
    shop.reading = {"decimal": ",", "thousands": ".", "dates": ("%d-%m-%Y",)}
    shop.deliver(
        with_rows((*ONE[:2], "01-03-2024", 1234.0), ("a2", "ann", "02-03-2024", "1.234,5"))
    )
    assert shop.ask("SELECT amount FROM lines ORDER BY 1") == [
        (Decimal("1234.00"),),
        (Decimal("1234.50"),),
    ]


def test_a_number_with_a_fraction_is_no_thousand_where_the_point_is_one(shop: Shop) -> None:
    shop.reading = {"decimal": ",", "thousands": "."}
    shop.deliver(with_rows((*ONE[:3], 1.25), ("a2", *ONE[1:3], "1.250")))
    assert shop.ask("SELECT amount FROM lines ORDER BY order_id") == [
        (Decimal("1.25"),),
        (Decimal("1250"),),
    ]


def test_a_column_that_is_missing_is_told_with_its_sheet_and_row(shop: Shop) -> None:
    with pytest.raises(DataRefused, match="sheet 'Sheet1', row 1: no column 'amount'"):
        shop.deliver(workbook(lambda sheet, _: sheet.write(0, 3, "paid")))


def test_a_workbook_that_is_none_is_refused(shop: Shop) -> None:
    with pytest.raises(DataRefused, match="the workbook cannot be read"):
        shop.deliver(b"\xd0\xcf\x11\xe0" + bytes(600))
