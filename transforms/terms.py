"""The terms that texts are made of, without a dictionary: Chinese n-grams, English words and pairs.

Chinese is not parted into words; every run of two to four characters is a term, and those that
only stand inside a longer one are dropped where terms are counted (`topics`).
"""

from __future__ import annotations

import polars as pl

GRAM_LENGTHS = (2, 3, 4)
"""Nearly all Chinese words have two to four characters."""
READ_CHARACTERS_N = 1000
"""What is said, is said by then; a text of any length costs no more."""

# What carries no matter of its own: no term begins or ends with these characters.
STOP_CHARACTERS = (
    "的了着过是我你您他她它们这那哪在和与及或也都还就又很太真最更把被给对从向吗呢吧啊呀哦嘛之而且但"
)
_STOP_WORDS = (
    "a about after again all also am an and any are as at be been before but by can could did do "
    "does doing for from get got had has have having he her here him his how i if in into is it "
    "its just me more most much my of off on once one only or other our out over own really same "
    "she so some such than that the their them then there these they this those through to too "
    "two under until up us very was we were what when where which while who why will with would "
    "you your"
)
_MASK = r"\[[a-z-]+\]|〔\p{Han}+〕"
_WORD_OR_STOP = r"[a-z]+(?:['’][a-z]+)?|[.,;:!?\p{Han}，。；：！？]"
_WORD = r"^[a-z].+$"


def terms(texts: pl.DataFrame) -> pl.DataFrame:
    """The terms of each text, each once.

    ``texts`` has ``piece`` and ``text`` (masked; masks are no terms). Grain: a row a piece and
    term, in no order. Columns: piece; term, in lower case; language, zh or en. Terms of Chinese
    are 2 to 4 characters in a row with nothing between them, of English a word or two words in
    a row, none of them a stop word.

    >>> found = terms(pl.DataFrame({"piece": [1, 2], "text": ["又重复扣款", "The app was slow"]}))
    >>> found.sort("piece", "term")["term"].to_list()
    ['复扣', '复扣款', '扣款', '重复', '重复扣', '重复扣款', 'app', 'slow']
    """
    read = texts.lazy().select(
        "piece",
        said=pl.col("text")
        .str.slice(0, READ_CHARACTERS_N)
        .str.to_lowercase()
        .str.replace_all(_MASK, "."),
    )
    return pl.concat([*_chinese(read), *_english(read)]).unique().collect()


def _chinese(read: pl.LazyFrame) -> list[pl.LazyFrame]:
    runs = (
        read.select("piece", run=pl.col("said").str.extract_all(r"\p{Han}{2,}"))
        .explode("run", empty_as_null=False)
        .drop_nulls()
        .with_columns(characters_n=pl.col("run").str.len_chars().cast(pl.Int64))
    )
    return [
        runs.filter(pl.col("characters_n") >= length)
        .with_columns(start=pl.int_ranges(0, pl.col("characters_n") - length + 1))
        .explode("start")
        .select(
            "piece", term=pl.col("run").str.slice(pl.col("start"), length), language=pl.lit("zh")
        )
        .filter(~pl.col("term").str.contains(f"^[{STOP_CHARACTERS}]|[{STOP_CHARACTERS}]$"))
        for length in GRAM_LENGTHS
    ]


def _english(read: pl.LazyFrame) -> list[pl.LazyFrame]:
    words = (
        read.select("piece", word=pl.col("said").str.extract_all(_WORD_OR_STOP))
        .explode("word", empty_as_null=False)
        .drop_nulls()
        .with_columns(
            is_term=pl.col("word").str.contains(_WORD) & ~pl.col("word").is_in(_STOP_WORDS.split()),
            is_followed=pl.col("piece").shift(-1) == pl.col("piece"),
        )
        .with_columns(
            following=pl.when("is_followed", pl.col("is_term").shift(-1)).then(
                pl.col("word").shift(-1)
            )
        )
        .filter("is_term")
    )
    return [
        words.select("piece", term="word", language=pl.lit("en")),
        words.drop_nulls("following").select(
            "piece", term=pl.concat_str("word", "following", separator=" "), language=pl.lit("en")
        ),
    ]
