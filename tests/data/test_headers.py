"""What a refused header tells, and what it keeps to itself."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import xlsxwriter

from regulars.data.headers import layout_of
from regulars.expectations.errors import DataRefused
from regulars.expectations.exports import EXPORTS


def refused(folder: Path, export: str, text: str) -> str:
    path = folder / "export.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataRefused) as refusal:
        layout_of(path, EXPORTS[export], {})
    return str(refusal.value)


def test_a_list_of_people_without_a_header_names_nobody(tmp_path: Path) -> None:
    message = refused(tmp_path, "customers", "张三,李四,王五\n赵六,钱七,孙八\n")
    assert "3 of other names" in message
    assert not set("张李王赵钱孙") & set(message)


def test_a_list_of_people_tells_the_columns_it_knows(tmp_path: Path) -> None:
    message = refused(tmp_path, "customers", "member,name,phone,小区\nm1,张三,1,东\n")
    assert "found: name, phone, 2 of other names" in message


def test_receipts_tell_all_their_columns(tmp_path: Path) -> None:
    message = refused(tmp_path, "transactions", "小票号,会员卡号,交易时间,实付金额\n1,2,3,4\n")
    assert "found: 小票号, 会员卡号, 交易时间, 实付金额" in message


def test_receipts_without_a_header_show_no_row(tmp_path: Path) -> None:
    message = refused(tmp_path, "transactions", "1001,m1,2026-01-05 10:00:00,5.00\n")
    assert "4 cells that look like data" in message
    assert "m1" not in message


TILL = "order_id,customer_id,ordered_at,{amount}\n1,2,2026-01-05,4.00\n"


@pytest.mark.parametrize(
    ("header", "place"),
    [
        (TILL.format(amount="实收金额"), 3),
        (TILL.format(amount="实付金额"), 3),
        (TILL.format(amount="实付金额,实收金额"), 4),
    ],
)
def test_of_several_names_of_a_column_the_first_that_the_file_has_counts(
    tmp_path: Path, header: str, place: int
) -> None:
    path = tmp_path / "till.csv"
    path.write_text(header, encoding="utf-8")
    layout = layout_of(path, EXPORTS["transactions"], {"amount": ("实收金额", "实付金额")})
    assert layout.places["amount"] == place


@pytest.mark.fault("F20")
@pytest.mark.parametrize(
    ("before", "advice"),
    [
        ("实收金额", 'amount = ["实收金额", "实付金额"]'),
        (("实收金额", "收款"), 'amount = ["实收金额", "收款", "实付金额"]'),
    ],
)
def test_a_renamed_column_is_advised_beside_its_earlier_names_and_then_read(
    tmp_path: Path, before: str | tuple[str, ...], advice: str
) -> None:
    path = tmp_path / "till.csv"
    path.write_text(TILL.format(amount="实付金额"), encoding="utf-8")
    with pytest.raises(DataRefused) as refusal:
        layout_of(path, EXPORTS["transactions"], {"amount": before})
    assert str(refusal.value).endswith(f"write: {advice}")

    names = tuple(re.findall('"(.*?)"', advice))
    assert layout_of(path, EXPORTS["transactions"], {"amount": names}).places["amount"] == 3


def test_a_file_of_another_kind_is_sent_to_map_or_away(tmp_path: Path) -> None:
    message = refused(tmp_path, "transactions", "# Regulars\nhello\n")
    assert re.search(r"regulars map \S+/export\.csv proposes which column is which", message)


def test_a_column_that_is_taken_already_is_not_advised_for_another(tmp_path: Path) -> None:
    path = tmp_path / "till.csv"
    path.write_text("receipt,card,time\n1,2,2024-01-01\n", encoding="utf-8")
    own = {"order_id": "receipt", "customer_id": "card", "ordered_at": "time", "amount": "paid"}
    with pytest.raises(DataRefused) as refusal:
        layout_of(path, EXPORTS["transactions"], own)
    assert "no column 'paid' for transactions.amount" in str(refusal.value)
    assert "card" not in str(refusal.value).partition("next: ")[2]


@pytest.mark.fault("F22")
def test_of_several_sheets_the_one_with_known_columns_is_suggested(tmp_path: Path) -> None:
    path = tmp_path / "orders.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("说明").write_row(0, 0, ["read", "me"])
        book.add_worksheet("订单").write_row(0, 0, ["单号", "会员", "时间", "实付"])
    own = {"order_id": "单号", "customer_id": "会员", "ordered_at": "时间", "amount": "实付"}
    with pytest.raises(DataRefused, match='write: sheet = "订单"'):
        layout_of(path, EXPORTS["transactions"], own)
