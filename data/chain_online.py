"""The sample chain's online shops: the web shop's JSON Lines and the mini-program's workbooks.

The web shop writes money as doubles, as JSON does, and times with their offset. The mini-program,
there since October 2025, exports a workbook a month with a sheet of explanations before the data.
"""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from pathlib import Path

import polars as pl

from regulars.data import chain_campaigns as campaigns
from regulars.data import chain_faults as faults
from regulars.data import chain_lists as lists
from regulars.data import chain_shops as shops
from regulars.data.chain_faults import Plant
from regulars.data.chain_journal import at, card
from regulars.data.chain_truth import Delivered, Dose
from regulars.data.chain_world import Month

CUT_SHARE = 0.5  # what is left of a record that was cut
DATA_SHEET, NOTES_SHEET = "明细", "说明"
MINI_COLUMNS = (
    "订单号", "行号", "会员卡号", "下单时间", "商品编码", "数量", "单价", "优惠金额", "实付金额",
    "门店编码", "渠道", "优惠券", "是否退货", "原订单号",
)  # fmt: skip
NOTES = (
    ("小程序商城订单导出", ""),
    ("数据在“明细”页", "一行一件商品"),
    ("下单时间", "北京时间"),
    ("实付金额", "优惠后，单位：元"),
)
MADE_AT = datetime(2026, 1, 1)  # noqa: DTZ001 - a workbook's properties bear no zone


def web_delivered(folder: Path, month: Month, lines: pl.DataFrame, *, seed: int) -> Delivered:
    """Write the month's orders of web shop and app as JSON Lines."""
    plants = faults.WEB_PLANTS.get(f"{month.starts_on:%Y-%m}", ())
    rows = faults.planted(lines, plants, seed=seed).with_columns(
        at_line=pl.int_range(1, pl.len() + 1)
    )
    path = folder / f"webshop_{month.following:%Y%m%d}.jsonl"
    buffer = BytesIO()
    _web_records(rows).write_ndjson(buffer)
    records = buffer.getvalue().splitlines()
    for line in rows.filter(pl.col("plant") == "F19.cut_json")["at_line"].to_list():
        record = records[line - 1]
        records[line - 1] = record[: int(len(record) * CUT_SHARE)]
    path.write_bytes(b"\n".join([*records, b""]))
    return _told(path.name, rows, plants, [Dose("F24.offset", "accepted", rows.height)])


def mini_delivered(folder: Path, month: Month, lines: pl.DataFrame, *, seed: int) -> Delivered:
    """Write the month's orders of the mini-program as a workbook."""
    plants = faults.MINI_PLANTS.get(f"{month.starts_on:%Y-%m}", ())
    rows = faults.planted(lines, plants, seed=seed).with_columns(
        at_line=pl.int_range(2, pl.len() + 2)
    )
    path = folder / f"miniprogram_{month.following:%Y%m%d}.xlsx"
    cells = rows.select(
        "order_id",
        "line",
        card().alias("card"),
        at().alias("ordered_at"),
        shops.product_id("product").alias("product_id"),
        "quantity",
        _double("price_fen"),
        _double("discount_fen"),
        _double("amount_fen"),
        shops.store_id("store").alias("store_id"),
        pl.lit(shops.CHANNELS[3]).alias("channel"),
        campaigns.coupon_id("campaign").alias("coupon"),
        pl.when("is_return").then(pl.lit("是")).otherwise(pl.lit("否")).alias("returned"),
        "returns_order_id",
        "plant",
    )
    _write_workbook(path, cells)
    return _told(path.name, rows, plants, [Dose("F22.several_sheets", "accepted", rows.height)])


def _write_workbook(path: Path, cells: pl.DataFrame) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(
        str(path), {"constant_memory": True, "strings_to_formulas": False}
    ) as book:
        book.set_properties({"title": "小程序商城订单", "created": MADE_AT})
        notes = book.add_worksheet(NOTES_SHEET)
        for row, note in enumerate(NOTES):
            notes.write_row(row, 0, note)
        sheet = book.add_worksheet(DATA_SHEET)
        sheet.write_row(0, 0, MINI_COLUMNS)
        as_time = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        as_money = book.add_format({"num_format": "0.00"})
        time, amount = MINI_COLUMNS.index("下单时间"), MINI_COLUMNS.index("实付金额")
        for row, (*values, plant) in enumerate(cells.iter_rows(), start=1):
            for column, value in enumerate(values):
                if value is None:
                    continue
                if column == time and plant != "F22.text_date":
                    sheet.write_datetime(row, column, value, as_time)
                elif column == time:
                    sheet.write_string(row, column, f"{value:%Y/%m/%d %H:%M:%S}")
                elif column == amount and plant == "F22.error":
                    sheet.write_formula(row, column, "=NA()", as_money, "#N/A")
                elif isinstance(value, str):
                    sheet.write_string(row, column, value)
                else:
                    sheet.write_number(row, column, value)


def _web_records(rows: pl.DataFrame) -> pl.DataFrame:
    is_utc = pl.col("plant").fill_null("") == "F24.utc"
    is_far = pl.col("plant").fill_null("") == "F23.2099"
    local = at().dt.strftime("%Y-%m-%dT%H:%M:%S+08:00")
    utc = at().dt.offset_by("-8h").dt.strftime("%Y-%m-%dT%H:%M:%S+00:00")
    has_more = pl.col("plant").fill_null("") == "F17.places"
    paid = _digits("amount_fen") + pl.when(has_more).then(pl.lit("3")).otherwise(pl.lit(""))
    return rows.select(
        pl.col("order_id").alias("orderId"),
        pl.col("line").alias("lineNo"),
        card().alias("memberId"),
        pl.when(is_far)
        .then(pl.lit("2099") + local.str.slice(4))
        .when(is_utc)
        .then(utc)
        .otherwise(local)
        .alias("createdAt"),
        shops.product_id("product").alias("sku"),
        pl.col("quantity").alias("qty"),
        _double("price_fen").alias("listPrice"),
        _double("discount_fen").alias("saved"),
        paid.cast(pl.Float64).alias("paid"),
        shops.store_id("store").alias("shopId"),
        pl.lit(pl.Series(shops.CHANNELS)).gather(pl.col("channel")).alias("source"),
        campaigns.coupon_id("campaign").alias("coupon"),
        pl.col("is_return").alias("isRefund"),
        pl.col("returns_order_id").alias("refundOf"),
    )


def _double(fen: str) -> pl.Expr:
    """Money as these two formats have it: the double next to the amount.

    Read off its digits: a division by 100 may miss it by the last bit.
    """
    return _digits(fen).cast(pl.Float64)


def _digits(fen: str) -> pl.Expr:
    return lists.yuan(fen).cast(pl.String)


def _told(name: str, rows: pl.DataFrame, plants: tuple[Plant, ...], doses: list[Dose]) -> Delivered:
    accepted = rows.filter(faults.is_accepted(plants))
    planted, reasons = faults.doses(rows, plants)
    return Delivered(
        file=name,
        rows_n=rows.height,
        accepted_n=accepted.height,
        amount_fen=int(accepted["amount_fen"].sum()),
        quarantined=reasons,
        doses=[*doses, *planted],
    )
