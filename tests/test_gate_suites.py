"""The checks as a whole: five, each of another kind, on columns that the warehouse has."""

from __future__ import annotations

from datetime import date

import duckdb

from regulars.data.warehouse import ORDER_COLUMNS, RETURN_COLUMNS, line_columns
from regulars.expectations.gate import checked
from regulars.expectations.suites import warehouse_checks

CHECKS = warehouse_checks(landed_on=date(2026, 1, 31))


def test_each_check_has_its_own_code() -> None:
    assert len({check.code for check in CHECKS}) == len(CHECKS) == 5


def test_only_the_check_of_people_is_a_warning_and_personal() -> None:
    assert [check.code for check in CHECKS if check.severity == "warning"] == ["customer_known"]
    assert [check.code for check in CHECKS if check.is_personal] == ["customer_known"]


def test_the_checks_can_be_computed_on_the_tables_that_the_warehouse_declares() -> None:
    tables = {"lines": line_columns(), "orders": ORDER_COLUMNS, "returns": RETURN_COLUMNS}
    with duckdb.connect() as connection:
        for table, columns in tables.items():
            declared = ", ".join(f"{name} {sql_type}" for name, sql_type in columns.items())
            connection.execute(f"CREATE TABLE {table} ({declared})")

        assert checked(connection, CHECKS)["is_met"].all()
