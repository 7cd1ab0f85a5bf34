"""What a report needs to know of its run besides the tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

SMALL_BELOW = 10
"""Customers: a cell of fewer could point at persons."""


@dataclass(frozen=True)
class ClusterFacts:
    """How the clusters came about.

    ``code`` is the verdict on the picture (first, same, accepted, needs_acceptance) or the reason
    why nobody is clustered, of which ``found_n`` and ``needed_n`` tell. ``stability`` and
    ``silhouette`` are of the number of clusters that was taken; ``adjusted_rand`` and
    ``kept_share`` compare with the picture before, None without one.
    """

    code: str
    found_n: int = 0
    needed_n: int = 0
    stability: float | None = None
    silhouette: float | None = None
    adjusted_rand: float | None = None
    kept_share: float | None = None


@dataclass(frozen=True)
class RunFacts:
    """The run a report is about.

    ``segment_codes`` runs from the strongest segment to the weakest; moving along it is moving
    down. ``labels`` are a chain's own words for its segments. ``cut_points`` maps
    ``recency_days`` (days), ``orders_n`` and ``spend`` to the values that were cut at, empty
    when nobody was scored. ``value_limits`` name the simpler models that those of value
    turned out to be. ``chain_first_on`` is the first business day on
    record, None without one.
    """

    chain_name: str
    currency: str
    time_zone: str
    language: str
    as_of: date
    compare_on: date
    compare_days: int
    run_id: str
    contract_version: str
    package_version: str
    segment_codes: tuple[str, ...]
    chain_first_on: date | None
    cut_points: Mapping[str, Sequence[int | float | Decimal]] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    value_limits: tuple[str, ...] = ()
    small_below: int = SMALL_BELOW
    clusters: ClusterFacts | None = None

    @property
    def has_comparison(self) -> bool:
        """Whether anything had been sold by the day that is compared with."""
        return self.chain_first_on is not None and self.chain_first_on <= self.compare_on
