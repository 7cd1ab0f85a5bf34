"""Landed deliveries into the warehouse: lines, orders and ledger in one transaction a delivery.

Loading starts from what has landed and is not in the ledger yet. So a first load, a load after a
kill, and the building of a deleted warehouse are one and the same thing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import groupby

import duckdb

from regulars.data import drift, erasing, merging, orders, quarantine, vault
from regulars.data.decoding import as_texts
from regulars.data.drift import DEFAULT_TOLERANCE, Tolerance, Volume
from regulars.data.events import settle_events
from regulars.data.footers import take_out_totals
from regulars.data.landing import (
    LandedFile,
    landed_files,
    mark_loaded,
    secure,
    was_loaded,
    withdraw,
)
from regulars.data.ledger import Loaded, Reading, count_replaced, recorded
from regulars.data.lists import settle_list
from regulars.data.points import reached
from regulars.data.quarantine import Conflicts
from regulars.data.reading import ReadRules, good_rows, text_source
from regulars.data.texts import Tangled, Text
from regulars.data.warehouse import (
    line_columns,
    one,
    streaming,
    table_of,
    transaction,
    warehouse_columns,
)
from regulars.data.workspace import Workspace
from regulars.expectations.errors import DataRefused
from regulars.expectations.exports import EXPORTS, Export

_Numbered = tuple[int, tuple[LandedFile, Text]]
"""A load id, and the file that will bear it with its text."""


def pending(connection: duckdb.DuckDBPyConnection, workspace: Workspace) -> list[LandedFile]:
    """What has landed and is not in the ledger."""
    return _not_loaded(connection, landed_files(workspace))


def _not_loaded(
    connection: duckdb.DuckDBPyConnection, landed: Sequence[LandedFile]
) -> list[LandedFile]:
    known = set(connection.execute("SELECT delivery_id, export, sha256 FROM loads").fetchall())
    return [f for f in landed if (f.delivery_id, f.export, f.sha256) not in known]


def load_pending(
    connection: duckdb.DuckDBPyConnection,
    workspace: Workspace,
    read: ReadRules,
    *,
    key: bytes,
    tolerance: Tolerance = DEFAULT_TOLERANCE,
    report: Callable[[str], None] = lambda _: None,
) -> list[Loaded]:
    """Load every pending delivery, in the order they landed.

    Raises:
        DataRefused: a delivery breaks a contract as a whole, or differs more from those before it
            than is tolerated; it and those behind it are taken back from the landing, so that
            files which are corrected or deleted now are not loaded later. The deliveries before
            it stay loaded.
    """
    loaded: list[Loaded] = []
    known = connection.execute("SELECT DISTINCT delivery_id FROM loads").fetchall()
    mark_loaded(workspace, (delivery_id for (delivery_id,) in known))
    landed = landed_files(workspace)
    if erasing.keep_out(connection, workspace, _not_loaded(connection, landed), read, key=key):
        landed = landed_files(workspace)
    waiting = sorted(
        _not_loaded(connection, landed), key=lambda file: (file.delivery_id, file.export, file.file)
    )
    for delivery_id, delivery in groupby(waiting, key=lambda file: file.delivery_id):
        files = list(delivery)
        earlier = [file for file in landed if file.delivery_id < delivery_id]
        for file in files:
            report(f"loading {file.file}")
        try:
            loaded += _load_delivery(connection, workspace, files, earlier, read, key, tolerance)
            mark_loaded(workspace, [files[0].delivery_id])
        except erasing.PeopleNamed as found:
            # Without their rows the files are other files, which wait to be loaded.
            erasing.take_out(workspace, found.named)
            return loaded + load_pending(
                connection, workspace, read, key=key, tolerance=tolerance, report=report
            )
        except DataRefused:
            quarantine.tidied(workspace, one(connection, "SELECT max(load_id) FROM loads") + 1)
            withdraw(workspace, waiting)
            raise
        except duckdb.InvalidInputException as error:
            withdraw(workspace, waiting)
            raise _unreadable(files, str(error)) from None
    return loaded


def _unreadable(files: Sequence[LandedFile], reason: str) -> DataRefused:
    """The reason itself is not told: it quotes what stands in the file."""
    named = [file.file for file in files if file.sha256 in reason] or [file.file for file in files]
    return DataRefused(
        f"{', '.join(named)}: cannot be split into lines and columns",
        expected="one kind of line end throughout, and quotes in pairs",
        found="a place where the reader cannot go on",
        left="nothing of this delivery was loaded; the last publication is untouched",
        next_step="look for line ends of two kinds in the file, and export it again",
    )


def _load_delivery(
    connection: duckdb.DuckDBPyConnection,
    workspace: Workspace,
    files: Sequence[LandedFile],
    earlier: Sequence[LandedFile],
    read: ReadRules,
    key: bytes,
    tolerance: Tolerance,
) -> list[Loaded]:
    """Load a delivery: as its files are, and where that fails, with their records told apart."""
    tangled: set[str] = set()
    while True:
        try:
            return _load_once(connection, workspace, files, earlier, tangled, read, key, tolerance)
        except Tangled as found:
            tangled |= found.digests
        except duckdb.InvalidInputException as error:
            rest = {f.sha256 for f in files if f.layout.format == "delimited"} - tangled
            if not rest:
                raise
            tangled |= {digest for digest in rest if digest in str(error)} or rest


def _load_once(
    connection: duckdb.DuckDBPyConnection,
    workspace: Workspace,
    files: Sequence[LandedFile],
    earlier: Sequence[LandedFile],
    tangled: Collection[str],
    read: ReadRules,
    key: bytes,
    tolerance: Tolerance,
) -> list[Loaded]:
    delivery_id = files[0].delivery_id
    read = replace(read, landed_on=files[0].landed_at.date())
    first_load_id = one(connection, "SELECT max(load_id) FROM loads") + 1
    quarantine.tidied(workspace, first_load_id)
    with as_texts(workspace, files, tangled) as texts, ThreadPoolExecutor(1) as aside:
        secured = aside.submit(secure, workspace, files)
        numbered = list(enumerate(zip(files, texts, strict=True), start=first_load_id))
        alike = [list(group) for _, group in groupby(numbered, key=_shape)]
        for group in alike:
            vault.admit(
                connection,
                [text.path for _, (_, text) in group],
                EXPORTS[group[0][1][0].export],
                group[0][1][1].layout,
                key=key,
                anonymous_ids=read.anonymous_ids,
            )
        reached("vault_committed")
        with transaction(connection):
            connection.execute(
                "INSERT INTO identity SELECT customer_id, customer_id FROM vault.people "
                "ANTI JOIN identity ON vault.people.customer_id = identity.source_customer_id"
            )
            readings = [reading for group in alike for reading in _insert(connection, group, read)]
            reached("rows_inserted")
            readings = _compared(connection, readings, earlier, tolerance)
            loaded: list[Loaded] = []
            for name, of_export in groupby(readings, key=lambda reading: reading.file.export):
                settle = _settlement(EXPORTS[name])
                loaded += settle(connection, workspace, list(of_export), read)
            if not was_loaded(workspace, delivery_id):
                reasons = {load.file: load.refusals for load in loaded}
                differences = [one for r in readings for one in r.differences]
                drift.refuse(differences, tolerance, reasons)
            erasing.refuse_named(
                connection, workspace, [(r.file, r.text) for r in readings], read, key=key
            )
            secured.result()
            reached("before_commit")
    reached("loaded")
    return sorted(loaded, key=lambda one_load: one_load.load_id)


def _compared(
    connection: duckdb.DuckDBPyConnection,
    readings: Sequence[Reading],
    earlier: Sequence[LandedFile],
    tolerance: Tolerance,
) -> list[Reading]:
    """The readings with what they differ in from the files that came before."""
    first_load_id = min(reading.load_id for reading in readings)
    volumes = drift.arrived(connection, first_load_id)
    compared = []
    for reading in readings:
        file = reading.file
        volume = volumes.get(
            reading.load_id, Volume(reading.inserted_n, 0 if reading.export.is_history else 1)
        )
        found = [
            *drift.column_differences(file, earlier),
            *drift.volume_differences(
                file,
                volume,
                drift.volumes_before(connection, file, earlier),
                is_empty=reading.text.rows_n == 0,
            ),
        ]
        told = tuple(difference for difference in found if tolerance.tells(difference.aspect))
        compared.append(replace(reading, volume=volume, differences=told))
    return compared


def _shape(numbered: _Numbered) -> tuple[str, str]:
    file, text = numbered[1]
    return file.export, str(text.layout)


def _insert(
    connection: duckdb.DuckDBPyConnection, group: Sequence[_Numbered], read: ReadRules
) -> list[Reading]:
    """Add the good rows of files of one shape to their warehouse table, under their load ids.

    One statement for all of them: DuckDB reads small files side by side.
    """
    file, layout = group[0][1][0], group[0][1][1].layout
    export = EXPORTS[file.export]
    rows = good_rows(export, layout, read, text_source(layout))
    table = table_of(export)
    is_lines = export.name == "transactions"
    columns = ", ".join(f'"{column}"' for column in warehouse_columns(export))
    values = _line_values(file) if is_lines else columns
    with streaming(connection):
        connection.execute(
            f"INSERT INTO {table} BY NAME SELECT {values}, "
            f"$first + list_position($path, path) - 1 AS load_id FROM ({rows})",
            {
                "path": [str(text.path) for _, (_, text) in group],
                "first": group[0][0],
                **quarantine.used(rows, read),
            },
        )
    take_out_totals(connection, table, export, layout, group[0][0])
    inserted = dict(
        connection.execute(
            f"SELECT load_id, count(*) FROM {table} WHERE load_id >= $1 GROUP BY load_id",
            [group[0][0]],
        ).fetchall()
    )
    return [
        Reading(load_id, file, export, text, inserted.get(load_id, 0))
        for load_id, (file, text) in group
    ]


def _line_values(file: LandedFile) -> str:
    """Line columns, with returns told from sales and stored negative."""
    is_return = "coalesce(is_return, false)" if "is_return" in file.layout.places else "amount < 0"
    values = {name: f'"{name}"' for name in line_columns()} | {
        "is_return": is_return,
        "amount": f"CASE WHEN {is_return} THEN -abs(amount) ELSE amount END",
        "quantity": f"CASE WHEN {is_return} THEN -abs(quantity) ELSE quantity END",
    }
    return ", ".join(f'{value} AS "{name}"' for name, value in values.items())


_Settlement = Callable[
    [duckdb.DuckDBPyConnection, Workspace, list[Reading], ReadRules], list[Loaded]
]


def _settlement(export: Export) -> _Settlement:
    """How what arrived of an export is settled against what is there."""
    if export.name == "transactions":
        return _settle_lines
    return settle_events if export.is_history else settle_list


def _settle_lines(
    connection: duckdb.DuckDBPyConnection,
    workspace: Workspace,
    readings: list[Reading],
    read: ReadRules,
) -> list[Loaded]:
    """Merge arrived lines with those there, make their orders again, write the ledger."""
    for reading in readings:
        _refuse_without_order_key(reading.file, read.order_key)
    numbered = {"line_id" in reading.file.layout.places for reading in readings}
    if len(numbered) > 1:  # they came apart, but a mapping that was corrected since mixed them
        raise DataRefused(
            f"{readings[0].file.file} and others of this delivery: only some number their lines",
            expected="line_id in every file of a delivery, or in none",
            found=f"{len(readings)} files of both kinds",
            left="nothing of this delivery was loaded; the last publication is untouched",
            next_step="map line_id for all of these files or for none, in the sections of "
            "regulars.toml that take them, then run again",
        )
    first = readings[0].load_id
    unit = merging.Unit(read.order_key, numbered == {True}, first)
    is_first_load = not one(connection, "SELECT count(*) FROM lines WHERE load_id < $1", [first])
    dirty = None if is_first_load else "dirty"
    if dirty:
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE dirty AS SELECT DISTINCT {', '.join(read.order_key)} "
            "FROM lines WHERE load_id >= $1",
            [first],
        )
    merging.merge(connection, unit, delivered_at=readings[0].file.delivered_at)
    reached("merged")
    orders.reduce(connection, read.order_key, dirty)
    reached("orders_reduced")
    conflicts = []
    if orders.unreduced_lines(connection, read.order_key, dirty):
        orders.conflicting_orders(connection, read.order_key, "refused_orders")
        merging.undo(connection, unit, "refused_orders")
        orders.reduce(connection, read.order_key, "refused_orders")
        conflicts.append(
            Conflicts(
                "refused_orders",
                read.order_key,
                "order_conflict",
                {"order_key": ", ".join(read.order_key)},
            )
        )
    if one(connection, "SELECT count(*) FROM refused_units"):
        columns = tuple(unit.columns.split(", "))
        conflicts.append(
            Conflicts("refused_units", columns, "conflicting_key", {"key": ", ".join(columns)})
        )
    merging.confirm(connection, unit)
    count_replaced(connection, readings[0].export, "lines")
    return [
        recorded(connection, workspace, reading, read, conflicts, "lines") for reading in readings
    ]


def _refuse_without_order_key(file: LandedFile, order_key: tuple[str, ...]) -> None:
    if absent := {*order_key} - {*file.layout.places, "ordered_on"}:
        raise DataRefused(
            f"{file.file}: no column {', '.join(sorted(absent))}, which the order key needs",
            expected=f"the columns of order_key: {', '.join(order_key)}",
            found="a header without it",
            left="nothing of this delivery was loaded; the last publication is untouched",
            next_step="map it under [exports.transactions.columns], or take it out of order_key "
            "under [chain] in regulars.toml",
        )
