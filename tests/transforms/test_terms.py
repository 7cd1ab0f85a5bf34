"""What a text says is told in terms: runs of Chinese characters, English words and pairs."""

from __future__ import annotations

import polars as pl
import pytest

from regulars.transforms.terms import READ_CHARACTERS_N, terms


def of(text):
    return sorted(terms(pl.DataFrame({"piece": [1], "text": [text]}))["term"])


def by_hand(run):
    return sorted({run[at : at + n] for n in (2, 3, 4) for at in range(len(run) - n + 1)})


def test_chinese_terms_are_two_to_four_characters_in_a_row():
    assert of("重复扣款") == ["复扣", "复扣款", "扣款", "重复", "重复扣", "重复扣款"]


@pytest.mark.parametrize("run", ["付款码老是闪退", "配送送错地址", "很长" * 9])
def test_every_run_of_the_text_is_there_but_for_function_characters(run):
    stops = set("是很")
    assert of(run) == [term for term in by_hand(run) if not {term[0], term[-1]} & stops]


def test_nothing_is_said_across_a_mark_or_a_letter():
    assert of("重复，扣款A质量") == ["扣款", "质量", "重复"]


def test_english_terms_are_words_and_pairs_in_lower_case():
    assert of("Charged TWICE on my card") == ["card", "charged", "charged twice", "twice"]


def test_no_pair_goes_over_a_stop_word_or_the_end_of_a_sentence():
    assert of("Charged the card. Twice") == ["card", "charged", "twice"]


def test_a_term_is_said_once_however_often():
    assert of("扣款扣款 app APP") == [
        "app",
        "app app",
        "扣款",
        "扣款扣",
        "扣款扣款",
        "款扣",
        "款扣款",
    ]


def test_masks_are_no_terms():
    assert of("call [phone] now") == ["call", "now"]
    assert of("请回电 〔电话〕") == ["回电", "请回", "请回电"]


def test_pieces_are_apart():
    found = terms(pl.DataFrame({"piece": [7, 8, 9], "text": ["app", "slow", None]}))
    assert sorted(found.rows()) == [(7, "app", "en"), (8, "slow", "en")]


def test_a_long_text_is_read_at_its_start():
    assert "扣款" not in of("，" * READ_CHARACTERS_N + "扣款")
    assert of("，" * (READ_CHARACTERS_N - 2) + "扣款") == ["扣款"]


def test_signs_and_nothing_have_no_terms():
    assert of("😡 12 ！") == of("") == []
