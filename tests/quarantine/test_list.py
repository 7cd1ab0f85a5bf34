"""What is in quarantine, told without what it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from regulars.data.quarantined import masked
from regulars.expectations.catalogue import QUARANTINE_REASONS
from regulars.expectations.mending_sentences import MENDING_SENTENCES, REMEDIES, remedy
from regulars.flows.quarantine_list import QuarantineList, listed
from regulars.flows.settings import settings_of

if TYPE_CHECKING:
    from tests.quarantine.conftest import Desk

ROWS = [
    ("o1", "1", "张三A", "2024-03-01 10:00:00", "1.00", "s1", ""),
    ("o2", "1", "bob", "2024-03-02 10:00:00", "2.0O", "s1", ""),
    ("o3", "1", "李四", "2024-02-31 10:00:00", "3.00", "s2", "no day"),
    ("o4", "1", "dan", "2024-03-04 10:00:00", "four", "s2", ""),
]


def told(desk: Desk, rows_n: int = 0, language: str = "en", **asked: str) -> QuarantineList:
    return listed(
        desk.workspace,
        settings_of(desk.workspace),
        file=asked.get("file"),
        reason=asked.get("reason"),
        rows_n=rows_n,
        language=language,
    )


def test_rows_are_told_by_file_and_reason_with_what_to_do(desk: Desk) -> None:
    desk.write("a.csv", ROWS)
    desk.write("b.csv", ROWS[1:2])
    desk.ingest()

    assert list(told(desk, rows_n=1).lines()) == [
        "a.csv: 3 rows refused",
        "  2 rows, from line 3: amount is not a number (not_a_number)",
        f"    to do: {remedy('not_a_number', 'en')}",
        "  1 row, line 4: ordered_at is not a date or time in a known format (not_a_date)",
        f"    to do: {remedy('not_a_date', 'en')}",
        "  line 3: amount is not a number",
        "    a9,9,aaa,9999-99-99 99:99:99,9.9a,a9,",
        "b.csv: 1 row refused",
        "  1 row, line 2: amount is not a number (not_a_number)",
        f"    to do: {remedy('not_a_number', 'en')}",
        "  line 2: amount is not a number",
        "    a9,9,aaa,9999-99-99 99:99:99,9.9a,a9,",
        'next: regulars quarantine export --purpose "…", which writes a workbook of them',
    ]


def test_only_the_asked_file_or_reason_is_told_in_the_asked_language(desk: Desk) -> None:
    desk.write("a.csv", ROWS)
    desk.write("b.csv", ROWS[1:2])
    desk.ingest()

    found = told(desk, rows_n=9, language="zh", file="a.csv", reason="not_a_date")

    assert [(one.file, one.rows_n, one.sentence) for one in found.refusals] == [
        ("a.csv", 1, "ordered_at 不是可识别的日期或时间")
    ]
    assert [(row.line, row.shape) for row in found.rows] == [
        (4, "a9,9,文文,9999-99-99 99:99:99,9.99,a9,aa aaa")
    ]
    assert found.as_dict()["rows_n"] == 1


def test_nothing_in_quarantine_is_said_so(desk: Desk) -> None:
    assert list(told(desk).lines()) == ["nothing is in quarantine"]
    assert not desk.workspace.warehouse.exists()
    desk.write("a.csv", ROWS[:1])
    desk.ingest()
    assert list(told(desk).lines()) == ["nothing is in quarantine"]


def test_a_file_that_landed_and_is_not_loaded_is_named(desk: Desk) -> None:
    desk.write("a.csv", ROWS)
    desk.ingest()
    import duckdb

    with duckdb.connect(desk.workspace.warehouse) as connection:
        connection.execute("DELETE FROM loads")

    assert "landed and not loaded: a.csv; regulars ingest" in list(told(desk).lines())


@given(st.text())
def test_a_masked_line_holds_no_letter_and_no_digit_of_what_it_was(text: str) -> None:
    shape = pl.select(masked(pl.lit(text))).item()

    assert {sign for sign in shape if sign.isalnum()} <= set("a9文")


def test_every_reason_has_something_to_do_in_both_languages() -> None:
    # What breaks a row without any of the known reasons has the general advice.
    assert QUARANTINE_REASONS.keys() - REMEDIES.keys() == {"invalid_row"}
    assert all(en and zh for en, zh in MENDING_SENTENCES.values())
    assert remedy("invalid_row", "en") == MENDING_SENTENCES["remedy"][0]
