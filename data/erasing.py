"""Landed files without the rows of people who were erased.

A row goes when its customer is one of them; where one of them is only the referrer, that cell is
emptied. Rows that were refused are judged by all they hold, since what they hold may stand in the
wrong column. A line that goes leaves a blank one, which readers pass over: every other row keeps
its bytes and its physical line.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

import duckdb
import numpy as np
import polars as pl

from regulars.data import tombstones
from regulars.data.decoding import as_texts
from regulars.data.landing import LandedFile, forgotten, landed_files, put_in_place
from regulars.data.naming import Role, without
from regulars.data.people import Person
from regulars.data.points import reached
from regulars.data.quarantine import QUARANTINE_SCHEMA, Conflicts, refused_rows
from regulars.data.reading import ReadRules, person_texts, persons, text_source
from regulars.data.shelf import sha256_of
from regulars.data.splicing import Mend, spliced
from regulars.data.texts import Tangled, Text
from regulars.data.vault import texts_of_people
from regulars.data.workspace import Workspace
from regulars.expectations.errors import DataRefused, Failed
from regulars.expectations.exports import EXPORTS

_ROLES: dict[str, Role] = {"is_erased": "own", "refers_to_erased": "referred"}
"""Why a row is told beside the refused ones, and what it says of a person."""
_TOKENS_SQL = (
    "SELECT DISTINCT unnest(list_concat(regexp_split_to_array(raw, '[\\s,;|\"'']+'), "
    "[trim(cell, ' \"') FOR cell IN string_split(raw, $delimiter)])) AS raw_id FROM raws"
)


@dataclass(frozen=True)
class Named:
    """Where a landed file names people.

    ``records`` maps the line of a record to what it was and what shall stand there; ``rows_n`` of
    them go, and ``referrals_n`` lose a referrer.
    """

    file: LandedFile
    records: dict[int, Mend] = field(default_factory=dict)
    rows_n: int = 0
    referrals_n: int = 0


class PeopleNamed(Exception):
    """Rows that a load refused name people who were erased: the files must lose them first."""

    def __init__(self, named: Sequence[Named]) -> None:
        self.named = named
        super().__init__(f"{len(named)} files")


def named_in(
    connection: duckdb.DuckDBPyConnection,
    workspace: Workspace,
    file: LandedFile,
    people: Collection[Person],
    read: ReadRules,
    *,
    key: bytes,
    refused: pl.DataFrame | None = None,
) -> Named:
    """Where a file names these people: by the columns that name customers, and, in the rows that
    were refused when it was loaded, anywhere.
    """
    if not persons(EXPORTS[file.export], file.layout):
        return Named(file)
    tangled: tuple[str, ...] = ()
    while True:
        try:
            with as_texts(workspace, [file], tangled) as (text,):
                return _named(connection, file, text, people, read, key=key, refused=refused)
        except (Tangled, duckdb.InvalidInputException):
            if tangled or file.layout.format != "delimited":
                raise
            tangled = (file.sha256,)


def _named(
    connection: duckdb.DuckDBPyConnection,
    file: LandedFile,
    text: Text,
    people: Collection[Person],
    read: ReadRules,
    *,
    key: bytes,
    refused: pl.DataFrame | None,
) -> Named:
    numbers = [person.customer_id for person in people]
    refused = pl.DataFrame(schema=QUARANTINE_SCHEMA) if refused is None else refused
    ids = texts_of_people(
        connection,
        person_texts(EXPORTS[file.export], text.layout, text_source(text.layout)),
        numbers,
        key=key,
        parameters={"path": [str(text.path)], "anonymous_ids": []},
    )
    if ids:
        refused = _with_rows_of(connection, file, text, ids, read)
    raws = refused.filter(~_is_ours()).select(raw=pl.col("raw").str.normalize("NFKC"))
    if raws.height:
        connection.register("raws", raws)
        parameters = {"delimiter": text.layout.delimiter}
        ids |= texts_of_people(connection, _TOKENS_SQL, numbers, key=key, parameters=parameters)
        connection.unregister("raws")
    ids |= {one_text for person in people for one_text in person.own_texts}
    if not ids:
        return Named(file)
    has_any = pl.col("raw").str.normalize("NFKC").str.contains_any(sorted(ids))
    suspects = refused.filter(_is_ours() | has_any)
    return _judged(text, file, suspects, ids) if suspects.height else Named(file)


def taken_out(workspace: Workspace, named: Named) -> None:
    """Have the file without what names people stand in the place of the landed one.

    Raises:
        Failed: a row cannot be told from its neighbours, so that nothing was changed.
    """
    file = named.file
    others = {
        other.sha256
        for other in landed_files(workspace)
        if (other.delivery_id, other.export) == (file.delivery_id, file.export)
    }
    copy = workspace.work / f"{file.sha256}.without"
    made = spliced(workspace, file, named.records, copy)
    if lost := sorted(named.records.keys() - made.lines):
        raise Failed(
            f"{file.file}: rows of this person cannot be taken out of what landed",
            expected="each row on the line that it was read from",
            found=f"{len(lost)} rows that are not, the first on line {lost[0]}",
            left="this file as it was; the erasure is unfinished and goes on with the next run",
            next_step="report this: it is a fault of regulars",
        )
    if file.layout.width == 1:  # of a single column, a blank line is a row
        copy.write_bytes(b"".join(line for line in copy.open("rb") if line.strip()))
    # Files of one delivery that held nothing else would be one and the same now.
    while sha256_of(copy) in others:
        with copy.open("ab") as end:
            end.write(b"\n")
    erased_n = file.erased_n + named.rows_n
    put_in_place(workspace, replace(file, erased_n=erased_n), copy, made.layout)
    copy.unlink()
    reached("half_erased")


def take_out(workspace: Workspace, found: Sequence[Named]) -> None:
    """The same of several files; their original bytes leave the disk."""
    for named in found:
        if named.records:
            taken_out(workspace, named)
    forgotten(workspace)


def keep_out(
    connection: duckdb.DuckDBPyConnection,
    workspace: Workspace,
    files: Sequence[LandedFile],
    read: ReadRules,
    *,
    key: bytes,
) -> bool:
    """Take people with a tombstone out of files that are about to be loaded; whether there are any.

    Original bytes, which landing copies anew while they lie in ``exports``, go too.
    """
    if not (people := _with_tombstone(workspace)):
        return False
    found = []
    for file in files:
        try:
            found.append(named_in(connection, workspace, file, people, read, key=key))
        except (DataRefused, duckdb.InvalidInputException):
            continue  # it cannot be read: the load will say so, and take it back
    take_out(workspace, found)
    return True


def refuse_named(
    connection: duckdb.DuckDBPyConnection,
    workspace: Workspace,
    texts: Sequence[tuple[LandedFile, Text]],
    read: ReadRules,
    *,
    key: bytes,
) -> None:
    """Nothing, unless a row that was just refused names a person with a tombstone.

    Raises:
        PeopleNamed: the load has to be undone, and made again from files without those rows.
    """
    if not (people := _with_tombstone(workspace)):
        return
    found = [
        _named(connection, file, text, people, read, key=key, refused=refused_of(workspace, file))
        for file, text in texts
        if persons(EXPORTS[file.export], file.layout)
    ]
    if any(named.records for named in found):
        raise PeopleNamed(found)


def refused_of(workspace: Workspace, file: LandedFile) -> pl.DataFrame:
    """The rows of these bytes that are in quarantine, whichever load refused them."""
    kept = sorted(workspace.quarantine.glob(f"*-{file.sha256[:16]}.parquet"))
    nothing = pl.DataFrame(schema=QUARANTINE_SCHEMA)
    rows = pl.concat([nothing, *(pl.read_parquet(path, glob=False) for path in kept)])
    return rows.unique("line", maintain_order=True)


def _with_tombstone(workspace: Workspace) -> list[Person]:
    return [Person(customer_id) for customer_id in sorted(tombstones.kept_out(workspace))]


def _with_rows_of(
    connection: duckdb.DuckDBPyConnection,
    file: LandedFile,
    text: Text,
    ids: Collection[str],
    read: ReadRules,
) -> pl.DataFrame:
    """The refused rows of a file, and beside them those of these people."""
    connection.register("ids", pl.DataFrame({"id": sorted(ids)}))
    connection.execute("CREATE OR REPLACE TEMP TABLE ids_to_erase AS FROM ids")
    connection.unregister("ids")
    conflicts = [
        Conflicts("ids_to_erase", (f"x_{column}",), reason, {})
        for column, reason in zip(("customer_id", "referrer_id"), _ROLES, strict=True)
        if column in file.layout.places
    ]
    read = replace(read, landed_on=file.landed_at.date())
    found = refused_rows(connection, file, text, EXPORTS[file.export], read, conflicts)
    connection.execute("DROP TABLE ids_to_erase")
    return found.refused


def _judged(text: Text, file: LandedFile, suspects: pl.DataFrame, ids: set[str]) -> Named:
    """What becomes of each row that may name one of these people."""
    records: dict[int, Mend] = {}
    referrals_n = 0
    for line, reason, raw in suspects.select("line", "reason", "raw").iter_rows():
        was = _whole(text, line, raw)
        becomes = without(was, text.layout, ids, known_as=_ROLES.get(reason))
        if becomes is not None:
            records[line] = Mend(was, becomes)
            referrals_n += bool(becomes)
    return Named(file, records, len(records) - referrals_n, referrals_n)


def _whole(text: Text, line: int, raw: str) -> str:
    """The record of a line, of which the quarantine keeps the start alone."""
    records = text.records()
    place = int(np.searchsorted(records.lines, line))
    if place == len(records) or records.lines[place] != line:
        return raw  # a line that could not be made text of
    most_bytes = int(records.ends[place] - records.starts[place])
    return records.raw(np.array([place]), "utf-8", most_bytes)[0]


def _is_ours() -> pl.Expr:
    return pl.col("reason").is_in([*_ROLES])
