"""Who moved between segments and stages, and the money that went along, drawn by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from regulars.expectations.tables import TABLES
from regulars.models.rhythm import fit_rhythm
from regulars.transforms.gaps import gaps
from regulars.transforms.lifecycle import lifecycle
from regulars.transforms.migration import lifecycle_migration, segment_migration
from regulars.transforms.money import MONEY
from regulars.transforms.order_nets import ORDER_NETS
from regulars.transforms.purchases import purchases

MOVES = pl.Schema(
    {
        "customer_id": pl.UInt64(),
        "previous_segment": pl.String(),
        "segment": pl.String(),
        "spend": MONEY,
    }
)
WINDOWS = pl.Schema({"customer_id": pl.UInt64(), "spend_90d": MONEY})
STAGES = pl.Schema({"customer_id": pl.UInt64(), "lifecycle": pl.String()})
BOUGHT = pl.Schema(
    {"customer_id": pl.UInt64(), "orders_n": pl.Int64(), "spend": MONEY, "spend_90d": MONEY}
)


def money(*amounts: str) -> tuple[Decimal, ...]:
    return tuple(Decimal(amount) for amount in amounts)


@pytest.fixture
def moves(drawn):
    return drawn(
        """
        customer_id previous_segment  segment      spend
        1           loyal             champions    10.00
        2           loyal             champions    10.50
        3           loyal             loyal        5.00
        4           loyal             no_purchase  -1.00
        5           not_seen          new          3.00
        """,
        MOVES,
    )


def test_a_move_is_a_share_of_the_segment_it_leaves_and_brings_its_money(drawn, moves):
    now = drawn("customer_id spend_90d\n1 8.00\n2 9.00\n3 0.00\n4 -6.00\n5 3.00", WINDOWS)
    before = drawn("customer_id spend_90d\n1 2.00\n2 1.50\n3 5.00\n4 5.00", WINDOWS)
    table = TABLES["segment_migration"].conformed(segment_migration(moves, now, before))
    assert table.rows() == [
        ("loyal", "champions", 2, 0.5, *money("20.50", "3.50", "17.00")),
        ("loyal", "loyal", 1, 0.25, *money("5.00", "5.00", "0.00")),
        ("loyal", "no_purchase", 1, 0.25, *money("-1.00", "5.00", "-6.00")),
        ("not_seen", "new", 1, 1.0, *money("3.00", "0.00", "3.00")),
    ]


def test_nobody_moves_in_an_empty_table(moves):
    windows = WINDOWS.to_frame()
    empty = segment_migration(moves.clear(), windows, windows)
    assert TABLES["segment_migration"].conformed(empty).height == 0


def test_a_stage_is_told_of_everybody_with_a_line(drawn):
    now = drawn(
        """
        customer_id orders_n spend  spend_90d
        1           3        30.00  10.00
        2           2        20.00  0.00
        3           0        -1.00  -1.00
        4           1        5.00   5.00
        """,
        BOUGHT,
    )
    before = drawn(
        """
        customer_id orders_n spend  spend_90d
        1           2        20.00  20.00
        2           2        20.00  20.00
        3           1        4.00   4.00
        """,
        BOUGHT,
    )
    stages = drawn("customer_id lifecycle\n1 active\n2 lapsed\n3 -\n4 new", STAGES)
    previous = drawn("customer_id lifecycle\n1 active\n2 slowing\n3 new", STAGES)
    table = lifecycle_migration(stages, previous, now, before)
    assert TABLES["lifecycle_migration"].conformed(table).rows() == [
        ("active", "active", 1, 1.0, *money("30.00", "20.00", "10.00")),
        ("new", "no_purchase", 1, 1.0, *money("-1.00", "4.00", "-1.00")),
        ("not_seen", "new", 1, 1.0, *money("5.00", "0.00", "5.00")),
        ("slowing", "lapsed", 1, 1.0, *money("20.00", "20.00", "0.00")),
    ]


def test_where_nobody_came_twice_there_is_no_rhythm_to_hold_them_to(drawn):
    bought = drawn("customer_id orders_n spend spend_90d\n1 1 3.00 3.00", BOUGHT)
    stages = drawn("customer_id lifecycle\n1 -", STAGES)
    table = lifecycle_migration(stages, stages, bought, bought)
    assert table.select("previous_lifecycle", "lifecycle").rows() == [("no_rhythm", "no_rhythm")]


def told(nets: pl.DataFrame, as_of: date) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Purchases and stages of a day, from what was known on it."""
    known = nets.filter(pl.col("ordered_on") <= as_of)
    bought = purchases(known, as_of=as_of)
    members = pl.DataFrame(schema={"customer_id": pl.UInt64, "joined_on": pl.Date})
    stages = lifecycle(
        bought,
        members,
        rhythm=fit_rhythm(gaps(known)),
        chain_first_on=date(2023, 1, 1),
        warm_up_days=60,
    )
    return bought, stages


def test_who_slowed_lapsed_and_came_back_against_their_own_rhythm(drawn):
    # All came every ten days; then 1 went on, 2 and 3 stayed away, 4 came back after a long time.
    weeks = [f"{who} 2024-0{month}-{day} 10.00 yes" for who in (1, 2, 3) for month in (1, 2, 3)
             for day in ("01", "11", "21")]  # fmt: skip
    nets = drawn(
        "\n".join(
            [
                "customer_id ordered_on net is_order",
                *weeks,
                *(f"1 2024-04-{day} 10.00 yes" for day in ("01", "11", "21")),
                "2 2024-04-06 10.00 yes",
                "4 2023-06-01 10.00 yes",
                "4 2023-06-11 10.00 yes",
                "4 2024-04-24 99.00 yes",
                "5 2024-04-24 7.00 yes",
            ]
        ),
        ORDER_NETS,
    )
    now, stages = told(nets, date(2024, 4, 26))
    before, previous = told(nets, date(2024, 3, 29))
    table = lifecycle_migration(stages, previous, now, before)
    moved = {row[:2]: row[2] for row in table.select(
        "previous_lifecycle", "lifecycle", "customers_n").rows()}  # fmt: skip
    assert moved == {
        ("active", "active"): 1,
        ("active", "slowing"): 1,
        ("active", "lapsing"): 1,
        ("lapsed", "reactivated"): 1,
        ("not_seen", "new"): 1,
    }
    (back,) = table.filter(lifecycle="reactivated").to_dicts()
    assert (back["previous_spend_90d"], back["spend_90d"]) == money("0.00", "99.00")
