"""Measures of risks against what came: the same answer twice, and planted truths."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest

from regulars.models.churn_calibration import fit_calibration, logit
from regulars.models.model_quality import calibration_error, calibration_floor, model_quality
from regulars.models.ranking import Ranking


def population(n: int, seed: int = 3) -> tuple[np.ndarray, np.ndarray]:
    """Risks with ties, and outcomes that are as likely as the risks say."""
    dice = np.random.default_rng(seed)
    risk = dice.beta(0.6, 1.5, n).round(2)
    return risk, (dice.random(n) < risk).astype(float)


def quality(risk: np.ndarray, gone: np.ndarray, seed: int = 1) -> pl.DataFrame:
    frame = pl.DataFrame({"customer_id": range(len(risk)), "is_gone": gone > 0, "ours": risk})
    return model_quality(
        frame,
        roles={"ours": "model"},
        as_of=date(2024, 6, 30),
        horizon_days=28,
        seed=seed,
        draws_n=200,
    )


def test_auc_and_average_precision_are_those_of_scikit_learn_weights_included() -> None:
    from sklearn.metrics import average_precision_score, roc_auc_score

    risk, gone = population(300)
    weights = np.random.default_rng(0).poisson(1.0, (4, 300)).astype(float)
    ranking = Ranking.of(risk, gone, weights)
    for n, row in enumerate(weights):
        assert ranking.auc()[n] == pytest.approx(roc_auc_score(gone, risk, sample_weight=row))
        assert ranking.average_precision()[n] == pytest.approx(
            average_precision_score(gone, risk, sample_weight=row)
        )


def test_risks_that_tell_nobody_apart_have_an_auc_of_a_half_and_no_lift() -> None:
    gone = np.array([1.0, 0, 0, 1, 0])
    ranking = Ranking.of(np.full(5, 0.4), gone, np.ones((1, 5)))
    assert (ranking.auc()[0], ranking.lift(0.2)[0]) == (0.5, pytest.approx(1.0))


def test_the_interval_holds_the_truth_in_most_populations() -> None:
    truth = Ranking.of(*population(200_000), np.ones((1, 200_000))).auc()[0]
    held = 0
    for seed in range(20):
        row = quality(*population(400, seed=seed + 10)).row(
            by_predicate=pl.col("measure") == "auc", named=True
        )
        held += row["low"] <= truth <= row["high"]
    assert held >= 16


def test_true_risks_err_by_the_floor_and_skewed_ones_by_more() -> None:
    risk, gone = population(4_000)
    floor = calibration_floor(risk, seed=1)
    assert calibration_error(risk, gone) < np.percentile(floor, 99)
    assert calibration_error(np.clip(risk + 0.1, 0, 1), gone) > np.percentile(floor, 99) * 2


def test_calibration_takes_planted_skew_out_again() -> None:
    risk, gone = population(20_000)
    inside = (risk > 0) & (risk < 1)
    skewed = 0.5 * logit(risk[inside]) + 1.0
    line = fit_calibration(skewed, gone[inside])
    assert (line.slope, line.intercept) == pytest.approx((2.0, -2.0), abs=0.12)


def test_scores_the_wrong_way_round_calibrate_to_the_share_of_the_gone() -> None:
    risk, gone = population(2_000)
    line = fit_calibration(-logit(risk), gone)
    assert line.slope == 0.0
    assert line.risk(np.zeros(1))[0] == pytest.approx(gone.mean(), abs=1e-3)


def test_each_measure_is_a_row_and_each_bin_has_its_risk_and_its_outcome() -> None:
    found = quality(*population(500))
    assert found.columns == [
        "model", "role", "measure", "part", "value", "low", "high", "tested_on", "horizon_days",
        "customers_n",
    ]  # fmt: skip
    assert found.height == 8 + 2 * 10
    assert found.select("measure", "part").is_unique().all()
    bins = found.filter(pl.col("measure") == "risk_mean").sort("part")
    assert bins["part"].to_list() == [f"{n:02}" for n in range(1, 11)]
    assert bins["value"].is_sorted()


def test_the_order_of_customers_does_not_matter() -> None:
    risk, gone = population(300)
    frame = pl.DataFrame({"customer_id": range(300), "is_gone": gone > 0, "ours": risk})
    given = {"roles": {"ours": "model"}, "as_of": date(2024, 6, 30), "horizon_days": 28}
    first = model_quality(frame, **given, seed=1, draws_n=20)
    second = model_quality(frame.reverse(), **given, seed=1, draws_n=20)
    assert first.equals(second)


def beside(plain: np.ndarray, risk: np.ndarray, gone: np.ndarray) -> dict[str, dict[str, float]]:
    """The differences of risks from those of a plain rule, by measure."""
    frame = pl.DataFrame(
        {"customer_id": range(len(risk)), "is_gone": gone > 0, "ours": risk, "plain": plain}
    )
    found = model_quality(
        frame,
        roles={"ours": "model", "plain": "baseline"},
        as_of=date(2024, 6, 30),
        horizon_days=28,
        seed=1,
        draws_n=200,
    ).filter(pl.col("part") == "plain")
    assert found.select("model", "role").unique().rows() == [("ours", "model")]
    return {row["measure"]: row for row in found.iter_rows(named=True)}


def test_a_difference_is_the_models_measure_less_the_rules_over_the_same_populations() -> None:
    from sklearn.metrics import average_precision_score, brier_score_loss, roc_auc_score

    risk, gone = population(300)
    plain = np.random.default_rng(9).permutation(risk)
    weights = np.random.default_rng(1).poisson(1.0, (200, 300)).astype(float)
    found = beside(plain, risk, gone)
    for measure, judge in (
        ("auc", roc_auc_score),
        ("average_precision", average_precision_score),
        ("brier", brier_score_loss),
    ):
        row = found[f"{measure}_difference"]
        drawn = [
            judge(gone, risk, sample_weight=w) - judge(gone, plain, sample_weight=w)
            for w in weights
        ]
        assert row["value"] == pytest.approx(judge(gone, risk) - judge(gone, plain))
        assert (row["low"], row["high"]) == pytest.approx(tuple(np.percentile(drawn, (2.5, 97.5))))


def test_a_small_gain_on_the_same_customers_is_surer_than_either_measure() -> None:
    """Pairing takes out what both have in common: which customers were drawn."""
    risk, gone = population(2_000)
    blurred = np.clip(risk + np.random.default_rng(4).normal(0, 0.05, len(risk)), 0, 1)
    row = beside(blurred, risk, gone)["auc_difference"]
    alone = quality(risk, gone).row(by_predicate=pl.col("measure") == "auc", named=True)
    assert row["low"] > 0
    assert row["high"] - row["low"] < (alone["high"] - alone["low"]) / 2


def test_a_rule_that_ranks_the_same_is_better_by_nothing_at_all() -> None:
    risk, gone = population(300)
    row = beside(risk**2, risk, gone)["auc_difference"]
    assert (row["value"], row["low"], row["high"]) == (0.0, 0.0, 0.0)


def test_nothing_is_measured_where_everybody_came() -> None:
    assert quality(np.full(50, 0.1), np.zeros(50)).height == 0
