"""The gate on drawn warehouses: what it catches, and what it leaves as it was."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from great_expectations.expectations.core.expect_column_distinct_values_to_be_in_set import (
    ExpectColumnDistinctValuesToBeInSet,
)
from great_expectations.expectations.core.expect_table_row_count_to_equal import (
    ExpectTableRowCountToEqual,
)
from great_expectations.expectations.core.unexpected_rows_expectation import (
    UnexpectedRowsExpectation,
)
from great_expectations.expectations.expectation import Expectation
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.expectations.checks import Check
from regulars.expectations.errors import DataRefused, Failed
from regulars.expectations.gate import RESULTS_SCHEMA, checked, stop_on_critical
from regulars.expectations.suites import warehouse_checks
from regulars.expectations.tables import TABLES

LANDED_ON = date(2026, 1, 31)

GOOD = """
CREATE TABLE loads (
    load_id BIGINT, landed_at TIMESTAMP, export VARCHAR, file VARCHAR,
    rows_n BIGINT, quarantined_n BIGINT
);
CREATE TABLE lines (
    order_id VARCHAR, source_customer_id UBIGINT, ordered_on DATE, amount DECIMAL(18, 2),
    load_id BIGINT DEFAULT 1
);
CREATE TABLE orders (
    order_id VARCHAR, store_id VARCHAR, ordered_on DATE, gross DECIMAL(18, 2), lines_n INTEGER,
    source_customer_id UBIGINT
);
CREATE TABLE returns (
    order_id VARCHAR, ordered_on DATE, amount DECIMAL(18, 2), lines_n INTEGER,
    returns_order_id VARCHAR, store_id VARCHAR
);
INSERT INTO loads VALUES (1, '2026-01-31 23:00', 'transactions', 'a.csv', 5, 0);
INSERT INTO lines BY NAME FROM (VALUES
    ('a', 1,    DATE '2026-01-05',  2.50),
    ('a', 1,    DATE '2026-01-05',  1.25),
    ('b', 2,    DATE '2026-01-06', 10.00),
    ('c', NULL, DATE '2026-01-31',  0.99),
    ('d', 1,    DATE '2026-01-06', -2.50)
) AS drawn (order_id, source_customer_id, ordered_on, amount);
INSERT INTO orders VALUES
    ('a', 's1', '2026-01-05',  3.75, 2, 1),
    ('b', NULL, '2026-01-06', 10.00, 1, 2),
    ('c', 's1', '2026-01-31',  0.99, 1, NULL);
