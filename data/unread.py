"""Records that could not become rows at all, as they are told before any rule is asked."""

from __future__ import annotations

import polars as pl

NESTED_VALUE = "nested_value"
WHOLE_ROW = "invalid_row"
UNCLOSED_QUOTE = "unclosed_quote"

UNREAD_SCHEMA = pl.Schema(
    {"line": pl.Int64, "column": pl.String, "reason": pl.String, "raw": pl.String}
)
