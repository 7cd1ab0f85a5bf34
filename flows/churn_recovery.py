"""How churn risks find planted ends of life, and reasons what was planted before them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from regulars.data.behaviour import Behaviour
from regulars.flows.churn_as_of import churn_as_of
from regulars.models.churn import churn_risk
from regulars.models.churn_reasons import REASONS_N, churn_reasons
from regulars.models.ranking import auc

HIGH_RISK = 0.5
"""The edge of the bands high and very_high of churn_risk."""
RECENT_DAYS = 56
"""A life that ended longer ago is long quiet: that is the reason then, whatever came before."""
_RISK_BINS = 5
"""Of the high risks, by tenths: others of similar risk are those of the same one."""


@dataclass(frozen=True)
class Recall:
    """Customers with a planted cause, and how many had it among their reasons.

    ``chance_n`` is how many of them would if reasons named it as often as for other customers of
    similar risk, who said no farewell. ``all_n`` counts those of lower risk as well.
    """

    cause: str
    all_n: int
    high_n: int
    named_n: int
    chance_n: float


@dataclass(frozen=True, eq=False)
class Recovery:
    """``aucs`` by what is to be told (had left by the day, or by the end of the horizon) and what
    tells it; ``gone_n`` how many that are, of ``customers_n``."""

    as_of: date
    kind: str
    customers_n: int
    gone_n: dict[str, int]
    aucs: dict[str, dict[str, float]]
    recalls: tuple[Recall, ...]


def churn_recovery(
    known: Behaviour, truth: pl.DataFrame, *, as_of: date, horizon_days: int
) -> Recovery:
    """The risks of a day, by what was known on it, held to ends of life and causes.

    ``truth`` has customer_id, alive_until, farewell and farewell_from.

    Raises:
        Failed: there is too little to fit a model to.
    """
    of_day = churn_as_of(known, as_of=as_of, horizon_days=horizon_days)
    model, asked = of_day.model, of_day.asked
    told = (
        churn_risk(model, asked)
        .join(churn_reasons(model, asked), on="customer_id")
        .join(asked.select("customer_id", "recency_days", "log_expected_orders"), on="customer_id")
        .join(truth, on="customer_id")
        .sort("customer_id")
    )
    gone = {
        "left_by_the_day": told["alive_until"] <= as_of,
        "left_by_the_horizon": told["alive_until"] <= as_of + timedelta(days=horizon_days),
    }
    tellers = {
        "churn": told["churn_risk"],
        "recency": told["recency_days"],
        "expected_orders": -told["log_expected_orders"],
    }
    return Recovery(
        as_of,
        model.kind,
        told.height,
        {name: int(is_gone.sum()) for name, is_gone in gone.items()},
        {
            name: {by: _auc(risk, is_gone) for by, risk in tellers.items()}
            for name, is_gone in gone.items()
        },
        recalls(told, as_of=as_of),
    )


def recalls(told: pl.DataFrame, *, as_of: date) -> tuple[Recall, ...]:
    """By planted cause, how often reasons name it for customers of high risk.

    ``told`` has churn_risk, recency_days, reason_1 to reason_3, and the truth of each customer.
    Asked about are farewells that the last purchase is part of, for who bought nothing more has
    shown nothing, of lives that ended within the last ``RECENT_DAYS`` or have yet to end.
    """
    last_on = pl.lit(as_of) - pl.duration(days=pl.col("recency_days").cast(pl.Int64))
    is_said = (pl.col("farewell_from") <= last_on) & (
        pl.col("alive_until") > as_of - timedelta(days=RECENT_DAYS)
    )
    asked = told.filter(is_said.fill_null(value=False))
    high = told.filter(pl.col("churn_risk") >= HIGH_RISK).with_columns(
        bin=((pl.col("churn_risk") - HIGH_RISK) / (1 - HIGH_RISK) * _RISK_BINS)
        .floor()
        .clip(upper_bound=_RISK_BINS - 1),
        reasons=pl.concat_list(f"reason_{n + 1}" for n in range(REASONS_N)),
    )
    others = high.filter(pl.col("farewell").is_null())
    found = []
    for cause in sorted(told["farewell"].drop_nulls().unique()):
        theirs = high.join(asked.filter(farewell=cause), on="customer_id", how="semi")
        is_named = pl.col("reasons").list.contains(cause).fill_null(value=False)
        usual = others.group_by("bin").agg(chance=is_named.mean())
        found.append(
            Recall(
                cause,
                asked.filter(farewell=cause).height,
                theirs.height,
                int(theirs.select(is_named.sum()).item()),
                float(theirs.join(usual, on="bin")["chance"].sum()),
            )
        )
    return tuple(found)


def _auc(risk: pl.Series, is_gone: pl.Series) -> float:
    gone = is_gone.fill_null(value=False).cast(pl.Float64).to_numpy()
    ranks = risk.cast(pl.Float64).to_numpy()
    return auc(ranks, gone)
