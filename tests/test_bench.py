"""The benchmark compares what is the same, and says so in JSON."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from regulars.expectations.errors import Failed


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bench")


@pytest.fixture(scope="module")
def printed(room: Path) -> str:
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "regulars.flows.cli",
            "bench",
            "--lines",
            "20000",
            "--folder",
            str(room),
            "--json",
        ],
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def test_the_ratios_are_of_the_stages_that_were_timed(printed: str) -> None:
    found = json.loads(printed)
    ours, bare = found["seconds"], found["bare_seconds"]
    rfm = ours["hand over"] + ours["rfm and segments"] + ours["write rfm"]
    assert set(found["ratios"]) == {"load", "orders_and_rfm", "rfm"}
    assert found["ratios"]["rfm"] == pytest.approx(rfm / bare["rfm"])
    assert found["ratios"]["orders_and_rfm"] == pytest.approx(
        (ours["orders"] + rfm) / (bare["orders"] + bare["rfm"])
    )
    assert found["ratios"]["load"] == pytest.approx(
        sum(seconds for stage, seconds in ours.items() if stage.startswith(("land", "load")))
        / bare["load"]
    )


def test_both_sides_computed_the_chain_that_was_made(printed: str, room: Path) -> None:
    found = json.loads(printed)
    published = pl.read_parquet(room / "chain" / ".work" / "bare_rfm.parquet")
    assert found["lines_n"] == 20000
    assert found["customers_n"] == published.height > 300


def test_a_difference_between_the_two_sides_is_no_result(printed: str, room: Path) -> None:
    from regulars.data.workspace import Workspace
    from regulars.flows.bench import _same

    workspace = Workspace(room / "chain")
    path = workspace.work / "bare_rfm.parquet"
    assert printed
    rows = pl.read_parquet(path)
    rows.with_columns(recency_days=pl.col("recency_days") + 1).write_parquet(path)
    with pytest.raises(Failed, match="differ"):
        _same(workspace)
    rows.write_parquet(path)
