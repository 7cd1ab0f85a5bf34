from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import polars as pl
import pytest

from regulars.expectations.catalogue import has_sentence, say
from regulars.models.bg_nbd import _EDGES, _MODIFIED_EDGES, LEAST_CUSTOMERS_N, LEAST_REPEATERS_N
from regulars.models.lifetime_value import HORIZON_DAYS, LEAST_KNOWN_DAYS
from regulars.models.model_quality import MODEL_QUALITY
from regulars.models.value_backtest import BACKTEST_DAYS
from regulars.reports.figures import figures
from regulars.reports.page import page
from regulars.reports.value import EXTRAPOLATED_REASONS, FIT_REASONS, Extrapolated, value
from regulars.reports.value_backtest import Group

HEAD = (
    "customer_id repeat_days_n expected_orders_12m expected_spend_12m extrapolated_reason "
    "unscored_reason"
)


def valued(*amounts: int) -> str:
    return "\n".join(
        [HEAD, *(f"c1_{n:016x} 3 {amount / 10} {amount} - -" for n, amount in enumerate(amounts))]
    )


def quality(*ratios: tuple[str, str, float, float, float]) -> pl.DataFrame:
    rows = [
        {
            "model": model,
            "role": "baseline" if model == "last_period" else "model",
            "measure": f"backtest_{what}_ratio",
            "value": ratio,
            "low": low,
            "high": high,
        }
        for model, what, ratio, low, high in ratios
    ]
    return pl.DataFrame(rows, schema=MODEL_QUALITY)


def test_tenths_run_from_the_customers_of_most_expected_spend_to_those_of_least(draw, facts):
    found = value(draw(lifetime_value=valued(*range(1, 106))), facts)
    assert found is not None
    assert [tenth.customers_n for tenth in found.tenths] == [11, 10] * 5
    first, *_, last = found.tenths
    assert (first.place, last.place) == (1, 10)
    assert first.spend == sum(range(95, 106)) == 1100
    assert last.spend == sum(range(1, 11))
    assert first.spend_mean == 100
    assert first.orders_mean == pytest.approx(10)
    assert found.spend == sum(range(1, 106)) == 5565
    assert found.top_share == first.spend_share == pytest.approx(1100 / 5565)
    assert found.orders == pytest.approx(556.5)


def test_equal_customers_are_cut_the_same_whatever_their_order(draw, facts):
    tables = dict(draw(lifetime_value=valued(*[7] * 105)))
    shuffled = tables["lifetime_value"].sample(fraction=1.0, shuffle=True, seed=1)
    assert value(tables | {"lifetime_value": shuffled}, facts) == value(tables, facts)


def test_tenths_of_fewer_than_ten_customers_are_not_shown(draw, facts):
    found = value(draw(lifetime_value=valued(*range(1, 100))), facts)
    assert found is not None
    assert found.tenths == ()
    assert found.top_share is None
    assert found.spend == Decimal(4950)


def test_a_run_from_before_the_table_has_no_section(chain, facts):
    tables = {name: frame for name, frame in chain.items() if name != "lifetime_value"}
    assert value(tables, facts) is None
    assert say("value.title", "en") not in page(figures(tables, facts), "en")


@pytest.mark.parametrize("reason", FIT_REASONS)
def test_without_a_fit_the_section_says_why(draw, facts, reason):
    tables = draw(lifetime_value=f"{HEAD}\nc1_1 0 - - - {reason}\nc1_2 - - - - no_purchase")
    for language in ("en", "zh"):
        shown = page(figures(tables, facts), language)
        assert say(f"value.unscored.{reason}", language) in shown
        assert say("value.note", language) not in shown


def test_only_customers_without_a_purchase_are_nothing_to_show(draw, facts):
    tables = draw(lifetime_value=f"{HEAD}\nc1_2 - - - - no_purchase")
    found = value(tables, facts)
    assert found is not None
    assert (found.reason, found.customers_n, found.spend) == (None, 0, Decimal("0.00"))
    assert say("value.note", "en") not in page(figures(tables, facts), "en")


