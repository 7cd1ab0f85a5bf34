"""What the template of the feedback pages is given besides the figures: words, names, the chart."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from regulars.expectations.catalogue import say
from regulars.reports import feedback_words as words
from regulars.reports import numbers, stakes_words
from regulars.reports.charts import Chart
from regulars.reports.figures import Figures
from regulars.reports.opinion_chart import opinion_chart
from regulars.reports.shown_text import shown_text
from regulars.reports.speakers import Speakers
from regulars.reports.stakes import Blamed
from regulars.reports.subjects import Subject


def feedback_filters(figures: Figures, language: str) -> dict[str, Callable[..., Any]]:
    """What turns a figure of feedback into text."""
    facts = figures.facts
    return {
        "category": partial(words.category_name, facts=facts, language=language),
        "hotspot": partial(words.hotspot_sentences, facts=facts, language=language),
        "topic": partial(words.topic_sentences, facts=facts, language=language),
        "target": lambda hours: f"{hours:g}",
        "cut_name": partial(shown_text, characters_n=words.NAME_CHARACTERS_N),
        "hidden_pieces": lambda cell: _hidden(cell, cell.pieces_n, facts.small_below),
        "hidden_customers": lambda cell: _hidden(cell, cell.customers_n, facts.small_below),
        "is_any_hidden": lambda cells: any(cell.is_hidden for cell in cells),
    }


def feedback_texts(figures: Figures, language: str) -> dict[str, Any]:
    """The sentences, by the names that the template knows them by; none without feedback."""
    facts, found = figures.facts, figures.feedback
    if found is None:
        return {}
    return {
        "opinion_sentences": words.opinion_sentences(found.opinion, facts, language),
        "subjects_sentence": words.subjects_sentence(found.subjects, facts, language),
        "handling_sentences": words.handling_sentences(found.handling, facts, language),
        "everything_sentence": stakes_words.everything_sentence(found.stakes, facts, language),
        "silence_sentences": stakes_words.silence_sentences(found.stakes, language),
        "follow_ups_sentence": stakes_words.follow_ups_sentence(found.stakes, facts, language),
        "place_name": partial(words.place_name, facts=facts, language=language),
        "separator": say("list.separator", language),
        "few": f"<{facts.small_below}",
    }


def drawn_opinion(figures: Figures, language: str) -> Chart | None:
    """The chart of the weeks; None where there is nothing to draw."""
    found = figures.feedback
    return opinion_chart(found.opinion, language) if found else None


def _hidden(cell: Speakers | Subject | Blamed, n: int | None, small_below: int) -> str:
    if n is None:
        return f"<{small_below}" if cell.is_small else "∗"
    return numbers.count(n)
