"""Tables on the shelf: their bytes, their footers, who may read them, and which are shown."""

from __future__ import annotations

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from threading import Event

import duckdb
import polars as pl
import pyarrow.parquet as pq
import pytest

from regulars.data import shelf
from regulars.data.revealing import revealed
from regulars.data.shelf import Run
from regulars.data.workspace import Workspace, is_writable, prepared
from regulars.expectations.errors import DataRefused, Failed, SettingsError
from regulars.expectations.tables import TABLES
from regulars.transforms.segment_summary import segments
from regulars.transforms.segments import DEFAULT_RULES

RUN = Run("20240601-abc", "2024-06-01", {"package_version": "0"})


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = Workspace(tmp_path / "it's a 连锁 [1]")
    prepared(made)
    return made


@pytest.fixture
def migration() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "previous_segment": ["loyal", "champions", "loyal"],
            "segment": ["loyal", "at_risk", "champions"],
            "customers_n": [1, 2, 3],
            "customers_share": [0.25, 1.0, 0.75],
            "spend": [Decimal("1.00"), Decimal("-2.50"), Decimal("3.25")],
            "previous_spend_90d": [Decimal("0.00"), Decimal("4.50"), Decimal("3.00")],
            "spend_90d": [Decimal("1.00"), Decimal("0.00"), Decimal("0.25")],
        }
    )


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_same_rows_give_the_same_bytes_in_any_order_and_chunks(
    tmp_path: Path, migration: pl.DataFrame
) -> None:
    parts = [migration[2:], migration[:1], migration[1:2]]
    frames = [migration, migration.reverse(), pl.concat(parts, rechunk=False)]
    digests = set()
    for number, frame in enumerate(frames):
        folder = tmp_path / str(number)
        folder.mkdir()
        digests.add(shelf.write_table(folder, RUN, "segment_migration", frame)["sha256"])
    assert frames[2].n_chunks() == 3
    assert len(digests) == 1


def test_a_table_is_written_with_the_types_and_the_order_of_its_contract(
    tmp_path: Path, migration: pl.DataFrame
) -> None:
    shuffled = migration.select(reversed(migration.columns)).with_columns(more=1)
    shelf.write_table(tmp_path, RUN, "segment_migration", shuffled)
    path = tmp_path / "segment_migration.parquet"
    with duckdb.connect() as connection:
        types = connection.execute(f"DESCRIBE FROM '{path}'").fetchall()
    assert [(name, sql_type) for name, sql_type, *_ in types] == [
        ("previous_segment", "VARCHAR"),
        ("segment", "VARCHAR"),
        ("customers_n", "BIGINT"),
        ("customers_share", "DOUBLE"),
        ("spend", "DECIMAL(18,2)"),
        ("previous_spend_90d", "DECIMAL(18,2)"),
        ("spend_90d", "DECIMAL(18,2)"),
    ]
    assert pl.read_parquet(path)["spend"].to_list() == [
        Decimal("-2.50"),
        Decimal("3.25"),
        Decimal("1.00"),
    ]


def test_the_footer_tells_the_run_the_day_and_the_contract_and_nothing_else(
    tmp_path: Path, migration: pl.DataFrame
) -> None:
    shelf.write_table(tmp_path, RUN, "segment_migration", migration)
    metadata = pq.read_metadata(tmp_path / "segment_migration.parquet").metadata
    assert metadata == {
        b"regulars.run_id": b"20240601-abc",
        b"regulars.as_of": b"2024-06-01",
        b"regulars.contract_version": b"5",
    }


def test_an_empty_table_is_written_with_its_types(tmp_path: Path, migration: pl.DataFrame) -> None:
    entry = shelf.write_table(tmp_path, RUN, "segment_migration", migration.clear())
    assert entry["rows"] == 0
    schema = pl.read_parquet_schema(tmp_path / "segment_migration.parquet")
    assert schema["spend"] == pl.Decimal(18, 2)


@pytest.mark.parametrize(
    "breaking",
    [
        lambda frame: frame.drop("spend"),
        lambda frame: frame.with_columns(segment=None),
        lambda frame: pl.concat([frame, frame]),
        lambda frame: frame.with_columns(spend=pl.lit("a few")),
    ],
    ids=["a column short", "a null", "a key twice", "another type"],
)
def test_a_table_that_breaks_its_contract_is_named_and_nothing_stays(
    workspace: Workspace, migration: pl.DataFrame, breaking: object
) -> None:
    tables = {"segment_migration": breaking(migration)}  # type: ignore[operator]
    with pytest.raises(Failed, match="table segment_migration breaks its contract"):
        shelf.shelve(workspace, RUN, tables, "<html>")
    assert list(workspace.runs.iterdir()) == []


def test_a_run_is_on_the_shelf_whole_and_readable_by_the_group(
    workspace: Workspace, migration: pl.DataFrame
) -> None:
    folder = shelf.shelve(workspace, RUN, {"segment_migration": migration}, "<html>")
    files = {path.name: mode(path) for path in (folder / "tables").iterdir()}
    assert files == dict.fromkeys(
        ("segment_migration.parquet", "catalog.sql", "report.html", "manifest.json"), 0o640
    )
    assert {mode(folder), mode(folder / "tables"), mode(workspace.runs)} == {0o750}
    assert shelf.is_complete(workspace, RUN.run_id)


