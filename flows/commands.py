"""The commands. Heavy packages are imported by the command that needs them, not before."""

from __future__ import annotations

import getpass
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from regulars.expectations.errors import DONE_WITH_QUARANTINE, SettingsError
from regulars.flows.console import Console

if TYPE_CHECKING:
    from regulars.flows.pipeline import RunResult
    from regulars.flows.steps import Report

app = typer.Typer(
    name="regulars",
    help="Turn a retail chain's exports into decisions: who the regulars are, who is slipping "
    "away, what they are worth.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

WorkspaceOption = Annotated[
    Path, typer.Option("--workspace", "-w", help="Folder with the regulars.toml.")
]
JsonOption = Annotated[
    bool, typer.Option("--json", help="Print the result as JSON; everything else on stderr.")
]
WaitOption = Annotated[
    float, typer.Option("--wait", min=0, help="Seconds to wait while another run is in progress.")
]
StrictOption = Annotated[
    bool, typer.Option("--strict", help="End with exit code 4 when rows were quarantined.")
]


class Sample(StrEnum):
    """The data that ``init`` can put into a new workspace."""

    COMPLETE_JOURNEY = "complete-journey"


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(help="The new workspace.")],
    sample: Annotated[
        Sample | None, typer.Option(help="Fill it with the exports of a real grocery chain's year.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Make a workspace: a folder with a regulars.toml to edit, or with a sample chain's exports."""
    from regulars.data.workspace import created

    console = Console(as_json)
    if sample is None:
        from regulars.flows.template import SETTINGS_TEMPLATE

        settings = SETTINGS_TEMPLATE
    else:
        from regulars.data.sample import complete_journey_settings, write_complete_journey

        settings = complete_journey_settings()
    workspace = created(folder, settings, at=datetime.now(UTC))
    if sample is not None:
        with console.working("writing the exports of a grocery chain's year"):
            write_complete_journey(workspace.root)
    exports_n = sum(1 for path in workspace.exports.iterdir() if path.is_file())
    console.result(
        {"workspace": str(workspace.root), "exports_n": exports_n},
        f"made {workspace.root}" + (f" with {exports_n} files in exports/" if exports_n else ""),
        f"next: regulars run --workspace {folder}"
        if sample
        else f"next: put files into {folder}/exports and name their columns in "
        f"{folder}/regulars.toml",
    )


@app.command()
def ingest(
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Only these files; otherwise all that settings name."),
    ] = None,
    workspace: WorkspaceOption = Path(),
    again: Annotated[
        bool, typer.Option("--again", help="Take the given files as a new delivery once more.")
    ] = False,
    strict: StrictOption = False,
    wait: WaitOption = 0,
    as_json: JsonOption = False,
) -> None:
    """Load what is new: land the files, check each row, merge corrections, make the orders."""
    from regulars.flows import pipeline

    if again and not files:
        raise SettingsError(
            "--again is for named files",
            expected="regulars ingest --again FILE",
            found="no file",
            left="nothing was changed",
            next_step="name the file whose rows shall be loaded once more",
        )
    console = Console(as_json)
    with console.working("ingesting") as report:
        done = pipeline.ingest(
            workspace, files=tuple(files or ()), again=again, wait_seconds=wait, report=report
        )
    console.result(done.as_dict(), *console.ingested(done))
    _end(strict and done.quarantined_n > 0)


@app.command()
def run(
    as_of: Annotated[
        str, typer.Option("--as-of", help="Last day included, YYYY-MM-DD, or latest.")
    ] = "latest",
    workspace: WorkspaceOption = Path(),
    publish: Annotated[
        bool, typer.Option("--publish", help="Publish it even if a later day is published.")
    ] = False,
    strict: StrictOption = False,
    wait: WaitOption = 0,
    as_json: JsonOption = False,
) -> None:
    """Ingest what is new, check it, compute segments as of a day, publish tables and report."""
    day = _day(as_of)
    console = Console(as_json)
    with console.working("running") as report:
        result = _run(
            workspace, as_of=day, publish_earlier=publish, wait_seconds=wait, report=report
        )
    from regulars.data.workspace import Workspace

    facts = result.as_dict(Workspace(workspace.resolve()))
    console.result(facts, *console.ingested(result.ingested), *console.ran(facts))
    _end(strict and result.ingested.quarantined_n > 0)


@app.command()
def status(workspace: WorkspaceOption = Path(), as_json: JsonOption = False) -> None:
    """What is published, what is loaded, and what waits."""
    from regulars.flows.status import status_of

    found = status_of(workspace)
    Console(as_json).result(found.as_dict(), *found.lines())


@app.command()
def doctor(workspace: WorkspaceOption = Path(), as_json: JsonOption = False) -> None:
    """Look for what would make a run fail, before it does; exit code 1 when something would."""
    from regulars.flows.doctor import examined

    findings = examined(workspace)
    Console(as_json).result(
        {"findings": [finding.as_dict() for finding in findings]},
        *(line for finding in findings for line in finding.lines()),
    )
    if not all(finding.is_well for finding in findings):
        raise typer.Exit(1)


@app.command()
def export(
    table: Annotated[str, typer.Argument(help="A published table with customers, such as rfm.")],
    purpose: Annotated[
        str, typer.Option("--purpose", help="Why raw ids are needed; kept in audit.jsonl.")
    ],
    segment: Annotated[
        str | None, typer.Option("--segment", help="Only the customers of this segment.")
    ] = None,
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """Write a table with the customers' raw ids to a private file, and note who asked and why."""
    from regulars.data.revealing import revealed
    from regulars.data.workspace import opened

    path, rows_n = revealed(
        opened(workspace),
        table,
        purpose=purpose,
        segment=segment,
        by=getpass.getuser(),
        at=datetime.now(UTC),
    )
    Console(as_json).result(
        {"file": str(path), "rows_n": rows_n}, f"{rows_n} rows with raw ids in {path} (mode 0600)"
    )


@app.command()
def bench(
    lines: Annotated[int, typer.Option("--lines", min=1000, help="Receipt lines to make.")],
    seed: Annotated[int, typer.Option(help="Which chain to make.")] = 1,
    folder: Annotated[
        Path | None, typer.Option(help="Where to work; a temporary folder otherwise.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Time every stage on a made-up chain, beside bare DuckDB SQL doing the same work."""
    from regulars.flows.bench import measured

    console = Console(as_json)
    with console.working("measuring") as report:
        found = measured(lines_n=lines, seed=seed, folder=folder, report=report)
    console.result(found.as_dict(), *found.lines())


def _run(
    root: Path, *, as_of: date | None, publish_earlier: bool, wait_seconds: float, report: Report
) -> RunResult:
    """The run under Prefect where its API is configured and answers, else in this process."""
    from regulars.flows import pipeline
    from regulars.flows.prefect_api import answers
    from regulars.flows.settings import Environment

    api_url = Environment.read().prefect_api_url
    if api_url is not None and answers(api_url):
        from regulars.flows.publish_segments import publish_segments

        day = as_of.isoformat() if as_of else "latest"
        return publish_segments(str(root.resolve()), day, publish_earlier, wait_seconds)
    if api_url is not None:
        typer.echo(f"Prefect does not answer at {api_url}: running in this process", err=True)
    return pipeline.run(
        root,
        as_of=as_of,
        publish_earlier=publish_earlier,
        wait_seconds=wait_seconds,
        report=report,
    )


def _day(text: str) -> date | None:
    if text == "latest":
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise SettingsError(
            "--as-of is no day",
            expected="YYYY-MM-DD, or latest",
            found=text,
            left="nothing was changed",
            next_step="regulars run --as-of 2026-01-31",
        ) from error


def _end(has_quarantine: bool) -> None:
    if has_quarantine:
        raise typer.Exit(DONE_WITH_QUARANTINE)
