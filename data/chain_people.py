"""The sample chain's members and what is planted in them: hidden segments, rates, ends of life.

A member is of one segment. Within it he buys as in the Pareto/NBD model (Schmittlein, Morrison and
Colombo 1987, "Counting Your Customers"): a Poisson process at a rate of his own, gamma around the
segment's, times the calendar's weight of the day, until the end of a life that is exponential of
the segment's mean; how its last weeks may differ is told in ``chain_farewells``. Who joins within
the two years does so with an order. The figures of a segment are chosen to be told apart, not
measured.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from regulars.data import chain_lists as lists
from regulars.data import chain_shops as shops
from regulars.data.chain_lists import (
    CATEGORIES,
    DAYS_N,
    FIRST_DAY,
    FOUNDED_DAYS,
    Real,
    Truth,
    Whole,
)


@dataclass(frozen=True)
class Segment:
    """One planted type of behaviour.

    ``gap_days`` is the mean between two orders, ``life_days`` the mean life after joining,
    ``season_power`` how strongly the calendar moves it, ``hour`` the usual hour of the day.
    """

    name: str
    share: float
    gap_days: float
    lines_per_order: float
    discount_share: float
    online_share: float
    life_days: float
    season_power: float
    hour: float
    favourites: tuple[str, ...]


SEGMENTS = (
    Segment("family", 0.22, 12, 4.2, 0.20, 0.15, 1500, 1.0, 10, ("蔬菜", "肉类", "粮油", "纸品")),
    Segment("convenience", 0.23, 16, 1.5, 0.08, 0.10, 900, 0.6, 18, ("饮料", "零食", "熟食")),
    Segment("bargain", 0.15, 35, 3.2, 0.75, 0.45, 700, 2.0, 14, ("清洁", "纸品", "调味")),
    Segment("online", 0.17, 26, 2.4, 0.30, 0.85, 500, 1.0, 21, ("零食", "个护", "宠物")),
    Segment("festive", 0.08, 70, 5.0, 0.25, 0.20, 1500, 3.0, 15, ("酒类", "糖果", "茶咖")),
    Segment("passing", 0.15, 40, 2.0, 0.25, 0.20, 25, 1.0, 16, ("饮料", "水果")),
)
RATE_SHAPE = 4.0  # the rates within a segment spread by half their mean
FAVOURITE_SHARE = 0.5  # of a member's lines, beside what chance picks of those categories
USUAL_SHARE = 0.85  # of a member's till orders at the home store
FOUNDERS_SHARE = 0.5
EMAIL_SHARE, REFERRED_SHARE, CONSENT_SHARE = 0.6, 0.1, 0.7
LAST_JOINERS_DAYS = 14  # before the end nobody joins, so that everyone has been seen a while
WALK_IN = "000000000000000000"  # the card that cashiers swipe for whoever has none


@dataclass(frozen=True)
class People:
    """An entry a member, in order of joining; days count from the chain's first day.

    ``last_day`` is the last day a member may buy on; beyond the data for those still there.
    """

    segment: Whole
    joined_day: Whole
    last_day: Whole
    rate_per_day: Real
    home_store: Whole
    has_consent: Truth

    @staticmethod
    def drawn(members_n: int, *, seed: int) -> People:
        draw = lists.dice(seed, 201)
        shares = np.array([segment.share for segment in SEGMENTS])
        segment = lists.picks(draw, shares, members_n)
        founders_n = int(members_n * FOUNDERS_SHARE)
        founders = draw.integers(-FOUNDED_DAYS, 0, founders_n)
        others = draw.integers(0, DAYS_N - LAST_JOINERS_DAYS, members_n - founders_n)
        joined = np.sort(np.concatenate((founders, others)))
        life_days = draw.exponential(1.0, members_n) * of_segment("life_days")[segment]
        # A founder is one who is still there on the first day: what is left of an exponential
        # life then is exponential again.
        last = np.maximum(joined, 0) + np.floor(life_days).astype(np.int64)
        rate = draw.gamma(RATE_SHAPE, 1 / RATE_SHAPE, members_n) / of_segment("gap_days")[segment]
        return People(
            segment=segment,
            joined_day=joined,
            last_day=last,
            rate_per_day=rate,
            home_store=lists.picks(draw, shops.store_shares(), members_n),
            has_consent=draw.random(members_n) < CONSENT_SHARE,
        )

    def __len__(self) -> int:
        return len(self.segment)


def of_segment(name: str) -> Real:
    """One figure of each segment."""
    return np.array([float(getattr(segment, name)) for segment in SEGMENTS])


def member_id(number: str) -> pl.Expr:
    """Card numbers of 18 digits, which a spreadsheet turns into 8.61E+17."""
    return pl.lit("8610") + (pl.col(number) * 7 + 31).cast(pl.String).str.zfill(14)


def customers(people: People, *, seed: int) -> pl.DataFrame:
    """The member system's export under its own names, all as text."""
    draw = lists.dice(seed, 202)
    members_n = len(people)
    number = np.arange(members_n)
    has_referrer = (draw.random(members_n) < REFERRED_SHARE) & (number > 0)
    return pl.DataFrame(
        {
            "number": number,
            "surname": draw.integers(0, len(lists.SURNAMES), members_n),
            "given": draw.integers(0, len(lists.GIVEN_NAMES), members_n),
            "birth": draw.integers(*lists.BIRTH_DAYS, members_n),
            "gender": draw.integers(0, len(lists.GENDERS), members_n),
            "joined": people.joined_day,
            "store": people.home_store,
            "has_email": draw.random(members_n) < EMAIL_SHARE,
            "has_consent": people.has_consent,
            "referrer": np.floor(draw.random(members_n) * number).astype(np.int64),
            "has_referrer": has_referrer,
            "online": of_segment("online_share")[people.segment],
        }
    ).select(
        member_id("number").alias("会员卡号"),
        pl.concat_str(
            lists.one_of(lists.SURNAMES, "surname"), lists.one_of(lists.GIVEN_NAMES, "given")
        ).alias("姓名"),
        # No Chinese mobile number begins with 100.
        (pl.lit("100") + pl.col("number").cast(pl.String).str.zfill(8)).alias("手机号"),
        pl.when("has_email").then(pl.format("m{}@example.com", "number")).alias("邮箱"),
        lists.day("birth").dt.strftime("%Y%m%d").alias("生日"),
        lists.one_of(lists.GENDERS, "gender").alias("性别"),
        lists.one_of([store.city for store in shops.STORES], "store").alias("城市"),
        lists.one_of([store.region for store in shops.STORES], "store").alias("地区"),
        lists.day("joined").dt.strftime("%Y-%m-%d").alias("入会日期"),
        shops.store_id("store").alias("所属门店"),
        pl.when(pl.col("online") > 0.5)  # noqa: PLR2004 - the greater part
        .then(pl.lit("APP"))
        .otherwise(pl.lit("门店"))
        .alias("偏好渠道"),
        pl.when("has_consent").then(pl.lit("是")).otherwise(pl.lit("否")).alias("同意营销"),
        pl.when("has_referrer").then(member_id("referrer")).alias("推荐人卡号"),
    )


