"""A run as a Prefect flow run, on a real server: recorded, the same bytes, and nothing personal."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest

from regulars.data.workspace import Workspace

if TYPE_CHECKING:
    from tests.flows.conftest import Chain, Publication, Shell

REPOSITORY = Path(__file__).parents[2]
PATIENCE_S = 120
STEPS = ["ingest", "as_of_day", "check", "compute", "publish"]
PLANTED = "Q7xZr2LmVb9TnKc4"


@dataclass(frozen=True)
class Server:
    """A Prefect server of the tests' own."""

    url: str
    folder: Path

    @property
    def variables(self) -> dict[str, str]:
        return quiet(self.folder) | {"PREFECT_API_URL": self.url}

    def ask(self, what: str, **body: Any) -> Any:
        request = Request(
            f"{self.url}/{what}",
            data=json.dumps(body).encode(),
            headers={"content-type": "application/json"},
        )
        with urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def prefect(self, *arguments: str, folder: Path) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "prefect", "--no-prompt", *arguments],
            check=False,
            cwd=folder,
            env=dict(os.environ) | self.variables | {"PWD": str(folder)},
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr


def quiet(folder: Path) -> dict[str, str]:
    return {
        "PREFECT_HOME": str(folder),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_UI_ENABLED": "false",
        "DO_NOT_TRACK": "1",
    }


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("prefect")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (folder / "server.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "prefect", "server", "start", "--port", str(port)],
            env=dict(os.environ) | quiet(folder),
            stdout=log,
            stderr=log,
        )
    found = Server(f"http://127.0.0.1:{port}/api", folder)
    try:
        _wait_until_well(found.url, process)
        yield found
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE_S)


def _wait_until_well(url: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until and process.poll() is None:
        try:
            with urlopen(f"{url}/health", timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.5)
    pytest.fail("the Prefect server did not come up")


@pytest.fixture(scope="module")
def recorded(
    server: Server,
    shell: Shell,
    chain: Chain,
    shop: Workspace,
    tmp_path_factory: pytest.TempPathFactory,
) -> Workspace:
    """A run of the shop's files under Prefect, one customer's id and name among them planted."""
    workspace = chain.workspace(tmp_path_factory.mktemp("recorded") / "shop")
    for path in workspace.exports.glob("*.csv"):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("M00000001,孙明", f"M00000001,{PLANTED}"), encoding="utf-8")
    shutil.copy2(shop.key, workspace.key)
    ran = shell(
        "run", "-w", workspace.root, "--as-of", "2024-03-31", "--json", variables=server.variables
    )
    assert ran.code == 0, ran.err
    assert ran.facts["as_of"] == "2024-03-31"
    assert "Completed" in ran.err
    return workspace


def test_a_run_is_recorded_with_a_task_run_for_each_step(
    server: Server, recorded: Workspace
) -> None:
    name = "publish-segments-2024-03-31"
    (flow_run,) = server.ask("flow_runs/filter", flow_runs={"name": {"any_": [name]}})
    of_run = {"id": {"any_": [flow_run["id"]]}}
    task_runs = _settled(lambda: server.ask("task_runs/filter", flow_runs=of_run))

    assert flow_run["state_name"] == "Completed"
    assert flow_run["parameters"]["workspace"] == str(recorded.root)
    assert sorted(run["name"].rpartition("-")[0] for run in task_runs) == sorted(STEPS)
    assert {run["state_name"] for run in task_runs} == {"Completed"}


def _settled(asked: Callable[[], list[Any]]) -> list[Any]:
    """The server records task runs from events, a moment after they happened."""
    for _ in range(60):
        runs = asked()
        if len(runs) == len(STEPS) and all(run["state_name"] == "Completed" for run in runs):
            return runs
        time.sleep(0.5)
    return asked()


def test_its_tables_are_those_of_a_run_in_this_process(
    recorded: Workspace, shop: Workspace, published: Callable[[Workspace], Publication]
) -> None:
    under_prefect, plain = published(recorded), published(shop)

    assert under_prefect.tables == plain.tables
    assert under_prefect.manifest["run_id"] == plain.manifest["run_id"]
    assert {path.stat().st_mode & 0o777 for path in recorded.published.iterdir()} == {0o640}


def test_a_refusal_is_told_once_and_without_a_traceback(
    server: Server, shell: Shell, own_shop: Workspace
) -> None:
    path = own_shop.exports / "transactions_2024-03.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("amount", "amuont", 1), "utf-8")

    done = shell("run", "-w", own_shop.root, "--json", variables=server.variables)

    assert (done.code, done.facts["error"]) == (3, "DataRefused")
    assert "Traceback" not in done.err
    assert "did you mean 'amuont'" in done.err


def test_the_server_keeps_nothing_of_a_person(server: Server, recorded: Workspace) -> None:
    assert PLANTED in (recorded.exports / "customers.csv").read_text(encoding="utf-8")

    files = [path for path in server.folder.rglob("*") if path.is_file()]
    assert any(path.suffix == ".db" for path in files)
    for identifier in (PLANTED, "M00000002", "m00000002@example.com"):
        assert [path for path in files if identifier.encode() in path.read_bytes()] == []


def test_a_server_that_is_down_is_no_reason_to_fail(shell: Shell, own_shop: Workspace) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        dead = f"http://127.0.0.1:{free.getsockname()[1]}/api"

    done = shell("run", "-w", own_shop.root, variables={"PREFECT_API_URL": dead})

    assert done.code == 0
    assert done.err == f"Prefect does not answer at {dead}: running in this process\n"


def test_the_deployment_runs_in_a_workspace_wherever_the_worker_starts_it(
    server: Server, recorded: Workspace, tmp_path: Path
) -> None:
    shutil.copy(REPOSITORY / "prefect.yaml", tmp_path)
    server.prefect("work-pool", "create", "regulars", "--type", "process", folder=tmp_path)
    server.prefect("deploy", "--all", folder=tmp_path)
    server.prefect(
        "deployment", "run", "publish-segments/nightly", "-p", f"workspace={recorded.root}",
        folder=tmp_path,
    )  # fmt: skip

    worked = server.prefect("worker", "start", "--pool", "regulars", "--run-once", folder=tmp_path)

    (deployment,) = server.ask("deployments/filter")
    assert deployment["parameters"]["workspace"] == f"{tmp_path}/demo"
    assert "Finished in state Completed()" in worked, worked
