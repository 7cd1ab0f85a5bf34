"""The vault: the only place that knows who a pseudonym is.

A pseudonym is the first 64 bits of HMAC-SHA-256 of the raw id under the workspace key. The
pipeline carries those bits as an unsigned integer; what leaves it spells them ``c1_`` and sixteen
hex digits. Entries are idempotent and are committed before the rows that need them.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import duckdb
import polars as pl

from regulars.data.cells import field
from regulars.data.headers import Layout
from regulars.data.reading import person_texts, persons, text_source
from regulars.data.workspace import PRIVATE_FILE, Workspace, written
from regulars.expectations.errors import Failed
from regulars.expectations.exports import Export

KEY_BYTES = 32
_BLOCK_BYTES = 64  # of SHA-256, RFC 2104

# HMAC as SQL: two digests over the padded key (RFC 2104), of which the first 64 bits are kept.
PSEUDONYM_SQL = (
    "CAST('0x' || substr(sha256($outer_pad::BLOB || unhex(sha256($inner_pad::BLOB || "
    "encode(raw_id)))), 1, 16) AS UBIGINT)"
)


def workspace_key(workspace: Workspace) -> bytes:
    """The key of the workspace, made at first use.

    Raises:
        Failed: the key is gone while the vault is there (every pseudonym would change), it is
            not a key, or others may read it.
    """
    if not workspace.key.exists():
        if workspace.vault.exists() or any(workspace.landing.glob("*.json")):
            raise Failed(
                f"{workspace.key} is gone",
                expected="the key that this workspace's pseudonyms were made with",
                found="no such file",
                left="nothing was changed; the last publication is untouched",
                next_step="restore it from a backup: with a new key every customer_id would change",
            )
        written(workspace.key, secrets.token_hex(KEY_BYTES).encode() + b"\n", PRIVATE_FILE)
    mode = workspace.key.stat().st_mode & 0o777
    if mode & 0o077:
        raise Failed(
            f"{workspace.key} can be read by others",
            expected="mode 0600",
            found=f"mode {mode:04o}",
            left="nothing was changed",
            next_step=f"chmod 600 {workspace.key}",
        )
    try:
        key = bytes.fromhex(workspace.key.read_text(encoding="ascii").strip())
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise Failed(
            f"{workspace.key} is no key",
            expected=f"{2 * KEY_BYTES} hex digits",
            found="something else",
            left="nothing was changed",
            next_step="restore it from a backup",
        )
    return key


def fingerprint(key: bytes) -> str:
    """What may be told of a key: enough to see that two runs used one."""
    return hashlib.sha256(b"regulars key fingerprint" + key).hexdigest()[:16]


def attach(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Open the vault beside the warehouse as ``vault``; made, for its owner alone, when new."""
    if not path.exists():
        # DuckDB would make the file under the process's umask; the vault is private whatever it is.
        with duckdb.connect(path):
            pass
        path.chmod(PRIVATE_FILE)
    connection.execute(f"ATTACH {quoted(path)} AS vault")
    connection.execute(
        "CREATE TABLE IF NOT EXISTS vault.people "
        "(raw_id VARCHAR NOT NULL, customer_id UBIGINT NOT NULL)"
    )
    connection.execute(
        "CREATE TABLE IF NOT EXISTS vault.profiles "
        "(customer_id UBIGINT NOT NULL, name VARCHAR, phone VARCHAR, email VARCHAR)"
    )


def admit(
    connection: duckdb.DuckDBPyConnection,
    paths: Sequence[Path],
    export: Export,
    layout: Layout,
    *,
    key: bytes,
    anonymous_ids: tuple[str, ...],
) -> None:
    """Give every person that files of one layout name a pseudonym; keep what is the vault's.

    Committed by itself: the vault is ahead of the warehouse, never behind. Raises Failed when two
    people would share a pseudonym (about one chance in ten million at two million people).
    """
    if not persons(export, layout):
        return
    source = text_source(layout)
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE newcomers AS "
        f"SELECT raw_id, {PSEUDONYM_SQL} AS customer_id "
        f"FROM ({person_texts(export, layout, source)}) ANTI JOIN vault.people USING (raw_id)",
        {"path": [str(path) for path in paths], "anonymous_ids": list(anonymous_ids), **_pads(key)},
    )
    _refuse_shared_pseudonyms(connection)
    connection.execute("INSERT INTO vault.people SELECT raw_id, customer_id FROM newcomers")
    connection.execute("DROP TABLE newcomers")
    _keep_profiles(connection, paths, export, layout)


