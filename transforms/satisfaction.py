"""The `satisfaction` table: CSAT, NPS and the tone of texts, with intervals and their change."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import polars.selectors as cs

from regulars.expectations.opinion_scales import (
    DETRACTOR_TO,
    NEGATIVE,
    PROMOTER_FROM,
    SATISFIED_FROM,
)
from regulars.transforms.feedback_cells import (
    BREAKDOWNS,
    KEY,
    WEEKS_N,
    cells,
    with_segments,
)
from regulars.transforms.handling import refuse_later_pieces
from regulars.transforms.intervals import difference, net_share, share, wilson
from regulars.transforms.periods import before, monday

ENOUGH_N = 10
"""Pieces that a product or a person must have in the period to be told of apart."""
FIGURES = {"csat": "csat_share", "nps": "nps_net", "negative": "negative_share"}
"""Each figure by what its ends, its change and its pull are called after."""
_THOUSANDTHS = 1000
_BEFORE, _WITHOUT = "_before", "_without"
_COUNTS = (
    "ratings_n",
    "satisfied_n",
    "nps_n",
    "promoters_n",
    "detractors_n",
    "texts_n",
    "negative_n",
)


def satisfaction(handled: pl.DataFrame, segments: pl.DataFrame, *, as_of: date) -> pl.DataFrame:
    """How satisfied those who spoke were, as of the end of the day.

    ``handled`` has a row a piece, with submitted_on, customer_id, store_id, channel, kind,
    product_id, staff_id, rating_of_five, nps, text, sentiment and categories; ``segments`` the
    customers' segments as of the day.

    Grain: a row a week (of the last 53) or month, store, channel, and value of one breakdown (all,
    segment, category, kind, product, staff); how totals stand beside parts is told in
    `feedback_cells`. Only cells with a piece have a row, products and people only from
    ``ENOUGH_N`` pieces of the period on.

    Columns, beside the key: is_complete, whether the period was over; pieces_n, customers_n; CSAT
    as csat_share of ratings_n (Wilson's interval); rating_mean; NPS as nps_net of nps_n, -1 to 1
    (Bonett and Price's); negative_share of texts_n, the pieces whose text has a sentiment. Each
    has its ``_change`` against the period before, of the same cell (Newcombe's interval, and Zou
    and Donner's for NPS). For categories csat_pull and nps_pull: the figure of all pieces less
    that of the pieces without the category, which is what the category adds to it. Given the
    category's share of the answers this is the share times the difference between those who speak
    of it and those who do not, and so is its interval. Whatever has nothing to divide by is null.
    Two pieces of one customer count as told independently.

    Raises:
        ValueError: a piece is later than ``as_of``.
    """
    refuse_later_pieces(handled, as_of=as_of)
    counted = cells(
        _answers(with_segments(handled, segments)),
        [
            pl.col("customer_id").drop_nulls().n_unique().cast(pl.Int64).alias("customers_n"),
            pl.col(*_COUNTS, "rating_thousandths").sum().cast(pl.Int64),
        ],
        breakdowns=BREAKDOWNS,
        named_from_n=ENOUGH_N,
        as_of=as_of,
        # The first week told is held against the one before it.
        weeks_n=WEEKS_N + 1,
    )
    measured = counted.lazy().with_columns(
        rating_mean=share(pl.col("rating_thousandths"), pl.col("ratings_n") * _THOUSANDTHS),
        **_measures(""),
    )
    is_told = (pl.col("period") != "week") | (
        pl.col("period_start_on") >= monday(as_of) - timedelta(weeks=WEEKS_N - 1)
    )
    return (
        _with_pull(_with_change(measured))
        .filter(is_told)
        .drop("rating_thousandths")
        .sort(KEY)
        .collect()
    )


def _answers(pieces: pl.DataFrame) -> pl.DataFrame:
    """The pieces with what each adds to the counts."""
    rating, nps = pl.col("rating_of_five"), pl.col("nps")
    has_tone = pl.col("text").is_not_null() & pl.col("sentiment").is_not_null()
    return pieces.select(
        "submitted_on", "customer_id", "store_id", "channel", "kind", "segment",
        "product_id", "staff_id", "categories",
        ratings_n=rating.is_not_null(),
        satisfied_n=rating >= SATISFIED_FROM,
        rating_thousandths=rating.cast(pl.Decimal(18, 3)).reinterpret(dtype=pl.Int128),
        nps_n=nps.is_not_null(),
        promoters_n=nps >= PROMOTER_FROM,
        detractors_n=nps <= DETRACTOR_TO,
        texts_n=has_tone,
        negative_n=has_tone & (pl.col("sentiment") == NEGATIVE),
    )  # fmt: skip


def _measures(end: str) -> dict[str, pl.Expr]:
    """The three figures and their intervals, of counts whose names have the end."""
    of = {name: pl.col(f"{name}{end}") for name in _COUNTS}
    found = {
        "csat_share": share(of["satisfied_n"], of["ratings_n"]),
        "nps_net": share(of["promoters_n"] - of["detractors_n"], of["nps_n"]),
        "negative_share": share(of["negative_n"], of["texts_n"]),
    }
    ends = {
        "csat": wilson(of["satisfied_n"], of["ratings_n"]),
        "nps": net_share(of["promoters_n"], of["detractors_n"], of["nps_n"]),
        "negative": wilson(of["negative_n"], of["texts_n"]),
    }
    for name, (low, high) in ends.items():
        found |= {f"{name}_low": low, f"{name}_high": high}
    return {f"{name}{end}": figure for name, figure in found.items()}


def _interval_of(name: str, end: str = "") -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    return (
        pl.col(f"{FIGURES[name]}{end}"),
        pl.col(f"{name}_low{end}"),
        pl.col(f"{name}_high{end}"),
    )


def _with_change(measured: pl.LazyFrame) -> pl.LazyFrame:
    start = pl.col("period_start_on")
    earlier = measured.select(*KEY, *(part for name in FIGURES for part in _interval_of(name)))
    found = measured.with_columns(
        before_on=pl.when(pl.col("period") == "week")
        .then(before("week", start))
        .otherwise(before("month", start))
    ).join(
        earlier,
        left_on=[name if name != "period_start_on" else "before_on" for name in KEY],
        right_on=KEY,
        how="left",
        suffix=_BEFORE,
    )
    changes: dict[str, pl.Expr] = {}
    for name in FIGURES:
        now, was = _interval_of(name), _interval_of(name, _BEFORE)
        low, high = difference(now, was)
        changes |= {
            f"{name}_change": now[0] - was[0],
            f"{name}_change_low": low,
            f"{name}_change_high": high,
        }
    return found.with_columns(**changes).drop("before_on", cs.ends_with(_BEFORE))


def _with_pull(measured: pl.LazyFrame) -> pl.LazyFrame:
    """What each category adds to the figures of all pieces of its cell."""
    of_all = ["period", "period_start_on", "store_id", "channel"]
    whole = measured.filter(pl.col("breakdown") == "all").select(*of_all, *_COUNTS)
    without = {f"{name}{_WITHOUT}": pl.col(f"{name}_all") - pl.col(name) for name in _COUNTS}
    pulls: dict[str, pl.Expr] = {}
    for name, answers_n in (("csat", "ratings_n"), ("nps", "nps_n")):
        those, others = _interval_of(name), _interval_of(name, _WITHOUT)
        weight = share(pl.col(answers_n), pl.col(f"{answers_n}_all"))
        low, high = difference(those, others)
        pulls |= {
            f"{name}_pull": weight * (those[0] - others[0]),
            f"{name}_pull_low": weight * low,
            f"{name}_pull_high": weight * high,
        }
    of_category = (
        measured.filter(pl.col("breakdown") == "category")
        .join(whole, on=of_all, suffix="_all")
        .with_columns(**without)
        .with_columns(**_measures(_WITHOUT))
        .with_columns(**pulls)
        .drop(cs.ends_with("_all", _WITHOUT))
    )
    return pl.concat(
        [measured.filter(pl.col("breakdown") != "category"), of_category], how="diagonal"
    )
