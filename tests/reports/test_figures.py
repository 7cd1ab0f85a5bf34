from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import polars as pl
import pytest

from regulars.reports.facts import RunFacts
from regulars.reports.figures import Figures, figures
from regulars.reports.intake import intake
from regulars.reports.trade import Month

Tables = Mapping[str, pl.DataFrame]
Draw = Callable[..., Tables]


@pytest.fixture
def small_chain(chain: Tables, facts: RunFacts) -> Figures:
    return figures(chain, facts)


def test_segments_run_from_the_strongest_to_the_weakest(small_chain: Figures) -> None:
    assert [(row.segment, row.customers_n, row.change_n) for row in small_chain.segments] == [
        ("champions", 100, -20),
        ("at_risk", 40, -10),
        ("hibernating", 60, 30),
    ]


def test_totals_are_those_of_the_table_segments(small_chain: Figures) -> None:
    assert (small_chain.customers_n, small_chain.spend) == (200, Decimal("50000.00"))


def test_a_small_segment_is_hidden_with_the_next_that_would_give_it_away(
    draw: Draw, facts: RunFacts
) -> None:
    tables = draw(
        segments="""
            segment   customers_n spend  previous_customers_n
            champions 100         900.00 104
            loyal     30          300.00 9
            new       20          200.00 25
            at_risk   6           60.00  6
        """
    )
    found = figures(tables, facts)
    assert [
        (row.segment, row.customers_n, row.change_n, row.is_small) for row in found.segments
    ] == [
        ("champions", 100, -4, False),
        ("loyal", 30, None, False),
        ("new", None, None, False),
        ("at_risk", None, None, True),
    ]
    assert {(row.spend, row.orders_mean) for row in found.segments[2:]} == {(None, None)}
    assert (found.customers_n, found.spend) == (156, Decimal("1460.00"))


def test_few_without_a_purchase_are_in_no_total(draw: Draw, facts: RunFacts) -> None:
    """All buyers are counted in a headline: a total with the few would give them away."""

    def told(n: int) -> Figures:
        return figures(
            draw(
                segments=f"""
                    segment     customers_n spend
                    champions   100         900.00
                    no_purchase {n}         -5.00
                """
            ),
            facts,
        )

    assert told(3) == told(9)
    assert (told(9).customers_n, told(10).customers_n) == (100, 110)
    assert [row.segment for row in told(10).segments] == ["champions", "no_purchase"]


def test_moves_do_not_add_up_to_a_segment_that_is_hidden_to_guard_another(
    draw: Draw, facts: RunFacts
) -> None:
    tables = draw(
        segments="""
            segment   customers_n spend  previous_customers_n
            champions 60          900.00 66
            loyal     40          300.00 70
            new       30          300.00 0
            at_risk   6           60.00  0
        """,
        segment_migration="""
            previous_segment segment   customers_n customers_share spend
            champions        champions 60          0.91            1
            champions        at_risk   6           0.09            1
            loyal            loyal     40          0.57            1
            loyal            new       30          0.43            1
        """,
    )
    found = figures(tables, facts)
    [new] = [row for row in found.segments if row.segment == "new"]
    assert (new.customers_n, new.is_small) == (None, False)
    [move] = [
        move
        for row in found.migration.rows
        for move in row
        if (move.previous, move.current) == ("loyal", "new")
    ]
    assert (move.customers_n, move.share, move.is_small) == (None, None, False)


def test_a_segment_the_rules_do_not_list_is_not_lost(draw: Draw, facts: RunFacts) -> None:
    tables = draw(segments="segment customers_n spend\nvip 5 10.00\nloyal 7 1.00")
    assert {row.segment for row in figures(tables, facts).segments} == {"vip", "loyal"}


def test_small_moves_are_hidden_with_those_that_would_give_them_away(small_chain: Figures) -> None:
    assert [
        [
            move.customers_n if not move.is_hidden else "<10" if move.is_small else "*"
            for move in row
        ]
        for row in small_chain.migration.rows
    ] == [
        [86, "<10", "*"],
        ["<10", "*", "*"],
        ["<10", "<10", "*"],
    ]


def test_a_hidden_move_has_no_number_at_all(small_chain: Figures) -> None:
    hidden = [move for row in small_chain.migration.rows for move in row if move.is_hidden]
    assert {(move.customers_n, move.share, move.spend) for move in hidden} == {(None, None, None)}


def test_moves_down_and_up_add_up_to_flows(small_chain: Figures) -> None:
    moves = small_chain.migration
    assert (moves.slipped.customers_n, moves.slipped.spend) == (45, Decimal("2577.77"))
    assert (moves.climbed.customers_n, moves.climbed.spend) == (16, Decimal("1888.89"))
    assert moves.joined.customers_n == 0


