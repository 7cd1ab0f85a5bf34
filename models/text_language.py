"""Which language a text is in, told by its letters."""

from __future__ import annotations

import polars as pl

LATIN_WORDS_IN_CHINESE_N = 1
"""One Latin word amid Chinese is the name of an article, or OK: it makes no second language."""
HAN_A_WORD = 2
"""How many characters stand beside one Latin word when the two languages are weighed."""
LEAST_SHARE = 0.25
"""A language with less of the words than this is not said to be spoken."""


def text_language(texts: pl.Series) -> pl.Series:
    """`language` of each text: zh, en, zh+en; null where there is neither Chinese nor Latin.

    What masking put in the place of a phone or a name is no part of what was said.

    >>> text_language(pl.Series(["质量ok", "so so", "服务 very good", "😀 5", None])).to_list()
    ['zh', 'en', 'zh+en', None, None]
    """
    said = pl.col("text").str.replace_all("〔[^〕]*〕", " ")
    han = said.str.count_matches(r"\p{Han}")
    latin = said.str.count_matches(r"\p{Latin}[\p{Latin}'’]*")
    share = pl.col("latin") / (pl.col("latin") + pl.col("han") / HAN_A_WORD)
    return (
        texts.cast(pl.String)
        .alias("text")
        .to_frame()
        .select(han.alias("han"), latin.alias("latin"))
        .select(
            pl.when((pl.col("han") == 0) & (pl.col("latin") == 0))
            .then(None)
            .when((pl.col("han") == 0) | (share > 1 - LEAST_SHARE))
            .then(pl.lit("en"))
            .when((pl.col("latin") <= LATIN_WORDS_IN_CHINESE_N) | (share < LEAST_SHARE))
            .then(pl.lit("zh"))
            .when(pl.col("han") > 0)
            .then(pl.lit("zh+en"))
            .alias("language")
        )
        .to_series()
    )
