"""Values as systems spell them: what is read by a declared rule, and what is refused and why."""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from tests.data.conftest import NewShop, Shop

QUICK = [Phase.explicit, Phase.generate]


def line(delimiter: str = ",", **fields: str) -> bytes:
    row = {"order_id": "a2", "customer_id": "bob", "ordered_at": "2024-03-02", "amount": "1.00"}
    row |= fields
    return (delimiter.join(row) + "\n" + delimiter.join(row.values()) + "\n").encode()


@pytest.mark.fault("F17")
@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("¥25.80", "25.80"),
        ("￥25.80", "25.80"),
        ("25.80元", "25.80"),
        ("￥ 25.8 元", "25.80"),
        ("CNY 25.80", "25.80"),
        ("-¥25.80", "-25.80"),
        ("¥-25.80", "-25.80"),
        ("２５．８０", "25.80"),
        ("－２５．８０", "-25.80"),
        ("＋２５", "25.00"),
        ("\u300025.80\u00a0", "25.80"),
        ("25.80\t", "25.80"),
    ],
)
def test_amounts_are_read_with_the_chains_own_signs_and_in_full_width(
    shop: Shop, text: str, amount: str
) -> None:
    shop.deliver(line(amount=text))
    assert shop.ask("SELECT amount FROM lines") == [(Decimal(amount),)]


@pytest.mark.fault("F17")
@pytest.mark.parametrize(
    ("fields", "column", "reason"),
    [
        ({"amount": "$25.80"}, "amount", "wrong_currency"),
        ({"amount": "25.80 €"}, "amount", "wrong_currency"),
        ({"amount": "USD 25.80"}, "amount", "wrong_currency"),
        ({"amount": '"1,234.50"'}, "amount", "undeclared_thousands"),
        ({"amount": '"¥1,234"'}, "amount", "undeclared_thousands"),
        ({"amount": '"1.234,50"'}, "amount", "undeclared_decimal"),
        ({"amount": '"12,5"'}, "amount", "undeclared_decimal"),
        ({"amount": '"1,2,3"'}, "amount", "not_a_number"),
        ({"amount": "(12.50)"}, "amount", "not_a_number"),
        ({"quantity": "¥2"}, "quantity", "not_a_number"),
        ({"amount": "￥25.801"}, "amount", "too_many_places"),
        ({"amount": "#N/A"}, "amount", "error_cell"),
        ({"product_id": "#REF!"}, "product_id", "error_cell"),
        ({"ordered_at": "#VALUE!"}, "ordered_at", "error_cell"),
    ],
)
def test_what_no_rule_declares_is_refused_with_what_to_declare(
    shop: Shop, fields: dict[str, str], column: str, reason: str
) -> None:
    shop.deliver(line(**fields))
    assert shop.reasons() == [(2, column, reason)]


@pytest.mark.fault("F17")
@pytest.mark.parametrize(
    ("reading", "text", "amount"),
    [
        ({"thousands": ","}, "1,234.50", "1234.50"),
        ({"thousands": ","}, "-1,234,567", "-1234567"),
        ({"thousands": ","}, "1234.50", "1234.50"),
        ({"thousands": ","}, "¥1,234.50", "1234.50"),
        ({"thousands": "'"}, "1'234.50", "1234.50"),
        ({"thousands": " "}, "1 234.50", "1234.50"),
        ({"decimal": ","}, "1234,50", "1234.50"),
        ({"decimal": ",", "thousands": "."}, "1.234,50", "1234.50"),
        ({"decimal": ",", "thousands": "."}, "1.234", "1234"),
        ({"decimal": ",", "thousands": "."}, "7", "7"),
    ],
)
def test_declared_separators_are_read(
    shop: Shop, reading: dict[str, str], text: str, amount: str
) -> None:
    shop.reading = reading
    shop.deliver(line(";", amount=text))
    assert shop.ask("SELECT amount FROM lines") == [(Decimal(amount),)]


@pytest.mark.fault("F17")
@pytest.mark.parametrize(
    ("reading", "text"),
    [
        ({"thousands": ","}, "12,34.50"),
        ({"thousands": ","}, "1,23"),
        ({"thousands": ","}, ",123"),
        ({"decimal": ","}, "12.50"),
        ({"decimal": ",", "thousands": "."}, "12.50"),
        ({"decimal": ",", "thousands": "."}, "1,234.50"),
    ],
)
def test_declared_separators_in_another_place_are_no_number(
    shop: Shop, reading: dict[str, str], text: str
) -> None:
    shop.reading = reading
    shop.deliver(line(";", amount=text))
    ((_, _, reason),) = shop.reasons()
    assert reason in ("not_a_number", "undeclared_decimal")


