"""One file of the sample chain's tills: its text, its bytes, and what is to become of its rows.

A file begins with a line of the store system and ends with a row of totals; line ends are CRLF,
the encoding GB18030. Since 2025 the tills run a new version: columns in another order, one more of
them, and times such as 2025/1/5 9:03:07. One month's file was printed in pages, each with its
subtotal, and the header again on the next.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from regulars.data import chain_campaigns as campaigns
from regulars.data import chain_faults as faults
from regulars.data import chain_lists as lists
from regulars.data import chain_shops as shops
from regulars.data.chain_faults import BROKEN_BYTE, THOUSAND_FEN, Plant
from regulars.data.chain_journal import at, card
from regulars.data.chain_truth import Delivered, Dose, yuan

NEW_VERSION_ON = date(2025, 1, 1)
COLUMNS = (
    "小票号", "行号", "会员卡号", "交易时间", "商品编码", "数量", "单价", "折扣金额", "实付金额",
    "门店编码", "收银员", "券号", "原小票号", "渠道", "备注",
)  # fmt: skip
NEW_COLUMNS = (
    "门店编码", "收银员", "小票号", "行号", "交易时间", "会员卡号", "商品编码", "单价", "数量",
    "折扣金额", "实付金额", "支付方式", "券号", "原小票号", "渠道", "备注",
)  # fmt: skip
NOTES = ("", "", "", "", "", "", "", "自带袋", "开发票", "老顾客")
PAYMENTS = ("微信", "支付宝", "银行卡", "现金")
RAGGED_FIELDS_N = 3  # cut off a row that has too few
PAGED_MONTH, PAGES_N = "2024-08", 3  # a month whose file was printed: subtotals, headers again


def written(
    path: Path,
    rows: pl.DataFrame,
    plants: tuple[Plant, ...],
    *,
    exported_on: date,
    doses: list[Dose] | None = None,
    replaced: pl.Series | None = None,
) -> Delivered:
    """Write one file of the tills and tell what is to become of its rows.

    Rows with ``is_same`` are those that an earlier file had; ``replaced`` is what rows of this
    file amounted to that a later one replaces.
    """
    is_new = exported_on > NEW_VERSION_ON
    columns = NEW_COLUMNS if is_new else COLUMNS
    header = ",".join(columns)
    pages = _pages(rows, path, header, columns)
    texts = _texts(rows, columns, is_new=is_new)
    preamble = f"门店收银系统 交易明细报表 导出时间：{exported_on} 03:00:00"
    total = _total("合计", columns, int(rows["amount_fen"].sum()))
    body = [f"{page}{text}" for page, text in zip(pages, texts, strict=True)]
    text = "\r\n".join([preamble, header, *body, total, ""])
    path.write_bytes(text.encode("gb18030").replace(BROKEN_BYTE.encode(), b"\xff"))
    placed = rows.with_columns(at_line=_physical_lines(pages, texts))
    return _told(path.name, placed, plants, pages, doses or [], replaced, is_new=is_new)


def _texts(rows: pl.DataFrame, columns: tuple[str, ...], *, is_new: bool) -> list[str]:
    """Each row as a line of the file, its fault in it."""
    time = at().dt.strftime("%Y/%-m/%-d %-H:%M:%S" if is_new else "%Y-%m-%d %H:%M:%S")
    amount = lists.yuan("amount_fen").cast(pl.String)
    with_thousands = amount.str.replace(r"^(-?\d+)(\d{3}\.\d\d)$", '"${1},${2}"')
    fields = {
        "小票号": pl.col("order_id"),
        "行号": pl.col("line").cast(pl.String),
        "会员卡号": card(),
        "交易时间": time,
        "商品编码": shops.product_id("product"),
        "数量": pl.col("quantity").cast(pl.String),
        "单价": lists.yuan("price_fen").cast(pl.String),
        "折扣金额": lists.yuan("discount_fen").cast(pl.String),
        "实付金额": with_thousands,
        "门店编码": shops.store_id("store"),
        "收银员": shops.staff_id("staff"),
        "券号": campaigns.coupon_id("campaign"),
        "原小票号": pl.col("returns_order_id"),
        "渠道": pl.lit(shops.CHANNELS[0]),
        "备注": lists.one_of(NOTES, "note"),
        "支付方式": lists.one_of(PAYMENTS, "payment"),
    }
    whole = rows.with_columns(faults.spoilt(name, fields[name]) for name in columns)
    line = pl.concat_str([pl.col(name).fill_null("") for name in columns], separator=",")
    short = pl.concat_str(
        [pl.col(name).fill_null("") for name in columns[:-RAGGED_FIELDS_N]], separator=","
    )
    return (
        whole.select(
            pl.when(pl.col("plant") == "F19.too_few")
            .then(short)
            .when(pl.col("plant") == "F19.too_many")
            .then(line + ",多出,一列")
            .otherwise(line)
        )
        .to_series()
        .to_list()
    )


def _pages(rows: pl.DataFrame, path: Path, header: str, columns: tuple[str, ...]) -> list[str]:
    """What stands before each row: where a page ends, its subtotal and the header again."""
    pages = [""] * rows.height
    following = (date.fromisoformat(f"{PAGED_MONTH}-01") + timedelta(days=31)).replace(day=1)
    if path.name != f"tills_{following:%Y%m%d}.csv":
        return pages
    size = rows.height // (PAGES_N + 1)
    for page in range(1, PAGES_N + 1) if size else ():
        fen = int(rows["amount_fen"].slice((page - 1) * size, size).sum())
        pages[page * size] = f"{_total('小计', columns, fen)}\r\n{header}\r\n"
    return pages


def _total(word: str, columns: tuple[str, ...], fen: int) -> str:
    """A row of totals: the word in the first column, the amount in its own."""
    cells = dict.fromkeys(columns, "") | {columns[0]: word, "实付金额": yuan(fen)}
    return ",".join(cells.values())


def _physical_lines(pages: list[str], texts: list[str]) -> pl.Series:
    """The physical line each row begins on; preamble and header are lines 1 and 2."""
    before = pl.Series([page.count("\n") for page in pages], dtype=pl.Int64)
    within = pl.Series([text.count("\n") for text in texts], dtype=pl.Int64)
    earlier = within.cum_sum().shift(1, fill_value=0)
    return pl.Series(np.arange(len(texts)) + 3) + before.cum_sum() + earlier


def _told(
    name: str,
    rows: pl.DataFrame,
    plants: tuple[Plant, ...],
    pages: list[str],
    doses: list[Dose],
    replaced: pl.Series | None,
    *,
    is_new: bool,
) -> Delivered:
    accepted = rows.filter(faults.is_accepted(plants) & ~pl.col("is_same"))
    planted, reasons = faults.doses(rows, plants)
    pages_n = sum(1 for page in pages if page)
    total_line = 3 + rows.height + sum(page.count("\n") for page in pages)
    total_line += 0 if not rows.height else int((rows["plant"] == "F19.newline").sum() or 0)
    starts = rows.filter(pl.Series([bool(page) for page in pages], dtype=pl.Boolean))["at_line"]
    general = [
        Dose("F15.gb18030", "accepted", rows.height),
        Dose("F18.preamble", "skipped", 1, (1,)),
        Dose("F18.total", "skipped", 1, (total_line,)),
    ]
    if pages_n:
        general.append(Dose("F18.subtotal", "skipped", pages_n, tuple((starts - 2).to_list())))
        general.append(Dose("F18.header", "skipped", pages_n, tuple((starts - 1).to_list())))
    thousands = rows.filter(
        (pl.col("amount_fen").abs() >= THOUSAND_FEN) & pl.col("plant").is_null()
    )
    if thousands.height:
        where = tuple(thousands["at_line"].to_list())
        general.append(Dose("F17.thousands", "accepted", len(where), where))
    if is_new:
        general.append(Dose("F20.reordered", "accepted", rows.height))
        general.append(Dose("F20.added", "accepted", rows.height))
        general.append(Dose("F23.slashes", "accepted", rows.height))
    skipped = {"total": 1} | ({"subtotal": pages_n, "header": pages_n} if pages_n else {})
    return Delivered(
        file=name,
        rows_n=rows.height + sum(skipped.values()),
        accepted_n=accepted.height,
        amount_fen=int(accepted["amount_fen"].sum()),
        duplicate_n=int(rows["is_same"].sum() or 0),
        quarantined=reasons,
        skipped=skipped,
        preamble_n=1,
        replaced_n=0 if replaced is None else len(replaced),
        replaced_fen=0 if replaced is None else int(replaced.sum()),
        doses=[*general, *planted, *doses],
    )
