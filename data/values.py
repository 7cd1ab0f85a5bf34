"""SQL that makes typed columns of the texts of a row, and of those what is kept beside them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from regulars.data import cells, masking, ratings
from regulars.data.headers import Layout
from regulars.expectations.exports import NUMBERS, Column, Export

if TYPE_CHECKING:
    from regulars.data.reading import ReadRules

PROSE_LETTERS_MAX = 4000
"""What is kept of a text that somebody wrote: several pages. ``landing/`` has all of it."""


def text(layout: Layout, column: Column) -> str:
    """A column's field as it is read: trimmed, without unseen signs where it is somebody's text."""
    given = cells.field(layout, column.name)
    if column.role == "masked":
        return masking.cleaned(given)
    return ratings.without_unit(given) if column.kind == "score" else given


def typed(column: Column, layout: Layout, read: ReadRules) -> str:
    """A column's value, or the pseudonym of whom it names, under its name in the warehouse."""
    given, name = f"x_{column.name}", column.name
    if column.role == "person":
        pseudonym = f"p_{name}.customer_id" if name in layout.places else "NULL::UBIGINT"
        return f"{pseudonym} AS source_{name}"
    return f'{_value(column, given, layout, read)} AS "{name}"'


def _value(column: Column, given: str, layout: Layout, read: ReadRules) -> str:
    if column.kind in NUMBERS:
        is_rounded = read.round_amounts == "half_even"
        return cells.number(given, column, layout, currency=read.currency, is_rounded=is_rounded)
    if column.role == "masked":
        own_id = "x_customer_id" if "customer_id" in layout.places else None
        return masking.masked(given, own_id)
    match column.kind:
        case "instant" | "day":
            return (cells.instant if column.kind == "instant" else cells.day)(given, layout)
        case "flag" | "scale":
            return (cells.flag if column.kind == "flag" else ratings.scale)(given)
        case "choice":
            return cells.choice(given, column)
        case _:
            return given


def kept(export: Export) -> str:
    """Select list: the typed columns as they are stored, and what is made of them beside them."""
    # Cut after masking: no half of a number is left at the end.
    cut = [
        f'left("{column.name}", {PROSE_LETTERS_MAX}) AS "{column.name}"'
        for column in export.columns
        if column.kind == "prose"
    ]
    whole = f"* REPLACE ({', '.join(cut)})" if cut else "*"
    return ", ".join([whole, *_beside(export)])


def _beside(export: Export) -> Iterable[str]:
    for column in export.columns:
        match column.kind:
            case "instant" if export.is_history:
                # The date at the till, shifted by when the chain's day starts.
                shifted = f"{column.name} - to_minutes($day_starts_minutes)"
                yield f"CAST({shifted} AS DATE) AS {column.day}"
            case "score":
                yield f"{ratings.of_five(column.name, scale_of(column))} AS {column.of_five}"
            case "prose":
                yield f'length("{column.name}") > {PROSE_LETTERS_MAX} AS {column.is_cut}'
            case _:
                continue


def scale_of(column: Column) -> str:
    """The scale of a score: its row's, or that of the settings."""
    return f"coalesce({column.name}_scale, $rating_scale)"
