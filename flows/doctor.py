"""What would make a run in a workspace fail, before it does."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from regulars.data import extracts, landing, model_shelf, shelf, vault, warehouse
from regulars.data.line_ends import file_ends_line
from regulars.data.loading import pending
from regulars.data.workspace import Workspace, is_writable, opened, refuse_unlinked
from regulars.expectations.errors import Busy, DataRefused, RegularsError
from regulars.flows import steps
from regulars.flows.analysis import segment_rules
from regulars.flows.arrivals import arrivals
from regulars.flows.counts import counted, sized
from regulars.flows.fitted_models import REFUSED
from regulars.flows.ingest_notes import absence, files_passed_over, lists_without_file, passing_over
from regulars.flows.memory import bytes_of, default_memory, machine_bytes
from regulars.flows.prefect_api import answers
from regulars.flows.settings import Environment, Settings, settings_of
from regulars.flows.status import at_work_in

# A run writes the landing, the warehouse and the tables: about this many times the exports.
SPACE_FACTOR = 4


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    what: str
    is_well: bool
    found: str
    next_step: str | None = None

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    def lines(self) -> Iterator[str]:
        mark = "wrong" if not self.is_well else "note " if self.next_step else "ok   "
        yield f"{mark} {self.what}: {self.found}"
        if self.next_step:
            yield f"      next: {self.next_step}"


def examined(root: Path) -> list[Finding]:
    """Everything that a run depends on, looked at without changing anything."""
    workspace = opened(root)
    findings = [_settings(workspace)]
    if not findings[0].is_well:
        return findings
    settings = settings_of(workspace)
    return [
        *findings,
        _tried("exports", lambda: _exports(workspace, settings)),
        *_without_file(workspace, settings),
        *(_writable(folder) for folder in _folders(workspace)),
        _tried("vault key", lambda: _key(workspace)),
        _tried("warehouse", lambda: _warehouse(workspace, settings)),
        *_models(workspace),
        _memory(settings),
        _space(workspace),
        _links(workspace),
        _tried("published", lambda: _published(workspace)),
        _prefect(),
    ]


def _tried(what: str, look: Callable[[], str]) -> Finding:
    """What looking gives; an error that a run would stop with is a finding."""
    try:
        return Finding(what, True, look())
    except RegularsError as error:
        found = f"{error.what}; {error.found}" if error.found else error.what
        return Finding(what, False, found, error.next_step)
    except OSError as error:
        found = f"{error.filename}: {error.strerror}"
        return Finding(what, False, found, f"chmod u+r {error.filename}, or run as its owner")


def _settings(workspace: Workspace) -> Finding:
    def look() -> str:
        settings = settings_of(workspace)
        segment_rules(settings.rfm)
        return f"{settings.chain.name}, {counted(len(settings.exports.given()), 'export')}"

    return _tried("settings", look)


def _exports(workspace: Workspace, settings: Settings) -> str:
    found = arrivals(workspace, settings)
    for arrival in found:
        if arrival.must_end_line and not file_ends_line(arrival.path):
            raise DataRefused(
                f"{arrival.path.name}: the last line does not end",
                found="it may have been cut short or still be uploading",
                next_step="export it again or wait for it; if this system never ends the last "
                f"line, set final_newline = false under [exports.{arrival.export}] in "
                "regulars.toml",
            )
    ignored = {name for arrival in found for name in arrival.layout.ignored}
    return (
        f"{counted(len(found), 'file')}, headers as settings say"
        + (f"; columns without use: {', '.join(sorted(ignored))}" if ignored else "")
        + (
            f"; {passing_over(others)}"
            if (others := files_passed_over(workspace, settings))
            else ""
        )
    )


def _without_file(workspace: Workspace, settings: Settings) -> Iterator[Finding]:
    """No fault: a run goes well without them, but somebody expects what they bring."""
    for name, patterns in lists_without_file(workspace, settings).items():
        if name != "transactions":  # without which nothing can be run: told as a fault of exports
            advice = f"put the file there, or take [exports.{name}] out of regulars.toml"
            yield Finding(f"exports.{name}", True, absence(patterns), advice)


def _folders(workspace: Workspace) -> list[Path]:
    folders = (workspace.root, workspace.landing, workspace.quarantine, workspace.runs)
    return [folder for folder in folders if folder.exists()]


def _writable(folder: Path) -> Finding:
    if is_writable(folder):
        return Finding(f"{folder.name}/", True, "can be written to")
    status = folder.stat()
    return Finding(
        f"{folder.name}/",
        False,
        f"cannot be written to (mode {status.st_mode & 0o777:04o}, owner uid {status.st_uid}, "
        f"you are {os.geteuid()})",
        f"chmod u+rwx {folder}, or run as its owner",
    )


def _key(workspace: Workspace) -> str:
    if not workspace.key.exists() and not workspace.vault.exists():
        return "will be made by the first run"
    return f"fingerprint {vault.fingerprint(vault.workspace_key(workspace))}; keep a backup of it"


def _warehouse(workspace: Workspace, settings: Settings) -> str:
    if not workspace.warehouse.exists():
        landed_n = len(landing.landed_files(workspace))
        return (
            f"will be built from {counted(landed_n, 'landed file')}" if landed_n else "not made yet"
        )
    try:
        resources = steps.resources(settings, is_waiting=False)
        with warehouse.connected(workspace, resources) as connection:
            waiting = pending(connection, workspace)
            difference = extracts.money_difference(connection)
    except Busy:
        if at_work := at_work_in(workspace):
            return f"in use by {at_work}"
        raise
    if difference is not None:
        raise extracts.money_lost(difference)
    return "opens; the orders' money is the lines' money" + (
        f"; {counted(len(waiting), 'landed file')} to be loaded" if waiting else ""
    )


def _models(workspace: Workspace) -> Iterator[Finding]:
    """Nothing here stops a run, which fits again what it refuses; but somebody wrote there."""
    if not (count := model_shelf.kept_n(workspace)) or not workspace.key.exists():
        return
    try:
        key = vault.workspace_key(workspace)
    except RegularsError:  # told as a fault of the key
        return
    refused = model_shelf.refusals(workspace, key=key)
    for one in refused:
        found = f"{one.file} is refused, {REFUSED[one.code]}: {one.found}"
        is_upgrade = one.code == "other_versions"
        advice = "nothing: the next run that needs it fits it again"
        if not is_upgrade:
            advice = f"find out who wrote to {workspace.models}, then remove the file; a run that "
            advice += "needs it fits it again"
        yield Finding("models/", is_upgrade, found, advice)
    if not refused:
        yield Finding("models/", True, f"{counted(count, 'kept model')}, as they were kept")


def _memory(settings: Settings) -> Finding:
    given, there = settings.resources.memory, machine_bytes()
    found = f"{given} for DuckDB, of {sized(there)} that this process may use"
    if bytes_of(given) <= there:
        return Finding("memory", True, found)
    advice = f'under [resources] in regulars.toml, write: memory = "{default_memory()}"'
    return Finding("memory", False, found, advice)


def _space(workspace: Workspace) -> Finding:
    exports = [path for path in workspace.exports.rglob("*") if path.is_file()]
    needed = SPACE_FACTOR * sum(path.stat().st_size for path in exports)
    free = shutil.disk_usage(workspace.root).free
    return Finding(
        "space",
        free > needed,
        f"{sized(free)} free, {sized(needed)} wanted to load everything anew",
        None if free > needed else f"make room on the disk of {workspace.root}",
    )


def _published(workspace: Workspace) -> str:
    refuse_unlinked(workspace)
    manifest = shelf.published_manifest(workspace)
    return f"run {manifest['run_id']}" if manifest else "nothing yet"


def _links(workspace: Workspace) -> Finding:
    probe = workspace.root / f".probe-link-{os.getpid()}"
    try:
        probe.symlink_to("exports")
        probe.unlink()
    except OSError as error:
        return Finding(
            "symbolic links",
            False,
            f"cannot be made here ({error.strerror})",
            "published is a link that is swapped in one step: use a file system that has links",
        )
    return Finding("symbolic links", True, "can be made: a publication is one step")


def _prefect() -> Finding:
    url = Environment.read().prefect_api_url
    if url is None:
        return Finding("Prefect", True, "PREFECT_API_URL is not set: runs are in this process")
    if answers(url):
        return Finding("Prefect", True, f"answers at {url}")
    return Finding(
        "Prefect",
        False,
        f"does not answer at {url}: runs fall back to this process",
        "prefect server start, or unset PREFECT_API_URL",
    )
