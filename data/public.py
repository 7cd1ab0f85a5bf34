"""Public data that models are shown on, as the hand-over has it: read from installed packages.

Complete Journey: the grocery chain's year of 84.51° (extra ``samples``). CDNOW: the purchases of
the 23,570 people who first bought at an online shop in the first quarter of 1997, up to June 1998
(Fader and Hardie; shipped with the package lifetimes, of which nothing else is used). Customers
bear the numbers of the files, so that the same package gives the same rows everywhere.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import polars as pl

from regulars.data.behaviour import Behaviour
from regulars.data.sample import complete_journey_source, in_cents, received_campaigns
from regulars.expectations.errors import Failed

_MONEY = pl.Decimal(18, 2)
_RETURNS = pl.Schema(
    {
        "order_n": pl.Int64(),
        "customer_id": pl.UInt64(),
        "returned_on": pl.Date(),
        "amount": _MONEY,
    }
)
_CATEGORIES = pl.Schema(
    {
        "customer_id": pl.UInt64(),
        "category": pl.String(),
        "ordered_on": pl.Date(),
        "gross": _MONEY,
        "lines_n": pl.Int32(),
    }
)
_LEAST_AMOUNT = "0.01"


def complete_journey() -> Behaviour:
    """What the chain's households bought, were sent and redeemed; it has no returns.

    Raises:
        Failed: the package is not installed or lacks a file.
        DataRefused: the package holds an amount that is no whole number of cents.
    """
    source = complete_journey_source()
    person = pl.col("household_id").cast(pl.UInt64)
    at = pl.col("transaction_timestamp").cast(pl.Datetime("us"))
    products = pl.read_parquet(source / "products.parquet")
    lines = in_cents(pl.read_parquet(source / "transactions.parquet")).select(
        "basket_id",
        pl.col("product_id").cast(pl.String),
        pl.col("store_id").cast(pl.String),
        pl.col("quantity").cast(pl.Decimal(18, 3)),
        pl.col("sales_value", "retail_disc", "coupon_disc").cast(_MONEY),
        customer_id=person,
        ordered_at=at,
    )
    orders = (
        lines.group_by("basket_id")
        .agg(
            pl.col("customer_id", "store_id").first(),
            pl.col("ordered_at").min(),
            gross=pl.col("sales_value").sum(),
            discount=pl.col("retail_disc").sum(),
            quantity=pl.col("quantity").sum(),
            lines_n=pl.len().cast(pl.Int32),
            coupon_lines_n=(pl.col("coupon_disc") > 0).sum().cast(pl.Int32),
        )
        .sort("basket_id")
        .with_row_index("order_n")
        .with_columns(
            pl.col("order_n").cast(pl.Int64),
            ordered_on=pl.col("ordered_at").dt.date(),
            channel=pl.lit(None, pl.String),
        )
        .drop("basket_id")
    )
    categories = (
        lines.join(
            products.select(
                pl.col("product_id").cast(pl.String), category=pl.col("product_category")
            ),
            on="product_id",
            how="left",
        )
        .group_by("customer_id", "category", ordered_on=pl.col("ordered_at").dt.date())
        .agg(gross=pl.col("sales_value").sum(), lines_n=pl.len().cast(pl.Int32))
    )
    return Behaviour(
        orders,
        pl.DataFrame(schema=_RETURNS),
        categories,
        received_campaigns(source).select(
            person.alias("customer_id"),
            pl.col("start_date").dt.date().alias("contacted_on"),
            pl.col("campaign_id").cast(pl.String),
            pl.lit(None, pl.String).alias("channel"),
            "arm",
            pl.lit(None, pl.String).alias("coupon_id"),
            pl.lit(None, _MONEY).alias("cost"),
        ),
        # A use that stands there twice, for two campaigns, is one.
        pl.read_parquet(source / "coupon_redemptions.parquet")
        .select(
            customer_id=person,
            redeemed_on=pl.col("redemption_date").dt.date(),
            coupon_id=pl.col("coupon_upc").cast(pl.String),
            value=pl.lit(None, _MONEY),
        )
        .unique(maintain_order=True),
    )


def cdnow() -> Behaviour:
    """Orders of the 23,570 customers of CDNOW: a line of the file is one.

    The 80 orders of no money, gifts of the shop, count as visits: they are given a cent, for an
    order without a positive net is none here. There are neither returns nor categories.

    Raises:
        Failed: the package is not installed or lacks the file.
    """
    _, *lines = _cdnow_file("CDNOW_master.txt").splitlines()
    return _cdnow_orders(lines)


def cdnow_sample() -> Behaviour:
    """Orders of the tenth of them, 2,357 customers, that the published fits are of; as in `cdnow`.

    Raises:
        Failed: the package is not installed or lacks the file.
    """
    return _cdnow_orders(_cdnow_file("CDNOW_sample.txt").splitlines())


def _cdnow_file(name: str) -> str:
    spec = find_spec("lifetimes")
    file = Path(*(spec.submodule_search_locations or ())) if spec else Path()
    file = file / "datasets" / name
    if not file.is_file():
        raise Failed(
            "the CDNOW data is not installed",
            expected=f"the package lifetimes with datasets/{name}",
            left="nothing was written",
            next_step="pip install 'regulars[dev]'",
        )
    return file.read_text(encoding="ascii")


def _cdnow_orders(lines: list[str]) -> Behaviour:
    """The orders of lines that end in customer, day, discs and dollars."""
    rows = [line.split()[-4:] for line in lines if line.strip()]
    number, day, discs, dollars = zip(*rows, strict=True)
    orders = pl.DataFrame(
        {
            "customer_id": pl.Series(number).cast(pl.UInt64),
            "ordered_on": pl.Series(day).str.to_date("%Y%m%d"),
            "gross": pl.Series(dollars).cast(_MONEY),
            "quantity": pl.Series(discs).cast(pl.Decimal(18, 3)),
            "lines_n": pl.Series(discs).cast(pl.Int32),
        }
    ).select(
        pl.int_range(pl.len(), dtype=pl.Int64).alias("order_n"),
        "customer_id",
        "ordered_on",
        pl.col("ordered_on").cast(pl.Datetime("us")).alias("ordered_at"),
        pl.lit(None, pl.String).alias("store_id"),
        pl.lit(None, pl.String).alias("channel"),
        pl.max_horizontal("gross", pl.lit(_LEAST_AMOUNT).cast(_MONEY)).alias("gross"),
        pl.lit(None, _MONEY).alias("discount"),
        "quantity",
        "lines_n",
        pl.lit(0, pl.Int32).alias("coupon_lines_n"),
    )
    return Behaviour(orders, pl.DataFrame(schema=_RETURNS), pl.DataFrame(schema=_CATEGORIES))
