"""Parquet files as delimited text: every value as it is spelled at its shortest."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import polars as pl

from regulars.expectations.errors import DataRefused

if TYPE_CHECKING:
    from regulars.data.headers import Layout

_DOUBLES = ("DOUBLE", "FLOAT")


def names(path: Path) -> list[str]:
    """The file's columns.

    Raises:
        DataRefused: it is no whole Parquet file.
    """
    try:
        return list(pl.read_parquet_schema(path))
    except (pl.exceptions.ComputeError, OSError) as error:
        raise damaged(path.name) from error


def converted(connection: duckdb.DuckDBPyConnection, path: Path, copy: Path, layout: Layout) -> int:
    """Write the rows of a file into ``copy`` as comma-separated text; how many they are.

    Doubles lose the ``.0`` of whole numbers; instants with a zone are written in UTC with their
    offset; columns that the contract has no use for and that hold lists or records are empty.
    """
    source = str(path).replace("'", "''")
    try:
        described = connection.execute(f"DESCRIBE FROM read_parquet('{source}')").fetchall()
        kinds = {row[0]: str(row[1]) for row in described}
        columns = ", ".join(
            f'{_text(name, kinds[name])} AS "{name.replace(chr(34), 2 * chr(34))}"'
            for name in layout.names
        )
        target = str(copy).replace("'", "''")
        connection.execute(
            f"COPY (SELECT {columns} FROM read_parquet('{source}')) TO '{target}' "
            "(FORMAT csv, HEADER true, DELIMITER ',', QUOTE '\"', ESCAPE '\"', NULLSTR '')"
        )
        counted = connection.execute(f"SELECT count(*) FROM read_parquet('{source}')").fetchall()
    except (duckdb.InvalidInputException, duckdb.IOException) as error:
        raise damaged(path.name) from error
    return int(counted[0][0])


def _text(name: str, kind: str) -> str:
    column = '"' + name.replace('"', '""') + '"'
    text = f"CAST({column} AS VARCHAR)"
    if kind in _DOUBLES:
        return f"regexp_replace({text}, '\\.0$', '')"
    if kind == "BLOB":
        return f"TRY(decode({column}))"
    if kind.endswith("]") or kind.startswith(("STRUCT", "MAP", "UNION")):
        return "NULL::VARCHAR"
    return text


def damaged(file: str) -> DataRefused:
    """The refusal of a file that is cut short or damaged."""
    return DataRefused(
        f"{file}: the Parquet file cannot be read",
        expected="a whole Parquet file, its footer included",
        found="a file that is cut short or damaged: it may still be uploading",
        left="nothing of this delivery was loaded; the last publication is untouched",
        next_step="wait for it or export it again",
    )
