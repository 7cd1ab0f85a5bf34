"""The churn table, and the gaps of categories."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import polars as pl

from regulars.transforms.category_gaps import category_gaps
from regulars.transforms.churn_table import churn_table

EVERYONE = pl.DataFrame(
    {
        "customer_id": pl.Series([1, 2, 3, 4, 5], dtype=pl.UInt64),
        "recency_days": [3, 30, 60, 90, None],
        "usual_gap_days": [7.0, 7.0, 8.5, 9.0, None],
    }
)


def risks(*of: float) -> pl.DataFrame:
    return pl.DataFrame(
        {"customer_id": pl.Series(range(1, len(of) + 1), dtype=pl.UInt64), "churn_risk": of},
        schema_overrides={"churn_risk": pl.Float64},
    )


def test_a_band_begins_at_its_edge() -> None:
    found = churn_table(EVERYONE, risks(0.1999, 0.2, 0.5, 0.8), None, None, horizon_days=28)
    assert found["risk_band"].to_list() == ["low", "watch", "high", "very_high", None]


def test_what_stands_to_be_lost_is_risk_times_expected_spend_in_whole_hundredths() -> None:
    spend = pl.DataFrame(
        {
            "customer_id": pl.Series([1, 2], dtype=pl.UInt64),
            "expected_spend_12m": [Decimal("100.10"), None],
        },
        schema_overrides={"expected_spend_12m": pl.Decimal(18, 2)},
    )
    found = churn_table(EVERYONE, risks(0.25, 0.5), None, spend, horizon_days=28)
    assert found["value_at_risk"].to_list()[:2] == [Decimal("25.02"), None]


def test_who_has_no_risk_has_a_reason_for_it() -> None:
    scored = churn_table(EVERYONE, risks(0.1, 0.2, 0.3, 0.4), None, None, horizon_days=28)
    assert scored["unscored_reason"].to_list() == [None] * 4 + ["no_purchase"]
    unscored = churn_table(
        EVERYONE, None, None, None, horizon_days=28, unscored_reason="too_few_gone"
    )
    assert unscored["unscored_reason"].to_list() == ["too_few_gone"] * 4 + ["no_purchase"]


def test_the_gaps_of_a_category_are_those_between_its_own_days() -> None:
    bought = pl.DataFrame(
        [
            (1, "milk", date(2024, 6, 1)),
            (1, "tea", date(2024, 6, 2)),
            (1, "milk", date(2024, 6, 8)),
            (2, "milk", date(2024, 6, 9)),
            (1, "milk", date(2024, 7, 9)),
            (1, None, date(2024, 6, 3)),
            (1, None, date(2024, 6, 4)),
        ],
        schema={"customer_id": pl.UInt64, "category": pl.String, "ordered_on": pl.Date},
        orient="row",
    )
    assert category_gaps(bought, as_of=date(2024, 6, 30)).rows() == [("milk", 1, 7)]
