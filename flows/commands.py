"""The commands. Heavy packages are imported by the command that needs them, not before."""

from __future__ import annotations

import getpass
import shlex
from dataclasses import replace
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from regulars.expectations.errors import DONE_WITH_QUARANTINE, SettingsError
from regulars.flows.console import Console
from regulars.flows.counts import counted

if TYPE_CHECKING:
    from regulars.flows.pipeline import RunResult
    from regulars.flows.steps import Report

app = typer.Typer(
    name="regulars",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


class Difference(StrEnum):
    """In what new files may differ from those before them."""

    COLUMNS = "columns"
    VOLUME = "volume"
    EMPTY = "empty"


class Accepted(StrEnum):
    """What a run may be told to take although it differs from before."""

    COLUMNS = "columns"
    VOLUME = "volume"
    EMPTY = "empty"
    CLUSTERS = "clusters"


WorkspaceOption = Annotated[
    Path, typer.Option("--workspace", "-w", help="Folder with the regulars.toml.")
]
JsonOption = Annotated[
    bool, typer.Option("--json", help="Print the result as JSON; everything else on stderr.")
]
AcceptInRunOption = Annotated[
    list[Accepted] | None,
    typer.Option(
        "--accept",
        help="Load files although they differ from those before them in this; clusters: take the "
        "new clusters that wait in the published report. It is kept on record who accepted. Can "
        "be given several times.",
    ),
]
WaitOption = Annotated[
    float, typer.Option("--wait", min=0, help="Seconds to wait while another run is in progress.")
]
StrictOption = Annotated[
    bool, typer.Option("--strict", help="End with exit code 4 when rows were quarantined.")
]
AcceptOption = Annotated[
    list[Difference] | None,
    typer.Option(
        "--accept",
        help="Load files although they differ from those before them in this; it is kept on "
        "record who accepted. Can be given several times.",
    ),
]


class Sample(StrEnum):
    """The data that ``init`` can put into a new workspace."""

    COMPLETE_JOURNEY = "complete-journey"
    CHAIN = "chain"


def _version(is_asked: bool) -> None:
    if is_asked:
        from importlib.metadata import version

        typer.echo(f"regulars {version('regulars')}")
        raise typer.Exit


@app.callback()
def regulars(
    _: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    """Turn a retail chain's exports into decisions: who the regulars are, who is slipping away,
    what they are worth.
    """


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(help="The new workspace.")],
    sample: Annotated[
        Sample | None,
        typer.Option(
            help="Fill it with exports: of a real grocery chain's year, or of a made-up chain's "
            "two years, with every fault that files may have."
        ),
    ] = None,
    size: Annotated[
        Literal["small", "medium", "large"] | None,
        typer.Option(help="How large the made-up chain is; small otherwise."),
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Which made-up chain; 1 otherwise.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Make a workspace: a folder with a regulars.toml to edit, or with a sample chain's exports."""
    from regulars.flows import founding

    if sample is not Sample.CHAIN and (size or seed is not None):
        raise SettingsError(
            "--size and --seed are for the made-up chain",
            expected="regulars init --sample chain --size medium FOLDER",
            found=f"--sample {sample}" if sample else "no --sample",
            left="nothing was changed",
            next_step="add --sample chain, or leave them out",
        )
    console = Console(as_json)
    at = datetime.now(UTC)
    if sample is None:
        workspace = founding.bare(folder, at=at)
    else:
        with console.working("writing a sample's exports") as report:
            workspace = (
                founding.complete_journey(folder, at=at)
                if sample is Sample.COMPLETE_JOURNEY
                else founding.made_up_chain(
                    folder,
                    size=size or "small",
                    seed=1 if seed is None else seed,
                    at=at,
                    report=report,
                )
            )
    exports_n = sum(1 for path in workspace.exports.iterdir() if path.is_file())
    console.result(
        {"workspace": str(workspace.root), "exports_n": exports_n},
        f"made {workspace.root}"
        + (f" with {counted(exports_n, 'file')} in exports/" if exports_n else ""),
        f"next: regulars run --workspace {shlex.quote(str(folder))}"
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
    accept: AcceptOption = None,
    strict: StrictOption = False,
    wait: WaitOption = 0,
    as_json: JsonOption = False,
) -> None:
    """Load what is new: land the files, check each row, merge corrections, make the orders."""
    from regulars.flows import pipeline
    from regulars.flows.ingest_notes import noted

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
            workspace,
            files=tuple(files or ()),
            again=again,
            accepted=tuple(accept or ()),
            wait_seconds=wait,
            report=report,
        )
    done = noted(workspace, done)
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
    accept: AcceptInRunOption = None,
    strict: StrictOption = False,
    wait: WaitOption = 0,
    as_json: JsonOption = False,
) -> None:
    """Ingest what is new, check it, compute segments as of a day, publish tables and report."""
    from regulars.flows.ingest_notes import noted

    day = _day(as_of, workspace)
    console = Console(as_json)
    with console.working("running") as report:
        result = _run(
            workspace,
            as_of=day,
            publish_earlier=publish,
            accepted=tuple(accept or ()),
            wait_seconds=wait,
            report=report,
        )
    from regulars.data.workspace import Workspace

    result = replace(result, ingested=noted(workspace, result.ingested))
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
        str,
        typer.Option("--purpose", help="Why raw ids are needed: required, kept in audit.jsonl."),
    ] = "",
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
        {"file": str(path), "rows_n": rows_n},
        f"{counted(rows_n, 'row')} with raw ids in {path} (mode 0600)"
        + ("" if rows_n else f": nobody is in the segment {segment}" if segment else ": nobody"),
    )


