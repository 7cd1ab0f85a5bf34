"""Which column of a file is proposed for which, drawn as the file's first rows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.data.columns_seen import SeenFile
from regulars.expectations.errors import DataRefused
from regulars.expectations.exports import EXPORTS
from regulars.expectations.synonym_table import OTHER_NAMES, SYNONYMS, Doubtful
from regulars.flows.mapping import Proposal, proposed
from regulars.flows.value_shapes import shapes
from regulars.flows.which_export import best_proposal

TRANSACTIONS = EXPORTS["transactions"]
NAMES = {
    (export, column): [
        name
        for group in groups
        for name in (group.names if isinstance(group, Doubtful) else group).split()
    ]
    for export, columns in SYNONYMS.items()
    for column, groups in columns.items()
}


def drawn(text: str) -> SeenFile:
    """A file: names, then rows; words in columns, ``-`` for an empty field, ``~`` for a blank."""
    header, *rows = [line.split() for line in text.strip().splitlines()]
    return file(
        header, [["" if word == "-" else word.replace("~", " ") for word in row] for row in rows]
    )


def file(names: Sequence[str], rows: Sequence[Sequence[str]] = ()) -> SeenFile:
    schema = {f"c{place}": pl.String for place in range(len(names))}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return SeenFile(Path("x.csv"), "delimited", "utf-8-sig", ",", None, (), 1, tuple(names), frame)


def columns(proposal: Proposal) -> dict[str, str]:
    return {match.column: match.own for match in proposal.matches}


def notes(proposal: Proposal, column: str) -> str:
    return "; ".join(next(m.notes for m in proposal.matches if m.column == column))


def why_open(proposal: Proposal, column: str) -> tuple[str, tuple[str, ...]]:
    found = next(found for found in proposal.open if found.column == column)
    return found.why, found.candidates


@st.composite
def headers(draw: st.DrawFn) -> tuple[str, dict[str, str], list[str]]:
    """An export, one of the known names for some of its columns, and a header of them."""
    export = draw(st.sampled_from(list(EXPORTS.values())))
    names = [column.name for column in export.columns]
    chosen = draw(st.sets(st.sampled_from(names))) | set(export.required)
    right = {name: draw(st.sampled_from(NAMES[export.name, name])) for name in sorted(chosen)}
    others = draw(st.lists(st.sampled_from(OTHER_NAMES.split()), unique=True, max_size=5))
    return export.name, right, draw(st.permutations([*right.values(), *others]))


@settings(deadline=None)
@given(headers())
def test_one_known_name_a_column_is_found_in_any_order_among_other_things(
    drawn_header: tuple[str, dict[str, str], list[str]],
) -> None:
    export, right, header = drawn_header

    proposal = proposed(file(header), EXPORTS[export])

    assert columns(proposal) == right
    assert (proposal.missing, proposal.open) == ((), ())
    assert set(proposal.unused) == set(header) - set(right.values())


@settings(deadline=None)
@given(st.sampled_from(list(EXPORTS)), st.data())
def test_a_file_with_every_column_of_an_export_is_told_to_be_that_export(
    export: str, data: st.DataObject
) -> None:
    header = [
        data.draw(st.sampled_from(NAMES[export, column.name])) for column in EXPORTS[export].columns
    ]

    proposal, _ = best_proposal(file(header))

    assert proposal.export == export


FULL = """
    小票号 会员号 交易时间         应付金额 实付金额
    R1     m1     2026-01-05~09:12 26.00    25.80
    R2     m2     2026-01-06~10:40 40.00    39.00