@pytest.mark.parametrize(
    ("low", "high", "verdict"), [(0.8, 0.99, "under"), (0.9, 1.1, "right"), (1.01, 1.3, "over")]
)
def test_a_forecast_is_right_when_its_interval_holds_one(draw, facts, low, high, verdict):
    ratio = (low + high) / 2
    tables = {
        **draw(lifetime_value=valued(*range(1, 121))),
        "model_quality": quality(
            ("bg_nbd", "orders", ratio, low, high), ("last_period", "orders", 1.25, 1.1, 1.3)
        ),
    }
    found = value(tables, facts)
    assert found is not None
    assert found.orders_forecast is not None
    assert found.orders_forecast.verdict == verdict
    assert found.spend_forecast is None
    shown = page(figures(tables, facts), "en")
    said = say(
        f"value.backtest.orders.{verdict}",
        "en",
        ratio=f"{ratio:.1%}",
        low=f"{low:.1%}",
        high=f"{high:.1%}",
    )
    assert said in shown
    assert say("value.backtest.plain", "en", ratio="125.0%") in shown


def test_without_a_backtest_the_section_says_so(draw, facts):
    tables = {**draw(lifetime_value=valued(*range(1, 121))), "model_quality": quality()}
    shown = page(figures(tables, facts), "zh")
    assert say("value.backtest.none", "zh") in shown


@pytest.mark.parametrize(
    "limit",
    ["no_dropout", *_EDGES.values(), *_MODIFIED_EDGES.values(), "equal_spend", "steady_spend"],
)
def test_a_simpler_model_is_told_of(draw, facts, limit):
    tables = draw(lifetime_value=valued(*range(1, 121)))
    shown = page(figures(tables, replace(facts, value_limits=(limit,))), "en")
    assert say(f"value.limit.{limit}", "en") in shown
    assert say(f"value.limit.{limit}", "en") not in page(figures(tables, facts), "en")


def said_of(model: str) -> pl.DataFrame:
    rows = [
        {"model": name, "role": "model" if name == model else "candidate", "measure": measure}
        for name in ("bg_nbd", "mbg_nbd")
        for measure in ("log_likelihood", "backtest_orders_ratio")
    ]
    return pl.DataFrame(rows, schema=MODEL_QUALITY).with_columns(
        value=1.0 + (pl.col("model") == "mbg_nbd"), low=0.5, high=2.5
    )


@pytest.mark.parametrize(("model", "ratio"), [("bg_nbd", 1.0), ("mbg_nbd", 2.0)])
def test_the_section_tells_which_model_was_used_and_how_that_one_did(draw, facts, model, ratio):
    tables = {**draw(lifetime_value=valued(*range(1, 121))), "model_quality": said_of(model)}
    found = value(tables, facts)
    assert found is not None
    assert found.orders_by == model
    assert found.orders_forecast is not None
    assert found.orders_forecast.ratio == ratio
    for language in ("en", "zh"):
        assert say(f"value.orders_by.{model}", language) in page(figures(tables, facts), language)


def extrapolated(**counts: int) -> str:
    """So many customers of each reason, and others, each expected to spend 10."""
    reasons = [reason for reason, n in counts.items() for _ in range(n)]
    return "\n".join(
        [
            HEAD,
            *(
                f"c1_{n:016x} 3 1.5 10 {'-' if reason == 'others' else reason} -"
                for n, reason in enumerate(reasons)
            ),
        ]
    )


