"""How fast it is, beside bare DuckDB SQL doing the same work on the same files in the same run.

Each side runs in a process of its own, so that its peak memory is its own.
"""

from __future__ import annotations

import os
import platform
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from regulars.data import bare, extracts, shelf, warehouse
from regulars.data.chain import chain_settings, write_chain
from regulars.data.points import watched
from regulars.data.vault import readable
from regulars.data.workspace import Workspace, created, opened
from regulars.expectations.errors import Failed
from regulars.expectations.gate_bench import GateMeasured, gate_measured
from regulars.flows import steps
from regulars.flows.analysis import rfm_as_of
from regulars.flows.settings import settings_of
from regulars.transforms.pseudonyms import spelled

# Which stage ends at each point of an ingest.
_STAGES = {
    "landed": "land: copy and digest",
    "vault_committed": "load: pseudonyms",
    "rows_inserted": "load: read, check, insert",
    "merged": "load: merge",
    "orders_reduced": "orders",
    "loaded": "load: ledger and commit",
}


@dataclass(frozen=True)
class Side:
    """What one side took: seconds a stage, and the most memory its process held."""

    seconds: dict[str, float]
    peak_gib: float


@dataclass(frozen=True)
class Measured:
    """Both sides, and what they were measured on."""

    lines_n: int
    csv_bytes_n: int
    customers_n: int
    regulars: Side
    bare: Side
    machine: str

    @property
    def ratios(self) -> dict[str, float]:
        """Seconds of regulars over seconds of bare SQL, for the same work."""
        ours, theirs = self.regulars.seconds, self.bare.seconds
        load = sum(s for stage, s in ours.items() if stage.startswith(("land", "load")))
        rfm = ours["hand over"] + ours["rfm and segments"] + ours["write rfm"]
        return {
            "load": load / theirs["load"],
            "orders_and_rfm": (ours["orders"] + rfm) / (theirs["orders"] + theirs["rfm"]),
            "rfm": rfm / theirs["rfm"],
        }

    def as_dict(self) -> dict[str, Any]:
        return {
            "machine": self.machine,
            "lines_n": self.lines_n,
            "csv_bytes_n": self.csv_bytes_n,
            "customers_n": self.customers_n,
            "results_equal": True,
            "seconds": self.regulars.seconds,
            "bare_seconds": self.bare.seconds,
            "peak_gib": self.regulars.peak_gib,
            "bare_peak_gib": self.bare.peak_gib,
            "ratios": self.ratios,
        }

    def lines(self) -> Iterator[str]:
        yield f"{self.lines_n:,} lines, {self.csv_bytes_n / 1e6:,.0f} MB of CSV; {self.machine}"
        yield f"{'stage':<28}{'seconds':>9}{'lines/s':>14}"
        for stage, seconds in self.regulars.seconds.items():
            yield f"{stage:<28}{seconds:>9.2f}{self.lines_n / max(seconds, 1e-9):>14,.0f}"
        yield f"peak memory {self.regulars.peak_gib:.2f} GiB"
        yield "bare DuckDB SQL"
        for stage, seconds in self.bare.seconds.items():
            yield f"{stage:<28}{seconds:>9.2f}{self.lines_n / max(seconds, 1e-9):>14,.0f}"
        yield f"peak memory {self.bare.peak_gib:.2f} GiB"
        yield f"both rfm tables are equal: {self.customers_n:,} customers"
        for name, ratio in self.ratios.items():
            yield f"ratio {name:<22}{ratio:>9.2f}"


def measured(
    *, lines_n: int, seed: int, folder: Path | None, report: Callable[[str], None]
) -> Measured:
    """Make a chain of so many lines, run both sides on it, and hold their results together.

    Raises:
        Failed: the two rfm tables differ.
    """
    with _room(folder) as room:
        workspace = created(room / "chain", chain_settings(), at=datetime.now(UTC))
        report(f"making {lines_n:,} lines")
        _apart(write_chain, workspace.root, lines_n=lines_n, seed=seed)
        report("measuring regulars")
        ours: Side = _apart(_regulars_side, workspace.root)
        report("measuring bare SQL")
        theirs: Side = _apart(_bare_side, workspace.root)
        files = list(workspace.exports.glob("transactions_*.csv"))
        return Measured(
            lines_n=lines_n,
            csv_bytes_n=sum(file.stat().st_size for file in files),
            customers_n=_same(workspace),
            regulars=ours,
            bare=theirs,
            machine=_machine(),
        )


@dataclass(frozen=True)
class Gate:
    """What the quality gate alone took."""

    asked: GateMeasured
    peak_gib: float
    machine: str

    def as_dict(self) -> dict[str, Any]:
        return {"machine": self.machine, **asdict(self.asked), "peak_gib": self.peak_gib}

    def lines(self) -> Iterator[str]:
        asked = self.asked
        yield f"{asked.lines_n:,} lines, {asked.orders_n:,} orders; {self.machine}"
        yield f"{asked.checks_n} checks asked and met in {asked.seconds:.1f} s"
        yield f"peak memory {self.peak_gib:.2f} GiB"


