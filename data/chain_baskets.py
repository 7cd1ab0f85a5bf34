"""The sample chain's receipts of a month: orders of members and of walk-ins, and their lines.

Orders are a Poisson process (``chain_people``) weighted by the calendar; walk-ins come by the
calendar alone. Numbers of lines and units are geometric. A month is made by itself, so that memory
grows with a month and the members, not with the whole.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from regulars.data import chain_calendar as calendar
from regulars.data import chain_lists as lists
from regulars.data import chain_people as people_of
from regulars.data import chain_shops as shops
from regulars.data.chain_campaigns import (
    CAMPAIGNS,
    REDEEMED_ANYWAY,
    REDEEMED_IF_BROUGHT,
    TREATED,
)
from regulars.data.chain_lists import CATEGORIES, DAYS_N, Real, Whole
from regulars.data.chain_people import SEGMENTS, People
from regulars.data.chain_world import DAY_S, WALK_IN_LINES, Month, World

NOBODY = -1  # in place of a member, a campaign or a person behind the till
OPENS_S, CLOSES_S = 7 * 3600, 22 * 3600
HOURS_SPREAD = 2.5
WALK_IN_DISCOUNT = 0.12
WALK_IN_CARD_SHARE = 0.3  # of walk-ins: the cashier swipes the card kept for that
APP_SHARE = 0.6  # of online orders, the rest by the web shop
MINI_FIRST_MONTH = 21  # October 2025
PROMOTION_ONLINE, PROMOTION_DISCOUNT = 0.15, 0.25  # more of both during 618 and 11.11
SEASONAL_SHARE = 0.3  # of lines in a season, beside what chance picks of its categories
DISCOUNTS_PERCENT = (10, 20, 30)
SINGLE_SHARE = 0.75  # of lines that are of one unit
CATEGORY_NAMES = [*CATEGORIES]


def sales(world: World, month: Month) -> pl.DataFrame:
    """The month's sale lines, numbers in place of ids, by time; ``order`` counts from 0."""
    draw = world.dice(month, 0)
    orders = _numbered(
        pl.concat((_member_orders(world, month, draw), _walk_ins(world, month, draw)))
    )
    size = np.append([segment.lines_per_order for segment in SEGMENTS], WALK_IN_LINES)
    lines_n = draw.geometric(1 / size[orders["segment"].to_numpy()])
    order = np.repeat(np.arange(orders.height), lines_n)
    lines = orders[order].with_columns(
        line=pl.Series(np.arange(len(order)) - np.searchsorted(order, order) + 1),
        order=pl.Series(order),
    )
    usual = lines.with_columns(**_goods(draw, lines))
    return _priced(world, world.farewells.goods(usual, world.prices_fen))


def _member_orders(world: World, month: Month, draw: np.random.Generator) -> pl.DataFrame:
    people = world.people
    joined = np.flatnonzero(
        (people.joined_day >= month.first_day) & (people.joined_day < month.end_day)
    )
    found = [_orders_of(joined, people.joined_day[joined], NOBODY)]
    first = np.maximum(people.joined_day, month.first_day)
    end = np.minimum(people.last_day + 1, month.end_day)
    found.append(_poisson(people, draw, first, end, people.rate_per_day, NOBODY))
    for number, (campaign, arm) in enumerate(zip(CAMPAIGNS, world.arms, strict=True)):
        brought = _poisson(
            people,
            draw,
            np.maximum(first, campaign.first_day),
            np.minimum(end, campaign.end_day),
            np.where(arm == TREATED, people.rate_per_day * campaign.uplift, 0.0),
            number,
        )
        found.append(brought)
    orders = pl.concat(found)
    member, day = orders["member"].to_numpy(), orders["day"].to_numpy()
    segment = people.segment[member]
    online = people_of.of_segment("online_share")[segment]
    online = np.minimum(online + PROMOTION_ONLINE * calendar.is_promotion()[day], 1.0)
    is_mini = draw.random(len(day)) < world.mini_share * (month.number >= MINI_FIRST_MONTH)
    web = np.where(draw.random(len(day)) < APP_SHARE, 2, 1)
    channel = np.where(draw.random(len(day)) < online, np.where(is_mini, 3, web), 0)
    is_home = draw.random(len(day)) < people_of.USUAL_SHARE
    anywhere = lists.picks(draw, shops.store_shares(), len(day))
    till = np.where(is_home, people.home_store[member], anywhere)
    hour = draw.normal(people_of.of_segment("hour")[segment], HOURS_SPREAD)
    usual = orders.with_columns(
        segment=pl.Series(segment),
        second=pl.Series(_second(day, hour, draw)),
        channel=pl.Series(channel),
        store=pl.Series(
            np.select(
                [channel == 0, channel == CHANNEL_MINI], [till, shops.MINI_STORE], shops.WEB_STORE
            )
        ),
        campaign=pl.Series(_redeemed(world, draw, member, day, orders["campaign"].to_numpy())),
    )
    return world.farewells.orders(usual, world.dice(month, 2))


