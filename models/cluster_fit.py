"""Clusters fitted to a population: how many there are is chosen by stability, then by silhouette.

For each number from 3 to 8 the clusters of a sample are compared with those that samples of four
fifths of it give. Of the numbers whose mean adjusted Rand index is within 0.05 of the best, the
one of the largest silhouette is taken, the smaller where two are alike. Where there is a previous
picture, its number stays while it is within 0.10 and within 0.02 of that silhouette: a person who
knows six groups is not shown five for a difference that the next week takes back. The fit is the
same for any order of rows and any setting of threads.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from regulars.models.cluster_traits import cluster_names
from regulars.models.clusters import Candidate, Clusters, NotClustered
from regulars.models.habit_scale import fit_habit_scale, scaled
from regulars.models.mainstays import Mainstays
from regulars.models.one_thread import one_thread

LEAST_CUSTOMERS_N = 200
"""Customers of at least three orders: eight clusters of fewer are chance."""
LEAST_ORDERS_N = 3
LEAST_FEATURES_N = 3

CLUSTERS_N = range(3, 9)
"""What a person can keep apart and a campaign can treat differently."""

SAMPLE_N, TRIED_ON_N, SILHOUETTE_N = 20_000, 5_000, 3_000
"""Customers whom clusters are fitted to; those whom numbers of clusters are tried on, which is what
takes the time; and those whose silhouettes are taken."""
STARTS_N, PROBE_STARTS_N, PROBES_N = 20, 10, 8
PROBE_SHARE = 0.8
STABILITY_LEEWAY = 0.05
KEPT_STABILITY_LEEWAY, KEPT_SILHOUETTE_LEEWAY = 0.10, 0.02
SEED = 20_260_101
_SPREADING = 0x9E3779B97F4A7C15  # Knuth's multiplicative hashing, for 64 bits

Points = npt.NDArray[np.float64]


def fit_clusters(
    habits: pl.DataFrame, *, mainstays: Mainstays, previous: Clusters | None = None
) -> Clusters | NotClustered:
    """The clusters of the population whose habits these are, codes by size from ``k1``.

    Shares of channels and categories that are not of ``mainstays`` are left out. Of ``previous``
    only the number of clusters is regarded; codes and names are brought over by
    `cluster_alignment.next_picture`.

    Who is in the sample follows from customer_id alone, so that new customers hardly change it.
    Not clustered: too_few_customers (fewer than 200 of three orders or more) or too_few_habits
    (fewer than three that are known of most customers and vary).
    """
    regulars_n = int((habits["orders_n"] >= LEAST_ORDERS_N).sum())
    if regulars_n < LEAST_CUSTOMERS_N:
        return NotClustered("too_few_customers", regulars_n, LEAST_CUSTOMERS_N)
    scale = fit_habit_scale(habits.select(_columns_of(habits, mainstays)))
    if len(scale.features) < LEAST_FEATURES_N:
        return NotClustered("too_few_habits", len(scale.features), LEAST_FEATURES_N)
    points, tried_on = (
        scaled(_sampled(habits, of_n), scale).drop("customer_id").to_numpy(order="c")
        for of_n in (SAMPLE_N, TRIED_ON_N)
    )
    with one_thread():
        candidates = tuple(_tried(tried_on, n) for n in CLUSTERS_N)
        clusters_n = chosen(candidates, len(previous.codes) if previous else None)
        model = _k_means(points, clusters_n, starts_n=STARTS_N)
        centres, labels = model.cluster_centers_, model.labels_
    sizes = np.bincount(labels, minlength=len(centres))
    order = np.lexsort((centres[:, 0], -sizes))
    spread = points.std(axis=0)
    # A habit may vary in the population and not in its sample.
    differences = (centres - points.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    codes = tuple(f"k{number}" for number in range(1, len(centres) + 1))
    by_size = _rows(differences[order])
    return Clusters(
        mainstays=mainstays,
        scale=scale,
        centres=_rows(centres[order]),
        differences=by_size,
        codes=codes,
        names=cluster_names(scale.features, by_size, codes),
        next_number=len(codes) + 1,
        customers_n=habits.height,
        candidates=candidates,
    )


def chosen(candidates: tuple[Candidate, ...], previous_n: int | None = None) -> int:
    """The number of clusters to take, where there were ``previous_n``.

    >>> tried = (Candidate(3, 0.98, 0.16), Candidate(4, 0.84, 0.30), Candidate(6, 0.95, 0.21))
    >>> chosen(tried), chosen(tried, 3), chosen(tried, 4)
    (6, 6, 6)
    >>> chosen((*tried, Candidate(7, 0.90, 0.20)), 7)
    7
    """
    most_stable = max(tried.stability for tried in candidates)
    stable = [c for c in candidates if c.stability >= most_stable - STABILITY_LEEWAY]
    best = max(stable, key=lambda tried: (tried.silhouette, -tried.clusters_n))
    kept = [
        tried.clusters_n
        for tried in candidates
        if tried.clusters_n == previous_n
        and tried.stability >= most_stable - KEPT_STABILITY_LEEWAY
        and tried.silhouette >= best.silhouette - KEPT_SILHOUETTE_LEEWAY
    ]
    return kept[0] if kept else best.clusters_n


def _columns_of(habits: pl.DataFrame, mainstays: Mainstays) -> list[str]:
    main = {*mainstays.channels, *mainstays.categories}
    return [name for name in habits.columns if name.partition(":")[2] in main | {""}]


def _sampled(habits: pl.DataFrame, of_n: int) -> pl.DataFrame:
    """Those whose ids come first once spread: the same customers from week to week."""
    in_order = habits.sort("customer_id")
    if in_order.height <= of_n:
        return in_order
    spread = in_order["customer_id"].cast(pl.UInt64).to_numpy() * np.uint64(_SPREADING)
    kept = np.sort(np.argsort(spread, kind="stable")[:of_n])
    return in_order[kept]


def _tried(points: Points, clusters_n: int) -> Candidate:
    from sklearn.metrics import adjusted_rand_score, silhouette_score

    dice = np.random.default_rng(SEED)
    whole = _k_means(points, clusters_n, starts_n=STARTS_N).labels_
    agreements = []
    for _ in range(PROBES_N):
        rows = np.sort(dice.permutation(len(points))[: int(PROBE_SHARE * len(points))])
        part = _k_means(points[rows], clusters_n, starts_n=PROBE_STARTS_N)
        agreements.append(adjusted_rand_score(whole, part.predict(points)))
    rows = np.sort(dice.permutation(len(points))[:SILHOUETTE_N])
    apart = silhouette_score(points[rows], whole[rows]) if len(set(whole[rows])) > 1 else -1.0
    return Candidate(clusters_n, float(np.mean(agreements)), float(apart))


def _k_means(points: Points, clusters_n: int, *, starts_n: int) -> Any:
    from sklearn.cluster import KMeans

    model = KMeans(clusters_n, n_init=starts_n, random_state=SEED, algorithm="lloyd")
    return model.fit(points)


def _rows(of: Points) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(float(value) for value in row) for row in of)
