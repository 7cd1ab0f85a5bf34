"""The sample chain's messages and coupon uses are as the truth beside them says."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from regulars.data.chain_sample import write_chain_sample

FIRST, LATER, USES = "contacts_20260101.csv", "contacts_20260108_更正.csv", "coupons_20260101.csv"
ENCODINGS = {FIRST: "gb18030", LATER: "gb18030", USES: "utf-8-sig"}
MESSAGE = ("活动编号", "会员卡号", "发送时间")


@dataclass(frozen=True)
class Letters:
    """The rows of each file by their physical line, and what the truth tells of them."""

    rows: dict[str, dict[int, dict[str, str]]]
    doses: list[dict[str, Any]]
    totals: dict[str, Any]

    def with_fault(self, file: str, what: str) -> list[dict[str, str]]:
        (dose,) = (dose for dose in self.doses if (dose["file"], dose["what"]) == (file, what))
        assert len(dose["lines"]) == dose["rows_n"] > 0
        return [self.rows[file][line] for line in dose["lines"]]

    def sound(self, file: str) -> list[dict[str, str]]:
        """The rows that are not to be refused."""
        refused = {
            line
            for dose in self.doses
            if dose["file"] == file and dose["outcome"] == "quarantined"
            for line in dose["lines"]
        }
        return [row for line, row in self.rows[file].items() if line not in refused]


@pytest.fixture(scope="module")
def letters(tmp_path_factory: pytest.TempPathFactory) -> Letters:
    folder = tmp_path_factory.mktemp("letters")
    write_chain_sample(folder, size="small", seed=5)
    rows = {
        name: dict(enumerate(csv.DictReader(io.StringIO(text)), start=2))
        for name, encoding in ENCODINGS.items()
        if (text := (folder / "exports" / name).read_bytes().decode(encoding))
    }
    told = {
        name: json.loads((folder / "truth" / f"{name}.json").read_text("utf-8"))
        for name in ("planted", "totals")
    }
    doses = [dose for dose in told["planted"]["faults"] if dose["file"] in ENCODINGS]
    return Letters(rows, doses, told["totals"])


def key(row: dict[str, str]) -> tuple[str, ...]:
    return tuple(row[name] for name in MESSAGE)


@pytest.mark.parametrize(
    ("file", "what", "column", "is_so"),
    [
        (FIRST, "arm", "分组", lambda text: text in ("Treated", "Control")),
        (FIRST, "unknown_arm", "分组", lambda text: text == "A组"),
        (FIRST, "card", "会员卡号", lambda text: text == "8.61E+17"),
        (FIRST, "2099", "发送时间", lambda text: text.startswith("2099")),
        (USES, "yen", "抵扣金额", lambda text: text.startswith("¥")),
        (USES, "three_places", "抵扣金额", lambda text: len(text.partition(".")[2]) == 3),
        (USES, "order", "订单号", lambda text: text == "8.00112E+17"),
        (USES, "february", "核销时间", lambda text: text.startswith("2024-02-31")),
    ],
)
def test_a_fault_stands_on_its_lines_and_on_no_other(
    letters: Letters, file: str, what: str, column: str, is_so: Callable[[str], bool]
) -> None:
    bearing = [row for row in letters.rows[file].values() if is_so(row[column])]

    assert bearing == letters.with_fault(file, what)


def test_rows_that_stand_there_twice_are_told(letters: Letters) -> None:
    for file in (FIRST, USES):
        counts = Counter(tuple(row.values()) for row in letters.rows[file].values())
        twice = {row for row, n in counts.items() if n == 2}
        assert {tuple(row.values()) for row in letters.with_fault(file, "repeated")} == twice
        assert max(counts.values()) == 2


def test_messages_in_two_versions_are_told_on_both_their_lines(letters: Letters) -> None:
    versions: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
    for row in letters.rows[FIRST].values():
        versions.setdefault(key(row), set()).add(tuple(row.values()))
    contradicting = {one for one, rows in versions.items() if len(rows) > 1} - {
        one for one in versions if "8.61E+17" in one
    }

    told = Counter(key(row) for row in letters.with_fault(FIRST, "two_versions"))
    assert told == dict.fromkeys(contradicting, 2)


def test_the_later_file_has_known_messages_alone_some_of_another_cost(letters: Letters) -> None:
    before = {key(row): row for row in letters.sound(FIRST)}
    changed = [row for row in letters.rows[LATER].values() if row != before[key(row)]]

    assert {row["费用"] for row in changed} == {"0.06"}
    assert [row | {"费用": "0.05"} for row in changed] == [before[key(row)] for row in changed]
    (dose,) = (dose for dose in letters.doses if dose["what"] == "correction")
    assert dose["rows_n"] == len(changed) > 0
    same_n = len(letters.rows[LATER]) - len(changed)
    assert len(letters.with_fault(LATER, "repeated")) == same_n > 0


def test_what_is_there_at_the_end_amounts_to_the_totals(letters: Letters) -> None:
    messages = {key(row): row for file in (FIRST, LATER) for row in letters.sound(file)}
    uses = {tuple(row.values()): row for row in letters.sound(USES)}
    for export, rows, money, rows_n in (
        ("contacts", messages, "费用", "contacts_n"),
        ("coupons", uses, "抵扣金额", "uses_n"),
    ):
        amount = sum((Decimal(row[money].strip("¥")) for row in rows.values()), Decimal())
        told = letters.totals[export]
        assert (len(rows), str(amount)) == (told[rows_n], told["amount"])


def test_each_file_is_accounted_for(letters: Letters) -> None:
    for export in ("contacts", "coupons"):
        for name, file in letters.totals[export]["files"].items():
            refused_n = sum(file["quarantined"].values())
            assert file["rows_n"] == len(letters.rows[name])
            assert file["rows_n"] == file["accepted_n"] + file["duplicate_n"] + refused_n


def test_the_control_arm_got_no_coupon_and_cost_nothing(letters: Letters) -> None:
    kept_back = [
        row for row in letters.rows[FIRST].values() if row["分组"] in ("对照组", "Control")
    ]

    assert len(kept_back) > 100
    assert {(row["券号"], row["费用"]) for row in kept_back} == {("", "0.00")}
