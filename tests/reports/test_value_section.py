from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import polars as pl
import pytest

from regulars.expectations.catalogue import has_sentence, say
from regulars.models.bg_nbd import _EDGES, LEAST_CUSTOMERS_N, LEAST_REPEATERS_N
from regulars.models.lifetime_value import BACKTEST_DAYS, HORIZON_DAYS
from regulars.models.model_quality import MODEL_QUALITY
from regulars.reports.figures import figures
from regulars.reports.page import page
from regulars.reports.value import FIT_REASONS, value

HEAD = "customer_id repeat_days_n expected_orders_12m expected_spend_12m unscored_reason"


def valued(*amounts: int) -> str:
    return "\n".join(
        [HEAD, *(f"c1_{n:016x} 3 {amount / 10} {amount} -" for n, amount in enumerate(amounts))]
    )


def quality(*ratios: tuple[str, str, float, float, float]) -> pl.DataFrame:
    rows = [
        {
            "model": model,
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
    tables = draw(lifetime_value=f"{HEAD}\nc1_1 0 - - {reason}\nc1_2 - - - no_purchase")
    for language in ("en", "zh"):
        shown = page(figures(tables, facts), language)
        assert say(f"value.unscored.{reason}", language) in shown
        assert say("value.note", language) not in shown


def test_only_customers_without_a_purchase_are_nothing_to_show(draw, facts):
    tables = draw(lifetime_value=f"{HEAD}\nc1_2 - - - no_purchase")
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


@pytest.mark.parametrize("limit", ["no_dropout", *_EDGES.values(), "equal_spend", "steady_spend"])
def test_a_simpler_model_is_told_of(draw, facts, limit):
    tables = draw(lifetime_value=valued(*range(1, 121)))
    shown = page(figures(tables, replace(facts, value_limits=(limit,))), "en")
    assert say(f"value.limit.{limit}", "en") in shown
    assert say(f"value.limit.{limit}", "en") not in page(figures(tables, facts), "en")


def test_sentences_name_the_numbers_that_the_models_use():
    for language in ("en", "zh"):
        least = say("value.unscored.too_few_customers", language)
        assert f" {LEAST_CUSTOMERS_N} " in least
        assert f" {LEAST_REPEATERS_N} " in say("value.unscored.too_few_repeats", language)
        plain = say("value.backtest.plain", language, ratio="")
        assert f" {BACKTEST_DAYS} " in plain
        total = say("value.total", language, n="", spend="", orders="")
        assert f" {HORIZON_DAYS} " in total


def test_every_reason_and_verdict_has_a_sentence():
    asked = [
        *(f"value.unscored.{reason}" for reason in FIT_REASONS),
        *(
            f"value.backtest.{what}.{verdict}"
            for what in ("orders", "spend")
            for verdict in ("right", "over", "under")
        ),
    ]
    assert [code for code in asked if not has_sentence(code)] == []
