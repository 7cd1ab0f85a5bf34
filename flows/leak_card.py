"""That churn is told by what was known on the day, and by nothing else: on public data.

Leaks: what came later is deleted, or dealt out to other customers and days. Stability: rows come in
another order. None of it may change a feature, an outcome learned from, a risk or a reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import polars as pl

from regulars.data.behaviour import Behaviour
from regulars.flows.churn_as_of import churn_as_of
from regulars.models.churn import churn_risk
from regulars.models.churn_reasons import churn_reasons

Section = tuple[list[str], dict[str, Any]]

SEED = 11
DAYS = (
    "ordered_on",
    "returned_on",
    "ordered_on",
    "contacted_on",
    "redeemed_on",
    "submitted_on",
)
"""The day of a row, of each frame of a `Behaviour`."""


@dataclass(frozen=True)
class Asked:
    """The data, the day and the horizon that are asked about: a day that choices are made on."""

    data: str
    as_of: date
    horizon_days: int


class Known(NamedTuple):
    """All that a run computes of churn, sorted."""

    examples: pl.DataFrame
    features: pl.DataFrame
    risks: pl.DataFrame
    reasons: pl.DataFrame


def leaks(data: Behaviour, asked: Asked, report: Callable[[str], None]) -> Iterator[Section]:
    """What comes later, deleted and dealt out: what differs then."""
    changed = {
        "what came later deleted": data.until(asked.as_of),
        "what came later shuffled": dealt(data, asked.as_of),
    }
    yield _compared("leak", data, changed, asked, report)


def stability(data: Behaviour, asked: Asked, report: Callable[[str], None]) -> Iterator[Section]:
    """The same rows in another order: what differs then."""
    yield _compared("stability", data, {"rows reordered": reordered(data)}, asked, report)


def known(data: Behaviour, asked: Asked) -> Known:
    """What is computed as of the day from data that may reach beyond it."""
    told = churn_as_of(data, as_of=asked.as_of, horizon_days=asked.horizon_days)
    return Known(
        told.learned.sort("snapshot_on", "customer_id"),
        told.asked,
        churn_risk(told.model, told.asked),
        churn_reasons(told.model, told.asked),
    )


def dealt(data: Behaviour, day: date) -> Behaviour:
    """What came after the day, with its customers and its days dealt out anew.

    Answers that came after it to what was said before it are dealt out among all that were waiting.
    """
    mixed = Behaviour(
        *(
            pl.concat(
                [
                    frame.filter(pl.col(on) <= day),
                    frame.filter(pl.col(on) > day).with_columns(
                        pl.col("customer_id").shuffle(seed=SEED), pl.col(on).shuffle(seed=SEED + 1)
                    ),
                ]
            )
            for frame, on in zip(data, DAYS, strict=True)
        )
    )
    return mixed._replace(
        feedback=mixed.feedback.with_columns(
            pl.when(pl.col(answered) <= day)
            .then(answered)
            .otherwise(pl.col(answered).shuffle(seed=SEED).over(_waits(answered, day)))
            for answered in ("responded_on", "resolved_on")
        )
    )


def _waits(answered: str, day: date) -> pl.Expr:
    """Which pieces were neither later than the day nor answered by its end."""
    is_answered = (pl.col(answered) <= day).fill_null(value=False)
    return ~is_answered & (pl.col("submitted_on") <= day)


def reordered(data: Behaviour) -> Behaviour:
    """The same rows in another order."""
    return Behaviour(*(frame.sample(fraction=1.0, shuffle=True, seed=SEED) for frame in data))


def differing(one: pl.DataFrame, other: pl.DataFrame) -> tuple[int, int]:
    """How many values were compared, and how many of them differ.

    Frames of other rows or columns differ in every value.
    """
    compared_n = one.height * one.width
    if one.shape != other.shape or one.columns != other.columns:
        return compared_n, compared_n
    return compared_n, sum(int(one[name].ne_missing(other[name]).sum()) for name in one.columns)


def _compared(
    section: str,
    data: Behaviour,
    changed: dict[str, Behaviour],
    asked: Asked,
    report: Callable[[str], None],
) -> Section:
    report("as it is")
    whole = known(data, asked)
    lines, facts = [f"{section}, {_named(asked)}"], {}
    for change, other in changed.items():
        report(change)
        found = {
            name: differing(frame, again)
            for name, frame, again in zip(whole._fields, whole, known(other, asked), strict=True)
        }
        lines.append(f"  {change}:")
        lines += [
            f"    {name:<9}{compared_n:>11,} values compared, {differ_n:,} differ"
            for name, (compared_n, differ_n) in found.items()
        ]
        facts[change] = {
            name: {"compared_n": compared_n, "differ_n": differ_n}
            for name, (compared_n, differ_n) in found.items()
        }
    named = {
        "data": asked.data,
        "as_of": asked.as_of.isoformat(),
        "customers_n": whole.risks.height,
    }
    return lines, {**named, "changes": facts}


def _named(asked: Asked) -> str:
    return f"churn, {asked.data} as of {asked.as_of}, horizon {asked.horizon_days} days"
