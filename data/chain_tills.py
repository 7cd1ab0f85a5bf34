"""The sample chain's tills: a file a month, and the files that mend it.

Beside the months come one file a second time under another name, the last seven days sent again
with changes, corrections, receipts that came late, and the file of a store that was shut.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import polars as pl

from regulars.data import chain_faults as faults
from regulars.data import chain_lists as lists
from regulars.data import chain_shops as shops
from regulars.data.chain_journal import at
from regulars.data.chain_lists import FIRST_DAY
from regulars.data.chain_till_files import NEW_COLUMNS, NOTES, PAYMENTS, written
from regulars.data.chain_truth import Delivered, Dose
from regulars.data.chain_world import DAY_S, Month

REPEATED_MONTH = "2024-02"
LATE_MONTH, LATE_ON, LATE_STORE, LATE_DAYS = "2024-07", date(2024, 8, 20), 4, (10, 12)
LATE_RETURNED_N = 5  # orders that come late though something of them was brought back by then
RESENT_MONTH, RESENT_ON, RESENT_DAYS = "2024-09", date(2024, 10, 3), 7
RESENT_CHANGED_N, RESENT_LATE_N = 12, 8
CORRECTED_MONTH, CORRECTED_ON, CORRECTED_N = "2024-10", date(2024, 11, 15), 30
CORRECTED_PERCENT = 90  # of what was rung up


def delivered(folder: Path, month: Month, lines: pl.DataFrame, *, seed: int) -> list[Delivered]:
    """Write the month's files of the tills; ``lines`` are its till lines by time."""
    name = f"{month.starts_on:%Y-%m}"
    plants = faults.TILL_PLANTS.get(name, ())
    rows = faults.planted(noted(lines, month.number, seed), plants, seed=seed)
    following = month.following
    monthly = f"tills_{following:%Y%m%d}.csv"
    match name:
        case str() if name == REPEATED_MONTH:
            file = written(folder / monthly, rows, plants, exported_on=following)
            again = folder / f"tills_{following:%Y%m%d}_副本.csv"
            again.write_bytes((folder / monthly).read_bytes())
            return [file, _repeat(file, again.name)]
        case str() if name == LATE_MONTH:
            is_late = _is_late(rows, month)
            late = f"tills_{LATE_ON:%Y%m%d}_补传.csv"
            came = rows.filter(is_late)
            return [
                written(folder / monthly, rows.filter(~is_late), (), exported_on=following),
                written(folder / late, came, (), exported_on=LATE_ON, doses=_late_doses(came)),
            ]
        case str() if name == RESENT_MONTH:
            return _with_resent(folder, monthly, rows, following, seed=seed)
        case str() if name == CORRECTED_MONTH:
            right = _cheaper(_some(rows, CORRECTED_N, seed=seed))
            mended = f"tills_{CORRECTED_ON:%Y%m%d}_更正.csv"
            dose = Dose("F11.correction", "replaces", right.height)
            first = written(
                folder / monthly, rows, (), exported_on=following, replaced=right["replaced_fen"]
            )
            return [
                first,
                written(folder / mended, right, (), exported_on=CORRECTED_ON, doses=[dose]),
            ]
        case str() if month.starts_on == shops.CLOSED_MONTH:
            shut = folder / f"tills_{following:%Y%m%d}_S012.csv"
            header = ",".join(NEW_COLUMNS) + "\r\n"
            shut.write_bytes(header.encode("gb18030"))
            only = Delivered(shut.name, 0, 0, 0, doses=[Dose("F13.header_only", "accepted", 0)])
            return [written(folder / monthly, rows, plants, exported_on=following), only]
        case _:
            return [written(folder / monthly, rows, plants, exported_on=following)]


def noted(lines: pl.DataFrame, month_number: int, seed: int) -> pl.DataFrame:
    """The lines with what cashiers note and how people pay, of an order as a whole."""
    draw = lists.dice(seed, 401, month_number)
    number = lines["order_id"].rle_id().cast(pl.Int64).to_numpy()
    orders_n = int(number.max(initial=-1)) + 1
    return lines.with_columns(
        note=pl.Series(draw.integers(0, len(NOTES), orders_n)[number]),
        payment=pl.Series(draw.integers(0, len(PAYMENTS), orders_n)[number]),
        is_same=pl.lit(value=False),
    )


