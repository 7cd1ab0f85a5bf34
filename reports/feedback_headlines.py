"""The one or two things that customers say that are worth knowing first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice

from regulars.reports.feedback import Feedback

HEADLINES_N = 2
"""Who reads on finds the rest."""


@dataclass(frozen=True)
class Placed:
    """A place by its kind and id: it is called what the chain calls it."""

    kind: str
    place: str


Said = tuple[str, Mapping[str, int | float | date | str | Placed]]


def feedback_headlines(feedback: Feedback | None) -> tuple[Said, ...]:
    """Codes of the catalogue with what they say; a float is a share."""
    return tuple(islice(_found(feedback), HEADLINES_N)) if feedback else ()


def _found(feedback: Feedback) -> Iterator[Said]:
    """What begins, then where it goes wrong, then whether it gets worse, then who waits."""
    for topic in feedback.topics.latest[:1]:
        yield ("headline.topic", {"term": topic.term, "since": feedback.topics.latest_from})
    if worst := feedback.hotspots.worst:
        yield (
            "headline.hotspot",
            {
                "place": Placed(worst.kind, worst.place),
                "share": worst.negative_share,
                "expected": worst.expected_share,
            },
        )
    for score in feedback.opinion.scores:
        if score.code == "csat" and score.verdict == "worse" and score.figure and score.change:
            yield (
                "headline.csat_down",
                {
                    "since": feedback.opinion.span.first_on,
                    "share": score.figure.value,
                    "before": score.figure.value - score.change.value,
                },
            )
    if overdue_n := feedback.handling.overdue_n:
        yield ("headline.overdue.one" if overdue_n == 1 else "headline.overdue", {"n": overdue_n})
