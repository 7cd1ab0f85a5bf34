"""The sample chain's journal of a month: receipts under their numbers, and what was brought back.

A return is a receipt of its own that names the one it was sold on, unless that is lost (an
orphan). It may be of a part of the units, may come in a later month, and never comes twice.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from regulars.data import chain_baskets as baskets
from regulars.data import chain_people as people_of
from regulars.data import chain_shops as shops
from regulars.data.chain_baskets import CLOSES_S, NOBODY, OPENS_S
from regulars.data.chain_lists import FIRST_DAY
from regulars.data.chain_world import DAY_S, Month, World

RETURNED_SHARE, BAD_PRODUCT_RETURNED_SHARE = 0.03, 0.15  # of sale lines
PARTIAL_SHARE = 0.5  # of returns of several units: one unit comes back
ORPHAN_SHARE = 0.03  # of returns
RETURN_DAYS_MEAN, RETURN_DAYS_MAX = 8, 30

# A line before it is written: numbers in place of ids, seconds from the first day, money in fen.
# `has_return` says that something of the order was brought back; `back_*` is what will be.
LINE = {
    "order_id": pl.String,
    "line": pl.Int64,
    "member": pl.Int64,
    "has_card": pl.Boolean,
    "second": pl.Int64,
    "amount_fen": pl.Int64,
    "quantity": pl.Int64,
    "price_fen": pl.Int64,
    "discount_fen": pl.Int64,
    "coupon_fen": pl.Int64,
    "product": pl.Int64,
    "store": pl.Int64,
    "channel": pl.Int64,
    "staff": pl.Int64,
    "campaign": pl.Int64,
    "is_return": pl.Boolean,
    "returns_order_id": pl.String,
    "has_return": pl.Boolean,
    "back_s": pl.Int64,
    "back_units": pl.Int64,
    "is_orphan": pl.Boolean,
}


def nothing() -> pl.DataFrame:
    """A journal of no lines."""
    return pl.DataFrame(schema=LINE)


def journal(world: World, month: Month, awaited: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The month's lines by time, and the sale lines that will be brought back after it."""
    sold = _sold(world, month)
    to_come = pl.concat((awaited, sold.filter(pl.col("back_s").is_not_null())))
    is_due = pl.col("back_s") < month.end_s
    lines = pl.concat((sold, _returns(to_come.filter(is_due)))).sort(
        "second", "order_id", "line", maintain_order=True
    )
    return lines, to_come.filter(~is_due)


def card(member: str = "member", has_card: str = "has_card") -> pl.Expr:
    """The card on the receipt: a member's, the one kept for walk-ins, or none."""
    return (
        pl.when(pl.col(member) != NOBODY)
        .then(people_of.member_id(member))
        .when(has_card)
        .then(pl.lit(people_of.WALK_IN))
    )


def at(second: str = "second") -> pl.Expr:
    """The wall-clock time of a second."""
    return pl.lit(FIRST_DAY).cast(pl.Datetime("us")) + pl.duration(seconds=second)


def _sold(world: World, month: Month) -> pl.DataFrame:
    draw = world.dice(month, 1)
    lines = baskets.sales(world, month)
    orders_n = lines["order"].n_unique()
    order = lines["order"].to_numpy()
    clerk = draw.integers(0, shops.STAFF_PER_STORE, orders_n)[order]
    has_card = (draw.random(orders_n) < baskets.WALK_IN_CARD_SHARE)[order]
    is_bad = lines["product"].to_numpy() == shops.BAD_PRODUCT
    usual = np.where(is_bad, BAD_PRODUCT_RETURNED_SHARE, RETURNED_SHARE)
    share = world.farewells.returned_share(lines, usual)
    is_back = draw.random(lines.height) < share
    delay = np.minimum(draw.geometric(1 / RETURN_DAYS_MEAN, lines.height), RETURN_DAYS_MAX)
    back_s = (lines["day"].to_numpy() + delay) * DAY_S + draw.integers(
        OPENS_S, CLOSES_S, lines.height
    )
    is_partial = draw.random(lines.height) < PARTIAL_SHARE
    has_return = np.zeros(orders_n, dtype=np.bool_)
    has_return[order[is_back]] = True
    in_store = pl.col("channel") == 0
    return (
        lines.with_columns(
            has_card=pl.Series(has_card),
            staff=pl.when(in_store)
            .then(pl.col("store") * shops.STAFF_PER_STORE + pl.Series(clerk))
            .otherwise(NOBODY),
            has_return=pl.Series(has_return[order]),
            back_s=pl.Series(back_s).set(pl.Series(~is_back), None),
            back_units=pl.when(pl.Series(is_partial)).then(1).otherwise("quantity"),
            is_orphan=pl.Series(draw.random(lines.height) < ORPHAN_SHARE),
            is_return=pl.lit(value=False),
            returns_order_id=pl.lit(None, pl.String),
            is_first=pl.col("line") == 1,
        )
        .with_columns(order_id=_receipt_id(is_return=False))
        .select(pl.col(name).cast(dtype) for name, dtype in LINE.items())
    )


def _returns(due: pl.DataFrame) -> pl.DataFrame:
    """Lines brought back, each at its moment and under a number of its own."""
    units = pl.col("back_units")
    discount_fen = pl.col("discount_fen") * units // pl.col("quantity")
    month = at("back_s").dt.date().dt.truncate("1mo")
    is_shut = (pl.col("store") == shops.CLOSED_STORE) & (month == shops.CLOSED_MONTH)
    return (
        due.sort("back_s", "order_id", "line", maintain_order=True)
        .with_columns(
            amount_fen=discount_fen - pl.col("price_fen") * units,
            discount_fen=-discount_fen,
            quantity=-units,
            second="back_s",
            line=pl.lit(1, pl.Int64),
            store=pl.when(is_shut).then(0).otherwise("store"),
            campaign=pl.lit(NOBODY, pl.Int64),
            coupon_fen=pl.lit(0, pl.Int64),
            is_return=pl.lit(value=True),
            returns_order_id=pl.when(~pl.col("is_orphan")).then("order_id"),
            is_first=pl.lit(value=True),
            back_s=pl.lit(None, pl.Int64),
        )
        .with_columns(order_id=_receipt_id(is_return=True))
        .select(pl.col(name).cast(dtype) for name, dtype in LINE.items())
    )


def _receipt_id(*, is_return: bool) -> pl.Expr:
    """The number a system gives: tills count by store and day, the online shops by day.

    A till's number has 18 digits, which a spreadsheet turns into 8.00112E+17.
    """
    day = at().dt.strftime("%Y%m%d")
    system = pl.when(pl.col("channel") == 0).then(pl.col("store")).otherwise(pl.col("channel") + 99)
    count = pl.col("is_first").cast(pl.Int64).cum_sum().over(system, day).cast(pl.String)
    store = (pl.col("store") + 1).cast(pl.String).str.zfill(2)
    letter = "R" if is_return else ""
    return pl.when(pl.col("channel") == 0).then(
        pl.lit("8009" if is_return else "8001") + store + day + count.str.zfill(4)
    ).when(pl.col("channel") == baskets.CHANNEL_MINI).then(
        pl.lit(f"MP{letter}") + day + count.str.zfill(6)
    ).otherwise(pl.lit(f"W{letter}") + day + pl.col("channel").cast(pl.String)) + pl.when(
        pl.col("channel").is_in([1, 2])
    ).then(count.str.zfill(6)).otherwise(pl.lit(""))
