"""SQL that reads one text as one value: a number, an instant, a day, a flag, a choice, an id.

A value is null where the text is none of its kind or something would be lost. The usual spelling
comes first and costs next to nothing; the declared rules for others are asked only of what is
left. Which spellings these are is in the docstring of each function.
"""

from __future__ import annotations

from regulars.data.headers import Layout
from regulars.data.signs import PADDING, TABS, WIDE
from regulars.expectations.exports import DIGITS, MONEY_PLACES, QUANTITY_PLACES, Column

# A year of four digits that is one: DuckDB takes year 0 for one before Christ.
_DAY = r"[1-9][0-9]{3}([-/])[0-9]{1,2}[-/][0-9]{1,2}"
_CLOCK = r"[0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?"
_OFFSET = r"(Z|[+-][0-9]{2}(:?[0-9]{2})?)"
_MIDNIGHT = r"([ T]0?0:00(:00(\.0+)?)?)?"
DAY_OR_MONTH_FIRST = r"[0-9]{1,2}[-/.][0-9]{1,2}[-/.]([0-9]{2}|[0-9]{4})([ T].*)?"
"""Dates of which the text alone does not say which number is the day."""
_TWENTY_PLACES = r"[+-]?([0-9]+(\.[0-9]{0,20})?|\.[0-9]{1,20})"
# Beside the words that DuckDB itself takes for true and false.
_TRUE = "('yes', 'y', '是')"
_FALSE = "('no', 'n', '否')"

_FULL_WIDTH = "".join(chr(code) for code in range(0xFF01, 0xFF5F)) + "\u3000"
_ASCII = "".join(chr(code) for code in range(0x21, 0x7F)) + " "
_SPACES = " \\t\u3000\u00a0"
CURRENCY_SIGNS = {
    "CNY": ("¥", "￥", "元", "RMB"),
    "JPY": ("¥", "￥", "円"),
    "USD": ("$", "US$"),
    "HKD": ("$", "HK$"),
    "TWD": ("$", "NT$", "元"),
    "SGD": ("$", "S$"),
    "AUD": ("$", "A$"),
    "CAD": ("$", "C$"),
    "EUR": ("€",),
    "GBP": ("£",),
    "KRW": ("₩", "￦"),
    "INR": ("₹",),
}
"""What may stand around an amount in a currency, beside its ISO 4217 code."""


