"""From pieces of feedback to its tables: read, handled, counted, and joined to what is at stake."""

from __future__ import annotations

from datetime import date

import polars as pl

from regulars.flows.feedback_models import FeedbackModels
from regulars.flows.feedback_settings import Feedback
from regulars.flows.settings import Settings
from regulars.models.category_model import LearnedCategories, categories_with
from regulars.models.own_labels import own_codes
from regulars.models.sentiment import rated, sentiment
from regulars.models.sentiment_model import SentimentModel
from regulars.transforms.complaint_silence import complaint_silence
from regulars.transforms.complaints import complaints
from regulars.transforms.feedback_items import feedback_items
from regulars.transforms.follow_ups import follow_ups
from regulars.transforms.handling import handled
from regulars.transforms.hotspots import hotspots
from regulars.transforms.pseudonyms import spelled
from regulars.transforms.risk_complaints import risk_complaints
from regulars.transforms.satisfaction import satisfaction
from regulars.transforms.topics import topics


def heard(
    pieces: pl.DataFrame, models: FeedbackModels, settings: Settings, *, as_of: date
) -> pl.DataFrame:
    """The pieces with what they are about, how they sound and what became of them: `handled`."""
    asked = settings.feedback
    sounds = models.sentiment if isinstance(models.sentiment, SentimentModel) else None
    told = pl.concat(
        [pieces, _about(pieces, models, asked), sentiment(pieces["text"], rated(pieces), sounds)],
        how="horizontal",
    )
    return handled(
        told,
        as_of=as_of,
        day_starts_at=settings.chain.day_starts_at,
        answered_kinds=asked.answered_kinds,
        response_target_hours=asked.response_target_hours,
        resolution_target_hours=asked.resolution_target_hours,
        repeat_days=asked.repeat_days,
    )


def _about(pieces: pl.DataFrame, models: FeedbackModels, asked: Feedback) -> pl.DataFrame:
    """What each piece is about: by its text, by the chain's own label where it has none."""
    learned = models.categories if isinstance(models.categories, LearnedCategories) else None
    by_text = categories_with(pieces["text"], models.taxonomy, learned)
    label = own_codes(pieces["own_category"], models.taxonomy, names=asked.labels).alias("label")
    is_silent = (pl.col("categories").list.len() == 0) & pl.col("label").is_not_null()
    return (
        by_text.with_columns(label)
        .with_columns(
            categories=pl.when(is_silent).then(pl.concat_list("label")).otherwise("categories"),
            categories_by=pl.when(is_silent).then(pl.lit("own_label")).otherwise("categories_by"),
        )
        .drop("label")
    )


def feedback_tables(
    pieces: pl.DataFrame,
    customers: pl.DataFrame,
    scores: pl.DataFrame,
    order_nets: pl.DataFrame,
    orders: pl.DataFrame,
    *,
    as_of: date,
) -> dict[str, pl.DataFrame]:
    """The tables of feedback, of the pieces as `heard` gives them.

    `customers` and `scores` are those of the day, customers as numbers; `order_nets` and `orders`
    what was handed over of it.
    """
    return {
        "feedback_items": _spelled(feedback_items(pieces, scores)),
        "satisfaction": satisfaction(pieces, scores, as_of=as_of),
        "complaints": complaints(pieces, scores, as_of=as_of),
        "feedback_hotspots": hotspots(pieces, as_of=as_of),
        "topics": topics(pieces, as_of=as_of),
        "follow_ups": _spelled(follow_ups(pieces, customers, orders, as_of=as_of)),
        "risk_complaints": risk_complaints(pieces, customers, as_of=as_of),
        "complaint_silence": complaint_silence(pieces, order_nets, as_of=as_of),
    }


def _spelled(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(customer_id=spelled(pl.col("customer_id")))
