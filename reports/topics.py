"""New topics: what customers began to speak of, with a few of their own words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from regulars.reports.estimates import Estimate
from regulars.reports.facts import RunFacts
from regulars.reports.feedback_span import whole_weeks
from regulars.reports.shown_text import shown_text

WEEKS_BACK_N = 8
EXAMPLES_N = 3
EXAMPLE_CHARACTERS_N = 120
TERM_CHARACTERS_N = 40
EXAMPLE_SEPARATOR = " | "
RELATED_SEPARATOR = ";"


@dataclass(frozen=True)
class Topic:
    """A term that rose against its own past in a week; without numbers where few spoke of it.

    ``ratio`` is its share of the week's pieces over that of the 12 weeks before, with its interval;
    None too where it was not said in those. ``first_on`` is of these 13 weeks.
    """

    week_start_on: date
    term: str
    pieces_n: int | None
    ratio: Estimate | None
    first_on: date
    category: str | None
    related: tuple[str, ...]
    examples: tuple[str, ...]

    @property
    def is_small(self) -> bool:
        return self.pieces_n is None


@dataclass(frozen=True)
class Topics:
    """``latest`` rose since ``latest_from``, the Monday of the last whole week; ``earlier`` before.

    The last week first, and of a week the strongest.
    """

    latest: tuple[Topic, ...]
    earlier: tuple[Topic, ...]
    latest_from: date


def topics(table: pl.DataFrame, facts: RunFacts) -> Topics:
    """What the table topics says is emerging, of the last weeks."""
    latest_from = whole_weeks(facts.as_of, 1).first_on
    rising = table.filter(
        "is_emerging", pl.col("week_start_on") >= latest_from - timedelta(weeks=WEEKS_BACK_N)
    ).sort("week_start_on", "ratio_low", "term", descending=[True, True, False])
    found = tuple(_topic(row, facts) for row in rising.iter_rows(named=True))
    return Topics(
        latest=tuple(one for one in found if one.week_start_on >= latest_from),
        earlier=tuple(one for one in found if one.week_start_on < latest_from),
        latest_from=latest_from,
    )


def _topic(row: Mapping[str, Any], facts: RunFacts) -> Topic:
    # Who is not known may each be another person: where nobody is, the pieces count alone.
    is_small = row["pieces_n"] < facts.small_below or 0 < row["customers_n"] < facts.small_below
    has_ratio = not is_small and row["ratio"] is not None
    return Topic(
        row["week_start_on"],
        shown_text(row["term"], TERM_CHARACTERS_N),
        None if is_small else row["pieces_n"],
        Estimate(row["ratio"], row["ratio_low"], row["ratio_high"]) if has_ratio else None,
        row["first_said_on"],
        row["main_category"],
        _shown(row["related_terms"], RELATED_SEPARATOR, TERM_CHARACTERS_N),
        _shown(row["examples"], EXAMPLE_SEPARATOR, EXAMPLE_CHARACTERS_N)[:EXAMPLES_N],
    )


def _shown(joined: str, separator: str, characters_n: int) -> tuple[str, ...]:
    texts = (shown_text(text, characters_n) for text in joined.split(separator))
    return tuple(text for text in texts if text)
