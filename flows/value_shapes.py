"""What the values of a file's column look like, told by shape alone."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from regulars.expectations.exports import EXPORTS, Column

SHAPE_LETTERS_MAX = 32
SHAPES_SHOWN_N = 2

_CLOCK = r"\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?"
_DATE = (
    r"^(\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?|\d{1,2}[-/.]\d{1,2}[-/.](\d{4}|\d{2})|"
    r"(19|20)\d{2}(0[1-9]|1[0-2])([0-2]\d|3[01])(\d{4}|\d{6})?|"
    r"[a-z]{3,9}\.? \d{1,2},? \d{4}|\d{1,2}[ -][a-z]{3,9}[ -]\d{4})([ t].*)?$"
)
_SIGN = r"(cny|rmb|usd|eur|gbp|hkd|twd|jpy|nt\$|hk\$|us\$|[¥$€£])?"
_NUMBER = (
    rf"^{_SIGN}\s*[+-]?\s*{_SIGN}\s*(\d+|\d{{1,3}}([,.' ]\d{{3}})+)([.,]\d+)?\s*-?\s*(元|{_SIGN})$"
)
_ID = ("order_id", "customer_id", "product_id", "store_id", "staff_id", "returns_order_id")
_CHOICES = sorted(
    word
    for export in EXPORTS.values()
    for column in export.columns
    for words in column.words.values()
    for word in words
)


@dataclass(frozen=True)
class Looks:
    """Shares (0-1) of a column's values that look like something; ``values_n`` that are there."""

    values_n: int
    empty_share: float
    dates: float
    times_of_day: float
    with_clock: float
    compact_dates: float
    numbers: float
    fractions: float
    flags: float
    mobiles: float
    emails: float
    genders: float
    choices: float
    codes: float


def looks(values: pl.Series) -> Looks:
    """What a column's values look like, full-width digits and signs as their usual forms."""
    given = values.str.strip_chars()
    text = pl.col("text")
    found = (
        pl.DataFrame({"text": given.filter(given != "").str.normalize("NFKC").str.to_lowercase()})
        .select(
            values_n=text.len(),
            dates=text.str.contains(_DATE).mean(),
            times_of_day=text.str.contains(f"^{_CLOCK}$").mean(),
            with_clock=(
                text.str.contains(r"[ t]\d{1,2}:\d{2}|^\d{12}(\d{2})?$")
                & ~text.str.contains(r"[ t]0?0:00(:00(\.0+)?)?$")
            ).mean(),
            compact_dates=text.str.contains(r"^\d{8,14}$").mean(),
            numbers=text.str.contains(_NUMBER).mean(),
            fractions=text.str.contains(r"^\D{0,4}\d[\d,.]*[.,]\d{1,2}\D{0,3}$").mean(),
            flags=text.is_in(
                ["true", "false", "t", "f", "1", "0", "yes", "no", "y", "n", "是", "否"]
            ).mean(),
            mobiles=text.str.contains(r"^(\+?86[- ]?)?1[3-9]\d[- ]?[\d*]{4}[- ]?\d{4}$").mean(),
            emails=text.str.contains(r"^[^@\s]+@[^@\s]+\.[^@\s]+$").mean(),
            genders=text.is_in(
                ["男", "女", "m", "f", "male", "female", "未知", "unknown", "保密"]
            ).mean(),
            choices=text.is_in(_CHOICES).mean(),
            codes=text.str.contains(r"^[a-z]{0,6}[-_]?\d+$").mean(),
        )
        .row(0, named=True)
    )
    shares = {name: share or 0.0 for name, share in found.items() if name != "values_n"}
    values_n = found["values_n"]
    return Looks(values_n, 1 - values_n / len(values) if len(values) else 0.0, **shares)


def fit(column: Column, seen: Looks) -> float:
    """The share of the values that a column of this kind may hold; 1 where there are none."""
    if not seen.values_n:
        return 1.0
    by_kind = {
        "instant": seen.dates,
        "day": seen.dates,
        "money": seen.numbers,
        "quantity": seen.numbers,
        "score": seen.numbers,
        "flag": seen.flags,
        "choice": seen.choices,
    }
    if column.kind in by_kind:
        return by_kind[column.kind]
    if column.name not in _ID:
        return 1.0
    # An id may look like 20260102; it is no date spelled out, and no fraction.
    spelled_dates = max(seen.dates - seen.compact_dates, 0.0)
    return 1 - max(spelled_dates, seen.times_of_day, _broken_number(seen))


def _broken_number(seen: Looks) -> float:
    return seen.fractions if seen.numbers > seen.codes else 0.0


def shapes(values: pl.Series) -> list[str]:
    """The commonest shapes of the values: digits as 9, letters as a, Han characters as 文.

    Whatever is neither digit, letter nor a usual sign is a dot, so that a shape holds nothing of
    the value but its form.

    >>> shapes(pl.Series(["2026-01-05 10:40", "张三 Li", ""]))
    ['9999-99-99 99:99', '文文 aa']
    """
    given = values.str.strip_chars()
    shape = (
        given.filter(given != "")
        .str.replace_all(r"[\p{L}\p{M}&&[^\p{Han}]]", "a")
        .str.replace_all(r"\p{Han}", "文")
        .str.replace_all(r"\p{N}", "9")
        .str.replace_all(r"[^a文9 \-/:.,+()¥￥$€£%#@_*]", "·")
    )
    cut = pl.DataFrame({"shape": shape}).select(
        pl.when(pl.col("shape").str.len_chars() > SHAPE_LETTERS_MAX)
        .then(pl.col("shape").str.slice(0, SHAPE_LETTERS_MAX) + "…")
        .otherwise("shape")
        .alias("shape"),
    )
    counted = (
        cut.group_by("shape", maintain_order=True)
        .len()
        .sort("len", descending=True, maintain_order=True)
    )
    return counted["shape"].head(SHAPES_SHOWN_N).to_list()
