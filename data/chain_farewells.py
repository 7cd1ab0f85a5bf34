"""The sample chain's farewells: what members change in their last weeks, before they stay away.

Of the members whose life ends within the data, most say farewell in one way, each of one cause that
a reason of churn can name; the others stop from one day to the next. A cause changes what the
member would have bought anyway, and nothing else about it. It is drawn among those that the
member's way to shop can show: who buys single things cannot buy fewer, who buys by discount
already cannot begin to. The figures are chosen to be told apart, not measured.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from regulars.data import chain_lists as lists
from regulars.data import chain_people as people_of
from regulars.data import chain_shops as shops
from regulars.data.chain_lists import CATEGORIES, DAYS_N, FIRST_DAY, Real, Truth, Whole
from regulars.data.chain_people import People

FAREWELL_DAYS = 42  # up to the end of life, its last day included
FAREWELL_SHARE = 0.9  # of those who could; the rest leave from one day to the next
BEFORE_DAYS = 84  # of life in the data before it, or there is nothing it differs from
LEAST_ORDERS = 2.0  # expected in the last weeks, or there is nothing to see
LEAST_TO_SLOW = 3.0  # likewise, of those who slow down
CAUSES = ("slowing", "breadth", "basket", "discount", "returns")
SLOWING, BREADTH, BASKET, DISCOUNT, RETURNS = range(len(CAUSES))
ABRUPT = -1  # in place of a cause

SLOWING_KEPT_SHARE = 0.3  # of orders: gaps grow to more than three times their length
DISCOUNT_PERCENT = 50  # on every line
RETURNED_SHARE = 0.7  # of lines
LEAST_LINES, MOST_DISCOUNT_SHARE = 2.0, 0.5  # of an order; beyond, a basket or discounts show


@dataclass(frozen=True)
class Farewells:
    """An entry a member: the place of the cause in ``CAUSES`` or ``ABRUPT``, the category that the
    member comes for in the end, and the first day, beyond the data where there is no farewell."""

    cause: Whole
    category: Whole
    first_day: Whole

    @staticmethod
    def drawn(people: People, *, seed: int) -> Farewells:
        draw = lists.dice(seed, 206)
        members_n = len(people)
        first_day = people.last_day - FAREWELL_DAYS + 1
        says_so = (
            (people.last_day < DAYS_N)
            & (first_day - np.maximum(people.joined_day, 0) >= BEFORE_DAYS)
            & (people.rate_per_day * FAREWELL_DAYS >= LEAST_ORDERS)
            & (draw.random(members_n) < FAREWELL_SHARE)
        )
        chance = np.where(_can_show(people), draw.random((members_n, len(CAUSES))), -1.0)
        return Farewells(
            cause=np.where(says_so, chance.argmax(axis=1), ABRUPT),
            category=draw.integers(0, len(CATEGORIES), members_n),
            first_day=np.where(says_so, first_day, DAYS_N),
        )

    def are_said(self, cause: int, member: Whole, day: Whole) -> Truth:
        """Whether each member, who may be nobody, says farewell of that cause on that day."""
        known = np.maximum(member, 0)
        said: Truth = (member >= 0) & (self.cause[known] == cause) & (day >= self.first_day[known])
        return said

    def orders(self, orders: pl.DataFrame, draw: np.random.Generator) -> pl.DataFrame:
        """Orders of members as they become: fewer, of those who slow down."""
        member, day = orders["member"].to_numpy(), orders["day"].to_numpy()
        is_kept = draw.random(orders.height) < SLOWING_KEPT_SHARE
        return orders.filter(pl.Series(is_kept | ~self.are_said(SLOWING, member, day)))

    def goods(self, lines: pl.DataFrame, prices_fen: Whole) -> pl.DataFrame:
        """Lines, by order, as they become: one thing an order and the cheapest of its category, all
        of one category, or by discount."""
        member, day = lines["member"].to_numpy(), lines["day"].to_numpy()
        is_one = pl.Series(self.are_said(BASKET, member, day))
        category = self.category[np.maximum(member, 0)] * shops.PRODUCTS_PER_CATEGORY
        product = lines["product"].to_numpy()
        rank = product % shops.PRODUCTS_PER_CATEGORY
        cheapest = prices_fen.reshape(len(CATEGORIES), shops.PRODUCTS_PER_CATEGORY).argmin(axis=1)
        cheap = product - rank + cheapest[product // shops.PRODUCTS_PER_CATEGORY]
        is_narrow = pl.Series(self.are_said(BREADTH, member, day))
        is_cheap = pl.Series(self.are_said(DISCOUNT, member, day))
        return lines.with_columns(
            product=pl.when(is_narrow)
            .then(pl.Series(category + rank))
            .when(is_one)
            .then(pl.Series(cheap))
            .otherwise("product"),
            percent=pl.when(is_cheap).then(DISCOUNT_PERCENT).otherwise("percent"),
            quantity=pl.when(is_one).then(1).otherwise("quantity"),
        ).filter(~is_one | (pl.col("line") == 1))

    def returned_share(self, lines: pl.DataFrame, usual: Real) -> Real:
        """The share of lines that are brought back."""
        member, day = lines["member"].to_numpy(), lines["day"].to_numpy()
        share: Real = np.where(self.are_said(RETURNS, member, day), RETURNED_SHARE, usual)
        return share

    def truth(self) -> pl.DataFrame:
        """A row a member in their order: ``farewell``, its cause, and ``farewell_from``, its first
        day; both null for those who left from one day to the next, or are still there."""
        is_said = pl.Series(self.cause != ABRUPT)
        return pl.DataFrame(
            {"cause": np.maximum(self.cause, 0), "first": self.first_day, "is_said": is_said}
        ).select(
            pl.when("is_said").then(lists.one_of(CAUSES, "cause")).alias("farewell"),
            pl.when("is_said")
            .then(pl.lit(FIRST_DAY) + pl.duration(days="first"))
            .alias("farewell_from"),
        )


def _can_show(people: People) -> Truth:
    """Which causes each member's way to shop can show, a column a cause."""
    can = np.ones((len(people), len(CAUSES)), dtype=np.bool_)
    lines_n = people_of.of_segment("lines_per_order")
    discount_share = people_of.of_segment("discount_share")
    can[:, SLOWING] = people.rate_per_day * FAREWELL_DAYS >= LEAST_TO_SLOW
    can[:, BASKET] = (lines_n >= LEAST_LINES)[people.segment]
    can[:, DISCOUNT] = (discount_share <= MOST_DISCOUNT_SHARE)[people.segment]
    return can
