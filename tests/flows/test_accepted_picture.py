"""A picture of the customers that truly changes: it waits, a person takes it, and it stays."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, get_args

import polars as pl
import pytest

from regulars.data.workspace import Workspace
from regulars.flows.models_of_run import NOT_WAITING
from regulars.models.cluster_alignment import Verdict

if TYPE_CHECKING:
    from tests.flows.conftest import Publication, Ran, Shell

CUSTOMERS_N = 240
FIRST_ON, CHANGED_ON = date(2024, 1, 2), date(2024, 4, 2)
BEFORE, TURNED, LATER = date(2024, 4, 1), date(2024, 7, 1), date(2024, 8, 1)
"""Refit days of a monthly calendar; the first two begin quarters, which hand on names."""

ACCEPTED = "picture_accepted"
SETTINGS = """\
[chain]
name = "Two Habits"
currency = "CNY"
time_zone = "Asia/Shanghai"

[models]
refit = "monthly"

[exports.transactions]
files = "exports/transactions*.csv"
"""


def receipts() -> Iterator[tuple[str, str, datetime, str, str, str]]:
    """Order, customer, moment, amount, discount, channel: of one line each.

    Until the change customers shop by the clock: early and little, or late and much, on one day of
    the week. From then on, and far more often, by the place: discounted at the weekend on the web,
    or midweek in the shop, at any hour and for any amount. Who does which has nothing to do with
    what they did before.
    """
    dice = Random(1)
    for n in range(CUSTOMERS_N):
        is_late, is_online = n % 2 == 1, n // 2 % 2 == 1
        early_share, usual = dice.random(), dice.randrange(15, 90)
        day = FIRST_ON + timedelta(days=n % 4)
        while day < CHANGED_ON:
            hour, amount = (20, 60) if is_late else (9, 12)
            yield f"B{n}-{day}", f"c{n}", _at(day, hour), f"{amount + n % 5}.00", "0.00", "shop"
            day += timedelta(days=7)
        while day <= LATER:
            if is_online == (day.isoweekday() >= 6):
                hour = 9 if dice.random() < early_share else 20
                discount, channel = ("3.00", "web") if is_online else ("0.00", "shop")
                yield f"A{n}-{day}", f"c{n}", _at(day, hour), f"{usual}.00", discount, channel
            day += timedelta(days=1 if is_online else 2)


def _at(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour)


@dataclass(frozen=True)
class Story:
    """What each command of the story said, and what was published after it."""

    workspace: Workspace
    ran: dict[str, Ran]
    seen: dict[str, Publication]

    def clusters(self, step: str) -> dict[str, object]:
        found: dict[str, object] = self.seen[step].manifest["fitted"]["clusters"]
        return found


@pytest.fixture(scope="module")
def story(
    shell: Shell,
    published: Callable[[Workspace], Publication],
    tmp_path_factory: pytest.TempPathFactory,
) -> Story:
    workspace = Workspace(tmp_path_factory.mktemp("picture") / "chain")
    workspace.exports.mkdir(parents=True)
    workspace.settings_file.write_text(SETTINGS, encoding="utf-8")
    columns = ("order_id", "customer_id", "ordered_at", "amount", "discount", "channel")
    pl.DataFrame([*receipts()], schema=columns, orient="row").write_csv(
        workspace.exports / "transactions.csv", datetime_format="%Y-%m-%d %H:%M:%S"
    )
    told = Story(workspace, {}, {})

    def step(name: str, day: date, *more: str) -> None:
        told.ran[name] = shell("run", "-w", workspace.root, "--as-of", day, *more)
        assert told.ran[name].code == 0, told.ran[name].err
        told.seen[name] = published(workspace)

    step("waiting", TURNED)
    step("taken", TURNED, "--accept", "clusters")
    step("later", LATER)
    workspace.warehouse.unlink()
    shutil.rmtree(workspace.models)
    shutil.rmtree(workspace.runs)
    step("rebuilt", LATER)
    return told


def test_a_picture_that_changed_waits_and_the_run_says_what_to_type(story: Story) -> None:
    assert story.clusters("waiting")["verdict"] == "needs_acceptance"
    assert "clusters: new ones differ and wait" in story.ran["waiting"].out
    assert "regulars run --accept clusters" in story.ran["waiting"].out


def test_the_accepted_picture_is_the_one_that_waited(story: Story) -> None:
    waiting, taken = story.clusters("waiting"), story.clusters("taken")
    assert taken["verdict"] == "accepted"
    table = pl.read_parquet(story.seen["taken"].files["clusters.parquet"])
    proposed = waiting["proposed"]
    assert isinstance(proposed, dict)
    assert dict(table.select("cluster", "cluster_name").iter_rows()) == proposed
    assert "wait" not in story.ran["taken"].out
    assert story.seen["taken"].link != story.seen["waiting"].link


def test_who_took_it_and_as_of_which_day_is_in_the_log_of_decisions(story: Story) -> None:
    log = story.workspace.decisions.read_text(encoding="utf-8").splitlines()
    (entry,) = [entry for line in log if (entry := json.loads(line))["decision"] == ACCEPTED]
    assert entry["on"] == TURNED.isoformat()
    assert entry["by"]
    assert entry["at"]


def test_the_next_refit_goes_on_from_the_accepted_picture(story: Story) -> None:
    later = story.clusters("later")
    assert later["verdict"] == "same"
    assert story.seen["later"].manifest["models"]["clusters"]["fitted_on"] == LATER.isoformat()
    taken, now = (
        pl.read_parquet(story.seen[step].files["clusters.parquet"]) for step in ("taken", "later")
    )
    assert now["cluster"].to_list() == taken["cluster"].to_list()
    assert now["cluster_name"].to_list() == taken["cluster_name"].to_list()


def test_a_rebuild_from_landing_and_the_log_keeps_it_to_the_byte(story: Story) -> None:
    assert story.seen["rebuilt"].link == story.seen["later"].link
    assert story.seen["rebuilt"].tables == story.seen["later"].tables


def test_what_does_not_wait_cannot_be_accepted_and_is_said_in_words(
    story: Story, shell: Shell
) -> None:
    again = shell("run", "-w", story.workspace.root, "--as-of", LATER, "--accept", "clusters")
    assert again.code == 2
    assert (
        f"as of {LATER} the picture of the clusters has not changed: nothing waits for acceptance"
        in again.err
    )
    assert f"next: regulars run --workspace {story.workspace.root}" in again.err


def test_every_verdict_but_that_of_waiting_has_words() -> None:
    assert {*NOT_WAITING} == {None, *get_args(Verdict)} - {"needs_acceptance"}
