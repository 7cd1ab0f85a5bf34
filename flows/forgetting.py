"""Forgetting a customer: found, told, and, when it is meant, erased under the lock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from regulars.data import forgetting, landing, lock, shelf, tombstones, vault
from regulars.data.people import Person, people_called
from regulars.data.points import reached
from regulars.data.workspace import Workspace, appended, opened, prepared
from regulars.expectations.errors import DataRefused, SettingsError
from regulars.flows import steps
from regulars.flows.counts import counted
from regulars.flows.settings import Settings, settings_of


@dataclass(frozen=True)
class Forgotten:
    """What was found of a customer, and whether it is gone.

    ``rewritten`` names files of the landing, ``lists`` those in ``revealed``; ``sources`` are the
    chain's own files that still hold the customer. ``erased_before`` tells when the customer was
    first erased.
    """

    customer_id: str
    is_erased: bool
    counts: dict[str, int]
    rewritten: tuple[str, ...]
    lists: tuple[str, ...]
    damaged: tuple[str, ...]
    sources: tuple[str, ...]
    erased_before: str | None = None
    notes: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        command = {} if self.is_erased else {"next_step": self._command()}
        return {
            "customer_id": self.customer_id,
            "is_erased": self.is_erased,
            "erased_before": self.erased_before,
            **self.counts,
            "landed_files": list(self.rewritten),
            "revealed_files": list(self.lists),
            "damaged_files": list(self.damaged),
            "sources": list(self.sources),
            "notes": list(self.notes),
            **command,
        }

    def lines(self) -> Iterator[str]:
        n = self.counts
        if self.erased_before:
            yield f"{self.customer_id}: erased before, on {self.erased_before}"
        removed = "was removed" if self.is_erased else "would be removed"
        yield f"{self.customer_id}: what {removed}"
        yield f"  vault: {counted(n['vault_entries_n'], 'entry', 'entries')}"
        told = [counted(n["warehouse_lines_n"], "receipt line")]
        told += [
            counted(n[place], one, many)
            for place, one, many in (
                ("warehouse_contacts_n", "message sent", "messages sent"),
                ("warehouse_coupons_n", "coupon use", "coupon uses"),
                ("warehouse_feedback_n", "piece of feedback", "pieces of feedback"),
            )
            if n[place]
        ]
        yield f"  warehouse: {', '.join(told)}"
        yield f"  quarantine: {counted(n['quarantine_rows_n'], 'row')}"
        referrals_n = n["landed_referrals_n"]
        emptied = f", and the referrer of {counted(referrals_n, 'member')}" if referrals_n else ""
        yield (
            f"  landing: {counted(n['landed_rows_n'], 'row')} of "
            f"{counted(n['landed_files_n'], 'file')}{emptied}"
        )
        yield (
            f"  runs: {counted(n['run_rows_n'], 'row')} in tables of {counted(n['runs_n'], 'run')}"
        )
        yield f"  revealed: {', '.join(self.lists) or 'no file'}"
        if n["models_n"]:
            yield f"  models: {n['models_n']}, learned from everybody; the next run fits them again"
        if self.damaged:
            yield f"  set aside as damaged, and of no use: {', '.join(self.damaged)}"
        yield from self._remains()
        yield from self.notes
        if not self.is_erased:
            yield f"next: {self._command()}"

    def _remains(self) -> Iterator[str]:
        word = "remains" if self.is_erased else "would remain"
        yield f"what {word}, and why:"
        yield (
            "  decisions.jsonl, audit.jsonl: the pseudonym, which keeps this customer out of what "
            "comes in later"
        )
        yield "  totals that were published before, in which nobody can be told apart"
        for source in self.sources:
            yield f"  {source}: the chain's own file; delete or correct it where it came from too"
        yield "  backups and copies outside this folder"

    def _command(self) -> str:
        return f"regulars forget {self.customer_id} --yes"


def forget(
    root: Path,
    customer: str,
    *,
    is_meant: bool,
    by: str,
    wait_seconds: float = 0,
    report: steps.Report = lambda _: None,
) -> Forgotten:
    """Find all there is of a customer; remove it when that is meant.

    Raises:
        SettingsError: nobody is called so, or several people are.
        Busy: another process holds the workspace.
    """
    workspace = opened(root)
    settings = settings_of(workspace)
    prepared(workspace)
    with lock.held(workspace, "an erasure", wait_seconds=wait_seconds):
        shelf.tidied(workspace)
        landing.tidied(workspace)
        key = vault.workspace_key(workspace)
        resources, read = steps.resources(settings), steps.read_rules(settings)
        people = _meant(people_called(workspace, customer, key=key))
        report("looking for what there is")
        found = forgetting.held(workspace, resources, people, read, key=key)
        number = people[0].customer_id
        laid = {stone.customer_id: stone for stone in tombstones.tombstones(workspace)}
        if found.is_nothing and number not in laid:
            raise _nobody(workspace)
        sources = tuple(
            str(path.relative_to(workspace.root))
            for path in forgetting.sources_left(workspace, found.landed)
        )
        before = laid[number].laid_at if number in laid else None
        told = _told(number, found, sources, before)
        if not is_meant:
            return told
        at = datetime.now(UTC)
        _put_on_record(workspace, number, found, by=by, at=at)
        report("erasing")
        forgetting.erase(workspace, people, found, at=at)
        notes = _built_again(workspace, settings, key, report)
    return replace(told, is_erased=True, notes=notes)


def _meant(people: list[Person]) -> list[Person]:
    if len(people) > 1:
        raise SettingsError(
            f"{len(people)} people have this phone or e-mail address",
            expected="a pseudonym, or an id as the exports spell it",
            found="a text that does not say which of them",
            left="nothing was changed",
            next_step="regulars forget with the id of the one who asked",
        )
    return people


def _nobody(workspace: Workspace) -> SettingsError:
    return SettingsError(
        f"{workspace.root} holds nothing of such a customer",
        expected="a pseudonym (c1_ and 16 hex digits), an id as the exports spell it, or a phone "
        "or e-mail address of the customers export",
        found="a text that none of them is",
        left="nothing was changed",
        next_step="look the id up in the system that the exports come from",
    )


def _told(
    number: int, found: forgetting.Held, sources: tuple[str, ...], before: str | None
) -> Forgotten:
    return Forgotten(
        customer_id=tombstones.spelled(number),
        is_erased=False,
        counts=found.counts,
        rewritten=tuple(named.file.file for named in found.landed),
        lists=tuple(path.name for path in found.lists.paths),
        damaged=tuple(path.name for path in found.damaged),
        sources=sources,
        erased_before=before,
    )


def _put_on_record(
    workspace: Workspace, number: int, found: forgetting.Held, *, by: str, at: datetime
) -> None:
    """Before anything is removed: an erasure must not begin that no line tells of."""
    tombstones.lay(workspace, number, by=by, at=at, found=found.counts)
    appended(
        workspace.audit,
        {
            "at": at.isoformat(timespec="seconds"),
            "by": by,
            "action": "forget",
            "customer_id": tombstones.spelled(number),
            **found.counts,
        },
    )
    reached("tombstone_laid")


def _built_again(
    workspace: Workspace, settings: Settings, key: bytes, report: steps.Report
) -> tuple[str, ...]:
    """Have the warehouse made of what landing/ holds now; what kept it from being made."""
    report("building the warehouse again")
    try:
        steps.load_landed(workspace, settings, key, report=report)
    except DataRefused as error:
        return (f"the warehouse has still to be built again: {error.what}; run regulars ingest",)
    return ()