def test_a_flow_of_few_has_no_numbers(draw: Draw, facts: RunFacts) -> None:
    tables = draw(
        segment_migration="""
            previous_segment segment   customers_n customers_share spend
            not_seen         new       9           1               99.00
            champions        champions 50          1               9.00
        """
    )
    joined = figures(tables, facts).migration.joined
    assert (joined.customers_n, joined.spend) == (None, None)


def test_the_total_of_those_who_slipped_gives_no_small_move_away(
    draw: Draw, facts: RunFacts
) -> None:
    tables = draw(
        segment_migration="""
            previous_segment segment   customers_n customers_share spend
            champions        champions 50          0.3             1
            champions        loyal     100         0.6             1
            champions        at_risk   5           0.1             1
            at_risk          at_risk   12          1               1
        """
    )
    moves = figures(tables, facts).migration
    assert moves.slipped.customers_n == 105
    # Its row has the 50 and its column the 12 to protect the 5; among those who slipped only
    # the 100 can.
    assert [[move.customers_n for move in row] for row in moves.rows] == [
        [None, None, None],
        [0, 0, None],
    ]


def test_the_biggest_moves_are_the_visible_changes_of_segment(draw: Draw, facts: RunFacts) -> None:
    tables = draw(
        segment_migration="""
            previous_segment segment     customers_n customers_share spend
            champions        champions   900         0.9             1
            champions        loyal       100         0.1             1
            loyal            champions   300         0.5             1
            loyal            no_purchase 300         0.5             1
            not_seen         champions   800         1               1
        """
    )
    assert [
        (move.previous, move.current, move.direction)
        for move in figures(tables, facts).migration.biggest
    ] == [
        ("loyal", "champions", "up"),
        ("loyal", "no_purchase", "down"),
        ("champions", "loyal", "down"),
    ]


def test_stages_are_counted_among_customers_that_have_one(small_chain: Figures) -> None:
    assert [(group.code, group.customers_n, group.is_small) for group in small_chain.lifecycle] == [
        ("new", 0, False),
        ("active", 30, False),
        ("slowing", None, False),
        ("lapsing", 0, False),
        ("lapsed", None, True),
        ("reactivated", 0, False),
    ]
    active = small_chain.lifecycle[1]
    assert (active.customers_share, active.spend) == (30 / 46, Decimal("300.00"))


def test_a_month_without_a_sale_is_a_month_of_zero_and_one_under_way_is_marked(
    chain: Tables, facts: RunFacts
) -> None:
    early = replace(facts, as_of=date(2017, 3, 30), chain_first_on=date(2017, 1, 5))
    assert figures(chain, early).months == (
        Month(date(2017, 1, 1), Decimal("150.00"), Decimal("-10.00"), Decimal("140.00"), True),
        Month(date(2017, 2, 1), Decimal("0.00"), Decimal("0.00"), Decimal("0.00"), False),
        Month(date(2017, 3, 1), Decimal("210.00"), Decimal("0.00"), Decimal("210.00"), True),
    )


def test_a_month_that_ends_on_the_day_is_whole(small_chain: Figures) -> None:
    assert [month.is_partial for month in small_chain.months] == [False, False, False]


def test_retention_is_the_share_active_by_months_since(small_chain: Figures) -> None:
    assert small_chain.retention.months_since == (0, 1)
    assert [
        (cohort.first, cohort.customers_n, [cell and cell.share for cell in cohort.cells])
        for cohort in small_chain.retention.cohorts
    ] == [("2017-02", 50, [1.0, 0.4]), ("2017-03", 30, [1.0, None])]


def test_customers_from_before_the_data_stand_apart_with_small_months_hidden(
    small_chain: Figures,
) -> None:
    before = small_chain.retention.before_data
    assert before is not None
    assert (before.customers_n, [cell and cell.share for cell in before.cells]) == (
        120,
        [100 / 120, 0.75, None],
    )


