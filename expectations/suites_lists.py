"""What the lists of members, products and stores must satisfy."""

from __future__ import annotations

from datetime import date

from regulars.expectations import claims
from regulars.expectations.checks import Check
from regulars.expectations.suites_lines import FIRST_PLAUSIBLE_DAY

OLDEST_YEARS = 120
"""Nobody is known to have lived three years longer; systems write 1900-01-01 for the unknown."""


def member_checks(*, landed_on: date) -> tuple[Check, ...]:
    """The checks of ``customers``."""
    first_born_on = date(landed_on.year - OLDEST_YEARS, 1, 1)
    return (
        Check(
            code="member_unique",
            table="customers",
            column="source_customer_id",
            severity="critical",
            expectation=lambda: claims.unique("source_customer_id"),
            needs=("customers.customer_id",),
            is_personal=True,
        ),
        Check(
            code="birth_date_plausible",
            table="customers",
            column="birth_date",
            severity="warning",
            expectation=lambda: claims.between("birth_date", first_born_on, landed_on),
            parameters={"first_on": str(first_born_on), "last_on": str(landed_on)},
            needs=("customers.birth_date",),
            is_personal=True,
        ),
        Check(
            code="joined_on_plausible",
            table="customers",
            column="joined_on",
            severity="warning",
            expectation=lambda: claims.between("joined_on", FIRST_PLAUSIBLE_DAY, landed_on),
            parameters={"first_on": str(FIRST_PLAUSIBLE_DAY), "last_on": str(landed_on)},
            needs=("customers.joined_on",),
        ),
        Check(
            code="home_store_listed",
            table="customers",
            column="home_store_id",
            severity="warning",
            expectation=lambda: claims.always("home_store_listed"),
            condition="home_store_id IN (SELECT store_id FROM stores)",
            needs=("customers.home_store_id", "stores.store_id"),
        ),
        Check(
            code="referrer_listed",
            table="customers",
            column="source_referrer_id",
            severity="warning",
            expectation=lambda: claims.always("referrer_listed"),
            condition="source_referrer_id IN (SELECT source_customer_id FROM customers)",
            needs=("customers.referrer_id",),
            is_personal=True,
        ),
    )


def product_checks() -> tuple[Check, ...]:
    """The checks of ``products``."""
    return (
        Check(
            code="product_unique",
            table="products",
            column="product_id",
            severity="critical",
            expectation=lambda: claims.unique("product_id"),
            needs=("products.product_id",),
        ),
        Check(
            code="listed_product_undamaged",
            table="products",
            column="product_id",
            severity="warning",
            expectation=lambda: claims.undamaged("product_id"),
            needs=("products.product_id",),
        ),
        Check(
            code="unit_cost_not_negative",
            table="products",
            column="unit_cost",
            severity="warning",
            expectation=lambda: claims.always("unit_cost_not_negative"),
            condition="unit_cost >= 0",
            needs=("products.unit_cost",),
        ),
    )


def store_checks(*, landed_on: date) -> tuple[Check, ...]:
    """The checks of ``stores``."""
    return (
        Check(
            code="store_unique",
            table="stores",
            column="store_id",
            severity="critical",
            expectation=lambda: claims.unique("store_id"),
            needs=("stores.store_id",),
        ),
        Check(
            code="listed_store_undamaged",
            table="stores",
            column="store_id",
            severity="warning",
            expectation=lambda: claims.undamaged("store_id"),
            needs=("stores.store_id",),
        ),
        Check(
            code="opened_on_plausible",
            table="stores",
            column="opened_on",
            severity="warning",
            expectation=lambda: claims.between("opened_on", None, landed_on),
            parameters={"last_on": str(landed_on)},
            needs=("stores.opened_on",),
        ),
    )
