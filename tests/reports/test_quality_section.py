from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from xml.etree import ElementTree as ET

import polars as pl
import pytest

from regulars.expectations.catalogue import say
from regulars.models.model_quality import MODEL_QUALITY, model_quality
from regulars.models.stability import DRIFT_PSI, drifted
from regulars.reports.facts import ChurnFacts
from regulars.reports.figures import figures
from regulars.reports.page import page
from regulars.reports.quality import DRIFT_INDEX, quality
from regulars.reports.quality_words import drift_sentence, quality_sentences
from regulars.reports.reliability_chart import reliability_chart

TESTED_ON = date(2017, 2, 27)
FITTED = ChurnFacts(28, kind="blend", fitted_on=date(2017, 3, 27), examples_n=4321)
CHOICE = (("recency", 0.81), ("expected_orders", 0.83), ("logistic", 0.86), ("blend", 0.87))


def row(model="churn", *, measure, value, **more):
    return {"model": model, "role": "model", "measure": measure, "value": value, **more}


def table_of(*rows, **values):
    """A test of 1,003 customers; each model has the AUC that is given."""
    given = {"churn": 0.9, "expected_orders": 0.87, "recency": 0.83} | values
    same = {"tested_on": TESTED_ON, "horizon_days": 28, "customers_n": 1003}
    measures = {
        "average_precision": (0.6, 0.55, 0.65),
        "lift_5": (4.5, 4.0, 5.0),
        "lift_10": (1.5, 1.3, 1.6),
        "lift_20": (3.2, 3.0, 3.4),
        "brier": (0.1, 0.09, 0.11),
        "calibration_error": (0.013, 0.010, 0.02),
        "calibration_floor": (0.014, 0.008, 0.021),
    }
    found = [
        row(model, measure=measure, value=value, low=low, high=high, **same)
        for model, auc in given.items()
        for measure, (value, low, high) in (
            measures | {"auc": (auc, auc - 0.01, auc + 0.01)}
        ).items()
    ]
    bins = [
        row(measure=measure, value=value, low=low, high=high, part=f"{n:02}", **same)
        for n in range(1, 11)
        for measure, value, low, high in (
            ("risk_mean", n / 25, None, None),
            ("gone_share", n / 20, n / 20 - 0.03, n / 20 + 0.03),
        )
    ]
    return frame(*found, *bins, *rows)


def frame(*rows):
    chosen = [row(kind, measure="auc_at_choice", value=auc) for kind, auc in CHOICE]
    return pl.DataFrame([*rows, *chosen], schema=MODEL_QUALITY)


def psi(feature, index, chance):
    return row(measure="psi", part=feature, value=index, high=chance, tested_on=date(2017, 3, 31))


def told(table, facts, language="en"):
    found = quality({"model_quality": table}, facts)
    return [" ".join(sentences) for sentences in quality_sentences(found, language)]


@pytest.fixture
def fitted(facts):
    return replace(facts, churn=FITTED)


def test_the_auc_is_said_in_pairs_beside_the_plain_rules_and_a_coin(fitted):
    _, pairs, *_ = told(table_of(), fitted)
    assert "in 90.0 of 100 such pairs" in pairs
    assert "(uncertain from 89.0 to 91.0). A coin gets 50." in pairs
    assert "By the days since the last purchase alone it is 83.0." in pairs
    assert "By the purchase days that BG/NBD expects alone it is 87.0." in pairs
    assert say("quality.not_better", "en") not in pairs


def test_a_model_that_a_plain_rule_equals_is_said_to_add_nothing(fitted):
    _, pairs, *_ = told(table_of(expected_orders=0.9), fitted)
    assert say("quality.not_better", "en") in pairs


def difference(plain, measure, value, low, high):
    return row(measure=f"{measure}_difference", part=plain, value=value, low=low, high=high)


