"""``regulars forget``: what is held of a customer, and its removal."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import Annotated

import typer

from regulars.flows.commands import JsonOption, WaitOption, WorkspaceOption, app
from regulars.flows.console import Console


@app.command("forget")
def forget(
    customer: Annotated[
        str,
        typer.Argument(
            help="A pseudonym (c1_…), an id as the exports spell it, or a phone or e-mail address "
            "that one member alone has. A pseudonym keeps the raw id out of the shell's history."
        ),
    ],
    yes: Annotated[
        bool, typer.Option("--yes", help="Erase; without it, only say what would be removed.")
    ] = False,
    workspace: WorkspaceOption = Path(),
    wait: WaitOption = 0,
    as_json: JsonOption = False,
) -> None:
    """Erase a customer from vault, warehouse, quarantine, landing and runs, and keep them out."""
    from regulars.flows.forgetting import forget as forgotten

    console = Console(as_json)
    with console.working("looking") as report:
        found = forgotten(
            workspace,
            customer,
            is_meant=yes,
            by=getpass.getuser(),
            wait_seconds=wait,
            report=report,
        )
    console.result(found.as_dict(), *found.lines())
