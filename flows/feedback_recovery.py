"""How feedback tells what was planted in a sample chain: bad places, and a topic that begins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

import polars as pl

from regulars.data import chain_opinions
from regulars.data.feedback_extracts import feedback
from regulars.flows.feedback import heard
from regulars.flows.feedback_models import feedback_models
from regulars.flows.fitted_models import Fits
from regulars.flows.planted_chain import loaded_chain
from regulars.flows.settings import Settings
from regulars.transforms.feedback_cells import ALL
from regulars.transforms.hotspots import hotspots
from regulars.transforms.periods import start_of
from regulars.transforms.topics import WEEKS_N, topics

HALF_YEARS_N = 3
"""Topics are told of half a year at a time: as of the last day and of days half years before."""
WEEKS_A_MONTH = 365.25 / 12 / 7
CATEGORY_OF = {
    "store": "store_environment",
    "week": "delivery",
    "product": "product_quality",
    "staff": "service_attitude",
}
"""What each planted fault is about; a bad store is about queues as well."""


@dataclass(frozen=True, eq=False)
class PlantedFeedback:
    """A chain's pieces as the models have read them, with the ``cause`` of each, null for none."""

    seed: int
    last_on: date
    told: pl.DataFrame


@dataclass(frozen=True)
class PlaceFound:
    """A planted place in the table of hot spots: its rank and ends; None where it has no row."""

    kind: str
    place: str
    category: str
    rank: int | None
    pieces_n: int | None
    excess: float | None
    excess_low: float | None
    excess_high: float | None

    @property
    def is_first_beyond_chance(self) -> bool:
        return self.rank == 1 and (self.excess_low or 0.0) > 0


@dataclass(frozen=True)
class FeedbackRecovery:
    """``false_places`` are hot spots that nothing was planted in, of ``judged_n`` rows.

    ``topic_flagged_on`` is the first week in which a term of the planted topic is said to emerge,
    ``false_topics`` terms said to, in ``months`` months, of whose pieces less than half have a
    planted cause.
    """

    places: tuple[PlaceFound, ...]
    judged_n: int
    false_places: tuple[str, ...]
    topic_began_on: date
    topic_flagged_on: date | None
    topic_rows_n: int
    months: float
    false_topics: tuple[str, ...]


def planted_feedback(
    size: Literal["small", "medium", "large"], *, seed: int, report: Callable[[str], None]
) -> PlantedFeedback:
    """Make the chain's files, load them as a run does, and read the pieces.

    The workspace is gone afterwards.
    """
    with loaded_chain(size, seed=seed, report=report) as loaded:
        pieces = feedback(loaded.connection, as_of=loaded.last_on)
        truth = pl.read_parquet(loaded.workspace.root / "truth" / "feedback.parquet")
        told = told_with_causes(pieces, truth, loaded.settings, last_on=loaded.last_on)
        return PlantedFeedback(seed, loaded.last_on, told)


def told_with_causes(
    pieces: pl.DataFrame, truth: pl.DataFrame, settings: Settings, *, last_on: date
) -> pl.DataFrame:
    """The pieces as a run of the last day reads them, with the planted cause of each."""
    models = feedback_models(pieces, Fits(), settings.feedback, as_of=last_on)
    return heard(pieces, models, settings, as_of=last_on).join(
        truth.select("feedback_id", "cause"), on="feedback_id", how="left", maintain_order="left"
    )


def feedback_recovery(planted: PlantedFeedback) -> FeedbackRecovery:
    """Hot spots as of the last day, and topics of the last half years, held to what was planted."""
    places = _truth()
    table = hotspots(planted.told, as_of=planted.last_on)
    days = [planted.last_on - timedelta(weeks=WEEKS_N * n) for n in range(HALF_YEARS_N)]
    weeks = pl.concat(
        [topics(planted.told.filter(pl.col("submitted_on") <= day), as_of=day) for day in days]
    )
    causes = _causes(weeks.filter("is_emerging"), planted.told)
    of_topic = causes.filter(cause="topic")
    return FeedbackRecovery(
        tuple(
            _place(table, kind, place, category)
            for kind, place in places.items()
            for category in (ALL, CATEGORY_OF[kind])
        ),
        table.height,
        tuple(_false_places(table, places)),
        chain_opinions.TOPIC_WEEK,
        of_topic["week_start_on"].min() if of_topic.height else None,  # type: ignore[arg-type]
        of_topic.height,
        WEEKS_N * HALF_YEARS_N / WEEKS_A_MONTH,
        tuple(
            f"{week} {term}"
            for week, term in causes.filter(pl.col("cause").is_null())
            .select("week_start_on", "term")
            .rows()
        ),
    )


def _truth() -> dict[str, str]:
    planted: dict[str, Any] = chain_opinions.planted()
    return {
        "store": planted["bad_store"],
        "week": planted["bad_week"],
        "product": planted["bad_product"],
        "staff": planted["rude_staff"],
    }


def _place(table: pl.DataFrame, kind: str, place: str, category: str) -> PlaceFound:
    figures = ("rank", "pieces_n", "excess", "excess_low", "excess_high")
    rows = table.filter(place_kind=kind, place=place, category=category).select(figures).rows()
    return PlaceFound(kind, place, category, *(rows[0] if rows else (None,) * len(figures)))


def _false_places(table: pl.DataFrame, places: dict[str, str]) -> list[str]:
    """Hot spots that are no planted place, no part of one, and no week of the topic."""
    place, kind = pl.col("place"), pl.col("place_kind")
    is_planted = pl.any_horizontal(
        *((kind == name) & (place == planted) for name, planted in places.items()),
        (kind == "store_week")
        & (place.str.starts_with(f"{places['store']} ") | place.str.ends_with(places["week"])),
        (kind == "week") & (pl.col("week_start_on") >= chain_opinions.TOPIC_WEEK),
    )
    false = table.filter("is_hotspot", ~is_planted)
    return [" ".join(row) for row in false.select("place_kind", "place", "category").rows()]


def _causes(emerging: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """The terms with the planted cause of at least half of the week's pieces that say them."""
    weeks = told.select(
        "cause",
        week_start_on=start_of("week", pl.col("submitted_on")),
        said=pl.col("text").str.to_lowercase(),
    )
    return (
        emerging.select("week_start_on", "term")
        .join(weeks, on="week_start_on")
        .filter(pl.col("said").str.contains(pl.col("term"), literal=True))
        .group_by("week_start_on", "term")
        .agg(
            pieces_n=pl.len(),
            cause=pl.col("cause").drop_nulls().mode().sort().first(),
            caused_n=pl.col("cause").drop_nulls().unique_counts().max(),
        )
        .with_columns(cause=pl.when(pl.col("caused_n") * 2 >= pl.col("pieces_n")).then("cause"))
        .sort("week_start_on", "term")
    )