def test_the_gain_over_each_plain_rule_is_said_with_how_sure_it_is(fitted):
    table = table_of(
        difference("recency", "auc", 0.0324, 0.021, 0.044),
        difference("recency", "average_precision", 0.004, -0.01, 0.02),
        difference("recency", "brier", -0.012, -0.02, -0.003),
        difference("expected_orders", "auc", -0.02, -0.03, -0.0101),
        difference("expected_orders", "brier", 0.001, -0.002, 0.004),
    )
    _, _, gains, *_ = told(table, fitted)
    assert gains == (
        "Held beside days since the last purchase, on the same customers: AUC better by 0.032 "
        "(95%: 0.021 to 0.044); average precision not surely better (0.004; 95%: −0.010 to "
        "0.020, which holds 0); Brier score better by 0.012 (95%: 0.003 to 0.020). "
        "Held beside expected purchase days (BG/NBD), on the same customers: AUC worse by 0.020 "
        "(95%: 0.010 to 0.030); Brier score not surely better (−0.001; 95%: −0.004 to 0.002, "
        "which holds 0)."
    )
    _, _, gains, *_ = told(table, fitted, "zh")
    assert gains.startswith(
        "在相同客户上与距上次消费的天数相比：AUC 更好，领先 0.032（95%：0.021 至 0.044）；"
        "平均精确率未必更好（0.004；95%：−0.010 至 0.020，包含 0）"
    )


def test_a_plain_rule_that_is_published_is_not_held_beside_itself(facts):
    itself = replace(facts, churn=replace(FITTED, kind="recency"))
    _, _, gains, *_ = told(
        table_of(
            difference("recency", "auc", 0.0, 0.0, 0.0),
            difference("expected_orders", "auc", 0.01, 0.005, 0.02),
        ),
        itself,
    )
    assert gains.startswith("Held beside expected purchase days (BG/NBD)")
    assert "days since the last purchase" not in gains


def test_the_gains_that_are_measured_are_those_that_are_told(fitted):
    """The rows as the model's own measures write them."""
    n = 400
    risks = pl.DataFrame({"customer_id": range(n), "churn": [one / n for one in range(n)]})
    judged = risks.with_columns(
        is_gone=pl.col("customer_id") * 7 % n < pl.col("customer_id"),
        recency=pl.col("churn").shuffle(seed=1),
    )
    table = model_quality(
        judged,
        roles={"churn": "model", "recency": "baseline"},
        as_of=TESTED_ON,
        horizon_days=28,
        seed=1,
        draws_n=20,
    )
    found = quality({"model_quality": table}, fitted)
    assert [(gain.plain, gain.measure, gain.verdict) for gain in found.gains] == [
        ("recency", measure, "better") for measure in ("auc", "average_precision", "brier")
    ]
    auc, plain = (one.measures["auc"].value for one in found.judged)
    assert found.gains[0].value == pytest.approx(auc - plain)


def test_the_lift_is_said_in_customers_and_not_as_an_accuracy(fitted):
    _, _, lift, *_ = told(table_of(), fitted)
    # Ten bins of 101 or 100 customers whose shares rise from 0.05 to 0.5.
    base = sum(n / 20 * (101 if n <= 3 else 100) for n in range(1, 11)) / 1003
    assert quality({"model_quality": table_of()}, fitted).gone_share == pytest.approx(base)
    assert f"highest risk {150 * base:.0f} in 100 stayed away" in lift
    assert f"of all customers {100 * base:.0f} in 100: 1.5 times as many" in lift
    assert f"right for {100 - 100 * base:.0f} in 100, and would have found nobody" in lift


@pytest.mark.parametrize(("error", "verdict"), [(0.02, "right"), (0.03, "off")])
def test_an_error_that_chance_explains_is_told_from_one_that_it_does_not(fitted, error, verdict):
    table = table_of().with_columns(
        value=pl.when(pl.col("measure") == "calibration_error")
        .then(pl.lit(error))
        .otherwise("value")
    )
    _, _, _, calibration, _ = told(table, fitted)
    shown = quality({"model_quality": table}, fitted)
    assert calibration == say(
        f"quality.calibration.{verdict}",
        "en",
        error=f"{100 * error:.1f}",
        floor_high="2.1",
        told=f"{100 * shown.told_share:.1f}",
        base=f"{100 * shown.gone_share:.1f}",
    )


def test_the_test_the_fit_and_the_choice_are_dated_and_named(fitted):
    test, *_, fit = told(table_of(), fitted)
    assert "Tested as of 2017-02-27" in test
    assert "the risks of 1,003 customers" in test
    assert "bought by 2017-03-27" in test
    assert "as of 2017-03-27" in fit
    assert "4,321 in all" in fit
    assert "the mean of boosting and logistic 0.870, logistic regression 0.860" in fit
    assert "Taken: the mean of boosting and logistic. The highest is taken however small" in fit
    assert fit.endswith(say("quality.choice.tested", "en"))


def test_a_choice_on_other_customers_is_not_said_to_be_on_later_days(facts):
    short = replace(facts, churn=replace(FITTED, judged_on="other_customers"))
    *_, fit = told(table_of(), short)
    assert "history being too short" in fit


