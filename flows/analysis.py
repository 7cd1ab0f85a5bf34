"""From what the warehouse hands over to the tables that are published: no disk, no clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import polars as pl

from regulars.data.behaviour import Behaviour
from regulars.expectations.errors import SettingsError
from regulars.flows.churn import churn
from regulars.flows.day_models import DayModels
from regulars.flows.feedback import feedback_tables, heard
from regulars.flows.feedback_models import FeedbackModels
from regulars.flows.picture import cluster_view
from regulars.flows.settings import Rfm, Settings
from regulars.flows.value import backtest_day, value_of
from regulars.models.category_shares import fit_category_shares
from regulars.models.rfm import CutPoints, fit_cut_points, scored
from regulars.models.rhythm import Rhythm, fit_rhythm
from regulars.models.sentiment_model import SentimentModel
from regulars.models.value_types import fit_means, value_typed
from regulars.transforms.affinity import affinity
from regulars.transforms.cohorts import cohorts
from regulars.transforms.customer_feedback import customer_feedback
from regulars.transforms.customers import customers
from regulars.transforms.earlier_nets import earlier_nets
from regulars.transforms.gaps import gaps
from regulars.transforms.lifecycle import lifecycle
from regulars.transforms.migration import lifecycle_migration, segment_migration
from regulars.transforms.pseudonyms import spelled
from regulars.transforms.purchases import measures, purchases
from regulars.transforms.rfm import rfm
from regulars.transforms.segment_summary import segments
from regulars.transforms.segments import DEFAULT_RULES, SegmentRule, SegmentRules


@dataclass(frozen=True)
class HandedOver:
    """What the warehouse hands over as of a day; ``previous_order_nets`` as of the compare day.

    ``behaviour`` tells any earlier day as well: models learn from what those led to. ``feedback``
    is None where settings name no such export.
    """

    chain_first_on: date
    order_nets: pl.DataFrame
    previous_order_nets: pl.DataFrame
    category_nets: pl.DataFrame
    behaviour: Behaviour
    members: pl.DataFrame
    sales: pl.DataFrame
    feedback: pl.DataFrame | None
    place_names: pl.DataFrame
    ledger: Mapping[str, pl.DataFrame]


@dataclass(frozen=True)
class Analysis:
    """The tables as they are published, and what was fitted to the population on the way.

    ``value_limits`` name the simpler models that those of value turned out to be, ``drifted`` what
    is no longer as it was when the churn model was fitted.
    """

    tables: dict[str, pl.DataFrame]
    cuts: CutPoints | None
    models: DayModels
    hearing: FeedbackModels | None
    fitted: dict[str, Any]
    value_limits: tuple[str, ...]
    drifted: tuple[str, ...]


def segment_rules(settings: Rfm) -> SegmentRules:
    """The chain's own segments where settings give them, else the ten.

    Raises:
        SettingsError: they are no partition of the 25 cells of R and F.
    """
    if not settings.segments:
        return DEFAULT_RULES
    given = tuple(
        SegmentRule(rule.code, rule.r, rule.f, rule.label_en, rule.label_zh)
        for rule in settings.segments
    )
    try:
        return SegmentRules(given)
    except SettingsError as error:
        raise SettingsError(
            f"regulars.toml, [[rfm.segments]]: {error.what}",
            expected=error.expected,
            found=error.found or f"the segments {', '.join(rule.code for rule in given)}",
            left="no data has been read",
            next_step="correct the segments there, or take them all out to have the usual ten",
        ) from error


def cut_points(of_customers: pl.DataFrame, settings: Rfm) -> CutPoints | None:
    """The population's own fifths, but for those that settings give; null without a purchase."""
    fitted = fit_cut_points(of_customers)
    if fitted is None:
        return None
    return CutPoints(
        recency_days=settings.recency_cuts or fitted.recency_days,
        orders_n=settings.frequency_cuts or fitted.orders_n,
        spend=settings.spend_cuts or fitted.spend,
    )


def rfm_as_of(
    order_nets: pl.DataFrame,
    previous_order_nets: pl.DataFrame,
    *,
    as_of: date,
    settings: Rfm,
) -> tuple[pl.DataFrame, CutPoints | None]:
    """The ``rfm`` rows, customers as numbers, and the cut points they were scored with."""
    compare_on = as_of - timedelta(days=settings.compare_days)
    current = measures(order_nets, as_of=as_of)
    previous = measures(previous_order_nets, as_of=compare_on)
    cuts = cut_points(current, settings)
    valued = value_typed(scored(current, cuts), fit_means(current))
    before = scored(previous, cut_points(previous, settings))
    return rfm(valued, before, rules=segment_rules(settings)), cuts


