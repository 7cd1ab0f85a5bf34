"""The card of feedback: what it judges with, and how it keeps what was printed."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from regulars.flows import feedback_speed, sentiment_card
from regulars.flows.feedback_card import with_section


def labelled(n: int = 400) -> pl.DataFrame:
    """Texts whose planted word says how they sound: half of them goods of one kind."""
    dice = np.random.default_rng(1)
    positive = dice.random(n) < 0.5
    said = [
        ("木瓜" if praises else "石灰") + "".join(dice.choice(list("山水云日月土竹河江"), 7))
        for praises in positive
    ]
    return pl.DataFrame({"group": ["灯", "桌"] * (n // 2), "text": said, "is_positive": positive})


def test_folds_keep_equal_texts_together_and_do_not_depend_on_the_order() -> None:
    texts = pl.Series(["好", "差", " 好 ", "云", "ＯＫ", "ok"] * 3)
    folds = sentiment_card.folds(texts, seed=7)
    assert folds[0] == folds[2] == folds[6]
    assert folds[4] == folds[5]
    assert sentiment_card.folds(texts.reverse(), seed=7).tolist() == folds[::-1].tolist()


def test_a_text_of_which_nothing_is_known_counts_half() -> None:
    rows = pl.DataFrame(
        {
            "group": ["a"] * 4,
            "text": ["很好", "太差", "云", "竹"],
            "is_positive": [True, True, True, False],
        }
    )
    ((_, facts),) = sentiment_card.lexicon_section("drawn", rows)
    assert facts["accuracy"] == pytest.approx((1 + 0 + 0.5 + 0.5) / 4)
    assert facts["knows_share"] == pytest.approx(0.5)


def test_planted_words_are_told_in_texts_of_other_folds() -> None:
    ((_, facts),) = sentiment_card.folds_section("drawn", labelled(), lambda _: None)
    assert facts["accuracy"] > 0.97
    assert facts["baseline"]["accuracy"] > 0.97
    assert len(facts["by_fold"]) == sentiment_card.FOLDS_N


def test_made_up_texts_are_as_long_as_said_and_of_both_languages() -> None:
    texts, ratings = feedback_speed.made_up(600, seed=1)
    assert texts.str.len_chars().unique().to_list() == [feedback_speed.CHARACTERS_N]
    assert 0.4 < texts.str.contains(r"\p{Han}").mean() < 0.6  # type: ignore[operator]
    assert ratings.null_count() == 300


def test_a_section_takes_the_place_of_the_one_printed_before() -> None:
    card = with_section(with_section("# Card\n\ntext", "a", ["1"]), "b", ["2"])
    again = with_section(card, "a", ["3"])
    assert again == card.replace("1", "3")
    assert again.startswith("# Card\n\ntext\n")
