"""A resubmission that is killed between two files, and done again, ends as one that was not."""

from __future__ import annotations

import json
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from regulars.data.landing import landed_files
from regulars.data.points import MENDING_POINTS
from tests.flows.conftest import copied
from tests.quarantine.conftest import LEDGER, LINES, Desk

if TYPE_CHECKING:
    from tests.flows.conftest import Shell


def two_files(desk: Desk) -> Path:
    """Two files with a refused row each, and the workbook that mends both."""
    for name in ("a.csv", "b.csv"):
        order = name[0]
        desk.write(
            name,
            [
                (f"{order}1", "1", "ann", "2024-03-01 10:00:00", "1.00", "s1", ""),
                (f"{order}2", "1", "bob", "2024-03-02 10:00:00", "2.0O", "s1", ""),
            ],
        )
    desk.ingest()
    book = desk.handed_out().put("a.csv", 3, amount="2.00").put("b.csv", 3, amount="3.00")
    return book.saved(desk.back)


@pytest.mark.fault("F01")
@pytest.mark.parametrize("point", MENDING_POINTS)
def test_a_resubmission_killed_and_done_again_ends_as_one_that_nobody_killed(
    desk: Desk, shell: Shell, tmp_path: Path, point: str
) -> None:
    workbook = two_files(desk)
    unharmed = Desk(copied(desk.workspace, tmp_path / "unharmed"))
    unharmed.resubmit(workbook)
    root = desk.workspace.root

    killed = shell(
        "quarantine", "resubmit", workbook, "-w", root, variables={"REGULARS_KILL_AT": point}
    )
    again = shell("quarantine", "resubmit", workbook, "-w", root, "--json")

    assert (killed.code, killed.out) == (-signal.SIGKILL, "")
    assert again.code == 0
    assert again.facts["rows_n"] == {"accepted": 1, "settled_before": 1}
    for sql in (LINES, LEDGER):
        assert desk.ask(sql) == unharmed.ask(sql)
    assert desk.refused() == []
    assert [file.sha256 for file in landed_files(desk.workspace)] == [
        file.sha256 for file in landed_files(unharmed.workspace)
    ]
    assert list(desk.workspace.work.iterdir()) == []


def test_the_commands_hand_out_and_take_back(desk: Desk, shell: Shell) -> None:
    workbook = two_files(desk)
    place = ("-w", desk.workspace.root)

    listed = shell("quarantine", "list", *place, "--json", "--rows", 5)
    handed = shell("quarantine", "export", *place, "--purpose", "for the store")
    unreasoned = shell("quarantine", "export", *place)
    taken = shell("quarantine", "resubmit", workbook, *place)

    assert [one["rows_n"] for one in listed.facts["refusals"]] == [1, 1]
    assert "bob" not in listed.out
    assert (handed.code, handed.err) == (0, "")
    assert handed.out.startswith("2 rows of 2 files in ")
    assert (unreasoned.code, unreasoned.out) == (2, "")
    assert (taken.code, taken.err) == (0, "")
    assert taken.out.splitlines()[0] == "2 rows: mended and accepted"
    last = json.loads(desk.workspace.decisions.read_text("utf-8").splitlines()[-1])
    assert len(last["files"]) == 2
