"""SIGTERM and Ctrl-C: the step under way is rolled back, and one line says what happened."""

from __future__ import annotations

import signal
import sys
from types import FrameType
from typing import NoReturn

_WORDS = {signal.SIGINT: ("interrupted", 130), signal.SIGTERM: ("terminated", 143)}
_received: list[signal.Signals] = []


def listen() -> None:
    """From here on a signal ends the process by an exception, so that each step tidies up."""
    for number in _WORDS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _stop)
    sys.unraisablehook = _reported


def stop_if_told(_point: str) -> None:
    """A signal that came while Python could raise nothing takes effect at the next point."""
    if _received:
        sys.exit(_WORDS[_received[0]][1])


def was_told() -> tuple[str, int] | None:
    """The word and the exit code of the signal that came first; null when none came."""
    return _WORDS[_received[0]] if _received else None


def _stop(number: int, _frame: FrameType | None) -> NoReturn:
    _received.append(signal.Signals(number))
    # Not KeyboardInterrupt: one that passes through an exec() has Python die of SIGINT at the end.
    sys.exit(_WORDS[_received[0]][1])


def _reported(unraisable: sys.UnraisableHookArgs) -> None:
    # Within a destructor Python swallows our exception and prints it. It takes effect at the
    # next point, and what happened is told in one line at the end.
    if not (_received and isinstance(unraisable.exc_value, SystemExit)):
        sys.__unraisablehook__(unraisable)
