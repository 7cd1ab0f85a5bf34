"""A folder that this user may not write to: the doctor says so, and a run before it works."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from regulars.data.workspace import Workspace
from tests.faults.conftest import seen_in
from tests.flows.conftest import Shell

SOMEBODY = 65534


def read_only(folder: Path) -> None:
    folder.chmod(0o555)


def of_another_owner(folder: Path) -> None:
    """Only root may give a folder away; for others what counts is that they are not let in."""
    if os.geteuid() == 0:
        os.chown(folder, SOMEBODY, SOMEBODY)
        folder.chmod(0o700)
    else:
        folder.chmod(0)


@pytest.mark.fault("F04")
@pytest.mark.parametrize(
    ("name", "closed"), [("quarantine", read_only), ("runs", of_another_owner)]
)
def test_the_doctor_and_a_run_name_a_folder_that_cannot_be_written_to(
    shell: Shell, own_shop: Workspace, closed: Callable[[Path], None], name: str
) -> None:
    before = seen_in(own_shop)
    folder = own_shop.root / name
    closed(folder)

    examined = shell("doctor", "-w", own_shop.root, bound_by_modes=True)
    ran = shell("run", "-w", own_shop.root, bound_by_modes=True)

    folder.chmod(0o700)
    assert examined.code == 1
    assert f"wrong {name}/" in examined.out
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith(f"cannot write to {folder}\n")
    assert "Traceback" not in examined.err + ran.err
    assert seen_in(own_shop) == before