def _repeat(file: Delivered, name: str) -> Delivered:
    dose = Dose("F09.same_bytes", "not_loaded", file.rows_n)
    return Delivered(name, file.rows_n, 0, 0, preamble_n=1, is_repeat=True, doses=[dose])


def _is_late(rows: pl.DataFrame, month: Month) -> pl.Series:
    """Receipts that did not reach the month's file: a store's days, and some since returned."""
    first, last = (FIRST_DAY + timedelta(days=month.first_day + n - 1) for n in LATE_DAYS)
    of_store = (pl.col("store") == LATE_STORE) & at().dt.date().is_between(first, last)
    here = rows.filter(pl.col("is_return"))["returns_order_id"].drop_nulls().unique()
    sold = rows.filter(~pl.col("is_return") & pl.col("order_id").is_in(here.implode()))
    returned = sold["order_id"].unique(maintain_order=True).head(LATE_RETURNED_N)
    is_late = (of_store & ~pl.col("is_return")) | pl.col("order_id").is_in(returned.implode())
    return rows.select(is_late.alias("is_late")).to_series()


def _late_doses(came: pl.DataFrame) -> list[Dose]:
    returned = came.filter("has_return")["order_id"].n_unique()
    return [
        Dose("F26.late", "late", came.height),
        Dose("F25.return_before_sale", "accepted", returned),
    ]


def _with_resent(
    folder: Path, monthly: str, rows: pl.DataFrame, following: date, *, seed: int
) -> list[Delivered]:
    """The month, and its last days once more: the same but for some changed and some late."""
    last_day = (following - FIRST_DAY).days
    days = pl.col("second") // DAY_S >= last_day - RESENT_DAYS
    window = rows.filter(days)
    chosen = _some(window, RESENT_CHANGED_N + RESENT_LATE_N, seed=seed)
    changed, late = chosen.head(RESENT_CHANGED_N), chosen.slice(RESENT_CHANGED_N)
    key = ["order_id", "line"]
    first = rows.join(late, on=key, how="anti", maintain_order="left")
    same = window.join(chosen, on=key, how="anti").with_columns(is_same=pl.lit(value=True))
    cheaper = _cheaper(changed)
    again = pl.concat((same, cheaper.drop("replaced_fen"), late)).sort("second", "order_id", "line")
    doses = [
        Dose("F10.again", "duplicate", same.height),
        Dose("F11.changed", "replaces", changed.height),
        Dose("F26.late", "late", late.height),
    ]
    resent = f"tills_{RESENT_ON:%Y%m%d}_近7日重发.csv"
    replaced = cheaper["replaced_fen"]
    return [
        written(folder / monthly, first, (), exported_on=following, replaced=replaced),
        written(folder / resent, again, (), exported_on=RESENT_ON, doses=doses),
    ]


def _some(rows: pl.DataFrame, rows_n: int, *, seed: int) -> pl.DataFrame:
    """Some sale lines of orders of several lines, so that no order is late as a whole."""
    draw = lists.dice(seed, 402, rows.height)
    safe = rows.select(
        ~pl.col("is_return") & ~pl.col("has_return") & (pl.len().over("order_id") > 1)
    ).to_series()
    # One line an order: an order of which all lines were chosen would be late after all.
    lines = rows.filter(safe).unique("order_id", keep="first", maintain_order=True)
    return lines[draw.permutation(lines.height)[:rows_n]]


def _cheaper(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows at a lower amount, with what they amounted to before."""
    right = pl.col("amount_fen") * CORRECTED_PERCENT // 100
    return rows.with_columns(
        amount_fen=right,
        discount_fen=pl.col("discount_fen") + pl.col("amount_fen") - right,
        replaced_fen="amount_fen",
    ).sort("second", "order_id", "line")
