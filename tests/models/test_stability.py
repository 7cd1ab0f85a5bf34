"""The population stability index: by hand, by its limits, and how often chance alone asks."""

from __future__ import annotations

from datetime import date
from math import inf, log, nan

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.models.stability import (
    CHANCE_P,
    Spread,
    Stability,
    drifted,
    fit_stability,
    psi,
    stability_rows,
)

AS_OF = date(2024, 6, 30)

NUMBERS = st.lists(st.none() | st.floats(width=32) | st.sampled_from([0.0, 1.0]), max_size=60)


def frame(**columns: object) -> pl.DataFrame:
    return pl.DataFrame(columns)


def test_the_index_is_that_of_the_formula() -> None:
    at_fit = Spread(edges=(1.0, 2.0), counts=(10, 20, 70, 0))
    now = pl.Series([1.0] * 30 + [1.5] * 20 + [9.0] * 45 + [None] * 5)
    expected = [share / 102 for share in (10.5, 20.5, 70.5, 0.5)]
    actual = [share / 102 for share in (30.5, 20.5, 45.5, 5.5)]
    by_hand = sum((a - e) * log(a / e) for a, e in zip(actual, expected, strict=True))
    assert psi(at_fit, now) == pytest.approx(by_hand, rel=1e-12)


def test_classes_are_tenths_and_fewer_where_values_are_tied() -> None:
    spreads = fit_stability(
        frame(many=[float(n) for n in range(100)], few=[0.0] * 90 + [1.0] * 10, one=[7.0] * 100)
    ).spreads
    assert spreads["many"].counts == (10,) * 10 + (0,)
    assert spreads["few"] == Spread((0.0,), (90, 10, 0))
    assert spreads["one"] == Spread((), (100, 0))


def test_nulls_and_nan_are_a_class_of_their_own() -> None:
    spread = fit_stability(frame(x=[1.0, 2.0, None, nan])).spreads["x"]
    assert spread.counts[-1] == 2
    assert sum(spread.counts) == 4
    assert psi(spread, pl.Series([1.0, 2.0, None, None])) == 0


def test_infinities_are_of_the_outer_classes() -> None:
    spread = fit_stability(frame(x=[float(n) for n in range(10)])).spreads["x"]
    assert psi(spread, pl.Series([-inf, *range(1, 9), inf])) == psi(spread, pl.Series(range(10)))


@given(NUMBERS, NUMBERS)
def test_the_index_is_a_number_and_nought_against_itself(
    then: list[float | None], now: list[float | None]
) -> None:
    at_fit, later = (pl.DataFrame({"x": pl.Series(x, dtype=pl.Float64)}) for x in (then, now))
    spread = fit_stability(at_fit).spreads["x"]
    assert psi(spread, at_fit["x"]) == 0
    assert 0 <= psi(spread, later["x"]) < inf


@given(st.permutations(list(range(40))))
def test_the_order_of_customers_does_not_matter(order: list[int]) -> None:
    values = pl.Series([float(n * n % 17) for n in range(40)])
    at_fit = fit_stability(frame(x=values))
    assert fit_stability(frame(x=values[order])) == at_fit
    assert psi(at_fit.spreads["x"], values[order]) == 0


def test_what_is_kept_is_the_same_again() -> None:
    fitted = fit_stability(frame(x=[0.1, 0.2, None], y=[1, 2, 3]))
    assert Stability.from_parts(fitted.parts()) == fitted


def test_only_the_columns_that_moved_ask_for_a_refit() -> None:
    dice = np.random.default_rng(1)
    then = frame(still=dice.normal(size=2000), moved=dice.normal(size=2000))
    now = frame(still=dice.normal(size=2000), moved=dice.normal(1, size=2000))
    rows = stability_rows(fit_stability(then), now, model="churn", as_of=AS_OF)
    assert rows.select("model", "measure", "part", "customers_n").rows() == [
        ("churn", "psi", "moved", 2000),
        ("churn", "psi", "still", 2000),
    ]
    assert drifted(rows) == ["moved"]
    assert drifted(rows, threshold=9) == []


def test_few_customers_who_differ_by_chance_ask_for_nothing() -> None:
    dice = np.random.default_rng(2)
    indices = []
    for _ in range(400):
        then, now = frame(x=dice.normal(size=50)), frame(x=dice.normal(size=50))
        indices.append(stability_rows(fit_stability(then), now, model="m", as_of=AS_OF))
    rows = pl.concat(indices)
    assert rows.filter(pl.col("value") > 0.25).height > 100
    # Of 400 at CHANCE_P, 0.4 are expected; five would be one of ten thousand.
    assert CHANCE_P == 0.001
    assert sum(len(drifted(row)) for row in indices) < 5


def test_nobody_left_is_no_drift() -> None:
    rows = stability_rows(fit_stability(frame(x=[1.0, 2.0])), frame(x=[]), model="m", as_of=AS_OF)
    assert drifted(rows) == []
