from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from regulars.transforms.pseudonyms import spelled

BITS = st.integers(0, 2**64 - 1)


def spellings(ids: list[int | None]) -> list[str | None]:
    frame = pl.DataFrame({"customer_id": ids}, schema={"customer_id": pl.UInt64})
    return frame.select(spelled(pl.col("customer_id"))).to_series().to_list()


@given(st.lists(BITS))
def test_a_pseudonym_is_spelled_as_16_hex_digits(ids):
    assert spellings(ids) == [f"c1_{number:016x}" for number in ids]


@given(st.lists(BITS))
def test_spellings_sort_as_the_numbers_do(ids):
    assert sorted(spellings(ids)) == spellings(sorted(ids))


def test_no_customer_has_no_spelling():
    assert spellings([None, 0]) == [None, "c1_0000000000000000"]


def test_the_column_keeps_its_name():
    frame = pl.DataFrame(
        {"customer_id": [1], "spend": [2]}, schema_overrides={"customer_id": pl.UInt64}
    )
    assert frame.with_columns(spelled(pl.col("customer_id"))).columns == ["customer_id", "spend"]
