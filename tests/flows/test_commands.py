"""The commands as they are typed: help, JSON, exit codes, and what each leaves behind."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from typer.main import get_command

from regulars.data.workspace import Workspace
from regulars.flows.cli import app

if TYPE_CHECKING:
    from tests.flows.conftest import Chain, Publication, Shell


def commands(group: Any, *words: str) -> Iterator[str]:
    """Each command as it is typed, those of a group by all its words."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, *words, name)
        else:
            yield " ".join((*words, name))


COMMANDS = sorted(commands(get_command(app)))
HEAVY = ("polars", "duckdb", "prefect", "great_expectations", "sklearn", "dataframely", "pandas")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(shell: Shell, command: str) -> None:
    done = shell(*command.split(), "--help")

    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(f"Usage: regulars {command}")
    assert "--json" in done.out


def test_help_imports_nothing_heavy(shell: Shell) -> None:
    program = (
        "import sys, atexit; sys.argv = ['regulars', '--help'];"
        f"atexit.register(lambda: print([n for n in {HEAVY} if n in sys.modules]));"
        "from regulars.flows.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        check=False,
        capture_output=True,
        text=True,
        env=shell.environment(),
    )

    assert done.returncode == 0
    assert done.stdout.splitlines()[-1] == "[]"
    assert [name for name in COMMANDS if name.split()[0] not in done.stdout] == []


def test_json_is_one_document_and_nothing_else(shell: Shell, own_shop: Workspace) -> None:
    workspace = ("-w", own_shop.root, "--json")

    assert shell("status", *workspace).facts["published_as_of"] == "2024-03-31"
    assert shell("doctor", *workspace).facts["findings"]
    assert shell("ingest", *workspace).facts["loaded"] == []
    ran = shell("run", *workspace).facts
    assert (ran["as_of"], ran["is_published"]) == ("2024-03-31", True)
    checks = pl.read_parquet(own_shop.published / "quality_checks.parquet")
    assert ran["checks_n"] == checks["is_met"].count() > 20
    assert ran["checks_unmet"] == checks.filter(~pl.col("is_met"))["check"].to_list()
    exported = shell("export", "rfm", "--purpose", "a test", *workspace).facts
    assert Path(exported["file"]).is_file()


@pytest.mark.parametrize(
    ("arguments", "code", "kind"),
    [
        (("run", "--as-of", "soon"), 2, "SettingsError"),
        (("run", "--soon"), 2, "SettingsError"),
        (("ingest", "no-such-file.csv"), 3, "DataRefused"),
        (("export", "sales", "--purpose", "x"), 2, "SettingsError"),
    ],
)
def test_json_tells_errors_too(
    shell: Shell, shop: Workspace, arguments: tuple[str, ...], code: int, kind: str
) -> None:
    done = shell(*arguments, "-w", shop.root, "--json")

    facts = json.loads(done.out)
    assert (done.code, facts["exit_code"], facts["error"]) == (code, code, kind)
    assert facts["what"]
    assert facts["next_step"]


def test_init_makes_a_workspace_that_says_what_to_do_next(shell: Shell, tmp_path: Path) -> None:
    made = shell("init", tmp_path / "new")

    assert made.code == 0
    assert f"put files into {tmp_path}/new/exports" in made.out
    status = shell("status", "-w", tmp_path / "new")
    assert (status.code, status.err) == (0, "")
    assert "published: nothing yet" in status.out


def test_status_tells_what_waits_and_then_what_is_published(
    shell: Shell, chain: Chain, tmp_path: Path
) -> None:
    workspace = chain.workspace(tmp_path / "shop", ("2024-01",))
    before = shell("status", "-w", workspace.root, "--json").facts

    assert shell("run", "-w", workspace.root).code == 0
    after = shell("status", "-w", workspace.root, "--json").facts

    everything = ["customers.csv", "products.csv", "stores.csv", "transactions_2024-01.csv"]
    assert (before["files_waiting"], before["files_loaded_n"]) == (everything, 0)
    assert before["published_run_id"] is None
    assert (after["files_waiting"], after["files_loaded_n"]) == ([], 4)
    assert after["published_as_of"] == "2024-01-31"
    path = workspace.exports / "stores.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("南京", "北京"), encoding="utf-8")
    corrected = shell("status", "-w", workspace.root, "--json").facts
    assert corrected["files_waiting"] == ["stores.csv"]


def test_an_earlier_day_is_kept_and_not_shown_unless_it_is_told_to_be(
    shell: Shell, own_shop: Workspace, published: Callable[[Workspace], Publication]
) -> None:
    before = published(own_shop)

    kept = shell("run", "-w", own_shop.root, "--as-of", "2024-02-29")
    assert kept.code == 0
    assert "kept, but a later day stays published" in kept.out
    assert published(own_shop) == before

    shown = shell("run", "-w", own_shop.root, "--as-of", "2024-02-29", "--publish", "--json").facts
    assert (shown["is_published"], shown["was_there"]) == (True, True)
    assert published(own_shop).manifest["as_of"] == "2024-02-29"

    latest = shell("run", "-w", own_shop.root, "--as-of", "latest", "--json").facts
    assert (latest["as_of"], latest["was_there"]) == ("2024-03-31", True)
    assert published(own_shop) == before


