from __future__ import annotations

from itertools import product

import polars as pl
import pytest

from regulars.expectations.catalogue import SEGMENTS
from regulars.expectations.errors import SettingsError
from regulars.transforms.segments import DEFAULT_RULES, SegmentRule, SegmentRules, segmented

# R down from 5 to 1, F across from 1 to 5.
DRAWN = """
    new          potential_loyalist  potential_loyalist  champions  champions
    promising    potential_loyalist  potential_loyalist  loyal      loyal
    about_to_sleep  about_to_sleep   need_attention      loyal      loyal
    hibernating  hibernating         at_risk             at_risk    cant_lose
    hibernating  hibernating         at_risk             at_risk    cant_lose
"""
HALVES = (
    SegmentRule("low", r=(1, 2), f=(1, 5)),
    SegmentRule("high", r=(3, 5), f=(1, 5)),
)


def scores(*cells: tuple[int | None, int | None]) -> pl.DataFrame:
    return pl.DataFrame(cells, schema={"r_score": pl.Int32, "f_score": pl.Int32}, orient="row")


def refusal(*rules: SegmentRule) -> str:
    with pytest.raises(SettingsError) as caught:
        SegmentRules(rules)
    assert caught.value.next_step == "correct the segments in [rfm] of regulars.toml"
    return caught.value.what


def test_every_one_of_the_25_cells_has_the_segment_drawn_here():
    table = [line.split() for line in DRAWN.strip().splitlines()]
    expected = {(r, f): table[5 - r][f - 1] for r, f in product(range(1, 6), range(1, 6))}
    assert len(expected) == 25
    found = segmented(scores(*expected), DEFAULT_RULES)
    assert {(r, f): code for r, f, code in found.rows()} == expected


def test_who_has_no_scores_is_in_no_purchase():
    assert segmented(scores((None, None)), DEFAULT_RULES)["segment"].to_list() == ["no_purchase"]


def test_rules_of_the_user_take_the_place_of_the_ten():
    found = segmented(scores((2, 5), (3, 1)), SegmentRules(HALVES))
    assert found["segment"].to_list() == ["low", "high"]


def test_a_gap_is_refused_naming_its_cells():
    assert (
        refusal(
            HALVES[0],
            SegmentRule("high", r=(3, 5), f=(1, 4)),
            SegmentRule("top", r=(5, 5), f=(5, 5)),
        )
        == "no segment takes R3 F5, R4 F5"
    )


def test_an_overlap_is_refused_naming_both_segments_and_the_cell():
    assert (
        refusal(
            HALVES[0],
            SegmentRule("high", r=(2, 5), f=(5, 5)),
            SegmentRule("rest", r=(3, 5), f=(1, 4)),
        )
        == "segments low and high overlap on R2 F5"
    )


def test_a_segment_whose_cells_are_all_taken_can_never_be_reached():
    assert (
        refusal(*HALVES, SegmentRule("best", r=(5, 5), f=(4, 5)))
        == "segment best can never be reached: high takes all its cells"
    )


def test_a_segment_of_an_empty_range_can_never_be_reached():
    assert (
        refusal(*HALVES, SegmentRule("best", r=(5, 4), f=(5, 5)))
        == "segment best can never be reached: its range is empty"
    )


@pytest.mark.parametrize("score", [0, 6])
def test_a_score_outside_1_to_5_is_refused(score):
    low, high = sorted((score, 3))
    what = refusal(*HALVES, SegmentRule("best", r=(low, high), f=(1, 5)))
    assert what == f"segment best: score {score} does not exist"


@pytest.mark.parametrize("code", ["no_purchase", "not_seen"])
def test_a_reserved_code_is_refused(code):
    assert refusal(HALVES[0], SegmentRule(code, r=(3, 5), f=(1, 5))) == (
        f"segment {code}: the code is reserved"
    )


def test_a_code_used_twice_is_refused():
    assert refusal(HALVES[0], SegmentRule("low", r=(3, 5), f=(1, 5))) == (
        "segment low: two segments have this code"
    )


def test_a_segment_without_a_code_is_refused():
    assert refusal(HALVES[0], SegmentRule(" ", r=(3, 5), f=(1, 5))) == "a segment has no code"


def test_no_rules_leave_all_25_cells_without_a_segment():
    assert refusal().count("R") == 25


def test_the_catalogue_has_a_label_for_each_of_the_ten_segments():
    assert {*DEFAULT_RULES.codes, "no_purchase", "not_seen"} == {*SEGMENTS}
