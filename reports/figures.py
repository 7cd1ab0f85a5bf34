"""Everything a report shows, as one frozen object of figures: no frame leaves here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from regulars.reports.churn import Churn, churn
from regulars.reports.clusters import Cluster, cluster_rows
from regulars.reports.facts import RunFacts
from regulars.reports.feedback import Feedback, feedback
from regulars.reports.gate import Gate, gate
from regulars.reports.groups import Group, lifecycle_groups, value_type_groups
from regulars.reports.headlines import Headline, headline_figures
from regulars.reports.intake import Intake, intake
from regulars.reports.migration import Migration, migration
from regulars.reports.quality import Quality, quality
from regulars.reports.retention import Retention, retention
from regulars.reports.rhythm_moves import Change, rhythm_changes
from regulars.reports.segments import Segment, buyers, segment_rows, total
from regulars.reports.trade import Month, months
from regulars.reports.value import Value, value


@dataclass(frozen=True)
class Figures:
    """What the report shows; small cells are hidden already, nothing of them is in here.

    ``gate`` is None of a run without the table quality_checks, ``value`` of one without the table
    lifetime_value, ``churn`` and ``quality`` of one without churn_risk and model_quality.
    """

    facts: RunFacts
    headlines: tuple[Headline, ...]
    customers_n: int
    spend: Decimal
    segments: tuple[Segment, ...]
    migration: Migration
    lifecycle: tuple[Group, ...]
    value_types: tuple[Group, ...]
    rhythm_changes: tuple[Change, ...]
    clusters: tuple[Cluster, ...]
    months: tuple[Month, ...]
    retention: Retention
    intake: Intake
    gate: Gate | None
    value: Value | None
    churn: Churn | None
    quality: Quality | None
    feedback: Feedback | None


def figures(tables: Mapping[str, pl.DataFrame], facts: RunFacts) -> Figures:
    """The figures of one run.

    ``tables`` are the published ones by name, each as its contract says; any of them may be
    empty, none but quality_checks, lifetime_value, churn_risk, model_quality and those of feedback
    may be missing: runs from before these were published have none. ``customers_n`` and ``spend``
    are the totals of the table segments: customers with a line up to the as-of day, and their net,
    but for those without a purchase where they are few.

    Raises:
        KeyError: a table is missing; names it.
    """
    segments = segment_rows(tables["segments"], facts)
    moves = migration(tables["segment_migration"], facts, guarding=_guarding(segments))
    by_month = months(tables["sales"], facts)
    came_in = intake(tables["loads"], tables["quarantine_summary"])
    leaving = churn(tables, facts)
    said = feedback(tables, facts) if facts.feedback else None
    of_all = total(tables["segments"], facts)
    return Figures(
        facts=facts,
        headlines=headline_figures(
            segments,
            moves,
            by_month,
            came_in.total,
            facts,
            buyers=buyers(tables["segments"]),
            churn=leaving,
            feedback=said,
        ),
        customers_n=of_all.customers_n,
        spend=of_all.spend,
        segments=segments,
        migration=moves,
        lifecycle=lifecycle_groups(tables["customers"], facts),
        value_types=value_type_groups(tables["customers"], facts),
        rhythm_changes=rhythm_changes(tables["lifecycle_migration"], facts),
        clusters=cluster_rows(tables["clusters"], facts),
        months=by_month,
        retention=retention(tables["cohorts"], facts),
        intake=came_in,
        gate=gate(tables["quality_checks"]) if "quality_checks" in tables else None,
        value=value(tables, facts),
        churn=leaving,
        quality=quality(tables, facts),
        feedback=said,
    )


def _guarding(segments: tuple[Segment, ...]) -> frozenset[str]:
    """The segments that are hidden though they are not small."""
    return frozenset(row.segment for row in segments if row.is_hidden and not row.is_small)
