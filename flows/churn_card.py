"""How the churn model does on public data, beside its baselines, on days named beforehand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from regulars.data.behaviour import Behaviour
from regulars.flows.churn_as_of import churn_as_of
from regulars.models.churn import churn_risk
from regulars.models.churn_quick import quick_risk
from regulars.models.model_quality import (
    DRAWS_N,
    calibration_error,
    calibration_floor,
    drawn_weights,
    interval,
)
from regulars.models.ranking import Ranking, auc
from regulars.transforms.churn_labels import churn_labels

Floats = NDArray[np.float64]

SEED = 7
_RISKS = ("model", "quick", "expected_orders", "recency")


@dataclass(frozen=True)
class Split:
    """A data set, a horizon and the days on which risks are told; what came later judges them."""

    data: str
    horizon_days: int
    days: tuple[date, ...]


FINAL: tuple[Split, ...] = (
    Split("complete_journey", 28, (date(2017, 8, 31), date(2017, 9, 30), date(2017, 10, 31))),
    Split("complete_journey", 56, (date(2017, 10, 31),)),
    Split("cdnow", 91, (date(1998, 3, 30),)),
    Split("cdnow", 182, (date(1997, 12, 30),)),
)
"""For the figures alone: nothing is ever chosen on them."""

DEVELOPMENT: tuple[Split, ...] = (
    Split(
        "complete_journey",
        28,
        (date(2017, 6, 22), date(2017, 7, 6), date(2017, 7, 20), date(2017, 8, 3)),
    ),
    Split("complete_journey", 56, (date(2017, 6, 22), date(2017, 7, 6))),
    Split("cdnow", 91, (date(1997, 9, 2), date(1997, 9, 30))),
    # Less history than two horizons, as the final figures of 182 days have.
    Split("cdnow", 91, (date(1997, 6, 10), date(1997, 7, 1))),
)
"""What choices are made on: every outcome was known by the first of the final days of its data."""


@dataclass(frozen=True, eq=False)
class Told:
    """The risks told on a day, a row a customer: customer_id, is_gone and a column a model."""

    split: Split
    day: date
    kind: str
    evidence: dict[str, float]
    risks: pl.DataFrame


def told(data: Behaviour, split: Split, day: date) -> Told:
    """The risks of a day, by what was known on it."""
    horizon = split.horizon_days
    of_day = churn_as_of(data.until(day), as_of=day, horizon_days=horizon)
    model, asked = of_day.model, of_day.asked
    risks = churn_risk(model, asked).select(
        "customer_id",
        model="churn_risk",
        quick=pl.Series(quick_risk(of_day.learned, asked)),
        expected_orders=-asked["log_expected_orders"],
        recency=asked["recency_days"],
    )
    judged = churn_labels(data.orders, data.returns, risks, snapshot_on=day, horizon_days=horizon)
    return Told(split, day, model.kind, dict(model.evidence), judged)


def card(
    data: dict[str, Behaviour], splits: Sequence[Split], *, report: Callable[[str], None]
) -> Iterator[tuple[list[str], dict[str, Any]]]:
    """For each split the lines and the figures."""
    for split in splits:
        days = []
        for day in split.days:
            report(f"{split.data}, {split.horizon_days} days as of {day}")
            days.append(told(data[split.data], split, day))
        yield _lines_of(split, days)


def _lines_of(split: Split, days: list[Told]) -> tuple[list[str], dict[str, Any]]:
    lines = [f"churn, {split.data}, horizon {split.horizon_days} days"]
    facts: dict[str, Any] = {
        "data": split.data,
        "horizon_days": split.horizon_days,
        "days": [],
    }
    errors, floors = [], []
    drawn = _drawn_aucs(days)
    for n, of in enumerate(days):
        gone = of.risks["is_gone"].cast(pl.Float64).to_numpy()
        risk = of.risks["model"].to_numpy()
        aucs = {name: auc(of.risks[name].to_numpy(), gone) for name in _RISKS}
        errors.append(calibration_error(risk, gone))
        floors.append(float(calibration_floor(risk, seed=SEED).mean()))
        lines.append(
            f"  as of {of.day}: {of.risks.height:,} customers, {gone.mean():.1%} stayed away; "
            f"chosen: {of.kind} (on earlier days: "
            + ", ".join(f"{kind} {auc:.4f}" for kind, auc in of.evidence.items())
            + ")"
        )
        intervals = {name: interval(drawn[name][n]) for name in _RISKS}
        lines += [
            f"    AUC {name:<16}{aucs[name]:.4f}  [{low:.4f}, {high:.4f}]"
            for name, (low, high) in intervals.items()
        ]
        lines.append(
            f"    calibration error {errors[-1]:.4f} "
            f"(a perfect model's: {floors[-1]:.4f}), mean risk {risk.mean():.4f}"
        )
        facts["days"].append(
            {
                "as_of": of.day.isoformat(),
                "customers_n": of.risks.height,
                "chosen": of.kind,
                "evidence": of.evidence,
                "auc": aucs,
                "auc_intervals": intervals,
                "calibration_error": errors[-1],
                "calibration_floor": floors[-1],
            }
        )
    facts["gains"] = {}
    for name in _RISKS[1:]:
        gain = float(np.mean([day["auc"]["model"] - day["auc"][name] for day in facts["days"]]))
        low, high = interval((drawn["model"] - drawn[name]).mean(axis=0))
        facts["gains"][name] = {"mean": gain, "low": low, "high": high}
        lines.append(f"  mean gain over {name:<16}{gain:+.4f}  [{low:+.4f}, {high:+.4f}]")
    lines.append(
        f"  mean calibration error {np.mean(errors):.4f} (a perfect model's: {np.mean(floors):.4f})"
    )
    return lines, facts


def _drawn_aucs(days: list[Told]) -> dict[str, Floats]:
    """AUC of each model, a row a day and a column a draw.

    A customer counts as often on each day: the days of a draw have one population.
    """
    everyone = (
        pl.concat([of.risks.select("customer_id") for of in days]).unique().sort("customer_id")
    )
    places = [
        of.risks.join(
            everyone.with_row_index("place"), on="customer_id", how="left", maintain_order="left"
        )["place"].to_numpy()
        for of in days
    ]
    found: dict[str, list[list[Floats]]] = {name: [[] for _ in days] for name in _RISKS}
    for weights in drawn_weights(everyone.height, seed=SEED, draws_n=DRAWS_N):
        for n, of in enumerate(days):
            gone = of.risks["is_gone"].cast(pl.Float64).to_numpy()
            for name in _RISKS:
                ranking = Ranking.of(of.risks[name].to_numpy(), gone, weights[:, places[n]])
                found[name][n].append(ranking.auc())
    return {
        name: np.array([np.concatenate(parts) for parts in by_day])
        for name, by_day in found.items()
    }
