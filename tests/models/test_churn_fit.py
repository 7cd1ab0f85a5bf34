"""The churn model: what it learns, when it yields to a baseline, and when there is none."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from threadpoolctl import threadpool_limits

from regulars.expectations.churn_features import FEATURE_GROUPS, FEATURES
from regulars.models.churn import ChurnModel, churn_risk, fit_churn, matrix
from regulars.models.churn_boosting import fit_boosting
from regulars.models.churn_calibration import logit
from regulars.models.churn_learners import fit_learner
from regulars.models.churn_logistic import fit_logistic
from regulars.models.churn_reasons import churn_reasons
from regulars.models.not_fitted import NotFitted
from regulars.models.ranking import Ranking

AS_OF = date(2024, 6, 30)
HORIZON_DAYS = 28
CUSTOMERS_N = 700
PLANTED = ("recency_days", "purchase_days_trend_28d", "last_gap_ratio", "log_expected_orders")


def examples(
    *, customers_n: int = CUSTOMERS_N, snapshots_n: int = 4, seed: int = 5, of_slowing: float = 2.0
) -> pl.DataFrame:
    """Customers whose time away and slowing decide, in equal parts, whether they stay away.

    The outcome of the last snapshot is known on the day; snapshots are a horizon apart.
    """
    dice = np.random.default_rng(seed)
    n = customers_n * snapshots_n
    away, slowing, noise = (dice.normal(size=n) for _ in range(3))
    chance = 1 / (1 + np.exp(1.0 - 2.0 * away - of_slowing * slowing))
    planted = {
        "recency_days": np.exp(away + 2).round(3),
        "purchase_days_trend_28d": -slowing,
        "last_gap_ratio": np.where(noise > 1, np.nan, noise),
        "log_expected_orders": -away + 0.3 * noise,
    }
    first = [AS_OF - timedelta(days=HORIZON_DAYS * (k + 1)) for k in range(snapshots_n)]
    return pl.DataFrame(
        {
            "customer_id": pl.Series(np.tile(np.arange(customers_n), snapshots_n), dtype=pl.UInt64),
            "snapshot_on": [day for day in first for _ in range(customers_n)],
            "is_gone": dice.random(n) < chance,
            **{name: planted.get(name, np.full(n, np.nan)) for name in FEATURES},
        }
    ).with_columns(pl.col(FEATURES).fill_nan(None))


def fitted(frame: pl.DataFrame) -> ChurnModel:
    model = fit_churn(frame, as_of=AS_OF, horizon_days=HORIZON_DAYS)
    assert isinstance(model, ChurnModel)
    return model


def auc(model: ChurnModel, frame: pl.DataFrame) -> float:
    risk = churn_risk(model, frame)["churn_risk"].to_numpy()
    gone = frame["is_gone"].cast(pl.Float64).to_numpy()
    return float(Ranking.of(risk, gone, np.ones((1, len(gone)))).auc()[0])


@pytest.fixture(scope="module")
def model() -> ChurnModel:
    return fitted(examples())


def test_new_customers_are_ranked_as_well_as_the_planted_truth_allows(model: ChurnModel) -> None:
    new = examples(seed=6)
    # The chance that made the outcomes ranks them at 0.91; recency alone at 0.79.
    assert auc(model, new) > 0.89
    assert model.kind in {"boosting", "logistic", "blend"}
    assert model.is_later


def test_risks_are_as_high_as_the_share_that_stays_away(model: ChurnModel) -> None:
    new = examples(seed=6)
    risk = churn_risk(model, new)["churn_risk"]
    riskiest = risk > risk.quantile(0.8)
    for part in (riskiest, ~riskiest):
        assert risk.filter(part).mean() == pytest.approx(
            new["is_gone"].filter(part).mean(), abs=0.05
        )


def test_a_baseline_is_kept_where_nothing_ranks_later_customers_better() -> None:
    only_away = examples(of_slowing=0.0).with_columns(
        purchase_days_trend_28d=pl.lit(None, pl.Float64), last_gap_ratio=pl.lit(None, pl.Float64)
    )
    found = fitted(only_away)
    assert found.is_baseline
    assert found.kind == "recency"
    assert 0 < churn_risk(found, only_away)["churn_risk"].mean() < 1


def test_labels_dealt_at_random_leave_nothing_to_learn() -> None:
    """Placebo: with outcomes permuted the AUC is a half, within its interval."""
    frame = examples()
    dealt = frame.with_columns(is_gone=pl.col("is_gone").shuffle(seed=3))
    model = fit_churn(dealt, as_of=AS_OF, horizon_days=HORIZON_DAYS)
    assert isinstance(model, ChurnModel)
    new = examples(seed=8).with_columns(is_gone=pl.col("is_gone").shuffle(seed=4))
    assert auc(model, new) == pytest.approx(0.5, abs=0.04)
    assert all(abs(found - 0.5) < 0.06 for found in model.evidence.values())


def test_a_short_history_judges_models_on_customers_they_had_not_seen() -> None:
    found = fitted(examples(snapshots_n=1))
    assert not found.is_later
    assert found.evidence["logistic"] > found.evidence["recency"] + 0.05


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        (examples().head(0), "too_short_history"),
        (examples(customers_n=199), "too_few_customers"),
        (examples().with_columns(is_gone=pl.lit(value=False)), "too_few_gone"),
        (examples().with_columns(is_gone=pl.lit(value=True)), "too_few_came"),
    ],
)
def test_too_little_data_gives_a_reason_and_no_model(frame: pl.DataFrame, code: str) -> None:
    found = fit_churn(frame, as_of=AS_OF, horizon_days=HORIZON_DAYS)
    assert isinstance(found, NotFitted)
    assert found.code == code


def test_an_outcome_that_is_not_known_yet_is_refused() -> None:
    with pytest.raises(ValueError, match="is not known on 2024-06-29"):
        fit_churn(examples(), as_of=AS_OF - timedelta(days=1), horizon_days=HORIZON_DAYS)


@pytest.mark.parametrize("groups", [("campaigns",), ("complaints", "ratings")])
def test_scores_are_those_of_a_model_that_never_heard_of_what_the_chain_does_not_tell(
    groups: tuple[str, ...],
) -> None:
    """Bit for bit: a chain without messages, coupons or feedback pays nothing for these groups."""
    frame = examples().with_columns(
        pl.lit(0.0).alias(name)
        for group in groups
        for name in FEATURE_GROUPS[group]
        if name.endswith("_n")
    )
    features, gone = matrix(frame), frame["is_gone"].cast(pl.Float64).to_numpy()
    names = [name for name in FEATURES if name in PLANTED]
    kept = features[:, [FEATURES.index(name) for name in names]]
    with threadpool_limits(1):
        found = fit_learner("blend", features, gone).score(features)
        boosting = fit_boosting(kept, gone, names=names)
        logistic = fit_logistic(kept, gone)
        halves = logit(boosting.predict_proba(kept)[:, 1]), logit(logistic.risk(kept))
    assert np.array_equal(found, np.mean(halves, axis=0))


def test_neither_the_order_of_rows_nor_threads_change_a_bit(model: ChurnModel) -> None:
    frame = examples()
    asked = examples(seed=9)
    expected = churn_risk(model, asked)
    with threadpool_limits(2):
        again = fitted(frame.sample(fraction=1.0, shuffle=True, seed=2))
        assert churn_risk(again, asked).equals(expected)
    assert again.as_dict() == model.as_dict()


def test_customers_apart_have_the_risks_they_have_together(model: ChurnModel) -> None:
    asked = examples(seed=9)
    apart = [churn_risk(model, part) for part in (asked.head(1), asked.slice(1))]
    together = churn_risk(model, asked)
    assert pl.concat(apart)["customer_id"].equals(together["customer_id"])
    assert pl.concat(apart)["churn_risk"].to_numpy() == pytest.approx(
        together["churn_risk"].to_numpy(), abs=1e-12
    )


def test_the_first_reason_is_the_planted_one_for_most(model: ChurnModel) -> None:
    row = (
        examples()
        .head(1)
        .with_columns(
            log_expected_orders=pl.lit(0.0),
            last_gap_ratio=pl.lit(0.0),
            gap_days_mean=pl.lit(10.0),
            gaps_8_days_mean=pl.lit(12.0),
        )
    )
    away = row.with_columns(recency_days=pl.lit(60.0), purchase_days_trend_28d=pl.lit(0.5))
    slowing = row.with_columns(recency_days=pl.lit(5.0), purchase_days_trend_28d=pl.lit(-2.5))
    fine = row.with_columns(
        recency_days=pl.lit(1.0),
        purchase_days_trend_28d=pl.lit(2.0),
        log_expected_orders=pl.lit(2.0),
    )
    found = churn_reasons(model, pl.concat([away, slowing, fine]))
    assert found["reason_1"].to_list() == ["rhythm", "slowing", None]


def test_an_unanswered_complaint_and_a_fallen_rating_are_the_reasons_where_they_are_learned() -> (
    None
):
    """Of each hundred, ten complained and half of these stay away; who rated worse does as well."""
    frame = examples(of_slowing=0.0)
    dice = np.random.default_rng(3)
    n = frame.height
    complained, fell = dice.random(n) < 0.1, dice.random(n) < 0.1
    leaves = (complained | fell) & (dice.random(n) < 0.7)
    told = frame.with_columns(
        is_gone=pl.col("is_gone") | pl.Series(leaves),
        complaints_365d_n=pl.Series(complained.astype(float)),
        complaints_91d_n=pl.Series(complained.astype(float)),
        complaints_unanswered_n=pl.Series(complained.astype(float)),
        last_rating=pl.Series(np.where(fell, 2.0, 5.0)),
        earlier_rating_mean=pl.lit(5.0),
        rating_change=pl.Series(np.where(fell, -3.0, 0.0)),
    )
    model = fitted(told)
    found = churn_reasons(model, told)
    first = found["reason_1"]
    for is_so, reason in ((complained & ~fell, "complaints"), (fell & ~complained, "ratings")):
        assert (first.filter(pl.Series(is_so)) == reason).mean() > 0.9
        assert first.filter(~pl.Series(is_so)).drop_nulls().ne(reason).mean() > 0.85
    row = found.filter(reason_1="ratings").row(0, named=True)
    assert (row["reason_1_value"], row["reason_1_against"]) == (2.0, 5.0)
    # Low without a past to fall from; fallen without being low; neither, whatever a model thinks.
    worse = told.filter(pl.Series(fell & ~complained)).head(3)
    asked = worse.with_columns(
        last_rating=pl.Series([2.0, 3.0, 3.0]), earlier_rating_mean=pl.Series([None, 5.0, 3.0])
    )
    assert churn_reasons(model, asked)["reason_1"].eq_missing("ratings").to_list() == [
        True,
        True,
        False,
    ]


def test_what_a_model_never_learned_of_is_no_reason(model: ChurnModel) -> None:
    """Fitted while nobody had said anything, it is asked about those who then complained."""
    asked = examples(seed=9)
    complained = asked.with_columns(
        complaints_365d_n=pl.lit(2.0),
        complaints_91d_n=pl.lit(2.0),
        complaints_unanswered_n=pl.lit(1.0),
        last_rating=pl.lit(1.0),
    )
    assert churn_reasons(model, complained).equals(churn_reasons(model, asked))


def test_what_the_figures_do_not_say_is_no_reason(model: ChurnModel) -> None:
    """Away for a long time, but no longer than usual; gaps that did not grow; little, as ever."""
    row = (
        examples()
        .head(1)
        .with_columns(
            log_expected_orders=pl.lit(-2.0),
            recency_days=pl.lit(60.0),
            purchase_days_trend_28d=pl.lit(-2.5),
            gap_days_mean=pl.lit(61.0),
            gaps_8_days_mean=pl.lit(61.0),
        )
    )
    due = row.with_columns(gap_days_mean=pl.lit(59.0), gaps_8_days_mean=pl.lit(59.0))
    found = churn_reasons(model, pl.concat([row, due]))
    told = [[code for code in codes if code] for codes in found.select("^reason_.$").rows()]
    assert "rhythm" not in told[0] + told[1][1:]
    assert told[1][0] == "rhythm"
    assert "slowing" not in told[0] + told[1]


def test_the_fitted_parts_are_scikit_learn_estimators_and_arrays(model: ChurnModel) -> None:
    from skops.io import dumps, get_untrusted_types, loads

    for part in (model.learner.boosting, getattr(model.learner.logistic, "estimator", None)):
        if part is not None:
            kept = dumps(part)
            assert loads(kept, trusted=get_untrusted_types(data=kept)) is not None