"""


def test_what_was_received_is_taken_rather_than_what_was_due_and_it_is_said() -> None:
    proposal = proposed(drawn(FULL), TRANSACTIONS)

    assert columns(proposal)["amount"] == "实付金额"
    assert notes(proposal, "amount") == "taken rather than 应付金额"


def test_what_was_due_is_taken_alone_and_the_doubt_is_said() -> None:
    alone = drawn(FULL.replace("实付金额", "顾客编码"))

    proposal = proposed(alone, TRANSACTIONS, told={"customer_id": "会员号"})

    assert columns(proposal)["amount"] == "应付金额"
    assert "was due; amount is what was received" in notes(proposal, "amount")


def test_two_names_of_one_meaning_with_different_values_are_left_open() -> None:
    proposal = proposed(drawn(FULL.replace("应付金额", "实收金额")), TRANSACTIONS)

    assert proposal.missing == ("amount",)
    why, candidates = why_open(proposal, "amount")
    assert "fit equally well and differ" in why
    assert candidates == ("实收金额", "实付金额")


def test_two_names_of_one_meaning_with_the_same_values_are_one() -> None:
    twice = drawn(
        FULL.replace("应付金额", "实收金额").replace("26.00", "25.80").replace("40", "39")
    )

    proposal = proposed(twice, TRANSACTIONS)

    assert columns(proposal)["amount"] == "实收金额"
    assert notes(proposal, "amount") == "taken rather than 实付金额"


def test_a_user_s_word_comes_before_any_name() -> None:
    proposal = proposed(drawn(FULL), TRANSACTIONS, told={"amount": "应付金额"})

    assert columns(proposal)["amount"] == "应付金额"
    assert next(m.how for m in proposal.matches if m.column == "amount") == "told"


def test_settings_come_before_any_name_where_the_file_has_theirs() -> None:
    settled = {"amount": "应付金额", "order_id": "单号"}

    proposal = proposed(drawn(FULL), TRANSACTIONS, settled=settled)

    assert columns(proposal)["amount"] == "应付金额"
    assert columns(proposal)["order_id"] == "小票号"


def test_a_column_named_time_whose_values_are_no_dates_is_not_taken() -> None:
    proposal = proposed(
        drawn("""
            小票号 会员号 时间 实付金额
            R1     m1     早班 25.80
            R2     m2     晚班 39.00
        """),
        TRANSACTIONS,
    )

    assert proposal.missing == ("ordered_at",)
    assert why_open(proposal, "ordered_at") == (
        "时间: its values are no dates (文文)",
        ("时间",),
    )


def test_a_time_of_day_gives_way_to_the_day() -> None:
    proposal = proposed(
        drawn("""
            小票号 会员号 交易日期   交易时间 实付金额
            R1     m1     2026/01/05 09:12:00 25.80
            R2     m2     2026/01/06 10:40:00 39.00
        """),
        TRANSACTIONS,
    )

    assert columns(proposal)["ordered_at"] == "交易日期"
    assert "交易时间 is passed over: its values are times of a day" in notes(proposal, "ordered_at")


@pytest.mark.parametrize(
    ("value", "is_date"),
    [
        ("2026-01-05", True),
        ("2026/1/5~9:05", True),
        ("20260105", True),
        ("20260105091200", True),
        ("2026年1月5日", True),
        ("05-01-2026", True),
        ("2026-01-05T09:12:00+08:00", True),
        ("２０２６-０１-０５", True),
        ("12.50", False),
        ("20261305", False),
        ("M0001", False),
    ],
)
def test_a_date_is_told_by_its_form(value: str, is_date: bool) -> None:
    proposal = proposed(drawn(f"下单时间\n{value}"), TRANSACTIONS)

    assert ("ordered_at" in columns(proposal)) == is_date


@pytest.mark.parametrize(
    ("value", "is_amount"),
    [
        ("25.80", True),
        ("-25.8", True),
        ("¥1,234.50", True),
        ("￥２５．８０", True),
        ("25.80元", True),
        ("$0.00", True),
        ("1.234,50", True),
        ("已付", False),
        ("2026-01-05", False),
        ("A12", False),
    ],
)
def test_an_amount_is_told_by_its_form(value: str, is_amount: bool) -> None:
    proposal = proposed(drawn(f"实付金额\n{value}"), TRANSACTIONS)

    assert ("amount" in columns(proposal)) == is_amount


def of_orders(*amounts: tuple[str, str]) -> SeenFile:
    """Five orders of two lines each, with these two amounts, a yuan more in each order."""
    rows = [
        [
            f"R{order}",
            f"m{order}",
            "2026-01-05 09:12",
            *(f"{a}{order}.00" if a else "" for a in line),
        ]
        for order in range(5)
        for line in zip(*amounts, strict=True)
    ]
    return file(["订单号", "会员号", "下单时间", "订单实付金额", "商品实付金额"], rows)


def test_an_order_s_total_on_each_of_its_lines_gives_way_to_the_line_s_amount() -> None:
    proposal = proposed(of_orders(("6", "6"), ("2", "4")), TRANSACTIONS)

    assert columns(proposal)["amount"] == "商品实付金额"
    assert "订单实付金额 is passed over: it has one value an order" in notes(proposal, "amount")


@pytest.mark.parametrize("total", [("6", "6"), ("6", "")])
def test_an_order_s_total_is_not_taken_for_the_lines_even_alone(total: tuple[str, str]) -> None:
    proposal = proposed(
        of_orders(total, ("", "")), EXPORTS["transactions"], told={"coupon_id": "商品实付金额"}
    )

    assert proposal.missing == ("amount",)
    assert "the order's total, not the line's" in why_open(proposal, "amount")[0]


def test_a_day_with_times_is_no_day() -> None:
    proposal = proposed(drawn("会员号 注册时间\nm1 2026-01-05~09:12"), EXPORTS["customers"])

    assert columns(proposal) == {"customer_id": "会员号"}
    assert "have a time of day (9999-99-99 99:99)" in why_open(proposal, "joined_on")[0]


def test_a_misspelt_name_is_taken_when_its_values_fit_and_it_is_said() -> None:
    proposal = proposed(
        drawn("order_id customer_id ordered_at amuont\n1 2 2026-01-05 5.00"), TRANSACTIONS
    )

    assert columns(proposal)["amount"] == "amuont"
    assert notes(proposal, "amount") == "check it: the name is a guess"
    assert proposed(drawn("amuont\ntea"), TRANSACTIONS).matches == ()


LAST_UNNAMED = """
    order_id customer_id ordered_at value1
    1        m1          2026-01-05 5.00
    2        m2          2026-01-06 7.50
