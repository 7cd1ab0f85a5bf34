"""A disk that is full while landing, inserting or writing: what is missing is told, nothing lost.

The disk is a real one of a few hundred kilobytes where the system lets a user mount one in a
namespace of its own; elsewhere each file may grow so far and no further, which ends in the same
error of the system but for its number.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from regulars.data.workspace import Workspace
from tests.faults.conftest import Outcome, SmallChain, seen_in
from tests.flows.conftest import PATIENCE_S, Ran, Shell, copied, side_by_side

# $1 kilobytes that are left, $2 workspace, $3 mount point, then the command.
ON_A_SMALL_DISK = """
set -e
room=$1 shop=$2 disk=$3; shift 3
mount -t tmpfs tmpfs "$disk"
cp -a "$shop/." "$disk"
mount -o remount,size=$(($(df -k --output=used "$disk" | tail -1) + room))k "$disk"
mount --bind "$disk" "$shop"
set +e; "$@"; code=$?; set -e
umount "$shop"
find "$shop" -mindepth 1 -delete
cp -a "$disk/." "$shop"
exit $code
"""
WITH_SMALL_FILES = 'ulimit -f $(($1 * 2)); shift 3; exec "$@"'
IN_A_NAMESPACE = ("unshare", "--map-root-user", "--mount")


def has_namespaces() -> bool:
    if shutil.which("unshare") is None:
        return False
    tried = "d=$(mktemp -d); mount -t tmpfs tmpfs $d; code=$?; umount $d; rmdir $d; exit $code"
    done = subprocess.run([*IN_A_NAMESPACE, "sh", "-c", tried], capture_output=True, check=False)
    return done.returncode == 0


MEANS = (
    (*IN_A_NAMESPACE, "sh", "-c", ON_A_SMALL_DISK)
    if has_namespaces()
    else ("sh", "-c", WITH_SMALL_FILES)
)


# Less than a delivery, than its rows in a transaction, than the tables of a run.
ROOM_KB = {"landing": 100, "inserting": 300, "writing": 60}


@dataclass(frozen=True)
class Full:
    """A run on a full disk and what a reader saw then; a run with room, and what it left."""

    ran: Ran
    seen: dict[str, bytes]
    then: Ran
    outcome: Outcome | None


def run_with_room(shell: Shell, workspace: Workspace, room_kb: int, disk: Path) -> Ran:
    disk.mkdir()
    done = subprocess.run(
        [
            *(*MEANS, "sh", str(room_kb), workspace.root, disk),
            *(sys.executable, "-m", "regulars.flows.cli", "run", "-w", workspace.root),
        ],
        capture_output=True,
        encoding="utf-8",
        env=shell.environment(),
        cwd=shell.home,
        timeout=PATIENCE_S,
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="module")
def before(
    shell: Shell, shop: Workspace, chain: SmallChain, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Workspace]:
    """A publication, and the same later delivery: still to land, to be inserted, to be written."""
    root = tmp_path_factory.mktemp("before")
    landing = copied(shop, root / "landing")
    chain.deliver_more(landing)
    products = landing.exports / "products.csv"
    products.write_text(products.read_text("utf-8").replace("生鲜", "鲜食"), "utf-8")
    writing = copied(landing, root / "writing")
    assert shell("ingest", "-w", writing.root).code == 0
    inserting = copied(writing, root / "inserting")
    inserting.warehouse.unlink()
    return {"landing": landing, "inserting": inserting, "writing": writing}


@pytest.fixture(scope="module")
def full(
    shell: Shell,
    before: dict[str, Workspace],
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, Full]:
    root = tmp_path_factory.mktemp("full")

    def filled(name: str) -> Full:
        workspace = copied(before[name], root / name)
        ran = run_with_room(shell, workspace, ROOM_KB[name], root / f"{name}-disk")
        seen = seen_in(workspace)
        then = shell("run", "-w", workspace.root)
        return Full(ran, seen, then, Outcome.of(workspace) if then.code == 0 else None)

    return dict(
        zip(ROOM_KB, side_by_side([partial(filled, name) for name in ROOM_KB]), strict=True)
    )


@pytest.fixture(scope="module")
def unharmed(
    shell: Shell, before: dict[str, Workspace], tmp_path_factory: pytest.TempPathFactory
) -> Outcome:
    workspace = copied(before["landing"], tmp_path_factory.mktemp("unharmed") / "shop")
    assert shell("run", "-w", workspace.root).code == 0
    return Outcome.of(workspace)


@pytest.mark.fault("F03")
@pytest.mark.parametrize("stage", ROOM_KB)
def test_a_full_disk_is_told_with_what_there_was(full: dict[str, Full], stage: str) -> None:
    ran = full[stage].ran

    assert (ran.code, ran.out) == (1, "")
    assert "Traceback" not in ran.err
    assert ran.err.startswith("cannot ")
    assert " bytes of space" in ran.err
    assert " bytes free" in ran.err
    assert "make room" in ran.err


@pytest.mark.fault("F03")
@pytest.mark.parametrize("stage", ROOM_KB)
def test_a_full_disk_leaves_what_was_published(
    full: dict[str, Full], shop: Workspace, stage: str
) -> None:
    assert full[stage].seen == seen_in(shop)


@pytest.mark.fault("F03")
@pytest.mark.parametrize("stage", ROOM_KB)
def test_with_room_again_a_run_leaves_what_it_leaves_where_there_always_was(
    full: dict[str, Full], unharmed: Outcome, stage: str
) -> None:
    again = full[stage]

    assert again.then.code == 0
    assert again.outcome is not None
    assert unharmed.differences(again.outcome) == []