@pytest.mark.parametrize("name", ["segment_migration.parquet", "report.html", "manifest.json"])
def test_a_run_with_a_changed_file_is_not_complete_and_is_written_again(
    workspace: Workspace, migration: pl.DataFrame, name: str
) -> None:
    folder = shelf.shelve(workspace, RUN, {"segment_migration": migration}, "<html>")
    (folder / "tables" / name).write_bytes(b"{}")
    assert not shelf.is_complete(workspace, RUN.run_id)
    shelf.shelve(workspace, RUN, {"segment_migration": migration}, "<html>")
    assert shelf.is_complete(workspace, RUN.run_id)


def test_publishing_swaps_a_relative_link(workspace: Workspace, migration: pl.DataFrame) -> None:
    for run_id in ("20240601-abc", "20240602-def"):
        run = Run(run_id, "2024-06-01", {})
        shelf.shelve(workspace, run, {"segment_migration": migration}, "<html>")
        shelf.publish(workspace, run_id)
        assert workspace.published.readlink() == Path("runs") / run_id / "tables"
        assert shelf.published_manifest(workspace) == shelf.manifest_of(workspace, run_id)
    moved = workspace.root.rename(workspace.root.with_name("moved"))
    assert (moved / "published" / "report.html").exists()


def test_nothing_is_published_before_the_first_time(workspace: Workspace) -> None:
    assert shelf.published_manifest(workspace) is None


def test_what_a_killed_process_left_is_removed_and_nothing_else(
    workspace: Workspace, migration: pl.DataFrame
) -> None:
    shelf.shelve(workspace, RUN, {"segment_migration": migration}, "<html>")
    shelf.publish(workspace, RUN.run_id)
    for name in ("landing/ab", "quarantine/000001-ab.parquet", "vault.key"):
        (workspace.root / name).write_text("kept")
    kept = sorted(workspace.root.rglob("*"))
    (workspace.runs / ".20240602-9" / "tables").mkdir(parents=True)
    (workspace.work / "spill").mkdir()
    (workspace.root / ".published-9").symlink_to("runs/.20240602-9/tables")
    for name in (
        "landing/.landing-x",
        "landing/.000001-ab.json-x",
        "quarantine/.000002-ab.parquet-x",
        ".vault.key-x",
        ".work/ab.utf8",
    ):
        (workspace.root / name).write_text("left")
    shelf.tidied(workspace)
    assert sorted(workspace.root.rglob("*")) == kept


