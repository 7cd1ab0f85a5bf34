"""Who a pseudonym is: known to the vault, and to nothing else that is written."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest

from regulars.data import vault, warehouse
from regulars.data.workspace import Workspace, prepared
from regulars.expectations.errors import Busy, Failed
from regulars.flows.memory import out_of_memory

if TYPE_CHECKING:
    from tests.data.conftest import Holder, Shop

KEY = bytes(range(32))
HEADER = "order_id customer_id ordered_at amount\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = Workspace(tmp_path)
    prepared(made)
    return made


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("raw_id", ["ann", "0042", "会员甲", "o'hara", "x" * 200])
def test_a_pseudonym_is_the_start_of_the_hmac_of_the_raw_id(shop: Shop, raw_id: str) -> None:
    shop.deliver(HEADER + f"a1 {raw_id} 2024-03-01 1.00")
    digest = hmac.new(KEY, raw_id.encode(), hashlib.sha256).digest()
    expected = int.from_bytes(digest[:8], "big")
    assert shop.ask("SELECT source_customer_id FROM lines") == [(expected,)]
    shop.close()
    assert vault.readable(shop.workspace).select("customer_id", "raw_id").rows() == [
        (f"c1_{expected:016x}", raw_id)
    ]


def test_one_id_in_two_exports_is_one_customer(shop: Shop) -> None:
    shop.deliver(HEADER + "a1 ann 2024-03-01 1.00")
    shop.deliver("customer_id city referrer_id\nann Xian bob", export="customers")
    assert shop.ask("SELECT count(*) FROM lines JOIN customers USING (source_customer_id)") == [
        (1,)
    ]
    assert shop.ask("SELECT raw_id FROM vault.people ORDER BY 1") == [("ann",), ("bob",)]
    assert shop.ask("SELECT count(*) FROM identity WHERE customer_id = source_customer_id") == [
        (2,)
    ]


def test_anonymous_and_empty_ids_are_nobody(shop: Shop) -> None:
    shop.rules = type(shop.rules)(**{**vars(shop.rules), "anonymous_ids": ("0", "walk-in")})
    shop.deliver(
        HEADER
        + "".join(f"a{n} {who} 2024-03-01 1\n" for n, who in enumerate(["0", "walk-in", "-", "00"]))
    )
    assert shop.ask("SELECT count(*), count(source_customer_id) FROM lines") == [(4, 1)]
    assert shop.ask("SELECT raw_id FROM vault.people") == [("00",)]


def test_the_key_is_made_once_for_its_owner_alone(workspace: Workspace) -> None:
    key = vault.workspace_key(workspace)
    assert len(key) == vault.KEY_BYTES
    assert vault.workspace_key(workspace) == key
    assert mode(workspace.key) == 0o600


def test_a_key_that_others_can_read_is_refused(workspace: Workspace) -> None:
    vault.workspace_key(workspace)
    workspace.key.chmod(0o640)
    with pytest.raises(Failed, match="can be read by others"):
        vault.workspace_key(workspace)


@pytest.mark.parametrize("text", ["", "zz" * 32, "ab" * 31])
def test_a_key_that_is_none_is_refused(workspace: Workspace, text: str) -> None:
    vault.workspace_key(workspace)
    workspace.key.write_text(text)
    with pytest.raises(Failed, match="is no key"):
        vault.workspace_key(workspace)


@pytest.mark.parametrize("left", ["vault.duckdb", "landing/000001-ab.json"])
def test_a_missing_key_is_not_made_anew_where_pseudonyms_exist(
    workspace: Workspace, left: str
) -> None:
    (workspace.root / left).touch()
    with pytest.raises(Failed, match="is gone"):
        vault.workspace_key(workspace)
    assert not workspace.key.exists()


def test_profiles_are_kept_in_the_vault_and_the_last_ones_count(shop: Shop) -> None:
    shop.deliver("customer_id name phone\nann Anna 138\nbob Bob 139", export="customers")
    shop.deliver("customer_id name email\nann Annie a@b.c", export="customers")
    shop.close()
    rows = vault.readable(shop.workspace).sort("raw_id").drop("customer_id").rows()
    assert rows == [("ann", "Annie", None, "a@b.c"), ("bob", "Bob", "139", None)]


def test_no_raw_identity_is_written_outside_landing_quarantine_and_vault(shop: Shop) -> None:
    ids, names, phones, mails = ([secrets.token_hex(8) for _ in range(40)] for _ in range(4))
    shop.deliver(
        "customer_id name phone email city\n"
        + "".join(
            f"{row} Xian\n" for row in map(" ".join, zip(ids, names, phones, mails, strict=True))
        ),
        export="customers",
    )
    shop.deliver(
        HEADER
        + "".join(f"a{n} {who} 2024-03-01 {'x' if n == 3 else 1}\n" for n, who in enumerate(ids))
    )
    planted = [token.encode() for token in (*ids, *names, *phones, *mails)]

    def leaks() -> set[str]:
        hidden = ("exports", "landing", "quarantine", "vault.duckdb", "vault.duckdb.wal")
        return {
            str(path.relative_to(shop.workspace.root))
            for path in shop.workspace.root.rglob("*")
            if path.is_file() and path.relative_to(shop.workspace.root).parts[0] not in hidden
            if any(token in path.read_bytes() for token in planted)
        }

    assert shop.workspace.warehouse.with_suffix(".duckdb.wal").exists()
    assert leaks() == set()
    shop.ask("CHECKPOINT")
    shop.close()
    assert leaks() == set()
    assert ids[0].encode() in shop.workspace.vault.read_bytes()


def test_databases_and_their_logs_are_their_owners_alone_whatever_the_umask(shop: Shop) -> None:
    before = os.umask(0)
    try:
        shop.deliver(HEADER + "a1 ann 2024-03-01 1.00")
        written = sorted(shop.workspace.root.glob("*.duckdb*"))
        assert [path.name for path in written] == [
            "vault.duckdb",
            "vault.duckdb.wal",
            "warehouse.duckdb",
            "warehouse.duckdb.wal",
        ]
        assert {mode(path) for path in written} == {0o600}
        shop.close()
        assert os.umask(0) == 0, "the caller's umask is back"
    finally:
        os.umask(before)


@pytest.mark.parametrize("name", ["warehouse", "vault"])
def test_a_damaged_database_is_told_with_what_to_do(workspace: Workspace, name: str) -> None:
    path = workspace.root / f"{name}.duckdb"
    path.write_bytes(b"no database" * 1000)
    with (
        pytest.raises(Failed, match=rf"{name}\.duckdb cannot be opened"),
        warehouse.connected(workspace, warehouse.Resources(1, "1GB")),
    ):
        pass
    assert path.read_bytes() == b"no database" * 1000


@pytest.mark.parametrize("name", ["warehouse", "vault"])
@pytest.mark.fault("F06")
def test_a_database_that_is_open_elsewhere_is_told_with_its_holder(
    workspace: Workspace, holder: Holder, name: str
) -> None:
    path = workspace.root / f"{name}.duckdb"
    with duckdb.connect(path):
        pass
    process = holder(f"import duckdb; held = duckdb.connect({str(path)!r})")
    with (
        pytest.raises(Busy, match=rf"{name}\.duckdb is open in another program\n.*{process.pid}"),
        warehouse.connected(workspace, warehouse.Resources(1, "1GB")),
    ):
        pass


def test_an_error_that_is_neither_the_disks_nor_the_files_is_raised_as_it_is(
    workspace: Workspace,
) -> None:
    resources = warehouse.Resources(1, "1GB")
    with (
        pytest.raises(duckdb.CatalogException, match="no_such_table") as raised,
        warehouse.connected(workspace, resources) as connection,
    ):
        connection.execute("FROM no_such_table")

    assert raised.value.__cause__ is None
    assert out_of_memory(raised.value) is None
