"""Damage in a file costs the rows that bear it, told by their physical lines, and no others."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from regulars.data.texts import Text
from regulars.data.untangling import untangled

if TYPE_CHECKING:
    from pathlib import Path

    from tests.data.conftest import NewShop, Shop

HEADER = b"order_id,customer_id,ordered_at,amount,channel\n"


def row(number: int, channel: str = "till") -> bytes:
    return f"a{number},ann,2024-03-01,{number % 100}.25,{channel}\n".encode()


DAMAGE: dict[str, tuple[bytes, str]] = {
    "too few": (b"x1,ann,2024-03-01\n", "too_few_columns"),
    "too many": (b"x2,ann,2024-03-01,1.00,till,9\n", "too_many_columns"),
    "an open quote": (b'x3,"ann,2024-03-01,1.00,till\n', "unclosed_quote"),
    "an open quote at the end": (b'x4,ann,2024-03-01,1.00,"till\n', "unclosed_quote"),
    "text behind a quote": (b'x5,"ann"y,2024-03-01,1.00,till\n', "unclosed_quote"),
    "no text": (b"x6,a\xffn,2024-03-01,1.00,till\n", "invalid_encoding"),
    "half a character": ("x7,上海,2024-03-01,1.00,till\n".encode()[:5] + b",2024-03-01,1.00,till\n",
                         "invalid_encoding"),
    "NUL": (b"x8,ann,2024-03-01,1.00,ti\0ll\n", "nul_byte"),
    "NUL in an id": (b"x\0 9,ann,2024-03-01,1.00,till\n", "nul_byte"),
    "no number": (b"x10,ann,2024-03-01,ten,till\n", "not_a_number"),
    "no date": (b"x11,ann,2024-02-31,1.00,till\n", "not_a_date"),
    "no id": (b",ann,2024-03-01,1.00,till\n", "missing_value"),
}  # fmt: skip


@pytest.mark.fault("F16")
@pytest.mark.fault("F19")
@pytest.mark.parametrize("kind", DAMAGE)
@pytest.mark.parametrize("note", ["till", '"a note\nof ""two"" lines"'], ids=["plain", "two lines"])
def test_a_damaged_row_is_refused_with_its_line_and_nothing_else(
    shop: Shop, kind: str, note: str
) -> None:
    bad, reason = DAMAGE[kind]
    content = HEADER + row(1) + row(2, note) + bad + row(3) + row(4, note) + row(5)
    (load,) = shop.deliver(content)
    assert shop.refused().select("line", "reason", "raw").rows() == [
        (4 + note.count("\n"), reason, bad.decode(errors="replace").rstrip("\n"))
    ]
    assert shop.ask("SELECT order_id, channel FROM lines ORDER BY 1") == [
        (
            f"a{number}",
            "till" if number in (1, 3, 5) or note == "till" else 'a note\nof "two" lines',
        )
        for number in range(1, 6)
    ]
    assert (load.rows_n, load.accepted_n, load.quarantined_n) == (6, 5, 1)


def planted(rows_n: int, *, seed: int, damaged_n: int = 50) -> tuple[bytes, list[tuple[int, str]]]:
    """A file of so many rows, some damaged, and the line and reason of each of those."""
    draw = random.Random(seed)
    kinds = list(DAMAGE.values())
    places = sorted(draw.sample(range(rows_n), damaged_n))
    parts = [HEADER]
    expected = []
    before = 0
    line = 2
    for number, place in enumerate([*places, rows_n]):
        good = [row(n, '"two\nlines"' if n % 997 == 0 else "till") for n in range(before, place)]
        parts += good
        line += sum(one.count(b"\n") for one in good)
        if place < rows_n:
            bad, reason = kinds[number % len(kinds)]
            parts.append(bad)
            expected.append((line, reason))
            line += 1
        before = place + 1
    return b"".join(parts), expected


@pytest.mark.fault("F16")
@pytest.mark.fault("F19")
def test_fifty_damaged_rows_of_two_hundred_thousand_are_those_that_are_told(shop: Shop) -> None:
    content, expected = planted(200_000, seed=7)
    (load,) = shop.deliver(content)
    assert shop.refused().select("line", "reason").rows() == expected
    assert (load.rows_n, load.accepted_n) == (200_000, 199_950)


@pytest.mark.fault("F19")
def test_two_open_quotes_that_close_each_other_take_nothing_with_them(shop: Shop) -> None:
    first, second = b'x1,"ann,2024-03-01,1.00,till\n', b'x2,ann",2024-03-01,1.00,till\n'
    (load,) = shop.deliver(HEADER + row(1) + first + row(2) + row(3) + second + row(4))
    assert shop.reasons() == [(3, None, "unclosed_quote")]
    # The second is whole: a quote inside a field that none opened is a character like others.
    assert load.accepted_n == 5
    assert shop.ask("SELECT raw_id FROM vault.people ORDER BY 1") == [("ann",), ('ann"',)]


@pytest.mark.fault("F19")
def test_an_id_of_two_lines_is_a_quote_that_was_not_closed(shop: Shop) -> None:
    both = b'x1,"ann,2024-03-01,1.00,till\nx2,ann",2024-03-01,1.00,till\n'
    (load,) = shop.deliver(HEADER + row(1) + both + row(2))
    assert shop.refused().select("line", "column", "reason", "raw").rows() == [
        (3, "customer_id", "unclosed_quote", both.decode()[:-1])
    ]
    assert (load.rows_n, load.accepted_n) == (3, 2)
    assert shop.ask("SELECT raw_id FROM vault.people") == [("ann",)]


@pytest.mark.fault("F19")
def test_an_inch_sign_is_a_character(shop: Shop) -> None:
    shop.deliver(HEADER + row(1, '5" pipe') + row(2) + row(3, '7" pipe, or "so"'[:7]))
    assert shop.ask("SELECT channel FROM lines ORDER BY order_id") == [
        ('5" pipe',),
        ("till",),
        ('7" pipe',),
    ]


@pytest.mark.fault("F19")
def test_an_inch_sign_beside_damage_stays_a_character(shop: Shop) -> None:
    (load,) = shop.deliver(HEADER + row(1, '5" pipe') + row(2) + b"x,y\n" + row(3))
    assert (load.accepted_n, shop.reasons()) == (3, [(4, None, "too_few_columns")])


@pytest.mark.fault("F16")
@pytest.mark.parametrize("encoding", ["gb18030", "utf-16"])
def test_a_damaged_byte_costs_its_row_in_every_encoding(shop: Shop, encoding: str) -> None:
    names = dict(zip(("order_id", "customer_id", "ordered_at", "amount"), "单客时额", strict=True))
    rows = [
        "单,客,时,额\n",
        "a1,甲,2024-03-01,1.00\n",
        "a2,乙#,2024-03-01,1.00\n",
        "a3,丙,2024-03-01,2.00\n",
    ]
    mark = "#".encode(encoding)[-2:] if encoding == "utf-16" else b"#"
    bad = b"\x00\xd8" if encoding == "utf-16" else b"\xff"  # half of a pair
    (load,) = shop.deliver("".join(rows).encode(encoding).replace(mark, bad), own_names=names)
    assert shop.reasons() == [(3, None, "invalid_encoding")]
    assert (load.accepted_n, shop.ask("SELECT sum(amount) FROM lines")) == (2, [(Decimal("3"),)])


def test_a_replacement_character_that_came_so_is_text(shop: Shop) -> None:
    (load,) = shop.deliver(HEADER + row(1, "caf\ufffd"))
    assert load.accepted_n == 1


@pytest.mark.fault("F19")
def test_a_quoted_text_of_many_lines_stays_one_row_when_another_row_is_bad(shop: Shop) -> None:
    text = '"' + "\n".join(f"line {n}, of a letter" for n in range(500)) + '"'
    (load,) = shop.deliver(HEADER + row(1, text) + b"x,y\n" + row(2))
    assert shop.reasons() == [(502, None, "too_few_columns")]
    assert load.accepted_n == 2


@pytest.mark.fault("F19")
def test_an_opened_text_that_holds_a_whole_row_is_not_trusted(shop: Shop) -> None:
    inside = row(2)
    bad = b'x1,ann,2024-03-01,1.00,"till\n' + inside + b'behind"\n'
    (load,) = shop.deliver(HEADER + row(1) + bad + row(3) + b"x,y\n")
    assert [line for line, _, _ in shop.reasons()] == [3, 5, 7]
    assert load.accepted_n == 3


@pytest.mark.fault("F19")
def test_a_list_without_people_is_read_with_line_ends_of_two_kinds_too(shop: Shop) -> None:
    (load,) = shop.deliver(b"product_id,name\np1,a\r\np2,b\np3\n", export="products")
    assert (load.accepted_n, shop.reasons()) == (2, [(4, None, "too_few_columns")])


@pytest.fixture
def apart(tmp_path: Path, new_shop: NewShop) -> object:
    shop = new_shop()

    def of(content: bytes) -> Text:
        path = tmp_path / "text.csv"
        path.write_bytes(content)
        layout = shop.arrival(content).layout
        return untangled(path, tmp_path / "copy", layout)

    return of


def test_untangled_text_tells_where_each_record_stands(apart: object) -> None:
    text = apart(  # type: ignore[operator]
        b"title\n\n" + HEADER + row(1) + b"\n" + b'x,"y,\n' + row(2, '"p\r\nq"') + row(3)[:-1]
    )
    records = text.records()
    assert records.lines.tolist() == [4, 7, 9]
    raw = [text.path.read_bytes()[s:e] for s, e in zip(records.starts, records.ends, strict=True)]
    assert raw == [row(1)[:-1], row(2, '"p\nq"')[:-1], row(3)[:-1]]
    assert text.unread.select("line", "raw").rows() == [(6, 'x,"y,')]
