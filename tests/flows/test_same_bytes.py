"""Same input, same bytes; and a chain loaded month by month is the chain loaded at once."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from regulars.data.workspace import Workspace

if TYPE_CHECKING:
    from tests.flows.conftest import Chain, Publication, Shell

Together = Callable[[Sequence[Callable[[], Any]]], list[Any]]
FIRST_MONTHS, NEXT_MONTH = ("2024-01", "2024-02", "2024-03"), "2024-04"


def renamed(workspace: Workspace) -> None:
    """Other names, and so another order."""
    files = sorted(workspace.exports.glob("transactions_*.csv"))
    for number, path in enumerate(files):
        path.rename(path.with_name(f"transactions_{'zyx'[number]}.csv"))


def shuffled(workspace: Workspace) -> None:
    """Rows of all months dealt out anew among the files, and the lists turned round."""
    dice = random.Random(11)
    files = sorted(workspace.exports.glob("transactions_*.csv"))
    contents = [path.read_text(encoding="utf-8").splitlines(keepends=True) for path in files]
    rows = [row for content in contents for row in content[1:]]
    dice.shuffle(rows)
    for number, path in enumerate(files):
        path.write_text(contents[0][0] + "".join(rows[number :: len(files)]), encoding="utf-8")
    for path in set(workspace.exports.iterdir()) - set(files):
        header, *lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        path.write_text(header + "".join(reversed(lines)), encoding="utf-8")


def with_threads(workspace: Workspace, threads_n: int) -> None:
    with workspace.settings_file.open("a", encoding="utf-8") as settings:
        settings.write(f"\n[resources]\nthreads = {threads_n}\n")


def with_key_of(workspace: Workspace, other: Workspace) -> None:
    shutil.copy2(other.key, workspace.key)


@pytest.mark.fault("F24")
def test_neither_names_nor_order_nor_threads_nor_the_hosts_zone_change_a_byte(
    shell: Shell,
    chain: Chain,
    shop: Workspace,
    published: Callable[[Workspace], Publication],
    together: Together,
    tmp_path: Path,
) -> None:
    def made(name: str, zone: str, threads_n: int, *changes: Callable[[Workspace], None]) -> Any:
        workspace = chain.workspace(tmp_path / name)
        with_key_of(workspace, shop)
        with_threads(workspace, threads_n)
        for change in changes:
            change(workspace)
        assert shell("run", "-w", workspace.root, variables={"TZ": zone}).code == 0
        return published(workspace)

    variants = together(
        [
            lambda: made("renamed", "Asia/Shanghai", 1, renamed),
            lambda: made("shuffled", "America/St_Johns", 2, shuffled),
            lambda: made("both", "UTC", 2, shuffled, renamed),
        ]
    )

    usual = published(shop)
    for variant in variants:
        assert variant.tables == usual.tables
        assert variant.manifest["run_id"] == usual.manifest["run_id"]
    assert len(usual.tables) == 11
    assert variants[0].files["loads.parquet"] != usual.files["loads.parquet"]


@pytest.mark.fault("F09")
def test_the_same_files_again_add_nothing_and_the_run_is_used_again(
    shell: Shell, own_shop: Workspace, published: Callable[[Workspace], Publication]
) -> None:
    before = published(own_shop)
    shutil.copy(
        own_shop.exports / "transactions_2024-01.csv", own_shop.exports / "transactions_copy.csv"
    )

    ingested = shell("ingest", "-w", own_shop.root, "--json").facts
    ran = shell("run", "-w", own_shop.root)

    assert (ingested["loaded"], len(ingested["already_loaded"])) == ([], 7)
    assert "7 files loaded before: nothing added" in ran.out
    assert "same data and settings as before" in ran.out
    assert published(own_shop) == before


@pytest.mark.fault("F26")
def test_month_by_month_is_all_at_once(
    shell: Shell,
    chain: Chain,
    own_shop: Workspace,
    published: Callable[[Workspace], Publication],
    together: Together,
    tmp_path: Path,
) -> None:
    at_once = chain.workspace(tmp_path / "at-once", (*FIRST_MONTHS, NEXT_MONTH))
    with_key_of(at_once, own_shop)
    chain.add(own_shop, NEXT_MONTH)

    ran = together([partial(shell, "run", "-w", w.root) for w in (own_shop, at_once)])

    assert [done.code for done in ran] == [0, 0]
    grown, whole = published(own_shop), published(at_once)
    assert grown.tables == whole.tables
    assert grown.manifest["run_id"] == whole.manifest["run_id"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[exports.transactions]", 'anonymous_ids = ["M00000017"]\n[exports.transactions]'),
        ("[exports.transactions]", 'day_starts_at = "11:00"\n[exports.transactions]'),
        (
            "[exports.transactions]",
            'order_key = ["store_id", "ordered_on", "order_id"]\n[exports.transactions]',
        ),
        ('time_zone = "Asia/Shanghai"', 'time_zone = "Asia/Tokyo"'),
    ],
    ids=["anonymous ids", "start of the day", "order key", "time zone"],
)
def test_other_reading_settings_have_the_landed_files_read_again(
    shell: Shell, chain: Chain, own_shop: Workspace, tmp_path: Path, old: str, new: str
) -> None:
    rows_before = shell("status", "-w", own_shop.root, "--json").facts["rows_accepted_n"]
    text = own_shop.settings_file.read_text(encoding="utf-8").replace(old, new, 1)
    fresh = chain.workspace(tmp_path / "fresh")
    with_key_of(fresh, own_shop)
    for workspace in (own_shop, fresh):
        workspace.settings_file.write_text(text, encoding="utf-8")

    again = shell("ingest", "-w", own_shop.root, "--json").facts
    anew = shell("ingest", "-w", fresh.root, "--json").facts

    assert len(again["loaded"]) == len(anew["loaded"]) == 6
    assert again["accepted_n"] == anew["accepted_n"] == rows_before
    assert lines(own_shop) == lines(fresh)


def lines(workspace: Workspace) -> list[Any]:
    """The warehouse's lines, orders and returns, each table as two numbers."""
    with duckdb.connect(workspace.warehouse, read_only=True) as connection:
        return [
            connection.execute(
                f"SELECT count(*), sum(hash(row)) FROM (SELECT t AS row FROM {rows} AS t)"
            ).fetchall()
            for rows in ("(SELECT * EXCLUDE (load_id) FROM lines)", "orders", "returns")
        ]
