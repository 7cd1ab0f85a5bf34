"""The sample chain's messages and coupon uses as its systems give them, their dose of faults in.

The messages come from the member system, in GB18030, and a week later some of them once more, with
what they cost corrected. The uses come from the coupon platform, in UTF-8 with its mark.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from regulars.data import chain_campaigns as campaigns
from regulars.data import chain_faults as faults
from regulars.data import chain_lists as lists
from regulars.data.chain_faults import Plant
from regulars.data.chain_journal import at
from regulars.data.chain_people import member_id
from regulars.data.chain_truth import Delivered, Dose

EXPORTED_ON, CORRECTED_ON = date(2026, 1, 1), date(2026, 1, 8)
RIGHT_COST = "0.06"  # of messages that were billed as 0.05
CONTACT_COLUMNS = {
    "campaign_id": "活动编号",
    "customer_id": "会员卡号",
    "contacted_at": "发送时间",
    "channel": "渠道",
    "arm": "分组",
    "coupon_id": "券号",
    "cost": "费用",
}
COUPON_COLUMNS = {
    "coupon_id": "券号",
    "redeemed_at": "核销时间",
    "customer_id": "会员卡号",
    "order_id": "订单号",
    "value": "抵扣金额",
}
CONTACT_PLANTS = (
    Plant("F11.two_versions", 2, "conflicting_key"),  # rows of which another version stands there
    Plant("F17.arm", 10),
    Plant("F17.unknown_arm", 3, "not_a_choice"),
    Plant("F21.card", 2, "damaged_id"),
    Plant("F23.2099", 1, "in_the_future"),
)
COUPON_PLANTS = (
    Plant("F17.yen", 5),
    Plant("F17.three_places", 1, "too_many_places"),
    Plant("F21.order", 1, "damaged_id"),
    Plant("F23.february", 1, "not_a_date"),
)
# What happens to sound rows: they stand there twice, or come again in a later file.
REPEATED, CORRECTED, SENT_AGAIN = "repeated", "corrected", "again"
CONTACTS_MARKED = {REPEATED: 4, CORRECTED: 20, SENT_AGAIN: 10}
USES_MARKED = {REPEATED: 3}


def coupon_uses(lines: pl.DataFrame) -> pl.DataFrame:
    """The uses of coupons in some lines, every column as text."""
    return lines.filter(pl.col("campaign") >= 0).select(
        campaigns.coupon_id("campaign").alias("coupon_id"),
        at().dt.strftime("%Y-%m-%d %H:%M:%S").alias("redeemed_at"),
        member_id("member").alias("customer_id"),
        "order_id",
        lists.yuan("coupon_fen").cast(pl.String).alias("value"),
    )


def write_contacts(folder: Path, contacts: pl.DataFrame, *, seed: int) -> list[Delivered]:
    """Write the messages, and what of them came again, and tell what becomes of the rows."""
    rows = _marked(contacts, CONTACTS_MARKED, CONTACT_PLANTS, lists.dice(seed, 410))
    is_corrected = pl.col("mark") == CORRECTED
    right = pl.lit(RIGHT_COST).alias("cost")
    first = pl.concat(
        [rows, _repeated(rows), rows.filter(plant="F11.two_versions").with_columns(right)]
    )
    later = rows.with_columns(is_same=pl.col("mark") == SENT_AGAIN).filter(
        is_corrected | pl.col("is_same")
    )
    corrected = rows.filter(is_corrected)
    return [
        _written(
            folder / f"contacts_{EXPORTED_ON:%Y%m%d}.csv",
            first.with_columns(**_contact_texts()),
            CONTACT_COLUMNS,
            CONTACT_PLANTS,
            doses=[Dose("F15.gb18030", "accepted", first.height)],
            replaced=corrected,
        ),
        _written(
            folder / f"contacts_{CORRECTED_ON:%Y%m%d}_更正.csv",
            later.with_columns(
                pl.when(is_corrected).then(right).otherwise("cost").alias("cost"), arm=_arm()
            ),
            CONTACT_COLUMNS,
            (),
            doses=[Dose("F11.correction", "replaces", corrected.height)],
        ),
    ]


def write_coupon_uses(folder: Path, uses: pl.DataFrame, *, seed: int) -> list[Delivered]:
    """Write the uses of coupons, and tell what becomes of the rows."""
    rows = _marked(uses, USES_MARKED, COUPON_PLANTS, lists.dice(seed, 411))
    path = folder / f"coupons_{EXPORTED_ON:%Y%m%d}.csv"
    spoilt = pl.concat([rows, _repeated(rows)]).with_columns(**_coupon_texts())
    return [_written(path, spoilt, COUPON_COLUMNS, COUPON_PLANTS, encoding="utf-8-sig")]


def _marked(
    rows: pl.DataFrame,
    marks: Mapping[str, int],
    plants: Sequence[Plant],
    draw: np.random.Generator,
) -> pl.DataFrame:
    """The rows with ``mark``, what happens to each, ``plant``, the fault it bears, both null for
    most, and ``is_same``. A message that cost nothing, of the control arm, is left alone.
    """
    planted = {plant.fault: plant.rows_n for plant in plants} | dict(marks)
    wanted = [mark for mark, rows_n in planted.items() for _ in range(rows_n)]
    money = pl.col("cost" if "cost" in rows.columns else "value")
    sound = draw.permutation(np.flatnonzero(rows.select(money != "0.00").to_series()))
    found = np.full(rows.height, None, dtype=object)
    found[sound[: len(wanted)]] = wanted[: len(sound)]
    mark = pl.Series("mark", found.tolist(), dtype=pl.String)
    return rows.with_columns(mark, is_same=pl.lit(value=False)).with_columns(
        plant=pl.when(pl.col("mark").is_in([plant.fault for plant in plants])).then("mark")
    )


def _repeated(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.filter(mark=REPEATED).with_columns(is_same=pl.lit(value=True))


def _arm() -> pl.Expr:
    return pl.col("arm").replace_strict({"treated": "实验组", "control": "对照组"})


def _when(fault: str, spoilt: str | pl.Expr, otherwise: str | pl.Expr) -> pl.Expr:
    spoilt = pl.lit(spoilt) if isinstance(spoilt, str) else spoilt
    return pl.when(pl.col("plant") == fault).then(spoilt).otherwise(otherwise)


def _contact_texts() -> dict[str, pl.Expr]:
    """Each field as the row's fault has it."""
    arm = _when("F17.arm", pl.col("arm").str.to_titlecase(), _arm())
    return {
        "customer_id": _when("F21.card", "8.61E+17", "customer_id"),
        "contacted_at": _when(
            "F23.2099", "2099" + pl.col("contacted_at").str.slice(4), "contacted_at"
        ),
        "arm": _when("F17.unknown_arm", "A组", arm),
    }


