"""A run killed at any moment, and run again, leaves what a run leaves that nobody killed.

``make kills`` kills two hundred of them.
"""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import cycle
from pathlib import Path

import pytest

from regulars.data.points import POINTS
from regulars.data.workspace import Workspace
from tests.faults.conftest import Outcome, SmallChain, seen_in
from tests.flows.conftest import PATIENCE_S, Shell, copied, side_by_side

SEED = 20240401
AT_RANDOM = "at random"


@dataclass(frozen=True)
class Case:
    """A workspace that waits for a run; what that run leaves, and how long it holds the lock."""

    workspace: Workspace
    unharmed: Outcome
    seconds: float


@dataclass(frozen=True)
class Plan:
    """Which run is killed, and when: once, or once more in the run that follows."""

    case: str
    moments: tuple[str, ...]
    shares: tuple[float, ...]


@dataclass(frozen=True)
class Death:
    """Where a run was killed in fact, and what was wrong afterwards."""

    plan: Plan
    points: tuple[str, ...]
    wrong: tuple[str, ...]


@pytest.fixture(scope="module")
def cases(
    pytestconfig: pytest.Config,
    shell: Shell,
    chain: SmallChain,
    shop: Workspace,
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, Case]:
    """Three runs that build the warehouse again, the first run ever, and one with corrections."""
    root = tmp_path_factory.mktemp("cases")
    first = chain.first(root / "first")
    shutil.copy2(shop.key, first.key)  # a key of its own would give pseudonyms of its own
    second = copied(shop, root / "second")
    chain.deliver_more(second)
    rebuilt = copied(second, root / "rebuilt")
    rebuilt.warehouse.unlink()
    damaged = copied(second, root / "damaged")
    damaged.warehouse.write_bytes(b"no database" * 2_000)
    reread = copied(second, root / "reread")
    settings = reread.settings_file.read_text(encoding="utf-8")
    settings = settings.replace("[chain]\n", '[chain]\nanonymous_ids = ["M00000021"]\n')
    reread.settings_file.write_text(settings, encoding="utf-8")

    def case(workspace: Workspace) -> Case:
        alone = copied(workspace, root / f"{workspace.root.name}-unharmed")
        process, held_since = begun(shell, alone)
        _, err = process.communicate(timeout=PATIENCE_S)
        seconds = time.monotonic() - held_since
        assert process.returncode == 0, err
        return Case(workspace, Outcome.of(alone), seconds)

    wanted = (rebuilt, damaged, reread, first, second)[: pytestconfig.getoption("--kills")]
    found = side_by_side([partial(case, workspace) for workspace in wanted])
    return {case.workspace.root.name: case for case in found}


def begun(shell: Shell, workspace: Workspace) -> tuple[subprocess.Popen[str], float]:
    """A run that holds the workspace, and since when."""
    note = workspace.root / ".lock-holder"
    left_behind = _changed_at(note)
    process = shell.started("run", "-w", workspace.root)
    while process.poll() is None and _changed_at(note) == left_behind:
        time.sleep(0.002)
    return process, time.monotonic()


def _changed_at(path: Path) -> int | None:
    try:
        return path.stat().st_mtime_ns
    except FileNotFoundError:
        return None


def is_killed(shell: Shell, workspace: Workspace, moment: str, after_seconds: float) -> bool:
    """Whether a run was killed at that point, or so many seconds after it took the workspace."""
    if moment == AT_RANDOM:
        process, _ = begun(shell, workspace)
        time.sleep(after_seconds)
        process.kill()
    else:
        process = shell.started("run", "-w", workspace.root, variables={"REGULARS_KILL_AT": moment})
    process.communicate(timeout=PATIENCE_S)
    return process.returncode == -signal.SIGKILL


