"""Intervals against other means: SciPy's, published examples, and how often they hold."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from regulars.transforms.intervals import difference, exact, net_share, share, wilson

COUNTS = st.integers(1, 3000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
PART, WHOLE = pl.col("part"), pl.col("whole")


def table(*rows):
    return pl.DataFrame(rows, schema={"part": pl.Int64, "whole": pl.Int64}, orient="row")


def ends(frame, interval):
    return frame.select(low=interval[0], high=interval[1]).rows()


@given(COUNTS)
@settings(max_examples=100, deadline=None)
def test_wilson_is_what_scipy_finds(counts):
    found = binomtest(*counts).proportion_ci(method="wilson")
    assert ends(table(counts), wilson(PART, WHOLE)) == [
        pytest.approx((found.low, found.high), abs=1e-12)
    ]


@given(COUNTS, st.sampled_from([0.05, 1e-3, 1e-7]))
@settings(max_examples=100, deadline=None)
def test_exact_is_what_scipy_finds(counts, error):
    found = binomtest(*counts).proportion_ci(1 - error, method="exact")
    low, high = exact(pl.Series([counts[0]]), pl.Series([counts[1]]), error=error)
    assert (low.item(), high.item()) == pytest.approx((found.low, found.high), abs=1e-9)


def test_nothing_has_no_interval():
    none = table((0, 0))
    assert ends(none, wilson(PART, WHOLE)) == [(None, None)]
    assert ends(none, net_share(PART, PART, WHOLE)) == [(None, None)]
    assert none.select(share(PART, WHOLE)).item() is None


def test_a_row_alone_has_the_interval_it_has_among_others():
    many = table(*[(part, whole) for whole in range(1, 60) for part in range(whole + 1)])
    for interval in (wilson(PART, WHOLE), net_share(PART, WHOLE - PART, WHOLE)):
        alone = [ends(many[n : n + 1], interval)[0] for n in range(many.height)]
        assert ends(many, interval) == alone


def test_net_share_and_its_change_hold_as_often_as_they_say():
    """Drawn 20,000 times each: promoters, passives and detractors of 25 and of 200 answers."""
    draw = np.random.default_rng(3)
    chances, truth = (0.5, 0.3, 0.2), 0.3
    for answers_n in (25, 200):
        drawn = [draw.multinomial(answers_n, chances, 20_000) for _ in range(2)]
        names = ("plus", "passive", "minus")
        frame = pl.concat(
            [
                pl.DataFrame(counts, schema=[f"{name}{number}" for name in names])
                for number, counts in enumerate(drawn)
            ],
            how="horizontal",
        ).with_columns(whole=pl.lit(answers_n))
        figures = []
        for number in (0, 1):
            plus, minus = pl.col(f"plus{number}"), pl.col(f"minus{number}")
            figures.append((share(plus - minus, WHOLE), *net_share(plus, minus, WHOLE)))
        low, high = figures[0][1:]
        change_low, change_high = difference(*figures)
        held = frame.select(
            of_one=((low <= truth) & (truth <= high)).mean(),
            of_change=((change_low <= 0) & (change_high >= 0)).mean(),
        ).row(0)
        assert held == pytest.approx((0.95, 0.95), abs=0.012)


def test_a_difference_of_what_is_not_there_has_no_interval():
    unknown = (pl.lit(None, pl.Float64),) * 3
    known = (pl.lit(0.5), pl.lit(0.4), pl.lit(0.6))
    assert pl.select(low=difference(unknown, known)[0]).item() is None
