from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.transforms.customers import MEMBERS
from regulars.transforms.lifecycle import STAGES, lifecycle

AS_OF = date(2024, 12, 31)
CHAIN_FIRST_ON = date(2024, 1, 1)
NO_MEMBERS = MEMBERS.to_frame()


@dataclass(frozen=True)
class Pace:
    median_gap_halves: int | None
    prior_gaps_n: int = 3


def customer(
    *,
    recency_days: int | None = 0,
    own_gaps: tuple[int, ...] = (),
    first_ordered_on: date | None = date(2024, 6, 1),
    orders_n: int | None = None,
) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "customer_id": [1],
            "first_ordered_on": [first_ordered_on],
            "recency_days": [recency_days],
            "orders_n": [len(own_gaps) + 1 if orders_n is None else orders_n],
            "gaps_n": [len(own_gaps)],
            "gaps_days_sum": [sum(own_gaps)],
            "last_gap_days": [own_gaps[-1] if own_gaps else None],
        },
        schema={
            "customer_id": pl.UInt64,
            "first_ordered_on": pl.Date,
            "recency_days": pl.Int32,
            "orders_n": pl.Int64,
            "gaps_n": pl.Int64,
            "gaps_days_sum": pl.Int64,
            "last_gap_days": pl.Int32,
        },
    )


def member(joined_on: date | None) -> pl.DataFrame:
    return NO_MEMBERS.clear(1).with_columns(
        customer_id=pl.lit(1, dtype=pl.UInt64), joined_on=pl.lit(joined_on, dtype=pl.Date)
    )


def found(
    purchases: pl.DataFrame,
    members: pl.DataFrame = NO_MEMBERS,
    *,
    median_gap_halves: int | None = 20,
    warm_up_days: int = 60,
) -> dict[str, object]:
    (row,) = lifecycle(
        purchases,
        members,
        rhythm=Pace(median_gap_halves),
        chain_first_on=CHAIN_FIRST_ON,
        warm_up_days=warm_up_days,
    ).to_dicts()
    return row


def test_the_usual_gap_draws_own_gaps_towards_the_median():
    # (3 x 10 + 20 + 30) / (3 + 2)
    assert found(customer(own_gaps=(20, 30)))["usual_gap_days"] == 16.0


def test_without_own_gaps_the_usual_gap_is_the_median():
    assert found(customer(), median_gap_halves=15)["usual_gap_days"] == 7.5


@pytest.mark.parametrize(
    ("recency_days", "stage", "ratio"),
    [
        (0, "active", 0.0),
        (15, "active", 1.5),
        (16, "slowing", 1.6),
        (25, "slowing", 2.5),
        (26, "lapsing", 2.6),
        (40, "lapsing", 4.0),
        (41, "lapsed", 4.1),
    ],
)
def test_a_stage_ends_exactly_at_its_limit(recency_days, stage, ratio):
    of_customer = found(customer(recency_days=recency_days, own_gaps=(10, 10)))
    assert (of_customer["lifecycle"], of_customer["gap_ratio"]) == (stage, ratio)


@given(
    st.lists(st.integers(1, 60), max_size=6).map(tuple),
    st.integers(2, 60),
    st.sampled_from([Fraction(3, 2), Fraction(5, 2), Fraction(4)]),
)
def test_a_stage_is_what_fractions_say(own_gaps, halves, limit):
    usual = (3 * Fraction(halves, 2) + sum(own_gaps)) / (3 + len(own_gaps))
    recency_days = int(limit * usual)
    ratio = recency_days / usual
    was_away = bool(own_gaps) and own_gaps[-1] > 4 * usual
    expected = (
        "reactivated" if was_away and ratio <= Fraction(3, 2)
        else "new" if not own_gaps and ratio <= Fraction(3, 2)
        else "active" if ratio <= Fraction(3, 2)
        else "slowing" if ratio <= Fraction(5, 2)
        else "lapsing" if ratio <= 4
        else "lapsed"
    )  # fmt: skip
    of_customer = found(
        customer(recency_days=recency_days, own_gaps=own_gaps), median_gap_halves=halves
    )
    assert of_customer["lifecycle"] == expected
    assert of_customer["usual_gap_days"] == float(usual)
    assert of_customer["gap_ratio"] == float(ratio)


