"""Whether those who complained came again less than others like them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.expectations.tables import Table
from regulars.expectations.tables_follow_ups import ComplaintSilence
from regulars.transforms.complaint_silence import FREQUENCY_EDGES, complaint_silence
from regulars.transforms.order_nets import ORDER_NETS

AS_OF = date(2024, 12, 31)
SAID = pl.Schema(
    {
        "customer_id": pl.UInt64(),
        "submitted_on": pl.Date(),
        "categories": pl.List(pl.String()),
        "is_open": pl.Boolean(),
    }
)
Days = dict[int, list[int]]
Complaint = tuple[int | None, int, list[str]]


def nets(days: Days) -> pl.DataFrame:
    """Purchase days as days before the as-of day, by customer."""
    rows = [
        (who, AS_OF - timedelta(days=ago), Decimal("5.00"), True)
        for who, agos in days.items()
        for ago in agos
    ]
    return pl.DataFrame(rows, schema=ORDER_NETS, orient="row")


def complaints(*said: Complaint) -> pl.DataFrame:
    """Complaints of customer, days before the as-of day, categories."""
    rows = [(who, AS_OF - timedelta(days=ago), about, False) for who, ago, about in said]
    return pl.DataFrame(rows, schema=SAID, orient="row")


def told(said: pl.DataFrame, days: Days, *, as_of: date = AS_OF) -> pl.DataFrame:
    return complaint_silence(said, nets(days), as_of=as_of)


REGULAR = [180, 170, 160, 150, 140, 130]


def test_a_complainer_is_held_against_purchases_of_others_like_them() -> None:
    """Two complain five days after the sixth of six days; of three others one comes again."""
    days = {
        1: REGULAR,
        2: [*REGULAR, 120],
        3: REGULAR,
        4: REGULAR,
        5: [*REGULAR, 110],
        6: [*REGULAR, 128],  # within five days: no longer like them when they complained
        7: [130],  # once: not like them
    }
    found = told(complaints((1, 125, ["delivery"]), (2, 125, ["delivery"])), days)
    # Like them are the days with five to eight in the 91 days before: the fifth and the sixth of
    # 3, 4, 5 and 6, and what 5 and 6 bought after; watched from the sixth day after each.
    gaps = [10, 10, 10, 10, 999, 999, 20, 999, 999]
    stayed = sum(gap > 33 for gap in gaps) / len(gaps)
    row = found.filter(category="all", window_days=28).row(0, named=True)
    assert (row["complainers_n"], row["silent_n"], row["silent_share"]) == (2, 1, 0.5)
    assert row["comparable_share"] == pytest.approx(stayed)
    assert row["excess_share"] == pytest.approx(0.5 - stayed)


def test_who_complains_twice_counts_once_by_the_first_whose_window_is_over() -> None:
    days = {1: [200, 100], 2: [200, 100, 40], 3: [200, 100]}
    said = complaints((1, 99, ["delivery"]), (1, 90, ["delivery", "app_payment"]), (2, 20, []))
    found = told(said, days)
    assert found.select("category", "window_days", "complainers_n").rows() == [
        ("all", 28, 1),
        ("all", 56, 1),
        ("app_payment", 28, 1),
        ("app_payment", 56, 1),
        ("delivery", 28, 1),
        ("delivery", 56, 1),
    ]


def test_a_complaint_long_after_the_last_purchase_or_before_any_is_compared_with_nothing() -> None:
    days = {1: [200, 130], 2: [50], 3: [200, 130, 100], 4: [50]}
    assert told(complaints((1, 101, []), (2, 60, [])), days).height == 0
    assert told(complaints((1, 102, [])), days).height == 2


def test_the_table_conforms_to_its_contract() -> None:
    table = Table(
        "complaint_silence",
        ComplaintSilence,
        ("category", "window_days"),
        "category and window",
        "类别×观察期",
    )
    days = {1: [200, 100], 2: [200, 100]}
    for said in (complaints((1, 99, ["delivery"])), complaints()):
        assert table.conformed(told(said, days)).height == 4 * said.height


def population(
    dice: np.random.Generator, *, customers_n: int, leaves: float
) -> tuple[pl.DataFrame, Days]:
    """Half come often and half seldom; one purchase in ten is complained of, more by the often.

    Of those who complain, the share ``leaves`` never comes again.
    """
    said: list[Complaint] = []
    days: Days = {}
    for who in range(customers_n):
        is_often = who % 2 == 0
        day, agos = 460 - int(dice.integers(0, 60)), []
        while day >= 0:
            agos.append(day)
            if dice.random() < (0.02 if is_often else 0.05):
                said.append((who, day, ["delivery"]))
                if dice.random() < leaves:
                    break
            day -= 1 + int(dice.exponential(12 if is_often else 40))
        days[who] = agos
    return complaints(*said), days


def test_a_planted_loss_is_found_and_where_none_is_planted_none_is() -> None:
    dice = np.random.default_rng(9)
    for leaves in (0.0, 0.4):
        said, days = population(dice, customers_n=1500, leaves=leaves)
        row = told(said, days).filter(category="all", window_days=56).row(0, named=True)
        assert row["complainers_n"] > 400
        # Of those who stay, as many as of the others are silent by chance alone.
        planted = leaves * (1 - row["comparable_share"])
        assert row["excess_share_low"] <= planted <= row["excess_share_high"]
        assert row["excess_share_high"] - row["excess_share_low"] < 0.11
        assert (row["excess_share_low"] > 0) == (leaves > 0)


def test_the_interval_holds_no_difference_in_nearly_all_populations_without_one() -> None:
    dice = np.random.default_rng(2)
    held = []
    for _ in range(60):
        said, days = population(dice, customers_n=120, leaves=0.0)
        row = told(said, days).filter(category="all", window_days=28).row(0, named=True)
        held.append(row["excess_share_low"] <= 0 <= row["excess_share_high"])
    assert np.mean(held) >= 0.88


def by_hand(said: list[Complaint], days: Days, window: int) -> dict[str, tuple[int, int, float]]:
    """The same row by row: complainers, the silent among them, the others' weighed share."""
    complained = {who for who, _, _ in said}

    def kind(who: int, ago: int) -> tuple[bool, int]:
        before_n = sum(ago <= other < ago + 91 for other in set(days[who]))
        return ago == max(days[who]), sum(before_n > edge for edge in FREQUENCY_EDGES)

    def gap(who: int, ago: int) -> float:
        return min((ago - other for other in days[who] if other < ago), default=float("inf"))

    others = [
        (who, ago) for who in days for ago in set(days[who])
        if who not in complained and ago < 365 + 28
    ]  # fmt: skip
    found: dict[str, dict[int, tuple[bool, float]]] = {}
    for who, ago, about in sorted(said, key=lambda of: -of[1]):
        before = [other for other in days.get(who, []) if other >= ago]
        if not before or min(before) - ago > 28 or not window <= ago < 365:
            continue
        bought, lag = min(before), min(before) - ago
        like = [
            gap(*other) for other in others
            if kind(*other) == kind(who, bought)
            and gap(*other) > lag
            and other[1] >= lag + window
        ]  # fmt: skip
        for category in {"all", *about}:
            if who not in found.setdefault(category, {}):
                stayed = np.mean([other > lag + window for other in like]) if like else np.nan
                found[category][who] = (gap(who, bought) > lag + window, float(stayed))
    rows = {}
    for category, of in found.items():
        compared = [pair for pair in of.values() if not np.isnan(pair[1])]
        if compared:
            silent_n = sum(is_silent for is_silent, _ in compared)
            rows[category] = (len(compared), silent_n, float(np.mean([q for _, q in compared])))
    return rows


