"""Refused rows handed out to be mended: a private workbook, and a line in the audit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from regulars.data.mending_book import book
from regulars.data.mending_rows import rows_to_mend
from regulars.data.quarantined import RefusedFile
from regulars.data.workspace import PRIVATE_FOLDER, Workspace, appended, made, written
from regulars.expectations.errors import DataRefused, SettingsError


@dataclass(frozen=True)
class HandedOut:
    """The workbook, the rows in it, and those that do not fit into one."""

    path: Path
    files_n: int
    rows_n: int
    left_out_n: int


def handed_out(
    workspace: Workspace,
    files: Sequence[RefusedFile],
    *,
    language: str,
    store: str | None,
    purpose: str,
    by: str,
    at: datetime,
) -> HandedOut:
    """Write the refused rows of these files to a workbook (0600, in ``revealed``).

    ``store`` keeps to the rows that name this store, those that could be split.

    Raises:
        SettingsError: no purpose.
        DataRefused: there is no such row.
    """
    if not purpose.strip():
        raise SettingsError(
            "refused rows may name people: who took them and why is kept in audit.jsonl",
            expected="--purpose with a few words",
            found="no words",
            left="nothing was written",
            next_step='regulars quarantine export --purpose "for the store to correct"',
        )
    found = (rows_to_mend(one, language, store=store) for one in files)
    to_mend = [file for file in found if file.rows or file.left_out_n]
    rows_n = sum(len(file.rows) for file in to_mend)
    if not to_mend:
        raise DataRefused(
            "there is no refused row to hand out",
            expected="rows in quarantine" + (f" of store {store}" if store else ""),
            found="none",
            left="nothing was written",
            next_step="regulars quarantine list",
        )
    made(workspace.revealed, PRIVATE_FOLDER)
    path = workspace.revealed / f"quarantine-{at:%Y%m%dT%H%M%S}.xlsx"
    # The audit comes first: a list must not exist that no line tells of.
    appended(
        workspace.audit,
        {
            "at": at.isoformat(timespec="seconds"),
            "by": by,
            "table": "quarantine",
            "files": [file.file for file in to_mend],
            "store": store,
            "purpose": purpose,
            "rows_n": rows_n,
            "file": path.name,
        },
    )
    written(path, book(to_mend, language))
    left_out_n = sum(file.left_out_n for file in to_mend)
    return HandedOut(path, len(to_mend), rows_n, left_out_n)
