"""What to type next can be typed as it stands, from the folder the user is in."""

from __future__ import annotations

import shlex
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from regulars.data.workspace import Workspace
from regulars.flows.next_step import in_workspace, workspace_given

if TYPE_CHECKING:
    from tests.flows.conftest import Chain, Shell

COMMANDS = ("run", "ingest", "quarantine", "quarantine list")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("regulars run", "regulars run --workspace shop"),
        ("mend it, then: regulars ingest", "mend it, then: regulars ingest --workspace shop"),
        ("regulars ingest --again FILE", "regulars ingest --workspace shop --again FILE"),
        ("regulars quarantine list", "regulars quarantine list --workspace shop"),
        ("regulars run, or regulars ingest", "regulars run --workspace shop, or regulars ingest "
         "--workspace shop"),
        ("regulars run --workspace other", "regulars run --workspace other"),
        ("regulars init shop", "regulars init shop"),
        ("regulars --help", "regulars --help"),
        ("pip install 'regulars[samples]'", "pip install 'regulars[samples]'"),
    ],
)  # fmt: skip
def test_commands_of_a_workspace_are_given_it(text: str, expected: str) -> None:
    assert in_workspace(text, "shop", COMMANDS) == expected


def test_in_the_workspace_itself_nothing_is_added() -> None:
    assert in_workspace("regulars run", None, COMMANDS) == "regulars run"


@pytest.mark.parametrize(
    ("arguments", "given"),
    [
        ("run", None),
        ("run -w .", None),
        ("run -w", None),
        ("run -w shop", "shop"),
        ("run --workspace shop --json", "shop"),
        ("run --workspace=shop", "shop"),
        ("run -w one -w two", "two"),
    ],
)
def test_the_workspace_is_taken_as_it_was_typed(arguments: str, given: str | None) -> None:
    assert workspace_given(arguments.split()) == given


def typed(message: str) -> list[str]:
    """The words of the command that a message ends with."""
    advice = next(line for line in message.splitlines() if line.startswith("  next: "))
    return shlex.split(advice.removeprefix("  next: "))[1:]


def test_the_advice_for_a_day_that_cannot_be_goes_well_when_it_is_typed(
    shell: Shell, own_shop: Workspace, tmp_path: Path
) -> None:
    root = own_shop.root.rename(tmp_path / "our shop")
    refused = shell("run", "-w", root, "--as-of", "2126-01-01")

    advice = typed(refused.err)

    assert advice == ["run", "--workspace", str(root), "--as-of", "2024-03-31"]
    assert shell(*advice).code == 0


def test_the_advice_in_json_can_be_typed_too(shell: Shell, own_shop: Workspace) -> None:
    refused = shell("run", "-w", own_shop.root, "--as-of", "yesterday", "--json").facts

    assert refused["next_step"] == f"regulars run --workspace {own_shop.root} --as-of 2024-03-31"


def test_in_the_folder_itself_the_advice_is_short(shell: Shell, own_shop: Workspace) -> None:
    there = replace(shell, home=own_shop.root)

    assert typed(there("run", "--as-of", "2126-01-01").err) == ["run", "--as-of", "2024-03-31"]


def test_before_the_first_publication_the_last_day_is_advised(
    shell: Shell, chain: Chain, tmp_path: Path
) -> None:
    workspace = chain.workspace(tmp_path / "shop", ("2024-01",))

    advice = typed(shell("run", "-w", workspace.root, "--as-of", "1/2/26").err)

    assert advice[-2:] == ["--as-of", "latest"]
