"""People in the vault: whom a caller means, and the vault without some of them."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

import duckdb

from regulars.data.tombstones import numbered
from regulars.data.vault import attach, pseudonym_of, quoted
from regulars.data.workspace import Workspace, synced

_PSEUDONYM = re.compile(r"c1_[0-9a-f]{16}")
# A shorter number is no phone, but may be the end of many.
_PHONE_DIGITS_MIN = 7


@dataclass(frozen=True)
class Person:
    """Somebody by pseudonym, and what the vault calls that person: ids, phones, addresses, names.

    ``own_texts`` are the raw id and those phones and addresses that nobody else has.
    """

    customer_id: int
    own_texts: frozenset[str] = frozenset()
    is_in_vault: bool = False


def people_called(workspace: Workspace, customer: str, *, key: bytes) -> list[Person]:
    """Whom a pseudonym, a raw id, a phone or an e-mail address can mean.

    An id that the vault does not know means its pseudonym: it may stand in rows that were never
    accepted. A phone is compared by its digits, an address whatever its case.
    """
    return [person(workspace, number) for number in numbers_called(workspace, customer, key=key)]


def is_pseudonym(customer: str) -> bool:
    """
    >>> is_pseudonym("c1_00000000000000ff"), is_pseudonym("88000123")
    (True, False)
    """
    return _PSEUDONYM.fullmatch(customer) is not None


def numbers_called(workspace: Workspace, customer: str, *, key: bytes) -> list[int]:
    """The pseudonyms of ``people_called``, as numbers."""
    customer = customer.strip()
    if is_pseudonym(customer):
        return [numbered(customer)]
    digits = re.sub(r"\D", "", customer)
    with _opened(workspace) as vault:
        found = (
            vault.execute("SELECT customer_id FROM people WHERE raw_id = $1", [customer]).fetchall()
            or vault.execute(
                "SELECT DISTINCT customer_id FROM profiles WHERE lower(email) = lower($1) OR "
                "(length($2) >= $3 AND regexp_replace(phone, '[^0-9]', '', 'g') = $2)",
                [customer, digits, _PHONE_DIGITS_MIN],
            ).fetchall()
        )
    return [number for (number,) in found] or [pseudonym_of(customer, key=key)]


def person(workspace: Workspace, customer_id: int) -> Person:
    """What the vault has of a person; a person it does not know has no texts."""
    with _opened(workspace) as vault:
        rows = vault.execute(
            "SELECT raw_id, "
            "CASE WHEN (SELECT count(*) FROM profiles WHERE phone = own.phone) = 1 THEN phone END, "
            "CASE WHEN (SELECT count(*) FROM profiles WHERE email = own.email) = 1 THEN email END "
            "FROM people LEFT JOIN profiles AS own USING (customer_id) WHERE customer_id = $1",
            [customer_id],
        ).fetchall()
    texts = frozenset(text for row in rows for text in row if text)
    return Person(customer_id, texts, bool(rows))


def leave_out(workspace: Workspace, customer_ids: Collection[int]) -> None:
    """Put a vault without these people in the place of the vault: a new file, so that no freed page
    of the old one keeps a name.
    """
    if not workspace.vault.exists():
        return
    fresh = workspace.work / "vault.duckdb"
    fresh.unlink(missing_ok=True)
    with duckdb.connect() as connection:
        attach(connection, fresh)
        # Not read-only: what a killed process left in the write-ahead log has to come in first.
        connection.execute(f"ATTACH {quoted(workspace.vault)} AS old")
        for table in ("people", "profiles"):
            connection.execute(
                f"INSERT INTO vault.{table} BY NAME SELECT * FROM old.{table} "
                "WHERE NOT list_contains($1::UBIGINT[], customer_id)",
                [sorted(customer_ids)],
            )
        connection.execute("DETACH old")
        connection.execute("DETACH vault")
    workspace.vault.with_suffix(".duckdb.wal").unlink(missing_ok=True)
    synced(fresh)
    fresh.replace(workspace.vault)
    synced(workspace.root)


def _opened(workspace: Workspace) -> duckdb.DuckDBPyConnection:
    """The vault for reading; an empty one where there is none yet."""
    if workspace.vault.exists():
        return duckdb.connect(workspace.vault, read_only=True)
    empty = duckdb.connect()
    empty.execute("CREATE TABLE people (raw_id VARCHAR, customer_id UBIGINT)")
    empty.execute(
        "CREATE TABLE profiles (customer_id UBIGINT, name VARCHAR, phone VARCHAR, email VARCHAR)"
    )
    return empty
