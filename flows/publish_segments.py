"""The run as a Prefect flow: the same steps, each a task."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from regulars.expectations.errors import RegularsError
from regulars.flows import pipeline
from regulars.flows.private_files import private_files


@flow(name="publish-segments", flow_run_name="publish-segments-{as_of}", persist_result=False)
def publish_segments(
    workspace: str,
    as_of: str = "latest",
    publish_earlier: bool = False,
    wait_seconds: float = 600,
    accepted: Sequence[str] = (),
) -> pipeline.RunResult:
    """Ingest what is new in a workspace, compute a day and publish it.

    Only paths, days and ids are parameters: Prefect stores them in clear text. What the run did
    stays in this process.
    """
    with private_files():
        return pipeline.run(
            Path(workspace),
            as_of=None if as_of == "latest" else date.fromisoformat(as_of),
            publish_earlier=publish_earlier,
            wait_seconds=wait_seconds,
            accepted=accepted,
            as_step=_as_task,
        )


def _without_traceback(record: logging.LogRecord) -> bool:
    """An error for the user is its message, wherever in the code it was raised."""
    if record.exc_info and isinstance(record.exc_info[1], RegularsError):
        record.exc_info = None
    return True


def _as_task(step: Callable[..., Any]) -> Any:
    return task(name=step.__name__, cache_policy=NO_CACHE, persist_result=False)(step)


for _name in ("prefect.flow_runs", "prefect.task_runs"):
    logging.getLogger(_name).addFilter(_without_traceback)
