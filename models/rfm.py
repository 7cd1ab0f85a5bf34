"""Where a population is cut into fifths by recency, frequency and monetary, and the scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from fractions import Fraction
from math import floor

import polars as pl

from regulars.expectations.errors import SettingsError

FIFTHS = 5
HUNDREDTHS = 100
_CUTS_N = FIFTHS - 1

Cuts = tuple[Decimal, Decimal, Decimal, Decimal]


@dataclass(frozen=True)
class CutPoints:
    """Four cut points each, in the unit of the column they cut, exact.

    They are fitted by `fit_cut_points` or given by the user; `dataclasses.replace` mixes both.

    Raises:
        SettingsError: not four numbers, or one is lower than the one before it.
    """

    recency_days: Cuts
    orders_n: Cuts
    spend: Cuts

    def __post_init__(self) -> None:
        for field in fields(self):
            _refuse_disorder(field.name, getattr(self, field.name))

    def as_dict(self) -> dict[str, list[str]]:
        """The cut points as they are published: text, so that no reader rounds them."""
        return {
            field.name: [f"{cut:f}" for cut in getattr(self, field.name)] for field in fields(self)
        }


def fit_cut_points(purchases: pl.DataFrame) -> CutPoints | None:
    """The 20, 40, 60 and 80 % quantiles of the customers with an order of positive net.

    None when there is no such customer. Quantiles are of type 7 of Hyndman and Fan (1996),
    Sample quantiles in statistical packages: at p the value (n - 1) p places after the lowest,
    between neighbours in proportion. At fifths this is a whole number of fifths of a hundredth,
    so the cut points are exact.

    >>> of_five = pl.DataFrame(
    ...     {
    ...         "recency_days": [0, 10, 20, 30, 40],
    ...         "orders_n": [1, 1, 2, 2, 9],
    ...         "spend": [Decimal("1.00"), Decimal("2.00")] + [Decimal("5.01")] * 3,
    ...     },
    ...     schema_overrides={"spend": pl.Decimal(18, 2)},
    ... )
    >>> fit_cut_points(of_five).as_dict()["spend"]
    ['1.8', '3.806', '5.01', '5.01']
    """
    scored = purchases.filter(pl.col("orders_n") > 0).select(
        "recency_days", "orders_n", _hundredths("spend")
    )
    if scored.height == 0:
        return None
    return CutPoints(
        recency_days=_quantiles(scored["recency_days"], units=1),
        orders_n=_quantiles(scored["orders_n"], units=1),
        spend=_quantiles(scored["spend"], units=HUNDREDTHS),
    )


def scored(purchases: pl.DataFrame, cuts: CutPoints | None) -> pl.DataFrame:
    """The customers with r_score, f_score, m_score (Int32, 1 to 5, 5 best) and rfm_score.

    Grain: one row a customer of `purchases`, all its columns kept. F and M score 1 and the number
    of cut points strictly below the value, R scores 5 less that number; equal values share a
    score. `rfm_score` is the three digits as text. Null for a customer without an order of
    positive net.

    Raises:
        ValueError: there are customers to score and no cut points.
    """
    has_purchase = pl.col("orders_n") > 0
    if cuts is None:
        if purchases.select(has_purchase.any()).item():
            raise ValueError("customers to score, but no cut points")
        return purchases.with_columns(
            pl.lit(None, dtype=pl.Int32).alias("r_score"),
            pl.lit(None, dtype=pl.Int32).alias("f_score"),
            pl.lit(None, dtype=pl.Int32).alias("m_score"),
            pl.lit(None, dtype=pl.String).alias("rfm_score"),
        )
    recency_above = _cuts_below(pl.col("recency_days"), cuts.recency_days, units=1)
    orders_above = _cuts_below(pl.col("orders_n"), cuts.orders_n, units=1)
    spend_above = _cuts_below(_hundredths("spend"), cuts.spend, units=HUNDREDTHS)
    scores = pl.col("r_score", "f_score", "m_score").cast(pl.String)
    return (
        purchases.lazy()
        .with_columns(
            r_score=pl.when(has_purchase).then(FIFTHS - recency_above),
            f_score=pl.when(has_purchase).then(1 + orders_above),
            m_score=pl.when(has_purchase).then(1 + spend_above),
        )
        .with_columns(rfm_score=pl.concat_str(scores))
        .collect()
    )


def _quantiles(values: pl.Series, *, units: int) -> Cuts:
    in_order = values.sort()
    last = in_order.len() - 1

    def cut(fifth: int) -> Decimal:
        below, fifths_past = divmod(last * fifth, FIFTHS)
        low, high = int(in_order[below]), int(in_order[min(below + 1, last)])
        return Decimal(low * FIFTHS + fifths_past * (high - low)) / (FIFTHS * units)

    return cut(1), cut(2), cut(3), cut(4)


def _cuts_below(value: pl.Expr, cuts: Sequence[Decimal], *, units: int) -> pl.Expr:
    """How many cut points are strictly below: a whole value is above a cut point exactly when it
    is above the whole number at or below it."""
    return pl.sum_horizontal(
        (value > pl.lit(floor(Fraction(cut) * units), dtype=pl.Int128)).cast(pl.Int32)
        for cut in cuts
    )


def _hundredths(amount: str) -> pl.Expr:
    return pl.col(amount).reinterpret(dtype=pl.Int128)


def _refuse_disorder(name: str, cuts: Sequence[Decimal]) -> None:
    finite = all(isinstance(cut, int | Decimal) and Decimal(cut).is_finite() for cut in cuts)
    if len(cuts) != _CUTS_N or not finite or list(cuts) != sorted(cuts):
        raise SettingsError(
            f"the cut points of {name} cannot cut customers into fifths",
            expected=f"{_CUTS_N} numbers, none lower than the one before it",
            found=", ".join(str(cut) for cut in cuts) or "none",
            next_step="correct or leave out the cut points in [rfm] of regulars.toml",
        )
