"""How well categories are told, on pieces that two readers labelled by the definitions alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

from regulars.data.labelled_texts import labelled_pieces
from regulars.expectations.feedback_categories import FEEDBACK_CATEGORIES
from regulars.models.category_quality import MACRO, category_quality
from regulars.models.feedback_taxonomy import told_categories

LANGUAGES = ("zh", "en")


def category_section(folder: Path) -> Iterator[tuple[list[str], dict[str, Any]]]:
    """Precision, recall and F1 by category, by language and over both, held to each reader.

    The terms alone tell: nothing is learned from these pieces, nor from any other.
    """
    judged = labelled_pieces(folder)
    judged = judged.with_columns(told=told_categories(judged["text"])["categories"])
    readers = [name for name in judged.columns if name.startswith("reader_")]
    asked = {language: judged.filter(language=language) for language in LANGUAGES}
    asked["both"] = judged
    for language, pieces in asked.items():
        first, *others = (
            category_quality(pieces.select("told", truth=reader), codes=list(FEEDBACK_CATEGORIES))
            for reader in readers
        )
        macro = [of.filter(category=MACRO)["f1"].item() for of in (first, *others)]
        yield (
            [
                f"categories, {language}: {pieces.height} pieces, macro-F1 "
                + ", ".join(
                    f"{f1:.3f} by {reader}" for f1, reader in zip(macro, readers, strict=True)
                ),
                *(
                    f"  {row['category']:<20} F1 {row['f1']:.3f}, precision "
                    f"{row['precision']:.3f}, recall {row['recall']:.3f}; {row['truth_n']} pieces"
                    for row in first.filter(pl.col("category") != MACRO).to_dicts()
                ),
            ],
            {
                "section": f"categories {language}",
                "pieces_n": pieces.height,
                "macro_f1": [round(f1, 4) for f1 in macro],
                "by_category": first.to_dicts(),
            },
        )
