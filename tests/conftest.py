"""Tables drawn in the tests: words in columns, `-` for null."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest

Draw = Callable[[str, pl.Schema], pl.DataFrame]


@pytest.fixture(scope="session")
def drawn() -> Draw:
    def draw(text: str, schema: pl.Schema) -> pl.DataFrame:
        header, *rows = [line.split() for line in text.strip().splitlines()]
        as_text = pl.DataFrame(
            [[None if word == "-" else word for word in row] for row in rows],
            schema=dict.fromkeys(header, pl.String),
            orient="row",
        )
        return as_text.select(_read(name, schema[name]) for name in header)

    return draw


def _read(name: str, dtype: pl.DataType) -> pl.Expr:
    if dtype == pl.Boolean:
        return pl.col(name).replace_strict({"yes": True, "no": False}, return_dtype=pl.Boolean)
    if dtype == pl.Date:
        return pl.col(name).str.to_date()
    return pl.col(name).cast(dtype)
