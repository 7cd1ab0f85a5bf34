"""Rows in are rows accepted, there already, or refused; and a file is split as its quotes tell."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from regulars.data.extracts import money_difference
from regulars.data.records import records_of
from regulars.expectations.errors import DataRefused

if TYPE_CHECKING:
    from tests.data.conftest import NewShop

HEADER = "order_id,customer_id,ordered_at,amount,line_id,channel"


def split(content: bytes) -> list[tuple[int, bytes]]:
    """Line number and bytes of each record, byte by byte; the first record is the header."""
    records, record, first_line, line_n, is_quoted = [], b"", 1, 1, False
    for place in range(len(content)):
        byte = content[place : place + 1]
        is_quoted ^= byte == b'"'
        line_n += byte == b"\n"
        if byte == b"\n" and not is_quoted:
            records.append((first_line, record))
            record, first_line = b"", line_n
        else:
            record += byte
    records.append((first_line, record))
    ended = [(line, raw.removesuffix(b"\r")) for line, raw in records[1:]]
    return [(line, raw) for line, raw in ended if raw]


@given(content=st.lists(st.sampled_from([b'"', b"\n", b"\r\n", b"a", b",", "店".encode()])))
@settings(max_examples=300, deadline=None)
def test_records_stand_where_a_byte_by_byte_reader_finds_them(content: list[bytes]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "file.csv"
        path.write_bytes(b"".join(content))
        records = records_of(path)
        raw = records.raw(np.arange(len(records)), "utf-8", 1 << 20)
    expected = [(line, text.decode()) for line, text in split(b"".join(content))]
    assert list(zip(records.lines.tolist(), raw, strict=True)) == expected


def test_long_records_are_shown_by_their_beginning(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(b"header\nabcdef\n")
    assert records_of(path).raw(np.array([0]), "utf-8", 3) == ["abc"]


def test_a_byte_is_of_the_record_that_starts_there_or_after_blank_lines(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(b"head\nab\n\n\ncd\n")  # records at 5 to 7 and at 10 to 12
    offsets = np.array([5, 6, 8, 10, 11, 13])
    assert records_of(path).at_bytes(offsets).tolist() == [0, -1, 1, 1, -1, -1]


def rows() -> st.SearchStrategy[str]:
    """Rows of a file that numbers its lines: good, bad, repeated, contradicting each other."""
    field = st.tuples(
        st.sampled_from(["a1", "a2", "a3", ""]),
        st.sampled_from(["ann", "bob", ""]),
        st.sampled_from(["2024-03-01", "2024-03-01", "2024-03-02", "2025-01-01", "never"]),
        st.sampled_from(["1.00", "2", "-1.50", "1.001", "x", ""]),
        st.sampled_from(["1", "2", ""]),
        st.sampled_from(["till", '"a ""web"" shop"', '"two\nlines"', '"a,b"', ""]),
    ).map(",".join)
    broken = st.sampled_from(["a1,ann", "a1,ann,2024-03-01,1,1,till,more", 'a1,"b"c,,,,', "", " "])
    return st.one_of(field, field, field, broken)


@given(
    deliveries=st.lists(st.lists(st.lists(rows(), max_size=12), min_size=1, max_size=2), max_size=3)
)
@settings(max_examples=10, deadline=None)
def test_every_row_is_accounted_for(new_shop: NewShop, deliveries: list[list[list[str]]]) -> None:
    shop = new_shop()
    for files in deliveries:
        contents = ["\n".join([HEADER, *file, ""]) for file in files]
        try:
            loads = shop.deliver(*(content.encode() for content in contents))
        except DataRefused:  # a delivery that is refused as a whole leaves nothing
            assert shop.load() == []
            continue
        for load in loads:
            number = int(load.file.split("-")[1].split(".")[0])
            content = (shop.workspace.exports / f"transactions-{number}.csv").read_bytes()
            assert load.rows_n == len(split(content))
            accepted_n = load.accepted_n + load.duplicate_n
            assert load.rows_n == accepted_n + load.quarantined_n + load.skipped_n
    totals = dict(
        shop.ask(
            "SELECT 'current', count(*) FROM lines "
            "UNION ALL SELECT 'history', count(*) FROM lines_history "
            "UNION ALL SELECT 'refused', coalesce(sum(rows_n), 0) FROM quarantined "
            "UNION ALL UNPIVOT (SELECT coalesce(sum(accepted_n), 0) AS accepted, "
            "coalesce(sum(replaced_n), 0) AS replaced, "
            "coalesce(sum(quarantined_n), 0) AS quarantined FROM loads) ON COLUMNS(*)"
        )
    )
    assert totals["current"] == totals["accepted"] - totals["replaced"]
    assert totals["history"] == totals["replaced"]
    assert totals["refused"] == totals["quarantined"]
    assert money_difference(shop.connection) is None


def mangled() -> st.SearchStrategy[bytes]:
    pieces = [
        b'"',
        b'""',
        b"\n",
        b"\r\n",
        b",",
        b"x",
        b"\xff",
        b" ",
        b"\0",
        b"a1,ann,2024-03-01,1\n",
    ]
    return st.lists(st.sampled_from(pieces), max_size=25).map(b"".join)


@given(content=mangled())
@example(content=b'a1,"b"c,2024-03-01,1\na2,ann,2024-03-01,1\n')
@example(content=b'""x\r\n')
@example(content=b'""x\r\n"')
@example(content=b'a1,b"c,2024-03-01,1\na2,ann,2024-03-01,x\n')
@settings(max_examples=20, deadline=None)
def test_no_mangled_line_is_accepted_as_another_and_none_is_lost(
    new_shop: NewShop, content: bytes
) -> None:
    shop = new_shop()
    content = b"order_id,customer_id,ordered_at,amount\na0,ann,2024-03-01,1\n" + content
    try:
        (load,) = shop.deliver(content)
    except DataRefused:
        assert shop.load() == []
        return
    found = Counter(shop.ask("SELECT order_id, ordered_on, amount::VARCHAR FROM lines"))
    text = content.decode(errors="replace")
    lines = re.split("\r\n|\r|\n", text)
    read = [*csv.reader(io.StringIO(text, newline="")), *(next(csv.reader([n]), []) for n in lines)]
    assert not {order for order, *_ in found} - {row[0].strip() for row in read if row}
    assert load.rows_n == load.accepted_n + load.quarantined_n + load.skipped_n
    whole_n = lines.count("a1,ann,2024-03-01,1")
    told = [] if not load.quarantined_n else shop.refused().select("line", "raw").rows()
    for line, raw in told:
        refused = re.split("\r\n|\r|\n", raw)
        assert lines[line - 1 :][: len(refused)] == refused
        whole_n -= refused.count("a1,ann,2024-03-01,1")
    # A whole line is accepted, or told, or stands inside the quotes of one that is.
    assert whole_n <= found["a1", date(2024, 3, 1), "1.00"] + text.count('"')
