"""An open DuckDB connection, lent to SQLAlchemy for reading.

Great Expectations speaks SQL through SQLAlchemy alone and knows PostgreSQL's dialect well, which
DuckDB reads. Lending the connection itself, not a second one to the same file, is what lets the
gate see the rows of a transaction that is still open.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import duckdb
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.engine.url import URL
from sqlalchemy.pool import Pool, StaticPool
from sqlalchemy.types import (
    BOOLEAN,
    DATE,
    DOUBLE,
    INTEGER,
    NUMERIC,
    TIMESTAMP,
    VARCHAR,
    NullType,
    TypeEngine,
)

SCHEME = "regulars"

_COLUMN_TYPES: dict[str, type[TypeEngine[Any]]] = {
    "BIGINT": INTEGER,
    "BOOLEAN": BOOLEAN,
    "DATE": DATE,
    "DECIMAL": NUMERIC,
    "DOUBLE": DOUBLE,
    "INTEGER": INTEGER,
    "TIMESTAMP": TIMESTAMP,
    "UBIGINT": INTEGER,
    "VARCHAR": VARCHAR,
}

_COLUMNS = """
SELECT column_name, data_type, is_nullable
FROM duckdb_columns()
WHERE database_name IN (current_database(), 'temp') AND schema_name = current_schema()
    AND table_name = $1
ORDER BY column_index
"""


class Loan:
    """One connection while it is lent.

    ``first_error`` is the first statement's error. DuckDB aborts a transaction at the first one,
    so every later error only says that the transaction is aborted.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, url: str) -> None:
        self.connection = connection
        self.url = url
        self.first_error: duckdb.Error | None = None


_loans: dict[str, Loan] = {}
_numbers = itertools.count(1)


@contextmanager
def lent(connection: duckdb.DuckDBPyConnection) -> Iterator[Loan]:
    """The connection under a URL that ``sqlalchemy.create_engine`` understands, while in the block.

    SQLAlchemy may only read: its begin, commit, rollback and close do nothing, and a statement
    that is not a SELECT is refused. A result of the connection that was not fetched before is
    lost. After the block SQLAlchemy gets no cursor any more.
    """
    name = str(next(_numbers))
    loan = Loan(connection, f"{SCHEME}://{name}")
    _loans[name] = loan
    try:
        yield loan
    finally:
        del _loans[name]


class EagerCursor:
    """A DBAPI cursor that has fetched all its rows by the time ``execute`` returns.

    DuckDB keeps one result a connection, and Great Expectations fetches when its own connection
    is closed and other statements have run.
    """

    arraysize = 1

    def __init__(self, loan: Loan) -> None:
        self._loan = loan
        self._rows: list[tuple[Any, ...]] = []
        self.description: list[tuple[Any, ...]] | None = None
        self.rowcount = -1

    def execute(self, statement: str, parameters: Sequence[Any] = ()) -> None:
        connection = self._loan.connection
        try:
            for part in connection.extract_statements(statement):
                if part.type != duckdb.StatementType.SELECT:
                    raise duckdb.NotSupportedError(f"the gate only reads, not {part.type.name}")
            result = connection.execute(statement, list(parameters))
            self.description = result.description
            self._rows = result.fetchall()
        except duckdb.Error as error:
            self._loan.first_error = self._loan.first_error or error
            raise
        self.rowcount = len(self._rows)

    def fetchone(self) -> tuple[Any, ...] | None:
        return self._rows.pop(0) if self._rows else None

    def fetchmany(self, size: int | None = None) -> list[tuple[Any, ...]]:
        size = self.arraysize if size is None else size
        fetched, self._rows = self._rows[:size], self._rows[size:]
        return fetched

    def fetchall(self) -> list[tuple[Any, ...]]:
        fetched, self._rows = self._rows, []
        return fetched

    def close(self) -> None:
        self._rows = []


class LentConnection:
    """A DBAPI connection that leaves the lender's connection and transaction as they are."""

    def __init__(self, name: str) -> None:
        self._name = name

    def cursor(self) -> EagerCursor:
        try:
            return EagerCursor(_loans[self._name])
        except KeyError:
            raise duckdb.OperationalError("the connection is not lent any more") from None

    def commit(self) -> None:
        """The transaction is the lender's."""

    def rollback(self) -> None:
        """The transaction is the lender's."""

    def close(self) -> None:
        """The connection is the lender's."""


class LentDialect(PGDialect):
    """PostgreSQL's SQL, and its name, on a lent DuckDB connection."""

    driver = SCHEME
    default_paramstyle = "numeric_dollar"
    supports_statement_cache = True

    def __init__(self, **options: Any) -> None:
        options["paramstyle"] = self.default_paramstyle
        super().__init__(**options)  # type: ignore[no-untyped-call]  # SQLAlchemy has no hint here

    @classmethod
    def import_dbapi(cls) -> ModuleType:
        return duckdb

    @classmethod
    def get_pool_class(cls, url: URL) -> type[Pool]:  # noqa: ARG003
        return StaticPool

    def create_connect_args(self, url: URL) -> Any:
        return [url.host], {}

    def connect(self, *arguments: Any, **_: Any) -> Any:
        return LentConnection(*arguments)

    def on_connect(self) -> None:
        return None

    def initialize(self, connection: Any) -> None:  # noqa: ARG002
        # What PostgreSQL's own asks the server for has no answer in DuckDB.
        self.server_version_info = (16, 0)
        self.default_schema_name = "main"

    def get_columns(
        self,
        connection: Any,
        table_name: str,
        schema: str | None = None,  # noqa: ARG002
        **_: Any,
    ) -> Any:
        rows = connection.exec_driver_sql(_COLUMNS, (str(table_name),)).fetchall()
        return [
            {
                "name": name,
                "type": _COLUMN_TYPES.get(data_type.partition("(")[0], NullType)(),
                "nullable": is_nullable,
                "default": None,
            }
            for name, data_type, is_nullable in rows
        ]

    def get_pk_constraint(self, *_: Any, **__: Any) -> Any:
        return {"constrained_columns": [], "name": None}


registry.register(SCHEME, __name__, LentDialect.__name__)
