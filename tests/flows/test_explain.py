"""``regulars explain``: whom an id means, what is told, and what is left alone."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import polars as pl
import pytest

from regulars.data.chain import write_chain
from regulars.data.lock import held
from regulars.data.vault import readable
from regulars.data.workspace import Workspace
from tests.flows.conftest import Chain, copied

if TYPE_CHECKING:
    from tests.flows.conftest import Shell


def content(workspace: Workspace) -> dict[str, bytes]:
    return {
        str(path.relative_to(workspace.root)): path.read_bytes()
        for path in workspace.root.rglob("*")
        if path.is_file()
    }


@pytest.fixture(scope="module")
def scored(shell: Shell, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A published chain that is large enough for risks."""
    root = tmp_path_factory.mktemp("scored")
    write_chain(root / "chain", lines_n=40_000, seed=7)
    workspace = Chain(root / "chain").workspace(root / "shop")
    ran = shell("run", "-w", workspace.root)
    assert (ran.code, ran.err) == (0, "")
    return workspace


@pytest.fixture(scope="module")
def regular(scored: Workspace) -> dict[str, str]:
    """A customer who has a risk and a reason: by pseudonym, raw id and phone."""
    risks = pl.read_parquet(scored.published / "churn_risk.parquet")
    asked = risks.filter(pl.col("reason_1").is_not_null()).sort("churn_risk", "customer_id")
    people = readable(scored).filter(
        pl.col("phone").is_first_distinct() & pl.col("phone").is_unique()
    )
    return dict(asked.join(people, on="customer_id", maintain_order="left").row(-1, named=True))


@pytest.fixture(scope="module")
def late(shell: Shell, shop: Workspace, tmp_path_factory: pytest.TempPathFactory) -> tuple:
    """The shop with a customer whose line came after the run, by an unguessable id."""
    workspace = copied(shop, tmp_path_factory.mktemp("late") / "shop")
    first = next(iter(sorted(workspace.exports.glob("transactions_*.csv"))))
    rows = pl.read_csv(first, infer_schema=False)
    token = secrets.token_hex(8)
    bought = rows.head(1).with_columns(
        customer_id=pl.lit(token), order_id=pl.lit("LATE-1"), line_id=pl.lit("1")
    )
    bought.select(rows.columns).write_csv(workspace.exports / "transactions_late.csv")
    ran = shell("ingest", "-w", workspace.root, "--accept", "volume")
    assert ran.code == 0, ran.err
    return workspace, token


def test_pseudonym_raw_id_and_phone_tell_the_same_story_of_the_published_row(
    shell: Shell, scored: Workspace, regular: dict[str, str]
) -> None:
    by_pseudonym = shell("explain", regular["customer_id"], "-w", scored.root, "--json")
    assert (by_pseudonym.code, by_pseudonym.err) == (0, "")
    for name in ("raw_id", "phone"):
        asked = shell("explain", regular[name], "-w", scored.root, "--json")
        assert asked.out == by_pseudonym.out
        assert regular[name] not in asked.out + asked.err
    facts = by_pseudonym.facts
    assert facts["customer_id"] == regular["customer_id"]
    assert facts["churn_risk"] == regular["churn_risk"]
    assert [one["reason"] for one in facts["reasons"]] == [
        code for n in (1, 2, 3) if (code := regular[f"reason_{n}"])
    ]


def test_what_is_printed_is_the_story(
    shell: Shell, scored: Workspace, regular: dict[str, str]
) -> None:
    told = shell("explain", regular["customer_id"], "-w", scored.root)
    facts = shell("explain", regular["customer_id"], "-w", scored.root, "--json").facts
    assert told.out.splitlines() == facts["story"]
    # The chain's language is Chinese.
    assert told.out.startswith(f"{regular['customer_id']}（截至 {facts['as_of']}）\n")


def test_it_waits_for_nobody_and_leaves_everything_as_it_is(
    shell: Shell, own_shop: Workspace
) -> None:
    someone = readable(own_shop).sort("raw_id")["raw_id"][0]
    before = content(own_shop)
    with held(own_shop, "a run", wait_seconds=0), duckdb.connect(own_shop.vault):
        asked = shell("explain", someone, "-w", own_shop.root)
        unknown = shell("explain", "nobody", "-w", own_shop.root, "--json")
    assert asked.code == 0, asked.err
    assert (unknown.code, unknown.facts["error"]) == (5, "Busy")
    after = content(own_shop)
    assert {name for name in {*before, *after} if before.get(name) != after.get(name)} <= {".lock"}


def test_nobody_is_told_apart_without_repeating_who_was_asked_for(
    shell: Shell, shop: Workspace
) -> None:
    token = secrets.token_hex(8)
    asked = shell("explain", token, "-w", shop.root, "--json")
    assert asked.code == 2
    assert "knows no such customer" in asked.facts["what"]
    assert token not in asked.out + asked.err


def test_who_came_after_the_run_is_known_and_not_in_it(
    shell: Shell, late: tuple[Workspace, str]
) -> None:
    workspace, token = late
    asked = shell("explain", token, "-w", workspace.root, "--json")
    assert asked.code == 2
    assert "known, and not in the published run" in asked.facts["what"]
    assert asked.facts["next_step"].startswith(f"regulars run --workspace {workspace.root}")
    assert token not in asked.out + asked.err


def test_who_was_erased_is_said_to_be(
    shell: Shell, late: tuple[Workspace, str], tmp_path: Path
) -> None:
    workspace, token = copied(late[0], tmp_path / "shop"), late[1]
    assert shell("forget", token, "--yes", "-w", workspace.root).code == 0
    asked = shell("explain", token, "-w", workspace.root, "--json")
    assert (asked.code, asked.facts["what"]) == (2, "this customer was erased")


def test_before_the_first_publication_there_is_nothing_to_tell(
    shell: Shell, chain: Chain, tmp_path: Path
) -> None:
    workspace = chain.workspace(tmp_path / "new")
    asked = shell("explain", "c1_00000000000000ff", "-w", workspace.root, "--json")
    assert asked.code == 3
    assert "nothing is published yet" in asked.facts["what"]
