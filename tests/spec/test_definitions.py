"""What the words mean, drawn: a small manual of the customer figures.

Five or so customers, a day, and what is said of them. Read it from the top.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import polars as pl

from regulars.models.rfm import fit_cut_points, scored
from regulars.models.rhythm import fit_rhythm
from regulars.models.value_types import fit_means, value_typed
from regulars.transforms.customers import MEMBERS
from regulars.transforms.gaps import gaps
from regulars.transforms.lifecycle import lifecycle
from regulars.transforms.order_nets import ORDER_NETS
from regulars.transforms.purchases import purchases
from regulars.transforms.rfm import rfm
from regulars.transforms.segments import DEFAULT_RULES, segmented

AS_OF = date(2024, 6, 30)

RECEIPTS = """
    customer_id  ordered_on  net     is_order
    1            2024-06-30  20.00   yes
    1            2024-06-23  20.00   yes
    1            2024-06-16  20.00   yes
    1            2024-06-09  20.00   yes
    1            2024-06-02  20.00   yes
    2            2024-06-20  15.50   yes
    2            2024-06-06  15.50   yes
    2            2024-05-23  15.50   yes
    2            2024-05-09  15.50   yes
    3            2024-05-31  10.00   yes
    3            2024-05-01  10.00   yes
    3            2024-04-01  10.00   yes
    4            2024-03-02  90.00   yes
    4            2024-03-01  10.00   yes
    5            2024-06-29  9.99    yes
    6            2024-06-28  0.00    yes
    6            2024-06-28  -4.00   no
"""


def known(drawn) -> pl.DataFrame:
    return purchases(drawn(RECEIPTS, ORDER_NETS), as_of=AS_OF).sort("customer_id")


def test_recency_frequency_monetary(drawn):
    """R: days from the last order of positive net. F: how many such orders. M: all money.

    Customer 6 brought back all that was bought, and more: spend, but no order and no recency.
    """
    assert known(drawn).select("customer_id", "recency_days", "orders_n", "spend").rows() == [
        (1, 0, 5, Decimal("100.00")),
        (2, 10, 4, Decimal("62.00")),
        (3, 30, 3, Decimal("30.00")),
        (4, 120, 2, Decimal("100.00")),
        (5, 1, 1, Decimal("9.99")),
        (6, None, 0, Decimal("-4.00")),
    ]


def test_cut_points_are_the_fifths_of_those_who_bought(drawn):
    """Of five customers the value four places between lowest and highest, in proportion.

    Recencies in order: 0 1 10 30 120; at 20 % the place is 0.8, so 0 + 0.8 x (1 - 0) = 0.8.
    """
    assert fit_cut_points(known(drawn)).as_dict() == {
        "recency_days": ["0.8", "6.4", "18", "48"],
        "orders_n": ["1.8", "2.6", "3.4", "4.2"],
        "spend": ["25.998", "49.2", "77.2", "100"],
    }


def test_scores_count_the_cut_points_below(drawn):
    """5 is best: most recent, most orders, most money. Equal values have equal scores."""
    customers = known(drawn)
    scores = scored(customers, fit_cut_points(customers))
    assert scores.select("customer_id", "r_score", "f_score", "m_score", "rfm_score").rows() == [
        (1, 5, 5, 4, "554"),
        (2, 3, 4, 3, "343"),
        (3, 2, 3, 2, "232"),
        (4, 1, 2, 4, "124"),
        (5, 4, 1, 1, "411"),
        (6, None, None, None, None),
    ]


def test_segments_follow_from_recency_and_frequency(drawn):
    customers = known(drawn)
    segments = segmented(scored(customers, fit_cut_points(customers)), DEFAULT_RULES)
    assert segments.select("customer_id", "segment").rows() == [
        (1, "champions"),
        (2, "loyal"),
        (3, "at_risk"),
        (4, "hibernating"),
        (5, "promising"),
        (6, "no_purchase"),
    ]


def test_the_25_cells_of_the_segments():
    r"""Recency down, frequency across.

    R\F     1                2                   3                   4          5
    """
    cells = """
    5       new              potential_loyalist  potential_loyalist  champions  champions
    4       promising        potential_loyalist  potential_loyalist  loyal      loyal
    3       about_to_sleep   about_to_sleep      need_attention      loyal      loyal
    2       hibernating      hibernating         at_risk             at_risk    cant_lose
    1       hibernating      hibernating         at_risk             at_risk    cant_lose
    """
    rows = [line.split() for line in cells.strip().splitlines()]
    assert DEFAULT_RULES.by_cell() == {
        (int(r), f): segment for r, *row in rows for f, segment in enumerate(row, start=1)
    }


def test_value_types_hold_each_measure_against_its_mean(drawn):
    """Means of the five who bought: 32.2 days, 3 orders, 60.398. High is as good as the mean."""
    customers = known(drawn)
    types = value_typed(customers, fit_means(customers))
    assert types.select("customer_id", "value_type").rows() == [
        (1, "key_value"),
        (2, "key_value"),
        (3, "general_value"),
        (4, "key_retain"),
        (5, "general_develop"),
        (6, None),
    ]


def test_the_previous_segment_is_that_of_the_receipts_known_on_the_compare_day(drawn):
    """28 days before, with that day's own cut points; customer 5 had not been seen.

    Then customer 2 had been silent for 10 days among 0, 2, 10 and 92: a low score on that day.
    """

    def scores(as_of: date) -> pl.DataFrame:
        receipts = drawn(RECEIPTS, ORDER_NETS).filter(pl.col("ordered_on") <= as_of)
        customers = purchases(receipts, as_of=as_of)
        return value_typed(scored(customers, fit_cut_points(customers)), fit_means(customers))

    table = rfm(scores(AS_OF), scores(date(2024, 6, 2)), rules=DEFAULT_RULES).sort("customer_id")
    assert table.select("customer_id", "previous_segment", "segment").rows() == [
        (1, "new", "champions"),
        (2, "hibernating", "loyal"),
        (3, "loyal", "at_risk"),
        (4, "hibernating", "hibernating"),
        (5, "not_seen", "promising"),
        (6, "not_seen", "no_purchase"),
    ]


def test_the_usual_gap_and_the_stages_of_the_lifecycle(drawn):
    """Own gaps, drawn towards the median gap of all as if three such gaps had been seen.

    All gaps in order: 1 7 7 7 7 14 14 14 30 30, median (7 + 14) / 2 = 10.5.
    Customer 2: (3 x 10.5 + 14 + 14 + 14) / (3 + 3) = 12.25 days, silent for 10: active.
    """
    receipts = drawn(RECEIPTS, ORDER_NETS)
    table = lifecycle(
        purchases(receipts, as_of=AS_OF),
        MEMBERS.to_frame(),
        rhythm=fit_rhythm(gaps(receipts)),
        chain_first_on=date(2024, 1, 1),
        warm_up_days=60,
    ).sort("customer_id")
    assert table.select("customer_id", "usual_gap_days", "lifecycle", "cohort").rows() == [
        (1, 59.5 / 7, "active", "2024-06"),
        (2, 12.25, "active", "2024-05"),
        (3, 18.3, "slowing", "2024-04"),
        (4, 8.125, "lapsed", "before_data"),
        (5, 10.5, "new", "2024-06"),
        (6, None, None, None),
    ]
