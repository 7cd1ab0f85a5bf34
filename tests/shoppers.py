"""A population with planted ways to shop, as the warehouse hands it over."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import numpy as np
import polars as pl

from regulars.data.behaviour import Behaviour
from regulars.transforms.money import MONEY

FIRST_ON = date(2024, 1, 1)
AS_OF = date(2024, 12, 31)
ORDERS = pl.Schema(
    {
        "order_n": pl.Int64(),
        "customer_id": pl.UInt64(),
        "ordered_on": pl.Date(),
        "ordered_at": pl.Datetime("us"),
        "store_id": pl.String(),
        "channel": pl.String(),
        "gross": MONEY,
        "discount": MONEY,
        "lines_n": pl.Int32(),
        "coupon_lines_n": pl.Int32(),
    }
)
RETURNS = pl.Schema(
    {
        "order_n": pl.Int64(),
        "customer_id": pl.UInt64(),
        "returned_on": pl.Date(),
        "amount": MONEY,
    }
)
CATEGORIES = pl.Schema(
    {
        "customer_id": pl.UInt64(),
        "category": pl.String(),
        "ordered_on": pl.Date(),
        "lines_n": pl.Int32(),
    }
)
KINDS = (
    # gap in days, lines an order, hour, share with discount, share online, category
    (8.0, 6.0, 10, 0.2, 0.05, "rice"),
    (14.0, 1.5, 19, 0.05, 0.05, "drinks"),
    (25.0, 3.0, 21, 0.3, 0.9, "pets"),
    (30.0, 3.0, 14, 0.9, 0.1, "paper"),
)


def shoppers(*, seed: int, each_n: int = 80) -> tuple[Behaviour, pl.DataFrame]:
    """What they did, and the kind of each: customer_id, kind."""
    dice = np.random.default_rng(seed)
    ids = dice.permutation(2**20)[: each_n * len(KINDS)]
    orders, categories = [], []
    for place, customer_id in enumerate(ids):
        gap_days, lines, hour, discounted, online, favourite = KINDS[place % len(KINDS)]
        usual = gap_days * dice.uniform(0.7, 1.4)
        day = dice.uniform(0, 60)
        while day < (AS_OF - FIRST_ON).days:
            on = FIRST_ON + timedelta(days=int(day))
            lines_n = 1 + int(dice.poisson(lines - 1))
            gross = Decimal(int(lines_n * dice.uniform(800, 2500))).scaleb(-2)
            at = datetime.combine(on, time(int(np.clip(hour + dice.normal(0, 1.5), 6, 23))))
            discount = gross / 10 if dice.random() < discounted else Decimal(0)
            channel = "web" if dice.random() < online else "shop"
            order = (len(orders), customer_id, on, at, None, channel, gross, discount, lines_n, 0)
            orders.append(order)
            for _ in range(lines_n):
                other = dice.choice(["rice", "drinks", "pets", "paper", "tea", "milk"])
                picked = favourite if dice.random() < 0.5 else str(other)
                categories.append((customer_id, picked, on, 1))
            day += dice.exponential(usual) + 0.5
    kinds = pl.DataFrame(
        {"customer_id": ids, "kind": [place % len(KINDS) for place in range(len(ids))]},
        schema={"customer_id": pl.UInt64, "kind": pl.Int64},
    )
    frames = Behaviour(
        pl.DataFrame(orders, schema=ORDERS, orient="row"),
        RETURNS.to_frame(),
        pl.DataFrame(categories, schema=CATEGORIES, orient="row"),
    )
    return frames, kinds
