from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date

import polars as pl
import pytest
from markupsafe import escape

from regulars.expectations.catalogue import say
from regulars.expectations.exports import EXPORTS
from regulars.expectations.suites import warehouse_checks
from regulars.reports.facts import RunFacts
from regulars.reports.figures import figures
from regulars.reports.gate import gate
from regulars.reports.page import page

Tables = Mapping[str, pl.DataFrame]
Draw = Callable[..., Tables]

CHECKED = """
    check       table_name severity is_met unexpected_n unexpected_share observed unasked_reason
    sales_fresh       lines      warning  no     -            -                2017-03-01 -
    product_listed    lines      warning  no     9            0.09             -        -
    customer_listed   lines      warning  no     -            -                -        -
    return_negative   returns    critical no     2            0.5              -        -
    order_key_unique  orders     critical yes    0            -                -        -
    joined_on_plausible customers warning yes    0            0                -        -
    store_listed      lines      warning  -      -            -                -        no_file
    discount_not_negative lines  warning  -      -            -                -        no_column
    quantity_not_zero lines      warning  -      -            -                -        off
"""
PARAMETERS = {
    "sales_fresh": '{"newest_from": "2017-03-28", "landed_on": "2017-03-31"}',
    "order_key_unique": '{"order_key": "order_id"}',
    "joined_on_plausible": '{"first_on": "1990-01-01", "last_on": "2017-03-31"}',
    "store_listed": '{"export": "stores"}',
    "discount_not_negative": '{"export": "transactions", "column": "discount"}',
}


@pytest.fixture
def checked(draw: Draw) -> pl.DataFrame:
    return draw(quality_checks=CHECKED)["quality_checks"].with_columns(
        parameters=pl.col("check").replace_strict(PARAMETERS, default="{}")
    )


def section(tables: Tables, facts: RunFacts, language: str, title: str) -> str:
    """The section of the checks, on one line."""
    html = page(figures(tables, facts), language)
    found = html.partition(f"<h2>{title}</h2>")[2].partition("</section>")[0]
    return " ".join(found.split())


def test_what_is_not_met_comes_first_and_critical_before_warnings(checked: pl.DataFrame) -> None:
    found = gate(checked)
    assert [check.code for check in found.unmet] == [
        "return_negative",
        "customer_listed",
        "product_listed",
        "sales_fresh",
    ]
    assert [check.code for check in found.met] == ["order_key_unique", "joined_on_plausible"]
    assert [check.unasked_reason for check in found.unasked] == ["no_column", "off", "no_file"]


def test_only_what_tells_nothing_but_its_outcome_is_withheld(checked: pl.DataFrame) -> None:
    assert [check.code for check in gate(checked).unmet if check.is_withheld] == ["customer_listed"]


def test_a_table_that_is_new_here_stands_behind_those_that_are_known(checked: pl.DataFrame) -> None:
    renamed = checked.with_columns(
        table_name=pl.col("table_name").replace({"orders": "feedback"}), severity=pl.lit("warning")
    )
    assert [check.table for check in gate(renamed).met] == ["customers", "feedback"]


def test_the_page_says_claim_remedy_place_and_what_was_found(
    chain: Tables, facts: RunFacts, checked: pl.DataFrame
) -> None:
    said = section(dict(chain) | {"quality_checks": checked}, facts, "en", "Checks of the data")
    assert said.index("<h3>Not met</h3>") < said.index("<h3>Met</h3>")
    assert "The newest sales are of 2017-03-28 or later" in said
    assert "Ask whether the export ran" in said
    assert "2017-03-01" in said
    assert "<td>9</td> <td>9.0%</td>" in said
    assert "not told, personal" in said
    assert "no file of Stores has come in" in said
    assert "no file of Transactions has the column discount" in said
    assert "switched off in regulars.toml" in said


def test_the_page_says_so_in_chinese(chain: Tables, facts: RunFacts, checked: pl.DataFrame) -> None:
    said = section(dict(chain) | {"quality_checks": checked}, facts, "zh", "数据质量检查")
    assert "明细中的商品都在商品档案中" in said
    assert "尚未收到“门店”数据" in said
    assert "未满足" in said


def test_when_all_is_met_it_says_so(chain: Tables, facts: RunFacts, checked: pl.DataFrame) -> None:
    tables = dict(chain) | {"quality_checks": checked.filter("is_met")}
    said = section(tables, facts, "en", "Checks of the data")
    assert "All that could be asked is as claimed." in said
    assert "Not met" not in said


def test_a_run_from_before_there_were_checks_has_no_such_section(
    chain: Tables, facts: RunFacts
) -> None:
    tables = {name: table for name, table in chain.items() if name != "quality_checks"}
    assert "Checks of the data" not in page(figures(tables, facts), "en")


def test_names_found_are_shown_and_do_nothing(
    chain: Tables, facts: RunFacts, checked: pl.DataFrame
) -> None:
    hostile = checked.with_columns(observed=pl.lit("<script>s1</script>"))
    html = page(figures(dict(chain) | {"quality_checks": hostile}, facts), "en")
    assert "<script" not in html
    assert "&lt;script&gt;s1" in html


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_check_can_be_shown(
    chain: Tables, draw: Draw, facts: RunFacts, language: str
) -> None:
    brought = {name: [column.name for column in e.columns] for name, e in EXPORTS.items()}
    checks = warehouse_checks(landed_on=date(2017, 3, 31), brought=brought)
    drawn = [f"{check.code} {check.table} {check.severity} no" for check in checks]
    unmet = draw(quality_checks="\n".join(["check table_name severity is_met", *drawn]))
    frame = unmet["quality_checks"].with_columns(
        parameters=pl.Series([json.dumps(dict(check.parameters)) for check in checks])
    )
    shown = page(figures(dict(chain) | {"quality_checks": frame}, facts), language)
    assert all(
        str(escape(say(f"check.{check.code}", language, **check.parameters))) in shown
        for check in checks
    )
