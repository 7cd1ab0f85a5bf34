"""Several systems that export the same thing: each with its own files, names and spelling."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from regulars.data.workspace import Workspace
from regulars.expectations.errors import DataRefused, SettingsError
from regulars.flows.arrivals import arrivals
from regulars.flows.settings import Settings, settings_of

CHAIN = """\
[chain]
name = "Shop"
currency = "CNY"
time_zone = "Asia/Shanghai"
"""
SOURCES = """\
[[exports.transactions.sources]]
files = "exports/till_*.csv"
delivered_at = "till_%Y%m%d.csv"
[exports.transactions.sources.columns]
order_id = "小票号"
[[exports.transactions.sources]]
files = ["exports/web_*.csv"]
decimal = ","
thousands = "."
dates = ["%d.%m.%Y %H:%M"]
final_newline = false
"""
ROWS = "customer_id,ordered_at,amount\na1,ann,2024-03-01,1.00\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "till_20240301.csv").write_text("小票号," + ROWS, encoding="gb18030")
    (tmp_path / "exports" / "web_1.csv").write_text("order_id," + ROWS)
    return Workspace(tmp_path)


@pytest.fixture
def read(workspace: Workspace) -> Callable[[str], Settings]:
    def of(text: str) -> Settings:
        workspace.settings_file.write_text(CHAIN + text, encoding="utf-8")
        return settings_of(workspace)

    return of


def test_each_file_is_laid_out_as_its_own_source_says(
    workspace: Workspace, read: Callable[[str], Settings]
) -> None:
    till, web = arrivals(workspace, read(SOURCES))
    assert (till.path.name, till.layout.encoding, till.must_end_line) == (
        "till_20240301.csv",
        "gb18030",
        True,
    )
    assert till.delivered_at is not None
    assert (web.layout.decimal, web.layout.thousands, web.layout.dates) == (
        ",",
        ".",
        ["%d.%m.%Y %H:%M"],
    )
    assert (web.must_end_line, web.delivered_at) == (False, None)
    assert (till.source, web.source) == ("exports/till_*.csv", "exports/web_*.csv")


def test_an_export_with_one_kind_of_file_keeps_it_in_its_own_section(
    workspace: Workspace, read: Callable[[str], Settings]
) -> None:
    settings = read('[exports.transactions]\nfiles = "exports/web*"\nthousands = ","\n')
    (web,) = arrivals(workspace, settings)
    assert (web.layout.thousands, web.source) == (",", "")


def test_a_file_of_two_sources_is_refused_by_name(
    workspace: Workspace, read: Callable[[str], Settings]
) -> None:
    settings = read(SOURCES.replace("exports/web_", "exports/"))
    with pytest.raises(SettingsError, match=r"till_20240301\.csv: two sources"):
        arrivals(workspace, settings)


def test_a_column_that_a_source_lacks_is_told_with_its_section(
    workspace: Workspace, read: Callable[[str], Settings]
) -> None:
    with pytest.raises(DataRefused) as refused:
        arrivals(workspace, read(SOURCES.replace("小票号", "单号")))
    assert "[exports.transactions.sources.columns]" in str(refused.value.next_step)


@pytest.mark.fault("F34")
@pytest.mark.parametrize(
    ("text", "line", "expected"),
    [
        (SOURCES + 'sheets = "a"\n', 16, "unknown setting"),
        (SOURCES + '[exports.transactions]\nsheet = "a"\n', 17, "sheet in each"),
        (SOURCES.replace('order_id = "', 'order_ids = "'), 9, "unknown setting"),
        (SOURCES.replace('thousands = "."', 'thousands = ","'), 13, "two different signs"),
        (SOURCES.replace("%d.%m.%Y %H:%M", "%d.%m"), 14, "%Y, %m and %d"),
        (SOURCES.replace('decimal = ","', 'decimal = ";"'), 12, "'.' or ','"),
        ("[exports.transactions]\nsheet = 'a'\n", 5, "[exports.transactions] files"),
        ("[[exports.transactions.sources]]\nsheet = 'a'\n", 5, "files"),
    ],
)
def test_what_does_not_go_together_is_refused_with_its_line(
    read: Callable[[str], Settings], text: str, line: int, expected: str
) -> None:
    with pytest.raises(SettingsError) as refused:
        read(text)
    assert f"line {line}:" in str(refused.value)
    assert expected in str(refused.value)


@pytest.mark.fault("F12")
@pytest.mark.parametrize(
    ("content", "is_whole"),
    [
        (
            b'{"order_id": "a1", "customer_id": "ann", "ordered_at": "2024-03-01", "amount": 1}',
            False,
        ),
        (("order_id," + ROWS).encode().rstrip(), False),
    ],
)
def test_text_formats_must_end_their_last_line(
    workspace: Workspace, read: Callable[[str], Settings], content: bytes, is_whole: bool
) -> None:
    (workspace.exports / "web_1.csv").write_bytes(content)
    settings = read('[exports.transactions]\nfiles = "exports/web*"\n')
    (web,) = arrivals(workspace, settings)
    assert web.must_end_line is not is_whole


@pytest.mark.fault("F34")
def test_a_pattern_that_means_nothing_is_refused(read: Callable[[str], Settings]) -> None:
    with pytest.raises(SettingsError, match=r"files: \*\* as a folder of its own"):
        read('[exports.transactions]\nfiles = "exports/**.csv"\n')
