"""What pieces of feedback must satisfy."""

from __future__ import annotations

from regulars.expectations import claims
from regulars.expectations.checks import Check
from regulars.expectations.feedback_export import NPS_MAX


def feedback_checks() -> tuple[Check, ...]:
    """The checks of ``feedback``."""
    return (
        Check(
            code="feedback_unique",
            table="feedback",
            column=None,
            severity="critical",
            expectation=lambda: claims.no_row_of(_REPEATED),
            needs=("feedback.feedback_id",),
        ),
        _conditional("feedback_before_landing", "submitted_at", "submitted_on", _BEFORE_LANDING),
        _conditional(
            "feedback_customer_known",
            "customer_id",
            "source_customer_id",
            "source_customer_id IN (SELECT source_customer_id FROM customers UNION ALL "
            "SELECT source_customer_id FROM orders WHERE source_customer_id IS NOT NULL)",
            is_personal=True,
        ),
        _conditional(
            "feedback_order_known",
            "order_id",
            "order_id",
            "order_id IN (SELECT order_id FROM orders UNION ALL SELECT order_id FROM returns)",
        ),
        _conditional(
            "feedback_product_known",
            "product_id",
            "product_id",
            "product_id IN (SELECT product_id FROM products)",
            needs=("products.product_id",),
        ),
        _conditional(
            "feedback_store_known",
            "store_id",
            "store_id",
            "store_id IN (SELECT store_id FROM stores)",
            needs=("stores.store_id",),
        ),
        _conditional("feedback_kind_told", "kind", "kind", "kind IS NOT NULL"),
        _conditional(
            "feedback_rating_in_scale", "rating", "rating_of_five", "rating_of_five BETWEEN 1 AND 5"
        ),
        _conditional("feedback_nps_in_range", "nps", "nps", f"nps BETWEEN 0 AND {NPS_MAX}"),
        _conditional(
            "feedback_says_something",
            "feedback_id",
            None,
            "text IS NOT NULL OR rating IS NOT NULL OR nps IS NOT NULL OR kind IN "
            "('complaint', 'call')",
        ),
        _conditional(
            "feedback_times_in_order",
            "resolved_at",
            "resolved_at",
            "resolved_at >= greatest(submitted_at, coalesce(responded_at, submitted_at))",
        ),
    )


_REPEATED = "SELECT count(*) AS rows_n FROM {batch} GROUP BY feedback_id HAVING count(*) > 1"
_BEFORE_LANDING = (
    "submitted_on <= (SELECT CAST(max(landed_at) AS DATE) FROM loads "
    "WHERE loads.load_id = feedback.load_id)"
)


def _conditional(
    code: str,
    need: str,
    column: str | None,
    condition: str,
    *,
    needs: tuple[str, ...] = (),
    is_personal: bool = False,
) -> Check:
    """A condition on a column of the warehouse that the export's column ``need`` fills."""
    return Check(
        code=code,
        table="feedback",
        column=column,
        severity="warning",
        expectation=lambda: claims.always(code),
        condition=condition,
        needs=(f"feedback.{need}", *needs),
        is_personal=is_personal,
    )
