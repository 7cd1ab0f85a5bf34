"""The chain's own labels of pieces, read as codes of the taxonomy."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from regulars.expectations.feedback_categories import NO_CATEGORY, OTHER
from regulars.models.feedback_taxonomy import Taxonomy


def own_codes(
    labels: pl.Series, known: Taxonomy, *, names: Mapping[str, str] | None = None
) -> pl.Series:
    """The code of each label, in order; null for null and for a label that is none of these.

    A label is known by its code, by its English or Chinese label, and by the chain's own `names`
    (name to code), whatever its width, case, blanks around it, ``_`` or ``-`` for blanks.

    >>> from regulars.models.feedback_taxonomy import taxonomy
    >>> own_codes(pl.Series(["商品质量", "Queue and Waiting", "送货"]), taxonomy()).to_list()
    ['product_quality', 'queue_waiting', None]

    Raises:
        ValueError: a name leads to a code that the taxonomy does not have.
    """
    by_name = {name: code for code, said in known.labels.items() for name in (code, *said)}
    by_name |= dict.fromkeys((OTHER, *NO_CATEGORY.label), OTHER)
    by_name |= dict(names or {})
    if unknown := sorted({*by_name.values()} - {*known.codes, OTHER}):
        raise ValueError(f"own labels lead to unknown categories: {', '.join(unknown)}")
    as_read = _plain(pl.Series(list(by_name), dtype=pl.String)).to_list()
    codes = dict(zip(as_read, by_name.values(), strict=True))
    return _plain(labels.cast(pl.String)).replace_strict(
        codes, default=None, return_dtype=pl.String
    )


def _plain(labels: pl.Series) -> pl.Series:
    return (
        labels.str.normalize("NFKC")
        .str.to_lowercase()
        .str.replace_all(r"[\s_-]+", " ")
        .str.strip_chars()
    )
