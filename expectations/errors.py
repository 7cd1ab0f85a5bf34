"""The errors shown to users: one base class, one exit code a class.

Exit codes: 0 done, 1 failed, 2 usage or settings, 3 data refused, 4 done with quarantine
(only with ``--strict``), 5 busy, 130/143 signal.
"""

from __future__ import annotations

from typing import ClassVar

DONE = 0
DONE_WITH_QUARANTINE = 4


class RegularsError(Exception):
    """What a user can act on.

    ``what`` says what happened to which thing, ``expected`` and ``found`` the difference,
    ``left`` which state things are in now, ``next_step`` what to type or change.
    None of them may hold a personal value: only names of files and columns, line numbers,
    counts and shapes.
    """

    exit_code: ClassVar[int] = 1

    def __init__(
        self,
        what: str,
        *,
        expected: str | None = None,
        found: str | None = None,
        left: str | None = None,
        next_step: str | None = None,
    ) -> None:
        super().__init__(what)
        self.what = what
        self.expected = expected
        self.found = found
        self.left = left
        self.next_step = next_step

    def lines(self) -> list[str]:
        """The message as it is printed, a line an aspect.

        >>> print("\\n".join(DataRefused("a.csv: no amount column", next_step="map it").lines()))
        a.csv: no amount column
          next: map it
        """
        aspects = (
            ("expected", self.expected),
            ("found", self.found),
            ("left", self.left),
            ("next", self.next_step),
        )
        return [self.what, *(f"  {name}: {text}" for name, text in aspects if text)]

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def as_dict(self) -> dict[str, str | int]:
        """The same for ``--json``: only the aspects that are known."""
        known: dict[str, str | int] = {
            "error": type(self).__name__,
            "exit_code": self.exit_code,
            "what": self.what,
        }
        aspects = ("expected", "found", "left", "next_step")
        return known | {name: text for name in aspects if (text := getattr(self, name))}


class Failed(RegularsError):
    """Something outside the data went wrong: a folder, a disk, a file of ours."""

    exit_code = 1


class SettingsError(RegularsError):
    """A setting or an argument is wrong; no data has been read."""

    exit_code = 2


class DataRefused(RegularsError):
    """The data breaks a contract; nothing of it was loaded or published."""

    exit_code = 3


class Busy(RegularsError):
    """Another run holds the workspace."""

    exit_code = 5
