from __future__ import annotations

import subprocess
import sys

import pytest

SWALLOWED = """
import os, signal, weakref
from regulars.flows import signals

class Thing:
    pass

signals.listen()
thing = Thing()
dying = weakref.ref(thing, lambda _: os.kill(os.getpid(), signal.{name}))
del thing
{then}
"""


def python(text: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=False)


@pytest.mark.parametrize(("name", "code"), [("SIGTERM", 143), ("SIGINT", 130)])
@pytest.mark.fault("F02")
def test_a_signal_that_python_swallowed_ends_the_process_at_the_next_point(
    name: str, code: int
) -> None:
    done = python(SWALLOWED.format(name=name, then='signals.stop_if_told("landed")'))

    assert (done.returncode, done.stderr) == (code, "")


def test_what_else_is_swallowed_is_still_told() -> None:
    text = SWALLOWED.replace("lambda _: os.kill(os.getpid(), signal.{name})", "lambda _: 1 / 0")
    done = python(text.format(then="pass"))

    assert "ZeroDivisionError" in done.stderr
