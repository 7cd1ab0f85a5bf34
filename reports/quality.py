"""How good the risks were, once it was known who stayed away, and whether customers changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from regulars.expectations.churn_features import GROUP_OF
from regulars.reports.facts import BASELINES, ChurnFacts, RunFacts

MODEL = "churn"
MEASURES = (
    "auc",
    "average_precision",
    "lift_5",
    "lift_10",
    "lift_20",
    "brier",
    "calibration_error",
    "calibration_floor",
)
COMPARED = ("auc", "average_precision", "brier")
LESS_IS_BETTER = ("brier",)
DRIFT_INDEX = 0.25
"""A stability index above it is drift, unless chance explains it."""


@dataclass(frozen=True)
class Measured:
    """A measure, and the middle 95 % of what it would be with customers drawn anew."""

    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Judged:
    """One model, or a plain rule beside it, by every measure."""

    model: str
    measures: Mapping[str, Measured]


@dataclass(frozen=True)
class Gain:
    """By how much the published risks did better than a plain rule, on the same customers.

    More is better whatever the measure; less than nothing is worse. ``low`` and ``high`` span the
    middle 95 % of what it would be with customers drawn anew, the same for both.
    """

    plain: str
    measure: str
    value: float
    low: float
    high: float

    @property
    def verdict(self) -> str:
        if self.low > 0:
            return "better"
        return "worse" if self.high < 0 else "unsure"


@dataclass(frozen=True)
class Bin:
    """A tenth of the customers, by risk: what they were told, and the share that stayed away."""

    risk_mean: float
    gone_share: float
    low: float
    high: float


@dataclass(frozen=True)
class Watched:
    """A figure that is watched: its stability index, and what chance alone exceeds so rarely."""

    feature: str
    group: str | None
    index: float
    chance: float | None

    @property
    def is_drifted(self) -> bool:
        return self.chance is not None and self.index > max(DRIFT_INDEX, self.chance)


@dataclass(frozen=True)
class Quality:
    """``judged`` has the published risks first, and is empty where nothing could be tested yet.

    ``gains`` are over each plain rule, empty of runs from before they were measured.
    ``curve`` is of the published risks, empty where its bins are of too few customers.
    ``gone_share`` and ``told_share`` are the share of all that stayed away, and the mean risk.
    ``choice`` are kinds of models with the AUC that they were chosen by, the best first.
    ``watched`` has the largest index first.
    """

    facts: ChurnFacts
    judged: tuple[Judged, ...]
    gains: tuple[Gain, ...]
    curve: tuple[Bin, ...]
    tested_on: date | None
    until: date | None
    customers_n: int
    gone_share: float
    told_share: float
    choice: tuple[tuple[str, float], ...]
    watched: tuple[Watched, ...]

    @property
    def drifted(self) -> tuple[Watched, ...]:
        return tuple(one for one in self.watched if one.is_drifted)


def quality(tables: Mapping[str, pl.DataFrame], facts: RunFacts) -> Quality | None:
    """What the table model_quality says of the churn model; None where there is none."""
    told = facts.churn
    if "model_quality" not in tables or told is None or told.reason is not None:
        return None
    table = tables["model_quality"]
    judged = tuple(
        one for model in (MODEL, *reversed(BASELINES)) if (one := _judged(table, model)).measures
    )
    bins = _bins(table)
    tested = table.filter(pl.col("model") == MODEL, pl.col("measure") == "auc")
    test: dict[str, Any] = tested.row(0, named=True) if tested.height else {}
    customers_n = test.get("customers_n", 0)
    sizes = [customers_n // 10 + (place < customers_n % 10) for place in range(len(bins))]
    weighed = max(sum(sizes), 1)
    return Quality(
        facts=told,
        judged=judged if test else (),
        gains=_gains(table),
        curve=bins if customers_n >= 10 * facts.small_below else (),
        tested_on=test.get("tested_on"),
        until=test["tested_on"] + timedelta(days=test["horizon_days"]) if test else None,
        customers_n=customers_n,
        gone_share=sum(n * one.gone_share for n, one in zip(sizes, bins, strict=True)) / weighed,
        told_share=sum(n * one.risk_mean for n, one in zip(sizes, bins, strict=True)) / weighed,
        choice=_choice(table),
        watched=_watched(table),
    )


def _judged(table: pl.DataFrame, model: str) -> Judged:
    rows = table.filter(
        pl.col("model") == model,
        pl.col("part").is_null(),
        pl.col("measure").is_in(MEASURES),
        pl.col("value").is_not_null(),
    )
    return Judged(
        model,
        {
            row["measure"]: Measured(row["value"], row["low"], row["high"])
            for row in rows.iter_rows(named=True)
        },
    )


def _gains(table: pl.DataFrame) -> tuple[Gain, ...]:
    rows = {
        (row["part"], row["measure"]): row
        for row in table.filter(
            pl.col("model") == MODEL, pl.col("measure").str.ends_with("_difference")
        ).iter_rows(named=True)
    }
    return tuple(
        _gain(plain, measure, rows[plain, f"{measure}_difference"])
        for plain in BASELINES
        for measure in COMPARED
        if (plain, f"{measure}_difference") in rows
    )


def _gain(plain: str, measure: str, row: Mapping[str, Any]) -> Gain:
    if measure in LESS_IS_BETTER:
        return Gain(plain, measure, -row["value"], -row["high"], -row["low"])
    return Gain(plain, measure, row["value"], row["low"], row["high"])


def _bins(table: pl.DataFrame) -> tuple[Bin, ...]:
    """In the order of their numbers, which is that of the risks."""
    rows = table.filter(
        pl.col("model") == MODEL, pl.col("measure").is_in(("risk_mean", "gone_share"))
    ).sort("part")
    told = dict(rows.filter(pl.col("measure") == "risk_mean").select("part", "value").iter_rows())
    came = rows.filter(pl.col("measure") == "gone_share").select("part", "value", "low", "high")
    return tuple(Bin(told[part], share, low, high) for part, share, low, high in came.iter_rows())


def _choice(table: pl.DataFrame) -> tuple[tuple[str, float], ...]:
    rows = table.filter(pl.col("measure") == "auc_at_choice").select("model", "value")
    return tuple(sorted(rows.iter_rows(), key=lambda row: (-row[1], row[0])))


def _watched(table: pl.DataFrame) -> tuple[Watched, ...]:
    rows = table.filter(pl.col("model") == MODEL, pl.col("measure") == "psi")
    found = (
        Watched(row["part"], GROUP_OF.get(row["part"]), row["value"], row["high"])
        for row in rows.iter_rows(named=True)
    )
    return tuple(sorted(found, key=lambda one: (-one.index, one.feature)))
