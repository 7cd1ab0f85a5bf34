"""One customer told as a story: who they are, their rhythm, worth, risk, and why it is that.

Nothing is told that the published tables do not hold; names and raw ids are in none of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import polars as pl

from regulars.expectations.catalogue import say
from regulars.expectations.feedback_categories import OTHER
from regulars.reports import numbers
from regulars.reports.churn import AT_RISK
from regulars.reports.clusters import name_in_words
from regulars.reports.facts import SMALL_BELOW, ChurnFacts
from regulars.reports.reasons import reason_in_words

OF_CUSTOMERS = (
    "segment",
    "lifecycle",
    "is_member",
    "joined_on",
    "first_ordered_on",
    "is_left_truncated",
    "orders_n",
    "spend",
    "usual_gap_days",
    "recency_days",
    "gap_ratio",
    "expected_orders_12m",
    "expected_spend_12m",
    "extrapolated_reason",
    "cluster",
    "cluster_name",
    "feedback_n",
    "last_feedback_on",
    "last_rating",
    "complaints_365d_n",
    "last_complaint_on",
    "main_complaint_category",
    "is_complaint_open",
    "is_silent_since_complaint",
)
OF_RISK = ("churn_risk", "risk_band", "value_at_risk", "unscored_reason")
NO_PURCHASE = "no_purchase"


@dataclass(frozen=True)
class StoryFacts:
    """The run a story is of, and the language it is told in; ``labels`` as the report has them."""

    as_of: date
    currency: str
    language: str
    churn: ChurnFacts
    labels: Mapping[str, str] = field(default_factory=dict)
    category_labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Reason:
    """Why the risk is what it is: a code with the customer's two figures, and the sentence."""

    reason: str
    value: float | None
    against: float | None
    sentence: str


@dataclass(frozen=True)
class Story:
    """What is known of a customer, by column, and the same in sentences.

    ``lower_risk_share`` is the share of all scored customers whose risk is lower, None without a
    score.
    """

    customer_id: str
    known: Mapping[str, Any]
    lower_risk_share: float | None
    reasons: tuple[Reason, ...]
    lines: tuple[str, ...]


def story(
    customer: pl.DataFrame, risk: pl.DataFrame, risks: pl.DataFrame, facts: StoryFacts
) -> Story:
    """The story of one customer.

    ``customer`` is their row of the table customers, which may be of a run from before feedback was
    read, ``risk`` that of churn_risk, empty for a
    member without a line; ``risks`` has the column churn_risk of everybody.
    """
    row = customer.row(0, named=True)
    of_risk = risk.row(0, named=True) if risk.height else {"unscored_reason": NO_PURCHASE}
    known = {name: row.get(name) for name in OF_CUSTOMERS} | {
        name: of_risk.get(name) for name in OF_RISK
    }
    scored = risks["churn_risk"].drop_nulls()
    own = known["churn_risk"]
    lower = float((scored < own).sum() / scored.len()) if own is not None else None
    reasons = tuple(_reasons(of_risk, facts))
    lines = tuple(_lines(row["customer_id"], known, lower, reasons, facts))
    return Story(row["customer_id"], known, lower, reasons, lines)


def _reasons(of_risk: Mapping[str, Any], facts: StoryFacts) -> Iterator[Reason]:
    for n in (1, 2, 3):
        if code := of_risk.get(f"reason_{n}"):
            value, against = of_risk[f"reason_{n}_value"], of_risk[f"reason_{n}_against"]
            sentence = reason_in_words(
                code, value, against, currency=facts.currency, language=facts.language
            )
            yield Reason(code, value, against, sentence)


def _lines(
    customer_id: str,
    known: Mapping[str, Any],
    lower: float | None,
    reasons: tuple[Reason, ...],
    facts: StoryFacts,
) -> Iterator[str]:
    yield say("story.title", facts.language, customer=customer_id, as_of=facts.as_of)
    for sentences in (
        _who(known, facts),
        _rhythm(known, facts),
        _worth(known, facts),
        _said(known, facts),
        _risk(known, lower, facts),
    ):
        if line := ("" if facts.language == "zh" else " ").join(sentences):
            yield line
    if known["churn_risk"] is not None:
        yield say("story.reasons" if reasons else "story.no_reason", facts.language)
        for place, reason in enumerate(reasons, 1):
            yield say("story.reason", facts.language, place=place, reason=reason.sentence)
    yield _cluster(known, facts)


