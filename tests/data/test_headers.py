"""What a refused header tells, and what it keeps to itself."""

from __future__ import annotations

from pathlib import Path

import pytest

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
