"""What a run reads feedback with: the chain's words, and what its own rated texts taught."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from regulars.data.model_digest import digest_of
from regulars.flows.feedback_settings import Feedback
from regulars.flows.fitted_models import Fits
from regulars.models.feedback_taxonomy import Taxonomy, taxonomy_with
from regulars.models.not_fitted import NotFitted
from regulars.models.sentiment import rated
from regulars.models.sentiment_fit import fit_sentiment
from regulars.models.sentiment_model import SentimentModel


@dataclass(frozen=True)
class FeedbackModels:
    """What pieces are read with on a day; ``fitted_on`` is the refit day of what was learned."""

    sentiment: SentimentModel | NotFitted
    fitted_on: date

    def as_dict(self) -> dict[str, dict[str, Any]]:
        """Of each model the day it was fitted as of, and the digest of what is kept of it."""
        if isinstance(self.sentiment, NotFitted):
            return {}
        digest = digest_of(self.sentiment.parts())
        return {"sentiment": {"fitted_on": self.fitted_on.isoformat(), "digest": digest}}


def feedback_models(pieces: pl.DataFrame, fits: Fits, *, as_of: date) -> FeedbackModels:
    """The models of the day's refit day: kept, or fitted to the pieces up to that day.

    ``pieces`` are those of the hand-over: a rating of a refit day is a row of that day, whichever
    delivery brought it.
    """
    fitted_on = fits.day("sentiment", as_of=as_of)
    sentiment = fits.looked_up([fitted_on]).model(
        "sentiment",
        SentimentModel,
        lambda: _fitted(pieces.filter(pl.col("submitted_on") <= fitted_on), as_of=fitted_on),
        fitted_on=fitted_on,
    )
    return FeedbackModels(sentiment, fitted_on)


def _fitted(pieces: pl.DataFrame, *, as_of: date) -> SentimentModel | NotFitted:
    is_positive = rated(pieces).replace_strict(
        {"positive": True, "negative": False}, default=None, return_dtype=pl.Boolean
    )
    return fit_sentiment(pieces["text"], is_positive, as_of=as_of)


def taxonomy_of(settings: Feedback) -> Taxonomy:
    """The categories that there are, with the chain's own words and categories."""
    own = {
        category.code: (category.label_en or category.code, category.label_zh or category.code)
        for category in settings.categories
    }
    terms = dict(settings.terms) | {one.code: one.terms for one in settings.categories}
    return taxonomy_with(terms=terms, categories=own)
