"""What came in and what was refused, in sizes a person reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import polars as pl

from regulars.expectations.exports import EXPORTS

DELIVERIES_SHOWN = 10
REFUSALS_SHOWN = 12
WORST_FILES_SHOWN = 8

_COUNTS = (
    "rows_n",
    "accepted_n",
    "duplicate_n",
    "quarantined_n",
    "skipped_n",
    "erased_n",
    "replaced_n",
)


@dataclass(frozen=True)
class Received:
    """Rows of one kind of export, of one delivery of it, or of everything."""

    export: str | None
    delivered_at: datetime | None
    files_n: int
    rows_n: int
    accepted_n: int
    duplicate_n: int
    quarantined_n: int
    skipped_n: int
    erased_n: int
    replaced_n: int


@dataclass(frozen=True)
class Refusal:
    """Rows of one kind of export refused for one reason, and the file with most of them.

    Of them ``superseded_n`` are of files that were delivered again later.
    """

    export: str
    reason: str
    column: str | None
    rows_n: int
    files_n: int
    worst_file: str
    worst_first_line: int
    superseded_n: int = 0


@dataclass(frozen=True)
class WorstFile:
    """A file of which rows were refused; ``superseded_at`` when it was last delivered again."""

    file: str
    export: str
    rows_n: int
    quarantined_n: int
    quarantined_share: float
    superseded_at: datetime | None = None


@dataclass(frozen=True)
class Intake:
    """``deliveries`` are the latest, newest first, and only when an export came more than once;
    ``*_more_n`` count what is left out."""

    total: Received
    exports: tuple[Received, ...]
    deliveries: tuple[Received, ...]
    deliveries_more_n: int
    refusals: tuple[Refusal, ...]
    refusals_more_n: int
    worst_files: tuple[WorstFile, ...]


def intake(loads: pl.DataFrame, quarantine_summary: pl.DataFrame) -> Intake:
    """Files are added up by export and by delivery; reasons by export and column."""
    sums = [pl.len().cast(pl.Int64).alias("files_n"), pl.col(_COUNTS).sum()]
    exports = loads.group_by("export").agg(sums).sort("export")
    deliveries = (
        loads.group_by("export", "delivery_id")
        .agg(pl.col("delivered_at").max(), *sums)
        .sort("delivered_at", "delivery_id", "export", descending=[True, True, False])
        .drop("delivery_id")
    )
    is_repeated = deliveries.height > exports.height
    superseded = _superseded(loads)
    refusals = _refusals(quarantine_summary, superseded)
    return Intake(
        total=Received(None, None, *loads.select(sums).row(0)),
        exports=tuple(Received(delivered_at=None, **row) for row in exports.iter_rows(named=True)),
        deliveries=tuple(
            Received(**row)
            for row in deliveries.head(DELIVERIES_SHOWN if is_repeated else 0).iter_rows(named=True)
        ),
        deliveries_more_n=max(deliveries.height - DELIVERIES_SHOWN, 0) if is_repeated else 0,
        refusals=refusals[:REFUSALS_SHOWN],
        refusals_more_n=max(len(refusals) - REFUSALS_SHOWN, 0),
        worst_files=_worst_files(loads, superseded),
    )


def _superseded(loads: pl.DataFrame) -> pl.DataFrame:
    """The loads after which the same came again, with when: a file of that name, or, of a list,
    any delivery of it. What a file of another name mends cannot be told by the ledger."""
    what = (
        pl.when(pl.col("export").is_in([e.name for e in EXPORTS.values() if not e.is_history]))
        .then(pl.lit(""))
        .otherwise(pl.col("file"))
    )
    latest = pl.col("delivered_at").max().over("export", what)
    return (
        loads.select("load_id", "delivered_at", superseded_at=latest)
        .filter(pl.col("delivered_at") < pl.col("superseded_at"))
        .drop("delivered_at")
    )


def _refusals(quarantine_summary: pl.DataFrame, superseded: pl.DataFrame) -> tuple[Refusal, ...]:
    is_superseded = pl.col("superseded_at").is_not_null()
    return tuple(
        Refusal(**row)
        # What still stands before what came again, so that the worst file is one to act on.
        for row in quarantine_summary.join(superseded, on="load_id", how="left")
        .sort(is_superseded, "rows_n", "load_id", descending=[False, True, False])
        .group_by("export", "reason", "column")
        .agg(
            pl.col("rows_n").sum(),
            files_n=pl.col("load_id").n_unique(),
            worst_file=pl.col("file").first(),
            worst_first_line=pl.col("first_line").first(),
            superseded_n=pl.col("rows_n").filter(is_superseded).sum(),
        )
        .sort(
            "rows_n",
            "export",
            "reason",
            "column",
            descending=[True, False, False, False],
            nulls_last=True,
        )
        .iter_rows(named=True)
    )


def _worst_files(loads: pl.DataFrame, superseded: pl.DataFrame) -> tuple[WorstFile, ...]:
    return tuple(
        WorstFile(**row)
        for row in loads.filter(pl.col("quarantined_n") > 0)
        .join(superseded, on="load_id", how="left")
        .sort(
            pl.col("superseded_at").is_not_null(),
            "quarantined_n",
            "load_id",
            descending=[False, True, False],
        )
        .head(WORST_FILES_SHOWN)
        .select(
            "file",
            "export",
            "rows_n",
            "quarantined_n",
            "superseded_at",
            quarantined_share=pl.col("quarantined_n") / pl.col("rows_n"),
        )
        .iter_rows(named=True)
    )
