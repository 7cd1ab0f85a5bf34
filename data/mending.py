"""Refused rows that were mended by hand: put into their files, in the places they came from.

A mended file stands in the place of the one that landed, so that the next load reads it as if it
had been right from the first: nothing counts twice, and orders stay whole.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import file_digest
from pathlib import Path

from regulars.data.landing import LandedFile, put_in_place
from regulars.data.mended_sheets import GivenRow
from regulars.data.mending_verdicts import Judged, judged_rows, mend_of
from regulars.data.points import reached
from regulars.data.quarantined import RefusedFile
from regulars.data.splicing import Mend, Spliced, spliced
from regulars.data.workspace import Workspace, decided


@dataclass(frozen=True)
class Mended:
    """Every row of a workbook, and the digests of the files that now stand in others' places."""

    rows: list[Judged]
    now: dict[tuple[int, str, str], str] = field(default_factory=dict)

    def digest_now(self, file: LandedFile) -> str:
        return self.now.get(_identity(file), file.sha256)


def mended(
    workspace: Workspace,
    files: Sequence[RefusedFile],
    rows: Sequence[GivenRow],
    *,
    workbook: str,
    by: str,
    at: datetime,
) -> Mended:
    """Put what was mended into the files' places, and have it on record who did.

    ``workbook`` is the digest of what was handed in. The decision comes before the files: one
    that is killed in between leaves some files as they were, and doing it again does the rest.
    """
    judged = judged_rows(files, rows, mends=_mends(workspace))
    by_load: dict[int, dict[int, Mend]] = defaultdict(dict)
    for load_id, line, mend in filter(None, map(mend_of, judged)):
        by_load[load_id][line] = mend
    new: list[_New] = []
    with ExitStack() as copies:
        for one in files:
            if one.load_id in by_load:
                path = workspace.work / f"{one.file.sha256}.mended"
                copies.callback(path.unlink, missing_ok=True)
                made = spliced(workspace, one.file, by_load[one.load_id], path)
                if made.lines:
                    new.append(_New(one, path, made, _unlike(path, one.digests)))
        if new:
            _recorded(workspace, new, workbook=workbook, by=by, at=at)
        for file in new:
            put_in_place(workspace, file.one.file, file.path, file.made.layout)
            reached("half_mended")
    placed = {(file.one.load_id, line) for file in new for line in file.made.lines}
    now = {_identity(file.one.file): file.sha256 for file in new}
    return Mended([_if_placed(one, placed) for one in judged], now)


@dataclass(frozen=True)
class _New:
    """A file that is to stand in the place of another."""

    one: RefusedFile
    path: Path
    made: Spliced
    sha256: str


def _if_placed(one: Judged, placed: set[tuple[int, int]]) -> Judged:
    """A record that was not found on its line, as it was refused, has not been replaced."""
    mend = mend_of(one)
    is_lost = mend is not None and mend[:2] not in placed
    return replace(one, state="outdated", mend=None) if is_lost else one


def _identity(file: LandedFile) -> tuple[int, str, str]:
    return file.delivery_id, file.export, file.sha256


def _unlike(path: Path, digests: Sequence[str]) -> str:
    """The digest of a new file, which must not be one that stood in this place before.

    A row that is mended back to what it was would make it so. A blank line tells them apart.
    """
    while (digest := _digest(path)) in digests:
        with path.open("ab") as file:
            file.write(b"\n")
    return digest


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _recorded(
    workspace: Workspace, new: Sequence[_New], *, workbook: str, by: str, at: datetime
) -> None:
    decided(
        workspace,
        "resubmitted",
        at=at,
        by=by,
        workbook=workbook,
        files=[
            {
                "file": file.one.file.file,
                "from": file.one.file.sha256,
                "to": file.sha256,
                "rows_n": len(file.made.lines),
                "keeps_lines": file.made.keeps_lines,
            }
            for file in new
        ],
    )


def _mends(workspace: Workspace) -> set[tuple[str, str]]:
    """Digests of files and of those that stand in their places with every record on its line."""
    if not workspace.decisions.exists():
        return set()
    with workspace.decisions.open(encoding="utf-8") as log:
        entries = [json.loads(line) for line in log if line.strip()]
    return {
        (file["from"], file["to"])
        for entry in entries
        if entry["decision"] == "resubmitted"
        for file in entry["files"]
        if file["keeps_lines"]
    }
