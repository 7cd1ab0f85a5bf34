"""Every check on a small chain that is in order, and on the same chain with one thing wrong."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import duckdb
import pytest

from regulars.data import orders, warehouse
from regulars.data.workspace import Workspace, prepared
from regulars.expectations.exports import EXPORTS
from regulars.expectations.gate import checked
from regulars.expectations.suites import warehouse_checks

LANDED_ON = date(2026, 1, 31)
CHECKS = warehouse_checks(
    landed_on=LANDED_ON,
    brought={name: [column.name for column in e.columns] for name, e in EXPORTS.items()},
)
REDUCED = "reduce"
"""Where a violation is planted in the lines, orders are made of them again."""

# One order a day in the store s1 from 2 to 30 January, none of s2 after the 5th; a return.
GOOD = """
INSERT INTO loads BY NAME SELECT 1 AS load_id, TIMESTAMP '2026-01-20 08:00' AS landed_at;
INSERT INTO loads BY NAME SELECT 2 AS load_id, TIMESTAMP '2026-01-31 08:00' AS landed_at;
INSERT INTO lines BY NAME
SELECT 'a' || day AS order_id, '1' AS line_id, 7 AS source_customer_id,
    DATE '2026-01-01' + CAST(day AS INTEGER) AS ordered_on, 9.00 AS amount, 2 AS quantity,
    5.00 AS unit_price, 1.00 AS discount, 'p1' AS product_id, 's1' AS store_id, false AS is_return,
    CASE WHEN day < 10 THEN 1 ELSE 2 END AS load_id
FROM range(1, 30) AS days(day);
INSERT INTO lines BY NAME
SELECT 'b' AS order_id, '1' AS line_id, NULL AS source_customer_id, DATE '2026-01-05' AS ordered_on,
    4.00 AS amount, 1 AS quantity, 4.00 AS unit_price, NULL AS discount, NULL AS product_id,
    's2' AS store_id, false AS is_return, 1 AS load_id;
INSERT INTO lines BY NAME
SELECT 'r' AS order_id, '1' AS line_id, 7 AS source_customer_id, DATE '2026-01-06' AS ordered_on,
    -9.00 AS amount, -2 AS quantity, 5.00 AS unit_price, -1.00 AS discount, 'p1' AS product_id,
    's1' AS store_id, true AS is_return, 'a2' AS returns_order_id, 1 AS load_id;
INSERT INTO customers BY NAME
SELECT 7 AS source_customer_id, DATE '1990-02-03' AS birth_date, DATE '2024-01-01' AS joined_on,
    's1' AS home_store_id, 8 AS source_referrer_id;
INSERT INTO customers BY NAME SELECT 8 AS source_customer_id;
INSERT INTO products BY NAME SELECT 'p1' AS product_id, 2.50 AS unit_cost;
INSERT INTO products BY NAME SELECT 'p2' AS product_id;
INSERT INTO stores BY NAME SELECT 's1' AS store_id, DATE '2020-01-01' AS opened_on;
INSERT INTO stores BY NAME SELECT 's2' AS store_id;
INSERT INTO contacts BY NAME
SELECT 'C1' AS campaign_id, customer AS source_customer_id, '2026-01-07 10:00' AS contacted_at,
    DATE '2026-01-07' AS contacted_on, arm, 0.05 AS cost, 1 AS load_id
FROM (VALUES (7, 'treated'), (8, 'control')) AS written_to(customer, arm);
INSERT INTO feedback BY NAME
SELECT number AS feedback_id, TIMESTAMP '2026-01-09 12:00' AS submitted_at,
    DATE '2026-01-09' AS submitted_on, customer AS source_customer_id, 'a7' AS order_id,
    'p1' AS product_id, 's1' AS store_id, kind, rating, rating AS rating_of_five, 9 AS nps,
    responded_at, responded_at AS resolved_at, 1 AS load_id
FROM (VALUES ('F1', 7, 'review', 4, NULL), ('F2', NULL, 'complaint', NULL,
    TIMESTAMP '2026-01-09 13:00')) AS said_by(number, customer, kind, rating, responded_at);
INSERT INTO coupons BY NAME
SELECT 'K1' AS coupon_id, TIMESTAMP '2026-01-08 12:00' AS redeemed_at,
    DATE '2026-01-08' AS redeemed_on, customer AS source_customer_id, order_id, 2.00 AS value,
    1 AS load_id
