"""A customer who asked to be erased, in a real workspace: unguessable tokens stand for the person.

The yardstick is a workspace with the same key whose exports never had that customer's rows.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import signal
import string
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import polars as pl
import pytest

from regulars.data.chain import write_chain
from regulars.data.model_shelf import Origin, keep
from regulars.data.points import ERASURE_POINTS
from regulars.data.vault import workspace_key
from regulars.data.workspace import Workspace
from tests.flows.conftest import (
    Chain,
    Publication,
    Ran,
    Shell,
    copied,
    side_by_side,
    with_campaigns,
)
from tests.flows.test_privacy import Search, decoded

if TYPE_CHECKING:
    from collections.abc import Iterable

Published = Callable[[Workspace], Publication]
LINES_N = 1_500
FRIEND = "M00000021"
RAGGED = "transactions_2024-02.csv"


@dataclass(frozen=True)
class Planted:
    """A workspace that has a customer, by tokens, and one whose exports never had her."""

    workspace: Workspace
    without: Workspace
    raw_id: str
    name: str
    phone: str
    email: str
    pseudonym: str

    @property
    def tokens(self) -> set[str]:
        return {self.raw_id, self.name, self.phone, self.email}


def token() -> str:
    return "".join(secrets.choice(string.ascii_letters) for _ in range(16))


def digits() -> str:
    return "1" + "".join(secrets.choice(string.digits) for _ in range(15))


def files_of(workspace: Workspace, *, but: Iterable[str] = ("exports",)) -> dict[Path, bytes]:
    """Every file, links not followed, but those of some folders and the lock."""
    return {
        path.relative_to(workspace.root): path.read_bytes()
        for path in sorted(workspace.root.rglob("*"))
        if path.is_file()
        and path.relative_to(workspace.root).parts[0] not in {*but, ".lock", "published"}
    }


def still_there(planted: Planted, workspace: Workspace) -> list[str]:
    """Files outside exports/ that hold a token, whatever it is written as."""
    search = Search(planted.tokens)
    return [
        str(path) for path in files_of(workspace) if search.found(decoded(workspace.root / path))
    ]


def conservation(workspace: Workspace) -> list[tuple[int, ...]]:
    """Of each load: rows, erased; and what the law says of it, which is nothing."""
    with duckdb.connect(workspace.warehouse, read_only=True) as connection:
        return connection.execute(
            "SELECT rows_n, erased_n, rows_n - accepted_n - duplicate_n - quarantined_n "
            "- skipped_n - erased_n FROM loads ORDER BY load_id"
        ).fetchall()


@pytest.fixture(scope="module")
def planted(shell: Shell, tmp_path_factory: pytest.TempPathFactory) -> Planted:
    root = tmp_path_factory.mktemp("planted")
    write_chain(root / "chain", lines_n=LINES_N, seed=3)
    chain = Chain(root / "chain")
    workspace, without = chain.workspace(root / "shop"), chain.workspace(root / "without")
    lines = pl.read_csv(chain.file("2024-01"), infer_schema=False)
    chosen = lines["customer_id"].drop_nulls().value_counts().sort("count", "customer_id")
    before = chosen["customer_id"][-1]
    her = {"customer_id": token(), "name": token(), "phone": digits(), "email": token()}
    for shop in (workspace, without):
        folder, is_with = shop.exports, shop is workspace
        _planted_members(folder / "customers.csv", before, her, is_with=is_with)
        for path in folder.glob("transactions_*.csv"):
            _renamed(path, before, her["customer_id"], is_with=is_with)
        with_campaigns(shop)
        _add_refused_messages(folder / "contacts.csv", her, is_with=is_with)
        _add_refused(folder / RAGGED, her, is_with=is_with)
    ran = shell("run", "-w", workspace.root)
    assert (ran.code, ran.err) == (0, "")
    without.key.write_bytes(workspace.key.read_bytes())
    without.key.chmod(0o600)
    earlier = partial(shell, "run", "--as-of", "2024-02-15", "-w", workspace.root)
    others = side_by_side([earlier, partial(shell, "run", "-w", without.root)])
    # The worst that a model could be: one that learned her id by heart.
    origin = Origin(date(2024, 2, 12), {}, {}, "")
    keep(workspace, "toy", origin, {"seen": her["customer_id"]}, key=workspace_key(workspace))
    others.append(shell("export", "rfm", "--purpose", "a test", "-w", workspace.root))
    assert [ran.code for ran in others] == [0, 0, 0]
    with duckdb.connect(workspace.vault, read_only=True) as vault:
        ((number,),) = vault.execute(
            "SELECT customer_id FROM people WHERE raw_id = $1", [her["customer_id"]]
        ).fetchall()
    return Planted(
        workspace,
        without,
        her["customer_id"],
        her["name"],
        her["phone"],
        her["email"],
        f"c1_{number:016x}",
    )


def _planted_members(path: Path, before: str, her: dict[str, str], *, is_with: bool) -> None:
    """Her entry, by tokens, and a friend whom she referred."""
    members = pl.read_csv(path, infer_schema=False).with_columns(
        referrer_id=pl.when(pl.col("customer_id") == FRIEND).then(pl.lit(her["customer_id"]))
    )
    is_her = pl.col("customer_id") == before
    if is_with:
        members = members.with_columns(
            pl.when(is_her).then(pl.lit(text)).otherwise(name).alias(name)
            for name, text in her.items()
        )
    else:
        members = members.filter(~is_her).with_columns(referrer_id=pl.lit(None, pl.String))
    members.write_csv(path)


def _renamed(path: Path, before: str, after: str, *, is_with: bool) -> None:
    lines = pl.read_csv(path, infer_schema=False)
    is_her = (pl.col("customer_id") == before).fill_null(False)
    if is_with:
        renamed = pl.when(is_her).then(pl.lit(after)).otherwise("customer_id")
        lines.with_columns(customer_id=renamed).write_csv(path)
    else:
        lines.filter(~is_her).write_csv(path)


def _add_refused(path: Path, her: dict[str, str], *, is_with: bool) -> None:
    """Rows that are refused: two of a friend, and hers in every way that a row can break."""
    rows = [
        f"O1,1,{FRIEND},2024-02-01 10:00:00,much,1,1,0,P1,S1,store,false,\n",
        f"O2,1,{FRIEND},2024-02-01 10:00:00,1.00,1,1,0,P1,S1,store,false,,,x\n",
    ]
    if is_with:
        rows += [
            f"O3,1,{her['customer_id']},2024-02-01 10:00:00,much,1,1,0,P1,S1,store,false,\n",
            f"O4,1,{her['customer_id']},2024-02-01 10:00:00,1.00,1,1,0,P1,S1,store,false,,,x\n",
            f"O5,1,2024-02-01 10:00:00,{her['customer_id']},1.00,1,1,0,P1,S1,store,false,\n",
            f"O6,1,,2024-02-01 10:00:00,1.00,1,1,0,P1,S1,store,{her['phone']},\n",
            f"O7,1,{her['email']}\n",
        ]
    with path.open("a", encoding="utf-8") as file:
        file.writelines(rows)


def _add_refused_messages(path: Path, her: dict[str, str], *, is_with: bool) -> None:
    with path.open("a", encoding="utf-8") as file:
        for customer in [FRIEND, *([her["customer_id"]] if is_with else [])]:
            file.write(f"C2,{customer},2024-02-01 10:00:00,maybe,0.05\n")


@dataclass(frozen=True)
class Erased:
    """The workspace after the command, what it held before, and all that was printed."""

    workspace: Workspace
    before: Publication
    then: Publication
    dry: Ran
    meant: Ran


@pytest.fixture(scope="module")
def erased(
    planted: Planted,
    shell: Shell,
    published: Published,
    tmp_path_factory: pytest.TempPathFactory,
) -> Erased:
    workspace = copied(planted.workspace, tmp_path_factory.mktemp("erased") / "shop")
    before, files = published(workspace), files_of(workspace, but=())
    dry = shell("forget", planted.raw_id, "--json", "-w", workspace.root)
    assert files_of(workspace, but=()) == files
    meant = shell("forget", planted.pseudonym, "--yes", "-w", workspace.root)
    return Erased(workspace, before, published(workspace), dry, meant)


def test_without_yes_it_says_what_would_go_and_the_command_that_does_it(
    planted: Planted, erased: Erased
) -> None:
    assert erased.dry.code == 0
    facts = erased.dry.facts
    assert facts["is_erased"] is False
    assert facts["customer_id"] == planted.pseudonym
    assert facts["next_step"].endswith(f"{planted.pseudonym} --yes")
    assert (facts["vault_entries_n"], facts["landed_referrals_n"]) == (1, 1)
    assert (facts["quarantine_rows_n"], facts["runs_n"], facts["run_rows_n"]) == (6, 2, 8)
    assert (facts["warehouse_contacts_n"], facts["warehouse_coupons_n"]) == (1, 1)
    assert facts["models_n"] == 1
    assert facts["landed_rows_n"] == facts["warehouse_lines_n"] + 1 + 1 + 6 + 1
    assert facts["revealed_files"] == [path.name for path in planted.workspace.revealed.iterdir()]
    assert "exports/customers.csv" in facts["sources"]


def test_no_byte_outside_the_exports_holds_the_customer_and_nothing_printed_does(
    planted: Planted, erased: Erased
) -> None:
    assert (erased.meant.code, erased.meant.err) == (0, "")
    held = {Path(path).parts[0] for path in still_there(planted, planted.workspace)}
    assert {"landing", "models", "quarantine", "revealed"} <= held
    assert still_there(planted, erased.workspace) == []
    printed = "".join(ran.out + ran.err for ran in (erased.dry, erased.meant))
    assert Search(planted.tokens).found(printed.encode()) == set()


def test_the_pseudonym_is_left_in_the_logs_alone(planted: Planted, erased: Erased) -> None:
    holders = [
        str(path)
        for path in files_of(erased.workspace)
        if planted.pseudonym.encode() in decoded(erased.workspace.root / path)
    ]
    assert holders == ["audit.jsonl", "decisions.jsonl"]
    entries = [
        json.loads(line)
        for line in erased.workspace.decisions.read_text(encoding="utf-8").splitlines()
    ]
    assert [entry["decision"] for entry in entries[-2:]] == ["tombstone", "erased"]
    audited = json.loads(erased.workspace.audit.read_text(encoding="utf-8").splitlines()[-1])
    assert (audited["action"], audited["customer_id"]) == ("forget", planted.pseudonym)
    assert audited["landed_rows_n"] == erased.dry.facts["landed_rows_n"]
    assert audited["by"]
    assert audited["at"]


def test_what_is_published_loses_the_customers_rows_and_nothing_else(
    planted: Planted, erased: Erased
) -> None:
    assert erased.then.link == erased.before.link
    of_customers = {
        f"{name}.parquet" for name in ("rfm", "customers", "lifetime_value", "churn_risk")
    }
    for name in erased.before.files.keys() - {"manifest.json", *of_customers}:
        assert erased.then.files[name] == erased.before.files[name], name
    for name in of_customers:
        kept = pl.read_parquet(erased.before.files[name]).filter(
            pl.col("customer_id") != planted.pseudonym
        )
        assert pl.read_parquet(erased.then.files[name]).equals(kept), name
        assert pl.read_parquet_metadata(erased.then.files[name]) == pl.read_parquet_metadata(
            erased.before.files[name]
        )
    assert "redacted_at" in erased.then.manifest
    for file in erased.then.manifest["files"]:
        assert hashlib.sha256(erased.then.files[file["name"]]).hexdigest() == file["sha256"]


def test_every_row_of_every_file_is_accounted_for(planted: Planted, erased: Erased) -> None:
    before, then = conservation(planted.workspace), conservation(erased.workspace)

    assert [row[0] for row in then] == [row[0] for row in before]
    assert {row[2] for row in then} == {0}
    assert sum(row[1] for row in then) == erased.dry.facts["landed_rows_n"]


def test_the_next_run_is_that_of_a_chain_that_never_had_the_customer(
    planted: Planted, erased: Erased, shell: Shell, published: Published, tmp_path: Path
) -> None:
    workspace = copied(erased.workspace, tmp_path / "shop")
    rebuilt = copied(erased.workspace, tmp_path / "rebuilt")
    rebuilt.warehouse.unlink()

    for shop, ran in zip(
        (workspace, rebuilt),
        side_by_side([partial(shell, "run", "-w", one.root) for one in (workspace, rebuilt)]),
        strict=True,
    ):
        assert (ran.code, ran.err) == (0, "")
        assert published(shop).manifest["run_id"] == published(planted.without).manifest["run_id"]
        assert published(shop).tables == published(planted.without).tables
        # The exports still hold the customer, and were landed once more.
        assert still_there(planted, shop) == []


def test_what_is_delivered_later_comes_in_without_the_customer(
    planted: Planted, erased: Erased, shell: Shell, tmp_path: Path
) -> None:
    workspace = copied(erased.workspace, tmp_path / "shop")
    header = (workspace.exports / RAGGED).read_text(encoding="utf-8").splitlines()[0]
    rows = [
        f"N1,1,{planted.raw_id},2024-03-30 10:00:00,1.00,1,1,0,P1,S1,store,false,",
        f"N2,1,{FRIEND},2024-03-30 10:00:00,2.00,1,2,0,P1,S1,store,false,",
        f"N3,1,{planted.raw_id},2024-03-30 10:00:00,1.00,1,1,0,P1,S1,store,false,,,x",
        f"N4,1,2024-03-30 10:00:00,{planted.raw_id},1.00,1,1,0,P1,S1,store,false,",
        f"N5,1,{FRIEND},never,2.00,1,2,0,P1,S1,store,false,",
    ]
    late = workspace.exports / "transactions_2024-04.csv"
    late.write_text("".join(f"{row}\n" for row in [header, *rows]), encoding="utf-8")

    ran = shell("ingest", "-w", workspace.root, "--json")

    (loaded,) = ran.facts["loaded"]
    counts = ("rows_n", "accepted_n", "quarantined_n", "erased_n")
    assert [loaded[name] for name in counts] == [5, 1, 1, 3]
    assert [first_line for *_, first_line in loaded["refusals"]] == [6]
    assert still_there(planted, workspace) == []


@pytest.mark.parametrize("called", ["raw_id", "phone", "email"])
def test_a_customer_is_found_by_what_the_vault_knows(
    planted: Planted, shell: Shell, called: str
) -> None:
    ran = shell("forget", getattr(planted, called), "-w", planted.workspace.root, "--json")
    assert ran.facts["customer_id"] == planted.pseudonym


def test_somebody_unknown_is_refused_and_not_repeated(planted: Planted, shell: Shell) -> None:
    unknown = token()
    ran = shell("forget", unknown, "--yes", "-w", planted.workspace.root)

    assert ran.code == 2
    assert "next: " in ran.err
    assert unknown not in ran.out + ran.err


@dataclass(frozen=True)
class Death:
    """An erasure that was killed, what ended it, and what was left."""

    killed: Ran
    again: Ran
    there: list[str]
    seen: Publication
    rows: list[tuple[int, ...]]


@pytest.fixture(scope="module")
def deaths(
    planted: Planted, shell: Shell, published: Published, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Death]:
    """Killed at each point; then ended by the same command or, every other time, by an ingest."""
    root = tmp_path_factory.mktemp("deaths")

    def died(place: int, point: str) -> Death:
        workspace = copied(planted.workspace, root / point)
        command = ("forget", planted.raw_id, "--yes", "-w", workspace.root)
        killed = shell(*command, variables={"REGULARS_KILL_AT": point})
        again = shell(*(command if place % 2 else ("ingest", "-w", workspace.root)))
        there = still_there(planted, workspace)
        return Death(killed, again, there, published(workspace), conservation(workspace))

    jobs = [partial(died, place, point) for place, point in enumerate(ERASURE_POINTS)]
    return dict(zip(ERASURE_POINTS, side_by_side(jobs), strict=True))


@pytest.mark.parametrize("point", ERASURE_POINTS)
@pytest.mark.fault("F01")
def test_an_erasure_killed_at_a_point_is_ended_by_whoever_comes_next(
    deaths: dict[str, Death], erased: Erased, point: str
) -> None:
    death = deaths[point]

    assert death.killed.code == -signal.SIGKILL
    assert (death.again.code, death.again.err) == (0, "")
    assert death.there == []
    assert death.rows == conservation(erased.workspace)
    assert death.seen.tables == erased.then.tables
    for file in death.seen.manifest["files"]:
        assert hashlib.sha256(death.seen.files[file["name"]]).hexdigest() == file["sha256"]
