"""How feedback tells what was planted in sample chains: a section of the model card."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from typing import Any, Literal

from regulars.flows.feedback_recovery import (
    FeedbackRecovery,
    PlaceFound,
    feedback_recovery,
    planted_feedback,
)

SEEDS = (1, 2, 3)
"""For the figures. The tables were looked at on the other seeds alone."""
DEVELOPMENT_SEEDS = (11, 12, 13)
SIZES: tuple[Literal["small", "medium"], ...] = ("small", "medium")


def card(
    report: Callable[[str], None], *, seeds: Sequence[int] = SEEDS
) -> Iterator[tuple[list[str], dict[str, Any]]]:
    """The lines and figures of each size and seed."""
    for size in SIZES:
        for seed in seeds:
            planted = planted_feedback(size, seed=seed, report=report)
            report(f"hot spots and topics, {size}, seed {seed}")
            found = feedback_recovery(planted)
            title = f"feedback, sample chain, {size}, seed {seed}: {planted.told.height:,} pieces"
            facts = {"size": size, "seed": seed, "pieces_n": planted.told.height, **asdict(found)}
            yield [title, *_lines(found)], _as_text(facts)


def _lines(found: FeedbackRecovery) -> list[str]:
    false_n = len(found.false_topics)
    flagged = found.topic_flagged_on
    return [
        *(_place_line(place) for place in found.places),
        f"  places without a fault that are called hot spots: {len(found.false_places)} of "
        f"{found.judged_n:,} rows{_named(found.false_places)}",
        f"  topic of the week of {found.topic_began_on}: "
        + (f"flagged in that of {flagged}" if flagged else "not flagged")
        + f", in {found.topic_rows_n} rows",
        f"  false alarms of topics: {false_n} in {found.months:.1f} months, "
        f"{false_n / max(found.months, 1):.2f} a month{_named(found.false_topics)}",
    ]


def _place_line(place: PlaceFound) -> str:
    named = f"  {place.kind} {place.place}, {place.category}".ljust(52)
    if place.rank is None:
        return f"{named}too few pieces to be judged"
    return (
        f"{named}rank {place.rank}, {place.pieces_n} pieces, excess {place.excess:.3f} "
        f"({place.excess_low:.3f} to {place.excess_high:.3f})"
    )


def _named(found: Sequence[str]) -> str:
    return f" ({', '.join(found)})" if found else ""


def _as_text(facts: dict[str, Any]) -> dict[str, Any]:
    """The facts with days as text, to be written as JSON."""
    days = ("topic_began_on", "topic_flagged_on")
    return {**facts, **{name: facts[name] and facts[name].isoformat() for name in days}}