def test_those_whose_amount_rests_on_little_of_their_own_are_counted_apart(draw, facts):
    tables = draw(lifetime_value=extrapolated(known_briefly=12, came_once=30, others=60))
    found = value(tables, facts)
    assert found is not None
    assert found.extrapolated == (
        Extrapolated("known_briefly", 12, Decimal("120.00")),
        Extrapolated("came_once", 30, Decimal("300.00")),
    )
    for language in ("en", "zh"):
        shown = page(figures(tables, facts), language)
        money = {"en": "USD 300", "zh": "300 美元"}[language]
        assert say("value.extrapolated.came_once", language, n="30", spend=money) in shown


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ({"known_briefly": 3, "came_once": 30, "others": 60}, []),
        ({"known_briefly": 30, "came_once": 40, "others": 3}, ["came_once"]),
        ({"known_briefly": 0, "came_once": 30, "others": 60}, ["came_once"]),
    ],
)
def test_a_few_of_them_are_not_given_away_by_the_total(draw, facts, counts, shown):
    found = value(draw(lifetime_value=extrapolated(**counts)), facts)
    assert found is not None
    assert [part.reason for part in found.extrapolated] == shown


def grouped(*rows: tuple[str, int, float, float], model: str = "mbg_nbd") -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "model": name,
                "role": "model" if name == model else "candidate",
                "measure": f"backtest_{measure}_orders",
                "part": part,
                "customers_n": n,
                "value": amount + (name != model),
            }
            for name in ("bg_nbd", "mbg_nbd")
            for part, n, *amounts in rows
            for measure, amount in zip(("expected", "observed"), amounts, strict=True)
        ],
        schema=MODEL_QUALITY,
    )


def test_groups_are_shown_as_the_used_model_expected_them_who_came_once_first(draw, facts):
    tested = grouped(
        ("again.000-29", 200, 81.5, 90.0),
        ("again.365-", 40, 3.25, 0.0),
        ("once.365-", 1100, 12.5, 14.0),
        ("once.091-181", 50, 2.5, 4.0),
    )
    tables = {**draw(lifetime_value=valued(*range(1, 121))), "model_quality": tested}
    found = value(tables, facts)
    assert found is not None
    assert found.groups == (
        Group(True, 91, 181, 50, 2.5, 4.0),
        Group(True, 365, None, 1100, 12.5, 14.0),
        Group(False, 0, 29, 200, 81.5, 90.0),
        Group(False, 365, None, 40, 3.25, 0.0),
    )
    shown = page(figures(tables, facts), "en")
    assert "Came once; days since then: 91 to 181" in shown
    assert "Came once; days since then: 365 or more" in shown


def test_groups_of_a_few_are_not_shown_nor_given_away(draw, facts):
    tested = grouped(
        ("once.000-29", 4, 1.0, 1.0), ("once.030-90", 50, 2.0, 2.0), ("again.000-29", 70, 3.0, 3.0)
    )
    tables = {**draw(lifetime_value=valued(*range(1, 121))), "model_quality": tested}
    found = value(tables, facts)
    assert found is not None
    assert [group.customers_n for group in found.groups] == [70]


def test_sentences_name_the_numbers_that_the_models_use():
    for language in ("en", "zh"):
        least = say("value.unscored.too_few_customers", language)
        assert f" {LEAST_CUSTOMERS_N} " in least
        assert f" {LEAST_REPEATERS_N} " in say("value.unscored.too_few_repeats", language)
        plain = say("value.backtest.plain", language, ratio="")
        assert f" {BACKTEST_DAYS} " in plain
        total = say("value.total", language, n="", spend="", orders="")
        assert f" {HORIZON_DAYS} " in total
        for reason in EXTRAPOLATED_REASONS:
            said = say(f"value.extrapolated.{reason}", language, n="", spend="")
            assert f" {LEAST_KNOWN_DAYS} " in said


def test_every_reason_and_verdict_has_a_sentence():
    asked = [
        *(f"value.unscored.{reason}" for reason in FIT_REASONS),
        *(f"story.extrapolated.{reason}" for reason in EXTRAPOLATED_REASONS),
        *(
            f"value.backtest.{what}.{verdict}"
            for what in ("orders", "spend")
            for verdict in ("right", "over", "under")
        ),
    ]
    assert [code for code in asked if not has_sentence(code)] == []