def test_the_catalog_makes_views_with_comments_where_it_stands(
    workspace: Workspace, migration: pl.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = shelf.shelve(workspace, RUN, {"segment_migration": migration}, "<html>")
    monkeypatch.chdir(folder / "tables")
    with duckdb.connect() as connection:
        connection.execute(Path("catalog.sql").read_text(encoding="utf-8"))
        assert connection.execute("SELECT sum(spend) FROM segment_migration").fetchall() == [
            (Decimal("1.75"),)
        ]
        comments = connection.execute(
            "SELECT column_name, comment FROM duckdb_columns() "
            "WHERE table_name = 'segment_migration'"
        ).fetchall()
    contract = TABLES["segment_migration"].schema.columns()
    assert dict(comments) == {name: column.description for name, column in contract.items()}


@pytest.mark.parametrize("name", TABLES)
def test_every_contract_makes_a_catalog_that_runs(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = pl.DataFrame(schema=dict.fromkeys(TABLES[name].schema.column_names(), pl.Null))
    shelf.write_table(tmp_path, RUN, name, empty)
    monkeypatch.chdir(tmp_path)
    with duckdb.connect() as connection:
        connection.execute(shelf.catalog([name]))
        assert connection.execute(f"SELECT count(*) FROM {name}").fetchall() == [(0,)]


PEOPLE = ["=1+1", "+86 138-0013", "@SUM(A1)", "-5", "-cmd|' /C calc'!A0", "\t=1", "ann"]


@pytest.fixture
def published(workspace: Workspace) -> Workspace:
    """A publication of seven customers, whose raw ids are the awkward ones above."""
    ids = range(1, len(PEOPLE) + 1)
    with duckdb.connect(workspace.vault) as connection:
        connection.execute("CREATE TABLE people (raw_id VARCHAR, customer_id UBIGINT)")
        connection.executemany("INSERT INTO people VALUES ($1, $2)", zip(PEOPLE, ids, strict=True))
        connection.execute(
            "CREATE TABLE profiles "
            "(customer_id UBIGINT, name VARCHAR, phone VARCHAR, email VARCHAR)"
        )
        connection.execute("INSERT INTO profiles VALUES (7, '=HYPERLINK(1)', '+86 1', '安@x')")
    rfm = pl.DataFrame(
        {
            "customer_id": [f"c1_{number:016x}" for number in ids],
            "recency_days": 1,
            "orders_n": 1,
            "spend": Decimal("-1.00"),
            "r_score": 5,
            "f_score": 5,
            "m_score": 5,
            "rfm_score": "555",
            "segment": ["champions"] * 6 + ["loyal"],
            "previous_segment": "not_seen",
            "value_type": None,
        }
    )
    tables = {"rfm": rfm, "segments": segments(rfm, rules=DEFAULT_RULES)}
    shelf.shelve(workspace, RUN, tables, "<html>")
    shelf.publish(workspace, RUN.run_id)
    return workspace


AT = datetime(2024, 6, 2, 9, 30)


@pytest.mark.fault("F33")
def test_cells_that_a_spreadsheet_would_run_are_made_text_and_phones_are_not(
    published: Workspace,
) -> None:
    path, rows_n = revealed(published, "rfm", purpose="a letter", segment=None, by="me", at=AT)
    assert path.read_bytes().startswith(b"\xef\xbb\xbfcustomer_id,raw_id,name,phone,email,")
    frame = pl.read_csv(path, infer_schema=False, glob=False)
    assert frame["raw_id"].to_list() == [
        "'=1+1",
        "+86 138-0013",
        "'@SUM(A1)",
        "-5",
        "'-cmd|' /C calc'!A0",
        "'\t=1",
        "ann",
    ]
    assert frame.select("name", "phone", "email", "spend").row(6) == (
        "'=HYPERLINK(1)",
        "+86 1",
        "安@x",
        "-1.00",
    )
    assert rows_n == 7


def test_a_list_is_private_and_outside_of_what_is_published(published: Workspace) -> None:
    path, _ = revealed(published, "rfm", purpose="a letter", segment=None, by="me", at=AT)
    assert (mode(path), mode(path.parent)) == (0o600, 0o700)
    assert path.parent == published.root / "revealed"


def test_the_audit_tells_who_took_what_for_which_purpose(published: Workspace) -> None:
    revealed(published, "rfm", purpose="a letter", segment="loyal", by="me", at=AT)
    (line,) = published.audit.read_text(encoding="utf-8").splitlines()
    assert json.loads(line) == {
        "at": "2024-06-02T09:30:00",
        "by": "me",
        "table": "rfm",
        "segment": "loyal",
        "purpose": "a letter",
        "rows_n": 1,
        "run_id": RUN.run_id,
        "file": "rfm-loyal-20240602T093000.csv",
    }
    assert mode(published.audit) == 0o600


@pytest.mark.parametrize(
    ("table", "segment", "purpose", "message"),
    [
        ("rfm", None, "  ", "raw ids are given for a purpose"),
        ("sales", None, "a letter", "no list of customers 'sales'"),
        ("../vault", None, "a letter", "no list of customers"),
        ("rfm", "lost", "a letter", "there is no segment 'lost'"),
        ("rfm", "champion", "a letter", "did you mean 'champions'"),
        ("rfm", "At risk", "a letter", "regulars export rfm --segment at_risk"),
        ("rmf", None, "a letter", "did you mean 'rfm'"),
    ],
)
def test_a_list_that_is_not_given_leaves_no_trace(
    published: Workspace, table: str, segment: str | None, purpose: str, message: str
) -> None:
    with pytest.raises(SettingsError, match=message):
        revealed(published, table, purpose=purpose, segment=segment, by="me", at=AT)
    assert not published.audit.exists()
    assert not published.revealed.exists()


def test_a_segment_without_customers_is_a_list_without_rows(published: Workspace) -> None:
    path, rows_n = revealed(
        published, "rfm", purpose="a letter", segment="hibernating", by="me", at=AT
    )
    (header,) = path.read_text(encoding="utf-8-sig").splitlines()
    assert (rows_n, header.split(",")[:2]) == (0, ["customer_id", "raw_id"])
    assert json.loads(published.audit.read_text(encoding="utf-8"))["rows_n"] == 0


def test_a_list_that_the_vault_cannot_complete_is_refused(published: Workspace) -> None:
    with duckdb.connect(published.vault) as connection:
        connection.execute("DELETE FROM people WHERE customer_id = 3")
    with pytest.raises(Failed, match="does not know who some customers are"):
        revealed(published, "rfm", purpose="a letter", segment=None, by="me", at=AT)


def test_there_is_no_list_before_the_first_publication(workspace: Workspace) -> None:
    with pytest.raises(DataRefused, match="nothing is published yet"):
        revealed(workspace, "rfm", purpose="a letter", segment=None, by="me", at=AT)


def test_a_folder_can_be_written_to_while_another_run_tidies_and_tidied_while_others_try(
    workspace: Workspace,
) -> None:
    def tidying(stop: Event) -> None:
        while not stop.is_set():
            shelf.tidied(workspace)

    stop = Event()
    with ThreadPoolExecutor(1) as pool:
        tidies = pool.submit(tidying, stop)
        try:
            for _ in range(2000):
                assert is_writable(workspace.work)
        finally:
            stop.set()
        tidies.result()
