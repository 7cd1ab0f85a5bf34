from __future__ import annotations

from decimal import Decimal

import polars as pl
import pytest

from regulars.expectations.tables import TABLES
from regulars.models.cluster_traits import cluster_traits
from regulars.models.mainstays import fit_mainstays
from regulars.transforms.cluster_profiles import cluster_profiles
from regulars.transforms.habits import habits
from regulars.transforms.money import MONEY
from tests.shoppers import AS_OF, shoppers


@pytest.fixture(scope="module")
def known():
    behaviour, _ = shoppers(seed=3, each_n=5)
    mainstays = fit_mainstays(behaviour.orders, behaviour.categories)
    return habits(*behaviour.bought, mainstays=mainstays, as_of=AS_OF).sort("customer_id")


@pytest.fixture
def assigned(known):
    """Five customers in k1, the others in k2."""
    cluster = pl.when(pl.int_range(pl.len()) < 5).then(pl.lit("k1")).otherwise(pl.lit("k2"))
    return known.select("customer_id", cluster=cluster)


@pytest.fixture
def spend(known):
    return known.select("customer_id", spend=pl.lit(Decimal("10.00"), MONEY))


TRAITS = pl.concat(
    [
        cluster_traits(None),
        pl.DataFrame(
            {
                "cluster": ["k1", "k2", "k3"],
                "cluster_name": ["weekend_share.high", "return_share.low", "evening_share.high"],
            }
        ),
    ],
    how="diagonal",
)


@pytest.fixture
def table(known, assigned, spend):
    profiles = cluster_profiles(known, assigned, assigned.head(2), spend, traits=TRAITS)
    return TABLES["clusters"].conformed(profiles)


def test_a_cluster_has_its_customers_then_and_now_and_its_share_of_the_money(table, known):
    counts = table.select("cluster", "customers_n", "previous_customers_n", "spend").rows()
    assert counts == [
        ("k1", 5, 2, Decimal("50.00")),
        ("k2", known.height - 5, 0, Decimal(10 * (known.height - 5))),
        ("k3", 0, 0, Decimal("0.00")),
    ]
    assert table["customers_share"].sum() == pytest.approx(1.0)
    assert table["spend_share"].to_list() == pytest.approx(table["customers_share"].to_list())


def test_the_means_are_those_of_its_customers(table, known):
    first = known.head(5)
    (row,) = table.filter(cluster="k1").to_dicts()
    for column, habit in {
        "orders_per_month_mean": "orders_per_month",
        "gap_days_mean": "gap_days_mean",
        "order_spend_mean": "order_spend_mean",
        "categories_mean": "categories_n",
        "evening_share_mean": "evening_share",
    }.items():
        assert row[column] == pytest.approx(first[habit].mean(), abs=1e-8)


def test_a_cluster_without_customers_has_no_means(table):
    (row,) = table.filter(cluster="k3").to_dicts()
    assert {row[name] for name in table.columns if name.endswith("_mean")} == {None}
    assert (row["main_channel"], row["signature_category"]) == (None, None)


def test_the_signature_category_is_the_one_that_leads_everybodys_share_by_most(table, known):
    shares = [name for name in known.columns if name.startswith("category_share:")]
    first = known.head(5)
    leads = {name: first[name].mean() - known[name].mean() for name in shares}
    (row,) = table.filter(cluster="k1").to_dicts()
    assert f"category_share:{row['signature_category']}" == max(leads, key=leads.__getitem__)


def test_the_order_of_the_rows_does_not_matter(known, assigned, spend):
    def told(seed):
        frames = (
            frame.sample(fraction=1.0, shuffle=True, seed=seed)
            for frame in (known, assigned, assigned.head(2), spend)
        )
        return cluster_profiles(*frames, traits=TRAITS)

    assert told(1).equals(told(2))


def test_without_clusters_the_table_is_empty(known, assigned, spend):
    nobody = assigned.with_columns(cluster=pl.lit(None, pl.String))
    empty = cluster_profiles(known, nobody, nobody, spend, traits=cluster_traits(None))
    assert TABLES["clusters"].conformed(empty).height == 0
