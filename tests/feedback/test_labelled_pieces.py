"""Pieces of feedback, labelled by two readers who had the definitions and not each other.

They were written from the definitions before any term that finds a category, and whoever writes
terms must not read them: what is measured on them would be worth nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from sklearn.metrics import cohen_kappa_score

from regulars.expectations.feedback_categories import FEEDBACK_CATEGORIES

HERE = Path(__file__).parent
LANGUAGES = ("en", "zh")
READERS = ("labels_a.csv", "labels_b.csv")
# Fewer of a category in one language, and an F1 of it is mostly chance.
PIECES_N_MIN = 25
# "Substantial" begins here (Landis & Koch 1977); below it a definition is not usable.
KAPPA_MIN = 0.6


@pytest.fixture(scope="module")
def pieces() -> pl.DataFrame:
    return pl.read_csv(HERE / "pieces.csv")


def labels(name: str) -> dict[int, list[str]]:
    read = pl.read_csv(
        HERE / name, schema={"piece": pl.Int64, "categories": pl.String}
    ).with_columns(pl.col("categories").fill_null(""))
    assert read["piece"].is_unique().all(), f"{name}: a piece stands twice"
    return {
        piece: [code for code in categories.split("|") if code]
        for piece, categories in read.iter_rows()
    }


def test_pieces_are_numbered_from_one_and_no_text_stands_twice(pieces: pl.DataFrame):
    assert pieces.columns == ["piece", "language", "text"]
    assert pieces["piece"].to_list() == list(range(1, pieces.height + 1))
    assert pieces["text"].is_unique().all()


def test_there_are_480_pieces_or_more_half_of_them_chinese(pieces: pl.DataFrame):
    languages = Counter(pieces["language"])
    assert languages.keys() == set(LANGUAGES)
    assert languages["en"] == languages["zh"] >= 240


def test_pieces_are_short(pieces: pl.DataFrame):
    words_n = pl.col("text").str.split(" ").list.len()
    english = pieces.filter(pl.col("language") == "en").select(words_n)["text"]
    chinese = pieces.filter(pl.col("language") == "zh")["text"].str.len_chars()
    assert english.is_between(4, 60).all()
    assert chinese.is_between(5, 80).all()


def test_no_piece_holds_an_address_or_a_number_to_call(pieces: pl.DataFrame):
    assert not pieces["text"].str.contains(r"@|https?:|\d[\d -]{5,}\d").any()


@pytest.mark.parametrize("reader", READERS)
def test_a_reader_labels_every_piece_once_with_codes_that_are_known(
    reader: str, pieces: pl.DataFrame
):
    given = labels(reader)
    assert given.keys() == set(pieces["piece"])
    assert {code for codes in given.values() for code in codes} == set(FEEDBACK_CATEGORIES)
    twice = [piece for piece, codes in given.items() if len(codes) != len(set(codes))]
    assert twice == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_category_and_none_of_them_have_pieces_enough(language: str, pieces: pl.DataFrame):
    of_language = pieces.filter(pl.col("language") == language)["piece"]
    given = labels("labels_a.csv")
    pieces_n = Counter(code for piece in of_language for code in given[piece] or ["none"])
    assert {code: n for code, n in pieces_n.items() if n < PIECES_N_MIN} == {}
    assert pieces_n.keys() == {*FEEDBACK_CATEGORIES, "none"}


def test_two_readers_of_the_definitions_agree(pieces: pl.DataFrame, tell: Callable[[str], None]):
    first, second = (labels(reader) for reader in READERS)
    kappas = {
        code: cohen_kappa_score(
            *([code in of[piece] for piece in pieces["piece"]] for of in (first, second))
        )
        for code in FEEDBACK_CATEGORIES
    }
    identical = sum(set(first[piece]) == set(second[piece]) for piece in pieces["piece"])
    tell(
        "Cohen's kappa of two readers: "
        + ", ".join(f"{code} {kappa:.2f}" for code, kappa in kappas.items())
    )
    tell(f"identical sets of categories: {identical} of {pieces.height} pieces")
    assert {code: kappa for code, kappa in kappas.items() if kappa < KAPPA_MIN} == {}
