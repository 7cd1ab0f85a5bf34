"""One run at a time in a workspace, held by the operating system: a dead holder is no holder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from regulars.data.workspace import Workspace
from regulars.expectations.errors import Busy


@contextmanager
def held(workspace: Workspace, purpose: str, *, wait_seconds: float) -> Iterator[None]:
    """The workspace, for this process alone while the block runs.

    Raises:
        Busy: another process still holds it after ``wait_seconds``; names its PID, what it does
            and since when.
    """
    lock = FileLock(workspace.lock, mode=0o600)
    try:
        lock.acquire(timeout=wait_seconds)
    except Timeout as error:
        raise Busy(
            f"{workspace.root} is busy",
            expected="one run at a time in a workspace",
            found=_holder(workspace),
            left="nothing was changed",
            next_step="run again when it has ended, or wait longer with --wait SECONDS",
        ) from error
    try:
        since = datetime.now(UTC).astimezone().isoformat(timespec="seconds")
        _note(workspace).write_text(f"{purpose}, process {os.getpid()}, since {since}")
        yield
    finally:
        _note(workspace).unlink(missing_ok=True)
        lock.release()


def _note(workspace: Workspace) -> Path:
    return workspace.root / ".lock-holder"


def _holder(workspace: Workspace) -> str:
    try:
        return _note(workspace).read_text()
    except FileNotFoundError:
        return "another process that is just starting or ending"
