"""Tombstones: people who asked to be erased, by pseudonym alone, in the log of decisions.

A tombstone is laid before anything is removed and stays for ever: it keeps the person out of what
is delivered later. A second entry says that nothing of the person was left; until then the
erasure is unfinished, and whoever works in the workspace next ends it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from regulars.data.workspace import Workspace, decided

_LAID, _ENDED = "tombstone", "erased"
_PREFIX = "c1_"


@dataclass(frozen=True)
class Tombstone:
    """One person to be kept out: the pseudonym's 64 bits, who laid it and when."""

    customer_id: int
    by: str
    laid_at: str
    is_ended: bool


def tombstones(workspace: Workspace) -> list[Tombstone]:
    """Every tombstone, in the order they were laid."""
    laid: dict[int, Tombstone] = {}
    for entry in _entries(workspace):
        number = numbered(entry["customer_id"])
        is_laid_now = entry["decision"] == _LAID
        if is_laid_now or number in laid:
            first = laid.get(number) or Tombstone(number, entry["by"], entry["at"], False)
            laid[number] = Tombstone(number, first.by, first.laid_at, not is_laid_now)
    return list(laid.values())


def kept_out(workspace: Workspace) -> frozenset[int]:
    """The pseudonyms of everybody who was erased or is to be."""
    return frozenset(stone.customer_id for stone in tombstones(workspace))


def unfinished(workspace: Workspace) -> frozenset[int]:
    """The pseudonyms of those of whom something may be left."""
    return frozenset(stone.customer_id for stone in tombstones(workspace) if not stone.is_ended)


def lay(
    workspace: Workspace,
    customer_id: int,
    *,
    by: str,
    at: datetime,
    found: Mapping[str, int],
) -> None:
    """Have it on record that a person is to be erased, and how much of what was found."""
    decided(workspace, _LAID, at=at, customer_id=spelled(customer_id), by=by, found=dict(found))


def end(workspace: Workspace, customer_ids: Iterable[int], *, at: datetime) -> None:
    """Have it on record that nothing of these people was left."""
    for customer_id in sorted(customer_ids):
        decided(workspace, _ENDED, at=at, customer_id=spelled(customer_id))


def spelled(customer_id: int) -> str:
    """A pseudonym as it is published.

    >>> spelled(255)
    'c1_00000000000000ff'
    """
    return f"{_PREFIX}{customer_id:016x}"


def numbered(pseudonym: str) -> int:
    """The 64 bits of a pseudonym as it is published.

    >>> numbered("c1_00000000000000ff")
    255
    """
    return int(pseudonym.removeprefix(_PREFIX), 16)


def _entries(workspace: Workspace) -> Iterator[dict[str, str]]:
    if not workspace.decisions.exists():
        return
    with workspace.decisions.open(encoding="utf-8") as log:
        for line in log:
            # Cheaper than reading every entry: most are of other decisions.
            if f'"{_LAID}"' in line or f'"{_ENDED}"' in line:
                entry = json.loads(line)
                if entry["decision"] in (_LAID, _ENDED):
                    yield entry
