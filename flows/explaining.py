"""Explaining a customer: whom an id means, and what the published run tells of them.

Nothing is locked and nothing written: it reads one run, whichever is published at that moment.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from regulars.data import shelf, tombstones, vault
from regulars.data.people import is_pseudonym, numbers_called, person
from regulars.data.workspace import Workspace, opened
from regulars.expectations.errors import Busy, DataRefused, SettingsError
from regulars.reports.facts import ChurnFacts
from regulars.reports.story import Story, StoryFacts, story


@dataclass(frozen=True)
class Explained:
    """A customer's story, and the run that it is of."""

    run_id: str
    as_of: str
    horizon_days: int
    story: Story

    def as_dict(self) -> dict[str, Any]:
        told = self.story
        return {
            "customer_id": told.customer_id,
            "run_id": self.run_id,
            "as_of": self.as_of,
            "horizon_days": self.horizon_days,
            **told.known,
            "lower_risk_share": told.lower_risk_share,
            "reasons": [asdict(reason) for reason in told.reasons],
            "story": list(told.lines),
        }


def explained(root: Path, customer: str) -> Explained:
    """What the published run tells of the customer that a pseudonym or a raw id means.

    Raises:
        SettingsError: nobody is called so, several are, or the run does not hold them.
        DataRefused: nothing is published yet, or a run from before there were risks.
        Busy: the vault has to be asked, and a run has it open.
    """
    workspace = opened(root)
    tables = workspace.published.resolve()  # one run, whatever is published meanwhile
    if not (tables / shelf.MANIFEST).exists():
        raise DataRefused(
            f"{workspace.root}: nothing is published yet",
            expected="a published run to tell from",
            found="none",
            next_step="regulars run",
        )
    manifest = shelf.manifest_of(workspace, tables.parent.name)
    if "churn" not in manifest["fitted"]:
        raise DataRefused(
            f"the published run {manifest['run_id']} has no risks",
            expected="a run of this version",
            found=f"one of version {manifest['package_version']}",
            left="nothing was changed",
            next_step="regulars run",
        )
    row = _found(workspace, tables, customer.strip(), as_of=manifest["as_of"])
    customer_id = row["customer_id"][0]
    of_risk = pl.scan_parquet(tables / "churn_risk.parquet", glob=False)
    told = story(
        row,
        of_risk.filter(pl.col("customer_id") == customer_id).collect(),
        of_risk.select("churn_risk").collect(),
        _facts(manifest),
    )
    return Explained(
        manifest["run_id"],
        manifest["as_of"],
        manifest["settings"]["churn"]["horizon_days"],
        told,
    )


def _facts(manifest: Mapping[str, Any]) -> StoryFacts:
    """What the run was told with, which the settings of today need not be."""
    settings = manifest["settings"]
    language = settings["chain"]["language"]
    labels = {
        rule["code"]: label
        for rule in settings["rfm"]["segments"] or ()
        if (label := rule[f"label_{language}"])
    }
    return StoryFacts(
        as_of=date.fromisoformat(manifest["as_of"]),
        currency=settings["chain"]["currency"],
        language=language,
        churn=ChurnFacts.of_fit(
            manifest["fitted"]["churn"], horizon_days=settings["churn"]["horizon_days"]
        ),
        labels=labels,
        category_labels={
            own["code"]: own[f"label_{language}"] or own["code"]
            for own in settings.get("feedback", {}).get("categories", ())
        },
    )


def _found(workspace: Workspace, tables: Path, customer: str, *, as_of: str) -> pl.DataFrame:
    """The row of the customer. The vault is asked only about who is not there by pseudonym or id:
    a run that is under way has it open.
    """
    own = (
        customer
        if is_pseudonym(customer)
        else tombstones.spelled(vault.pseudonym_of(customer, key=vault.workspace_key(workspace)))
    )
    row = _row(tables, own)
    if row.height:
        return row
    try:
        numbers = numbers_called(workspace, customer, key=vault.workspace_key(workspace))
        is_known = person(workspace, numbers[0]).is_in_vault
    except duckdb.IOException as error:
        raise Busy(
            f"{workspace.vault} is in use",
            expected="to look up there who is meant",
            found="a run that has it open",
            left="nothing was changed",
            next_step="ask again when the run is over, or by pseudonym",
        ) from error
    if len(numbers) > 1:
        raise SettingsError(
            f"{len(numbers)} people have this phone or e-mail address",
            expected="a pseudonym, or an id as the exports spell it",
            found="a text that does not say which of them",
            left="nothing was changed",
            next_step="regulars explain with the id of the one who is meant",
        )
    row = _row(tables, tombstones.spelled(numbers[0]))
    if not row.height:
        raise _missing(workspace, numbers[0], is_known=is_known, as_of=as_of)
    return row


def _row(tables: Path, customer_id: str) -> pl.DataFrame:
    customers = pl.scan_parquet(tables / "customers.parquet", glob=False)
    return customers.filter(pl.col("customer_id") == customer_id).collect()


def _missing(workspace: Workspace, number: int, *, is_known: bool, as_of: str) -> SettingsError:
    """Why there is nothing to tell; who is meant is not repeated."""
    if number in tombstones.kept_out(workspace):
        return SettingsError(
            "this customer was erased",
            expected="a customer of the published run",
            found="a tombstone, which keeps out what comes of them later",
            left="nothing was changed",
            next_step="for what remains of them, and why: regulars forget with the same id",
        )
    if is_known:
        return SettingsError(
            f"this customer is known, and not in the published run, which is as of {as_of}",
            expected="a customer with a line up to that day, or one of the customers export",
            found="somebody who came in later, or whose rows were all refused",
            left="nothing was changed",
            next_step="regulars run, then ask again; regulars quarantine list tells what was "
            "refused",
        )
    return SettingsError(
        f"{workspace.root} knows no such customer",
        expected="a pseudonym (c1_ and 16 hex digits), an id as the exports spell it, or a phone "
        "or e-mail address of the customers export",
        found="a text that none of them is",
        left="nothing was changed",
        next_step="take a customer_id from published/customers.parquet, or look the id up in the "
        "system that the exports come from",
    )