def _coupon_texts() -> dict[str, pl.Expr]:
    more = _when("F17.three_places", pl.col("value") + "5", "value")
    return {
        "redeemed_at": _when(
            "F23.february", "2024-02-31" + pl.col("redeemed_at").str.slice(10), "redeemed_at"
        ),
        "order_id": _when("F21.order", "8.00112E+17", "order_id"),
        "value": _when("F17.yen", "¥" + pl.col("value"), more),
    }


def _written(
    path: Path,
    rows: pl.DataFrame,
    columns: Mapping[str, str],
    plants: tuple[Plant, ...],
    *,
    encoding: str = "gb18030",
    doses: Sequence[Dose] = (),
    replaced: pl.DataFrame | None = None,
) -> Delivered:
    """Write one file and tell what is to become of its rows.

    Rows with ``is_same`` say what others say; ``replaced`` are those that a later file replaces.
    """
    text = rows.select(*columns).rename(dict(columns)).write_csv(line_terminator="\r\n")
    path.write_bytes(text.encode(encoding))
    money = "cost" if "cost" in columns else "value"
    placed = rows.with_columns(
        at_line=pl.int_range(2, pl.len() + 2),
    )
    accepted = placed.filter(faults.is_accepted(plants) & ~pl.col("is_same"))
    same = placed.filter("is_same")
    planted, reasons = faults.doses(placed, plants)
    repeated = Dose("F10.repeated", "duplicate", same.height, tuple(same["at_line"].to_list()))
    return Delivered(
        file=path.name,
        rows_n=rows.height,
        accepted_n=accepted.height,
        amount_fen=_fen(accepted[money]),
        duplicate_n=same.height,
        quarantined=reasons,
        replaced_n=0 if replaced is None else replaced.height,
        replaced_fen=0 if replaced is None else _fen(replaced[money]),
        doses=[*doses, *planted, repeated],
    )


def _fen(amounts: pl.Series) -> int:
    return int(amounts.str.replace_all(r"\D", "").cast(pl.Int64).sum())
