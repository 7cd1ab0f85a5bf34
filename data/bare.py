"""The yardstick: the same load, orders and RFM in DuckDB SQL alone, with no checks at all.

It is what a competent engineer would write by hand for one clean export, and says what the
pipeline's laws cost. It is also a second opinion: written from the definitions without the
pipeline's code, it must give the same rows. Customers are raw ids here, which is why nothing
but the bench and the tests may use it.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

import duckdb

from regulars.expectations.exports import DIGITS, EXPORTS, MONEY_PLACES, QUANTITY_PLACES, Kind

_SQL_TYPES: dict[Kind, str] = {
    "text": "VARCHAR",
    "instant": "TIMESTAMP",
    "day": "DATE",
    "money": f"DECIMAL({DIGITS},{MONEY_PLACES})",
    "quantity": f"DECIMAL({DIGITS},{QUANTITY_PLACES})",
    "flag": "BOOLEAN",
}

# The columns that the steps below read, with what stands for one that the files lack.
_STAND_INS = {
    "quantity": f"NULL::{_SQL_TYPES['quantity']}",
    "store_id": "NULL::VARCHAR",
    "channel": "NULL::VARCHAR",
    "is_return": "amount < 0",
    "returns_order_id": "NULL::VARCHAR",
}

_ORDERS = """
    CREATE TABLE bare_orders AS
    SELECT
        order_id,
        any_value(store_id) AS store_id,
        min(ordered_at)::DATE AS ordered_on,
        any_value(customer_id) AS customer_id,
        min(ordered_at) AS ordered_at,
        any_value(channel) AS channel,
        sum(amount)::DECIMAL(18,2) AS gross,
        sum(quantity)::DECIMAL(18,3) AS quantity,
        count(*) AS lines_n
    FROM bare_lines
    WHERE NOT is_return
    GROUP BY order_id
"""

# A return goes against the order it names, else the sale on its own receipt, as far as that is
# known by the day, and so to that order's customer; else it stays with the customer it names.
_CUSTOMERS = """
    CREATE OR REPLACE TEMP TABLE {name} AS
    WITH known AS (
        SELECT order_id, customer_id, ordered_on, gross FROM bare_orders WHERE ordered_on <= $day
    ),
    returned AS (
        SELECT
            coalesce(named.order_id, own.order_id) AS order_id,
            CASE
                WHEN coalesce(named.order_id, own.order_id) IS NULL THEN line.customer_id
            END AS customer_id,
            sum(line.amount) AS amount
        FROM bare_lines AS line
        LEFT JOIN known AS named ON named.order_id = line.returns_order_id
        LEFT JOIN known AS own ON own.order_id = line.order_id
        WHERE line.is_return AND line.ordered_at < $day + INTERVAL 1 DAY
        GROUP BY ALL
    ),
    per_order AS (
        SELECT known.customer_id, ordered_on, gross + coalesce(returned.amount, 0) AS net
        FROM known LEFT JOIN returned USING (order_id)
        UNION ALL
        SELECT customer_id, NULL, amount FROM returned WHERE order_id IS NULL
    )
    SELECT
        customer_id,
        ($day - max(ordered_on) FILTER (net > 0))::INTEGER AS recency_days,
        count(*) FILTER (net > 0 AND ordered_on IS NOT NULL) AS orders_n,
        sum(net)::DECIMAL(18,2) AS spend
    FROM per_order
    WHERE customer_id IS NOT NULL
    GROUP BY customer_id
