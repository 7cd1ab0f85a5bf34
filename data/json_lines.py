"""JSON Lines as delimited text: an object a line, keys as columns, numbers to the last digit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from regulars.data.unread import NESTED_VALUE, UNREAD_SCHEMA, WHOLE_ROW

if TYPE_CHECKING:
    from regulars.data.headers import Layout

_CHUNK_BYTES = 64 << 20
_NEWLINE = 10
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Converted:
    """What became of a file: the line of each row that was written, and the lines that were not."""

    lines: NDArray[np.int64]
    unread: pl.DataFrame


def names(path: Path) -> list[str]:
    """Every key that any object of the file has, in the order they come."""
    found: dict[str, None] = {}
    with duckdb.connect() as connection:
        for lines in _chunks(path):
            connection.register("json_text", lines)
            keys = connection.execute(
                "SELECT key FROM (SELECT unnest(json_keys(text)) AS key, line FROM json_text "
                f"WHERE {_IS_OBJECT}) GROUP BY key ORDER BY min(line), key"
            ).fetchall()
            found |= dict.fromkeys(key for (key,) in keys)
    return list(found)


_IS_OBJECT = "CASE WHEN json_valid(text) THEN json_type(text) = 'OBJECT' ELSE false END"


def converted(
    connection: duckdb.DuckDBPyConnection, path: Path, copy: Path, layout: Layout
) -> Converted:
    """Write the objects of a file into ``copy`` as comma-separated text.

    A line that is no object, or that holds an object or a list where a value belongs, is left
    out and told (``UNREAD_SCHEMA``). A whole double loses its ``.0``.
    """
    used = sorted(layout.places.values())
    written: list[NDArray[np.int64]] = []
    unread = [pl.DataFrame(schema=UNREAD_SCHEMA)]
    with copy.open("wb") as target:
        pl.DataFrame(schema=layout.names).write_csv(target)
        for lines in _chunks(path):
            rows = _rows(connection, lines, layout.names)
            nested = pl.coalesce(
                pl.when(pl.col("types").list.get(place).is_in(["OBJECT", "ARRAY"])).then(
                    pl.lit(_contract_name(layout, place))
                )
                for place in used
            )
            told = rows.with_columns(nested=pl.when("is_object").then(nested))
            good = told.filter(pl.col("is_object") & pl.col("nested").is_null())
            values = [_value(place) for place in range(layout.width)]
            good.select(values).write_csv(
                target,
                include_header=False,
                # A row of one empty cell would be a blank line.
                quote_style="always" if layout.width == 1 else "necessary",
            )
            written.append(good["line"].to_numpy())
            unread.append(_unread(told))
    return Converted(np.concatenate([np.empty(0, dtype=np.int64), *written]), pl.concat(unread))


def _rows(
    connection: duckdb.DuckDBPyConnection, lines: pl.DataFrame, keys: list[str]
) -> pl.DataFrame:
    """Each line with its values as text and their types, in the order of the keys."""
    connection.register("json_text", lines)
    # RFC 6901: a key may hold any sign.
    pointers = ["/" + key.replace("~", "~0").replace("/", "~1") for key in keys]
    try:
        rows: pl.DataFrame = connection.sql(
            "SELECT line, text, is_object, "
            "CASE WHEN is_object THEN json_extract_string(text, $pointers) END AS vals, "
            "CASE WHEN is_object THEN json_type(text, $pointers) END AS types "
            f"FROM (SELECT *, {_IS_OBJECT} AS is_object FROM json_text) ORDER BY line",
            params={"pointers": pointers},
        ).pl()
    finally:
        connection.unregister("json_text")
    return rows


def _value(place: int) -> pl.Expr:
    text = pl.col("vals").list.get(place)
    is_double = pl.col("types").list.get(place) == "DOUBLE"
    digits = text.str.extract(r"^(-?\d+)\.0$", 1)
    # Of a number beyond 15 digits a double does not hold the last ones: it is spelled so that
    # it is seen.
    beyond = pl.format(
        "{}.{}E+{}", digits.str.slice(0, 1), digits.str.slice(1, 5), digits.str.len_chars() - 1
    )
    whole = pl.when(digits.str.len_chars() > 15).then(beyond).otherwise(digits)  # noqa: PLR2004
    return pl.when(is_double & digits.is_not_null()).then(whole).otherwise(text).alias(f"c{place}")


def _contract_name(layout: Layout, place: int) -> str:
    return next(column for column, at in layout.places.items() if at == place)


def _unread(told: pl.DataFrame) -> pl.DataFrame:
    bad = told.filter(~pl.col("is_object") | pl.col("nested").is_not_null())
    reason = (
        pl.when("is_object")
        .then(pl.lit(NESTED_VALUE))
        .when(pl.col("text").is_null())
        .then(pl.lit("invalid_encoding"))
        .otherwise(pl.lit(WHOLE_ROW))
    )
    return bad.select(
        line="line", column="nested", reason=reason, raw=pl.col("text").fill_null("")
    ).cast(dict(UNREAD_SCHEMA))  # type: ignore[arg-type]


def _chunks(path: Path) -> Iterator[pl.DataFrame]:
    """The lines that are not blank, some at a time: their number from 1, and their text.

    The text is null where it is not UTF-8.
    """
    rest, lines_n = b"", 0
    with path.open("rb") as file:
        if file.read(len(_BOM)) != _BOM:
            file.seek(0)
        while chunk := file.read(_CHUNK_BYTES):
            chunk = rest + chunk
            end = chunk.rfind(b"\n") + 1
            rest = chunk[end:]
            if end:
                yield _lines(chunk[:end], lines_n)
                lines_n += chunk.count(b"\n", 0, end)
    if rest:
        yield _lines(rest + b"\n", lines_n)


def _lines(content: bytes, lines_before_n: int) -> pl.DataFrame:
    ends = np.flatnonzero(np.frombuffer(content, dtype=np.uint8) == _NEWLINE) + 1
    offsets = np.concatenate([np.zeros(1, dtype=np.int64), ends]).astype(np.int64)
    raw = pa.LargeBinaryArray.from_buffers(
        pa.large_binary(), len(ends), [None, pa.py_buffer(offsets), pa.py_buffer(content)]
    )
    numbers = pa.array(np.arange(lines_before_n + 1, lines_before_n + 1 + len(ends)))
    with duckdb.connect() as connection:
        connection.register("raw_lines", pa.table({"line": numbers, "raw": raw}))
        lines: pl.DataFrame = connection.sql(
            "SELECT line, trim(TRY(decode(raw)), E' \\t\\r\\n') AS text FROM raw_lines "
            "ORDER BY line"
        ).pl()
    return lines.filter(pl.col("text").is_null() | (pl.col("text") != ""))
