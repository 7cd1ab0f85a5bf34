"""`make demo`: what it runs, and what of a folder demo/ that is there already."""

from __future__ import annotations

import os
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from regulars.data.workspace import created

MAKEFILE = Path(__file__).parents[2] / "Makefile"
AT = datetime(2026, 1, 31, tzinfo=UTC)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """The Makefile with an environment that is ready, of which every program does nothing."""
    shutil.copy(MAKEFILE, tmp_path)
    for name in ("pyproject.toml", "constraints.txt"):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (0, 0))
    (tmp_path / ".venv/bin").mkdir(parents=True)
    (tmp_path / ".venv/.ready").touch()
    (tmp_path / ".venv/bin/regulars").symlink_to("/bin/true")
    return tmp_path


def made(repository: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    # A make that runs the tests hands its flags down, and would have this one name its folders.
    environment = {name: value for name, value in os.environ.items() if "MAKE" not in name}
    return subprocess.run(
        ["make", "demo", *arguments],
        cwd=repository,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_folder_that_make_did_not_make_is_left_alone(repository: Path) -> None:
    (repository / "demo").mkdir()
    (repository / "demo/regulars.toml").write_text("mine")

    done = made(repository)

    assert done.returncode != 0
    assert "demo/ was not made by make demo: move it away" in done.stderr
    assert (repository / "demo/regulars.toml").read_text() == "mine"


def test_a_workspace_of_ones_own_is_left_alone(repository: Path) -> None:
    created(repository / "demo", "", at=AT)

    assert made(repository).returncode != 0
    assert (repository / "demo/regulars.toml").is_file()


def test_a_sample_is_made_anew_and_said_so(repository: Path) -> None:
    created(repository / "demo", "", at=AT, sample="chain")

    done = made(repository)

    assert (done.returncode, done.stderr) == (0, "")
    assert "rm -rf demo" in done.stdout.splitlines()
    assert not (repository / "demo").exists()


@pytest.mark.parametrize(
    ("arguments", "sample", "as_of"),
    [((), "complete-journey", "2017-12-31"), (("DATA=chain",), "chain", "latest")],
)
def test_the_sample_is_the_one_asked_for_as_of_its_own_day(
    repository: Path, arguments: tuple[str, ...], sample: str, as_of: str
) -> None:
    said = made(repository, *arguments).stdout.splitlines()

    assert said[-2:] == [
        f".venv/bin/regulars init --sample {sample} demo",
        f".venv/bin/regulars run --workspace demo --as-of {as_of}",
    ]
