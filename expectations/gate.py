"""The quality gate: checks, asked of the warehouse on the pipeline's own open connection.

Great Expectations turns them into SQL that DuckDB computes; no row leaves the database. It is
imported when a check runs, not before, because that takes seconds.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import duckdb
import polars as pl

from regulars.expectations.answers import NOTHING_PUBLISHED, answered, seen, warehouse_of
from regulars.expectations.batches import batches
from regulars.expectations.catalogue import has_sentence, say
from regulars.expectations.checks import Check
from regulars.expectations.errors import DataRefused

RESULTS_SCHEMA: dict[str, type[pl.DataType]] = {
    "check": pl.String,
    "table_name": pl.String,
    "column_name": pl.String,
    "severity": pl.String,
    "is_met": pl.Boolean,
    "unexpected_n": pl.Int64,
    "unexpected_share": pl.Float64,
    "observed": pl.String,
    "unasked_reason": pl.String,
    "parameters": pl.String,
}


def checked(connection: duckdb.DuckDBPyConnection, checks: Iterable[Check]) -> pl.DataFrame:
    """The table ``quality_checks``: one row a check, in the order given.

    The open transaction of the connection is read as it stands and left as it is; a result of
    the connection that was not fetched yet is lost.

    ``unexpected_n`` counts what breaks the claim (rows, keys or days) and ``unexpected_share``
    is its share of the rows that the claim is about. ``observed`` is the single figure or day
    found, or the names of what breaks the claim. All three are null where the column is personal,
    and where the check yields no such figure. ``is_met`` is null, and ``unasked_reason`` is not,
    of a check that is not asked. ``parameters`` is JSON of what the catalogue's sentences name.

    Raises:
        Failed: a check could not be computed, which is neither met nor unmet. An open
            transaction has then been aborted by DuckDB and can only be rolled back.
    """
    given = tuple(checks)
    asked = [check for check in given if check.unasked is None]
    found: dict[str, dict[str, Any]] = {}
    if asked:
        from regulars.expectations.dialect import lent

        with lent(connection) as loan, _silent("great_expectations"):
            warehouse = warehouse_of(loan)
            for batch in batches(asked):
                with seen(batch, loan):
                    found |= answered(warehouse, batch, loan)
    rows = [_declared(check) | found.get(check.code, {}) for check in given]
    return pl.DataFrame(rows, schema=RESULTS_SCHEMA)


def stop_on_critical(results: pl.DataFrame) -> None:
    """Nothing, when each critical check of ``checked`` is met.

    Raises:
        DataRefused: at least one is not; the message names each of them.
    """
    unmet = results.filter(~pl.col("is_met"), pl.col("severity") == "critical")
    if unmet.is_empty():
        return
    raise DataRefused(
        f"the quality gate is closed: {unmet.height} critical "
        f"{'check is' if unmet.height == 1 else 'checks are'} not met",
        expected="each critical check met",
        found="; ".join(_finding(row) for row in unmet.iter_rows(named=True)),
        left=f"the rows are in the warehouse; {NOTHING_PUBLISHED}",
        next_step=_next_step(unmet["check"].to_list()),
    )


@contextmanager
def _silent(logger_name: str) -> Iterator[None]:
    # What it logs is either in the results or in the error raised, and may quote a value.
    logger = logging.getLogger(logger_name)
    level = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(level)


def _finding(row: dict[str, Any]) -> str:
    place = ".".join(part for part in (row["table_name"], row["column_name"]) if part)
    n = row["unexpected_n"]
    return f"{row['check']} ({place}): {'count withheld' if n is None else f'{n} unexpected'}"


def _next_step(codes: Iterable[str]) -> str:
    remedies = (f"check_remedy.{code}" for code in codes)
    known = dict.fromkeys(say(code, "en") for code in remedies if has_sentence(code))
    return ". ".join(
        (
            *known,
            "Put what is exported anew beside the old files and type `regulars run` again: a later "
            "delivery replaces the rows of an earlier one",
        )
    )


def _declared(check: Check) -> dict[str, Any]:
    """The row of a check before it is asked."""
    return {
        "check": check.code,
        "table_name": check.table,
        "column_name": check.column,
        "severity": check.severity,
        "unasked_reason": check.unasked,
        "parameters": json.dumps(dict(check.parameters), ensure_ascii=False, sort_keys=True),
    }
