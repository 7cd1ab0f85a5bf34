"""The run as a Prefect flow: the same steps, each a task."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from regulars.flows import pipeline


@flow(name="publish-segments", flow_run_name="publish-segments-{as_of}", persist_result=False)
def publish_segments(
    workspace: str, as_of: str = "latest", publish_earlier: bool = False, wait_seconds: float = 600
) -> pipeline.RunResult:
    """Ingest what is new in a workspace, compute a day and publish it.

    Only paths, days and ids are parameters: Prefect stores them in clear text. What the run did
    stays in this process.
    """
    return pipeline.run(
        Path(workspace),
        as_of=None if as_of == "latest" else date.fromisoformat(as_of),
        publish_earlier=publish_earlier,
        wait_seconds=wait_seconds,
        as_step=_as_task,
    )


def _as_task(step: Callable[..., Any]) -> Any:
    return task(step, name=step.__name__, cache_policy=NO_CACHE, persist_result=False)
