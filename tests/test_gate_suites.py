"""The checks as a whole: which there are, when they are asked, how grave they are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from regulars.data import warehouse
from regulars.data.workspace import Workspace, prepared
from regulars.expectations.catalogue import has_sentence, parameters_of, say
from regulars.expectations.check_sentences import CHECK_SENTENCES
from regulars.expectations.checks import Check, with_severities
from regulars.expectations.errors import SettingsError
from regulars.expectations.exports import EXPORTS
from regulars.expectations.gate import checked
from regulars.expectations.suites import warehouse_checks

LANDED_ON = date(2026, 1, 31)
EVERYTHING = {name: [column.name for column in export.columns] for name, export in EXPORTS.items()}
CHECKS = warehouse_checks(landed_on=LANDED_ON, brought=EVERYTHING)
STRUCTURAL = {"order_key_unique", "money_conserved", "lines_conserved"}


def codes(checks: tuple[Check, ...]) -> list[str]:
    return [check.code for check in checks]


def unasked(brought: Mapping[str, list[str]]) -> dict[str, str | None]:
    checks = warehouse_checks(landed_on=LANDED_ON, brought=brought)
    return {check.code: check.unasked for check in checks if check.unasked}


def test_each_check_has_its_own_code_and_there_are_at_least_twenty() -> None:
    assert len(set(codes(CHECKS))) == len(CHECKS) >= 20


def test_all_of_them_are_asked_when_every_column_came() -> None:
    assert unasked(EVERYTHING) == {}


def test_the_same_checks_are_listed_whatever_came() -> None:
    assert codes(warehouse_checks(landed_on=LANDED_ON)) == codes(CHECKS)


def test_a_list_that_never_came_leaves_its_checks_and_references_unasked() -> None:
    without = {name: columns for name, columns in EVERYTHING.items() if name != "stores"}
    assert unasked(without) == {
        "store_listed": "no_file",
        "home_store_listed": "no_file",
        "store_unique": "no_file",
        "listed_store_undamaged": "no_file",
        "opened_on_plausible": "no_file",
        "feedback_store_known": "no_file",
    }


def test_a_column_that_no_file_brings_leaves_its_checks_unasked_and_is_named() -> None:
    columns = [name for name in EVERYTHING["transactions"] if name != "unit_price"]
    brought = EVERYTHING | {"transactions": columns}
    assert unasked(brought) == {"discount_within_price": "no_column"}
    [check] = [
        check for check in warehouse_checks(landed_on=LANDED_ON, brought=brought) if check.unasked
    ]
    assert check.parameters == {"export": "transactions", "column": "unit_price"}


def test_every_need_is_a_column_that_a_contract_knows() -> None:
    needs = {need for check in CHECKS for need in check.needs}
    known = {f"{name}.{column}" for name, columns in EVERYTHING.items() for column in columns}
    assert needs <= known


def test_whatever_looks_at_a_person_tells_no_more_than_whether_it_is_met() -> None:
    roles = {
        f"source_{column.name}" if column.role == "person" else column.name: column.role
        for export in EXPORTS.values()
        for column in export.columns
    }
    people = {check.code for check in CHECKS if roles.get(check.column or "") == "person"}
    assert people <= {check.code for check in CHECKS if check.is_personal}
    assert {check.code for check in CHECKS if check.is_personal} == {
        "customer_known",
        "customer_listed",
        "member_unique",
        "referrer_listed",
        "birth_date_plausible",
        "customers_are_people",
        "contact_customer_known",
        "coupon_use_customer_known",
        "feedback_customer_known",
    }


def test_only_files_and_stores_are_told_by_name() -> None:
    told = [check.code for check in CHECKS if check.tells_names]
    assert told == ["files_accepted", "stores_not_silent"]


def test_the_checks_can_be_computed_on_the_tables_that_the_warehouse_declares(
    tmp_path: Path,
) -> None:
    workspace = Workspace(tmp_path)
    prepared(workspace)
    with warehouse.connected(workspace, warehouse.Resources(1, "1GB")) as connection:
        frame = checked(connection, CHECKS)
    assert frame.filter(~frame["is_met"])["check"].to_list() == ["sales_fresh"]
    assert frame["is_met"].null_count() == 0


@pytest.mark.parametrize("check", CHECKS, ids=codes(CHECKS))
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_check_says_what_it_claims_and_what_to_do_when_it_is_not_met(
    check: Check, language: str
) -> None:
    for code in (f"check.{check.code}", f"check_remedy.{check.code}"):
        assert "{" not in say(code, language, **check.parameters)


@pytest.mark.parametrize("reason", ["no_file", "no_column", "off"])
def test_every_reason_not_to_ask_is_said(reason: str) -> None:
    for language in ("en", "zh"):
        assert say(f"check_unasked.{reason}", language, export="Stores", column="city")


def test_no_sentence_speaks_of_a_check_that_is_none() -> None:
    said = {
        code.partition(".")[2] for code in CHECK_SENTENCES if re.match(r"check(_remedy)?\.", code)
    }
    assert said == set(codes(CHECKS))
    assert has_sentence("check.sales_fresh")


def test_every_parameter_is_named_by_the_claim_or_the_remedy() -> None:
    for check in CHECKS:
        en = (
            CHECK_SENTENCES[f"check.{check.code}"][0]
            + CHECK_SENTENCES[f"check_remedy.{check.code}"][0]
        )
        assert parameters_of(en) == set(check.parameters), check.code


def test_a_severity_is_changed_by_code_and_the_others_stay() -> None:
    changed = with_severities(CHECKS, {"product_listed": "critical", "order_id_known": "warning"})
    assert {
        new.code: new.severity
        for old, new in zip(CHECKS, changed, strict=True)
        if old.severity != new.severity
    } == {"product_listed": "critical", "order_id_known": "warning"}


def test_a_check_that_is_off_is_listed_and_not_asked() -> None:
    changed = with_severities(CHECKS, {"sales_fresh": "off"})
    assert [check.code for check in changed if check.unasked == "off"] == ["sales_fresh"]
    assert codes(changed) == codes(CHECKS)


def test_an_unknown_check_is_refused_with_the_nearest_known() -> None:
    with pytest.raises(SettingsError) as caught:
        with_severities(CHECKS, {"sale_fresh": "off"})
    assert caught.value.what == "regulars.toml, [gate.severity]: there is no check 'sale_fresh'"
    assert str(caught.value.next_step).startswith("did you mean sales_fresh?")


def test_a_check_unlike_any_is_refused_with_all_that_there_are() -> None:
    with pytest.raises(SettingsError, match="qqqq") as caught:
        with_severities(CHECKS, {"qqqq": "off"})
    assert all(code in str(caught.value.expected) for code in codes(CHECKS))


def test_an_unknown_severity_is_refused() -> None:
    with pytest.raises(SettingsError, match="sales_fresh has no severity 'mild'"):
        with_severities(CHECKS, {"sales_fresh": "mild"})


@pytest.mark.parametrize("code", sorted(STRUCTURAL))
def test_what_is_about_regulars_own_work_cannot_be_made_milder(code: str) -> None:
    with pytest.raises(SettingsError, match=f"the severity of {code} cannot be changed"):
        with_severities(CHECKS, {code: "warning"})


def test_what_cannot_be_made_milder_is_critical() -> None:
    structural = {check.code: check.severity for check in CHECKS if check.is_structural}
    assert structural == dict.fromkeys(STRUCTURAL, "critical")
