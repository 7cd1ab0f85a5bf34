"""A table that is published: its contract, its key, and a frame brought to it."""

from __future__ import annotations

from dataclasses import dataclass

import dataframely as dy
import polars as pl

from regulars.expectations.errors import Failed


@dataclass(frozen=True)
class Table:
    """One table that is published, its key and how its rows are ordered.

    ``key`` may hold nulls (a store that is not known is a store of its own). Rows are sorted by
    the key. ``names_files`` marks tables outside the law of equal bytes: they may name files and
    recorded instants, or follow from them.
    """

    name: str
    schema: type[dy.Schema]
    key: tuple[str, ...]
    grain_en: str
    grain_zh: str
    names_files: bool = False

    def conformed(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The frame with the contract's columns, order and types, sorted by the key.

        Raises:
            Failed: a column is missing, a cast would lose something, a rule of the contract is
                broken or a key is not unique. It is a fault of the program, not of the data.
        """
        missing = [name for name in self.schema.column_names() if name not in frame.columns]
        if missing:
            raise self._broken(f"no column {', '.join(missing)}")
        try:
            conformed = self.schema.validate(frame.select(self.schema.column_names()), cast=True)
        except (dy.exc.ValidationError, dy.exc.SchemaError, pl.exceptions.PolarsError) as error:
            raise self._broken(str(error)) from error
        if conformed.select(pl.struct(self.key).is_duplicated().any()).item():
            raise self._broken(f"two rows with one key ({', '.join(self.key)})")
        return conformed.sort(self.key, nulls_last=True)

    def _broken(self, found: str) -> Failed:
        return Failed(
            f"table {self.name} breaks its contract",
            expected=f"one row a {self.grain_en}, columns as in expectations/tables.py",
            found=found,
            left="nothing was published; the last publication is untouched",
            next_step="report this: it is a fault of regulars, not of the data",
        )
