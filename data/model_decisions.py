"""What models follow from beside data and calendar: entries of the log of decisions.

A replay finds them again. ``refit_asked``: drift asked for a refit of a model on a day; what
follows is told by ``models.refits.refit_day``: from the day after on, the model as of that day is
the one. ``picture_accepted``: a person took the clusters of a refit day, though they differ.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from regulars.data.workspace import Workspace, decided

_ASKED, _ACCEPTED = "refit_asked", "picture_accepted"


def ask_refit(
    workspace: Workspace, model: str, *, on: date, drifted: Sequence[str], at: datetime
) -> None:
    """Have it on record that a model is to be fitted as of the day; once for a model and day."""
    if on not in asked_refits(workspace).get(model, ()):
        decided(workspace, _ASKED, at=at, model=model, on=on.isoformat(), drifted=[*drifted])


def asked_refits(
    workspace: Workspace, *, before: date = date.max
) -> Mapping[str, tuple[date, ...]]:
    """The days before the given one on which refits were asked for, in order, by model.

    It is what a run of that day follows from, and so belongs into its id.
    """
    asked: dict[str, set[date]] = {}
    for entry in _entries(workspace, _ASKED):
        if (on := date.fromisoformat(entry["on"])) < before:
            asked.setdefault(entry["model"], set()).add(on)
    return {model: tuple(sorted(asked[model])) for model in sorted(asked)}


def accept_picture(workspace: Workspace, *, on: date, by: str, at: datetime) -> None:
    """Have it on record that a person took the clusters fitted as of the day; once for a day."""
    if on not in accepted_pictures(workspace, as_of=on):
        decided(workspace, _ACCEPTED, at=at, on=on.isoformat(), by=by)


def accepted_pictures(workspace: Workspace, *, as_of: date) -> tuple[date, ...]:
    """The refit days up to the given one whose clusters were accepted, in order."""
    on = {date.fromisoformat(entry["on"]) for entry in _entries(workspace, _ACCEPTED)}
    return tuple(sorted(day for day in on if day <= as_of))


def _entries(workspace: Workspace, decision: str) -> Iterator[dict[str, Any]]:
    if workspace.decisions.exists():
        with workspace.decisions.open(encoding="utf-8") as log:
            for line in log:
                # Cheaper than reading every entry: most are of other decisions.
                entry = json.loads(line) if f'"{decision}"' in line else {}
                if entry.get("decision") == decision:
                    yield entry
