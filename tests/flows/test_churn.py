"""Churn of a population whose customers really leave: told from what was known on the day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import numpy as np
import polars as pl
import pytest

from regulars.data.behaviour import Behaviour
from regulars.flows.churn import Churn, churn
from regulars.models.churn import ChurnModel
from regulars.models.ranking import Ranking
from regulars.transforms.churn_labels import churn_labels

FIRST_ON = date(2024, 1, 1)
AS_OF = date(2024, 6, 30)
LAST_ON = date(2024, 7, 31)
HORIZON_DAYS = 28
MONEY = pl.Decimal(18, 2)


def population(customers_n: int = 400, seed: int = 4) -> tuple[Behaviour, np.ndarray]:
    """Each buys at a pace of their own until a day on which they leave; that day is the truth."""
    dice = np.random.default_rng(seed)
    days_n = (LAST_ON - FIRST_ON).days + 1
    pace = dice.gamma(2.0, 0.05, customers_n) + 0.02
    ends = dice.geometric(0.006, customers_n)
    buys = dice.random((customers_n, days_n)) < pace[:, None]
    buys &= np.arange(days_n) < ends[:, None]
    who, day = np.nonzero(buys)
    cents = dice.integers(100, 9000, len(who))
    on = [FIRST_ON + timedelta(days=int(n)) for n in day]
    orders = pl.DataFrame(
        {
            "order_n": pl.Series(range(len(who)), dtype=pl.Int64),
            "customer_id": pl.Series(who, dtype=pl.UInt64),
            "ordered_on": on,
            "ordered_at": [datetime(d.year, d.month, d.day, 12) for d in on],
            "store_id": pl.Series([None] * len(who), dtype=pl.String),
            "channel": pl.Series([None] * len(who), dtype=pl.String),
            "gross": pl.Series([Decimal(int(c)).scaleb(-2) for c in cents], dtype=MONEY),
            "discount": pl.Series([None] * len(who), dtype=MONEY),
            "quantity": pl.Series([None] * len(who), dtype=pl.Decimal(18, 3)),
            "lines_n": pl.Series([1] * len(who), dtype=pl.Int32),
            "coupon_lines_n": pl.Series([0] * len(who), dtype=pl.Int32),
        }
    )
    returns = pl.DataFrame(
        schema={
            "order_n": pl.Int64,
            "customer_id": pl.UInt64,
            "returned_on": pl.Date,
            "amount": MONEY,
        }
    )
    categories = orders.select(
        "customer_id", pl.lit("all").alias("category"), "ordered_on", "gross", "lines_n"
    )
    return Behaviour(orders, returns, categories), ends


def told(of: Behaviour) -> Churn:
    seen = of.orders.filter(pl.col("ordered_on") <= AS_OF)
    everyone = (
        seen.group_by("customer_id")
        .agg(recency_days=(pl.lit(AS_OF) - pl.col("ordered_on").max()).dt.total_days())
        .with_columns(usual_gap_days=pl.lit(7.0))
    )
    gaps = pl.DataFrame(schema={"customer_id": pl.UInt64, "gap_days": pl.Int32})
    return churn(
        of,
        everyone,
        gaps,
        None,
        first_on=FIRST_ON,
        as_of=AS_OF,
        horizon_days=HORIZON_DAYS,
        draws_n=20,
    )


@pytest.fixture(scope="module")
def whole() -> Churn:
    return told(population()[0])


def test_planted_ends_of_life_are_recovered(whole: Churn) -> None:
    """Who had left by the day has the higher risk than who had not, in nine pairs of ten."""
    ends = population()[1][whole.risk["customer_id"].to_numpy()]
    had_left = (ends <= (AS_OF - FIRST_ON).days).astype(float)
    risk = whole.risk["churn_risk"].to_numpy()
    assert Ranking.of(risk, had_left, np.ones((1, len(risk)))).auc()[0] > 0.9


def test_risks_are_held_to_what_came_and_beside_the_baselines(whole: Churn) -> None:
    assert isinstance(whole.model, ChurnModel)
    aucs = whole.quality.filter(pl.col("measure") == "auc")
    assert aucs.select("model", "role").rows() == [
        ("churn", "model"),
        ("recency", "baseline"),
        ("expected_orders", "baseline"),
    ]
    assert whole.quality["tested_on"].unique().to_list() == [AS_OF - timedelta(days=28)]
    assert (aucs["value"] > 0.8).all()


def test_neither_deleting_nor_dealing_out_what_comes_later_changes_a_risk(whole: Churn) -> None:
    of, _ = population()
    late = pl.col("ordered_on") > AS_OF
    early = of._replace(orders=of.orders.filter(~late), categories=of.categories.filter(~late))
    dealt = of.orders.filter(late).with_columns(pl.col("customer_id").shuffle(seed=1))
    mixed = of._replace(orders=pl.concat([of.orders.filter(~late), dealt]))
    for other in (early, mixed):
        again = told(other)
        assert again.risk.equals(whole.risk)
        assert again.quality.equals(whole.quality)


def test_those_at_risk_are_those_who_stay_away(whole: Churn) -> None:
    of, _ = population()
    judged = churn_labels(
        of.orders, of.returns, whole.risk, snapshot_on=AS_OF, horizon_days=HORIZON_DAYS
    )
    shares = {
        band: judged.filter(pl.col("risk_band") == band)["is_gone"].mean()
        for band in ("low", "very_high")
    }
    assert shares["low"] < 0.2
    assert shares["very_high"] > 0.8


def test_messages_that_were_all_kept_back_change_no_bit_of_a_risk_or_a_reason(
    whole: Churn,
) -> None:
    of, _ = population()
    ids = of.orders["customer_id"].unique().sort()
    kept_back = pl.select(
        customer_id=ids,
        contacted_on=pl.date_range(FIRST_ON, LAST_ON, "1d").sample(
            len(ids), with_replacement=True, seed=1
        ),
        campaign_id=pl.lit("C1"),
        channel=pl.lit("sms"),
        arm=pl.lit("control"),
        coupon_id=pl.lit("K1"),
        cost=pl.lit(None, MONEY),
    )
    assert told(of._replace(contacts=kept_back)).risk.equals(whole.risk)
