"""What a churn model of a day learned and is asked, for those that judge it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from regulars.data.behaviour import Behaviour
from regulars.expectations.errors import Failed
from regulars.flows.churn_examples import examples, features_as_of, snapshot_days
from regulars.models.churn import ChurnModel, fit_churn
from regulars.models.not_fitted import NotFitted


@dataclass(frozen=True, eq=False)
class ChurnAsOf:
    """The past days it learned from, the model, and the features of the day's customers."""

    learned: pl.DataFrame
    model: ChurnModel
    asked: pl.DataFrame


def examples_as_of(data: Behaviour, *, as_of: date, horizon_days: int) -> pl.DataFrame:
    """The past days that a model of the day learns from, those of `examples`."""
    first_on = data.orders["ordered_on"].min()
    assert isinstance(first_on, date)
    days = snapshot_days(first_on=first_on, as_of=as_of, horizon_days=horizon_days)
    return examples(data, days, horizon_days=horizon_days)


def churn_as_of(data: Behaviour, *, as_of: date, horizon_days: int) -> ChurnAsOf:
    """The model fitted as of the day; `data` may reach beyond it.

    Raises:
        Failed: there is too little to fit one to.
    """
    learned = examples_as_of(data, as_of=as_of, horizon_days=horizon_days)
    model = fit_churn(learned, as_of=as_of, horizon_days=horizon_days)
    if isinstance(model, NotFitted):
        raise Failed(f"no churn model as of {as_of}", found=str(model.as_dict()))
    asked = features_as_of(data, as_of=as_of, horizon_days=horizon_days)
    return ChurnAsOf(learned, model, asked)
