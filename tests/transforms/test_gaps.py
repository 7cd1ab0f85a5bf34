from __future__ import annotations

import pytest

from regulars.transforms.gaps import gaps
from regulars.transforms.order_nets import ORDER_NETS


def test_a_gap_is_the_days_between_consecutive_purchase_days(drawn):
    order_nets = drawn(
        """
        customer_id  ordered_on  net   is_order
        1            2024-01-11  5.00  yes
        1            2024-01-01  5.00  yes
        1            2024-01-08  5.00  yes
        2            2024-01-09  5.00  yes
        2            2024-02-09  5.00  yes
        """,
        ORDER_NETS,
    )
    assert gaps(order_nets).rows() == [(1, 7), (1, 3), (2, 31)]


def test_two_orders_of_one_day_make_no_gap(drawn):
    order_nets = drawn(
        """
        customer_id  ordered_on  net   is_order
        1            2024-01-01  5.00  yes
        1            2024-01-01  6.00  yes
        1            2024-01-03  5.00  yes
        """,
        ORDER_NETS,
    )
    assert gaps(order_nets).rows() == [(1, 2)]


@pytest.mark.parametrize("refunded", ["0.00  yes", "-1.00  yes", "9.00  no"])
def test_only_orders_of_positive_net_bound_a_gap(drawn, refunded):
    order_nets = drawn(
        f"""
        customer_id  ordered_on  net   is_order
        1            2024-01-01  5.00  yes
        1            2024-01-02  {refunded}
        1            2024-01-05  5.00  yes
        """,
        ORDER_NETS,
    )
    assert gaps(order_nets).rows() == [(1, 4)]


def test_the_largest_pseudonym_and_days_before_1970_have_gaps(drawn):
    order_nets = drawn(
        """
        customer_id           ordered_on  net   is_order
        18446744073709551615  1969-12-30  5.00  yes
        18446744073709551615  1970-01-02  5.00  yes
        18446744073709551614  1970-01-02  5.00  yes
        """,
        ORDER_NETS,
    )
    assert gaps(order_nets).rows() == [(2**64 - 1, 3)]


def test_no_orders_have_no_gaps():
    assert gaps(ORDER_NETS.to_frame()).rows() == []
