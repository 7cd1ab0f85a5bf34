"""``python -m regulars.flows.churn_bench``: what churn of a million made-up customers costs.

What is timed is what a run does between the hand-over and the risks: examples, the choice among
models, calibration, features of everyone, risks and reasons.
"""

from __future__ import annotations

import os
import resource
import time
from datetime import date, timedelta

import numpy as np
import polars as pl
import typer

from regulars.data.behaviour import Behaviour
from regulars.expectations.errors import Failed
from regulars.flows.churn_examples import examples, features_as_of, snapshot_days
from regulars.flows.console import Console
from regulars.models.churn import churn_risk, fit_churn
from regulars.models.churn_reasons import churn_reasons
from regulars.models.not_fitted import NotFitted

FIRST_ON = date(2023, 1, 1)
DAYS_N = 365
HORIZON_DAYS = 28
CATEGORIES_N = 12
MESSAGES_A_CUSTOMER = 12
_MONEY = pl.Decimal(18, 2)


def made_up(customers_n: int, *, seed: int) -> Behaviour:
    """A year of orders, about eleven a customer: gamma paces, each customer leaving one day.

    About a message a customer and month, a coupon used with one order in twenty, something said of
    one in ten.
    """
    dice = np.random.default_rng(seed)
    pace = dice.gamma(1.2, 0.05, customers_n)
    stays = np.minimum(dice.exponential(250, customers_n), DAYS_N)
    starts = dice.uniform(0, DAYS_N / 2, customers_n)
    lasts = np.maximum(1, np.minimum(stays, DAYS_N - starts))
    orders_n = 1 + dice.poisson(pace * lasts)
    who = np.repeat(np.arange(customers_n, dtype=np.uint64), orders_n)
    day = np.repeat(starts, orders_n) + dice.random(len(who)) * np.repeat(lasts, orders_n)
    # Pseudonyms are spread over all 64 bits; an odd factor does that without two being equal.
    customer = pl.Series("customer_id", who * np.uint64(0x9E3779B97F4A7C15))
    on = pl.Series("ordered_on", day.astype(np.int32)) + (FIRST_ON - date(1970, 1, 1)).days
    cents = pl.Series("gross", dice.integers(100, 20_000, len(who)))
    orders = pl.select(
        pl.int_range(len(who), dtype=pl.Int64).alias("order_n"),
        customer,
        on.cast(pl.Int32).cast(pl.Date).alias("ordered_on"),
        gross=cents.cast(pl.Int128).reinterpret(dtype=_MONEY),
        store_id=pl.Series(dice.integers(0, 40, len(who))).cast(pl.String),
        lines_n=pl.Series(dice.integers(1, 12, len(who)), dtype=pl.Int32),
    ).with_columns(
        ordered_at=pl.col("ordered_on").cast(pl.Datetime("us")) + pl.duration(hours=15),
        channel=pl.lit("shop"),
        discount=pl.lit(None, _MONEY),
        quantity=pl.lit(None, pl.Decimal(18, 3)),
        coupon_lines_n=pl.lit(0, pl.Int32),
    )
    returns = orders.filter(pl.col("order_n") % 50 == 0).select(
        "order_n",
        "customer_id",
        returned_on=pl.col("ordered_on") + timedelta(days=5),
        amount=-pl.col("gross"),
    )
    categories = orders.select(
        "customer_id",
        pl.Series("category", dice.integers(0, CATEGORIES_N, len(who))).cast(pl.String),
        "ordered_on",
        "gross",
        "lines_n",
    ).unique(["customer_id", "category", "ordered_on"], maintain_order=True)
    sent_n = MESSAGES_A_CUSTOMER * customers_n
    contacts = pl.select(
        pl.Series("customer_id", dice.choice(customer.unique().sort().to_numpy(), sent_n)),
        contacted_on=FIRST_ON
        + pl.duration(days=pl.lit(pl.Series(dice.integers(0, DAYS_N, sent_n)))),
        campaign_id=pl.lit("C1"),
        channel=pl.lit("sms"),
        arm=pl.lit("treated"),
        coupon_id=pl.lit("K1"),
        cost=pl.lit(None, _MONEY),
    ).with_columns(pl.col("contacted_on").cast(pl.Date))
    coupon_uses = orders.filter(pl.col("order_n") % 20 == 0).select(
        "customer_id",
        redeemed_on="ordered_on",
        coupon_id=pl.lit("K1"),
        value=pl.lit("1.00").cast(_MONEY),
    )
    feedback = orders.filter(pl.col("order_n") % 10 == 0).select(
        "customer_id",
        feedback_id=pl.format("F{}", "order_n"),
        submitted_at="ordered_at",
        submitted_on="ordered_on",
        kind=pl.when(pl.col("order_n") % 50 == 0)
        .then(pl.lit("complaint"))
        .otherwise(pl.lit("survey")),
        rating_of_five=(pl.col("order_n") // 10 % 5 + 1).cast(pl.Decimal(18, 3)),
        nps=pl.lit(None, pl.Int32),
        responded_on=pl.col("ordered_on") + timedelta(days=1),
        resolved_on=pl.col("ordered_on") + timedelta(days=3),
    )
    return Behaviour(orders, returns, categories, contacts, coupon_uses, feedback)


def churn_bench(customers: int = 1_000_000, seed: int = 1, as_json: bool = False) -> None:
    """Time each part, and the most memory that the process held, the made-up orders included.

    Seconds of the processor are told beside those of the clock, for others may use the machine.
    """
    console = Console(as_json)
    seconds: dict[str, float] = {}
    as_of = FIRST_ON + timedelta(days=DAYS_N - 1)
    with console.working("timing churn") as report:
        report(f"making {customers:,} customers")
        of = made_up(customers, seed=seed)
        since, cpu_since = time.perf_counter(), time.process_time()

        def stage(name: str) -> None:
            nonlocal since
            now = time.perf_counter()
            seconds[name] = round(now - since, 1)
            since = now
            report(f"{name}: {seconds[name]} s")

        days = snapshot_days(first_on=FIRST_ON, as_of=as_of, horizon_days=HORIZON_DAYS)
        learned = examples(of, days, horizon_days=HORIZON_DAYS)
        stage("examples")
        model = fit_churn(learned, as_of=as_of, horizon_days=HORIZON_DAYS)
        stage("choice, fit and calibration")
        if isinstance(model, NotFitted):
            raise Failed("no churn model of the made-up customers", found=str(model.as_dict()))
        features = features_as_of(of, as_of=as_of, horizon_days=HORIZON_DAYS)
        stage("features of everyone")
        risks = churn_risk(model, features)
        stage("risks")
        churn_reasons(model, features)
        stage("reasons")
    facts = {
        "customers_n": risks.height,
        "orders_n": of.orders.height,
        "examples_n": learned.height,
        "kind": model.kind,
        "seconds": seconds,
        "cpu_seconds": round(time.process_time() - cpu_since, 1),
        "total_seconds": round(sum(seconds.values()), 1),
        "peak_gib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20), 2),
        "load": os.getloadavg()[0],
    }
    console.result(facts, *(f"{name}: {value}" for name, value in facts.items()))


if __name__ == "__main__":
    typer.run(churn_bench)
