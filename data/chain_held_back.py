"""Files that stop a delivery: not among the exports, but to be moved there to see what is said."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl

from regulars.data.chain_receipts import DAY_S
from regulars.data.chain_till_files import written
from regulars.data.chain_tills import noted

EXPORTED_ON = date(2026, 1, 20)
CUT_SHARE = 0.6  # what is left of a file that was still being written
SMALL_EVERY, LATER_DAYS = 20, 19
README = "README.txt"
FILES = {
    "tills_20260121.csv": ("F12", "cut", "still being written: the last line is cut, no 合计 row"),
    "tills_20260122.csv": (
        "F20",
        "renamed",
        "实付金额 is called 实收款: a required column is gone",
    ),
    "tills_20260123.csv": ("F20", "twice", "实付金额 is there twice"),
    "tills_20260124.csv": ("F14", "small", "a month of one twentieth of the usual lines"),
    "tills_20260125.csv": ("F13", "empty", "no byte at all"),
}


def write_held_back(folder: Path, lines: pl.DataFrame) -> list[dict[str, object]]:
    """Write the files, made of the last month's lines, and tell the fault of each."""
    folder.mkdir(parents=True, exist_ok=True)
    sold = lines.filter(pl.col("channel") == 0)
    for name, (_, what, _) in FILES.items():
        path = folder / name
        rows = noted(_few_and_later(sold) if what == "small" else sold, 0, 0)
        unspoilt = rows.with_columns(plant=pl.lit(None, pl.String))
        written(path, unspoilt, (), exported_on=EXPORTED_ON)
        path.write_bytes(_spoilt(path.read_bytes(), what))
    told = "\n".join(f"{name}  {fault}: {text}" for name, (fault, _, text) in FILES.items())
    (folder / README).write_text(
        "Each of these files stops a delivery. Copy one into exports/ and ingest, to see the "
        f"message;\ntake it out again to go on.\n\n{told}\n",
        encoding="utf-8",
    )
    return [
        {"file": name, "fault": fault, "what": what} for name, (fault, what, _) in FILES.items()
    ]


def _few_and_later(lines: pl.DataFrame) -> pl.DataFrame:
    """One line in twenty, of days that nothing was delivered of yet."""
    return lines.gather_every(SMALL_EVERY).with_columns(
        pl.col("second") + LATER_DAYS * DAY_S,
        order_id=pl.lit("9") + pl.col("order_id").str.slice(1),
    )


def _spoilt(content: bytes, what: str) -> bytes:
    match what:
        case "cut":
            return content[: int(len(content) * CUT_SHARE)]
        case "renamed":
            return content.replace("实付金额".encode("gb18030"), "实收款".encode("gb18030"), 1)
        case "twice":
            return content.replace("折扣金额".encode("gb18030"), "实付金额".encode("gb18030"), 1)
        case "empty":
            return b""
        case _:
            return content
