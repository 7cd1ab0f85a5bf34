"""Character n-grams of texts, hashed into columns: the same for Chinese, English and signs.

Nothing is fitted and no text bears on another, so a text has the same row in any company. Texts
are worked on as one long array of code points, a part at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

ORDERS = (1, 2, 3, 4)
SIZE = 2**18
CHARACTERS_AT_ONCE_N = 2_000_000
"""Bounds the memory that a long column takes: some 100 bytes an n-gram while it is sorted."""

# Odd numbers without a pattern in their bits; any others would do, but with other collisions.
_STEP = np.uint64(0x9E3779B97F4A7C15)
_SPREAD = np.uint64(0xD6E8FEB86659FD93)
_HALF = np.uint64(32)
_WORD_BITS_N = 64


def plain_texts(texts: pl.Series) -> pl.Series:
    """Texts of one width, in small letters, one blank for a run of them; null is empty.

    >>> plain_texts(pl.Series(["质量 ＯＫ！", " So\\n Good ", None])).to_list()
    ['质量 ok!', 'so good', '']
    """
    return (
        texts.cast(pl.String)
        .fill_null("")
        .str.normalize("NFKC")
        .str.to_lowercase()
        .str.replace_all(r"\s+", " ")
        .str.strip_chars(" ")
    )


def hashed_ngrams(
    texts: pl.Series, *, orders: Sequence[int] = ORDERS, size: int = SIZE
) -> csr_matrix:
    """How often each n-gram stands in each text.

    Grain: a row a text, in the order given; null and empty texts have empty rows. `size` columns,
    a power of two; n-grams of one column are counted together. Counts are int32, columns sorted.
    Texts are taken as `plain_texts` leaves them; n-grams reach over blanks, never over two texts.

    >>> hashed_ngrams(pl.Series(["好好", None, "OK"]), orders=(1, 2)).sum(axis=1).tolist()
    [[3], [0], [3]]

    Raises:
        ValueError: `size` is no power of two, or an order is below one.
    """
    from scipy.sparse import csr_matrix

    bits_n = _bits_n(size)
    if min(orders, default=0) < 1:
        raise ValueError(f"orders are whole numbers from 1 on, not {tuple(orders)}")
    parts = [_counted(points, lengths, orders, bits_n) for points, lengths in texts_in_parts(texts)]
    counts, columns, row_sizes = (
        np.concatenate([np.empty(0, kind), *(part[place] for part in parts)])
        for place, kind in enumerate((np.int32, np.int32, np.int64))
    )
    starts = np.concatenate([[0], np.cumsum(row_sizes)])
    return csr_matrix((counts, columns, starts), shape=(len(texts), size))


def text_digests(texts: pl.Series) -> NDArray[np.uint64]:
    """A number a text, the same for equal texts (as `plain_texts` leaves them) on any machine.

    >>> first, second, third = text_digests(pl.Series(["ＯＫ", "ok ", "好"])).tolist()
    >>> first == second, first == third
    (True, False)
    """
    return np.concatenate(
        [
            np.empty(0, np.uint64),
            *(_digests(points, lengths) for points, lengths in texts_in_parts(texts)),
        ]
    )


def texts_in_parts(texts: pl.Series) -> Iterator[tuple[NDArray[np.uint32], NDArray[np.int64]]]:
    """The code points of some texts after each other, and how many each text has."""
    plain = plain_texts(texts)
    lengths = plain.str.len_chars().cast(pl.Int64).to_numpy()
    part_of = np.cumsum(lengths) // CHARACTERS_AT_ONCE_N
    edges = np.flatnonzero(np.diff(part_of, prepend=-1, append=-1))
    for first, last in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        joined = plain.slice(first, last - first).str.join("").item()
        yield np.frombuffer(joined.encode("utf-32-le"), dtype=np.uint32), lengths[first:last]


def ngram_columns(
    points: NDArray[np.uint32], orders: Sequence[int], size: int
) -> Iterator[tuple[int, NDArray[np.int32]]]:
    """For each order the column of the n-gram that begins at each place, texts not heeded."""
    shift = np.uint64(_WORD_BITS_N - _bits_n(size))
    letters = points.astype(np.uint64) + np.uint64(1)
    rolled = np.zeros(len(letters), np.uint64)
    for order in range(1, max(orders) + 1):
        places_n = max(0, len(letters) - order + 1)
        rolled = rolled[:places_n] * _STEP + letters[order - 1 :]
        if order in orders:
            yield order, (_mixed(rolled) >> shift).astype(np.int32)


def _counted(
    points: NDArray[np.uint32], lengths: NDArray[np.int64], orders: Sequence[int], bits_n: int
) -> tuple[NDArray[Any], NDArray[Any], NDArray[np.int64]]:
    """Counts and columns, text by text, and how many columns each text has."""
    texts_n, shift = len(lengths), np.uint64(bits_n)
    rows = np.repeat(np.arange(texts_n, dtype=np.uint64), lengths)
    keys = np.concatenate(
        [
            ((rows[: len(columns)] << shift) | columns.astype(np.uint64))[
                rows[: len(columns)] == rows[order - 1 :]
            ]
            for order, columns in ngram_columns(points, orders, 1 << bits_n)
        ]
    )
    keys.sort()
    firsts = np.flatnonzero(np.diff(keys, prepend=~keys[:1]))
    counts = np.diff(firsts, append=len(keys)).astype(np.int32)
    distinct = keys[firsts]
    columns = (distinct & np.uint64((1 << bits_n) - 1)).astype(np.int32)
    return counts, columns, np.bincount((distinct >> shift).astype(np.int64), minlength=texts_n)


def _digests(points: NDArray[np.uint32], lengths: NDArray[np.int64]) -> NDArray[np.uint64]:
    ends = np.cumsum(lengths)
    starts = ends - lengths
    powers = np.cumprod(np.full(int(lengths.max(initial=0)), _STEP))
    places = np.arange(len(points)) - np.repeat(starts, lengths)
    # Whole numbers modulo 2^64: differences of running sums are exact.
    sums = np.concatenate(
        [
            np.zeros(1, np.uint64),
            np.cumsum((points.astype(np.uint64) + np.uint64(1)) * powers[places]),
        ]
    )
    return _mixed(sums[ends] - sums[starts])


def _mixed(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Each number with its bits thrown about, so that any of them can be taken alone."""
    mixed = numbers ^ (numbers >> _HALF)
    mixed *= _SPREAD
    mixed ^= mixed >> _HALF
    mixed *= _STEP
    mixed ^= mixed >> _HALF
    return mixed


def _bits_n(size: int) -> int:
    bits_n = size.bit_length() - 1
    if size < 1 or size != 1 << bits_n:
        raise ValueError(f"the size is a power of two, not {size}")
    return bits_n
