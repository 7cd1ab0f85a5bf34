from __future__ import annotations

from datetime import date, timedelta
from random import Random

import polars as pl
import pytest

from regulars.flows.value import Value, backtest_day, value_of
from regulars.models.bg_nbd import BgNbd, fit_bg_nbd, fit_mbg_nbd
from regulars.models.gamma_gamma import fit_gamma_gamma
from regulars.models.lifetime_value import lifetime_value
from regulars.models.value_backtest import BACKTEST_DAYS
from regulars.transforms.buying_history import buying_history
from regulars.transforms.order_nets import ORDER_NETS

AS_OF = date(2024, 12, 31)
FIRST_ON = date(2024, 1, 1)


def chain(customers_n: int, first_on: date = FIRST_ON) -> pl.DataFrame:
    """Customers who come every so often, each at a pace of their own, and some stop."""
    dice = Random(3)
    rows = []
    for customer in range(customers_n):
        day = first_on + timedelta(days=dice.randrange(60))
        pace, stay = dice.gammavariate(1.5, 0.02), 0.97 - dice.random() * 0.2
        while day <= AS_OF:
            rows.append((customer, day, round(dice.gammavariate(4, 5) + 0.01, 2), True))
            if dice.random() > stay:
                break
            day += timedelta(days=1 + int(dice.expovariate(pace)))
    frame = pl.DataFrame(
        rows, schema=["customer_id", "ordered_on", "net", "is_order"], orient="row"
    )
    return frame.cast({name: dtype for name, dtype in ORDER_NETS.items() if name != "net"}).select(
        "customer_id",
        "ordered_on",
        (pl.col("net") * 100).round().cast(pl.Int128).reinterpret(dtype=pl.Decimal(18, 2)),
        "is_order",
    )


def valued(order_nets: pl.DataFrame, first_on: date = FIRST_ON) -> Value:
    eve = backtest_day(AS_OF)
    return value_of(
        order_nets.select("customer_id").unique(),
        order_nets,
        order_nets.filter(pl.col("ordered_on") <= eve),
        as_of=AS_OF,
        chain_first_on=first_on,
    )


@pytest.fixture(scope="module")
def order_nets() -> pl.DataFrame:
    return chain(400)


def test_every_customer_is_valued_and_the_fits_are_told(order_nets):
    value = valued(order_nets)
    assert value.table.height == 400
    assert value.table["expected_spend_12m"].null_count() == 0
    assert value.fitted["bg_nbd"]["customers_n"] == 400
    assert {"r", "alpha_days", "a", "b", "log_likelihood"} <= value.fitted["bg_nbd"].keys()
    # The chain's customers all draw their spends from one purse.
    assert value.fitted["gamma_gamma"]["limit"] == "equal_spend"
    assert value.limits == ("equal_spend",)


def test_the_held_out_quarter_is_held_against_what_was_known_before_it(order_nets):
    quality = valued(order_nets).quality.filter(pl.col("part").is_null())
    measures = {row[:2]: row[2] for row in quality.select("model", "measure", "value").iter_rows()}
    days = order_nets.filter(pl.col("ordered_on") > backtest_day(AS_OF))
    assert measures["bg_nbd", "backtest_observed_orders"] == days.height
    assert 0.7 < measures["bg_nbd", "backtest_orders_ratio"] < 1.4


def test_the_table_is_told_by_the_likelier_model_and_both_likelihoods_are_published(order_nets):
    value = valued(order_nets)
    history = buying_history(order_nets, as_of=AS_OF)
    plain, modified = fit_bg_nbd(history), fit_mbg_nbd(history)
    assert isinstance(plain, BgNbd)
    assert isinstance(modified, BgNbd)
    # The chain's customers may stop after their first day.
    assert modified.log_likelihood > plain.log_likelihood
    assert value.quality.filter(measure="log_likelihood").select(
        "model", "role", "value"
    ).rows() == [
        ("bg_nbd", "candidate", plain.log_likelihood),
        ("mbg_nbd", "model", modified.log_likelihood),
    ]
    assert value.fitted["value_orders_by"] == "mbg_nbd"
    assert value.fitted["mbg_nbd"] == modified.as_dict()
    told = lifetime_value(value.table, history, modified, fit_gamma_gamma(history))
    assert value.table.equals(told)


def test_churn_is_handed_the_plain_model_whichever_the_table_is_told_by(order_nets):
    assert valued(order_nets).pace == fit_bg_nbd(buying_history(order_nets, as_of=AS_OF))


def test_what_came_in_the_quarter_changes_nothing_of_what_was_expected_of_it(order_nets):
    is_late = pl.col("ordered_on") > backtest_day(AS_OF)
    fewer = order_nets.filter(~is_late | (pl.col("customer_id") % 5 > 0))
    before, after = (
        valued(nets).quality.filter(measure="backtest_expected_orders")
        for nets in (order_nets, fewer)
    )
    assert before.equals(after)


def test_the_order_of_the_rows_changes_nothing(order_nets):
    first, again = (
        valued(nets) for nets in (order_nets, order_nets.sample(fraction=1.0, shuffle=True, seed=2))
    )
    assert again.table.sort("customer_id").equals(first.table.sort("customer_id"))
    assert again.quality.equals(first.quality)
    assert again.fitted == first.fitted


def test_data_that_are_shorter_than_two_quarters_have_no_backtest():
    first_on = AS_OF - timedelta(days=2 * BACKTEST_DAYS - 1)
    value = valued(chain(400, first_on), first_on)
    assert value.quality["measure"].unique().to_list() == ["log_likelihood"]
    assert value.table["expected_spend_12m"].null_count() == 0


def test_a_chain_of_few_customers_is_told_that_they_are_too_few():
    value = valued(chain(60))
    assert value.table["unscored_reason"].unique().to_list() == ["too_few_customers"]
    assert value.fitted["bg_nbd"]["not_fitted"] == "too_few_customers"
    assert value.quality.is_empty()
    assert value.limits == ()
