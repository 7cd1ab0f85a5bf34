"""The clusters of a run: a picture of a refit day, told on another."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import polars as pl
import pytest

from regulars.expectations.tables import TABLES
from regulars.flows.picture import cluster_view, fitted_picture
from regulars.models.cluster_alignment import Picture
from regulars.transforms.money import MONEY
from tests.shoppers import AS_OF, shoppers

REFIT_ON = date(2024, 12, 1)


@pytest.fixture(scope="module")
def behaviour():
    return shoppers(seed=5, each_n=60)[0]


@pytest.fixture(scope="module")
def spend(behaviour):
    ids = behaviour.orders.select("customer_id").unique()
    return ids.with_columns(spend=pl.lit(Decimal("5.00"), MONEY))


@pytest.fixture(scope="module")
def picture(behaviour) -> Picture:
    fitted = fitted_picture(behaviour, as_of=REFIT_ON, previous=None, is_accepted=False)
    assert isinstance(fitted, Picture)
    return fitted


def test_what_was_not_known_on_the_refit_day_is_not_in_its_picture(behaviour, picture):
    early = behaviour.until(REFIT_ON)
    assert fitted_picture(early, as_of=REFIT_ON, previous=None, is_accepted=False) == picture


def test_an_earlier_picture_tells_the_customers_of_a_later_day(behaviour, spend, picture):
    compare_on = AS_OF - timedelta(days=28)
    view = cluster_view(behaviour, spend, picture, as_of=AS_OF, compare_on=compare_on)
    table = TABLES["clusters"].conformed(view.table)
    assert table["cluster"].to_list() == list(picture.clusters.codes)
    assert table["customers_n"].sum() == view.assigned.height == 240
    assert view.assigned["cluster"].null_count() == 0


def test_a_month_later_names_and_most_customers_stay(behaviour, picture, tell):
    after = fitted_picture(behaviour, as_of=AS_OF, previous=picture.clusters, is_accepted=False)
    assert isinstance(after, Picture)
    tell(f"a month later, planted ways to shop: {after.verdict}, {after.agreement}")
    assert after.verdict == "same"
    assert (after.clusters.codes, after.clusters.names) == (
        picture.clusters.codes,
        picture.clusters.names,
    )
    assert after.agreement.kept_share >= 0.95


def test_too_few_customers_leave_the_table_empty_with_a_reason(spend):
    few = shoppers(seed=6, each_n=3)[0]
    none = fitted_picture(few, as_of=AS_OF, previous=None, is_accepted=False)
    view = cluster_view(few, spend, none, as_of=AS_OF, compare_on=REFIT_ON)
    assert TABLES["clusters"].conformed(view.table).height == 0
    assert none.as_dict()["reason"] == "too_few_customers"
    assert view.assigned["cluster"].null_count() == view.assigned.height == 12
