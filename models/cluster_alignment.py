"""One picture after another: which clusters are the same ones, and whether the picture changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

import numpy as np
import polars as pl

from regulars.models.cluster_traits import cluster_names
from regulars.models.clusters import Clusters, clustered

HOLDS_FROM_RAND = 0.6
"""Adjusted Rand index between two pictures of the same customers: below, the picture has changed.
Pictures of the same customers a month apart agree to 0.8 and more; see `make model-card`."""

Verdict = Literal["first", "same", "needs_acceptance", "accepted"]


@dataclass(frozen=True)
class Agreement:
    """How far two pictures agree on the customers they share.

    ``adjusted_rand`` is 1 for the same groups, whatever they are called, and 0 for chance;
    ``kept_share`` is the share of customers whose cluster has the same code.
    """

    customers_n: int
    adjusted_rand: float
    kept_share: float


@dataclass(frozen=True)
class Picture:
    """The clusters to go on with, how the new ones agree with the previous, and the verdict.

    first: there were none before. same: the new ones, under the codes they had. accepted: new
    ones that differ, which a person has taken. needs_acceptance: the previous ones stay until a
    person takes the new, which are ``proposed``.
    """

    clusters: Clusters
    agreement: Agreement | None
    verdict: Verdict
    proposed: Clusters | None = None

    def parts(self) -> dict[str, Any]:
        """The picture as what a model file may hold; `from_parts` reads it back."""
        return {
            "verdict": self.verdict,
            "clusters": self.clusters.parts(),
            "agreement": self.agreement and asdict(self.agreement),
            "proposed": self.proposed and self.proposed.parts(),
        }

    @classmethod
    def from_parts(cls, parts: Mapping[str, Any]) -> Picture:
        """The picture whose `parts` these are."""
        agreed, proposed = parts["agreement"], parts["proposed"]
        return cls(
            Clusters.from_parts(parts["clusters"]),
            agreed and Agreement(**agreed),
            parts["verdict"],
            proposed and Clusters.from_parts(proposed),
        )

    def as_dict(self) -> dict[str, Any]:
        """The picture as it is published."""
        agreed = self.agreement
        return {
            "verdict": self.verdict,
            "agreement": agreed
            and {
                "customers_n": agreed.customers_n,
                "adjusted_rand": repr(agreed.adjusted_rand),
                "kept_share": repr(agreed.kept_share),
            },
            "proposed": self.proposed
            and dict(zip(self.proposed.codes, self.proposed.names, strict=True)),
            **self.clusters.as_dict(),
        }


def aligned(new: Clusters, previous: Clusters) -> Clusters:
    """The new clusters, under the codes and names of the previous ones that they continue.

    Centres are matched one to one at the least sum of squared distances (the Hungarian method;
    Kuhn 1955), in the measure of the previous scale, over the features that both have. A new
    centre that is farther from its match than the match was from its nearest neighbour is a new
    cluster, as is one without a match: both get codes never used before. A name is kept while all
    it says still holds. The order of the new clusters does not matter.
    """
    from scipy.optimize import linear_sum_assignment

    before, after = _in_one_scale(previous, new)
    apart = np.sqrt(((after[:, None, :] - before[None, :, :]) ** 2).sum(axis=2))
    reach = _to_nearest_neighbour(before)
    matched = {
        int(row): int(column)
        for row, column in zip(*linear_sum_assignment(apart**2), strict=True)
        if apart[row, column] <= reach[column]
    }
    number = max(previous.next_number, 1)
    codes: list[str] = []
    # Newcomers are numbered by their centres, so that no order of clusters matters.
    newcomers = sorted(set(range(len(after))) - matched.keys(), key=lambda row: new.centres[row])
    numbered = {row: f"k{number + place}" for place, row in enumerate(newcomers)}
    for row in range(len(after)):
        codes.append(previous.codes[matched[row]] if row in matched else numbered[row])
    order = sorted(range(len(codes)), key=lambda row: int(codes[row].removeprefix("k")))
    differences = tuple(new.differences[row] for row in order)
    in_order = tuple(codes[row] for row in order)
    kept = [previous.names[matched[row]] if row in matched else None for row in order]
    return replace(
        new,
        centres=tuple(new.centres[row] for row in order),
        differences=differences,
        codes=in_order,
        names=cluster_names(new.scale.features, differences, in_order, kept=kept),
        next_number=number + len(newcomers),
    )


def agreement(before: pl.DataFrame, now: pl.DataFrame) -> Agreement | None:
    """How far two assignments agree on the customers in both; None when they share none.

    Each has customer_id and cluster; a customer of null cluster is in none.
    """
    from sklearn.metrics import adjusted_rand_score

    pairs = (
        before.lazy()
        .select("customer_id", before="cluster")
        .join(now.lazy().select("customer_id", now="cluster"), on="customer_id")
        .drop_nulls()
        .collect()
    )
    if pairs.is_empty():
        return None
    return Agreement(
        customers_n=pairs.height,
        adjusted_rand=float(adjusted_rand_score(pairs["before"].to_list(), pairs["now"].to_list())),
        kept_share=float(pairs.select((pl.col("before") == pl.col("now")).mean()).item()),
    )


def next_picture(
    habits: pl.DataFrame, new: Clusters, previous: Clusters | None, *, is_accepted: bool
) -> Picture:
    """The picture to go on with, from the one before and the one fitted now.

    Both are asked about the customers of `habits`: what differs is the picture, not the people.
    ``is_accepted`` says that a person has taken a picture that differs.
    """
    if previous is None:
        return Picture(new, None, "first")
    successor = aligned(new, previous)
    agreed = agreement(clustered(habits, previous), clustered(habits, successor))
    if agreed is None or agreed.adjusted_rand >= HOLDS_FROM_RAND:
        return Picture(successor, agreed, "same")
    if is_accepted:
        return Picture(successor, agreed, "accepted")
    return Picture(previous, agreed, "needs_acceptance", successor)


def _in_one_scale(
    previous: Clusters, new: Clusters
) -> tuple[np.ndarray[tuple[int, int]], np.ndarray[tuple[int, int]]]:
    """The centres of both over the features they share, in spreads of the previous scale."""
    old_places = {feature: place for place, feature in enumerate(previous.scale.features)}
    shared = [
        (old_places[feature], place)
        for place, feature in enumerate(new.scale.features)
        if feature in old_places
    ]
    old, fresh = [pair[0] for pair in shared], [pair[1] for pair in shared]
    medians = np.array(previous.scale.medians)[old]
    spreads = np.array(previous.scale.spreads)[old]
    natural = (
        np.array(new.centres)[:, fresh] * np.array(new.scale.spreads)[fresh]
        + np.array(new.scale.medians)[fresh]
    )
    return np.array(previous.centres)[:, old], (natural - medians) / spreads


def _to_nearest_neighbour(centres: np.ndarray[tuple[int, int]]) -> np.ndarray[tuple[int]]:
    apart = np.sqrt(((centres[:, None, :] - centres[None, :, :]) ** 2).sum(axis=2))
    np.fill_diagonal(apart, np.inf)
    nearest: np.ndarray[tuple[int]] = apart.min(axis=1)
    return nearest
