"""Pieces of feedback as the models have read them, drawn; what is not drawn is unknown."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

DRAWN = pl.Schema(
    {
        "feedback_id": pl.String(),
        "submitted_at": pl.Datetime("us"),
        "submitted_on": pl.Date(),
        "customer_id": pl.UInt64(),
        "order_id": pl.String(),
        "product_id": pl.String(),
        "store_id": pl.String(),
        "staff_id": pl.String(),
        "channel": pl.String(),
        "kind": pl.String(),
        "own_category": pl.String(),
        "rating": pl.Decimal(18, 3),
        "rating_scale": pl.String(),
        "rating_of_five": pl.Decimal(18, 3),
        "nps": pl.Int32(),
        "text": pl.String(),
        "is_text_cut": pl.Boolean(),
        "responded_at": pl.Datetime("us"),
        "resolved_at": pl.Datetime("us"),
        "language": pl.String(),
        "categories": pl.String(),
        "category_words": pl.String(),
        "categories_by": pl.String(),
        "positive_probability": pl.Float64(),
        "sentiment": pl.String(),
        "sentiment_by": pl.String(),
        "sentiment_words": pl.String(),
        "is_contradicting": pl.Boolean(),
    }
)
"""Lists are drawn as words joined by ``+``."""
LISTS = ("categories", "category_words", "sentiment_words")
TOLD = pl.Schema(
    {name: pl.List(pl.String()) if name in LISTS else dtype for name, dtype in DRAWN.items()}
)

Draw = Callable[[str, pl.Schema], pl.DataFrame]


def told(drawn: Draw, text: str) -> pl.DataFrame:
    """Pieces numbered ``f1``, ``f2`` … where no id is drawn.

    A day without an instant is noon of it, an instant without a day its date. A text or categories
    of ``-`` mean none.
    """
    found = drawn(text, DRAWN)
    if "feedback_id" not in found.columns:
        found = found.select(
            pl.format("f{}", pl.int_range(1, pl.len() + 1)).alias("feedback_id"), pl.all()
        )
    if "submitted_at" not in found.columns:
        noon = pl.col("submitted_on").cast(pl.Datetime("us")).dt.offset_by("12h")
        found = found.with_columns(submitted_at=noon)
    if "submitted_on" not in found.columns:
        found = found.with_columns(submitted_on=pl.col("submitted_at").dt.date())
    missing = {
        name: pl.lit(None, dtype) for name, dtype in DRAWN.items() if name not in found.columns
    }
    split = pl.col(*LISTS).str.split("+").fill_null(pl.lit([], pl.List(pl.String)))
    return found.with_columns(**missing).with_columns(split).select(TOLD.names()).cast(dict(TOLD))
