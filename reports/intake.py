"""What came in and what was refused, in sizes a person reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import polars as pl

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
    """Rows of one kind of export refused for one reason, and the file with most of them."""

    export: str
    reason: str
    column: str | None
    rows_n: int
    files_n: int
    worst_file: str
    worst_first_line: int


@dataclass(frozen=True)
class WorstFile:
    """A file of which rows were refused."""

    file: str
    export: str
    rows_n: int
    quarantined_n: int
    quarantined_share: float


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
    refusals = _refusals(quarantine_summary)
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
        worst_files=_worst_files(loads),
    )


def _refusals(quarantine_summary: pl.DataFrame) -> tuple[Refusal, ...]:
    return tuple(
        Refusal(**row)
        for row in quarantine_summary.sort(
            pl.col("rows_n"), pl.col("load_id"), descending=[True, False]
        )
        .group_by("export", "reason", "column")
        .agg(
            pl.col("rows_n").sum(),
            files_n=pl.col("load_id").n_unique(),
            worst_file=pl.col("file").first(),
            worst_first_line=pl.col("first_line").first(),
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


def _worst_files(loads: pl.DataFrame) -> tuple[WorstFile, ...]:
    return tuple(
        WorstFile(**row)
        for row in loads.filter(pl.col("quarantined_n") > 0)
        .sort("quarantined_n", "load_id", descending=[True, False])
        .head(WORST_FILES_SHOWN)
        .select(
            "file",
            "export",
            "rows_n",
            "quarantined_n",
            quarantined_share=pl.col("quarantined_n") / pl.col("rows_n"),
        )
        .iter_rows(named=True)
    )
