"""The sample chain's lists: members, products, stores, staff, and what was said.

Each comes as the system that keeps it gives it: GB18030 from the member system, a workbook from
merchandise, UTF-8 with its mark from the store system, JSON Lines from the survey tool.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import polars as pl

from regulars.data import chain_people as people_of
from regulars.data import chain_shops as shops
from regulars.data.chain_world import World

PRODUCTS_SHEET = "商品"
MADE_AT = datetime(2026, 1, 1)  # noqa: DTZ001 - a workbook's properties bear no zone


def write_rosters(exports: Path, world: World, feedback: pl.DataFrame) -> None:
    """Write every export but the transactions, the messages and the coupon uses."""
    members = people_of.customers(world.people, seed=world.seed)
    text = members.write_csv(line_terminator="\r\n")
    (exports / "customers_20260101.csv").write_bytes(text.encode("gb18030"))
    _write_products(
        exports / "products_20260101.xlsx", shops.products(world.prices_fen, seed=world.seed)
    )
    shops.stores().write_csv(exports / "stores_20260101.csv", include_bom=True)
    shops.staff(seed=world.seed).write_csv(exports / "staff_20260101.csv")
    feedback.write_ndjson(exports / "feedback_20260101.jsonl")


def _write_products(path: Path, products: pl.DataFrame) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(
        str(path), {"constant_memory": True, "strings_to_formulas": False}
    ) as book:
        book.set_properties({"title": "商品主档", "created": MADE_AT})
        sheet = book.add_worksheet(PRODUCTS_SHEET)
        names = [*products.columns[:-1], "成本价"]
        sheet.write_row(0, 0, names)
        for row, (*texts, cost_fen) in enumerate(products.iter_rows(), start=1):
            for column, value in enumerate(texts):
                sheet.write_string(row, column, value)
            sheet.write_number(row, len(texts), cost_fen / 100)