def quoted(text: str) -> str:
    """A text as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"


def field(layout: Layout, column: str) -> str:
    """A column's field without the blanks around it, null when nothing is left.

    Ids are written in ASCII where they stand in full-width forms.
    """
    cell = trimmed(layout, f"c{layout.places[column]}")
    if not (column.endswith("_id") and WIDE in layout.signs):
        return cell
    return f"CASE WHEN strlen({cell}) = length({cell}) THEN {cell} ELSE {narrow(cell)} END"


def trimmed(layout: Layout, cell: str) -> str:
    """A cell without what pads it, null when nothing is left."""
    if PADDING in layout.signs or (TABS in layout.signs and layout.delimiter != "\t"):
        return f"nullif(trim({cell}, E'{_SPACES}'), '')"
    return cell


def narrow(text: str) -> str:
    """A text with ASCII in the place of full-width forms."""
    return f"trim(translate({text}, {quoted(_FULL_WIDTH)}, {quoted(_ASCII)}))"


def plain_number(given: str, layout: Layout, currency: str | None) -> str:
    """A number's text as DuckDB takes it: ASCII, no sign of the currency, a point, no thousands.

    Full-width digits and signs are read; a sign or code of the ``currency`` may stand on either
    side; thousands and a decimal comma only as settings declare them, and in groups of three.
    """
    text = narrow(given)
    if currency:
        signs = _either({currency, *CURRENCY_SIGNS.get(currency, ())})
        text = f"regexp_replace({text}, '^([+-]?) *({signs}) *', '\\1')"
        text = f"regexp_replace({text}, ' *({signs})$', '')"
    point = "\\" + layout.decimal
    if layout.thousands:
        comma = "\\" + layout.thousands if layout.thousands != " " else " "
        grouped = f"[+-]?[0-9]{{1,3}}({comma}[0-9]{{3}})+({point}[0-9]*)?"
        text = (
            f"CASE WHEN regexp_full_match({text}, {quoted(grouped)}) "
            f"THEN replace({text}, {quoted(layout.thousands)}, '') ELSE {text} END"
        )
    if layout.decimal == ",":
        text = f"CASE WHEN NOT contains({text}, '.') THEN replace({text}, ',', '.') END"
    return text


def of_another_currency(given: str, currency: str) -> str:
    """Whether a text is an amount with a sign of another currency."""
    own = {currency, *CURRENCY_SIGNS.get(currency, ())}
    others = {sign for code, signs in CURRENCY_SIGNS.items() for sign in (code, *signs)} - own
    text = narrow(given)
    amount = "[+-]?[0-9][0-9.,]*"
    return (
        f"regexp_full_match({text}, '[+-]? *({_either(others)}) *{amount}|"
        f"{amount} *({_either(others)})')"
    )


def _either(signs: set[str]) -> str:
    """A pattern for one of them, the longest first; they are compared in ASCII forms."""
    ascii_forms = {sign.translate(str.maketrans(_FULL_WIDTH, _ASCII)) for sign in signs}
    # ￥ (U+FFE5) has no place among the full-width forms of ASCII.
    ordered = sorted(ascii_forms, key=lambda sign: (-len(sign), sign))
    return "|".join(sign.replace("$", "\\$") for sign in ordered)


def places_of(column: Column) -> int:
    """How many decimal places a number of this column keeps."""
    return MONEY_PLACES if column.kind == "money" else QUANTITY_PLACES


def number(given: str, column: Column, layout: Layout, *, currency: str, is_rounded: bool) -> str:
    """A decimal, or null where digits would be lost: DuckDB's own cast rounds in silence.

    A text that the value is spelled as again has lost nothing; that is a tenth of the cost of
    the regular expression, which only other spellings go through. With ``is_rounded``, money of
    more places is rounded half to even.
    """
    places = places_of(column)
    type_ = f"DECIMAL({DIGITS}, {places})"
    cast = f"TRY_CAST({given} AS {type_})"
    usual = (
        f"CASE WHEN CAST({cast} AS VARCHAR) = {given} THEN true "
        f"ELSE CAST(TRY_CAST({given} AS BIGINT) AS VARCHAR) = {given} END"
    )
    text = plain_number(given, layout, currency if column.kind == "money" else None)
    fraction = f"[0-9]{{0,{places}}}0*"
    exact = f"[+-]?([0-9]+(\\.{fraction})?|\\.{fraction})"
    unusual = f"CASE WHEN regexp_full_match({text}, '{exact}') THEN TRY_CAST({text} AS {type_}) END"
    if is_rounded and column.kind == "money":
        # Beyond twenty places the cast itself would round, and not to even.
        unusual = (
            f"CASE WHEN regexp_full_match({text}, '{_TWENTY_PLACES}') THEN TRY_CAST("
            f"round_even(TRY_CAST({text} AS DECIMAL(38, 20)), {places}) AS {type_}) END"
        )
    if layout.decimal != ".":
        return unusual
    return f"CASE WHEN {usual} THEN {cast} WHEN {given} IS NOT NULL THEN {unusual} END"


def instant(given: str, layout: Layout) -> str:
    """Wall-clock time in the chain's zone; a value with an offset is converted to it.

    ISO days with ``-`` or ``/``, one digit or two, ``20260102`` and ``2026年1月2日``, each with a
    time or without, ``上午``/``下午`` before it; where settings declare ``dates``, these alone (and
    ISO, as cells of a typed format are written).
    """
    if layout.dates:
        return _declared(given, layout)
    # What nearly every export writes, told by a pattern that is cheaper than an expression. It
    # leaves room for a Z in place of a digit, which would be passed over, and for a year 0.
    usual = f"{given} LIKE '____-__-__ __:__:__' AND {given} >= '1' AND NOT suffix({given}, 'Z')"
    local = f"regexp_full_match({given}, '{_DAY}([ T]{_CLOCK})?')"
    offset = f"regexp_full_match({given}, '{_DAY}[ T]{_CLOCK} ?{_OFFSET}')"
    return (
        f"CASE WHEN {usual} OR {local} THEN TRY_CAST({given} AS TIMESTAMP) "
        f"WHEN {offset} THEN timezone($time_zone, TRY_CAST({given} AS TIMESTAMPTZ)) "
        f"WHEN {given} IS NOT NULL THEN {_spelled_otherwise(given)} END"
    )


def _spelled_otherwise(given: str) -> str:
    text = narrow(given)
    text = (
        f"regexp_replace({text}, '^([1-9][0-9]{{3}})年([0-9]{{1,2}})月([0-9]{{1,2}})日? *', "
        "'\\1-\\2-\\3 ')"
    )
    compact = "^([1-9][0-9]{3})([0-9]{2})([0-9]{2})($|[ T])"
    text = f"trim(regexp_replace({text}, '{compact}', '\\1-\\2-\\3\\4'))"
    halved = f"replace(replace(replace({text}, '上午', ' AM '), '下午', ' PM '), '/', '-')"
    halved = f"regexp_replace({halved}, ' +', ' ', 'g')"
    formats = "['%Y-%m-%d %p %I:%M:%S', '%Y-%m-%d %p %I:%M']"
    return (
        f"CASE WHEN regexp_full_match({text}, '{_DAY}([ T]{_CLOCK})?') "
        f"THEN TRY_CAST({text} AS TIMESTAMP) "
        f"WHEN regexp_full_match({text}, '{_DAY} *(上午|下午) *{_CLOCK}') "
        f"THEN try_strptime({halved}, {formats}) END"
    )


def _declared(given: str, layout: Layout) -> str:
    formats = ", ".join(quoted(form) for form in layout.dates)
    declared = f"try_strptime({given}, [{formats}])"
    if layout.format not in ("excel", "parquet"):
        return declared
    iso = f"regexp_full_match({given}, '[1-9][0-9]{{3}}-[0-9]{{2}}-[0-9]{{2}}( {_CLOCK})?')"
    offset = f"regexp_full_match({given}, '{_DAY}[ T]{_CLOCK} ?{_OFFSET}')"
    return (
        f"CASE WHEN {iso} THEN TRY_CAST({given} AS TIMESTAMP) "
        f"WHEN {offset} THEN timezone($time_zone, TRY_CAST({given} AS TIMESTAMPTZ)) "
        f"ELSE {declared} END"
    )


def day(given: str, layout: Layout) -> str:
    """A day, by the spellings of ``instant``; a time beside it must be midnight."""
    other = _declared(given, layout) if layout.dates else _spelled_otherwise(given)
    at_midnight = f"CASE WHEN date_trunc('day', {other}) = {other} THEN CAST({other} AS DATE) END"
    if layout.dates:
        return at_midnight
    usual = f"regexp_full_match({given}, '{_DAY}{_MIDNIGHT}')"
    return (
        f"CASE WHEN {usual} THEN CAST(TRY_CAST({given} AS TIMESTAMP) AS DATE) "
        f"ELSE {at_midnight} END"
    )


def flag(given: str) -> str:
    """True or false: the words of DuckDB, and yes, no, 是, 否."""
    text = f"lower({narrow(given)})"
    words = f"CASE WHEN {text} IN {_TRUE} THEN true WHEN {text} IN {_FALSE} THEN false END"
    # Not coalesce, which computes all it is given for every row.
    return (
        f"CASE WHEN TRY_CAST({given} AS BOOLEAN) IS NOT NULL THEN TRY_CAST({given} AS BOOLEAN) "
        f"WHEN {given} IS NOT NULL THEN coalesce({words}, TRY_CAST({text} AS BOOLEAN)) END"
    )


def choice(given: str, column: Column) -> str:
    """The code of one of the column's words, whatever their case."""
    text = f"lower({narrow(given)})"
    meant = " ".join(
        f"WHEN {text} IN ({', '.join(map(quoted, words))}) THEN {quoted(code)}"
        for code, words in column.words.items()
    )
    codes = ", ".join(map(quoted, column.words))
    return f"CASE WHEN {given} IN ({codes}) THEN {given} {meant} END"
