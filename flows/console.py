"""What the command line prints: results on stdout, progress and errors on stderr."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from regulars.expectations.errors import RegularsError
from regulars.flows.counts import counted
from regulars.flows.next_step import commands_with_workspace, in_workspace, workspace_given

if TYPE_CHECKING:
    from regulars.flows.steps import Ingested


HEADLINES_SHOWN_N = 6
"""Who they are, the best, who is slipping away by segment and by churn risk, and up to two of
what customers say."""


class Console:
    """Prints for a person, or as JSON for a program.

    What to type next is given the workspace that the command line names.
    """

    def __init__(self, as_json: bool) -> None:
        self._as_json = as_json
        self._workspace = workspace_given(sys.argv[1:])

    def result(self, facts: dict[str, Any], *lines: str) -> None:
        """The result of a command: its facts as JSON, or its lines."""
        if self._as_json:
            print(json.dumps(self._facts(facts), ensure_ascii=False, indent=1, default=str))
        else:
            for line in lines:
                print(self._line(line))

    def failed(self, error: RegularsError, *, is_shown: bool = False) -> int:
        """What went wrong, on stderr; with ``--json`` on stdout too. Gives the exit code."""
        if not is_shown:
            for line in error.lines():
                print(self._line(line), file=sys.stderr)
        if self._as_json:
            print(json.dumps(self._facts(error.as_dict()), ensure_ascii=False, indent=1))
        return error.exit_code

    def _line(self, line: str) -> str:
        return self._advice(line) if line.lstrip().startswith("next:") else line

    def _facts(self, facts: Any) -> Any:
        """Facts as they are, with the workspace in each ``next_step``."""
        if isinstance(facts, dict):
            return {
                name: self._advice(fact)
                if name == "next_step" and isinstance(fact, str)
                else self._facts(fact)
                for name, fact in facts.items()
            }
        return [self._facts(fact) for fact in facts] if isinstance(facts, list) else facts

    def _advice(self, text: str) -> str:
        if self._workspace is None:  # then nothing is to be put in, nor the commands looked up
            return text
        return in_workspace(text, self._workspace, commands_with_workspace())

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

        if done.loaded:
            yield (
                f"loaded {counted(len(done.loaded), 'file')}: "
                f"{counted(sum(load.rows_n for load in done.loaded), 'row')} = "
                f"{sum(load.accepted_n for load in done.loaded):,} accepted + "
                f"{sum(load.duplicate_n for load in done.loaded):,} duplicate + "
                f"{done.quarantined_n:,} quarantined{_left_out(done)}"
            )
        yield from _skipped(done)
        for load in done.loaded:
            if not load.rows_n:
                yield f"  {load.file}: a header and no rows"
            if load.quarantined_n:
                yield f"  {load.file}: {counted(load.quarantined_n, 'row')} in quarantine/"
            for reason, column, rows_n, first_line in load.refusals:
                sentence = say(f"refused.{reason}", "en", column=column or "")
                more = f", and {counted(rows_n - 1, 'row')} more" if rows_n > 1 else ""
                yield f"    line {first_line}: {sentence}{more}"
        if done.quarantined_n:
            yield "next: regulars quarantine list"
        if done.already_loaded:
            before = counted(len(done.already_loaded), "file")
            yield f"{before} loaded before: nothing added"
        yield from done.notes

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
        unmet = facts["checks_unmet"]
        yield f"checks: {facts['checks_n'] - len(unmet)} met" + (
            f", {counted(len(unmet), 'warning')}: {', '.join(unmet)}; the report tells what to do"
            if unmet
            else ""
        )
        for headline in facts["headlines"][:HEADLINES_SHOWN_N]:
            yield f"  {headline}"
        yield from facts["notes"]
        tables = facts["published"] if facts["is_published"] else facts["tables"]
        yield f"tables: {tables}"
        yield f"report: {Path(tables, Path(facts['report']).name)}"


def _left_out(done: Ingested) -> str:
    """The terms of the sum that most files have none of."""
    terms = {
        "skipped": sum(load.skipped_n for load in done.loaded),
        "erased": sum(load.erased_n for load in done.loaded),
    }
    return "".join(f" + {rows_n:,} {name}" for name, rows_n in terms.items() if rows_n)


def _skipped(done: Ingested) -> Iterator[str]:
    """What was no data, rule by rule, with the place of the first such line."""
    from regulars.expectations.catalogue import say

    found: dict[str, list[tuple[str, int, int]]] = {}
    for load in done.loaded:
        for rule, lines_n, first_line in load.skipped:
            found.setdefault(rule, []).append((load.file, lines_n, first_line))
    for rule, places in found.items():
        file, _, line = places[0]
        yield (
            f"  skipped {counted(sum(lines_n for _, lines_n, _ in places), 'line')}: "
            f"{say(f'skipped.{rule}', 'en')}, such as line {line} of {file}"
        )
