"""JSON Lines and Parquet: typed files, read as the text of their values."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING

import polars as pl
import pytest

from regulars.expectations.errors import DataRefused

if TYPE_CHECKING:
    from tests.data.conftest import Shop

ONE = {"order_id": "a1", "customer_id": "ann", "ordered_at": "2024-03-01", "amount": 25.8}


def objects(*rows: dict[str, object]) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def frame(**columns: object) -> bytes:
    content = BytesIO()
    pl.DataFrame({name: [value] for name, value in (ONE | columns).items()}).write_parquet(content)
    return content.getvalue()


@pytest.mark.fault("F12")
@pytest.mark.parametrize(
    ("line", "column", "reason"),
    [
        (b"no json", None, "invalid_row"),
        (b'{"order_id": "a2", "amount": 1', None, "invalid_row"),
        (b"[1, 2]", None, "invalid_row"),
        (b'{"order_id": "a\xff"}', None, "invalid_encoding"),
        (b'{"order_id": {"a": 1}, "amount": 1}', "order_id", "nested_value"),
        (b'{"order_id": "a2", "amount": [1]}', "amount", "nested_value"),
        (b'{"order_id": "a2", "customer_id": null, "amount": 1}', "ordered_at", "missing_value"),
        (b'{"order_id": "a\\u0000", "ordered_at": "2024-03-01", "amount": 1}', None, "nul_byte"),
    ],
)
def test_a_line_that_is_no_row_is_refused_with_its_number(
    shop: Shop, line: bytes, column: str | None, reason: str
) -> None:
    (load,) = shop.deliver(objects(ONE) + b"\n" + line + b"\n" + objects(ONE | {"order_id": "a3"}))
    assert shop.reasons() == [(3, column, reason)]
    assert (load.rows_n, load.accepted_n) == (3, 2)


@pytest.mark.fault("F21")
@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("12345678901234567890123", "12345678901234567890123"),
        ("9007199254740993", "9007199254740993"),
        ("1001", "1001"),
        ("1001.0", "1001"),
        ('"0012.0"', "0012.0"),
        ("true", "true"),
    ],
)
def test_ids_that_are_numbers_keep_every_digit(shop: Shop, value: str, text: str) -> None:
    rows = objects(ONE).decode().replace('"a1"', value)
    shop.deliver(rows.encode())
    assert shop.ask("SELECT order_id FROM lines") == [(text,)]


@pytest.mark.fault("F21")
@pytest.mark.parametrize("value", ["8.00112E+17", "800112000000000123.0", "1.5e300"])
def test_an_id_that_is_a_double_beyond_its_digits_is_refused(shop: Shop, value: str) -> None:
    shop.deliver(objects(ONE).decode().replace('"a1"', value).encode())
    assert shop.reasons() == [(1, "order_id", "damaged_id")]


def test_a_key_that_only_some_objects_have_is_a_column(shop: Shop) -> None:
    shop.deliver(objects(ONE, ONE | {"order_id": "a2", "is_return": True, "note/~": "x"}))
    assert shop.ask("SELECT order_id, is_return, amount FROM lines ORDER BY 1") == [
        ("a1", False, Decimal("25.80")),
        ("a2", True, Decimal("-25.80")),
    ]


def test_texts_of_json_may_hold_anything(shop: Shop) -> None:
    text = 'a "b", c\nline two\u2028 \\ 𠮷'
    shop.deliver(objects(ONE | {"channel": text}))
    assert shop.ask("SELECT channel FROM lines") == [(text,)]


def test_a_missing_key_is_refused_with_the_nearest(shop: Shop) -> None:
    rows = objects(ONE).replace(b'"amount"', b'"amounts"')
    with pytest.raises(DataRefused, match=r"json: no column 'amount'.*\n.*\n.*'amounts'"):
        shop.deliver(rows)


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_mark_and_other_line_ends_are_no_part_of_the_objects(shop: Shop, mark: bytes) -> None:
    content = mark + objects(ONE, ONE | {"order_id": "a2"}).replace(b"\n", b"\r\n")
    (load,) = shop.deliver(content)
    assert load.accepted_n == 2


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (datetime(2024, 3, 1, 9, 5), datetime(2024, 3, 1, 9, 5)),
        (datetime(2024, 3, 1, 16, 30, tzinfo=UTC), datetime(2024, 3, 2, 0, 30)),
        (date(2024, 3, 1), datetime(2024, 3, 1)),
        ("2024/3/1 9:05", datetime(2024, 3, 1, 9, 5)),
    ],
)
@pytest.mark.fault("F24")
def test_instants_of_parquet_are_wall_clock_in_the_chains_zone(
    shop: Shop, value: object, expected: datetime
) -> None:
    shop.deliver(frame(ordered_at=value))
    assert shop.ask("SELECT ordered_at FROM lines") == [(expected,)]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (12345678901234567, "12345678901234567"),
        (pl.Series([1001.0]), "1001"),
        (b"a7", "a7"),
        (pl.Series(["a8"], dtype=pl.Categorical), "a8"),
    ],
)
def test_ids_of_parquet_are_texts_whatever_their_type(shop: Shop, value: object, text: str) -> None:
    content = BytesIO()
    pl.DataFrame({name: [of] for name, of in ONE.items()}).with_columns(
        order_id=value if isinstance(value, pl.Series) else pl.lit(value)
    ).write_parquet(content)
    shop.deliver(content.getvalue())
    assert shop.ask("SELECT order_id FROM lines") == [(text,)]


@pytest.mark.parametrize(
    "value", [25.8, Decimal("25.8000"), "25.80", pl.Series([25.8], dtype=pl.Float32)]
)
def test_amounts_of_parquet_are_read_at_their_shortest(shop: Shop, value: object) -> None:
    content = BytesIO()
    pl.DataFrame({name: [of] for name, of in ONE.items()}).with_columns(
        amount=value if isinstance(value, pl.Series) else pl.lit(value)
    ).write_parquet(content)
    shop.deliver(content.getvalue())
    assert shop.ask("SELECT amount FROM lines") == [(Decimal("25.80"),)]


def test_rows_of_parquet_are_told_by_their_number(shop: Shop) -> None:
    content = BytesIO()
    pl.DataFrame([ONE, ONE | {"amount": None}, ONE | {"order_id": 'a"3,'}]).write_parquet(content)
    (load,) = shop.deliver(content.getvalue())
    assert shop.refused().select("line", "reason", "raw").rows() == [
        (2, "missing_value", "a1,ann,2024-03-01,")
    ]
    assert load.accepted_n == 2


def test_lists_where_nothing_is_read_cost_no_row(shop: Shop) -> None:
    loads = shop.deliver(frame(tags=[1, 2]), objects(ONE | {"order_id": "a2", "tags": [1]}))
    assert [load.accepted_n for load in loads] == [1, 1]
