from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from sklearn.metrics import adjusted_rand_score

from regulars.models.cluster_alignment import next_picture
from regulars.models.cluster_fit import fit_clusters
from regulars.models.clusters import Clusters, NotClustered, clustered
from regulars.models.habit_scale import scaled
from regulars.models.mainstays import Mainstays, fit_mainstays
from regulars.transforms.habits import habits
from tests.shoppers import AS_OF, KINDS, shoppers

FITTED_ELSEWHERE = """
import json
from tests.models.test_cluster_fit import fit_of, habits_of
from tests.shoppers import shoppers
print(json.dumps(fit_of(habits_of(shoppers(seed=1)[0])).parts()))
"""


def habits_of(behaviour) -> tuple[pl.DataFrame, Mainstays]:
    mainstays = fit_mainstays(behaviour.orders, behaviour.categories)
    return habits(*behaviour.bought, mainstays=mainstays, as_of=AS_OF), mainstays


def fit_of(given: tuple[pl.DataFrame, Mainstays]) -> Clusters:
    fitted = fit_clusters(given[0], mainstays=given[1])
    assert isinstance(fitted, Clusters)
    return fitted


@pytest.fixture(scope="module")
def planted():
    return shoppers(seed=1)


@pytest.fixture(scope="module")
def of_planted(planted):
    return habits_of(planted[0])


@pytest.fixture(scope="module")
def fitted(of_planted):
    return fit_of(of_planted)


def test_planted_ways_to_shop_are_found_in_number_and_by_customer(
    planted, of_planted, fitted, tell
):
    found = clustered(of_planted[0], fitted).join(planted[1], on="customer_id")
    rand = adjusted_rand_score(found["kind"].to_list(), found["cluster"].to_list())
    tell(f"planted ways to shop: {len(fitted.codes)} of {len(KINDS)}, adjusted Rand {rand:.3f}")
    assert len(fitted.codes) == len(KINDS)
    assert rand > 0.95


def test_rows_in_another_order_give_the_same_picture_and_the_same_clusters(of_planted, fitted):
    rows, mainstays = of_planted
    shuffled = rows.sample(fraction=1.0, shuffle=True, seed=3)
    assert fit_of((shuffled, mainstays)) == fitted
    there = clustered(shuffled, fitted).sort("customer_id")
    assert there.equals(clustered(rows, fitted).sort("customer_id"))


@pytest.mark.parametrize("threads", ["1", "2"])
def test_no_setting_of_threads_changes_the_picture(fitted, threads):
    surroundings = dict.fromkeys(
        ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "POLARS_MAX_THREADS"), threads
    )
    elsewhere = subprocess.run(
        [sys.executable, "-c", FITTED_ELSEWHERE],
        cwd=Path(__file__).parents[2],
        env={**os.environ, **surroundings},
        capture_output=True,
        text=True,
        check=True,
    )
    assert Clusters.from_parts(json.loads(elsewhere.stdout)) == fitted


def test_two_in_a_hundred_new_customers_leave_the_others_where_they_are(of_planted, tell):
    rows, mainstays = of_planted
    before = rows.sort("customer_id").filter(pl.int_range(pl.len()) % 50 != 7)
    previous = fit_of((before, mainstays))
    new = fit_clusters(rows, mainstays=mainstays, previous=previous)
    picture = next_picture(rows, new, previous, is_accepted=False)
    then = clustered(before, previous)
    kept = then.join(clustered(rows, picture.clusters), on="customer_id", suffix="_now")
    share = (kept["cluster"] == kept["cluster_now"]).mean()
    tell(f"2 % new customers: {share:.1%} keep their cluster, under {picture.verdict!r}")
    assert rows.height - before.height >= 0.02 * before.height - 1
    assert share >= 0.98


def test_fewer_than_two_hundred_regulars_are_not_clustered():
    rows, mainstays = habits_of(shoppers(seed=2, each_n=20)[0])
    regulars_n = rows.filter(pl.col("orders_n") >= 3).height
    assert fit_clusters(rows, mainstays=mainstays) == NotClustered(
        "too_few_customers", regulars_n, 200
    )


def test_customers_who_differ_in_nothing_are_not_clustered(of_planted):
    rows, mainstays = of_planted
    alike = rows.select("customer_id", "orders_n", pl.lit(0.5).alias("weekend_share"))
    assert fit_clusters(alike, mainstays=mainstays) == NotClustered("too_few_habits", 0, 3)


def test_what_the_export_does_not_tell_is_left_out_by_name(fitted):
    assert ("coupon_orders_share", "constant") in fitted.scale.dropped
    assert ("return_share", "constant") in fitted.scale.dropped
    assert "weekend_share" in fitted.scale.features


def test_a_picture_read_back_from_its_parts_is_the_same(fitted):
    assert Clusters.from_parts(fitted.parts()) == fitted


def test_customers_apart_are_in_the_clusters_they_are_in_together(of_planted, fitted):
    rows = of_planted[0].sort("customer_id")
    together = scaled(rows, fitted.scale)
    apart = [scaled(rows[place : place + 1], fitted.scale) for place in range(rows.height)]
    assert pl.concat(apart).equals(together)
    halves = [clustered(rows[:100], fitted), clustered(rows[100:], fitted)]
    assert pl.concat(halves).equals(clustered(rows, fitted))


def test_without_a_picture_nobody_is_in_a_cluster(of_planted):
    assert clustered(of_planted[0], None)["cluster"].null_count() == of_planted[0].height


def test_the_nearest_centre_is_that_of_plain_python(of_planted, fitted):
    by_hand = {}
    for row in scaled(of_planted[0], fitted.scale).iter_rows():
        distances = [
            sum((value - at) ** 2 for value, at in zip(row[1:], centre, strict=True))
            for centre in fitted.centres
        ]
        by_hand[row[0]] = fitted.codes[distances.index(min(distances))]
    assert dict(clustered(of_planted[0], fitted).select("customer_id", "cluster").rows()) == by_hand
