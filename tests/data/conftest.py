"""A shop in a folder of its own: drawn CSV text is delivered to it, and it is asked for frames."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from subprocess import PIPE, Popen
from typing import Any

import duckdb
import polars as pl
import pytest

from regulars.data import warehouse
from regulars.data.drift import Tolerance
from regulars.data.headers import layout_of
from regulars.data.landing import Arrival, land
from regulars.data.ledger import Loaded
from regulars.data.loading import load_pending
from regulars.data.reading import ReadRules
from regulars.data.workspace import Workspace, prepared
from regulars.expectations.exports import EXPORTS

RULES = ReadRules(
    order_key=("order_id",),
    currency="CNY",
    time_zone="Asia/Shanghai",
    day_starts_minutes=0,
    anonymous_ids=(),
    landed_on=date.max,
)
KEY = bytes(range(32))
SHOPS_OPEN = 4
# Drawn files are small and unlike each other.
TELLING = Tolerance(columns="warn", volume="warn", empty="warn")


def csv_of(drawn: str) -> bytes:
    """Words in columns as CSV, ``-`` for an empty field."""
    lines = [["" if word == "-" else word for word in row.split()] for row in drawn.splitlines()]
    return "".join(",".join(line) + "\n" for line in lines if line).encode()


@dataclass
class Shop:
    """A workspace, the rules its files are read by, and what has come in so far.

    ``reading`` is what settings declare of the files: sheet, decimal, thousands, dates.
    """

    workspace: Workspace
    rules: ReadRules
    threads: int = 2
    files_n: int = 0
    tolerance: Tolerance = TELLING
    source: str = ""
    reading: dict[str, Any] = field(default_factory=dict)
    opened: ExitStack = field(default_factory=ExitStack)
    kept: duckdb.DuckDBPyConnection | None = None

    def deliver(
        self,
        *contents: str | bytes,
        landed_at: datetime = datetime(2024, 6, 30, 12),
        delivered_at: datetime | None = None,
        export: str = "transactions",
        own_names: dict[str, str] | None = None,
        again: bool = False,
    ) -> list[Loaded]:
        """Land files as one delivery and load it; drawn text becomes CSV, bytes stay."""
        arrivals = [
            self.arrival(content, export, own_names or {}, delivered_at) for content in contents
        ]
        land(self.workspace, arrivals, landed_at=landed_at, again=again)
        return self.load()

    def arrival(
        self,
        content: str | bytes,
        export: str = "transactions",
        own_names: dict[str, str] | None = None,
        delivered_at: datetime | None = None,
    ) -> Arrival:
        self.files_n += 1
        path = self.workspace.exports / f"{export}-{self.files_n}.csv"
        path.write_bytes(content if isinstance(content, bytes) else csv_of(content))
        layout = layout_of(path, EXPORTS[export], own_names or {}, **self.reading)
        return Arrival(path, export, layout, delivered_at, source=self.source)

    def load(self) -> list[Loaded]:
        return load_pending(
            self.connection, self.workspace, self.rules, key=KEY, tolerance=self.tolerance
        )

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """Opened when it is asked for, and left open: opening takes as long as a delivery."""
        if self.kept is None:
            resources = warehouse.Resources(self.threads, "1GB")
            self.kept = self.opened.enter_context(warehouse.connected(self.workspace, resources))
        return self.kept

    def close(self) -> None:
        self.kept = None
        self.opened.close()

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(sql).fetchall()

    def refused(self) -> pl.DataFrame:
        """All that is in quarantine, by load and line."""
        paths = sorted(self.workspace.quarantine.iterdir())
        return pl.concat(pl.read_parquet(path, glob=False) for path in paths)

    def reasons(self) -> list[tuple[int, str | None, str]]:
        return self.refused().select("line", "column", "reason").rows()


NewShop = Callable[..., Shop]
Holder = Callable[[str], "Popen[str]"]


@pytest.fixture(scope="session")
def new_shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NewShop]:
    """Makes shops, each in a folder of its own, reading by the rules that are given.

    The last few of them are open at a time: a property makes hundreds.
    """
    latest: deque[Shop] = deque()

    def made(folder: str = "shop", **rules: object) -> Shop:
        workspace = Workspace(tmp_path_factory.mktemp(folder))
        prepared(workspace)
        workspace.exports.mkdir()
        latest.append(Shop(workspace, replace(RULES, **rules)))  # type: ignore[arg-type]
        if len(latest) > SHOPS_OPEN:
            latest.popleft().close()
        return latest[-1]

    yield made
    for shop in latest:
        shop.close()


@pytest.fixture
def shop(new_shop: NewShop) -> Shop:
    return new_shop()


@pytest.fixture
def holder() -> Iterator[Holder]:
    """Runs code in a process of its own, which then holds what it got until the test is over."""
    with ExitStack() as processes:

        def started(code: str) -> Popen[str]:
            script = f"{code}\nprint('ready', flush=True)\ninput()"
            process = Popen([sys.executable, "-c", script], stdin=PIPE, stdout=PIPE, text=True)
            processes.enter_context(process)
            processes.callback(process.kill)
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            return process

        yield started
