from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.expectations.errors import SettingsError
from regulars.models.rfm import CutPoints, fit_cut_points, scored

MEASURES = {
    "customer_id": pl.UInt64,
    "recency_days": pl.Int32,
    "orders_n": pl.Int64,
    "spend": pl.Decimal(18, 2),
}
CENTS = st.integers(-(10**6), 10**6) | st.integers(-(10**18) + 1, 10**18 - 1)
MEASURED = st.lists(st.tuples(st.integers(0, 400), st.integers(1, 60), CENTS), max_size=25)


def measured(*rows: tuple[int | None, int, str | Decimal]) -> pl.DataFrame:
    return pl.DataFrame(
        [(n, recency, orders, Decimal(spend)) for n, (recency, orders, spend) in enumerate(rows)],
        schema=MEASURES,
        orient="row",
    )


def in_cents(rows: list[tuple[int, int, int]]) -> pl.DataFrame:
    return measured(*((r, f, Decimal(cents).scaleb(-2)) for r, f, cents in rows))


def type_7(values: list[int], fifth: int) -> Fraction:
    in_order = sorted(values)
    place = Fraction((len(values) - 1) * fifth, 5)
    low = in_order[int(place)]
    high = in_order[min(int(place) + 1, len(values) - 1)]
    return low + (place - int(place)) * (high - low)


def quintiles(values: list[int]) -> list[Fraction]:
    return [type_7(values, fifth) for fifth in (1, 2, 3, 4)]


@given(MEASURED.filter(bool))
@settings(max_examples=60)
def test_cut_points_are_type_7_quantiles_in_fractions(rows):
    cuts = fit_cut_points(in_cents(rows))
    assert [Fraction(cut) for cut in cuts.recency_days] == quintiles([r for r, _, _ in rows])
    assert [Fraction(cut) for cut in cuts.orders_n] == quintiles([f for _, f, _ in rows])
    assert [Fraction(cut) * 100 for cut in cuts.spend] == quintiles([m for _, _, m in rows])


@given(MEASURED)
@settings(max_examples=60)
def test_scores_are_counts_of_cut_points_in_fractions(rows):
    table = in_cents(rows)
    found = scored(table, fit_cut_points(table)).select("r_score", "f_score", "m_score").rows()
    cuts = [quintiles(list(values)) for values in zip(*rows, strict=True)]
    above = [
        [sum(cut < value for cut in of) for value, of in zip(row, cuts, strict=True)]
        for row in rows
    ]
    assert found == [(5 - r, 1 + f, 1 + m) for r, f, m in above]


def test_all_tied_gives_5_1_1():
    table = measured(*[(10, 2, "5.00")] * 4)
    assert scored(table, fit_cut_points(table))["rfm_score"].to_list() == ["511"] * 4


def test_one_customer_is_5_1_1():
    table = measured((300, 1, "5.00"))
    assert scored(table, fit_cut_points(table))["rfm_score"].to_list() == ["511"]


def test_five_different_customers_take_the_five_scores():
    table = measured(
        (0, 1, "1.00"), (10, 2, "2.00"), (20, 3, "3.00"), (30, 4, "4.00"), (40, 5, "5.00")
    )
    assert scored(table, fit_cut_points(table))["rfm_score"].to_list() == [
        "511", "422", "333", "244", "155",
    ]  # fmt: skip


def test_a_value_on_a_cut_point_is_not_above_it():
    cuts = CutPoints(*[(Decimal("1.5"), Decimal(2), Decimal("2.005"), Decimal(3))] * 3)
    table = measured((2, 2, "2.00"), (1, 3, "2.01"))
    assert scored(table, cuts).select("r_score", "f_score", "m_score").rows() == [
        (4, 2, 2),
        (5, 4, 4),
    ]


def test_cut_points_are_of_the_customers_with_a_purchase_alone():
    buyers = measured((10, 2, "5.00"), (20, 3, "7.00"))
    with_others = pl.concat([buyers, measured((None, 0, "-900.00"))])
    assert fit_cut_points(with_others) == fit_cut_points(buyers)


def test_who_has_no_purchase_has_no_scores():
    table = measured((10, 2, "5.00"), (None, 0, "-3.00"))
    found = scored(table, fit_cut_points(table)).row(1, named=True)
    assert {found[name] for name in ("r_score", "f_score", "m_score", "rfm_score")} == {None}


@pytest.mark.parametrize("rows", [[], [(None, 0, "-3.00")]])
def test_without_a_scored_customer_there_are_no_cut_points_and_no_scores(rows):
    table = measured(*rows)
    found = scored(table, fit_cut_points(table))
    assert fit_cut_points(table) is None
    assert found.columns[-4:] == ["r_score", "f_score", "m_score", "rfm_score"]
    assert found["rfm_score"].null_count() == len(rows)


def test_customers_without_cut_points_to_score_them_by_are_refused():
    with pytest.raises(ValueError, match="no cut points"):
        scored(measured((1, 1, "1.00")), None)


def test_cut_points_are_published_as_exact_text():
    cuts = fit_cut_points(measured((1, 1, "0.01"), (2, 1, "0.02")))
    assert cuts.as_dict() == {
        "recency_days": ["1.2", "1.4", "1.6", "1.8"],
        "orders_n": ["1", "1", "1", "1"],
        "spend": ["0.012", "0.014", "0.016", "0.018"],
    }


def test_own_cut_points_take_the_place_of_the_fitted():
    table = measured((10, 2, "5.00"), (20, 3, "7.00"))
    own = replace(fit_cut_points(table), spend=(Decimal(1), Decimal(2), Decimal(6), Decimal(9)))
    assert scored(table, own)["m_score"].to_list() == [3, 4]


@pytest.mark.parametrize(
    "cuts", [("1", "2", "3"), ("1", "3", "2", "4"), ("1", "2", "3", "Infinity"), ()]
)
def test_cut_points_that_cannot_cut_are_refused_by_name(cuts):
    good = (Decimal(1),) * 4
    with pytest.raises(SettingsError, match="the cut points of orders_n") as caught:
        CutPoints(good, tuple(Decimal(cut) for cut in cuts), good)
    assert caught.value.expected == "4 numbers, none lower than the one before it"
