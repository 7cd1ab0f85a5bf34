"""SQL that reads one landed file: every field as text, then cast with a check that nothing is lost.

A row either becomes typed columns or breaks a rule; the first rule it breaks is its reason. The
functions here only build SQL: names come from the contracts, values are bound parameters.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from regulars.data.headers import Layout
from regulars.expectations.exports import (
    DIGITS,
    MONEY_PLACES,
    QUANTITY_PLACES,
    Column,
    Export,
)

# What DuckDB calls a line that it cannot split into the header's columns, and what we call it.
REJECT_REASONS = {
    "MISSING COLUMNS": "too_few_columns",
    "TOO MANY COLUMNS": "too_many_columns",
    "UNQUOTED VALUE": "unclosed_quote",
    "INVALID ENCODING": "invalid_encoding",
    "INVALID UNICODE": "invalid_encoding",
}
OTHER_REJECT = "invalid_row"
REJECTS = "rejects"

# A year of four digits that is one: DuckDB takes year 0 for one before Christ.
_DAY = r"[1-9][0-9]{3}([-/])[0-9]{1,2}[-/][0-9]{1,2}"
_CLOCK = r"[0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?"
_OFFSET = r"(Z|[+-][0-9]{2}(:?[0-9]{2})?)"
# Beside the words that DuckDB itself takes for true and false.
_TRUE = "('yes', 'y', '是')"
_FALSE = "('no', 'n', '否')"


@dataclass(frozen=True)
class ReadRules:
    """What the settings say about reading, as plain values.

    ``landed_on`` is the day the delivery landed: rows of a later day are not possible yet.
    ``order_key`` names what tells one order from another.
    """

    order_key: tuple[str, ...]
    currency: str
    time_zone: str
    day_starts_minutes: int
    anonymous_ids: tuple[str, ...]
    landed_on: date

    def key_of(self, export: Export) -> tuple[str, ...]:
        """The columns that tell one row of an export from another."""
        return (*self.order_key, "line_id") if export.name == "transactions" else export.key

    def as_text(self) -> str:
        """What is the same for every delivery, to tell whether it has changed."""
        return str(replace(self, landed_on=date.min))

    def parameters(self) -> dict[str, object]:
        return {
            "currency": self.currency,
            "time_zone": self.time_zone,
            "day_starts_minutes": self.day_starts_minutes,
            "anonymous_ids": list(self.anonymous_ids),
            "landed_on": self.landed_on,
        }


@dataclass(frozen=True)
class Rule:
    """A reason to refuse a row: ``broken`` is SQL over the typed row, true when it is broken.

    Where several reasons explain one failure, ``detail`` tells them apart: only rows that are
    broken need to be asked.
    """

    reason: str
    column: str | None
    broken: str
    detail: str = "true"


def text_source(layout: Layout) -> str:
    """A table expression of a file's records as text columns ``c0`` … in file order.

    Lines that could not be split are added to the temporary table ``REJECTS``. (To pass them over
    instead, DuckDB has ``ignore_errors``: it passes over all good lines behind a stray quote too.)
    The path is the parameter ``$path``.
    """
    columns = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(layout.width))
    delimiter = layout.delimiter.replace("\t", "\\t")
    return (
        f"read_csv($path, header = true, auto_detect = false, delim = E'{delimiter}', "
        f"quote = '\"', escape = '\"', columns = {{{columns}}}, store_rejects = true, "
        f"rejects_table = '{REJECTS}', rejects_scan = '{REJECTS}_scans', rejects_limit = 0)"
    )


def field(layout: Layout, column: str) -> str:
    """A column's field without the blanks around it, null when nothing is left."""
    place = f"c{layout.places[column]}"
    return f"nullif(trim({place}), '')" if layout.has_padding else place


def texts(export: Export, layout: Layout) -> str:
    """Select list: each contract column as trimmed text ``x_<column>``, empty as null."""
    return ", ".join(
        f"{field(layout, column.name)} AS x_{column.name}"
        if column.name in layout.places
        else f"NULL::VARCHAR AS x_{column.name}"
        for column in export.columns
    )


