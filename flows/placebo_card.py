"""What the churn model finds where there is nothing to find: outcomes dealt out at random."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from regulars.data.behaviour import Behaviour
from regulars.expectations.errors import Failed
from regulars.flows.churn_as_of import examples_as_of
from regulars.flows.churn_examples import features_as_of
from regulars.flows.leak_card import Asked, Section
from regulars.models.churn import fit_churn, matrix, score
from regulars.models.model_quality import DRAWS_N, drawn_weights, interval
from regulars.models.not_fitted import NotFitted
from regulars.models.ranking import Ranking, auc
from regulars.transforms.churn_labels import churn_labels

Floats = NDArray[np.float64]

SEEDS = tuple(range(1, 21))
"""By chance alone the AUC of 400 who stayed away among 2,400 is off by 0.016; the mean of twenty
such by a quarter of that."""

_NORMAL_95 = 1.959964


def placebo(
    data: Behaviour,
    asked: Asked,
    report: Callable[[str], None],
    *,
    seeds: Sequence[int] = SEEDS,
) -> Iterator[Section]:
    """The AUC of models of outcomes that were permuted among the customers of each day.

    Each day is permuted for itself, the one judged on too: were customers given the outcomes of one
    and the same other on all days, who stays away on one day would tell of the next. What is then
    above a half by more than chance was learned from what it is judged on.
    """
    known, horizon = data.until(asked.as_of), asked.horizon_days
    report("examples")
    learned = examples_as_of(known, as_of=asked.as_of, horizon_days=horizon)
    learned = learned.sort("snapshot_on", "customer_id")
    features = features_as_of(known, as_of=asked.as_of, horizon_days=horizon)
    outcomes = churn_labels(
        data.orders, data.returns, features, snapshot_on=asked.as_of, horizon_days=horizon
    )["is_gone"].cast(pl.Float64)
    drawn = []
    for seed in seeds:
        report(f"outcomes permuted, seed {seed}")
        dice = np.random.default_rng(seed)
        model = fit_churn(permuted(learned, dice), as_of=asked.as_of, horizon_days=horizon)
        if isinstance(model, NotFitted):
            raise Failed(f"no churn model of {asked.data}", found=str(model.as_dict()))
        # Scores, for calibration rightly gives everybody the same risk where scores tell nothing.
        told = score(model, matrix(features))
        found, low, high = _auc(told, dice.permutation(outcomes), seed=seed)
        drawn.append(
            {
                "seed": seed,
                "chosen": model.kind,
                "auc": found,
                "low": low,
                "high": high,
                "earlier": dict(model.evidence),
            }
        )
    yield _told(asked, drawn, customers_n=features.height, examples_n=learned.height)


def permuted(learned: pl.DataFrame, dice: np.random.Generator) -> pl.DataFrame:
    """The examples, sorted by snapshot, with the outcomes of each snapshot dealt out anew."""
    key = pl.Series("key", dice.random(learned.height))
    return learned.with_columns(learned.sort("snapshot_on", key)["is_gone"])


def _told(asked: Asked, drawn: list[dict[str, Any]], **counted: int) -> Section:
    lines = [
        f"placebo, churn, {asked.data} as of {asked.as_of}, horizon {asked.horizon_days} days: "
        f"outcomes permuted on each day, {counted['examples_n']:,} learned from and "
        f"{counted['customers_n']:,} judged on"
    ]
    lines += [
        f"  seed {of['seed']}: AUC {of['auc']:.4f}  [{of['low']:.4f}, {of['high']:.4f}]  "
        f"chosen: {of['chosen']} (on earlier days: "
        + ", ".join(f"{kind} {auc:.4f}" for kind, auc in of["earlier"].items())
        + ")"
        for of in drawn
    ]
    held_n = sum(of["low"] <= 1 / 2 <= of["high"] for of in drawn)
    means = {"judged": _mean([of["auc"] for of in drawn])} | {
        f"earlier days, {kind}": _mean([of["earlier"][kind] for of in drawn])
        for kind in drawn[0]["earlier"]
    }
    lines.append(f"  0.5 is within {held_n} of {len(drawn)} intervals; means over seeds:")
    lines += [
        f"    {name:<31}{mean:.4f}  [{low:.4f}, {high:.4f}]"
        for name, (mean, low, high) in means.items()
    ]
    facts = {
        "data": asked.data,
        "as_of": asked.as_of.isoformat(),
        "seeds": drawn,
        "held_n": held_n,
        "mean_auc": means,
    }
    return lines, facts | counted


def _auc(scores: Floats, gone: Floats, *, seed: int) -> tuple[float, float, float]:
    """The AUC, and the middle 95 % of it over drawn populations."""
    low, high = interval(
        np.concatenate(
            [
                Ranking.of(scores, gone, weights).auc()
                for weights in drawn_weights(len(gone), seed=seed, draws_n=DRAWS_N)
            ]
        )
    )
    return auc(scores, gone), low, high


def _mean(aucs: list[float]) -> tuple[float, float, float]:
    """The mean, and where it lies in 95 % of such draws."""
    mean = float(np.mean(aucs))
    off = _NORMAL_95 * float(np.std(aucs, ddof=1)) / len(aucs) ** 0.5
    return mean, mean - off, mean + off