def truth(people: People) -> pl.DataFrame:
    """What is hidden: a row a member, ``customer_id`` as the exports have it.

    ``rate_per_day`` is the orders a day while alive, at a calendar weight of 1; ``alive_until`` is
    null for those who are still there at the end of the data.
    """
    last = pl.Series(people.last_day)
    return pl.DataFrame(
        {
            "number": np.arange(len(people)),
            "place": people.segment,
            "rate_per_day": people.rate_per_day,
            "joined": people.joined_day,
            "last": last.set(last >= DAYS_N, None),
            "discount_share": of_segment("discount_share")[people.segment],
            "online_share": of_segment("online_share")[people.segment],
            "lines_per_order": of_segment("lines_per_order")[people.segment],
            "store": people.home_store,
            "has_consent": people.has_consent,
        }
    ).select(
        member_id("number").alias("customer_id"),
        lists.one_of([segment.name for segment in SEGMENTS], "place").alias("segment"),
        "rate_per_day",
        lists.day("joined").alias("joined_on"),
        (pl.lit(FIRST_DAY) + pl.duration(days="last")).alias("alive_until"),
        "discount_share",
        "online_share",
        "lines_per_order",
        shops.store_id("store").alias("home_store_id"),
        "has_consent",
    )


def favourite_of(draw: np.random.Generator, segment: Whole) -> Whole:
    """A category drawn from each segment's favourites."""
    names = [*CATEGORIES]
    most = max(len(one.favourites) for one in SEGMENTS)
    table = np.array(
        [
            [names.index(one.favourites[place % len(one.favourites)]) for place in range(most)]
            for one in SEGMENTS
        ]
    )
    sizes = np.array([len(one.favourites) for one in SEGMENTS])
    chosen: Whole = table[segment, np.floor(draw.random(len(segment)) * sizes[segment]).astype(int)]
    return chosen
