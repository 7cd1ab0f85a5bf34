"""What to type next, as it has to be typed from where the user is."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

_OPTION, _SHORT = "--workspace", "-w"


def workspace_given(arguments: Sequence[str]) -> str | None:
    """The workspace that a command line names, as it was typed; null for the current folder.

    >>> workspace_given(["run", "-w", "my shop"]), workspace_given(["run", "--workspace=shop"])
    ('my shop', 'shop')
    >>> workspace_given(["run"]) is workspace_given(["run", "-w", "."]) is None
    True
    """
    given = None
    for place, argument in enumerate(arguments):
        if argument in (_OPTION, _SHORT):
            given = next(iter(arguments[place + 1 :]), None)
        elif argument.startswith(f"{_OPTION}="):
            given = argument.partition("=")[2]
    return None if given is None or Path(given).resolve() == Path.cwd() else given


def in_workspace(text: str, workspace: str | None, commands: Sequence[str]) -> str:
    """Advice, with the workspace put into each of these commands that it names.

    >>> in_workspace("correct it, then: regulars run --as-of latest", "my shop", ["run"])
    "correct it, then: regulars run --workspace 'my shop' --as-of latest"
    >>> in_workspace("regulars --help", "my shop", ["run"])
    'regulars --help'
    """
    if workspace is None or _OPTION in text or not commands:
        return text
    longest_first = "|".join(map(re.escape, sorted(commands, key=len, reverse=True)))
    option = f"{_OPTION} {shlex.quote(workspace)}"
    return re.sub(
        rf"\bregulars ({longest_first})\b(?!-)", lambda found: f"{found[0]} {option}", text
    )


def commands_with_workspace() -> list[str]:
    """The commands that take ``--workspace``, those within a group by both words."""
    from typer.main import get_command

    from regulars.flows.commands import app

    return list(_taking_workspace(get_command(app), ()))


def _taking_workspace(command: Any, words: tuple[str, ...]) -> Iterator[str]:
    if words and any(_OPTION in parameter.opts for parameter in command.params):
        yield " ".join(words)
    for name, inner in getattr(command, "commands", {}).items():
        yield from _taking_workspace(inner, (*words, name))
