"""How long the gate takes on so many lines: made by SQL, each in order, and all checks asked."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date, timedelta

import duckdb

from regulars.expectations.errors import Failed
from regulars.expectations.exports import EXPORTS
from regulars.expectations.gate import checked
from regulars.expectations.suites import warehouse_checks

FIRST_ON = date(2024, 1, 1)
DAYS_N = 730
LANDED_ON = FIRST_ON + timedelta(days=DAYS_N)

# One line an order, every 50th a return of the order before it; a day has as many lines as any.
_FILLED = f"""
INSERT INTO loads BY NAME SELECT 1 AS load_id, TIMESTAMP '{LANDED_ON} 08:00' AS landed_at;
INSERT INTO products BY NAME
SELECT 'p' || n AS product_id, 1.50 AS unit_cost FROM range(20000) AS t(n);
INSERT INTO stores BY NAME
SELECT 's' || n AS store_id, DATE '2010-01-01' AS opened_on FROM range(200) AS t(n);
INSERT INTO customers BY NAME
SELECT hash(n) AS source_customer_id, DATE '1960-01-01' + CAST(n % 15000 AS INTEGER) AS birth_date,
    DATE '2015-01-01' + CAST(n % 3000 AS INTEGER) AS joined_on, 's' || n % 200 AS home_store_id
FROM range(500000) AS t(n);
INSERT INTO contacts BY NAME
SELECT 'C' || n // 100000 AS campaign_id, hash(n % 500000) AS source_customer_id,
    DATE '{FIRST_ON}' + CAST(n // 100000 AS INTEGER) AS contacted_on,
    contacted_on AS contacted_at, CASE WHEN n % 5 > 0 THEN 'treated' ELSE 'control' END AS arm,
    0.05 AS cost, 1 AS load_id
FROM range(1000000) AS t(n);
INSERT INTO coupons BY NAME
SELECT 'K' || n % 10 AS coupon_id, DATE '{FIRST_ON}' + CAST(n % {DAYS_N} AS INTEGER) AS redeemed_on,
    redeemed_on AS redeemed_at, hash(n) AS source_customer_id, 5.00 AS value, 1 AS load_id
FROM range(200000) AS t(n);
INSERT INTO feedback BY NAME
SELECT 'F' || n AS feedback_id, DATE '{FIRST_ON}' + CAST(n % {DAYS_N} AS INTEGER) AS submitted_on,
    submitted_on AS submitted_at, hash(n % 500000) AS source_customer_id,
    '000000000000' AS order_id, 's' || n % 200 AS store_id, 'p' || n % 20000 AS product_id,
    'review' AS kind, 4 AS rating, 4 AS rating_of_five, 9 AS nps, '还可以，下次再来' AS text,
    submitted_at AS responded_at, submitted_at AS resolved_at, 1 AS load_id
FROM range(200000) AS t(n);
INSERT INTO lines BY NAME
SELECT lpad(CAST(n AS VARCHAR), 12, '0') AS order_id, '1' AS line_id,
    CASE WHEN n % 10 > 0 THEN hash(n % 500000) END AS source_customer_id,
    DATE '{FIRST_ON}' + CAST(n * {DAYS_N} // $lines_n AS INTEGER) AS ordered_on,
    CAST(n % 5000 / 100 + 0.5 AS DECIMAL(18, 2)) * CASE WHEN n % 50 = 7 THEN -1 ELSE 1 END
        AS amount,
    n % 5 + 1 AS quantity, 60.00 AS unit_price, CAST(n % 3 AS DECIMAL(18, 2)) AS discount,
    'p' || n % 20000 AS product_id, 's' || n % 200 AS store_id, n % 50 = 7 AS is_return,
    CASE WHEN n % 50 = 7 THEN lpad(CAST(n - 1 AS VARCHAR), 12, '0') END AS returns_order_id,
    1 AS load_id
FROM range($lines_n) AS t(n);
INSERT INTO orders BY NAME
SELECT order_id, store_id, ordered_on, source_customer_id, amount AS gross, quantity, 1 AS lines_n
FROM lines WHERE NOT is_return;
INSERT INTO returns BY NAME
SELECT order_id, store_id, ordered_on, source_customer_id, returns_order_id, amount, 1 AS lines_n
FROM lines WHERE is_return;
"""


@dataclass(frozen=True)
class GateMeasured:
    """Seconds of all checks together, importing Great Expectations included."""

    lines_n: int
    orders_n: int
    checks_n: int
    seconds: float


def gate_measured(connection: duckdb.DuckDBPyConnection, *, lines_n: int) -> GateMeasured:
    """Fill the empty tables of a warehouse with ``lines_n`` lines, and ask every check of them.

    Raises:
        Failed: a check is not met, or was not asked: something else would have been measured.
    """
    for statement in connection.extract_statements(_FILLED):
        bound = {"lines_n": lines_n} if "lines_n" in statement.named_parameters else {}
        connection.execute(statement, bound)
    brought = {name: [column.name for column in e.columns] for name, e in EXPORTS.items()}
    started = time.perf_counter()
    results = checked(connection, warehouse_checks(landed_on=LANDED_ON, brought=brought))
    seconds = time.perf_counter() - started
    unmet = results.filter(~results["is_met"].fill_null(value=False))["check"].to_list()
    if unmet:
        raise Failed(
            "the gate was measured on lines that are not in order",
            expected="every check asked and met",
            found=", ".join(unmet),
            next_step="report this: it is a fault of regulars",
        )
    orders_n = connection.execute("SELECT count(*) FROM orders").fetchall()[0][0]
    return GateMeasured(lines_n, int(orders_n), results.height, seconds)
