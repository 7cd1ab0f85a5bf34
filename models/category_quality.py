"""How well categories were told, beside those that people gave: precision, recall and F1."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

MACRO = "macro"


def category_quality(judged: pl.DataFrame, *, codes: Sequence[str]) -> pl.DataFrame:
    """Grain: one row a category, in the order of `codes`, and a last one, ``macro``.

    `judged` has a row a piece: `truth` and `told`, List(String) of codes; others than `codes`,
    such as `other`, count nowhere. Columns: category, truth_n, told_n, right_n (pieces),
    precision, recall, f1 (0 to 1). Precision is null where a category was never told, recall where
    it never was true; F1, ``2·right / (truth + told)``, is null where both. The last row has the
    plain means over the categories that have a value, and sums.

    >>> judged = pl.DataFrame({"truth": [["a"], ["b"]], "told": [["a", "b"], ["other"]]})
    >>> category_quality(judged, codes=["a", "b"])["f1"].to_list()
    [1.0, 0.0, 0.5]
    """
    truth, told = pl.col("truth"), pl.col("told")
    counted = pl.concat(
        [
            judged.select(
                pl.lit(code).alias("category"),
                truth.list.contains(code).sum().cast(pl.Int64).alias("truth_n"),
                told.list.contains(code).sum().cast(pl.Int64).alias("told_n"),
                (truth.list.contains(code) & told.list.contains(code))
                .sum()
                .cast(pl.Int64)
                .alias("right_n"),
            )
            for code in codes
        ]
    )
    by_category = counted.with_columns(
        _share("right_n", pl.col("told_n")).alias("precision"),
        _share("right_n", pl.col("truth_n")).alias("recall"),
        _share("right_n", (pl.col("truth_n") + pl.col("told_n")) / 2).alias("f1"),
    )
    macro = by_category.select(
        pl.lit(MACRO).alias("category"),
        pl.col("truth_n", "told_n", "right_n").sum(),
        pl.col("precision", "recall", "f1").mean(),
    )
    return pl.concat([by_category, macro])


def _share(part: str, whole: pl.Expr) -> pl.Expr:
    return pl.when(whole > 0).then(pl.col(part) / whole)
