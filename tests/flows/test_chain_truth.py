"""The made-up chain, every fault in its files, comes in as its planted truth says, to the cent."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import polars as pl
import pytest

from regulars.data.workspace import Workspace, opened

if TYPE_CHECKING:
    from tests.flows.conftest import Shell

EXPORTS = ["transactions", "contacts", "coupons"]
COUNTS = ["rows_n", "accepted_n", "duplicate_n", "replaced_n"]


@pytest.fixture(scope="module")
def chain(shell: Shell, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder = tmp_path_factory.mktemp("made-up") / "chain"
    assert shell("init", "--sample", "chain", folder).code == 0
    ran = shell("run", "-w", folder)
    assert ran.code == 0, ran.err
    return opened(folder)


@pytest.fixture(scope="module")
def loads(chain: Workspace) -> pl.DataFrame:
    """The ledger, by file."""
    return pl.read_parquet(chain.published / "loads.parquet").sort("file")


def truth(chain: Workspace, name: str) -> Any:
    return json.loads((chain.root / "truth" / f"{name}.json").read_text("utf-8"))


def files(chain: Workspace, export: str) -> dict[str, Any]:
    """What the truth says of each file that is no repetition of another."""
    told = truth(chain, "totals")[export]["files"]
    return {name: file for name, file in sorted(told.items()) if not file["is_repeat"]}


@pytest.mark.parametrize("export", EXPORTS)
@pytest.mark.fault("F09", "F10", "F11", "F18", "F26")
def test_every_row_of_every_file_became_what_the_truth_says(
    chain: Workspace, loads: pl.DataFrame, export: str
) -> None:
    expected = [
        (
            name,
            *(file[count] for count in COUNTS),
            sum(file["quarantined"].values()),
            sum(file["skipped"].values()),
        )
        for name, file in files(chain, export).items()
    ]
    found = loads.filter(export=export)
    assert found.select("file", *COUNTS, "quarantined_n", "skipped_n").rows() == expected


@pytest.mark.fault("F16", "F19", "F21", "F22", "F23")
def test_every_refused_row_is_at_its_physical_line_for_its_planted_reason(
    chain: Workspace,
) -> None:
    planted = {
        (fault["file"], line, fault["reason"])
        for fault in truth(chain, "planted")["faults"]
        if fault["outcome"] == "quarantined"
        for line in fault["lines"]
    }
    found = pl.concat(
        pl.read_parquet(path).select("file", "line", "reason")
        for path in chain.quarantine.glob("*.parquet")
    )
    assert set(found.rows()) == planted
    assert found.height == len(planted) > 20


@pytest.mark.fault("F17", "F25")
def test_the_money_and_the_returns_are_the_planted_ones_to_the_cent(chain: Workspace) -> None:
    told = truth(chain, "totals")["transactions"]
    sales = pl.read_parquet(chain.published / "sales.parquet")
    with duckdb.connect(chain.warehouse, read_only=True) as connection:
        lines_n, returns_n = connection.execute(
            "SELECT count(*), count(*) FILTER (is_return) FROM lines"
        ).fetchall()[0]

    assert str(sales["net"].sum()) == told["amount"]
    assert (lines_n, returns_n) == (told["lines_n"], told["return_lines_n"])


@pytest.mark.parametrize(
    ("export", "money", "rows_n"),
    [("contacts", "cost", "contacts_n"), ("coupons", "value", "uses_n")],
)
def test_the_messages_and_coupon_uses_are_the_planted_ones_to_the_cent(
    chain: Workspace, export: str, money: str, rows_n: str
) -> None:
    told = truth(chain, "totals")[export]
    with duckdb.connect(chain.warehouse, read_only=True) as connection:
        found = connection.execute(f"SELECT count(*), sum({money}) FROM {export}").fetchall()[0]

    assert (found[0], str(found[1])) == (told[rows_n], told["amount"])


def test_the_arms_are_those_that_were_drawn(chain: Workspace) -> None:
    with duckdb.connect(chain.warehouse, read_only=True) as connection:
        arms = dict(
            connection.execute("SELECT arm, count(*) FROM contacts GROUP BY arm").fetchall()
        )
        with_cost = connection.execute(
            "SELECT DISTINCT arm FROM contacts WHERE cost > 0 OR coupon_id IS NOT NULL"
        ).fetchall()

    assert set(arms) == {"treated", "control"}
    assert 3 < arms["treated"] / arms["control"] < 5
    assert with_cost == [("treated",)]


def test_what_the_gate_asks_of_messages_and_coupon_uses_is_met(chain: Workspace) -> None:
    checks = pl.read_parquet(chain.published / "quality_checks.parquet")
    asked = checks.filter(pl.col("table_name").is_in(["contacts", "coupons"]))
    assert asked.height == 9
    assert asked["is_met"].to_list() == [True] * 9


@pytest.mark.fault("F33", "P12")
def test_every_piece_of_feedback_is_there_and_what_was_planted_in_texts_is_harmless(
    chain: Workspace,
) -> None:
    told = pl.read_parquet(chain.root / "truth" / "feedback.parquet")
    with duckdb.connect(chain.warehouse, read_only=True) as connection:
        found = connection.sql("SELECT feedback_id, text, is_text_cut FROM feedback").pl()
    pieces = told.join(found, on="feedback_id", how="full", coalesce=True)
    texts = {
        fault: pieces.filter(fault=fault)["text"].to_list()
        for fault in told["fault"].drop_nulls().unique()
    }

    assert pieces.height == told.height == found.height > 1_000
    assert pieces["text"].is_not_null().equals(pieces["has_text"])
    assert not [text for text in texts["P12.phone"] if "10012345678" in text]
    assert all(re.search(r"〔邮箱〕|\[e-mail\]", text) for text in texts["P12.email"])
    assert all("</script>" in text for text in texts["P09.script"])
    assert not [text for text in texts["F33.control"] if "\u0007" in text]
    assert [len(text) for text in texts["F33.long"]] == [4000]
    assert pieces.filter(pl.col("is_text_cut"))["fault"].to_list() == ["F33.long"]


def test_every_accepted_piece_is_published_once_and_counted_once(chain: Workspace) -> None:
    tables = chain.published.resolve()
    pieces = pl.read_parquet(tables / "feedback_items.parquet")
    cells = pl.read_parquet(tables / "satisfaction.parquet").filter(
        period="month", store_id="(all)", channel="(all)"
    )
    answered = pl.read_parquet(tables / "complaints.parquet").filter(
        period="month", store_id="(all)", channel="(all)", breakdown="all"
    )
    asked = pieces.filter(pl.col("kind").is_in(["complaint", "call"]))

    for breakdown in ("all", "kind", "segment"):
        assert cells.filter(breakdown=breakdown)["pieces_n"].sum() == pieces.height
    rated = pieces["rating_of_five"].drop_nulls()
    whole = cells.filter(breakdown="all")
    assert whole["ratings_n"].sum() == rated.len()
    assert whole["satisfied_n"].sum() == (rated >= 4).sum()
    assert answered["complaints_n"].sum() == asked.height
    assert answered["open_n"].sum() == asked["resolved_at"].null_count()
    customers = pl.read_parquet(tables / "customers.parquet")
    assert customers["feedback_n"].sum() == pieces["customer_id"].count()


def test_the_planted_store_week_product_and_topic_come_first(chain: Workspace) -> None:
    planted = truth(chain, "planted")
    spots = pl.read_parquet(chain.published / "feedback_hotspots.parquet")
    first = spots.filter(pl.col("category") == "(all)", pl.col("rank") == 1)
    found = dict(first.select("place_kind", "place").iter_rows())
    topics = pl.read_parquet(chain.published / "topics.parquet").filter("is_emerging")

    assert found["store"] == planted["bad_store"]
    assert found["week"] == planted["bad_week"]
    assert found["product"] == planted["bad_product"]
    assert first.filter(pl.col("place_kind").is_in(["store", "week", "product"]))[
        "is_hotspot"
    ].all()
    terms = [*planted["new_topic"]["terms"]["zh"], *planted["new_topic"]["terms"]["en"]]
    of_topic = topics.filter(pl.col("term").is_in(terms))
    starts_on = date.fromisoformat(planted["new_topic"]["starts_week"])
    assert of_topic["week_start_on"].min() == starts_on
    assert topics.height - of_topic.height <= 6  # of half a year: one false alarm a month


def test_who_is_to_be_called_back_said_what_the_list_says(chain: Workspace) -> None:
    tables = chain.published.resolve()
    listed = pl.read_parquet(tables / "follow_ups.parquet")
    pieces = pl.read_parquet(tables / "feedback_items.parquet")
    customers = pl.read_parquet(tables / "customers.parquet")
    due = listed.join(pieces, on="feedback_id", how="inner", suffix="_piece")

    assert due.height == listed.height > 10
    assert due["customer_id"].equals(due["customer_id_piece"])
    overdue = due.filter(reason="complaint_overdue")
    assert overdue["is_overdue"].all()
    asked = customers.select("customer_id", "has_consent")
    told = due.select("customer_id", "reason", "contact").join(asked, on="customer_id", how="left")
    refused = told.filter(~pl.col("has_consent").fill_null(value=False))
    assert set(refused["contact"]) == {"answer_only"}
    assert set(refused["reason"]) <= {"complaint_overdue", "rating_unanswered"}


def test_the_report_shows_what_customers_say_and_no_markup_of_theirs(chain: Workspace) -> None:
    report = (chain.published / "report.html").read_text("utf-8")
    for title in ("顾客怎么说", "问题出在哪里", "投诉与来电的处理", "投诉与客户价值"):
        assert f"<h2>{title}</h2>" in report
    assert "<script" not in report.lower()


def test_what_the_gate_asks_of_feedback_is_met_but_for_orders_that_were_refused(
    chain: Workspace,
) -> None:
    checks = pl.read_parquet(chain.published / "quality_checks.parquet")
    asked = checks.filter(table_name="feedback")
    assert asked.height == 11
    assert asked.filter(pl.col("is_met").not_())["check"].to_list() == ["feedback_order_known"]
    assert asked.filter(check="feedback_order_known")["unexpected_n"][0] < 5


def test_a_return_without_its_sale_is_reported_as_often_as_planted(chain: Workspace) -> None:
    checks = pl.read_parquet(chain.published / "quality_checks.parquet")
    (linked,) = checks.filter(check="return_linked").to_dicts()
    orphans_n = truth(chain, "totals")["transactions"]["orphan_returns_n"]
    assert (linked["is_met"], linked["unexpected_n"]) == (False, orphans_n)


def test_the_members_who_bought_are_the_customers_who_are_scored(chain: Workspace) -> None:
    planted = pl.read_parquet(chain.root / "truth" / "customers.parquet")
    customers = pl.read_parquet(chain.published / "customers.parquet")
    assert customers.height == planted.height


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("cut", "the last line does not end"),
        ("renamed", "no column '实付金额' for transactions.amount"),
        ("twice", "the column '实付金额' is there twice"),
        ("small", "is not like the files before it"),
        ("empty", "the file is empty"),
    ],
)
@pytest.mark.fault("F12", "F13", "F14", "F20")
def test_a_held_back_file_stops_its_delivery_and_leaves_the_publication(
    chain: Workspace, shell: Shell, tmp_path: Path, kind: str, words: str
) -> None:
    (held,) = (file for file in truth(chain, "planted")["held_back"] if file["what"] == kind)
    workspace = Workspace(tmp_path / "chain")
    shutil.copytree(chain.root, workspace.root, symlinks=True)
    shutil.copy(chain.root / "held_back" / held["file"], workspace.exports)

    stopped = shell("run", "-w", workspace.root)

    assert (stopped.code, stopped.out) == (3, "")
    assert f"{held['file']}" in stopped.err.splitlines()[0]
    assert words in stopped.err.splitlines()[0]
    assert workspace.published.readlink() == chain.published.readlink()
    assert len(list(workspace.landing.glob("*.json"))) == len(list(chain.landing.glob("*.json")))


@pytest.mark.parametrize("export", EXPORTS)
def test_the_quarantine_is_told_by_reason_as_planted(chain: Workspace, export: str) -> None:
    told = Counter[str]()
    for file in files(chain, export).values():
        told.update(file["quarantined"])
    summary = pl.read_parquet(chain.published / "quarantine_summary.parquet")
    counted = summary.filter(export=export).group_by("reason").agg(pl.col("rows_n").sum())
    assert dict(counted.rows()) == dict(told)