def analysed(
    given: HandedOver,
    models: DayModels,
    hearing: FeedbackModels | None,
    settings: Settings,
    checks: pl.DataFrame,
    *,
    as_of: date,
) -> Analysis:
    """Every table of a run, from the frames and the models of its day and what the gate found."""
    compare_on = as_of - timedelta(days=settings.rfm.compare_days)
    bought = purchases(given.order_nets, as_of=as_of)
    previously_bought = purchases(given.previous_order_nets, as_of=compare_on)
    own_gaps = gaps(given.order_nets)
    rhythm = fit_rhythm(own_gaps)
    shares = fit_category_shares(given.category_nets)
    stages = _stages(given, bought, rhythm, settings)
    # As of the compare day, the rhythm of that day: nothing later than it is known.
    previous_rhythm = fit_rhythm(gaps(given.previous_order_nets))
    previous_stages = _stages(given, previously_bought, previous_rhythm, settings)
    scores, cuts = rfm_as_of(
        given.order_nets, given.previous_order_nets, as_of=as_of, settings=settings.rfm
    )
    view = cluster_view(
        given.behaviour,
        bought.select("customer_id", "spend"),
        models.picture,
        as_of=as_of,
        compare_on=compare_on,
    )
    value = value_of(
        bought,
        given.order_nets,
        earlier_nets(*given.behaviour[:2], as_of=backtest_day(as_of)),
        as_of=as_of,
        chain_first_on=given.chain_first_on,
    )
    at_risk = churn(
        given.behaviour,
        bought.join(stages, on="customer_id").select(
            "customer_id", "recency_days", "usual_gap_days"
        ),
        own_gaps,
        value.table,
        models.churn,
        pace=value.pace,
        as_of=as_of,
        horizon_days=settings.churn.horizon_days,
    )
    pieces = (
        None
        if given.feedback is None or hearing is None
        else heard(given.feedback, hearing, settings, as_of=as_of)
    )
    everyone = customers(
        bought,
        given.members,
        lifecycle=stages,
        rfm=scores,
        affinity=affinity(given.category_nets, shares=shares),
        clusters=view.assigned,
        value=value.table,
        churn=at_risk.table,
        feedback=None if pieces is None else customer_feedback(pieces, bought, stages, as_of=as_of),
        as_of=as_of,
    )
    tables = {
        "customers": _published(everyone),
        "rfm": _published(scores),
        "lifetime_value": _published(value.table),
        "churn_risk": _published(at_risk.table),
        "model_quality": pl.concat([at_risk.quality, value.quality, *_quality(hearing)]),
        "segments": segments(scores, rules=segment_rules(settings.rfm)),
        "segment_migration": segment_migration(scores, bought, previously_bought),
        "lifecycle_migration": lifecycle_migration(
            stages, previous_stages, bought, previously_bought
        ),
        "clusters": view.table,
        "cohorts": cohorts(
            given.order_nets, stages, as_of=as_of, chain_first_on=given.chain_first_on
        ),
        "sales": given.sales,
        "quality_checks": checks,
        **given.ledger,
    }
    if pieces is not None:
        tables |= feedback_tables(
            pieces, everyone, scores, given.order_nets, given.behaviour.orders, as_of=as_of
        )
    fitted = {
        "cut_points": cuts.as_dict() if cuts else {},
        "rhythm": rhythm.as_dict(),
        "category_shares_hundredths": shares.as_dict(),
        "clusters": models.picture.as_dict(),
        "churn": at_risk.fitted,
        **value.fitted,
        **(hearing.fitted() if hearing else {}),
    }
    return Analysis(tables, cuts, models, hearing, fitted, value.limits, at_risk.drifted)


def _quality(hearing: FeedbackModels | None) -> list[pl.DataFrame]:
    learned = hearing.sentiment if hearing else None
    return [learned.quality] if isinstance(learned, SentimentModel) else []


def cut_values(cuts: CutPoints | None) -> dict[str, tuple[Decimal, ...]]:
    """The cut points as the report shows them; empty when nobody was scored."""
    if cuts is None:
        return {}
    return {"recency_days": cuts.recency_days, "orders_n": cuts.orders_n, "spend": cuts.spend}


def _stages(
    given: HandedOver, bought: pl.DataFrame, rhythm: Rhythm, settings: Settings
) -> pl.DataFrame:
    return lifecycle(
        bought,
        given.members,
        rhythm=rhythm,
        chain_first_on=given.chain_first_on,
        warm_up_days=settings.cohorts.warm_up_days,
    )


def _published(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(customer_id=spelled(pl.col("customer_id")))
