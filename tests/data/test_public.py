"""Public data as models are shown it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import polars as pl

from regulars.data.public import cdnow, cdnow_sample
from regulars.transforms.earlier_nets import earlier_nets

ENDS = date(1998, 6, 30)


def test_the_sample_is_a_tenth_of_the_customers_with_all_that_they_bought() -> None:
    sample, master = cdnow_sample().orders, cdnow().orders
    assert (sample["customer_id"].n_unique(), sample.height) == (2_357, 6_919)
    assert (master["customer_id"].n_unique(), master.height) == (23_570, 69_659)

    def baskets(orders: pl.DataFrame) -> set[tuple[object, ...]]:
        """What each customer bought, whatever their number."""
        lines = orders.sort("ordered_on", "gross", "quantity").group_by("customer_id")
        return set(lines.agg("ordered_on", "gross", "quantity").select(
            pl.col(name).cast(pl.List(pl.String)).list.join(" ")
            for name in ("ordered_on", "gross", "quantity")
        ).rows())  # fmt: skip

    assert baskets(sample) <= baskets(master)


def test_no_order_is_without_money_and_gifts_are_a_cent() -> None:
    shown = cdnow()
    assert shown.orders.filter(pl.col("gross") == Decimal("0.01")).height == 80
    assert earlier_nets(*shown[:2], as_of=ENDS)["net"].min() == Decimal("0.01")
