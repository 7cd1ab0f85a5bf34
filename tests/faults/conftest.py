"""Chains small enough for hundreds of runs, and what two workspaces must have in common."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, fields
from datetime import date
from functools import partial
from itertools import zip_longest
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from regulars.data.behaviour import Behaviour, behaviour
from regulars.data.chain import write_chain
from regulars.data.reading import ReadRules
from regulars.data.workspace import Workspace, prepared
from regulars.expectations.tables import TABLES
from regulars.flows.analysis import analysed
from regulars.flows.day_models import day_models
from regulars.flows.fitted_models import Fits
from regulars.flows.settings import Settings
from regulars.flows.steps import handed_over
from tests.data.conftest import RULES, Shop
from tests.flows.conftest import Chain, Shell, copied

SMALL_LINES_N = 1_500
FIRST_MONTHS = ("2024-01", "2024-02", "2024-03")
NEXT_MONTH = "2024-04"
# "facts" is a digest of all that a sidecar says, so of when its file landed too.
TELL_WHEN = ("landed_at", "delivered_at", "facts")

# A load waits for the disk more than it works; that it does so is shown elsewhere.
IN_MEMORY = path if (path := Path("/dev/shm")).is_dir() else None
SETTINGS = Settings.model_validate(
    {
        "chain": {"name": "a chain", "currency": "CNY", "time_zone": "Asia/Shanghai"},
        "exports": {"transactions": {"files": "exports/*.csv"}},
    }
)


@dataclass(frozen=True)
class Outcome:
    """All that a run leaves and that does not tell when it ran."""

    bytes_of_tables: dict[str, bytes]
    tables_that_name_files: dict[str, list[Any]]
    manifest: dict[str, Any]
    warehouse: dict[str, list[Any]]
    quarantine: dict[str, list[Any]]

    @classmethod
    def of(cls, workspace: Workspace) -> Outcome:
        tables = workspace.published.resolve()
        there = sorted(path.stem for path in tables.glob("*.parquet"))
        manifest = json.loads((tables / "manifest.json").read_text(encoding="utf-8"))
        with duckdb.connect() as memory, duckdb.connect(workspace.warehouse) as warehouse:
            return cls(
                {
                    name: (tables / f"{name}.parquet").read_bytes()
                    for name in there
                    if not TABLES[name].names_files
                },
                {
                    name: _rows(memory, f"'{tables / name}.parquet'")
                    for name in there
                    if TABLES[name].names_files
                },
                {name: fact for name, fact in manifest.items() if name != "files"},
                {
                    name: _rows(warehouse, f'"{name}"')
                    for (name,) in warehouse.execute(
                        "SELECT table_name FROM duckdb_tables() WHERE NOT internal ORDER BY ALL"
                    ).fetchall()
                },
                {
                    path.name: _rows(memory, f"'{path}'")
                    for path in sorted(workspace.quarantine.glob("*.parquet"))
                },
            )

    def differences(self, other: Outcome) -> list[str]:
        """Where the other is not the same: the name, and what the two hold that differs first."""
        return [
            f"{field.name}, {name}: {_first_difference(ours.get(name), theirs.get(name))}"
            for field in fields(self)
            for ours, theirs in [(getattr(self, field.name), getattr(other, field.name))]
            for name in sorted(ours.keys() | theirs.keys())
            if ours.get(name) != theirs.get(name)
        ]


def _first_difference(ours: object, theirs: object) -> str:
    if isinstance(ours, bytes) and isinstance(theirs, bytes):
        return "other bytes"
    if isinstance(ours, list) and isinstance(theirs, list):
        pairs = zip_longest(ours, theirs)
        return "{} and {}".format(*next(pair for pair in pairs if pair[0] != pair[1]))
    return f"{ours} and {theirs}"


def _rows(connection: duckdb.DuckDBPyConnection, source: str) -> list[Any]:
    columns = [row[0] for row in connection.execute(f"DESCRIBE FROM {source}").fetchall()]
    told = ", ".join(f'"{name}"' for name in columns if name not in TELL_WHEN)
    return connection.execute(f"SELECT {told} FROM {source} ORDER BY ALL").fetchall()


def seen_in(workspace: Workspace) -> dict[str, bytes]:
    """What a reader finds: every file of the publication."""
    if not workspace.published.exists():
        return {}
    return {path.name: path.read_bytes() for path in workspace.published.iterdir()}


@dataclass(frozen=True)
class SmallChain(Chain):
    """A chain of some sixty lines a month."""

    def first(self, root: Path, months: Iterable[str] = FIRST_MONTHS) -> Workspace:
        """A workspace where the first months wait."""
        return self.workspace(root, months)

    def deliver_more(self, workspace: Workspace) -> None:
        """The next month; and a file with a correction, a late row, a return, a damaged row."""
        self.add(workspace, NEXT_MONTH)
        march = self.file("2024-03").read_text(encoding="utf-8").splitlines()
        header, sold = march[0].split(","), march[1].split(",")
        amount = header.index("amount")

        def changed(**cells: str) -> str:
            return ",".join(cells.get(name, cell) for name, cell in zip(header, sold, strict=True))

        rows = [
            march[0],
            changed(amount=f"1{sold[amount]}"),
            changed(order_id="LATE", ordered_at="2024-02-11 10:00:00", amount="7.70"),
            changed(
                order_id="BACK",
                ordered_at="2024-04-03 10:00:00",
                amount="-1.00",
                quantity="-1",
                discount="0.00",
                is_return="true",
                returns_order_id=sold[header.index("order_id")],
            ),
            changed(order_id="DAMAGED", amount="1O.00"),
        ]
        path = workspace.exports / "transactions_mended.csv"
        path.write_text("".join(f"{row}\n" for row in rows), encoding="utf-8")


@contextmanager
def a_shop(rules: ReadRules = RULES) -> Iterator[Shop]:
    """A shop in a folder that is gone afterwards, in this process."""
    with ExitStack() as opened:
        folder = opened.enter_context(tempfile.TemporaryDirectory(dir=IN_MEMORY))
        workspace = Workspace(Path(folder))
        prepared(workspace)
        workspace.exports.mkdir()
        shop = Shop(workspace, rules)
        opened.callback(shop.close)
        yield shop


NOT_ASKED = pl.DataFrame()


def known_on(shop: Shop, day: date) -> Behaviour:
    return behaviour(shop.connection, SETTINGS.chain.order_key, as_of=day)


def tables(shop: Shop, *days: date) -> dict[str, list[Any]]:
    """All that follows from the lines: what the warehouse holds, and what is published of a day."""
    held = {
        "lines": shop.ask("SELECT * EXCLUDE (load_id, confirmed_by) FROM lines ORDER BY ALL"),
        "orders": shop.ask("FROM orders ORDER BY ALL"),
        "returns": shop.ask("FROM returns ORDER BY ALL"),
    }
    for as_of in days if held["lines"] else ():
        given = handed_over(shop.connection, SETTINGS, as_of=as_of)
        models = day_models(
            partial(known_on, shop),
            Fits(),
            first_on=given.chain_first_on,
            as_of=as_of,
            horizon_days=SETTINGS.churn.horizon_days,
        )
        analysis = analysed(given, models, None, SETTINGS, NOT_ASKED, as_of=as_of)
        held |= {
            f"{name} as of {as_of}": sorted(analysis.tables[name].rows(), key=str)
            for name in analysis.tables.keys() - {*given.ledger, "quality_checks"}
        }
    return held


@pytest.fixture(scope="session")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    return Shell(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="session")
def chain(tmp_path_factory: pytest.TempPathFactory) -> SmallChain:
    source = tmp_path_factory.mktemp("chain")
    write_chain(source, lines_n=SMALL_LINES_N, seed=3)
    return SmallChain(source)


@pytest.fixture(scope="session")
def shop(shell: Shell, chain: SmallChain, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The chain's first months, run once and published. Read it; change a copy."""
    workspace = chain.first(tmp_path_factory.mktemp("shop") / "shop")
    ran = shell("run", "-w", workspace.root)
    assert (ran.code, ran.err) == (0, "")
    return workspace


@pytest.fixture
def own_shop(shop: Workspace, tmp_path: Path) -> Workspace:
    """A copy of that, to change."""
    return copied(shop, tmp_path / "shop")
