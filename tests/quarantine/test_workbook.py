"""The workbook that goes out: what its cells are, what is hidden, what is marked."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path

import pytest

from regulars.data.mending_book import book
from regulars.data.mending_rows import CELL_LETTERS_MAX, FileToMend, RowToMend
from regulars.expectations.errors import DataRefused, SettingsError
from tests.quarantine.conftest import Desk, Workbook

FILE = "a.csv"
ROWS = [
    ("001", "1", "13800001111", "2024-03-01 10:00:00", "1.0x", "s1", "=1+1"),
    ("123456789012345678", "1", "bob", "2024-03-02 10:00:00", "2.0O", "s1", "https://x.y"),
    ("o3", "1", "cyd", "2024-03-03", "x", "s2", "@sum"),
    ("o4", "1", "dan", "2024-03-04"),
]


@pytest.fixture
def refused(desk: Desk) -> Desk:
    desk.write(FILE, ROWS)
    desk.ingest()
    return desk


def parts(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as book_:
        return {name: book_.read(name).decode() for name in book_.namelist()}


def test_every_cell_is_text_whatever_it_looks_like(refused: Desk) -> None:
    sheet = parts(refused.book())["xl/worksheets/sheet2.xml"]

    assert set(re.findall(r'<c [^>]*?t="(\w+)"', sheet)) == {"s"}
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet


def test_a_row_stands_in_the_files_own_columns_behind_what_is_wrong_with_it(refused: Desk) -> None:
    row = refused.handed_out().rows(FILE)[1]

    assert list(row) == [
        "#key",
        "#file",
        "#line",
        "#what is wrong",
        "#what to do",
        "#give up",
        "#raw line",
        *("order_id", "line_id", "customer_id", "ordered_at", "amount", "store_id", "till"),
    ]
    assert (row["#file"], row["#line"]) == (FILE, "3")
    assert row["#what is wrong"] == "amount is not a number"
    assert row["order_id"] == "123456789012345678"
    assert row["#raw line"] == ""


def test_a_row_that_could_not_be_split_stands_in_one_cell(refused: Desk) -> None:
    row = refused.handed_out().rows(FILE)[3]

    assert row["#raw line"] == "o4,1,dan,2024-03-04"
    assert row["order_id"] == ""


def test_the_key_is_hidden_the_header_frozen_and_every_column_can_be_filtered(
    refused: Desk,
) -> None:
    sheet = parts(refused.book())["xl/worksheets/sheet2.xml"]

    assert re.findall(r'<col min="(\d+)" max="(\d+)"[^>]*hidden="1"', sheet) == [("1", "1")]
    assert '<pane xSplit="3" ySplit="1"' in sheet
    assert '<autoFilter ref="A1:N5"/>' in sheet


def test_the_wrong_cell_alone_is_marked(refused: Desk) -> None:
    files = parts(refused.book())
    sheet, styles = files["xl/worksheets/sheet2.xml"], files["xl/styles.xml"]
    fills = re.findall(r"<fill>.*?</fill>", styles)
    marked = next(place for place, fill in enumerate(fills) if "FFFFD966" in fill)
    looks = re.findall(r"<xf [^>]*?>", styles.partition("<cellXfs")[2])
    style = next(n for n, look in enumerate(looks) if f'fillId="{marked}"' in look)

    # Three amounts (column L), and the raw line (G) of the row that could not be split.
    assert re.findall(rf'<c r="(\w+)" s="{style}"', sheet) == ["L2", "L3", "L4", "G5"]


def test_the_first_sheet_says_what_to_do_in_the_language_asked_for(refused: Desk) -> None:
    assert next(iter(refused.handed_out().sheets)) == "Read me"
    chinese = refused.handed_out(language="zh")
    assert next(iter(chinese.sheets)) == "说明"
    assert chinese.rows(FILE)[0]["#问题"] == "amount 不是数字"


def test_one_store_is_handed_its_own_rows(refused: Desk) -> None:
    assert [row["#line"] for row in refused.handed_out(store="s2").rows(FILE)] == ["4"]
    with pytest.raises(DataRefused, match="no refused row to hand out"):
        refused.handed_out(store="s9")


def test_a_file_or_a_reason_that_is_not_there_is_refused_with_the_nearest(refused: Desk) -> None:
    with pytest.raises(SettingsError, match=r"did you mean 'a.csv'"):
        refused.book(file="b.csv")
    with pytest.raises(SettingsError, match="did you mean 'not_a_number'"):
        refused.book(reason="not_a_numbr")


def test_taking_the_rows_out_is_on_record_and_the_workbook_is_private(refused: Desk) -> None:
    path = refused.book()

    entry = json.loads(refused.workspace.audit.read_text(encoding="utf-8"))
    assert entry["file"] == path.name
    assert (entry["by"], entry["purpose"]) == ("ann", "for the store to correct")
    assert (entry["files"], entry["rows_n"]) == ([FILE], 4)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_a_row_too_long_for_a_cell_is_left_out_and_counted(desk: Desk) -> None:
    from regulars.data.handing_out import handed_out
    from regulars.flows.quarantine_list import refused_files
    from regulars.flows.settings import settings_of

    long = "x" * (CELL_LETTERS_MAX + 1)
    desk.write(FILE, [ROWS[0], (*ROWS[1][:-1], long), (*ROWS[2][:-1], "y" * (70 << 10))])
    desk.ingest()
    files, _ = refused_files(desk.workspace, settings_of(desk.workspace))

    out = handed_out(
        desk.workspace,
        files,
        language="en",
        store=None,
        purpose="p",
        by="ann",
        at=desk.clock,
    )

    assert (out.rows_n, out.left_out_n) == (1, 2)
    assert [row["#line"] for row in Workbook.read(out.path).rows(FILE)] == ["2"]


def test_columns_of_one_name_and_without_one_are_told_apart(desk: Desk) -> None:
    header = ("order_id", "customer_id", "ordered_at", "amount", "note", "note", "", "#line")
    desk.write(FILE, [("o1", "ann", "2024-03-01", "x", "a", "b", "c", "d")], header)
    desk.ingest()
    book_ = desk.handed_out()

    assert list(book_.rows(FILE)[0])[-4:] == ["note", "note (2)", "column 7", "#line (2)"]
    states = desk.states(book_.put(FILE, 2, amount="1.00", **{"note (2)": "B"}))
    assert states == [(2, "accepted")]
    text = next(p for p in desk.workspace.landing.iterdir() if b"1.00" in p.read_bytes())
    assert text.read_text("utf-8").splitlines()[1] == "o1,ann,2024-03-01,1.00,a,B,c,d"


def test_sheets_of_files_with_long_and_alike_names_are_told_apart() -> None:
    row = RowToMend("k", 2, "r", "s", "t", ["x"], "x", None)
    names = ["Read me", "a" * 40 + ".csv", "A" * 40 + ".csv", "x[1]:2*?.csv", "History"]
    content = book([FileToMend(name, ["a"], [row], 0) for name in names], "en")

    import fastexcel

    assert fastexcel.read_excel(content).sheet_names == [
        "Read me",
        "Read me~2",
        "a" * 31,
        "A" * 29 + "~2",
        "x_1__2__.csv",
        "History~2",
    ]
