"""The checks that settings ask for, each as severe as they say."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from regulars.expectations.checks import Brought, Check, with_severities
from regulars.expectations.suites import REQUIRED_ONLY, warehouse_checks
from regulars.flows.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Sequence


def checks_of(
    settings: Settings, *, landed_on: date = date.max, brought: Brought = REQUIRED_ONLY
) -> Sequence[Check]:
    """Every check of the warehouse under these settings.

    Raises:
        SettingsError: ``[gate.severity]`` names no check, no severity, or one that cannot change.
    """
    declared = warehouse_checks(
        landed_on=landed_on,
        brought=brought,
        order_key=settings.chain.order_key,
        freshness_days=settings.gate.freshness_days,
    )
    return with_severities(declared, settings.gate.severity)