ago = st.integers(0, 420)


@given(
    st.dictionaries(st.integers(0, 7), st.lists(ago, min_size=1, max_size=8), max_size=8),
    st.lists(
        st.tuples(st.integers(0, 3), ago, st.lists(st.sampled_from("ab"), max_size=2, unique=True)),
        max_size=6,
        unique_by=lambda said: said[:2],
    ),
    st.integers(0, 99),
)
@settings(max_examples=60)
def test_the_table_is_what_plain_python_makes_of_it_in_any_order_of_rows(
    days: Days, said: list[Complaint], seed: int
) -> None:
    pieces, of_nets = (
        frame.sample(fraction=1.0, shuffle=True, seed=seed)
        for frame in (complaints(*said), nets(days))
    )
    found = complaint_silence(pieces, of_nets, as_of=AS_OF)
    assert found.equals(told(complaints(*said), days))
    for window in (28, 56):
        ours = {
            category: (n, silent_n, pytest.approx(share))
            for category, n, silent_n, share in found.filter(window_days=window)
            .select("category", "complainers_n", "silent_n", "comparable_share")
            .rows()
        }
        assert by_hand(said, days, window) == ours


def test_what_comes_later_changes_nothing() -> None:
    said, days = population(np.random.default_rng(4), customers_n=80, leaves=0.2)
    on = AS_OF - timedelta(days=90)
    known = said.filter(pl.col("submitted_on") <= on)
    early = {
        who: kept for who, agos in days.items() if (kept := [ago for ago in agos if ago >= 90])
    }
    # Whether a customer will complain one day must not tell who is compared with today either.
    assert told(said, days, as_of=on).equals(told(known, early, as_of=on))
