"""One file mapped: what was found in it, what is proposed, and what ``regulars.toml`` then says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from regulars.data.columns_seen import SeenFile, seen
from regulars.data.workspace import Workspace
from regulars.expectations.errors import DataRefused, SettingsError
from regulars.expectations.exports import EXPORTS
from regulars.expectations.synonyms import is_known
from regulars.flows.declared_spellings import declared_spellings
from regulars.flows.file_patterns import pattern_for, takes
from regulars.flows.mapping import Proposal, proposed
from regulars.flows.settings import ExportFiles, Source, settings_of
from regulars.flows.settings_text import Options, section_text
from regulars.flows.which_export import best_proposal, has_header, none_fits


@dataclass(frozen=True)
class MappedFile:
    """A file, the proposal for it, and the settings it needs beside its columns.

    ``settings`` holds the options of the export's section that are to be written. ``replaced``
    names columns whose entries in ``regulars.toml`` are not those of the proposal. ``advice`` is
    what else must be settled. ``source`` is the number of the export's source where it has several.
    """

    seen: SeenFile
    proposal: Proposal
    reason: str
    settings: Mapping[str, str | Sequence[str]]
    advice: tuple[str, ...]
    replaced: Mapping[str, str]
    settled: Mapping[str, str]
    source: int | None

    def columns(self) -> dict[str, str]:
        """The entries of ``[exports.NAME.columns]`` that are not there yet."""
        settled = self.settled.items()
        return {c: own for c, own in self.proposal.columns().items() if (c, own) not in settled}

    @property
    def is_said_already(self) -> bool:
        """Whether ``regulars.toml`` says all of it as it is."""
        return not (self.columns() or self.settings or self.replaced)

    def text(self) -> str:
        return section_text(
            self.proposal.export,
            self.proposal.columns(),
            self.settings,
            is_source=self.source is not None,
        )

    def as_dict(self) -> dict[str, Any]:
        read = {
            name: getattr(self.seen, name)
            for name in ("format", "encoding", "delimiter", "sheet", "header_line")
        }
        return {
            "file": str(self.seen.path),
            **read,
            "reason": self.reason,
            "advice": list(self.advice),
            **self.proposal.as_dict(),
            "toml": self.text(),
        }

    def refusal(self) -> DataRefused | None:
        """The error for required columns without a match, or None."""
        if not (missing := self.proposal.missing):
            return None
        found = {column.column: column for column in self.proposal.open}
        export = EXPORTS[self.proposal.export]
        first = missing[0]
        candidates = found[first].candidates
        one = candidates[0] if candidates else "…"
        return DataRefused(
            f"{self.seen.path.name}: no column for "
            + ", ".join(f"{export.name}.{column}" for column in missing),
            expected="; ".join(f"{c}: {export.column(c).en}" for c in missing),
            found="; ".join(f"{c}: {found[c].why}{_may_be(found[c].candidates)}" for c in missing),
            left="nothing was written",
            next_step=f"regulars map {self.seen.path} --export {export.name} "
            f"--column {first}={one}"
            + ("" if candidates else ", with the name of the column in place of …"),
        )


def _may_be(candidates: Sequence[str]) -> str:
    return f" (may be {', '.join(candidates)})" if candidates else ""


def mapped(
    path: Path,
    root: Path,
    *,
    export: str | None,
    told: Mapping[str, str],
    sheet: str | None,
    anew: bool,
) -> MappedFile:
    """The proposal for a file, in the light of the workspace's settings where there are any.

    ``anew`` passes over what ``regulars.toml`` says of the columns.

    Raises:
        DataRefused: there is no such file, or its columns are those of no export.
        SettingsError: ``export`` or a column told is not known, or ``regulars.toml`` is wrong.
    """
    if not path.is_file():
        raise _no_file(path)
    if export is not None and export not in EXPORTS:
        raise _unknown("--export", export, EXPORTS)
    workspace = Workspace(root.resolve())
    has_settings = workspace.settings_file.is_file()
    sections = settings_of(workspace).exports.given() if has_settings else {}
    before = {name: _source_of(path, section, workspace) for name, section in sections.items()}
    settled = {} if anew else {name: source.first_names for name, (_, source) in before.items()}
    found = seen(path, sheet=sheet)
    said = {own for columns in settled.values() for own in columns.values()} | {*told.values()}
    if not (said & {*found.names} or has_header(found)):
        raise none_fits(found)
    if missing := [own for own in told.values() if own not in found.names]:
        raise _unknown("--column", missing[0], [*filter(is_known, found.names)])
    taken_by = [n for n, section in sections.items() if takes(section.patterns, workspace, path)]
    if export is None and len(taken_by) == 1:
        export, reason = taken_by[0], "files in regulars.toml take it"
    else:
        reason = "as told"
    if export is None:
        proposal, reason = best_proposal(found, told=told, settled=settled)
    else:
        proposal = proposed(found, EXPORTS[export], told=told, settled=settled.get(export, {}))
    for column in told:
        if column not in (known := [c.name for c in EXPORTS[proposal.export].columns]):
            raise _unknown("--column", column, known)
    number, source = before.get(proposal.export, (None, _NOTHING_SAID))
    final = {match.column: match.own for match in proposal.matches}
    spelled, advice = declared_spellings(found, proposal)
    others = [pattern for section in sections.values() for pattern in section.patterns]
    return MappedFile(
        seen=found,
        proposal=proposal,
        reason=reason,
        settings={
            **_files(source, pattern_for(path, workspace, others), workspace, path),
            **_sheet(source, found),
            **{name: s for name, s in spelled.items() if name not in source.model_fields_set},
        },
        advice=() if source.dates else advice,
        replaced={
            column: own for column, own in source.first_names.items() if final.get(column) != own
        },
        settled=source.first_names,
        source=number,
    )


_NOTHING_SAID = ExportFiles()


def _source_of(path: Path, section: ExportFiles, workspace: Workspace) -> tuple[int | None, Source]:
    """The source of a section that takes the file, with its number; a new one behind the others.

    A section without ``sources`` is the only one, and has no number.
    """
    if not section.sources:
        return None, section
    for number, source in enumerate(section.sources):
        if takes(source.files, workspace, path):
            return number, source
    return len(section.sources), _NOTHING_SAID


def _files(source: Source, pattern: str, workspace: Workspace, path: Path) -> Options:
    if takes(source.files, workspace, path):
        return {}
    return {"files": [*source.files, pattern] if source.files else pattern}


def _sheet(source: Source, found: SeenFile) -> Options:
    is_needed = found.sheet is not None and len(found.sheets) > 1 and source.sheet != found.sheet
    return {"sheet": found.sheet} if is_needed and found.sheet else {}


def _no_file(path: Path) -> DataRefused:
    return DataRefused(
        f"{path}: no such file",
        expected="a file as a system exported it",
        found="a folder" if path.is_dir() else "nothing",
        left="nothing was changed",
        next_step="regulars map FILE, with the path of the file",
    )


def _unknown(option: str, given: str, known: Sequence[str] | Mapping[str, Any]) -> SettingsError:
    return SettingsError(
        f"{option}: {given!r} is not known",
        expected=f"one of {', '.join(known)}",
        found=given,
        left="nothing was changed",
        next_step="regulars map --help",
    )
