"""Churn as of a day: the model of the day, everyone's risk, and how good such risks have been."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from regulars.data.behaviour import Behaviour
from regulars.flows.churn_examples import examples, features_as_of, snapshot_days
from regulars.models.churn import ChurnModel, churn_risk, fit_churn, fit_kind
from regulars.models.churn_horizon import recommended_horizon, recommended_horizons
from regulars.models.churn_learners import BASELINES
from regulars.models.churn_reasons import churn_reasons
from regulars.models.model_quality import DRAWS_N, model_quality
from regulars.models.not_fitted import NotFitted
from regulars.transforms.category_gaps import category_gaps
from regulars.transforms.churn_labels import churn_labels
from regulars.transforms.churn_table import churn_table

SEED = 20_240_229


@dataclass(frozen=True, eq=False)
class Churn:
    """`risk` and `quality` are the tables churn_risk and model_quality, customers as numbers."""

    risk: pl.DataFrame
    quality: pl.DataFrame
    model: ChurnModel | NotFitted
    fitted: dict[str, Any]


def churn(
    behaviour: Behaviour,
    everyone: pl.DataFrame,
    gaps: pl.DataFrame,
    expected_spend: pl.DataFrame | None,
    *,
    first_on: date,
    as_of: date,
    horizon_days: int,
    draws_n: int = DRAWS_N,
) -> Churn:
    """What is told of churn as of the day.

    `everyone` has customer_id, recency_days and usual_gap_days; `gaps` customer_id and gap_days;
    `expected_spend` customer_id and expected_spend_12m. The quality is that of the model that this
    same function would have given a horizon ago, held to what came since.
    """
    days = snapshot_days(first_on=first_on, as_of=as_of, horizon_days=horizon_days)
    learned = examples(behaviour, days, horizon_days=horizon_days)
    model = fit_churn(learned, as_of=as_of, horizon_days=horizon_days)
    fitted = {
        **model.as_dict(),
        "recommended_horizon_days": recommended_horizon(gaps),
        "recommended_horizon_days_by_category": {
            row["category"]: row["horizon_days"]
            for row in recommended_horizons(
                category_gaps(behaviour.categories, as_of=as_of)
            ).to_dicts()
        },
    }
    if isinstance(model, NotFitted):
        risk = churn_table(
            everyone,
            None,
            None,
            expected_spend,
            horizon_days=horizon_days,
            unscored_reason=model.code,
        )
        return Churn(risk, _no_quality(as_of, horizon_days), model, fitted)
    features = features_as_of(behaviour, as_of=as_of, horizon_days=horizon_days)
    risk = churn_table(
        everyone,
        churn_risk(model, features),
        churn_reasons(model, features),
        expected_spend,
        horizon_days=horizon_days,
    )
    quality = _quality(behaviour, learned, as_of=as_of, horizon_days=horizon_days, draws_n=draws_n)
    return Churn(risk, quality, model, fitted)


def _quality(
    behaviour: Behaviour,
    learned: pl.DataFrame,
    *,
    as_of: date,
    horizon_days: int,
    draws_n: int,
) -> pl.DataFrame:
    """How a model of a horizon ago did, beside both baselines, calibrated as it was."""
    tested_on = as_of - timedelta(days=horizon_days)
    known = learned.filter(pl.col("snapshot_on") <= tested_on - timedelta(days=horizon_days))
    before = fit_churn(known, as_of=tested_on, horizon_days=horizon_days)
    if isinstance(before, NotFitted):
        return _no_quality(tested_on, horizon_days)
    asked = features_as_of(behaviour, as_of=tested_on, horizon_days=horizon_days)
    told = {"churn": before} | {
        kind: fit_kind(kind, known, as_of=tested_on, horizon_days=horizon_days)
        for kind in BASELINES
    }
    risks = asked.select(
        "customer_id",
        *(
            churn_risk(model, asked)["churn_risk"].alias(name)
            for name, model in told.items()
            if isinstance(model, ChurnModel)
        ),
    )
    judged = churn_labels(
        behaviour.orders,
        behaviour.returns,
        risks,
        snapshot_on=tested_on,
        horizon_days=horizon_days,
    )
    return model_quality(
        judged,
        roles={
            name: "model" if name == "churn" else "baseline"
            for name in told
            if name in risks.columns
        },
        as_of=tested_on,
        horizon_days=horizon_days,
        seed=SEED,
        draws_n=draws_n,
    )


def _no_quality(tested_on: date, horizon_days: int) -> pl.DataFrame:
    nobody = pl.DataFrame(schema={"customer_id": pl.UInt64, "is_gone": pl.Boolean})
    return model_quality(nobody, roles={}, as_of=tested_on, horizon_days=horizon_days, seed=SEED)
