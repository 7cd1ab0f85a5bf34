"""Churn of a population whose customers really leave: told from what was known on the day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import numpy as np
import polars as pl
import pytest
import skops.io

from regulars.data.behaviour import Behaviour
from regulars.data.model_types import TRUSTED, foreign_types
from regulars.flows.churn import Churn, churn, fitted_churn
from regulars.models.bg_nbd import fit_bg_nbd
from regulars.models.churn_fit import ChurnFit
from regulars.models.churn_learners import LEARNERS
from regulars.models.not_fitted import NotFitted
from regulars.models.ranking import Ranking
from regulars.transforms.buying_history import buying_history
from regulars.transforms.churn_labels import churn_labels
from regulars.transforms.earlier_nets import earlier_nets

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


def fitted(of: Behaviour) -> ChurnFit:
    found = fitted_churn(
        of, first_on=FIRST_ON, fitted_on=AS_OF, horizon_days=HORIZON_DAYS, draws_n=20
    )
    assert isinstance(found, ChurnFit)
    return found


def told(of: Behaviour, *, as_of: date = AS_OF, fit: ChurnFit | NotFitted | None = None) -> Churn:
    seen = of.orders.filter(pl.col("ordered_on") <= as_of)
    everyone = (
        seen.group_by("customer_id")
        .agg(recency_days=(pl.lit(as_of) - pl.col("ordered_on").max()).dt.total_days())
        .with_columns(usual_gap_days=pl.lit(7.0))
    )
    gaps = pl.DataFrame(schema={"customer_id": pl.UInt64, "gap_days": pl.Int32})
    return churn(
        of,
        everyone,
        gaps,
        everyone.select("customer_id", expected_spend_12m=pl.lit(Decimal(100))),
        fitted(of) if fit is None else fit,
        pace=fit_bg_nbd(buying_history(nets_as_of(of, as_of), as_of=as_of)),
        as_of=as_of,
        horizon_days=HORIZON_DAYS,
    )


def nets_as_of(of: Behaviour, as_of: date) -> pl.DataFrame:
    return earlier_nets(of.orders, of.returns, as_of=as_of)


@pytest.fixture(scope="module")
def whole() -> Churn:
    return told(population()[0])


def test_planted_ends_of_life_are_recovered(whole: Churn) -> None:
    """Who had left by the day has the higher risk than who had not, in nine pairs of ten."""
    ends = population()[1][whole.table["customer_id"].to_numpy()]
    had_left = (ends <= (AS_OF - FIRST_ON).days).astype(float)
    risk = whole.table["churn_risk"].to_numpy()
    assert Ranking.of(risk, had_left, np.ones((1, len(risk)))).auc()[0] > 0.9


def test_risks_are_held_to_what_came_and_beside_the_baselines(whole: Churn) -> None:
    aucs = whole.quality.filter(pl.col("measure") == "auc")
    assert aucs.select("model", "role").rows() == [
        ("churn", "model"),
        ("recency", "baseline"),
        ("expected_orders", "baseline"),
    ]
    assert aucs["tested_on"].unique().to_list() == [AS_OF - timedelta(days=28)]
    assert (aucs["value"] > 0.8).all()
    gains = whole.quality.filter(pl.col("measure") == "auc_difference")
    assert gains.select("model", "part").rows() == [
        ("churn", "recency"),
        ("churn", "expected_orders"),
    ]


def test_neither_deleting_nor_dealing_out_what_comes_later_changes_a_risk(whole: Churn) -> None:
    of, _ = population()
    late = pl.col("ordered_on") > AS_OF
    early = of._replace(orders=of.orders.filter(~late), categories=of.categories.filter(~late))
    dealt = of.orders.filter(late).with_columns(pl.col("customer_id").shuffle(seed=1))
    mixed = of._replace(orders=pl.concat([of.orders.filter(~late), dealt]))
    for other in (early, mixed):
        again = told(other)
        assert again.table.equals(whole.table)
        assert again.quality.equals(whole.quality)


def test_those_at_risk_are_those_who_stay_away(whole: Churn) -> None:
    of, _ = population()
    judged = churn_labels(
        of.orders, of.returns, whole.table, snapshot_on=AS_OF, horizon_days=HORIZON_DAYS
    )
    shares = {
        band: judged.filter(pl.col("risk_band") == band)["is_gone"].mean()
        for band in ("low", "very_high")
    }
    assert shares["low"] < 0.2
    assert shares["very_high"] > 0.8


def test_a_kept_fit_tells_later_days_what_it_told_before_it_was_kept() -> None:
    of, _ = population()
    fit = fitted(of)
    assert fit.model.kind in LEARNERS
    later = AS_OF + timedelta(days=6)
    told_by = told(of, as_of=later, fit=fit), told(of, as_of=later, fit=reread(fit))
    assert told_by[0].table.equals(told_by[1].table)
    assert told_by[0].quality.equals(told_by[1].quality)


def reread(fit: ChurnFit) -> ChurnFit:
    """The fit after a model file has held it."""
    content = skops.io.dumps(fit.parts())
    assert not foreign_types(content)
    return ChurnFit.from_parts(skops.io.loads(content, trusted=sorted(TRUSTED)))


def test_customers_who_all_stop_coming_are_a_drift_and_six_days_as_usual_are_none() -> None:
    of, _ = population()
    fit = fitted(of)
    assert told(of, as_of=AS_OF, fit=fit).drifted == ()
    assert "churn_risk" not in told(of, as_of=AS_OF + timedelta(days=6), fit=fit).drifted
    stopped = of._replace(orders=of.orders.filter(pl.col("ordered_on") <= AS_OF))
    assert "churn_risk" in told(stopped, as_of=AS_OF + timedelta(days=28), fit=fit).drifted


def test_too_few_customers_have_no_risk_and_the_reason() -> None:
    few = told(population(50)[0], fit=NotFitted("too_few_customers", {"found_n": 50}))
    assert few.table["churn_risk"].null_count() == few.table.height
    assert few.table["unscored_reason"].unique().to_list() == ["too_few_customers"]
    found = fitted_churn(
        population(50)[0], first_on=FIRST_ON, fitted_on=AS_OF, horizon_days=HORIZON_DAYS
    )
    assert isinstance(found, NotFitted)
    assert found.code == "too_few_customers"


def test_value_at_risk_is_the_risk_of_what_is_expected(whole: Churn) -> None:
    scored = whole.table.filter(pl.col("churn_risk").is_not_null())
    assert scored.height
    expected = (scored["churn_risk"] * 100).round(2)
    assert scored["value_at_risk"].cast(pl.Float64).to_list() == pytest.approx(expected.to_list())


def test_each_reason_comes_with_the_customers_own_figures(whole: Churn) -> None:
    """Of those whose first reason is their rhythm, the value is how long they have been away."""
    by_rhythm = whole.table.filter(pl.col("reason_1") == "rhythm")
    assert by_rhythm.height > 10
    assert by_rhythm["reason_1_value"].to_list() == by_rhythm["recency_days"].to_list()
    nobody = whole.table.filter(pl.col("reason_1").is_null())
    assert nobody["reason_1_value"].null_count() == nobody.height


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
    assert told(of._replace(contacts=kept_back)).table.equals(whole.table)
