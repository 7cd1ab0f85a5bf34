"""What becomes of each row of a workbook that comes back, and of the files it is about."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter

from regulars.data.landing import landed_files, put_in_place
from regulars.expectations.errors import DataRefused
from regulars.flows import pipeline
from tests.flows.conftest import copied
from tests.quarantine.conftest import Desk, new_desk_at

FILE = "a.csv"
ROWS = [
    ("o1", "1", "ann", "2024-03-01 10:00:00", "1.00", "s1", "good"),
    ("o2", "1", "bob", "2024-03-02 10:00:00", "2.0O", "s1", "a letter"),
    ("o3", "1", "cyd", "2024-02-31 10:00:00", "3.00", "s2", "no day"),
    ("o4", "1", "dan", "2024-03-04 10:00:00", "4.00", "s2", "good"),
    ("", "1", "eve", "2024-03-05 10:00:00", "5.00", "s2", "no order"),
]
AMOUNTS = "SELECT order_id, amount FROM lines ORDER BY ALL"


@pytest.fixture(scope="module")
def ingested(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Five rows came, three of which were refused."""
    desk = new_desk_at(tmp_path_factory.mktemp("five") / "desk")
    desk.write(FILE, ROWS)
    desk.ingest()
    assert [line for _, line, _ in desk.refused()] == [3, 4, 6]
    return desk


@pytest.fixture
def five(ingested: Desk, tmp_path: Path) -> Desk:
    """A copy of that, to change."""
    return Desk(copied(ingested.workspace, tmp_path / "five"))


def test_a_mended_row_is_accepted_and_leaves_the_quarantine(five: Desk) -> None:
    book = five.handed_out().put(FILE, 3, amount="2.00")

    assert five.states(book) == [(3, "accepted"), (4, "unchanged"), (6, "unchanged")]
    assert five.refused() == [(FILE, 4, "not_a_date"), (FILE, 6, "missing_value")]
    assert five.ask(AMOUNTS) == [
        ("o1", Decimal("1.00")),
        ("o2", Decimal("2.00")),
        ("o4", Decimal("4.00")),
    ]


def test_a_row_that_is_still_wrong_stays_with_its_new_reason(five: Desk) -> None:
    book = five.handed_out().put(FILE, 3, amount="2.00", ordered_at="2999-01-01")

    told = five.resubmit(book).rows[0]

    assert (told.line, told.state) == (3, "still_refused")
    assert told.sentence is not None
    assert told.sentence.startswith("ordered_at is later than")
    assert five.refused()[0] == (FILE, 3, "in_the_future")


def test_a_row_still_wrong_can_be_mended_again_in_the_same_workbook(five: Desk) -> None:
    book = five.handed_out().put(FILE, 3, amount="two")
    assert five.states(book)[0] == (3, "still_refused")

    assert five.states(book.put(FILE, 3, amount="2.00"))[0] == (3, "accepted")


def test_a_row_mended_back_to_what_it_was_does_not_lose_its_file(five: Desk) -> None:
    book = five.handed_out()
    for amount in ("two", "three", "two"):
        assert five.states(book.put(FILE, 3, amount=amount))[0] == (3, "still_refused")

    assert [file.file for file in landed_files(five.workspace)] == [FILE]
    assert five.ask("SELECT rows_n FROM loads") == [(5,)]


def test_the_same_workbook_again_changes_nothing_and_says_so(five: Desk) -> None:
    book = five.handed_out().put(FILE, 3, amount="2.00")
    five.resubmit(book)
    landed = [file.sha256 for file in landed_files(five.workspace)]

    again = five.resubmit(book)

    assert [row.state for row in again.rows] == ["settled_before", "unchanged", "unchanged"]
    assert again.ingested is None
    assert list(again.lines())[-1] == "nothing was changed"
    assert [file.sha256 for file in landed_files(five.workspace)] == landed