def killed(shell: Shell, case: Case, workspace: Workspace, moment: str, share: float) -> str:
    """Kill a run; a point that lies behind it, or a moment after its end, is made an earlier one.

    Gives where it was killed.
    """
    before = copied(workspace, workspace.root.with_name("before"))
    while not is_killed(shell, workspace, moment, share * case.seconds):
        moment, share = AT_RANDOM, share / 2
        shutil.rmtree(workspace.root)
        copied(before, workspace.root)
    shutil.rmtree(before.root)
    return moment


def died(shell: Shell, case: Case, plan: Plan, folder: Path) -> Death:
    """Kill a run as planned, run again, and look at all that is left."""
    workspace = copied(case.workspace, folder / "shop")
    points, wrong = [], []
    for moment, share in zip(plan.moments, plan.shares, strict=True):
        points.append(killed(shell, case, workspace, moment, share))
        wrong += torn(seen_in(workspace), case)
    ran = shell("run", "-w", workspace.root)
    if ran.code or "Traceback" in ran.err:
        wrong.append(f"the next run ended with {ran.code}: {ran.err}")
    else:
        wrong += case.unharmed.differences(Outcome.of(workspace))
        wrong += [f"left behind: {path}" for path in leftovers(workspace)]
    shutil.rmtree(folder)
    return Death(plan, tuple(points), tuple(wrong))


def torn(now: dict[str, bytes], case: Case) -> list[str]:
    """What is wrong with what a reader sees: it is neither the old publication nor the new one."""
    is_new = all(
        now.get(f"{name}.parquet") == content
        for name, content in case.unharmed.bytes_of_tables.items()
    )
    return [] if is_new or now == seen_in(case.workspace) else ["a reader saw neither old nor new"]


def leftovers(workspace: Workspace) -> list[str]:
    return [
        str(path.relative_to(workspace.root))
        for pattern in (".*-*", "runs/.*", "landing/.*", "quarantine/.*", ".work/*", ".lock-holder")
        for path in workspace.root.glob(pattern)
    ]


def plans(kills_n: int, cases: Iterable[str]) -> Iterator[Plan]:
    """So many kills: at each point in turn and at random, a quarter of them twice in a row."""
    dice = random.Random(SEED)
    firsts = (moment for point in cycle(POINTS) for moment in (point, AT_RANDOM))
    for case, first in zip(cycle(cases), firsts, strict=False):
        then = (dice.choice((AT_RANDOM, *POINTS)),) if dice.random() < 1 / 4 else ()
        moments = (first, *then)[:kills_n]
        yield Plan(case, moments, tuple(dice.random() for _ in moments))
        kills_n -= len(moments)
        if not kills_n:
            return


@pytest.mark.fault("F01", "F08")
def test_a_run_that_was_killed_and_run_again_leaves_what_nobody_killed(
    pytestconfig: pytest.Config,
    tell: Callable[[str], None],
    shell: Shell,
    cases: dict[str, Case],
    tmp_path: Path,
) -> None:
    planned = list(plans(pytestconfig.getoption("--kills"), cases))

    deaths = side_by_side(
        [
            partial(died, shell, cases[plan.case], plan, tmp_path / str(number))
            for number, plan in enumerate(planned)
        ]
    )

    kills = Counter(point for death in deaths for point in death.points)
    runs = Counter(death.plan.case for death in deaths)
    twice_n = sum(len(death.points) > 1 for death in deaths)
    wrong = [death for death in deaths if death.wrong]
    tell(f"kills: {kills.total()}, in {len(deaths)} runs, {twice_n} of them killed twice")
    tell(f"  by point: {', '.join(f'{point} {n}' for point, n in sorted(kills.items()))}")
    tell(f"  by run: {', '.join(f'{case} {n}' for case, n in runs.items())}")
    tell(f"  wrong: {len(wrong)}")
    assert kills.total() == pytestconfig.getoption("--kills")
    assert wrong == [], "\n".join(
        f"{death.plan.case} killed {death.points}: {'; '.join(death.wrong)}" for death in wrong
    )
