"""Rows that were refused: kept as they came, with file, line, column, rule and its parameters.

The raw lines hold personal values, so they stay in ``quarantine/`` (0600); the warehouse has the
counts alone.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import duckdb
import numpy as np
import polars as pl

from regulars.data.cells import places_of
from regulars.data.footers import no_data_of_lines
from regulars.data.landing import LandedFile
from regulars.data.reading import (
    OTHER_REJECT,
    REJECT_REASONS,
    REJECTS,
    ReadRules,
    Rule,
    numbered_rows,
    rules,
    text_source,
)
from regulars.data.texts import Tangled, Text
from regulars.data.workspace import Workspace, written
from regulars.expectations.errors import DataRefused
from regulars.expectations.exports import Export

# The start of a refused line is enough to recognise it; the landing has all of it.
RAW_BYTES_MAX = 64 << 10

QUARANTINE_SCHEMA = pl.Schema(
    {
        "file": pl.String,
        "line": pl.Int64,
        "column": pl.String,
        "reason": pl.String,
        "parameters": pl.String,
        "raw": pl.String,
    }
)
SKIPPED_SCHEMA = pl.Schema({"line": pl.Int64, "rule": pl.String})


@dataclass(frozen=True)
class Conflicts:
    """Keys that were refused after reading, in a temporary table, and why."""

    table: str
    columns: tuple[str, ...]
    reason: str
    parameters: dict[str, str]


@dataclass(frozen=True)
class Unaccepted:
    """What a file has beside good rows: refused rows (``QUARANTINE_SCHEMA``, by line), and lines
    that are no data, with the rule that tells so (``SKIPPED_SCHEMA``). ``rows_n`` counts all rows.
    """

    refused: pl.DataFrame
    skipped: pl.DataFrame
    rows_n: int


def refused_rows(
    connection: duckdb.DuckDBPyConnection,
    file: LandedFile,
    text: Text,
    export: Export,
    read: ReadRules,
    conflicts: list[Conflicts],
) -> Unaccepted:
    """The rows of a file that were not accepted.

    Reads the file a second time, numbered.

    Raises:
        Tangled: a bad row may have taken good ones with it; the text has to be split otherwise.
        DataRefused: that was done, and its records are still not the ones that DuckDB read: then
            a row might be lost in silence.
    """
    records = text.records()
    if text.may_be_tangled and not records.is_by_lines:
        raise Tangled({file.sha256})
    _forget_rejects(connection)
    source = text_source(text.layout)
    rows = numbered_rows(export, text.layout, read, source)
    marks = "".join(
        f", ({', '.join(conflict.columns)}) IN (FROM {conflict.table}) AS conflict_{place}"
        for place, conflict in enumerate(conflicts)
    )
    refused = " OR ".join(
        [
            "rule IS NOT NULL OR no_data IS NOT NULL",
            *(f"conflict_{place}" for place in range(len(conflicts))),
        ]
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE numbered AS SELECT record, rule, no_data{marks} "
        f"FROM ({rows})",
        {"path": [str(text.path)], **used(rows, read)},
    )
    read_n = connection.execute("SELECT count(*) FROM numbered").fetchall()[0][0]
    broken = connection.sql(f"FROM numbered WHERE {refused} ORDER BY record").pl()
    unsplit = connection.sql(
        "SELECT line_byte_position AS byte, first(error_type ORDER BY byte_position) AS error "
        f"FROM {REJECTS} GROUP BY line_byte_position ORDER BY byte"
    ).pl()
    connection.execute("DROP TABLE numbered")
    _forget_rejects(connection)
    # DuckDB counts bytes from 1.
    unsplit_at = records.at_bytes(unsplit["byte"].to_numpy().astype(np.int64) - 1)
    split_at = np.setdiff1d(np.arange(len(records)), unsplit_at)
    found_n = read_n + len(unsplit)
    if (unsplit_at < 0).any() or len(split_at) != read_n or len(records) != found_n:
        if text.may_be_tangled:
            raise Tangled({file.sha256})
        raise _lost(file, len(records), found_n)
    tried = rules(export, text.layout, read)
    places = np.concatenate([unsplit_at, split_at[broken["record"].to_numpy()]]).astype(np.int64)
    reasons: list[_Why] = [
        *((REJECT_REASONS.get(error, OTHER_REJECT), None, {}) for error in unsplit["error"]),
        *(_why(row, tried, conflicts, export, read) for row in broken.iter_rows(named=True)),
    ]
    raw = pl.Series("raw", records.raw(places, "utf-8", RAW_BYTES_MAX), dtype=pl.String)
    lines = raw.to_frame().select(rule=no_data_of_lines(pl.col("raw"))).to_series()
    is_split = np.arange(len(places)) >= len(unsplit)
    found = pl.DataFrame(
        {
            "file": [file.file] * len(places),
            "line": records.lines[places],
            "column": [column for _, column, _ in reasons],
            "reason": [reason for reason, _, _ in reasons],
            "parameters": [json.dumps(values, sort_keys=True) for _, _, values in reasons],
            "raw": raw,
        },
        schema=QUARANTINE_SCHEMA,
    ).with_columns(
        rule=pl.when(pl.Series(is_split))
        .then(pl.concat([pl.Series([None] * len(unsplit), dtype=pl.String), broken["no_data"]]))
        .otherwise(lines)
    )
    unread = text.unread.with_columns(
        file=pl.lit(file.file),
        parameters=pl.when(pl.col("column").is_null())
        .then(pl.lit("{}"))
        .otherwise(pl.concat_str(pl.lit('{"column": "'), "column", pl.lit('"}'))),
    )
    is_data = pl.col("rule").is_null()
    return Unaccepted(
        pl.concat(
            [found.filter(is_data).select(*QUARANTINE_SCHEMA), unread.select(*QUARANTINE_SCHEMA)]
        ).sort("line"),
        found.filter(~is_data).select(*SKIPPED_SCHEMA).sort("line"),
        len(records) + unread.height,
    )


def _forget_rejects(connection: duckdb.DuckDBPyConnection) -> None:
    """Every reading adds to these tables, whichever file it reads."""
    for table in (REJECTS, f"{REJECTS}_scans"):
        connection.execute(f"DROP TABLE IF EXISTS {table}")


_Why = tuple[str, str | None, dict[str, str]]
"""Reason, column and parameters of a refused row."""


def keep(workspace: Workspace, file: LandedFile, load_id: int, refused: pl.DataFrame) -> Path:
    """Write the refused rows of a load, for the owner's eyes."""
    buffer = BytesIO()
    refused.write_parquet(buffer)
    return written(
        workspace.quarantine / f"{load_id:06d}-{file.sha256[:16]}.parquet", buffer.getvalue()
    )


