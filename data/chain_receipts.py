"""The synthetic chain's receipts of a month: what its members buy, and what they bring back.

Members buy as in the Pareto/NBD model (Schmittlein, Morrison and Colombo 1987, "Counting Your
Customers"), the continuous-time sibling of the BG/NBD: a Poisson process at a rate of the
member's own, drawn from a gamma distribution, until the end of a life that is exponential at a
hazard of the member's own, drawn from another. Given how many there are, the purchases of a
month are independent draws of a member, in proportion to rate x days alive, and of a day among
those. That is what lets a month be made by itself and exactly to length.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from regulars.data import chain_lists as lists
from regulars.data.chain_lists import Members, Whole

LINES_PER_ORDER = 4  # the mean of a geometric: a quarter of the orders have a single line
ANONYMOUS_SHARE = 0.15  # of receipts; all of them at the till, since an app knows its user
RETURNED_SHARE = 0.031  # of lines sold, which makes 3 % of all lines returns
RETURN_DAYS_MEAN, RETURN_DAYS_MAX = 8, 30  # brought back within the month that shops allow
ORPHAN_SHARE = 0.02  # of returns: they name no receipt
USUAL_SHARE = 0.8  # of a member's orders at the home store, and by the preferred channel
FAVOURITE_SHARE = 0.3  # of a member's lines, beside what chance picks of that category
SINGLE_SHARE = 0.75  # of lines that are of one unit; geometric beyond
DISCOUNTED_SHARE, DISCOUNTS_PERCENT = 0.2, (10, 20, 30)
OPENS_S, CLOSES_S, DAY_S = 8 * 3600, 22 * 3600, 24 * 3600  # seconds of the day
ANONYMOUS = -1  # in place of a member's number
_FIRST_STREAM = 100  # dice of the months, beyond those of the lists

# A line before it is written: numbers in place of ids, seconds from FIRST_DAY, money in fen.
# back_s is when it will be brought back, if ever.
LINE = {
    "order_id": pl.String,
    "line_id": pl.Int64,
    "member": pl.Int64,
    "second": pl.Int64,
    "amount_fen": pl.Int64,
    "quantity": pl.Int64,
    "price_fen": pl.Int64,
    "discount_fen": pl.Int64,
    "product": pl.Int64,
    "store": pl.Int64,
    "channel": pl.Int64,
    "returns_order_id": pl.String,
    "back_s": pl.Int64,
    "is_orphan": pl.Boolean,
}


@dataclass(frozen=True)
class Month:
    """The days ``[first_day, end_day)`` from ``FIRST_DAY``, and how many lines are to fill them."""

    starts_on: date
    number: int
    first_day: int
    end_day: int
    lines_n: int

    @property
    def end_s(self) -> int:
        return self.end_day * DAY_S


def sales(
    members: Members, prices_fen: Whole, month: Month, *, lines_n: int, seed: int
) -> pl.DataFrame:
    """Lines sold in the month, as many as fill ``lines_n`` with those brought back within it."""
    draw = lists.dice(seed, _FIRST_STREAM + month.number)
    sizes = draw.geometric(1 / LINES_PER_ORDER, lines_n)
    order = np.repeat(np.arange(lines_n), sizes)[:lines_n]
    orders = _orders(draw, members, month, int(order.max(initial=-1)) + 1)
    line_orders = orders[order]
    lines = line_orders.with_columns(
        line_id=pl.Series(np.arange(lines_n) - np.searchsorted(order, order) + 1),
        returns_order_id=pl.lit(None, pl.String),
        **_goods(draw, members, prices_fen, line_orders["member"].to_numpy()),
        **_fates(draw, line_orders["second"].to_numpy() // DAY_S),
    )
    # Each line takes a place in the month, and a second one if it is brought back within it.
    is_back_now = (pl.col("back_s") < month.end_s).fill_null(value=False)
    places_n = 1 + is_back_now.cast(pl.Int64)
    filled_n = places_n.cum_sum()
    return (
        lines.filter(filled_n - places_n < lines_n)
        # Where a single place was left for a line that takes two, it is kept after all.
        .with_columns(back_s=pl.when(filled_n <= lines_n).then("back_s"))
        .select(*LINE)
    )


def _orders(
    draw: np.random.Generator, members: Members, month: Month, orders_n: int
) -> pl.DataFrame:
    """Who came, when, to which store and by which channel: a row an order, numbered by time."""
    first, days_n = members.days_alive(month.first_day, month.end_day)
    member = lists.picks(draw, members.rate * days_n, orders_n)
    is_anonymous = draw.random(orders_n) < ANONYMOUS_SHARE
    first_day = np.where(is_anonymous, month.first_day, first[member])
    span = np.where(is_anonymous, month.end_day - month.first_day, days_n[member])
    day = first_day + np.floor(draw.random(orders_n) * span).astype(np.int64)
    is_home, is_preferred = draw.random((2, orders_n)) < USUAL_SHARE
    second = day * DAY_S + draw.integers(OPENS_S, CLOSES_S, orders_n)
    store = lists.picks(draw, lists.falling(lists.STORES_N), orders_n)
    channel = lists.picks(draw, np.array([*lists.CHANNELS.values()]), orders_n)
    return pl.DataFrame(
        {
            "member": np.where(is_anonymous, ANONYMOUS, member),
            "second": second,
            "store": np.where(is_home & ~is_anonymous, members.home_store[member], store),
            "channel": np.where(
                is_anonymous, 0, np.where(is_preferred, members.channel[member], channel)
            ),
            "number": np.argsort(np.argsort(second, kind="stable"), kind="stable"),
        }
    ).with_columns(order_id=_receipt_id("O", month))


def _goods(
    draw: np.random.Generator, members: Members, prices_fen: Whole, member: Whole
) -> dict[str, pl.Series]:
    """What each line is of, how many and for how much, given who buys."""
    lines_n = len(member)
    is_favourite = (member != ANONYMOUS) & (draw.random(lines_n) < FAVOURITE_SHARE)
    category = np.where(
        is_favourite,
        members.favourite[member],
        lists.picks(draw, lists.falling(len(lists.CATEGORIES)), lines_n),
    )
    product = lists.product_of(category, lists.picks(draw, lists.product_shares(), lines_n))
    quantity = draw.geometric(SINGLE_SHARE, lines_n)
    percent = np.where(
        draw.random(lines_n) < DISCOUNTED_SHARE, draw.choice(DISCOUNTS_PERCENT, lines_n), 0
    )
    price_fen = prices_fen[product]
    discount_fen = price_fen * quantity * percent // 100
    return {
        "product": pl.Series(product),
        "quantity": pl.Series(quantity),
        "price_fen": pl.Series(price_fen),
        "discount_fen": pl.Series(discount_fen),
        "amount_fen": pl.Series(price_fen * quantity - discount_fen),
    }


def _fates(draw: np.random.Generator, day: Whole) -> dict[str, pl.Series]:
    """When each line is brought back, null if never, and whether its receipt is lost by then."""
    lines_n = len(day)
    is_returned = draw.random(lines_n) < RETURNED_SHARE
    delay_days = np.minimum(draw.geometric(1 / RETURN_DAYS_MEAN, lines_n), RETURN_DAYS_MAX)
    back_s = (day + delay_days) * DAY_S + draw.integers(OPENS_S, CLOSES_S, lines_n)
    return {
        "back_s": pl.Series(back_s).set(pl.Series(~is_returned), None),
        "is_orphan": pl.Series(draw.random(lines_n) < ORPHAN_SHARE),
    }


def returns(sold: pl.DataFrame) -> pl.DataFrame:
    """The lines brought back of those sold, each at its moment, its receipt not yet numbered."""
    return sold.filter(pl.col("back_s").is_not_null()).with_columns(
        -pl.col("amount_fen", "quantity", "discount_fen"),
        second="back_s",
        line_id=pl.lit(1, pl.Int64),
        returns_order_id=pl.when(~pl.col("is_orphan")).then("order_id"),
    )


def numbered(returned: pl.DataFrame, month: Month) -> pl.DataFrame:
    """The returns of a month as receipts, numbered by time."""
    return (
        returned.sort("second", "order_id", "line_id", "product")
        .with_row_index("number")
        .with_columns(order_id=_receipt_id("R", month))
        .select(*LINE)
    )


def _receipt_id(letter: str, month: Month) -> pl.Expr:
    number = (pl.col("number") + 1).cast(pl.String).str.zfill(8)
    return pl.lit(f"{letter}{month.starts_on:%Y%m}") + number
