"""regulars.toml as it is read: every key, its default, and what is refused where."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from regulars.data.landing import delivered_at
from regulars.data.workspace import Workspace
from regulars.expectations.errors import SettingsError
from regulars.flows.analysis import segment_rules
from regulars.flows.memory import default_memory
from regulars.flows.settings import Settings, settings_of
from regulars.flows.template import SETTINGS_TEMPLATE

Read = Callable[[str], Settings]

LEAST = """\
[chain]
name = "Shop"
currency = "EUR"
time_zone = "Europe/Paris"
[exports.transactions]
files = "exports/sales*.csv"
"""
OWN_CATEGORY = f"""\
{LEAST}[[feedback.categories]]
code = "engraving"
terms = ["engrav", "刻字"]
"""


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def of(text: str) -> Settings:
        (tmp_path / "regulars.toml").write_text(text, encoding="utf-8")
        return settings_of(Workspace(tmp_path))

    return of


@pytest.fixture
def refused(read: Read) -> Callable[[str], SettingsError]:
    def of(text: str) -> SettingsError:
        with pytest.raises(SettingsError) as caught:
            read(text)
        assert caught.value.left == "no data has been read"
        assert caught.value.next_step
        return caught.value

    return of


def with_line(text: str, after: str, line: str) -> str:
    assert after in text
    return text.replace(after, f"{after}\n{line}", 1)


@pytest.mark.parametrize(
    ("section", "key", "value"),
    [
        ("chain", "language", "en"),
        ("chain", "day_starts_at", time(0, 0)),
        ("chain", "anonymous_ids", ()),
        ("chain", "order_key", ("order_id",)),
        ("rfm", "compare_days", 28),
        ("rfm", "recency_cuts", None),
        ("rfm", "frequency_cuts", None),
        ("rfm", "spend_cuts", None),
        ("rfm", "segments", ()),
        ("churn", "horizon_days", 28),
        ("models", "refit", "weekly"),
        ("models", "anchor_on", date(2001, 1, 1)),
        ("cohorts", "warm_up_days", 60),
        ("feedback", "response_target_hours", 24),
        ("feedback", "resolution_target_hours", 72),
        ("feedback", "repeat_days", 30),
        ("feedback", "answered_kinds", ("complaint", "call")),
        ("feedback", "terms", {}),
        ("feedback", "categories", ()),
        ("resources", "memory", default_memory()),
    ],
)
def test_what_is_left_out_has_its_default(read: Read, section: str, key: str, value: Any) -> None:
    assert getattr(getattr(read(LEAST), section), key) == value


@pytest.mark.parametrize(
    ("section", "line", "key", "value"),
    [
        ("chain", 'language = "zh"', "language", "zh"),
        ("chain", 'day_starts_at = "05:30"', "day_starts_at", time(5, 30)),
        ("chain", "day_starts_at = 05:30:00", "day_starts_at", time(5, 30)),
        ("chain", 'anonymous_ids = ["0", "staff"]', "anonymous_ids", ("0", "staff")),
        ("chain", 'order_key = ["store_id", "order_id"]', "order_key", ("store_id", "order_id")),
        ("rfm", "compare_days = 7", "compare_days", 7),
        (
            "rfm",
            "spend_cuts = [1, 2.5, 2.5, 9]",
            "spend_cuts",
            (1, Decimal("2.5"), Decimal("2.5"), 9),
        ),
        ("churn", "horizon_days = 60", "horizon_days", 60),
        ("models", 'refit = "monthly"', "refit", "monthly"),
        ("models", "anchor_on = 2024-01-03", "anchor_on", date(2024, 1, 3)),
        ("cohorts", "warm_up_days = 0", "warm_up_days", 0),
        ("feedback", "response_target_hours = 1.5", "response_target_hours", 1.5),
        ("feedback", 'answered_kinds = ["call"]', "answered_kinds", ("call",)),
        ("feedback", 'labels = { "送货" = "delivery" }', "labels", {"送货": "delivery"}),
        ("feedback", 'terms = { delivery = ["驿站"] }', "terms", {"delivery": ("驿站",)}),
        ("resources", "threads = 3", "threads", 3),
        ("resources", 'memory = "500MB"', "memory", "500MB"),
    ],
)
def test_what_is_given_is_taken(read: Read, section: str, line: str, key: str, value: Any) -> None:
    if section == "chain":
        text = with_line(LEAST, "[chain]", line)
    else:
        text = f"{LEAST}[{section}]\n{line}\n"

    assert getattr(getattr(read(text), section), key) == value


@pytest.mark.parametrize(
    ("files", "patterns"),
    [
        ('"exports/sales*.csv"', ("exports/sales*.csv",)),
        ('["exports/a*.csv", "exports/b*.csv"]', ("exports/a*.csv", "exports/b*.csv")),
    ],
)
def test_files_are_one_pattern_or_several(
    read: Read, files: str, patterns: tuple[str, ...]
) -> None:
    text = LEAST.replace('"exports/sales*.csv"', files)

    assert read(text).exports.transactions.files == patterns


@pytest.mark.parametrize("files", ['"/data/sales.csv"', '"../sales.csv"', '["a.csv", ""]', "[]"])
def test_files_lie_inside_the_workspace(
    refused: Callable[[str], SettingsError], files: str
) -> None:
    error = refused(LEAST.replace('"exports/sales*.csv"', files))

    assert error.what == "regulars.toml, line 6: a setting is wrong"
    assert error.expected is not None
    assert "'exports/sales*.csv'" in error.expected


def test_exports_are_those_with_a_section_in_the_contracts_order(read: Read) -> None:
    text = LEAST + '[exports.stores]\nfiles = "s.csv"\n[exports.customers]\nfiles = "c.csv"\n'

    assert list(read(text).exports.given()) == ["transactions", "customers", "stores"]


@pytest.mark.parametrize(
    ("text", "line", "key", "near"),
    [
        (LEAST + "[rmf]\n", 7, "[rmf]", "rfm"),
        (with_line(LEAST, "[chain]", 'curency = "EUR"'), 2, "[chain] curency", "currency"),
        (LEAST + '[exports.store]\nfiles = "s.csv"\n', 7, "[exports] store", "stores"),
        (
            with_line(LEAST, "[exports.transactions]", 'file = "x.csv"'),
            6,
            "[exports.transactions] file",
            "files",
        ),
        (
            LEAST + '[exports.transactions.columns]\norder = "x"\norderd_at = "y"\n',
            8,
            "[exports.transactions.columns] order",
            "order_id",
        ),
        (LEAST + "[rfm]\n# days\ncompare_day = 3\n", 9, "[rfm] compare_day", "compare_days"),
        (
            LEAST + '[[rfm.segments]]\ncode = "a"\nr = [1, 5]\nf = [1, 5]\n'
            '[[rfm.segments]]\ncode = "b"\nr = [1, 5]\nf = [1, 5]\nlabel = "B"\n',
            15,
            "[rfm.segments] label",
            "label_zh",
        ),
        (LEAST + "[resources]\nthread = 1\n", 8, "[resources] thread", "threads"),
        (LEAST + "chain2 = 1\n", 7, "[exports.transactions] chain2", None),
    ],
)
@pytest.mark.fault("F34")
def test_an_unknown_key_is_named_with_its_line_and_the_nearest_known_one(
    refused: Callable[[str], SettingsError], text: str, line: int, key: str, near: str | None
) -> None:
    error = refused(text)

    assert error.what == f"regulars.toml, line {line}: unknown setting {key}"
    assert error.found is not None
    assert ("did you mean" in error.found) == (near is not None)
    assert near is None or f"did you mean '{near}'?" in error.found


@pytest.mark.parametrize(
    ("text", "line", "expected"),
    [
        (LEAST.replace('"Shop"', "3"), 2, "[chain] name: a text in quotes"),
        (LEAST.replace("EUR", "euro"), 3, "[chain] currency: an ISO 4217 code such as 'CNY'"),
        (LEAST.replace("EUR", "RMB"), 3, "did you mean 'CNY'?"),
        (LEAST.replace("EUR", "eur"), 3, "did you mean 'EUR'?"),
        (LEAST.replace("EUR", "XXX"), 3, "[chain] currency: an ISO 4217 code such as 'CNY'"),
        (LEAST.replace("Europe/Paris", "Asia/Shangai"), 4, "did you mean 'Asia/Shanghai'?"),
        (LEAST.replace("Europe/Paris", "Asia/Beijing"), 4, "did you mean 'Asia/Shanghai'?"),
        (LEAST.replace("Europe/Paris", "China Standard Time"), 4, "'Asia/Shanghai'?"),
        (with_line(LEAST, "[chain]", 'language = "fr"'), 2, "[chain] language: 'en' or 'zh'"),
        (with_line(LEAST, "[chain]", 'day_starts_at = "5"'), 2, "such as '05:00'"),
        (with_line(LEAST, "[chain]", 'day_starts_at = "05:00:30"'), 2, "such as '05:00'"),
        (with_line(LEAST, "[chain]", 'order_key = ["store_id"]'), 2, "order_id, alone or with"),
        (with_line(LEAST, "[chain]", 'anonymous_ids = "0"'), 2, "a list in brackets"),
        (LEAST.replace('"exports/sales*.csv"', "3"), 6, "a text, or a list of texts"),
        (LEAST + 'final_newline = "maybe"\n', 7, "true or false"),
        (LEAST + "[rfm]\ncompare_days = 0\n", 8, "[rfm] compare_days: 1 or more"),
        (LEAST + "[rfm]\nspend_cuts = [4, 3, 2, 1]\n", 8, "none below the one before"),
        (LEAST + "[rfm]\nspend_cuts = [1, 2]\n", 8, "four numbers"),
        (LEAST + "rfm = 3\n", 7, None),
        (
            LEAST + '[[rfm.segments]]\ncode = "a"\nr = [1, 5]\nf = [1, 5]\n'
            '[[rfm.segments]]\ncode = "b"\nr = [1]\nf = [1, 5]\n',
            13,
            "the first and the last R score, such as [4, 5]",
        ),
        (LEAST + "[feedback]\nresponse_target_hours = 0\n", 8, "a number above 0"),
        (LEAST + '[feedback]\nrating_scale = "5-1"\n', 8, "such as '1-5' or '0-10'"),
        (LEAST + '[feedback]\nanswered_kinds = ["mail"]\n', 8, "some of survey, review"),
        (LEAST + '[feedback.terms]\nparking = ["P"]\n', 7, "is a [[feedback.categories]]"),
        (LEAST + "[feedback.terms]\ndelivery = []\n", 8, "a list of words"),
        (LEAST + '[feedback.labels]\n"送货" = "deliver"\n', 7, "not deliver"),
        (OWN_CATEGORY.replace("engraving", "Engraving"), 8, "lower-case letters, digits and _"),
        (OWN_CATEGORY.replace("engraving", "delivery"), 8, "words are added to it under"),
        (OWN_CATEGORY.replace("engraving", "other"), 8, "what no category finds"),
        (OWN_CATEGORY.replace('"刻字"', '" "'), 9, "a list of words"),
        (OWN_CATEGORY + OWN_CATEGORY.removeprefix(LEAST), 7, "a code of their own each"),
        (LEAST + '[resources]\nmemory = "much"\n', 8, "a size such as '3GB'"),
        (LEAST.replace('name = "Shop"\n', ""), 1, "a key [chain] name"),
        (LEAST.partition("[exports")[0] + "[exports]\n", 5, "a key [exports] transactions"),
    ],
)
def test_a_wrong_value_is_named_with_its_line_and_what_is_expected(
    refused: Callable[[str], SettingsError], text: str, line: int, expected: str | None
) -> None:
    error = refused(text)

    assert error.what.startswith(f"regulars.toml, line {line}: ")
    assert error.expected is not None
    assert expected is None or expected in error.expected


def test_a_missing_section_is_named(refused: Callable[[str], SettingsError]) -> None:
    error = refused(LEAST.partition("[exports")[2].join(["[exports", ""]))

    assert error.expected == "a key [chain]"


def test_a_file_that_is_no_toml_is_told_the_line(refused: Callable[[str], SettingsError]) -> None:
    error = refused(LEAST + "[rfm\n")

    assert error.found is not None
    assert "line 7" in error.found


def test_a_file_in_another_encoding_is_asked_for_in_utf_8(tmp_path: Path) -> None:
    (tmp_path / "regulars.toml").write_bytes(LEAST.replace("Shop", "商店").encode("gb18030"))

    with pytest.raises(SettingsError, match="UTF-8"):
        settings_of(Workspace(tmp_path))


def test_notepads_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "regulars.toml").write_bytes(b"\xef\xbb\xbf" + LEAST.encode())

    assert settings_of(Workspace(tmp_path)).chain.name == "Shop"


def test_the_template_of_a_new_workspace_is_taken_as_it_is(read: Read) -> None:
    assert read(SETTINGS_TEMPLATE).chain.currency == "CNY"


def test_settings_cannot_be_changed_once_read(read: Read) -> None:
    with pytest.raises(ValueError, match="frozen"):
        read(LEAST).chain.name = "Other"


def test_own_categories_are_taken(read: Read) -> None:
    (own,) = read(OWN_CATEGORY).feedback.categories

    assert (own.code, own.terms, own.label_zh) == ("engraving", ("engrav", "刻字"), None)


def test_own_segments_take_the_place_of_the_ten(read: Read) -> None:
    text = LEAST + '[[rfm.segments]]\ncode = "all"\nr = [1, 5]\nf = [1, 5]\nlabel_zh = "全部"\n'

    rules = segment_rules(read(text).rfm)

    assert rules.codes == ("all",)
    assert rules.rules[0].zh == "全部"


@pytest.mark.parametrize(
    ("line", "affects"),
    [
        ("[rfm]\ncompare_days = 7", True),
        ("[rfm]\nspend_cuts = [1, 2, 3, 4]", True),
        ("[cohorts]\nwarm_up_days = 3", True),
        ("[feedback]\nresponse_target_hours = 4", True),
        ('[models]\nrefit = "daily"', True),
        ("[models]\nanchor_on = 2024-01-03", True),
        ("[resources]\nthreads = 7", False),
        ('[resources]\nmemory = "1GB"', False),
    ],
)
def test_what_a_result_depends_on_is_part_of_the_run(read: Read, line: str, affects: bool) -> None:
    usual = read(LEAST).affecting_results()

    assert (read(f"{LEAST}{line}\n").affecting_results() != usual) is affects


@pytest.mark.parametrize(
    ("name", "at"),
    [
        ("sales_20260131.csv", datetime(2026, 1, 31)),
        ("sales_20260131_late.csv", datetime(2026, 1, 31)),
        ("sales_20260231.csv", None),
        ("sales.csv", None),
    ],
)
def test_a_file_name_tells_when_it_was_delivered(
    read: Read, name: str, at: datetime | None
) -> None:
    pattern = read(LEAST + 'delivered_at = "sales_%Y%m%d*.csv"\n').exports.transactions.delivered_at

    assert pattern is not None
    assert delivered_at(name, pattern) == at


@pytest.mark.parametrize("pattern", ["sales.csv", "sales_%Y%Y.csv", "sales_%Y-%j.csv"])
def test_a_delivery_pattern_names_each_part_of_a_date_at_most_once(
    refused: Callable[[str], SettingsError], pattern: str
) -> None:
    assert "at most once" in str(refused(LEAST + f'delivered_at = "{pattern}"\n'))


@pytest.mark.fault("F34")
def test_a_misspelt_required_key_is_named_rather_than_called_missing(
    refused: Callable[[str], SettingsError],
) -> None:
    error = refused(LEAST.replace("time_zone", "timezone"))
    assert "line 4: unknown setting [chain] timezone" in error.what
    assert "did you mean 'time_zone'?" in str(error.found)


@pytest.mark.fault("F34")
def test_a_misspelt_required_section_is_named_rather_than_called_missing(
    refused: Callable[[str], SettingsError],
) -> None:
    error = refused(LEAST.replace("[exports.transactions]", "[exports.transaction]"))
    assert "line 5: unknown setting [exports] transaction" in error.what
