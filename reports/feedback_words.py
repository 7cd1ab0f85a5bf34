"""The pages of feedback in words: names of places and categories, and what is said of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from regulars.expectations.catalogue import has_sentence, say
from regulars.reports import numbers
from regulars.reports.facts import FeedbackFacts, RunFacts
from regulars.reports.feedback_span import Span
from regulars.reports.handling import Handling
from regulars.reports.hotspots import Hotspot
from regulars.reports.numbers import Counted
from regulars.reports.opinion import Opinion
from regulars.reports.shown_text import shown_text
from regulars.reports.subjects import Subject
from regulars.reports.topics import Topic

NAME_CHARACTERS_N = 60


def category_name(code: str | None, facts: RunFacts, language: str) -> str:
    """The chain's own word for a category, else the built-in one, else the code."""
    if code is None:
        return numbers.NONE
    if label := _of(facts).category_labels.get(code):
        return shown_text(label, NAME_CHARACTERS_N)
    known = f"category.{code}"
    return say(known, language) if has_sentence(known) else shown_text(code, NAME_CHARACTERS_N)


def place_name(kind: str, place: str | None, facts: RunFacts, language: str) -> str:
    """What a store or product is called with its id behind, or what it is with its id."""
    if place is None:
        return numbers.NONE
    shown_id = shown_text(place, NAME_CHARACTERS_N)
    if name := _of(facts).names.get((kind, place)):
        return say("place.named", language, name=shown_text(name, NAME_CHARACTERS_N), id=shown_id)
    return say(f"place.{kind}", language, id=shown_id)


def hotspot_name(found: Hotspot, facts: RunFacts, language: str) -> str:
    match found.kind:
        case "week":
            return say("place.week", language, week=found.week_start_on)
        case "store_week":
            store = place_name("store", found.store_id, facts, language)
            return say("place.store_week", language, store=store, week=found.week_start_on)
        case _:
            return place_name(found.kind, found.place, facts, language)


def opinion_sentences(opinion: Opinion, facts: RunFacts, language: str) -> list[str]:
    """How much was said and what told how it sounds; or that it was too little."""
    days = _days(opinion.span)
    if opinion.pieces_n is None:
        return [say("opinion.few", language, few=facts.small_below, **days)]
    return [
        *_amounts(opinion, days, language),
        *_told_by(opinion, language),
        *_heard(opinion, language),
        *_contradicting(opinion, language),
    ]


def _amounts(opinion: Opinion, days: Mapping[str, Any], language: str) -> Iterator[str]:
    yield say(
        "opinion.total",
        language,
        weeks=opinion.span.weeks_n,
        pieces=numbers.counted(Counted(opinion.pieces_n, "pieces"), language),
        text_share=numbers.share(opinion.text_share, places=0),
        **days,
    )
    if opinion.before_n is not None:
        yield say("opinion.before", language, before=numbers.count(opinion.before_n))


def _told_by(opinion: Opinion, language: str) -> Iterator[str]:
    sources = [
        say(f"opinion.by.{source}", language, share=numbers.share(share, places=0))
        for source, share in opinion.told_by.items()
        if share
    ]
    if sources:
        yield say("opinion.told_by", language, sources=_listed(sources, language))


def _heard(opinion: Opinion, language: str) -> Iterator[str]:
    for hearing in opinion.hearings:
        yield say(
            "opinion.heard",
            language,
            texts=say(f"opinion.texts.{hearing.language}", language),
            trained=in_points(hearing.trained.value),
            low=in_points(hearing.trained.low),
            high=in_points(hearing.trained.high),
            lexicon=in_points(hearing.lexicon.value),
        )


def _contradicting(opinion: Opinion, language: str) -> Iterator[str]:
    if opinion.contradicting and opinion.contradicting.value:
        yield say(
            "opinion.contradicting", language, share=numbers.share(opinion.contradicting.value)
        )


