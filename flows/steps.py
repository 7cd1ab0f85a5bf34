"""The steps of a run, defined once: in this process they are called, under Prefect they are tasks.

A step takes paths, dates and ids and gives counts and ids; no row of a customer passes between
them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb

from regulars.data import extracts, landing, shelf, vault, warehouse
from regulars.data.headers import layout_of
from regulars.data.landing import Arrival, delivered_at, land
from regulars.data.loading import Loaded, load_pending
from regulars.data.points import reached
from regulars.data.reading import ReadRules
from regulars.data.workspace import Workspace, decided, prepared
from regulars.expectations.errors import DataRefused
from regulars.expectations.exports import EXPORTS
from regulars.expectations.tables import CONTRACT_VERSION
from regulars.flows.analysis import Analysis, HandedOver, analysed, cut_values, segment_rules
from regulars.flows.settings import ExportFiles, Settings

Report = Callable[[str], None]


@dataclass(frozen=True)
class Ingested:
    """What came in: the files loaded now, and the names of those that had been loaded before."""

    loaded: tuple[Loaded, ...]
    already_loaded: tuple[str, ...]

    @property
    def quarantined_n(self) -> int:
        return sum(load.quarantined_n for load in self.loaded)

    def as_dict(self) -> dict[str, Any]:
        return {
            "loaded": [asdict(load) for load in self.loaded],
            "already_loaded": list(self.already_loaded),
            "rows_n": sum(load.rows_n for load in self.loaded),
            "accepted_n": sum(load.accepted_n for load in self.loaded),
            "duplicate_n": sum(load.duplicate_n for load in self.loaded),
            "quarantined_n": self.quarantined_n,
        }


@dataclass(frozen=True)
class Computed:
    """A run on the shelf, and whether it had been there before."""

    run_id: str
    as_of: date
    was_there: bool
    headlines: tuple[str, ...]


def ingest(
    workspace: Workspace,
    settings: Settings,
    *,
    files: Sequence[Path] = (),
    again: bool = False,
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
    report(f"landing {len(arrived)} files")
    landed, repeated = land(workspace, arrived, landed_at=_now(settings), again=again)
    if again and landed:
        digests = [file.sha256 for file in landed]
        decided(workspace, "ingested_again", at=datetime.now(UTC), files=digests)
    read = read_rules(settings)
    # Another version may keep other columns of the same rows.
    reading = f"{version('regulars')} {read.as_text()}"
    if warehouse.renewed(workspace, resources(settings), reading):
        report("read otherwise than before: building the warehouse again from landing/")
    with warehouse.connected(workspace, resources(settings)) as connection:
        warehouse.remember(connection, reading)
        loaded = load_pending(connection, workspace, read, key=key, report=report)
    return Ingested(tuple(loaded), tuple(arrival.path.name for arrival in repeated))


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
            found=f"{files_n} files of transactions with {rows_n} rows, none accepted",
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


def check(workspace: Workspace, settings: Settings) -> int:
    """Ask the gate about the warehouse; returns how many checks were made.

    Raises:
        DataRefused: a critical check is not met.
        Failed: money was lost between lines and orders, or a check could not be computed.
    """
    from regulars.expectations.gate import checked, stop_on_critical
    from regulars.expectations.suites import warehouse_checks

    with warehouse.connected(workspace, resources(settings)) as connection:
        if (difference := extracts.money_difference(connection)) is not None:
            raise extracts.money_lost(difference)
        checks = warehouse_checks(
            landed_on=extracts.landed_on(connection) or _now(settings).date(),
            order_key=settings.chain.order_key,
        )
        results = checked(connection, checks)
    stop_on_critical(results)
    reached("checked")
    return results.height


def compute(workspace: Workspace, settings: Settings, *, as_of: date, report: Report) -> Computed:
    """Compute the tables and the report of a day and put them on the shelf, unless they are there.

    A run is told by what its results follow from: rows, settings, day, version and key.
    """
    key = vault.workspace_key(workspace)
    with warehouse.connected(workspace, resources(settings)) as connection:
        run_id = _run_id(connection, settings, as_of=as_of, key=key)
        if shelf.is_complete(workspace, run_id):
            manifest = shelf.manifest_of(workspace, run_id)
            return Computed(run_id, as_of, True, tuple(manifest["headlines"]))
        report("handing over")
        given = handed_over(connection, settings, as_of=as_of)
    report("computing")
    analysis = analysed(given, settings, as_of=as_of)
    reached("computed")
    report("writing")
    page, lines = _page(analysis, settings, given, run_id=run_id, as_of=as_of)
    facts = {
        "package_version": version("regulars"),
        "key_fingerprint": vault.fingerprint(key),
        "settings": settings.affecting_results(),
        "fitted": analysis.fitted,
        "headlines": lines,
    }
    shelf.shelve(workspace, shelf.Run(run_id, as_of.isoformat(), facts), analysis.tables, page)
    return Computed(run_id, as_of, False, tuple(lines))


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
    return HandedOver(
        chain_first_on=extracts.first_day(connection) or as_of,
        order_nets=extracts.order_nets(connection, order_key, as_of=as_of),
        previous_order_nets=extracts.order_nets(connection, order_key, as_of=compare_on),
        category_nets=extracts.category_nets(connection, order_key, as_of=as_of),
        members=extracts.members(connection),
        sales=extracts.sales(connection, order_key, as_of=as_of),
        ledger=extracts.ledger(connection),
    )


def resources(settings: Settings) -> warehouse.Resources:
    return warehouse.Resources(settings.resources.threads, settings.resources.memory)


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
    )


def _now(settings: Settings) -> datetime:
    """Wall-clock time in the chain's zone, naive as all instants of the pipeline are."""
    return datetime.now(UTC).astimezone(settings.chain.zone).replace(tzinfo=None)


