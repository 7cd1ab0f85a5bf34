from __future__ import annotations

import re

import pytest

from regulars.expectations.catalogue import (
    CATALOGUE,
    LIFECYCLE_STAGES,
    QUARANTINE_REASONS,
    SEGMENTS,
    VALUE_TYPES,
    has_sentence,
    parameters_of,
    say,
)


@pytest.mark.parametrize("code", CATALOGUE)
def test_a_code_is_said_in_both_languages_with_the_same_parameters(code: str) -> None:
    en, zh = CATALOGUE[code]
    assert en
    assert zh
    assert parameters_of(en) == parameters_of(zh)


def test_chinese_sentences_use_chinese_punctuation() -> None:
    half_width = re.compile(r"[\u4e00-\u9fff][,;:?!]|[,;:?!][\u4e00-\u9fff]|\.$")
    assert [zh for _, zh in CATALOGUE.values() if half_width.search(zh)] == []


def test_english_sentences_hold_no_chinese() -> None:
    assert [en for en, _ in CATALOGUE.values() if re.search(r"[\u4e00-\u9fff，。]", en)] == []


def test_what_counts_things_in_the_plural_can_count_one() -> None:
    plural = re.compile(r"\{(n|rows|customers|days)\} (?!in )(\w+s|more are)\b|^All \{")
    # The limit of small cells is never one.
    assert [
        code
        for code, (en, _) in CATALOGUE.items()
        if plural.search(en)
        and code not in ("counted.customers.few", "migration.hidden", "method.small", "report.star")
        and not has_sentence(f"{code}.one")
        and not code.endswith(".one")
    ] == ["check.stores_not_silent"]


def test_ten_segments_and_two_states_have_labels_of_their_own_in_each_language() -> None:
    assert len(SEGMENTS) == 12
    for place in (0, 1):
        assert len({label[place] for label in SEGMENTS.values()}) == 12


def test_eight_value_types_are_named_as_chinese_analysts_name_them() -> None:
    assert [zh for _, zh in VALUE_TYPES.values()] == [
        "重要价值",
        "重要发展",
        "重要保持",
        "重要挽留",
        "一般价值",
        "一般发展",
        "一般保持",
        "一般挽留",
    ]


def test_every_segment_has_a_meaning_and_a_next_step_and_every_stage_a_meaning() -> None:
    asked = [
        *(f"segment_{kind}.{code}" for kind in ("meaning", "advice") for code in SEGMENTS),
        *(f"lifecycle_meaning.{code}" for code in LIFECYCLE_STAGES),
    ]
    # Nobody is unseen today, so there is nothing to do about it.
    assert [code for code in asked if not has_sentence(code)] == [
        "segment_meaning.not_seen",
        "segment_advice.not_seen",
    ]


@pytest.mark.parametrize("reason", QUARANTINE_REASONS)
def test_a_reason_can_be_said_of_many_rows_knowing_the_column_alone(reason: str) -> None:
    for language in ("en", "zh"):
        assert "{" not in say(f"refused.{reason}", language, column="amount")


def test_the_parameters_are_set_into_the_sentence() -> None:
    said = say("in_the_future", "en", column="ordered_at", landed_on="2018-01-02")
    assert said == "ordered_at is later than 2018-01-02, the day the file arrived"


def test_a_chains_own_label_comes_first_and_is_taken_as_it_is() -> None:
    assert say("champions", "zh", labels={"champions": "{VIP}"}) == "{VIP}"
    assert say("loyal", "zh", labels={"champions": "VIP"}) == "忠诚客户"


def test_an_unknown_code_is_named() -> None:
    with pytest.raises(KeyError, match="chmpions"):
        say("chmpions", "en")


def test_an_unknown_language_is_named() -> None:
    with pytest.raises(KeyError, match="fr"):
        say("champions", "fr")


def test_a_parameter_that_is_not_given_is_named_with_the_sentence() -> None:
    with pytest.raises(KeyError, match=r"too_many_places.*places"):
        say("too_many_places", "en", column="amount")
