"""What every receipt line must satisfy."""

from __future__ import annotations

from datetime import date, timedelta

from regulars.expectations import claims
from regulars.expectations.checks import Check, Severity

FIRST_PLAUSIBLE_DAY = date(1990, 1, 1)
"""Systems write 1900-01-01 or 1970-01-01 for a day they do not know."""

KNOWN_CUSTOMER_SHARE_MIN = 0.2
"""Below it, tables about customers would speak for a small part of the chain's receipts."""

FRESHNESS_DAYS = 3
"""Exports that run each night are a day old; a long weekend makes it three."""

QUANTITY_MOST = 100_000
"""Units of a line. Fuel is sold by the millilitre; a barcode typed as quantity has 13 digits."""

AMOUNT_MOST = 100_000_000
"""Chain currency, of a line. It is a car in rupiah; a barcode typed as price is far above."""


def line_checks(
    *, landed_on: date, freshness_days: int, known_customer_share_min: float
) -> tuple[Check, ...]:
    """The checks of ``lines``, each on its own; their references are ``line_references``."""
    newest_from = landed_on - timedelta(days=freshness_days)
    return (
        Check(
            code="order_id_known",
            table="lines",
            column="order_id",
            severity="critical",
            expectation=lambda: claims.never_null("order_id"),
        ),
        Check(
            code="order_id_undamaged",
            table="lines",
            column="order_id",
            severity="critical",
            expectation=lambda: claims.undamaged("order_id"),
        ),
        Check(
            code="product_id_undamaged",
            table="lines",
            column="product_id",
            severity="warning",
            expectation=lambda: claims.undamaged("product_id"),
            needs=("transactions.product_id",),
        ),
        Check(
            code="ordered_on_plausible",
            table="lines",
            column="ordered_on",
            severity="critical",
            expectation=lambda: claims.between("ordered_on", FIRST_PLAUSIBLE_DAY, None),
            parameters={"first_on": str(FIRST_PLAUSIBLE_DAY)},
        ),
        _conditional(
            "ordered_before_landing",
            "ordered_on",
            "ordered_on <= (SELECT CAST(max(landed_at) AS DATE) FROM loads "
            "WHERE loads.load_id = lines.load_id)",
            severity="critical",
        ),
        Check(
            code="sales_fresh",
            table="lines",
            column="ordered_on",
            severity="warning",
            expectation=lambda: claims.newest_from("ordered_on", newest_from),
            parameters={"newest_from": str(newest_from), "landed_on": str(landed_on)},
        ),
        _conditional(
            "amount_plausible",
            "amount",
            f"abs(amount) <= {AMOUNT_MOST}",
            parameters={"most": f"{AMOUNT_MOST:,}"},
        ),
        _conditional(
            "quantity_not_zero",
            "quantity",
            "quantity <> 0",
            needs=("transactions.quantity",),
        ),
        _conditional(
            "quantity_plausible",
            "quantity",
            f"abs(quantity) <= {QUANTITY_MOST}",
            needs=("transactions.quantity",),
            parameters={"most": f"{QUANTITY_MOST:,}"},
        ),
        _conditional(
            "discount_not_negative",
            "discount",
            "CASE WHEN NOT is_return THEN discount >= 0 END",
            needs=("transactions.discount",),
        ),
        _conditional(
            "discount_within_price",
            "discount",
            "CASE WHEN NOT is_return THEN discount <= quantity * unit_price END",
            needs=("transactions.discount", "transactions.quantity", "transactions.unit_price"),
        ),
        Check(
            code="customer_known",
            table="lines",
            column="source_customer_id",
            severity="warning",
            expectation=lambda: claims.never_null(
                "source_customer_id", share_min=known_customer_share_min
            ),
            parameters={"share": f"{known_customer_share_min:.0%}"},
            is_personal=True,
        ),
    )


def file_checks() -> tuple[Check, ...]:
    """What is claimed of the files that lines came in."""
    return (
        Check(
            code="files_accepted",
            table="loads",
            column="file",
            severity="warning",
            expectation=lambda: claims.no_row_of(_MOSTLY_REFUSED),
            parameters={"share": f"{REFUSED_SHARE_MAX:.0%}"},
            tells_names=True,
        ),
    )


REFUSED_SHARE_MAX = 0.05
"""Of a file's rows: beyond it the rule, the mapping or the export is at fault, not a row."""

# Of a file that was loaded several times the newest load counts.
_MOSTLY_REFUSED = f"""
    SELECT file
    FROM (
        SELECT file, quarantined_n, rows_n,
            row_number() OVER (PARTITION BY export, file ORDER BY load_id DESC) AS place
        FROM {{batch}}
    ) AS newest
    WHERE place = 1 AND quarantined_n > {REFUSED_SHARE_MAX} * rows_n
    ORDER BY file
"""


def line_references() -> tuple[Check, ...]:
    """What lines name, and the lists that must have it."""
    return (
        _conditional(
            "product_listed",
            "product_id",
            # A damaged code is told by its own check: one cause, one finding.
            f"CASE WHEN NOT regexp_matches(product_id, '{claims.SCIENTIFIC}') "
            "THEN product_id IN (SELECT product_id FROM products) END",
            needs=("transactions.product_id", "products.product_id"),
        ),
        _conditional(
            "store_listed",
            "store_id",
            "store_id IN (SELECT store_id FROM stores)",
            needs=("transactions.store_id", "stores.store_id"),
        ),
        _conditional(
            "customer_listed",
            "source_customer_id",
            "source_customer_id IN (SELECT source_customer_id FROM customers)",
            needs=("customers.customer_id",),
            is_personal=True,
        ),
    )


def _conditional(
    code: str,
    column: str,
    condition: str,
    *,
    severity: Severity = "warning",
    parameters: dict[str, str] | None = None,
    needs: tuple[str, ...] = (),
    is_personal: bool = False,
) -> Check:
    return Check(
        code=code,
        table="lines",
        column=column,
        severity=severity,
        expectation=lambda: claims.always(code),
        condition=condition,
        parameters=parameters or {},
        needs=needs,
        is_personal=is_personal,
    )
