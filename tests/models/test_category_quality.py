from __future__ import annotations

import polars as pl
import pytest

from regulars.models.category_quality import category_quality

CODES = ["a", "b", "c"]


def quality(*pieces: tuple[str, str]) -> dict[str, dict[str, float | None]]:
    judged = pl.DataFrame(
        {
            "truth": [truth.split() for truth, _ in pieces],
            "told": [told.split() for _, told in pieces],
        },
        schema={"truth": pl.List(pl.String), "told": pl.List(pl.String)},
    )
    return {row["category"]: row for row in category_quality(judged, codes=CODES).to_dicts()}


def test_precision_recall_and_f1_follow_from_what_was_right():
    found = quality(("a", "a"), ("a", "b"), ("b", "a b"), ("a b", "a b"))
    assert found["a"]["precision"] == pytest.approx(2 / 3)
    assert found["a"]["recall"] == pytest.approx(2 / 3)
    assert found["b"]["precision"] == pytest.approx(2 / 3)
    assert found["b"]["recall"] == 1
    assert found["b"]["f1"] == pytest.approx(0.8)


def test_macro_is_the_plain_mean_of_the_categories_that_have_a_value():
    found = quality(("a", "a"), ("b", "other"))
    assert found["macro"]["f1"] == 0.5
    assert found["c"]["f1"] is None


def test_a_category_never_told_has_no_precision_and_one_never_true_no_recall():
    found = quality(("a", "b"))
    assert found["a"]["precision"] is None
    assert found["b"]["recall"] is None
    assert found["a"]["f1"] == found["b"]["f1"] == 0


def test_other_counts_nowhere():
    assert quality(("other", "other"), ("a", "a"))["macro"]["truth_n"] == 1


def test_without_pieces_nothing_has_a_value():
    assert quality()["macro"]["f1"] is None
