"""No raw identifier leaves the exports, landing, quarantine, vault and the lists asked for.

Every identifier of the exports is replaced by an unguessable token; then everything else is
decoded and searched for each of them, plain, in UTF-16, in hex and in base64.
"""

from __future__ import annotations

import base64
import json
import re
import secrets
import shutil
import string
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from regulars.data.workspace import Workspace
from tests.flows.conftest import with_campaigns, with_feedback

if TYPE_CHECKING:
    from tests.flows.conftest import Chain, Ran, Shell

PRIVATE = ("exports", "landing", "quarantine", "revealed", "vault.duckdb", "vault.key")
TOKEN_LENGTH = 16
IDENTIFIERS = ("customer_id", "name", "phone", "email", "referrer_id")


class Search:
    """Finds tokens in bytes, whatever they were written as."""

    def __init__(self, tokens: set[str]) -> None:
        self._forms: dict[int, dict[bytes, str]] = {}
        for token in tokens:
            for form in _spellings(token.encode()):
                self._forms.setdefault(len(form), {})[form] = token

    def found(self, content: bytes) -> set[str]:
        # Without its zero bytes, text in UTF-16 is plain text.
        variants = (content, content.replace(b"\0", b"")) if b"\0" in content else (content,)
        return {
            forms[window]
            for variant in variants
            for length, forms in self._forms.items()
            for run in re.findall(rb"[A-Za-z0-9+/]{%d,}" % length, variant)
            for at in range(len(run) - length + 1)
            if (window := run[at : at + length]) in forms
        }


