"""What the command line prints: results on stdout, progress and errors on stderr."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from regulars.expectations.errors import RegularsError

if TYPE_CHECKING:
    from regulars.flows.steps import Ingested


class Console:
    """Prints for a person, or as JSON for a program."""

    def __init__(self, as_json: bool) -> None:
        self._as_json = as_json

    def result(self, facts: dict[str, Any], *lines: str) -> None:
        """The result of a command: its facts as JSON, or its lines."""
        if self._as_json:
            print(json.dumps(facts, ensure_ascii=False, indent=1, default=str))
        else:
            for line in lines:
                print(line)

    def failed(self, error: RegularsError, *, is_shown: bool = False) -> int:
        """What went wrong, on stderr; with ``--json`` on stdout too. Gives the exit code."""
        if not is_shown:
            print(error, file=sys.stderr)
        if self._as_json:
            print(json.dumps(error.as_dict(), ensure_ascii=False, indent=1))
        return error.exit_code

    @contextmanager
    def working(self, first: str) -> Iterator[Callable[[str], None]]:
        """Show what is under way, where a person is looking; quiet everywhere else."""
        if not sys.stderr.isatty():
            yield lambda _: None
            return
        from rich.console import Console as Terminal

        started = time.monotonic()
        with Terminal(stderr=True).status(first) as shown:
            yield lambda text: shown.update(f"{text}  ({time.monotonic() - started:.0f} s)")

    def ingested(self, done: Ingested) -> Iterator[str]:
        """Lines that tell what came in."""
        from regulars.expectations.catalogue import say

        yield from done.notes
        if done.loaded:
            yield (
                f"loaded {_files(len(done.loaded))}: "
                f"{sum(load.rows_n for load in done.loaded):,} rows = "
                f"{sum(load.accepted_n for load in done.loaded):,} accepted + "
                f"{sum(load.duplicate_n for load in done.loaded):,} duplicate + "
                f"{done.quarantined_n:,} quarantined"
            )
        for load in done.loaded:
            if not load.rows_n:
                yield f"  {load.file}: a header and no rows"
            if load.quarantined_n:
                yield f"  {load.file}: {load.quarantined_n:,} rows in quarantine/"
            for reason, column, rows_n, first_line in load.refusals:
                sentence = say(f"refused.{reason}", "en", column=column or "")
                more = f", and {rows_n - 1:,} rows more" if rows_n > 1 else ""
                yield f"    line {first_line}: {sentence}{more}"
        if done.already_loaded:
            yield f"{_files(len(done.already_loaded))} loaded before: nothing added from them"

    def ran(self, facts: dict[str, Any]) -> Iterator[str]:
        """Lines that tell what a run made."""
        state = (
            "published"
            if facts["is_published"]
            else "kept, but a later day stays published; --publish shows this one"
        )
        again = (
            " (same data and settings as before: nothing to compute)" if facts["was_there"] else ""
        )
        yield f"run {facts['run_id']} as of {facts['as_of']}: {state}{again}"
        for headline in facts["headlines"][:3]:
            yield f"  {headline}"
        yield f"tables: {facts['published'] if facts['is_published'] else facts['tables']}"
        yield f"report: {facts['report']}"


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count:,} files"
