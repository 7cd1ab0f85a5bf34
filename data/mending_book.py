"""The workbook of refused rows that is handed to those who can mend them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from io import BytesIO
from typing import Any

from regulars.data.mending_rows import SHEET_COLUMNS, FileToMend
from regulars.expectations.mending_sentences import mending_words

_SHEET_LETTERS_MAX = 31
_WIDTHS = {"key": 4, "file": 22, "line": 8, "wrong": 42, "remedy": 42, "give_up": 9, "raw": 60}
_NARROWEST, _WIDEST = 8, 40
_LOOKS: dict[str, dict[str, Any]] = {
    "head": {"bold": True, "bg_color": "#D9D9D9", "bottom": 1},
    "ours": {"bg_color": "#E7E6E6", "text_wrap": True},
    "cell": {},
    "wrong": {"bg_color": "#FFD966"},
    "title": {"bold": True, "font_size": 14},
    "words": {"text_wrap": True},
}


def book(files: Sequence[FileToMend], language: str) -> bytes:
    """An .xlsx with one sheet a file, after a sheet that says what to do. Every cell is text."""
    import xlsxwriter

    content = BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(content, options) as workbook:
        looks = {
            name: workbook.add_format({"num_format": "@", "valign": "top"} | look)
            for name, look in _LOOKS.items()
        }
        first = mending_words("mending.sheet", language)
        _explain(workbook.add_worksheet(first), files, language, looks)
        for name, file in zip(_sheet_names(files, first), files, strict=True):
            _fill(workbook.add_worksheet(name), file, language, looks)
    return content.getvalue()


def header_of(file: FileToMend, language: str) -> list[str]:
    """The names of a sheet's columns."""
    has_raw = any(row.cells is None for row in file.rows)
    ours = SHEET_COLUMNS if has_raw else SHEET_COLUMNS[:-1]
    return [*(mending_words(f"mending.{name}", language) for name in ours), *file.names]


def _fill(sheet: Any, file: FileToMend, language: str, looks: dict[str, Any]) -> None:
    header = header_of(file, language)
    ours_n = len(header) - len(file.names)
    for place, name in enumerate(header):
        sheet.write_string(0, place, name, looks["head"])
    for number, row in enumerate(file.rows, start=1):
        ours = [row.key, file.file, str(row.line), row.sentence, row.remedy, ""]
        for place, text in enumerate(ours):
            sheet.write_string(number, place, text, looks["ours"])
        if ours_n > len(ours):
            look = looks["wrong" if row.cells is None else "cell"]
            sheet.write_string(number, len(ours), "" if row.cells else row.raw, look)
        for place, text in enumerate(row.cells or [""] * len(file.names)):
            look = looks["wrong" if place == row.wrong and row.cells else "cell"]
            sheet.write_string(number, ours_n + place, text, look)
    for place, name in enumerate(SHEET_COLUMNS[:ours_n]):
        sheet.set_column(place, place, _WIDTHS[name], None, {"hidden": name == "key"})
    for place, name in enumerate(file.names):
        longest = max([len(name), *(len(row.cells[place]) for row in file.rows if row.cells)])
        width = min(max(longest + 2, _NARROWEST), _WIDEST)
        sheet.set_column(ours_n + place, ours_n + place, width, looks["cell"])
    sheet.freeze_panes(1, 3)
    sheet.autofilter(0, 0, len(file.rows), len(header) - 1)


def _explain(sheet: Any, files: Sequence[FileToMend], language: str, looks: dict[str, Any]) -> None:
    sheet.set_column(0, 0, 90)
    sheet.set_column(1, 1, 10)
    sheet.write_string(0, 0, mending_words("mending.title", language), looks["title"])
    told = [f"how_{number}" for number in range(1, 7)] + ["private"]
    for number, code in enumerate(told, start=2):
        words = mending_words(f"mending.{code}", language)
        sheet.write_string(number, 0, words, looks["words"])
    start = len(told) + 3
    for place, code in enumerate(("file", "rows")):
        name = mending_words(f"mending.{code}", language).removeprefix("#")
        sheet.write_string(start, place, name, looks["head"])
    for number, file in enumerate(files, start=start + 1):
        sheet.write_string(number, 0, file.file, looks["words"])
        sheet.write_string(number, 1, str(len(file.rows)), looks["words"])


def _sheet_names(files: Sequence[FileToMend], first: str) -> list[str]:
    """File names as sheets may be called, unlike each other whatever their case."""
    taken = {first.casefold(), "history"}  # Excel keeps this one for itself
    names = []
    for file in files:
        plain = re.sub(r"[\[\]:*?/\\\x00-\x1f]", "_", file.file).strip("' ") or "_"
        candidates = (
            f"{plain[: _SHEET_LETTERS_MAX - len(mark)]}{mark}"
            for mark in ("", *(f"~{number}" for number in range(2, len(files) + 3)))
        )
        name = next(name for name in candidates if name.casefold() not in taken)
        taken.add(name.casefold())
        names.append(name)
    return names
