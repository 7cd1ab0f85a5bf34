"""Tables of feedback for the report: rows with the columns that matter, filled up to contracts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from itertools import count
from typing import Any

import dataframely as dy
import polars as pl

from regulars.expectations.tables_feedback import (
    FeedbackHotspots,
    FeedbackItems,
    Satisfaction,
    Topics,
)
from regulars.expectations.tables_follow_ups import ComplaintSilence, FollowUps, RiskComplaints
from regulars.expectations.tables_models import ModelQuality

SCHEMAS: dict[str, type[dy.Schema]] = {
    "feedback_items": FeedbackItems,
    "satisfaction": Satisfaction,
    "feedback_hotspots": FeedbackHotspots,
    "topics": Topics,
    "follow_ups": FollowUps,
    "risk_complaints": RiskComplaints,
    "complaint_silence": ComplaintSilence,
    "model_quality": ModelQuality,
}
NOW = date(2017, 3, 20)  # a Monday of the last whole week before the as-of day of the facts
BEFORE = date(2016, 12, 19)  # one of the thirteen weeks before the last thirteen
_BLANKS = {pl.String: "", pl.Boolean: False, pl.Date: NOW, pl.Datetime: datetime(2017, 3, 20)}


def rows(name: str, *given: Mapping[str, Any]) -> pl.DataFrame:
    """The rows, with nulls for the rest, and blanks where a column has none."""
    columns = SCHEMAS[name].columns()
    strange = {key for row in given for key in row} - set(columns)
    assert not strange, strange
    return pl.DataFrame(
        [
            pl.Series(
                column,
                [row.get(column, _blank(kind)) for row in given],
                dtype=kind.dtype,
                strict=False,
            )
            for column, kind in columns.items()
        ]
    )


def _blank(kind: dy.Column) -> Any:
    if kind.nullable:
        return None
    return next((blank for dtype, blank in _BLANKS.items() if kind.dtype == dtype), 0)


def pieces(*groups: tuple[int, Mapping[str, Any]]) -> pl.DataFrame:
    """So many pieces of each group, each of a customer of their own unless the group names one.

    Submitted on ``NOW`` unless the group says when; a text unless it has none.
    """
    number = count(1)
    return rows(
        "feedback_items", *(_piece(next(number), group) for n, group in groups for _ in range(n))
    )


def _piece(number: int, group: Mapping[str, Any]) -> dict[str, Any]:
    on = group.get("submitted_on", NOW)
    return {
        "feedback_id": f"F{number:06}",
        "customer_id": f"c1_{number:016x}",
        "submitted_on": on,
        "submitted_at": datetime.combine(on, time(12)),
        "kind": "review",
        "text": "said",
        "segment": "loyal",
        **group,
    }


def tables(**given: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Those given, the others without a row."""
    return {name: given.get(name, rows(name)) for name in SCHEMAS}