def _spellings(token: bytes) -> Iterator[bytes]:
    yield token
    yield token.hex().encode()
    yield token.hex().upper().encode()
    for before in range(3):
        coded = base64.b64encode(b"\0" * before + token)
        # What is certain, whatever stands before and after the token.
        yield coded[-(-before * 8 // 6) : (before + len(token)) * 8 // 6]


def decoded(path: Path) -> bytes:
    """All that a file says: its bytes, and what they say to those who can read them."""
    content = path.read_bytes()
    if content[:4] == b"PAR1":
        return content + b"\n" + _parquet(path)
    if content[8:12] == b"DUCK":
        return content + b"\n" + _database(path)
    return content


def _parquet(path: Path) -> bytes:
    file = pq.ParquetFile(path)
    texts = [str(file.metadata.metadata), str(file.schema_arrow), str(file.schema_arrow.metadata)]
    for group in range(file.metadata.num_row_groups):
        for column in range(file.metadata.num_columns):
            texts.append(str(file.metadata.row_group(group).column(column)))
    texts.append(json.dumps(file.read().to_pydict(), default=str, ensure_ascii=False))
    strings = [field.name for field in file.schema_arrow if field.type == pa.string()]
    for chunks in pq.read_table(path, read_dictionary=strings).select(strings):
        texts += [str(chunk.dictionary.to_pylist()) for chunk in chunks.chunks]
    return "\n".join(texts).encode()


def _database(path: Path) -> bytes:
    with duckdb.connect(path, read_only=True) as connection:
        tables = [row[0] for row in connection.execute("SHOW TABLES").fetchall()]
        rows = [connection.execute(f'FROM "{table}"').fetchall() for table in tables]
        return json.dumps(rows, default=str, ensure_ascii=False).encode()


def public_files(workspace: Workspace) -> list[Path]:
    return [
        path
        for path in sorted(workspace.root.rglob("*"))
        if path.is_file() and path.relative_to(workspace.root).parts[0] not in PRIVATE
    ]


@dataclass(frozen=True)
class Planted:
    """A workspace whose identifiers are tokens, and all that commands in it printed."""

    workspace: Workspace
    tokens: set[str]
    said: set[str]
    printed: list[Ran]


@pytest.fixture(scope="module")
def planted(shell: Shell, chain: Chain, tmp_path_factory: pytest.TempPathFactory) -> Planted:
    workspace = chain.workspace(tmp_path_factory.mktemp("planted") / "shop")
    with_campaigns(workspace)
    said = with_feedback(workspace)
    tokens = _replace_identifiers(workspace)
    _add_rows_to_refuse(workspace, sorted(tokens)[:6])
    ran = shell("run", "-w", workspace.root, "--json")
    assert ran.code == 0
    assert ran.facts["ingested"]["quarantined_n"] == 6 + 6
    printed = [ran, *(shell(name, "-w", workspace.root) for name in ("run", "status", "doctor"))]
    lost_header = workspace.exports / "transactions_2024-05.csv"
    lost_header.write_text(
        "".join(
            (workspace.exports / "transactions_2024-01.csv").open(encoding="utf-8").readlines()[1:]
        )
    )
    printed += [shell(name, "-w", workspace.root) for name in ("run", "doctor")]
    assert [done.code for done in printed[-2:]] == [3, 1]
    lost_header.unlink()
    printed.append(shell("export", "rfm", "--purpose", "a test", "-w", workspace.root))
    assert printed[-1].code == 0
    member = pl.read_csv(workspace.exports / "customers.csv", infer_schema=False)["customer_id"][0]
    printed.append(shell("explain", member, "-w", workspace.root, "--json"))
    assert printed[-1].code == 0
    return Planted(workspace, tokens, said, printed)


def _replace_identifiers(workspace: Workspace) -> set[str]:
    letters = string.ascii_letters + string.digits
    tokens: dict[str, str] = {}
    for path in workspace.exports.glob("*.csv"):
        if path.name in ("products.csv", "stores.csv"):
            continue
        frame = pl.read_csv(path, infer_schema=False)
        columns = [name for name in IDENTIFIERS if name in frame.columns]
        for value in (
            pl.concat([frame[name].alias("value") for name in columns]).drop_nulls().unique()
        ):
            tokens.setdefault(value, "".join(secrets.choice(letters) for _ in range(TOKEN_LENGTH)))
        frame.with_columns(pl.col(columns).replace(tokens)).write_csv(path)
    return set(tokens.values())


def _add_rows_to_refuse(workspace: Workspace, tokens: list[str]) -> None:
    with (workspace.exports / "transactions_2024-02.csv").open("a", encoding="utf-8") as file:
        file.write(f"O1,1,{tokens[0]},2024-02-01 10:00:00,much,1,1,0,P1,S1,store,false,\n")
        file.write(f"O2,1,{tokens[1]},{tokens[1]},1.00,1,1,0,P1,S1,store,false,\n")
        file.write(
            f"O3,1,{tokens[2]},2024-02-01 10:00:00,1.00,1,1,0,P1,S1,store,false,,,{tokens[3]}\n"
        )
        file.write(f'O4,1,"{tokens[4]}\n')
    with (workspace.exports / "contacts.csv").open("a", encoding="utf-8") as file:
        file.write(f"C1,{tokens[0]},2024-02-01 10:00:00,{tokens[5]},0.05\n")
    with (workspace.exports / "coupons.csv").open("a", encoding="utf-8") as file:
        file.write(f"K1,2024-02-30,{tokens[1]},O1,5.00\n")


def test_no_file_outside_the_private_ones_holds_an_identifier(planted: Planted) -> None:
    search = Search(planted.tokens)
    files = public_files(planted.workspace)

    names = {path.name for path in files}
    assert {
        "rfm.parquet",
        "report.html",
        "manifest.json",
        "warehouse.duckdb",
        "audit.jsonl",
    } <= names
    assert [path.name for path in files if search.found(decoded(path))] == []


@pytest.mark.fault("P12")
def test_what_tells_a_person_in_feedback_is_in_no_file_outside_the_private_ones(
    planted: Planted,
) -> None:
    search = Search(planted.said)
    files = public_files(planted.workspace)

    assert [path.name for path in files if search.found(decoded(path))] == []
    landed = [path for path in planted.workspace.landing.rglob("*") if path.is_file()]
    assert set().union(*(search.found(decoded(path)) for path in landed)) == planted.said
    printed = "".join(ran.out + ran.err for ran in planted.printed)
    assert search.found(printed.encode()) == set()


def test_nothing_printed_holds_an_identifier(planted: Planted) -> None:
    search = Search(planted.tokens)

    assert [search.found((ran.out + ran.err).encode()) for ran in planted.printed] == [
        set() for _ in planted.printed
    ]


def test_the_private_files_hold_them_and_are_their_owners_alone(planted: Planted) -> None:
    search = Search(planted.tokens)
    root = planted.workspace.root

    for name in ("landing", "quarantine", "revealed"):
        files = [path for path in (root / name).rglob("*") if path.is_file()]
        assert set().union(*(search.found(decoded(path)) for path in files))
        assert {path.stat().st_mode & 0o777 for path in files} == {0o600}
    assert search.found(decoded(root / "vault.duckdb"))
    modes = {path.name: path.stat().st_mode & 0o777 for path in root.iterdir() if path.is_file()}
    private = {"vault.duckdb", "vault.key", "warehouse.duckdb", "audit.jsonl"}
    assert {modes[name] for name in private} == {0o600}


def _in_parquet(path: Path, token: str) -> None:
    pl.DataFrame({"segment": ["x" * 50, token] * 9}).write_parquet(path, compression="zstd")


def _in_footer(path: Path, token: str) -> None:
    table = pa.table({"n": [1]}).replace_schema_metadata({"who": token})
    pq.write_table(table, path)


def _in_database(path: Path, token: str) -> None:
    with duckdb.connect(path) as connection:
        connection.execute("CREATE TABLE people AS SELECT $1 AS who FROM range(5000)", [token])


@pytest.mark.parametrize(
    "spot",
    [
        _in_parquet,
        _in_footer,
        _in_database,
        lambda path, token: path.write_text(f"<p>{token}</p>"),
        lambda path, token: path.write_text(json.dumps({"who": token}), encoding="utf-16"),
        lambda path, token: path.write_text(f"id={token.encode().hex()};"),
        lambda path, token: path.write_bytes(base64.b64encode(f"id {token} is".encode())),
    ],
    ids=["parquet", "footer", "database", "page", "utf-16", "hex", "base64"],
)
def test_the_search_finds_a_planted_spot(
    tmp_path: Path, spot: Callable[[Path, str], object]
) -> None:
    token = "Zq3" + secrets.token_hex(7)[:13]
    path = tmp_path / "spot"
    spot(path, token)

    assert Search({token}).found(decoded(path)) == {token}


def test_a_copy_with_one_bad_spot_is_caught(planted: Planted, tmp_path: Path) -> None:
    copy = Workspace(tmp_path / "shop")
    shutil.copytree(planted.workspace.root, copy.root, symlinks=True)
    token = min(planted.tokens)
    table = copy.published.resolve() / "segments.parquet"
    pl.read_parquet(table).with_columns(segment=pl.lit(token)).write_parquet(table)

    search = Search(planted.tokens)
    found = {path.name: search.found(decoded(path)) for path in public_files(copy)}
    assert {name for name, tokens in found.items() if tokens} == {"segments.parquet"}