def test_strict_ends_with_4_where_rows_were_quarantined(shell: Shell, own_shop: Workspace) -> None:
    good = (own_shop.exports / "transactions_2024-01.csv").read_text().splitlines(keepends=True)
    cells = good[1].split(",")
    cells[0], cells[4] = "O99", "much"
    (own_shop.exports / "transactions_2024-04.csv").write_text(good[0] + ",".join(cells))

    strict = shell("ingest", "-w", own_shop.root, "--strict", "--accept", "volume")
    again = shell("ingest", "-w", own_shop.root, "--strict")

    assert strict.code == 4
    assert "1 row in quarantine/" in strict.out
    assert f"next: regulars quarantine list --workspace {own_shop.root}" in strict.out
    assert again.code == 0  # nothing new was quarantined


def test_refused_rows_are_published_though_no_figure_follows_from_them(
    shell: Shell, own_shop: Workspace
) -> None:
    good = (own_shop.exports / "transactions_2024-01.csv").read_text().splitlines(keepends=True)
    cells = good[1].split(",")
    cells[0], cells[4] = "O99", "much"
    (own_shop.exports / "transactions_2024-04.csv").write_text(good[0] + ",".join(cells))
    earlier = pl.read_parquet(own_shop.published / "rfm.parquet")

    assert shell("run", "-w", own_shop.root, "--accept", "volume").code == 0

    refused = pl.read_parquet(own_shop.published / "quarantine_summary.parquet")
    assert refused["file"].to_list() == ["transactions_2024-04.csv"]
    assert pl.read_parquet(own_shop.published / "rfm.parquet").equals(earlier)


def test_an_export_is_private_and_on_record(shell: Shell, own_shop: Workspace) -> None:
    done = shell(
        "export", "rfm", "--segment", "champions", "--purpose", "win-back, October",
        "-w", own_shop.root, "--json",
    )  # fmt: skip

    path = Path(done.facts["file"])
    assert path.stat().st_mode & 0o777 == 0o600
    assert not path.is_relative_to(own_shop.published.resolve())
    rows = list(csv.DictReader(path.open(encoding="utf-8-sig")))
    champions = pl.read_parquet(own_shop.published / "rfm.parquet").filter(segment="champions")
    assert {row["customer_id"] for row in rows} == set(champions["customer_id"])
    assert all(row["raw_id"].startswith("M0") for row in rows)
    (line,) = own_shop.audit.read_text(encoding="utf-8").splitlines()
    entry = json.loads(line)
    assert (entry["purpose"], entry["table"], entry["rows_n"]) == (
        "win-back, October",
        "rfm",
        champions.height,
    )


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("sales", "--purpose", "x"), "one of customers, rfm"),
        (("rfm", "--purpose", "x", "--segment", "champion"), "did you mean 'champions'?"),
        (("rmf", "--purpose", "x"), "did you mean 'rfm'?"),
        (("rfm", "--purpose", " "), "--purpose"),
        (("rfm",), "who asked for them and why is kept in audit.jsonl"),
    ],
)
def test_an_export_that_cannot_be_given_names_what_can(
    shell: Shell, own_shop: Workspace, arguments: tuple[str, ...], named: str
) -> None:
    done = shell("export", *arguments, "-w", own_shop.root)

    assert (done.code, done.out) == (2, "")
    assert named in done.err
    assert not own_shop.revealed.exists()
    assert not own_shop.audit.exists()


def test_doctor_finds_nothing_wrong_with_a_good_workspace(shell: Shell, shop: Workspace) -> None:
    done = shell("doctor", "-w", shop.root)

    assert (done.code, done.err) == (0, "")
    assert "wrong" not in done.out


def _without_header(workspace: Workspace) -> str:
    (workspace.exports / "stores.csv").write_text("S001,x\n")
    return "exports"


def _open_key(workspace: Workspace) -> str:
    workspace.key.chmod(0o644)
    return "vault key"


def _no_partition(workspace: Workspace) -> str:
    with workspace.settings_file.open("a") as settings:
        settings.write('\n[[rfm.segments]]\ncode = "top"\nr = [5, 5]\nf = [1, 5]\n')
    return "settings"


def _cut_short(workspace: Workspace) -> str:
    file = workspace.exports / "transactions_2024-03.csv"
    file.write_bytes(file.read_bytes()[:-1])
    return "exports"


def _unlinked(workspace: Workspace) -> str:
    tables = workspace.published.resolve()
    workspace.published.unlink()
    shutil.copytree(tables, workspace.published)
    return "published"


def _damaged(workspace: Workspace) -> str:
    workspace.warehouse.write_bytes(b"x" * 20_000)
    return "warehouse"


@pytest.mark.parametrize(
    "spoiled", [_without_header, _cut_short, _open_key, _no_partition, _unlinked, _damaged]
)
def test_doctor_names_what_would_make_a_run_fail(
    shell: Shell, own_shop: Workspace, spoiled: Callable[[Workspace], str]
) -> None:
    wrong = spoiled(own_shop)

    done = shell("doctor", "-w", own_shop.root, "--json")

    findings = {found["what"]: found for found in done.facts["findings"]}
    assert done.code == 1
    assert [what for what, found in findings.items() if not found["is_well"]] == [wrong]
    assert findings[wrong]["next_step"]