def arrivals(workspace: Workspace, settings: Settings, files: Sequence[Path] = ()) -> list[Arrival]:
    """The files that wait, each with how it is laid out; of the given ones where some are given.

    Raises:
        DataRefused: there are none, no export takes a given file, or one breaks its contract.
    """
    found = found_files(workspace, settings, files)
    if not files and not any(name == "transactions" for name, _, _ in found):
        raise _no_transactions(workspace, settings.exports.transactions)
    taken = {path.resolve() for _, _, path in found}
    for path in files:
        if path.resolve() not in taken:
            raise _not_taken(path, settings)
    return [_arrival(name, section, path) for name, section, path in found]


def found_files(
    workspace: Workspace, settings: Settings, files: Sequence[Path] = ()
) -> list[tuple[str, ExportFiles, Path]]:
    """Each file that an export of the settings takes, with the export and its section."""
    return [
        (name, section, path)
        for name, section in settings.exports.given().items()
        for path in _matching(workspace, section, files)
    ]


def _matching(workspace: Workspace, section: ExportFiles, files: Sequence[Path]) -> list[Path]:
    """The section's files, by name; of the given ones where some are given."""
    if files:
        return sorted(
            path
            for path in files
            if path.is_file() and any(path.match(Path(p).name) for p in section.files)
        )
    inside = {
        path
        for pattern in section.files
        for path in workspace.root.glob(pattern)
        if path.is_file() and not path.name.startswith(".")
    }
    return sorted(inside)


def _arrival(name: str, section: ExportFiles, path: Path) -> Arrival:
    layout = layout_of(path, EXPORTS[name], section.columns)
    moment = delivered_at(path.name, section.delivered_at) if section.delivered_at else None
    return Arrival(path, name, layout, moment, must_end_line=section.final_newline)


def _not_taken(path: Path, settings: Settings) -> DataRefused:
    patterns = [p for section in settings.exports.given().values() for p in section.files]
    return DataRefused(
        f"{path}: no export in regulars.toml takes this file",
        expected=f"an existing file with a name such as {', '.join(patterns)}",
        found="a file of another name" if path.is_file() else "no such file",
        left="nothing was loaded",
        next_step="rename it, or add its name to the files of its export",
    )


def _no_transactions(workspace: Workspace, section: ExportFiles) -> DataRefused:
    patterns = ", ".join(section.files)
    folder = workspace.root / Path(section.files[0]).parent
    others = sorted(path.name for path in folder.glob("*") if path.is_file())[:3]
    return DataRefused(
        f"no transactions: no file matches {patterns}",
        expected=f"at least one file such as {patterns} in {workspace.root}",
        found=_holding(folder, others),
        left="nothing was loaded; the last publication is untouched",
        next_step="put the exports there, or correct files under [exports.transactions] in "
        "regulars.toml",
    )


def _holding(folder: Path, files: Sequence[str]) -> str:
    if not folder.is_dir():
        return f"there is no folder {folder}"
    return f"{', '.join(files)} in {folder}" if files else f"{folder} is empty"


def _run_id(
    connection: duckdb.DuckDBPyConnection, settings: Settings, *, as_of: date, key: bytes
) -> str:
    origin = {
        "rows": extracts.digests(connection, as_of=as_of),
        "settings": settings.affecting_results(),
        "as_of": as_of.isoformat(),
        "version": version("regulars"),
        "contract": CONTRACT_VERSION,
        "key": vault.fingerprint(key),
    }
    text = json.dumps(origin, sort_keys=True, ensure_ascii=False)
    return f"{as_of:%Y%m%d}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def _page(
    analysis: Analysis, settings: Settings, given: HandedOver, *, run_id: str, as_of: date
) -> tuple[str, list[str]]:
    """The report, and the figures worth knowing first, in the chain's language."""
    from regulars.reports.facts import RunFacts
    from regulars.reports.figures import figures
    from regulars.reports.headlines import headlines
    from regulars.reports.page import page

    chain, rules = settings.chain, segment_rules(settings.rfm)
    labels = {
        rule.code: label
        for rule in rules.rules
        if (label := rule.zh if chain.language == "zh" else rule.en)
    }
    facts = RunFacts(
        chain_name=chain.name,
        currency=chain.currency,
        time_zone=chain.time_zone,
        language=chain.language,
        as_of=as_of,
        compare_on=as_of - timedelta(days=settings.rfm.compare_days),
        compare_days=settings.rfm.compare_days,
        run_id=run_id,
        contract_version=CONTRACT_VERSION,
        package_version=version("regulars"),
        segment_codes=rules.codes,
        chain_first_on=given.chain_first_on,
        cut_points=cut_values(analysis.cuts),
        labels=labels,
    )
    found = figures(analysis.tables, facts)
    return page(found, chain.language), headlines(found, chain.language)
