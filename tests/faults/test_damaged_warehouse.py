"""A warehouse that cannot be read is kept aside, built again from what landed, and that is said."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from regulars.data.workspace import Workspace
from tests.faults.conftest import Outcome, seen_in
from tests.flows.conftest import Ran, Shell, copied, side_by_side

BLOCK_BYTES = 256 << 10  # DuckDB checks each by a sum of its own, when it is read


def overwritten(path: Path) -> None:
    path.write_bytes(b"no database" * 2_000)


def cut_short(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def spoilt_within(path: Path) -> None:
    """A few bytes of every second block: the file opens as ever."""
    content = bytearray(path.read_bytes())
    for start in range(5 * BLOCK_BYTES // 4, len(content), 2 * BLOCK_BYTES):
        content[start : start + 100] = random.Random(7).randbytes(100)
    path.write_bytes(content)


DAMAGES: dict[str, Callable[[Path], None]] = {
    "overwritten": overwritten,
    "cut short": cut_short,
    "spoilt within": spoilt_within,
}


@dataclass(frozen=True)
class Mended:
    """The damaged bytes, the run that met them, and the workspace it left."""

    damaged: bytes
    ran: Ran
    workspace: Workspace


@pytest.fixture(scope="module")
def mended(
    shell: Shell, shop: Workspace, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Mended]:
    root = tmp_path_factory.mktemp("damaged")

    def run_on(name: str) -> Mended:
        workspace = copied(shop, root / name)
        DAMAGES[name](workspace.warehouse)
        damaged = workspace.warehouse.read_bytes()
        return Mended(damaged, shell("run", "-w", workspace.root), workspace)

    return dict(
        zip(DAMAGES, side_by_side([partial(run_on, name) for name in DAMAGES]), strict=True)
    )


@pytest.mark.fault("F08")
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_warehouse_is_built_again_and_that_is_said(
    mended: dict[str, Mended], damage: str
) -> None:
    ran = mended[damage].ran

    assert ran.code == 0, ran.err
    assert "warehouse.duckdb was damaged" in ran.out + ran.err
    assert "built again from landing/" in ran.out + ran.err


@pytest.mark.fault("F08")
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_warehouse_is_kept_aside(mended: dict[str, Mended], damage: str) -> None:
    (aside,) = mended[damage].workspace.root.glob("*.damaged-*")

    assert aside.read_bytes() == mended[damage].damaged


@pytest.mark.fault("F08")
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_warehouse_built_again_is_the_one_that_was_and_so_is_what_is_published(
    mended: dict[str, Mended], shop: Workspace, damage: str
) -> None:
    workspace = mended[damage].workspace

    assert seen_in(workspace) == seen_in(shop)
    assert Outcome.of(shop).differences(Outcome.of(workspace)) == []
