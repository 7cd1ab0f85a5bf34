"""``regulars map``: which column of a file is which, shown, and on demand written down."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from regulars.expectations.errors import SettingsError
from regulars.flows.commands import JsonOption, WorkspaceOption, app
from regulars.flows.console import Console

if TYPE_CHECKING:
    from regulars.flows.mapped_file import MappedFile


@app.command("map")
def map_columns(
    file: Annotated[Path, typer.Argument(help="A file as a system exported it.")],
    export: Annotated[
        str | None, typer.Option("--export", help="Which export it is; told by its columns else.")
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option("--column", help="One column decided: amount=实付金额. May be given often."),
    ] = None,
    sheet: Annotated[
        str | None, typer.Option("--sheet", help="The sheet of an Excel file that has several.")
    ] = None,
    do_write: Annotated[
        bool, typer.Option("--write", help="Write it into regulars.toml, comments kept.")
    ] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Let --write change what regulars.toml says already.")
    ] = False,
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """Propose which of a file's columns is which; exit code 3 when a required one is not found."""
    from regulars.flows.mapped_file import mapped
    from regulars.flows.mapping_lines import lines
    from regulars.flows.mapping_settings import write

    found = mapped(
        file, workspace, export=export, told=_told(column or ()), sheet=sheet, anew=replace
    )
    refusal = found.refusal()
    is_written = do_write and refusal is None and not found.is_said_already
    if is_written:
        write(found, workspace, replace=replace)
    facts = found.as_dict() | {"is_written": is_written} | (refusal.as_dict() if refusal else {})
    told = [*lines(found), *_ending(found, is_written)]
    Console(as_json).result(facts, *told)
    if refusal is not None and as_json:
        typer.echo(str(refusal), err=True)
        raise typer.Exit(refusal.exit_code)
    if refusal is not None:
        raise refusal


def _ending(found: MappedFile, is_written: bool) -> tuple[str, ...]:
    if found.proposal.missing:
        return ()
    if is_written:
        return ("written into regulars.toml", "next: regulars doctor")
    if found.is_said_already:
        return ("regulars.toml says all of it", "next: regulars run")
    return ("", "to regulars.toml, by --write or by hand:", "", found.text())


def _told(columns: Sequence[str]) -> dict[str, str]:
    """Columns decided on the command line, as ``contract=own``."""
    told = {}
    for given in columns:
        column, equals, own = given.partition("=")
        if not (column and equals and own):
            raise SettingsError(
                "--column takes two names",
                expected="the contract's name, an equals sign, the file's own: amount=实付金额",
                found=given,
                left="nothing was changed",
                next_step="regulars map FILE --column amount=实付金额",
            )
        told[column.strip()] = own.strip()
    return told
