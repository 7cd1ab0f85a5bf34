"""Tables drawn in the tests: words in columns, `-` for null. And the count of faults survived.

``pytest --faults`` runs the tests that carry ``fault("F01")`` or several of such numbers, and
tells of each line of ``faults/lines.txt`` how many tests show it and whether they hold.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator
from pathlib import Path

import polars as pl
import pytest
from hypothesis import settings

# How long an example takes says nothing: several tests share the machine.
settings.register_profile("regulars", deadline=None)
settings.load_profile("regulars")

Draw = Callable[[str, pl.Schema], pl.DataFrame]

FAULTS = dict(
    line.split(maxsplit=1)
    for line in (Path(__file__).parent / "faults" / "lines.txt").read_text("utf-8").splitlines()
)
HOW_MANY = {
    "--kills": (3, "how many runs are killed"),
    "--rounds": (2, "how many times eight runs are started together"),
    "--publications": (20, "how many publications happen under a reader"),
    "--examples": (12, "how many sequences of deliveries are tried"),
}
SHOWN = pytest.StashKey[dict[str, Counter[str]]]()
TOLD = pytest.StashKey[list[str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--faults", action="store_true", help="only tests that show a fault survived")
    for name, (default, what) in HOW_MANY.items():
        parser.addoption(name, type=int, default=default, help=f"{what}; {default} unless told")


def pytest_configure(config: pytest.Config) -> None:
    shown: dict[str, Counter[str]] = {number: Counter() for number in FAULTS}
    config.stash[SHOWN] = shown
    config.stash[TOLD] = []


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        numbers = {number for mark in item.iter_markers("fault") for number in mark.args}
        if unknown := sorted(numbers - FAULTS.keys()):
            raise pytest.UsageError(f"{item.nodeid}: no fault {', '.join(unknown)} in lines.txt")
        item.user_properties += [("fault", number) for number in sorted(numbers)]
    if config.getoption("--faults"):
        chosen = [item for item in items if item.get_closest_marker("fault")]
        config.hook.pytest_deselected(items=[item for item in items if item not in set(chosen)])
        items[:] = chosen


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "call" or not report.passed:
        for name, number in item.user_properties:
            if name == "fault":
                item.config.stash[SHOWN][str(number)][report.outcome] += 1
    return report


def pytest_sessionfinish(session: pytest.Session) -> None:
    is_lacking = not all(held["passed"] for held in session.config.stash[SHOWN].values())
    if session.config.getoption("--faults") and is_lacking and not session.exitstatus:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    config = terminalreporter.config
    for line in config.stash[TOLD]:
        terminalreporter.write_line(line)
    if not config.getoption("--faults"):
        return
    terminalreporter.section("faults")
    for number, outcomes in config.stash[SHOWN].items():
        others = {outcome: n for outcome, n in outcomes.items() if outcome != "passed"}
        word = "no test" if not outcomes else "holds" if not others else "FAILS"
        terminalreporter.write_line(
            f"{number}  {word:<7} {outcomes.total():>4} tests  {FAULTS[number]}"
        )
    shown = [outcomes for outcomes in config.stash[SHOWN].values() if outcomes]
    hold_n = sum(outcomes.keys() == {"passed"} for outcomes in shown)
    terminalreporter.write_line(
        f"{len(shown)} of {len(FAULTS)} faults have a test, {hold_n} of them hold"
    )


@pytest.fixture(scope="session")
def tell(pytestconfig: pytest.Config) -> Callable[[str], None]:
    """Prints a figure after everything else, where it is not lost among dots."""
    return pytestconfig.stash[TOLD].append


@pytest.fixture(scope="session")
def drawn() -> Draw:
    def draw(text: str, schema: pl.Schema) -> pl.DataFrame:
        header, *rows = [line.split() for line in text.strip().splitlines()]
        as_text = pl.DataFrame(
            [[None if word == "-" else word for word in row] for row in rows],
            schema=dict.fromkeys(header, pl.String),
            orient="row",
        )
        return as_text.select(_read(name, schema[name]) for name in header)

    return draw


def _read(name: str, dtype: pl.DataType) -> pl.Expr:
    if dtype == pl.Boolean:
        return pl.col(name).replace_strict({"yes": True, "no": False}, return_dtype=pl.Boolean)
    if dtype == pl.Date:
        return pl.col(name).str.to_date()
    if isinstance(dtype, pl.Datetime):
        return pl.col(name).str.to_datetime(time_unit="us")
    return pl.col(name).cast(dtype)
