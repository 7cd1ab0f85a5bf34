"""The program as a user runs it: real processes, real files, a workspace of its own for each."""

from __future__ import annotations

import ctypes
import json
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

import polars as pl
import pytest

from regulars.data.chain import chain_settings, write_chain
from regulars.data.workspace import Workspace
from regulars.expectations.tables import TABLES

Result = TypeVar("Result")

FIRST_MONTHS = ("2024-01", "2024-02", "2024-03")
NEXT_MONTH = "2024-04"
LISTS = ("customers.csv", "products.csv", "stores.csv")
SAMPLE_AS_OF = "2017-12-31"
PATIENCE_S = 120

# linux/prctl.h, linux/capability.h: what lets root pass over the permission bits of files.
PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 24, 1, 2


@dataclass(frozen=True)
class Ran:
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def facts(self) -> Any:
        """Its ``--json``: one document and nothing else."""
        return json.loads(self.out)


@dataclass(frozen=True)
class Shell:
    """Starts the program in an environment without Prefect, under a home of its own."""

    home: Path

    def environment(self, **more: str) -> dict[str, str]:
        ours = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PREFECT_", "REGULARS_"))
        }
        return ours | {"HOME": str(self.home), "TZ": "UTC", "DO_NOT_TRACK": "1"} | more

    def started(
        self,
        *arguments: object,
        variables: Mapping[str, str] = {},
        bound_by_modes: bool = False,
    ) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "regulars.flows.cli", *map(str, arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            cwd=self.home,
            env=self.environment(**variables),
            preexec_fn=_heed_modes if bound_by_modes else None,  # noqa: PLW1509 - no other thread then
        )

    def __call__(
        self,
        *arguments: object,
        variables: Mapping[str, str] = {},
        bound_by_modes: bool = False,
    ) -> Ran:
        process = self.started(*arguments, variables=variables, bound_by_modes=bound_by_modes)
        out, err = process.communicate(timeout=PATIENCE_S)
        return Ran(process.returncode, out, err)


def _heed_modes() -> None:
    """Have root obey the permission bits of its own files, as everybody else does."""
    if os.geteuid() == 0:
        libc = ctypes.CDLL(None, use_errno=True)
        for capability in (CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH):
            if libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0):
                raise OSError(ctypes.get_errno(), "prctl")


@dataclass(frozen=True)
class Publication:
    """What a reader sees: where the link leads, and every file there."""

    link: str
    files: dict[str, bytes]

    @property
    def tables(self) -> dict[str, bytes]:
        """The files of which law 4 says that the same input gives the same bytes."""
        covered = {f"{name}.parquet" for name, table in TABLES.items() if not table.names_files}
        return {name: content for name, content in self.files.items() if name in covered}

    @property
    def manifest(self) -> Any:
        return json.loads(self.files["manifest.json"])


@dataclass(frozen=True)
class Chain:
    """A made-up chain's exports, of which workspaces are given the months they ask for."""

    source: Path

    def months(self) -> list[str]:
        return sorted(
            path.stem.removeprefix("transactions_")
            for path in (self.source / "exports").glob("transactions_*.csv")
        )

    def file(self, month: str) -> Path:
        return self.source / "exports" / f"transactions_{month}.csv"

    def workspace(self, root: Path, months: Iterable[str] = FIRST_MONTHS) -> Workspace:
        """A workspace with these months and the lists, nothing of it loaded."""
        workspace = Workspace(root)
        workspace.exports.mkdir(parents=True)
        for name in LISTS:
            shutil.copy(self.source / "exports" / name, workspace.exports)
        for month in months:
            self.add(workspace, month)
        workspace.settings_file.write_text(chain_settings(), encoding="utf-8")
        return workspace

    def add(self, workspace: Workspace, month: str) -> Path:
        return Path(shutil.copy(self.file(month), workspace.exports))


def with_campaigns(workspace: Workspace) -> None:
    """Give a workspace messages to the members who bought, and a coupon that each of them used."""
    lines = pl.read_csv(workspace.exports / "transactions_*.csv", infer_schema=False)
    is_even = pl.col("order_id").str.contains("[02468]$")
    bought = (
        lines.drop_nulls("customer_id")
        .filter(pl.col("ordered_at") == pl.col("ordered_at").min().over("customer_id"))
        .unique("customer_id")
        .sort("customer_id")
    )
    bought.select(
        pl.lit("C1").alias("campaign_id"),
        "customer_id",
        pl.lit("2024-01-02 10:00:00").alias("contacted_at"),
        pl.when(is_even).then(pl.lit("treated")).otherwise(pl.lit("control")).alias("arm"),
        pl.lit("0.05").alias("cost"),
    ).write_csv(workspace.exports / "contacts.csv")
    bought.select(
        pl.lit("K1").alias("coupon_id"),
        pl.col("ordered_at").alias("redeemed_at"),
        "customer_id",
        "order_id",
        pl.lit("5.00").alias("value"),
    ).write_csv(workspace.exports / "coupons.csv")
    with workspace.settings_file.open("a", encoding="utf-8") as file:
        file.write(
            '\n[exports.contacts]\nfiles = "exports/contacts*.csv"\n'
            '\n[exports.coupons]\nfiles = "exports/coupons*.csv"\n'
        )


