"""What a workspace holds: published, loaded, waiting."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from regulars.data import extracts, landing, lock, shelf, warehouse
from regulars.data.workspace import Workspace, opened
from regulars.expectations.errors import Busy
from regulars.flows import steps
from regulars.flows.arrivals import found_files
from regulars.flows.settings import settings_of


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


def status_of(root: Path) -> Status:
    """What a workspace holds; nothing is changed."""
    workspace = opened(root)
    settings = settings_of(workspace)
    manifest = shelf.published_manifest(workspace)
    landed = {(file.export, file.sha256) for file in landing.landed_files(workspace)}
    found = found_files(workspace, settings)
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
        sums, at_work = (None, None, None), at_work_in(workspace) or error.found
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


def at_work_in(workspace: Workspace) -> str | None:
    """Which of our own processes works here and since when; null when none does."""
    try:
        with lock.held(workspace, "a look", wait_seconds=0):
            return None
    except Busy as error:
        return error.found
