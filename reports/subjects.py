"""What feedback is about: how often each category, how it sounds, and what it costs."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from regulars.reports.estimates import Estimate, less
from regulars.reports.facts import RunFacts
from regulars.reports.feedback_counts import counted_n, is_few, measured
from regulars.reports.feedback_span import Span
from regulars.reports.small_cells import hidden_cells

WORDS_SHOWN_N = 5
WORD_VOICES_N = 3
"""Voices a word needs to be shown: none is that of one or two persons."""
SEPARATOR = ";"


@dataclass(frozen=True)
class Subject:
    """Pieces about one category; a piece of two counts in both. A hidden one has no numbers.

    ``csat_pull`` and ``nps_pull``: the figure of all pieces less that of the pieces without the
    category, below nothing where the category costs. ``words`` decided most often on this category.
    """

    code: str
    pieces_n: int | None
    change_n: int | None = None
    negative: Estimate | None = None
    negative_change: Estimate | None = None
    csat_pull: Estimate | None = None
    nps_pull: Estimate | None = None
    words: tuple[str, ...] = ()
    is_small: bool = False

    @property
    def is_hidden(self) -> bool:
        return self.pieces_n is None


def subjects(pieces: pl.DataFrame, span: Span, facts: RunFacts) -> tuple[Subject, ...]:
    """Grain: category that a piece of the span is about, the costliest first, hidden ones last.

    ``pieces`` are those of the table feedback_items, of any day up to the as-of day.
    """
    now, before = (_told(frame) for frame in (span.of(pieces), span.before.of(pieces)))
    codes = now["categories"].explode(empty_as_null=False).drop_nulls().unique().sort().to_list()
    of_code = {code: now.filter(pl.col("categories").list.contains(code)) for code in codes}
    told_n = {code: counted_n(of, facts.small_below) for code, of in of_code.items()}
    # Pieces of two categories are in both, so that no total gives a small one away.
    hidden = hidden_cells(told_n, [], small_below=facts.small_below)
    found = (
        Subject(code, None, is_small=True)
        if code in hidden
        else _subject(code, of_code[code], now, before, facts.small_below)
        for code in codes
    )
    return tuple(sorted(found, key=_cost))


def _told(pieces: pl.DataFrame) -> pl.DataFrame:
    lists = (
        pl.col(name).str.split(SEPARATOR).list.eval(pl.element().filter(pl.element() != ""))
        for name in ("categories", "category_words")
    )
    return pieces.with_columns(lists)


def _subject(
    code: str, own: pl.DataFrame, now: pl.DataFrame, before: pl.DataFrame, small_below: int
) -> Subject:
    is_of_code = pl.col("categories").list.contains(code)
    others, earlier = now.filter(~is_of_code), before.filter(is_of_code)
    negative = measured("negative", own, small_below).found
    return Subject(
        code,
        own.height,
        None if is_few(earlier, small_below) else own.height - earlier.height,
        negative,
        less(negative, measured("negative", earlier, small_below).found),
        csat_pull=_pull("csat", own, others, small_below),
        nps_pull=_pull("nps", own, others, small_below),
        words=_words(own),
    )


def _pull(name: str, own: pl.DataFrame, others: pl.DataFrame, small_below: int) -> Estimate | None:
    """All less the others is the category's share of the answers times its own less the others'."""
    (found, own_n), (elsewhere, others_n) = (
        measured(name, pieces, small_below) for pieces in (own, others)
    )
    apart = less(found, elsewhere)
    return apart and apart.times(own_n / (own_n + others_n))


def _words(own: pl.DataFrame) -> tuple[str, ...]:
    """Of pieces about nothing else, for the words of a piece of two are of either."""
    said = (
        own.filter(pl.col("categories").list.len() == 1)
        .with_columns(pl.col("category_words").list.unique())
        .explode("category_words")
        .drop_nulls("category_words")
        .group_by("category_words")
        .agg(
            pieces_n=pl.len(),
            voices_n=pl.col("customer_id").drop_nulls().n_unique()
            + pl.col("customer_id").null_count(),
        )
        .filter(pl.col("voices_n") >= WORD_VOICES_N)
        .sort("pieces_n", "category_words", descending=[True, False])
    )
    return tuple(said["category_words"].head(WORDS_SHOWN_N))


def _cost(subject: Subject) -> tuple[bool, float, int, str]:
    pull, said_n = subject.csat_pull, subject.pieces_n or 0
    return (subject.pieces_n is None, pull.value if pull else 0.0, -said_n, subject.code)
