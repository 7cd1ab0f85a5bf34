"""What a person should know of an ingest beside its counts, in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from regulars.data import landing
from regulars.data.workspace import Workspace, opened
from regulars.expectations.exports import EXPORTS
from regulars.flows import steps
from regulars.flows.arrivals import found_files
from regulars.flows.counts import counted
from regulars.flows.settings import Settings, settings_of

FILES_NAMED_N = 5


def noted(root: Path, done: steps.Ingested) -> steps.Ingested:
    """What came in, with notes on what it replaced and on what never came."""
    workspace = opened(root)
    settings = settings_of(workspace)
    notes = (
        *done.notes,
        *_replaced(done),
        *_absent(workspace, settings),
        *_passed_over(workspace, settings),
    )
    return replace(done, notes=notes)


def lists_without_file(workspace: Workspace, settings: Settings) -> dict[str, tuple[str, ...]]:
    """Exports that settings name and of which no file is there nor ever landed: their patterns."""
    there = {name for name, _, _ in found_files(workspace, settings)}
    there |= {file.export for file in landing.landed_files(workspace)}
    return {
        name: section.patterns
        for name, section in settings.exports.given().items()
        if name not in there
    }


def absence(patterns: tuple[str, ...]) -> str:
    """What is told of an export of which there is no file."""
    return f"no file matches {', '.join(patterns)}, so nothing of it is in the tables"


def _absent(workspace: Workspace, settings: Settings) -> Iterator[str]:
    for name, patterns in lists_without_file(workspace, settings).items():
        yield f"{name}: {absence(patterns)}"


def files_passed_over(workspace: Workspace, settings: Settings) -> list[str]:
    """Names of files in ``exports`` that no export of the settings takes."""
    taken = {path for _, _, path in found_files(workspace, settings)}
    there = (path for path in workspace.exports.rglob("*") if path.is_file())
    return sorted(p.name for p in there if p not in taken and not p.name.startswith("."))


def passing_over(names: list[str]) -> str:
    """The sentence for files that no export takes."""
    more = f" and {len(names) - FILES_NAMED_N} more" if len(names) > FILES_NAMED_N else ""
    return f"no export of regulars.toml takes {', '.join(names[:FILES_NAMED_N])}{more}: left unread"


def _passed_over(workspace: Workspace, settings: Settings) -> Iterator[str]:
    if names := files_passed_over(workspace, settings):
        yield passing_over(names)


def _replaced(done: steps.Ingested) -> Iterator[str]:
    if done.replaced_n:
        yield f"{counted(done.replaced_n, 'row')} of earlier deliveries replaced by what came now"
    for load in done.loaded:
        if EXPORTS[load.export].is_history and load.replaced_n:
            yield (
                f"{load.file}: {counted(load.replaced_n, 'row')} kept as history only, because a "
                "later delivery had come before"
            )