def subjects_sentence(subjects: tuple[Subject, ...], facts: RunFacts, language: str) -> str:
    """The category that costs most, if one surely does."""
    worst = subjects[0] if subjects else None
    if worst is None:
        return say("subjects.none", language)
    pull = worst.csat_pull
    if pull is None or pull.direction != "down":
        return say("subjects.no_worst", language)
    return say(
        "subjects.worst",
        language,
        category=category_name(worst.code, facts, language),
        low=in_points(-pull.high),
        high=in_points(-pull.low),
    )


def hotspot_sentences(found: Hotspot, facts: RunFacts, language: str) -> list[str]:
    """How much worse a place is than would be usual, and in what."""
    said = [
        say(
            "hotspots.said",
            language,
            place=hotspot_name(found, facts, language),
            n=numbers.count(found.pieces_n),
            share=numbers.share(found.negative_share, places=0),
            expected=numbers.share(found.expected_share, places=0),
            low=in_points(found.excess.low),
            high=in_points(found.excess.high),
        )
    ]
    if found.subjects:
        names = [category_name(code, facts, language) for code in found.subjects]
        said.append(say("hotspots.about", language, categories=_listed(names, language)))
    return said


def _rise(topic: Topic, facts: RunFacts, language: str) -> str:
    if topic.is_small:
        return say("topics.said.few", language, term=topic.term, few=facts.small_below)
    pieces = numbers.counted(Counted(topic.pieces_n, "pieces"), language)
    if topic.ratio is None:
        return say("topics.said.new", language, term=topic.term, pieces=pieces)
    return say(
        "topics.said",
        language,
        term=topic.term,
        pieces=pieces,
        ratio=numbers.mean(topic.ratio.value),
        low=numbers.mean(topic.ratio.low),
        high=numbers.mean(topic.ratio.high),
    )


def handling_sentences(handling: Handling, facts: RunFacts, language: str) -> list[str]:
    """How many complained and called, how many not for the first time, and what is open."""
    days = _days(handling.span)
    if handling.pieces_n is None:
        few = say("handling.few", language, few=facts.small_below, **days)
        return [few, _open(handling, facts, language)]
    said = [say("handling.total", language, n=numbers.count(handling.pieces_n), **days)]
    if handling.repeat_share is not None:
        repeat_days = _of(facts).repeat_days
        said.append(
            say(
                "handling.repeat.one" if repeat_days == 1 else "handling.repeat",
                language,
                share=numbers.share(handling.repeat_share.value, places=0),
                days=repeat_days,
            )
        )
    if handling.before_n is not None:
        said.append(say("handling.before", language, before=numbers.count(handling.before_n)))
    return [*said, _open(handling, facts, language)]


def _open(handling: Handling, facts: RunFacts, language: str) -> str:
    if handling.open_n == 0:
        return say("handling.all_settled", language)
    open_n, overdue_n = (
        f"<{facts.small_below}" if n is None else numbers.count(n)
        for n in (handling.open_n, handling.overdue_n)
    )
    return say("handling.open", language, as_of=facts.as_of, open=open_n, overdue=overdue_n)


def topic_sentences(topic: Topic, facts: RunFacts, language: str) -> list[str]:
    """How much more is spoken of it, since when, and what it is about."""
    said = [_rise(topic, facts, language)]
    said.append(say("topics.first", language, first_on=topic.first_on))
    if topic.category is not None:
        name = category_name(topic.category, facts, language)
        said.append(say("topics.main", language, category=name))
    if topic.related:
        said.append(say("topics.related", language, terms=_listed([*topic.related], language)))
    return said


def _days(span: Span) -> dict[str, Any]:
    return {"first_on": span.first_on, "last_on": span.last_on}


def _of(facts: RunFacts) -> FeedbackFacts:
    return facts.feedback or FeedbackFacts()


def _listed(words: list[str], language: str) -> str:
    return say("list.separator", language).join(words)


def in_points(share: float) -> str:
    """An amount of percentage points, without a sign.

    >>> in_points(0.153)
    '15'
    """
    return numbers.mean(100 * share, places=0)
