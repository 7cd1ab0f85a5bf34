"""What groups of feedback are counted and measured by, and which are too small to tell of."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from regulars.expectations.opinion_scales import (
    DETRACTOR_TO,
    NEGATIVE,
    PROMOTER_FROM,
    SATISFIED_FROM,
)
from regulars.reports.estimates import Estimate, net_of, share_of


class Measured(NamedTuple):
    """A figure, None where fewer than the small cell's limit answered, and how many did."""

    found: Estimate | None
    answers_n: int


def voices_n(pieces: pl.DataFrame) -> int:
    """How many may have spoken: known customers, and each piece of nobody known as one more.

    Twelve pieces of one customer are a small group however many pieces they are.
    """
    customers = pieces["customer_id"]
    return customers.drop_nulls().n_unique() + customers.null_count()


def is_few(pieces: pl.DataFrame, small_below: int) -> bool:
    """Whether the group could point at persons; nobody is not few."""
    return 0 < voices_n(pieces) < small_below


def counted_n(pieces: pl.DataFrame, small_below: int) -> int:
    """The number of pieces, or that of the voices where they are few."""
    return voices_n(pieces) if is_few(pieces, small_below) else pieces.height


def marked_n(flags: pl.Series) -> int:
    """How many are true; what is not known is not."""
    return int(flags.sum())


def share_marked(flags: pl.Series, small_below: int) -> Estimate | None:
    """Of those that are known the share that is true; None where few are known."""
    known = flags.drop_nulls()
    return share_of(marked_n(known), known.len()) if known.len() >= small_below else None


def measured(code: str, pieces: pl.DataFrame, small_below: int) -> Measured:
    """CSAT (csat), NPS (nps), or the share of texts of negative sentiment (negative)."""
    match code:
        case "csat":
            answers = pieces["rating_of_five"].drop_nulls()
            found = share_of(marked_n(answers >= SATISFIED_FROM), answers.len())
        case "nps":
            answers = pieces["nps"].drop_nulls()
            promoters, detractors = answers >= PROMOTER_FROM, answers <= DETRACTOR_TO
            found = net_of(marked_n(promoters), marked_n(detractors), answers.len())
        case _:
            answers = pieces.filter(pl.col("text").is_not_null())["sentiment"].drop_nulls()
            found = share_of(marked_n(answers == NEGATIVE), answers.len())
    return Measured(None if answers.len() < small_below else found, answers.len())