def persons(export: Export, layout: Layout) -> list[Column]:
    """The columns of the file that name a person."""
    return [c for c in export.columns if c.role == "person" and c.name in layout.places]


def person_texts(export: Export, layout: Layout, source: str) -> str:
    """SQL of the distinct raw ids of people in a file, the anonymous ones apart: ``raw_id``."""
    selects = [
        f"SELECT DISTINCT {field(layout, column.name)} AS raw_id FROM {source}"
        for column in persons(export, layout)
    ]
    return (
        f"SELECT DISTINCT raw_id FROM ({' UNION ALL '.join(selects)}) "
        "WHERE raw_id IS NOT NULL AND NOT list_contains($anonymous_ids, raw_id)"
    )


def good_rows(export: Export, layout: Layout, key: tuple[str, ...], source: str) -> str:
    """SQL of the files' records that break no rule, typed, with ``path``, the file of each."""
    broken = dict.fromkeys(rule.broken for rule in rules(export, layout, key))
    good = " AND ".join(f"coalesce(NOT ({condition}), true)" for condition in broken)
    return f"{_typed_rows(export, layout, source, ', filename AS path')} WHERE {good}"


def numbered_rows(export: Export, layout: Layout, key: tuple[str, ...], source: str) -> str:
    """SQL of a file's records, typed, counted from 0 in file order as ``record``.

    ``rule`` is the place of the first rule that a record breaks, null for a good one.
    """
    broken = " ".join(
        f"WHEN {rule.broken} AND {rule.detail} THEN {place}"
        for place, rule in enumerate(rules(export, layout, key))
    )
    rows = _typed_rows(export, layout, source, ", row_number() OVER () - 1 AS record")
    return f"SELECT *, CASE {broken} END AS rule FROM ({rows})"


def _typed_rows(export: Export, layout: Layout, source: str, carried: str) -> str:
    """SQL of records as typed columns beside their texts.

    People stand under their pseudonym (``source_<column>``); columns for the vault alone are left
    out.
    """
    # The vault may know an id from before it was made anonymous.
    known = "FROM vault.people WHERE NOT list_contains($anonymous_ids, raw_id)"
    joins = " ".join(
        f"LEFT JOIN ({known}) AS p_{column.name} ON p_{column.name}.raw_id = x_{column.name}"
        for column in persons(export, layout)
    )
    typed = ", ".join(_typed(column, layout) for column in export.columns if column.role != "vault")
    name = carried.rpartition(" AS ")[2]
    kept = ", ".join(f"x_{column.name}" for column in export.columns)
    # The business day is the date at the till, shifted by when the chain's day starts.
    day = ", CAST(ordered_at - to_minutes($day_starts_minutes) AS DATE) AS ordered_on"
    days = day if export.name == "transactions" else ""
    return (
        f"SELECT * FROM (SELECT *{days} FROM (SELECT {typed}, {kept}, {name} FROM ("
        f"SELECT {texts(export, layout)}{carried} FROM {source}) AS texts {joins})) AS typed"
    )


def rules(export: Export, layout: Layout, key: tuple[str, ...]) -> list[Rule]:
    """The rules of an export in the order they are tried."""
    return [
        *_missing(export, layout, key),
        *(rule for column in export.columns for rule in _losses(column)),
        *_only_transactions(export, layout),
    ]


def _missing(export: Export, layout: Layout, key: tuple[str, ...]) -> Iterable[Rule]:
    for column in export.columns:
        # A file that numbers its lines must number each: the number is part of the key.
        is_key = column.name in key and column.name in layout.places
        if is_key or (column.is_required and not column.is_nullable):
            yield Rule("missing_value", column.name, f"x_{column.name} IS NULL")