def test_what_is_published_is_for_the_group_and_the_rest_for_the_owner(shop: Workspace) -> None:
    modes = {
        path: path.stat().st_mode & 0o777
        for path in (shop.published.resolve(), shop.runs, shop.landing, shop.quarantine, shop.work)
    }

    assert list(modes.values()) == [0o750, 0o750, 0o700, 0o700, 0o700]
    assert {path.stat().st_mode & 0o777 for path in shop.published.iterdir()} == {0o640}
    assert str(shop.published.readlink()).startswith("runs/")


def test_a_workspace_can_be_moved(shell: Shell, own_shop: Workspace, tmp_path: Path) -> None:
    moved = tmp_path / "elsewhere"
    shutil.move(own_shop.root, moved)

    facts = shell("ingest", "-w", moved, "--json").facts

    assert (facts["loaded"], len(facts["already_loaded"])) == ([], 6)
    assert (moved / "published" / "rfm.parquet").is_file()


def test_a_segment_that_nobody_is_in_is_a_list_of_nobody(shell: Shell, own_shop: Workspace) -> None:
    rfm = own_shop.published / "rfm.parquet"
    pl.read_parquet(rfm).filter(pl.col("segment") != "new").write_parquet(rfm)

    done = shell("export", "rfm", "--segment", "new", "--purpose", "a test", "-w", own_shop.root)

    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("0 rows with raw ids in ")
    assert "nobody is in the segment new" in done.out


def test_the_version_is_the_packages_own(shell: Shell) -> None:
    assert shell("--version").out == f"regulars {version('regulars')}\n"


def test_the_report_is_named_where_it_is_published(shell: Shell, own_shop: Workspace) -> None:
    shown = shell("run", "-w", own_shop.root)
    kept = shell("run", "-w", own_shop.root, "--as-of", "2024-02-29")

    assert shown.out.splitlines()[-1] == f"report: {own_shop.published}/report.html"
    path = Path(kept.out.splitlines()[-1].removeprefix("report: "))
    assert path.is_relative_to(own_shop.runs)
    assert path.is_file()


@pytest.fixture
def corrected_shop(own_shop: Workspace) -> Workspace:
    """The shop with two corrected orders waiting, of three lines each."""
    file = own_shop.exports / "transactions_2024-01.csv"
    lines = pl.read_csv(file, infer_schema=False)
    three = lines.group_by("order_id", maintain_order=True).len().filter(len=3)["order_id"][:2]
    lines.filter(pl.col("order_id").is_in(three.to_list())).with_columns(
        amount=pl.lit("1.25")
    ).write_csv(own_shop.exports / "transactions_2024-01b.csv")
    return own_shop


def test_what_a_delivery_replaced_is_told_and_counted_apart(
    shell: Shell, corrected_shop: Workspace
) -> None:
    workspace = ("-w", corrected_shop.root)
    before = shell("status", *workspace, "--json").facts

    done = shell("ingest", *workspace)
    after = shell("status", *workspace, "--json").facts

    assert "6 rows of earlier deliveries replaced by what came now" in done.out
    assert (before["rows_replaced_n"], after["rows_replaced_n"]) == (0, 6)
    assert before["rows_accepted_n"] == after["rows_accepted_n"]
    assert ", 6 replaced since, " in shell("status", *workspace).out


def test_a_list_of_which_nothing_ever_came_is_named_by_every_command(
    shell: Shell, chain: Chain, tmp_path: Path
) -> None:
    workspace = chain.workspace(tmp_path / "shop", ("2024-01",))
    (workspace.exports / "stores.csv").unlink()
    sentence = "stores: no file matches exports/stores.csv, so nothing of it is in the tables"

    ran = shell("run", "-w", workspace.root)
    again = shell("ingest", "-w", workspace.root, "--json").facts
    examined = shell("doctor", "-w", workspace.root)

    assert ran.code == 0
    assert sentence in ran.out.splitlines()
    assert again["notes"] == [sentence]
    assert examined.code == 0
    assert f"note  exports.{sentence}" in examined.out
    assert "no file yet: stores" in shell("status", "-w", workspace.root).out


def test_a_list_that_came_once_is_not_missed_when_its_file_goes(
    shell: Shell, own_shop: Workspace
) -> None:
    (own_shop.exports / "stores.csv").unlink()

    assert shell("ingest", "-w", own_shop.root, "--json").facts["notes"] == []
    assert "note" not in shell("doctor", "-w", own_shop.root).out


def test_a_file_that_no_export_takes_is_named_by_doctor_and_by_a_run(
    shell: Shell, own_shop: Workspace
) -> None:
    (own_shop.exports / "shop.jsonl").write_text("{}\n")
    told = "no export of regulars.toml takes shop.jsonl: left unread"

    assert told in shell("doctor", "-w", own_shop.root).out
    assert told in shell("run", "-w", own_shop.root).out
