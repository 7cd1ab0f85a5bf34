from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.models.mainstays import Mainstays, fit_mainstays
from regulars.transforms.habits import habits
from tests.shoppers import CATEGORIES, ORDERS, RETURNS, shoppers

AS_OF = date(2024, 3, 31)
MAINSTAYS = Mainstays(("tea", "jam"), ("shop", "web"), has_times_of_day=True)

ANN = """
order_n customer_id ordered_on ordered_at          channel gross discount lines_n coupon_lines_n
1       1           2024-03-02 2024-03-02T09:00:00 shop    30.00 10.00    4       1
2       1           2024-03-06 2024-03-06T18:00:00 web     10.00 0.00     1       0
3       1           2024-03-14 2024-03-15T01:30:00 -       20.00 0.00     1       0
"""
NO_RETURNS, NO_CATEGORIES = RETURNS.to_frame(), CATEGORIES.to_frame()


@pytest.fixture
def ann(drawn):
    return drawn(ANN, ORDERS)


def of_one(orders, returns=NO_RETURNS, categories=NO_CATEGORIES, mainstays=MAINSTAYS, as_of=AS_OF):
    (row,) = habits(orders, returns, categories, mainstays=mainstays, as_of=as_of).to_dicts()
    return row


def test_rhythm_is_orders_a_month_gap_and_spread_of_gaps(ann):
    row = of_one(ann)
    assert row["orders_n"] == 3
    assert row["orders_per_month"] == pytest.approx(3)  # thirty days count as a month
    assert row["gap_days_mean"] == 6
    assert row["gap_variation"] == pytest.approx(8**0.5 / 6)  # gaps of 4 and 8 days


def test_the_longer_ago_the_first_order_the_fewer_a_month(ann):
    row = of_one(ann, as_of=date(2024, 8, 31))
    assert row["orders_per_month"] == pytest.approx(3 / (183 / (365.25 / 12)))


def test_basket_is_spend_and_lines_an_order(ann):
    row = of_one(ann)
    assert (row["order_spend_mean"], row["order_lines_mean"]) == (20.0, 2.0)


def test_offers_are_shares_of_the_price_and_of_the_orders(ann):
    row = of_one(ann)
    assert row["discount_share"] == pytest.approx(10 / 70)
    assert row["discounted_orders_share"] == pytest.approx(1 / 3)
    assert row["coupon_orders_share"] == pytest.approx(1 / 3)


def test_without_discounts_in_the_export_their_share_is_not_known(ann):
    row = of_one(ann.with_columns(discount=pl.lit(None, ORDERS["discount"])))
    assert (row["discount_share"], row["discounted_orders_share"]) == (None, None)


def test_an_hour_after_midnight_is_of_the_evening(ann):
    row = of_one(ann)
    assert row["morning_share"] == pytest.approx(1 / 3)
    assert row["evening_share"] == pytest.approx(2 / 3)


def test_a_weekend_is_saturday_and_sunday(ann):
    assert of_one(ann)["weekend_share"] == pytest.approx(1 / 3)


def test_a_chain_whose_orders_have_no_hour_knows_no_time_of_day(ann):
    at_midnight = ann.with_columns(ordered_at=pl.col("ordered_on").cast(ORDERS["ordered_at"]))
    mainstays = fit_mainstays(at_midnight, NO_CATEGORIES)
    row = of_one(at_midnight, mainstays=mainstays)
    assert (row["morning_share"], row["evening_share"]) == (None, None)
    assert row["weekend_share"] is not None


def test_a_channel_share_is_of_the_orders_that_name_one(ann):
    row = of_one(ann)
    assert (row["channel_share:shop"], row["channel_share:web"]) == (0.5, 0.5)


def test_breadth_and_categories_are_of_lines_whose_category_is_known(drawn, ann):
    lines = drawn(
        """
        customer_id category ordered_on lines_n
        1           tea      2024-03-02 2
        1           tea      2024-03-06 1
        1           ale      2024-03-02 1
        1           -        2024-03-14 9
        1           jam      2024-04-14 9
        """,
        CATEGORIES,
    )
    row = of_one(ann, categories=lines)
    assert row["categories_n"] == 2
    assert row["category_diversity"] == pytest.approx(1 - 6 / 12)  # 3 x 2 of 4 x 3 pairs are alike
    assert (row["category_share:tea"], row["category_share:jam"]) == (0.75, 0.0)


def test_an_order_taken_back_whole_shows_a_return_and_no_other_habit(drawn, ann):
    returns = drawn(
        """
        order_n customer_id returned_on amount
        3       1           2024-03-20  -20.00
        -       1           2024-03-21  -10.00
        1       1           2024-04-01  -30.00
        """,
        RETURNS,
    )
    row = of_one(ann, returns)
    assert (row["orders_n"], row["gap_days_mean"], row["gap_variation"]) == (2, 4.0, None)
    assert row["return_share"] == 0.5


def test_one_order_has_no_gap_and_who_kept_none_has_no_row(drawn, ann):
    returns = drawn("order_n customer_id returned_on amount\n2 2 2024-03-07 -10.00", RETURNS)
    two = ann.with_columns(customer_id=pl.lit(pl.Series([1, 2, 3], dtype=pl.UInt64)))
    rows = habits(two, returns, NO_CATEGORIES, mainstays=MAINSTAYS, as_of=AS_OF)
    assert rows.sort("customer_id")["customer_id"].to_list() == [1, 3]
    assert rows["gap_days_mean"].to_list() == [None, None]


def test_what_lies_after_the_day_changes_nothing(ann):
    day = date(2024, 3, 6)
    early = ann.filter(pl.col("ordered_on") <= day)
    assert of_one(ann, as_of=day) == of_one(early, as_of=day)


@pytest.fixture(scope="module")
def population():
    return shoppers(seed=4, each_n=6)[0]


@given(st.sets(st.integers(0, 23)), st.integers(0, 99))
@settings(max_examples=12, deadline=None)
def test_customers_apart_in_any_order_are_what_they_are_together(population, some, seed):
    mainstays = fit_mainstays(population.orders, population.categories)
    ids = population.orders["customer_id"].unique().sort()
    chosen = ids.gather(sorted(some)).implode()

    def of(is_chosen: bool) -> pl.DataFrame:
        parts = (
            frame.filter(pl.col("customer_id").is_in(chosen) == is_chosen).sample(
                fraction=1.0, shuffle=True, seed=seed
            )
            for frame in population.bought
        )
        return habits(*parts, mainstays=mainstays, as_of=date(2024, 9, 30))

    together = habits(*population.bought, mainstays=mainstays, as_of=date(2024, 9, 30))
    apart = pl.concat([of(True), of(False)]).sort("customer_id")
    assert apart.equals(together.sort("customer_id"))