FROM (VALUES (7, 'a7'), (NULL, NULL)) AS used_by(customer, order_id);
"""

VIOLATIONS: dict[str, tuple[str, tuple[Any, ...]]] = {
    "order_id_known": (
        "UPDATE lines SET order_id = NULL WHERE order_id = 'b'",
        (1, 1 / 31, None),
    ),
    "order_id_undamaged": (
        "UPDATE lines SET order_id = '1.23457E+17' WHERE order_id = 'b'",
        (1, 1 / 31, None),
    ),
    "product_id_undamaged": (
        "UPDATE lines SET product_id = '6.9E+12' WHERE order_id = 'a1'",
        (1, 1 / 30, None),
    ),
    "ordered_on_plausible": (
        f"UPDATE lines SET ordered_on = '1970-01-01' WHERE order_id = 'b'; {REDUCED}",
        (1, 1 / 31, None),
    ),
    "ordered_before_landing": (
        f"UPDATE lines SET ordered_on = '2026-01-21' WHERE order_id = 'b'; {REDUCED}",
        (1, 1 / 31, None),
    ),
    "sales_fresh": (
        f"DELETE FROM lines WHERE ordered_on > '2026-01-27'; {REDUCED}",
        (None, None, "2026-01-27"),
    ),
    "amount_plausible": (
        f"UPDATE lines SET amount = 100000000.01 WHERE order_id = 'b'; {REDUCED}",
        (1, 1 / 31, None),
    ),
    "quantity_not_zero": (
        "UPDATE lines SET quantity = 0 WHERE order_id = 'b'",
        (1, 1 / 31, None),
    ),
    "quantity_plausible": (
        "UPDATE lines SET quantity = -100000.5 WHERE order_id = 'b'",
        (1, 1 / 31, None),
    ),
    "discount_not_negative": (
        "UPDATE lines SET discount = -0.01 WHERE order_id = 'a1'",
        (1, 1 / 29, None),
    ),
    "discount_within_price": (
        "UPDATE lines SET discount = 10.01 WHERE order_id = 'a1'",
        (1, 1 / 29, None),
    ),
    "customer_known": (
        f"UPDATE lines SET source_customer_id = NULL WHERE order_id <> 'a1'; {REDUCED}",
        (None, None, None),
    ),
    "product_listed": (
        "UPDATE lines SET product_id = 'p9' WHERE order_id = 'a1'",
        (1, 1 / 30, None),
    ),
    "store_listed": (
        f"UPDATE lines SET store_id = 's9' WHERE order_id = 'b'; {REDUCED}",
        (1, 1 / 31, None),
    ),
    "customer_listed": (
        f"UPDATE lines SET source_customer_id = 9 WHERE order_id = 'a1'; {REDUCED}",
        (None, None, None),
    ),
    "files_accepted": (
        "UPDATE loads SET export = 'transactions', file = 'a.csv', rows_n = 100, quarantined_n = 6 "
        "WHERE load_id = 1",
        (1, None, "a.csv"),
    ),
    "order_key_unique": (
        "UPDATE orders SET gross = 1, lines_n = 0 WHERE order_id = 'b'; "
        "INSERT INTO orders BY NAME "
        "SELECT 'b' AS order_id, DATE '2026-01-05' AS ordered_on, 3 AS gross, 1 AS lines_n",
        (1, None, None),
    ),
    "money_conserved": (
        "UPDATE orders SET gross = gross + 0.01 WHERE order_id = 'a1'; "
        "UPDATE orders SET gross = gross - 0.01 WHERE order_id = 'a2'",
        (2, None, None),
    ),
    "lines_conserved": (
        "UPDATE orders SET lines_n = 2 WHERE order_id = 'a1'",
        (1, None, None),
    ),
    "stores_not_silent": (
        f"UPDATE lines SET store_id = 's2' WHERE order_id = 'a29'; {REDUCED}",
        (1, None, "s1"),
    ),
    "customers_are_people": (
        "INSERT INTO lines BY NAME SELECT 'w' || n AS order_id, lines.* EXCLUDE (order_id) "
        f"FROM lines, range(1, 21) AS more(n) WHERE order_id = 'a1'; {REDUCED}",
        (None, None, None),
    ),
    "return_negative": (
        f"UPDATE lines SET amount = 9 WHERE order_id = 'r'; {REDUCED}",
        (1, 1.0, None),
    ),
    "return_linked": (
        f"UPDATE lines SET returns_order_id = 'a0' WHERE order_id = 'r'; {REDUCED}",
        (1, 1.0, None),
    ),
    "member_unique": (
        "INSERT INTO customers BY NAME SELECT 8 AS source_customer_id",
        (None, None, None),
    ),
    "birth_date_plausible": (
        "UPDATE customers SET birth_date = '1900-01-01' WHERE source_customer_id = 7",
        (None, None, None),
    ),
    "joined_on_plausible": (
        "UPDATE customers SET joined_on = '2026-02-01' WHERE source_customer_id = 7",
        (1, 1.0, None),
    ),
    "home_store_listed": (
        "UPDATE customers SET home_store_id = 's9' WHERE source_customer_id = 7",
        (1, 1.0, None),
    ),
    "referrer_listed": (
        "UPDATE customers SET source_referrer_id = 9 WHERE source_customer_id = 7",
        (None, None, None),
    ),
    "product_unique": (
        "INSERT INTO products BY NAME SELECT 'p2' AS product_id",
        (2, 2 / 3, None),
    ),
    "listed_product_undamaged": (
        "INSERT INTO products BY NAME SELECT '6.9E+12' AS product_id",
        (1, 1 / 3, None),
    ),
    "unit_cost_not_negative": (
        "UPDATE products SET unit_cost = -0.01 WHERE product_id = 'p1'",
        (1, 1.0, None),
    ),
    "store_unique": (
        "INSERT INTO stores BY NAME SELECT 's2' AS store_id",
        (2, 2 / 3, None),
    ),
    "listed_store_undamaged": (
        "INSERT INTO stores BY NAME SELECT '1.5e+07' AS store_id",
        (1, 1 / 3, None),
    ),
    "opened_on_plausible": (
        "UPDATE stores SET opened_on = '2026-02-01' WHERE store_id = 's1'",
        (1, 1.0, None),
    ),
    "contact_unique": (
        "INSERT INTO contacts BY NAME SELECT * FROM contacts WHERE source_customer_id = 7",
        (1, None, None),
    ),
    "contact_before_landing": (
        "UPDATE contacts SET contacted_on = '2026-01-21' WHERE source_customer_id = 7",
        (1, 1 / 2, None),
    ),
    "contact_customer_known": (
        "UPDATE contacts SET source_customer_id = 9 WHERE source_customer_id = 7",
        (None, None, None),
    ),
    "contact_arm_told": (
        "UPDATE contacts SET arm = NULL WHERE source_customer_id = 7",
        (1, 1 / 2, None),
    ),
    "contact_cost_not_negative": (
        "UPDATE contacts SET cost = -0.01 WHERE source_customer_id = 7",
        (1, 1 / 2, None),
    ),
    "coupon_use_unique": (
        "INSERT INTO coupons BY NAME SELECT * FROM coupons WHERE order_id IS NULL",
        (1, None, None),
    ),
    "coupon_use_before_landing": (
        "UPDATE coupons SET redeemed_on = '2026-01-21' WHERE source_customer_id = 7",
        (1, 1 / 2, None),
    ),
    "coupon_use_customer_known": (
        "UPDATE coupons SET source_customer_id = 9 WHERE source_customer_id = 7",
        (None, None, None),
    ),
    "coupon_value_not_negative": (
        "UPDATE coupons SET value = -0.01 WHERE source_customer_id = 7",
        (1, 1 / 2, None),
    ),
    "feedback_unique": (
        "INSERT INTO feedback BY NAME SELECT * FROM feedback WHERE feedback_id = 'F1'",
        (1, None, None),
    ),
    "feedback_before_landing": (
        "UPDATE feedback SET submitted_on = '2026-01-21' WHERE feedback_id = 'F1'",
        (1, 1 / 2, None),
    ),
    "feedback_customer_known": (
        "UPDATE feedback SET source_customer_id = 9 WHERE feedback_id = 'F1'",
        (None, None, None),
    ),
    "feedback_order_known": (
        "UPDATE feedback SET order_id = 'z9' WHERE feedback_id = 'F1'",
        (1, 1 / 2, None),
    ),
    "feedback_product_known": (
        "UPDATE feedback SET product_id = 'p9' WHERE feedback_id = 'F1'",
        (1, 1 / 2, None),
    ),
    "feedback_store_known": (
        "UPDATE feedback SET store_id = 's9' WHERE feedback_id = 'F1'",
        (1, 1 / 2, None),
    ),
    "feedback_kind_told": (
        "UPDATE feedback SET kind = NULL WHERE feedback_id = 'F1'",
        (1, 1 / 2, None),
    ),
    "feedback_rating_in_scale": (
        "UPDATE feedback SET rating_of_five = 7 WHERE feedback_id = 'F1'",
        (1, 1, None),
    ),
    "feedback_nps_in_range": (
        "UPDATE feedback SET nps = 11 WHERE feedback_id = 'F1'",
        (1, 1 / 2, None),
    ),
    "feedback_says_something": (
        "UPDATE feedback SET rating = NULL, nps = NULL WHERE feedback_id = 'F1'",
        (1, 1 / 2, None),
    ),
    "feedback_times_in_order": (
        "UPDATE feedback SET resolved_at = '2026-01-09 12:30' WHERE feedback_id = 'F2'",
        (1, 1, None),
    ),
}


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """The chain in order; a test plants in a transaction of its own."""
    workspace = Workspace(tmp_path_factory.mktemp("chain"))
    prepared(workspace)
    with warehouse.connected(workspace, warehouse.Resources(1, "1GB")) as connection:
        connection.execute(GOOD)
        orders.reduce(connection, ("order_id",), None)
        yield connection


@pytest.fixture
def chain(good: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    good.execute("BEGIN")
    yield good
    good.execute("ROLLBACK")


def unmet(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[Any, ...]]:
    frame = checked(connection, CHECKS)
    found = frame.filter(~frame["is_met"])
    return {
        row["check"]: (row["unexpected_n"], row["unexpected_share"], row["observed"])
        for row in found.iter_rows(named=True)
    }


def test_a_chain_in_order_meets_every_check(chain: duckdb.DuckDBPyConnection) -> None:
    assert unmet(chain) == {}


def test_there_is_a_violation_of_every_check() -> None:
    assert list(VIOLATIONS) == [check.code for check in CHECKS]


@pytest.mark.parametrize("code", VIOLATIONS)
def test_a_planted_violation_is_caught_by_its_check_alone(
    chain: duckdb.DuckDBPyConnection, code: str
) -> None:
    planted, expected = VIOLATIONS[code]
    chain.execute(planted.removesuffix(REDUCED))
    if planted.endswith(REDUCED):
        orders.reduce(chain, ("order_id",), None)

    assert unmet(chain) == {code: expected}


def planted(connection: duckdb.DuckDBPyConnection, sql: str) -> dict[str, tuple[Any, ...]]:
    connection.execute(sql)
    orders.reduce(connection, ("order_id",), None)
    return unmet(connection)


def test_a_store_that_was_closed_on_one_of_the_days_before_is_not_missed(
    chain: duckdb.DuckDBPyConnection,
) -> None:
    moved = "UPDATE lines SET store_id = 's2' WHERE order_id IN ('a29', 'a15')"
    assert planted(chain, moved) == {}


def test_the_day_on_which_the_file_came_is_not_over_and_silences_no_store(
    chain: duckdb.DuckDBPyConnection,
) -> None:
    today = (
        "INSERT INTO lines BY NAME SELECT 'c' AS order_id, DATE '2026-01-31' AS ordered_on, "
        "1.00 AS amount, 's2' AS store_id, false AS is_return, 7 AS source_customer_id, "
        "2 AS load_id"
    )
    assert planted(chain, today) == {}


def test_a_day_on_which_the_whole_chain_was_closed_silences_no_store(
    chain: duckdb.DuckDBPyConnection,
) -> None:
    assert planted(chain, "DELETE FROM lines WHERE order_id = 'a29'") == {}


def test_a_return_on_the_receipt_of_its_sale_is_linked(chain: duckdb.DuckDBPyConnection) -> None:
    own = "UPDATE lines SET order_id = 'a2', returns_order_id = NULL WHERE order_id = 'r'"
    assert planted(chain, own) == {}


def test_where_stores_number_their_own_orders_a_return_links_within_its_store(
    chain: duckdb.DuckDBPyConnection,
) -> None:
    key = ("store_id", "ordered_on", "order_id")

    def linked(store: str) -> list[bool]:
        chain.execute(f"UPDATE returns SET store_id = '{store}'")
        checks = warehouse_checks(landed_on=LANDED_ON, order_key=key)
        return checked(chain, checks).filter(check="return_linked")["is_met"].to_list()

    assert linked("s1") == [True]
    assert linked("s2") == [False]


def test_a_line_without_a_listed_store_or_product_names_nothing_that_could_be_missing(
    chain: duckdb.DuckDBPyConnection,
) -> None:
    nameless = "UPDATE lines SET product_id = NULL WHERE order_id = 'a1'"
    assert planted(chain, nameless) == {}
