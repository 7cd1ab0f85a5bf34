"""What the checks of the data found: what is not met first."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

TABLES_IN_ORDER = (
    "loads",
    "lines",
    "orders",
    "returns",
    "customers",
    "products",
    "stores",
    "contacts",
    "coupons",
    "feedback",
)


@dataclass(frozen=True)
class Checked:
    """One check and what it found; numbers are None where the check yields or tells none."""

    code: str
    table: str
    column: str | None
    severity: str
    unexpected_n: int | None
    unexpected_share: float | None
    observed: str | None
    unasked_reason: str | None
    parameters: Mapping[str, Any]

    @property
    def is_withheld(self) -> bool:
        """Whether no more is told than that it is not met."""
        return self.unexpected_n is None and self.observed is None


@dataclass(frozen=True)
class Gate:
    """All checks: critical ones before warnings, and then by the table that they are about."""

    unmet: tuple[Checked, ...]
    met: tuple[Checked, ...]
    unasked: tuple[Checked, ...]


def gate(quality_checks: pl.DataFrame) -> Gate:
    """Every check of the table, in one of three parts."""
    rows = quality_checks.sort(
        pl.col("severity") != "critical",
        pl.col("table_name").replace_strict(
            TABLES_IN_ORDER,
            range(len(TABLES_IN_ORDER)),
            default=len(TABLES_IN_ORDER),
            return_dtype=pl.Int32,
        ),
        "table_name",
        "check",
    )
    return Gate(
        unmet=_checks(rows.filter(~pl.col("is_met"))),
        met=_checks(rows.filter("is_met")),
        unasked=_checks(rows.filter(pl.col("is_met").is_null())),
    )


def _checks(rows: pl.DataFrame) -> tuple[Checked, ...]:
    return tuple(
        Checked(
            code=row["check"],
            table=row["table_name"],
            column=row["column_name"],
            severity=row["severity"],
            unexpected_n=row["unexpected_n"],
            unexpected_share=row["unexpected_share"],
            observed=row["observed"],
            unasked_reason=row["unasked_reason"],
            parameters=json.loads(row["parameters"]),
        )
        for row in rows.iter_rows(named=True)
    )