def test_what_was_measured_is_what_is_shown(fitted):
    """The rows as the model's own measures write them, not as this test draws them."""
    n = 400
    risks = pl.DataFrame({"customer_id": range(n), "churn": [one / n for one in range(n)]})
    judged = risks.with_columns(is_gone=pl.col("customer_id") * 7 % n < pl.col("customer_id"))
    table = model_quality(
        judged,
        roles={"churn": "model"},
        as_of=TESTED_ON,
        horizon_days=28,
        seed=1,
        draws_n=20,
    )
    found = quality({"model_quality": table}, fitted)
    assert found.gone_share == pytest.approx(judged["is_gone"].mean())
    assert found.told_share == pytest.approx(judged["churn"].mean())
    risky = judged.sort("churn").tail(n // 10)["is_gone"].mean()
    lift = found.judged[0].measures["lift_10"].value
    assert lift * found.gone_share == pytest.approx(risky)


def test_without_a_test_the_section_says_what_it_takes(fitted, draw):
    tables = draw() | {"model_quality": frame()}
    shown = page(figures(tables, fitted), "en")
    assert say("quality.none", "en", horizon=28) in shown
    assert say("quality.curve.title", "en") not in shown
    assert "4,321 in all" in shown


def test_bins_of_few_customers_are_no_curve(fitted):
    few = table_of().with_columns(customers_n=pl.lit(99, pl.Int64))
    found = quality({"model_quality": few}, fitted)
    assert found.curve == ()
    assert reliability_chart(found, "en") is None


def test_what_has_drifted_is_what_asks_for_a_refit(fitted):
    rows = (
        psi("recency_days", 0.4, 0.02),
        psi("spend_28d", 0.4, 0.5),
        psi("orders_n", 0.24, 0.02),
        psi("churn_risk", 0.9, 0.02),
        psi("stores_n", 0.9, None),
    )
    table = table_of(*rows)
    found = quality({"model_quality": table}, fitted)
    assert [one.feature for one in found.drifted] == ["churn_risk", "recency_days"]
    assert sorted(one.feature for one in found.drifted) == drifted(table)
    assert DRIFT_INDEX == DRIFT_PSI
    assert f"above {DRIFT_PSI}," in drift_sentence(found, "en")
    assert "of 5 figures" in drift_sentence(found, "en")


def test_a_drifted_figure_is_listed_with_what_it_is_about(fitted, draw):
    table = table_of(psi("recency_days", 0.4, 0.02), psi("churn_risk", 0.3, 0.02))
    shown = page(figures(draw() | {"model_quality": table}, fitted), "en")
    assert "How long away, against their own rhythm" in shown
    assert "the risk itself" in shown
    assert "0.40" in shown


def test_customers_who_are_still_alike_are_said_to_be_with_the_largest_index(fitted):
    found = quality({"model_quality": table_of(psi("recency_days", 0.2, 0.02))}, fitted)
    said = drift_sentence(found, "en")
    assert said.endswith("The largest index is 0.20, of recency_days.")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_shows_every_measure_with_its_range(fitted, draw, language):
    shown = page(figures(draw() | {"model_quality": table_of()}, fitted), language)
    for text in ("0.900", "0.890–0.910", "0.870", "0.830", "1.50", "1.30–1.60", "0.014"):
        assert text in shown
    for measure in ("auc", "lift_10", "brier", "calibration_floor"):
        assert say(f"quality.{measure}", language) in shown


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_curve_is_a_picture_in_two_widths_with_its_axes_named(fitted, language):
    chart = reliability_chart(quality({"model_quality": table_of()}, fitted), language)
    for svg, most in ((chart.wide, 560), (chart.narrow, 370)):
        root = ET.fromstring(svg)
        assert float(root.attrib["viewBox"].split()[2]) <= most
        texts = {element.text for element in root.iter() if element.text}
        assert say("quality.curve.told", language) in texts
        assert say("quality.curve.came", language) in texts
        assert "style=" not in svg
        # A line of truth, and a span and a dot for each of ten bins.
        assert len(re.findall("<line", svg)) >= 10


def test_a_run_without_a_model_has_no_section(facts, draw):
    tables = draw() | {"model_quality": table_of()}
    short = replace(facts, churn=ChurnFacts(28, "too_few_customers", 3, 200))
    assert say("quality.title", "en") not in page(figures(tables, short), "en")
