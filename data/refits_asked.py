"""Refits that drift asked for: entries of the log of decisions, so that a replay finds them again.

An entry names the model, the day it asked on, and what had drifted. What follows from it is told
by ``models.refits.refit_day``: from the day after on, the model as of that day is the one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from regulars.data.workspace import Workspace, decided

_ASKED = "refit_asked"


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
    if workspace.decisions.exists():
        with workspace.decisions.open(encoding="utf-8") as log:
            for line in log:
                # Cheaper than reading every entry: most are of other decisions.
                entry = json.loads(line) if f'"{_ASKED}"' in line else {}
                if entry.get("decision") == _ASKED and date.fromisoformat(entry["on"]) < before:
                    asked.setdefault(entry["model"], set()).add(date.fromisoformat(entry["on"]))
    return {model: tuple(sorted(asked[model])) for model in sorted(asked)}
