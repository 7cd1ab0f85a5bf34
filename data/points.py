"""Named points of a run, at which a test can have the process killed for real.

Armed through the environment (``REGULARS_KILL_AT``) by the command line, or watched by the
benchmark; otherwise passing a point costs nothing and does nothing.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

POINTS = (
    "half_landed",
    "landed",
    "vault_committed",
    "rows_inserted",
    "merged",
    "orders_reduced",
    "before_commit",
    "loaded",
    "checked",
    "computed",
    "run_written",
    "run_shelved",
    "link_made",
    "published",
)
"""Of a run."""
MENDING_POINTS = ("half_mended",)
"""Of putting mended rows into their files."""
MODEL_POINTS = ("half_kept",)
"""Of keeping a model: its file is there, its manifest is not."""
ERASURE_POINTS = (
    "tombstone_laid",
    "half_erased",
    "lists_erased",
    "half_redacted",
    "warehouse_removed",
    "vault_replaced",
)
"""Of an erasure, which then builds the warehouse again and so passes some of those of a run."""

_armed: list[str] = []
_watchers: list[Callable[[str], None]] = []


def arm(point: str) -> None:
    """Kill this process, as a power cut would, when it reaches the point."""
    if point not in (known := (*POINTS, *MENDING_POINTS, *MODEL_POINTS, *ERASURE_POINTS)):
        raise ValueError(f"no point {point!r}; there are {', '.join(known)}")
    _armed.append(point)


@contextmanager
def watched(watcher: Callable[[str], None]) -> Iterator[None]:
    """Have each point told to the watcher while the block runs."""
    _watchers.append(watcher)
    try:
        yield
    finally:
        _watchers.remove(watcher)


def reached(point: str) -> None:
    """Mark that the run is at this point."""
    for watcher in _watchers:
        watcher(point)
    if point in _armed:
        os.kill(os.getpid(), signal.SIGKILL)
