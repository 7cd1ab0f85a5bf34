"""The `topics` table: what is said more often than before, so that a new problem shows at once."""

from __future__ import annotations

from collections import deque
from datetime import date, timedelta

import polars as pl

from regulars.expectations.opinion_scales import NEGATIVE
from regulars.expectations.tables_feedback import Topics
from regulars.transforms.handling import refuse_later_pieces
from regulars.transforms.periods import is_complete, monday, start_of
from regulars.transforms.rising import Week, compared
from regulars.transforms.terms import terms
from regulars.transforms.topic_heads import LEAST_N, heads_of

WEEKS_N = 26
"""Told of, the running one included: half a year, to see a topic come and go."""
PAST_WEEKS_N = 12
"""A quarter that a week is held against: long enough to know a term's usual rate, and short
enough for the season to be the same."""
FOLLOWED_WEEKS_N = 8
"""A term that has emerged is told of in as many weeks after, risen or not."""
RISING_N = 10
"""Terms that may have risen by chance, told of each week beside those that have not."""
EXAMPLES_N, EXAMPLE_CHARACTERS_N = 3, 120
_NO_TOPICS: pl.DataFrame = Topics.create_empty()
_UNSEEN = r"[\p{C}\s]+"


def topics(handled: pl.DataFrame, *, as_of: date) -> pl.DataFrame:
    """The terms that rise, week by week, over the last 26 weeks.

    ``handled`` has a row a piece, with feedback_id, submitted_on, customer_id, text (masked),
    categories and sentiment.

    Grain: a row a week and term, of the terms that have emerged in the week, those that have in
    the 8 weeks before and are still said, and the 10 of the others that have risen most. A week
    is held against the 12 weeks before it and nothing later, so its rows are the same on any later
    day, once it is over; the running one is judged by its days so far. A piece says a term or does
    not, however often.

    The pieces of one customer in a week count once, in every count but that of examples: nobody
    makes a topic by saying a thing twenty times.

    Columns: week_start_on, its Monday; term; language, zh or en; is_complete; is_emerging,
    whether ratio_low is above 1 in the pieces that no stronger term of the week accounts for, so
    that one problem is one row; pieces_n that say it, customers_n known of them, negative_n of
    them that are negative; texts_n of the week; said_share; past_pieces_n and past_texts_n of the
    12 weeks; ratio of the two rates, null for a new term, with ends that hold for all terms of the
    week together (`rising`), null where fewer than 4 of the 12 weeks have texts; first_said_on,
    the first of the 13 weeks that says it; main_category; related_terms, up to 5 that rise in the
    same pieces; examples, up to three different texts in one line each, at most 120 characters,
    joined by `` | ``.

    Raises:
        ValueError: a piece is later than ``as_of``.
    """
    refuse_later_pieces(handled, as_of=as_of)
    told_from = monday(as_of) - timedelta(weeks=WEEKS_N - 1)
    judged_from = told_from - timedelta(weeks=FOLLOWED_WEEKS_N)
    read_from = judged_from - timedelta(weeks=PAST_WEEKS_N)
    spoken = (
        handled.filter(pl.col("text").is_not_null(), pl.col("submitted_on") >= read_from)
        .select("feedback_id", "submitted_on", "customer_id", "text", "categories", "sentiment")
        .sort("feedback_id")
        .with_columns(week_start_on=start_of("week", pl.col("submitted_on")))
        .with_row_index("piece")
        .with_columns(
            voice=pl.when(pl.col("customer_id").is_null())
            .then("piece")
            .otherwise(pl.col("piece").min().over("customer_id", "week_start_on"))
        )
    )
    weeks = [
        read_from + timedelta(weeks=n) for n in range((monday(as_of) - read_from).days // 7 + 1)
    ]
    by_week = spoken.partition_by("week_start_on", as_dict=True)
    past: deque[Week] = deque(maxlen=PAST_WEEKS_N)
    emerged: deque[pl.Series] = deque(maxlen=FOLLOWED_WEEKS_N)
    found = [_NO_TOPICS]
    for week_on in weeks:
        pieces = by_week.get((week_on,), spoken.clear())
        # One week's terms at a time: those of a year would fill the memory.
        said = terms(pieces.select("piece", "text"))
        counts = (
            said.join(pieces.select("piece", "voice"), on="piece")
            .group_by("term", "language")
            .agg(n=pl.col("voice").n_unique().cast(pl.Int64))
        )
        if week_on >= judged_from:
            told = _told(pieces, said, counts, list(past), pl.concat([_NONE, *emerged]))
            emerged.append(told.filter("is_emerging")["term"])
            if week_on >= told_from:
                found.append(_row(told, week_on, as_of))
        past.append(Week(week_on, pieces["voice"].n_unique(), counts.select("term", "n")))
    return pl.concat(found).sort("week_start_on", "term")


_NONE = pl.Series("term", [], pl.String)


def _told(
    pieces: pl.DataFrame,
    said: pl.DataFrame,
    counts: pl.DataFrame,
    past: list[Week],
    followed: pl.Series,
) -> pl.DataFrame:
    """The week's terms that are told of, with their figures."""
    candidates = _without_contained(counts.filter(pl.col("n") >= LEAST_N))
    others = counts.lazy().filter(pl.col("term").is_in(followed.implode()))
    asked = (
        pl.concat([candidates.lazy(), others.join(candidates.lazy(), on="term", how="anti")])
        .sort("term")
        .collect()
    )
    beside, comparison = compared(
        asked, past, texts_n=pieces["voice"].n_unique(), tested_n=candidates.height
    )
    tested = beside.join(candidates.select("term"), on="term", how="semi", maintain_order="left")
    heads = heads_of(tested, said, comparison, by_chance_n=RISING_N)
    kept = beside.filter(pl.col("term").is_in(pl.concat([heads["term"], followed]).implode()))
    return (
        comparison.judged(kept)
        .lazy()
        .join(heads.lazy(), on="term", how="left")
        .join(_details(pieces, said, kept), on="term")
        .with_columns(
            pl.col("is_emerging").fill_null(value=False),
            pl.col("related_terms").fill_null(""),
            texts_n=pl.lit(comparison.texts_n, pl.Int64),
            past_texts_n=pl.lit(comparison.past_texts_n, pl.Int64),
        )
        .collect()
    )


def _without_contained(counts: pl.DataFrame) -> pl.DataFrame:
    """The terms but those that are said only inside a longer one: by as many pieces as it is."""
    terms_of = counts.lazy()
    zh = terms_of.filter(pl.col("language") == "zh").with_columns(
        shorter_n=pl.col("term").str.len_chars() - 1
    )
    pairs = terms_of.filter(pl.col("term").str.contains(" ", literal=True))
    inside = [
        *(zh.select("n", term=pl.col("term").str.slice(at, pl.col("shorter_n"))) for at in (0, 1)),
        pairs.select("n", term=pl.col("term").str.split(" ")).explode("term"),
    ]
    return terms_of.join(pl.concat(inside), on=["term", "n"], how="anti").collect()


def _details(pieces: pl.DataFrame, said: pl.DataFrame, kept: pl.DataFrame) -> pl.LazyFrame:
    """Who says the terms, about what, and for example."""
    line = (
        pl.col("text")
        .str.replace_all(_UNSEEN, " ")
        .str.strip_chars()
        .str.slice(0, EXAMPLE_CHARACTERS_N)
    )
    return (
        said.lazy()
        .join(kept.lazy(), on="term", how="semi")
        .select("piece", "term")
        .join(
            pieces.lazy().select(
                "piece", "voice", "customer_id", "categories", "sentiment", example=line
            ),
            on="piece",
        )
        .sort("term", "piece")
        .group_by("term", maintain_order=True)
        .agg(
            customers_n=pl.col("customer_id").drop_nulls().n_unique().cast(pl.Int64),
            negative_n=pl.col("voice")
            .filter(pl.col("sentiment") == NEGATIVE)
            .n_unique()
            .cast(pl.Int64),
            main_category=pl.col("categories")
            .explode(empty_as_null=False)
            .drop_nulls()
            .mode()
            .sort()
            .first(),
            examples=pl.col("example").unique(maintain_order=True).head(EXAMPLES_N).str.join(" | "),
        )
    )


def _row(told: pl.DataFrame, week_on: date, as_of: date) -> pl.DataFrame:
    return told.with_columns(
        week_start_on=pl.lit(week_on),
        is_complete=is_complete("week", pl.lit(week_on), as_of=as_of),
        pieces_n="n",
        # Times a part: over one number, polars rounds one row otherwise than several.
        said_share=pl.col("n") * (1.0 / pl.col("texts_n")),
        first_said_on=pl.col("first_said_on").fill_null(week_on),
    ).select(pl.col(name).cast(dtype) for name, dtype in _NO_TOPICS.schema.items())