def test_a_first_order_is_new_until_the_limit_of_active():
    assert found(customer(recency_days=15))["lifecycle"] == "new"
    assert found(customer(recency_days=16))["lifecycle"] == "slowing"


def test_two_orders_of_one_day_are_not_new():
    assert found(customer(orders_n=2))["lifecycle"] == "active"


def test_reactivated_needs_a_last_gap_of_more_than_four_usual_gaps():
    # usual = (3 + 7 x 1 + gap) / 11: a gap of 16 is 6.77 usual gaps, of 5 is 3.67
    short = (1,) * 7
    at_limit = found(customer(own_gaps=(*short, 5)), median_gap_halves=2)
    beyond = found(customer(own_gaps=(*short, 16)), median_gap_halves=2)
    assert (at_limit["lifecycle"], beyond["lifecycle"]) == ("active", "reactivated")


def test_a_last_gap_of_exactly_four_usual_gaps_is_not_reactivated():
    # usual = (3 x 2 + 1 + 1 + 4 + 4 + 16) / (3 + 5) = 4
    of_customer = found(customer(own_gaps=(1, 1, 4, 4, 16)), median_gap_halves=4)
    assert of_customer["usual_gap_days"] == 4.0
    assert of_customer["lifecycle"] == "active"


def test_who_came_back_and_went_again_is_not_reactivated():
    away_again = found(customer(recency_days=30, own_gaps=(1,) * 7 + (16,)), median_gap_halves=2)
    assert away_again["lifecycle"] == "lapsed"


def test_a_first_order_in_the_warm_up_may_not_be_the_first_ever():
    of_customer = found(customer(first_ordered_on=CHAIN_FIRST_ON + timedelta(days=60)))
    assert (of_customer["is_left_truncated"], of_customer["cohort"]) == (True, "before_data")
    assert of_customer["lifecycle"] == "active"


def test_the_warm_up_ends_after_its_days():
    of_customer = found(customer(first_ordered_on=CHAIN_FIRST_ON + timedelta(days=61)))
    assert (of_customer["is_left_truncated"], of_customer["cohort"]) == (False, "2024-03")
    assert of_customer["lifecycle"] == "new"


def test_an_earlier_joining_tells_when_a_customer_of_the_warm_up_began():
    of_customer = found(customer(first_ordered_on=date(2024, 1, 20)), member(date(2023, 11, 5)))
    assert (of_customer["is_left_truncated"], of_customer["cohort"]) == (False, "2023-11")
    assert of_customer["lifecycle"] == "new"


@pytest.mark.parametrize("joined_on", [date(2024, 1, 20), date(2024, 2, 1), None])
def test_a_joining_on_the_first_order_or_later_tells_nothing(joined_on):
    of_customer = found(customer(first_ordered_on=date(2024, 1, 20)), member(joined_on))
    assert (of_customer["is_left_truncated"], of_customer["cohort"]) == (True, "before_data")


def test_after_the_warm_up_the_first_order_tells_the_cohort_whenever_the_member_joined():
    assert found(customer(), member(date(2023, 11, 5)))["cohort"] == "2024-06"


def test_without_a_gap_in_the_population_nobody_has_a_rhythm():
    of_customer = found(customer(), median_gap_halves=None)
    assert [of_customer[name] for name in ("usual_gap_days", "gap_ratio", "lifecycle")] == [
        None
    ] * 3
    assert (of_customer["is_left_truncated"], of_customer["cohort"]) == (False, "2024-06")


def test_without_a_purchase_everything_is_null():
    of_customer = found(
        customer(recency_days=None, first_ordered_on=None, orders_n=0), member(date(2023, 11, 5))
    )
    assert of_customer == {
        "customer_id": 1,
        "usual_gap_days": None,
        "gap_ratio": None,
        "lifecycle": None,
        "is_left_truncated": None,
        "cohort": None,
    }


def test_stages_are_the_six_of_the_definition():
    assert STAGES == ("reactivated", "new", "active", "slowing", "lapsing", "lapsed")


def test_nobody_has_no_lifecycle():
    nobody = lifecycle(
        customer().clear(),
        NO_MEMBERS,
        rhythm=Pace(None),
        chain_first_on=CHAIN_FIRST_ON,
        warm_up_days=60,
    )
    assert nobody.height == 0
