"""Which files the sections of ``regulars.toml`` take, and a glob for one that none takes yet."""

from __future__ import annotations

import re
from collections.abc import Iterable
from glob import escape
from pathlib import Path

from regulars.data.workspace import Workspace

# What differs between deliveries in a file's name: a day, a month, a running number.
_VARYING = re.compile(r"\d{4}[-_.年]?\d{1,2}月?([-_.]?\d{1,2}日?)?([-_T]?\d{4,6})?|\d{6,}")


def takes(patterns: Iterable[str], workspace: Workspace, path: Path) -> bool:
    """Whether patterns take the file as it stands, or would once it lies in the workspace."""
    inside = Path(_inside(workspace, path))
    return any(inside.match(pattern) for pattern in patterns)


def pattern_for(path: Path, workspace: Workspace, others: Iterable[str]) -> str:
    """A glob for this file and the later ones like it: what is a date in the name may differ.

    Where that would take files of the patterns ``others`` too, it is the file's own name.
    """
    inside = Path(_inside(workspace, path))
    exact = inside.with_name(escape(inside.name)).as_posix()
    stem = _VARYING.sub("*", escape(inside.stem))
    if not re.search(r"\w", stem):
        return exact
    wide = inside.with_name(stem + inside.suffix).as_posix()
    is_taken = any(
        other.relative_to(workspace.root).match(wide)
        for pattern in others
        for other in workspace.root.glob(pattern)
        if other.resolve() != path.resolve()
    )
    return exact if is_taken else wide


def _inside(workspace: Workspace, path: Path) -> str:
    """The file's path within the workspace; in its ``exports/`` when it lies elsewhere."""
    resolved = path.resolve()
    if workspace.settings_file.is_file() and resolved.is_relative_to(workspace.root):
        return resolved.relative_to(workspace.root).as_posix()
    return f"exports/{path.name}"
