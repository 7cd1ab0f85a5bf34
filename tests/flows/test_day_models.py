"""The models of a day: those of the calendar, whatever was run before, kept, or accepted."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, timedelta

import polars as pl
import pytest

from regulars.data.behaviour import Behaviour
from regulars.data.vault import workspace_key
from regulars.data.workspace import Workspace, prepared
from regulars.flows.day_models import DayModels, day_models
from regulars.flows.fitted_models import Fits, KeptModels
from regulars.flows.settings import Models
from regulars.models.cluster_alignment import Picture
from regulars.models.clusters import NotClustered
from regulars.models.not_fitted import NotFitted
from tests.shoppers import AS_OF, FIRST_ON, shoppers

CALENDAR = Models(refit="monthly")
HORIZON_DAYS = 28


def up_to(whole: Behaviour, day: date) -> Behaviour:
    """What the warehouse would have handed over on the day."""
    return whole._replace(
        orders=whole.orders.filter(pl.col("ordered_on") <= day),
        returns=whole.returns.filter(pl.col("returned_on") <= day),
        categories=whole.categories.filter(pl.col("ordered_on") <= day),
    )


@dataclass
class Asked:
    """The behaviour of any day, and for which days it was asked."""

    whole: Behaviour
    days: list[date] = field(default_factory=list)

    def __call__(self, day: date) -> Behaviour:
        self.days.append(day)
        return up_to(self.whole, day)


@pytest.fixture(scope="module")
def whole() -> Behaviour:
    return shoppers(seed=11)[0]


@pytest.fixture
def shelf(tmp_path) -> KeptModels:
    workspace = Workspace(tmp_path)
    prepared(workspace)
    key = workspace_key(workspace)
    return KeptModels(
        workspace, key, lambda days: {day: {"transactions": day.isoformat()} for day in days}
    )


def models(
    asked: Asked, fits: Fits, as_of: date, *, accepted_on: Collection[date] = ()
) -> DayModels:
    return day_models(
        asked,
        fits,
        accepted_on=accepted_on,
        first_on=FIRST_ON,
        as_of=as_of,
        horizon_days=HORIZON_DAYS,
    )


def test_all_days_until_the_next_refit_have_the_models_of_one_day(whole, shelf):
    refit_on = AS_OF.replace(day=1)
    asked = Asked(whole)
    first = models(asked, Fits(CALENDAR, shelf=shelf), refit_on)
    assert first.fitted_on == {"churn": refit_on, "clusters": refit_on}
    assert refit_on in asked.days
    later = Asked(whole)
    again = models(later, Fits(CALENDAR, shelf=shelf), refit_on + timedelta(days=9))
    # Too few on the first day: what was not fitted is not kept.
    assert later.days == [refit_on + timedelta(days=9), FIRST_ON]
    assert again.as_dict() == first.as_dict()


def test_a_replayed_day_gives_what_the_days_gave(whole, shelf):
    """Day after day with a shelf, or the last day alone without one."""
    days = [AS_OF - timedelta(days=n) for n in (70, 40, 12, 0)]
    kept = [models(Asked(whole), Fits(CALENDAR, shelf=shelf), day) for day in days]
    alone = models(Asked(whole), Fits(CALENDAR), days[-1])
    assert alone.as_dict() == kept[-1].as_dict()
    assert isinstance(alone.picture, Picture)
    assert alone.picture == kept[-1].picture


def turned_about(whole: Behaviour, day: date) -> Behaviour:
    """From the day on everybody shops in one of two ways that have nothing to do with before."""
    late, is_odd = pl.col("ordered_on") > day, pl.col("customer_id") % 2 == 1
    hour = pl.when(is_odd).then(9).otherwise(20)
    orders = whole.orders.with_columns(
        ordered_at=pl.when(late)
        .then(pl.col("ordered_on").cast(pl.Datetime("us")).dt.offset_by(pl.format("{}h", hour)))
        .otherwise("ordered_at"),
        channel=pl.when(late)
        .then(pl.when(is_odd).then(pl.lit("web")).otherwise(pl.lit("shop")))
        .otherwise("channel"),
        discount=pl.when(late & is_odd)
        .then(pl.col("gross") / 10)
        .when(late)
        .then(pl.lit(0))
        .otherwise("discount")
        .cast(whole.orders.schema["discount"]),
    )
    categories = whole.categories.with_columns(
        category=pl.when(late)
        .then(pl.when(is_odd).then(pl.lit("tea")).otherwise(pl.lit("milk")))
        .otherwise("category")
    )
    return whole._replace(orders=orders, categories=categories)


def test_a_picture_that_changes_waits_until_a_person_takes_it(whole):
    turned = turned_about(whole, date(2024, 3, 15))
    waiting = models(Asked(turned), Fits(CALENDAR), AS_OF)
    on = waiting.fitted_on["clusters"]
    assert isinstance(waiting.picture, Picture)
    assert waiting.picture.verdict == "needs_acceptance"
    assert waiting.picture.proposed is not None
    taken = models(Asked(turned), Fits(CALENDAR), AS_OF, accepted_on=[on])
    assert isinstance(taken.picture, Picture)
    assert taken.picture.verdict == "accepted"
    assert taken.picture.clusters == waiting.picture.proposed
    after = models(Asked(turned), Fits(CALENDAR), AS_OF + timedelta(days=40), accepted_on=[on])
    assert isinstance(after.picture, Picture)
    assert after.picture.verdict == "same"
    assert after.picture.clusters.codes == taken.picture.clusters.codes


def test_few_customers_have_neither_and_the_reasons(whole):
    few = pl.col("customer_id").is_in(
        whole.orders["customer_id"].unique().sort().head(20).to_list()
    )
    some = Behaviour(*(frame.filter(few) for frame in whole))
    none = models(Asked(some), Fits(CALENDAR), AS_OF)
    assert isinstance(none.churn, NotFitted)
    assert isinstance(none.picture, NotClustered)
    assert none.as_dict() == {}
