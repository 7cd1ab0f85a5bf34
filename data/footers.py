"""Rows that are no data: totals, repeated headers, rows of nothing. They are skipped and told.

Nearly all of them break a rule, so they cost nothing until a row is refused. A total that is
complete is told by the word in the place of an id.
"""

from __future__ import annotations

import duckdb
import polars as pl

from regulars.data.cells import quoted, trimmed
from regulars.data.headers import Layout
from regulars.expectations.exports import Export

TOTAL_ROW = "total_row"
REPEATED_HEADER = "repeated_header"
BLANK_ROW = "blank_row"
PREAMBLE = "preamble"

_WORDS = (
    "合计",
    "小计",
    "总计",
    "本页小计",
    "本页合计",
    "total",
    "subtotal",
    "sub total",
    "grand total",
)
_WORDS_PATTERN = "合 *计|小 *计|总 *计|本页小计|本页合计|(sub|grand)?[ -]?totals?"
_SPELLED = tuple(
    f"{form}{colon}"
    for word in _WORDS
    for form in dict.fromkeys((word, word.capitalize(), word.title(), word.upper()))
    for colon in ("", ":", "：")
)
_IDS_AS_TOTALS = ", ".join(quoted(word) for word in _SPELLED)


def id_columns(export: Export, layout: Layout) -> list[str]:
    """The columns of the file that hold ids."""
    return [
        column.name for column in export.columns if column.is_id and column.name in layout.places
    ]


def total_in_id(export: Export, layout: Layout) -> str:
    """SQL over the texts of a row: whether an id is the word for a total."""
    ids = [
        f"coalesce(x_{name} IN ({_IDS_AS_TOTALS}), false)" for name in id_columns(export, layout)
    ]
    return " OR ".join(ids) or "false"


def no_data(export: Export, layout: Layout) -> str:
    """SQL over the cells of a refused row: why it is no data, or null."""
    cells = [trimmed(layout, f"c{place}") for place in range(layout.width)]
    is_blank = " AND ".join(f"{cell} IS NULL" for cell in cells)
    is_header = " AND ".join(
        f"{cells[place]} IS NOT DISTINCT FROM {quoted(layout.names[place])}"
        for place in layout.places.values()
    )
    # A brand may be called Total: where free text stands, the word means nothing.
    typed = [
        f"x_{column.name}"
        for column in export.columns
        if column.name in layout.places and not column.is_free_text
    ]
    is_total = " OR ".join(
        f"coalesce(regexp_full_match(lower({cell}), '({_WORDS_PATTERN}) *[:：]?'), false)"
        for cell in [*typed, f"coalesce({', '.join(cells)})"]
    )
    return (
        f"CASE WHEN {is_blank} THEN '{BLANK_ROW}' WHEN {is_header} THEN '{REPEATED_HEADER}' "
        f"WHEN {is_total} THEN '{TOTAL_ROW}' END"
    )


def no_data_of_lines(raw: pl.Expr) -> pl.Expr:
    """Why a line that could not be split into the header's columns is no data, or null."""
    edge = r'[\s,;|"]*'
    return (
        pl.when(raw.str.contains(rf"^{edge}$"))
        .then(pl.lit(BLANK_ROW))
        .when(raw.str.contains(rf'(?i)^{edge}({_WORDS_PATTERN}) *[:：]?"?\s*([,;|\t]|$)'))
        .then(pl.lit(TOTAL_ROW))
    )


def take_out_totals(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    export: Export,
    layout: Layout,
    first_load_id: int,
) -> None:
    """Take rows out of what was just added whose id is the word for a total.

    Asked of the stored column, whose least and greatest values are known, it costs nothing.
    """
    for name in id_columns(export, layout):
        column, words = f'"{name}"', _IDS_AS_TOTALS
        if export.column(name).role == "person":
            column = f"source_{name}"
            words = f"SELECT customer_id FROM vault.people WHERE raw_id IN ({_IDS_AS_TOTALS})"
            if not connection.execute(words).fetchall():
                continue
        where = f"load_id >= $1 AND {column} IN ({words})"
        found = f"SELECT 1 FROM {table} WHERE {where} LIMIT 1"
        if connection.execute(found, [first_load_id]).fetchall():
            connection.execute(f"DELETE FROM {table} WHERE {where}", [first_load_id])
