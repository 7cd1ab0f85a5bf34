"""``regulars map`` as it is typed: what it shows, what it writes, and what it leaves alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from typer.testing import CliRunner, Result

from regulars.data.headers import layout_of
from regulars.data.workspace import Workspace, created
from regulars.expectations.errors import DataRefused, SettingsError
from regulars.expectations.exports import EXPORTS
from regulars.flows.map_command import app
from regulars.flows.mapped_file import MappedFile, mapped
from regulars.flows.mapping_lines import lines
from regulars.flows.mapping_settings import write
from regulars.flows.settings import settings_of
from regulars.flows.template import SETTINGS_TEMPLATE

PROGRAM = "import regulars.flows.map_command; from regulars.flows.cli import main; main()"
TILL = """\
西湖店销售明细
小票号,会员卡号,交易时间,商品编码,数量,应收金额,实收金额
SECRET7,88000123,2026-01-05 09:12:00,P01,1,26.00,25.80
SECRET8,,2026-01-05 10:40:00,P02,2,40.00,39.00
合计,,,,3,66.00,64.80
"""
COLUMNS = {
    "order_id": "小票号",
    "customer_id": "会员卡号",
    "ordered_at": "交易时间",
    "amount": "实收金额",
    "quantity": "数量",
    "product_id": "商品编码",
}
AT = datetime(2026, 2, 1, tzinfo=UTC)
MakeFile = Callable[..., Path]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return created(tmp_path / "chain", SETTINGS_TEMPLATE, at=AT)


@pytest.fixture
def export(workspace: Workspace) -> MakeFile:
    def made(text: str = TILL, name: str = "销售明细_202601.csv") -> Path:
        path = workspace.exports / name
        path.write_bytes(text.replace("\n", "\r\n").encode("gb18030"))
        return path

    return made


def found(path: Path, workspace: Workspace, **more: Any) -> MappedFile:
    given = {"export": None, "told": {}, "sheet": None, "anew": False} | more
    return mapped(path, workspace.root, **given)


def typed(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, "map", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "REGULARS_"))},
        check=False,
    )


def invoked(*arguments: object) -> Result:
    """The command in this process: what it says of an error is said by its entry point."""
    return CliRunner().invoke(app, ["map", *map(str, arguments)])


def changed(workspace: Workspace) -> list[str]:
    """The lines of the settings that the template has not."""
    before = SETTINGS_TEMPLATE.splitlines()
    after = workspace.settings_file.read_text(encoding="utf-8").splitlines()
    return [line for line in after if line not in before]


def test_a_newcomer_maps_and_writes_and_nothing_of_the_file_s_values_is_shown(
    workspace: Workspace, export: MakeFile
) -> None:
    done = typed(export(), "--workspace", workspace.root, "--write")

    assert (done.returncode, done.stderr) == (0, "")
    assert "销售明细_202601.csv: transactions" in done.stdout
    assert "text in gb18030 split at comma, header on line 2" in done.stdout
    assert "amount, 实收金额: taken rather than 应收金额" in done.stdout
    assert f"next: regulars doctor --workspace {workspace.root}" in done.stdout
    for secret in ("SECRET7", "88000123", "2026-01-05", "25.80", "P01"):
        assert secret not in done.stdout
    section = settings_of(workspace).exports.transactions
    assert dict(section.columns) == COLUMNS
    assert section.files == ("exports/transactions*.csv", "exports/销售明细_*.csv")


def test_what_is_written_is_what_the_reader_takes(workspace: Workspace, export: MakeFile) -> None:
    path = export()

    write(found(path, workspace), workspace.root, replace=False)

    section = settings_of(workspace).exports.transactions
    layout = layout_of(path, EXPORTS["transactions"], section.columns)
    assert set(layout.places) == set(COLUMNS)
    assert found(path, workspace).is_said_already


def test_all_that_the_settings_said_stays(workspace: Workspace, export: MakeFile) -> None:
    before = SETTINGS_TEMPLATE.splitlines()

    write(found(export(), workspace), workspace.root, replace=False)

    after = workspace.settings_file.read_text(encoding="utf-8").splitlines()
    gone = [line for line in before if line not in after]
    assert gone == [
        'files = "exports/transactions*.csv"     # one glob or several, relative to this folder'
    ]
    assert changed(workspace) == [
        'files = ["exports/transactions*.csv", "exports/销售明细_*.csv"]'
        "     # one glob or several, relative to this folder",
        *(f'{column} = "{COLUMNS[column]}"' for column in EXPORTS_ORDER if column in COLUMNS),
    ]
    header = after.index("[exports.transactions.columns]")
    assert after[header + 1] == 'order_id = "小票号"'


EXPORTS_ORDER = [column.name for column in EXPORTS["transactions"].columns]


def test_without_write_it_shows_the_toml_to_paste(workspace: Workspace, export: MakeFile) -> None:
    before = workspace.settings_file.read_bytes()

    done = invoked(export(), "--workspace", workspace.root)

    pasted = tomllib.loads(done.stdout[done.stdout.index("[exports.transactions]") :])
    assert pasted["exports"]["transactions"]["columns"] == COLUMNS
    assert workspace.settings_file.read_bytes() == before


def test_outside_a_workspace_it_proposes_too(tmp_path: Path) -> None:
    path = tmp_path / "sales-2026-01.csv"
    path.write_bytes(TILL.encode("utf-8"))

    proposal = found(path, Workspace(tmp_path))

    assert proposal.proposal.columns() == COLUMNS
    assert proposal.settings == {"files": "exports/sales-*.csv"}


def test_a_missing_required_column_ends_with_3_and_says_what_may_be_it(
    workspace: Workspace, export: MakeFile
) -> None:
    path = export(TILL.replace("实收金额", "实付金额").replace("应收金额", "实收金额"))
    before = workspace.settings_file.read_bytes()

    done = typed(path, "--workspace", workspace.root, "--write")

    assert done.returncode == 3
    assert "no column for transactions.amount" in done.stderr
    assert "实收金额 and 实付金额 fit equally well and differ in their values" in done.stderr
    assert "--column amount=实收金额" in done.stderr
    assert workspace.settings_file.read_bytes() == before


def test_json_is_one_document_with_the_proposal_and_the_error(
    workspace: Workspace, export: MakeFile
) -> None:
    done = invoked(export(TILL.replace("会员卡号", "备注")), "-w", workspace.root, "--json")

    facts = json.loads(done.stdout)
    assert (done.exit_code, facts["exit_code"]) == (3, 3)
    assert facts["missing"] == ["customer_id"]
    assert facts["columns"]["amount"] == "实收金额"
    assert "SECRET7" not in done.stdout + done.stderr


def test_a_column_decided_by_the_user_is_written(workspace: Workspace, export: MakeFile) -> None:
    done = invoked(export(), "-w", workspace.root, "--write", "--column", "amount=应收金额")

    assert done.exit_code == 0
    assert settings_of(workspace).exports.transactions.columns["amount"] == "应收金额"


@pytest.mark.parametrize("column", ["amount", "amount=", "=金额", "amount=没有", "price=实收金额"])
def test_a_column_that_cannot_be_is_refused(
    workspace: Workspace, export: MakeFile, column: str
) -> None:
    done = invoked(export(), "-w", workspace.root, "--column", column)

    assert isinstance(done.exception, SettingsError)
    assert done.exception.what.startswith("--column")
    assert done.exception.next_step


OLD = SETTINGS_TEMPLATE.replace("# amount =", "amount =")


def test_what_the_settings_say_is_kept_where_the_file_has_it(
    workspace: Workspace, export: MakeFile
) -> None:
    workspace.settings_file.write_text(OLD.replace("实付金额", "应收金额"), encoding="utf-8")

    write(found(export(), workspace), workspace.root, replace=False)

    assert settings_of(workspace).exports.transactions.columns["amount"] == "应收金额"


def test_what_the_settings_say_is_never_overwritten_unless_replace_is_given(
    workspace: Workspace, export: MakeFile
) -> None:
    workspace.settings_file.write_text(OLD, encoding="utf-8")
    path = export()

    with pytest.raises(SettingsError) as refusal:
        write(found(path, workspace), workspace.root, replace=False)

    assert 'found: what the settings say: amount = "实付金额"' in str(refusal.value)
    assert 'expected: what the file has: amount = "实收金额"' in str(refusal.value)
    assert "[[exports.transactions.sources]]" in str(refusal.value)
    assert workspace.settings_file.read_text(encoding="utf-8") == OLD
    write(found(path, workspace, anew=True), workspace.root, replace=True)
    assert settings_of(workspace).exports.transactions.columns["amount"] == "实收金额"
    assert "# The contract's name on the left" in workspace.settings_file.read_text(
        encoding="utf-8"
    )


def test_replace_takes_away_columns_that_the_file_has_not(
    workspace: Workspace, export: MakeFile
) -> None:
    lost = 'amount = "实付金额"\nstaff_id = "店长"   # of the old till\n'
    workspace.settings_file.write_text(
        SETTINGS_TEMPLATE.replace('# amount = "实付金额"\n', lost), encoding="utf-8"
    )

    write(found(export(), workspace, anew=True), workspace.root, replace=True)

    assert dict(settings_of(workspace).exports.transactions.columns) == COLUMNS


def test_a_new_export_gets_a_section_of_its_own(workspace: Workspace, export: MakeFile) -> None:
    path = export("会员编号,姓名,手机\nm1,某某,13800000001\n", "会员档案-20260131.csv")

    write(found(path, workspace), workspace.root, replace=False)

    section = settings_of(workspace).exports.customers
    assert section is not None
    assert section.files == ("exports/会员档案-*.csv",)
    assert dict(section.columns) == {"customer_id": "会员编号", "name": "姓名", "phone": "手机"}


@pytest.mark.parametrize(
    ("name", "files"),
    [
        ("sales_2026-01.csv", "exports/sales_*.csv"),
        ("sales20260131.csv", "exports/sales*.csv"),
        ("销售2026年1月.csv", "exports/销售*.csv"),
        ("20260131.csv", "exports/20260131.csv"),
        ("till 7.csv", "exports/till 7.csv"),
        ("a[1].csv", "exports/a[[]1].csv"),
    ],
)
def test_the_files_are_told_by_their_name_without_its_date(
    workspace: Workspace, export: MakeFile, name: str, files: str
) -> None:
    workspace.settings_file.unlink()

    assert found(export(name=name), workspace).settings == {"files": files}
    assert [path.name for path in workspace.root.glob(files)] == [name]


def test_a_pattern_that_would_take_another_export_s_files_is_not_proposed(
    workspace: Workspace, export: MakeFile
) -> None:
    export("门店编号\n1\n", "data_202602.csv")
    text = SETTINGS_TEMPLATE.replace("# [exports.stores]\n", "[exports.stores]\n")
    text = text.replace('# files = "exports/stores*.csv"', 'files = "exports/data_202602.csv"')
    workspace.settings_file.write_text(text, encoding="utf-8")
    path = export(name="data_202601.csv")

    proposal = found(path, workspace)

    assert proposal.settings["files"] == ["exports/transactions*.csv", "exports/data_202601.csv"]


def test_the_sheet_with_the_columns_is_found_and_written(workspace: Workspace) -> None:
    path = workspace.exports / "transactions.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("说明").write_row(0, 0, ["本表由系统导出"])
        sheet = book.add_worksheet("明细")
        for number, line in enumerate(TILL.splitlines()):
            sheet.write_row(number, 0, line.split(","))

    proposal = found(path, workspace)

    assert (proposal.seen.sheet, proposal.seen.header_line) == ("明细", 2)
    assert proposal.settings["sheet"] == "明细"
    assert proposal.proposal.columns() == COLUMNS


def rung_up(*lines: tuple[str, str]) -> str:
    """Receipts with these times and amounts."""
    rows = [f'R{n},m{n},{at},"{amount}"\n' for n, (at, amount) in enumerate(lines)]
    return "小票号,会员号,交易时间,实收金额\n" + "".join(rows)


@pytest.mark.parametrize(
    ("first", "second", "settings"),
    [
        (("2026-01-05 09:12", "25.80"), ("2026-01-31 10:40", "1234.50"), {}),
        (("2026-01-05 09:12", "25.80"), ("2026-01-31 10:40", "1,234.50"), {"thousands": ","}),
        (("2026-01-05 09:12", "25,80"), ("2026-01-31 10:40", "7"), {"decimal": ","}),
        (
            ("2026-01-05 09:12", "1.234,50"),
            ("2026-01-31 10:40", "7,00"),
            {"decimal": ",", "thousands": "."},
        ),
        (("2026-01-05 09:12", "1,234"), ("2026-01-31 10:40", "7"), {}),
        (("2026-01-05 09:12", "1,234.50"), ("2026-01-31 10:40", "7,5"), {}),
        (("05/01/2026 09:12", "7"), ("31/01/2026 10:40", "7"), {"dates": ["%d/%m/%Y %H:%M"]}),
        (("01-05-2026", "7"), ("01-31-2026", "7"), {"dates": ["%m-%d-%Y"]}),
        (("2026.01.05", "7"), ("2026.01.31", "7"), {"dates": ["%Y.%m.%d"]}),
        (("20260105091200", "7"), ("20260131104000", "7"), {"dates": ["%Y%m%d%H%M%S"]}),
        (("2026年1月5日", "7"), ("20260131", "7"), {}),
        (
            ("05.01.2026 09:12:00", "7"),
            ("31.01.2026 10:40:00", "7"),
            {"dates": ["%d.%m.%Y %H:%M:%S"]},
        ),
    ],
)
def test_how_values_are_spelled_is_proposed_where_they_leave_no_doubt(
    workspace: Workspace,
    export: MakeFile,
    first: tuple[str, str],
    second: tuple[str, str],
    settings: dict[str, object],
) -> None:
    path = export(rung_up(first, second), "transactions.csv")

    proposal = found(path, workspace)

    assert (proposal.settings, proposal.advice) == (settings, ())


def test_days_that_may_be_read_in_two_ways_are_left_to_the_user(
    workspace: Workspace, export: MakeFile
) -> None:
    path = export(rung_up(("01/02/2026", "7"), ("03/04/2026", "7")), "transactions.csv")

    proposal = found(path, workspace)

    assert proposal.settings == {}
    assert "the values do not tell which" in proposal.advice[0]
    assert proposal.advice[0] in list(lines(proposal))


def test_json_lines_are_mapped_by_their_keys(workspace: Workspace) -> None:
    path = workspace.exports / "orders.jsonl"
    line = {"orderNo": "1", "memberId": 7, "orderTime": "2026-01-05T09:12:00Z", "paidAmount": 5.5}
    path.write_text(json.dumps(line) + "\n", encoding="utf-8")

    proposal = found(path, workspace).proposal

    assert proposal.columns() == {
        "order_id": "orderNo",
        "customer_id": "memberId",
        "ordered_at": "orderTime",
        "amount": "paidAmount",
    }


def test_settings_with_a_mark_at_their_start_keep_it_and_can_be_read(
    workspace: Workspace, export: MakeFile
) -> None:
    workspace.settings_file.write_text(SETTINGS_TEMPLATE, encoding="utf-8-sig")

    write(found(export(), workspace), workspace.root, replace=False)

    assert workspace.settings_file.read_bytes().startswith(b"\xef\xbb\xbf")
    assert dict(settings_of(workspace).exports.transactions.columns) == COLUMNS


def test_a_file_of_people_without_a_header_names_nobody(
    workspace: Workspace, export: MakeFile
) -> None:
    path = export("张三,13800000001,女\n李四,13800000002,男\n")

    for name in (None, "customers"):
        with pytest.raises(DataRefused) as refusal:
            found(path, workspace, export=name)
        assert "3 cells, none a known name" in str(refusal.value)
        assert not set("张三李四") & set(str(refusal.value))


def test_a_file_that_is_not_there_and_an_empty_one_are_refused(
    workspace: Workspace, export: MakeFile
) -> None:
    with pytest.raises(DataRefused, match="no such file"):
        found(workspace.exports / "none.csv", workspace)
    with pytest.raises(DataRefused, match="the file is empty"):
        found(export(""), workspace)


def test_an_unknown_export_is_refused_with_those_there_are(
    workspace: Workspace, export: MakeFile
) -> None:
    with pytest.raises(SettingsError, match="one of transactions, customers"):
        found(export(), workspace, export="sales")


def test_columns_line_up_on_a_terminal_where_chinese_takes_two_places(
    workspace: Workspace, export: MakeFile
) -> None:
    shown = list(lines(found(export(), workspace)))

    header = next(line for line in shown if line.startswith("  column"))
    row = next(line for line in shown if line.startswith("  order_id*"))
    assert header == "  column        in the file  how      values look like"
    assert row == "  order_id*     小票号       synonym  aaaaaa9"


OF_SOURCES = SETTINGS_TEMPLATE.replace(
    "[exports.transactions]", "[[exports.transactions.sources]]"
).replace(
    "[exports.transactions.columns]", '[exports.transactions.sources.columns]\norder_id = "单号"'
)


def test_a_file_of_a_new_kind_becomes_a_source_behind_the_others(
    workspace: Workspace, export: MakeFile
) -> None:
    workspace.settings_file.write_text(OF_SOURCES, encoding="utf-8")

    write(found(export(), workspace), workspace.root, replace=False)

    first, second = settings_of(workspace).exports.transactions.sources
    assert dict(first.columns) == {"order_id": "单号"}
    assert (second.files, dict(second.columns)) == (("exports/销售明细_*.csv",), COLUMNS)


def test_a_file_of_a_source_is_mapped_in_that_source(
    workspace: Workspace, export: MakeFile
) -> None:
    workspace.settings_file.write_text(OF_SOURCES, encoding="utf-8")
    path = export(TILL.replace("小票号", "单号"), "transactions_202601.csv")

    write(found(path, workspace), workspace.root, replace=False)

    (source,) = settings_of(workspace).exports.transactions.sources
    assert dict(source.columns) == COLUMNS | {"order_id": "单号"}
    assert source.files == ("exports/transactions*.csv",)
    assert found(path, workspace).is_said_already
