"""What each row of a workbook that came back means for the refused row it was."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Literal

from regulars.data.headers import Layout
from regulars.data.mended_sheets import GivenRow
from regulars.data.mending_rows import RowKey, column_names, digest_of, said_by, start_of
from regulars.data.quarantined import RefusedFile
from regulars.data.splicing import Mend, cells_of, lines_n, record_of
from regulars.expectations.catalogue import LANGUAGES

State = Literal[
    "mended",
    "given_up",
    "unchanged",
    "settled_before",
    "outdated",
    "unknown",
    "ambiguous",
    "too_many_lines",
    "not_text",
    "open_quote",
]
"""``mended`` is put into its file; whether it is accepted, the load tells. ``settled_before``: no
longer in quarantine. ``outdated``: the file was changed otherwise since the workbook was written,
so that the row may stand elsewhere.
"""
_UNDECODABLE = "\ufffd"


@dataclass(frozen=True)
class Judged:
    """What becomes of one row of a workbook; ``mend`` is what goes into the file."""

    row: GivenRow
    state: State
    line: int | None = None
    place: RefusedFile | None = None
    mend: Mend | None = None


def mend_of(one: Judged) -> tuple[int, int, Mend] | None:
    """The load, the line and what goes there, if anything does."""
    return (one.place.load_id, one.line, one.mend) if one.place and one.line and one.mend else None


def judged_rows(
    files: Sequence[RefusedFile], rows: Sequence[GivenRow], *, mends: Container[tuple[str, str]]
) -> list[Judged]:
    """What becomes of every row of a workbook, in its order.

    ``mends`` are the digests of files and of those that took their places with every record on
    its line: a row is found by its line where nothing else has happened to its file.
    """
    refused = {
        (one.load_id, row["line"]): row for one in files for row in one.rows.iter_rows(named=True)
    }
    places = {one.load_id: _places(one.file.layout) for one in files}
    # Of a file that stands for several deliveries of the same bytes, the newest comes last.
    known = {
        (one.file.export, start_of(digest)): (one, one.digests[at:])
        for one in files
        for at, digest in enumerate(one.digests)
    }
    judged: list[Judged] = []
    for row in rows:
        key = RowKey.read(row.key)
        if key is None or (key.export, key.digest) not in known:
            judged.append(Judged(row, "unknown", key.line if key else None))
            continue
        one, since = known[key.export, key.digest]
        if not all(step in mends for step in pairwise(since)):
            judged.append(Judged(row, "outdated", key.line, one))
        elif (was := refused.get((one.load_id, key.line))) is None:
            judged.append(Judged(row, "settled_before", key.line, one))
        else:
            state, mend = _verdict(row, key, was, one.file.layout, places[one.load_id])
            judged.append(Judged(row, state, key.line, one, mend))
    return _unambiguous(judged)


def _unambiguous(judged: Sequence[Judged]) -> list[Judged]:
    """Of rows with one key, those that were changed in one and the same way count as one."""
    ways: dict[tuple[int, int], set[str]] = defaultdict(set)
    for load_id, line, mend in filter(None, map(mend_of, judged)):
        ways[load_id, line].add(mend.becomes)
    return [
        replace(one, state="ambiguous", mend=None)
        if (found := mend_of(one)) and len(ways[found[:2]]) > 1
        else one
        for one in judged
    ]


def _verdict(
    row: GivenRow, key: RowKey, was: dict[str, Any], layout: Layout, places: Mapping[str, int]
) -> tuple[State, Mend | None]:
    said_now = said_by(was, layout)
    record = _record(row, was["raw"], said_now, layout, places)
    if row.is_given_up:
        # A row of nothing is skipped and counted as such.
        return "given_up", Mend(was["raw"], record_of([""] * layout.width, layout))
    said = digest_of(cells_of(record, layout) or [record])
    if record == was["raw"] or said in (digest_of(said_now or [was["raw"]]), key.said):
        return "unchanged", None
    unfit = _unfit(record, was["raw"], is_json=layout.format == "json")
    return (unfit, None) if unfit else ("mended", Mend(was["raw"], record))


def _unfit(record: str, was: str, *, is_json: bool) -> State | None:
    """Why a record cannot go into the place of another."""
    if _UNDECODABLE in record:
        return "not_text"
    if is_json:  # a line of its own, whatever is in it
        return None
    if lines_n(record) > lines_n(was):
        return "too_many_lines"
    # It would take the lines after it for its own.
    return "open_quote" if record.count('"') % 2 else None


def _record(
    row: GivenRow, raw: str, said: list[str] | None, layout: Layout, places: Mapping[str, int]
) -> str:
    """What the row of the workbook is as a record; what it says nothing about stays as it is."""
    given = {
        place: row.cells[name].replace(".", layout.decimal)
        if name in row.numbers
        else row.cells[name]
        for name, place in places.items()
        if name in row.cells
    }
    if any(cell.strip() for cell in given.values()):
        cells = said or [""] * layout.width
        return record_of([given.get(place, cell) for place, cell in enumerate(cells)], layout)
    return row.raw.replace("\r\n", "\n").replace("\r", "\n").strip("\n") or raw


def _places(layout: Layout) -> dict[str, int]:
    """Where a column of the workbook stands in the file, whichever language it was written in."""
    return {
        name: place
        for language in LANGUAGES
        for place, name in enumerate(column_names(layout, language))
    }
