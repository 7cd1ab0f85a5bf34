from __future__ import annotations

from decimal import Decimal

import polars as pl
import pytest

from regulars.expectations.tables import TABLES
from regulars.transforms.money import MONEY
from regulars.transforms.pseudonyms import spelled
from regulars.transforms.rfm import rfm
from regulars.transforms.segment_summary import segments
from regulars.transforms.segments import DEFAULT_RULES

SCORED = pl.Schema(
    {
        "customer_id": pl.UInt64(),
        "recency_days": pl.Int32(),
        "orders_n": pl.Int64(),
        "spend": MONEY,
        "r_score": pl.Int32(),
        "f_score": pl.Int32(),
        "m_score": pl.Int32(),
        "rfm_score": pl.String(),
        "value_type": pl.String(),
    }
)

NOW = """
    customer_id recency_days orders_n spend   r_score f_score m_score rfm_score value_type
    1           2            9        100.00  5       5       5       555       key_value
    2           4            8        50.00   5       4       4       544       key_value
    3           90           2        50.10   1       1       1       111       general_retain
    4           -            0        -0.10   -       -       -       -         -
    5           3            1        20.00   5       1       2       512       general_develop
"""
THEN = """
    customer_id recency_days orders_n spend r_score f_score m_score rfm_score value_type
    1           1            4        40.00 5       5       5       555       key_value
    2           60           3        30.00 1       4       4       144       key_keep
    3           62           2        50.10 1       1       1       111       general_retain
    4           -            0        -0.10 -       -       -       -         -
"""


@pytest.fixture
def table(drawn):
    return rfm(drawn(NOW, SCORED), drawn(THEN, SCORED), rules=DEFAULT_RULES).sort("customer_id")


def test_each_customer_has_the_segment_of_the_day_and_of_the_compare_day(table):
    assert table.select("customer_id", "segment", "previous_segment").rows() == [
        (1, "champions", "champions"),
        (2, "champions", "at_risk"),
        (3, "hibernating", "hibernating"),
        (4, "no_purchase", "no_purchase"),
        (5, "new", "not_seen"),
    ]


def test_without_a_line_by_the_compare_day_nobody_was_seen(drawn):
    table = rfm(drawn(NOW, SCORED), SCORED.to_frame(), rules=DEFAULT_RULES)
    assert set(table["previous_segment"]) == {"not_seen"}


def test_the_table_conforms_to_its_contract(table):
    published = TABLES["rfm"].conformed(table.with_columns(spelled(pl.col("customer_id"))))
    assert published["customer_id"].to_list()[0] == "c1_0000000000000001"
    assert published.columns == table.columns


def test_a_segment_sums_its_customers(table):
    summary = segments(table, rules=DEFAULT_RULES)
    (champions,) = summary.filter(segment="champions").to_dicts()
    assert champions == {
        "segment": "champions",
        "customers_n": 2,
        "customers_share": 0.4,
        "spend": Decimal("150.00"),
        "spend_share": 150 / 220,
        "orders_n": 17,
        "recency_days_mean": 3.0,
        "orders_mean": 8.5,
        "spend_mean": 75.0,
        "previous_customers_n": 1,
    }


def test_a_segment_without_customers_has_a_row_of_zeros(table):
    (empty,) = segments(table, rules=DEFAULT_RULES).filter(segment="at_risk").to_dicts()
    assert (empty["customers_n"], empty["customers_share"], empty["previous_customers_n"]) == (
        0,
        0.0,
        1,
    )
    assert (empty["spend"], empty["spend_share"]) == (Decimal("0.00"), 0.0)
    assert (empty["recency_days_mean"], empty["orders_mean"], empty["spend_mean"]) == (None,) * 3


def test_no_purchase_is_a_segment_of_its_own_without_recency(table):
    (nobody,) = segments(table, rules=DEFAULT_RULES).filter(segment="no_purchase").to_dicts()
    assert (nobody["customers_n"], nobody["spend"]) == (1, Decimal("-0.10"))
    assert nobody["recency_days_mean"] is None


def test_the_segments_are_the_rules_and_no_purchase_and_hold_everybody(table):
    summary = TABLES["segments"].conformed(segments(table, rules=DEFAULT_RULES))
    assert set(summary["segment"]) == {*DEFAULT_RULES.codes, "no_purchase"}
    assert summary["customers_n"].sum() == table.height
    assert summary["spend"].sum() == table["spend"].sum()
    assert summary["customers_share"].sum() == pytest.approx(1.0)


def test_without_customers_the_segments_have_no_shares(table):
    summary = segments(table.clear(), rules=DEFAULT_RULES)
    assert summary.height == 11
    assert summary["customers_n"].sum() == 0
    assert set(summary["customers_share"]) == set(summary["spend_share"]) == {None}
    TABLES["segments"].conformed(summary)
