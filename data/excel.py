"""Sheets of workbooks as delimited text: each cell as it is spelled at its shortest.

A workbook holds numbers as doubles, dates as numbers with a format, errors as errors. Integers are
written without a fraction, dates as ISO, an error as the sheet shows it (``#N/A``), and a number
of more digits than Excel keeps, where an id belongs, in scientific notation, so that the rules for
text see all of it.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import NDArray

from regulars.expectations.errors import DataRefused

if TYPE_CHECKING:
    import fastexcel

    from regulars.data.headers import Layout

EXCEL_DIGITS = 15
"""Excel keeps so many digits of a number, and puts zeros for the rest."""
_SHEETS_SHOWN = 10
_ERRORS = {
    "NA": "#N/A",
    "Ref": "#REF!",
    "Div0": "#DIV/0!",
    "Value": "#VALUE!",
    "Name": "#NAME?",
    "Num": "#NUM!",
    "Null": "#NULL!",
}
"""What a sheet shows for each error, by the reader's name for it."""


def head(
    path: Path, sheet: str | None, rows_n: int, section: str, known: Collection[str] = ()
) -> tuple[str, list[list[str]]]:
    """The sheet that is meant and its first rows, as texts without blanks around them.

    ``known`` are names that its columns may have: the sheet with most of them is suggested.

    Raises:
        DataRefused: the workbook is damaged, it has not that sheet, or several and none is named.
    """
    book = _book(path, path.name)
    names = book.sheet_names
    if sheet not in names and len(names) > 1:
        likely = max(names, key=lambda one: _known_n(_first_rows(book, one, rows_n), known))
        names = [likely, *(name for name in names if name != likely)]
    name = _sheet(path.name, names, sheet, section)
    return name, _first_rows(book, name, rows_n)


def _first_rows(book: fastexcel.ExcelReader, sheet: str, rows_n: int) -> list[list[str]]:
    rows = _cells(book, sheet, rows_n=rows_n).fill_null("").rows()
    return [[cell.strip() for cell in row] for row in rows]


def _known_n(rows: list[list[str]], known: Collection[str]) -> int:
    return max((len({*row} & {*known}) for row in rows), default=0)


def converted(
    path: Path, file: str, copy: Path, layout: Layout, ids: list[int], numbers: list[int]
) -> NDArray[np.int64]:
    """Write a sheet's rows below its header into ``copy``; the row numbers of those written.

    Rows without any cell are passed over, as blank lines of a text are. ``ids`` and ``numbers``
    are the places of columns of that kind.
    """
    book = _book(path, file)
    cells = _cells(book, layout.sheet or 0)
    asked = sorted({*ids, *(numbers if layout.decimal != "." else [])})
    if asked:
        # Read as booleans, numbers are there and texts are not.
        typed = book.load_sheet(
            layout.sheet or 0, header_row=None, skip_rows=0, dtypes="boolean"
        ).to_polars()
        cells = cells.with_columns(
            _respelled(
                cells.to_series(place),
                typed.to_series(place).is_not_null(),
                layout,
                is_id=place in ids,
            )
            for place in asked
        )
    rows = (
        cells.with_row_index("row", 1)
        .slice(layout.header_line)
        .filter(pl.any_horizontal(pl.exclude("row").is_not_null()))
    )
    with copy.open("wb") as target:
        pl.DataFrame(schema=[f"c{n}" for n in range(layout.width)]).write_csv(target)
        rows.drop("row").write_csv(
            target,
            include_header=False,
            quote_style="always" if layout.width == 1 else "necessary",
        )
    return rows["row"].cast(pl.Int64).to_numpy()


def _respelled(texts: pl.Series, is_number: pl.Series, layout: Layout, *, is_id: bool) -> pl.Series:
    text = pl.col("text")
    digits = text.str.extract(r"^-?(\d+)$", 1)
    beyond = pl.format(
        "{}.{}E+{}", digits.str.slice(0, 1), digits.str.slice(1, 5), digits.str.len_chars() - 1
    )
    shown = (
        pl.when(digits.str.len_chars() > EXCEL_DIGITS).then(beyond).otherwise(text)
        if is_id
        else text.str.replace(".", layout.decimal, literal=True)
    )
    return (
        pl.DataFrame({"text": texts, "is_number": is_number})
        .select(pl.when("is_number").then(shown).otherwise(text))
        .to_series()
        .alias(texts.name)
    )


def _book(path: Path, file: str) -> fastexcel.ExcelReader:
    import fastexcel

    try:
        return fastexcel.read_excel(path.read_bytes())
    except fastexcel.FastExcelError as error:
        raise _damaged(file) from error


def _cells(
    book: fastexcel.ExcelReader, sheet: str | int, rows_n: int | None = None
) -> pl.DataFrame:
    """A sheet's cells as texts, from its first row and column on."""
    loaded = book.load_sheet(sheet, header_row=None, skip_rows=0, n_rows=rows_n, dtypes="string")
    batch, errors = loaded.to_arrow_with_errors()
    cells = pl.DataFrame(pl.from_arrow(batch))
    if errors is None or not errors.errors:
        return cells
    found: dict[int, dict[int, str]] = {}
    for error in errors.errors:
        row, column = error.position
        name = error.detail.rpartition("Error(")[2].partition(")")[0]
        found.setdefault(column, {})[row] = _ERRORS.get(name, "#ERROR!")
    return cells.with_columns(
        cells.to_series(column).scatter(list(shown), list(shown.values()))
        for column, shown in found.items()
    )


def _sheet(file: str, names: list[str], sheet: str | None, section: str) -> str:
    if sheet is None and len(names) == 1:
        return names[0]
    if sheet in names:
        return str(sheet)
    shown = ", ".join(repr(name) for name in names[:_SHEETS_SHOWN])
    raise DataRefused(
        f"{file}: which of its sheets is meant is not said"
        if sheet is None
        else f"{file}: no sheet {sheet!r}",
        expected="one sheet, or its name in settings",
        found=f"{len(names)} sheets: {shown}",
        left="nothing of this delivery was loaded; the last publication is untouched",
        next_step=f"in regulars.toml, under [{section}], write: sheet = "
        f'"{names[0] if names else "name of the sheet"}"',
    )


def _damaged(file: str) -> DataRefused:
    return DataRefused(
        f"{file}: the workbook cannot be read",
        expected="a whole .xlsx or .xls without a password",
        found="a file that is cut short, damaged, locked or no workbook",
        left="nothing of this delivery was loaded; the last publication is untouched",
        next_step="wait for it if it is still uploading; open it in Excel and save it again",
    )
