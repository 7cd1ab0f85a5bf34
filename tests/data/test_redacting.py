"""Runs and revealed lists without people: other rows as they were, manifests that are true."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from regulars.data import shelf
from regulars.data.redacting import lists_with, redact_lists, redact_runs, tables_with
from regulars.data.shelf import Run, shelve
from regulars.data.workspace import Workspace, prepared
from regulars.expectations.tables import TABLES

AT = datetime(2024, 7, 1, tzinfo=UTC)
ANN, BOB = "c1_00000000000000aa", "c1_00000000000000bb"
RUN = Run("20240630-aaa", "2024-06-30", {"headlines": []})


def rfm_of(*customer_ids: str) -> pl.DataFrame:
    row = {
        "recency_days": 1,
        "orders_n": 2,
        "spend": "3.00",
        "r_score": 5,
        "f_score": 5,
        "m_score": 5,
        "rfm_score": "555",
        "segment": "champions",
        "previous_segment": "loyal",
        "value_type": "key_value",
    }
    frame = pl.DataFrame([{"customer_id": one} | row for one in customer_ids])
    return frame.with_columns(pl.col("spend").cast(pl.Decimal(18, 2)))


def segments_of(name: str) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "segment": name,
                "customers_n": 1,
                "customers_share": 1.0,
                "spend": "3.00",
                "spend_share": 1.0,
                "orders_n": 2,
                "recency_days_mean": 1.0,
                "orders_mean": 2.0,
                "spend_mean": 3.0,
                "previous_customers_n": 0,
            }
        ]
    ).with_columns(pl.col("spend").cast(pl.Decimal(18, 2)))


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = Workspace(tmp_path / "shop")
    prepared(made)
    made.revealed.mkdir()
    return made


def shelved(workspace: Workspace, customer_ids: Iterable[str], run: Run = RUN) -> Path:
    tables = {"rfm": rfm_of(*customer_ids), "segments": segments_of("champions")}
    return shelve(workspace, run, tables, "<html></html>") / "tables"


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_redacted_table_is_the_one_that_its_other_rows_would_have_made(
    workspace: Workspace,
) -> None:
    assert {"rfm", "segments"} <= TABLES.keys()
    without = contents(shelved(workspace, [BOB]))
    tables = shelved(workspace, [ANN, BOB], Run("20240630-bbb", "2024-06-30", {"headlines": []}))
    before = contents(tables)

    redact_runs(workspace, [ANN], at=AT)

    after = contents(tables)
    assert {name for name in before if before[name] != after[name]} == {
        "rfm.parquet",
        "manifest.json",
    }
    redacted, plain = (pl.read_parquet(BytesIO(c["rfm.parquet"])) for c in (after, without))
    assert redacted.equals(plain)
    assert pq.read_metadata(BytesIO(after["rfm.parquet"])).metadata == (
        pq.read_metadata(BytesIO(before["rfm.parquet"])).metadata
    )
    same_run = shelved(workspace, [BOB], Run("20240630-bbb", "2024-06-30", {"headlines": []}))
    assert contents(same_run)["rfm.parquet"] == after["rfm.parquet"]


def test_a_manifest_tells_when_and_the_digests_of_what_is_there(workspace: Workspace) -> None:
    shelved(workspace, [ANN, BOB])
    other = Run("20240630-bbb", "2024-06-30", {"headlines": []})
    untouched = contents(shelved(workspace, [BOB], other))

    assert tables_with(workspace, [ANN]).rows_n == 1
    redact_runs(workspace, [ANN], at=AT)

    assert tables_with(workspace, [ANN]).rows_n == 0
    manifest = shelf.manifest_of(workspace, RUN.run_id)
    assert manifest["redacted_at"] == "2024-07-01T00:00:00+00:00"
    assert {file["name"]: file.get("rows") for file in manifest["files"]}["rfm.parquet"] == 1
    assert shelf.is_complete(workspace, RUN.run_id)
    assert contents(workspace.runs / other.run_id / "tables") == untouched


def test_what_people_said_is_in_no_report_and_in_no_example(workspace: Workspace) -> None:
    said = TABLES["feedback_items"].schema.sample(
        2, overrides={"customer_id": [ANN, BOB], "text": ["tills are slow", "nice"]}
    )
    topics = TABLES["topics"].schema.sample(1, overrides={"examples": ["tills are slow"]})
    facts = {"headlines": [], "settings": {"chain": {"language": "zh"}}}
    shelve(
        workspace,
        Run("20240630-aaa", "2024-06-30", facts),
        {"feedback_items": said, "topics": topics},
        "<html>tills are slow</html>",
    )
    quiet = Run("20240630-bbb", "2024-06-30", facts)
    shelve(workspace, quiet, {"rfm": rfm_of(ANN)}, "<html>as it was</html>")

    redact_runs(workspace, [ANN], at=AT)

    tables = workspace.runs / "20240630-aaa" / "tables"
    assert pl.read_parquet(tables / "feedback_items.parquet")["text"].to_list() == ["nice"]
    told = pl.read_parquet(tables / "topics.parquet")
    assert told["examples"].to_list() == [""]
    assert told["term"].to_list() == topics["term"].to_list()
    report = (tables / "report.html").read_text("utf-8")
    assert "tills" not in report
    assert "regulars run" in report
    assert shelf.is_complete(workspace, "20240630-aaa")
    left = workspace.runs / quiet.run_id / "tables" / "report.html"
    assert "as it was" in left.read_text("utf-8")


def test_a_run_redacted_half_way_gets_its_manifest_the_next_time(workspace: Workspace) -> None:
    tables = shelved(workspace, [ANN, BOB])
    manifest = (tables / "manifest.json").read_bytes()
    redact_runs(workspace, [ANN], at=AT)
    (tables / "manifest.json").write_bytes(manifest)  # as a kill between the two leaves it

    redact_runs(workspace, [ANN], at=AT)

    assert shelf.is_complete(workspace, RUN.run_id)
    assert "redacted_at" in json.loads((tables / "manifest.json").read_text(encoding="utf-8"))


def test_a_reader_that_has_a_table_open_reads_it_to_the_end(workspace: Workspace) -> None:
    tables = shelved(workspace, [ANN, BOB])
    shelf.publish(workspace, RUN.run_id)
    with (workspace.published / "rfm.parquet").open("rb") as opened:
        redact_runs(workspace, [ANN], at=AT)
        assert pl.read_parquet(opened)["customer_id"].to_list() == [ANN, BOB]
    assert pl.read_parquet(workspace.published / "rfm.parquet")["customer_id"].to_list() == [BOB]
    assert (tables / "rfm.parquet").stat().st_mode & 0o777 == 0o640


def test_a_list_of_customers_loses_the_row_and_keeps_the_others_bytes(
    workspace: Workspace,
) -> None:
    header, bob = "customer_id,raw_id,name,spend\n", f"{BOB},bob-0815,'=Bob,3.00\n"
    path = workspace.revealed / "rfm-all.csv"
    path.write_text("\ufeff" + header + f"{ANN},ann-4711,Anna,1.00\n" + bob, encoding="utf-8")

    assert lists_with(workspace, [ANN], ["ann-4711"]).paths == (path,)
    redact_lists(workspace, [ANN], ["ann-4711"])

    assert path.read_text(encoding="utf-8") == "\ufeff" + header + bob


def test_another_file_with_the_person_goes_and_one_without_stays(workspace: Workspace) -> None:
    for name, text in (("with.xlsx", "a3,ann-4711 & co,soon"), ("without.xlsx", "a4,bob,soon")):
        with xlsxwriter.Workbook(workspace.revealed / name) as book:
            book.add_worksheet().write_string(0, 0, text)
    (workspace.revealed / "notes.txt").write_text("call ann-4711", encoding="utf-8")

    redact_lists(workspace, [ANN], ["ann-4711", "ann-4711 & co"])

    assert [path.name for path in sorted(workspace.revealed.iterdir())] == ["without.xlsx"]
