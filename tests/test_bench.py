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


def bench(*arguments: str) -> str:
    command = [sys.executable, "-m", "regulars.flows.cli", "bench", "--json", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="module")
def printed(room: Path) -> str:
    return bench("--lines", "20000", "--folder", str(room))


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


def test_the_gate_alone_is_asked_of_as_many_lines_as_wanted() -> None:
    found = json.loads(bench("--gate", "--lines", "5000"))
    assert (found["lines_n"], found["orders_n"]) == (5000, 4900)
    assert found["checks_n"] == 54
    assert found["seconds"] > 0 < found["peak_gib"]
