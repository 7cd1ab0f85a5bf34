"""The entry point: what the command line says is done, errors become messages and exit codes."""

from __future__ import annotations

import sys
from typing import NoReturn

from regulars.data.points import watched
from regulars.expectations.errors import Failed, RegularsError, SettingsError
from regulars.flows import (
    commands,
    explain_command,
    forget_command,
    map_command,
    quarantine_command,
    signals,
)
from regulars.flows.console import Console
from regulars.flows.memory import out_of_memory
from regulars.flows.private_files import private_files

# Each of these modules adds its commands to the app.
COMMANDS = (explain_command, forget_command, map_command, quarantine_command)
app = commands.app


def main() -> NoReturn:
    """The entry point: errors become messages, exit codes are those of the design."""
    signals.listen()
    try:
        code = _commanded()
    except BaseException:
        # Whatever a library made of the signal on its way up, the signal is the reason.
        if (told := signals.was_told()) is None:
            raise
        word, code = told
        print(
            f"{word}: the step that was under way was rolled back, what is published is whole; "
            "run again to finish",
            file=sys.stderr,
        )
    sys.exit(code)


def _commanded() -> int:
    """Do what the command line says; gives the exit code."""
    console = Console("--json" in sys.argv)
    try:
        _arm()
        with private_files(), watched(signals.stop_if_told):
            code = app(prog_name="regulars", standalone_mode=False)
    except RegularsError as error:
        return console.failed(error)
    except OSError as error:
        return console.failed(_refused_by_the_system(error))
    except Exception as error:
        if short := out_of_memory(error):
            return console.failed(short)
        if (show := getattr(error, "show", None)) is None:
            raise
        show()  # typer's own words for a wrong command line
        return console.failed(_wrong_usage(error), is_shown=True)
    return code if isinstance(code, int) else 0


def _arm() -> None:
    from regulars.flows.settings import Environment

    if point := Environment.read().kill_at:
        from regulars.data.points import arm

        arm(point)


def _wrong_usage(error: Exception) -> SettingsError:
    return SettingsError(
        getattr(error, "message", "") or str(error),
        left="nothing was changed",
        next_step="regulars --help",
    )


def _refused_by_the_system(error: OSError) -> Failed:
    """A file or folder that cannot be read or written, where no step has a better word for it."""
    return Failed(
        f"{error.filename or 'a file'}: {error.strerror or error}",
        expected="a file or folder that this user may read and write, on a disk with space",
        left="the step that was under way was rolled back; the last publication is untouched",
        next_step="regulars doctor, which looks at every folder and file that a run needs",
    )


if __name__ == "__main__":
    main()
