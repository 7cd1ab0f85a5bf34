from __future__ import annotations

from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from regulars.expectations.tables import TABLES
from regulars.transforms.cohorts import cohorts
from regulars.transforms.order_nets import ORDER_NETS

COHORT_OF = pl.Schema({"customer_id": pl.UInt64(), "cohort": pl.String()})
AS_OF = date(2024, 3, 20)
CHAIN_FIRST_ON = date(2024, 1, 5)


@pytest.fixture
def order_nets(drawn):
    return drawn(
        """
        customer_id  ordered_on  net    is_order
        1            2024-01-31  10.00  yes
        1            2024-03-20  1.00   yes
        2            2024-02-01  5.00   yes
        2            2024-02-02  5.00   yes
        3            2024-02-29  7.00   yes
        3            2024-03-01  -2.00  yes
        3            2024-03-02  -9.00  no
        """,
        ORDER_NETS,
    )


@pytest.fixture
def cohort_of(drawn):
    return drawn(
        """
        customer_id  cohort
        1            2023-11
        2            2024-02
        3            2024-02
        4            -
        """,
        COHORT_OF,
    )


def rows(order_nets, cohort_of, *columns, as_of=AS_OF):
    table = cohorts(order_nets, cohort_of, as_of=as_of, chain_first_on=CHAIN_FIRST_ON)
    return TABLES["cohorts"].conformed(table).select(columns).rows()


def test_a_cohort_has_a_row_each_month_from_its_own_or_the_chains_first(order_nets, cohort_of):
    assert rows(order_nets, cohort_of, "cohort", "month", "months_since_n", "customers_n") == [
        ("2023-11", date(2024, 1, 1), 2, 1),
        ("2023-11", date(2024, 2, 1), 3, 1),
        ("2023-11", date(2024, 3, 1), 4, 1),
        ("2024-02", date(2024, 2, 1), 0, 2),
        ("2024-02", date(2024, 3, 1), 1, 2),
    ]


def test_active_is_who_bought_in_the_month_however_often(order_nets, cohort_of):
    assert rows(order_nets, cohort_of, "cohort", "active_n", "retention_share") == [
        ("2023-11", 1, 1.0),
        ("2023-11", 0, 0.0),
        ("2023-11", 1, 1.0),
        ("2024-02", 2, 1.0),
        ("2024-02", 0, 0.0),
    ]


def test_spend_is_the_net_of_sale_orders_without_orphan_returns(order_nets, cohort_of):
    assert [spend for (spend,) in rows(order_nets, cohort_of, "spend")] == [
        Decimal(text) for text in ("10.00", "0.00", "1.00", "17.00", "-2.00")
    ]


def test_before_data_has_no_months_since(order_nets, cohort_of):
    unknown = cohort_of.filter(pl.col("customer_id") == 1).with_columns(
        cohort=pl.lit("before_data")
    )
    assert rows(order_nets, unknown, "month", "months_since_n", "active_n") == [
        (date(2024, 1, 1), None, 1),
        (date(2024, 2, 1), None, 0),
        (date(2024, 3, 1), None, 1),
    ]


def test_the_month_of_the_day_is_partial_until_its_last_day(order_nets, cohort_of):
    of_one = cohort_of.head(1)
    flags = [rows(order_nets, of_one, "is_partial", as_of=date(2024, 3, day)) for day in (30, 31)]
    assert flags == [[(False,), (False,), (True,)], [(False,), (False,), (False,)]]


def test_december_follows_november_and_leads_to_january(drawn):
    order_nets = drawn("customer_id ordered_on net is_order\n1 2024-12-31 1.00 yes", ORDER_NETS)
    cohort_of = drawn("customer_id cohort\n1 2024-11", COHORT_OF)
    found = rows(order_nets, cohort_of, "month", "active_n", as_of=date(2025, 1, 1))
    assert found == [
        (date(2024, 11, 1), 0),
        (date(2024, 12, 1), 1),
        (date(2025, 1, 1), 0),
    ]


def test_without_customers_there_are_no_cohorts():
    assert rows(ORDER_NETS.to_frame(), COHORT_OF.to_frame(), "cohort") == []


def test_a_row_after_the_day_is_refused(order_nets, cohort_of):
    with pytest.raises(ValueError, match="hold a row of 2024-03-20"):
        rows(order_nets, cohort_of, "cohort", as_of=date(2024, 3, 19))
