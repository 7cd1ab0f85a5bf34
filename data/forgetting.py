"""Erasing a person: what is held, place by place, and its removal, which a kill does not undo.

The vault comes last: until then it tells what else to look for. Each step finds again what is
left for it to do, so that an erasure that was interrupted is ended by doing all of it once more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb
import polars as pl

from regulars.data import erasing, model_shelf, quarantine, tombstones, warehouse
from regulars.data.erasing import Named
from regulars.data.landing import landed_files
from regulars.data.people import Person, leave_out, person
from regulars.data.points import reached
from regulars.data.reading import ReadRules
from regulars.data.redacting import (
    Redaction,
    lists_with,
    redact_lists,
    redact_runs,
    tables_with,
)
from regulars.data.shelf import sha256_of
from regulars.data.warehouse import Resources, one
from regulars.data.workspace import Workspace


@dataclass(frozen=True)
class Held:
    """What a workspace holds of people.

    ``events_n`` counts rows of the warehouse by table, replaced ones included: receipt lines,
    contacts and coupon uses; ``models_n`` models that were learned from everybody, and so from
    these people if they are customers.
    """

    people_n: int
    events_n: Mapping[str, int]
    refused_n: int
    landed: tuple[Named, ...]
    tables: Redaction
    lists: Redaction
    damaged: tuple[Path, ...]
    models_n: int

    @property
    def counts(self) -> dict[str, int]:
        """Everything by place, in numbers."""
        return {
            "vault_entries_n": self.people_n,
            **{f"warehouse_{table}_n": rows_n for table, rows_n in self.events_n.items()},
            "quarantine_rows_n": self.refused_n,
            "landed_files_n": len(self.landed),
            "landed_rows_n": sum(named.rows_n for named in self.landed),
            "landed_referrals_n": sum(named.referrals_n for named in self.landed),
            "runs_n": len({path.parent for path in self.tables.paths}),
            "run_rows_n": self.tables.rows_n,
            "revealed_files_n": len(self.lists.paths),
            "models_n": self.models_n,
        }

    @property
    def is_nothing(self) -> bool:
        return not any(n for place, n in self.counts.items() if place != "models_n")


def held(
    workspace: Workspace,
    resources: Resources,
    people: Sequence[Person],
    read: ReadRules,
    *,
    key: bytes,
) -> Held:
    """What there is of these people; nothing is changed."""
    numbers = [one_of.customer_id for one_of in people]
    with warehouse.connected(workspace, resources) as connection:
        events_n = {
            table: _rows_of(connection, table, numbers)
            for table in map(warehouse.table_of, warehouse.HISTORIES)
        }
        files = landed_files(workspace)
        refused = {file.sha256: erasing.refused_of(workspace, file) for file in files}
        landed = [
            erasing.named_in(
                connection, workspace, file, people, read, key=key, refused=refused[file.sha256]
            )
            for file in files
        ]
    pseudonyms, texts = _spelled(people)
    return Held(
        people_n=sum(one_of.is_in_vault for one_of in people),
        events_n=events_n,
        refused_n=sum(
            refused[named.file.sha256].filter(pl.col("line").is_in(list(named.records))).height
            for named in landed
        ),
        landed=tuple(named for named in landed if named.records),
        tables=tables_with(workspace, pseudonyms),
        lists=lists_with(workspace, pseudonyms, texts),
        damaged=_damaged(workspace),
        models_n=model_shelf.kept_n(workspace),
    )


def _rows_of(connection: duckdb.DuckDBPyConnection, table: str, numbers: Collection[int]) -> int:
    """Rows of these people in a table and its history."""
    return sum(
        one(
            connection,
            f"SELECT count(*) FROM {place} WHERE list_contains($1::UBIGINT[], source_customer_id)",
            [list(numbers)],
        )
        for place in (table, f"{table}_history")
    )


def erase(
    workspace: Workspace,
    people: Sequence[Person],
    found: Held,
    *,
    at: datetime,
) -> None:
    """Remove what was found of people who have a tombstone, and the warehouse, which landing/
    builds again.
    """
    pseudonyms, texts = _spelled(people)
    erasing.take_out(workspace, found.landed)
    redact_lists(workspace, pseudonyms, texts)
    reached("lists_erased")
    redact_runs(workspace, pseudonyms, at=at)
    for path in (*_damaged(workspace), *_files_of(workspace.warehouse)):
        path.unlink(missing_ok=True)
    quarantine.tidied(workspace, 0)
    model_shelf.drop_all(workspace)
    reached("warehouse_removed")
    numbers = [one_of.customer_id for one_of in people]
    leave_out(workspace, numbers)
    reached("vault_replaced")
    tombstones.end(workspace, numbers, at=at)


def end_unfinished(
    workspace: Workspace, resources: Resources, read: ReadRules, *, key: bytes, at: datetime
) -> bool:
    """End erasures that were interrupted; whether there were any."""
    people = [person(workspace, number) for number in sorted(tombstones.unfinished(workspace))]
    if people:
        erase(workspace, people, held(workspace, resources, people, read, key=key), at=at)
    return bool(people)


def sources_left(workspace: Workspace, landed: Iterable[Named]) -> list[Path]:
    """Files of the workspace that are not ours and hold what was taken out of landed ones."""
    digests = {digest for named in landed for digest in (named.file.sha256, *named.file.originals)}
    digests |= {
        digest for file in landed_files(workspace) if file.erased_n for digest in file.originals
    }
    ours = (workspace.landing, workspace.runs, workspace.quarantine, workspace.work)
    others = (
        path
        for path in sorted(workspace.root.rglob("*"))
        if path.is_file() and not any(path.is_relative_to(folder) for folder in ours)
    )
    return [path for path in others if sha256_of(path) in digests]


def _spelled(people: Collection[Person]) -> tuple[list[str], list[str]]:
    """The pseudonyms as they are published, and the texts that are these people's alone."""
    return (
        [tombstones.spelled(one_of.customer_id) for one_of in people],
        sorted({text for one_of in people for text in one_of.own_texts}),
    )


def _damaged(workspace: Workspace) -> tuple[Path, ...]:
    """Databases that were set aside because they could not be opened: they may hold anybody."""
    return tuple(sorted(workspace.root.glob("*.damaged-*")))


def _files_of(database: Path) -> tuple[Path, Path]:
    return database, database.with_suffix(".duckdb.wal")
