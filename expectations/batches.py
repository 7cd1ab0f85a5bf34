"""Checks that are asked together: those of one table and one result format."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from regulars.expectations.checks import Check

# Great Expectations would fetch examples of what is wrong; the limit keeps them in the database.
_COUNTS_ONLY: Mapping[str, Any] = {"result_format": "BASIC", "partial_unexpected_count": 0}
_BOOLEAN_ONLY: Mapping[str, Any] = {"result_format": "BOOLEAN_ONLY"}
_WITH_ROWS: Mapping[str, Any] = {"result_format": "COMPLETE", "partial_unexpected_count": 0}


class Batch(NamedTuple):
    """Checks of one table and one result format, which Great Expectations puts into one query."""

    table: str
    result_format: Mapping[str, Any]
    checks: list[Check]

    @property
    def conditions(self) -> dict[str, str]:
        return {check.code: check.condition for check in self.checks if check.condition}

    @property
    def source(self) -> str:
        return f"gate_{self.table}" if self.conditions else self.table


def batches(checks: Sequence[Check]) -> Iterator[Batch]:
    """Every check in one batch, the batches in the order of their first checks."""
    groups: dict[tuple[str, str], Batch] = {}
    for check in checks:
        result_format = _result_format(check)
        key = check.table, result_format["result_format"]
        groups.setdefault(key, Batch(check.table, result_format, [])).checks.append(check)
    yield from groups.values()


def _result_format(check: Check) -> Mapping[str, Any]:
    if check.is_personal:
        return _BOOLEAN_ONLY
    return _WITH_ROWS if check.tells_names else _COUNTS_ONLY
