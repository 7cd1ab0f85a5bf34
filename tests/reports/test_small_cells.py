from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.reports.small_cells import OPEN_VALUES, hidden_cells

K = 4


@pytest.mark.parametrize(
    ("customers_n", "hidden"),
    [
        ({"a": 12, "b": 40, "c": 25}, ""),
        ({"a": 0, "b": 40, "c": 0}, ""),
        ({"a": 3, "b": 40, "c": 25}, "ac"),
        ({"a": 3, "b": 5, "c": 25}, "abc"),
        ({"a": 4, "b": 8, "c": 25}, "ab"),
        ({"a": 3, "b": 0, "c": 0}, "abc"),
        ({"a": 1}, "a"),
        ({}, ""),
    ],
)
def test_a_small_cell_is_hidden_with_the_smallest_that_protect_it(
    customers_n: dict[str, int], hidden: str
) -> None:
    assert "".join(sorted(hidden_cells(customers_n, [list(customers_n)], small_below=10))) == hidden


def test_a_cell_hidden_for_its_row_is_protected_in_its_column() -> None:
    customers_n = {
        ("a", "x"): 3, ("a", "y"): 20, ("a", "z"): 90,
        ("b", "x"): 30, ("b", "y"): 50, ("b", "z"): 99,
    }  # fmt: skip
    rows = [[(r, c) for c in "xyz"] for r in "ab"]
    columns = [[(r, c) for r in "ab"] for c in "xyz"]
    assert hidden_cells(customers_n, [*rows, *columns], small_below=10) == {
        ("a", "x"), ("a", "y"), ("b", "x"),
    }  # fmt: skip


@given(st.lists(st.integers(0, 14), min_size=1, max_size=5))
def test_whoever_knows_the_total_is_left_with_several_values_for_a_small_cell(
    counts: list[int],
) -> None:
    customers_n = dict(enumerate(counts))
    hidden = hidden_cells(customers_n, [list(customers_n)], small_below=K)
    assert all(cell in hidden for cell, n in customers_n.items() if 0 < n < K)
    small = [cell for cell in hidden if customers_n[cell] < K]
    if not small or len(hidden) == len(counts):
        return
    total = sum(customers_n[cell] for cell in hidden)
    large_count = len(hidden) - len(small)
    possible = {
        first
        for first, *others in product(range(1, K), repeat=len(small))
        if (rest := total - first - sum(others)) >= K * large_count and (rest == 0 or large_count)
    }
    assert len(possible) >= OPEN_VALUES
