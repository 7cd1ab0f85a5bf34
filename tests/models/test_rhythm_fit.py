from __future__ import annotations

from statistics import median

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.models.rhythm import PRIOR_GAPS_N, Rhythm, fit_rhythm


def gaps(*days: int) -> pl.DataFrame:
    return pl.DataFrame({"gap_days": days}, schema={"gap_days": pl.Int32})


@given(st.lists(st.integers(1, 400), min_size=1))
def test_the_median_is_that_of_plain_python(days):
    assert fit_rhythm(gaps(*days)).median_gap_halves == 2 * median(days)


def test_a_median_between_two_gaps_is_kept_exactly():
    assert fit_rhythm(gaps(8, 7)).as_dict() == {"median_gap_days": "7.5", "prior_gaps_n": 3}


def test_a_whole_median_is_published_as_a_whole_number():
    assert fit_rhythm(gaps(10, 10)).as_dict()["median_gap_days"] == "10"


def test_without_gaps_there_is_no_median():
    assert fit_rhythm(gaps()) == Rhythm(median_gap_halves=None, prior_gaps_n=PRIOR_GAPS_N)
    assert fit_rhythm(gaps()).as_dict()["median_gap_days"] is None


def test_a_rhythm_is_frozen():
    with pytest.raises(AttributeError):
        fit_rhythm(gaps(7)).median_gap_halves = 2  # type: ignore[misc]
