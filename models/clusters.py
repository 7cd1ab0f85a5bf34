"""Clusters of customers who shop alike: what is kept of a fit, and who belongs where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from regulars.models.habit_scale import HabitScale, scaled
from regulars.models.mainstays import Mainstays


@dataclass(frozen=True)
class Candidate:
    """A number of clusters that was tried: how stable the clusters are and how well apart."""

    clusters_n: int
    stability: float
    silhouette: float


@dataclass(frozen=True)
class Clusters:
    """A picture of the population: clusters in order of their code, one entry each.

    ``mainstays`` say of which channels and categories habits are to be told for this picture.
    ``centres`` are in the measure of ``scale``, a double a feature. ``codes`` are ``k1``, ``k2``
    and so on: a code is never given to a second cluster, ``next_number`` is the first not used.
    ``names`` are codes of what set the cluster apart when it was first found. ``differences`` are
    the means less those of all customers, over all customers' standard deviation, in the same
    measure: by how much each feature sets the cluster apart.
    """

    mainstays: Mainstays
    scale: HabitScale
    centres: tuple[tuple[float, ...], ...]
    differences: tuple[tuple[float, ...], ...]
    codes: tuple[str, ...]
    names: tuple[str, ...]
    next_number: int
    customers_n: int
    candidates: tuple[Candidate, ...] = field(default=())

    def as_dict(self) -> dict[str, Any]:
        """The fit as it is published, doubles spelled so that they are read back as they are."""
        return {
            "customers_n": self.customers_n,
            "mainstays": self.mainstays.as_dict(),
            "features": list(self.scale.features),
            "dropped": dict(self.scale.dropped),
            "medians": [repr(value) for value in self.scale.medians],
            "spreads": [repr(value) for value in self.scale.spreads],
            "clusters": {
                code: {"name": name, "centre": [repr(value) for value in centre]}
                for code, name, centre in zip(self.codes, self.names, self.centres, strict=True)
            },
            "candidates": [
                {
                    "clusters_n": tried.clusters_n,
                    "stability": repr(tried.stability),
                    "silhouette": repr(tried.silhouette),
                }
                for tried in self.candidates
            ],
        }

    def parts(self) -> dict[str, Any]:
        """The fit as lists, texts and numbers, for a model file; `from_parts` reads them back."""
        return {
            "categories": list(self.mainstays.categories),
            "channels": list(self.mainstays.channels),
            "has_times_of_day": self.mainstays.has_times_of_day,
            "features": list(self.scale.features),
            "medians": list(self.scale.medians),
            "spreads": list(self.scale.spreads),
            "dropped": [list(pair) for pair in self.scale.dropped],
            "centres": [list(row) for row in self.centres],
            "differences": [list(row) for row in self.differences],
            "codes": list(self.codes),
            "names": list(self.names),
            "next_number": self.next_number,
            "customers_n": self.customers_n,
            "candidates": [[c.clusters_n, c.stability, c.silhouette] for c in self.candidates],
        }

    @classmethod
    def from_parts(cls, parts: Mapping[str, Any]) -> Clusters:
        """The fit whose `parts` these are."""
        return cls(
            mainstays=Mainstays(
                tuple(parts["categories"]), tuple(parts["channels"]), parts["has_times_of_day"]
            ),
            scale=HabitScale(
                tuple(parts["features"]),
                tuple(parts["medians"]),
                tuple(parts["spreads"]),
                tuple((name, reason) for name, reason in parts["dropped"]),
            ),
            centres=tuple(tuple(row) for row in parts["centres"]),
            differences=tuple(tuple(row) for row in parts["differences"]),
            codes=tuple(parts["codes"]),
            names=tuple(parts["names"]),
            next_number=parts["next_number"],
            customers_n=parts["customers_n"],
            candidates=tuple(Candidate(*tried) for tried in parts["candidates"]),
        )


@dataclass(frozen=True)
class NotClustered:
    """Why there are no clusters: the code of the reason, how many there are and are needed."""

    reason: str
    found_n: int
    needed_n: int

    def as_dict(self) -> dict[str, Any]:
        """The reason as it is published."""
        return {"reason": self.reason, "found_n": self.found_n, "needed_n": self.needed_n}


def clustered(habits: pl.DataFrame, clusters: Clusters | None) -> pl.DataFrame:
    """The cluster of each customer: that of the nearest centre, the first code where two are.

    Grain: one row a customer of `habits`. Columns: customer_id, cluster (the code) and
    cluster_name; both null without clusters.
    """
    if clusters is None:
        nothing = pl.lit(None, dtype=pl.String)
        return habits.select("customer_id", cluster=nothing, cluster_name=nothing)
    distances = [
        pl.sum_horizontal(
            (pl.col(name) - at).pow(2)
            for name, at in zip(clusters.scale.features, centre, strict=True)
        )
        for centre in clusters.centres
    ]
    nearest = pl.concat_list(distances).list.arg_min()
    return scaled(habits, clusters.scale).select(
        "customer_id",
        cluster=nearest.replace_strict(
            list(range(len(clusters.codes))), list(clusters.codes), return_dtype=pl.String
        ),
        cluster_name=nearest.replace_strict(
            list(range(len(clusters.codes))), list(clusters.names), return_dtype=pl.String
        ),
    )
