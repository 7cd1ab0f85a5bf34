"""Whom a caller means, people with a tombstone, and a vault without them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.data import tombstones
from regulars.data.people import leave_out, people_called
from regulars.data.vault import PSEUDONYM_SQL, _pads, pseudonym_of
from regulars.data.workspace import decided

if TYPE_CHECKING:
    from tests.data.conftest import Shop

KEY = bytes(range(32))
AT = datetime(2024, 7, 1, tzinfo=UTC)
MEMBERS = """
    customer_id name  phone          email
    m1          Anna  138-0013-8000  Anna@x.cn
    m2          Bob   13900139000    both@x.cn
    m3          Cy    13900139000    both@x.cn
    m4          Dee   15000150000    -
    15000150000 Eve   -              -
"""


def called(shop: Shop, customer: str) -> list[str]:
    """The raw ids of those whom a text means; its pseudonym where the vault knows nobody."""
    shop.close()
    people = people_called(shop.workspace, customer, key=KEY)
    names = dict(shop.ask("SELECT customer_id, raw_id FROM vault.people"))
    return sorted(names.get(person.customer_id, "nobody") for person in people)


@pytest.mark.parametrize(
    ("customer", "expected"),
    [
        ("m1", ["m1"]),
        (" m1 ", ["m1"]),
        ("13800138000", ["m1"]),
        ("138 0013 8000", ["m1"]),
        ("anna@X.CN", ["m1"]),
        ("13900139000", ["m2", "m3"]),
        ("both@x.cn", ["m2", "m3"]),
        ("15000150000", ["15000150000"]),
        ("8000", ["nobody"]),
        ("M1", ["nobody"]),
        ("", ["nobody"]),
    ],
)
def test_a_person_is_meant_by_id_then_by_phone_or_address(
    shop: Shop, customer: str, expected: list[str]
) -> None:
    shop.deliver(MEMBERS, export="customers")
    assert called(shop, customer) == expected


def test_a_person_is_meant_by_pseudonym(shop: Shop) -> None:
    shop.deliver(MEMBERS, export="customers")
    assert called(shop, tombstones.spelled(pseudonym_of("m4", key=KEY))) == ["m4"]


def test_texts_are_a_persons_own_when_nobody_else_has_them(shop: Shop) -> None:
    shop.deliver(MEMBERS, export="customers")
    shop.close()
    own = [people_called(shop.workspace, name, key=KEY)[0].own_texts for name in ("m1", "m2")]
    assert own == [{"m1", "138-0013-8000", "Anna@x.cn"}, {"m2"}]


@given(raw_id=st.text(min_size=1))
@settings(max_examples=20, deadline=None)
def test_a_pseudonym_is_the_same_in_python_and_in_sql(raw_id: str) -> None:
    with duckdb.connect() as connection:
        ((number,),) = connection.execute(
            f"SELECT {PSEUDONYM_SQL} FROM (SELECT $raw_id AS raw_id)",
            {"raw_id": raw_id, **_pads(KEY)},
        ).fetchall()
    assert pseudonym_of(raw_id, key=KEY) == number


def test_a_vault_without_people_has_no_byte_of_them(shop: Shop) -> None:
    shop.deliver(MEMBERS, export="customers")
    shop.close()
    assert b"Anna@x.cn" in shop.workspace.vault.read_bytes()

    leave_out(shop.workspace, [pseudonym_of("m1", key=KEY)])

    content = shop.workspace.vault.read_bytes()
    assert [text for text in (b"Anna", b"138-0013-8000", b"m1") if text in content] == []
    assert shop.workspace.vault.stat().st_mode & 0o777 == 0o600
    assert shop.ask("SELECT raw_id FROM vault.people ORDER BY ALL") == [
        ("15000150000",),
        ("m2",),
        ("m3",),
        ("m4",),
    ]
    assert shop.ask("SELECT name FROM vault.profiles ORDER BY ALL") == [
        ("Bob",),
        ("Cy",),
        ("Dee",),
        ("Eve",),
    ]


def test_a_tombstone_is_unfinished_until_its_end_and_stays(shop: Shop) -> None:
    decided(shop.workspace, "accepted", at=AT, by="tombstone")
    assert tombstones.kept_out(shop.workspace) == frozenset()

    for number in (1, 2**64 - 1):
        tombstones.lay(shop.workspace, number, by="tester", at=AT, found={"landed_rows_n": 3})
    tombstones.end(shop.workspace, [1], at=AT)

    assert tombstones.kept_out(shop.workspace) == {1, 2**64 - 1}
    assert tombstones.unfinished(shop.workspace) == {2**64 - 1}
    tombstones.lay(shop.workspace, 1, by="another", at=AT, found={})
    assert tombstones.unfinished(shop.workspace) == {1, 2**64 - 1}
