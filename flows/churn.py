"""Churn as of a day: the model of its refit day, everyone's risk, and how good such risks are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from regulars.data.behaviour import PARTS_N, Behaviour, in_parts
from regulars.expectations.churn_features import CALENDAR_FEATURES, FEATURES
from regulars.flows.churn_examples import examples, features_as_of, outcomes, snapshot_days
from regulars.flows.learned_from import parts_learned_from
from regulars.models.bg_nbd import BgNbd
from regulars.models.churn import ChurnModel, churn_risk, fit_churn, fit_kind, shortage
from regulars.models.churn_fit import ChurnFit
from regulars.models.churn_horizon import recommended_horizon, recommended_horizons
from regulars.models.churn_learners import BASELINES
from regulars.models.churn_reasons import churn_reasons
from regulars.models.model_quality import DRAWS_N, MODEL_QUALITY, model_quality
from regulars.models.not_fitted import NotFitted
from regulars.models.stability import drifted, fit_stability, stability_rows
from regulars.transforms.category_gaps import category_gaps
from regulars.transforms.churn_labels import churn_labels
from regulars.transforms.churn_table import churn_table

SEED = 20_240_229


@dataclass(frozen=True, eq=False)
class Churn:
    """`table` is churn_risk, customers as numbers; `quality` has rows of model_quality.

    `drifted` names the features, or the risk, that are no longer what they were when the model was
    fitted: any of them asks for a refit.
    """

    table: pl.DataFrame
    quality: pl.DataFrame
    fitted: dict[str, Any]
    drifted: tuple[str, ...]


def fitted_churn(
    behaviour: Behaviour,
    *,
    first_on: date,
    fitted_on: date,
    horizon_days: int,
    draws_n: int = DRAWS_N,
) -> ChurnFit | NotFitted:
    """The model of a refit day, from what was handed over as of that very day.

    The quality kept with it is that of the model which this same function would have given a
    horizon before, held to what came since.
    """
    days = snapshot_days(first_on=first_on, as_of=fitted_on, horizon_days=horizon_days)
    if days and (short := shortage(outcomes(behaviour, days[0], horizon_days=horizon_days))):
        return short  # before features are told, which takes longest
    learned = examples(behaviour, days, horizon_days=horizon_days)
    model = fit_churn(learned, as_of=fitted_on, horizon_days=horizon_days)
    if isinstance(model, NotFitted):
        return model
    asked = features_as_of(behaviour, as_of=fitted_on, horizon_days=horizon_days)
    return ChurnFit(
        model,
        _quality(behaviour, learned, model, horizon_days=horizon_days, draws_n=draws_n),
        fit_stability(_watched(asked, churn_risk(model, asked), in_parts(PARTS_N))),
    )


def churn(
    behaviour: Behaviour,
    everyone: pl.DataFrame,
    gaps: pl.DataFrame,
    expected_spend: pl.DataFrame,
    fit: ChurnFit | NotFitted,
    *,
    pace: BgNbd | NotFitted,
    as_of: date,
    horizon_days: int,
) -> Churn:
    """What is told of churn as of the day, by a fit that may be of an earlier one.

    `everyone` has customer_id, recency_days and usual_gap_days; `gaps` customer_id and gap_days;
    `expected_spend` customer_id and expected_spend_12m. `pace` is the BG/NBD of the day.
    """
    of_fit = in_parts(parts_learned_from(behaviour.customers_n))
    horizons = {
        "recommended_horizon_days": recommended_horizon(gaps),
        "recommended_horizon_days_by_category": {
            row["category"]: row["horizon_days"]
            for row in recommended_horizons(
                category_gaps(behaviour.categories.filter(of_fit), as_of=as_of)
            ).to_dicts()
        },
    }
    if isinstance(fit, NotFitted):
        table = churn_table(
            everyone,
            None,
            None,
            expected_spend,
            horizon_days=horizon_days,
            unscored_reason=fit.code,
        )
        return Churn(table, MODEL_QUALITY.to_frame(), {**fit.as_dict(), **horizons}, ())
    risks, reasons, watched = [], [], []
    for part in behaviour.slices():
        features = features_as_of(part, as_of=as_of, horizon_days=horizon_days, pace=pace)
        risks.append(churn_risk(fit.model, features))
        reasons.append(churn_reasons(fit.model, features))
        watched.append(_watched(features, risks[-1], of_fit))
    table = churn_table(
        everyone,
        pl.concat(risks),
        pl.concat(reasons),
        expected_spend,
        horizon_days=horizon_days,
    )
    indices = stability_rows(fit.stability, pl.concat(watched), model="churn", as_of=as_of)
    return Churn(
        table,
        pl.concat([fit.quality, indices]),
        {**fit.model.as_dict(), **horizons},
        tuple(drifted(indices)),
    )


def _watched(features: pl.DataFrame, risks: pl.DataFrame, of_fit: pl.Expr) -> pl.DataFrame:
    """What is watched for drift: the risk, and features that do not move with the date alone; of
    those customers whom a model is fitted to."""
    watched = [name for name in FEATURES if name not in CALENDAR_FEATURES]
    told = features.with_columns(risks["churn_risk"]).filter(of_fit)
    return told.select(*watched, "churn_risk")


def _quality(
    behaviour: Behaviour,
    learned: pl.DataFrame,
    model: ChurnModel,
    *,
    horizon_days: int,
    draws_n: int,
) -> pl.DataFrame:
    """How a model of a horizon before did, beside both baselines, calibrated as it was.

    And the evidence that the model of the day was chosen by.
    """
    choice = pl.DataFrame(
        [
            {
                "model": kind,
                "role": "baseline" if kind in BASELINES else "candidate",
                "measure": "auc_at_choice",
                "value": auc,
                "horizon_days": horizon_days,
            }
            for kind, auc in model.evidence.items()
        ],
        schema=MODEL_QUALITY,
    )
    tested_on = model.fitted_on - timedelta(days=horizon_days)
    known = learned.filter(pl.col("snapshot_on") <= tested_on - timedelta(days=horizon_days))
    before = fit_churn(known, as_of=tested_on, horizon_days=horizon_days)
    if isinstance(before, NotFitted):
        return choice
    asked = features_as_of(behaviour, as_of=tested_on, horizon_days=horizon_days)
    told = {"churn": before} | {
        kind: fit_kind(kind, known, as_of=tested_on, horizon_days=horizon_days)
        for kind in BASELINES
    }
    risks = asked.select(
        "customer_id",
        *(
            churn_risk(of_kind, asked)["churn_risk"].alias(name)
            for name, of_kind in told.items()
            if isinstance(of_kind, ChurnModel)
        ),
    )
    judged = churn_labels(
        behaviour.orders,
        behaviour.returns,
        risks,
        snapshot_on=tested_on,
        horizon_days=horizon_days,
    )
    measured = model_quality(
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
    return pl.concat([measured, choice])