@pytest.mark.fault("F17")
@given(cents=st.integers(-(10**12), 10**12))
@settings(max_examples=15, deadline=None, phases=QUICK)
def test_a_spelled_amount_is_read_as_it_is_meant(new_shop: NewShop, cents: int) -> None:
    shop = new_shop()
    shop.reading = {"decimal": ",", "thousands": "."}
    amount = Decimal(cents) / 100
    spelled = f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))
    shop.deliver(line(";", amount=f"￥{spelled}"))
    assert shop.ask("SELECT amount FROM lines") == [(amount,)]


@given(
    amounts=st.lists(
        st.decimals(-99999, 99999, places=4) | st.decimals(-99, 99, places=18), min_size=1
    )
)
@settings(max_examples=8, deadline=None, phases=QUICK)
def test_amounts_are_rounded_half_to_even_where_settings_say_so(
    new_shop: NewShop, amounts: list[Decimal]
) -> None:
    shop = new_shop(round_amounts="half_even")
    amounts += [Decimal(text) for text in ("2.675", "1.015", "0.125", "-0.125", "1.005")]
    rows = "".join(f"{n},ann,2024-03-01,{amount:f}\n" for n, amount in enumerate(amounts))
    shop.deliver(("order_id,customer_id,ordered_at,amount\n" + rows).encode())
    cent = Decimal("0.01")
    assert shop.ask("SELECT amount FROM lines ORDER BY order_id::INT") == [
        (amount.quantize(cent, ROUND_HALF_EVEN),) for amount in amounts
    ]


def test_quantities_are_never_rounded(new_shop: NewShop) -> None:
    shop = new_shop(round_amounts="half_even")
    shop.deliver(line(quantity="1.0001"))
    assert shop.reasons() == [(2, "quantity", "too_many_places")]


@pytest.mark.fault("F23")
@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2024/1/2", datetime(2024, 1, 2)),
        ("20240102", datetime(2024, 1, 2)),
        ("20240102 9:05", datetime(2024, 1, 2, 9, 5)),
        ("20240102 09:05:30", datetime(2024, 1, 2, 9, 5, 30)),
        ("2024年1月2日", datetime(2024, 1, 2)),
        ("2024年01月02日 09:05:30", datetime(2024, 1, 2, 9, 5, 30)),
        ("2024年1月2日9:05", datetime(2024, 1, 2, 9, 5)),
        ("2024/1/2 上午9:05", datetime(2024, 1, 2, 9, 5)),
        ("2024-1-2 下午 3:05:06", datetime(2024, 1, 2, 15, 5, 6)),
        ("2024/1/2 下午12:05", datetime(2024, 1, 2, 12, 5)),
        ("２０２４－０１－０２ ０９：０５", datetime(2024, 1, 2, 9, 5)),
        ("2024-02-29", datetime(2024, 2, 29)),
    ],
)
def test_days_are_read_in_every_spelling_that_puts_the_year_first(
    shop: Shop, text: str, instant: datetime
) -> None:
    shop.deliver(line(ordered_at=text))
    assert shop.ask("SELECT ordered_at FROM lines") == [(instant,)]


@pytest.mark.fault("F23")
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("02-01-2024", "ambiguous_date"),
        ("13/01/2024 10:00", "ambiguous_date"),
        ("1.2.24", "ambiguous_date"),
        ("2024-02-31", "not_a_date"),
        ("20240231", "not_a_date"),
        ("2023-02-29", "not_a_date"),
        ("2024年13月1日", "not_a_date"),
        ("2024/1/2 下午13:05", "not_a_date"),
        ("2024-01-02 25:00", "not_a_date"),
        ("45353", "not_a_date"),
        ("yesterday", "not_a_date"),
        ("1900-01-01", "implausible_date"),
        ("1989-12-31 23:59:59", "implausible_date"),
        ("2099-01-01", "in_the_future"),
    ],
)
def test_days_that_are_none_or_not_told_for_sure_are_refused(
    shop: Shop, text: str, reason: str
) -> None:
    shop.deliver(line(ordered_at=text))
    assert shop.reasons() == [(2, "ordered_at", reason)]


@pytest.mark.fault("F23")
@pytest.mark.parametrize(
    ("dates", "text", "instant"),
    [
        (("%d-%m-%Y",), "02-01-2024", datetime(2024, 1, 2)),
        (("%m/%d/%Y %I:%M %p",), "1/2/2024 3:05 PM", datetime(2024, 1, 2, 15, 5)),
        (("%d.%m.%y", "%d.%m.%Y %H:%M"), "02.01.2024 09:05", datetime(2024, 1, 2, 9, 5)),
        (("%d.%m.%y", "%d.%m.%Y %H:%M"), "02.01.24", datetime(2024, 1, 2)),
    ],
)
def test_declared_forms_of_days_are_read(
    shop: Shop, dates: tuple[str, ...], text: str, instant: datetime
) -> None:
    shop.reading = {"dates": dates}
    shop.deliver(line(ordered_at=text))
    assert shop.ask("SELECT ordered_at FROM lines") == [(instant,)]