def _years(size: int) -> str:
    months = [date(2014 + at // 12, at % 12 + 1, 1) for at in range(36)]
    return "\n".join(
        ["cohort month months_since_n customers_n active_n retention_share is_partial"]
        + [
            f"{first:%Y-%m} {month} {age} {size} {20 if age else size} 0.5 no"
            for at, first in enumerate(months)
            for age, month in enumerate(months[at:])
        ]
    )


def test_three_years_of_cohorts_are_the_last_thirteen_and_one_of_the_rest(
    draw: Draw, facts: RunFacts
) -> None:
    retention = figures(draw(cohorts=_years(40)), facts).retention
    earlier, *singly = retention.cohorts
    assert (earlier.first, earlier.last, earlier.cohorts_n) == ("2014-01", "2015-11", 23)
    assert (earlier.customers_n, earlier.cells[5] and earlier.cells[5].share) == (23 * 40, 0.5)
    assert [cohort.first for cohort in singly][:2] == ["2015-12", "2016-01"]
    assert retention.months_since == tuple(range(13))


def test_a_small_cohort_shows_neither_its_size_nor_a_share(draw: Draw, facts: RunFacts) -> None:
    retention = figures(draw(cohorts=_years(9)), facts).retention
    single = retention.cohorts[1]
    assert (single.customers_n, single.is_small) == (None, True)
    assert {cell and cell.share for cell in single.cells} == {None}


def test_files_add_up_by_export_and_reasons_name_the_worst_file(small_chain: Figures) -> None:
    came_in = small_chain.intake
    assert [(row.export, row.files_n, row.rows_n) for row in came_in.exports] == [
        ("customers", 1, 10),
        ("transactions", 2, 200),
    ]
    assert (came_in.total.rows_n, came_in.total.accepted_n, came_in.total.quarantined_n) == (
        210,
        203,
        7,
    )
    assert [
        (row.reason, row.column, row.rows_n, row.files_n, row.worst_file, row.worst_first_line)
        for row in came_in.refusals
    ] == [
        ("not_a_number", "amount", 5, 2, "a.csv", 17),
        ("unclosed_quote", None, 2, 1, "a.csv", 40),
    ]
    assert [(file.file, file.quarantined_share) for file in came_in.worst_files] == [
        ("a.csv", 0.05),
        ("c.csv", 0.02),
    ]


def test_a_file_that_was_delivered_again_stands_behind_those_to_act_on(draw: Draw) -> None:
    came_in = intake(
        draw(
            loads="""
                load_id export       file  rows_n quarantined_n delivered_at
                1       transactions a.csv 100    9             2017-04-01
                2       transactions b.csv 100    2             2017-04-01
                3       transactions a.csv 100    0             2017-04-03
            """
        )["loads"],
        draw(
            quarantine_summary="""
                load_id export       file  reason       column rows_n first_line
                1       transactions a.csv not_a_number amount 9      17
                2       transactions b.csv not_a_number amount 2      40
            """
        )["quarantine_summary"],
    )
    assert [(file.file, file.superseded_at) for file in came_in.worst_files] == [
        ("b.csv", None),
        ("a.csv", datetime(2017, 4, 3)),
    ]
    assert [(row.rows_n, row.superseded_n, row.worst_file) for row in came_in.refusals] == [
        (11, 9, "b.csv")
    ]


def test_any_later_delivery_of_a_list_is_the_list(draw: Draw) -> None:
    loads = draw(
        loads="""
            load_id export       file  rows_n quarantined_n delivered_at
            1       products     p.csv 100    9             2017-04-01
            2       products     q.csv 100    2             2017-04-02
            3       transactions r.csv 100    3             2017-04-01
            4       transactions s.csv 100    1             2017-04-02
        """
    )["loads"]
    worst = intake(loads, draw()["quarantine_summary"]).worst_files
    assert [(file.file, file.superseded_at) for file in worst] == [
        ("r.csv", None),
        ("q.csv", None),
        ("s.csv", None),
        ("p.csv", datetime(2017, 4, 2)),
    ]


def test_one_file_sent_twice_in_one_delivery_was_not_sent_again(draw: Draw) -> None:
    loads = draw(
        loads="""
            load_id export       file  rows_n quarantined_n delivered_at
            1       transactions a.csv 100    9             2017-04-01
            2       transactions a.csv 100    0             2017-04-01
        """
    )["loads"]
    [worst] = intake(loads, draw()["quarantine_summary"]).worst_files
    assert worst.superseded_at is None


def test_deliveries_are_listed_newest_first_when_an_export_came_twice(small_chain: Figures) -> None:
    assert [(row.delivered_at, row.export) for row in small_chain.intake.deliveries] == [
        (datetime(2017, 4, 2), "transactions"),
        (datetime(2017, 4, 1), "customers"),
        (datetime(2017, 4, 1), "transactions"),
    ]


def test_hundreds_of_deliveries_are_ten_and_a_number(draw: Draw, facts: RunFacts) -> None:
    lines = [f"{n} {n} transactions day{n}.csv 10 2017-01-01" for n in range(1, 301)]
    loads = "\n".join(["load_id delivery_id export file rows_n delivered_at", *lines])
    came_in = figures(draw(loads=loads), facts).intake
    assert (len(came_in.deliveries), came_in.deliveries_more_n) == (10, 290)
    assert came_in.exports[0].files_n == 300


def test_before_the_first_sale_nothing_has_changed(chain: Tables, facts: RunFacts) -> None:
    first = replace(facts, compare_on=date(2016, 12, 31))
    assert {row.change_n for row in figures(chain, first).segments} == {None}


def test_rows_in_another_order_give_the_same_figures(chain: Tables, facts: RunFacts) -> None:
    reversed_rows = {name: table.reverse() for name, table in chain.items()}
    assert figures(reversed_rows, facts) == figures(chain, facts)


def test_a_missing_table_is_named(chain: Tables, facts: RunFacts) -> None:
    with pytest.raises(KeyError, match="cohorts"):
        figures({name: table for name, table in chain.items() if name != "cohorts"}, facts)
