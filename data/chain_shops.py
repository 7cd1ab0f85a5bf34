"""The sample chain's stores, staff and products, and which of them are planted as bad.

Twelve stores in six cities and two online shops; six people a store; sixty products a category.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from regulars.data import chain_lists as lists
from regulars.data.chain_lists import CATEGORIES, Real, Whole


@dataclass(frozen=True)
class Store:
    """One store as the store system lists it."""

    name: str
    city: str
    region: str
    opened_on: date
    format: str


STORES = (
    Store("人民广场店", "上海", "华东", date(2015, 3, 18), "大卖场"),
    Store("陆家嘴店", "上海", "华东", date(2017, 6, 1), "便利店"),
    Store("徐家汇店", "上海", "华东", date(2016, 9, 28), "社区店"),
    Store("西湖店", "杭州", "华东", date(2018, 4, 26), "大卖场"),
    Store("滨江店", "杭州", "华东", date(2019, 11, 11), "社区店"),
    Store("新街口店", "南京", "华东", date(2018, 1, 12), "大卖场"),
    Store("仙林店", "南京", "华东", date(2020, 8, 8), "便利店"),
    Store("观前街店", "苏州", "华东", date(2019, 5, 1), "社区店"),
    Store("春熙路店", "成都", "西南", date(2017, 10, 1), "大卖场"),
    Store("高新店", "成都", "西南", date(2021, 3, 15), "便利店"),
    Store("江汉路店", "武汉", "华中", date(2019, 9, 9), "社区店"),
    Store("光谷店", "武汉", "华中", date(2020, 12, 12), "便利店"),
    Store("网上商城", "上海", "线上", date(2019, 1, 1), "线上"),
    Store("小程序商城", "上海", "线上", date(2025, 10, 1), "线上"),
)
TILL_STORES_N = 12
WEB_STORE, MINI_STORE = 12, 13
CLOSED_STORE, CLOSED_MONTH = 11, date(2025, 2, 1)  # shut for a month, to be refitted
STAFF_PER_STORE = 6
PRODUCTS_PER_CATEGORY = 60
PRODUCTS_N = PRODUCTS_PER_CATEGORY * len(CATEGORIES)
CHANNELS = ("门店", "网店", "APP", "小程序")
BRANDS_N = 60
_COST_PERCENT = (60, 81)  # of the price
_ROLES = ("店长", "收银员", "收银员", "收银员", "理货员", "导购")
_NAMES = [*CATEGORIES]
_LIQUOR = _NAMES.index("酒类")
LIQUOR_FEN = 149_900  # the bottle that makes an amount of four digits

BAD_STORE = 6
RUDE_STAFF = 3 * STAFF_PER_STORE + 2
BAD_PRODUCT = _NAMES.index("乳品") * PRODUCTS_PER_CATEGORY


def store_shares() -> Real:
    """How often each till store is picked."""
    return lists.falling(TILL_STORES_N)


def store_id(number: str) -> pl.Expr:
    return pl.lit("S") + (pl.col(number) + 1).cast(pl.String).str.zfill(3)


def staff_id(number: str) -> pl.Expr:
    """The person, null for a number below zero: nobody stands behind an online shop."""
    return pl.when(pl.col(number) >= 0).then(
        pl.lit("E") + (pl.col(number) + 1).cast(pl.String).str.zfill(4)
    )


def product_id(number: str) -> pl.Expr:
    """Codes of eight digits with leading zeros, as bar codes of one's own have."""
    return (pl.col(number) + 1).cast(pl.String).str.zfill(8)


def shown(identifier: pl.Expr, number: int) -> str:
    """One id as the exports write it."""
    return str(pl.DataFrame({"number": [number]}).select(identifier).item())


def prices_fen(*, seed: int) -> Whole:
    """Log-normal around 15 yuan, ending in a 9 as prices do; one bottle costs 1,499."""
    draw = lists.dice(seed, 203)
    prices = (draw.lognormal(np.log(150.0), 0.7, PRODUCTS_N).astype(np.int64) + 1) * 10 - 1
    prices[_LIQUOR * PRODUCTS_PER_CATEGORY + 1] = LIQUOR_FEN
    return prices


def products(prices: Whole, *, seed: int) -> pl.DataFrame:
    """The merchandise system's export under its own names; the cost in fen."""
    draw = lists.dice(seed, 204)
    number = np.arange(PRODUCTS_N)
    return pl.DataFrame(
        {
            "number": number,
            "category": number // PRODUCTS_PER_CATEGORY,
            "rank": number % PRODUCTS_PER_CATEGORY + 1,
            "brand": draw.integers(1, BRANDS_N + 1, PRODUCTS_N),
            "cost_fen": prices * draw.integers(*_COST_PERCENT, PRODUCTS_N) // 100,
        }
    ).select(
        product_id("number").alias("商品编码"),
        pl.format("{}{}", lists.one_of(_NAMES, "category"), "rank").alias("商品名称"),
        lists.one_of(_NAMES, "category").alias("品类"),
        lists.one_of([*CATEGORIES.values()], "category").alias("部类"),
        pl.format("品牌{}", "brand").alias("品牌"),
        "cost_fen",
    )


def stores() -> pl.DataFrame:
    """The store system's export under its own names."""
    return pl.DataFrame(
        {
            "number": range(len(STORES)),
            "门店名称": [store.name for store in STORES],
            "城市": [store.city for store in STORES],
            "大区": [store.region for store in STORES],
            "开业日期": [store.opened_on for store in STORES],
            "业态": [store.format for store in STORES],
        }
    ).select(store_id("number").alias("门店编码"), pl.exclude("number"))


def staff(*, seed: int) -> pl.DataFrame:
    """The people system's export: everyone behind a till."""
    people_n = TILL_STORES_N * STAFF_PER_STORE
    number = np.arange(people_n)
    hired = lists.dice(seed, 205).integers(-5 * 365, 0, people_n)
    return pl.DataFrame(
        {"number": number, "store": number // STAFF_PER_STORE, "hired": hired}
    ).select(
        staff_id("number").alias("staff_id"),
        store_id("store").alias("store_id"),
        pl.Series("role", _ROLES * TILL_STORES_N),
        lists.day("hired").alias("hired_on"),
    )
