"""``regulars quarantine``: see what was refused, hand it out, take it back mended."""

from __future__ import annotations

import getpass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from regulars.flows.commands import JsonOption, WaitOption, WorkspaceOption, app
from regulars.flows.console import Console
from regulars.flows.counts import counted

quarantine = typer.Typer(
    name="quarantine",
    help="Rows that were refused: see them, hand them out to be corrected, take them back.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(quarantine)


class Language(StrEnum):
    """In which the reasons are said."""

    EN = "en"
    ZH = "zh"


FileOption = Annotated[
    str | None, typer.Option("--file", help="Only rows of the file of this name.")
]
ReasonOption = Annotated[
    str | None, typer.Option("--reason", help="Only rows refused for this, such as not_a_date.")
]
LanguageOption = Annotated[
    Language | None, typer.Option("--language", help="Of the workbook; the chain's own otherwise.")
]


@quarantine.command("list")
def list_refused(
    file: FileOption = None,
    reason: ReasonOption = None,
    rows: Annotated[
        int, typer.Option("--rows", min=0, help="So many rows of each file, masked.")
    ] = 0,
    language: Annotated[
        Language, typer.Option("--language", help="In which the reasons are said.")
    ] = Language.EN,
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """By file and reason: how many rows were refused, from which line on, and what to do."""
    from regulars.data.workspace import opened
    from regulars.flows.quarantine_list import listed
    from regulars.flows.settings import settings_of

    place = opened(workspace)
    settings = settings_of(place)
    found = listed(
        place,
        settings,
        file=file,
        reason=reason,
        rows_n=rows,
        language=language,
    )
    Console(as_json).result(found.as_dict(), *found.lines())


@quarantine.command("export")
def export_refused(
    purpose: Annotated[
        str, typer.Option("--purpose", help="Why rows that name people are needed; it is kept.")
    ] = "",
    file: FileOption = None,
    reason: ReasonOption = None,
    store: Annotated[
        str | None, typer.Option("--store", help="Only rows of the store of this code.")
    ] = None,
    language: LanguageOption = None,
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """Write the refused rows to a private workbook, to be corrected in place and given back."""
    from regulars.data.handing_out import handed_out
    from regulars.data.workspace import opened
    from regulars.flows.quarantine_list import asked_for, refused_files
    from regulars.flows.settings import settings_of

    place = opened(workspace)
    settings = settings_of(place)
    files, _ = refused_files(place, settings)
    out = handed_out(
        place,
        asked_for(files, file=file, reason=reason),
        language=language or settings.chain.language,
        store=store,
        purpose=purpose,
        by=getpass.getuser(),
        at=datetime.now(UTC),
    )
    of_files = counted(out.files_n, "file")
    left_out = (
        f"{counted(out.left_out_n, 'more row')} left out, too long or too many to be mended by "
        "hand: export their files again at the source",
    )
    Console(as_json).result(
        {"file": str(out.path), "rows_n": out.rows_n, "left_out_n": out.left_out_n},
        f"{counted(out.rows_n, 'row')} of {of_files} in {out.path} (mode 0600)",
        *(left_out if out.left_out_n else ()),
        f"next: regulars quarantine resubmit {out.path}, when it comes back corrected",
    )


@quarantine.command("resubmit")
def resubmit(
    workbook: Annotated[
        Path, typer.Argument(help="The corrected workbook (.xlsx), or a sheet of it as .csv.")
    ],
    workspace: WorkspaceOption = Path(),
    wait: WaitOption = 0,
    as_json: JsonOption = False,
) -> None:
    """Take corrected rows in, each in the place it came from, and load their files again."""
    from regulars.flows.resubmission import resubmitted

    console = Console(as_json)
    with console.working("resubmitting") as report:
        done = resubmitted(
            workspace,
            workbook,
            by=getpass.getuser(),
            at=datetime.now(UTC),
            wait_seconds=wait,
            report=report,
        )
    console.result(done.as_dict(), *done.lines())