def gate_alone(*, lines_n: int, folder: Path | None, report: Callable[[str], None]) -> Gate:
    """Ask every check of so many lines, which are made in the warehouse itself.

    Raises:
        Failed: a check is not met.
    """
    with _room(folder) as room:
        workspace = created(room / "gate", chain_settings(), at=datetime.now(UTC))
        report(f"asking the checks of {lines_n:,} lines")
        asked, peak_gib = _apart(_gate_side, workspace.root, lines_n=lines_n)
        return Gate(asked, peak_gib, _machine())


def _gate_side(root: Path, *, lines_n: int) -> tuple[GateMeasured, float]:
    workspace = opened(root)
    limits = steps.resources(settings_of(workspace))
    with warehouse.connected(workspace, limits) as connection:
        asked = gate_measured(connection, lines_n=lines_n)
    return asked, _peak_gib()


def _regulars_side(root: Path) -> Side:
    workspace = opened(root)
    settings = settings_of(workspace)
    clock = _Clock()
    with watched(clock.at_point):
        steps.ingest(workspace, settings, report=lambda _: None)
    clock.stage("load: ledger and commit")
    checks = steps.check(workspace, settings)
    clock.stage("gate")
    as_of = steps.as_of_day(workspace, settings, None)
    clock.skip()
    with warehouse.connected(workspace, steps.resources(settings)) as connection:
        clock.skip()
        frames = [
            extracts.order_nets(connection, settings.chain.order_key, as_of=day)
            for day in (as_of, as_of - timedelta(days=settings.rfm.compare_days))
        ]
        clock.stage("hand over")
        scores, _ = rfm_as_of(*frames, as_of=as_of, settings=settings.rfm)
        clock.stage("rfm and segments")
        named = scores.with_columns(customer_id=spelled(pl.col("customer_id")))
        shelf.write_table(workspace.work, shelf.Run("bench", str(as_of), {}), "rfm", named)
        clock.stage("write rfm")
    del frames, scores, named
    steps.compute(workspace, settings, checks, as_of=as_of, report=lambda _: None)
    clock.stage("all tables and the report")
    return Side(clock.seconds, _peak_gib())


def _bare_side(root: Path) -> Side:
    workspace = opened(root)
    settings = settings_of(workspace)
    as_of = steps.as_of_day(workspace, settings, None)
    limits = settings.resources
    config: dict[str, str | bool | int | float | list[str]] = {
        "threads": limits.threads,
        "memory_limit": limits.memory,
        "temp_directory": str(workspace.work),
    }
    clock = _Clock()
    with duckdb.connect(root / "bare.duckdb", config=config) as connection:
        clock.skip()
        bare.load_bare(connection, sorted(workspace.exports.glob("transactions_*.csv")))
        connection.execute("CHECKPOINT")
        clock.stage("load")
        bare.orders_bare(connection)
        connection.execute("CHECKPOINT")
        clock.stage("orders")
        bare.rfm_bare(
            connection,
            as_of=as_of,
            compare_days=settings.rfm.compare_days,
            path=workspace.work / "bare_rfm.parquet",
        )
        clock.stage("rfm")
    return Side(clock.seconds, _peak_gib())


def _same(workspace: Workspace) -> int:
    """How many customers both tables hold, row by row the same."""
    ours = pl.read_parquet(workspace.work / "rfm.parquet").sort("customer_id")
    theirs = (
        pl.read_parquet(workspace.work / "bare_rfm.parquet")
        .join(readable(workspace), left_on="customer_id", right_on="raw_id")
        .with_columns(customer_id="customer_id_right")
        .select(ours.columns)
        .cast(ours.schema)
        .sort("customer_id")
    )
    if not ours.equals(theirs):
        raise Failed(
            "the two rfm tables differ",
            expected=f"{theirs.height} rows as bare SQL gives them",
            found=f"{ours.height} rows, not the same",
            next_step="report this: it is a fault of regulars",
        )
    return ours.height


class _Clock:
    """Seconds between one stage and the next."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._since = time.perf_counter()

    def stage(self, name: str) -> None:
        now = time.perf_counter()
        self.seconds[name] = self.seconds.get(name, 0.0) + now - self._since
        self._since = now

    def skip(self) -> None:
        self._since = time.perf_counter()

    def at_point(self, point: str) -> None:
        if point in _STAGES:
            self.stage(_STAGES[point])


@contextmanager
def _room(folder: Path | None) -> Iterator[Path]:
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        yield folder
    else:
        with tempfile.TemporaryDirectory(prefix="regulars-bench-") as name:
            yield Path(name)


def _apart(work: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
    """The work in a process of its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work, *arguments, **options).result()


def _machine() -> str:
    return (
        f"{os.cpu_count()} cores, {_memory_gib():.0f} GiB, "
        f"{platform.system()} {platform.machine()}, Python {platform.python_version()}, "
        f"DuckDB {duckdb.__version__}, polars {pl.__version__}"
    )


def _peak_gib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20)


def _memory_gib() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30)