def test_a_workbook_may_be_sorted_thinned_out_and_annotated(five: Desk) -> None:
    book = five.handed_out().put(FILE, 3, amount="2.00").put(FILE, 6, order_id="o5")
    header, *rows = book.sheets[FILE]
    book.sheets[FILE] = [
        ["note", *header, "till"],
        *([f"note {n}", *row, "asked the store"] for n, row in enumerate(rows[::-2])),
    ]

    assert five.states(book) == [(6, "accepted"), (3, "accepted")]
    assert five.refused() == [(FILE, 4, "not_a_date")]


def test_a_column_that_was_deleted_from_the_workbook_stays_in_the_file(five: Desk) -> None:
    book = five.handed_out().put(FILE, 3, amount="2.00")
    gone = book.sheets[FILE][0].index("store_id")
    book.sheets[FILE] = [[*row[:gone], *row[gone + 1 :]] for row in book.sheets[FILE]]

    assert five.states(book)[0] == (3, "accepted")
    assert five.ask("SELECT store_id FROM lines WHERE order_id = 'o2'") == [("s1",)]


def test_a_row_without_its_key_is_unknown(five: Desk) -> None:
    book = five.handed_out().put(FILE, 3, amount="2.00")
    book.sheets[FILE][1][0] = ""
    book.sheets[FILE].append(["transactions-0123456789abcdef-3-0123456789abcdef", *["x"] * 12])

    told = five.resubmit(book).rows

    assert [(row.row, row.state) for row in told] == [
        (2, "unknown"),
        (3, "unchanged"),
        (4, "unchanged"),
        (5, "unknown"),
    ]


def test_a_row_corrected_in_two_ways_is_ambiguous_and_not_taken(five: Desk) -> None:
    book = five.handed_out().put(FILE, 3, amount="2.00")
    other = list(book.sheets[FILE][1])
    other[book.sheets[FILE][0].index("amount")] = "20.00"
    book.sheets[FILE].append(other)

    assert five.states(book)[0] == (3, "ambiguous")
    assert five.states(book)[-1] == (3, "ambiguous")
    assert five.refused()[0] == (FILE, 3, "not_a_number")


def test_a_row_copied_beside_its_correction_does_no_harm(five: Desk) -> None:
    book = five.handed_out()
    book.sheets[FILE].append(list(book.sheets[FILE][1]))
    book.put(FILE, 3, amount="2.00")

    assert five.states(book)[0] == (3, "accepted")


def test_a_row_given_up_is_skipped_and_counted(five: Desk) -> None:
    book = five.handed_out().put(FILE, 3, give_up="x")

    assert five.states(book)[0] == (3, "given_up")
    assert five.ask("SELECT rows_n, accepted_n, quarantined_n, skipped_n FROM loads") == [
        (5, 2, 2, 1)
    ]
    assert five.states(book)[0] == (3, "settled_before")


def test_cells_that_a_spreadsheet_made_numbers_and_days_of_are_read(five: Desk) -> None:
    book = five.handed_out()
    book.put(FILE, 3, amount=2.5).put(FILE, 4, ordered_at=datetime(2024, 2, 29, 10, 0))

    assert five.states(book) == [(3, "accepted"), (4, "accepted"), (6, "unchanged")]
    assert five.ask("SELECT amount, ordered_at FROM lines WHERE order_id IN ('o2', 'o3')") == [
        (Decimal("2.50"), datetime(2024, 3, 2, 10)),
        (Decimal("3.00"), datetime(2024, 2, 29, 10)),
    ]


