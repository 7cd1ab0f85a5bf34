"""Cells as they stand in files, and what they are read as or refused for."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from regulars.expectations.errors import DataRefused

if TYPE_CHECKING:
    from tests.data.conftest import NewShop, Shop

HEADER = b"order_id,customer_id,ordered_at,amount\n"
GOOD = b"a1,ann,2024-03-01,10.00\n"


def line(**fields: str) -> bytes:
    row = {"order_id": "a2", "customer_id": "bob", "ordered_at": "2024-03-02", "amount": "1.00"}
    row |= fields
    return (",".join(row) + "\n" + ",".join(row.values()) + "\n").encode()


@pytest.mark.parametrize(
    ("fields", "column", "reason"),
    [
        ({"order_id": ""}, "order_id", "missing_value"),
        ({"ordered_at": ""}, "ordered_at", "missing_value"),
        ({"amount": ""}, "amount", "missing_value"),
        ({"line_id": ""}, "line_id", "missing_value"),
        ({"amount": "ten"}, "amount", "not_a_number"),
        ({"amount": "1.001"}, "amount", "too_many_places"),
        ({"amount": ".001"}, "amount", "too_many_places"),
        ({"quantity": "1.0001"}, "quantity", "too_many_places"),
        ({"amount": "12345678901234567"}, "amount", "too_large"),
        ({"quantity": "1234567890123456"}, "quantity", "too_large"),
        ({"ordered_at": "2024-02-30"}, "ordered_at", "not_a_date"),
        ({"ordered_at": "0000-01-01 00:00:00"}, "ordered_at", "not_a_date"),
        ({"ordered_at": "02-03-2024"}, "ordered_at", "ambiguous_date"),
        ({"ordered_at": "2024-03-02 10:00:0Z"}, "ordered_at", "not_a_date"),
        ({"ordered_at": "45353"}, "ordered_at", "not_a_date"),
        ({"is_return": "perhaps"}, "is_return", "not_a_flag"),
        ({"ordered_at": "2024-07-01"}, "ordered_at", "in_the_future"),
        ({"currency": "USD"}, "currency", "wrong_currency"),
    ],
)
def test_a_cell_that_breaks_a_rule_is_refused_with_its_column_and_reason(
    shop: Shop, fields: dict[str, str], column: str, reason: str
) -> None:
    content = line(**fields)
    shop.deliver(content)
    raw = content.decode().splitlines()[1]
    assert shop.refused().select("line", "column", "reason", "raw").rows() == [
        (2, column, reason, raw)
    ]


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"a2,bob,2024-03-02", "too_few_columns"),
        (b"a2,bob,2024-03-02,1.00,2.00", "too_many_columns"),
        (b'a2,"bob"by,2024-03-02,1.00', "unclosed_quote"),
        (b"a2,b\xffb,2024-03-02,1.00", "invalid_encoding"),
    ],
)
def test_a_line_that_cannot_be_split_is_refused_whole(shop: Shop, raw: bytes, reason: str) -> None:
    (load,) = shop.deliver(HEADER + GOOD + raw + b"\n" + GOOD)
    assert shop.refused().select("line", "column", "reason", "raw").rows() == [
        (3, None, reason, raw.decode(errors="replace"))
    ]
    assert load.accepted_n == 2


def test_a_quote_that_is_never_closed_takes_no_other_line_with_it(shop: Shop) -> None:
    (load,) = shop.deliver(HEADER + GOOD + b'a2,"bob,2024-03-02,1.00\n' + GOOD + GOOD)
    assert shop.reasons() == [(3, None, "unclosed_quote")]
    assert (load.rows_n, load.accepted_n) == (4, 3)


def test_the_first_rule_a_row_breaks_is_its_reason(shop: Shop) -> None:
    shop.deliver(line(order_id="", amount="ten", currency="USD"))
    assert shop.reasons() == [(2, "order_id", "missing_value")]


def test_the_parameters_of_a_refusal_say_what_was_expected(shop: Shop) -> None:
    shop.deliver(
        """
        order_id  customer_id  ordered_at  amount  currency
        a1        ann          2024-03-01  1.001   CNY
        a2        ann          2024-07-01  1.00    CNY
        a3        ann          2024-03-01  1.00    USD
        """
    )
    assert shop.refused()["parameters"].to_list() == [
        '{"column": "amount", "places": "2"}',
        '{"column": "ordered_at", "landed_on": "2024-06-30"}',
        '{"column": "currency", "expected": "CNY"}',
    ]


def test_lines_are_physical_ones_whatever_stands_before(shop: Shop) -> None:
    shop.deliver(
        b"order_id,customer_id,ordered_at,amount,channel\n"  # 1
        b'a1,ann,2024-03-01,1.00,"a\nchannel\n\nof ""four"" lines"\n'  # 2 to 5
        b"\n\n"  # 6, 7
        b"a2,ann,2024-03-01,ten,till\n"  # 8
        b'a3,ann,2024-03-01,1.00,"x\ny"\n'  # 9, 10
        b"a4,ann\n"  # 11
        b'a5,ann,,1.00,"two\nlines"\n'  # 12, 13
    )
    assert shop.refused().select("line", "reason", "raw").rows() == [
        (8, "not_a_number", "a2,ann,2024-03-01,ten,till"),
        (11, "too_few_columns", "a4,ann"),
        (12, "missing_value", 'a5,ann,,1.00,"two\nlines"'),
    ]


def test_padded_cells_are_trimmed_and_blank_ones_are_empty(shop: Shop) -> None:
    shop.deliver(
        b"order_id,customer_id,ordered_at,amount,channel\n"
        b' a1 ,"ann ", 2024-03-01 10:00:00, 10.00 ,"  "\n'
        b"a2,ann,2024-03-01,1.00,till\n"
    )
    assert shop.ask("SELECT order_id, amount, channel FROM lines ORDER BY order_id") == [
        ("a1", Decimal("10.00"), None),
        ("a2", Decimal("1.00"), "till"),
    ]
    assert shop.ask("SELECT raw_id FROM vault.people") == [("ann",)]


def test_blanks_inside_a_cell_stay(shop: Shop) -> None:
    shop.deliver(line(channel="web shop"))
    assert shop.ask("SELECT channel FROM lines") == [("web shop",)]


def test_empty_cells_are_null_quoted_or_not(shop: Shop) -> None:
    shop.deliver(line(channel="", store_id='""', customer_id='""'))
    assert shop.ask("SELECT channel, store_id, source_customer_id FROM lines") == [
        (None, None, None)
    ]


TEXT = "小票号,会员号,交易时间,实收金额,渠道\na1,甲,2024-03-01,10.00,上海\na2,乙,昨天,1.00,上\n"
OWN_NAMES = {
    "order_id": "小票号",
    "customer_id": "会员号",
    "ordered_at": "交易时间",
    "amount": "实收金额",
    "channel": "渠道",
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-be"])
def test_every_encoding_gives_the_same_rows_and_places(shop: Shop, encoding: str) -> None:
    content = TEXT.encode(encoding)
    if encoding == "utf-16-be":
        content = b"\xfe\xff" + content
    shop.deliver(content, own_names=OWN_NAMES)
    assert shop.ask("SELECT order_id, amount, channel FROM lines") == [
        ("a1", Decimal("10.00"), "上海")
    ]
    assert shop.refused().select("line", "column", "reason", "raw").rows() == [
        (3, "ordered_at", "not_a_date", "a2,乙,昨天,1.00,上")
    ]


def test_the_encoding_is_in_the_ledger(shop: Shop) -> None:
    shop.deliver(TEXT.encode("gb18030"), own_names=OWN_NAMES)
    assert shop.ask("SELECT encoding FROM loads") == [("gb18030",)]


def test_a_byte_that_is_not_of_the_headers_encoding_refuses_its_row_alone(shop: Shop) -> None:
    bad = b"a3,\xff\xff,2024-03-01,1.00,x\na4,ann,2024-03-01,1.00,x\n"
    (load,) = shop.deliver(TEXT.encode("gb18030") + bad, own_names=OWN_NAMES)
    assert shop.reasons() == [(3, "ordered_at", "not_a_date"), (4, None, "invalid_encoding")]
    assert load.accepted_n == 2
    assert list(shop.workspace.work.iterdir()) == []


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_every_delimiter_and_line_end_gives_the_same_rows_and_places(
    shop: Shop, delimiter: str, line_end: str
) -> None:
    text = (HEADER + GOOD + b"a2,bob,2024-03-01,ten\na3,eve,2024-03-02,1.00\n").decode()
    content = text.replace(",", delimiter).replace("\n", line_end)
    (load,) = shop.deliver(content.encode())
    assert (load.rows_n, load.accepted_n, load.quarantined_n) == (3, 2, 1)
    assert shop.refused().select("line", "raw").rows() == [
        (3, delimiter.join(("a2", "bob", "2024-03-01", "ten")))
    ]
    assert shop.ask("SELECT order_id, amount FROM lines ORDER BY 1") == [
        ("a1", Decimal("10.00")),
        ("a3", Decimal("1.00")),
    ]


@pytest.mark.fault("F19")
def test_line_ends_of_two_kinds_are_read_and_keep_their_lines(shop: Shop) -> None:
    shop.deliver(HEADER + b"a1,ann,2024-03-01,1.00\r\n" + GOOD + b"a3,x,2024-03-01,ten\r\n")
    assert shop.ask("SELECT amount FROM lines ORDER BY 1") == [(Decimal("1.00"),), (Decimal("10"),)]
    assert shop.reasons() == [(4, "amount", "not_a_number")]


@pytest.mark.fault("F19")
def test_a_file_of_carriage_returns_alone_is_read(shop: Shop) -> None:
    bad = b"a2,ann,2024-03-01,ten\n"
    (load,) = shop.deliver((HEADER + GOOD + bad).replace(b"\n", b"\r"))
    assert (load.rows_n, load.accepted_n) == (2, 1)
    assert shop.reasons() == [(3, "amount", "not_a_number")]


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2024-03-01 23:30:00", datetime(2024, 3, 1, 23, 30)),
        ("2024-03-01T23:30:00", datetime(2024, 3, 1, 23, 30)),
        ("2024/3/1 9:05", datetime(2024, 3, 1, 9, 5)),
        ("2024-03-01", datetime(2024, 3, 1)),
        ("2024-03-01 23:30:00.123456", datetime(2024, 3, 1, 23, 30, 0, 123456)),
        ("2024-03-01T16:30:00Z", datetime(2024, 3, 2, 0, 30)),
        ("2024-03-01 16:30:00+00", datetime(2024, 3, 2, 0, 30)),
        ("2024-03-01 16:30:00-0500", datetime(2024, 3, 2, 5, 30)),
        ("2024-03-01T23:30:00+08:00", datetime(2024, 3, 1, 23, 30)),
    ],
)
def test_instants_are_wall_clock_in_the_chains_zone(
    shop: Shop, text: str, instant: datetime
) -> None:
    shop.deliver(line(ordered_at=text))
    assert shop.ask("SELECT ordered_at, ordered_on FROM lines") == [(instant, instant.date())]


def test_an_offset_is_converted_by_the_season_of_its_day(new_shop: NewShop) -> None:
    shop = new_shop(time_zone="America/New_York")
    shop.deliver(
        line(order_id="a1", ordered_at="2024-01-15T12:00:00Z"),
        line(order_id="a2", ordered_at="2024-06-15T12:00:00Z"),
    )
    assert shop.ask("SELECT hour(ordered_at) FROM lines ORDER BY ordered_at") == [(7,), (8,)]


def test_the_business_day_begins_when_the_chains_day_begins(new_shop: NewShop) -> None:
    shop = new_shop(day_starts_minutes=4 * 60)
    shop.deliver(
        """
        order_id  customer_id  ordered_at           amount
        a1        ann          2024-03-02T03:59:59  1.00
        a2        ann          2024-03-02T04:00:00  1.00
        a3        ann          2024-07-01T03:00:00  1.00
        """,
    )
    assert shop.ask("SELECT order_id, ordered_on FROM lines ORDER BY 1") == [
        ("a1", date(2024, 3, 1)),
        ("a2", date(2024, 3, 2)),
        ("a3", date(2024, 6, 30)),
    ]


def test_ids_are_texts_to_their_last_zero(shop: Shop) -> None:
    shop.deliver(line(order_id="007", product_id="0.10", store_id="1e3", customer_id="0042"))
    assert shop.ask("SELECT order_id, product_id, store_id FROM lines") == [("007", "0.10", "1e3")]
    assert shop.ask("SELECT raw_id FROM vault.people") == [("0042",)]


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("12.30", "12.30"),
        ("12.3", "12.30"),
        ("12", "12.00"),
        ("+5", "5.00"),
        (".5", "0.50"),
        ("12.300", "12.30"),
        ("0012", "12.00"),
        ("-0.01", "-0.01"),
        ("9999999999999999.99", "9999999999999999.99"),
        ("1234567890123456.7", "1234567890123456.70"),
    ],
)
def test_decimals_are_kept_to_the_cent_however_they_are_spelled(
    shop: Shop, text: str, amount: str
) -> None:
    shop.deliver(line(amount=text))
    assert shop.ask("SELECT amount FROM lines") == [(Decimal(amount),)]


@pytest.mark.parametrize(
    "text", ["1e2", "1_000", "0x10", "NaN", "inf", "5-", "--5", "(5)", "1 2", "¥", "一"]
)
def test_what_is_no_plain_decimal_is_refused(shop: Shop, text: str) -> None:
    shop.deliver(line(amount=text))
    assert shop.reasons() == [(2, "amount", "not_a_number")]


def cells() -> st.SearchStrategy[str]:
    plain = st.decimals(-(10**17), 10**17, allow_nan=False, places=None).map(lambda d: f"{d:f}")
    return st.one_of(
        st.text("0123456789.+-", min_size=1, max_size=24),
        st.text("0159.+-eE_x", min_size=1, max_size=8),
        st.from_regex(r"[+-]?[0-9]{1,17}\.[0-9]{0,5}0{0,3}", fullmatch=True).filter(str.isascii),
        plain,
    )


def exact(text: str, places: int) -> Decimal | None:
    """What a plain decimal is worth, where this many places and eighteen digits hold it."""
    if set(text) - set("0123456789.+-"):
        return None
    try:
        value = Decimal(text)
    except ArithmeticError:
        return None
    step = Decimal(1).scaleb(-places)
    return value if value % step == 0 and abs(value) < step * 10**18 else None


@given(texts=st.lists(cells(), min_size=1, max_size=60))
@example(texts=[".", "+.5", "5.", "-.000", "0." + "0" * 40, "1.995", "0" * 30 + "1"])
@settings(max_examples=15, deadline=None)
def test_a_decimal_is_stored_exactly_or_refused(new_shop: NewShop, texts: list[str]) -> None:
    shop = new_shop()
    rows = [f"{n},ann,2024-03-01,1,{text}\n" for n, text in enumerate(texts)]
    rows += [f"{n + len(texts)},ann,2024-03-01,{text},1\n" for n, text in enumerate(texts)]
    shop.deliver(("order_id,customer_id,ordered_at,amount,quantity\n" + "".join(rows)).encode())
    expected = {str(n): exact(text, 3) for n, text in enumerate(texts)}
    expected |= {str(n + len(texts)): exact(text, 2) for n, text in enumerate(texts)}
    found = dict.fromkeys(expected)
    half = len(texts)
    found |= {
        str(order): abs(amount) if int(str(order)) >= half else quantity
        for order, amount, quantity in shop.ask("SELECT order_id, amount, quantity FROM lines")
    }
    # A negative amount is a return, whose quantity is negative too; here only size is compared.
    assert {order: value and abs(value) for order, value in found.items()} == {
        order: value and abs(value) for order, value in expected.items()
    }


@pytest.mark.parametrize(
    ("words", "flag"),
    [
        (("true", "TRUE", "1", "yes", "Y", "t", "是"), True),
        (("false", "0", "no", "N", "否"), False),
    ],
)
def test_flags_are_read_in_both_languages(shop: Shop, words: tuple[str, ...], flag: bool) -> None:
    shop.deliver(*(line(order_id=f"a{n}", is_return=word) for n, word in enumerate(words)))
    assert shop.ask("SELECT is_return FROM lines") == [(flag,)] * len(words)


def test_columns_may_stand_in_any_order_and_others_are_named_and_left_out(shop: Shop) -> None:
    (load,) = shop.deliver(
        """
        amount  till_note  customer_id  ordered_at  order_id
        3.00    hello      ann          2024-03-01  a1
        """
    )
    assert load.ignored_columns == ["till_note"]
    assert shop.ask("SELECT order_id, amount FROM lines") == [("a1", Decimal("3.00"))]


def test_a_missing_column_is_refused_with_the_nearest_name(shop: Shop) -> None:
    with pytest.raises(DataRefused, match=r"no column 'amount'.*\n.*\n.*did you mean 'amounts'"):
        shop.deliver("order_id customer_id ordered_at amounts\na1 ann 2024-03-01 1.00")


def test_a_column_that_is_there_twice_is_refused(shop: Shop) -> None:
    with pytest.raises(DataRefused, match="'amount' is there twice"):
        shop.deliver("order_id customer_id ordered_at amount amount\na1 ann 2024-03-01 1.00 2.00")


@pytest.mark.parametrize(
    "content",
    [b"\xff\xfe", b"\x80\xff\xfa\n", b'"' * 9],
    ids=["a mark alone", "no text", "quotes alone"],
)
def test_a_file_without_a_header_is_refused_with_a_message(shop: Shop, content: bytes) -> None:
    with pytest.raises(DataRefused, match=r"line 1: no column|the file is empty"):
        shop.deliver(content)


def test_a_first_line_longer_than_any_header_is_refused_with_a_message(shop: Shop) -> None:
    with pytest.raises(DataRefused, match="line 1: no column"):
        shop.deliver(b"x" * 200_000 + b"\n")


def test_a_first_line_that_is_a_row_is_not_shown(shop: Shop) -> None:
    with pytest.raises(DataRefused) as refused:
        shop.deliver(b"a1,13800138000,2024-03-01,1.00\n")
    assert "13800138000" not in str(refused.value)


def test_an_order_key_of_columns_that_the_file_lacks_is_refused(new_shop: NewShop) -> None:
    shop = new_shop(order_key=("store_id", "order_id"))
    with pytest.raises(DataRefused, match="no column store_id, which the order key needs"):
        shop.deliver(HEADER + GOOD)
    assert shop.load() == []


def test_names_in_paths_may_hold_blanks_quotes_brackets_and_chinese(new_shop: NewShop) -> None:
    shop = new_shop("it's [a] 连锁 & co")
    chinese = TEXT.replace("昨天", "2024-03-03").encode("gb18030")
    with pytest.raises(DataRefused):
        shop.deliver(chinese)
    shop.deliver(HEADER + GOOD + b"a2,bob,2024-03-01,ten\n", export="transactions")
    shop.deliver(chinese.replace(b"a1", b"a3"), own_names=OWN_NAMES)
    assert shop.ask("SELECT order_id FROM lines ORDER BY 1") == [("a1",), ("a2",), ("a3",)]
    assert shop.reasons() == [(3, "amount", "not_a_number")]
