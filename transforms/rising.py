"""Terms that are said more often in a week than in the weeks before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from regulars.transforms.intervals import exact

Real = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64] | Real

ERROR = 0.05
"""Each of a week's ``n`` terms has an interval of 1 - 0.05/n (Bonferroni): a week that brings
nothing new seldom has one above 1. Seldom, not one week in forty: of the terms of a small week
only those are tested that several pieces say, which is already some of the way up."""
PAST_WEEKS_LEAST_N = 4
"""With fewer weeks before it a week is not judged: to a chain that begins all is new."""
_VARIED_FROM_N = 24  # pieces of the past: fewer say nothing of how much a term varies
_VARIED_TERMS_LEAST_N = 20


@dataclass(frozen=True, eq=False)
class Week:
    """What was said in a week: its texts, and how many of them say each ``term`` (``n``)."""

    start_on: date
    texts_n: int
    counts: pl.DataFrame


@dataclass(frozen=True)
class Comparison:
    """A week against its past: the texts of both, how much more than by chance terms vary from
    week to week, and the error of one interval."""

    texts_n: int
    past_texts_n: int
    variation: float
    error: float
    is_judged: bool

    def judged(self, counts: pl.DataFrame) -> pl.DataFrame:
        """The terms with ratio, ratio_low and ratio_high of the rates of week and past.

        ``counts`` has n, and past_pieces_n of the past. The ratio and its upper end are null for a
        term that the past has not, both ends where there is too little past.
        """
        now, past = counts["n"].to_numpy(), counts["past_pieces_n"].to_numpy()
        low, high = self.ends(now, past)
        has_past = pl.col("past_pieces_n") > 0
        ratio = pl.Series(now / np.maximum(past, 1) * self._odds)
        ends = pl.lit(self.is_judged)
        return counts.with_columns(
            ratio=pl.when(has_past).then(ratio),
            ratio_low=pl.when(ends).then(pl.Series(low)),
            ratio_high=pl.when(ends, has_past).then(pl.Series(high)),
        )

    def ends(self, now: Counts, past: Counts) -> tuple[Real, Real]:
        """The interval of the ratio.

        Given how often a term is said in both, how many of them fall in the week is binomial, with
        the week's share of the texts where nothing has changed (Przyborowski and Wilenski 1940,
        Biometrika 31): its exact interval is one of the ratio. Counts are divided by the
        variation, as if so many pieces had spoken as one.
        """
        scaled = now / self.variation
        low, high = exact(
            pl.Series(scaled), pl.Series(scaled + past / self.variation), error=self.error
        )
        with np.errstate(divide="ignore"):
            odds = [end.to_numpy() / (1 - end.to_numpy()) * self._odds for end in (low, high)]
        return odds[0], odds[1]

    def evidence(self, now: Counts, past: Counts) -> Real:
        """The log likelihood ratio of two rates against one (Dunning 1993, Computational
        Linguistics 19); 0 where the rate has not risen."""
        usual = self.texts_n / max(self.texts_n + self.past_texts_n, 1)
        share = now / np.maximum(now + past, 1)
        with np.errstate(divide="ignore", invalid="ignore"):
            of_week = now * np.log(share / usual)
            of_past = np.where(past > 0, past * np.log((1 - share) / (1 - usual)), 0.0)
        return np.where(share > usual, (of_week + of_past) / self.variation, 0.0)

    @property
    def _odds(self) -> float:
        return self.past_texts_n / max(self.texts_n, 1)


def compared(
    counts: pl.DataFrame, past: Sequence[Week], *, texts_n: int, tested_n: int
) -> tuple[pl.DataFrame, Comparison]:
    """The terms of a week beside its past, and what they are to be held against.

    ``counts`` has term and n; ``tested_n`` of them are tested. Added columns: past_pieces_n;
    first_said_on, the first week of the past that says the term, null where none does.
    """
    said = [week for week in past if week.texts_n]
    earlier = [
        week.counts.lazy().select(
            "term",
            past_n="n",
            week_on=pl.lit(week.start_on),
            # In whole steps: a sum of floats would depend on its order.
            squared=(pl.col("n").cast(pl.Float64) ** 2 * (_STEPS_N / week.texts_n))
            .round()
            .cast(pl.Int64),
        )
        for week in said
    ]
    summed = (
        pl.concat([_NOTHING.to_frame().lazy(), *earlier])
        .join(counts.lazy(), on="term", how="semi")
        .sort("term", "week_on")
        .group_by("term", maintain_order=True)
        .agg(
            past_pieces_n=pl.col("past_n").sum().cast(pl.Int64),
            first_said_on=pl.col("week_on").min(),
            squared=pl.col("squared").sum(),
        )
    )
    found = (
        counts.lazy()
        .join(summed, on="term", how="left", maintain_order="left")
        .with_columns(pl.col("past_pieces_n").fill_null(0))
        .collect()
    )
    past_texts_n = sum(week.texts_n for week in said)
    comparison = Comparison(
        texts_n,
        past_texts_n,
        _variation(found, past_texts_n, len(said)),
        ERROR / max(tested_n, 1),
        is_judged=len(said) >= PAST_WEEKS_LEAST_N,
    )
    return found.drop("squared"), comparison


_STEPS_N = 2.0**20
_NOTHING = pl.Schema(
    {"term": pl.String(), "past_n": pl.Int64(), "week_on": pl.Date(), "squared": pl.Int64()}
)


def _variation(beside: pl.DataFrame, past_texts_n: int, weeks_n: int) -> float:
    """Pearson's chi-square over its degrees of freedom, of the middle term; 1 at least.

    Of a term said K times in P texts, sum((n - K·p)² / K·p) over weeks of p·P texts each is
    sum(n²/p·P)·P/K - K.
    """
    varied = beside.filter(pl.col("past_pieces_n") >= _VARIED_FROM_N)
    if varied.height < _VARIED_TERMS_LEAST_N or weeks_n < PAST_WEEKS_LEAST_N:
        return 1.0
    said_n = pl.col("past_pieces_n")
    chi_square = pl.col("squared") * (past_texts_n / _STEPS_N) / said_n - said_n
    middle = varied.select((chi_square * (1 / (weeks_n - 1))).median()).item()
    return max(1.0, float(middle))
