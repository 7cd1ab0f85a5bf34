"""The `complaints` table: how those who had to be answered were, by period and place."""

from __future__ import annotations

from datetime import date

import polars as pl

from regulars.transforms.feedback_cells import cells, with_segments
from regulars.transforms.handling import refuse_later_pieces
from regulars.transforms.intervals import share, wilson

BREAKDOWNS = ("all", "segment", "category", "staff")
_TARGETS = ("response", "resolution")


def complaints(handled: pl.DataFrame, segments: pl.DataFrame, *, as_of: date) -> pl.DataFrame:
    """The complaints and calls, and what became of them by the end of the day.

    ``handled`` has a row a piece, as `handling.handled` gives it; of the kinds that nobody has to
    answer (is_open null) none is counted. ``segments`` has the customers' segments as of the day.

    Grain: a row a week (of the last 53) or month of the submission, store, channel, and value of
    one breakdown (all, segment, category, staff); how totals stand beside parts is told in
    `feedback_cells`. Only cells with such a piece have a row.

    Columns, beside the key: is_complete, whether the period was over; complaints_n, customers_n,
    responded_n, resolved_n, open_n, overdue_n; oldest_open_on; median and 90th percentile (type
    7) of response_hours and resolution_hours, of those that have them; of either target how many
    are decided (``_due_n``), how many were in time, and the share with Wilson's interval;
    repeat_n; out_of_order_n; main_category. Pieces still to be answered are in no hours: the
    quick ones of a running period come first, so its medians begin low. The shares do not: who
    waits too long is in them.

    Raises:
        ValueError: a piece is later than ``as_of``.
    """
    refuse_later_pieces(handled, as_of=as_of)
    asked = with_segments(handled.filter(pl.col("is_open").is_not_null()), segments)
    counted = cells(
        asked.with_columns(all_categories="categories"),
        [*_counts(), *_hours(), _MAIN_CATEGORY],
        breakdowns=BREAKDOWNS,
        named_from_n=1,
        as_of=as_of,
    )
    return counted.rename({"pieces_n": "complaints_n"}).with_columns(**_shares())


_MAIN_CATEGORY = (
    pl.col("all_categories")
    .explode(empty_as_null=False)
    .drop_nulls()
    .mode()
    .sort()
    .first()
    .alias("main_category")
)


def _counts() -> list[pl.Expr]:
    counted = {
        "responded_n": pl.coalesce("responded_at", "resolved_at").is_not_null(),
        "resolved_n": ~pl.col("is_open"),
        "open_n": pl.col("is_open"),
        "overdue_n": pl.col("is_overdue"),
        "repeat_n": pl.col("is_repeat"),
        "out_of_order_n": pl.col("is_out_of_order"),
    }
    for name in _TARGETS:
        is_in_target = pl.col(f"is_in_{name}_target")
        counted |= {
            f"{name}_due_n": is_in_target.is_not_null(),
            f"in_{name}_target_n": is_in_target,
        }
    return [
        pl.col("customer_id").drop_nulls().n_unique().cast(pl.Int64).alias("customers_n"),
        pl.col("submitted_on").filter("is_open").min().alias("oldest_open_on"),
        *(figure.sum().cast(pl.Int64).alias(name) for name, figure in counted.items()),
    ]


def _hours() -> list[pl.Expr]:
    return [
        pl.col(f"{name}_hours").quantile(level, "linear").alias(f"{name}_hours_{end}")
        for name in _TARGETS
        for end, level in (("median", 0.5), ("p90", 0.9))
    ]


def _shares() -> dict[str, pl.Expr]:
    found: dict[str, pl.Expr] = {}
    for name in _TARGETS:
        part, whole = pl.col(f"in_{name}_target_n"), pl.col(f"{name}_due_n")
        low, high = wilson(part, whole)
        found |= {
            f"in_{name}_target_share": share(part, whole),
            f"in_{name}_target_low": low,
            f"in_{name}_target_high": high,
        }
    return found
