"""A week's terms against the weeks before: how much terms vary is learned from them."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from regulars.transforms.rising import Week, compared
from regulars.transforms.topic_heads import heads_of

FIRST_ON = date(2025, 1, 6)


def weeks(*counts: dict[str, int], texts_n: int = 100) -> list[Week]:
    return [
        Week(
            FIRST_ON + timedelta(weeks=number),
            texts_n,
            pl.DataFrame(
                {"term": list(of), "n": list(of.values())},
                schema={"term": pl.String, "n": pl.Int64},
            ),
        )
        for number, of in enumerate(counts)
    ]


def of_week(**counts):
    return pl.DataFrame({"term": list(counts), "n": list(counts.values())})


def test_the_past_is_summed_over_its_weeks():
    past = weeks({"a": 2}, {"a": 3, "b": 1}, {})
    beside, _ = compared(of_week(a=5, c=4), past, texts_n=100, tested_n=2)
    assert beside.sort("term").rows() == [
        ("a", 5, 5, FIRST_ON),
        ("c", 4, 0, None),
    ]


def test_the_ratio_is_that_of_the_rates():
    past = weeks(*[{"a": 2}] * 4, texts_n=50)
    beside, comparison = compared(of_week(a=6), past, texts_n=25, tested_n=1)
    row = comparison.judged(beside).row(0, named=True)
    assert row["ratio"] == (6 / 25) / (8 / 200)
    assert row["ratio_low"] < row["ratio"] < row["ratio_high"]


def test_three_weeks_are_too_little_past():
    past = weeks(*[{"a": 2}] * 3)
    beside, comparison = compared(of_week(a=60), past, texts_n=100, tested_n=1)
    assert comparison.judged(beside).select("ratio_low", "ratio_high").row(0) == (None, None)


def test_the_more_terms_are_tested_the_wider_the_ends():
    past = weeks(*[{"a": 2}] * 4)
    lows = []
    for tested_n in (1, 100):
        beside, comparison = compared(of_week(a=9), past, texts_n=100, tested_n=tested_n)
        lows.append(comparison.judged(beside)["ratio_low"].item())
    assert lows[1] < lows[0]


def test_where_terms_vary_more_than_by_chance_a_rise_counts_for_less():
    """The middle term's chi-square over its degrees of freedom, as a loop finds it."""
    draw = np.random.default_rng(1)
    said = draw.poisson(6 * draw.gamma(2.0, 0.5, (12, 30)))
    names = [f"t{number}" for number in range(30)]
    past = weeks(*[dict(zip(names, row.tolist(), strict=True)) for row in said])
    now = of_week(**dict.fromkeys(names, 20))
    _, comparison = compared(now, past, texts_n=100, tested_n=30)
    mean = said.mean(axis=0)
    by_hand = np.median([((said[:, n] - mean[n]) ** 2 / mean[n]).sum() / 11 for n in range(30)])
    assert by_hand > 2
    assert comparison.variation == pytest.approx(by_hand)
    steady = weeks(*[dict.fromkeys(names, 6)] * 12)
    assert compared(now, steady, texts_n=100, tested_n=30)[1].variation == 1.0


def test_evidence_is_only_for_what_rises():
    past = weeks(*[{"a": 10, "b": 10}] * 4)
    _, comparison = compared(of_week(a=20, b=5), past, texts_n=100, tested_n=2)
    evidence = comparison.evidence(np.array([20, 5, 10]), np.array([40, 40, 40]))
    assert evidence[0] > 0
    assert evidence[1:].tolist() == [0.0, 0.0]


def test_what_rises_only_with_another_is_under_it_and_the_rest_stands_alone():
    """Ten pieces say a and b, six say c, of which the past has nothing; d is as ever."""
    rows = [(n, term) for n in range(10) for term in ("a", "bb")]
    rows += [(n, "c") for n in range(20, 26)] + [(n, "d") for n in range(30, 40)]
    said = pl.DataFrame(rows, schema={"piece": pl.UInt32, "term": pl.String}, orient="row")
    past = weeks(*[{"d": 10}] * 4)
    beside, comparison = compared(of_week(a=10, bb=10, c=6, d=10), past, texts_n=100, tested_n=4)
    heads = heads_of(beside, said, comparison, by_chance_n=5)
    assert heads.rows() == [("bb", True, "a"), ("c", True, "")]


def test_a_piece_that_two_terms_account_for_is_taken_once():
    """Of c ten pieces say a and b as well, and ten say neither."""
    pieces = {"a": range(25), "b": range(10, 31), "c": [*range(10, 20), *range(40, 50)]}
    rows = [(n, term) for term, numbers in pieces.items() for n in numbers]
    said = pl.DataFrame(rows, schema={"piece": pl.UInt32, "term": pl.String}, orient="row")
    past = weeks(*[{"d": 10}] * 4)
    counts = of_week(**{term: len(numbers) for term, numbers in pieces.items()})
    beside, comparison = compared(counts, past, texts_n=100, tested_n=3)
    heads = heads_of(beside, said, comparison, by_chance_n=5)
    assert heads["term"].to_list() == ["a", "c", "b"]
    assert heads["is_emerging"].to_list() == [True, True, True]
