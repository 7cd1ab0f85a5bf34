"""Eight runs started together: each input is published once, and who must not run is told so.

``make races`` starts them twenty-five times.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable
from itertools import groupby
from pathlib import Path

import duckdb
import pytest

from regulars.data.workspace import Workspace
from tests.faults.conftest import FIRST_MONTHS, Outcome, SmallChain
from tests.flows.conftest import PATIENCE_S, Ran, Shell

RUNS_N = 8
BUSY = 5
# The eighth that waits has seven runs before it, on however few cores there are.
WAIT_S = 5 * PATIENCE_S


def dealt(chain: SmallChain, folder: Path, parts_n: int) -> list[Path]:
    """All later months, dealt out in that many files; the lines of an order stay together."""
    later = [month for month in chain.months() if month not in FIRST_MONTHS]
    header, rows = "", []
    for month in later:
        header, *lines = chain.file(month).read_text(encoding="utf-8").splitlines()
        rows += lines
    orders = [list(lines) for _, lines in groupby(rows, key=lambda row: row.split(",")[0])]
    folder.mkdir()
    paths = [folder / f"transactions_part{part:02}.csv" for part in range(parts_n)]
    for part, path in enumerate(paths):
        lines = [line for order in orders[part::parts_n] for line in order]
        path.write_text("".join(f"{line}\n" for line in (header, *lines)), encoding="utf-8")
    return paths


def started_together(shell: Shell, workspace: Workspace, *options: str) -> list[Ran]:
    processes = [shell.started("run", "-w", workspace.root, *options) for _ in range(RUNS_N)]
    told = [process.communicate(timeout=2 * WAIT_S) for process in processes]
    return [
        Ran(process.returncode, out, err)
        for process, (out, err) in zip(processes, told, strict=True)
    ]


@pytest.mark.fault("F07", "F09")
def test_of_eight_runs_started_together_one_loads_and_the_others_wait_or_are_told(
    pytestconfig: pytest.Config,
    tell: Callable[[str], None],
    shell: Shell,
    chain: SmallChain,
    tmp_path: Path,
) -> None:
    rounds_n = pytestconfig.getoption("--rounds")
    workspace = chain.first(tmp_path / "shop")
    codes: Counter[int] = Counter()

    for number, path in enumerate(dealt(chain, tmp_path / "parts", rounds_n)):
        shutil.copy(path, workspace.exports)
        waits = number % 2 == 1
        runs = started_together(shell, workspace, *(("--wait", str(WAIT_S)) if waits else ()))

        codes.update(ran.code for ran in runs)
        refused = [ran for ran in runs if ran.code == BUSY]
        assert {ran.code for ran in runs} <= {0, BUSY}, [ran.err for ran in runs]
        assert len(refused) < (1 if waits else RUNS_N)
        assert all(ran.err == "" for ran in runs if ran.code == 0)
        assert all(ran.err.startswith(f"{workspace.root} is busy\n") for ran in refused)
        with duckdb.connect() as connection:
            loaded = connection.execute(
                f"SELECT file FROM '{workspace.published}/loads.parquet' ORDER BY file"
            ).fetchall()
        assert [file for (file,) in loaded] == sorted(
            path.name for path in workspace.exports.iterdir()
        )

    alone = chain.first(tmp_path / "alone")
    for path in workspace.exports.iterdir():
        shutil.copy(path, alone.exports)
    shutil.copy2(workspace.key, alone.key)
    assert shell("run", "-w", alone.root).code == 0
    tell(f"eight runs, {rounds_n} times: {codes[0]} ended well, {codes[BUSY]} were told who runs")
    assert Outcome.of(workspace).bytes_of_tables == Outcome.of(alone).bytes_of_tables
