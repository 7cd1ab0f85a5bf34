"""A warehouse that a BI tool or a notebook holds open: who holds it is said, and waited for."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from regulars.data.workspace import Workspace
from tests.faults.conftest import seen_in
from tests.flows.conftest import Shell

HELD_S = 4


@contextmanager
def held_by_another(workspace: Workspace, *, is_read_only: bool) -> Iterator[subprocess.Popen[str]]:
    """A process that has the warehouse open until its input is closed."""
    code = (
        f"import duckdb; held = duckdb.connect({str(workspace.warehouse)!r}, "
        f"read_only={is_read_only}); print('held', flush=True); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


@pytest.mark.fault("F06")
@pytest.mark.parametrize("is_read_only", [False, True], ids=["to write", "to read"])
def test_who_holds_the_warehouse_is_named(
    shell: Shell, shop: Workspace, is_read_only: bool
) -> None:
    before = seen_in(shop)

    with held_by_another(shop, is_read_only=is_read_only) as holder:
        ran = shell("run", "-w", shop.root)

    assert (ran.code, ran.out) == (5, "")
    assert ran.err.startswith(f"{shop.warehouse} is open in another program\n")
    assert f"PID {holder.pid}" in ran.err
    assert seen_in(shop) == before


@pytest.mark.fault("F06")
def test_a_run_that_waits_goes_on_when_the_warehouse_is_let_go(
    shell: Shell, own_shop: Workspace
) -> None:
    with held_by_another(own_shop, is_read_only=True) as holder:
        run = shell.started("run", "-w", own_shop.root, "--wait", "60")
        time.sleep(HELD_S)
        holder.kill()
        _, err = run.communicate(timeout=60)

    assert (run.returncode, err) == (0, "")