def test_they_are_read_beside_the_spelling_that_settings_declare(desk: Desk) -> None:
    settings = desk.workspace.settings_file
    declared = 'final_newline = false\ndecimal = ","\ndates = ["%d.%m.%Y"]'
    text = settings.read_text(encoding="utf-8").replace("final_newline = false", declared)
    settings.write_text(text, encoding="utf-8")
    desk.write(
        FILE,
        [
            ("o1", "1", "ann", "01.03.2024", "1,50", "s1", ""),
            ("o2", "1", "bob", "02.03.2024", "two", "s1", ""),
            ("o3", "1", "cyd", "31.02.2024", "3,50", "s1", ""),
        ],
    )
    desk.ingest()
    book = desk.handed_out()
    book.put(FILE, 3, amount=2.5).put(FILE, 4, ordered_at=datetime(2024, 2, 29))

    assert desk.states(book) == [(3, "accepted"), (4, "accepted")]
    assert desk.ask(AMOUNTS) == [
        ("o1", Decimal("1.50")),
        ("o2", Decimal("2.50")),
        ("o3", Decimal("3.50")),
    ]


def test_a_cell_that_became_an_error_is_not_taken_for_an_empty_one(five: Desk) -> None:
    book = five.handed_out().put(FILE, 3, amount="2.00")
    path = five.back
    with xlsxwriter.Workbook(path) as saved:
        sheet = saved.add_worksheet(FILE)
        header, row, *_ = book.sheets[FILE]
        sheet.write_row(0, 0, header)
        sheet.write_row(1, 0, row)
        sheet.write_formula(1, header.index("customer_id"), "=NA()", None, "#N/A")

    told = five.resubmit(path).rows

    assert [(row.line, row.state) for row in told] == [(3, "still_refused")]


@pytest.mark.parametrize(
    ("encoding", "delimiter"),
    [("utf-8", ","), ("utf-8-sig", ","), ("gb18030", ","), ("utf-16", "\t"), ("utf-8-sig", ";")],
)
def test_a_sheet_saved_as_csv_is_taken(five: Desk, encoding: str, delimiter: str) -> None:
    book = five.handed_out(language="zh")
    header, *rows = book.sheets[FILE]
    rows[0][header.index("amount")] = "2.00"
    rows[0][header.index("store_id")] = "门店1"
    path = book.saved_as_csv(FILE, five.workspace.root / "back.csv", encoding, delimiter)

    assert five.states(path) == [(3, "accepted"), (4, "unchanged"), (6, "unchanged")]
    assert five.ask("SELECT store_id FROM lines WHERE order_id = 'o2'") == [("门店1",)]


def test_a_row_that_needs_more_lines_than_it_had_is_not_taken(five: Desk) -> None:
    book = five.handed_out().put(FILE, 3, amount="2.00", till="two\nlines")

    assert five.states(book)[0] == (3, "too_many_lines")
    assert five.refused()[0] == (FILE, 3, "not_a_number")


def test_an_order_refused_as_a_whole_comes_in_when_the_one_wrong_row_is_mended(desk: Desk) -> None:
    desk.write(
        FILE,
        [
            ("o1", "1", "ann", "2024-03-01 10:00:00", "1.00", "s1", ""),
            ("o1", "2", "bob", "2024-03-01 10:00:00", "2.00", "s1", ""),
        ],
    )
    desk.ingest()
    book = desk.handed_out().put(FILE, 3, customer_id="ann")

    # The other row was not touched, and is accepted for the sake of this one.
    assert desk.states(book) == [(2, "accepted"), (3, "accepted")]
    assert desk.ask("SELECT order_id, gross, lines_n FROM orders") == [("o1", Decimal("3.00"), 2)]


def test_of_a_file_delivered_again_the_newest_load_alone_counts(five: Desk) -> None:
    path = five.workspace.exports / FILE
    pipeline.ingest(five.workspace.root, files=(path,), again=True)
    book = five.handed_out().put(FILE, 3, amount="2.00")

    assert five.states(book)[0] == (3, "accepted")
    assert five.ask("SELECT load_id, quarantined_n FROM loads ORDER BY ALL") == [(1, 3), (2, 2)]
    assert [row["#line"] for row in five.handed_out().rows(FILE)] == ["4", "6"]


