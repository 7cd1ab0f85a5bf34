"""Names of products, stores and the chain, and what customers say, that are HTML, formulas, control
signs, or very long."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from datetime import date, timedelta
from html.parser import HTMLParser

import duckdb
import pytest

from regulars.data.workspace import Workspace
from tests.flows.conftest import Ran, Shell

NAMES = (
    "</script><script>alert(1)</script>",
    "</title></style></svg><img src=x onerror=alert(1)>",
    '=HYPERLINK("http://x.example","look")',
    "@SUM(A1:A9)",
    "\x1b[31mred\x07 \u202egnirts",
    "'; DROP TABLE lines; --",
    "&lt;b&gt; \"quoted\" 'twice'",
)
LONG = "长" * 350_000  # a megabyte of UTF-8
AMOUNTS_N = 12
CALM = "配送很快"
SAID_FROM = date(2023, 12, 4)
"""Three calm months, and then a week in which everybody complains in hostile words."""
WITHOUT_SIGNS = "[31mred gnirts"
SHOWN_WITH_FEEDBACK = {"blockquote", "ol", "span"}
"""Elements that only the pages of feedback are made of."""


class Seen(HTMLParser):
    """The elements and the attributes of a page, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


@dataclass(frozen=True)
class Told:
    """A workspace whose names are hostile, its run, and the list that was exported of it."""

    workspace: Workspace
    ran: Ran
    exported: list[dict[str, str]]

    def ask(self, sql: str) -> list[tuple[object, ...]]:
        with duckdb.connect() as connection:
            return connection.execute(sql.format(tables=self.workspace.published)).fetchall()


def said() -> list[tuple[object, ...]]:
    """A calm piece a day, and in the last whole week of the receipts each name 12 times."""
    calm = [
        (f"calm{n}", f"{SAID_FROM + timedelta(days=n)} 09:00:00", "s0", "survey", 5, CALM, "")
        for n in range(91)
    ]
    words = [*NAMES, f"{NAMES[0]}{LONG}"]
    loud = [
        (
            f"{name[:12]}{number}-{n}",
            f"2024-03-{4 + n % 7:02} 10:00:00",
            f"s{number}",
            "complaint",
            1,
            name,
            NAMES[number % len(NAMES)],
        )
        for number, name in enumerate(words)
        for n in range(AMOUNTS_N)
    ]
    return [*calm, *loud]


