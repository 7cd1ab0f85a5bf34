"""The synthetic chain's lists: its members, products and stores, and the dice they are drawn with.

No row is a real person's: telephone numbers begin with 100, which no Chinese mobile number does,
and mail addresses end in example.com.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from regulars.expectations.exports import DIGITS, MONEY_PLACES

Whole = npt.NDArray[np.int64]
Real = npt.NDArray[np.float64]
Truth = npt.NDArray[np.bool_]

FIRST_DAY = date(2024, 1, 1)
MONTHS_N, DAYS_N = 24, 731  # two years, the first a leap year: they end on 2025-12-31
# Below 1, many light buyers and a few heavy ones. Grocery buyers differ less than the buyers of
# CDs, for whom Fader, Hardie and Lee (2005, "Counting Your Customers" the Easy Way) found 0.24.
RATE_SHAPE = 0.8
# The hazard of leaving is gamma too, its shape what the Pareto/NBD gives on those CDs. At this
# scale a third of the members are gone within a year and half of them after 650 days, so that two
# years hold many ends and many survivors.
END_SHAPE, END_SCALE_DAYS = 0.6, 300.0
FOUNDERS_SHARE = 0.5  # members from before the first day, whose first orders are not in the data
FOUNDED_DAYS = 3 * 365  # how long before the first day the chain took in its first member
STORES_N = 40
PRODUCTS_N = 5_000
CHANNELS = {"store": 0.7, "app": 0.2, "web": 0.1}
CATEGORIES = {
    "蔬菜": "生鲜", "水果": "生鲜", "肉类": "生鲜", "乳品": "生鲜", "水产": "生鲜",
    "烘焙": "生鲜", "熟食": "生鲜", "饮料": "酒饮", "零食": "食品", "粮油": "食品",
    "调味": "食品", "冷冻": "食品", "酒类": "酒饮", "茶咖": "酒饮", "糖果": "食品",
    "纸品": "日用", "清洁": "日用", "个护": "日用", "母婴": "日用", "宠物": "日用",
}  # fmt: skip
CITIES = {"上海": "华东", "杭州": "华东", "南京": "华东", "苏州": "华东", "成都": "西南"}
FORMATS = ("便利店", "社区店", "大卖场")
SURNAMES = tuple("王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗")
GIVEN_NAMES = tuple("伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰建国婷宇")
BRANDS_N = 60
GENDERS = ("女", "男")
BIRTH_DAYS = (-74 * 365, -18 * 365)  # members are 18 to 74 on the first day
CONSENT_SHARE = 0.7
_PRODUCTS_PER_CATEGORY = PRODUCTS_N // len(CATEGORIES)


def dice(seed: int, *stream: int) -> np.random.Generator:
    """A stream of its own for each thing that is drawn, so that none disturbs another."""
    return np.random.default_rng((seed, *stream))


def falling(n: int) -> Real:
    """Shares of ``n`` things of falling popularity, by Zipf's law shifted off its sharp peak."""
    weights: Real = 1.0 / (np.arange(n, dtype=np.float64) + 5.0)
    shares: Real = weights / weights.sum()
    return shares


def picks(dice: np.random.Generator, shares: Real, n: int) -> Whole:
    """``n`` indices, each drawn in proportion to its share, which need not sum to one."""
    edges = np.cumsum(shares)
    # A draw is below the last edge but for rounding; the clip takes care of that.
    found: Whole = np.searchsorted(edges, dice.random(n) * edges[-1], side="right")
    return np.minimum(found, len(edges) - 1)


@dataclass(frozen=True)
class Members:
    """What the simulation knows of its members: an entry each, in order of joining.

    Days count from ``FIRST_DAY``; ``rate`` has no unit, since the number of lines is given.
    """

    joined_day: Whole
    end_day: Real
    rate: Real
    home_store: Whole
    channel: Whole
    favourite: Whole

    @staticmethod
    def drawn(members_n: int, *, seed: int) -> Members:
        """``members_n`` members, the first of them a founder, so that every chain has a buyer."""
        draw = dice(seed, 1)
        founders_n = int(np.ceil(members_n * FOUNDERS_SHARE))
        founders = draw.integers(-FOUNDED_DAYS, 0, founders_n)
        others = draw.integers(0, DAYS_N, members_n - founders_n)
        joined = np.sort(np.concatenate((founders, others)))
        hazard = draw.gamma(END_SHAPE, 1.0 / END_SCALE_DAYS, members_n)
        return Members(
            joined_day=joined,
            # A founder is one who is still there on the first day: at a given hazard, what is left
            # of an exponential life then is exponential again.
            end_day=np.maximum(joined, 0) + draw.exponential(1.0, members_n) / hazard,
            rate=draw.gamma(RATE_SHAPE, 1.0, members_n),
            home_store=picks(draw, falling(STORES_N), members_n),
            channel=picks(draw, np.array([*CHANNELS.values()]), members_n),
            favourite=draw.integers(0, len(CATEGORIES), members_n),
        )

    def days_alive(self, first_day: int, end_day: int) -> tuple[Whole, Real]:
        """The first day of ``[first_day, end_day)`` they may buy on, and how many from there."""
        first = np.maximum(self.joined_day, first_day)
        return first, np.maximum(np.minimum(self.end_day, end_day) - first, 0.0)


