"""What the messages of campaigns and the uses of coupons must satisfy."""

from __future__ import annotations

from regulars.expectations import claims
from regulars.expectations.checks import Check


def contact_checks() -> tuple[Check, ...]:
    """The checks of ``contacts``."""
    return (
        Check(
            code="contact_unique",
            table="contacts",
            column=None,
            severity="critical",
            expectation=lambda: claims.no_row_of(
                _repeated("campaign_id", "source_customer_id", "contacted_at")
            ),
            needs=("contacts.campaign_id",),
        ),
        _conditional(
            "contact_before_landing",
            "contacts.contacted_at",
            _before_landing("contacts", "contacted_on"),
        ),
        _conditional("contact_customer_known", "contacts.customer_id", _IS_KNOWN, is_personal=True),
        _conditional(
            "contact_arm_told",
            "contacts.arm",
            "coalesce(arm IN ('treated', 'control'), false)",
        ),
        _conditional("contact_cost_not_negative", "contacts.cost", "cost >= 0"),
    )


def coupon_checks() -> tuple[Check, ...]:
    """The checks of ``coupons``."""
    return (
        Check(
            code="coupon_use_unique",
            table="coupons",
            column=None,
            severity="critical",
            expectation=lambda: claims.no_row_of(
                _repeated("coupon_id", "redeemed_at", "source_customer_id", "order_id")
            ),
            needs=("coupons.coupon_id",),
        ),
        _conditional(
            "coupon_use_before_landing",
            "coupons.redeemed_at",
            _before_landing("coupons", "redeemed_on"),
        ),
        _conditional(
            "coupon_use_customer_known", "coupons.customer_id", _IS_KNOWN, is_personal=True
        ),
        _conditional("coupon_value_not_negative", "coupons.value", "value >= 0"),
    )


# Not every chain has a list of its members, and not every member has bought.
_IS_KNOWN = (
    "source_customer_id IN (SELECT source_customer_id FROM customers UNION ALL "
    "SELECT source_customer_id FROM orders WHERE source_customer_id IS NOT NULL)"
)
_STORED = {
    "contacted_at": "contacted_on",
    "redeemed_at": "redeemed_on",
    "customer_id": "source_customer_id",
}
"""What is asked of a column of an export is asked of this one of the warehouse."""


def _conditional(code: str, need: str, condition: str, *, is_personal: bool = False) -> Check:
    table, _, column = need.partition(".")
    return Check(
        code=code,
        table=table,
        column=_STORED.get(column, column),
        severity="warning",
        expectation=lambda: claims.always(code),
        condition=condition,
        needs=(need,),
        is_personal=is_personal,
    )


def _before_landing(table: str, day: str) -> str:
    return (
        f"{day} <= (SELECT CAST(max(landed_at) AS DATE) FROM loads "
        f"WHERE loads.load_id = {table}.load_id)"
    )


def _repeated(*key: str) -> str:
    columns = ", ".join(claims.quoted(column) for column in key)
    return f"SELECT count(*) AS rows_n FROM {{batch}} GROUP BY {columns} HAVING count(*) > 1"
