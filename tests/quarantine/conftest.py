"""A desk at which refused rows are mended: a workspace, a workbook that goes out and comes back."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import fastexcel
import polars as pl
import pytest
import xlsxwriter

from regulars.data.handing_out import handed_out
from regulars.data.workspace import Workspace, prepared, written
from regulars.flows import steps
from regulars.flows.quarantine_list import asked_for, refused_files
from regulars.flows.resubmission import Resubmitted, resubmitted
from regulars.flows.settings import settings_of
from tests.flows.conftest import Shell

SETTINGS = """
[chain]
name = "A chain"
currency = "CNY"
time_zone = "Asia/Shanghai"
order_key = ["order_id"]

[exports.transactions]
files = ["exports/*"]
final_newline = false

[drift]
columns = "off"
volume = "off"
empty = "off"
"""
HEADER = ("order_id", "line_id", "customer_id", "ordered_at", "amount", "store_id", "till")
KEY_OF_ALL = bytes(range(32))
KEY, LINE, GIVE_UP, RAW = "#key", "#line", "#give up", "#raw line"
LINES = (
    "SELECT order_id, line_id, source_customer_id, ordered_at, amount, store_id FROM lines "
    "ORDER BY ALL"
)
LEDGER = (
    "SELECT load_id, file, rows_n, accepted_n, duplicate_n, quarantined_n, skipped_n FROM loads "
    "ORDER BY ALL"
)

Cells = Sequence[str]


@dataclass
class Workbook:
    """The sheets of a workbook as rows of texts, to be changed and saved."""

    sheets: dict[str, list[list[Any]]]

    @classmethod
    def read(cls, path: Path) -> Workbook:
        book = fastexcel.read_excel(path)
        frames = {
            name: book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string").to_polars()
            for name in book.sheet_names
        }
        return cls({name: [list(r) for r in f.fill_null("").rows()] for name, f in frames.items()})

    def rows(self, sheet: str) -> list[dict[str, str]]:
        header, *rows = self.sheets[sheet]
        return [dict(zip(header, row, strict=True)) for row in rows]

    def put(self, sheet: str, line: int, **cells: object) -> Workbook:
        """Write cells of the row of a line; an underscore in a name stands for ``#``."""
        header, *rows = self.sheets[sheet]
        row = next(row for row in rows if row[header.index(LINE)] == str(line))
        for name, cell in cells.items():
            row[header.index({"raw": RAW, "give_up": GIVE_UP}.get(name, name))] = cell
        return self

    def saved(self, path: Path) -> Path:
        """As a person's spreadsheet saves it: numbers as numbers, days as days."""
        with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
            day = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
            for name, rows in self.sheets.items():
                sheet = book.add_worksheet(name)
                for at, row in enumerate(rows):
                    for place, cell in enumerate(row):
                        if isinstance(cell, datetime):
                            sheet.write_datetime(at, place, cell, day)
                        elif isinstance(cell, str):
                            sheet.write_string(at, place, cell)
                        else:
                            sheet.write_number(at, place, cell)
        return path

    def saved_as_csv(self, sheet: str, path: Path, encoding: str, delimiter: str = ",") -> Path:
        with path.open("w", encoding=encoding, newline="") as file:
            csv.writer(file, delimiter=delimiter).writerows(self.sheets[sheet])
        return path


@dataclass
class Desk:
    """A workspace whose files are written, refused, handed out and taken back."""

    workspace: Workspace
    clock: datetime = field(default=datetime(2026, 1, 1, tzinfo=UTC))

    def write(self, name: str, rows: Sequence[Cells], header: Cells = HEADER) -> Path:
        """A CSV file that waits; cells with delimiters or line ends are quoted."""
        path = self.workspace.exports / name
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([header, *rows])
        return path

    def ingest(self) -> steps.Ingested:
        prepared(self.workspace)
        return steps.ingest(self.workspace, settings_of(self.workspace), report=lambda _: None)

    def handed_out(self, *, language: str = "en", **asked: str | None) -> Workbook:
        return Workbook.read(self.book(language=language, **asked))

    def book(
        self,
        *,
        language: str = "en",
        file: str | None = None,
        reason: str | None = None,
        store: str | None = None,
    ) -> Path:
        self.clock += timedelta(seconds=1)
        files, _ = refused_files(self.workspace, settings_of(self.workspace))
        return handed_out(
            self.workspace,
            asked_for(files, file=file, reason=reason),
            language=language,
            store=store,
            purpose="for the store to correct",
            by="ann",
            at=self.clock,
        ).path

    def resubmit(self, workbook: Workbook | Path) -> Resubmitted:
        path = workbook if isinstance(workbook, Path) else workbook.saved(self.back)
        return resubmitted(self.workspace.root, path, by="ann", at=self.clock)

    def states(self, workbook: Workbook | Path) -> list[tuple[int | None, str]]:
        return [(row.line, row.state) for row in self.resubmit(workbook).rows]

    @property
    def back(self) -> Path:
        return self.workspace.root / "back.xlsx"

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(self.workspace.warehouse) as connection:
            return connection.execute(sql).fetchall()

    def refused(self) -> list[tuple[str, int, str]]:
        """What is in quarantine: file, line, reason."""
        paths = sorted(self.workspace.quarantine.glob("*.parquet"))
        found = [pl.read_parquet(path, glob=False) for path in paths]
        return [row for frame in found for row in frame.select("file", "line", "reason").rows()]


def new_desk_at(root: Path) -> Desk:
    workspace = Workspace(root)
    workspace.exports.mkdir(parents=True)
    workspace.settings_file.write_text(SETTINGS, encoding="utf-8")
    # One key for all of them, so that pseudonyms can be compared.
    written(workspace.key, f"{KEY_OF_ALL.hex()}\n".encode())
    return Desk(workspace)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return new_desk_at(tmp_path / "desk")


@pytest.fixture(scope="session")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    return Shell(tmp_path_factory.mktemp("home"))
