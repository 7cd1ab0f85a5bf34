"""The sample chain's members: they buy as planted, from joining to the end of life."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import numpy as np
import polars as pl
import pytest

from regulars.data import chain_calendar as calendar
from regulars.data import chain_people, chain_shops
from regulars.data.chain_baskets import NOBODY, sales
from regulars.data.chain_campaigns import CAMPAIGNS, CONTROL, TREATED
from regulars.data.chain_farewells import ABRUPT
from regulars.data.chain_journal import journal, nothing
from regulars.data.chain_lists import DAYS_N, Real, Truth
from regulars.data.chain_people import SEGMENTS
from regulars.data.chain_world import DAY_S, World, months

SEGMENT_NUMBERS = {segment.name: number for number, segment in enumerate(SEGMENTS)}


@pytest.fixture(scope="module")
def world() -> World:
    return World.drawn("small", seed=7)


@pytest.fixture(scope="module")
def lines(world: World) -> pl.DataFrame:
    found, awaited = [], nothing()
    for month in months():
        of_month, awaited = journal(world, month, awaited)
        found.append(of_month)
    return pl.concat(found).with_columns(day=pl.col("second") // DAY_S)


@pytest.fixture(scope="module")
def orders(lines: pl.DataFrame) -> pl.DataFrame:
    return (
        lines.filter(~pl.col("is_return"))
        .group_by("order_id")
        .agg(
            pl.col("member", "day", "store", "channel", "campaign").first(),
            lines_n=pl.len(),
            is_cheaper=(pl.col("discount_fen") > pl.col("coupon_fen")).mean(),
        )
    )


def expected_orders(world: World, first_day: int, end_day: int) -> Real:
    """Orders of each member between two days by rate and calendar, the one of joining apart."""
    people = world.people
    first = np.maximum(people.joined_day, first_day)
    end = np.maximum(np.minimum(people.last_day + 1, end_day), first)
    found = np.zeros(len(people))
    for number, segment in enumerate(SEGMENTS):
        mass = calendar.mass(segment.season_power)
        here = people.segment == number
        found[here] = people.rate_per_day[here] * (mass[end[here]] - mass[first[here]])
    return found


def bought(orders: pl.DataFrame, members: Truth) -> int:
    theirs = orders["member"].is_in(np.flatnonzero(members).tolist())
    return int(theirs.sum())


@pytest.mark.parametrize("segment", SEGMENT_NUMBERS)
def test_a_segment_buys_at_its_planted_rates(
    world: World, orders: pl.DataFrame, segment: str
) -> None:
    people = world.people
    # Who was never written to has no campaign's orders beside his own; who says farewell may slow.
    members = (people.segment == SEGMENT_NUMBERS[segment]) & ~people.has_consent
    members &= world.farewells.cause == ABRUPT
    of_joining = int((members & (people.joined_day >= 0)).sum())
    expected = float(expected_orders(world, 0, DAYS_N)[members].sum())

    assert bought(orders, members) - of_joining == pytest.approx(expected, abs=4 * expected**0.5)


def test_nobody_buys_before_joining_or_after_the_end_of_life(
    world: World, orders: pl.DataFrame
) -> None:
    theirs = orders.filter(pl.col("member") != NOBODY)
    member, day = theirs["member"].to_numpy(), theirs["day"].to_numpy()

    assert (day >= world.people.joined_day[member]).all()
    assert (day <= world.people.last_day[member]).all()


def test_who_joins_buys_on_that_day(world: World, orders: pl.DataFrame) -> None:
    people = world.people
    joined = {(n, int(day)) for n, day in enumerate(people.joined_day) if day >= 0}

    assert joined <= set(orders.select("member", "day").iter_rows())


def test_the_truth_tells_the_last_day_of_those_who_left_alone(world: World) -> None:
    truth = chain_people.truth(world.people)
    is_there = pl.Series(world.people.last_day >= DAYS_N)

    assert truth["alive_until"].is_null().equals(is_there)
    assert truth["customer_id"].n_unique() == truth.height
    assert (truth["alive_until"].drop_nulls() <= date(2025, 12, 31)).all()


@pytest.mark.parametrize("segment", SEGMENT_NUMBERS)
def test_a_segment_has_its_planted_basket(world: World, orders: pl.DataFrame, segment: str) -> None:
    """The mean of a geometric of mean m has the standard error sqrt(m (m - 1) / n)."""
    number = SEGMENT_NUMBERS[segment]
    is_usual = world.farewells.cause == ABRUPT
    members = np.flatnonzero((world.people.segment == number) & is_usual).tolist()
    sizes = orders.filter(pl.col("member").is_in(members))["lines_n"]
    planted = SEGMENTS[number].lines_per_order
    error = (planted * (planted - 1) / len(sizes)) ** 0.5

    assert sizes.mean() == pytest.approx(planted, abs=4 * error)


def test_a_segment_that_depends_on_discounts_buys_with_them(
    world: World, orders: pl.DataFrame
) -> None:
    share: dict[str, float] = {}
    for name, number in SEGMENT_NUMBERS.items():
        members = np.flatnonzero(world.people.segment == number).tolist()
        theirs = orders.filter(pl.col("member").is_in(members))
        share[name] = float(theirs.select(pl.col("is_cheaper").mean()).item())

    assert max(share, key=lambda name: share[name]) == "bargain"
    assert min(share, key=lambda name: share[name]) == "convenience"


@pytest.mark.parametrize("power", [0.6, 1.0, 2.0, 3.0])
def test_a_calendar_has_the_mean_one(power: float) -> None:
    assert calendar.weights(power).mean() == pytest.approx(1.0)
    assert calendar.mass(power)[-1] == pytest.approx(DAYS_N)


def test_most_is_sold_in_11_11_and_before_the_festival_least_within_it(
    orders: pl.DataFrame,
) -> None:
    by_day = np.bincount(orders["day"].to_numpy(), minlength=DAYS_N)
    before, within, eleven = by_day[26:40], by_day[40:44], by_day[305:316]

    assert within.mean() < 0.7 * by_day.mean() < by_day.mean() < before.mean()
    assert eleven.mean() > 1.2 * by_day.mean()


def test_a_shut_store_sells_nothing_and_takes_nothing_back(lines: pl.DataFrame) -> None:
    is_february = pl.col("day").is_between(397, 424)
    at_store = pl.col("store") == chain_shops.CLOSED_STORE

    assert lines.filter(at_store & is_february).is_empty()
    assert not lines.filter(at_store & ~is_february).is_empty()


def test_the_mini_program_begins_in_october_2025(lines: pl.DataFrame) -> None:
    mini = lines.filter((pl.col("channel") == 3) & ~pl.col("is_return"))

    assert mini["day"].min() in range(639, 646)


@pytest.fixture(scope="module")
def larger() -> World:
    return World.drawn("medium", seed=8)


@pytest.mark.parametrize("number", range(len(CAMPAIGNS)))
def test_the_arms_of_a_campaign_differ_by_the_planted_uplift_alone(
    larger: World, number: int
) -> None:
    """Orders over what rate and calendar expect, treated against control, at a larger chain."""
    campaign, arm = CAMPAIGNS[number], larger.arms[number]
    found = {}
    expected = expected_orders(larger, campaign.first_day, campaign.end_day)
    overlapping = [
        month
        for month in months()
        if month.first_day < campaign.end_day and month.end_day > campaign.first_day
    ]
    during = pl.concat(sales(larger, month) for month in overlapping).filter(
        (pl.col("line") == 1)
        & pl.col("day").is_between(campaign.first_day, campaign.end_day, closed="left")
    )
    for which in (TREATED, CONTROL):
        found[which] = bought(during, arm == which)
    ratio = (found[TREATED] / expected[arm == TREATED].sum()) / (
        found[CONTROL] / expected[arm == CONTROL].sum()
    )
    error = (1 / found[TREATED] + 1 / found[CONTROL]) ** 0.5

    assert ratio == pytest.approx(1 + campaign.uplift, rel=4 * error)
    assert (arm == TREATED).sum() > 3 * (arm == CONTROL).sum() > 0


def test_a_coupon_is_used_by_the_treated_alone_while_its_campaign_runs(
    world: World, orders: pl.DataFrame
) -> None:
    used = orders.filter(pl.col("campaign") >= 0)
    assert used.height > 0
    for number, (campaign, arm) in enumerate(zip(CAMPAIGNS, world.arms, strict=True)):
        theirs = used.filter(pl.col("campaign") == number)
        assert (arm[theirs["member"].to_numpy()] == TREATED).all()
        assert theirs["day"].is_between(campaign.first_day, campaign.end_day, closed="left").all()


def test_months_follow_each_other_without_a_gap() -> None:
    assert all(before.end_day == after.first_day for before, after in pairwise(months()))
    assert (months()[0].first_day, months()[-1].end_day) == (0, DAYS_N)