def readable(workspace: Workspace) -> pl.DataFrame:
    """Who each pseudonym is: one row a person, customer_id as it is published.

    Columns: customer_id, raw_id, name, phone, email; the last three null where no customers
    export gave them.
    """
    with duckdb.connect(workspace.vault, read_only=True) as connection:
        people: pl.DataFrame = connection.sql(
            "SELECT 'c1_' || lpad(lower(to_hex(customer_id)), 16, '0') AS customer_id, "
            "raw_id, name, phone, email FROM people LEFT JOIN profiles USING (customer_id)"
        ).pl()
    return people


def pseudonym_of(raw_id: str, *, key: bytes) -> int:
    """The pseudonym of a raw id, as ``PSEUDONYM_SQL`` makes it."""
    return int.from_bytes(hmac.digest(key, raw_id.encode(), "sha256")[:8], "big")


def texts_of_people(
    connection: duckdb.DuckDBPyConnection,
    texts: str,
    customer_ids: Collection[int],
    *,
    key: bytes,
    parameters: Mapping[str, object],
) -> set[str]:
    """Those of the texts (SQL with a column ``raw_id``) that have one of these pseudonyms."""
    rows = connection.execute(
        f"SELECT raw_id FROM ({texts}) WHERE raw_id IS NOT NULL "
        f"AND list_contains($customer_ids::UBIGINT[], {PSEUDONYM_SQL})",
        {**parameters, "customer_ids": sorted(customer_ids), **_pads(key)},
    ).fetchall()
    return {text for (text,) in rows}


def _keep_profiles(
    connection: duckdb.DuckDBPyConnection, paths: Sequence[Path], export: Export, layout: Layout
) -> None:
    kept = [c.name for c in export.columns if c.role == "vault" and c.name in layout.places]
    if not kept:
        return
    values = ", ".join(f"any_value({field(layout, name)}) AS {name}" for name in kept)
    raw_id = field(layout, "customer_id")
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE profiles_read AS "
        f"SELECT p.customer_id, {values} FROM {text_source(layout)} "
        f"JOIN vault.people AS p ON p.raw_id = {raw_id} GROUP BY p.customer_id",
        {"path": [str(path) for path in paths]},
    )
    connection.execute("BEGIN")
    connection.execute(
        "DELETE FROM vault.profiles WHERE customer_id IN (SELECT customer_id FROM profiles_read)"
    )
    connection.execute("INSERT INTO vault.profiles BY NAME SELECT * FROM profiles_read")
    connection.execute("COMMIT")
    connection.execute("DROP TABLE profiles_read")


def quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def _pads(key: bytes) -> dict[str, bytes]:
    block = key.ljust(_BLOCK_BYTES, b"\0")
    return {
        "inner_pad": bytes(byte ^ 0x36 for byte in block),
        "outer_pad": bytes(byte ^ 0x5C for byte in block),
    }


def _refuse_shared_pseudonyms(connection: duckdb.DuckDBPyConnection) -> None:
    shared = connection.execute(
        "SELECT count(*) FROM (SELECT customer_id FROM (SELECT customer_id FROM newcomers "
        "UNION ALL SELECT customer_id FROM vault.people SEMI JOIN newcomers USING (customer_id)) "
        "GROUP BY customer_id HAVING count(*) > 1)"
    ).fetchall()[0][0]
    if shared:
        raise Failed(
            f"{shared} pseudonyms would stand for two people each",
            expected="one pseudonym a person",
            found="a collision of 64-bit digests",
            left="nothing was loaded",
            next_step="move vault.key, vault.duckdb and warehouse.duckdb aside and run again: "
            "a new key makes new pseudonyms",
        )
