"""The folder a chain works in: where each thing is, and who may read it.

Everything raw (exports as landed, quarantine, vault, key) is readable by its owner alone; what is
published is readable by the owner's group, so that a BI tool can be given access to it.
"""

from __future__ import annotations

import json
import os
import shlex
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from regulars.expectations.errors import Failed, SettingsError

PRIVATE_FOLDER = 0o700
PRIVATE_FILE = 0o600
SHARED_FOLDER = 0o750
SHARED_FILE = 0o640
# So many names of files tell which folder it is; more would hide the advice.
_NAMES_TOLD = 3


@dataclass(frozen=True)
class Workspace:
    """Paths of a workspace; nothing is created by naming them."""

    root: Path

    @property
    def settings_file(self) -> Path:
        return self.root / "regulars.toml"

    @property
    def exports(self) -> Path:
        return self.root / "exports"

    @property
    def landing(self) -> Path:
        return self.root / "landing"

    @property
    def warehouse(self) -> Path:
        return self.root / "warehouse.duckdb"

    @property
    def vault(self) -> Path:
        return self.root / "vault.duckdb"

    @property
    def key(self) -> Path:
        return self.root / "vault.key"

    @property
    def quarantine(self) -> Path:
        return self.root / "quarantine"

    @property
    def models(self) -> Path:
        """Fitted models, kept to be used again; may be emptied at any time."""
        return self.root / "models"

    @property
    def runs(self) -> Path:
        return self.root / "runs"

    @property
    def published(self) -> Path:
        return self.root / "published"

    @property
    def revealed(self) -> Path:
        """Where lists with raw ids are written, outside ``published``."""
        return self.root / "revealed"

    @property
    def decisions(self) -> Path:
        return self.root / "decisions.jsonl"

    @property
    def audit(self) -> Path:
        return self.root / "audit.jsonl"

    @property
    def work(self) -> Path:
        """Spill and half-written files; may be emptied between runs."""
        return self.root / ".work"

    @property
    def lock(self) -> Path:
        return self.root / ".lock"


def opened(root: Path) -> Workspace:
    """The workspace at ``root``.

    Raises:
        SettingsError: there is no ``regulars.toml`` in it.
    """
    workspace = _named(root)
    if not workspace.settings_file.is_file():
        raise SettingsError(
            f"{workspace.root} is no workspace",
            expected="a folder with a regulars.toml",
            found="no such file" if workspace.root.is_dir() else "no such folder",
            next_step=f"make one with: regulars init {workspace.root}",
        )
    return workspace


def created(root: Path, settings: str, *, at: datetime, **origin: str) -> Workspace:
    """A new workspace at ``root`` with these settings and an empty ``exports`` folder.

    The decisions log begins with the workspace itself, and with what it was made from
    (``sample="chain"``).

    Raises:
        SettingsError: the folder holds something already, hidden files apart.
        Failed: the folder cannot be written to.
    """
    workspace = _named(root)
    if workspace.settings_file.exists():
        raise SettingsError(
            f"{workspace.root} is a workspace already",
            expected="a new or empty folder",
            found="a regulars.toml in it",
            left="nothing was changed",
            next_step="choose another folder, or edit that regulars.toml",
        )
    if others := _unhidden(workspace.root):
        raise SettingsError(
            f"{workspace.root} is not empty",
            expected="a new folder, or one with nothing but hidden files in it",
            found=", ".join(others[:_NAMES_TOLD]) + (", …" if len(others) > _NAMES_TOLD else ""),
            left="nothing was changed",
            next_step=f"regulars init {shlex.quote(str(root / 'regulars'))}, and put copies of the "
            "files to be loaded into its exports/",
        )
    made(workspace.exports, PRIVATE_FOLDER)
    workspace.settings_file.write_text(settings, encoding="utf-8")
    decided(workspace, "workspace_created", at=at, **origin)
    return workspace


def _unhidden(folder: Path) -> list[str]:
    if folder.is_dir():
        return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))
    return ["a file of that name"] if folder.exists() else []


def _named(root: Path) -> Workspace:
    """The workspace at a path. DuckDB takes what follows a question mark for options."""
    workspace = Workspace(root.resolve())
    if "?" in str(workspace.root):
        raise SettingsError(
            f"{workspace.root}: a workspace cannot have a ? in its path",
            found="a ?, which DuckDB does not take for a part of a file's name",
            left="nothing was changed",
            next_step="rename the folder",
        )
    return workspace


