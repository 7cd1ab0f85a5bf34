"""Hashed n-grams: the counts of another counter, and nothing across texts."""

from __future__ import annotations

from collections import Counter

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.models import text_ngrams
from regulars.models.text_ngrams import hashed_ngrams, plain_texts

LETTERS = st.lists(st.sampled_from("好差不 ab!😀\x00\n，"), max_size=12).map("".join)
TEXTS = st.lists(st.one_of(st.none(), LETTERS), max_size=8)
WIDE = 2**24
"""So many columns that the few n-grams of a test fall into columns of their own."""


def multiset(texts: pl.Series, row: int, **asked: object) -> list[int]:
    """The counts of a row, sorted: what can be told of it without knowing the hash."""
    return sorted(hashed_ngrams(texts, size=WIDE, **asked)[[row]].data.tolist())  # type: ignore[arg-type]


@given(TEXTS)
@settings(max_examples=60, deadline=None)
def test_each_text_has_the_counts_that_plain_python_counts(texts: list[str | None]) -> None:
    found = hashed_ngrams(pl.Series(texts, dtype=pl.String), orders=(1, 2, 3), size=WIDE)
    plain = plain_texts(pl.Series(texts, dtype=pl.String)).to_list()
    for row, text in enumerate(plain):
        grams = Counter(text[at : at + n] for n in (1, 2, 3) for at in range(len(text) - n + 1))
        assert sorted(found[[row]].data.tolist()) == sorted(grams.values())


def test_scikit_learn_counts_the_same_n_grams_in_the_same_texts() -> None:
    from sklearn.feature_extraction.text import CountVectorizer

    texts = ["质量不错，质量好", "so so good", "好😀好😀", "质量差", "not good"]
    theirs = CountVectorizer(analyzer="char", ngram_range=(1, 4)).fit_transform(texts)
    ours = hashed_ngrams(pl.Series(texts), size=WIDE)
    # Columns have other numbers, so each is known by its counts over the texts.
    by_column = [
        Counter(map(bytes, counts[:, counts.any(axis=0)].T.astype(np.int64).copy()))
        for counts in (theirs.toarray(), ours[:, np.unique(ours.indices)].toarray())
    ]
    assert by_column[0] == by_column[1]


@given(TEXTS, TEXTS)
@settings(max_examples=40, deadline=None)
def test_no_text_bears_on_another(first: list[str | None], second: list[str | None]) -> None:
    together = hashed_ngrams(pl.Series([*first, *second], dtype=pl.String))
    apart = [hashed_ngrams(pl.Series(texts, dtype=pl.String)) for texts in (first, second)]
    assert (together[: len(first)] != apart[0]).nnz == 0
    assert (together[len(first) :] != apart[1]).nnz == 0


def test_the_parts_that_a_long_column_is_read_in_change_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    texts = pl.Series(["好评", None, "", "a longer text than a part", "差", "好评"] * 5)
    whole = hashed_ngrams(texts)
    monkeypatch.setattr(text_ngrams, "CHARACTERS_AT_ONCE_N", 7)
    assert (hashed_ngrams(texts) != whole).nnz == 0


@pytest.mark.parametrize(
    ("one", "other"),
    [("ＧＯＯＤ！", "good!"), ("so \n\t good ", "so good"), ("①", "1")],
)
def test_width_case_and_blanks_make_no_difference(one: str, other: str) -> None:
    found = hashed_ngrams(pl.Series([one, other]))
    assert (found[[0]] != found[[1]]).nnz == 0


def test_an_emoji_is_one_character() -> None:
    assert multiset(pl.Series(["😀😀"]), 0, orders=(1, 2)) == [1, 2]


def test_a_text_shorter_than_an_order_has_none_of_it() -> None:
    assert multiset(pl.Series(["好", "好差"]), 0, orders=(2, 3)) == []


def test_the_order_of_characters_is_told_apart() -> None:
    found = hashed_ngrams(pl.Series(["好不", "不好"]), orders=(2,), size=WIDE)
    assert found[0].indices.tolist() != found[1].indices.tolist()


def test_no_texts_and_empty_texts_have_no_n_grams() -> None:
    assert hashed_ngrams(pl.Series([], dtype=pl.String)).shape == (0, text_ngrams.SIZE)
    assert hashed_ngrams(pl.Series([None, "", "  "], dtype=pl.String)).nnz == 0


def test_columns_of_many_n_grams_are_spread_evenly() -> None:
    texts = pl.Series([f"{n:05d}" for n in range(0, 40_000, 3)])
    size = 2**12
    found = np.bincount(hashed_ngrams(texts, orders=(5,), size=size).indices, minlength=size)
    # Thrown at random, the squares of counts over their mean sum to about the number of columns.
    spread = ((found - found.mean()) ** 2).sum() / found.mean()
    assert 0.8 * size < spread < 1.2 * size


@pytest.mark.parametrize("asked", [{"size": 1000}, {"size": 0}, {"orders": (0, 1)}, {"orders": ()}])
def test_a_size_or_order_that_makes_no_sense_is_refused(asked: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"power of two|from 1 on"):
        hashed_ngrams(pl.Series(["好"]), **asked)  # type: ignore[arg-type]