CHANNEL_MINI = 3


def _orders_of(member: Whole, day: Whole, campaign: int) -> pl.DataFrame:
    return pl.DataFrame({"member": member, "day": day}).with_columns(
        pl.all().cast(pl.Int64), campaign=pl.lit(campaign, pl.Int64)
    )


def _poisson(
    people: People,
    draw: np.random.Generator,
    first: Whole,
    end: Whole,
    rate: Real,
    campaign: int,
) -> pl.DataFrame:
    """Orders of a Poisson process of ``rate`` times the calendar, within ``[first, end)``."""
    found = []
    for number, segment in enumerate(SEGMENTS):
        here = np.flatnonzero((people.segment == number) & (end > first) & (rate > 0))
        mass = calendar.mass(segment.season_power)
        low, high = mass[first[here]], mass[end[here]]
        orders_n = draw.poisson(rate[here] * (high - low))
        at = np.repeat(low, orders_n) + draw.random(orders_n.sum()) * np.repeat(
            high - low, orders_n
        )
        day = np.minimum(np.searchsorted(mass, at, side="right") - 1, DAYS_N - 1)
        found.append(_orders_of(np.repeat(here, orders_n), day, campaign))
    return pl.concat(found)


def _walk_ins(world: World, month: Month, draw: np.random.Generator) -> pl.DataFrame:
    weights = calendar.weights(1.0)[month.first_day : month.end_day]
    orders_n = draw.poisson(world.walk_ins_per_day * weights)
    day = np.repeat(np.arange(month.first_day, month.end_day), orders_n)
    hour = draw.uniform(OPENS_S / 3600, CLOSES_S / 3600, len(day))
    nothing = np.full(len(day), NOBODY)
    return (
        _orders_of(nothing, day, NOBODY)
        .with_columns(
            segment=pl.lit(len(SEGMENTS), pl.Int64),
            second=pl.Series(_second(day, hour, draw)),
            channel=pl.lit(0, pl.Int64),
            store=pl.Series(lists.picks(draw, shops.store_shares(), len(day))),
        )
        .select("member", "day", "campaign", "segment", "second", "channel", "store")
    )


def _second(day: Whole, hour: Real, draw: np.random.Generator) -> Whole:
    second = (np.clip(hour * 3600, OPENS_S, CLOSES_S - 3600)).astype(np.int64)
    found: Whole = day * DAY_S + second + draw.integers(0, 3600, len(day))
    return found


def _redeemed(
    world: World, draw: np.random.Generator, member: Whole, day: Whole, brought_by: Whole
) -> Whole:
    """The campaign whose coupon each order uses, if any."""
    chance = draw.random(len(day))
    found = np.where(chance < REDEEMED_IF_BROUGHT, brought_by, NOBODY)
    for number, (campaign, arm) in enumerate(zip(CAMPAIGNS, world.arms, strict=True)):
        is_during = (day >= campaign.first_day) & (day < campaign.end_day)
        might = is_during & (arm[member] == TREATED) & (brought_by == NOBODY)
        found = np.where(might & (chance < REDEEMED_ANYWAY), number, found)
    return found


