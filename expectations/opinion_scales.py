"""From which score on a customer is content: one meaning for tables, models and the report."""

from __future__ import annotations

SATISFIED_FROM, LOW_RATING = 4, 2
"""Of five: CSAT counts the top two; what lies between is neither praise nor blame."""
PROMOTER_FROM, DETRACTOR_TO = 9, 6
"""Reichheld, "The One Number You Need to Grow" (2003): of the likelihood to recommend, 0 to 10, 9
and 10 promote, 0 to 6 detract."""
NEGATIVE = "negative"
"""The sentiment that is counted."""