def test_who_resubmitted_what_is_on_record_without_any_value(five: Desk) -> None:
    (before,) = landed_files(five.workspace)
    five.resubmit(five.handed_out().put(FILE, 3, amount="2.00", customer_id="SECRET-7"))
    (after,) = landed_files(five.workspace)

    log = five.workspace.decisions.read_text(encoding="utf-8")
    entry = json.loads(log.splitlines()[-1])
    assert entry["decision"] == "resubmitted"
    assert entry["by"] == "ann"
    assert entry["files"] == [
        {
            "file": FILE,
            "from": before.sha256,
            "to": after.sha256,
            "rows_n": 1,
            "keeps_lines": True,
        }
    ]
    assert "SECRET-7" not in log


def test_a_workbook_from_before_its_file_was_changed_otherwise_is_out_of_date(five: Desk) -> None:
    book = five.handed_out().put(FILE, 6, order_id="o5")
    (file,) = landed_files(five.workspace)
    header, first, *rest = (five.workspace.exports / FILE).read_text("utf-8").splitlines()
    shorter = five.workspace.root / "shorter"
    shorter.write_text("\n".join([header, *rest, ""]), encoding="utf-8")
    put_in_place(five.workspace, file, shorter, file.layout)
    five.ingest()

    assert first.startswith("o1")
    assert {state for _, state in five.states(book)} == {"outdated"}
    assert [line for _, line, _ in five.refused()] == [2, 3, 5]


def test_deleting_the_warehouse_after_a_resubmission_gives_the_same_tables(five: Desk) -> None:
    five.resubmit(five.handed_out().put(FILE, 3, amount="2.00").put(FILE, 4, ordered_at="x"))
    tables = ("lines", "orders", "loads", "quarantined")
    before = [five.ask(f"FROM {table} ORDER BY ALL") for table in tables]
    refused = five.refused()

    five.workspace.warehouse.unlink()
    five.ingest()

    assert [five.ask(f"FROM {table} ORDER BY ALL") for table in tables] == before
    assert five.refused() == refused


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("gone.xlsx", None),
        ("other.xlsx", b"no workbook"),
        ("other.csv", b"order_id,amount\no1,1.00\n"),
        ("empty.csv", b""),
    ],
)
def test_what_is_no_workbook_of_refused_rows_is_refused(
    five: Desk, name: str, content: bytes | None
) -> None:
    path = five.workspace.root / name
    if content is not None:
        path.write_bytes(content)
    landed = [file.sha256 for file in landed_files(five.workspace)]

    with pytest.raises(DataRefused, match="is not a workbook of refused rows"):
        five.resubmit(path)

    assert [file.sha256 for file in landed_files(five.workspace)] == landed


def test_what_waits_in_exports_or_is_gone_from_there_is_not_in_the_way(five: Desk) -> None:
    book = five.handed_out().put(FILE, 3, amount="2.00")
    (five.workspace.exports / FILE).unlink()
    (five.workspace.exports / "wrong.csv").write_text("no such header\n", encoding="utf-8")

    assert five.states(book)[0] == (3, "accepted")
    assert five.ask("SELECT file FROM loads") == [(FILE,)]


def test_a_file_that_came_unmended_once_more_stays_as_it_was_mended(five: Desk) -> None:
    five.resubmit(five.handed_out().put(FILE, 3, amount="2.00"))

    assert five.ingest().already_loaded == (FILE,)
    assert five.ask("SELECT quarantined_n FROM loads") == [(2,)]


def test_no_half_made_text_is_left_behind(five: Desk) -> None:
    five.resubmit(five.handed_out().put(FILE, 3, amount="2.00"))

    assert list(five.workspace.work.iterdir()) == []
    assert _modes(five.workspace.landing) == {0o600}


def _modes(folder: Path) -> set[int]:
    return {path.stat().st_mode & 0o777 for path in folder.iterdir()}
