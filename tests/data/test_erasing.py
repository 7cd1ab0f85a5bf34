"""Landed files without the rows of people who were erased, and all that follows from them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING

import polars as pl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.data import forgetting, tombstones, warehouse
from regulars.data.landing import landed_files
from regulars.data.people import people_called
from regulars.data.vault import pseudonym_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.data.conftest import NewShop, Shop

KEY = bytes(range(32))
AT = datetime(2024, 7, 1, tzinfo=UTC)
RESOURCES = warehouse.Resources(2, "1GB")
HEADER = "order_id customer_id ordered_at amount\n"
ANN, BOB = "ann-4711", "bob-0815"


def lay_tombstone(shop: Shop, raw_id: str) -> int:
    number = pseudonym_of(raw_id, key=KEY)
    tombstones.lay(shop.workspace, number, by="tester", at=AT, found={})
    return number


def forget(shop: Shop, customer: str) -> forgetting.Held:
    """Erase a customer, and build the warehouse again."""
    shop.close()
    people = people_called(shop.workspace, customer, key=KEY)
    found = forgetting.held(shop.workspace, RESOURCES, people, shop.rules, key=KEY)
    tombstones.lay(shop.workspace, people[0].customer_id, by="tester", at=AT, found=found.counts)
    forgetting.erase(shop.workspace, people, found, at=AT)
    shop.load()
    return found


def texts(shop: Shop) -> list[str]:
    """Each landed file as it is read, by name."""
    files = sorted(landed_files(shop.workspace), key=lambda file: file.file)
    return [(shop.workspace.landing / file.sha256).read_text("utf-8") for file in files]


def lines(shop: Shop) -> list[tuple[object, ...]]:
    return shop.ask(
        "SELECT order_id, raw_id, amount::VARCHAR FROM lines LEFT JOIN vault.people "
        "ON source_customer_id = customer_id ORDER BY ALL"
    )


def ledger(shop: Shop) -> list[tuple[int, ...]]:
    """Of each load: rows, accepted, duplicate, quarantined, erased."""
    return shop.ask(
        "SELECT rows_n, accepted_n, duplicate_n, quarantined_n, erased_n FROM loads "
        "ORDER BY load_id"
    )


def holding(folder: Path, text: str) -> list[str]:
    """Files that hold a text, in the encodings of exports."""
    forms = [text.encode(encoding) for encoding in ("utf-8", "gb18030", "utf-16-le", "utf-16-be")]
    return [
        path.name
        for path in sorted(folder.rglob("*"))
        if path.is_file() and any(form in path.read_bytes() for form in forms)
    ]


def left(shop: Shop, text: str) -> list[str]:
    """Files outside exports/ that hold a text."""
    shop.close()
    return sorted({*holding(shop.workspace.root, text)} - {*holding(shop.workspace.exports, text)})


def test_a_customers_rows_go_and_every_other_keeps_its_line(shop: Shop) -> None:
    shop.deliver(
        f"""
        order_id customer_id ordered_at  amount
        a1       {ANN}       2024-03-10  1.00
        a2       {BOB}       2024-03-10  2.00
        a3       {ANN}       2024-03-11  3.00
        a4       {BOB}       2024-03-11  much
        a5       -           2024-03-11  5.00
        """
    )
    assert shop.reasons() == [(5, "amount", "not_a_number")]

    found = forget(shop, ANN)

    assert (found.people_n, found.events_n["lines"], found.counts["landed_rows_n"]) == (1, 2, 2)
    assert texts(shop) == [
        "order_id,customer_id,ordered_at,amount\n"
        "\n"
        f"a2,{BOB},2024-03-10,2.00\n"
        "\n"
        f"a4,{BOB},2024-03-11,much\n"
        "a5,,2024-03-11,5.00\n"
    ]
    assert lines(shop) == [("a2", BOB, "2.00"), ("a5", None, "5.00")]
    assert shop.reasons() == [(5, "amount", "not_a_number")]
    assert ledger(shop) == [(5, 2, 0, 1, 2)]
    assert left(shop, ANN) == []


def test_messages_and_coupon_uses_go_with_their_customer_replaced_and_refused_ones_too(
    shop: Shop,
) -> None:
    header = "campaign_id customer_id contacted_at arm\n"
    shop.deliver(
        header + f"C1 {ANN} 2024-03-10 treated\nC1 {BOB} 2024-03-10 control\n"
        f"C2 {ANN} 2024-03-11 maybe\nC2 {BOB} 2024-03-11 maybe",
        export="contacts",
    )
    shop.deliver(header + f"C1 {ANN} 2024-03-10 control", export="contacts")
    shop.deliver(
        "coupon_id redeemed_at customer_id order_id\n"
        f"K1 2024-03-12 {ANN} a1\nK1 2024-03-12 {BOB} a2\nK1 2024-03-13 - a3",
        export="coupons",
    )

    found = forget(shop, ANN)

    assert found.events_n == {"lines": 0, "contacts": 2, "coupons": 1, "feedback": 0}
    assert (found.refused_n, found.counts["landed_rows_n"]) == (1, 4)
    assert shop.ask(
        "SELECT campaign_id, raw_id, arm FROM contacts JOIN vault.people "
        "ON source_customer_id = customer_id"
    ) == [("C1", BOB, "control")]
    assert shop.ask("SELECT count(*) FROM contacts_history") == [(0,)]
    assert shop.ask("SELECT order_id FROM coupons ORDER BY ALL") == [("a2",), ("a3",)]
    assert shop.reasons() == [(5, "arm", "not_a_choice")]
    assert ledger(shop) == [(4, 1, 0, 1, 2), (1, 0, 0, 0, 1), (3, 2, 0, 0, 1)]
    assert left(shop, ANN) == []


@pytest.mark.parametrize("form", ["csv", "json"])
def test_what_a_customer_said_goes_replaced_refused_long_and_of_several_lines(
    shop: Shop, form: str
) -> None:
    secret = "unguessable-ZQX7"
    pieces = [
        ("F1", ANN, f"{secret}\nsecond line, {secret}", "call"),
        ("F2", BOB, "good\nindeed", "call"),
        ("F3", ANN, f"{'很长' * 60_000}{secret}", "call"),
        ("F4", ANN, f"{secret}", "poem"),
        ("F5", BOB, "slow", "poem"),
        ("F6", "", "nobody known", "call"),
    ]
    columns = ("feedback_id", "customer_id", "text", "kind", "submitted_at")
    rows = [dict(zip(columns, (*piece, "2024-03-10"), strict=True)) for piece in pieces]
    as_json = "".join(json.dumps(row) + "\n" for row in rows)
    as_csv = pl.DataFrame(rows).write_csv()
    shop.deliver((as_json if form == "json" else as_csv).encode(), export="feedback")
    shop.deliver(
        f"feedback_id customer_id kind submitted_at\nF1 {ANN} call 2024-03-11", export="feedback"
    )

    found = forget(shop, ANN)

    assert (found.events_n["feedback"], found.refused_n, found.counts["landed_rows_n"]) == (3, 1, 4)
    assert shop.ask("SELECT feedback_id, text FROM feedback ORDER BY ALL") == [
        ("F2", "good\nindeed"),
        ("F6", "nobody known"),
    ]
    assert shop.ask("SELECT count(*) FROM feedback_history") == [(0,)]
    assert [reason for _, _, reason in shop.reasons()] == ["not_a_choice"]
    assert left(shop, ANN) == left(shop, secret) == []


def test_what_is_sent_later_comes_in_without_the_messages_to_who_was_erased(shop: Shop) -> None:
    header = "campaign_id customer_id contacted_at arm\n"
    shop.deliver(header + f"C1 {ANN} 2024-03-10 treated", export="contacts")
    forget(shop, ANN)
    (load,) = shop.deliver(
        header + f"C3 {ANN} 2024-03-20 treated\nC3 {BOB} 2024-03-20 treated\n"
        f"C4 {ANN} 2024-03-21 maybe",
        export="contacts",
    )
    assert (load.accepted_n, load.quarantined_n, load.erased_n) == (1, 0, 2)
    assert left(shop, ANN) == []


def test_a_referrer_is_emptied_and_the_member_stays(shop: Shop) -> None:
    shop.deliver(
        f"""
        customer_id name  phone       referrer_id city
        {ANN}       Anna  13800138000 -           Xian
        {BOB}       Bobby 13900139000 {ANN}       Wuhan
        """,
        export="customers",
    )

    found = forget(shop, ANN)

    assert (found.counts["landed_rows_n"], found.counts["landed_referrals_n"]) == (1, 1)
    assert texts(shop) == [
        f"customer_id,name,phone,referrer_id,city\n\n{BOB},Bobby,13900139000,,Wuhan\n"
    ]
    assert shop.ask("SELECT city, source_referrer_id FROM customers") == [("Wuhan", None)]
    assert shop.ask("SELECT raw_id FROM vault.people") == [(BOB,)]
    assert shop.ask("SELECT name FROM vault.profiles") == [("Bobby",)]
    assert ledger(shop) == [(2, 1, 0, 0, 1)]
    assert [left(shop, text) for text in (ANN, "Anna", "13800138000")] == [[], [], []]


@pytest.mark.parametrize(
    "refused",
    [
        f"a3,{ANN},2024-03-11,3.00,4.00",
        f"a3,{ANN},2024-03-11",
        f"{ANN},a3,2024-03-11,3.00,extra",
        f"a3,2024-03-11,{ANN},3.00",
        f"a3,{ANN},2024-02-31,3.00",
        f'a3,"{ANN}",soon,"3,00"',
        "a3,,soon,13800138000",
        'a3,,soon,"tel 13800138000"',
    ],
    ids=[
        "too many",
        "too few",
        "moved and too many",
        "moved",
        "no date",
        "quoted",
        "by phone",
        "by phone among words",
    ],
)
def test_refused_rows_of_a_customer_leave_quarantine_and_landing(shop: Shop, refused: str) -> None:
    shop.deliver(f"customer_id phone\n{ANN} 13800138000\n{BOB} 13900139000", export="customers")
    shop.deliver(
        f"order_id,customer_id,ordered_at,amount\na2,{BOB},2024-03-10,2.00\n{refused}\n"
        f"a4,{BOB},2024-03-12,much\n".encode()
    )

    found = forget(shop, ANN)

    assert found.refused_n == 1
    assert texts(shop)[1] == (
        f"order_id,customer_id,ordered_at,amount\na2,{BOB},2024-03-10,2.00\n\n"
        f"a4,{BOB},2024-03-12,much\n"
    )
    assert shop.reasons() == [(4, "amount", "not_a_number")]
    assert ledger(shop)[1] == (3, 1, 0, 1, 1)
    assert left(shop, ANN) == left(shop, "13800138000") == []


def test_a_phone_of_two_people_takes_no_row_of_the_other(shop: Shop) -> None:
    shop.deliver(f"customer_id phone\n{ANN} 13800138000\n{BOB} 13800138000", export="customers")
    row = "a3,,soon,13800138000\n"
    shop.deliver(f"order_id,customer_id,ordered_at,amount\n{row}".encode())

    assert forget(shop, ANN).refused_n == 0
    assert shop.refused()["raw"].to_list() == [row.strip()]


def test_a_short_id_is_meant_only_where_ids_stand(shop: Shop) -> None:
    content = (
        "order_id,customer_id,ordered_at,amount\n"
        "7,8,2024-03-10,7.00\n8,7,2024-03-10,8.00\n7,9,2024-03-11,1.00,7\n9,7,2024-03-11,1.00,1\n"
    )
    shop.deliver(content.encode())

    forget(shop, "7")

    assert texts(shop) == [
        "order_id,customer_id,ordered_at,amount\n7,8,2024-03-10,7.00\n\n7,9,2024-03-11,1.00,7\n\n"
    ]
    assert ledger(shop) == [(4, 1, 0, 1, 2)]


def test_people_with_a_tombstone_stay_out_of_what_comes_later(shop: Shop) -> None:
    lay_tombstone(shop, ANN)
    loaded = shop.deliver(
        HEADER + f"a1 {ANN} 2024-03-10 1.00\na2 {BOB} 2024-03-10 2.00\n",
        HEADER + f"b1 {BOB} 2024-03-10 2.00\nb2 {ANN} soon 1.00 1\n",
    )

    assert [(load.rows_n, load.accepted_n, load.erased_n) for load in loaded] == [(2, 1, 1)] * 2
    assert lines(shop) == [("a2", BOB, "2.00"), ("b1", BOB, "2.00")]
    assert shop.ask("SELECT raw_id FROM vault.people") == [(BOB,)]
    assert list(shop.workspace.quarantine.iterdir()) == []
    assert left(shop, ANN) == []


def test_the_file_from_before_counts_as_landed_and_its_bytes_stay_away(shop: Shop) -> None:
    drawn = HEADER + f"a1 {ANN} 2024-03-10 1.00\na2 {BOB} 2024-03-10 2.00"
    shop.deliver(drawn)
    forget(shop, ANN)

    assert shop.deliver(drawn) == []
    assert left(shop, ANN) == []
    (loaded,) = shop.deliver(drawn, again=True)
    assert (loaded.rows_n, loaded.accepted_n, loaded.duplicate_n, loaded.erased_n) == (2, 0, 1, 1)
    assert left(shop, ANN) == []


def test_lines_that_an_unclosed_quote_swallowed_come_back_without_the_one_that_had_it(
    shop: Shop,
) -> None:
    lay_tombstone(shop, ANN)
    shop.deliver(
        f'order_id,customer_id,ordered_at,amount\na1,"{ANN},2024-03-10,1.00\n'
        f"a2,{BOB},2024-03-10,2.00\na3,{BOB},2024-03-10,3.00\n".encode()
    )

    assert lines(shop) == [("a2", BOB, "2.00"), ("a3", BOB, "3.00")]
    assert ledger(shop) == [(3, 2, 0, 0, 1)]
    assert left(shop, ANN) == []


def test_a_row_of_two_lines_leaves_two_blank_ones(shop: Shop) -> None:
    lay_tombstone(shop, ANN)
    shop.deliver(
        b"customer_id,name,city\n"
        + f'{ANN},"An\nna",Xian\n{BOB},Bob,Wuhan\n{BOB}x,Bob,Wuhan,x\n'.encode(),
        export="customers",
    )

    assert shop.reasons() == [(5, None, "too_many_columns")]
    assert ledger(shop) == [(3, 1, 0, 1, 1)]


def test_files_that_held_nothing_else_stay_files_of_their_own(shop: Shop) -> None:
    lay_tombstone(shop, ANN)
    loaded = shop.deliver(
        HEADER + f"a1 {ANN} 2024-03-10 1.00", HEADER + f"a2 {ANN} 2024-03-10 2.00"
    )

    assert [(load.rows_n, load.accepted_n, load.erased_n) for load in loaded] == [(1, 0, 1)] * 2
    assert len(landed_files(shop.workspace)) == 2


def test_a_list_of_ids_alone_loses_the_id(shop: Shop) -> None:
    lay_tombstone(shop, ANN)
    (loaded,) = shop.deliver(f"customer_id\n{BOB}\n{ANN}\n{BOB}x", export="customers")

    assert (loaded.rows_n, loaded.accepted_n, loaded.erased_n) == (3, 2, 1)
    assert texts(shop) == [f"customer_id\n{BOB}\n{BOB}x\n"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_files_of_other_encodings_lose_them_too(shop: Shop, encoding: str) -> None:
    content = f"customer_id,姓名\r\n{ANN},王安娜\r\n{BOB},李博\r\n".encode(encoding)
    shop.deliver(content, export="customers", own_names={"name": "姓名"})

    forget(shop, ANN)

    assert shop.ask("SELECT name FROM vault.profiles") == [("李博",)]
    assert ledger(shop) == [(2, 1, 0, 0, 1)]
    assert left(shop, ANN) == left(shop, "王安娜") == []


CELLS_OF_A_FILE = [
    ["order_id", "customer_id", "ordered_at", "amount"],
    ["a1", ANN, "2024-03-10 10:00:00", "1.00"],
    ["a2", BOB, "2024-03-10 10:00:00", "2.00"],
    ["a3", ANN, "2024-03-10 10:00:00", "much"],
    ["a4", BOB, "2024-03-10 10:00:00", "much"],
    ["a5", f"{ANN}x", f"see {ANN}", "5.00"],
]


def as_workbook(rows: list[list[str]]) -> bytes:
    content = BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for place, row in enumerate(rows):
            sheet.write_row(place + 2, 0, row)  # a title might stand above
    return content.getvalue()


def as_json_lines(rows: list[list[str]]) -> bytes:
    objects = [json.dumps(dict(zip(rows[0], row, strict=True))) for row in rows[1:]]
    broken = '{"order_id": "a6", "customer_id": "' + ANN
    return "".join(f"{line}\n" for line in [*objects, broken]).encode()


def as_parquet(rows: list[list[str]]) -> bytes:
    content = BytesIO()
    pl.DataFrame(rows[1:], schema=rows[0], orient="row").write_parquet(content)
    return content.getvalue()


@pytest.mark.parametrize(
    ("written", "rows_n", "line"),
    [(as_workbook, 5, 7), (as_json_lines, 6, 4), (as_parquet, 5, 5)],
    ids=["workbook", "json lines", "parquet"],
)
@pytest.mark.parametrize("is_before", [True, False], ids=["before", "later"])
def test_files_of_other_formats_lose_them_too(
    shop: Shop,
    written: Callable[[list[list[str]]], bytes],
    rows_n: int,
    line: int,
    is_before: bool,
) -> None:
    if not is_before:
        lay_tombstone(shop, ANN)
    shop.deliver(written(CELLS_OF_A_FILE))
    if is_before:
        forget(shop, ANN)

    assert lines(shop) == [("a2", BOB, "2.00")]
    assert shop.reasons() == [(line, "amount", "not_a_number")]
    assert ledger(shop) == [(rows_n, 1, 0, 1, rows_n - 2)]
    shop.close()
    assert texts_with(shop, f'"{ANN}"') == texts_with(shop, f",{ANN},") == []


def texts_with(shop: Shop, text: str) -> list[str]:
    """Landed files, as text, and rows in quarantine that hold a text."""
    landed = [path for path in shop.workspace.landing.iterdir() if len(path.name) == 64]
    raws = shop.refused()["raw"].to_list() if any(shop.workspace.quarantine.iterdir()) else []
    return [
        one
        for one in [*(path.read_bytes().decode("utf-8", "replace") for path in landed), *raws]
        if text in one
    ]


IDS = ["ann-4711", "bob-0815", "7", ""]
CELLS = st.sampled_from(["1.00", "2.5", "much", "", "7", "ann-4711"])


@st.composite
def files(draw: st.DrawFn) -> list[list[str]]:
    """Up to three files of up to six rows: good, refused, ragged, of people and of nobody."""
    numbers = iter(range(100))
    return [
        [
            ",".join(
                [
                    f"o{next(numbers)}",
                    draw(st.sampled_from(IDS)),
                    draw(st.sampled_from(["2024-03-10", "2024-03-11 10:00:00", "soon"])),
                    draw(CELLS),
                    *draw(st.lists(st.sampled_from(["x", "7"]), max_size=1)),
                ]
            )
            for _ in range(draw(st.integers(1, 6)))
        ]
        for _ in range(draw(st.integers(1, 3)))
    ]


def is_anns(row: str) -> bool:
    """By the definition: her row, or a refused one that has her id anywhere."""
    cells = row.split(",")
    is_good = len(cells) == 4 and cells[2] != "soon" and cells[3] not in ("much", "", "ann-4711")
    return cells[1] == ANN or (not is_good and ANN in cells)


def csv(rows: list[str]) -> bytes:
    return "".join(f"{row}\n" for row in ["order_id,customer_id,ordered_at,amount", *rows]).encode()


@given(given_files=files(), way=st.sampled_from([forget, None]))
@settings(max_examples=6, deadline=None)
def test_what_is_left_is_what_files_without_the_customer_would_have_made(
    new_shop: NewShop, given_files: list[list[str]], way: Callable[[Shop, str], object] | None
) -> None:
    shop, other = new_shop(), new_shop()
    if way is None:
        lay_tombstone(shop, ANN)
    for rows in given_files:
        shop.deliver(csv(rows))
        blanked = ["" if is_anns(row) else row for row in rows]
        other.deliver(csv(blanked), again=True)  # two of them may be the same now
    if way is not None and any(ANN in row for rows in given_files for row in rows):
        way(shop, ANN)

    assert lines(shop) == lines(other)
    assert kept_in_quarantine(shop) == kept_in_quarantine(other)
    assert [row[1:4] for row in ledger(shop)] == [row[1:4] for row in ledger(other)]
    for (rows_n, accepted_n, duplicate_n, quarantined_n, erased_n), rows in zip(
        ledger(shop), given_files, strict=True
    ):
        assert rows_n == len(rows) == accepted_n + duplicate_n + quarantined_n + erased_n
        assert erased_n == sum(is_anns(row) for row in rows)
    assert left(shop, ANN) == []


def kept_in_quarantine(shop: Shop) -> list[tuple[object, ...]]:
    if not any(shop.workspace.quarantine.iterdir()):
        return []
    return shop.refused().select("line", "column", "reason", "raw").rows()
