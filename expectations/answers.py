"""What Great Expectations answers about a batch of checks, on a lent connection.

It turns them into SQL that DuckDB computes; no row leaves the database.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from typing import TYPE_CHECKING, Any

import duckdb

from regulars.expectations.batches import Batch
from regulars.expectations.checks import Check
from regulars.expectations.errors import Failed

if TYPE_CHECKING:
    from great_expectations.core import ExpectationValidationResult
    from great_expectations.datasource.fluent.sql_datasource import SQLDatasource

    from regulars.expectations.dialect import Loan

NAMES_TOLD = 20
"""Names in ``observed``: more are a list that nobody reads there."""

# These speak of names and resources. The others may quote a value.
_SPEAKS_OF_NO_VALUE = (
    duckdb.BinderException,
    duckdb.CatalogException,
    duckdb.NotSupportedError,
    duckdb.OperationalError,
    duckdb.ParserException,
)

NOTHING_PUBLISHED = "nothing was published; the last publication is untouched"


def warehouse_of(loan: Loan) -> SQLDatasource:
    """The lent connection as Great Expectations knows it; nothing is written or sent anywhere."""
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


@contextmanager
def seen(batch: Batch, loan: Loan) -> Iterator[None]:
    """A view of the batch's table with the outcome of each condition beside its columns.

    A view and not a query: of a query Great Expectations fetches every row to learn its columns.
    """
    if not batch.conditions:
        yield
        return
    outcomes = ", ".join(f"({sql}) AS {code}" for code, sql in batch.conditions.items())
    try:
        loan.connection.execute(
            f"CREATE TEMP VIEW {batch.source} AS SELECT *, {outcomes} FROM {batch.table}"
        )
    except duckdb.Error as error:
        loan.first_error = error
        conditional = [check for check in batch.checks if check.condition]
        raise _not_computed(conditional, loan, "") from None
    try:
        yield
    finally:
        # In an aborted transaction nothing can be dropped; the view goes with the transaction.
        with suppress(duckdb.TransactionException):
            loan.connection.execute(f"DROP VIEW {batch.source}")


def answered(warehouse: SQLDatasource, batch: Batch, loan: Loan) -> dict[str, dict[str, Any]]:
    """What was found of each of the checks, by code."""
    import great_expectations as gx

    try:
        expectations = {check.code: check.expectation() for check in batch.checks}
        for code, expectation in expectations.items():
            expectation.meta = {"check": code}
        name = f"{batch.table} {batch.result_format['result_format']}"
        asset = warehouse.add_table_asset(name, table_name=batch.source)
        validated = (
            asset.add_batch_definition_whole_table("all")
            .get_batch()
            .validate(
                gx.ExpectationSuite(name=name, expectations=list(expectations.values())),
                result_format=dict(batch.result_format),
            )
        )
    except Exception as error:  # Great Expectations raises what it likes, SQLAlchemy's included.
        # A chained message of the database may quote a value, and Prefect logs the chain.
        raise _not_computed(batch.checks, loan, f"{type(error).__name__}: {error}") from None
    results = {_code(result): result for result in validated.results}
    if raised := [check for check in batch.checks if _raised(results[check.code])]:
        raise _not_computed(raised, loan, _raised(results[raised[0].code])[0])
    return {
        check.code: _found(results[check.code], expectations[check.code].expectation_type)
        for check in batch.checks
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


def _found(result: ExpectationValidationResult, kind: str) -> dict[str, Any]:
    found = result.result
    observed = found.get("observed_value")
    counted = found.get("unexpected_count")
    if kind == "unexpected_rows_expectation":
        counted, observed = observed, _names(found.get("details", {}).get("unexpected_rows", []))
    looked_at_n = found.get("element_count", 0) - found.get("missing_count", 0)
    return {
        "is_met": bool(result.success),
        "unexpected_n": counted,
        "unexpected_share": counted / looked_at_n if looked_at_n else None,
        "observed": str(observed) if isinstance(observed, str | int | float | date) else None,
    }


def _names(rows: Sequence[Mapping[str, Any]]) -> str | None:
    """The first column of the rows, as many as are worth reading."""
    names = [str(next(iter(row.values()))) for row in rows]
    left_out = ["…"] if len(names) > NAMES_TOLD else []
    return ", ".join(names[:NAMES_TOLD] + left_out) or None


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
        left=f"an open transaction can only be rolled back; {NOTHING_PUBLISHED}",
        next_step="report this: it is a fault of regulars or of its settings, not of the data",
    )
