"""Records in the place of others: every other byte stays, and every other record its line."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.data.headers import Layout
from regulars.data.splicing import Mend, cells_of, record_of, text_spliced
from regulars.data.texts import Text

LAYOUT = Layout("utf-8-sig", ",", ["a", "b"], {"a": 0, "b": 1})
BOM = "\ufeff"

letters = st.text("ab,\"' 文😀", max_size=6)
records = st.lists(st.lists(letters.map(lambda line: f"x{line}"), min_size=1, max_size=3))


def spliced(content: bytes, mends: dict[int, Mend]) -> tuple[bytes, frozenset[int]]:
    with TemporaryDirectory() as folder:
        path, target = Path(folder, "text"), Path(folder, "mended")
        path.write_bytes(content)
        found = text_spliced(Text(path, LAYOUT, 0), mends, target)
        return target.read_bytes(), found.lines


@settings(max_examples=60, deadline=None)
@given(
    header=st.sampled_from(["a,b", f"{BOM}a,b"]),
    before=records,
    line_end=st.sampled_from(["\n", "\r\n", "\r"]),
    is_ended=st.booleans(),
    data=st.data(),
)
def test_lines_are_replaced_by_as_many_and_no_other_byte_changes(
    header: str, before: list[list[str]], line_end: str, is_ended: bool, data: st.DataObject
) -> None:
    mended = data.draw(st.lists(st.sampled_from(range(len(before) or 1)), unique=True))
    after = [list(lines) for lines in before]
    mends, line = {}, 2
    for at, lines in enumerate(before):
        if at in mended:
            new = data.draw(st.lists(letters, min_size=1, max_size=len(lines)))
            mends[line] = Mend(line_end.join(lines), "\n".join(new))
            after[at] = new + [""] * (len(lines) - len(new))
        line += len(lines)

    def text(rows: list[list[str]]) -> bytes:
        lines = [header, *(line for row in rows for line in row)]
        return (line_end.join(lines) + line_end * is_ended).encode()

    assert spliced(text(before), mends) == (text(after), frozenset(mends))


def test_a_record_that_is_not_as_it_was_refused_is_left_alone() -> None:
    content = b"a,b\n1,2\n3,4\n"

    assert spliced(content, {2: Mend("1,9", "1,5"), 3: Mend("3,4", "3,5")}) == (
        b"a,b\n1,2\n3,5\n",
        frozenset({3}),
    )
    assert spliced(content, {9: Mend("3,4", "3,5")}) == (content, frozenset())


def test_bytes_that_are_no_text_stay_in_the_rows_that_nobody_mends() -> None:
    content = b"a,b\n\xff\xfe,1\n\xff,2\n"

    assert spliced(content, {3: Mend("\ufffd,2", "ok,2")})[0] == b"a,b\n\xff\xfe,1\nok,2\n"


@given(st.lists(st.text("ab,;\t\"'\r\n 文", max_size=5), min_size=2, max_size=2))
def test_cells_made_into_a_record_are_split_into_the_same_cells(cells: list[str]) -> None:
    assert cells_of(record_of(cells, LAYOUT), LAYOUT) == cells


@pytest.mark.parametrize("record", ["1", "1,2,3", '1,"2', '"1"x,2', ""])
def test_a_record_that_is_not_of_the_headers_width_is_not_split(record: str) -> None:
    assert cells_of(record, LAYOUT) is None
