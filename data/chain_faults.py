"""The dose of faults in the sample chain's files: which month, how many rows, what is to become.

Rows are chosen among sale lines of orders of which nothing was brought back, so that refusing one
makes no return an orphan. A fault changes the text of one row; the row itself is a real one, which
a right load refuses or reads as it was meant.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from regulars.data import chain_lists as lists
from regulars.data.chain_truth import Dose

BROKEN_BYTE = "\x01"  # stands for a byte that no encoding has, until the text is bytes
THOUSAND_FEN = 100_000
FULL_WIDTH = dict(zip("0123456789.-", "０１２３４５６７８９．－", strict=True))


@dataclass(frozen=True)
class Plant:
    """One fault of one file: its number and name, the rows that bear it, what becomes of them."""

    fault: str
    rows_n: int
    reason: str | None = None

    @property
    def outcome(self) -> str:
        return "accepted" if self.reason is None else "quarantined"


TILL_PLANTS: dict[str, tuple[Plant, ...]] = {
    "2024-01": (
        Plant("F19.too_few", 3, "too_few_columns"),
        Plant("F19.too_many", 2, "too_many_columns"),
        Plant("F19.newline", 2),
    ),
    "2024-02": (
        Plant("F23.february", 2, "not_a_date"),
        Plant("F23.2099", 2, "in_the_future"),
        Plant("F23.1900", 1, "implausible_date"),
    ),
    "2024-04": (Plant("F16.bytes", 3, "invalid_encoding"),),
    "2024-05": (
        Plant("F17.yen", 10),
        Plant("F17.wide_yen", 5),
        Plant("F17.digits", 10),
        Plant("F17.padded", 10),
        Plant("F17.tab", 10),
    ),
    "2024-06": (Plant("F21.order", 2, "damaged_id"), Plant("F21.card", 2, "damaged_id")),
    "2024-12": (Plant("F22.error", 3, "error_cell"),),
}
WEB_PLANTS: dict[str, tuple[Plant, ...]] = {
    "2024-03": (Plant("F24.utc", 5),),
    "2024-11": (Plant("F17.places", 2, "too_many_places"),),
    "2025-04": (Plant("F19.cut_json", 1, "invalid_row"),),
    "2025-06": (Plant("F23.2099", 1, "in_the_future"),),
}
MINI_PLANTS: dict[str, tuple[Plant, ...]] = {
    "2025-10": (Plant("F22.error", 2, "error_cell"),),
    "2025-11": (Plant("F22.text_date", 5),),
    "2025-12": (Plant("F22.error", 1, "error_cell"), Plant("F22.text_date", 3)),
}


def planted(lines: pl.DataFrame, plants: tuple[Plant, ...], *, seed: int) -> pl.DataFrame:
    """The lines with ``plant``, the name of the fault each bears, null for most."""
    draw = lists.dice(seed, 400, lines.height)
    # An amount with thousands is in quotes, which a sign before them would break.
    is_plain = (pl.col("amount_fen") < THOUSAND_FEN) & ~pl.col("is_return") & ~pl.col("has_return")
    safe = np.flatnonzero(lines.select(is_plain).to_series())
    wanted = [plant.fault for plant in plants for _ in range(plant.rows_n)]
    rows = draw.permutation(safe)[: len(wanted)]
    faults = np.full(lines.height, None, dtype=object)
    faults[rows] = wanted[: len(rows)]
    return lines.with_columns(plant=pl.Series(faults.tolist(), dtype=pl.String))


def is_accepted(plants: tuple[Plant, ...]) -> pl.Expr:
    """Whether a row with its ``plant`` is one that a right load accepts."""
    refused = [plant.fault for plant in plants if plant.reason]
    return pl.col("plant").is_null() | ~pl.col("plant").is_in(refused)


def doses(rows: pl.DataFrame, plants: tuple[Plant, ...]) -> tuple[list[Dose], dict[str, int]]:
    """The doses of a file whose rows have ``plant`` and physical ``at_line``, and their reasons."""
    found: list[Dose] = []
    reasons: dict[str, int] = {}
    for plant in plants:
        lines = rows.filter(pl.col("plant") == plant.fault)["at_line"].to_list()
        if lines:
            found.append(Dose(plant.fault, plant.outcome, len(lines), tuple(lines), plant.reason))
        if plant.reason and lines:
            reasons[plant.reason] = reasons.get(plant.reason, 0) + len(lines)
    return found, reasons


def spoilt(column: str, text: pl.Expr) -> pl.Expr:
    """The text of a till's field as the row's fault has it."""
    return (
        pl.when(pl.col("plant").is_null())
        .then(text)
        .otherwise(_FAULTY.get(column, _as_it_is)(text))
        .alias(column)
    )


def _as_it_is(text: pl.Expr) -> pl.Expr:
    return text


def _chosen(text: pl.Expr, **versions: pl.Expr) -> pl.Expr:
    for fault, version in versions.items():
        name = fault.replace("_", ".", 1)
        text = pl.when(pl.col("plant") == name).then(version).otherwise(text)
    return text


_FAULTY = {
    "小票号": lambda text: _chosen(text, F21_order=pl.lit("8.00112E+17")),
    "会员卡号": lambda text: _chosen(
        text, F21_card=pl.lit("8.61E+17"), F17_tab=text.fill_null("") + "\t"
    ),
    "交易时间": lambda text: _chosen(
        text,
        F23_february=pl.lit("2024-02-31") + text.str.slice(10),
        F23_2099=pl.lit("2099") + text.str.slice(4),
        F23_1900=pl.lit("1900-01-01") + text.str.slice(10),
    ),
    "商品编码": lambda text: _chosen(
        text,
        F16_bytes=text + BROKEN_BYTE,
        F17_padded=pl.lit("  ") + text + " ",
    ),
    "实付金额": lambda text: _chosen(
        text,
        F17_yen=pl.lit("¥") + text,
        F17_wide_yen=pl.lit("￥") + text,
        F17_digits=text.str.replace_many(FULL_WIDTH),
        F22_error=pl.lit("#N/A"),
    ),
    "备注": lambda text: _chosen(text, F19_newline=pl.lit('"送货上门\n请先电话联系"')),
}
