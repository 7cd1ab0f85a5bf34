"""The synthetic chain: exactly as long as asked, the same every time, its shares as planted."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from regulars.data import chain_receipts
from regulars.data.chain import chain_settings, write_chain
from regulars.expectations.errors import SettingsError
from regulars.expectations.exports import EXPORTS

LINES_N = 60_000


def transactions(folder: Path) -> pl.DataFrame:
    files = sorted((folder / "exports").glob("transactions_*.csv"))
    lines = pl.concat([pl.read_csv(file, infer_schema=False) for file in files])
    return lines.with_columns(
        pl.col("ordered_at").str.to_datetime("%Y-%m-%d %H:%M:%S", strict=True),
        pl.col("amount", "unit_price", "discount").cast(pl.Decimal(18, 2)),
        pl.col("quantity", "line_id").cast(pl.Int64),
        pl.col("is_return") == "true",
    )


def digests(folder: Path) -> dict[str, str]:
    files = (folder / "exports").iterdir()
    return {file.name: sha256(file.read_bytes()).hexdigest() for file in files}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("chain")
    write_chain(folder, lines_n=LINES_N, seed=11)
    return folder


@pytest.fixture(scope="module")
def lines(folder: Path) -> pl.DataFrame:
    return transactions(folder)


@pytest.fixture(scope="module")
def orders(lines: pl.DataFrame) -> pl.DataFrame:
    return (
        lines.filter(~pl.col("is_return"))
        .group_by("order_id")
        .agg(
            pl.len().alias("lines_n"),
            pl.col("customer_id", "ordered_at", "store_id", "channel").first(),
        )
    )


def test_a_chain_has_exactly_the_lines_asked_for(lines: pl.DataFrame) -> None:
    assert lines.height == LINES_N


# In the example a return falls due in a month that has no line to fill.
@example(lines_n=41, seed=16)
@settings(max_examples=8, deadline=None)
@given(lines_n=st.integers(1, 700), seed=st.integers(0, 2**32))
def test_a_small_chain_has_exactly_the_lines_asked_for(lines_n: int, seed: int) -> None:
    with TemporaryDirectory() as folder:
        write_chain(Path(folder), lines_n=lines_n, seed=seed)

        assert transactions(Path(folder)).height == lines_n


def test_a_chain_of_no_lines_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="a chain of 0 lines"):
        write_chain(tmp_path, lines_n=0, seed=1)

    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize("threads", ["1", "2"])
def test_the_same_seed_gives_the_same_bytes_on_any_number_of_threads(
    folder: Path, tmp_path: Path, threads: str
) -> None:
    code = (
        "from pathlib import Path; from regulars.data.chain import write_chain; "
        f"write_chain(Path({str(tmp_path)!r}), lines_n={LINES_N}, seed=11)"
    )
    limits = {"POLARS_MAX_THREADS": threads, "OMP_NUM_THREADS": threads, "TZ": "Asia/Tokyo"}

    subprocess.run([sys.executable, "-c", code], env={**os.environ, **limits}, check=True)

    assert digests(tmp_path) == digests(folder)


def test_another_seed_gives_another_chain(folder: Path, tmp_path: Path) -> None:
    write_chain(tmp_path, lines_n=LINES_N, seed=12)

    ours, other = digests(folder), digests(tmp_path)

    assert ours.keys() == other.keys()
    assert not set(ours.values()) & set(other.values())


def test_a_file_holds_the_lines_of_its_month_by_time(folder: Path) -> None:
    files = sorted((folder / "exports").glob("transactions_*.csv"))
    months = [f"{year}-{month:02}" for year in (2024, 2025) for month in range(1, 13)]

    assert [file.stem for file in files] == [f"transactions_{month}" for month in months]
    for file, month in zip(files, months, strict=True):
        at = pl.read_csv(file, infer_schema=False)["ordered_at"]
        assert at.is_sorted()
        assert at.str.slice(0, 7).unique().to_list() == [month]


def test_order_and_line_are_a_key(lines: pl.DataFrame) -> None:
    assert not lines.select(pl.struct("order_id", "line_id").is_duplicated().any()).item()


def test_an_order_has_one_customer_one_store_one_channel_one_moment(lines: pl.DataFrame) -> None:
    of_an_order = lines.group_by("order_id").agg(
        pl.n_unique("customer_id", "store_id", "channel", "ordered_at")
    )

    assert of_an_order.drop("order_id").max().row(0) == (1, 1, 1, 1)


def test_an_amount_is_price_times_quantity_less_discount(lines: pl.DataFrame) -> None:
    fen = lines.select(
        (pl.col("amount", "unit_price", "discount") * 100).cast(pl.Int64), "quantity"
    )

    assert fen["amount"].equals(fen["unit_price"] * fen["quantity"] - fen["discount"])


def test_a_line_is_negative_when_and_only_when_it_is_a_return(lines: pl.DataFrame) -> None:
    assert lines["is_return"].equals(lines["amount"] < 0)
    assert lines["is_return"].equals(lines["quantity"] < 0)


def test_a_return_names_an_earlier_order_of_the_same_customer(
    lines: pl.DataFrame, orders: pl.DataFrame
) -> None:
    named = lines.filter(pl.col("returns_order_id").is_not_null())
    found = named.join(orders, left_on="returns_order_id", right_on="order_id", suffix="_sold")
    days = (pl.col("ordered_at").dt.date() - pl.col("ordered_at_sold").dt.date()).dt.total_days()

    assert named.height == found.height > 0
    assert named["is_return"].all()
    assert found["customer_id"].eq_missing(found["customer_id_sold"]).all()
    assert found.select(days.is_between(1, chain_receipts.RETURN_DAYS_MAX).all()).item()


def test_nothing_comes_back_twice_or_in_parts(lines: pl.DataFrame) -> None:
    thing = ["order_id", "product_id", "amount"]
    sold = lines.filter(~pl.col("is_return")).group_by(thing).len()
    back = (
        lines.filter(pl.col("returns_order_id").is_not_null())
        .select(pl.col("returns_order_id").alias("order_id"), "product_id", -pl.col("amount"))
        .group_by(thing)
        .len()
        .join(sold, on=thing, how="left", suffix="_sold")
    )

    assert back.select((pl.col("len") <= pl.col("len_sold")).all()).item()
    assert back["len_sold"].null_count() == 0


@pytest.mark.parametrize("share", ["anonymous", "returns", "orphans", "singles", "app", "home"])
def test_a_planted_share_is_found_within_its_sampling_error(
    folder: Path, lines: pl.DataFrame, orders: pl.DataFrame, share: str
) -> None:
    members = pl.read_csv(folder / "exports" / "customers.csv", infer_schema=False)
    theirs = orders.join(members, on="customer_id")
    returned = lines.filter("is_return")
    home = theirs["store_id"] == theirs["home_store_id"]
    usual = chain_receipts.USUAL_SHARE
    popular = pl.Series(1 / (rank + 5) for rank in range(40))
    by_chance = float(((popular / popular.sum()) ** 2).sum())
    preferred = theirs["channel"] == theirs["preferred_channel"]
    of_channels = 0.7**2 + 0.2**2 + 0.1**2
    found, planted = {
        "anonymous": (orders["customer_id"].is_null(), chain_receipts.ANONYMOUS_SHARE),
        "returns": (lines["is_return"], 0.03),
        "orphans": (returned["returns_order_id"].is_null(), chain_receipts.ORPHAN_SHARE),
        "singles": (orders["lines_n"] == 1, 1 / chain_receipts.LINES_PER_ORDER),
        "app": (preferred, usual + (1 - usual) * of_channels),
        "home": (home, usual + (1 - usual) * by_chance),
    }[share]
    error = (planted * (1 - planted) / len(found)) ** 0.5

    assert found.mean() == pytest.approx(planted, abs=4 * error)


def test_nobody_buys_before_joining(folder: Path, orders: pl.DataFrame) -> None:
    members = pl.read_csv(folder / "exports" / "customers.csv", try_parse_dates=True)
    theirs = orders.join(members, on="customer_id")

    assert theirs.height == orders["customer_id"].count()
    assert theirs.select((pl.col("ordered_at").dt.date() >= pl.col("joined_on")).all()).item()


def test_members_end(orders: pl.DataFrame) -> None:
    """Of those who bought in the first quarter, ever fewer buy in each quarter that follows."""
    start = date(2024, 1, 1)
    quarters = [
        set(
            orders.filter(
                pl.col("ordered_at").is_between(
                    start + timedelta(days=91 * n),
                    start + timedelta(days=91 * (n + 1)),
                    closed="left",
                )
            )["customer_id"].drop_nulls()
        )
        for n in range(8)
    ]
    still = [len(quarters[0] & quarter) / len(quarters[0]) for quarter in quarters]

    assert still[0] > still[1] > still[3] > still[5] > still[7] > 0.1


def test_some_buy_much_more_than_others(orders: pl.DataFrame) -> None:
    """Equal rates would give a variance near the mean; a gamma of shape 0.8 gives far more."""
    counts = orders.drop_nulls("customer_id").group_by("customer_id").len()["len"].to_numpy()

    assert counts.var() > 5 * counts.mean()


@pytest.mark.parametrize(
    ("file", "key", "rows_n"),
    [
        ("customers.csv", "customer_id", LINES_N // 40),
        ("products.csv", "product_id", 5_000),
        ("stores.csv", "store_id", 40),
    ],
)
def test_a_list_has_a_row_a_key(folder: Path, file: str, key: str, rows_n: int) -> None:
    keys = pl.read_csv(folder / "exports" / file, infer_schema=False)[key]

    assert len(keys) == keys.n_unique() == rows_n


def test_products_are_of_twenty_categories(folder: Path, lines: pl.DataFrame) -> None:
    products = pl.read_csv(folder / "exports" / "products.csv", infer_schema=False)

    assert products["category"].n_unique() == 20
    assert set(lines["product_id"]) <= set(products["product_id"])


def test_the_files_bear_the_contracts_own_names(folder: Path) -> None:
    exports = tomllib.loads(chain_settings())["exports"]

    for name, export in exports.items():
        known = {column.name for column in EXPORTS[name].columns}
        for file in folder.glob(export["files"]):
            header = set(pl.read_csv(file, n_rows=0).columns)
            assert set(EXPORTS[name].required) <= header <= known
    assert set(exports) == {"transactions", "customers", "products", "stores"}


def test_a_seed_gives_what_it_gave_before(tmp_path: Path) -> None:
    """A change of the dice changes every example and benchmark: it must be meant."""
    write_chain(tmp_path, lines_n=200, seed=1)

    first = min((tmp_path / "exports").glob("transactions_*.csv"))
    assert (
        first.read_text(encoding="utf-8")
        .splitlines()[1]
        .startswith(
            "O20240100000001,1,M00000002,2024-01-22 16:13:08,73.58,2,36.79,0.00,P02119,S009,"
        )
    )
