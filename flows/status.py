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
from regulars.flows.counts import counted
from regulars.flows.ingest_notes import lists_without_file
from regulars.flows.settings import settings_of


@dataclass(frozen=True)
class Status:
    """What is published, loaded and waiting.

    ``rows_accepted_n`` are the accepted rows that are current, ``rows_replaced_n`` those that a
    later delivery replaced; ``without_file`` names exports of the settings of which nothing ever
    came.
    What only the warehouse knows is null while another process has it open; ``at_work`` then
    tells which.
    """

    workspace: str
    published_run_id: str | None
    published_as_of: str | None
    runs_n: int
    files_loaded_n: int | None
    rows_accepted_n: int | None
    rows_replaced_n: int | None
    rows_quarantined_n: int | None
    first_day: str | None
    last_day: str | None
    files_waiting: tuple[str, ...]
    without_file: tuple[str, ...]
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
            yield f"in use by {self.at_work}; ask again for what is loaded"
        else:
            yield (
                f"loaded: {counted(self.files_loaded_n or 0, 'file')}, "
                f"{counted(self.rows_accepted_n or 0, 'row')} accepted"
                + (f", {self.rows_replaced_n:,} replaced since" if self.rows_replaced_n else "")
                + f", {self.rows_quarantined_n:,} quarantined"
            )
        if self.first_day:
            yield f"transactions: {self.first_day} to {self.last_day}"
        if self.files_waiting:
            yield f"waiting: {', '.join(self.files_waiting)}"
        if self.without_file:
            yield f"no file yet: {', '.join(self.without_file)}"


def status_of(root: Path) -> Status:
    """What a workspace holds; nothing is changed."""
    workspace = opened(root)
    settings = settings_of(workspace)
    manifest = shelf.published_manifest(workspace)
    landed = {
        (file.export, digest) for file in landing.landed_files(workspace) for digest in file.digests
    }
    found = found_files(workspace, settings)
    waiting = sorted(
        path.name for name, _, path in found if (name, shelf.sha256_of(path)) not in landed
    )
    sums: extracts.LoadSums | None = extracts.LoadSums(0, 0, 0, 0)
    days: tuple[date | None, date | None] = (None, None)
    at_work = None
    try:
        if workspace.warehouse.exists():
            resources = steps.resources(settings, is_waiting=False)
            with warehouse.connected(workspace, resources) as connection:
                sums = extracts.load_sums(connection)
                days = (extracts.first_day(connection), extracts.last_day(connection))
    except Busy as error:
        sums, at_work = None, at_work_in(workspace) or error.found
    return Status(
        workspace=str(workspace.root),
        published_run_id=manifest["run_id"] if manifest else None,
        published_as_of=manifest["as_of"] if manifest else None,
        runs_n=sum(1 for run in workspace.runs.glob("[!.]*")),
        files_loaded_n=sums.files_n if sums else None,
        rows_accepted_n=sums.current_n if sums else None,
        rows_replaced_n=sums.replaced_n if sums else None,
        rows_quarantined_n=sums.quarantined_n if sums else None,
        first_day=str(days[0]) if days[0] else None,
        last_day=str(days[1]) if days[1] else None,
        files_waiting=tuple(waiting),
        without_file=tuple(lists_without_file(workspace, settings)),
        at_work=at_work,
    )


def at_work_in(workspace: Workspace) -> str | None:
    """Which of our own processes works here and since when; null when none does."""
    try:
        with lock.held(workspace, "a look", wait_seconds=0):
            return None
    except Busy as error:
        return error.found
