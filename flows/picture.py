"""The clusters of a run: a picture fitted on a refit day, and told as of the day of the run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from regulars.data.behaviour import Behaviour
from regulars.models.cluster_alignment import Picture, next_picture
from regulars.models.cluster_fit import fit_clusters
from regulars.models.cluster_traits import cluster_traits
from regulars.models.clusters import Clusters, NotClustered, clustered
from regulars.models.mainstays import Mainstays, fit_mainstays
from regulars.transforms.cluster_profiles import cluster_profiles
from regulars.transforms.habits import habits

NO_MAINSTAYS = Mainstays((), (), has_times_of_day=False)


@dataclass(frozen=True)
class ClusterView:
    """The clusters of a day: the table ``clusters``, and who belongs where.

    ``assigned`` has customer_id, cluster and cluster_name, customers as numbers.
    """

    table: pl.DataFrame
    assigned: pl.DataFrame


def fitted_picture(
    behaviour: Behaviour, *, as_of: date, previous: Clusters | None, is_accepted: bool
) -> Picture | NotClustered:
    """The picture of a refit day, continuing that of the refit day before.

    ``is_accepted`` says that a person has taken one that differs from it.
    """
    mainstays = fit_mainstays(
        behaviour.orders.filter(pl.col("ordered_on") <= as_of),
        behaviour.categories.filter(pl.col("ordered_on") <= as_of),
    )
    # Both pictures are asked about these habits, each by its own channels and categories.
    asked = mainstays.with_those_of(previous.mainstays) if previous else mainstays
    shown = _habits(behaviour, asked, as_of=as_of)
    fitted = fit_clusters(shown, mainstays=mainstays, previous=previous)
    if isinstance(fitted, NotClustered):
        return fitted
    return next_picture(shown, fitted, previous, is_accepted=is_accepted)


def cluster_view(
    behaviour: Behaviour,
    spend: pl.DataFrame,
    picture: Picture | NotClustered,
    *,
    as_of: date,
    compare_on: date,
) -> ClusterView:
    """The clusters as of the day by a picture, which may be of an earlier one."""
    clusters = picture.clusters if isinstance(picture, Picture) else None
    mainstays = clusters.mainstays if clusters else NO_MAINSTAYS
    now = _habits(behaviour, mainstays, as_of=as_of)
    before = _habits(behaviour, mainstays, as_of=compare_on)
    assigned = clustered(now, clusters)
    table = cluster_profiles(
        now, assigned, clustered(before, clusters), spend, traits=cluster_traits(clusters)
    )
    return ClusterView(table, assigned)


def _habits(behaviour: Behaviour, mainstays: Mainstays, *, as_of: date) -> pl.DataFrame:
    return pl.concat(
        habits(*part.bought, mainstays=mainstays, as_of=as_of) for part in behaviour.slices()
    ).sort("customer_id")
