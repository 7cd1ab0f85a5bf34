"""A lent connection: SQLAlchemy reads what is there, and can do nothing else."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest
import sqlalchemy as sa

from regulars.expectations.dialect import LentConnection, Loan, lent


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        opened.execute("CREATE TABLE days (n INTEGER, name VARCHAR, price DECIMAL(18, 2))")
        opened.execute("BEGIN")
        opened.execute("INSERT INTO days VALUES (1, 'mon', 1.50), (2, 'tue', 2), (3, 'wed', 3)")
        yield opened


@pytest.fixture
def loan(connection: duckdb.DuckDBPyConnection) -> Iterator[Loan]:
    with lent(connection) as lent_connection:
        yield lent_connection


@pytest.fixture
def engine(loan: Loan) -> sa.Engine:
    return sa.create_engine(loan.url)


def is_in_transaction(connection: duckdb.DuckDBPyConnection) -> bool:
    try:
        connection.execute("BEGIN")
    except duckdb.TransactionException:
        return True
    return False


def test_it_presents_itself_as_postgresql(engine: sa.Engine) -> None:
    assert engine.dialect.name == "postgresql"


def test_rows_are_there_after_another_statement_and_after_the_connection_is_closed(
    engine: sa.Engine,
) -> None:
    with engine.connect() as one:
        days = one.execute(sa.text("SELECT n FROM days ORDER BY n"))
        one.execute(sa.text("SELECT 'another'"))

    assert days.fetchone() == (1,)
    assert [row.n for row in days.fetchmany(1)] == [2]
    assert [row.n for row in days.fetchall()] == [3]
    assert days.fetchone() is None


def test_a_bound_value_keeps_its_type(engine: sa.Engine) -> None:
    days = sa.table("days", sa.column("name"), sa.column("n"))
    query = sa.select(days.c.name).where(days.c.n.between(2, 9), days.c.name != "it's")

    with engine.connect() as one:
        assert one.execute(query).scalars().all() == ["tue", "wed"]


def test_columns_are_reflected_with_types_of_postgresql(engine: sa.Engine) -> None:
    columns = {
        column["name"]: str(column["type"]) for column in sa.inspect(engine).get_columns("days")
    }

    assert columns == {"n": "INTEGER", "name": "VARCHAR", "price": "NUMERIC"}


def test_commit_leaves_the_lenders_transaction_open(
    connection: duckdb.DuckDBPyConnection, engine: sa.Engine
) -> None:
    with engine.begin() as one:
        one.execute(sa.text("SELECT 1"))

    connection.execute("ROLLBACK")
    assert connection.execute("SELECT count(*) FROM days").fetchall() == [(0,)]


def test_rollback_leaves_the_lenders_transaction_open(
    connection: duckdb.DuckDBPyConnection, engine: sa.Engine
) -> None:
    with engine.connect() as one:
        one.execute(sa.text("SELECT 1"))
        one.rollback()
    engine.dispose()

    assert connection.execute("SELECT count(*) FROM days").fetchall() == [(3,)]


def test_nothing_is_begun(connection: duckdb.DuckDBPyConnection, engine: sa.Engine) -> None:
    connection.execute("COMMIT")

    with engine.begin() as one:
        one.execute(sa.text("SELECT 1"))
        assert not is_in_transaction(connection)


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TEMP TABLE copy AS FROM days",
        "DELETE FROM days",
        "COMMIT",
        "ROLLBACK",
        "SELECT 1; DROP TABLE days",
        "WITH gone AS (SELECT 1) INSERT INTO days SELECT 4, 'thu', 0 FROM gone",
    ],
)
def test_a_statement_that_is_no_select_is_refused(
    connection: duckdb.DuckDBPyConnection, engine: sa.Engine, statement: str
) -> None:
    with engine.connect() as one, pytest.raises(sa.exc.NotSupportedError, match="only reads"):
        one.execute(sa.text(statement))

    assert is_in_transaction(connection)


def test_a_refused_statement_changes_nothing(
    connection: duckdb.DuckDBPyConnection, engine: sa.Engine
) -> None:
    with engine.connect() as one, pytest.raises(sa.exc.NotSupportedError):
        one.execute(sa.text("SELECT 1; DROP TABLE days"))

    assert connection.execute("SELECT count(*) FROM days").fetchall() == [(3,)]


def test_the_first_error_is_kept(loan: Loan, engine: sa.Engine) -> None:
    with engine.connect() as one:
        for query in ("SELECT nowhere FROM days", "SELECT n FROM days"):
            with pytest.raises(sa.exc.DBAPIError):
                one.execute(sa.text(query))

    assert isinstance(loan.first_error, duckdb.BinderException)


def test_what_is_no_longer_lent_cannot_be_reached(connection: duckdb.DuckDBPyConnection) -> None:
    with lent(connection) as loan:
        engine = sa.create_engine(loan.url)
        with engine.connect() as one:
            one.execute(sa.text("SELECT 1"))

    with pytest.raises(sa.exc.OperationalError, match="not lent any more"), engine.connect() as one:
        one.execute(sa.text("SELECT 1"))


def test_two_loans_are_kept_apart() -> None:
    with duckdb.connect() as first, duckdb.connect() as second:
        first.execute("CREATE TABLE only_here AS SELECT 1 AS n")
        with lent(first) as one, lent(second) as other:
            assert sa.inspect(sa.create_engine(one.url)).get_columns("only_here")
            assert not sa.inspect(sa.create_engine(other.url)).get_columns("only_here")


def test_closing_leaves_the_lenders_connection_open(connection: duckdb.DuckDBPyConnection) -> None:
    with lent(connection) as loan:
        LentConnection(loan.url.rpartition("/")[2]).close()

    assert connection.execute("SELECT 1").fetchall() == [(1,)]
