"""Whether a row names somebody, and the row without that person."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

from regulars.data.headers import Layout
from regulars.data.splicing import cells_of, record_of

# In a row that cannot be split, a shorter text is as likely an amount as somebody's id; what
# stands in the column of the id counts whatever its length.
DISTINCTIVE_LENGTH = 6

Role = Literal["own", "referred"]
_BOUNDARIES = re.compile(r"""[\s,;|"']+""")


def without(record: str, layout: Layout, ids: set[str], *, known_as: Role | None) -> str | None:
    """A row without the people who have these ids; null where it names none of them.

    It is empty where one of them is the row's customer, ``own``; where one is ``referred`` to,
    that cell is. A row of which that is not known was refused: in it everything counts that may be
    an id, since what it holds may stand anywhere.
    """
    cells = cells_of(record, layout)
    place, referrer = layout.places["customer_id"], layout.places.get("referrer_id")
    at_place = (cells or _cells(record, layout))[place : place + 1]
    if known_as == "own" or any(_plain(cell) in ids for cell in at_place):
        return ""
    if cells and referrer is not None and (known_as or _plain(cells[referrer]) in ids):
        return record_of([*cells[:referrer], "", *cells[referrer + 1 :]], layout)
    is_anywhere = not _distinctive(ids).isdisjoint(_tokens(record, layout))
    return "" if known_as or is_anywhere else None


def _tokens(record: str, layout: Layout) -> set[str]:
    """Whatever in a row may be an id: its cells, and the words in them."""
    return {*_BOUNDARIES.split(_plain(record)), *_cells(record, layout)}


def _cells(record: str, layout: Layout) -> list[str]:
    return [_plain(cell).strip(' "') for cell in record.split(layout.delimiter)]


def _distinctive(ids: set[str]) -> set[str]:
    return {one for one in ids if len(one) >= DISTINCTIVE_LENGTH}


def _plain(cell: str) -> str:
    return unicodedata.normalize("NFKC", cell).strip()