def _who(known: Mapping[str, Any], facts: StoryFacts) -> Iterator[str]:
    language = facts.language
    yield say(
        "story.segment", language, segment=say(known["segment"], language, labels=facts.labels)
    )
    if stage := known["lifecycle"]:
        yield say(
            "story.stage",
            language,
            stage=say(stage, language),
            meaning=say(f"lifecycle_meaning.{stage}", language),
        )
    if first_on := known["first_ordered_on"]:
        code = "story.since.or_before" if known["is_left_truncated"] else "story.since"
        yield say(code, language, first_on=first_on)
    if known["joined_on"]:
        yield say("story.member.since", language, joined_on=known["joined_on"])
    else:
        yield say("story.member" if known["is_member"] else "story.no_member", language)


def _rhythm(known: Mapping[str, Any], facts: StoryFacts) -> Iterator[str]:
    away, usual, ratio = known["recency_days"], known["usual_gap_days"], known["gap_ratio"]
    if away is not None and usual is not None and ratio is not None:
        code = {0: "story.rhythm.today", 1: "story.rhythm.one"}.get(away, "story.rhythm")
        # Who came once has no gap: the usual one is everybody's.
        yield say(
            "story.rhythm.first" if known["orders_n"] == 1 else code,
            facts.language,
            usual=numbers.mean(usual),
            n=numbers.count(away),
            ratio=numbers.mean(ratio),
        )


def _worth(known: Mapping[str, Any], facts: StoryFacts) -> Iterator[str]:
    language = facts.language

    def money(amount: Decimal) -> str:
        return numbers.money(amount, facts.currency, language)

    orders_n, spend = known["orders_n"], known["expected_spend_12m"]
    if orders_n:
        yield say(
            "story.spent.one" if orders_n == 1 else "story.spent",
            language,
            spend=money(known["spend"]),
            n=numbers.count(orders_n),
        )
    if spend is None:
        yield say("story.no_expected", language)
        return
    orders = numbers.mean(known["expected_orders_12m"])
    yield say("story.expected", language, spend=money(spend), orders=orders)
    if known["value_at_risk"] is not None:
        yield say("story.at_risk", language, value=money(known["value_at_risk"]))
    if reason := known["extrapolated_reason"]:
        days = (facts.as_of - known["first_ordered_on"]).days
        yield say(f"story.extrapolated.{reason}", language, days=numbers.count(days))


def _said(known: Mapping[str, Any], facts: StoryFacts) -> Iterator[str]:
    """What they said; nothing of who said nothing, nor where the chain exports no feedback."""
    language = facts.language
    if not known["feedback_n"]:
        return
    code = "story.said" if known["last_rating"] is None else "story.said.rated"
    yield say(
        code,
        language,
        n=numbers.count(known["feedback_n"]),
        last_on=known["last_feedback_on"],
        rating=numbers.mean(known["last_rating"] or 0),
    )
    if known["complaints_365d_n"]:
        category = known["main_complaint_category"]
        own = facts.category_labels.get(category)
        about = own or say(f"category.{category or OTHER}", language)
        yield say(
            "story.complained",
            language,
            n=numbers.count(known["complaints_365d_n"]),
            last_on=known["last_complaint_on"],
            about=about,
        )
    if known["is_complaint_open"]:
        yield say("story.complaint_open", language)
    elif known["is_silent_since_complaint"]:
        yield say("story.silent_since_complaint", language)


def _risk(known: Mapping[str, Any], lower: float | None, facts: StoryFacts) -> Iterator[str]:
    language, told = facts.language, facts.churn
    if known["churn_risk"] is None:
        few = 0 < told.found_n < SMALL_BELOW
        yield say(
            f"churn.unscored.{known['unscored_reason']}",
            language,
            horizon=told.horizon_days,
            found=f"<{SMALL_BELOW}" if few else numbers.count(told.found_n),
            least=numbers.count(told.least_n),
        )
        return
    yield say(
        "story.risk",
        language,
        until=facts.as_of + timedelta(days=told.horizon_days),
        risk=numbers.share(known["churn_risk"]),
        band=say(f"churn.band.{known['risk_band']}", language),
        lower=numbers.share(lower, places=0),
    )
    if known["gap_ratio"] is not None and known["gap_ratio"] <= 1 and known["risk_band"] in AT_RISK:
        yield say("story.not_due", language)
    if told.is_baseline:
        yield say(f"churn.baseline.{told.kind}", language)


def _cluster(known: Mapping[str, Any], facts: StoryFacts) -> str:
    if not known["cluster"]:
        return say("story.no_cluster", facts.language)
    name = name_in_words(known["cluster_name"] or known["cluster"], facts.language)
    return say("story.cluster", facts.language, name=name)
