"""The `feedback_hotspots` table: where it is going wrong, beyond what chance and the rest explain.

`satisfaction` says how high a share is; whoever looks through hundreds of its rows finds a worst
one by chance alone, and finds a bad store again in each of its people and weeks. This table asks
instead: which store, week, product, person, and week of a store has more discontent than places
like it, given what other places account for, and by how much at least, however many were looked
at.
"""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from regulars.expectations.opinion_scales import NEGATIVE
from regulars.expectations.tables_feedback import FeedbackHotspots
from regulars.transforms.causes import Grouping, Judged, Truth, Whole, judged_places
from regulars.transforms.feedback_cells import ALL, NONE
from regulars.transforms.handling import refuse_later_pieces
from regulars.transforms.periods import monday, start_of

WEEKS_N = 52
"""The weeks looked at, the running one included: a year, so that no season is left out."""
ENOUGH_N = 10
"""Pieces a place needs to be judged."""
ERROR = 0.05
"""The chance that any interval of the table misses where there is nothing but chance, at most
(Bonferroni): an equal part of it for each kind of place, half of that for (all) and half for the
categories, and in each an equal part for each row. So the few stores do not pay for the many weeks
of stores, nor the first look at a place for the second."""
PLACES = {
    "store": ("store_id",),
    "week": ("week_start_on",),
    "store_week": ("store_id", "week_start_on"),
    "product": ("product_id",),
    "staff": ("staff_id",),
}
"""Kinds of place, and the columns that tell one from another."""
_ONE_VOTE = ["voice", "week_start_on", "channel", "store_id", "product_id", "staff_id"]
_FIGURES = FeedbackHotspots.create_empty().drop("is_hotspot", "rank").schema


def hotspots(handled: pl.DataFrame, *, as_of: date) -> pl.DataFrame:
    """The places with at least ``ENOUGH_N`` pieces of the last 52 weeks that have a sentiment.

    ``handled`` has a row a piece, with feedback_id, submitted_on, sentiment, categories, channel,
    store_id, product_id and staff_id.

    Grain: a row a kind of place (store, week, store_week, product, staff), place and category, one
    of (all) for whatever they are about. Columns: place, the id, the Monday, or both; store_id and
    week_start_on where the place is one; pieces_n; negative_n, those of them that are negative and
    of the category; negative_share, that over pieces_n; expected_share, what it would be as
    elsewhere: among the pieces of the same channels at other places of the kind, beside the other
    places at fault (`causes`); excess, the one less the other, with ends that hold for all rows of
    the table together; is_hotspot, whether the lower one is above 0; rank within the kind and
    category by the lower end, so that few pieces prove nothing. Expected and what follows is null
    where no other place of the kind has pieces of its channels.

    Of one customer, place and week the last piece counts: nobody makes a place a bad one by saying
    a thing twenty times. Else pieces of one customer count as told independently. Real stores
    differ somewhat: with very many pieces small differences are beyond chance as well, and
    excess_low says how small.

    Raises:
        ValueError: a piece is later than ``as_of``.
    """
    refuse_later_pieces(handled, as_of=as_of)
    asked = (
        handled.filter(
            pl.col("sentiment").is_not_null(),
            pl.col("submitted_on") >= monday(as_of) - timedelta(weeks=WEEKS_N - 1),
        )
        .sort("feedback_id")
        .with_columns(
            week_start_on=start_of("week", pl.col("submitted_on")),
            voice=pl.coalesce(pl.col("customer_id").cast(pl.String), pl.col("feedback_id")),
        )
        .unique(_ONE_VOTE, keep="last", maintain_order=True)
    )
    known = {kind: _known(asked, columns) for kind, columns in PLACES.items()}
    categories = [
        ALL,
        *asked["categories"].explode(empty_as_null=False).drop_nulls().unique().sort(),
    ]
    if asked.is_empty():
        return _ranked(_FIGURES.to_frame())
    stratum = _codes(asked["channel"].fill_null(NONE))
    groupings = {kind: _grouping(asked, known[kind], columns) for kind, columns in PLACES.items()}
    found = []
    for category in categories:
        shared_n = 2 * len(PLACES) * (1 if category == ALL else len(categories) - 1)
        judged = judged_places(
            _is_bad(asked, category),
            stratum,
            tuple(grouping.at(ERROR / shared_n) for grouping in groupings.values()),
        )
        found += [
            _rows(kind, known[kind], category, of) for kind, of in zip(PLACES, judged, strict=True)
        ]
    return _ranked(pl.concat(found))


def _known(asked: pl.DataFrame, columns: tuple[str, ...]) -> pl.DataFrame:
    """The places of a kind, in order, with their pieces."""
    return asked.drop_nulls(columns).group_by(columns).agg(pieces_n=pl.len()).sort(columns)


def _grouping(asked: pl.DataFrame, places: pl.DataFrame, columns: tuple[str, ...]) -> Grouping:
    coded = asked.select(columns).join(
        places.with_row_index("code"), on=columns, how="left", maintain_order="left"
    )
    return Grouping(
        coded["code"].cast(pl.Int64).fill_null(-1).to_numpy(),
        places.height,
        (places["pieces_n"] >= ENOUGH_N).to_numpy(),
        error=ERROR,
    )


def _codes(names: pl.Series) -> Whole:
    codes: Whole = names.rank("dense").cast(pl.Int64).to_numpy() - 1
    return codes


def _is_bad(asked: pl.DataFrame, category: str) -> Truth:
    is_bad = pl.col("sentiment") == NEGATIVE
    if category != ALL:
        is_bad &= pl.col("categories").list.contains(category).fill_null(value=False)
    found: Truth = asked.select(is_bad).to_series().to_numpy()
    return found


def _rows(kind: str, places: pl.DataFrame, category: str, judged: Judged) -> pl.DataFrame:
    columns = PLACES[kind]
    figures = {
        "negative_n": judged.bad_n,
        "expected_share": judged.expected,
        "excess": judged.excess,
        "excess_low": judged.low,
        "excess_high": judged.high,
    }
    return (
        places.with_columns(
            place=pl.concat_str(columns, separator=" "),
            place_kind=pl.lit(kind),
            category=pl.lit(category),
            **{name: pl.Series(figure).fill_nan(None) for name, figure in figures.items()},
        )
        .filter(pl.col("pieces_n") >= ENOUGH_N)
        .with_columns(
            pl.lit(None).alias(name)
            for name in ("store_id", "week_start_on")
            if name not in columns
        )
        .with_columns(negative_share=pl.col("negative_n") / pl.col("pieces_n"))
        .select(pl.col(name).cast(dtype) for name, dtype in _FIGURES.items())
    )


def _ranked(found: pl.DataFrame) -> pl.DataFrame:
    by = ["place_kind", "category"]
    return (
        found.sort(
            *by, "excess_low", "place", descending=[False, False, True, False], nulls_last=True
        )
        .with_columns(
            is_hotspot=(pl.col("excess_low") > 0).fill_null(value=False),
            rank=pl.when(pl.col("excess_low").is_not_null()).then(
                pl.int_range(1, pl.len() + 1).over(by)
            ),
        )
        .sort("place_kind", "place", "category")
    )