def _numbered(orders: pl.DataFrame) -> pl.DataFrame:
    """Orders by time, those of a store that was shut moved to the first one, with who served."""
    is_shut = (pl.col("store") == shops.CLOSED_STORE) & pl.col("day").is_between(
        (shops.CLOSED_MONTH - lists.FIRST_DAY).days,
        (date(shops.CLOSED_MONTH.year, shops.CLOSED_MONTH.month + 1, 1) - lists.FIRST_DAY).days,
        closed="left",
    )
    return orders.with_columns(
        store=pl.when(is_shut).then(0).otherwise("store").cast(pl.Int64)
    ).sort("second", "member", "store", maintain_order=True)


def _goods(draw: np.random.Generator, lines: pl.DataFrame) -> dict[str, pl.Series]:
    """What each line is of, how many, and by how many percent it is cheaper."""
    n = lines.height
    segment, day = lines["segment"].to_numpy(), lines["day"].to_numpy()
    is_member = segment < len(SEGMENTS)
    known = np.minimum(segment, len(SEGMENTS) - 1)
    chance = lists.picks(draw, lists.falling(len(CATEGORY_NAMES)), n)
    favourite = people_of.favourite_of(draw, known)
    is_favourite = is_member & (draw.random(n) < people_of.FAVOURITE_SHARE)
    category = np.where(is_favourite, favourite, chance)
    seasonal = np.array(
        [
            [0, 0, 0],
            [CATEGORY_NAMES.index(name) for name in calendar.FESTIVAL_CATEGORIES],
            [CATEGORY_NAMES.index(name) for name in calendar.SUMMER_CATEGORIES],
        ]
    )
    season = calendar.season()[day]
    is_seasonal = (season > 0) & (draw.random(n) < SEASONAL_SHARE)
    category = np.where(is_seasonal, seasonal[season, draw.integers(0, 3, n)], category)
    rank = lists.picks(draw, lists.falling(shops.PRODUCTS_PER_CATEGORY), n)
    product = category * shops.PRODUCTS_PER_CATEGORY + rank
    quantity = draw.geometric(SINGLE_SHARE, n)
    shares = np.append(people_of.of_segment("discount_share"), WALK_IN_DISCOUNT)[segment]
    shares = shares + PROMOTION_DISCOUNT * calendar.is_promotion()[day]
    percent = np.where(draw.random(n) < shares, draw.choice(DISCOUNTS_PERCENT, n), 0)
    return {
        "product": pl.Series(product),
        "quantity": pl.Series(quantity),
        "percent": pl.Series(percent),
    }


def _priced(world: World, lines: pl.DataFrame) -> pl.DataFrame:
    """The lines with what they cost, coupons taken off."""
    quantity = lines["quantity"].to_numpy()
    price = world.prices_fen[lines["product"].to_numpy()]
    discount = price * quantity * lines["percent"].to_numpy() // 100
    campaign = lines["campaign"].to_numpy()
    is_first = lines["line"].to_numpy() == 1
    values = np.array([one.value_fen for one in CAMPAIGNS])[np.maximum(campaign, 0)]
    # A coupon takes off at most half of the first line.
    coupon = np.where(
        is_first & (campaign >= 0), np.minimum(values, (price * quantity - discount) // 2), 0
    )
    discount = discount + coupon
    return lines.with_columns(
        price_fen=pl.Series(price),
        discount_fen=pl.Series(discount),
        amount_fen=pl.Series(price * quantity - discount),
        coupon_fen=pl.Series(coupon),
        campaign=pl.Series(np.where(is_first, campaign, NOBODY)),
    )
