"""The models of a run: from the shelf or the warehouse, and what a person is told of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from getpass import getuser

import duckdb

from regulars.data import extracts, shelf
from regulars.data.behaviour import Behaviour, behaviour, customers_n
from regulars.data.model_decisions import accept_picture, accepted_pictures
from regulars.data.workspace import Workspace
from regulars.expectations.errors import SettingsError
from regulars.flows.analysis import HandedOver
from regulars.flows.day_models import DayModels, day_models
from regulars.flows.feedback_models import FeedbackModels, feedback_models
from regulars.flows.fitted_models import fits_of
from regulars.flows.learned_from import learned_from, parts_learned_from
from regulars.flows.settings import Settings
from regulars.models.cluster_alignment import Picture

DRIFTED_NAMED_N = 3
NOT_WAITING = {
    "first": "the clusters are the first of this chain: there are none to put in their place",
    "same": "the picture of the clusters has not changed: nothing waits for acceptance",
    "accepted": "the new clusters are accepted already: nothing waits any more",
    None: "nobody is clustered, and the report says why: nothing waits for acceptance",
}
"""What is there instead of clusters that wait, by the verdict on the picture."""


def models_of_run(
    connection: duckdb.DuckDBPyConnection,
    workspace: Workspace,
    settings: Settings,
    given: HandedOver,
    *,
    as_of: date,
    rows: Mapping[str, str],
    key: bytes,
    report: Callable[[str], None],
    note: Callable[[str], None],
) -> tuple[DayModels, FeedbackModels | None]:
    """The models of the day's refit days: the kept ones, or fitted to what was known on each.

    ``rows`` are the digests as of the day itself, which the run's id has asked for already. The
    models that feedback is read with are None where the chain has none.
    """
    now = learned_from(given.behaviour)

    def told(day: date) -> Behaviour:
        if day == as_of:
            return now
        parts_n = parts_learned_from(customers_n(connection, as_of=day))
        return behaviour(connection, settings.chain.order_key, as_of=day, parts_n=parts_n)

    def digests(days: Collection[date]) -> Mapping[date, Mapping[str, str]]:
        others = [day for day in days if day != as_of]
        return {as_of: rows, **extracts.digests_by_day(connection, others)}

    fits = fits_of(
        workspace,
        settings,
        digests,
        as_of=as_of,
        key=key,
        report=report,
        note=note,
    )
    models = day_models(
        told,
        fits,
        accepted_on=accepted_pictures(workspace, as_of=as_of),
        first_on=given.chain_first_on,
        as_of=as_of,
        horizon_days=settings.churn.horizon_days,
    )
    if given.feedback is None:
        return models, None
    return models, feedback_models(given.feedback, fits, settings.feedback, as_of=as_of)


def notes_on(models: DayModels, drifted: Sequence[str]) -> Iterator[str]:
    """What became of the models and what waits for a person, in sentences."""
    if drifted:
        named, more = ", ".join(drifted[:DRIFTED_NAMED_N]), len(drifted) - DRIFTED_NAMED_N
        yield (
            f"model churn: customers are no longer as they were when it was fitted ({named}"
            f"{f' and {more} more' if more > 0 else ''}); runs of later days fit it anew"
        )
    if isinstance(models.picture, Picture) and models.picture.verdict == "needs_acceptance":
        yield (
            "clusters: new ones differ and wait, the former stay; the report shows both; to take "
            "the new: regulars run --accept clusters"
        )


def accept_shown_picture(workspace: Workspace) -> None:
    """Take the clusters that the published run says wait for it.

    Raises:
        SettingsError: nothing is published yet, or none wait there.
    """
    manifest = shelf.published_manifest(workspace)
    shown = manifest["fitted"]["clusters"] if manifest else {}
    if not manifest or shown.get("verdict") != "needs_acceptance":
        raise SettingsError(
            "there are no new clusters to accept",
            expected="a published run whose report says that its clusters wait for acceptance",
            found=f"as of {manifest['as_of']} {NOT_WAITING[shown.get('verdict')]}"
            if manifest
            else "nothing has been published yet",
            left="nothing was done",
            next_step="regulars run",
        )
    accept_picture(
        workspace,
        on=date.fromisoformat(manifest["models"]["clusters"]["fitted_on"]),
        by=getuser(),
        at=datetime.now(UTC),
    )
