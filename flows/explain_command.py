"""``regulars explain``: one customer's story, from the published run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from regulars.flows.commands import JsonOption, WorkspaceOption, app
from regulars.flows.console import Console


@app.command("explain")
def explain(
    customer: Annotated[
        str,
        typer.Argument(
            help="A pseudonym (c1_…), an id as the exports spell it, or a phone or e-mail address "
            "that one member alone has. A pseudonym keeps the raw id out of the shell's history."
        ),
    ],
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """Tell of one customer who they are, how likely they are to stay away and why, and their
    worth.
    """
    from regulars.flows.explaining import explained

    told = explained(workspace, customer)
    Console(as_json).result(told.as_dict(), *told.story.lines)
