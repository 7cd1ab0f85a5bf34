"""The files that wait in a workspace: which export each is, and how it is laid out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from regulars.data.headers import layout_of
from regulars.data.landing import Arrival, delivered_at
from regulars.data.workspace import Workspace
from regulars.expectations.errors import DataRefused
from regulars.expectations.exports import EXPORTS
from regulars.flows.settings import ExportFiles, Settings


def arrivals(workspace: Workspace, settings: Settings, files: Sequence[Path] = ()) -> list[Arrival]:
    """The files that wait, each with how it is laid out; of the given ones where some are given.

    Raises:
        DataRefused: there are none, no export takes a given file, or one breaks its contract.
    """
    found = found_files(workspace, settings, files)
    if not files and not any(name == "transactions" for name, _, _ in found):
        raise _no_transactions(workspace, settings.exports.transactions)
    taken = {path.resolve() for _, _, path in found}
    for path in files:
        if path.resolve() not in taken:
            raise _not_taken(path, settings)
    return [_arrival(name, section, path) for name, section, path in found]


def found_files(
    workspace: Workspace, settings: Settings, files: Sequence[Path] = ()
) -> list[tuple[str, ExportFiles, Path]]:
    """Each file that an export of the settings takes, with the export and its section."""
    return [
        (name, section, path)
        for name, section in settings.exports.given().items()
        for path in _matching(workspace, section, files)
    ]


def _matching(workspace: Workspace, section: ExportFiles, files: Sequence[Path]) -> list[Path]:
    """The section's files, by name; of the given ones where some are given."""
    if files:
        return sorted(
            path
            for path in files
            if path.is_file() and any(path.match(Path(p).name) for p in section.files)
        )
    inside = {
        path
        for pattern in section.files
        for path in workspace.root.glob(pattern)
        if path.is_file() and not path.name.startswith(".")
    }
    return sorted(inside)


def _arrival(name: str, section: ExportFiles, path: Path) -> Arrival:
    layout = layout_of(path, EXPORTS[name], section.columns)
    moment = delivered_at(path.name, section.delivered_at) if section.delivered_at else None
    return Arrival(path, name, layout, moment, must_end_line=section.final_newline)


def _not_taken(path: Path, settings: Settings) -> DataRefused:
    patterns = [p for section in settings.exports.given().values() for p in section.files]
    return DataRefused(
        f"{path}: no export in regulars.toml takes this file",
        expected=f"an existing file with a name such as {', '.join(patterns)}",
        found="a file of another name" if path.is_file() else "no such file",
        left="nothing was loaded",
        next_step="rename it, or add its name to the files of its export",
    )


def _no_transactions(workspace: Workspace, section: ExportFiles) -> DataRefused:
    patterns = ", ".join(section.files)
    folder = workspace.root / Path(section.files[0]).parent
    others = sorted(path.name for path in folder.glob("*") if path.is_file())[:3]
    return DataRefused(
        f"no transactions: no file matches {patterns}",
        expected=f"at least one file such as {patterns} in {workspace.root}",
        found=_holding(folder, others),
        left="nothing was loaded; the last publication is untouched",
        next_step="put the exports there, or correct files under [exports.transactions] in "
        "regulars.toml",
    )


def _holding(folder: Path, files: Sequence[str]) -> str:
    if not folder.is_dir():
        return f"there is no folder {folder}"
    return f"{', '.join(files)} in {folder}" if files else f"{folder} is empty"