def _losses(column: Column) -> Iterable[Rule]:
    given, typed = f"x_{column.name}", f'"{column.name}"'
    lost = f"{given} IS NOT NULL AND {typed} IS NULL"
    match column.kind:
        case "money" | "quantity":
            decimal = f"regexp_full_match({given}, '[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)')"
            most = _whole_digits(column)
            whole = f"regexp_full_match({given}, '[+-]?0*[1-9][0-9]{{{most},}}(\\.[0-9]*)?')"
            yield Rule("too_large", column.name, lost, whole)
            yield Rule("too_many_places", column.name, lost, decimal)
            yield Rule("not_a_number", column.name, lost)
        case "instant" | "day":
            yield Rule("not_a_date", column.name, lost)
        case "flag":
            yield Rule("not_a_flag", column.name, lost)
        case _:
            return


def _only_transactions(export: Export, layout: Layout) -> Iterable[Rule]:
    if export.name != "transactions":
        return
    yield Rule("in_the_future", "ordered_at", "ordered_on > $landed_on")
    if "currency" in layout.places:
        yield Rule("wrong_currency", "currency", "x_currency <> $currency")


def _typed(column: Column, layout: Layout) -> str:
    given, name = f"x_{column.name}", column.name
    if column.role == "person":
        pseudonym = f"p_{name}.customer_id" if name in layout.places else "NULL::UBIGINT"
        return f"{pseudonym} AS source_{name}"
    match column.kind:
        case "money" | "quantity":
            return f'{_decimal(given, DIGITS - _whole_digits(column))} AS "{name}"'
        case "instant":
            return f'{_instant(given)} AS "{name}"'
        case "day":
            pattern = f"{_DAY}([ T]00:00(:00)?)?"
            return (
                f"CASE WHEN regexp_full_match({given}, '{pattern}') "
                f'THEN CAST(TRY_CAST({given} AS TIMESTAMP) AS DATE) END AS "{name}"'
            )
        case "flag":
            words = (
                f"CASE WHEN lower({given}) IN {_TRUE} THEN true "
                f"WHEN lower({given}) IN {_FALSE} THEN false END"
            )
            return f'coalesce(TRY_CAST({given} AS BOOLEAN), {words}) AS "{name}"'
        case _:
            return f'{given} AS "{name}"'


def _decimal(given: str, places: int) -> str:
    """A decimal, or null where digits would be lost: DuckDB's own cast rounds in silence.

    A text that the value is spelled as again has lost nothing; that is a tenth of the cost of
    the regular expression, which only other spellings go through.
    """
    cast = f"TRY_CAST({given} AS DECIMAL(18, {places}))"
    fraction = f"[0-9]{{0,{places}}}0*"
    pattern = f"[+-]?([0-9]+(\\.{fraction})?|\\.{fraction})"
    return (
        f"CASE WHEN CASE WHEN CAST({cast} AS VARCHAR) = {given} THEN true "
        f"WHEN CAST(TRY_CAST({given} AS BIGINT) AS VARCHAR) = {given} THEN true "
        f"ELSE regexp_full_match({given}, '{pattern}') END THEN {cast} END"
    )


def _whole_digits(column: Column) -> int:
    return DIGITS - (MONEY_PLACES if column.kind == "money" else QUANTITY_PLACES)


def _instant(given: str) -> str:
    """Wall-clock time in the chain's zone; a value with an offset is converted to it."""
    # What nearly every export writes, told by a pattern that is cheaper than an expression. It
    # leaves room for a Z in place of a digit, which would be passed over, and for a year 0.
    usual = f"{given} LIKE '____-__-__ __:__:__' AND {given} >= '1' AND NOT suffix({given}, 'Z')"
    local = f"regexp_full_match({given}, '{_DAY}([ T]{_CLOCK})?')"
    offset = f"regexp_full_match({given}, '{_DAY}[ T]{_CLOCK} ?{_OFFSET}')"
    return (
        f"CASE WHEN {usual} OR {local} THEN TRY_CAST({given} AS TIMESTAMP) "
        f"WHEN {offset} THEN timezone($time_zone, TRY_CAST({given} AS TIMESTAMPTZ)) END"
    )
