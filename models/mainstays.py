"""What a population mostly buys, where it buys, and whether its orders tell the time of day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

import polars as pl

MAIN_CATEGORIES_N = 12
"""Categories: a grocer lists hundreds, of which a dozen make up most of what anybody buys."""

CHANNEL_LEAST_SHARE = 0.01
"""Of the orders: a channel of fewer is a trial or a misspelling, not a way to shop."""

MAIN_CHANNELS_N = 6


@dataclass(frozen=True)
class Mainstays:
    """The main categories and channels, the largest first, and whether times of day are known.

    ``channels`` is empty where there are fewer than two: then nobody chooses one.
    """

    categories: tuple[str, ...]
    channels: tuple[str, ...]
    has_times_of_day: bool

    def with_those_of(self, other: Mainstays) -> Mainstays:
        """These and the other's beside them: for habits that two pictures are to be asked about."""
        return Mainstays(
            categories=tuple(dict.fromkeys((*self.categories, *other.categories))),
            channels=tuple(dict.fromkeys((*self.channels, *other.channels))),
            has_times_of_day=self.has_times_of_day or other.has_times_of_day,
        )

    def as_dict(self) -> dict[str, list[str] | bool]:
        """The fit as it is published."""
        return {
            "categories": list(self.categories),
            "channels": list(self.channels),
            "has_times_of_day": self.has_times_of_day,
        }


def fit_mainstays(orders: pl.DataFrame, categories: pl.DataFrame) -> Mainstays:
    """The mainstays of the population whose orders, and lines by category, these are.

    Of ``orders``, ordered_at and channel are read, of ``categories`` category and lines_n. The
    main categories are those of most lines. An export that gives days alone has every instant at
    midnight: then nothing is known of times of day. Ties go to the name that sorts first.

    >>> orders = pl.DataFrame(
    ...     {"ordered_at": [], "channel": []}, schema={"ordered_at": pl.Datetime, "channel": str}
    ... )
    >>> lines = pl.DataFrame({"category": ["jam", "tea", None, "ale"], "lines_n": [2, 5, 9, 2]})
    >>> fit_mainstays(orders, lines).categories
    ('tea', 'ale', 'jam')
    """
    ranked = (
        categories.lazy()
        .filter(pl.col("category").is_not_null())
        .group_by("category")
        .agg(pl.col("lines_n").cast(pl.Int64).sum())
        .sort("lines_n", "category", descending=[True, False])
        .head(MAIN_CATEGORIES_N)
        .collect()
    )
    chosen = (
        orders.lazy()
        .filter(pl.col("channel").is_not_null())
        .group_by("channel")
        .agg(orders_n=pl.len())
        .with_columns(share=pl.col("orders_n") / pl.col("orders_n").sum())
        .filter(pl.col("share") >= CHANNEL_LEAST_SHARE)
        .sort("orders_n", "channel", descending=[True, False])
        .head(MAIN_CHANNELS_N)
        .collect()
    )
    has_times = orders.select((pl.col("ordered_at").dt.time() != time()).any()).item()
    return Mainstays(
        categories=tuple(ranked["category"]),
        channels=tuple(chosen["channel"]) if chosen.height > 1 else (),
        has_times_of_day=bool(has_times),
    )
