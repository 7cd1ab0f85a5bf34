"""The quality gate: checks, asked of the warehouse on the pipeline's own open connection.

Great Expectations turns them into SQL that DuckDB computes; no row leaves the database. It is
imported when a check runs, not before, because that takes seconds.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import duckdb
import polars as pl

from regulars.expectations.errors import DataRefused, Failed
from regulars.expectations.suites import Check

if TYPE_CHECKING:
    from great_expectations.core import ExpectationValidationResult
    from great_expectations.datasource.fluent.sql_datasource import SQLDatasource

    from regulars.expectations.dialect import Loan

RESULTS_SCHEMA: dict[str, type[pl.DataType]] = {
    "check": pl.String,
    "table": pl.String,
    "column": pl.String,
    "severity": pl.String,
    "is_met": pl.Boolean,
    "unexpected_n": pl.Int64,
    "observed": pl.String,
}

# Great Expectations would fetch examples of what is wrong; the limit keeps them in the database.
_COUNTS_ONLY = {"result_format": "BASIC", "partial_unexpected_count": 0}
_BOOLEAN_ONLY = {"result_format": "BOOLEAN_ONLY"}

# These speak of names and resources. The others may quote a value.
_SPEAKS_OF_NO_VALUE = (
    duckdb.BinderException,
    duckdb.CatalogException,
    duckdb.NotSupportedError,
    duckdb.OperationalError,
    duckdb.ParserException,
)

_NOTHING_PUBLISHED = "nothing was published; the last publication is untouched"


def checked(connection: duckdb.DuckDBPyConnection, checks: Iterable[Check]) -> pl.DataFrame:
    """One row a check, in the order given: whether it is met, and by how much not.

    The open transaction of the connection is read as it stands and left as it is; a result of
    the connection that was not fetched yet is lost.

    ``unexpected_n`` counts what breaks the claim: rows, keys or days. ``observed`` is that count
    over the rows looked at, or the single figure found. Both are null where the column is
    personal, and where the check yields no such figure.

    Raises:
        Failed: a check could not be computed, which is neither met nor unmet. An open
            transaction has then been aborted by DuckDB and can only be rolled back.
    """
    asked = tuple(checks)
    rows: dict[str, dict[str, Any]] = {}
    if asked:
        from regulars.expectations.dialect import lent

        with lent(connection) as loan, _silent("great_expectations"):
            warehouse = _warehouse(loan)
            for group in _asked_together(asked):
                rows |= _answered(warehouse, group, loan)
    return pl.DataFrame([rows[check.code] for check in asked], schema=RESULTS_SCHEMA)


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
        left=f"the rows are in the warehouse; {_NOTHING_PUBLISHED}",
        next_step="correct the export, put it beside the old one and type `regulars run` again: "
        "a later delivery replaces the rows of an earlier one",
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
    place = ".".join(part for part in (row["table"], row["column"]) if part)
    n = row["unexpected_n"]
    return f"{row['check']} ({place}): {'count withheld' if n is None else f'{n} unexpected'}"


def _asked_together(checks: Sequence[Check]) -> Iterator[list[Check]]:
    """Checks that one result format and one table let Great Expectations put into one query."""
    kinds = dict.fromkeys((check.table, check.is_personal) for check in checks)
    for kind in kinds:
        yield [check for check in checks if (check.table, check.is_personal) == kind]


def _warehouse(loan: Loan) -> SQLDatasource:
    import great_expectations as gx
    from great_expectations.data_context.types.base import (
        DataContextConfig,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )

    context = gx.get_context(
        mode="ephemeral",
        project_config=DataContextConfig(
            store_backend_defaults=InMemoryStoreBackendDefaults(),
            analytics_enabled=False,
            progress_bars=ProgressBarsConfig(globally=False),
        ),
    )
    return context.data_sources.add_sql(
        "warehouse", connection_string=loan.url, create_temp_table=False
    )


def _answered(
    warehouse: SQLDatasource, checks: Sequence[Check], loan: Loan
) -> dict[str, dict[str, Any]]:
    """The row of each of the checks, which share a table and a result format, by code."""
    import great_expectations as gx

    table, is_personal = checks[0].table, checks[0].is_personal
    try:
        expectations = {check.code: check.expectation() for check in checks}
        for code, expectation in expectations.items():
            expectation.meta = {"check": code}
        asset = warehouse.add_table_asset(f"{table} {is_personal}", table_name=table)
        validated = (
            asset.add_batch_definition_whole_table("all")
            .get_batch()
            .validate(
                gx.ExpectationSuite(name=table, expectations=list(expectations.values())),
                result_format=_BOOLEAN_ONLY if is_personal else _COUNTS_ONLY,
            )
        )
    except Exception as error:  # Great Expectations raises what it likes, SQLAlchemy's included.
        # A chained message of the database may quote a value, and Prefect logs the chain.
        raise _not_computed(checks, loan, f"{type(error).__name__}: {error}") from None
    results = {_code(result): result for result in validated.results}
    if raised := [check for check in checks if _raised(results[check.code])]:
        raise _not_computed(raised, loan, _raised(results[raised[0].code])[0])
    return {
        check.code: _row(check, results[check.code], expectations[check.code].expectation_type)
        for check in checks
    }


def _code(result: ExpectationValidationResult) -> str | None:
    configuration = result.expectation_config
    return configuration.meta["check"] if configuration and configuration.meta else None


def _raised(result: ExpectationValidationResult) -> list[str]:
    """The messages of what was raised inside; empty when nothing was.

    ``exception_info`` is one record, or one a metric that failed.
    """
    info = result.exception_info or {}
    records = [info] if "raised_exception" in info else list(info.values())
    return [str(record["exception_message"]) for record in records if record["raised_exception"]]


def _row(check: Check, result: ExpectationValidationResult, kind: str) -> dict[str, Any]:
    found = result.result
    observed = found.get("observed_value")
    counted = found.get("unexpected_count")
    if "element_count" in found:
        observed = f"{counted}/{found['element_count']}"
    elif kind == "unexpected_rows_expectation":
        counted = observed
    return {
        "check": check.code,
        "table": check.table,
        "column": check.column,
        "severity": check.severity,
        "is_met": bool(result.success),
        "unexpected_n": counted,
        "observed": str(observed) if isinstance(observed, str | int | float) else None,
    }


def _not_computed(checks: Sequence[Check], loan: Loan, message: str) -> Failed:
    cause = loan.first_error
    if cause is not None:
        is_safe = isinstance(cause, _SPEAKS_OF_NO_VALUE)
        message = f"{type(cause).__name__}: {cause}" if is_safe else type(cause).__name__
    elif any(check.is_personal for check in checks):
        message = "the cause is withheld, because the column is personal"
    codes = ", ".join(check.code for check in checks)
    return Failed(
        f"the quality gate could not compute {codes} of table {checks[0].table}",
        expected="a check that is met or not met",
        found=message.strip().split("\n")[0],
        left=f"an open transaction can only be rolled back; {_NOTHING_PUBLISHED}",
        next_step="report this: it is a fault of regulars or of its settings, not of the data",
    )
