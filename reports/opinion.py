"""What customers say: how many spoke, how satisfied they were, and whether it is getting better."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from regulars.reports.estimates import Estimate, less
from regulars.reports.facts import RunFacts
from regulars.reports.feedback_counts import (
    is_few,
    marked_n,
    measured,
    share_marked,
    voices_n,
)
from regulars.reports.feedback_span import Span
from regulars.reports.segments import NO_PURCHASE
from regulars.reports.speakers import KINDS, NONE, Speakers, speakers, text_share

WEEKS_CHARTED = 26
SENTIMENT_SOURCES = ("trained", "lexicon", "rating")
SENTIMENT_MODELS = ("sentiment", "sentiment_lexicon")
LESS_IS_BETTER = ("negative",)


@dataclass(frozen=True)
class Score:
    """CSAT, NPS or the share of negative texts, and its change against the weeks before.

    ``figure`` is None where fewer than the small cell's limit answered, ``change`` where they did
    in either span.
    """

    code: str
    answers_n: int
    figure: Estimate | None
    change: Estimate | None

    @property
    def verdict(self) -> str:
        """better, worse, unsure; none where there is nothing to compare."""
        if self.change is None:
            return "none"
        direction = self.change.direction
        if direction == "unsure":
            return direction
        return "better" if (direction == "up") != (self.code in LESS_IS_BETTER) else "worse"


@dataclass(frozen=True)
class Week:
    """One week, Monday to Sunday, of all stores and channels.

    ``csat`` and ``negative_n`` are None where too few answered.
    """

    start_on: date
    csat: Estimate | None
    negative_n: int | None
    is_complete: bool


@dataclass(frozen=True)
class Hearing:
    """How many texts of a language, rated and not learned from, were heard right, and by what.

    ``lexicon`` of the built-in word lists, on the same texts.
    """

    language: str
    trained: Estimate
    lexicon: Estimate


@dataclass(frozen=True)
class Opinion:
    """``pieces_n`` is None where it is small: then there is nothing else.

    ``contradicting`` is how often rating and text disagree, of the pieces that have both.
    ``told_by`` are the shares of sentiments by what told them, ``hearings`` how well that was
    done, by language, empty where nothing was learned from.
    """

    span: Span
    pieces_n: int | None
    before_n: int | None
    text_share: float | None
    scores: tuple[Score, ...]
    kinds: tuple[Speakers, ...]
    segments: tuple[Speakers, ...]
    weeks: tuple[Week, ...]
    told_by: Mapping[str, float]
    hearings: tuple[Hearing, ...] = ()
    contradicting: Estimate | None = None


def opinion(
    pieces: pl.DataFrame,
    satisfaction: pl.DataFrame,
    model_quality: pl.DataFrame,
    span: Span,
    facts: RunFacts,
) -> Opinion:
    """``pieces`` are those of the table feedback_items, of any day up to the as-of day."""
    now, before = span.of(pieces), span.before.of(pieces)
    small_below = facts.small_below
    if voices_n(now) < small_below:
        return Opinion(span, None, None, None, (), (), (), _weeks(satisfaction, facts), {})
    return Opinion(
        span=span,
        pieces_n=now.height,
        before_n=None if is_few(before, small_below) else before.height,
        text_share=text_share(now),
        scores=tuple(
            _score(code, now, before, small_below) for code in ("csat", "nps", "negative")
        ),
        kinds=speakers(
            "kind",
            (*KINDS, NONE),
            now,
            before,
            small_below,
            summed=_asked(pl.concat([now, before])),
        ),
        segments=speakers(
            "segment", (*facts.segment_codes, NO_PURCHASE, NONE), now, before, small_below
        ),
        weeks=_weeks(satisfaction, facts),
        told_by=_told_by(now),
        hearings=_hearings(model_quality),
        contradicting=share_marked(now["is_contradicting"], small_below),
    )


def _score(code: str, now: pl.DataFrame, before: pl.DataFrame, small_below: int) -> Score:
    (found, answers_n), (earlier, _) = (
        measured(code, pieces, small_below) for pieces in (now, before)
    )
    return Score(code, answers_n if found else 0, found, less(found, earlier))


def _asked(pieces: pl.DataFrame) -> list[str]:
    """The kinds that somebody has to answer, which are told of together elsewhere."""
    return pieces.filter(pl.col("is_open").is_not_null())["kind"].unique().sort().to_list()


def _weeks(satisfaction: pl.DataFrame, facts: RunFacts) -> tuple[Week, ...]:
    """The last weeks in order; one in which nobody spoke has no figures."""
    found = {
        row["period_start_on"]: row
        for row in satisfaction.filter(
            period="week", store_id="(all)", channel="(all)", breakdown="all"
        ).iter_rows(named=True)
    }
    if not found:
        return ()
    monday = facts.as_of - timedelta(days=facts.as_of.weekday())
    starts = (monday - timedelta(weeks=back) for back in reversed(range(WEEKS_CHARTED)))
    first_on = min(found)
    return tuple(_week(start, found.get(start), facts) for start in starts if start >= first_on)


def _week(start_on: date, row: Mapping[str, Any] | None, facts: RunFacts) -> Week:
    is_complete = start_on + timedelta(days=6) <= facts.as_of
    if row is None:
        return Week(start_on, None, 0, is_complete)
    is_rated, is_toned = (row[whole] >= facts.small_below for whole in ("ratings_n", "texts_n"))
    return Week(
        start_on,
        Estimate(row["csat_share"], row["csat_low"], row["csat_high"]) if is_rated else None,
        row["negative_n"] if is_toned else None,
        is_complete,
    )


def _told_by(pieces: pl.DataFrame) -> dict[str, float]:
    by = pieces["sentiment_by"].drop_nulls()
    return {source: marked_n(by == source) / by.len() for source in SENTIMENT_SOURCES if by.len()}


def _hearings(model_quality: pl.DataFrame) -> tuple[Hearing, ...]:
    rows = model_quality.filter(
        pl.col("model").is_in(SENTIMENT_MODELS),
        pl.col("measure") == "accuracy",
        pl.all_horizontal(pl.col("value", "low", "high").is_not_null()),
    )
    found = {
        (row["part"], row["model"]): Estimate(row["value"], row["low"], row["high"])
        for row in rows.iter_rows(named=True)
    }
    trained, lexicon = SENTIMENT_MODELS
    return tuple(
        Hearing(language, found[language, trained], found[language, lexicon])
        for language in sorted({language for language, _ in found})
        if (language, trained) in found and (language, lexicon) in found
    )
