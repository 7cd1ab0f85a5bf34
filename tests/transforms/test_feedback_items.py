"""Pieces as they are published: lists as text, and the segment of who speaks."""

from __future__ import annotations

from datetime import date

import polars as pl

from regulars.expectations.tables_feedback import FEEDBACK_TABLES
from regulars.transforms.feedback_items import feedback_items
from regulars.transforms.handling import handled
from regulars.transforms.pseudonyms import spelled
from tests.transforms.pieces import TOLD, told

SEGMENTS = pl.Schema({"customer_id": pl.UInt64(), "segment": pl.String()})
AS_OF = date(2025, 3, 12)
TABLE = next(table for table in FEEDBACK_TABLES if table.name == "feedback_items")


def published(pieces, segments):
    """As a run publishes them: the ids are spelled last."""
    of = feedback_items(handled(pieces, as_of=AS_OF), segments)
    return TABLE.conformed(of.with_columns(spelled(pl.col("customer_id"))))


def test_lists_are_joined_and_the_first_category_is_the_main_one(drawn):
    pieces = told(
        drawn,
        """
        submitted_on  is_text_cut  categories              category_words  sentiment_words
        2025-03-10    no           delivery+app_payment    快递+扣;款       -
        2025-03-10    no           -                       -               太慢
        """,
    )
    table = published(pieces, SEGMENTS.to_frame())
    columns = ("categories", "main_category", "category_words", "sentiment_words")
    assert table.select(columns).rows() == [
        ("delivery;app_payment", "delivery", "快递;扣 款", ""),
        ("", None, "", "太慢"),
    ]  # fmt: skip


def test_a_piece_has_the_segment_of_who_speaks(drawn):
    pieces = told(
        drawn,
        "submitted_on is_text_cut customer_id\n2025-03-10 no 1\n2025-03-10 no 2\n2025-03-10 no -",
    )
    table = published(pieces, drawn("customer_id segment\n1 loyal", SEGMENTS))
    assert table.select("customer_id", "segment").rows() == [
        ("c1_0000000000000001", "loyal"),
        ("c1_0000000000000002", "no_purchase"),
        (None, "none"),
    ]


def test_how_it_was_handled_is_told_of_each(drawn):
    pieces = told(
        drawn,
        """
        kind       is_text_cut  submitted_at         responded_at
        complaint  no           2025-03-10T08:00:00  2025-03-10T09:00:00
        survey     no           2025-03-10T08:00:00  -
        """,
    )
    table = published(pieces, SEGMENTS.to_frame())
    assert table.select("response_hours", "is_open", "is_repeat").rows() == [
        (1.0, True, None),
        (None, None, None),
    ]


def test_without_pieces_there_are_no_rows():
    assert published(TOLD.to_frame(), SEGMENTS.to_frame()).height == 0