def table(*rows: tuple[object, ...]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()


@pytest.fixture(scope="module")
def told(shell: Shell, tmp_path_factory: pytest.TempPathFactory) -> Told:
    workspace = Workspace(tmp_path_factory.mktemp("hostile") / "shop")
    workspace.exports.mkdir(parents=True)
    sections = "".join(
        f'[exports.{name}]\nfiles = "exports/{name}.csv"\n'
        for name in ("transactions", "products", "stores", "feedback")
    )
    workspace.settings_file.write_text(
        f"[chain]\nname = '''{NAMES[0]}'''\ncurrency = \"CNY\"\ntime_zone = \"Asia/Shanghai\"\n"
        f"{sections}",
        encoding="utf-8",
    )
    contents = {
        "products": table(
            ("product_id", "name", "category"),
            *((f"p{number}", name, name) for number, name in enumerate(NAMES)),
            ("p99", LONG, LONG),
        ),
        "stores": table(
            ("store_id", "name", "city"),
            *((f"s{number}", name, name) for number, name in enumerate(NAMES)),
            ("s99", LONG, "x"),
        ),
        "feedback": table(
            ("feedback_id", "submitted_at", "store_id", "kind", "rating", "text", "category"),
            *said(),
        ),
        "transactions": table(
            (
                "order_id",
                "customer_id",
                "ordered_at",
                "amount",
                "product_id",
                "store_id",
                "channel",
            ),
            *(
                (
                    f"o{number}-{amount}",
                    f"c{number}-{amount % 4}",
                    f"2024-03-{amount + 1:02} 10:00:00",
                    f"{amount + 1}.00",
                    f"p{number}",
                    f"s{number}",
                    name,
                )
                for number, name in enumerate(NAMES)
                for amount in range(AMOUNTS_N)
            ),
        ),
    }
    for name, content in contents.items():
        (workspace.exports / f"{name}.csv").write_text(content, encoding="utf-8", newline="")
    ran = shell("run", "-w", workspace.root)
    shell("export", "customers", "--purpose", "a test", "-w", workspace.root)
    (exported,) = workspace.revealed.glob("*.csv")
    return Told(workspace, ran, list(csv.DictReader(exported.open(encoding="utf-8-sig"))))


@pytest.mark.fault("F33")
def test_names_are_published_as_they_are(told: Told) -> None:
    assert told.ran.code == 0, told.ran.err
    found = told.ask("SELECT DISTINCT channel FROM '{tables}/sales.parquet'")
    assert {name for (name,) in found} == set(NAMES)
    found = told.ask("SELECT DISTINCT favourite_category FROM '{tables}/customers.parquet'")
    assert {name for (name,) in found} == set(NAMES)


@pytest.mark.fault("F33")
def test_a_page_holds_no_element_of_a_name_and_shows_it_as_text(
    told: Told, shop: Workspace
) -> None:
    page = Seen((told.workspace.published / "report.html").read_text(encoding="utf-8"))
    harmless = Seen((shop.published / "report.html").read_text(encoding="utf-8"))

    assert page.elements <= harmless.elements | SHOWN_WITH_FEEDBACK
    assert page.attributes <= harmless.attributes | {"font-weight"}  # of an axis with a title
    assert not page.elements & {"script", "img"}
    assert NAMES[0] in page.text


@pytest.mark.fault("F33")
@pytest.mark.fault("P09")
def test_what_customers_say_is_shown_as_text_cut_and_without_control_signs(told: Told) -> None:
    html = (told.workspace.published / "report.html").read_text(encoding="utf-8")
    quoted = re.findall("<blockquote>(.*?)</blockquote>", html)

    assert any(text.startswith("&lt;/script&gt;&lt;script&gt;") for text in quoted), quoted
    assert not [text for text in quoted if "<" in text]
    assert not set("\x1b\x07\u202e") & set(html)
    assert "长" * 121 not in html
    assert len(html) < 1_000_000


@pytest.mark.fault("F33")
def test_what_customers_say_is_published_as_it_is_and_cut(told: Told) -> None:
    found = told.ask(
        "SELECT text, bool_or(is_text_cut), count(*) FROM '{tables}/feedback_items.parquet' "
        f"WHERE text <> '{CALM}' GROUP BY ALL"
    )
    # What moves a terminal is no part of what somebody says: it was taken out before it was stored.
    assert {text for text, is_cut, _ in found if not is_cut} == {
        *NAMES[:4],
        *NAMES[5:],
        WITHOUT_SIGNS,
    }
    assert [(len(str(text)), n) for text, is_cut, n in found if is_cut] == [(4_000, AMOUNTS_N)]


@pytest.mark.fault("F33")
def test_a_list_for_a_spreadsheet_holds_no_formula(told: Told) -> None:
    cells = {row["favourite_category"] for row in told.exported}

    assert f"'{NAMES[2]}" in cells
    assert f"'{NAMES[3]}" in cells
    assert not {cell for cell in cells if cell.startswith(("=", "@", "+", "-"))}


@pytest.mark.fault("F33")
def test_a_megabyte_in_a_field_is_kept_or_told_and_takes_no_other_row_with_it(told: Told) -> None:
    loads = told.ask(
        "SELECT export, rows_n, accepted_n + quarantined_n FROM '{tables}/loads.parquet' "
        "ORDER BY export"
    )
    others_n = len(NAMES)

    assert loads == [
        ("feedback", len(said()), len(said())),
        ("products", others_n + 1, others_n + 1),
        ("stores", others_n + 1, others_n + 1),
        ("transactions", others_n * AMOUNTS_N, others_n * AMOUNTS_N),
    ]
    with duckdb.connect(told.workspace.warehouse) as warehouse:
        kept = warehouse.execute("SELECT product_id FROM products WHERE length(name) < 100")
        assert len(kept.fetchall()) == others_n
    assert all(path.stat().st_size < len(LONG) for path in told.workspace.published.iterdir())


@pytest.mark.fault("F33")
def test_nothing_printed_moves_a_terminal(told: Told) -> None:
    assert "\x1b" not in told.ran.out + told.ran.err
    assert "\x07" not in told.ran.out + told.ran.err