@pytest.mark.fault("F23")
@pytest.mark.parametrize("text", ["2024-01-02", "31-02-2024", "1-13-2024"])
def test_where_forms_are_declared_only_these_are_tried(shop: Shop, text: str) -> None:
    shop.reading = {"dates": ("%d-%m-%Y",)}
    shop.deliver(line(ordered_at=text))
    assert shop.reasons() == [(2, "ordered_at", "not_a_date")]


@pytest.mark.fault("F23")
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1985年3月4日", date(1985, 3, 4)),
        ("19850304", date(1985, 3, 4)),
        ("1985/3/4 0:00:00", date(1985, 3, 4)),
        ("1985-03-04 10:00", None),
        ("04-03-1985", None),
    ],
)
def test_a_day_of_birth_is_a_day_without_a_time(shop: Shop, text: str, found: date | None) -> None:
    (load,) = shop.deliver(f"customer_id,birth_date\nann,{text}\n".encode(), export="customers")
    assert [row[0] for row in shop.ask("SELECT birth_date FROM customers")] == (
        [found] if found else []
    )
    assert load.quarantined_n == (found is None)


@pytest.mark.fault("F21")
@pytest.mark.parametrize("column", ["order_id", "customer_id", "product_id"])
@pytest.mark.parametrize("text", ["1.23457E+17", "8E+17", "1.2345678E17", "-1.5e+3"])
def test_an_id_that_was_taken_for_a_number_is_refused(shop: Shop, column: str, text: str) -> None:
    shop.deliver(line(**{column: text}))
    assert shop.reasons() == [(2, column, "damaged_id")]


@pytest.mark.fault("F21")
def test_ids_that_only_look_like_numbers_are_kept_to_the_letter(shop: Shop) -> None:
    shop.deliver(
        line(order_id="0012345678901234567890", customer_id="12E4", product_id="1e3", store_id="+7")
    )
    assert shop.ask("SELECT order_id, product_id, store_id FROM lines") == [
        ("0012345678901234567890", "1e3", "+7")
    ]
    assert shop.ask("SELECT raw_id FROM vault.people") == [("12E4",)]


@pytest.mark.fault("F17")
def test_ids_in_full_width_are_the_ids_in_ascii(shop: Shop) -> None:
    shop.deliver(
        line(order_id="ａ－１２", customer_id="ｍ００１"), line(order_id="a3", customer_id="m001")
    )
    assert shop.ask("SELECT order_id FROM lines ORDER BY 1") == [("a-12",), ("a3",)]
    assert shop.ask("SELECT raw_id FROM vault.people") == [("m001",)]


@pytest.mark.fault("F17")
def test_texts_keep_their_full_width_letters(shop: Shop) -> None:
    shop.deliver(line(channel="ＡＰＰ（小程序）"))
    assert shop.ask("SELECT channel FROM lines") == [("ＡＰＰ（小程序）",)]


@pytest.mark.fault("F17")
@pytest.mark.parametrize("pad", [" ", "\t", "\u3000", "\u00a0", " \t\u3000"])
def test_cells_padded_with_any_blank_are_trimmed(shop: Shop, pad: str) -> None:
    fields = {"order_id": "a2", "customer_id": "bob", "amount": "1.00", "channel": "till"}
    shop.deliver(line(**{name: f"{pad}{text}{pad}" for name, text in fields.items()}))
    assert shop.ask("SELECT order_id, amount, channel FROM lines") == [
        ("a2", Decimal("1.00"), "till")
    ]
    assert shop.ask("SELECT raw_id FROM vault.people") == [("bob",)]


@pytest.mark.fault("F17")
def test_flags_in_full_width_are_flags(shop: Shop) -> None:
    shop.deliver(line(is_return="Ｙ"), line(order_id="a3", is_return="０"))
    assert shop.ask("SELECT is_return FROM lines ORDER BY order_id") == [(True,), (False,)]


@pytest.mark.fault("F24")
def test_a_time_that_the_clocks_skipped_or_repeated_is_the_wall_clocks(new_shop: NewShop) -> None:
    shop = new_shop(time_zone="Europe/Paris")
    shop.deliver(
        line(order_id="a1", ordered_at="2024-03-31 02:30:00"),  # no such time on that night
        line(order_id="a2", ordered_at="2023-10-29T00:30:00Z"),  # 2:30, the first
        line(order_id="a3", ordered_at="2023-10-29T01:30:00Z"),  # 2:30, the second
    )
    assert shop.ask("SELECT ordered_at FROM lines ORDER BY order_id") == [
        (datetime(2024, 3, 31, 2, 30),),
        (datetime(2023, 10, 29, 2, 30),),
        (datetime(2023, 10, 29, 2, 30),),
    ]
