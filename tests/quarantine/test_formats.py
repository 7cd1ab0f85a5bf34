"""Rows of a file of any format are mended, and the warehouse is that of the undamaged file."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Mapping, Sequence
from io import StringIO
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import xlsxwriter

from regulars.data.landing import landed_files
from tests.quarantine.conftest import HEADER, LEDGER, LINES, Desk, new_desk_at

Rows = Sequence[Sequence[str]]

GOOD = [
    ("o1", "1", "ann", "2024-03-01 10:00:00", "1.00", "门店一", "plain"),
    ("o2", "1", "bob", "2024-03-02 10:00:00", "2.50", "门店一", 'a "quote", a comma'),
    ("o3", "1", "cyd", "2024-03-03 10:00:00", "3.00", "门店二", ""),
    ("o4", "1", "13800001111", "2024-03-04 10:00:00", "4.00", "门店二", "=1+1"),
    ("00012", "1", "eve", "2024-03-05 10:00:00", "5.00", "门店二", "last"),
]
DAMAGE = {1: ("amount", "2,5O"), 2: ("ordered_at", "no day"), 4: ("order_id", "")}


def damaged(rows: Rows) -> list[list[str]]:
    found = [list(row) for row in rows]
    for at, (column, cell) in DAMAGE.items():
        found[at][HEADER.index(column)] = cell
    return found


def text_of(rows: Rows, line_end: str = "\n", delimiter: str = ",") -> str:
    written = StringIO()
    csv.writer(written, lineterminator=line_end, delimiter=delimiter).writerows([HEADER, *rows])
    return written.getvalue()


def workbook(path: Path, rows: Rows, *, above: int = 0) -> None:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("sales")
        for at, row in enumerate([HEADER, *rows]):
            # A row without any cell lies between the header and the rows.
            sheet.write_row(at + above + (at > 0), 0, row)


def json_lines(rows: Rows) -> str:
    objects: list[dict[str, Any]] = [dict(zip(HEADER, row, strict=True)) for row in rows]
    for one in objects:
        if one["amount"].replace(".", "").isdigit():
            one["amount"] = float(one["amount"])
    return "".join(f"{json.dumps(one, ensure_ascii=False)}\n" for one in objects)


def parquet(path: Path, rows: Rows) -> None:
    columns = dict(zip(HEADER, zip(*rows, strict=True), strict=True))
    pl.DataFrame({name: list(cells) for name, cells in columns.items()}).write_parquet(path)


WRITERS: Mapping[str, Callable[[Path, Rows], object]] = {
    "utf-8.csv": lambda path, rows: path.write_text(text_of(rows), "utf-8"),
    "bom.csv": lambda path, rows: path.write_text(text_of(rows, "\r\n"), "utf-8-sig"),
    "gb18030.csv": lambda path, rows: path.write_bytes(text_of(rows, "\r\n").encode("gb18030")),
    "utf-16.tsv": lambda path, rows: path.write_bytes(text_of(rows, "\r\n", "\t").encode("utf-16")),
    "returns.csv": lambda path, rows: path.write_bytes(text_of(rows, "\r").encode()),
    "preamble.csv": lambda path, rows: path.write_text(f"sales\n\n{text_of(rows)}", "utf-8"),
    "title.xlsx": lambda path, rows: workbook(path, rows, above=3),
    "lines.jsonl": lambda path, rows: path.write_text(json_lines(rows), "utf-8"),
    "table.parquet": parquet,
}


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.fault("F15")
def test_mended_rows_of_any_format_give_what_the_undamaged_file_gives(
    desk: Desk, tmp_path: Path, name: str
) -> None:
    path = desk.workspace.exports / name
    WRITERS[name](path, damaged(GOOD))
    desk.ingest()
    book = desk.handed_out()
    lines = {row["customer_id"]: int(row["#line"]) for row in book.rows(name)}
    for at in DAMAGE:
        mended = dict(zip(HEADER, GOOD[at], strict=True))
        book.put(name, lines[mended["customer_id"]], **mended)

    assert {state for _, state in desk.states(book)} == {"accepted"}
    whole = new_desk_at(tmp_path / "whole")
    WRITERS[name](whole.workspace.exports / name, GOOD)
    whole.ingest()
    assert desk.ask(LINES) == whole.ask(LINES)
    assert desk.ask(LEDGER) == whole.ask(LEDGER)
    assert desk.refused() == []


@pytest.mark.parametrize("name", ["gb18030.csv", "returns.csv", "title.xlsx", "lines.jsonl"])
def test_a_row_that_is_still_wrong_keeps_its_line_in_any_format(desk: Desk, name: str) -> None:
    WRITERS[name](desk.workspace.exports / name, damaged(GOOD))
    desk.ingest()
    book = desk.handed_out()
    before = [(int(row["#line"])) for row in book.rows(name)]
    book.put(name, before[0], amount="2,55O").put(name, before[1], ordered_at="2024-03-03")

    assert desk.states(book) == [
        (before[0], "still_refused"),
        (before[1], "accepted"),
        (before[2], "unchanged"),
    ]
    assert [line for _, line, _ in desk.refused()] == [before[0], before[2]]
    assert desk.states(book.put(name, before[2], order_id="o5"))[2] == (before[2], "accepted")


def test_rows_of_a_table_move_a_line_down_and_the_workbook_says_it_is_out_of_date(
    desk: Desk,
) -> None:
    parquet(desk.workspace.exports / "table.parquet", damaged(GOOD))
    desk.ingest()
    book = desk.handed_out().put("table.parquet", 2, amount="2.50")
    assert desk.states(book)[0] == (2, "accepted")

    book.put("table.parquet", 3, ordered_at="2024-03-03 10:00:00")

    assert [state for _, state in desk.states(book)] == ["outdated"] * 3
    again = desk.handed_out().put("table.parquet", 4, ordered_at="2024-03-03 10:00:00")
    assert desk.states(again)[0] == (4, "accepted")


def test_a_line_that_is_no_json_object_is_rewritten_as_one(desk: Desk) -> None:
    first, second, *rest = json_lines(GOOD).splitlines()
    path = desk.workspace.exports / "lines.jsonl"
    path.write_text("\n".join([first, second[:-1], *rest, ""]), encoding="utf-8")
    desk.ingest()
    book = desk.handed_out()
    assert book.rows("lines.jsonl")[0]["#raw line"] == second[:-1]

    assert desk.states(book.put("lines.jsonl", 2, raw=second)) == [(2, "accepted")]
    assert desk.ask("SELECT count(*) FROM lines") == [(5,)]


@pytest.mark.fault("F19")
def test_a_row_without_its_closing_quote_is_rewritten_and_no_other_row_is_touched(
    desk: Desk,
) -> None:
    rows = text_of(GOOD).splitlines()
    path = desk.workspace.exports / "a.csv"
    wrong = rows[3].replace("cyd", '"cyd')
    path.write_text("\n".join([*rows[:3], wrong, *rows[4:], ""]), encoding="utf-8")
    desk.ingest()
    assert desk.refused() == [("a.csv", 4, "unclosed_quote")]
    book = desk.handed_out()
    assert book.rows("a.csv")[0]["#raw line"] == wrong

    still_open = wrong.replace("3.00", "3.10")
    assert desk.states(book.put("a.csv", 4, raw=still_open)) == [(4, "open_quote")]
    assert desk.states(book.put("a.csv", 4, raw=wrong + '"')) == [(4, "still_refused")]
    assert desk.states(book.put("a.csv", 4, raw=rows[3])) == [(4, "accepted")]
    assert desk.ask("SELECT count(*) FROM lines") == [(5,)]


@pytest.mark.fault("F16")
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_row_with_bytes_that_are_no_text_is_mended_where_it_stands(
    desk: Desk, encoding: str
) -> None:
    more = [(f"p{n}", "1", "ann", "2024-04-01", "1.00", "门店一", "") for n in range(15)]
    content = text_of([*GOOD, *more]).encode(encoding)
    wrong = content.replace("门店二".encode(encoding), b"\xff\xfe", 1)
    (desk.workspace.exports / "a.csv").write_bytes(wrong)
    desk.ingest()
    assert [line for _, line, _ in desk.refused()] == [4]
    book = desk.handed_out()
    assert "\ufffd" in str(book.rows("a.csv")[0])

    assert desk.states(book.put("a.csv", 4, amount="3.10")) == [(4, "not_text")]
    fitting = dict(zip(HEADER, GOOD[2], strict=True))
    assert desk.states(book.put("a.csv", 4, **fitting)) == [(4, "accepted")]
    assert desk.ask("SELECT store_id, count(*) FROM lines GROUP BY ALL ORDER BY ALL") == [
        ("门店一", 17),
        ("门店二", 3),
    ]


def test_a_record_of_several_lines_that_needs_fewer_leaves_blank_ones(desk: Desk) -> None:
    rows = damaged(GOOD)
    rows[1][-1] = "three\nwhole\nlines"
    (desk.workspace.exports / "a.csv").write_text(text_of(rows), encoding="utf-8")
    desk.ingest()
    lines = [line for _, line, _ in desk.refused()]
    book = desk.handed_out().put("a.csv", lines[0], amount="2.50", till="one")

    assert desk.states(book)[0] == (lines[0], "accepted")
    assert [line for _, line, _ in desk.refused()] == lines[1:]
    (file,) = landed_files(desk.workspace)
    text = (desk.workspace.landing / file.sha256).read_text(encoding="utf-8")
    assert text.splitlines()[2:5] == ["o2,1,bob,2024-03-02 10:00:00,2.50,门店一,one", "", ""]
