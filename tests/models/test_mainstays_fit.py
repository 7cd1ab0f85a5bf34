from __future__ import annotations

from datetime import datetime

import polars as pl

from regulars.models.mainstays import fit_mainstays
from tests.shoppers import CATEGORIES

NO_LINES = CATEGORIES.to_frame()


def orders(channels: list[str | None], at: datetime = datetime(2024, 1, 1, 9)) -> pl.DataFrame:
    return pl.DataFrame(
        {"channel": channels, "ordered_at": [at] * len(channels)},
        schema={"channel": pl.String, "ordered_at": pl.Datetime("us")},
    )


def test_channels_are_ranked_by_orders_and_trials_left_out():
    given = orders(["web"] * 30 + ["shop"] * 300 + ["trial"] + [None] * 50)
    assert fit_mainstays(given, NO_LINES).channels == ("shop", "web")


def test_of_one_channel_nobody_chooses():
    assert fit_mainstays(orders(["shop", None]), NO_LINES).channels == ()


def test_all_at_midnight_tells_no_time_of_day():
    assert not fit_mainstays(orders([None], datetime(2024, 1, 1)), NO_LINES).has_times_of_day
    assert fit_mainstays(orders([None]), NO_LINES).has_times_of_day


def test_without_orders_there_is_nothing():
    assert fit_mainstays(orders([]), NO_LINES).as_dict() == {
        "categories": [],
        "channels": [],
        "has_times_of_day": False,
    }
