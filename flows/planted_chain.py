"""The sample chain as a run sees it, beside what was planted in it: what models are held to."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal

import duckdb
import polars as pl

from regulars.data import vault, warehouse
from regulars.data.behaviour import Behaviour, behaviour
from regulars.data.workspace import Workspace
from regulars.flows import steps
from regulars.flows.founding import made_up_chain
from regulars.flows.settings import Settings, settings_of


@dataclass(frozen=True, eq=False)
class PlantedChain:
    """A chain of a seed, loaded from its files.

    ``truth`` has a row a member: that of ``truth/customers.parquet``, customer_id as in the
    frames of behaviour. ``behaviours`` are what a run is handed over as of each day asked for and
    as of ``last_on``, the last business day of the data.
    """

    seed: int
    last_on: date
    truth: pl.DataFrame
    behaviours: Mapping[date, Behaviour]


def planted_chain(
    size: Literal["small", "medium", "large"],
    *,
    seed: int,
    days: tuple[date, ...],
    report: Callable[[str], None],
) -> PlantedChain:
    """Make the chain's files, load them as a run does, and hand over what a run would be.

    The workspace is gone afterwards.
    """
    with loaded_chain(size, seed=seed, report=report) as loaded:
        told = {
            day: behaviour(loaded.connection, loaded.settings.chain.order_key, as_of=day)
            for day in (*days, loaded.last_on)
        }
        return PlantedChain(seed, loaded.last_on, _truth(loaded.workspace), told)


@dataclass(frozen=True)
class LoadedChain:
    """A sample chain that a run has loaded, its warehouse open."""

    workspace: Workspace
    settings: Settings
    connection: duckdb.DuckDBPyConnection
    last_on: date


@contextmanager
def loaded_chain(
    size: Literal["small", "medium", "large"], *, seed: int, report: Callable[[str], None]
) -> Iterator[LoadedChain]:
    """Make the chain's files and load them as a run does; the workspace is gone afterwards."""
    with tempfile.TemporaryDirectory() as parent:
        report(f"the sample chain, {size}, seed {seed}")
        workspace = made_up_chain(
            Path(parent) / "chain", size=size, seed=seed, at=datetime.now(UTC), report=_silent
        )
        settings = settings_of(workspace)
        steps.ingest(workspace, settings, report=_silent)
        last_on = steps.as_of_day(workspace, settings, None)
        with warehouse.connected(workspace, steps.resources(settings)) as connection:
            yield LoadedChain(workspace, settings, connection, last_on)


def _truth(workspace: Workspace) -> pl.DataFrame:
    key = vault.workspace_key(workspace)
    truth = pl.read_parquet(workspace.root / "truth" / "customers.parquet")
    ids = [vault.pseudonym_of(raw, key=key) for raw in truth["customer_id"]]
    return truth.with_columns(customer_id=pl.Series(ids, dtype=pl.UInt64))


def _silent(_: str) -> None:
    """Files and months of the chain are no progress of a card."""
