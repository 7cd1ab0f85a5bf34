"""One run at a time in a workspace, with real processes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from regulars.data.lock import held
from regulars.data.workspace import Workspace
from regulars.expectations.errors import Busy

if TYPE_CHECKING:
    from tests.data.conftest import Holder


def holding(root: Path) -> str:
    return (
        "from pathlib import Path\n"
        "from regulars.data.lock import held\n"
        "from regulars.data.workspace import Workspace\n"
        f"lock = held(Workspace(Path({str(root)!r})), 'a long run', wait_seconds=0)\n"
        "lock.__enter__()"
    )


@pytest.mark.fault("F07")
def test_a_second_process_is_told_who_holds_the_workspace(tmp_path: Path, holder: Holder) -> None:
    process = holder(holding(tmp_path))
    with (
        pytest.raises(Busy, match=rf"found: a long run, process {process.pid}, since 20"),
        held(Workspace(tmp_path), "another run", wait_seconds=0.1),
    ):
        pass


@pytest.mark.fault("F07")
def test_a_holder_that_was_killed_is_no_holder(tmp_path: Path, holder: Holder) -> None:
    process = holder(holding(tmp_path))
    process.kill()
    process.wait()
    with held(Workspace(tmp_path), "another run", wait_seconds=5):
        assert (tmp_path / ".lock-holder").read_text().startswith("another run")


def test_what_was_held_is_free_again_when_the_block_fails(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), held(Workspace(tmp_path), "one", wait_seconds=0):
        raise ZeroDivisionError
    with held(Workspace(tmp_path), "two", wait_seconds=0):
        assert (tmp_path / ".lock").stat().st_mode & 0o777 == 0o600
    assert not (tmp_path / ".lock-holder").exists()
