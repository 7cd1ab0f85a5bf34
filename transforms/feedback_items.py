"""The `feedback_items` table: each piece as it was read and handled, for who reads no lists."""

from __future__ import annotations

import polars as pl

from regulars.transforms.feedback_cells import with_segments

LISTS = ("categories", "category_words", "sentiment_words")
BETWEEN = ";"


def feedback_items(handled: pl.DataFrame, segments: pl.DataFrame) -> pl.DataFrame:
    """The pieces with the segment of their customer as of the day.

    ``handled`` has a row a piece, as `handling.handled` gives it; ``segments`` customer_id and
    segment.

    Grain: one row a piece, in the order given. Columns: those of the `feedback_items` table,
    customer_id as the number. Lists are joined by ``;`` (a word that holds one has a space in its
    place), empty and unknown ones are empty text; main_category is the first of the categories,
    null where there is none. The segment is ``none`` where nobody was told, no_purchase for a
    customer who is in none.
    """
    joined = (
        pl.col(name)
        .list.eval(pl.element().str.replace_all(BETWEEN, " ", literal=True))
        .list.join(BETWEEN, ignore_nulls=True)
        .fill_null("")
        for name in LISTS
    )
    return with_segments(handled, segments).with_columns(
        *joined, main_category=pl.col("categories").list.first()
    )
