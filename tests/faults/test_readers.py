"""Who reads while runs are published reads the old one or the new one, never a mixture.

``make races`` publishes two hundred times under a reader.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from regulars.data import shelf
from regulars.data.workspace import Workspace
from tests.faults.conftest import SmallChain
from tests.faults.reader import WAYS
from tests.flows.conftest import PATIENCE_S, Shell

HERE = Path(__file__).parent


@pytest.fixture
def two_runs(own_shop: Workspace, chain: SmallChain, shell: Shell) -> Workspace:
    """A workspace with two runs on its shelf, of other figures in every table that is read."""
    chain.deliver_more(own_shop)
    assert shell("run", "-w", own_shop.root).code == 0
    assert len(list(own_shop.runs.iterdir())) == 2
    return own_shop


def read_alone(workspace: Workspace) -> dict[str, set[str]]:
    """What each way of reading gives of each run while nothing is published."""
    found: dict[str, set[str]] = {way: set() for way in WAYS}
    for run in workspace.runs.iterdir():
        shelf.publish(workspace, run.name)
        for way, read in WAYS.items():
            found[way].add(read(workspace.published))
    return found


@pytest.mark.fault("F36")
def test_a_reader_under_publications_reads_one_run_or_the_other(
    pytestconfig: pytest.Config,
    tell: Callable[[str], None],
    two_runs: Workspace,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    publications_n = pytestconfig.getoption("--publications")
    monkeypatch.chdir(two_runs.root)  # a way of reading goes elsewhere
    expected = read_alone(two_runs)
    reader = subprocess.Popen(
        [sys.executable, HERE / "reader.py", two_runs.published],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert reader.stdout is not None
    assert reader.stdout.readline() == "reading\n"

    subprocess.run(
        [sys.executable, HERE / "publisher.py", two_runs.root, str(publications_n)], check=True
    )
    out, _ = reader.communicate(timeout=PATIENCE_S)

    found: dict[str, Any] = json.loads(out)
    reads = {way: sum(counts.values()) for way, counts in found["reads"].items()}
    others = {way: sorted(found["reads"][way].keys() - expected[way]) for way in WAYS}
    tell(
        f"publications: {publications_n}; reads: "
        + ", ".join(f"{way} {n}" for way, n in reads.items())
        + f"; errors: {len(found['errors'])}; inconsistent: {sum(map(len, others.values()))}; "
        f"by the link, begun anew: {found['anew_n']}"
    )
    assert all(len(expected[way]) == 2 for way in WAYS)
    assert found["errors"] == []
    assert others == {way: [] for way in WAYS}
    assert all(len(counts) == 2 for counts in found["reads"].values())
