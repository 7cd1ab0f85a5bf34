from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from regulars.reports.facts import RunFacts
from regulars.reports.figures import figures
from regulars.reports.page import page
from regulars.reports.rhythm_moves import rhythm_changes, rhythm_sentences

Tables = Mapping[str, pl.DataFrame]
Draw = Callable[..., Tables]

MOVES = """
    previous_lifecycle lifecycle   customers_n previous_spend_90d spend_90d
    active             active      500         9000.00            9100.00
    active             slowing     20          300.00             100.00
    reactivated        lapsing     10          200.00             50.50
    slowing            lapsed      12          90.00              0.00
    slowing            lapsing     33          80.00              20.00
    lapsed             reactivated 7           0.00               45.00
    slowing            active      8           10.00              30.00
    not_seen           new         9           0.00               70.00
    lapsed             lapsed      77          0.00               0.00
    active             no_purchase 3           5.00               0.00
"""


@pytest.fixture
def moves(draw: Draw) -> pl.DataFrame:
    return draw(lifecycle_migration=MOVES)["lifecycle_migration"]


def test_changes_of_rhythm_are_summed_with_their_money_then_and_now(moves, facts) -> None:
    slowed, lapsed, returned, _ = rhythm_changes(moves, facts)
    assert (slowed.code, slowed.customers_n, slowed.difference) == (
        "slowed",
        30,
        Decimal("-349.50"),
    )
    assert (lapsed.customers_n, lapsed.previous_spend_90d, lapsed.spend_90d) == (12, 90, 0)
    assert (returned.customers_n, returned.difference) == (15, Decimal("65.00"))


def test_few_have_no_numbers(moves, facts) -> None:
    came = rhythm_changes(moves, facts)[-1]
    assert (came.code, came.customers_n, came.spend_90d, came.is_small) == (
        "came",
        None,
        None,
        True,
    )


def test_each_change_is_told_in_words_in_both_languages(moves, facts) -> None:
    changes = rhythm_changes(moves, facts)
    assert rhythm_sentences(changes, facts, "en") == [
        "30 customers came later than they used to: from USD 500 in 90 days to USD 150.50.",
        "12 customers stayed away for more than four usual gaps: from USD 90 in 90 days to USD 0.",
        "15 customers had been slipping and bought again: from USD 10 in 90 days to USD 75.",
    ]
    assert rhythm_sentences(changes, facts, "zh")[0].startswith("30 位客户未按惯常节奏到店")


def test_before_the_first_sale_there_is_no_section(draw: Draw, facts: RunFacts) -> None:
    early = replace(facts, compare_on=date(2016, 12, 4))
    assert rhythm_changes(draw(lifecycle_migration=MOVES)["lifecycle_migration"], early) == ()
    shown = page(figures(draw(lifecycle_migration=MOVES), early), "en")
    assert "Against their own rhythm" not in shown


def test_the_money_that_moved_between_segments_is_told(draw: Draw, facts: RunFacts) -> None:
    tables = draw(
        segments="segment customers_n spend\nchampions 30 10.00\nat_risk 40 5.00",
        segment_migration="""
            previous_segment segment   customers_n spend  previous_spend_90d spend_90d
            champions        at_risk   40          900.00 400.00             10.00
            at_risk          champions 30          900.00 5.00               75.25
        """,
    )
    shown = page(figures(tables, facts), "en")
    assert (
        "who climbed went from USD 5 in 90 days to USD 75.25, who slipped from USD 400 to USD 10."
        in shown
    )
