"""Pieces of feedback as they are once read and handled, drawn with the columns that matter."""

from __future__ import annotations

import polars as pl

from regulars.data.feedback_extracts import FEEDBACK

HANDLED = pl.Schema(
    {
        **FEEDBACK,
        "language": pl.String(),
        "categories": pl.List(pl.String()),
        "category_words": pl.List(pl.String()),
        "categories_by": pl.String(),
        "positive_probability": pl.Float64(),
        "sentiment": pl.String(),
        "sentiment_by": pl.String(),
        "sentiment_words": pl.List(pl.String()),
        "is_contradicting": pl.Boolean(),
        "response_hours": pl.Float64(),
        "resolution_hours": pl.Float64(),
        "is_in_response_target": pl.Boolean(),
        "is_in_resolution_target": pl.Boolean(),
        "is_open": pl.Boolean(),
        "is_overdue": pl.Boolean(),
        "is_repeat": pl.Boolean(),
    }
)
_ASKED = ("complaint", "call")


def pieces(text: str) -> pl.DataFrame:
    """The drawn pieces, all other columns null.

    ``said`` is the day or the instant they were submitted. Pieces are numbered as they are drawn,
    categories joined by ``;``. Complaints and calls are settled unless ``is_open`` says otherwise.
    """
    header, *rows = [line.split() for line in text.strip().splitlines()]
    cells = pl.DataFrame(
        [[None if word == "-" else word for word in row] for row in rows],
        schema=dict.fromkeys(header, pl.String),
        orient="row",
    )
    at = pl.col("said").str.replace(r"^(\d{4}-\d\d-\d\d)$", "${1}T12:00").str.to_datetime()
    given = [name for name in header if name != "said"]
    drawn = cells.with_row_index("number", offset=1).select(
        pl.format("F{}", pl.col("number").cast(pl.String).str.zfill(3)).alias("feedback_id"),
        at.dt.cast_time_unit("us").alias("submitted_at"),
        at.dt.date().alias("submitted_on"),
        *(_read(name, HANDLED[name]) for name in given),
    )
    whole = pl.concat([HANDLED.to_frame(), drawn], how="diagonal")
    is_asked = pl.col("kind").is_in(_ASKED)
    return whole.with_columns(
        pl.col("categories").fill_null([]),
        *(
            pl.when(is_asked).then(pl.col(name).fill_null(value=False)).alias(name)
            for name in ("is_open", "is_overdue")
        ),
    )


def _read(name: str, dtype: pl.DataType) -> pl.Expr:
    match dtype:
        case pl.List():
            return pl.col(name).str.split(";")
        case pl.Boolean():
            return pl.col(name).replace_strict({"yes": True, "no": False}, return_dtype=pl.Boolean)
        case pl.Datetime():
            return pl.col(name).str.to_datetime(time_unit="us")
        case _:
            return pl.col(name).cast(dtype)