def customer_id(number: str) -> pl.Expr:
    return _id("M", number, digits=8)


def product_id(number: str) -> pl.Expr:
    return _id("P", number, digits=5)


def store_id(number: str) -> pl.Expr:
    return _id("S", number, digits=3)


def channel(number: str) -> pl.Expr:
    return one_of([*CHANNELS], number)


def yuan(fen: str) -> pl.Expr:
    """Whole fen as a decimal of two places, without leaving integers."""
    money = pl.Decimal(DIGITS, MONEY_PLACES)
    return (pl.col(fen).cast(money) * pl.lit("0.01").cast(money)).cast(money)


def product_of(category: Whole, rank: Whole) -> Whole:
    """The number of a category's product of that rank, 0 the best seller."""
    return category * _PRODUCTS_PER_CATEGORY + rank


def product_shares() -> Real:
    """How often a product is picked within its category, by rank."""
    return falling(_PRODUCTS_PER_CATEGORY)


def prices_fen(*, seed: int) -> Whole:
    """The price of each product in fen: log-normal around 15 yuan, ending in a 9 as prices do."""
    return (dice(seed, 2).lognormal(np.log(150.0), 0.7, PRODUCTS_N).astype(np.int64) + 1) * 10 - 1


def products(prices_fen: Whole, *, seed: int) -> pl.DataFrame:
    """The products export; a product costs 60 to 80 % of its price."""
    draw = dice(seed, 3)
    number = np.arange(PRODUCTS_N)
    return pl.DataFrame(
        {
            "number": number,
            "category": number // _PRODUCTS_PER_CATEGORY,
            "rank": number % _PRODUCTS_PER_CATEGORY + 1,
            "brand": draw.integers(0, BRANDS_N, PRODUCTS_N),
            "cost_fen": prices_fen * draw.integers(60, 81, PRODUCTS_N) // 100,
        }
    ).select(
        product_id("number").alias("product_id"),
        pl.format("{}{}", one_of([*CATEGORIES], "category"), "rank").alias("name"),
        one_of([*CATEGORIES], "category").alias("category"),
        one_of([*CATEGORIES.values()], "category").alias("department"),
        _id("品牌", "brand", digits=2).alias("brand"),
        yuan("cost_fen").alias("unit_cost"),
    )


def stores(*, seed: int) -> pl.DataFrame:
    """The stores export."""
    draw = dice(seed, 4)
    return pl.DataFrame(
        {
            "number": np.arange(STORES_N),
            "city": draw.integers(0, len(CITIES), STORES_N),
            "opened": draw.integers(-10 * 365, -FOUNDED_DAYS, STORES_N),
            "format": draw.integers(0, len(FORMATS), STORES_N),
        }
    ).select(
        store_id("number").alias("store_id"),
        pl.format("{}{}店", one_of([*CITIES], "city"), pl.col("number") + 1).alias("name"),
        one_of([*CITIES], "city").alias("city"),
        one_of([*CITIES.values()], "city").alias("region"),
        day("opened").alias("opened_on"),
        one_of(FORMATS, "format").alias("format"),
    )


def customers(members: Members, *, seed: int) -> pl.DataFrame:
    """The customers export: one row a member, those who never bought included."""
    draw = dice(seed, 5)
    members_n = len(members.rate)
    return pl.DataFrame(
        {
            "number": np.arange(members_n),
            "surname": draw.integers(0, len(SURNAMES), members_n),
            "given": draw.integers(0, len(GIVEN_NAMES), members_n),
            "birth": draw.integers(*BIRTH_DAYS, members_n),
            "gender": draw.integers(0, len(GENDERS), members_n),
            "city": draw.integers(0, len(CITIES), members_n),
            "joined": members.joined_day,
            "home_store": members.home_store,
            "channel": members.channel,
            "has_consent": draw.random(members_n) < CONSENT_SHARE,
        }
    ).select(
        customer_id("number").alias("customer_id"),
        pl.concat_str(one_of(SURNAMES, "surname"), one_of(GIVEN_NAMES, "given")).alias("name"),
        _id("100", "number", digits=8).alias("phone"),
        pl.format("{}@example.com", customer_id("number").str.to_lowercase()).alias("email"),
        day("birth").alias("birth_date"),
        one_of(GENDERS, "gender").alias("gender"),
        one_of([*CITIES], "city").alias("city"),
        one_of([*CITIES.values()], "city").alias("region"),
        day("joined").alias("joined_on"),
        store_id("home_store").alias("home_store_id"),
        channel("channel").alias("preferred_channel"),
        "has_consent",
    )


def _id(prefix: str, number: str, *, digits: int) -> pl.Expr:
    return pl.lit(prefix) + (pl.col(number) + 1).cast(pl.String).str.zfill(digits)


def one_of(names: Sequence[str], number: str) -> pl.Expr:
    return pl.lit(pl.Series([*names])).gather(pl.col(number))


def day(number: str) -> pl.Expr:
    """Days from ``FIRST_DAY`` as a date."""
    return pl.lit(FIRST_DAY) + pl.duration(days=number)
