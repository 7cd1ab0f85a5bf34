"""SQL that reads one landed file: every field as text, then cast with a check that nothing is lost.

A row either becomes typed columns or breaks a rule; the first rule it breaks is its reason. The
functions here only build SQL: names come from the contracts, values are bound parameters.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from regulars.data import cells, footers, ratings, values
from regulars.data.cells import field
from regulars.data.headers import Layout
from regulars.data.signs import ERRORS, EXPONENTS, NUL, QUOTES
from regulars.expectations.exports import DIGITS, Column, Export
from regulars.expectations.feedback_export import NPS_MAX

# What DuckDB calls a line that it cannot split into the header's columns, and what we call it.
REJECT_REASONS = {
    "MISSING COLUMNS": "too_few_columns",
    "TOO MANY COLUMNS": "too_many_columns",
    "UNQUOTED VALUE": "unclosed_quote",
    "LINE SIZE OVER MAXIMUM": "row_too_long",
    "INVALID ENCODING": "invalid_encoding",
    "INVALID UNICODE": "invalid_encoding",
}
OTHER_REJECT = "invalid_row"
REJECTS = "rejects"

# What spreadsheets show in place of a value that could not be computed.
_ERROR_CELLS = (
    "('#N/A', '#REF!', '#DIV/0!', '#VALUE!', '#NAME?', '#NUM!', '#NULL!', '#SPILL!', '#CALC!', "
    "'#ERROR!')"
)
# What Excel and programs that take ids for numbers make of them: 1.23457E+17, 1.2345E17.
_DAMAGED_ID = r"[+-]?[0-9]+(\.[0-9]+[eE]\+?|[eE]\+)[0-9]+"
_UNDECLARED_THOUSANDS = r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?"
_UNDECLARED_DECIMAL = r"[+-]?([0-9]{1,3}(\.[0-9]{3})+|[0-9]+),[0-9]+"
# No till recorded a sale of the days of 1900 that stand for an empty cell or a number.
PLAUSIBLE_FROM = date(1990, 1, 1)


@dataclass(frozen=True)
class ReadRules:
    """What the settings say about reading, as plain values.

    ``landed_on`` is the day the delivery landed: rows of a later day are not possible yet.
    ``order_key`` names what tells one order from another. With ``round_amounts`` half_even, money
    of more places than it has is rounded instead of refused. ``rating_scale`` is the scale of
    ratings that do not say theirs.
    """

    order_key: tuple[str, ...]
    currency: str
    time_zone: str
    day_starts_minutes: int
    anonymous_ids: tuple[str, ...]
    landed_on: date
    round_amounts: Literal["half_even"] | None = None
    rating_scale: str = "1-5"

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
            "rating_scale": self.rating_scale,
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
        f"read_csv($path, header = true, skip = {layout.header_line - 1}, auto_detect = false, "
        f"delim = E'{delimiter}', "
        f"quote = '\"', escape = '\"', columns = {{{columns}}}, store_rejects = true, "
        f"rejects_table = '{REJECTS}', rejects_scan = '{REJECTS}_scans', rejects_limit = 0)"
    )


def texts(export: Export, layout: Layout) -> str:
    """Select list: each contract column as trimmed text ``x_<column>``, empty as null.

    Where the file has NUL bytes, ``has_nul`` tells whether the row has one.
    """
    texts = ", ".join(
        f"{values.text(layout, column)} AS x_{column.name}"
        if column.name in layout.places
        else f"NULL::VARCHAR AS x_{column.name}"
        for column in export.columns
    )
    if NUL not in layout.signs:
        return texts
    places = ", ".join(f"c{place}" for place in range(layout.width))
    return f"{texts}, contains(concat_ws('', {places}), chr(0)) AS has_nul"


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
        "WHERE raw_id IS NOT NULL AND NOT list_contains($anonymous_ids, raw_id) "
        # Such an id is refused: it holds lines that a quote has swallowed.
        "AND NOT contains(raw_id, chr(10))"
    )


def good_rows(export: Export, layout: Layout, read: ReadRules, source: str) -> str:
    """SQL of the files' records that break no rule, typed, with ``path``, the file of each."""
    broken = dict.fromkeys(rule.broken for rule in rules(export, layout, read))
    good = " AND ".join(f"coalesce(NOT ({condition}), true)" for condition in broken)
    return f"{_typed_rows(export, layout, read, source, {'path': 'filename'})} WHERE {good}"


def numbered_rows(export: Export, layout: Layout, read: ReadRules, source: str) -> str:
    """SQL of a file's records, typed, counted from 0 in file order as ``record``.

    ``rule`` is the place of the first rule that a record breaks, null for a good one; ``no_data``
    why it is no data at all, such as a total, null for what is.
    """
    broken = " ".join(
        f"WHEN {rule.broken} AND {rule.detail} THEN {place}"
        for place, rule in enumerate(rules(export, layout, read))
    )
    carried = {f"c{place}": f"c{place}" for place in range(layout.width)}
    carried["record"] = "row_number() OVER () - 1"
    rows = _typed_rows(export, layout, read, source, carried)
    return (
        f"SELECT *, CASE WHEN {footers.total_in_id(export, layout)} THEN '{footers.TOTAL_ROW}' "
        f"WHEN rule IS NOT NULL THEN {footers.no_data(export, layout)} END AS no_data "
        f"FROM (SELECT *, CASE {broken} END AS rule FROM ({rows}))"
    )


