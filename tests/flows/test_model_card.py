"""The sections of the model card: published fits, planted truth, and proofs that could fail."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest
import typer

from regulars.data.behaviour import Behaviour
from regulars.data.feedback_extracts import PIECES
from regulars.data.public import cdnow_sample
from regulars.flows import value_card
from regulars.flows.churn_examples import features_as_of
from regulars.flows.leak_card import Asked, dealt, differing, leaks, reordered, stability
from regulars.flows.model_card import model_card
from regulars.flows.placebo_card import permuted, placebo
from regulars.flows.value_groups_card import Split, backtested
from tests.flows.test_churn import FIRST_ON, HORIZON_DAYS, LAST_ON, MONEY, population

AS_OF = date(2024, 4, 14)
ASKED = Asked("planted", AS_OF, HORIZON_DAYS)


def silent(_: str) -> None:
    pass


@pytest.fixture(scope="module")
def data() -> Behaviour:
    """Planted customers who are sent messages, use coupons and complain, before the day and after
    it; answers to some complaints come after it too."""
    bought, _ = population(280)
    days = pl.date_range(FIRST_ON, LAST_ON, "1d", eager=True)
    ids = bought.orders["customer_id"].unique().sort()
    who = pl.concat([ids, ids, ids])
    contacts = pl.select(
        customer_id=who,
        contacted_on=days.sample(len(who), with_replacement=True, seed=1),
        campaign_id=pl.lit("C1"),
        channel=pl.lit("sms"),
        arm=pl.lit("treated"),
        coupon_id=pl.lit("K1"),
        cost=pl.lit(None, MONEY),
    )
    uses = pl.select(
        customer_id=ids,
        redeemed_on=days.sample(len(ids), with_replacement=True, seed=2),
        coupon_id=pl.lit("K1"),
        value=pl.lit("1.00").cast(MONEY),
    )
    said_on = days.sample(len(who), with_replacement=True, seed=3)
    pieces = pl.select(
        customer_id=who,
        feedback_id=pl.format("F{}", pl.int_range(len(who))),
        submitted_at=said_on.cast(pl.Datetime("us")),
        submitted_on=said_on,
        kind=pl.Series(["complaint", "survey", "call"]).sample(
            len(who), with_replacement=True, seed=4
        ),
        rating_of_five=pl.int_range(len(who)).mod(5).add(1).cast(pl.Decimal(18, 3)),
        nps=pl.lit(None, pl.Int32),
        responded_on=said_on + pl.duration(days=pl.int_range(len(who)) % 40),
        resolved_on=said_on + pl.duration(days=pl.int_range(len(who)) % 70),
    )
    return bought._replace(
        contacts=contacts,
        coupon_uses=uses,
        feedback=pieces.cast(dict(PIECES)),
    )


def test_what_comes_later_and_the_order_of_rows_change_nothing(data: Behaviour) -> None:
    for section, changes_n in ((leaks, 2), (stability, 1)):
        ((lines, facts),) = section(data, ASKED, silent)
        assert len(facts["changes"]) == changes_n
        for found in facts["changes"].values():
            assert set(found) == {"examples", "features", "risks", "reasons"}
            assert all(of["compared_n"] > 500 for of in found.values())
            assert all(of["differ_n"] == 0 for of in found.values())
        assert lines[0] == (
            f"{section.__name__.rstrip('s')}, churn, planted as of 2024-04-14, horizon 28 days"
        )


@pytest.mark.parametrize(
    ("name", "on"), [("contacts", "contacted_on"), ("feedback", "submitted_on")]
)
def test_what_was_known_on_the_day_does_change_what_is_told(
    data: Behaviour, name: str, on: str
) -> None:
    """So that the comparison, and not only its answer, is shown to work."""
    without_one = getattr(data, name).sort(on).slice(1)
    one, other = (
        features_as_of(of, as_of=AS_OF, horizon_days=HORIZON_DAYS)
        for of in (data, data._replace(**{name: without_one}))
    )
    compared_n, differ_n = differing(one, other)
    assert 0 < differ_n < compared_n


def test_what_comes_later_is_dealt_out_and_what_came_before_stays(data: Behaviour) -> None:
    mixed = dealt(data, AS_OF)
    for before, after in zip(data.until(AS_OF), mixed.until(AS_OF), strict=True):
        assert after.equals(before)
    days = {
        "orders": "ordered_on",
        "contacts": "contacted_on",
        "coupon_uses": "redeemed_on",
        "feedback": "submitted_on",
    }
    for name, on in days.items():
        for column in ("customer_id", on):
            one, other = (
                getattr(of, name).filter(pl.col(on) > AS_OF)[column] for of in (data, mixed)
            )
            assert one.sort().equals(other.sort())
            assert not one.equals(other)


def test_answers_of_later_days_are_dealt_out_among_what_was_waiting(data: Behaviour) -> None:
    is_early = pl.col("submitted_on") <= AS_OF
    one, other = (
        of.feedback.filter(is_early).sort("feedback_id")["resolved_on"]
        for of in (data, dealt(data, AS_OF))
    )
    assert one.sort().equals(other.sort())
    moved = one.ne_missing(other)
    assert moved.sum() > 10
    assert ((one > AS_OF) | one.is_null()).filter(moved).all()


def test_rows_reordered_are_the_same_rows(data: Behaviour) -> None:
    for one, other in zip(data, reordered(data), strict=True):
        assert one.sort(pl.all()).equals(other.sort(pl.all()))
        assert one.is_empty() or not one.equals(other)


def test_values_differ_where_they_do_and_everywhere_in_frames_of_other_rows() -> None:
    one = pl.DataFrame({"a": [1.0, None, 3.0], "b": ["x", "y", None]})
    other = pl.DataFrame({"a": [1.0, None, 4.0], "b": ["x", None, None]})
    assert differing(one, one) == (6, 0)
    assert differing(one, other) == (6, 2)
    assert differing(one, other.head(2)) == (6, 6)


def test_permuted_outcomes_leave_an_auc_of_a_half_within_its_interval(data: Behaviour) -> None:
    ((_, facts),) = placebo(data, ASKED, silent, seeds=(1, 2))
    assert facts["held_n"] == 2
    assert facts["mean_auc"]["judged"][0] == pytest.approx(0.5, abs=0.06)
    assert all(of["high"] - of["low"] < 0.2 for of in facts["seeds"])


def test_outcomes_are_dealt_out_within_their_day_and_otherwise_on_each() -> None:
    days = [date(2024, 1, 1)] * 50 + [date(2024, 1, 8)] * 50
    gone = [n % 5 == 0 for n in range(50)] + [n % 2 == 0 for n in range(50)]
    learned = pl.DataFrame({"snapshot_on": days, "is_gone": gone})
    dealt_out = permuted(learned, np.random.default_rng(3))
    assert dealt_out.group_by("snapshot_on").agg(pl.col("is_gone").sum()).sort(
        "snapshot_on"
    ).rows() == [(days[0], 10), (days[50], 25)]
    twice = learned.with_columns(is_gone=pl.Series(gone[:50] * 2))
    first, second = permuted(twice, np.random.default_rng(3)).partition_by("snapshot_on")
    assert not first["is_gone"].equals(second["is_gone"])


def test_value_models_give_the_published_figures_and_recover_planted_ones() -> None:
    published, planted, near_zero = (facts for _, facts in value_card.card(silent))
    for name, figure in published["published"].items():
        places = len(str(figure).partition(".")[2]) if figure != int(figure) else 0
        assert round(published["found"][name], places) == pytest.approx(figure, abs=6e-4), name
    off = [of["errors_off"] for seed in planted["seeds"] for of in seed["parameters"].values()]
    assert len(off) == 21
    assert max(map(abs, off)) < 3.5
    assert {fit["limit"] for fit in near_zero["fits"].values()} == {None}


def test_both_models_of_value_are_held_to_the_same_customers_and_groups() -> None:
    split = Split("cdnow_sample", date(1997, 6, 30), 91)
    lines, facts = backtested(cdnow_sample(), split)
    assert sum(group["customers_n"] for group in facts["groups"]) == 2357
    for name, measure in (
        ("bg_nbd", "expected"),
        ("mbg_nbd", "expected"),
        ("observed", "observed"),
    ):
        model = "bg_nbd" if name == "observed" else name
        total = facts["measures"][f"{model}.backtest_{measure}_orders"]
        assert sum(group[name] for group in facts["groups"]) == pytest.approx(total)
    once = facts["groups"][0]
    assert (once["part"], once["customers_n"], once["observed"]) == ("once.091-181", 1552, 179)
    assert lines[2].split()[:3] == ["once.091-181", "1,552", f"{179 / 1552:.3f}"]
    assert facts["used"] == max(
        facts["fits"], key=lambda name: float(facts["fits"][name]["log_likelihood"])
    )


def test_a_section_that_is_none_is_refused_before_anything_is_fitted() -> None:
    with pytest.raises(typer.BadParameter, match="leek is none of value, churn, leak"):
        model_card(only="value,leek")
