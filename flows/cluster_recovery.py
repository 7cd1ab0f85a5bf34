"""How clusters find planted ways to shop, and how far they stay what they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from regulars.data.behaviour import Behaviour
from regulars.expectations.errors import Failed
from regulars.flows.picture import fitted_picture
from regulars.models.cluster_alignment import Agreement, Picture, agreement
from regulars.models.clusters import Clusters, clustered
from regulars.transforms.habits import habits

MANY_ORDERS_N = 5
MONTH_DAYS = 28
ONE_IN = 50


@dataclass(frozen=True)
class ClusterRecovery:
    """``all_customers`` and ``many_orders`` hold clusters to planted segments; ``grown`` is the
    picture before one customer in fifty came against the one after; ``month`` that of a month
    before against today's, and ``verdict`` what became of it."""

    as_of: date
    clusters_n: int
    segments_n: int
    all_customers: Agreement
    many_orders: Agreement
    grown: Agreement
    month: Agreement
    verdict: str


def cluster_recovery(given: Behaviour, truth: pl.DataFrame, *, as_of: date) -> ClusterRecovery:
    """The clusters of a day, held to ``truth`` (customer_id, segment) and to other pictures.

    Raises:
        Failed: there are too few customers for clusters.
    """
    clusters = _pictured(given, as_of).clusters
    found = _assigned(given, clusters, as_of)
    planted = truth.select("customer_id", cluster="segment")
    before = _pictured(_without_one_in_fifty(given), as_of).clusters
    after = _pictured(given, as_of, before).clusters
    month_ago = _pictured(given, as_of - timedelta(days=MONTH_DAYS)).clusters
    month = _pictured(given, as_of, month_ago)
    return ClusterRecovery(
        as_of,
        len(clusters.codes),
        truth["segment"].n_unique(),
        _agreed(planted, found),
        _agreed(planted, found.filter(pl.col("orders_n") >= MANY_ORDERS_N)),
        _agreed(
            _assigned(_without_one_in_fifty(given), before, as_of), _assigned(given, after, as_of)
        ),
        _found(month.agreement),
        month.verdict,
    )


def _pictured(given: Behaviour, as_of: date, previous: Clusters | None = None) -> Picture:
    found = fitted_picture(given, as_of=as_of, previous=previous, is_accepted=False)
    if not isinstance(found, Picture):
        raise Failed(f"no clusters as of {as_of}", found=str(found.as_dict()))
    return found


def _assigned(given: Behaviour, clusters: Clusters, as_of: date) -> pl.DataFrame:
    """The customers with their clusters and their number of orders."""
    shown = habits(*given[:3], mainstays=clusters.mainstays, as_of=as_of)
    return clustered(shown, clusters).join(
        shown.select("customer_id", "orders_n"), on="customer_id"
    )


def _without_one_in_fifty(given: Behaviour) -> Behaviour:
    """The customers before the others came."""
    ids = given.orders["customer_id"].unique().sort()
    late = ids.gather_every(ONE_IN).implode()
    return given.of_customers(~pl.col("customer_id").is_in(late))


def _agreed(before: pl.DataFrame, now: pl.DataFrame) -> Agreement:
    return _found(agreement(before, now))


def _found(agreed: Agreement | None) -> Agreement:
    if agreed is None:
        raise Failed("two pictures of clusters share no customer")
    return agreed
