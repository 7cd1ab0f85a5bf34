"""Killed at any named point, a run leaves what was published, and the next run completes."""

from __future__ import annotations

import hashlib
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from regulars.data.points import POINTS
from regulars.data.workspace import Workspace

if TYPE_CHECKING:
    from tests.flows.conftest import Chain, Publication, Ran, Shell


@dataclass(frozen=True)
class Death:
    """A run killed at a point, what a reader then saw, and the run after it."""

    killed: Ran
    seen: Publication
    next_run: Ran
    then_seen: Publication
    leftovers: list[str]


@pytest.fixture(scope="module")
def waiting(shop: Workspace, chain: Chain, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The shop with a later month and a corrected file in its exports, not yet loaded."""
    workspace = Workspace(tmp_path_factory.mktemp("waiting") / "shop")
    shutil.copytree(shop.root, workspace.root, symlinks=True)
    chain.add(workspace, "2024-04")
    path = workspace.exports / "transactions_2024-03.csv"
    header, first, *rest = path.read_text(encoding="utf-8").splitlines(keepends=True)
    cells = first.split(",")
    cells[4] = f"1{cells[4]}"
    path.write_text(header + ",".join(cells) + "".join(rest), encoding="utf-8")
    return workspace


@pytest.fixture(scope="module")
def unharmed(
    waiting: Workspace,
    shell: Shell,
    published: Callable[[Workspace], Publication],
    tmp_path_factory: pytest.TempPathFactory,
) -> Publication:
    """What a run gives that nobody kills."""
    workspace = Workspace(tmp_path_factory.mktemp("unharmed") / "shop")
    shutil.copytree(waiting.root, workspace.root, symlinks=True)
    assert shell("run", "-w", workspace.root).code == 0
    return published(workspace)


@pytest.fixture(scope="module")
def deaths(
    waiting: Workspace,
    shell: Shell,
    published: Callable[[Workspace], Publication],
    together: Callable[[Sequence[Callable[[], Any]]], list[Any]],
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, Death]:
    root = tmp_path_factory.mktemp("deaths")

    def died(point: str) -> Death:
        workspace = Workspace(root / point)
        shutil.copytree(waiting.root, workspace.root, symlinks=True)
        killed = shell("run", "-w", workspace.root, variables={"REGULARS_KILL_AT": point})
        seen = published(workspace)
        next_run = shell("run", "-w", workspace.root)
        hidden = [
            str(path.relative_to(workspace.root))
            for pattern in (".*-*", "runs/.*", "landing/.*", ".work/*", ".lock-holder")
            for path in workspace.root.glob(pattern)
        ]
        return Death(killed, seen, next_run, published(workspace), hidden)

    return dict(zip(POINTS, together([partial(died, point) for point in POINTS]), strict=True))


def test_what_waits_makes_another_publication(
    unharmed: Publication, shop: Workspace, published: Callable[[Workspace], Publication]
) -> None:
    before = published(shop)

    assert unharmed.manifest["run_id"] != before.manifest["run_id"]
    assert unharmed.files["rfm.parquet"] != before.files["rfm.parquet"]


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.fault("F01")
def test_a_run_killed_at_a_point_leaves_a_whole_publication(
    deaths: dict[str, Death],
    shop: Workspace,
    unharmed: Publication,
    published: Callable[[Workspace], Publication],
    point: str,
) -> None:
    death = deaths[point]

    assert death.killed.code == -signal.SIGKILL
    assert death.killed.out == ""
    if point == "published":
        assert death.seen.tables == unharmed.tables
    else:
        assert death.seen == published(shop)
    for file in death.seen.manifest["files"]:
        content = death.seen.files[file["name"]]
        assert hashlib.sha256(content).hexdigest() == file["sha256"]


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.fault("F01")
def test_the_run_after_a_kill_gives_what_a_run_gives_that_nobody_killed(
    deaths: dict[str, Death], unharmed: Publication, point: str
) -> None:
    death = deaths[point]

    assert (death.next_run.code, death.next_run.err) == (0, "")
    assert death.then_seen.tables == unharmed.tables
    assert death.then_seen.manifest["run_id"] == unharmed.manifest["run_id"]
    assert death.leftovers == []


@pytest.mark.parametrize(
    ("number", "code", "word"),
    [(signal.SIGTERM, 143, "terminated"), (signal.SIGINT, 130, "interrupted")],
)
@pytest.mark.parametrize("moment", ["landing/*.json", "warehouse.duckdb.wal"])
@pytest.mark.fault("F02")
def test_a_run_that_is_told_to_stop_says_so_in_one_line(
    waiting: Workspace,
    shop: Workspace,
    shell: Shell,
    published: Callable[[Workspace], Publication],
    tmp_path: Path,
    number: signal.Signals,
    code: int,
    word: str,
    moment: str,
) -> None:
    workspace = Workspace(tmp_path / "shop")
    shutil.copytree(waiting.root, workspace.root, symlinks=True)
    there = set(workspace.root.glob(moment))
    process = shell.started("run", "-w", workspace.root)
    _until(process, lambda: set(workspace.root.glob(moment)) != there)

    process.send_signal(number)
    out, err = process.communicate(timeout=60)

    assert (process.returncode, out) == (code, "")
    assert err.count("\n") == 1
    assert err.startswith(f"{word}: ")
    assert published(workspace) == published(shop)
    with duckdb.connect(workspace.warehouse) as connection:
        assert connection.execute("SELECT max(load_id) FROM loads").fetchall() == [(6,)]


def _until(process: subprocess.Popen[str], is_so: Callable[[], bool]) -> None:
    """Wait for the running process to come so far."""
    while process.poll() is None and not is_so():
        time.sleep(0.002)
    assert process.poll() is None