@app.command()
def bench(
    lines: Annotated[int, typer.Option("--lines", min=1000, help="Receipt lines to make.")],
    seed: Annotated[int, typer.Option(help="Which chain to make.")] = 1,
    folder: Annotated[
        Path | None, typer.Option(help="Where to work; a temporary folder otherwise.")
    ] = None,
    gate: Annotated[
        bool, typer.Option("--gate", help="The quality gate alone, on lines of one kind.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Time every stage on a made-up chain, beside bare DuckDB SQL doing the same work."""
    from regulars.flows.bench import Gate, Measured, gate_alone, measured

    console = Console(as_json)
    found: Gate | Measured
    with console.working("measuring") as report:
        if gate:
            found = gate_alone(lines_n=lines, folder=folder, report=report)
        else:
            found = measured(lines_n=lines, seed=seed, folder=folder, report=report)
    console.result(found.as_dict(), *found.lines())


def _run(
    root: Path,
    *,
    as_of: date | None,
    publish_earlier: bool,
    accepted: tuple[str, ...],
    wait_seconds: float,
    report: Report,
) -> RunResult:
    """The run under Prefect where its API is configured and answers, else in this process."""
    from regulars.flows import pipeline
    from regulars.flows.prefect_api import answers
    from regulars.flows.settings import Environment

    api_url = Environment.read().prefect_api_url
    if api_url is not None and answers(api_url):
        from regulars.flows.publish_segments import publish_segments

        day = as_of.isoformat() if as_of else "latest"
        return publish_segments(
            str(root.resolve()), day, publish_earlier, wait_seconds, list(accepted)
        )
    if api_url is not None:
        typer.echo(f"Prefect does not answer at {api_url}: running in this process", err=True)
    return pipeline.run(
        root,
        as_of=as_of,
        publish_earlier=publish_earlier,
        accepted=accepted,
        wait_seconds=wait_seconds,
        report=report,
    )


def _day(text: str, workspace: Path) -> date | None:
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
            next_step=f"regulars run --as-of {_published_on(workspace) or 'latest'}",
        ) from error


def _published_on(root: Path) -> str | None:
    from regulars.data.shelf import published_manifest
    from regulars.data.workspace import Workspace

    manifest = published_manifest(Workspace(root.resolve()))
    return manifest["as_of"] if manifest else None


def _end(has_quarantine: bool) -> None:
    if has_quarantine:
        raise typer.Exit(DONE_WITH_QUARANTINE)
