"""A workbook of refused rows comes back: mended rows go into their files, and these are loaded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from regulars.data import landing, lock, shelf, vault
from regulars.data.mended_sheets import given_rows
from regulars.data.mending import Mended, mended
from regulars.data.mending_rows import sentence
from regulars.data.mending_verdicts import Judged
from regulars.data.quarantined import RefusedFile
from regulars.data.shelf import sha256_of
from regulars.data.workspace import Workspace, opened, prepared
from regulars.flows import steps
from regulars.flows.counts import counted
from regulars.flows.quarantine_list import refused_files
from regulars.flows.settings import Settings, settings_of

TELLING = {
    "accepted": "mended and accepted",
    "still_refused": "mended, and still refused",
    "given_up": "given up: left out and counted as skipped",
    "unchanged": "not changed, and still in quarantine",
    "settled_before": "no longer in quarantine: nothing to do",
    "outdated": "from a workbook that is out of date, because its file was changed otherwise: "
    "export it again",
    "unknown": "not in quarantine, or without its key",
    "ambiguous": "there twice, corrected in two ways: neither was taken",
    "too_many_lines": "not taken: it takes more lines than it had in its file",
    "not_text": "not taken: it still holds �, which stands for characters that were lost",
    "open_quote": "not taken: a quotation mark is opened and never closed",
}
"""What became of a row of a workbook."""


@dataclass(frozen=True)
class RowTold:
    """What became of one row of the workbook; ``sentence`` says why it is (still) refused."""

    sheet: str
    row: int
    file: str
    line: int | None
    state: str
    sentence: str | None


@dataclass(frozen=True)
class Resubmitted:
    """Every row of the workbook, and the load that followed; null where nothing was mended."""

    rows: tuple[RowTold, ...]
    ingested: steps.Ingested | None

    @property
    def rows_n(self) -> dict[str, int]:
        """Rows by what became of them."""
        found = Counter(row.state for row in self.rows)
        return {state: found[state] for state in TELLING if found[state]}

    def as_dict(self) -> dict[str, Any]:
        return {
            "rows_n": self.rows_n,
            "rows": [asdict(row) for row in self.rows],
            "ingested": self.ingested.as_dict() if self.ingested else None,
        }

    def lines(self) -> Iterator[str]:
        for state, rows_n in self.rows_n.items():
            yield f"{counted(rows_n, 'row')}: {TELLING[state]}"
            if state not in ("accepted", "given_up", "settled_before"):
                yield from (f"  {_place(row)}" for row in self.rows if row.state == state)
        if self.ingested is None:
            yield "nothing was changed"
            return
        loaded = self.ingested.loaded
        yield (
            f"loaded again: {counted(sum(load.rows_n for load in loaded), 'row')} = "
            f"{sum(load.accepted_n for load in loaded):,} accepted + "
            f"{sum(load.duplicate_n for load in loaded):,} duplicate + "
            f"{self.ingested.quarantined_n:,} quarantined + "
            f"{sum(load.skipped_n for load in loaded):,} skipped"
        )
        yield "next: regulars run"


def resubmitted(
    root: Path,
    workbook: Path,
    *,
    by: str,
    at: datetime,
    wait_seconds: float = 0,
    report: steps.Report = lambda _: None,
) -> Resubmitted:
    """Take the mended rows of a workbook in, load their files again, and tell of every row.

    Raises:
        DataRefused: it is no such workbook.
    """
    workspace = opened(root)
    settings = settings_of(workspace)
    rows = given_rows(workbook)
    prepared(workspace)
    with lock.held(workspace, "a resubmission", wait_seconds=wait_seconds):
        files, unread = refused_files(workspace, settings)
        if unread or not workspace.warehouse.exists():
            # Such as after a kill: what the warehouse tells of is not what landing/ holds.
            _loaded_again(workspace, settings, report)
            files, _ = refused_files(workspace, settings)
        report("putting mended rows into their files")
        done = mended(workspace, files, rows, workbook=sha256_of(workbook), by=by, at=at)
        if not done.now:
            return Resubmitted(_told(done, files), None)
        ingested = _loaded_again(workspace, settings, report)
        files, _ = refused_files(workspace, settings)
    return Resubmitted(_told(done, files), ingested)


def _loaded_again(workspace: Workspace, settings: Settings, report: steps.Report) -> steps.Ingested:
    """What has landed into the warehouse. What waits in ``exports`` is left for the next ingest:
    it must not stand in the way of rows that were mended.
    """
    shelf.tidied(workspace)
    landing.tidied(workspace)
    return steps.load_landed(workspace, settings, vault.workspace_key(workspace), report=report)


def _told(done: Mended, files: list[RefusedFile]) -> tuple[RowTold, ...]:
    by_digest = {(one.file.delivery_id, one.file.export, one.file.sha256): one for one in files}
    refused = {place: _by_line(one) for place, one in by_digest.items()}

    def told(judged: Judged) -> RowTold:
        reason = None
        state: str = judged.state
        if judged.place is not None:
            file = judged.place.file
            now = refused.get((file.delivery_id, file.export, done.digest_now(file)), {})
            reason = now.get(judged.line or 0)
            state = _state(judged, is_refused=reason is not None)
        row = judged.row
        name = judged.place.file.file if judged.place else row.file
        words = sentence(reason, "en", {}) if reason else None
        return RowTold(row.sheet, row.number, name, judged.line, state, words)

    return tuple(told(judged) for judged in done.rows)


def _by_line(one: RefusedFile) -> dict[int, dict[str, Any]]:
    return {row["line"]: row for row in one.rows.iter_rows(named=True)}


def _state(judged: Judged, *, is_refused: bool) -> str:
    """What the load made of it. A row that nobody touched may be accepted for another's sake."""
    if judged.state == "mended":
        return "still_refused" if is_refused else "accepted"
    return "accepted" if judged.state == "unchanged" and not is_refused else judged.state


def _place(row: RowTold) -> str:
    line = f"{row.file}, line {row.line}" if row.line else row.file or "no file"
    return f"{line} (row {row.row} of {row.sheet})" + (f": {row.sentence}" if row.sentence else "")
