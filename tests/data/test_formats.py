"""The same rows in every format and encoding: the warehouse cannot tell where they came from."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
import xlsxwriter
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from regulars.expectations.errors import DataRefused

if TYPE_CHECKING:
    from tests.data.conftest import NewShop, Shop

OWN_NAMES = {
    "order_id": "小票号",
    "customer_id": "会员号",
    "ordered_at": "交易时间",
    "amount": "实收金额",
    "quantity": "数量",
    "channel": "渠道",
    "is_return": "是否退货",
}
HEADER = tuple(OWN_NAMES.values())
Row = tuple[str, str | None, datetime, Decimal, Decimal | None, str | None, bool | None]


def text_of(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value)
    quoted = '"' + text.replace('"', '""') + '"'
    return quoted if set(text) & set(',"\n') else text


def as_csv(rows: list[Row]) -> str:
    lines = [HEADER, *(tuple(text_of(value) for value in row) for row in rows)]
    return "".join(",".join(line) + "\n" for line in lines)


def as_workbook(rows: list[Row], **options: object) -> bytes:
    content = BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, **options})
    sheet = book.add_worksheet("明细")
    as_time = book.add_format({"num_format": "yyyy/m/d h:mm:ss"})
    sheet.write_row(0, 0, HEADER)
    for at, row in enumerate(rows, start=1):
        for place, value in enumerate(row):
            match value:
                case None:
                    continue
                case bool():
                    sheet.write_boolean(at, place, value)
                case datetime():
                    sheet.write_datetime(at, place, value, as_time)
                case Decimal():
                    sheet.write_number(at, place, float(value))
                case _:
                    sheet.write_string(at, place, value)
    book.close()
    return content.getvalue()


def as_json_lines(rows: list[Row]) -> bytes:
    def plain(value: object) -> object:
        if isinstance(value, Decimal):
            return float(value)
        return value.isoformat() if isinstance(value, datetime) else value

    dicts = [dict(zip(HEADER, map(plain, row), strict=True)) for row in rows]
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in dicts).encode()


def as_parquet(rows: list[Row]) -> bytes:
    kinds = [
        pl.String,
        pl.String,
        pl.Datetime,
        pl.Float64,
        pl.Decimal(18, 3),
        pl.String,
        pl.Boolean,
    ]
    columns = list(zip(*rows, strict=True)) or [()] * len(HEADER)
    frame = pl.DataFrame(
        {
            name: pl.Series([float(v) if kind is pl.Float64 else v for v in column], dtype=kind)
            for name, kind, column in zip(HEADER, kinds, columns, strict=True)
        }
    )
    content = BytesIO()
    frame.write_parquet(content)
    return content.getvalue()


WRITERS: dict[str, Callable[[list[Row]], bytes]] = {
    "UTF-8": lambda rows: as_csv(rows).encode(),
    "UTF-8 with a mark": lambda rows: as_csv(rows).encode("utf-8-sig"),
    "CRLF": lambda rows: as_csv(rows).replace("\n", "\r\n").encode(),
    "GB18030": lambda rows: as_csv(rows).encode("gb18030"),
    "UTF-16": lambda rows: as_csv(rows).encode("utf-16"),
    "workbook": as_workbook,
    "workbook of 1904": lambda rows: as_workbook(rows, date_1904=True),
    "JSON Lines": as_json_lines,
    "Parquet": as_parquet,
}

ids = st.from_regex(r"[A-Z0-9]{1,19}", fullmatch=True).filter(str.isascii)
rows_drawn = st.lists(
    st.tuples(
        ids,
        st.none() | ids,
        st.datetimes(datetime(2001, 1, 1), datetime(2024, 6, 29)).map(
            lambda at: at.replace(microsecond=0)
        ),
        st.decimals(-99999, 99999, places=2).map(lambda amount: amount + 0),
        st.none() | st.decimals(0, 999, places=3),
        st.none() | st.sampled_from(["小程序", "till", 'a "b", c', "上海,一店", "café 𠮷"]),
        st.none() | st.booleans(),
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda row: row[0],
)

COLUMNS = (
    "order_id, source_customer_id IS NULL, ordered_at, ordered_on, amount, quantity, channel, "
    "is_return"
)


def lines(shop: Shop) -> list[tuple[Any, ...]]:
    return shop.ask(f"SELECT {COLUMNS} FROM lines ORDER BY ALL")


@pytest.mark.fault("F15")
@given(rows=rows_drawn)
# A smaller example would take minutes to find: each opens nine warehouses.
@settings(max_examples=4, deadline=None, phases=[Phase.explicit, Phase.generate])
def test_every_format_gives_the_same_rows(new_shop: NewShop, rows: list[Row]) -> None:
    found = {}
    for name, written in WRITERS.items():
        shop = new_shop()
        (load,) = shop.deliver(written(rows), own_names=OWN_NAMES)
        assert (load.rows_n, load.accepted_n) == (len(rows), len(rows)), name
        found[name] = (lines(shop), shop.ask("SELECT raw_id FROM vault.people ORDER BY 1"))
    expected = found["UTF-8"]
    assert {name: rows == expected for name, rows in found.items()} == dict.fromkeys(WRITERS, True)
    amounts = sorted((row[0], abs(row[3])) for row in rows)
    assert sorted((line[0], abs(line[4])) for line in expected[0]) == amounts


GOOD: Row = ("a1", "ann", datetime(2024, 3, 1, 9, 5), Decimal("25.80"), None, "till", None)


@pytest.mark.parametrize("form", WRITERS)
def test_what_a_file_is_stands_in_the_ledger(shop: Shop, form: str) -> None:
    shop.deliver(WRITERS[form]([GOOD]), own_names=OWN_NAMES)
    encodings = {"GB18030": "gb18030", "UTF-16": "utf-16", "Parquet": "parquet"}
    expected = "excel" if form.startswith("workbook") else encodings.get(form, "utf-8-sig")
    assert shop.ask("SELECT encoding FROM loads") == [(expected,)]


@pytest.mark.fault("F13")
@pytest.mark.parametrize("form", ["UTF-8", "GB18030", "UTF-16", "workbook", "Parquet"])
def test_a_header_without_rows_is_loaded_with_none(shop: Shop, form: str) -> None:
    (load,) = shop.deliver(WRITERS[form]([]), own_names=OWN_NAMES)
    assert (load.rows_n, load.accepted_n, load.refusals) == (0, 0, [])


@pytest.mark.fault("F12")
@pytest.mark.parametrize("form", ["workbook", "Parquet"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_a_file_that_was_cut_short_is_refused_in_a_sentence(
    shop: Shop, form: str, share: float
) -> None:
    content = WRITERS[form]([GOOD] * 50)
    with pytest.raises(DataRefused, match="cannot be read") as refused:
        shop.deliver(content[: int(len(content) * share)], own_names=OWN_NAMES)
    assert refused.value.next_step
    assert shop.load() == []


@pytest.mark.fault("F12")
@pytest.mark.parametrize("content", [b"\x1f\x8b\x08cut", b"BZh91AY", b"<html><table>"])
def test_what_is_no_export_is_refused_as_what_it_is(shop: Shop, content: bytes) -> None:
    with pytest.raises(DataRefused, match=r"the file is (compressed|a web page)"):
        shop.deliver(content)


ENGLISH = ",".join(OWN_NAMES) + "\n"


@pytest.mark.fault("F15")
def test_english_headers_over_chinese_rows_of_gb18030_are_read_as_such(shop: Shop) -> None:
    rows = "".join(f"a{n},ann,2024-03-01,1.00,,上海店,\n" for n in range(9))
    (load,) = shop.deliver((ENGLISH + rows).encode("gb18030"))
    assert (load.accepted_n, shop.ask("SELECT DISTINCT channel FROM lines")) == (9, [("上海店",)])


@pytest.mark.fault("F16")
def test_single_damaged_bytes_under_an_english_header_are_no_other_encoding(shop: Shop) -> None:
    rows = "".join(f"a{n},ann,2024-03-01,1.00,,caf\u00e9s,\n" for n in range(9))
    (load,) = shop.deliver((ENGLISH + rows).encode("latin-1") + b"b1,ann,2024-03-01,1.00,,till,\n")
    assert (load.accepted_n, load.refusals) == (1, [("invalid_encoding", None, 9, 2)])


def test_rows_of_the_same_day_in_files_of_several_formats_are_one_delivery(shop: Shop) -> None:
    contents = [
        write([(f"a{n}", "ann", datetime(2024, 3, 1), Decimal(n), None, None, None)])
        for n, write in enumerate(WRITERS.values(), start=1)
    ]
    assert [load.accepted_n for load in shop.deliver(*contents, own_names=OWN_NAMES)] == [1] * len(
        WRITERS
    )
    assert shop.ask("SELECT sum(amount), count(DISTINCT ordered_on) FROM lines") == [
        (Decimal(sum(range(1, len(WRITERS) + 1))), 1)
    ]
    assert shop.ask("SELECT DISTINCT ordered_on FROM lines") == [(date(2024, 3, 1),)]
