"""Whatever cells are damaged: mended by restoring them, a file gives what it would have given."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.quarantine.conftest import HEADER, LEDGER, LINES, new_desk_at

Rows = list[list[str]]

row = st.builds(
    lambda day, cents, who, till: [
        *("1", who, f"2024-03-{day:02d} 10:00:00", f"{cents // 100}.{cents % 100:02d}", "s1", till)
    ],
    st.integers(1, 31),
    st.integers(1, 99_999),
    st.sampled_from(["ann", "张三", "013800001111", ""]),
    st.sampled_from(["", "a, b", 'say "x"', "two\nlines", "=1+1", " pad ", "007"]),
)
damage = st.sampled_from(
    [
        ("amount", "1,2,3"),
        ("amount", "x"),
        ("amount", ""),
        ("ordered_at", "2024-02-31"),
        ("ordered_at", "9999-01-01"),
        ("order_id", ""),
        ("line_id", ""),
    ]
)


def numbered(rows: Rows) -> Rows:
    return [[f"{at:03d}", *cells] for at, cells in enumerate(rows)]


@settings(max_examples=6, deadline=None)
@given(st.lists(row, min_size=1, max_size=6).map(numbered), st.data())
def test_restored_rows_give_the_warehouse_of_the_undamaged_file(
    rows: Rows, data: st.DataObject
) -> None:
    where = data.draw(st.dictionaries(st.integers(0, len(rows) - 1), damage, min_size=1))
    wrong = [list(cells) for cells in rows]
    for at, (column, cell) in where.items():
        wrong[at][HEADER.index(column)] = cell
    with TemporaryDirectory() as folder:
        desk, whole = new_desk_at(Path(folder, "desk")), new_desk_at(Path(folder, "whole"))
        whole.write("a.csv", rows)
        whole.ingest()
        desk.write("a.csv", wrong)
        desk.ingest()
        book = desk.handed_out()
        line = 2
        for at, cells in enumerate(rows):
            if at in where:
                book.put("a.csv", line, **dict(zip(HEADER, cells, strict=True)))
            line += 1 + sum(cell.count("\n") for cell in cells)
        header, *out = book.sheets["a.csv"]
        book.sheets["a.csv"] = [header, *data.draw(st.permutations(out))]

        assert {state for _, state in desk.states(book)} == {"accepted"}
        assert desk.ask(LINES) == whole.ask(LINES)
        assert desk.ask(LEDGER) == whole.ask(LEDGER)
        assert desk.refused() == []
