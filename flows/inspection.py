"""What a workspace holds, and what would make a run in it fail."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from regulars.data import extracts, landing, lock, shelf, vault, warehouse
from regulars.data.loading import pending
from regulars.data.workspace import Workspace, is_writable, opened
from regulars.expectations.errors import Busy, RegularsError
from regulars.flows import steps
from regulars.flows.analysis import segment_rules
from regulars.flows.prefect_api import answers
from regulars.flows.settings import Environment, Settings, settings_of

# A run writes the landing, the warehouse and the tables: about this many times the exports.
SPACE_FACTOR = 4


@dataclass(frozen=True)
class Status:
    """What is published, loaded and waiting.

    What only the warehouse knows is null while another process has it open; ``at_work`` then
    tells which.
    """

    workspace: str
    published_run_id: str | None
    published_as_of: str | None
    runs_n: int
    files_loaded_n: int | None
    rows_accepted_n: int | None
    rows_quarantined_n: int | None
    first_day: str | None
    last_day: str | None
    files_waiting: tuple[str, ...]
    at_work: str | None

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    def lines(self) -> Iterator[str]:
        yield self.workspace
        yield (
            f"published: run {self.published_run_id} as of {self.published_as_of}"
            if self.published_run_id
            else "published: nothing yet"
        )
        yield f"runs kept: {self.runs_n}"
        if self.at_work:
            yield f"in progress: {self.at_work}; ask again for what is loaded"
        else:
            yield (
                f"loaded: {self.files_loaded_n} files, {self.rows_accepted_n:,} rows accepted, "
                f"{self.rows_quarantined_n:,} quarantined"
            )
        if self.first_day:
            yield f"transactions: {self.first_day} to {self.last_day}"
        if self.files_waiting:
            yield f"waiting: {', '.join(self.files_waiting)}"


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
        yield f"{'ok   ' if self.is_well else 'wrong'} {self.what}: {self.found}"
        if self.next_step:
            yield f"      next: {self.next_step}"


def status_of(root: Path) -> Status:
    """What a workspace holds; nothing is changed."""
    workspace = opened(root)
    settings = settings_of(workspace)
    manifest = shelf.published_manifest(workspace)
    landed = {(file.export, file.sha256) for file in landing.landed_files(workspace)}
    found = steps.found_files(workspace, settings)
    waiting = sorted(
        path.name for name, _, path in found if (name, shelf.sha256_of(path)) not in landed
    )
    sums: tuple[int | None, ...] = (0, 0, 0)
    days: tuple[date | None, date | None] = (None, None)
    at_work = None
    try:
        if workspace.warehouse.exists():
            with warehouse.connected(workspace, steps.resources(settings)) as connection:
                sums = extracts.load_sums(connection)
                days = (extracts.first_day(connection), extracts.last_day(connection))
    except Busy as error:
        sums, at_work = (None, None, None), _at_work(workspace) or error.found
    return Status(
        workspace=str(workspace.root),
        published_run_id=manifest["run_id"] if manifest else None,
        published_as_of=manifest["as_of"] if manifest else None,
        runs_n=sum(1 for run in workspace.runs.glob("[!.]*")),
        files_loaded_n=sums[0],
        rows_accepted_n=sums[1],
        rows_quarantined_n=sums[2],
        first_day=str(days[0]) if days[0] else None,
        last_day=str(days[1]) if days[1] else None,
        files_waiting=tuple(waiting),
        at_work=at_work,
    )


def _at_work(workspace: Workspace) -> str | None:
    """Which of our own processes works here and since when; null when none does."""
    try:
        with lock.held(workspace, "a look", wait_seconds=0):
            return None
    except Busy as error:
        return error.found


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
        *(_writable(folder) for folder in _folders(workspace)),
        _tried("vault key", lambda: _key(workspace)),
        _tried("warehouse", lambda: _warehouse(workspace, settings)),
        _space(workspace),
        _links(workspace),
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
        return f"{settings.chain.name}, {len(settings.exports.given())} exports"

    return _tried("settings", look)


def _exports(workspace: Workspace, settings: Settings) -> str:
    arrivals = steps.arrivals(workspace, settings)
    ignored = {name for arrival in arrivals for name in arrival.layout.ignored}
    return f"{len(arrivals)} files, headers as settings say" + (
        f"; columns without use: {', '.join(sorted(ignored))}" if ignored else ""
    )


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
        return f"will be built from {landed_n} landed files" if landed_n else "not made yet"
    try:
        with warehouse.connected(workspace, steps.resources(settings)) as connection:
            waiting = pending(connection, workspace)
            difference = extracts.money_difference(connection)
    except Busy:
        if at_work := _at_work(workspace):
            return f"in use by {at_work}"
        raise
    if difference is not None:
        raise extracts.money_lost(difference)
    return "opens; the orders' money is the lines' money" + (
        f"; {len(waiting)} landed files wait to be loaded" if waiting else ""
    )


def _space(workspace: Workspace) -> Finding:
    exports = [path for path in workspace.exports.rglob("*") if path.is_file()]
    needed = SPACE_FACTOR * sum(path.stat().st_size for path in exports)
    free = shutil.disk_usage(workspace.root).free
    return Finding(
        "space",
        free > needed,
        f"{free / 1e9:.1f} GB free, about {needed / 1e9:.1f} GB wanted to load everything anew",
        None if free > needed else f"make room on the disk of {workspace.root}",
    )


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
