"""The landing: every file as it came, kept under its own digest, with a sidecar of facts.

``landing/<sha256>`` holds the bytes and ``landing/<delivery>-<export>-<sha256>.json`` what is
known of them. Together with the key and the decisions log they are enough to build the warehouse
again. ``landing/<delivery>.loaded`` marks a delivery that was loaded once: it is never taken back.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from regulars.data.headers import Layout
from regulars.data.line_ends import ends_line, newlines_in
from regulars.data.points import reached
from regulars.data.signs import ALL_SIGNS, Signs
from regulars.data.workspace import PRIVATE_FILE, Workspace, no_room, synced, written
from regulars.expectations.errors import DataRefused, Failed

CHUNK_BYTES = 256 << 10  # fits the cache of a core, where it is looked at several times
_COPIES_AT_ONCE = 2
_AN_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True)
class LandedFile:
    """One file of one delivery, as its sidecar tells it.

    ``landed_at`` and ``delivered_at`` are wall-clock in the chain's zone. ``newlines_n`` counts
    the bytes that end a line, the header's own included. ``delivery_files_n`` counts the files of
    the delivery: it has landed when all of them have. ``source`` tells files of one export apart
    that other systems write. ``originals`` are the digests of what came, where this file stands in
    its place: rows were mended, or a person's were taken out (``erased_n`` of them); ``version``
    counts how often.
    """

    delivery_id: int
    delivery_files_n: int
    export: str
    file: str
    sha256: str
    bytes_n: int
    newlines_n: int
    ends_with_newline: bool
    landed_at: datetime
    delivered_at: datetime
    layout: Layout
    source: str = ""
    originals: list[str] = field(default_factory=list)
    erased_n: int = 0
    version: int = 0

    @property
    def sidecar_name(self) -> str:
        return f"{self.delivery_id:06d}-{self.export}-{self.sha256}.json"

    @property
    def digests(self) -> set[str]:
        """Of the bytes that count as landed with it: its own, and those it stands in place of."""
        return {self.sha256, *self.originals}

    @property
    def facts_digest(self) -> str:
        """What tells whether the warehouse has read this file as its sidecar says now."""
        return hashlib.sha256(_sidecar(self)).hexdigest()


@dataclass(frozen=True)
class Arrival:
    """One file that waits in ``exports``: its path, the export it is, and how it is laid out.

    ``source`` is where settings look for it. ``must_end_line`` says that a file whose last line
    does not end is not whole.
    """

    path: Path
    export: str
    layout: Layout
    delivered_at: datetime | None
    must_end_line: bool = False
    source: str = ""


def landed_files(workspace: Workspace) -> list[LandedFile]:
    """All that has landed, by delivery and digest, each in the form that counts."""
    files = [_read_sidecar(path) for path in sorted(workspace.landing.glob("*.json"))]
    # A kill may leave a file beside the one that stands in its place.
    latest: dict[tuple[int, str, str], int] = {}
    for file in files:
        for digest in file.originals:
            place = file.delivery_id, file.export, digest
            latest[place] = max(latest.get(place, 0), file.version)
    return [f for f in files if latest.get((f.delivery_id, f.export, f.sha256), -1) <= f.version]


def brought(workspace: Workspace) -> dict[str, set[str]]:
    """The columns that the files of each export that landed bring at all."""
    columns: dict[str, set[str]] = {}
    for file in landed_files(workspace):
        columns.setdefault(file.export, set()).update(file.layout.places)
    return columns


class Landing(NamedTuple):
    """What became of the files that waited.

    ``reread`` are those of the ``repeated`` whose layout is another than when they landed.
    """

    new: list[LandedFile]
    repeated: list[Arrival]
    reread: list[Arrival]


def land(
    workspace: Workspace, arrivals: Sequence[Arrival], *, landed_at: datetime, again: bool = False
) -> Landing:
    """Copy a delivery into the landing; give what is new, and what had landed before.

    Files that come together are one delivery, unless their names tell different
    ``delivered_at``; those that number their lines, and those that do not, are one each. A file
    whose bytes have landed before is left alone, unless ``again``; where its layout is another
    now, because a mapping was corrected, its sidecar is corrected too.

    Raises:
        DataRefused: a file is not whole; nothing of the delivery stays.
        Failed: the disk is full or the landing cannot be written; nothing of the delivery stays.
    """
    known = landed_files(workspace)
    last_id = max((file.delivery_id for file in known), default=0)
    # The clock of a machine may step back; the order of deliveries must not.
    landed_at = max([landed_at, *(file.landed_at + _AN_INSTANT for file in known)])
    seen = set() if again else {(file.export, digest) for file in known for digest in file.digests}
    kinds = sorted({_delivery_of(arrival, landed_at) for arrival in arrivals})
    delivery_ids = {kind: last_id + 1 + place for place, kind in enumerate(kinds)}
    new: list[LandedFile] = []
    repeated: list[Arrival] = []
    reread: list[Arrival] = []
    before = {path.name for path in workspace.landing.iterdir()}
    try:
        # While one file waits for the disk, the digest of another is computed.
        with ThreadPoolExecutor(_COPIES_AT_ONCE) as pool:
            copies = list(pool.map(lambda arrival: _kept(workspace, arrival.path), arrivals))
        for arrival, copy in zip(arrivals, copies, strict=True):
            if arrival.must_end_line and not copy.ends_with_newline:
                raise _cut_short(arrival, copy)
            delivered_at = arrival.delivered_at or landed_at
            if (arrival.export, copy.sha256) in seen:
                repeated.append(arrival)
                if _laid_out_anew(workspace, known, arrival, copy):
                    reread.append(arrival)
                continue
            seen.add((arrival.export, copy.sha256))
            file = LandedFile(
                delivery_id=delivery_ids[_delivery_of(arrival, landed_at)],
                delivery_files_n=0,
                export=arrival.export,
                file=arrival.path.name,
                sha256=copy.sha256,
                bytes_n=copy.bytes_n,
                newlines_n=copy.newlines_n,
                ends_with_newline=copy.ends_with_newline,
                landed_at=landed_at,
                delivered_at=delivered_at,
                layout=copy.laid_out(arrival.layout),
                source=arrival.source,
            )
            new.append(file)
        _drop_replaced(workspace, copies, [*known, *new])
        sizes = Counter(file.delivery_id for file in new)
        new = [replace(file, delivery_files_n=sizes[file.delivery_id]) for file in new]
        # Sidecars come last: a file without one has not landed, so a copy cut short counts as none.
        for file in new:
            written(workspace.landing / file.sidecar_name, _sidecar(file))
            reached("half_landed")
    except (OSError, DataRefused) as error:
        for path in workspace.landing.iterdir():
            if path.name not in before:
                path.unlink()
        if isinstance(error, DataRefused):
            raise
        needed_n = sum(a.path.stat().st_size for a in arrivals if a.path.exists())
        what = f"cannot land {len(arrivals)} files in {workspace.landing}"
        left = "nothing of this delivery was kept; the last publication is untouched"
        raise no_room(workspace.landing, what, needed_n, left, error) from error
    reached("landed")
    return Landing(new, repeated, reread)


def _delivery_of(arrival: Arrival, landed_at: datetime) -> tuple[datetime, bool]:
    """What files of one delivery have in common: when it was made, and what is replaced as one."""
    is_numbered = arrival.export == "transactions" and "line_id" in arrival.layout.places
    return arrival.delivered_at or landed_at, is_numbered


def _drop_replaced(
    workspace: Workspace, copies: Sequence[_Copy], files: Sequence[LandedFile]
) -> None:
    """Remove copies of bytes in whose place others stand: they may hold a person who asked to be
    forgotten.
    """
    current = {file.sha256 for file in files}
    for copy in copies:
        if copy.sha256 not in current:
            (workspace.landing / copy.sha256).unlink(missing_ok=True)


def _laid_out_anew(
    workspace: Workspace, known: Sequence[LandedFile], arrival: Arrival, copy: _Copy
) -> bool:
    """Correct the sidecars of a file that landed under another layout; whether there was one."""
    layout = copy.laid_out(arrival.layout)
    others = []
    for file in known:
        if file.export != arrival.export or copy.sha256 not in file.digests:
            continue
        # What stands in a file's place is text of its own, but with the file's own columns.
        same_columns = layout.names == file.layout.names
        mapped = replace(file.layout, places=layout.places)
        now = layout if file.sha256 == copy.sha256 else mapped if same_columns else file.layout
        if now != file.layout:
            others.append(replace(file, layout=now))
    for file in others:
        written(workspace.landing / file.sidecar_name, _sidecar(file))
    return bool(others)


def tidied(workspace: Workspace) -> None:
    """Take back deliveries of which only a part landed; their files are still in ``exports``."""
    files = landed_files(workspace)
    landed_n = Counter(file.delivery_id for file in files)
    withdraw(workspace, [f for f in files if landed_n[f.delivery_id] < f.delivery_files_n])


def was_loaded(workspace: Workspace, delivery_id: int) -> bool:
    """Whether a delivery was loaded once, whatever became of the warehouse."""
    return (workspace.landing / f"{delivery_id:06d}.loaded").exists()


def mark_loaded(workspace: Workspace, delivery_ids: Iterable[int]) -> None:
    """Have it on record that these deliveries were loaded, whatever becomes of the warehouse."""
    for delivery_id in delivery_ids:
        (workspace.landing / f"{delivery_id:06d}.loaded").touch(PRIVATE_FILE)


def put_in_place(workspace: Workspace, file: LandedFile, content: Path, layout: Layout) -> None:
    """Have a copy of ``content`` stand in the place of a landed file, which still counts as landed.

    The delivery, its moment and its name stay. What came first is kept under its own digest,
    until ``forgotten`` takes it away.
    """
    copy = _kept(workspace, content)
    new = replace(
        file,
        sha256=copy.sha256,
        bytes_n=copy.bytes_n,
        newlines_n=copy.newlines_n,
        ends_with_newline=copy.ends_with_newline,
        layout=copy.laid_out(layout),
        originals=[*file.originals, file.sha256],
        version=file.version + 1,
    )
    written(workspace.landing / new.sidecar_name, _sidecar(new))
    if new.sidecar_name != file.sidecar_name:
        (workspace.landing / file.sidecar_name).unlink()


def forgotten(workspace: Workspace) -> list[str]:
    """Remove bytes that no sidecar names; their digests."""
    named = {file.sha256 for file in landed_files(workspace)}
    gone = [
        path
        for path in workspace.landing.iterdir()
        if re.fullmatch("[0-9a-f]{64}", path.name) and path.name not in named
    ]
    for path in gone:
        path.unlink()
    return sorted(path.name for path in gone)


def withdraw(workspace: Workspace, files: Sequence[LandedFile]) -> None:
    """Take back what was landed and then refused, so that it is not tried again.

    A delivery that was loaded once stays: its bytes may be nowhere else.
    """
    files = [file for file in files if not was_loaded(workspace, file.delivery_id)]
    for file in files:
        (workspace.landing / file.sidecar_name).unlink(missing_ok=True)
    still_named = {file.sha256 for file in landed_files(workspace)}
    for file in files:
        if file.sha256 not in still_named:
            (workspace.landing / file.sha256).unlink(missing_ok=True)


def secure(workspace: Workspace, files: Sequence[LandedFile]) -> None:
    """The bytes of these files survive a loss of power once this returns.

    A copy outlives the process that made it at once; that it is on the disk is needed only when
    the ledger is about to say so. So this can go on while the rows are read.
    """
    for file in files:
        handle = os.open(workspace.landing / file.sha256, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def bytes_of(workspace: Workspace, file: LandedFile) -> Path:
    """Where the bytes of a landed file are.

    Raises:
        Failed: they are gone or shorter than they were.
    """
    path = workspace.landing / file.sha256
    found = path.stat().st_size if path.exists() else None
    if found != file.bytes_n:
        raise Failed(
            f"{path} is not what was landed as {file.file}",
            expected=f"{file.bytes_n} bytes",
            found="no such file" if found is None else f"{found} bytes",
            left="the warehouse was not changed",
            next_step="restore landing/ from a backup",
        )
    return path


@dataclass(frozen=True)
class _Copy:
    """What one pass over the bytes tells."""

    sha256: str
    bytes_n: int
    newlines_n: int
    ends_with_newline: bool
    signs: list[str]

    def laid_out(self, layout: Layout) -> Layout:
        """The layout with the signs of these bytes, where they are the text itself."""
        return replace(layout, signs=self.signs if layout.is_text_itself else [*ALL_SIGNS])


def _kept(workspace: Workspace, path: Path) -> _Copy:
    """Copy the bytes under their digest."""
    digest = hashlib.sha256()
    newlines_n = bytes_n = 0
    signs = Signs()
    last = b"\n\n"
    handle, name = tempfile.mkstemp(dir=workspace.landing, prefix=".landing-")
    copy = Path(name)
    try:
        with path.open("rb") as source, os.fdopen(handle, "wb") as target:
            while chunk := source.read(CHUNK_BYTES):
                digest.update(chunk)
                target.write(chunk)
                newlines_n += newlines_in(chunk)
                bytes_n += len(chunk)
                signs.see(chunk)
                last = (last + chunk[-2:])[-2:]
        kept = workspace.landing / digest.hexdigest()
        if kept.exists():
            copy.unlink()
        else:
            copy.chmod(PRIVATE_FILE)
            copy.replace(kept)
            synced(workspace.landing)
    except BaseException:
        copy.unlink(missing_ok=True)
        raise
    ends = ends_line(last)
    return _Copy(digest.hexdigest(), bytes_n, newlines_n, ends, signs.all())


def _sidecar(file: LandedFile) -> bytes:
    facts = asdict(file) | {
        "landed_at": file.landed_at.isoformat(),
        "delivered_at": file.delivered_at.isoformat(),
    }
    return json.dumps(facts, ensure_ascii=False, indent=1, sort_keys=True).encode()


def _read_sidecar(path: Path) -> LandedFile:
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
        return LandedFile(
            **facts
            | {
                "landed_at": datetime.fromisoformat(facts["landed_at"]),
                "delivered_at": datetime.fromisoformat(facts["delivered_at"]),
                "layout": Layout(**facts["layout"]),
            }
        )
    except (ValueError, KeyError, TypeError) as error:
        raise Failed(
            f"{path} cannot be read",
            expected="a sidecar as regulars writes it",
            found=str(error),
            left="the warehouse was not changed",
            next_step="restore landing/ from a backup",
        ) from error


def _cut_short(arrival: Arrival, copy: _Copy) -> DataRefused:
    """A file that does not end its last line may still be on its way."""
    return DataRefused(
        f"{arrival.path.name}: the last line does not end",
        expected="a line end as the last byte of the file",
        found=f"{copy.bytes_n} bytes, the last of them within a line: the file may have been cut "
        "short or still be uploading",
        left="nothing of this delivery was loaded; the last publication is untouched",
        next_step="export it again or wait for it; if this system never ends the last line, set "
        f"final_newline = false under [exports.{arrival.export}] in regulars.toml",
    )


_TOKENS = {
    "%Y": r"\d{4}",
    "%m": r"\d{2}",
    "%d": r"\d{2}",
    "%H": r"\d{2}",
    "%M": r"\d{2}",
    "%S": r"\d{2}",
}


def delivered_at(file_name: str, pattern: str) -> datetime | None:
    """The instant a file's name tells, by a pattern such as ``sales_%Y%m%d*.csv``.

    ``*`` stands for anything. None when the name does not follow the pattern.

    >>> delivered_at("sales_20260131_b.csv", "sales_%Y%m%d*.csv")
    datetime.datetime(2026, 1, 31, 0, 0)
    >>> delivered_at("other.csv", "sales_%Y%m%d*.csv") is None
    True
    """
    parts = re.split(r"(%[YmdHMS]|\*)", pattern)
    expression = "".join(
        f"({_TOKENS[part]})" if part in _TOKENS else ".*" if part == "*" else re.escape(part)
        for part in parts
    )
    match = re.fullmatch(expression, file_name)
    tokens = [part for part in parts if part in _TOKENS]
    if match is None or not tokens:
        return None
    try:
        return datetime.strptime(" ".join(match.groups()), " ".join(tokens))  # noqa: DTZ007 - wall clock
    except ValueError:
        return None
