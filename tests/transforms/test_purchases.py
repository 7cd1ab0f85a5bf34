from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.transforms.order_nets import ORDER_NETS
from regulars.transforms.purchases import measures, purchases

AS_OF = date(2024, 12, 31)

ROWS = st.lists(
    st.tuples(
        st.sampled_from([0, 7, 8, 2**64 - 1]),
        st.integers(0, 400).map(lambda days: AS_OF - timedelta(days=days)),
        st.sampled_from(["-3.00", "-0.01", "0.00", "0.01", "12.34", "89638.99"]).map(Decimal),
        st.booleans(),
    ),
    max_size=30,
)


def by_hand(rows: list[tuple[int, date, Decimal, bool]]) -> dict[int, dict[str, object]]:
    """The same in plain Python, a customer at a time."""
    found = {}
    for customer in {row[0] for row in rows}:
        own = [row for row in rows if row[0] == customer]
        bought = [row for row in own if row[3] and row[2] > 0]
        days = sorted({day for _, day, _, _ in bought})
        between = [(later - day).days for day, later in pairwise(days)]
        of_customer: dict[str, object] = {
            "first_ordered_on": days[0] if days else None,
            "last_ordered_on": days[-1] if days else None,
            "recency_days": (AS_OF - days[-1]).days if days else None,
            "tenure_days": (AS_OF - days[0]).days if days else None,
            "orders_n": len(bought),
            "purchase_days_n": len(days),
            "spend": sum((row[2] for row in own), Decimal("0.00")),
            "order_spend_mean": float(Fraction(sum(row[2] for row in bought)) / len(bought))
            if days
            else None,
            "gaps_n": len(between),
            "gaps_days_sum": sum(between),
            "last_gap_days": between[-1] if between else None,
        }
        for window in (30, 90, 365):
            start = AS_OF - timedelta(days=window)
            of_customer[f"orders_{window}d_n"] = sum(row[1] > start for row in bought)
            of_customer[f"spend_{window}d"] = sum(
                (row[2] for row in own if row[1] > start), Decimal("0.00")
            )
        found[customer] = of_customer
    return found


@given(ROWS)
@settings(max_examples=60)
def test_purchases_are_what_plain_python_finds(rows):
    order_nets = pl.DataFrame(rows, schema=ORDER_NETS, orient="row")
    found = {row.pop("customer_id"): row for row in purchases(order_nets, as_of=AS_OF).to_dicts()}
    assert found == by_hand(rows)


@given(ROWS)
@settings(max_examples=30)
def test_measures_are_the_purchases_of_the_same_name(rows):
    order_nets = pl.DataFrame(rows, schema=ORDER_NETS, orient="row")
    alone = measures(order_nets, as_of=AS_OF).sort("customer_id")
    among_others = purchases(order_nets, as_of=AS_OF).sort("customer_id")
    assert among_others.select(alone.columns).equals(alone)


def test_a_window_holds_its_last_day_and_not_the_day_n_days_ago(drawn):
    order_nets = drawn(
        """
        customer_id  ordered_on  net    is_order
        1            2024-12-31  1.00   yes
        1            2024-12-02  10.00  yes
        1            2024-12-01  99.00  yes
        """,
        ORDER_NETS,
    )
    found = purchases(order_nets, as_of=AS_OF)
    assert found.select("orders_30d_n", "spend_30d", "orders_90d_n", "spend_90d").rows() == [
        (2, Decimal("11.00"), 3, Decimal("110.00"))
    ]


def test_a_refund_larger_than_the_purchase_is_spend_but_no_order(drawn):
    order_nets = drawn(
        """
        customer_id  ordered_on  net    is_order
        1            2024-12-01  20.00  yes
        1            2024-12-30  -5.00  yes
        """,
        ORDER_NETS,
    )
    found = purchases(order_nets, as_of=AS_OF)
    assert found.select("orders_n", "recency_days", "spend", "order_spend_mean").rows() == [
        (1, 30, Decimal("15.00"), 20.0)
    ]


def test_only_returns_leave_spend_and_nothing_else(drawn):
    order_nets = drawn(
        """
        customer_id  ordered_on  net    is_order
        1            2024-12-30  -5.00  no
        """,
        ORDER_NETS,
    )
    (found,) = purchases(order_nets, as_of=AS_OF).to_dicts()
    assert found["spend"] == found["spend_30d"] == Decimal("-5.00")
    assert found["orders_n"] == found["purchase_days_n"] == found["gaps_n"] == 0
    dates_and_days = ("first_ordered_on", "last_ordered_on", "recency_days", "tenure_days")
    assert {found[name] for name in (*dates_and_days, "last_gap_days", "order_spend_mean")} == {
        None
    }


def test_an_orphan_return_counts_in_the_window_of_its_own_day(drawn):
    order_nets = drawn(
        """
        customer_id  ordered_on  net     is_order
        1            2024-06-01  80.00   yes
        1            2024-12-30  -30.00  no
        """,
        ORDER_NETS,
    )
    found = purchases(order_nets, as_of=AS_OF)
    assert found.select("spend", "spend_365d", "spend_30d", "orders_30d_n").rows() == [
        (Decimal("50.00"), Decimal("50.00"), Decimal("-30.00"), 0)
    ]


def test_one_order_on_the_day_has_recency_0_and_no_gap(drawn):
    order_nets = drawn(
        """
        customer_id  ordered_on  net   is_order
        1            2024-12-31  5.00  yes
        """,
        ORDER_NETS,
    )
    found = purchases(order_nets, as_of=AS_OF)
    assert found.select("recency_days", "tenure_days", "gaps_n", "last_gap_days").rows() == [
        (0, 0, 0, None)
    ]


def test_the_last_gap_is_that_before_the_last_purchase_day(drawn):
    order_nets = drawn(
        """
        customer_id  ordered_on  net   is_order
        1            2024-12-31  5.00  yes
        1            2024-12-01  5.00  yes
        1            2024-12-21  5.00  yes
        1            2024-12-21  5.00  yes
        """,
        ORDER_NETS,
    )
    found = purchases(order_nets, as_of=AS_OF)
    assert found.select("purchase_days_n", "gaps_n", "gaps_days_sum", "last_gap_days").rows() == [
        (3, 2, 30, 10)
    ]


def test_sums_beyond_64_bits_of_hundredths_are_exact(drawn):
    largest = "9999999999999999.99"
    rows = "\n".join(
        f"1 2024-12-{day:02} {sign}{largest} yes" for day in range(1, 11) for sign in ("", "-")
    )
    order_nets = drawn(
        f"customer_id ordered_on net is_order\n{rows}\n1 2024-12-11 0.07 yes", ORDER_NETS
    )
    found = purchases(order_nets, as_of=AS_OF)
    assert found.select("spend", "orders_n").rows() == [(Decimal("0.07"), 11)]


def test_a_row_after_the_day_is_refused(drawn):
    order_nets = drawn(
        """
        customer_id  ordered_on  net   is_order
        1            2025-01-01  5.00  yes
        """,
        ORDER_NETS,
    )
    with pytest.raises(ValueError, match="as of 2024-12-31 hold a row of 2025-01-01"):
        purchases(order_nets, as_of=AS_OF)
    with pytest.raises(ValueError, match="as of 2024-12-31 hold a row of 2025-01-01"):
        measures(order_nets, as_of=AS_OF)


def test_no_orders_have_no_purchases():
    nobody = purchases(ORDER_NETS.to_frame(), as_of=AS_OF)
    assert nobody.height == 0
    assert nobody.schema["spend"] == pl.Decimal(18, 2)
