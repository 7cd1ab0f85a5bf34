"""Refits that drift asked for, and pictures that were accepted: in the log and back."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path

from regulars.data.model_decisions import (
    accept_picture,
    accepted_pictures,
    ask_refit,
    asked_refits,
)
from regulars.data.workspace import Workspace, decided

AT = datetime(2024, 6, 5, 9, 30)


def test_a_workspace_without_a_log_has_none(tmp_path: Path) -> None:
    assert asked_refits(Workspace(tmp_path)) == {}


def test_they_are_told_by_model_in_order_and_once_among_other_decisions(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    decided(workspace, "accepted", at=AT, by="me", aspects=["volume"])
    for model, day in (("churn", 7), ("churn", 5), ("clusters", 6), ("churn", 5)):
        ask_refit(workspace, model, on=date(2024, 6, day), drifted=["recency_days"], at=AT)
    decided(workspace, "remarked", at=AT, text='a "refit_asked" in words')
    assert asked_refits(workspace) == {
        "churn": (date(2024, 6, 5), date(2024, 6, 7)),
        "clusters": (date(2024, 6, 6),),
    }
    assert len(workspace.decisions.read_text(encoding="utf-8").splitlines()) == 5


def test_a_run_follows_from_those_of_earlier_days_alone(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    ask_refit(workspace, "churn", on=date(2024, 6, 5), drifted=["x"], at=AT)
    assert asked_refits(workspace, before=date(2024, 6, 5)) == {}
    assert asked_refits(workspace, before=date(2024, 6, 6)) == {"churn": (date(2024, 6, 5),)}


def test_an_entry_tells_when_and_what_had_drifted(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    ask_refit(workspace, "churn", on=date(2024, 6, 5), drifted=["a", "b"], at=AT)
    assert json.loads(workspace.decisions.read_text(encoding="utf-8")) == {
        "at": "2024-06-05T09:30:00",
        "decision": "refit_asked",
        "model": "churn",
        "on": "2024-06-05",
        "drifted": ["a", "b"],
    }


def test_accepted_pictures_are_those_of_days_up_to_the_one_asked_for(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    assert accepted_pictures(workspace, as_of=date(2024, 6, 30)) == ()
    for day in (17, 3, 17):
        accept_picture(workspace, on=date(2024, 6, day), by="ann", at=AT)
    assert accepted_pictures(workspace, as_of=date(2024, 6, 16)) == (date(2024, 6, 3),)
    assert accepted_pictures(workspace, as_of=date(2024, 6, 17)) == (
        date(2024, 6, 3),
        date(2024, 6, 17),
    )
    log = [json.loads(line) for line in workspace.decisions.read_text("utf-8").splitlines()]
    assert [(entry["decision"], entry["on"], entry["by"]) for entry in log] == [
        ("picture_accepted", "2024-06-17", "ann"),
        ("picture_accepted", "2024-06-03", "ann"),
    ]
