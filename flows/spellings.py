"""How a file spells numbers and days, where settings must declare it: the reader never guesses.

Only what the values leave no doubt of is proposed: in ``1,234`` the comma may be either sign, in
``02-01-2026`` either number the month.
"""

from __future__ import annotations

import polars as pl

_AMOUNT = r"\d{1,3}"
_THOUSANDS_COMMA = rf"{_AMOUNT}(,\d{{3}})+\.\d|{_AMOUNT}(,\d{{3}}){{2,}}(\D|$)"
_THOUSANDS_DOT = rf"{_AMOUNT}(\.\d{{3}})+,\d|{_AMOUNT}(\.\d{{3}}){{2,}}(\D|$)"
_DECIMAL_COMMA = r"(^|[^\d.,])\d+,(\d{1,2}|\d{4,})(\D|$)"
_CLOCKS = {"": "", r" \d{1,2}:\d{2}": " %H:%M", r" \d{1,2}:\d{2}:\d{2}": " %H:%M:%S"}
_YEAR_FIRST = {
    rf"^\d{{4}}{sign}\d{{1,2}}{sign}\d{{1,2}}{clock}$": day + time
    for sign, day in {"-": "%Y-%m-%d", "/": "%Y/%m/%d", r"\.": "%Y.%m.%d"}.items()
    for clock, time in _CLOCKS.items()
} | {r"^\d{12}$": "%Y%m%d%H%M", r"^\d{14}$": "%Y%m%d%H%M%S"}
_YEAR_LAST = r"^(\d{1,2})([-/.])(\d{1,2})[-/.](\d{4})( \d{1,2}:\d{2}(:\d{2})?)?$"
_UNREAD = rf"{_YEAR_LAST}|^\d{{4}}\.\d{{1,2}}\.\d{{1,2}}( .*)?$|^(19|20)(\d{{10}}|\d{{12}})$"
_MONTHS_N = 12
_MOST = 0.5


def number_signs(values: pl.Series) -> dict[str, str]:
    """The signs that numbers have and settings must name: ``decimal``, ``thousands``.

    >>> number_signs(pl.Series(["1,234.50", "25.80"])), number_signs(pl.Series(["1.234,50"]))
    ({'thousands': ','}, {'decimal': ',', 'thousands': '.'})
    >>> number_signs(pl.Series(["25,80"])), number_signs(pl.Series(["25.80", "1,234"]))
    ({'decimal': ','}, {})
    """
    has_commas, has_dots, has_decimal_comma = (
        bool(values.str.contains(pattern).any())
        for pattern in (_THOUSANDS_COMMA, _THOUSANDS_DOT, _DECIMAL_COMMA)
    )
    if has_commas and (has_dots or has_decimal_comma):
        return {}
    if has_dots:
        return {"decimal": ",", "thousands": "."}
    return {"thousands": ","} if has_commas else {"decimal": ","} if has_decimal_comma else {}


def day_format(values: pl.Series) -> str | None:
    """The one format that all days are in; null where they do not tell which number is the month.

    >>> day_format(pl.Series(["05/01/2026 09:12", "31/01/2026 10:40"]))
    '%d/%m/%Y %H:%M'
    >>> day_format(pl.Series(["1-31-2026"])), day_format(pl.Series(["05-01-2026"]))
    ('%m-%d-%Y', None)
    >>> day_format(pl.Series(["2026.01.05"])), day_format(pl.Series(["20260105091200"]))
    ('%Y.%m.%d', '%Y%m%d%H%M%S')
    """
    given = _stripped(values)
    if not len(given):
        return None
    for pattern, form in _YEAR_FIRST.items():
        if given.str.contains(pattern).all():
            return form
    first, sign, second, _, clock, seconds = given.str.extract_groups(_YEAR_LAST).struct.unnest()
    is_uniform = (
        first.null_count() == 0
        and sign.n_unique() == 1
        and all(part.null_count() in (0, len(given)) for part in (clock, seconds))
    )
    if not is_uniform:
        return None
    may_be_month = [(part.cast(pl.Int64) <= _MONTHS_N).all() for part in (first, second)]
    if may_be_month[0] == may_be_month[1]:
        return None
    between: str = sign[0]
    day = between.join(("%m", "%d", "%Y") if may_be_month[0] else ("%d", "%m", "%Y"))
    return day + ("" if clock.null_count() else " %H:%M" + ("" if seconds.null_count() else ":%S"))


def must_be_declared(values: pl.Series) -> bool:
    """Whether most of the values are days that are read only in a declared format.

    >>> must_be_declared(pl.Series(["05/01/2026", ""])), must_be_declared(pl.Series(["2026/1/5"]))
    (True, False)
    """
    share = _stripped(values).str.contains(_UNREAD).mean()
    return share is not None and float(share) > _MOST  # type: ignore[arg-type]


def _stripped(values: pl.Series) -> pl.Series:
    given = values.str.strip_chars()
    return given.filter(given != "")
