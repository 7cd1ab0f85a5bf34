from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.transforms.buying_history import bought_since, buying_history
from regulars.transforms.order_nets import ORDER_NETS
from regulars.transforms.purchases import purchases

AS_OF = date(2024, 12, 31)
CUSTOMERS = (0, 7, 8, 2**64 - 1)

ROWS = st.lists(
    st.tuples(
        st.sampled_from(CUSTOMERS),
        st.integers(0, 40).map(lambda days: AS_OF - timedelta(days=days)),
        st.sampled_from(["-3.00", "-0.01", "0.00", "0.01", "12.34", "89638.99"]).map(Decimal),
        st.booleans(),
    ),
    max_size=30,
)


def nets(rows: list[tuple[int, date, Decimal, bool]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=ORDER_NETS, orient="row")


def by_hand(rows: list[tuple[int, date, Decimal, bool]]) -> dict[int, dict[str, object]]:
    """The same in plain Python, a customer at a time."""
    found = {}
    for customer in {row[0] for row in rows}:
        worth: dict[date, Decimal] = {}
        for _, day, net, is_order in (row for row in rows if row[0] == customer):
            if is_order and net > 0:
                worth[day] = worth.get(day, Decimal(0)) + net
        if worth:
            first, *repeats = sorted(worth)
            mean = Fraction(sum(worth[day] for day in repeats)) / max(len(repeats), 1)
            found[customer] = {
                "repeat_days_n": len(repeats),
                "last_purchase_age_days": (max(worth) - first).days,
                "observed_days": (AS_OF - first).days,
                "spend_per_day_mean": float(mean) if repeats else None,
            }
    return found


@given(ROWS)
@settings(max_examples=60)
def test_a_history_is_what_plain_python_finds(rows):
    found = buying_history(nets(rows), as_of=AS_OF).to_dicts()
    assert {row.pop("customer_id"): row for row in found} == by_hand(rows)


@given(ROWS, st.sets(st.sampled_from(CUSTOMERS)))
@settings(max_examples=25)
def test_customers_apart_are_what_they_are_together(rows, some):
    apart = [
        buying_history(nets([row for row in rows if (row[0] in some) == is_in]), as_of=AS_OF)
        for is_in in (True, False)
    ]
    together = buying_history(nets(rows), as_of=AS_OF)
    assert pl.concat(apart).sort("customer_id").equals(together.sort("customer_id"))


@given(ROWS, st.randoms())
@settings(max_examples=25)
def test_the_order_of_the_rows_does_not_matter(rows, dice):
    first = buying_history(nets(rows), as_of=AS_OF).sort("customer_id")
    dice.shuffle(rows)
    assert buying_history(nets(rows), as_of=AS_OF).sort("customer_id").equals(first)


@given(ROWS)
@settings(max_examples=25)
def test_repeat_days_are_the_purchase_days_but_one(rows):
    bought = purchases(nets(rows), as_of=AS_OF).filter(pl.col("purchase_days_n") > 0)
    history = buying_history(nets(rows), as_of=AS_OF)
    both = bought.join(history, on="customer_id", how="full")
    assert both.height == bought.height == history.height
    assert both["repeat_days_n"].to_list() == (both["purchase_days_n"] - 1).to_list()
    assert both["observed_days"].to_list() == both["tenure_days"].to_list()


def test_the_first_day_is_not_in_the_mean_and_two_orders_of_a_day_are_one_purchase(drawn):
    order_nets = drawn(
        """
        customer_id  ordered_on  net    is_order
        1            2024-12-01  99.00  yes
        1            2024-12-11  10.00  yes
        1            2024-12-11  5.00   yes
        1            2024-12-21  6.00   yes
        """,
        ORDER_NETS,
    )
    found = buying_history(order_nets, as_of=AS_OF)
    assert found.rows() == [(1, 2, 20, 30, 10.5)]


def test_what_was_taken_back_whole_or_never_sold_is_no_purchase_and_lowers_none(drawn):
    order_nets = drawn(
        """
        customer_id  ordered_on  net    is_order
        1            2024-12-01  99.00  yes
        1            2024-12-11  10.00  yes
        1            2024-12-11  -4.00  no
        1            2024-12-21  0.00   yes
        1            2024-12-22  -7.00  yes
        2            2024-12-22  -7.00  no
        """,
        ORDER_NETS,
    )
    assert buying_history(order_nets, as_of=AS_OF).rows() == [(1, 1, 10, 30, 10.0)]


def test_a_customer_of_one_day_has_no_mean(drawn):
    order_nets = drawn(
        """
        customer_id  ordered_on  net   is_order
        1            2024-12-31  5.00  yes
        """,
        ORDER_NETS,
    )
    assert buying_history(order_nets, as_of=AS_OF).rows() == [(1, 0, 0, 0, None)]


def test_bought_since_counts_days_after_the_eve_up_to_the_day(drawn):
    order_nets = drawn(
        """
        customer_id  ordered_on  net    is_order
        1            2024-11-30  99.00  yes
        1            2024-12-01  10.00  yes
        1            2024-12-01  2.50   yes
        1            2024-12-31  6.00   yes
        1            2024-12-30  -6.00  no
        2            2024-11-30  1.00   yes
        """,
        ORDER_NETS,
    )
    found = bought_since(order_nets, since=date(2024, 11, 30), as_of=AS_OF)
    assert found.rows() == [(1, 2, 1850)]


def test_a_row_after_the_day_is_refused(drawn):
    order_nets = drawn(
        """
        customer_id  ordered_on  net   is_order
        1            2025-01-01  5.00  yes
        """,
        ORDER_NETS,
    )
    with pytest.raises(ValueError, match="as of 2024-12-31 hold a row of 2025-01-01"):
        buying_history(order_nets, as_of=AS_OF)
    with pytest.raises(ValueError, match="as of 2024-12-31 hold a row of 2025-01-01"):
        bought_since(order_nets, since=date(2024, 11, 30), as_of=AS_OF)
