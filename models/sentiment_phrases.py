"""The phrases of a text that its learned sentiment rests on most."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from regulars.models.text_ngrams import ngram_columns, plain_texts, texts_in_parts

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

PHRASES_SHOWN_N = 3
LEAST_OF_HEAVIEST = 0.4
"""A phrase that weighs less than this part of the heaviest decided nothing."""
_HAN_LENGTHS = (2, 3, 4)
"""A Chinese phrase is shown with so many characters; English words are shown whole."""
_LONGEST_N = 24
"""Of the characters of a word; a longer one is an address or a row of letters."""
_PLACES = 1e9
"""Weights are added as whole numbers, so that no text's sum depends on those before it."""


def heaviest_phrases(
    texts: pl.Series, table: Floats, orders: Sequence[int], is_positive: NDArray[np.bool_]
) -> pl.Series:
    """Up to `PHRASES_SHOWN_N` phrases of each text, List(String), the heaviest first.

    `table` has the weight of each column of n-grams, `is_positive` the verdict on each text. An
    n-gram's weight is shared out among its characters; a phrase weighs the sum of its characters'
    shares over the square root of their number, and counts on the side of the verdict alone.
    Phrases are as `plain_texts` has them, and do not overlap. A text without one has an empty list.
    """
    plain = plain_texts(texts)
    found = [np.empty((0, 3), np.int64)]
    first = 0
    for points, lengths in texts_in_parts(texts):
        side = np.where(is_positive[first : first + len(lengths)], 1.0, -1.0)
        own = _chosen(points, lengths, table, orders, side)
        own[:, 0] += first
        found.append(own)
        first += len(lengths)
    row, start, length = np.concatenate(found).T
    shown = (
        pl.DataFrame({"row": row, "start": start, "length": length})
        .with_columns(plain.gather(row).alias("text"))
        .select("row", phrase=pl.col("text").str.slice("start", "length"))
        .unique(maintain_order=True)
        .group_by("row", maintain_order=True)
        .agg("phrase")
    )
    return (
        pl.DataFrame({"row": np.arange(len(texts))})
        .join(shown, on="row", how="left", maintain_order="left")
        .select(pl.col("phrase").fill_null(pl.lit([], pl.List(pl.String))))
        .to_series()
    )


def _chosen(
    points: NDArray[np.uint32],
    lengths: Whole,
    table: Floats,
    orders: Sequence[int],
    side: Floats,
) -> Whole:
    """row, start (from the text's own begin) and length of each phrase, the heaviest first."""
    rows = np.repeat(np.arange(len(lengths)), lengths)
    shares = np.zeros(len(points))
    for order, columns in ngram_columns(points, orders, len(table)):
        is_within = rows[: len(columns)] == rows[order - 1 :]
        share = np.where(is_within, table[columns], 0.0) / order
        for on in range(order):
            shares[on : on + len(columns)] += share
    sums = np.concatenate([[0], np.cumsum(np.rint(shares * side[rows] * _PLACES).astype(np.int64))])
    weight, length = _candidates(points, rows, sums)
    filled = np.flatnonzero(lengths)
    starts = (np.cumsum(lengths) - lengths)[filled]
    least = np.zeros(len(lengths))
    chosen = []
    for turn in range(PHRASES_SHOWN_N if len(filled) else 0):
        best = np.zeros(len(lengths))
        best[filled] = np.maximum.reduceat(weight, starts)
        if turn == 0:
            least = best * LEAST_OF_HEAVIEST
        at = np.flatnonzero((weight > 0) & (weight == best[rows]) & (weight >= least[rows]))
        row, place = np.unique(rows[at], return_index=True)
        at = at[place]
        taken = length[at].astype(np.int64)
        begin = (np.cumsum(lengths) - lengths)[row]
        chosen.append(np.column_stack([row, at - begin, taken]))
        _strike_out(weight, length, at, taken)
    return np.concatenate([np.empty((0, 3), np.int64), *chosen])


def _candidates(
    points: NDArray[np.uint32], rows: Whole, sums: Whole
) -> tuple[Floats, NDArray[np.int8]]:
    """The weight and length of the best phrase that begins at each place; 0 where none does."""
    size = len(points)
    is_han = ((points >= 0x4E00) & (points <= 0x9FFF)) | ((points >= 0x3400) & (points <= 0x4DBF))  # noqa: PLR2004
    is_latin = ((points >= ord("a")) & (points <= ord("z"))) | (points == ord("'"))
    is_latin |= (points >= 0xC0) & (points <= 0x24F)  # noqa: PLR2004  letters with accents
    kind = is_han * 1 + is_latin * 2
    changes = (np.diff(kind, prepend=-1) != 0) | (np.diff(rows, prepend=-1) != 0)
    run = np.cumsum(changes)
    weight, length = np.zeros(size), np.zeros(size, np.int8)
    for n in _HAN_LENGTHS:
        at = np.flatnonzero(is_han[: size - n + 1] & (run[: size - n + 1] == run[n - 1 :]))
        _offer(weight, length, at, n, sums)
    begins = np.flatnonzero(changes)
    ends = np.append(begins[1:], size)
    is_word = is_latin[begins] & (ends - begins > 1) & (ends - begins <= _LONGEST_N)
    _offer(weight, length, begins[is_word], (ends - begins)[is_word], sums)
    return weight, length


def _offer(
    weight: Floats, length: NDArray[np.int8], at: Whole, n: Whole | int, sums: Whole
) -> None:
    found = (sums[at + n] - sums[at]) / np.sqrt(n)
    better = found > weight[at]
    weight[at[better]] = found[better]
    length[at[better]] = n if isinstance(n, int) else n[better]


def _strike_out(weight: Floats, length: NDArray[np.int8], at: Whole, taken: Whole) -> None:
    """Take away the phrases that share a character with one that begins at `at`."""
    for back in range(1, max(_HAN_LENGTHS)):
        before = np.maximum(at - back, 0)
        weight[before[length[before] > back]] = 0.0
    for on in range(int(taken.max(initial=0))):
        weight[(at + on)[taken > on]] = 0.0
