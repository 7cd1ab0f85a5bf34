"""What is planted in the sample chain is found by the models, and its figures are counted right."""

from __future__ import annotations

import json
from datetime import date

import polars as pl
import pytest

from regulars.flows.chain_card import RISKS_ON, recovered
from regulars.flows.churn_recovery import Recall, Recovery, recalls
from regulars.flows.cluster_recovery import ClusterRecovery
from regulars.flows.planted_chain import PlantedChain, planted_chain

AS_OF = date(2025, 6, 30)


@pytest.fixture(scope="module")
def chain() -> PlantedChain:
    return planted_chain("small", seed=4, days=(RISKS_ON,), report=lambda _: None)


@pytest.fixture(scope="module")
def found(chain: PlantedChain) -> tuple[Recovery, ClusterRecovery]:
    return recovered(chain)


def in_farewell(chain: PlantedChain, frame: str, cause: str) -> pl.DataFrame:
    """What those of the cause bought in their last weeks, as the exports have it."""
    bought = getattr(chain.behaviours[chain.last_on], frame)
    return bought.join(chain.truth.filter(farewell=cause), on="customer_id").filter(
        pl.col("ordered_on").is_between("farewell_from", "alive_until")
    )


def test_farewells_can_be_seen_in_what_the_files_gave(chain: PlantedChain) -> None:
    baskets = in_farewell(chain, "orders", "basket")
    cheap = in_farewell(chain, "orders", "discount")
    narrow = in_farewell(chain, "categories", "breadth")

    assert baskets["lines_n"].unique().to_list() == [1]
    assert (cheap["discount"] / cheap["gross"]).cast(pl.Float64).min() > 0.98
    assert narrow.group_by("customer_id").agg(pl.col("category").n_unique())[
        "category"
    ].unique().to_list() == [1]
    assert min(baskets.height, cheap.height, narrow.height) > 20


def test_planted_ends_of_life_are_found(
    found: tuple[Recovery, ClusterRecovery], chain: PlantedChain
) -> None:
    risks, _ = found
    left_n = chain.truth.filter(pl.col("alive_until") <= AS_OF).height

    assert 0.8 * left_n < risks.gone_n["left_by_the_day"] <= left_n
    assert all(aucs["churn"] > 0.9 for aucs in risks.aucs.values())


def test_what_is_called_expected_orders_ranks_by_it(
    found: tuple[Recovery, ClusterRecovery],
) -> None:
    """Upside down it would be far below a half."""
    assert all(aucs["expected_orders"] > 0.9 for aucs in found[0].aucs.values())


def test_planted_segments_are_found_by_the_clusters(
    found: tuple[Recovery, ClusterRecovery], chain: PlantedChain
) -> None:
    _, clusters = found

    assert clusters.segments_n == 6
    assert clusters.many_orders.adjusted_rand > clusters.all_customers.adjusted_rand > 0.6
    assert clusters.all_customers.customers_n > clusters.many_orders.customers_n
    assert clusters.grown.kept_share > 0.95
    known_n = chain.behaviours[chain.last_on].orders["customer_id"].n_unique()
    assert clusters.grown.customers_n == pytest.approx(known_n * 49 / 50, abs=known_n / 50)


def told(*rows: tuple[float, int, tuple[str | None, ...], date | None, str | None]) -> pl.DataFrame:
    """Customers of (risk, recency, reasons, end of life, cause) as of ``AS_OF``."""
    return pl.DataFrame(
        [
            (number, risk, days, *reasons, end, cause, end and end.replace(month=end.month - 1))
            for number, (risk, days, reasons, end, cause) in enumerate(rows)
        ],
        schema={
            "customer_id": pl.UInt64,
            "churn_risk": pl.Float64,
            "recency_days": pl.Float64,
            **dict.fromkeys(["reason_1", "reason_2", "reason_3"], pl.String),
            "alive_until": pl.Date,
            "farewell": pl.String,
            "farewell_from": pl.Date,
        },
        orient="row",
    )


def test_a_cause_is_named_by_any_of_three_reasons_of_those_at_high_risk() -> None:
    june = date(2025, 6, 20)
    found = recalls(
        told(
            (0.9, 12, ("rhythm", "basket", None), june, "basket"),
            (0.9, 12, ("pace", "rhythm", "slowing"), june, "basket"),
            (0.3, 12, ("basket", None, None), june, "basket"),
        ),
        as_of=AS_OF,
    )
    assert found == (Recall("basket", all_n=3, high_n=2, named_n=1, chance_n=0.0),)


def test_a_farewell_that_showed_in_no_purchase_or_is_long_past_is_not_asked_about() -> None:
    named = ("basket", None, None)
    found = recalls(
        told(
            (0.9, 42, named, date(2025, 6, 20), "basket"),
            (0.9, 70, named, date(2025, 5, 5), "basket"),
            (0.9, 41, named, date(2025, 6, 20), "basket"),
        ),
        as_of=AS_OF,
    )
    assert [(one.all_n, one.high_n, one.named_n) for one in found] == [(1, 1, 1)]


def test_chance_is_how_often_others_of_similar_risk_are_told_the_same() -> None:
    june = date(2025, 6, 20)
    none = (None, None, None)
    found = recalls(
        told(
            (0.95, 12, none, june, "basket"),
            (0.55, 12, none, june, "basket"),
            (0.93, 12, ("basket", None, None), None, None),
            (0.97, 12, none, None, None),
            (0.56, 12, none, None, None),
            (0.20, 12, ("basket", None, None), None, None),
        ),
        as_of=AS_OF,
    )
    assert [one.chance_n for one in found] == [0.5]


def test_figures_can_be_written_down(found: tuple[Recovery, ClusterRecovery]) -> None:
    from regulars.flows.chain_card import _facts

    facts = json.loads(json.dumps(_facts(*found)))
    assert facts["churn"]["auc"]["left_by_the_day"].keys() == {
        "churn",
        "recency",
        "expected_orders",
    }
    assert facts["reasons"][-1]["cause"] == "all"
