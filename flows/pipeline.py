"""A run from one end to the other: read it aloud and it is what the README says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import polars as pl

from regulars.data import lock, warehouse
from regulars.data.workspace import Workspace, opened, prepared
from regulars.flows import steps
from regulars.flows.analysis import segment_rules
from regulars.flows.gate_settings import checks_of
from regulars.flows.models_of_run import accept_shown_picture
from regulars.flows.settings import Settings, settings_of

CLUSTERS = "clusters"

Step = TypeVar("Step", bound=Callable[..., Any])
Result = TypeVar("Result")


@dataclass(frozen=True)
class RunResult:
    """What a run did."""

    ingested: steps.Ingested
    checked: pl.DataFrame
    computed: steps.Computed
    is_published: bool

    def as_dict(self, workspace: Workspace) -> dict[str, Any]:
        return {
            "run_id": self.computed.run_id,
            "as_of": self.computed.as_of.isoformat(),
            "was_there": self.computed.was_there,
            "is_published": self.is_published,
            "published": str(workspace.published),
            "tables": str(workspace.runs / self.computed.run_id / "tables"),
            "report": str(workspace.runs / self.computed.run_id / "tables" / "report.html"),
            "headlines": list(self.computed.headlines),
            "notes": list(self.computed.notes),
            "checks_n": self.checked["is_met"].count(),
            "checks_unmet": self.checked.filter(~pl.col("is_met"))["check"].to_list(),
            "ingested": self.ingested.as_dict(),
        }


def plainly(step: Step) -> Step:
    """A step as it is; under Prefect it is wrapped into a task instead."""
    return step


def run(
    root: Path,
    *,
    as_of: date | None,
    publish_earlier: bool = False,
    wait_seconds: float = 0,
    accepted: Sequence[str] = (),
    report: steps.Report = lambda _: None,
    as_step: Callable[[Any], Any] = plainly,
) -> RunResult:
    """Ingest what is new, check it, compute a day, publish.

    ``as_of`` None means the last business day with accepted lines. ``accepted`` names in what new
    files may differ from those before them: columns, volume, empty; ``clusters`` takes those that
    wait in the published report.
    """
    workspace = opened(root)
    settings = _settings(workspace, wait_seconds)
    # What is no partition, or no check, is refused before data is read.
    segment_rules(settings.rfm)
    checks_of(settings)
    prepared(workspace)  # before the lock, which is a file there too
    with lock.held(workspace, "a run", wait_seconds=wait_seconds):
        steps_of_run = partial(
            _run, workspace, settings, as_of, publish_earlier, accepted, report, as_step
        )
        result, notes = _past_damage(workspace, steps_of_run)
    notes += result.ingested.notes
    return replace(result, ingested=replace(result.ingested, notes=notes))


def _run(
    workspace: Workspace,
    settings: Settings,
    as_of: date | None,
    publish_earlier: bool,
    accepted: Sequence[str],
    report: steps.Report,
    as_step: Callable[[Any], Any],
) -> RunResult:
    if CLUSTERS in accepted:
        accept_shown_picture(workspace)
    of_files = [name for name in accepted if name != CLUSTERS]
    ingested = as_step(steps.ingest)(workspace, settings, accepted=of_files, report=report)
    day = as_step(steps.as_of_day)(workspace, settings, as_of)
    checked = as_step(steps.check)(workspace, settings)
    computed = as_step(steps.compute)(workspace, settings, checked, as_of=day, report=report)
    is_published = as_step(steps.publish)(
        workspace, computed.run_id, as_of=day, forced=publish_earlier
    )
    return RunResult(ingested, checked, computed, is_published)


def _past_damage(
    workspace: Workspace, work: Callable[[], Result]
) -> tuple[Result, tuple[str, ...]]:
    """The work, begun anew once where a file of ours turns out damaged, and what is told of it."""
    try:
        return work(), ()
    except warehouse.Damaged as damaged:
        reason = warehouse.kept_aside(workspace, damaged)
    return work(), (steps.built_again(reason),)


def _settings(workspace: Workspace, wait_seconds: float) -> Settings:
    """The settings; a warehouse that another program holds is waited for as long as a run is."""
    settings = settings_of(workspace)
    limits = settings.resources
    patience = max(wait_seconds, limits.patience_seconds)
    patient = limits.model_copy(update={"patience_seconds": patience})
    return settings.model_copy(update={"resources": patient})


def ingest(
    root: Path,
    *,
    files: tuple[Path, ...] = (),
    again: bool = False,
    wait_seconds: float = 0,
    accepted: Sequence[str] = (),
    report: steps.Report = lambda _: None,
) -> steps.Ingested:
    """Only the first step of a run: what is new into the warehouse."""
    workspace = opened(root)
    settings = _settings(workspace, wait_seconds)
    prepared(workspace)
    ingested = partial(
        steps.ingest,
        workspace,
        settings,
        files=files,
        again=again,
        accepted=accepted,
        report=report,
    )
    with lock.held(workspace, "an ingest", wait_seconds=wait_seconds):
        done, notes = _past_damage(workspace, ingested)
    return replace(done, notes=(*notes, *done.notes))
