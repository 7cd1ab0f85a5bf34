"""Small tables drawn as text, filled up to their contracts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from regulars.expectations.tables import TABLES
from regulars.reports.facts import RunFacts

Draw = Callable[..., Mapping[str, pl.DataFrame]]

SEGMENT_CODES = (
    "champions",
    "loyal",
    "potential_loyalist",
    "new",
    "promising",
    "need_attention",
    "about_to_sleep",
    "at_risk",
    "cant_lose",
    "hibernating",
)


def _drawn(name: str, text: str) -> pl.DataFrame:
    schema = TABLES[name].schema
    header, *lines = [line.split() for line in text.strip().splitlines()]
    cells = pl.DataFrame(
        {
            column: pl.Series(
                [None if line[at] == "-" else line[at] for line in lines], dtype=pl.String
            )
            for at, column in enumerate(header)
        }
    )
    return cells.select(
        _filled(column, dtype.dtype, dtype.nullable, column in header, cells.height)
        for column, dtype in schema.columns().items()
    ).select(schema.column_names())


def _filled(
    name: str, dtype: Any, is_nullable: bool, is_drawn: bool, height: int
) -> pl.Expr | pl.Series:
    if is_drawn and dtype == pl.Boolean:
        return pl.col(name) == "yes"
    if is_drawn and dtype == pl.Datetime:
        return pl.col(name).str.to_datetime("%Y-%m-%d", time_unit="us")
    if is_drawn:
        return pl.col(name).str.to_date() if dtype == pl.Date else pl.col(name).cast(dtype)
    blank: Any = None
    if not is_nullable:
        blank = {pl.String: "", pl.Boolean: False, pl.Date: date(2020, 1, 1)}.get(dtype, 0)
    return pl.Series(name, [blank] * height, dtype=pl.Int64 if blank == 0 else None).cast(dtype)


@pytest.fixture
def draw() -> Draw:
    """The eight tables: those drawn, the others empty as their contracts say."""

    def drawn(**texts: str) -> dict[str, pl.DataFrame]:
        return {
            name: _drawn(name, texts[name]) if name in texts else table.schema.create_empty()
            for name, table in TABLES.items()
        }

    return drawn


@pytest.fixture
def facts() -> RunFacts:
    return RunFacts(
        chain_name="Corner Shops",
        currency="USD",
        time_zone="America/New_York",
        language="en",
        as_of=date(2017, 3, 31),
        compare_on=date(2017, 3, 3),
        compare_days=28,
        run_id="r1_0123456789abcdef",
        contract_version="1",
        package_version="0.1.0",
        segment_codes=SEGMENT_CODES,
        chain_first_on=date(2017, 1, 1),
        cut_points={
            "recency_days": (3, 9, 20, 45),
            "orders_n": (2, 4, 8, 16),
            "spend": (Decimal("10.50"), Decimal("20.00"), Decimal("40.00"), Decimal("80.125")),
        },
    )


@pytest.fixture
def chain(draw: Draw) -> Mapping[str, pl.DataFrame]:
    """A small chain with something in every table."""
    return draw(
        segments="""
            segment      customers_n customers_share spend     spend_share previous_customers_n
            hibernating  60          0.3             1000.00   0.02        30
            champions    100         0.5             45000.00  0.90        120
            at_risk      40          0.2             4000.00   0.08        50
            no_purchase  0           0               0         0           0
        """,
        segment_migration="""
            previous_segment segment     customers_n customers_share spend
            champions        champions   86          0.7167          43222.23
            champions        at_risk     7           0.0583          1777.77
            champions        hibernating 27          0.225           500.00
            at_risk          at_risk     31          0.62            2111.11
            at_risk          champions   8           0.16            1388.88
            at_risk          hibernating 11          0.22            300.00
            hibernating      hibernating 22          0.7333          200.00
            hibernating      champions   6           0.2             388.89
            hibernating      at_risk     2           0.0667          111.12
        """,
        customers="\n".join(
            ["customer_id segment previous_segment lifecycle value_type spend"]
            + [f"c1_{n:016x} champions champions active key_value 10.00" for n in range(30)]
            + [f"c1_{n:016x} champions champions slowing general_value 5.00" for n in range(30, 42)]
            + [f"c1_{n:016x} at_risk champions lapsed key_retain 654.32" for n in range(42, 46)]
            + ["c1_ffff no_purchase not_seen - - 0"]
        ),
        cohorts="""
            cohort      month      months_since_n customers_n active_n retention_share is_partial
            before_data 2017-01-01 -              120         100      0.8333          no
            before_data 2017-02-01 -              120         90       0.75            no
            before_data 2017-03-01 -              120         4        0.0333          no
            2017-02     2017-02-01 0              50          50       1               no
            2017-02     2017-03-01 1              50          20       0.4             no
            2017-03     2017-03-01 0              30          30       1               no
        """,
        sales="""
            sold_on    store_id channel category gross   returns net
            2017-01-05 s1       -       -        100.00  0       100.00
            2017-01-09 s2       till    dairy    50.00   -10.00  40.00
            2017-03-02 s1       -       -        210.00  0       210.00
        """,
        loads="""
            load_id delivery_id export       file  rows_n accepted_n quarantined_n delivered_at
            1       1           transactions a.csv 100    95         5             2017-04-01
            2       1           customers    b.csv 10     10         0             2017-04-01
            3       2           transactions c.csv 100    98         2             2017-04-02
        """,
        quarantine_summary="""
            load_id export       file  reason         column rows_n first_line
            1       transactions a.csv not_a_number   amount 3      17
            1       transactions a.csv unclosed_quote -      2      40
            3       transactions c.csv not_a_number   amount 2      9
        """,
    )
