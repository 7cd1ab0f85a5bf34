"""What is planted in the sample chain's feedback is found, and what is not is counted as such."""

from __future__ import annotations

import json
import tomllib
from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from regulars.data import chain_opinions
from regulars.data.chain import chain_settings
from regulars.data.chain_feedback import feedback
from regulars.data.chain_journal import journal, nothing
from regulars.data.chain_world import World, months
from regulars.data.feedback_extracts import FEEDBACK
from regulars.flows.feedback_recovery import (
    FeedbackRecovery,
    PlantedFeedback,
    feedback_recovery,
    told_with_causes,
)
from regulars.flows.planted_feedback_card import _as_text, _lines
from regulars.flows.settings import Settings

SETTINGS = Settings.model_validate(tomllib.loads(chain_settings()))
SEED = 13  # one of those that choices were made on
LAST_ON = date(2025, 12, 31)
BEGAN_ON = date(2025, 9, 8)


@pytest.fixture(scope="module")
def planted() -> PlantedFeedback:
    """The pieces as a load gives them, without the files on the way."""
    world, awaited, heard = World.drawn("small", seed=SEED), nothing(), []
    for month in months():
        lines, awaited = journal(world, month, awaited)
        heard.append(chain_opinions.occasions(lines, month, seed=SEED))
    said, truth = feedback(pl.concat(heard), seed=SEED)
    pieces = loaded(said)
    told = told_with_causes(pieces, truth, SETTINGS, last_on=LAST_ON)
    return PlantedFeedback(SEED, LAST_ON, told)


def loaded(said: pl.DataFrame) -> pl.DataFrame:
    """The export's rows in the columns of the hand-over."""
    instants = ("submitted_at", "responded_at", "resolved_at")
    return (
        said.with_columns(
            pl.col(*instants).str.slice(0, 19).str.to_datetime("%Y-%m-%dT%H:%M:%S"),
            submitted_on=pl.col("submitted_at").str.slice(0, 10).str.to_date(),
            customer_id=pl.col("customer_id").rank("dense").cast(pl.UInt64),
            own_category="category",
            rating_of_five=1 + 4 * (pl.col("rating") - 1) / (pl.col("rating_scale") - 1),
            rating_scale=pl.format("1-{}", "rating_scale"),
            is_text_cut=pl.col("text").str.len_chars() > 4000,
            text=pl.col("text").str.slice(0, 4000),
        )
        .select(pl.col(name).cast(dtype) for name, dtype in FEEDBACK.items())
        .sort("feedback_id")
    )


@pytest.fixture(scope="module")
def found(planted: PlantedFeedback) -> FeedbackRecovery:
    return feedback_recovery(planted)


def test_planted_places_are_ranked_first_beyond_chance(found: FeedbackRecovery) -> None:
    """Of a small chain those that have pieces enough: the store has 69, and takes a larger one."""
    sure = {place.kind for place in found.places if place.is_first_beyond_chance}
    assert sure == {"week", "product", "staff"}
    assert all(place.rank == 1 for place in found.places if place.category != "(all)")
    assert found.false_places == ()


def test_the_topic_is_flagged_in_the_week_it_begins(found: FeedbackRecovery) -> None:
    assert found.topic_flagged_on == found.topic_began_on == BEGAN_ON
    assert len(found.false_topics) < found.months


def test_figures_can_be_printed_and_written_down(found: FeedbackRecovery) -> None:
    facts = json.loads(json.dumps(_as_text({"topic_began_on": BEGAN_ON, "topic_flagged_on": None})))
    assert facts == {"topic_began_on": "2025-09-08", "topic_flagged_on": None}
    assert len(_lines(found)) == 11
    unjudged = replace(found.places[0], rank=None)
    assert "too few pieces" in _lines(replace(found, places=(unjudged,)))[0]


def test_what_is_found_and_was_not_planted_is_told(planted: PlantedFeedback) -> None:
    """Another store is spoilt, another topic begins, and what was planted is not spoken of."""
    of_store = pl.col("store_id") == "S001"
    week = pl.col("submitted_on").is_between(date(2025, 11, 3), date(2025, 11, 9))
    quiet = planted.told.filter(pl.col("cause").is_null())
    changed = quiet.with_columns(
        sentiment=pl.when(of_store).then(pl.lit("negative")).otherwise("sentiment"),
        text=pl.when(week).then(pl.lit("停车收费")).otherwise("text"),
    )
    found = feedback_recovery(replace(planted, told=changed))
    assert "store S001 (all)" in found.false_places
    assert "2025-11-03 停车收费" in found.false_topics
    assert found.topic_flagged_on is None
    assert not any(place.is_first_beyond_chance for place in found.places)


def test_pieces_are_read_as_a_run_reads_them(planted: PlantedFeedback) -> None:
    told = planted.told
    assert set(told["categories_by"].drop_nulls()) >= {"terms"}
    spoken = told.filter(pl.col("text").is_not_null(), pl.col("rating_of_five") == 1)
    assert (spoken["sentiment"] == "negative").mean() > 0.8
    assert set(told["cause"].drop_nulls()) == {"store", "week", "product", "staff", "topic"}
