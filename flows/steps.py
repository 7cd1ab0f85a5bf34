"""The steps of a run, defined once: in this process they are called, under Prefect they are tasks.

A step takes paths, dates and ids and gives counts and ids; no row of a customer passes between
them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, timedelta
from getpass import getuser
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from regulars.data import extracts, forgetting, landing, shelf, vault, warehouse
from regulars.data.behaviour import behaviour
from regulars.data.feedback_extracts import feedback, place_names
from regulars.data.landing import land
from regulars.data.ledger import Loaded
from regulars.data.loading import load_pending
from regulars.data.model_decisions import accepted_pictures, ask_refit, asked_refits
from regulars.data.points import reached
from regulars.data.reading import ReadRules
from regulars.data.workspace import Workspace, decided, prepared
from regulars.expectations.errors import DataRefused
from regulars.expectations.tables import CONTRACT_VERSION
from regulars.flows.analysis import HandedOver, analysed
from regulars.flows.arrivals import arrivals
from regulars.flows.counts import counted
from regulars.flows.gate_settings import checks_of
from regulars.flows.memory import bytes_of
from regulars.flows.models_of_run import models_of_run, notes_on
from regulars.flows.report_page import page_of
from regulars.flows.settings import Settings

Report = Callable[[str], None]

ENOUGH_BESIDE_FRAMES = 1_500_000_000
"""Bytes in which DuckDB hands over twenty million lines as fast as in twice as many."""


@dataclass(frozen=True)
class Ingested:
    """What came in: the files loaded now, and the names of those that had been loaded before.

    ``replaced_n`` counts rows of earlier loads that they sent anew. ``notes`` tell what else was
    done, in sentences: a damaged warehouse built again, and why.
    """

    loaded: tuple[Loaded, ...]
    already_loaded: tuple[str, ...]
    notes: tuple[str, ...] = ()
    replaced_n: int = 0

    @property
    def quarantined_n(self) -> int:
        return sum(load.quarantined_n for load in self.loaded)

    def as_dict(self) -> dict[str, Any]:
        return {
            "loaded": [asdict(load) for load in self.loaded],
            "already_loaded": list(self.already_loaded),
            "notes": list(self.notes),
            "rows_n": sum(load.rows_n for load in self.loaded),
            "accepted_n": sum(load.accepted_n for load in self.loaded),
            "duplicate_n": sum(load.duplicate_n for load in self.loaded),
            "quarantined_n": self.quarantined_n,
        }


@dataclass(frozen=True)
class Computed:
    """A run on the shelf, and whether it had been there before.

    ``notes`` tell in sentences what became of models, and what waits for a person.
    """

    run_id: str
    as_of: date
    was_there: bool
    headlines: tuple[str, ...]
    notes: tuple[str, ...] = ()


def ingest(
    workspace: Workspace,
    settings: Settings,
    *,
    files: Sequence[Path] = (),
    again: bool = False,
    accepted: Sequence[str] = (),
    report: Report,
) -> Ingested:
    """Land what is new in ``exports`` (or the given files), and load what has landed.

    Raises:
        DataRefused: no file was found, or one breaks its contract as a whole.
    """
    prepared(workspace)
    shelf.tidied(workspace)
    landing.tidied(workspace)
    key = vault.workspace_key(workspace)
    arrived = arrivals(workspace, settings, files)
    report(f"landing {counted(len(arrived), 'file')}")
    new, repeated, reread = land(workspace, arrived, landed_at=_now(settings), again=again)
    if again and new:
        digests = [file.sha256 for file in new]
        decided(workspace, "ingested_again", at=datetime.now(UTC), files=digests)
    names = tuple(arrival.path.name for arrival in repeated)
    notes = tuple(f"{a.path.name}: laid out otherwise than when it was loaded" for a in reread)
    done = load_landed(workspace, settings, key, accepted=accepted, report=report)
    return replace(done, already_loaded=names, notes=(*notes, *done.notes))


def load_landed(
    workspace: Workspace,
    settings: Settings,
    key: bytes,
    *,
    accepted: Sequence[str] = (),
    report: Report,
) -> Ingested:
    """Load what has landed and is not in the warehouse; make one anew that ``landing`` does not.

    Raises:
        DataRefused: a delivery breaks its contract as a whole, or is not like those before it.
    """
    notes = []
    read = read_rules(settings)
    # Another version may keep other columns of the same rows.
    reading = f"{version('regulars')} {warehouse.shape()} {read.as_text()}"
    landed = {file.sidecar_name: file.facts_digest for file in landing.landed_files(workspace)}
    if reason := warehouse.renewed(workspace, resources(settings), reading, landed):
        notes.append(built_again(reason))
        report(notes[-1])
    if forgetting.end_unfinished(
        workspace, resources(settings), read, key=key, at=datetime.now(UTC)
    ):
        notes.append("an erasure that had been interrupted was ended")
    with warehouse.connected(workspace, resources(settings)) as connection:
        warehouse.remember(connection, reading)
        tolerance = settings.drift.tolerance(accepted)
        loaded = load_pending(
            connection, workspace, read, key=key, tolerance=tolerance, report=report
        )
        replaced_n = extracts.rows_replaced_by(connection, [load.load_id for load in loaded])
    for load in loaded:
        if taken := sorted({*load.differing} & {*accepted}):
            decided(
                workspace,
                "accepted",
                at=datetime.now(UTC),
                by=getuser(),
                aspects=taken,
                file=load.file,
                load_id=load.load_id,
            )
    return Ingested(tuple(loaded), (), tuple(notes), replaced_n)


def built_again(reason: str) -> str:
    """What is told of a warehouse that could not stay as it was."""
    return f"{reason}: the warehouse is built again from landing/"


def as_of_day(workspace: Workspace, settings: Settings, asked: date | None) -> date:
    """The day asked for, or the last business day with accepted lines.

    Raises:
        DataRefused: nothing has been loaded, or nothing up to that day.
    """
    with warehouse.connected(workspace, resources(settings)) as connection:
        first, last = extracts.first_day(connection), extracts.last_day(connection)
        landed_on = extracts.landed_on(connection)
        files_n, rows_n = extracts.transaction_files(connection)
    if first is None or last is None:
        raise DataRefused(
            f"{workspace.root}: there are no accepted lines to compute from",
            expected="at least one transaction",
            found=f"{counted(files_n, 'file')} of transactions with "
            f"{counted(rows_n, 'row')}, none accepted",
            left="nothing was published",
            next_step="correct [exports.transactions] of regulars.toml or the files; a file that "
            "was loaded before is read again with: regulars ingest --again FILE"
            if rows_n
            else "put rows into the files that [exports.transactions] of regulars.toml names",
        )
    if asked is not None and asked < first:
        raise DataRefused(
            f"there is nothing to compute as of {asked}",
            expected=f"a day from {first} on, the day of the first accepted line",
            found=str(asked),
            left="nothing was published",
            next_step=f"regulars run --as-of {last}",
        )
    if asked is not None and landed_on is not None and asked > landed_on:
        raise DataRefused(
            f"{asked} had not come when the newest file landed",
            expected=f"a day up to {landed_on}; the last with accepted lines is {last}",
            found=str(asked),
            left="nothing was published",
            next_step=f"regulars run --as-of {last}",
        )
    return asked or last


def check(workspace: Workspace, settings: Settings) -> pl.DataFrame:
    """Ask the gate about the warehouse; the table ``quality_checks``.

    Raises:
        DataRefused: a critical check is not met.
        Failed: money was lost between lines and orders, or a check could not be computed.
    """
    from regulars.expectations.gate import checked, stop_on_critical

    with warehouse.connected(workspace, resources(settings)) as connection:
        if (difference := extracts.money_difference(connection)) is not None:
            raise extracts.money_lost(difference)
        landed_on = extracts.landed_on(connection) or _now(settings).date()
        checks = checks_of(settings, landed_on=landed_on, brought=landing.brought(workspace))
        results = checked(connection, checks)
    stop_on_critical(results)
    reached("checked")
    return results


def compute(
    workspace: Workspace,
    settings: Settings,
    checks: pl.DataFrame,
    *,
    as_of: date,
    report: Report,
) -> Computed:
    """Compute the tables and the report of a day and put them on the shelf, unless they are there.

    A run is told by what its results follow from: rows, settings, day, version and key.
    """
    key = vault.workspace_key(workspace)
    notes: list[str] = []
    with warehouse.connected(workspace, _beside_frames(resources(settings))) as connection:
        rows = extracts.digests(connection, as_of=as_of)
        run_id = _run_id(connection, workspace, settings, as_of=as_of, rows=rows, key=key)
        if shelf.is_complete(workspace, run_id):
            manifest = shelf.manifest_of(workspace, run_id)
            return Computed(run_id, as_of, True, tuple(manifest["headlines"]))
        report("handing over")
        given = handed_over(connection, settings, as_of=as_of)
        models, hearing = models_of_run(
            connection,
            workspace,
            settings,
            given,
            as_of=as_of,
            rows=rows,
            key=key,
            report=report,
            note=notes.append,
        )
    report("computing")
    analysis = analysed(given, models, hearing, settings, checks, as_of=as_of)
    reached("computed")
    report("writing")
    page, lines = page_of(analysis, settings, given, run_id=run_id, as_of=as_of)
    facts = {
        "package_version": version("regulars"),
        "key_fingerprint": vault.fingerprint(key),
        "settings": settings.affecting_results(),
        "models": models.as_dict() | (hearing.as_dict() if hearing else {}),
        "fitted": analysis.fitted,
        "headlines": lines,
    }
    shelf.shelve(workspace, shelf.Run(run_id, as_of.isoformat(), facts), analysis.tables, page)
    if analysis.drifted:
        ask_refit(workspace, "churn", on=as_of, drifted=analysis.drifted, at=datetime.now(UTC))
    notes += notes_on(models, analysis.drifted)
    return Computed(run_id, as_of, False, tuple(lines), tuple(notes))


def publish(workspace: Workspace, run_id: str, *, as_of: date, forced: bool) -> bool:
    """Show the run, unless a later day is shown already and it is not forced."""
    shown = shelf.published_manifest(workspace)
    if shown and date.fromisoformat(shown["as_of"]) > as_of and not forced:
        return False
    shelf.publish(workspace, run_id)
    return True


def handed_over(
    connection: duckdb.DuckDBPyConnection, settings: Settings, *, as_of: date
) -> HandedOver:
    """The frames of a day, from the warehouse."""
    order_key = settings.chain.order_key
    compare_on = as_of - timedelta(days=settings.rfm.compare_days)
    # First, while nothing else is held: it asks DuckDB for the most memory.
    what_they_did = behaviour(connection, order_key, as_of=as_of)
    return HandedOver(
        chain_first_on=extracts.first_day(connection) or as_of,
        order_nets=extracts.order_nets(connection, order_key, as_of=as_of),
        previous_order_nets=extracts.order_nets(connection, order_key, as_of=compare_on),
        category_nets=extracts.category_nets(connection, order_key, as_of=as_of),
        behaviour=what_they_did,
        members=extracts.members(connection),
        sales=extracts.sales(connection, order_key, as_of=as_of),
        feedback=feedback(connection, as_of=as_of) if settings.exports.feedback else None,
        place_names=place_names(connection),
        ledger=extracts.ledger(connection),
    )


def resources(settings: Settings, *, is_waiting: bool = True) -> warehouse.Resources:
    """What DuckDB may use, and whether to wait for a warehouse that somebody has open."""
    limits = settings.resources
    patience_s = limits.patience_seconds if is_waiting else 0
    return warehouse.Resources(limits.threads, limits.memory, patience_s)


def _beside_frames(given: warehouse.Resources) -> warehouse.Resources:
    """Half the memory for DuckDB, where that is enough for it: frames take what it leaves."""
    all_of_it = bytes_of(given.memory)
    wanted = max(all_of_it // 2, ENOUGH_BESIDE_FRAMES)
    return given if wanted >= all_of_it else replace(given, memory=f"{wanted // 10**6}MB")


def read_rules(settings: Settings) -> ReadRules:
    """How files are read; the day a delivery landed is set when it is loaded."""
    chain = settings.chain
    return ReadRules(
        order_key=chain.order_key,
        currency=chain.currency,
        time_zone=chain.time_zone,
        day_starts_minutes=chain.day_starts_minutes,
        anonymous_ids=chain.anonymous_ids,
        landed_on=date.max,
        round_amounts=chain.round_amounts,
        rating_scale=settings.feedback.rating_scale,
    )


def _now(settings: Settings) -> datetime:
    """Wall-clock time in the chain's zone, naive as all instants of the pipeline are."""
    return datetime.now(UTC).astimezone(settings.chain.zone).replace(tzinfo=None)


def _run_id(
    connection: duckdb.DuckDBPyConnection,
    workspace: Workspace,
    settings: Settings,
    *,
    as_of: date,
    rows: Mapping[str, str],
    key: bytes,
) -> str:
    origin = {
        "rows": rows,
        "refused": extracts.refusal_sums(connection, as_of=as_of),
        "settings": settings.affecting_results(),
        "as_of": as_of.isoformat(),
        "version": version("regulars"),
        "contract": CONTRACT_VERSION,
        "key": vault.fingerprint(key),
        "refits": {
            model: [day.isoformat() for day in days]
            for model, days in asked_refits(workspace, before=as_of).items()
        },
        "pictures": [day.isoformat() for day in accepted_pictures(workspace, as_of=as_of)],
    }
    text = json.dumps(origin, sort_keys=True, ensure_ascii=False)
    return f"{as_of:%Y%m%d}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"