"""

# The cut points are quantiles of type 7: of n sorted values the k-th fifth lies at (n - 1) * k / 5,
# between the value at the whole part of that and the next. A value above the lower of these two is
# at least the upper, and the cut point is below the upper: so the lower one cuts the same, without
# a fraction. Money is counted in hundredths.
_SCORES = """
    CREATE OR REPLACE TEMP TABLE {name}_scored AS
    WITH measures AS (
        SELECT *, (spend * 100)::BIGINT AS hundredths FROM {name} WHERE orders_n > 0
    ),
    population AS (
        SELECT
            list_sort(list(recency_days)) AS r,
            list_sort(list(orders_n)) AS f,
            list_sort(list(hundredths)) AS m,
            count(*) AS n,
            sum(recency_days) AS r_sum,
            sum(orders_n) AS f_sum,
            sum(hundredths) AS m_sum
        FROM measures
    ),
    cuts AS (
        SELECT
            [r[(n - 1) * k // 5 + 1] FOR k IN [1, 2, 3, 4]] AS r_cuts,
            [f[(n - 1) * k // 5 + 1] FOR k IN [1, 2, 3, 4]] AS f_cuts,
            [m[(n - 1) * k // 5 + 1] FOR k IN [1, 2, 3, 4]] AS m_cuts,
            n, r_sum, f_sum, m_sum
        FROM population
    ),
    scores AS (
        SELECT
            customer_id,
            5 - len(list_filter(r_cuts, lambda cut: cut < recency_days)) AS r,
            1 + len(list_filter(f_cuts, lambda cut: cut < orders_n)) AS f,
            1 + len(list_filter(m_cuts, lambda cut: cut < hundredths)) AS m,
            recency_days * n <= r_sum AS is_r_high,
            orders_n * n >= f_sum AS is_f_high,
            hundredths * n >= m_sum AS is_m_high
        FROM measures, cuts
    )
    SELECT
        customer_id,
        r::INTEGER AS r_score,
        f::INTEGER AS f_score,
        m::INTEGER AS m_score,
        concat(r, f, m) AS rfm_score,
        CASE
            WHEN r = 5 AND f >= 4 THEN 'champions'
            WHEN r >= 3 AND f >= 4 THEN 'loyal'
            WHEN r >= 4 AND f >= 2 THEN 'potential_loyalist'
            WHEN r = 5 THEN 'new'
            WHEN r = 4 THEN 'promising'
            WHEN r = 3 AND f = 3 THEN 'need_attention'
            WHEN r = 3 THEN 'about_to_sleep'
            WHEN f = 5 THEN 'cant_lose'
            WHEN f >= 3 THEN 'at_risk'
            ELSE 'hibernating'
        END AS segment,
        CASE WHEN is_m_high THEN 'key_' ELSE 'general_' END || CASE
            WHEN is_r_high AND is_f_high THEN 'value'
            WHEN is_r_high THEN 'develop'
            WHEN is_f_high THEN 'keep'
            ELSE 'retain'
        END AS value_type
    FROM scores
"""

_RFM = """
    SELECT
        now.customer_id,
        now.recency_days,
        now.orders_n,
        now.spend,
        now_scored.r_score,
        now_scored.f_score,
        now_scored.m_score,
        now_scored.rfm_score,
        coalesce(now_scored.segment, 'no_purchase') AS segment,
        CASE
            WHEN before.customer_id IS NULL THEN 'not_seen'
            ELSE coalesce(before_scored.segment, 'no_purchase')
        END AS previous_segment,
        now_scored.value_type
    FROM now
    LEFT JOIN now_scored USING (customer_id)
    LEFT JOIN before USING (customer_id)
    LEFT JOIN before_scored USING (customer_id)
"""


def load_bare(
    connection: duckdb.DuckDBPyConnection,
    files: Sequence[Path],
    columns: Mapping[str, str] | None = None,
) -> None:
    """Make the table ``bare_lines`` of transaction files of one shape: a row a receipt line.

    ``columns`` maps a contract's name to the file's own, as in settings; columns outside the
    contract are read as text.
    """
    with files[0].open(encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))
    contract_names = {own: name for name, own in (columns or {}).items()}
    names = [contract_names.get(own, own) for own in header]
    kinds = {column.name: column.kind for column in EXPORTS["transactions"].columns}
    types = {name: _SQL_TYPES[kinds.get(name, "text")] for name in names}
    stand_ins = [f", {sql} AS {name}" for name, sql in _STAND_INS.items() if name not in names]
    connection.execute(
        f"CREATE TABLE bare_lines AS SELECT *{''.join(stand_ins)} "
        "FROM read_csv($files, columns = $types, header = true, auto_detect = false)",
        {"files": [str(file) for file in files], "types": types},
    )


def orders_bare(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the table ``bare_orders``: a row an order, which is a receipt with a line sold."""
    connection.execute(_ORDERS)


def rfm_bare(
    connection: duckdb.DuckDBPyConnection, *, as_of: date, compare_days: int, path: Path
) -> None:
    """Write the ``rfm`` table of the contracts as Parquet to ``path``, by raw customer id.

    Rows come in no order. ``recency_days`` and the scores are null without
    an order of positive net as of the day.
    """
    for name, day in (("now", as_of), ("before", as_of - timedelta(days=compare_days))):
        connection.execute(_CUSTOMERS.format(name=name), {"day": day})
        connection.execute(_SCORES.format(name=name))
    connection.execute(f"COPY ({_RFM}) TO $path (FORMAT parquet)", {"path": str(path)})
