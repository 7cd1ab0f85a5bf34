from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest

from regulars.models.bg_nbd import BgNbd, fit_bg_nbd, fit_mbg_nbd
from regulars.models.expected_orders import expected_orders
from regulars.models.gamma_gamma import fit_gamma_gamma
from regulars.models.not_fitted import NotFitted
from regulars.models.value_backtest import backtest
from regulars.transforms.buying_history import bought_since, buying_history

EVE, DAY = date(1997, 7, 1), date(1997, 9, 30)


def held_out(nets: pl.DataFrame, before: pl.DataFrame) -> dict[tuple[str, str], tuple[object, ...]]:
    found = backtested(nets, before).filter(pl.col("part").is_null())
    measures = found.select("model", "measure", "value", "low", "high")
    return {row[:2]: row[2:] for row in measures.iter_rows()}


def backtested(nets: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    """Both models, with spend."""
    fits = [fit for fit in (fit_bg_nbd(before), fit_mbg_nbd(before)) if isinstance(fit, BgNbd)]
    return backtest(
        before,
        fits,
        fit_gamma_gamma(before),
        bought=bought_since(nets, since=EVE, as_of=DAY),
        bought_before=bought_since(
            nets.filter(pl.col("ordered_on") <= EVE), since=EVE - timedelta(91), as_of=EVE
        ),
        tested_on=EVE,
        horizon_days=91,
    )


@pytest.fixture(scope="module")
def nets(cdnow_nets: pl.DataFrame) -> pl.DataFrame:
    return cdnow_nets.filter(pl.col("ordered_on") <= DAY)


@pytest.fixture(scope="module")
def before(nets: pl.DataFrame) -> pl.DataFrame:
    return buying_history(nets.filter(pl.col("ordered_on") <= EVE), as_of=EVE)


def test_the_backtest_holds_what_was_expected_to_what_came(nets, before):
    found = held_out(nets, before)
    period = nets.filter(pl.col("ordered_on") > EVE)
    days_n = period.select("customer_id", "ordered_on").n_unique()
    assert found["bg_nbd", "backtest_observed_orders"] == (days_n, None, None)
    spend = float(period["net"].sum())
    assert found["bg_nbd_gamma_gamma", "backtest_observed_spend"][0] == pytest.approx(spend)
    for model, what in (("bg_nbd", "orders"), ("bg_nbd_gamma_gamma", "spend")):
        expected, *_ = found[model, f"backtest_expected_{what}"]
        observed, *_ = found[model, f"backtest_observed_{what}"]
        ratio, low, high = found[model, f"backtest_{what}_ratio"]
        assert ratio == pytest.approx(expected / observed, abs=2e-6)
        assert low < ratio < high


def test_the_baseline_is_what_everybody_did_in_the_period_before(nets, before):
    earlier = nets.filter(pl.col("ordered_on").is_between(EVE - timedelta(90), EVE))
    days_n = earlier.select("customer_id", "ordered_on").n_unique()
    found = held_out(nets, before)
    assert found["last_period", "backtest_expected_orders"][0] == days_n
    assert found["last_period", "backtest_expected_spend"][0] == pytest.approx(
        float(earlier["net"].sum())
    )


def test_the_interval_is_that_of_a_bootstrap_over_customers(simulate):
    truth = {"r": 0.8, "alpha": 25.0, "a": 0.7, "b": 2.0}
    model = BgNbd(**truth, log_likelihood=0.0, customers_n=3000, repeats_n=1)
    drawn = simulate(3000, **truth, seed=2, horizon_days=91).with_columns(spend_per_day_mean=1.0)
    came = drawn.select("customer_id", purchase_days_n="later_days_n", spend_hundredths=pl.lit(0))
    ((low, high),) = (
        backtest(
            drawn,
            [model],
            NotFitted("too_few_repeats"),
            bought=came,
            bought_before=came,
            tested_on=EVE,
            horizon_days=91,
        )
        .filter(model="bg_nbd", measure="backtest_orders_ratio")
        .select("low", "high")
        .rows()
    )
    expected = expected_orders(model, drawn, horizon_days=91)
    ratios = pl.Series(
        [
            each["expected_orders"].sum() / each["later_days_n"].sum()
            for each in (
                expected.sample(fraction=1.0, with_replacement=True, seed=seed)
                for seed in range(1000)
            )
        ]
    )
    assert (low, high) == pytest.approx(
        (ratios.quantile(0.025), ratios.quantile(0.975)), abs=0.1 * (high - low)
    )
    assert low < 1 < high


def test_without_a_purchase_in_the_period_there_is_no_ratio(nets, before):
    nothing = bought_since(nets, since=DAY, as_of=DAY)
    orders = fit_bg_nbd(before)
    assert isinstance(orders, BgNbd)
    found = backtest(
        before,
        [orders],
        NotFitted("too_few_repeats"),
        bought=nothing,
        bought_before=nothing,
        tested_on=EVE,
        horizon_days=91,
    )
    ratios = found.filter(pl.col("measure") == "backtest_orders_ratio")
    assert ratios.select("model", "value", "low", "high").rows() == [
        ("last_period", None, None, None),
        ("bg_nbd", None, None, None),
    ]


def test_the_order_of_the_customers_does_not_matter_to_the_backtest(nets, before):
    shuffled = before.sample(fraction=1.0, shuffle=True, seed=5)
    assert backtested(nets, shuffled).equals(backtested(nets, before))


def test_each_model_is_tested_and_the_likelier_is_the_one_that_is_used(nets, before):
    found = backtested(nets, before)
    roles = dict(found.select("model", "role").unique().iter_rows())
    plain, modified = fit_bg_nbd(before), fit_mbg_nbd(before)
    assert isinstance(plain, BgNbd)
    assert isinstance(modified, BgNbd)
    used, other = (
        (plain, modified) if plain.log_likelihood >= modified.log_likelihood else (modified, plain)
    )
    assert roles == {
        used.name: "model",
        f"{used.name}_gamma_gamma": "model",
        other.name: "candidate",
        f"{other.name}_gamma_gamma": "candidate",
        "last_period": "baseline",
    }


def test_groups_are_of_who_came_once_or_again_by_days_away(nets, before):
    found = backtested(nets, before).filter(pl.col("part").is_not_null(), model="mbg_nbd")
    fit = fit_mbg_nbd(before)
    assert isinstance(fit, BgNbd)
    came = dict(
        bought_since(nets, since=EVE, as_of=DAY)
        .select("customer_id", "purchase_days_n")
        .iter_rows()
    )
    by_hand: dict[str, list[float]] = {}
    for row in expected_orders(fit, before, horizon_days=91).iter_rows(named=True):
        away = row["observed_days"] - row["last_purchase_age_days"]
        span = next(
            text
            for end, text in ((30, "000-29"), (91, "030-90"), (182, "091-181"), (365, "182-364"))
            if away < end
        )
        group = by_hand.setdefault(f"{'again' if row['repeat_days_n'] else 'once'}.{span}", [0] * 3)
        for place, amount in enumerate(
            (1, row["expected_orders"], came.get(row["customer_id"], 0))
        ):
            group[place] += amount
    assert len(by_hand) == 4
    expected, observed = (
        found.filter(measure=f"backtest_{name}_orders").sort("part")
        for name in ("expected", "observed")
    )
    assert expected["part"].to_list() == observed["part"].to_list() == sorted(by_hand)
    for place, numbers in enumerate(
        (expected["customers_n"], expected["value"], observed["value"])
    ):
        assert numbers.to_list() == pytest.approx(
            [by_hand[part][place] for part in sorted(by_hand)]
        )


@pytest.mark.parametrize(
    ("x", "last", "observed", "part"),
    [
        (0, 0, 0, "once.000-29"),
        (1, 1, 30, "again.000-29"),
        (0, 0, 30, "once.030-90"),
        (2, 9, 190, "again.091-181"),
        (0, 0, 364, "once.182-364"),
        (0, 0, 365, "once.365-"),
        (3, 300, 2000, "again.365-"),
    ],
)
def test_a_group_begins_with_its_first_day(x, last, observed, part):
    one = pl.DataFrame(
        {
            "customer_id": pl.Series([1], dtype=pl.UInt64),
            "repeat_days_n": [x],
            "last_purchase_age_days": [last],
            "observed_days": [observed],
            "spend_per_day_mean": [1.0],
        }
    )
    found = of_one(one, came_n=0)
    assert found["part"].drop_nulls().unique().to_list() == [part]


def of_one(history: pl.DataFrame, *, came_n: int) -> pl.DataFrame:
    model = BgNbd(0.8, 25.0, 0.7, 2.0, log_likelihood=0.0, customers_n=100, repeats_n=100)
    came = history.select("customer_id", purchase_days_n=came_n, spend_hundredths=pl.lit(0))
    return backtest(
        history,
        [model],
        NotFitted("too_few_repeats"),
        bought=came,
        bought_before=came,
        tested_on=EVE,
        horizon_days=91,
    )


@pytest.mark.parametrize("came_n", [0, 1, 7])
def test_the_deviance_is_that_of_poisson_from_the_best_that_could_be_said(came_n):
    from scipy.stats import poisson

    one = pl.DataFrame(
        {
            "customer_id": pl.Series([1], dtype=pl.UInt64),
            "repeat_days_n": [2],
            "last_purchase_age_days": [60],
            "observed_days": [90],
            "spend_per_day_mean": [1.0],
        }
    )
    found = of_one(one, came_n=came_n)
    told, mean = (
        found.filter(model="bg_nbd", measure=measure)["value"][0]
        for measure in ("backtest_orders_deviance", "backtest_expected_orders")
    )
    lost = poisson.logpmf(came_n, came_n) - poisson.logpmf(came_n, mean)
    assert told == pytest.approx(2 * lost, abs=1e-5)