def with_feedback(workspace: Workspace) -> set[str]:
    """Give a workspace what its members said, with phones, addresses and numbers of persons that
    nobody can guess: these. One piece in ten is refused.
    """
    lines = pl.read_csv(workspace.exports / "transactions_*.csv", infer_schema=False)
    orders = lines.drop_nulls("customer_id").unique("order_id").sort("order_id").head(60)
    forms: dict[str, Callable[[str], str]] = {
        "请回电{}，谢谢": _phone,
        "tel+86{}": _phone,
        "call me: {}!": _phone,
        "写信到{}@example.com吧": lambda _: secrets.token_hex(8),
        "身份证号：{}。": lambda _: f"110101199003{secrets.randbelow(10**5) + 10**5:06}",
        "退到卡{}": lambda _: f"62{secrets.randbelow(10**17):017}",
        "微信：{}": lambda _: f"wx{secrets.token_hex(8)}",
        "https://x.example/u?{}": lambda _: secrets.token_hex(8),
    }
    told = [(form, make(form)) for form, make in [*forms.items()] * 10][: orders.height]
    pieces = orders.select(
        (pl.lit("F") + pl.col("order_id")).alias("feedback_id"),
        pl.col("ordered_at").alias("submitted_at"),
        "customer_id",
        "order_id",
        pl.Series("text", [form.format(token) for form, token in told]),
        pl.when(pl.int_range(pl.len()) % 10 == 0)
        .then(pl.lit("7"))
        .otherwise(pl.lit("4"))
        .alias("rating"),
    )
    pieces.write_csv(workspace.exports / "feedback.csv")
    with workspace.settings_file.open("a", encoding="utf-8") as file:
        file.write('\n[exports.feedback]\nfiles = "exports/feedback*.csv"\n')
    return {token for _, token in told}


def _phone(_: str) -> str:
    return f"13{secrets.randbelow(10**9):09}"


def copied(workspace: Workspace, root: Path) -> Workspace:
    shutil.copytree(workspace.root, root, symlinks=True)
    return Workspace(root)


def side_by_side(jobs: Sequence[Callable[[], Result]]) -> list[Result]:
    """Two at a time: half of a command's time is imports, on one core."""
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda job: job(), jobs))


@pytest.fixture(scope="session")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    return Shell(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="session")
def together() -> Callable[[Sequence[Callable[[], Any]]], list[Any]]:
    return side_by_side


@pytest.fixture(scope="session")
def published() -> Callable[[Workspace], Publication]:
    """Reads what a workspace publishes."""

    def seen(workspace: Workspace) -> Publication:
        files = {path.name: path.read_bytes() for path in workspace.published.iterdir()}
        return Publication(str(workspace.published.readlink()), files)

    return seen


@pytest.fixture(scope="session")
def oracle() -> ModuleType:
    spec = spec_from_file_location("oracle", Path(__file__).parents[1] / "oracle.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Chain:
    source = tmp_path_factory.mktemp("chain")
    write_chain(source, lines_n=20_000, seed=7)
    return Chain(source)


@pytest.fixture(scope="session")
def shop(shell: Shell, chain: Chain, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The chain's first months, run once and published. Read it; change a copy."""
    workspace = chain.workspace(tmp_path_factory.mktemp("shop") / "shop")
    ran = shell("run", "-w", workspace.root)
    assert (ran.code, ran.err) == (0, "")
    return workspace


@pytest.fixture
def own_shop(shop: Workspace, tmp_path: Path) -> Workspace:
    """A copy of that, to change."""
    return copied(shop, tmp_path / "shop")


@pytest.fixture(scope="session")
def sample(shell: Shell, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The sample chain's year, made and run as the README says."""
    root = tmp_path_factory.mktemp("sample") / "demo"
    assert shell("init", "--sample", "complete-journey", root).code == 0
    ran = shell("run", "-w", root, "--as-of", SAMPLE_AS_OF)
    assert (ran.code, ran.err) == (0, "")
    return Workspace(root)
