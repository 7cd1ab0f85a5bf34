"""What Great Expectations is asked, a builder a kind of claim; importing it takes seconds."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from great_expectations.expectations.expectation import Expectation

SCIENTIFIC = r"^[0-9.]+[eE]\+[0-9]+$"
"""A long number after a spreadsheet opened it: the digits behind the sixth are lost."""


def never_null(column: str, *, share_min: float = 1.0) -> Expectation:
    """At least this share of the rows has a value."""
    from great_expectations.expectations.core.expect_column_values_to_not_be_null import (
        ExpectColumnValuesToNotBeNull,
    )

    return ExpectColumnValuesToNotBeNull(column=column, mostly=share_min)


def between(column: str, first: date | None, last: date | None) -> Expectation:
    """Each day given is one of these, both included."""
    from great_expectations.expectations.core.expect_column_values_to_be_between import (
        ExpectColumnValuesToBeBetween,
    )

    return ExpectColumnValuesToBeBetween(column=column, min_value=first, max_value=last)


def newest_from(column: str, first: date) -> Expectation:
    """The newest day is this one or a later one."""
    from great_expectations.expectations.core.expect_column_max_to_be_between import (
        ExpectColumnMaxToBeBetween,
    )

    return ExpectColumnMaxToBeBetween(column=column, min_value=first)


def unique(column: str) -> Expectation:
    """No value stands in two rows."""
    from great_expectations.expectations.core.expect_column_values_to_be_unique import (
        ExpectColumnValuesToBeUnique,
    )

    return ExpectColumnValuesToBeUnique(column=column)


def undamaged(column: str) -> Expectation:
    """No value looks like 1.23E+17. The pattern is anchored: DuckDB's ``~`` matches parts."""
    from great_expectations.expectations.core.expect_column_values_to_not_match_regex import (
        ExpectColumnValuesToNotMatchRegex,
    )

    return ExpectColumnValuesToNotMatchRegex(column=column, regex=SCIENTIFIC)


def always(condition: str) -> Expectation:
    """The condition, a column of that name, is true wherever it can be told."""
    from great_expectations.expectations.core.expect_column_values_to_be_in_set import (
        ExpectColumnValuesToBeInSet,
    )

    return ExpectColumnValuesToBeInSet(column=condition, value_set=[True])


def no_row_of(query: str) -> Expectation:
    """The query, in which ``{batch}`` is the table, finds nothing."""
    from great_expectations.expectations.core.unexpected_rows_expectation import (
        UnexpectedRowsExpectation,
    )

    return UnexpectedRowsExpectation(unexpected_rows_query=query)


def quoted(identifier: str) -> str:
    """
    >>> quoted('a"b')
    '"a""b"'
    """
    return '"' + identifier.replace('"', '""') + '"'
