"""What the README says is done, and what there is stands in the README."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from regulars.expectations.exports import EXPORTS
from regulars.expectations.tables import TABLES
from regulars.flows.cli import app
from regulars.flows.settings import Settings

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BIN = Path(sys.executable).parent


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> subprocess.CompletedProcess[str]:
    """All bash blocks of the README, in one shell, in an empty folder."""
    script = "set -euo pipefail\n" + "\n".join(re.findall(r"```bash\n(.*?)```", README, re.DOTALL))
    environment = {**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}"}
    environment.pop("PREFECT_API_URL", None)
    return subprocess.run(
        ["bash", "-c", script],
        cwd=tmp_path_factory.mktemp("reader"),
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_command_of_the_readme_ends_well(said: subprocess.CompletedProcess[str]) -> None:
    assert said.returncode == 0, said.stdout + said.stderr


def test_the_first_export_does_what_the_readme_says(
    said: subprocess.CompletedProcess[str],
) -> None:
    assert "6 rows = 5 accepted + 0 duplicate + 1 quarantined" in said.stdout
    assert "line 5: amount has too many decimal places" in said.stdout
    assert "2,469 customers" in said.stdout


def test_make_demo_names_the_report_and_six_figures_of_which_two_are_of_who_slips_away() -> None:
    made = subprocess.run(
        ["make", "--silent", "demo"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stdout + made.stderr
    lines = made.stdout.splitlines()
    assert lines[-1].startswith("report: ")
    assert Path(lines[-1].removeprefix("report: ")).is_file()
    assert next(line for line in lines if line.startswith("  ")).startswith("  2,469 customers")
    shown = [line for line in lines if line.startswith("  ")]
    _, _, by_segment, by_risk, _, _ = shown
    assert by_segment.startswith("  By RFM segment, who they are now:")
    assert by_risk.startswith("  By churn risk, who is expected not to buy by ")


@pytest.mark.parametrize("target", re.findall(r"`make (\w+)`", README))
def test_make_targets_of_the_readme_exist(target: str) -> None:
    subprocess.run(["make", "--dry-run", target], cwd=ROOT, check=True, capture_output=True)


@pytest.mark.parametrize("command", sorted(get_command(app).commands))  # type: ignore[attr-defined]
def test_every_command_is_in_the_readme(command: str) -> None:
    assert f"`{command}`" in README


@pytest.mark.parametrize("table", sorted(TABLES))
def test_every_table_is_in_the_readme(table: str) -> None:
    assert f"| `{table}` |" in README


@pytest.mark.parametrize(
    "key",
    sorted(
        name
        for section in ("chain", "rfm", "cohorts", "churn", "models", "feedback", "resources")
        for name in Settings.model_fields[section].annotation.model_fields  # type: ignore[union-attr]
    ),
)
def test_every_setting_is_in_the_readme(key: str) -> None:
    assert f"`{key}`" in README


@pytest.mark.parametrize(
    ("export", "column", "is_required"),
    [(e.name, c.name, c.is_required) for e in EXPORTS.values() for c in e.columns],
)
def test_every_column_that_may_come_in_is_in_the_readme(
    export: str, column: str, is_required: bool
) -> None:
    row = next(line for line in README.splitlines() if line.startswith(f"| `{export}` | "))
    assert (f"**`{column}`**" in row) == is_required
    assert f"`{column}`" in row