def prepared(workspace: Workspace) -> None:
    """Make the folders that work needs, or say which cannot be written.

    Raises:
        Failed: a folder cannot be made or written to, or ``published`` is no link that can be
            swapped; nothing has been read yet.
    """
    for folder, mode in (
        (workspace.root, None),
        (workspace.landing, PRIVATE_FOLDER),
        (workspace.quarantine, PRIVATE_FOLDER),
        (workspace.models, PRIVATE_FOLDER),
        (workspace.work, PRIVATE_FOLDER),
        (workspace.runs, SHARED_FOLDER),
    ):
        made(folder, mode)
        if not is_writable(folder):
            raise _not_writable(folder)
    refuse_unlinked(workspace)


def refuse_unlinked(workspace: Workspace) -> None:
    """Stop where ``published`` is something else than a link.

    Raises:
        Failed: it is a folder or a file, as a copy of a workspace without its links leaves it.
    """
    published = workspace.published
    if published.is_symlink() or not published.exists():
        return
    aside = published.with_name("published.old")
    raise Failed(
        f"{published} is no link",
        expected="a link to the tables of a run, which is swapped in one step",
        found="a folder, as copying a workspace without its links leaves it"
        if published.is_dir()
        else "a file",
        left="nothing was changed; what stands there is untouched",
        next_step=f"mv {shlex.quote(str(published))} {shlex.quote(str(aside))}, then run again",
    )


def made(folder: Path, mode: int | None) -> Path:
    """The folder, made with this mode when it was not there."""
    try:
        is_new = not folder.exists()
        folder.mkdir(parents=True, exist_ok=True)
        if is_new and mode is not None:
            folder.chmod(mode)
    except OSError as error:
        raise _not_writable(folder) from error
    return folder


def is_writable(folder: Path) -> bool:
    """Whether a file can be made in the folder, found out by making one.

    Permission bits alone do not tell: the disk may be mounted read-only. Whoever holds the lock
    may tidy the probe away.
    """
    try:
        handle, probe = tempfile.mkstemp(dir=folder, prefix=".probe-")
    except OSError:
        return False
    os.close(handle)
    Path(probe).unlink(missing_ok=True)
    return True


def no_room(folder: Path, what: str, needed_n: int, left: str, error: OSError) -> Failed:
    """The error for a write into a folder that did not end: what was wanted, what there was."""
    status = os.statvfs(folder)
    return Failed(
        what,
        expected=f"about {needed_n:,} bytes of space, and the right to write",
        found=f"{status.f_bavail * status.f_frsize:,} bytes free ({error.strerror})",
        left=left,
        next_step="make room or give access, then run again",
    )


def _not_writable(folder: Path) -> Failed:
    return Failed(
        f"cannot write to {folder}",
        expected="a folder this user may write to, with space left",
        found=_state_of(folder),
        left="nothing was changed; the last publication is untouched",
        next_step=f"give this user write access, e.g. chmod u+rwx {folder}, then run again",
    )


def _state_of(folder: Path) -> str:
    if not folder.exists():
        return "it does not exist and could not be made"
    if not folder.is_dir():
        return "it is a file"
    status = folder.stat()
    return f"mode {status.st_mode & 0o777:04o}, owner uid {status.st_uid}, you are {os.geteuid()}"


def written(path: Path, content: bytes, mode: int = PRIVATE_FILE) -> Path:
    """The file with this content, whole or not at all: written beside, synced, then renamed."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(mode)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    synced(path.parent)
    return path


def decided(workspace: Workspace, decision: str, *, at: datetime, **details: Any) -> None:
    """Keep a decision of a person that results follow from: what, when, and its details."""
    entry = {"at": at.isoformat(timespec="seconds"), "decision": decision, **details}
    appended(workspace.decisions, entry)


def appended(path: Path, entry: dict[str, Any]) -> None:
    """Add one line of JSON to a private log, on disk before this returns."""
    line = json.dumps(entry, ensure_ascii=False, sort_keys=True) + "\n"
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, PRIVATE_FILE)
    with os.fdopen(handle, "a", encoding="utf-8") as file:
        file.write(line)
        file.flush()
        os.fsync(file.fileno())


def synced(folder: Path) -> None:
    """Names made or replaced in the folder survive a loss of power once this returns."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
