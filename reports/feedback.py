"""The pages of feedback: what customers say, about what, where, and what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from regulars.reports.facts import RunFacts
from regulars.reports.feedback_span import span_of
from regulars.reports.handling import Handling, handling
from regulars.reports.hotspots import Hotspots, hotspots
from regulars.reports.opinion import Opinion, opinion
from regulars.reports.stakes import Stakes, stakes
from regulars.reports.subjects import Subject, subjects
from regulars.reports.topics import Topics, topics

TABLES = (
    "feedback_items",
    "satisfaction",
    "model_quality",
    "feedback_hotspots",
    "topics",
    "risk_complaints",
    "complaint_silence",
    "follow_ups",
)


@dataclass(frozen=True)
class Feedback:
    """Six sections; small groups are hidden already, nothing of them is in here."""

    opinion: Opinion
    subjects: tuple[Subject, ...]
    hotspots: Hotspots
    handling: Handling
    topics: Topics
    stakes: Stakes


def feedback(tables: Mapping[str, pl.DataFrame], facts: RunFacts) -> Feedback | None:
    """What the tables of feedback say; None where no feedback has come in.

    Raises:
        KeyError: there is feedback and one of ``TABLES`` is missing; names it.
    """
    pieces = tables.get("feedback_items")
    if pieces is None or pieces.is_empty():
        return None
    span = span_of(pieces, facts.as_of)
    return Feedback(
        opinion=opinion(pieces, tables["satisfaction"], tables["model_quality"], span, facts),
        subjects=subjects(pieces, span, facts),
        hotspots=hotspots(tables["feedback_hotspots"], facts),
        handling=handling(pieces, span, facts),
        topics=topics(tables["topics"], facts),
        stakes=stakes(tables, facts),
    )
