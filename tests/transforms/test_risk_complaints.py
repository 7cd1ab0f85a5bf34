"""What customers at risk blame, and how much more often than others."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats.contingency import relative_risk

from regulars.expectations.tables import Table
from regulars.expectations.tables_follow_ups import RiskComplaints
from regulars.transforms.risk_complaints import risk_complaints
from tests.transforms.handled_pieces import HANDLED, pieces
from tests.transforms.test_customer_feedback import any_pieces

AS_OF = date(2024, 6, 30)
SCORED = pl.Schema(
    {
        "customer_id": pl.UInt64(),
        "risk_band": pl.String(),
        "value_at_risk": pl.Decimal(18, 2),
    }
)
PIECES = """
    customer_id said       kind      sentiment categories
    1           2024-06-01 complaint negative  delivery;app_payment
    1           2024-06-02 review    negative  delivery
    1           2024-06-03 review    positive  service_attitude
    2           2024-06-01 call      neutral   delivery
    3           2024-06-01 call      positive  delivery
    4           2024-06-01 survey    negative  -
    5           2024-06-01 review    negative  app_payment
    6           2023-06-30 review    negative  delivery
    7           2024-06-01 review    negative  delivery
    8           2024-06-01 complaint -         queue_waiting
    -           2024-06-01 review    negative  delivery
"""
CUSTOMERS = """
    customer_id risk_band value_at_risk
    1           high      100.10
    2           very_high -
    3           high      7.00
    4           high      20.00
    5           watch     5.00
    6           low       5.00
    7           -         -
    8           low       5.00
"""


@pytest.fixture
def told(drawn):
    return risk_complaints(pieces(PIECES), drawn(CUSTOMERS, SCORED), as_of=AS_OF)


def test_each_category_is_told_with_who_at_risk_blames_it_and_what_they_are_worth(told) -> None:
    columns = ("category", "customers_n", "pieces_n", "value_at_risk")
    assert told.select(columns).rows() == [
        ("all", 3, 4, Decimal("120.10")),
        ("app_payment", 1, 1, Decimal("100.10")),
        ("delivery", 2, 3, Decimal("100.10")),
        ("queue_waiting", 0, 0, Decimal("0.00")),
    ]


def test_shares_are_of_those_with_a_grievance_and_of_everybody_for_all(told) -> None:
    assert told.select("at_risk_share", "others_share").rows() == [
        (3 / 4, 2 / 3),
        (1 / 3, 1 / 2),
        (2 / 3, 0 / 2),
        (0 / 3, 1 / 2),
    ]


def test_a_lift_is_null_where_either_share_is_nothing(told) -> None:
    assert told["lift"].to_list() == [pytest.approx(9 / 8), pytest.approx(2 / 3), None, None]


def test_who_is_not_scored_and_what_is_a_year_old_count_for_nothing(drawn) -> None:
    nobody = risk_complaints(
        pieces("customer_id said kind sentiment\n7 2024-06-01 review negative"),
        drawn(CUSTOMERS, SCORED),
        as_of=AS_OF,
    )
    assert nobody.height == 0


def test_the_table_conforms_to_its_contract(told) -> None:
    table = Table("risk_complaints", RiskComplaints, ("category",), "category", "类别")
    assert table.conformed(told).height == 4
    assert table.conformed(told.clear()).height == 0


def test_the_interval_of_a_lift_is_that_of_a_risk_ratio() -> None:
    """Against another's implementation; 12 of 40 at risk and 15 of 90 others blame delivery."""
    counts = {("high", "delivery"): 12, ("high", "other"): 28, ("low", "delivery"): 15,
              ("low", "other"): 75}  # fmt: skip
    who = [key for key, n in counts.items() for _ in range(n)]
    customers = pl.DataFrame(
        {"customer_id": range(len(who)), "risk_band": [band for band, _ in who]},
        schema_overrides={"customer_id": pl.UInt64},
    ).with_columns(value_at_risk=pl.lit(None, pl.Decimal(18, 2)))
    said = pl.DataFrame(
        {"customer_id": range(len(who)), "categories": [[category] for _, category in who]},
        schema_overrides={"customer_id": pl.UInt64},
    ).with_columns(
        feedback_id=pl.format("F{}", "customer_id"),
        submitted_on=pl.lit(AS_OF),
        sentiment=pl.lit("negative"),
    )
    told = risk_complaints(
        pl.concat([HANDLED.to_frame(), said], how="diagonal"), customers, as_of=AS_OF
    )
    theirs = relative_risk(12, 40, 15, 90)
    interval = theirs.confidence_interval(0.95)
    row = told.filter(category="delivery").row(0, named=True)
    assert (row["lift"], row["lift_low"], row["lift_high"]) == pytest.approx(
        (theirs.relative_risk, interval.low, interval.high), rel=1e-6
    )


def test_the_interval_holds_a_lift_of_one_in_nearly_all_populations_without_one() -> None:
    dice = np.random.default_rng(5)
    held = []
    for _ in range(200):
        band = np.where(dice.random(300) < 0.4, "high", "low")
        category = np.where(dice.random(300) < 0.3, "delivery", "other")
        customers = pl.DataFrame({"risk_band": band}).with_columns(
            customer_id=pl.int_range(300, dtype=pl.UInt64),
            value_at_risk=pl.lit(None, pl.Decimal(18, 2)),
        )
        said = pl.DataFrame({"categories": category}).select(
            customer_id=pl.int_range(300, dtype=pl.UInt64),
            submitted_on=pl.lit(AS_OF),
            sentiment=pl.lit("negative"),
            is_open=pl.lit(None, pl.Boolean),
            categories=pl.concat_list("categories"),
        )
        row = risk_complaints(said, customers, as_of=AS_OF).filter(category="delivery")
        held.append(row["lift_low"].item() <= 1 <= row["lift_high"].item())
    assert 0.91 <= np.mean(held) <= 0.99


@given(any_pieces(), st.integers(0, 99))
@settings(max_examples=25)
def test_neither_the_order_of_rows_nor_what_comes_later_changes_anything(
    of_pieces: pl.DataFrame, seed: int
) -> None:
    customers = pl.DataFrame(
        [(0, "high", Decimal(3)), (1, "low", None), (2, "very_high", Decimal(5))],
        schema=SCORED,
        orient="row",
    )
    on = date(2024, 3, 1)
    known = of_pieces.filter(pl.col("submitted_on") <= on)
    shuffled = of_pieces.sample(fraction=1.0, shuffle=True, seed=seed)
    assert risk_complaints(shuffled, customers, as_of=on).equals(
        risk_complaints(known, customers, as_of=on)
    )
