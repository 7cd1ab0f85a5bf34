"""A landed file as what is read of it: UTF-8 delimited text with one header."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from regulars.data.headers import Layout
from regulars.data.records import Records, records_of
from regulars.data.unread import UNREAD_SCHEMA


@dataclass(frozen=True)
class Text:
    """The text of a file, which may be its own bytes, and how it is laid out.

    ``rows_n`` is how many rows the file has if none takes several lines or none. ``lines`` are the
    lines (rows of a sheet) of the file that its records come from, null where its lines are the
    file's own. ``split`` tells where its records stand when they had to be told apart one by one.
    ``unread`` (``UNREAD_SCHEMA``) are lines of the file that are not in it.
    """

    path: Path
    layout: Layout
    rows_n: int
    lines: NDArray[np.int64] | None = None
    split: Records | None = None
    unread: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=UNREAD_SCHEMA))

    @property
    def may_be_tangled(self) -> bool:
        """Whether its records, as line ends and quotes tell them, may be others than were meant."""
        return self.split is None and self.lines is None

    def records(self) -> Records:
        """Where its records stand, with their lines in the file."""
        if self.split is not None:
            return self.split
        records = records_of(self.path, self.layout.header_line)
        if self.lines is None or len(self.lines) != len(records):
            return records
        return replace(records, lines=self.lines)


class Tangled(Exception):
    """Records of these files (by digest) are not told apart by line ends and quotes alone."""

    def __init__(self, digests: set[str]) -> None:
        super().__init__()
        self.digests = digests
