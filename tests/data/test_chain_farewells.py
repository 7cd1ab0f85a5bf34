"""The sample chain's farewells: what is planted before the end of a life shows in the receipts."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import polars as pl
import pytest

from regulars.data import chain_calendar as calendar
from regulars.data import chain_people
from regulars.data.chain_farewells import (
    ABRUPT,
    BASKET,
    BEFORE_DAYS,
    BREADTH,
    CAUSES,
    DISCOUNT,
    FAREWELL_DAYS,
    FAREWELL_SHARE,
    LEAST_ORDERS,
    LEAST_TO_SLOW,
    RETURNED_SHARE,
    RETURNS,
    SLOWING,
    SLOWING_KEPT_SHARE,
    Farewells,
)
from regulars.data.chain_journal import RETURNED_SHARE as USUALLY_RETURNED_SHARE
from regulars.data.chain_journal import journal, nothing
from regulars.data.chain_lists import CATEGORIES, DAYS_N, Truth
from regulars.data.chain_people import SEGMENTS, People
from regulars.data.chain_shops import BAD_PRODUCT, PRODUCTS_PER_CATEGORY
from regulars.data.chain_world import DAY_S, World, months


@pytest.fixture(scope="module")
def world() -> World:
    return World.drawn("medium", seed=7)


@pytest.fixture(scope="module")
def sold(world: World) -> pl.DataFrame:
    """The sale lines of those who say farewell, with ``cause``, and whether it is said by then."""
    found, awaited = [], nothing()
    for month in months():
        lines, awaited = journal(world, month, awaited)
        found.append(lines.filter((pl.col("member") >= 0) & ~pl.col("is_return")))
    lines = pl.concat(found)
    member, day = lines["member"].to_numpy(), lines["second"].to_numpy() // DAY_S
    return lines.with_columns(
        cause=pl.Series(world.farewells.cause[member]),
        is_said=pl.Series(day >= world.farewells.first_day[member]),
        category=pl.col("product") // PRODUCTS_PER_CATEGORY,
        is_back=pl.col("back_s").is_not_null(),
    ).filter(pl.col("cause") != ABRUPT)


def expected_orders(people: People, farewells: Farewells, members: Truth) -> float:
    """Orders of members in their last weeks by rate and calendar."""
    found = 0.0
    for number, segment in enumerate(SEGMENTS):
        mass = calendar.mass(segment.season_power)
        here = members & (people.segment == number)
        days = mass[people.last_day[here] + 1] - mass[farewells.first_day[here]]
        found += float((people.rate_per_day[here] * days).sum())
    return found


def test_a_farewell_is_the_last_weeks_of_a_life_that_ends_within_the_data(world: World) -> None:
    truth = chain_people.truth(world.people).hstack(world.farewells.truth())
    said = truth.filter(pl.col("farewell").is_not_null())
    lasts = said["alive_until"] - said["farewell_from"] + timedelta(days=1)

    assert lasts.unique().to_list() == [timedelta(days=FAREWELL_DAYS)]
    assert set(said["farewell"]) == set(CAUSES)
    assert truth.filter(pl.col("farewell").is_null())["farewell_from"].is_null().all()


def test_some_of_those_who_could_say_farewell_leave_from_one_day_to_the_next(world: World) -> None:
    people, farewells = world.people, world.farewells
    first_day = people.last_day - FAREWELL_DAYS + 1
    could = (
        (people.last_day < DAYS_N)
        & (first_day - np.maximum(people.joined_day, 0) >= BEFORE_DAYS)
        & (people.rate_per_day * FAREWELL_DAYS >= LEAST_ORDERS)
    )
    n, share = int(could.sum()), FAREWELL_SHARE
    says_so = farewells.cause != ABRUPT

    assert not (says_so & ~could).any()
    assert says_so[could].mean() == pytest.approx(share, abs=4 * (share * (1 - share) / n) ** 0.5)


def test_a_cause_is_one_that_the_way_to_shop_can_show(world: World) -> None:
    names = np.array([segment.name for segment in SEGMENTS])[world.people.segment]

    assert "convenience" not in names[world.farewells.cause == BASKET]
    assert "bargain" not in names[world.farewells.cause == DISCOUNT]
    slowing = world.people.rate_per_day[world.farewells.cause == SLOWING] * FAREWELL_DAYS
    assert slowing.min() >= LEAST_TO_SLOW


@pytest.mark.parametrize("cause", range(len(CAUSES)))
def test_who_slows_down_buys_at_a_third_of_the_rate_and_nobody_else_does(
    world: World, sold: pl.DataFrame, cause: int
) -> None:
    # Who was never written to has no campaign's orders beside his own.
    members = (world.farewells.cause == cause) & ~world.people.has_consent
    orders = sold.filter(pl.col("is_said") & (pl.col("line") == 1))["member"]
    share = SLOWING_KEPT_SHARE if cause == SLOWING else 1.0
    expected = expected_orders(world.people, world.farewells, members) * share

    found = int(orders.is_in(np.flatnonzero(members).tolist()).sum())

    assert found == pytest.approx(expected, abs=4 * expected**0.5)


def test_a_shrinking_basket_is_one_of_the_cheapest_of_its_category(
    world: World, sold: pl.DataFrame
) -> None:
    said = sold.filter(pl.col("is_said") & (pl.col("cause") == BASKET))
    cheapest = world.prices_fen.reshape(len(CATEGORIES), -1).min(axis=1)

    assert said["order_id"].n_unique() == said.height > 50
    assert said["quantity"].unique().to_list() == [1]
    assert (said["price_fen"].to_numpy() == cheapest[said["category"].to_numpy()]).all()


def test_who_loses_breadth_comes_for_one_category(sold: pl.DataFrame) -> None:
    by_member = (
        sold.filter(pl.col("cause") == BREADTH)
        .group_by("member", "is_said")
        .agg(pl.col("category").n_unique())
    )
    said, before = (by_member.filter(is_said=is_said)["category"] for is_said in (True, False))

    assert said.unique().to_list() == [1]
    assert before.median() > 5


def test_who_buys_by_discount_in_the_end_pays_half(sold: pl.DataFrame) -> None:
    percent = (pl.col("discount_fen") - pl.col("coupon_fen")) * 100 / pl.col("price_fen")
    discounts = sold.filter(pl.col("cause") == DISCOUNT).with_columns(
        percent=percent / pl.col("quantity")
    )

    assert (discounts.filter("is_said")["percent"] - 50).abs().max() < 1
    assert discounts.filter(~pl.col("is_said"))["percent"].max() <= 30


@pytest.mark.parametrize("cause", range(len(CAUSES)))
def test_who_brings_things_back_does_so_in_the_end_alone(sold: pl.DataFrame, cause: int) -> None:
    is_usual = pl.col("product") != BAD_PRODUCT
    theirs = sold.filter((pl.col("cause") == cause) & is_usual)
    for is_said in (False, True):
        lines = theirs.filter(is_said=is_said)["is_back"]
        planted = RETURNED_SHARE if is_said and cause == RETURNS else USUALLY_RETURNED_SHARE
        error = (planted * (1 - planted) / len(lines)) ** 0.5
        assert lines.mean() == pytest.approx(planted, abs=4 * error)


def test_before_their_farewell_all_baskets_are_those_of_the_segment(
    world: World, sold: pl.DataFrame
) -> None:
    family = np.flatnonzero(world.people.segment == 0).tolist()
    before = sold.filter(~pl.col("is_said") & pl.col("member").is_in(family))
    for cause in range(len(CAUSES)):
        sizes = before.filter(cause=cause).group_by("order_id").len()["len"]
        planted = SEGMENTS[0].lines_per_order
        error = (planted * (planted - 1) / len(sizes)) ** 0.5
        assert sizes.mean() == pytest.approx(planted, abs=4 * error)