def tidied(workspace: Workspace, first_load_id: int) -> None:
    """Remove what loads that were rolled back, or are to be made again, had refused."""
    for path in workspace.quarantine.glob("*.parquet"):
        if int(path.name.partition("-")[0]) >= first_load_id:
            path.unlink()


def summary(file: LandedFile, load_id: int, refused: pl.DataFrame) -> pl.DataFrame:
    """One row a reason and column of a load: the contract ``quarantine_summary``."""
    return refused.group_by("reason", "column").agg(
        load_id=pl.lit(load_id, pl.Int64),
        export=pl.lit(file.export),
        file=pl.lit(file.file),
        rows_n=pl.len().cast(pl.Int64),
        first_line=pl.col("line").min(),
    )


def used(sql: str, read: ReadRules) -> dict[str, object]:
    """The parameters that the SQL names: DuckDB refuses others."""
    return {name: value for name, value in read.parameters().items() if f"${name}" in sql}


def _why(
    row: dict[str, object],
    tried: list[Rule],
    conflicts: list[Conflicts],
    export: Export,
    read: ReadRules,
) -> _Why:
    if row["rule"] is None:
        # A total that breaks no rule has none, and no conflict either.
        found = [c for place, c in enumerate(conflicts) if row[f"conflict_{place}"]]
        return (found[0].reason, None, found[0].parameters) if found else (OTHER_REJECT, None, {})
    rule = tried[int(str(row["rule"]))]
    parameters = {"column": str(rule.column)}
    match rule.reason:
        case "too_many_places":
            parameters["places"] = str(places_of(export.column(str(rule.column))))
        case "not_a_choice":
            parameters["choices"] = ", ".join(export.column(str(rule.column)).words)
        case "in_the_future":
            parameters["landed_on"] = read.landed_on.isoformat()
        case "wrong_currency":
            parameters["expected"] = read.currency
        case _:
            pass
    return rule.reason, rule.column, parameters


def _lost(file: LandedFile, records_n: int, read_n: int) -> DataRefused:
    return DataRefused(
        f"{file.file}: its rows cannot be told apart safely",
        expected=f"{records_n} rows, as line ends and quotes tell",
        found=f"{read_n} rows read",
        left="nothing of this delivery was loaded; the last publication is untouched",
        next_step="look for stray quotes and line ends in the file, and export it again",
    )
