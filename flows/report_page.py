"""The report of a run: what was analysed, in the words and the language of the chain."""

from __future__ import annotations

from datetime import date, timedelta
from importlib.metadata import version
from typing import TYPE_CHECKING

from regulars.expectations.tables import CONTRACT_VERSION
from regulars.flows.analysis import Analysis, HandedOver, cut_values, segment_rules
from regulars.flows.settings import Settings
from regulars.models.cluster_alignment import Picture
from regulars.models.clusters import NotClustered

if TYPE_CHECKING:
    from regulars.reports.facts import ClusterFacts, FeedbackFacts


def page_of(
    analysis: Analysis, settings: Settings, given: HandedOver, *, run_id: str, as_of: date
) -> tuple[str, list[str]]:
    """The report, and the figures worth knowing first, in the chain's language."""
    from regulars.reports.facts import ChurnFacts, RunFacts
    from regulars.reports.figures import figures
    from regulars.reports.headlines import headlines
    from regulars.reports.page import page

    chain, rules = settings.chain, segment_rules(settings.rfm)
    labels = {
        rule.code: label
        for rule in rules.rules
        if (label := rule.zh if chain.language == "zh" else rule.en)
    }
    facts = RunFacts(
        chain_name=chain.name,
        currency=chain.currency,
        time_zone=chain.time_zone,
        language=chain.language,
        as_of=as_of,
        compare_on=as_of - timedelta(days=settings.rfm.compare_days),
        compare_days=settings.rfm.compare_days,
        run_id=run_id,
        contract_version=CONTRACT_VERSION,
        package_version=version("regulars"),
        segment_codes=rules.codes,
        chain_first_on=given.chain_first_on,
        cut_points=cut_values(analysis.cuts),
        labels=labels,
        value_limits=analysis.value_limits,
        clusters=_of_clusters(analysis.models.picture),
        churn=ChurnFacts.of_fit(analysis.fitted["churn"], horizon_days=settings.churn.horizon_days),
        feedback=_of_feedback(settings, given),
    )
    found = figures(analysis.tables, facts)
    return page(found, chain.language), headlines(found, chain.language)


def _of_feedback(settings: Settings, given: HandedOver) -> FeedbackFacts:
    from regulars.reports.facts import FeedbackFacts

    return FeedbackFacts(
        names=FeedbackFacts.names_of(given.place_names),
        category_labels=category_labels(settings),
        response_target_hours=settings.feedback.response_target_hours,
        resolution_target_hours=settings.feedback.resolution_target_hours,
        repeat_days=settings.feedback.repeat_days,
    )


def category_labels(settings: Settings) -> dict[str, str]:
    """The chain's own categories by code, as they are called in its language."""
    is_chinese = settings.chain.language == "zh"
    return {
        own.code: (own.label_zh if is_chinese else own.label_en) or own.code
        for own in settings.feedback.categories
    }


def _of_clusters(picture: Picture | NotClustered) -> ClusterFacts:
    from regulars.reports.facts import ClusterFacts

    if isinstance(picture, NotClustered):
        return ClusterFacts(picture.reason, picture.found_n, picture.needed_n)
    clusters, agreed, proposed = picture.clusters, picture.agreement, picture.proposed
    taken = [tried for tried in clusters.candidates if tried.clusters_n == len(clusters.codes)]
    return ClusterFacts(
        picture.verdict,
        stability=taken[0].stability if taken else None,
        silhouette=taken[0].silhouette if taken else None,
        adjusted_rand=agreed.adjusted_rand if agreed else None,
        kept_share=agreed.kept_share if agreed else None,
        proposed=dict(zip(proposed.codes, proposed.names, strict=True)) if proposed else {},
    )
