"""A real chain's year, from export files to published segments."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from types import ModuleType
from typing import TYPE_CHECKING

import duckdb
import polars as pl

from regulars.data import warehouse
from regulars.data.behaviour import behaviour
from regulars.data.public import complete_journey
from regulars.data.vault import pseudonym_of, readable, workspace_key
from regulars.data.workspace import Workspace
from regulars.expectations.tables import TABLES
from regulars.expectations.tables_feedback import FEEDBACK_TABLES
from regulars.expectations.tables_follow_ups import FOLLOW_UP_TABLES
from regulars.flows import steps
from regulars.flows.settings import settings_of

if TYPE_CHECKING:
    from tests.flows.conftest import Shell

OWN_NAMES = {
    "order_id": "basket_id",
    "customer_id": "household_id",
    "ordered_at": "transaction_timestamp",
    "amount": "sales_value",
}
COMPARED = ("recency_days", "orders_n", "spend", "r_score", "f_score", "m_score", "segment")


def test_duckdb_reads_2469_customers_who_spent_4594146_32(sample: Workspace) -> None:
    found = duckdb.execute(
        "SELECT count(*), count(DISTINCT customer_id), sum(spend) "
        f"FROM '{sample.published}/rfm.parquet'"
    ).fetchone()

    assert found == (2_469, 2_469, Decimal("4594146.32"))


def test_each_files_rows_are_accepted_duplicate_or_quarantined(sample: Workspace) -> None:
    loads = pl.read_parquet(sample.published / "loads.parquet")

    lost = loads.filter(
        pl.col("rows_n") != pl.col("accepted_n") + pl.col("duplicate_n") + pl.col("quarantined_n")
    )
    assert lost.is_empty()
    in_files = {path.name: path.read_bytes().count(b"\n") - 1 for path in sample.exports.iterdir()}
    assert dict(loads.select("file", "rows_n").iter_rows()) == in_files
    rows = dict(loads.group_by("export").agg(pl.col("rows_n", "accepted_n").sum()).select(
        "export", pl.struct("rows_n", "accepted_n")).iter_rows())  # fmt: skip
    assert rows["transactions"] == {"rows_n": 1_469_307, "accepted_n": 1_469_307}


def test_sales_books_every_line_up_to_the_day_to_the_cent(sample: Workspace) -> None:
    sales = pl.read_parquet(sample.published / "sales.parquet")

    assert sales["lines_n"].sum() == 1_468_773
    assert sales["net"].sum() == Decimal("4594146.32")
    assert sales["sold_on"].max() == date(2017, 12, 31)


def test_each_score_and_segment_is_the_one_forty_lines_of_python_give(
    sample: Workspace, oracle: ModuleType
) -> None:
    raw_ids = dict(readable(sample).select("customer_id", "raw_id").iter_rows())
    rfm = pl.read_parquet(sample.published / "rfm.parquet").select("customer_id", *COMPARED)

    files = sorted(sample.exports.glob("transactions_*.csv"))
    expected = oracle.rfm_from_exports(files, OWN_NAMES, date(2017, 12, 31))
    assert {raw_ids[row[0]]: row[1:] for row in rfm.iter_rows()} == expected


def test_the_run_writes_into_its_workspace_alone(sample: Workspace, shell: Shell) -> None:
    assert [path.name for path in sample.root.parent.iterdir()] == [sample.root.name]
    assert list(shell.home.rglob("*")) == []


def test_what_is_published_is_as_its_manifest_says(sample: Workspace) -> None:
    manifest = json.loads((sample.published / "manifest.json").read_text())
    rows = {
        file["name"]: duckdb.execute(
            f"SELECT count(*) FROM '{sample.published}/{file['name']}'"
        ).fetchall()[0][0]
        for file in manifest["files"]
        if file["name"].endswith(".parquet")
    }

    assert rows == {f["name"]: f["rows"] for f in manifest["files"] if "rows" in f}
    # The chain exports no feedback: no table of it is there, not even an empty one.
    of_feedback = {table.name for table in (*FEEDBACK_TABLES, *FOLLOW_UP_TABLES)}
    assert rows.keys() == {f"{name}.parquet" for name in TABLES.keys() - of_feedback}
    assert manifest["as_of"] == "2017-12-31"


def test_the_report_is_one_page_without_script_or_foreign_address(sample: Workspace) -> None:
    page = (sample.published / "report.html").read_text(encoding="utf-8")

    assert "<script" not in page.lower()
    assert 'src="http' not in page
    assert "Content-Security-Policy" in page
    assert "Complete Journey" in page


def test_the_catalogs_views_read_the_tables(sample: Workspace) -> None:
    folder = sample.published.resolve()
    with duckdb.connect() as connection:
        connection.execute(f"SET file_search_path = '{folder}'")
        connection.execute((folder / "catalog.sql").read_text(encoding="utf-8"))

        assert connection.execute("SELECT count(*) FROM rfm").fetchone() == (2_469,)


def test_models_are_shown_the_campaigns_that_a_run_hands_over(sample: Workspace) -> None:
    """Read from the package, and through files, gate and warehouse: the same rows."""
    settings = settings_of(sample)
    day = date(2017, 12, 31)
    with warehouse.connected(sample, steps.resources(settings)) as connection:
        handed_over = behaviour(connection, settings.chain.order_key, as_of=day)
    shown = complete_journey()
    key = workspace_key(sample)
    household = shown.orders["customer_id"].unique()
    pseudonym = pl.Series([pseudonym_of(str(n), key=key) for n in household], dtype=pl.UInt64)
    for name in ("contacts", "coupon_uses"):
        ours, theirs = getattr(shown.until(day), name), getattr(handed_over, name)
        renamed = ours.with_columns(pl.col("customer_id").replace_strict(household, pseudonym))
        assert renamed.sort(pl.all()).equals(theirs.sort(pl.all()))
        assert ours.height > 2_000
