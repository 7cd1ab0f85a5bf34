"""The fitted models of a day: each as of its refit day, kept from the run that first needed it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from regulars.data.behaviour import Behaviour
from regulars.data.model_digest import digest_of
from regulars.expectations.churn_features import FEATURES
from regulars.flows.churn import fitted_churn
from regulars.flows.fitted_models import Fits
from regulars.flows.picture import fitted_picture
from regulars.models.churn import LEAST_CUSTOMERS_N
from regulars.models.churn_fit import ChurnFit
from regulars.models.cluster_alignment import Picture
from regulars.models.clusters import NotClustered
from regulars.models.not_fitted import NotFitted
from regulars.models.refits import Refit

Told = Callable[[date], Behaviour]
"""What customers had done, as it was known on a day: those who are learned from."""

HANDED_ON_EVERY: dict[Refit, int] = {"daily": 91, "weekly": 13, "monthly": 3}
"""Names of clusters are handed on from quarter to quarter, and to each refit day from the quarter
before it: every day of a quarter is aligned to the same picture."""


@dataclass(frozen=True)
class DayModels:
    """What a run applies; ``fitted_on`` says as of which day each was fitted, by name."""

    churn: ChurnFit | NotFitted
    picture: Picture | NotClustered
    fitted_on: dict[str, date]

    def as_dict(self) -> dict[str, dict[str, Any]]:
        """For each model the day it was fitted as of, and the digest of what is kept of it."""
        return {
            name: {
                "fitted_on": self.fitted_on[name].isoformat(),
                "digest": digest_of(model.parts()),
            }
            for name, model in (("churn", self.churn), ("clusters", self.picture))
            if isinstance(model, ChurnFit | Picture)
        }


def day_models(
    told: Told,
    fits: Fits,
    *,
    accepted_on: Collection[date] = (),
    first_on: date,
    as_of: date,
    horizon_days: int,
) -> DayModels:
    """The models for a run of the day; ``told`` is asked for it, and for what was not kept.

    ``accepted_on`` are refit days whose clusters a person took though they differ.
    """
    if (now := told(as_of)).customers_n < LEAST_CUSTOMERS_N:
        # Nor were there more on any day before: nothing is fitted, and the day itself says why.
        return DayModels(
            fitted_churn(now, first_on=first_on, fitted_on=as_of, horizon_days=horizon_days),
            fitted_picture(now, as_of=as_of, previous=None, is_accepted=False),
            {"churn": as_of, "clusters": as_of},
        )
    churn_on = fits.day("churn", as_of=as_of)
    days = _picture_days(fits, accepted_on, first_on=first_on, as_of=as_of)
    fits = fits.looked_up([churn_on, *days])
    churn = fits.model(
        "churn",
        ChurnFit,
        lambda: fitted_churn(
            told(churn_on), first_on=first_on, fitted_on=churn_on, horizon_days=horizon_days
        ),
        fitted_on=churn_on,
        # By place in this list a kept model knows what is usual of each.
        settings={"horizon_days": horizon_days, "features": list(FEATURES)},
    )
    picture = _picture(told, fits, days, accepted_on)
    return DayModels(churn, picture, {"churn": churn_on, "clusters": days[-1]})


def _picture_days(
    fits: Fits, accepted_on: Collection[date], *, first_on: date, as_of: date
) -> list[date]:
    """The days whose clusters hand names on to those of the day; an accepted picture does too."""
    every = HANDED_ON_EVERY[fits.calendar.refit]
    days = fits.days("clusters", as_of=as_of, first_on=first_on, every=every)
    return sorted({*days, *(day for day in accepted_on if first_on <= day <= days[-1])})


def _picture(
    told: Told, fits: Fits, days: list[date], accepted_on: Collection[date]
) -> Picture | NotClustered:
    """The picture of the last of the days; each follows from its rows and the one before it."""
    picture: Picture | NotClustered | None = None
    for day in days:
        previous = picture.clusters if isinstance(picture, Picture) else None
        is_accepted = day in accepted_on
        found = fits.model(
            "clusters",
            Picture,
            partial(_fitted, told, day, previous, is_accepted),
            fitted_on=day,
            settings={
                "previous": digest_of(previous.parts()) if previous else None,
                "is_accepted": is_accepted,
            },
        )
        # Too few today does not take away the names of yesterday.
        picture = found if isinstance(found, Picture) or previous is None else picture
    assert picture is not None  # there is always a last refit day
    return picture


def _fitted(told: Told, day: date, previous: Any, is_accepted: bool) -> Picture | NotClustered:
    return fitted_picture(told(day), as_of=day, previous=previous, is_accepted=is_accepted)
