"""The files that wait in a workspace: which export each is, and how it is laid out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from regulars.data.headers import layout_of
from regulars.data.landing import Arrival, delivered_at
from regulars.data.workspace import Workspace
from regulars.expectations.errors import DataRefused, SettingsError
from regulars.expectations.exports import EXPORTS
from regulars.flows.settings import ExportFiles, Settings, Source


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
    return [_arrival(settings, name, source, path) for name, source, path in found]


def found_files(
    workspace: Workspace, settings: Settings, files: Sequence[Path] = ()
) -> list[tuple[str, Source, Path]]:
    """Each file that an export of the settings takes, with the export and its source.

    Raises:
        SettingsError: two sources of an export take one file.
    """
    found: list[tuple[str, Source, Path]] = []
    for name, section in settings.exports.given().items():
        taken: dict[Path, Source] = {}
        for source in section.each:
            for path in _matching(workspace, source, files):
                if path in taken:
                    raise _of_two_sources(path, name, taken[path], source)
                taken[path] = source
        found += ((name, taken[path], path) for path in sorted(taken))
    return found


def _matching(workspace: Workspace, source: Source, files: Sequence[Path]) -> list[Path]:
    """The source's files, by name; of the given ones where some are given."""
    if files:
        return sorted(
            path
            for path in files
            if path.is_file() and any(path.match(Path(p).name) for p in source.files)
        )
    inside = {
        path
        for pattern in source.files
        for path in workspace.root.glob(pattern)
        if path.is_file() and not path.name.startswith(".")
    }
    return sorted(inside)


def _arrival(settings: Settings, name: str, source: Source, path: Path) -> Arrival:
    sources = settings.exports.given()[name].sources
    layout = layout_of(
        path,
        EXPORTS[name],
        source.columns,
        sheet=source.sheet,
        decimal=source.decimal,
        thousands=source.thousands,
        dates=source.dates,
        section=f"exports.{name}.sources" if sources else None,
    )
    moment = delivered_at(path.name, source.delivered_at) if source.delivered_at else None
    return Arrival(
        path,
        name,
        layout,
        moment,
        must_end_line=source.final_newline and layout.is_by_lines,
        source=", ".join(source.files) if sources else "",
    )


def _of_two_sources(path: Path, name: str, one: Source, other: Source) -> SettingsError:
    return SettingsError(
        f"{path.name}: two sources of [exports.{name}] take this file",
        expected="each file in one of the sources",
        found=f"{', '.join(one.files)} and {', '.join(other.files)}",
        left="no data has been read",
        next_step=f"make the files of the [[exports.{name}.sources]] in regulars.toml differ",
    )


def _not_taken(path: Path, settings: Settings) -> DataRefused:
    patterns = [p for section in settings.exports.given().values() for p in section.patterns]
    return DataRefused(
        f"{path}: no export in regulars.toml takes this file",
        expected=f"an existing file with a name such as {', '.join(patterns)}",
        found="a file of another name" if path.is_file() else "no such file",
        left="nothing was loaded",
        next_step="rename it, or add its name to the files of its export",
    )


def _no_transactions(workspace: Workspace, section: ExportFiles) -> DataRefused:
    patterns = ", ".join(section.patterns)
    folder = workspace.root / Path(section.patterns[0]).parent
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
