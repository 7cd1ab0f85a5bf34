from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import polars as pl
import pytest

from regulars.expectations.catalogue import has_sentence
from regulars.models.habit_scale import FAMILIES
from regulars.reports.clusters import cluster_name, cluster_notes, cluster_rows, cluster_traits
from regulars.reports.facts import ClusterFacts, RunFacts
from regulars.reports.figures import figures
from regulars.reports.page import page

Tables = Mapping[str, pl.DataFrame]
Draw = Callable[..., Tables]

TRAITS = "trait_1 trait_1_of trait_1_difference trait_2 trait_2_of trait_2_difference"
CLUSTERS = f"""
    cluster cluster_name customers_n previous_customers_n weekend_share_mean {TRAITS}
    k1 weekend_share.high+order_spend_mean.high 50 40 0.9 weekend_share.high - 1.52 order_spend_mean.high - 1.2
    k2 category_share.low:tea+evening_share.low 90 95 0.2 category_share.low tea -0.8 evening_share.low - -0.5
    k3 channel_share.high:web+evening_share.low+k3 4 3 0.3 channel_share.high web 2 return_share.high - 0.4
"""  # noqa: E501


@pytest.fixture
def clusters(draw: Draw) -> pl.DataFrame:
    return draw(clusters=CLUSTERS)["clusters"]


def test_clusters_are_listed_by_size_and_named_by_their_traits(clusters, facts: RunFacts) -> None:
    rows = cluster_rows(clusters, facts)
    assert [cluster_name(row, "en") for row in rows] == [
        "Little tea, not in the evening",
        "Weekend, big baskets",
        "Via web, not in the evening, k3",
    ]
    assert cluster_name(rows[1], "zh") == "周末·大额采购"
    assert cluster_traits(rows[1], "en") == "weekend (+1.5 SD), big baskets (+1.2 SD)"


def test_a_small_cluster_and_the_one_that_would_give_it_away_have_no_figures(
    clusters, facts: RunFacts
) -> None:
    largest, guarding, small = cluster_rows(clusters, facts)
    assert (largest.customers_n, largest.change_n) == (90, -5)
    for row in (guarding, small):
        figures_of = (row.customers_n, row.change_n, row.customers_share, row.spend_share)
        assert {*figures_of, *row.means.values()} == {None}
    assert (guarding.is_small, small.is_small) == (False, True)


def test_a_change_from_few_customers_is_not_told(draw: Draw, facts: RunFacts) -> None:
    one = draw(clusters="cluster cluster_name customers_n previous_customers_n\nk1 a 90 4")
    assert cluster_rows(one["clusters"], facts)[0].change_n is None


def test_weak_structure_is_said_to_be_weak() -> None:
    weak = ClusterFacts("first", stability=0.97, silhouette=0.08)
    said = cluster_notes((), weak, "en")
    assert "shade into each other" in said[1]
    assert len(cluster_notes((), replace(weak, silhouette=0.4), "en")) == len(said) - 1


def test_a_changed_picture_asks_for_a_person() -> None:
    changed = ClusterFacts("needs_acceptance", adjusted_rand=0.412, kept_share=0.55)
    (said,) = cluster_notes((), changed, "en")
    assert "55.0%" in said
    assert "0.41" in said
    assert "until a person accepts" in said


def test_a_picture_that_waits_is_shown_with_what_is_new_and_what_to_type(clusters, facts) -> None:
    waiting = ClusterFacts(
        "needs_acceptance",
        adjusted_rand=0.412,
        kept_share=0.55,
        proposed={"k1": "weekend_share.high", "k4": "category_share.high:tea"},
    )
    rows = cluster_rows(clusters, facts)
    assert cluster_notes(rows, waiting, "en")[-3:] == [
        "The new picture would be: Weekend; Much tea (new).",
        "These would go: Little tea, not in the evening; Via web, not in the evening, k3.",
        "To take it, type: regulars run --accept clusters",
    ]
    assert cluster_notes(rows, waiting, "zh")[-3] == "新的聚类为：周末；偏好tea（新）。"


def test_a_proposed_category_is_text_and_no_tag(draw: Draw, facts: RunFacts) -> None:
    hostile = ClusterFacts("needs_acceptance", proposed={"k1": "category_share.high:<b>{x}"})
    shown = page(figures(draw(clusters=CLUSTERS), replace(facts, clusters=hostile)), "en")
    assert "Much &lt;b&gt;{x}" in shown


def test_nobody_clustered_is_said_with_the_number_that_is_needed() -> None:
    few = ClusterFacts("too_few_customers", found_n=1, needed_n=200)
    assert cluster_notes((), few, "en") == [
        "Nobody is put into groups: 1 customer has three orders or more, and 200 are needed."
    ]


@pytest.mark.parametrize("habit", FAMILIES)
def test_every_habit_has_words_for_high_and_low(habit: str) -> None:
    assert has_sentence(f"trait.{habit}.high")
    assert has_sentence(f"trait.{habit}.low")


@pytest.mark.parametrize(
    ("language", "name"), [("en", "Weekend, big baskets"), ("zh", "周末·大额采购")]
)
def test_the_page_shows_names_traits_and_notes(
    draw: Draw, facts: RunFacts, language: str, name: str
) -> None:
    known = replace(facts, clusters=ClusterFacts("first", stability=0.97, silhouette=0.21))
    shown = page(figures(draw(clusters=CLUSTERS), known), language)
    assert name in shown
    assert "+1.5 SD" in shown
    assert "0.97" in shown


def test_a_category_is_text_and_no_tag(draw: Draw, facts: RunFacts) -> None:
    hostile = CLUSTERS.replace("category_share.low tea", "category_share.low <b>{x}")
    assert "&lt;b&gt;{x}" in page(figures(draw(clusters=hostile), facts), "en")