"""


def test_the_one_column_of_amounts_is_taken_by_its_values_and_it_is_said() -> None:
    proposal = proposed(drawn(LAST_UNNAMED), TRANSACTIONS)

    match = proposal.matches[-1]
    assert (match.column, match.own, match.how) == ("amount", "value1", "by its values")
    assert "check it" in match.notes[0]


def test_one_of_two_columns_of_amounts_is_not_guessed() -> None:
    two = drawn(
        LAST_UNNAMED.replace("customer_id", "value2").replace("m1", "1.00").replace("m2", "2.00")
    )

    proposal = proposed(two, TRANSACTIONS)

    assert proposal.missing == ("customer_id", "amount")
    assert why_open(proposal, "amount")[1] == ("value2", "value1")


def test_a_column_of_another_thing_is_not_taken_by_its_values() -> None:
    proposal = proposed(drawn(LAST_UNNAMED.replace("value1", "运费")), TRANSACTIONS)

    assert proposal.missing == ("amount",)
    assert why_open(proposal, "amount")[1] == ()


def test_a_name_that_is_there_twice_is_not_taken() -> None:
    proposal = proposed(
        file(["order_id", "customer_id", "ordered_at", "金额", "金额"]), TRANSACTIONS
    )

    assert why_open(proposal, "amount")[0] == "金额 is in the header twice"


def test_empty_fields_of_a_column_that_may_not_be_empty_are_said() -> None:
    proposal = proposed(
        drawn("订单号 会员号 时间 金额\n1 - 2026-01-05 5.00\n- m1 2026-01-05 -"), TRANSACTIONS
    )

    assert "50% of its values are empty" in notes(proposal, "amount")
    assert notes(proposal, "customer_id") == ""


def test_two_exports_that_fit_alike_are_named() -> None:
    with pytest.raises(DataRefused, match="it may be ") as refusal:
        best_proposal(file(["id", "name"]))

    assert "--export" in str(refusal.value)


def test_cells_that_are_no_names_are_counted_and_not_shown() -> None:
    with pytest.raises(DataRefused) as refusal:
        best_proposal(file(["张三", "13800000001", "store"]))

    assert "found: store, and 2 of unknown names" in str(refusal.value)
    assert "张三" not in str(refusal.value)


@settings(deadline=None)
@given(st.lists(st.text(min_size=1), min_size=1, max_size=5))
def test_a_shape_shows_nothing_but_form(values: list[str]) -> None:
    shown = "".join(shapes(pl.Series(values)))

    assert set(shown) <= set("9a文·… -/:.,+()¥￥$€£%#@_*")
    assert all(not letter.isalnum() or letter in "9a文" for letter in shown)
