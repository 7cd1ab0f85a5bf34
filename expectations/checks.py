"""A check: one claim about the warehouse, how grave it is when it is not met, and when it is asked.

What a check claims, and what to do when it is not met, is said by the catalogue under its code.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, get_args

from regulars.expectations.errors import SettingsError

if TYPE_CHECKING:
    from great_expectations.expectations.expectation import Expectation

Severity = Literal["critical", "warning"]
Unasked = Literal["no_file", "no_column", "off"]
"""Why a check is not asked: an export or a column that it is about never came, or settings."""

Brought = Mapping[str, Collection[str]]
"""The columns that the loaded files of each export bring; an export that never came is no key."""

OFF: Literal["off"] = "off"


@dataclass(frozen=True)
class Check:
    """One claim about a table of the warehouse.

    ``column`` is null when the claim is about whole rows. ``expectation`` builds what Great
    Expectations is asked; importing that takes seconds, so only the builder does. ``condition``
    is SQL of what must be true of each row, for the claims that Great Expectations has no words
    for: its outcome stands beside the table's columns in one that is named like the check.

    ``needs`` names columns of exports (``products.product_id``) without which there is nothing
    to ask. Of a check that ``is_personal`` nothing but whether it is met is ever asked for. One
    that ``tells_names`` tells what it finds by the first column of its rows. The severity of one
    that ``is_structural`` cannot be changed: it is about what regulars made of the rows.
    """

    code: str
    table: str
    column: str | None
    severity: Severity
    expectation: Callable[[], Expectation]
    condition: str | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    is_personal: bool = False
    tells_names: bool = False
    is_structural: bool = False
    unasked: Unasked | None = None

    def given(self, brought: Brought) -> Check:
        """The check, not asked where something that it needs never came."""
        for need in self.needs:
            export, _, column = need.partition(".")
            if export not in brought:
                return self._unasked("no_file", export=export)
            if column not in brought[export]:
                return self._unasked("no_column", export=export, column=column)
        return self

    def _unasked(self, reason: Unasked, **missing: str) -> Check:
        return replace(self, unasked=reason, parameters={**self.parameters, **missing})


def with_severities(checks: Iterable[Check], chosen: Mapping[str, str]) -> tuple[Check, ...]:
    """The checks with the severities that ``[gate.severity]`` chooses, by code.

    Raises:
        SettingsError: there is no such check or severity, or the check's cannot be changed.
    """
    declared = {check.code: check for check in checks}
    for code, severity in chosen.items():
        if code not in declared:
            raise _no_such_check(code, declared)
        if declared[code].is_structural:
            raise _refused(
                f"the severity of {code} cannot be changed",
                expected=f"{code} left out: what is published would be wrong without it",
                found=f'{code} = "{severity}"',
                next_step=f"take {code} out of [gate.severity] in regulars.toml",
            )
        if severity not in (*get_args(Severity), OFF):
            raise _refused(
                f"{code} has no severity {severity!r}",
                expected='"critical", "warning" or "off"',
                found=repr(severity),
                next_step=f"correct {code} under [gate.severity] in regulars.toml",
            )
    return tuple(_chosen(check, chosen.get(check.code)) for check in declared.values())


def _chosen(check: Check, severity: str | None) -> Check:
    if severity is None:
        return check
    if severity == OFF:
        return replace(check, unasked=OFF)
    return replace(check, severity="critical" if severity == "critical" else "warning")


def _no_such_check(code: str, known: Collection[str]) -> SettingsError:
    near = difflib.get_close_matches(code, known, n=1, cutoff=0.4)
    return _refused(
        f"there is no check {code!r}",
        expected=f"a check such as {near[0]}" if near else f"one of {', '.join(sorted(known))}",
        found=code,
        next_step=f"did you mean {near[0]}? Correct it under [gate.severity] in regulars.toml"
        if near
        else "correct it under [gate.severity] in regulars.toml, or take it out",
    )


def _refused(what: str, *, expected: str, found: str, next_step: str) -> SettingsError:
    return SettingsError(
        f"regulars.toml, [gate.severity]: {what}",
        expected=expected,
        found=found,
        left="nothing was published; the last publication is untouched",
        next_step=next_step,
    )
