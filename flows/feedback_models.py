"""What a run reads feedback with: the chain's words, and what its own rated texts taught."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from regulars.data.model_digest import digest_of
from regulars.flows.feedback_settings import Feedback
from regulars.flows.fitted_models import Fits
from regulars.models.category_fit import fit_categories
from regulars.models.category_model import LearnedCategories
from regulars.models.feedback_taxonomy import Taxonomy, taxonomy_with
from regulars.models.not_fitted import NotFitted
from regulars.models.sentiment import praises, rated
from regulars.models.sentiment_fit import fit_sentiment
from regulars.models.sentiment_model import SentimentModel

CATEGORIES, SENTIMENT = "feedback_categories", "sentiment"


@dataclass(frozen=True)
class FeedbackModels:
    """What pieces are read with on a day; ``fitted_on`` is the refit day of what was learned."""

    taxonomy: Taxonomy
    categories: LearnedCategories | NotFitted
    sentiment: SentimentModel | NotFitted
    fitted_on: dict[str, date]

    def as_dict(self) -> dict[str, dict[str, Any]]:
        """Of each model the day it was fitted as of, and the digest of what is kept of it."""
        learned = {CATEGORIES: self.categories, SENTIMENT: self.sentiment}
        return {
            name: {
                "fitted_on": self.fitted_on[name].isoformat(),
                "digest": digest_of(model.parts()),
            }
            for name, model in learned.items()
            if not isinstance(model, NotFitted)
        }

    def fitted(self) -> dict[str, dict[str, Any]]:
        """What was fitted, as it is published; why not, where it was not."""
        return {CATEGORIES: self.categories.as_dict(), SENTIMENT: self.sentiment.as_dict()}


def feedback_models(
    pieces: pl.DataFrame, fits: Fits, settings: Feedback, *, as_of: date
) -> FeedbackModels:
    """The models of the day's refit days: kept, or fitted to the pieces up to those.

    ``pieces`` are those of the hand-over: a rating of a refit day is a row of that day, whichever
    delivery brought it.
    """
    taxonomy = taxonomy_of(settings)
    days = {name: fits.day(name, as_of=as_of) for name in (CATEGORIES, SENTIMENT)}
    fits = fits.looked_up(days.values())
    categories = fits.model(
        CATEGORIES,
        LearnedCategories,
        lambda: fit_categories(
            _until(pieces, days[CATEGORIES]),
            taxonomy,
            as_of=days[CATEGORIES],
            names=settings.labels,
        ),
        fitted_on=days[CATEGORIES],
        settings=settings.model_dump(mode="json", include={"terms", "categories", "labels"}),
    )
    sentiment = fits.model(
        SENTIMENT,
        SentimentModel,
        lambda: _fitted(_until(pieces, days[SENTIMENT]), as_of=days[SENTIMENT]),
        fitted_on=days[SENTIMENT],
        settings={"rating_scale": settings.rating_scale},
    )
    return FeedbackModels(taxonomy, categories, sentiment, days)


def _until(pieces: pl.DataFrame, day: date) -> pl.DataFrame:
    return pieces.filter(pl.col("submitted_on") <= day)


def _fitted(pieces: pl.DataFrame, *, as_of: date) -> SentimentModel | NotFitted:
    return fit_sentiment(pieces["text"], praises(rated(pieces)), as_of=as_of)


def taxonomy_of(settings: Feedback) -> Taxonomy:
    """The categories that there are, with the chain's own words and categories."""
    own = {
        category.code: (category.label_en or category.code, category.label_zh or category.code)
        for category in settings.categories
    }
    terms = dict(settings.terms) | {one.code: one.terms for one in settings.categories}
    return taxonomy_with(terms=terms, categories=own)
