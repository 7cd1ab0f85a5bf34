"""The sample chain: its files are as the truth beside them says, read by plain Python alone."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
import tomllib
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from regulars.data.chain_sample import chain_sample_settings, write_chain_sample
from regulars.expectations.exports import EXPORTS

KEY = ("小票号", "行号")
COPY = "_副本"


@dataclass(frozen=True)
class TillRow:
    """One record of a till's file: the physical line it begins on, its bytes and its fields."""

    line: int
    raw: bytes
    fields: dict[str, str]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    write_chain_sample(folder, size="small", seed=5)
    return folder


@pytest.fixture(scope="module")
def planted(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = read_json(folder / "truth" / "planted.json")
    return found


@pytest.fixture(scope="module")
def totals(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = read_json(folder / "truth" / "totals.json")["transactions"]
    return found


@pytest.fixture(scope="module")
def tills(folder: Path) -> dict[str, list[TillRow]]:
    return {path.name: till_rows(path) for path in sorted(folder.glob("exports/tills_*.csv"))}


@pytest.fixture(scope="module")
def web(folder: Path) -> dict[str, list[dict[str, Any] | None]]:
    return {
        path.name: [json_or_none(line) for line in path.read_text(encoding="utf-8").splitlines()]
        for path in sorted(folder.glob("exports/webshop_*.jsonl"))
    }


@pytest.fixture(scope="module")
def mini(folder: Path) -> dict[str, pl.DataFrame]:
    return {
        path.name: pl.read_excel(path, sheet_name="明细", infer_schema_length=0)
        for path in sorted(folder.glob("exports/miniprogram_*.xlsx"))
    }


def read_json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def json_or_none(line: str) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = json.loads(line)
    except json.JSONDecodeError:
        return None
    return found


def till_rows(path: Path) -> list[TillRow]:
    """Records below the header, split at CRLF, which no field holds."""
    records = path.read_bytes().split(b"\r\n")[:-1]
    lines = [1]
    for record in records:
        lines.append(lines[-1] + 1 + record.count(b"\n"))
    start = 0 if records[0].startswith("门店编码,".encode("gb18030")) else 1
    header = records[start].decode("gb18030").split(",")
    return [
        TillRow(line, raw, dict(zip(header, split(raw), strict=False)))
        for line, raw in zip(lines[start + 1 :], records[start + 1 :], strict=False)
    ]


def split(raw: bytes) -> list[str]:
    return next(csv.reader(io.StringIO(raw.decode("gb18030", "replace"), newline="")))


def is_data(row: TillRow) -> bool:
    first = next(iter(row.fields.values()))
    return first not in ("合计", "小计", "小票号", "门店编码")


def amount_of(text: str) -> Decimal:
    plain = text.translate(str.maketrans("０１２３４５６７８９．－", "0123456789.-"))
    return Decimal(re.sub("[¥￥,]", "", plain))


def key_of(row: TillRow) -> tuple[str, ...]:
    return tuple(row.fields[name] for name in KEY)


def refused_lines(planted: dict[str, Any], file: str) -> set[int]:
    return {
        line
        for dose in planted["faults"]
        if dose["file"] == file.replace(COPY, "") and dose["outcome"] == "quarantined"
        for line in dose["lines"]
    }


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_same_seed_gives_the_same_bytes_on_one_thread_in_another_zone(
    folder: Path, tmp_path: Path
) -> None:
    code = (
        "from pathlib import Path; from regulars.data.chain_sample import write_chain_sample; "
        f"write_chain_sample(Path({str(tmp_path)!r}), size='small', seed=5)"
    )
    limits = {"POLARS_MAX_THREADS": "1", "OMP_NUM_THREADS": "1", "TZ": "America/New_York"}

    subprocess.run([sys.executable, "-c", code], env={**os.environ, **limits}, check=True)

    assert digests(tmp_path) == digests(folder)


def test_another_seed_gives_other_transactions(folder: Path, tmp_path: Path) -> None:
    write_chain_sample(tmp_path, size="small", seed=6)

    ours, other = digests(folder), digests(tmp_path)
    moving = [name for name in ours if "tills_2" in name and "S012" not in name]

    assert ours.keys() == other.keys()
    assert all(ours[name] != other[name] for name in moving if "20260125" not in name)


def test_a_small_chain_has_some_sixty_thousand_lines(totals: dict[str, Any]) -> None:
    assert 50_000 < totals["lines_n"] < 75_000


def test_rows_are_accepted_duplicate_quarantined_or_skipped(totals: dict[str, Any]) -> None:
    for file in totals["files"].values():
        if not file["is_repeat"]:
            assert file["rows_n"] == (
                file["accepted_n"]
                + file["duplicate_n"]
                + sum(file["quarantined"].values())
                + sum(file["skipped"].values())
            )


def test_every_transactions_file_has_its_totals(folder: Path, totals: dict[str, Any]) -> None:
    patterns = ("tills_*.csv", "webshop_*.jsonl", "miniprogram_*.xlsx")
    files = {path.name for pattern in patterns for path in folder.glob(f"exports/{pattern}")}

    assert set(totals["files"]) == files


def test_a_till_file_amounts_to_its_accepted_rows(
    planted: dict[str, Any], totals: dict[str, Any], tills: dict[str, list[TillRow]]
) -> None:
    seen: set[tuple[str, ...]] = set()
    for name, rows in tills.items():
        expected = totals["files"][name]
        refused = refused_lines(planted, name)
        good = [row for row in rows if is_data(row) and row.line not in refused]
        if not expected["is_repeat"]:
            versions = [(row, (*key_of(row), row.fields["实付金额"])) for row in good]
            new = [row for row, version in versions if version not in seen]
            seen |= {version for _, version in versions}
            assert len(rows) == expected["rows_n"]
            assert len(new) == expected["accepted_n"]
            assert len(good) - len(new) == expected["duplicate_n"]
            assert sum(amount_of(row.fields["实付金额"]) for row in new) == Decimal(
                expected["amount"]
            )


def test_a_web_file_amounts_to_its_accepted_records(
    planted: dict[str, Any],
    totals: dict[str, Any],
    web: dict[str, list[dict[str, Any] | None]],
) -> None:
    for name, records in web.items():
        refused = refused_lines(planted, name)
        good = [record for line, record in enumerate(records, start=1) if line not in refused]

        assert len(records) == totals["files"][name]["rows_n"]
        assert sum(Decimal(str(record["paid"])) for record in good if record) == Decimal(
            totals["files"][name]["amount"]
        )


def test_a_double_is_the_one_next_to_a_decimal_of_two_places(
    planted: dict[str, Any], web: dict[str, list[dict[str, Any] | None]]
) -> None:
    more = {
        (name, line)
        for name, records in web.items()
        for line, record in enumerate(records, start=1)
        for key in ("paid", "listPrice", "saved")
        if record and Decimal(str(record[key])) != round(Decimal(str(record[key])), 2)
    }
    declared = {
        (dose["file"], line)
        for dose in planted["faults"]
        if dose["what"] == "places"
        for line in dose["lines"]
    }

    assert more == declared != set()


def test_a_workbook_amounts_to_its_accepted_rows(
    planted: dict[str, Any], totals: dict[str, Any], mini: dict[str, pl.DataFrame]
) -> None:
    for name, rows in mini.items():
        refused = refused_lines(planted, name)
        amounts = [
            Decimal(str(float(text)))
            for line, text in enumerate(rows["实付金额"], start=2)
            if line not in refused
        ]

        assert rows.height == totals["files"][name]["rows_n"]
        assert sum(amounts) == Decimal(totals["files"][name]["amount"])


def test_the_totals_are_what_stays_when_later_rows_replace_earlier_ones(
    planted: dict[str, Any],
    totals: dict[str, Any],
    tills: dict[str, list[TillRow]],
    web: dict[str, list[dict[str, Any] | None]],
    mini: dict[str, pl.DataFrame],
) -> None:
    stays: dict[tuple[str, str], tuple[Decimal, bool]] = {}
    for name, rows in tills.items():
        refused = refused_lines(planted, name)
        for row in rows:
            if is_data(row) and row.line not in refused:
                order_id, line_id = key_of(row)
                amount = amount_of(row.fields["实付金额"])
                stays[order_id, line_id] = amount, amount < 0
    for name, records in web.items():
        refused = refused_lines(planted, name)
        for line, record in enumerate(records, start=1):
            if record and line not in refused:
                key = record["orderId"], str(record["lineNo"])
                stays[key] = Decimal(str(record["paid"])), record["isRefund"]
    for name, sheet in mini.items():
        refused = refused_lines(planted, name)
        for line, cells in enumerate(sheet.iter_rows(named=True), start=2):
            if line not in refused:
                key = cells["订单号"], cells["行号"]
                stays[key] = Decimal(str(float(cells["实付金额"]))), cells["是否退货"] == "是"

    assert len(stays) == totals["lines_n"]
    assert sum(amount for amount, _ in stays.values()) == Decimal(totals["amount"])
    assert sum(is_return for _, is_return in stays.values()) == totals["return_lines_n"]


SHAPES = {
    ("F16", "bytes"): rb"\xff",
    ("F17", "yen"): "¥-?[0-9]".encode("gb18030"),
    ("F17", "wide_yen"): "￥[0-9]".encode("gb18030"),
    ("F17", "digits"): "．".encode("gb18030"),
    ("F17", "padded"): rb",  [0-9]{8} ,",
    ("F17", "tab"): rb"\t,",
    ("F17", "thousands"): rb'"-?[0-9]+,[0-9]{3}\.[0-9]{2}"',
    ("F19", "newline"): rb'"[^"]*\n[^"]*"',
    ("F21", "order"): rb"8\.00112E\+17",
    ("F21", "card"): rb"8\.61E\+17",
    ("F22", "error"): rb"#N/A",
    ("F23", "february"): rb",2024-02-31 ",
    ("F23", "2099"): rb",2099-",
    ("F23", "1900"): rb",1900-01-01 ",
    ("F18", "preamble"): "^门店收银系统".encode("gb18030"),
    ("F18", "total"): "^合计,".encode("gb18030"),
    ("F18", "subtotal"): "^小计,".encode("gb18030"),
}


@pytest.mark.parametrize("fault", SHAPES, ids="-".join)
def test_a_fault_of_the_tills_stands_on_its_lines_and_on_no_other(
    fault: tuple[str, str],
    folder: Path,
    planted: dict[str, Any],
    tills: dict[str, list[TillRow]],
) -> None:
    doses = [dose for dose in planted["faults"] if (dose["fault"], dose["what"]) == fault]
    doses = [dose for dose in doses if dose["file"].startswith("tills_")]
    declared = {(dose["file"], line) for dose in doses for line in dose["lines"]}
    found = set()
    for name in [name for name in tills if COPY not in name]:
        first = (folder / "exports" / name).read_bytes().split(b"\r\n")[0]
        every = [TillRow(1, first, {}), *tills[name]]
        found |= {(name, row.line) for row in every if re.search(SHAPES[fault], row.raw)}

    assert declared == found
    assert sum(dose["rows_n"] for dose in doses) == len(declared) > 0


def test_a_ragged_row_is_declared_and_no_other_row_is_ragged(
    planted: dict[str, Any], tills: dict[str, list[TillRow]]
) -> None:
    widths = {name: Counter(len(split(row.raw)) for row in rows) for name, rows in tills.items()}
    name, width = "tills_20240201.csv", 15
    ragged = {row.line: len(split(row.raw)) - width for row in tills[name]}
    declared = {
        line: {"too_few": -3, "too_many": 2}[dose["what"]]
        for dose in planted["faults"]
        if dose["what"] in ("too_few", "too_many")
        for line in dose["lines"]
    }

    assert {line: by for line, by in ragged.items() if by} == declared
    assert all(len(found) <= 1 for other, found in widths.items() if other != name)


def test_the_row_of_totals_is_the_sum_of_its_file(tills: dict[str, list[TillRow]]) -> None:
    """The till knew the amounts; a fault in the text came after."""
    rows = tills["tills_20240401.csv"]

    assert Decimal(rows[-1].fields["实付金额"]) == sum(
        amount_of(row.fields["实付金额"]) for row in rows[:-1]
    )


def test_the_new_version_of_the_tills_has_the_old_columns_in_another_order_and_one_more(
    tills: dict[str, list[TillRow]],
) -> None:
    old, new = [*tills["tills_20250101.csv"][0].fields], [*tills["tills_20250201.csv"][0].fields]

    assert set(new) - set(old) == {"支付方式"}
    assert set(old) < set(new)
    assert [name for name in new if name in old] != old


def test_the_file_sent_twice_has_the_same_bytes_and_counts_for_nothing(
    folder: Path, totals: dict[str, Any]
) -> None:
    again = folder / "exports" / "tills_20240301_副本.csv"

    assert again.read_bytes() == (folder / "exports" / "tills_20240301.csv").read_bytes()
    assert totals["files"][again.name]["is_repeat"]
    assert totals["files"][again.name]["accepted_n"] == 0


def test_the_shut_store_sends_a_header_alone_and_sells_nothing_elsewhere(
    folder: Path, tills: dict[str, list[TillRow]]
) -> None:
    alone = (folder / "exports" / "tills_20250301_S012.csv").read_text(encoding="gb18030")
    sold = {row.fields["门店编码"] for row in tills["tills_20250301.csv"][:-1]}

    assert len(alone.splitlines()) == 1
    assert "S012" not in sold
    assert "S001" in sold


def test_late_receipts_are_in_no_earlier_file_and_some_were_brought_back_before(
    tills: dict[str, list[TillRow]], planted: dict[str, Any]
) -> None:
    late = {row.fields["小票号"] for row in tills["tills_20240820_补传.csv"][:-1]}
    july = tills["tills_20240801.csv"][:-1]
    doses = {
        dose["what"]: dose["rows_n"]
        for dose in planted["faults"]
        if dose["file"] == "tills_20240820_补传.csv"
    }

    assert late
    assert not late & {row.fields["小票号"] for row in july}
    assert len(late & {row.fields["原小票号"] for row in july}) >= 5
    assert doses["return_before_sale"] >= 5


def test_a_correction_has_the_key_of_an_earlier_row_and_another_amount(
    tills: dict[str, list[TillRow]],
) -> None:
    october = {key_of(row): row.fields for row in tills["tills_20241101.csv"][:-1]}
    right = tills["tills_20241115_更正.csv"][:-1]

    assert len(right) == 30
    for row in right:
        before = october[key_of(row)]
        changed = {name for name, text in row.fields.items() if before[name] != text}
        assert changed - {"备注"} == {"实付金额", "折扣金额"}


def test_an_amount_is_price_times_quantity_less_discount(
    planted: dict[str, Any], tills: dict[str, list[TillRow]]
) -> None:
    for name, rows in tills.items():
        refused = refused_lines(planted, name)
        for row in rows:
            if is_data(row) and row.line not in refused:
                price, units, off = (
                    Decimal(row.fields[column]) for column in ("单价", "数量", "折扣金额")
                )
                assert amount_of(row.fields["实付金额"]) == price * units - off


def test_orders_of_different_systems_share_no_number(
    tills: dict[str, list[TillRow]],
    web: dict[str, list[dict[str, Any] | None]],
    mini: dict[str, pl.DataFrame],
) -> None:
    of_tills = {row.fields["小票号"] for rows in tills.values() for row in rows if is_data(row)}
    of_web = {record["orderId"] for records in web.values() for record in records if record}
    of_mini = {order_id for sheet in mini.values() for order_id in sheet["订单号"]}

    assert not of_tills & of_web
    assert not of_tills & of_mini
    assert not of_web & of_mini


def test_an_order_has_one_member_one_store_one_moment(
    tills: dict[str, list[TillRow]], planted: dict[str, Any]
) -> None:
    seen: dict[str, set[tuple[str, ...]]] = {}
    for name, rows in tills.items():
        refused = refused_lines(planted, name)
        for row in rows:
            if is_data(row) and row.line not in refused:
                of_order = [row.fields[column] for column in ("会员卡号", "交易时间", "门店编码")]
                member, *rest = of_order
                seen.setdefault(row.fields["小票号"], set()).add((member.strip(), *rest))

    assert all(len(versions) == 1 for versions in seen.values())


def test_a_return_names_a_sale_of_the_same_member_and_takes_back_no_more_than_was_sold(
    web: dict[str, list[dict[str, Any] | None]], planted: dict[str, Any], totals: dict[str, Any]
) -> None:
    records = [
        record
        for name, lines in web.items()
        for line, record in enumerate(lines, start=1)
        if record and line not in refused_lines(planted, name)
    ]
    sold: Counter[tuple[str, str, str]] = Counter()
    for record in records:
        if not record["isRefund"]:
            sold[record["orderId"], record["memberId"], record["sku"]] += record["qty"]
    back: Counter[tuple[str, str, str]] = Counter()
    for record in records:
        if record["isRefund"] and record["refundOf"]:
            back[record["refundOf"], record["memberId"], record["sku"]] -= record["qty"]

    assert back
    assert all(0 < units <= sold[thing] for thing, units in back.items())
    assert any(units < sold[thing] for thing, units in back.items())
    assert totals["orphan_returns_n"] > 0
    assert totals["later_month_returns_n"] > 0


def test_settings_name_files_and_columns_that_are_there(folder: Path) -> None:
    exports = tomllib.loads(chain_sample_settings())["exports"]
    sources = exports.pop("transactions")["sources"]
    readers = [("transactions", source) for source in sources] + list(exports.items())

    assert {name for name, _ in readers} == set(EXPORTS)
    for name, source in readers:
        known = {column.name for column in EXPORTS[name].columns}
        # A file under the contract's own names needs no mapping.
        columns = source.get("columns") or {own: own for own in EXPORTS[name].required}
        assert set(columns) <= known
        assert set(EXPORTS[name].required) <= set(columns)
        files = list(folder.glob(source["files"]))
        assert files
        for file in files:
            assert set(columns.values()) <= header_of(file, source)


def header_of(path: Path, source: dict[str, Any]) -> set[str]:
    if path.suffix == ".xlsx":
        return set(pl.read_excel(path, sheet_name=source["sheet"]).columns)
    if path.suffix == ".jsonl":
        return set(json.loads(path.read_text(encoding="utf-8").splitlines()[0]))
    is_utf8 = path.name.startswith(("stores", "coupons"))
    encoding = "utf-8-sig" if is_utf8 else "gb18030"
    lines = path.read_text(encoding=encoding, errors="replace").splitlines()
    return set(lines[1 if lines[0].startswith("门店收银系统") else 0].split(","))


def test_what_is_held_back_is_not_among_the_exports(folder: Path, planted: dict[str, Any]) -> None:
    names = {held["file"] for held in planted["held_back"]}

    assert {path.name for path in folder.glob("held_back/*.csv")} == names
    assert not names & {path.name for path in folder.glob("exports/*")}
    assert all(name in (folder / "held_back/README.txt").read_text("utf-8") for name in names)


def test_no_member_is_a_real_person(folder: Path) -> None:
    text = (folder / "exports" / "customers_20260101.csv").read_text(encoding="gb18030")
    rows = list(csv.DictReader(io.StringIO(text)))

    assert all(row["手机号"].startswith("100") for row in rows)
    assert all(row["邮箱"] in ("",) or row["邮箱"].endswith("@example.com") for row in rows)