INSERT INTO returns VALUES ('d', '2026-01-06', -2.50, 1, 'a', 's1');
"""
ASKED = [
    "order_id_known",
    "order_id_undamaged",
    "ordered_on_plausible",
    "ordered_before_landing",
    "sales_fresh",
    "amount_plausible",
    "customer_known",
    "files_accepted",
    "order_key_unique",
    "money_conserved",
    "lines_conserved",
    "customers_are_people",
    "return_negative",
    "return_linked",
]


@pytest.fixture
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute(GOOD)
        yield connection


def results(
    connection: duckdb.DuckDBPyConnection, order_key: tuple[str, ...] = ("order_id",)
) -> pl.DataFrame:
    return checked(connection, warehouse_checks(landed_on=LANDED_ON, order_key=order_key))


def unmet(frame: pl.DataFrame) -> list[str]:
    return frame.filter(~pl.col("is_met"))["check"].to_list()


def found(frame: pl.DataFrame, code: str) -> tuple[Any, ...]:
    return frame.filter(check=code).select("unexpected_n", "unexpected_share").row(0)


def rows_n(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    row = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    assert row is not None
    return int(row[0])


def claim(query: str, *, code: str = "claim", is_personal: bool = False) -> Check:
    return asked(
        UnexpectedRowsExpectation(unexpected_rows_query=query), code=code, is_personal=is_personal
    )


def asked(expectation: Expectation, *, code: str = "claim", is_personal: bool = False) -> Check:
    return Check(
        code=code,
        table="lines",
        column=None,
        severity="critical",
        expectation=lambda: expectation,
        is_personal=is_personal,
    )


def test_a_good_warehouse_meets_every_check_that_can_be_asked(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    frame = results(warehouse)

    assert frame.filter("is_met")["check"].to_list() == ASKED
    assert unmet(frame) == []
    assert frame.schema == pl.Schema(RESULTS_SCHEMA)


def test_what_is_found_conforms_to_the_published_table(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    warehouse.execute("UPDATE lines SET order_id = NULL WHERE amount = 1.25")
    frame = results(warehouse)

    published = TABLES["quality_checks"].conformed(frame)

    assert published.sort("check").equals(frame.sort("check"))


def test_what_is_not_asked_is_neither_met_nor_unmet_and_says_why(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    frame = results(warehouse)

    assert frame.filter(check="product_listed").row(0, named=True) == {
        "check": "product_listed",
        "table_name": "lines",
        "column_name": "product_id",
        "severity": "warning",
        "is_met": None,
        "unexpected_n": None,
        "unexpected_share": None,
        "observed": None,
        "unasked_reason": "no_column",
        "parameters": '{"column": "product_id", "export": "transactions"}',
    }


def test_empty_tables_meet_everything_but_that_sales_are_fresh(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    for table in ("lines", "orders", "returns"):
        warehouse.execute(f"DELETE FROM {table}")

    assert unmet(results(warehouse)) == ["sales_fresh"]


def test_the_day_of_landing_and_the_first_plausible_day_are_plausible(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    for table in ("lines", "orders"):
        warehouse.execute(f"UPDATE {table} SET ordered_on = '1990-01-01' WHERE order_id = 'a'")
        warehouse.execute(f"UPDATE {table} SET ordered_on = '2026-01-31' WHERE order_id = 'c'")

    assert unmet(results(warehouse)) == []


def test_two_stores_may_use_one_order_number_when_the_key_says_so(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    warehouse.execute("INSERT INTO orders VALUES ('a', 's2', '2026-01-05', 0, 0, 1)")

    assert unmet(results(warehouse)) == ["order_key_unique"]
    assert unmet(results(warehouse, ("store_id", "ordered_on", "order_id"))) == []


@pytest.mark.parametrize("name", ["order_id, gross", 'order_id", "gross'])
def test_a_name_in_the_key_is_no_sql(warehouse: duckdb.DuckDBPyConnection, name: str) -> None:
    with pytest.raises(Failed, match="order_key_unique"):
        results(warehouse, (name,))


def test_two_orders_of_an_unknown_store_share_a_key(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    warehouse.execute("INSERT INTO orders VALUES ('b', NULL, '2026-01-06', 0, 0, 2)")

    assert unmet(results(warehouse, ("store_id", "order_id"))) == ["order_key_unique"]


DAYS = [date(2026, 1, day) for day in (1, 2, 3)]
BOOKED = st.lists(
    st.tuples(
        st.sampled_from(["lines", "orders", "returns"]),
        st.sampled_from(DAYS),
        st.decimals(min_value=-2, max_value=2, places=2),
    ),
    max_size=12,
)


@settings(max_examples=12, deadline=None)
@given(booked=BOOKED)
def test_money_is_missed_on_as_many_days_as_plain_python_finds(
    booked: list[tuple[str, date, Decimal]],
) -> None:
    sums = dict.fromkeys(DAYS, Decimal(0))
    for table, day, amount in booked:
        sums[day] += -amount if table == "lines" else amount
    wrong_days_n = sum(amount != 0 for amount in sums.values())

    with duckdb.connect() as connection:
        connection.execute(GOOD)
        for table, money in (("lines", "amount"), ("orders", "gross"), ("returns", "amount")):
            connection.execute(f"DELETE FROM {table}")
            for _, day, amount in (row for row in booked if row[0] == table):
                connection.execute(
                    f"INSERT INTO {table} (order_id, ordered_on, {money}) VALUES ('x', ?, ?)",
                    [day, amount],
                )
        checks = warehouse_checks(landed_on=LANDED_ON)
        [conserved] = [check for check in checks if check.code == "money_conserved"]
        assert found(checked(connection, [conserved]), "money_conserved") == (wrong_days_n, None)


def test_known_customers_at_the_minimum_share_are_enough(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    def customer_known(share_min: float) -> list[str]:
        return unmet(
            checked(
                warehouse,
                warehouse_checks(landed_on=LANDED_ON, known_customer_share_min=share_min),
            )
        )

    assert customer_known(0.8) == []
    assert customer_known(0.81) == ["customer_known"]


def test_rows_that_are_not_committed_are_seen_and_can_still_be_rolled_back(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    warehouse.execute("BEGIN")
    warehouse.execute("INSERT INTO lines VALUES (NULL, 1, '2026-01-05', 0, 1)")

    assert found(results(warehouse), "order_id_known") == (1, 1 / 6)

    assert rows_n(warehouse, "lines") == 6
    warehouse.execute("ROLLBACK")
    assert rows_n(warehouse, "lines") == 5


def test_a_transaction_can_be_committed_after_the_gate(
    tmp_path: Path,
) -> None:
    file = tmp_path / "warehouse.duckdb"
    with duckdb.connect(file) as connection:
        connection.execute(GOOD)
        connection.execute("BEGIN")
        connection.execute("INSERT INTO lines VALUES ('e', 1, '2026-01-05', 0, 1)")
        results(connection)
        connection.execute("COMMIT")

    with duckdb.connect(file, read_only=True) as connection:
        assert rows_n(connection, "lines") == 6


def test_nothing_is_begun_where_no_transaction_was_open(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    results(warehouse)

    with pytest.raises(duckdb.TransactionException, match="no transaction is active"):
        warehouse.execute("ROLLBACK")


def test_the_catalogue_is_left_as_it_was(warehouse: duckdb.DuckDBPyConnection) -> None:
    catalogue = (
        "SELECT schema_name, table_name, temporary FROM duckdb_tables() UNION ALL "
        "SELECT schema_name, view_name, temporary FROM duckdb_views() WHERE NOT internal "
        "ORDER BY ALL"
    )
    before = warehouse.execute(catalogue).fetchall()

    results(warehouse)

    assert warehouse.execute(catalogue).fetchall() == before


def test_nothing_is_left_behind_by_a_check_that_fails_inside(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    broken = claim("SELECT nowhere FROM {batch}")
    with pytest.raises(Failed):
        checked(warehouse, [broken, *warehouse_checks(landed_on=LANDED_ON)])

    views = "SELECT count(*) FROM duckdb_views() WHERE NOT internal"
    assert warehouse.execute(views).fetchall() == [(0,)]
    assert unmet(results(warehouse)) == []


def test_no_checks_give_no_rows(warehouse: duckdb.DuckDBPyConnection) -> None:
    frame = checked(warehouse, ())

    assert frame.is_empty()
    assert frame.schema == pl.Schema(RESULTS_SCHEMA)


def test_a_check_that_fails_inside_is_failed_and_not_unmet(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    broken = claim("SELECT nowhere FROM {batch}", code="looks_nowhere")

    with pytest.raises(Failed) as caught:
        checked(warehouse, [broken, *warehouse_checks(landed_on=LANDED_ON)])

    assert caught.value.what == "the quality gate could not compute looks_nowhere of table lines"
    assert "nowhere" in str(caught.value.found)


def test_the_first_cause_is_named_though_the_transaction_is_aborted_by_it(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    warehouse.execute("BEGIN")

    with pytest.raises(Failed) as caught:
        checked(warehouse, [claim("SELECT nowhere FROM {batch}")])

    assert str(caught.value.found).startswith("BinderException")
    warehouse.execute("ROLLBACK")
    assert unmet(results(warehouse)) == []


def test_a_missing_table_is_failed(warehouse: duckdb.DuckDBPyConnection) -> None:
    warehouse.execute("DROP TABLE orders")

    with pytest.raises(Failed, match=r"order_key_unique, money_conserved, lines_conserved of"):
        results(warehouse)


def test_a_missing_column_is_failed(warehouse: duckdb.DuckDBPyConnection) -> None:
    warehouse.execute("ALTER TABLE lines DROP order_id")

    with pytest.raises(Failed) as caught:
        results(warehouse)

    assert "order_id_known, order_id_undamaged of table lines" in caught.value.what
    assert 'The column "order_id" in BatchData does not exist' in str(caught.value.found)


def test_a_column_missing_for_a_condition_fails_the_checks_with_conditions(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    warehouse.execute("BEGIN")
    warehouse.execute("ALTER TABLE lines DROP amount")

    with pytest.raises(Failed) as caught:
        results(warehouse)

    assert "ordered_before_landing, amount_plausible of table lines" in caught.value.what
    assert str(caught.value.found).startswith("BinderException")
    warehouse.execute("ROLLBACK")
    assert unmet(results(warehouse)) == []


def test_a_failure_quotes_no_value(
    warehouse: duckdb.DuckDBPyConnection, capfd: pytest.CaptureFixture[str]
) -> None:
    warehouse.execute("UPDATE lines SET order_id = 'token-9f3a'")

    with pytest.raises(Failed) as caught:
        checked(warehouse, [claim("SELECT CAST(order_id AS INTEGER) AS n FROM {batch}")])

    assert caught.value.found == "ConversionException"
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    assert "token-9f3a" not in "".join(capfd.readouterr())


def test_a_failure_is_logged_by_nobody_but_the_caller(
    warehouse: duckdb.DuckDBPyConnection, caplog: pytest.LogCaptureFixture
) -> None:
    warehouse.execute("BEGIN")
    broken = claim("SELECT nowhere FROM {batch}")

    with caplog.at_level("INFO"), pytest.raises(Failed):
        checked(warehouse, [broken, *warehouse_checks(landed_on=LANDED_ON)])

    assert [record for record in caplog.records if record.name.startswith("great_")] == []


def test_a_check_of_a_personal_column_tells_no_more_than_whether_it_is_met(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    query = "SELECT source_customer_id FROM {batch} WHERE source_customer_id = 2"

    plain = checked(warehouse, [claim(query)])
    personal = checked(warehouse, [claim(query, is_personal=True)])

    assert plain.select("is_met", "unexpected_n", "observed").row(0) == (False, 1, None)
    assert personal.select("is_met", "unexpected_n", "observed").row(0) == (False, None, None)


def test_a_figure_is_observed_and_a_list_of_values_is_not(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    frame = checked(
        warehouse,
        [
            asked(ExpectTableRowCountToEqual(value=4), code="rows"),
            asked(
                ExpectColumnDistinctValuesToBeInSet(column="order_id", value_set=["a", "b"]),
                code="values",
            ),
        ],
    )

    assert frame.select("check", "is_met", "unexpected_n", "observed").rows() == [
        ("rows", False, None, "5"),
        ("values", False, 2, None),
    ]


def test_names_that_a_check_may_tell_are_told_and_no_more_than_are_read(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    def named(names_n: int) -> str:
        query = (
            f"SELECT 's' || n AS store_id, 'x' AS other FROM {{batch}}, range({names_n}) AS t(n)"
        )
        check = replace(claim(query + " WHERE amount = 1.25"), tells_names=True)
        return str(checked(warehouse, [check])["observed"].item())

    assert named(2) == "s0, s1"
    assert named(21).endswith("s19, …")


def test_the_gate_stops_on_every_critical_check_by_name(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    warehouse.execute("UPDATE lines SET order_id = NULL, amount = 0 WHERE amount = 1.25")

    with pytest.raises(DataRefused) as caught:
        stop_on_critical(results(warehouse))

    assert caught.value.what == "the quality gate is closed: 2 critical checks are not met"
    assert caught.value.found == (
        "order_id_known (lines.order_id): 1 unexpected; money_conserved (orders): 1 unexpected"
    )
    assert caught.value.left == (
        "the rows are in the warehouse; nothing was published; the last publication is untouched"
    )
    assert str(caught.value.next_step).startswith("Check which column is mapped to order_id")
    assert "regulars run" in str(caught.value.next_step)


def test_a_personal_check_stops_without_a_count(warehouse: duckdb.DuckDBPyConnection) -> None:
    frame = checked(warehouse, [claim("SELECT 1 AS one FROM {batch}", is_personal=True)])

    with pytest.raises(DataRefused) as caught:
        stop_on_critical(frame)

    assert caught.value.what == "the quality gate is closed: 1 critical check is not met"
    assert caught.value.found == "claim (lines): count withheld"


def test_a_warning_stops_nothing(warehouse: duckdb.DuckDBPyConnection) -> None:
    warehouse.execute("UPDATE lines SET source_customer_id = NULL")
    frame = results(warehouse)

    stop_on_critical(frame)

    assert unmet(frame) == ["customer_known"]


def test_a_run_prints_nothing_writes_nothing_and_is_loaded_late(tmp_path: Path) -> None:
    script = f"""
import sys
from datetime import date
import duckdb
from regulars.expectations.gate import checked
from regulars.expectations.suites import warehouse_checks
assert "great_expectations" not in sys.modules
connection = duckdb.connect()
connection.execute({GOOD!r})
frame = checked(connection, warehouse_checks(landed_on=date(2026, 1, 31)))
assert frame["is_met"].drop_nulls().all()
assert "great_expectations" in sys.modules
"""
    home = {"HOME": str(tmp_path), "TMPDIR": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env=os.environ | home,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert list(tmp_path.iterdir()) == []
