"""Complaints and money in words."""

from __future__ import annotations

from decimal import Decimal

from regulars.expectations.catalogue import say
from regulars.reports import numbers
from regulars.reports.facts import RunFacts
from regulars.reports.feedback_words import in_points
from regulars.reports.numbers import Counted
from regulars.reports.stakes import EVERYTHING, Silence, Stakes


def everything_sentence(stakes: Stakes, facts: RunFacts, language: str) -> str:
    """How many at high risk are unhappy, and what stands to be lost of them."""
    found = stakes.everything
    if found is None or found.customers_n == 0:
        return say("stakes.no_risk", language)
    if found.customers_n is None:
        return say("stakes.few", language, few=facts.small_below)
    return say(
        "stakes.everything",
        language,
        customers=numbers.counted(Counted(found.customers_n, "customers"), language),
        share=numbers.share(found.at_risk_share),
        others=numbers.share(found.others_share),
        value=numbers.money(found.value or Decimal(0), facts.currency, language),
    )


def silence_sentences(stakes: Stakes, language: str) -> list[str]:
    """Of all complaints, by window; of categories there is a table."""
    found = [one for one in stakes.silence if one.category == EVERYTHING]
    return [_said_of(one, language) for one in found] or [say("stakes.silence.none", language)]


def _said_of(found: Silence, language: str) -> str:
    direction = found.excess.direction
    low, high = sorted(abs(end) for end in (found.excess.low, found.excess.high))
    return say(
        f"stakes.silence.said.{direction}",
        language,
        days=found.window_days,
        share=numbers.share(found.silent_share, places=0),
        customers=numbers.counted(Counted(found.complainers_n, "customers"), language),
        usual=numbers.share(found.comparable_share, places=0),
        low=in_points(low),
        high=in_points(high),
    )


def follow_ups_sentence(stakes: Stakes, facts: RunFacts, language: str) -> str:
    if not stakes.follow_ups_n:
        return say("stakes.follow_ups.none", language)
    return say(
        "stakes.follow_ups.said",
        language,
        customers=numbers.counted(Counted(stakes.follow_ups_n, "customers"), language),
        value=numbers.money(stakes.value, facts.currency, language),
        answer_only=numbers.count(stakes.answer_only_n),
    )
