"""What is in quarantine now: the refused rows of every landed file, of its newest load alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import duckdb
import polars as pl

from regulars.data.landing import LandedFile, landed_files
from regulars.data.quarantine import QUARANTINE_SCHEMA
from regulars.data.workspace import Workspace


@dataclass(frozen=True)
class RefusedFile:
    """A landed file, the load that read it, and its refused rows (``QUARANTINE_SCHEMA``)."""

    load_id: int
    file: LandedFile
    rows: pl.DataFrame

    @property
    def digests(self) -> list[str]:
        """What has stood in this place, first to last: the bytes that came, and as mended."""
        return [*self.file.originals, self.file.sha256]


def newest_files(
    connection: duckdb.DuckDBPyConnection, workspace: Workspace
) -> tuple[list[RefusedFile], list[LandedFile]]:
    """Every landed file with what its load refused, by load; and those that no load has read yet.

    Of a file that was loaded more than once, because it was delivered again, only the newest load
    is given: mending its rows is enough.
    """
    loads: Mapping[tuple[int, str, str], int] = {
        (delivery_id, export, sha256): load_id
        for load_id, delivery_id, export, sha256 in connection.execute(
            "SELECT load_id, delivery_id, export, sha256 FROM loads"
        ).fetchall()
    }
    unread: list[LandedFile] = []
    newest: dict[tuple[str, str], RefusedFile] = {}
    for file in landed_files(workspace):
        load_id = loads.get((file.delivery_id, file.export, file.sha256))
        if load_id is None:
            unread.append(file)
            continue
        came_as = (file.export, next(iter(file.originals), file.sha256))
        if came_as not in newest or newest[came_as].load_id < load_id:
            newest[came_as] = RefusedFile(load_id, file, _kept(workspace, file, load_id))
    return sorted(newest.values(), key=lambda one: one.load_id), unread


def chosen(
    files: Iterable[RefusedFile], *, file: str | None = None, reason: str | None = None
) -> list[RefusedFile]:
    """The files with refused rows, of this name and with this reason where they are given."""
    of_name = (one for one in files if file in (None, one.file.file))
    asked = (
        one if reason is None else replace(one, rows=one.rows.filter(pl.col("reason") == reason))
        for one in of_name
    )
    return [one for one in asked if one.rows.height]


def reasons(files: Iterable[RefusedFile]) -> pl.DataFrame:
    """One row a file, reason and column: ``load_id``, ``file``, ``rows_n``, ``first_line``."""
    empty = pl.DataFrame(schema={"load_id": pl.Int64} | dict(QUARANTINE_SCHEMA))
    rows = pl.concat([empty, *(with_load(one) for one in files)])
    return (
        rows.group_by("load_id", "file", "reason", "column")
        .agg(rows_n=pl.len().cast(pl.Int64), first_line=pl.col("line").min())
        .sort("load_id", "first_line", "reason", "column")
    )


def with_load(one: RefusedFile) -> pl.DataFrame:
    """The refused rows of a file with their load in front."""
    return one.rows.select(pl.lit(one.load_id, pl.Int64).alias("load_id"), pl.all())


def masked(raw: pl.Expr) -> pl.Expr:
    """The shape of a text: digits as 9, letters as a, Han characters as 文.

    Signs stay, so that one sees where a field ends; whatever else there is becomes a dot.

    >>> pl.select(masked(pl.lit("A7,张三,1.5"))).item()
    'a9,文文,9.9'
    """
    return (
        raw.str.replace_all(r"[\p{L}\p{M}&&[^\p{Han}]]", "a")
        .str.replace_all(r"\p{Han}", "文")
        .str.replace_all(r"\p{N}", "9")
        .str.replace_all(r"\r?\n", "⏎")
        .str.replace_all(r"[^a文9⏎ \t\-/:;.,|+()\"'¥￥$€£%#@_*�]", "·")
    )


def _kept(workspace: Workspace, file: LandedFile, load_id: int) -> pl.DataFrame:
    path = workspace.quarantine / f"{load_id:06d}-{file.sha256[:16]}.parquet"
    if not path.exists():
        return pl.DataFrame(schema=QUARANTINE_SCHEMA)
    return pl.read_parquet(path, glob=False)
