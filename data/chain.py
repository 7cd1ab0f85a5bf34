"""A synthetic chain: clean exports of any number of receipt lines, from a seed.

``chain_lists`` says who is a member and what is sold where, ``chain_receipts`` what is bought and
brought back. It is made a month at a time, in memory that grows with a month's lines and with the
members, never with the whole.
"""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl

from regulars.data import chain_lists as lists
from regulars.data.chain_lists import FIRST_DAY, MONTHS_N, Members
from regulars.data.chain_receipts import ANONYMOUS, LINE, Month, numbered, returns, sales
from regulars.expectations.errors import SettingsError

LINES_PER_MEMBER = 40  # some eight orders a member in two years, as in a loyalty programme


def write_chain(folder: Path, *, lines_n: int, seed: int) -> None:
    """Write exports of exactly ``lines_n`` receipt lines into ``folder/exports``.

    ``transactions_YYYY-MM.csv`` for each month of 2024 and 2025 that has lines, one row a line, by
    time; ``products.csv``, ``customers.csv``, ``stores.csv``. A return is a receipt of its own,
    its amount, quantity and discount negative, that names the order it was sold on unless it is
    an orphan. The same arguments give the same bytes.

    Raises:
        SettingsError: ``lines_n`` is below one.
    """
    if lines_n < 1:
        raise SettingsError(
            f"a chain of {lines_n} lines",
            expected="one line or more",
            left="nothing was written",
            next_step="ask for a positive number of lines",
        )
    exports = folder / "exports"
    exports.mkdir(parents=True, exist_ok=True)
    members = Members.drawn(-(-lines_n // LINES_PER_MEMBER), seed=seed)
    prices_fen = lists.prices_fen(seed=seed)
    lists.products(prices_fen, seed=seed).write_csv(exports / "products.csv")
    lists.customers(members, seed=seed).write_csv(exports / "customers.csv")
    lists.stores(seed=seed).write_csv(exports / "stores.csv")
    awaited = pl.DataFrame(schema=LINE)  # returns of what was sold, still to come
    for month in _months(members, lines_n):
        is_due = pl.col("second") < month.end_s
        # A chain of a few lines may have a month too small for the returns that fall into it.
        due = awaited.filter(is_due).head(month.lines_n)
        sold = sales(members, prices_fen, month, lines_n=month.lines_n - due.height, seed=seed)
        brought_back = returns(sold)
        due = numbered(pl.concat((due, brought_back.filter(is_due))), month)
        awaited = pl.concat((awaited.filter(~is_due), brought_back.filter(~is_due)))
        if month.lines_n:
            lines = pl.concat((sold, due)).sort("second", "order_id", "line_id")
            _exported(lines).write_csv(
                exports / f"transactions_{month.starts_on:%Y-%m}.csv",
                datetime_format="%Y-%m-%d %H:%M:%S",
            )


def chain_settings() -> str:
    """The text of ``regulars.toml`` for these exports; their columns bear the contract's names."""
    return """\
[chain]
name = "连锁示例"
currency = "CNY"
time_zone = "Asia/Shanghai"
language = "zh"

[exports.transactions]
files = "exports/transactions_*.csv"
[exports.products]
files = "exports/products.csv"
[exports.customers]
files = "exports/customers.csv"
[exports.stores]
files = "exports/stores.csv"

[rfm]
compare_days = 28

[churn]
horizon_days = 28
"""


def _months(members: Members, lines_n: int) -> list[Month]:
    """The months, the lines shared out among them by what members are there to buy."""
    starts = [date(FIRST_DAY.year + n // 12, n % 12 + 1, 1) for n in range(MONTHS_N + 1)]
    days = [(start - FIRST_DAY).days for start in starts]
    activity = np.array(
        # Not by a matrix product, whose last bits depend on the number of threads.
        [(members.rate * members.days_alive(first, end)[1]).sum() for first, end in pairwise(days)]
    )
    until = np.rint(np.cumsum(activity) / activity.sum() * lines_n).astype(int)
    return [
        Month(starts[n], n, days[n], days[n + 1], int(count))
        for n, count in enumerate(np.diff(until, prepend=0))
    ]


def _exported(lines: pl.DataFrame) -> pl.DataFrame:
    """The lines as the chain's systems write them."""
    return lines.select(
        "order_id",
        "line_id",
        pl.when(pl.col("member") != ANONYMOUS)
        .then(lists.customer_id("member"))
        .alias("customer_id"),
        (pl.lit(FIRST_DAY).cast(pl.Datetime("us")) + pl.duration(seconds="second")).alias(
            "ordered_at"
        ),
        lists.yuan("amount_fen").alias("amount"),
        "quantity",
        lists.yuan("price_fen").alias("unit_price"),
        lists.yuan("discount_fen").alias("discount"),
        lists.product_id("product").alias("product_id"),
        lists.store_id("store").alias("store_id"),
        lists.channel("channel").alias("channel"),
        is_return=pl.col("amount_fen") < 0,
        returns_order_id="returns_order_id",
    )
