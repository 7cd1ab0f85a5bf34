"""What a report needs to know of its run besides the tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

SMALL_BELOW = 10
"""Customers: a cell of fewer could point at persons."""

BASELINES = ("recency", "expected_orders")
"""Plain rules that models of churn are held beside, and that are published where none is better."""


@dataclass(frozen=True)
class ClusterFacts:
    """How the clusters came about.

    ``code`` is the verdict on the picture (first, same, accepted, needs_acceptance) or the reason
    why nobody is clustered, of which ``found_n`` and ``needed_n`` tell. ``stability`` and
    ``silhouette`` are of the number of clusters that was taken; ``adjusted_rand`` and
    ``kept_share`` compare with the picture before, None without one. ``proposed`` maps the codes
    of clusters that wait for acceptance to their names, empty where none do.
    """

    code: str
    found_n: int = 0
    needed_n: int = 0
    stability: float | None = None
    silhouette: float | None = None
    adjusted_rand: float | None = None
    kept_share: float | None = None
    proposed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ChurnFacts:
    """How the risks came about, or why there are none.

    ``reason`` is the code of why nobody is scored, None where somebody is; ``found_n`` and
    ``least_n`` tell how far it was from enough, for the reasons that count. ``kind`` is that of the
    model, one of ``BASELINES`` where it is a plain rule. ``judged_on`` is ``later_days`` or
    ``other_customers``: whom the kind was chosen on. ``recommended_days`` is the horizon that
    nine of ten gaps end within, also by category; None where there are too few gaps.
    """

    horizon_days: int
    reason: str | None = None
    found_n: int = 0
    least_n: int = 0
    kind: str = ""
    fitted_on: date | None = None
    examples_n: int = 0
    judged_on: str = "later_days"
    recommended_days: int | None = None
    recommended_by_category: Mapping[str, int | None] = field(default_factory=dict)

    @property
    def is_baseline(self) -> bool:
        return self.kind in BASELINES

    @classmethod
    def of_fit(cls, fitted: Mapping[str, Any], *, horizon_days: int) -> ChurnFacts:
        """What a run's manifest says of the fit, under ``fitted`` and ``churn``."""
        horizons = {
            "recommended_days": fitted["recommended_horizon_days"],
            "recommended_by_category": fitted["recommended_horizon_days_by_category"],
        }
        if reason := fitted.get("not_fitted"):
            counts = {name: fitted.get(name, 0) for name in ("found_n", "least_n")}
            return cls(horizon_days, reason, **counts, **horizons)
        return cls(
            horizon_days,
            kind=fitted["kind"],
            fitted_on=date.fromisoformat(fitted["fitted_on"]),
            examples_n=fitted["examples_n"],
            judged_on=fitted["judged_on"],
            **horizons,
        )


@dataclass(frozen=True)
class FeedbackFacts:
    """What the pages of feedback need to know of the run besides the tables.

    ``names`` maps a kind of place (store, product) and an id to what the chain's lists call it;
    ``category_labels`` are the chain's own words for categories. The targets and ``repeat_days``
    are those of the settings.
    """

    names: Mapping[tuple[str, str], str] = field(default_factory=dict)
    category_labels: Mapping[str, str] = field(default_factory=dict)
    response_target_hours: float = 24
    resolution_target_hours: float = 72
    repeat_days: int = 30

    @property
    def target_hours(self) -> Mapping[str, float]:
        return {"response": self.response_target_hours, "resolution": self.resolution_target_hours}

    @staticmethod
    def names_of(place_names: pl.DataFrame) -> dict[tuple[str, str], str]:
        """``names``, of a frame of kind, id and name."""
        return {
            (kind, place): name
            for kind, place, name in place_names.select("kind", "id", "name").iter_rows()
        }


@dataclass(frozen=True)
class RunFacts:
    """The run a report is about.

    ``segment_codes`` runs from the strongest segment to the weakest; moving along it is moving
    down. ``labels`` are a chain's own words for its segments. ``cut_points`` maps
    ``recency_days`` (days), ``orders_n`` and ``spend`` to the values that were cut at, empty
    when nobody was scored. ``value_limits`` name the simpler models that those of value
    turned out to be. ``chain_first_on`` is the first business day on
    record, None without one. ``churn`` is None of a run from before there were risks, ``feedback``
    of one from before feedback was read.
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
    churn: ChurnFacts | None = None
    feedback: FeedbackFacts | None = None

    @property
    def has_comparison(self) -> bool:
        """Whether anything had been sold by the day that is compared with."""
        return self.chain_first_on is not None and self.chain_first_on <= self.compare_on
