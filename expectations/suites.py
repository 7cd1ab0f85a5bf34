"""What the warehouse must satisfy before anything is computed from it: all the checks."""

from __future__ import annotations

from datetime import date

from regulars.expectations.checks import Brought, Check
from regulars.expectations.exports import EXPORTS
from regulars.expectations.suites_campaigns import contact_checks, coupon_checks
from regulars.expectations.suites_feedback import feedback_checks
from regulars.expectations.suites_lines import (
    FRESHNESS_DAYS,
    KNOWN_CUSTOMER_SHARE_MIN,
    file_checks,
    line_checks,
    line_references,
)
from regulars.expectations.suites_lists import member_checks, product_checks, store_checks
from regulars.expectations.suites_orders import order_checks

REQUIRED_ONLY: Brought = {"transactions": EXPORTS["transactions"].required}
"""The least that can have come: transactions with what no file may be without."""


def warehouse_checks(
    *,
    landed_on: date,
    brought: Brought = REQUIRED_ONLY,
    order_key: tuple[str, ...] = ("order_id",),
    freshness_days: int = FRESHNESS_DAYS,
    known_customer_share_min: float = KNOWN_CUSTOMER_SHARE_MIN,
) -> tuple[Check, ...]:
    """All the checks, of lines, orders, returns, lists, campaigns and feedback, in this order.

    ``landed_on`` is the business day on which the newest delivery landed, ``order_key`` the
    columns of ``orders`` that make one order. ``brought`` names the columns that the loaded
    files of each export have at all; a check of what never came is there and not asked.
    """
    declared = (
        *line_checks(
            landed_on=landed_on,
            freshness_days=freshness_days,
            known_customer_share_min=known_customer_share_min,
        ),
        *line_references(),
        *file_checks(),
        *order_checks(landed_on=landed_on, order_key=order_key),
        *member_checks(landed_on=landed_on),
        *product_checks(),
        *store_checks(landed_on=landed_on),
        *contact_checks(),
        *coupon_checks(),
        *feedback_checks(),
    )
    return tuple(check.given(brought) for check in declared)
