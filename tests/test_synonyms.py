"""What a file's own names mean: one column of an export, however they are written."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.expectations.exports import EXPORTS
from regulars.expectations.header_names import is_near, plain
from regulars.expectations.synonym_table import DOUBTS, OTHER_NAMES, SYNONYMS, Doubtful
from regulars.expectations.synonyms import meaning, means_another_thing, suggested


def names(export: str, column: str) -> list[str]:
    groups = SYNONYMS[export][column]
    return [n for g in groups for n in (g.names if isinstance(g, Doubtful) else g).split()]


ALL = [
    (export, column, name)
    for export, columns in SYNONYMS.items()
    for column in columns
    for name in names(export, column)
]
COLUMNS = [(export.name, column.name) for export in EXPORTS.values() for column in export.columns]


@pytest.mark.parametrize(("export", "column"), COLUMNS)
def test_every_column_has_names_in_both_languages_and_its_own(export: str, column: str) -> None:
    known = names(export, column)

    assert column in known
    assert len([name for name in known if name.isascii()]) > 1
    assert len([name for name in known if re.search("[一-鿿]", name)]) > 1


def test_the_table_names_columns_of_contracts_alone() -> None:
    assert {(export, column) for export, column, _ in ALL} == set(COLUMNS)


@pytest.mark.parametrize("export", SYNONYMS)
def test_no_name_belongs_to_two_columns_of_an_export_or_stands_there_twice(export: str) -> None:
    counts = Counter(plain(name) for own, _, name in ALL if own == export)

    assert [name for name, count in counts.items() if count > 1] == []


def test_names_of_other_things_are_names_of_no_column() -> None:
    own = [(export, name) for export in SYNONYMS for name in OTHER_NAMES.split()]

    assert [pair for pair in own if meaning(*pair) is not None] == []
    assert [pair for pair in own if not means_another_thing(*pair)] == []


def test_every_doubt_is_said_in_a_sentence_and_cast_on_a_name() -> None:
    groups = [g for columns in SYNONYMS.values() for c in columns.values() for g in c]
    cast = {group.doubt for group in groups if isinstance(group, Doubtful)}

    assert cast == set(DOUBTS)


@pytest.mark.parametrize(
    ("written", "column"),
    [
        ("订单号", "order_id"),
        ("訂單號", "order_id"),
        ("發票號碼", "order_id"),
        ("會員卡號", "customer_id"),
        ("實付金額", "amount"),
        ("实付金额（元）", "amount"),
        ("实付金额/元", "amount"),
        (" 实付 金额 ", "amount"),
        ("Net Amount", "amount"),
        ("netAmount", "amount"),
        ("NET-AMOUNT*", "amount"),
        ("下单时间(yyyy-MM-dd HH:mm:ss)", "ordered_at"),
        ("＊商品编码", "product_id"),
        ("ＳＫＵ", "product_id"),
        ("門市代號", "store_id"),
    ],
)
def test_a_name_means_the_same_however_it_is_written(written: str, column: str) -> None:
    found = meaning("transactions", written)

    assert found is not None
    assert found.column == column


@pytest.mark.parametrize("written", ["金额(分)", "退款金额", "订单", "amount_2", "", "应付金额2"])
def test_a_name_that_says_more_means_nothing_known(written: str) -> None:
    assert meaning("transactions", written) is None


@settings(deadline=None)
@given(st.sampled_from(ALL), st.data())
def test_case_blanks_and_signs_change_no_meaning(
    known: tuple[str, str, str], data: st.DataObject
) -> None:
    export, column, name = known
    between = st.sampled_from(["", " ", "_", "-", "．", "*", "　"])
    letters = [letter.upper() if data.draw(st.booleans()) else letter for letter in name]
    written = "".join(letter + data.draw(between) for letter in letters)

    found = meaning(export, written)

    assert found is not None
    assert found.column == column


@pytest.mark.parametrize(
    ("column", "header", "meant"),
    [
        ("amount", "订单号 应付金额 实付金额", "实付金额"),
        ("amount", "order_id amuont", "amuont"),
        ("amount", "单价 数量", None),
        ("customer_id", "会员卡号 手机号 会员编号", "会员编号"),
        ("order_id", "原订单号 下单时间", None),
        ("customer_id", "customer_ip", None),
        ("store_id", "storeid", "storeid"),
        ("ordered_at", "发货时间 transaction_tmie", "transaction_tmie"),
    ],
)
def test_the_name_meant_is_suggested(column: str, header: str, meant: str | None) -> None:
    assert suggested("transactions", column, header.split()) == meant


ASCII = [name for name in map(plain, {name for *_, name in ALL}) if name.isascii()]


@settings(deadline=None)
@given(st.sampled_from([name for name in ASCII if len(name) > 5]), st.data())
def test_a_letter_left_out_is_near_and_a_letter_for_another_is_not(
    name: str, data: st.DataObject
) -> None:
    place = data.draw(st.sampled_from([i for i, letter in enumerate(name) if letter.isalpha()]))
    other = data.draw(st.sampled_from("qxz").filter(lambda letter: letter != name[place]))

    assert is_near(name[:place] + name[place + 1 :], name)
    assert not is_near(name[:place] + other + name[place + 1 :], name)
