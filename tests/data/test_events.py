"""Messages and coupon uses as they are delivered: repeated, corrected, late, contradicting."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.data import extracts, warehouse
from regulars.data.drift import Tolerance
from regulars.expectations.errors import DataRefused
from tests.data.conftest import NewShop, Shop

FIRST, SECOND, THIRD = (datetime(2024, 6, day) for day in (1, 2, 3))
HEADER = "campaign_id customer_id contacted_at arm cost\n"
TO_ANN, TO_BOB = "C1 ann 2024-05-01 treated 0.05\n", "C1 bob 2024-05-01 control 0.00\n"
USES = "coupon_id redeemed_at customer_id order_id value\n"


def contacts(shop: Shop, column: str = "cost") -> list[tuple[object, ...]]:
    return shop.ask(
        f"SELECT raw_id, CAST({column} AS VARCHAR) FROM contacts JOIN vault.people "
        "ON source_customer_id = customer_id ORDER BY ALL"
    )


def ledger(shop: Shop) -> list[tuple[object, ...]]:
    return shop.ask(
        "SELECT rows_n, accepted_n, duplicate_n, quarantined_n, replaced_n FROM loads "
        "ORDER BY load_id"
    )


def test_a_message_is_kept_with_its_business_day_and_without_a_raw_id(new_shop: NewShop) -> None:
    shop = new_shop(day_starts_minutes=300)
    shop.deliver(HEADER + "C1 ann 2024-05-02T04:59 treated 0.05", export="contacts")
    assert shop.ask("SELECT contacted_at, contacted_on, arm FROM contacts") == [
        (datetime(2024, 5, 2, 4, 59), date(2024, 5, 1), "treated")
    ]
    assert list(warehouse.event_columns(warehouse.EXPORTS["contacts"])) == [
        "campaign_id",
        "source_customer_id",
        "contacted_at",
        "contacted_on",
        "channel",
        "arm",
        "coupon_id",
        "cost",
    ]


def test_a_row_repeated_in_a_delivery_or_sent_again_counts_once(shop: Shop) -> None:
    shop.deliver(HEADER + TO_ANN + TO_ANN + TO_BOB, export="contacts")
    shop.deliver(HEADER + TO_BOB, export="contacts")
    assert contacts(shop) == [("ann", "0.05"), ("bob", "0.00")]
    assert ledger(shop) == [(3, 2, 1, 0, 0), (1, 0, 1, 0, 0)]


def test_a_row_repeated_in_two_files_of_a_delivery_is_the_first_files(shop: Shop) -> None:
    shop.deliver(HEADER + TO_ANN, HEADER + TO_ANN + TO_BOB, export="contacts")
    assert contacts(shop, "load_id") == [("ann", "1"), ("bob", "2")]
    assert ledger(shop) == [(1, 1, 0, 0, 0), (2, 1, 1, 0, 0)]


def test_a_later_delivery_of_a_message_wins_and_the_old_version_is_history(shop: Shop) -> None:
    shop.deliver(HEADER + TO_ANN + TO_BOB, export="contacts", delivered_at=FIRST)
    shop.deliver(HEADER + "C1 ann 2024-05-01 treated 0.07", export="contacts", delivered_at=SECOND)
    assert contacts(shop) == [("ann", "0.07"), ("bob", "0.00")]
    assert ledger(shop) == [(2, 2, 0, 0, 1), (1, 1, 0, 0, 0)]
    history = shop.ask("SELECT CAST(cost AS VARCHAR), load_id, replaced_by FROM contacts_history")
    assert history == [("0.05", 1, 2)]
    assert extracts.rows_replaced_by(shop.connection, [2]) == 1
    assert extracts.rows_replaced_by(shop.connection, [1]) == 0


def test_an_older_delivery_that_comes_later_is_history_at_once(shop: Shop) -> None:
    shop.deliver(HEADER + TO_ANN, export="contacts", delivered_at=SECOND)
    shop.deliver(HEADER + "C1 ann 2024-05-01 treated 0.07", export="contacts", delivered_at=FIRST)
    assert contacts(shop) == [("ann", "0.05")]
    assert ledger(shop) == [(1, 1, 0, 0, 0), (1, 1, 0, 0, 1)]


def test_what_was_said_again_later_does_not_give_way_to_what_came_in_between(shop: Shop) -> None:
    shop.deliver(HEADER + TO_ANN, export="contacts", delivered_at=FIRST)
    shop.deliver(HEADER + TO_ANN + TO_BOB, export="contacts", delivered_at=THIRD)
    shop.deliver(HEADER + "C1 ann 2024-05-01 treated 0.07", export="contacts", delivered_at=SECOND)
    assert contacts(shop) == [("ann", "0.05"), ("bob", "0.00")]
    assert ledger(shop) == [(1, 1, 0, 0, 0), (2, 1, 1, 0, 0), (1, 1, 0, 0, 1)]


def test_two_versions_of_a_message_in_one_delivery_are_both_refused(shop: Shop) -> None:
    shop.deliver(
        HEADER + TO_BOB + TO_ANN + "C1 ann 2024-05-01 control 0.05\n" + TO_ANN, export="contacts"
    )
    assert contacts(shop) == [("bob", "0.00")]
    assert shop.reasons() == [(line, None, "conflicting_key") for line in (3, 4, 5)]
    assert shop.refused()["parameters"].unique().to_list() == [
        '{"key": "campaign_id, customer_id, contacted_at"}'
    ]
    assert ledger(shop) == [(4, 1, 0, 3, 0)]


def test_another_version_of_the_same_moment_is_refused_and_the_first_stays(shop: Shop) -> None:
    shop.deliver(HEADER + TO_ANN, export="contacts", delivered_at=FIRST)
    shop.deliver(HEADER + "C1 ann 2024-05-01 control 0.05", export="contacts", delivered_at=FIRST)
    assert contacts(shop, "arm") == [("ann", "treated")]
    assert ledger(shop) == [(1, 1, 0, 0, 0), (1, 0, 0, 1, 0)]


def test_coupon_uses_are_told_apart_by_member_and_order_as_far_as_they_are_given(
    shop: Shop,
) -> None:
    shop.deliver(
        USES + "K1 2024-05-01 ann a1 2\nK1 2024-05-01 ann - 2\nK1 2024-05-01 - - 2\n"
        "K1 2024-05-01 - - 2\nK1 2024-05-01 - a1 2\nK1 2024-05-02 - - 2\n",
        export="coupons",
    )
    assert ledger(shop) == [(6, 5, 1, 0, 0)]


def test_two_uses_by_nobody_known_that_differ_in_value_are_refused(shop: Shop) -> None:
    shop.deliver(
        USES + "K1 2024-05-01 - - 2\nK1 2024-05-01 - - 3\nK1 2024-05-01 bob - 3", export="coupons"
    )
    assert shop.reasons() == [(2, None, "conflicting_key"), (3, None, "conflicting_key")]
    assert ledger(shop) == [(3, 1, 0, 2, 0)]


def test_a_use_by_nobody_known_is_corrected_by_a_later_delivery(shop: Shop) -> None:
    shop.deliver(USES + "K1 2024-05-01 - - 2", export="coupons", delivered_at=FIRST)
    shop.deliver(USES + "K1 2024-05-01 - - 3", export="coupons", delivered_at=SECOND)
    assert shop.ask("SELECT CAST(value AS VARCHAR) FROM coupons") == [("3.00",)]
    assert ledger(shop) == [(1, 1, 0, 0, 1), (1, 1, 0, 0, 0)]


@pytest.mark.parametrize(
    ("export", "row", "reason"),
    [
        ("contacts", "- ann 2024-05-01 treated 0.05", ("campaign_id", "missing_value")),
        ("contacts", "C1 - 2024-05-01 treated 0.05", ("customer_id", "missing_value")),
        ("contacts", "C1 ann - treated 0.05", ("contacted_at", "missing_value")),
        ("contacts", "C1 ann 2024-05-01 maybe 0.05", ("arm", "not_a_choice")),
        ("contacts", "C1 ann 2024-05-01 treated 0.055", ("cost", "too_many_places")),
        ("contacts", "C1 ann 2024-07-01 treated 0.05", ("contacted_at", "in_the_future")),
        ("contacts", "C1 ann 1900-01-01 treated 0.05", ("contacted_at", "implausible_date")),
        ("contacts", "1.23E+17 ann 2024-05-01 treated 0.05", ("campaign_id", "damaged_id")),
        ("coupons", "- 2024-05-01 ann a1 2", ("coupon_id", "missing_value")),
        ("coupons", "K1 2024-02-30 ann a1 2", ("redeemed_at", "not_a_date")),
        ("coupons", "K1 2099-05-01 ann a1 2", ("redeemed_at", "in_the_future")),
    ],
)
def test_a_row_that_breaks_a_rule_is_refused_with_its_line_column_and_reason(
    shop: Shop, export: str, row: str, reason: tuple[str, str]
) -> None:
    header = HEADER if export == "contacts" else USES
    shop.deliver(header + row, export=export)
    assert shop.reasons() == [(2, *reason)]
    assert ledger(shop) == [(1, 0, 0, 1, 0)]


@pytest.mark.parametrize(
    ("words", "arm"),
    [
        (("treated", "Treatment", "TEST", "实验组", "营销组", "ｔｒｅａｔｅｄ"), "treated"),
        (("control", "Holdout", "hold-out", "对照组", "空白组"), "control"),
    ],
)
def test_an_arm_is_told_by_the_words_that_systems_use(
    shop: Shop, words: tuple[str, ...], arm: str
) -> None:
    rows = "".join(f"C{n} ann 2024-05-01 {word} 0\n" for n, word in enumerate(words))
    shop.deliver(HEADER + rows, export="contacts")
    assert contacts(shop, "arm") == [("ann", arm)] * len(words)


def test_an_arm_that_is_not_told_stays_so(shop: Shop) -> None:
    shop.deliver(HEADER + "C1 ann 2024-05-01 - 0", export="contacts")
    assert shop.ask("SELECT arm FROM contacts") == [(None,)]


def test_an_unknown_arm_is_refused_with_those_that_are_known(shop: Shop) -> None:
    shop.deliver(HEADER + "C1 ann 2024-05-01 maybe 0", export="contacts")
    assert shop.refused()["parameters"].to_list() == [
        '{"choices": "treated, control", "column": "arm"}'
    ]


def test_totals_and_preambles_of_campaign_files_are_skipped(shop: Shop) -> None:
    content = "campaign_id,customer_id,contacted_at,cost\nC1,ann,2024-05-01,0.05\n合计,,,0.05\n"
    (load,) = shop.deliver(content.encode("gb18030"), export="contacts")
    assert (load.rows_n, load.accepted_n, load.skipped) == (2, 1, [("total_row", 1, 3)])


def test_an_anonymous_card_that_was_written_to_is_nobody(new_shop: NewShop) -> None:
    shop = new_shop(anonymous_ids=("ann",))
    shop.deliver(HEADER + TO_ANN + TO_ANN + TO_BOB, export="contacts")
    assert shop.ask("SELECT count(*) FROM contacts WHERE source_customer_id IS NULL") == [(1,)]
    assert shop.ask("SELECT raw_id FROM vault.people") == [("bob",)]
    assert ledger(shop) == [(3, 2, 1, 0, 0)]


def test_a_campaign_of_another_size_is_told_and_stops_nothing(shop: Shop) -> None:
    def campaign(number: int, people_n: int) -> str:
        people = range(people_n)
        return HEADER + "".join(f"C{number} p{n} 2024-05-0{number} - 0\n" for n in people)

    shop.tolerance = Tolerance()
    for number, people_n in ((1, 300), (2, 300), (3, 20)):
        (load,) = shop.deliver(campaign(number, people_n), export="contacts")
    assert load.differences == [
        "contacts-3.csv: 20 good rows, 20 for each day; "
        "about 300 rows for each day, as in the last 2 files"
    ]
    assert (load.accepted_n, load.differing) == (20, [])


def test_a_column_that_went_missing_stops_a_delivery_of_messages(shop: Shop) -> None:
    shop.tolerance = Tolerance()
    shop.deliver(HEADER + TO_ANN, export="contacts")
    with pytest.raises(DataRefused, match=r"contacts-2.csv is not like the files before it"):
        shop.deliver("campaign_id customer_id contacted_at\nC2 ann 2024-05-02", export="contacts")


VERSIONS = [
    HEADER + TO_ANN + TO_BOB,
    HEADER + "C1 ann 2024-05-01 treated 0.07\nC2 ann 2024-05-03 treated 0.05",
    HEADER + TO_ANN,
]


def test_deliveries_in_any_order_leave_the_same_messages(new_shop: NewShop) -> None:
    moments = list(zip((FIRST, SECOND, THIRD), VERSIONS, strict=True))
    found = []
    for order in permutations(moments):
        shop = new_shop()
        for delivered_at, content in order:
            shop.deliver(content, export="contacts", delivered_at=delivered_at)
        found.append((contacts(shop), extracts.digests(shop.connection, as_of=date(2024, 6, 1))))
    assert all(one == found[0] for one in found)
    assert found[0][0] == [("ann", "0.05"), ("ann", "0.05"), ("bob", "0.00")]


@st.composite
def histories(draw: st.DrawFn) -> Iterator[list[tuple[int, str]]]:
    moments = draw(st.permutations(range(draw(st.integers(1, 4)))))
    use = st.tuples(
        st.sampled_from(["K1", "K2"]),
        st.sampled_from(["ann", "-"]),
        st.sampled_from(["a1", "-"]),
        st.sampled_from(["1.00", "2.00", "-"]),
    )
    return [
        (
            moment,
            USES
            + "".join(
                f"{coupon} 2024-05-01 {who} {order} {value}\n"
                for coupon, who, order, value in draw(st.lists(use, min_size=1, max_size=6))
            ),
        )
        for moment in moments
    ]


def plainly(history: list[tuple[int, str]]) -> tuple[dict[tuple[str, ...], str], list[list[int]]]:
    """What is there at the end, and what became of each delivery's rows, in plain Python."""
    there: dict[tuple[str, ...], tuple[str, int, int]] = {}
    told: list[list[int]] = []
    for at, (moment, text) in enumerate(history):
        rows = [tuple(line.split()) for line in text.splitlines()[1:]]
        by_key: dict[tuple[str, ...], list[str]] = {}
        for coupon, _, *rest, value in rows:
            by_key.setdefault((coupon, *rest), []).append(value)
        accepted_n = duplicate_n = refused_n = 0
        told.append([0, 0, 0, 0])
        for key, values in by_key.items():
            if len(set(values)) > 1:
                refused_n += len(values)
                continue
            value, repeats_n = values[0], len(values) - 1
            if key not in there:
                there[key] = (value, moment, at)
            elif there[key][0] == value:
                duplicate_n += len(values)
                there[key] = (value, max(moment, there[key][1]), there[key][2])
                continue
            elif moment > there[key][1]:
                told[there[key][2]][3] += 1
                there[key] = (value, moment, at)
            else:
                told[at][3] += 1
            accepted_n += 1
            duplicate_n += repeats_n
        told[at][:3] = accepted_n, duplicate_n, refused_n
    return {key: value for key, (value, _, _) in there.items()}, told


@settings(max_examples=25, deadline=None)
@given(history=histories())
def test_any_history_of_uses_ends_as_plain_python_has_it(
    new_shop: NewShop, history: list[tuple[int, str]]
) -> None:
    shop = new_shop()
    for moment, text in history:
        shop.deliver(text, export="coupons", delivered_at=datetime(2024, 6, 1 + moment), again=True)
    there, told = plainly(history)
    found = shop.ask(
        "SELECT coupon_id, coalesce(raw_id, '-'), coalesce(order_id, '-'), "
        "coalesce(CAST(value AS VARCHAR), '-') FROM coupons "
        "LEFT JOIN vault.people ON source_customer_id = customer_id"
    )
    assert {row[:3]: row[3] for row in found} == there
    assert len(found) == len(there)
    ledger = shop.ask(
        "SELECT accepted_n, duplicate_n, quarantined_n, replaced_n FROM loads ORDER BY load_id"
    )
    assert [list(row) for row in ledger] == told
