"""What the warehouse must satisfy before anything is computed from it: one check, one claim."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from great_expectations.expectations.expectation import Expectation

Severity = Literal["critical", "warning"]

FIRST_PLAUSIBLE_DAY = date(1990, 1, 1)
"""Systems write 1900-01-01 or 1970-01-01 for a day they do not know."""

KNOWN_CUSTOMER_SHARE_MIN = 0.2
"""Below it, tables about customers would speak for a small part of the chain's receipts."""


@dataclass(frozen=True)
class Check:
    """One claim about a table of the warehouse.

    ``column`` is null when the claim is about whole rows. ``expectation`` builds what Great
    Expectations is asked; importing that takes seconds, so only the builder does. Of a check that
    ``is_personal`` nothing but whether it is met is ever asked for.
    """

    code: str
    table: str
    column: str | None
    severity: Severity
    expectation: Callable[[], Expectation]
    is_personal: bool = False


def warehouse_checks(
    *,
    landed_on: date,
    order_key: tuple[str, ...] = ("order_id",),
    known_customer_share_min: float = KNOWN_CUSTOMER_SHARE_MIN,
) -> tuple[Check, ...]:
    """The checks of ``lines``, ``orders`` and ``returns``.

    ``landed_on`` is the business day on which the newest delivery landed, ``order_key`` the
    columns of ``orders`` that make one order.
    """
    return (
        Check(
            code="order_id_known",
            table="lines",
            column="order_id",
            severity="critical",
            expectation=lambda: _never_null("order_id"),
        ),
        Check(
            code="ordered_on_plausible",
            table="lines",
            column="ordered_on",
            severity="critical",
            expectation=lambda: _between("ordered_on", FIRST_PLAUSIBLE_DAY, landed_on),
        ),
        Check(
            code="order_key_unique",
            table="orders",
            column=None,
            severity="critical",
            expectation=lambda: _one_row_a_key(order_key),
        ),
        Check(
            code="money_conserved",
            table="orders",
            column=None,
            severity="critical",
            expectation=_money_conserved_by_day,
        ),
        Check(
            code="customer_known",
            table="lines",
            column="source_customer_id",
            severity="warning",
            expectation=lambda: _never_null(
                "source_customer_id", share_min=known_customer_share_min
            ),
            is_personal=True,
        ),
    )


def _never_null(column: str, *, share_min: float = 1.0) -> Expectation:
    from great_expectations.expectations.core.expect_column_values_to_not_be_null import (
        ExpectColumnValuesToNotBeNull,
    )

    return ExpectColumnValuesToNotBeNull(column=column, mostly=share_min)


def _between(column: str, first: date, last: date) -> Expectation:
    from great_expectations.expectations.core.expect_column_values_to_be_between import (
        ExpectColumnValuesToBeBetween,
    )

    return ExpectColumnValuesToBeBetween(column=column, min_value=first, max_value=last)


def _one_row_a_key(key: tuple[str, ...]) -> Expectation:
    # ExpectCompoundColumnsToBeUnique joins on the key, so it misses two rows of an order whose
    # store is not known, and it refuses a key of one column.
    from great_expectations.expectations.core.unexpected_rows_expectation import (
        UnexpectedRowsExpectation,
    )

    columns = ", ".join(_quoted(column) for column in key)
    return UnexpectedRowsExpectation(
        unexpected_rows_query=(
            f"SELECT count(*) AS rows_n FROM {{batch}} GROUP BY {columns} HAVING count(*) > 1"
        )
    )


def _money_conserved_by_day() -> Expectation:
    # By day, because two orders' errors may cancel out over the whole table.
    from great_expectations.expectations.core.unexpected_rows_expectation import (
        UnexpectedRowsExpectation,
    )

    return UnexpectedRowsExpectation(
        unexpected_rows_query="""
            SELECT ordered_on, sum(amount) AS difference
            FROM (
                SELECT ordered_on, gross AS amount FROM {batch}
                UNION ALL
                SELECT ordered_on, amount FROM returns
                UNION ALL
                SELECT ordered_on, -amount FROM lines
            ) AS booked
            GROUP BY ordered_on
            HAVING sum(amount) <> 0
        """
    )


def _quoted(identifier: str) -> str:
    return '"' + identifier.replace('"', '""') + '"'