def _typed_rows(
    export: Export, layout: Layout, read: ReadRules, source: str, carried: dict[str, str]
) -> str:
    """SQL of records as typed columns beside their texts.

    People stand under their pseudonym (``source_<column>``); columns for the vault alone are left
    out. ``carried`` are expressions over the records that go along, by name.
    """
    # The vault may know an id from before it was made anonymous.
    known = "FROM vault.people WHERE NOT list_contains($anonymous_ids, raw_id)"
    joins = " ".join(
        f"LEFT JOIN ({known}) AS p_{column.name} ON p_{column.name}.raw_id = x_{column.name}"
        for column in persons(export, layout)
    )
    typed = ", ".join(
        values.typed(column, layout, read) for column in export.columns if column.role != "vault"
    )
    nul = ["has_nul"] if NUL in layout.signs else []
    kept = ", ".join([*(f"x_{column.name}" for column in export.columns), *nul, *carried])
    given = "".join(f", {expression} AS {name}" for name, expression in carried.items())
    return (
        f"SELECT * FROM (SELECT {values.kept(export)} FROM (SELECT {typed}, {kept} FROM ("
        f"SELECT {texts(export, layout)}{given} FROM {source}) AS texts {joins})) AS typed"
    )


def rules(export: Export, layout: Layout, read: ReadRules) -> list[Rule]:
    """The rules of an export in the order they are tried."""
    return [
        *([Rule("nul_byte", None, "has_nul")] if NUL in layout.signs else []),
        *_missing(export, layout, read.key_of(export)),
        *(
            rule
            for column in export.columns
            if column.name in layout.places
            for rule in (*_spoilt(column, layout), *_losses(column, layout, read))
        ),
        *_of_events(export),
        *_only_transactions(export, layout),
        *_only_feedback(export),
    ]


def _missing(export: Export, layout: Layout, key: tuple[str, ...]) -> Iterable[Rule]:
    for column in export.columns:
        # A file that numbers its lines must number each: the number is part of the key.
        is_key = column.name in key and column.name in layout.places
        if is_key or (column.is_required and not column.is_nullable):
            yield Rule("missing_value", column.name, f"x_{column.name} IS NULL")


def _spoilt(column: Column, layout: Layout) -> Iterable[Rule]:
    """What was made of a text on its way; a text can hold anything, so each has to be asked."""
    given = f"x_{column.name}"
    if column.is_id and QUOTES in layout.signs:
        yield Rule("unclosed_quote", column.name, f"contains({given}, chr(10))")
    if column.kind == "text" and ERRORS in layout.signs:
        yield Rule("error_cell", column.name, f"{given} IN {_ERROR_CELLS}")
    if column.is_id and EXPONENTS in layout.signs:
        yield Rule("damaged_id", column.name, f"regexp_full_match({given}, '{_DAMAGED_ID}')")


def _losses(column: Column, layout: Layout, read: ReadRules) -> Iterable[Rule]:
    given, typed = f"x_{column.name}", f'"{column.name}"'
    lost = f"{given} IS NOT NULL AND {typed} IS NULL"

    def when(reason: str, pattern: str, text: str = given) -> Rule:
        return Rule(reason, column.name, lost, f"regexp_full_match({text}, '{pattern}')")

    if column.kind not in ("text", "prose"):
        yield Rule("error_cell", column.name, lost, f"{given} IN {_ERROR_CELLS}")
    match column.kind:
        case "money" | "quantity" | "score":
            currency = read.currency if column.kind == "money" else None
            plain = cells.plain_number(given, layout, currency)
            most = DIGITS - cells.places_of(column)
            yield when("too_large", f"[+-]?0*[1-9][0-9]{{{most},}}(\\.[0-9]*)?", plain)
            yield when("too_many_places", "[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)", plain)
            if layout.decimal == "." and layout.thousands is None:
                yield when("undeclared_thousands", _UNDECLARED_THOUSANDS, plain)
            if layout.decimal == ".":
                yield when("undeclared_decimal", _UNDECLARED_DECIMAL, plain)
            if currency:
                other = cells.of_another_currency(given, currency)
                yield Rule("wrong_currency", column.name, lost, other)
            yield Rule("not_a_number", column.name, lost)
        case "instant" | "day":
            if not layout.dates:
                yield when("ambiguous_date", cells.DAY_OR_MONTH_FIRST)
            yield Rule("not_a_date", column.name, lost)
        case "flag":
            yield Rule("not_a_flag", column.name, lost)
        case "choice":
            yield Rule("not_a_choice", column.name, lost)
        case "scale":
            yield Rule("not_a_scale", column.name, lost)
        case _:
            return


def _of_events(export: Export) -> Iterable[Rule]:
    if export.is_history:
        at, on = export.happened_at, export.happened_on
        yield Rule("in_the_future", at, f"{on} > $landed_on")
        yield Rule("implausible_date", at, f"{on} < DATE '{PLAUSIBLE_FROM}'")
        for later in export.later_instants:
            yield Rule("in_the_future", later.name, f"{later.day} > $landed_on")
            yield Rule("before_it_happened", later.name, f"{later.name} < {at}")


def _only_transactions(export: Export, layout: Layout) -> Iterable[Rule]:
    if export.name == "transactions" and "currency" in layout.places:
        yield Rule("wrong_currency", "currency", "x_currency <> $currency")


def _only_feedback(export: Export) -> Iterable[Rule]:
    if export.name == "feedback":
        rating = export.column("rating")
        outside = ratings.is_outside(rating.name, values.scale_of(rating))
        yield Rule("outside_scale", rating.name, outside)
        not_nps = f"nps NOT BETWEEN 0 AND {NPS_MAX} OR nps <> floor(nps)"
        yield Rule("not_an_nps", "nps", not_nps)
