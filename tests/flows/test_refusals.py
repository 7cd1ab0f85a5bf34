"""What goes wrong is said so that a newcomer can act on it, and leaves the publication alone."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock

from regulars.data.workspace import Workspace

if TYPE_CHECKING:
    from tests.flows.conftest import Publication, Ran, Shell

ASPECTS = ("expected", "found", "left", "next")
ONE_FILE = "transactions_2024-03.csv"
EVERYTHING = """
[[rfm.segments]]
code = "everybody"
r = [1, 5]
f = [1, 5]
"""


@pytest.fixture
def refused(
    shell: Shell, own_shop: Workspace, published: Callable[[Workspace], Publication]
) -> Iterator[Callable[..., str]]:
    """Runs the shop, which must end with this code; gives the message, all aspects of it there.

    Afterwards the publication must be what it was, byte for byte.
    """
    before = published(own_shop)

    def ran(code: int, *arguments: object, bound_by_modes: bool = False) -> str:
        command = (*(arguments or ("run",)), "-w", own_shop.root)
        done: Ran = shell(*command, bound_by_modes=bound_by_modes)
        assert (done.code, done.out) == (code, "")
        assert "Traceback" not in done.err
        assert [line.split(":")[0].strip() for line in done.err.splitlines()[1:]] == list(ASPECTS)
        return done.err

    yield ran
    assert published(own_shop) == before


def edited(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.fault("F20")
def test_a_missing_required_column_is_named_with_the_one_that_is_meant(
    own_shop: Workspace, refused: Callable[..., str]
) -> None:
    edited(own_shop.exports / ONE_FILE, "amount", "amuont")

    message = refused(3)

    assert f"{ONE_FILE}, line 1: no column 'amount' for transactions.amount" in message
    assert "did you mean 'amuont'?" in message
    assert 'under [exports.transactions.columns], write: amount = "amuont"' in message


@pytest.mark.fault("F34")
def test_an_unknown_setting_is_named_with_its_line_and_the_nearest_key(
    own_shop: Workspace, refused: Callable[..., str]
) -> None:
    edited(own_shop.settings_file, "compare_days", "compair_days")

    message = refused(2)

    lines = own_shop.settings_file.read_text(encoding="utf-8").splitlines()
    number = lines.index("compair_days = 28") + 1
    assert f"regulars.toml, line {number}: unknown setting [rfm] compair_days" in message
    assert "did you mean 'compare_days'?" in message


def test_a_setting_of_the_wrong_type_is_named_with_its_line_and_the_type(
    own_shop: Workspace, refused: Callable[..., str]
) -> None:
    edited(own_shop.settings_file, "compare_days = 28", 'compare_days = "soon"')

    message = refused(2)

    assert "regulars.toml, line 17" in message
    assert "[rfm] compare_days: a whole number" in message
    assert "'soon'" in message


@pytest.mark.fault("F12")
def test_a_file_cut_short_is_refused_unless_settings_say_that_the_last_line_never_ends(
    shell: Shell, own_shop: Workspace, refused: Callable[..., str]
) -> None:
    file = own_shop.exports / ONE_FILE
    file.write_bytes(file.read_bytes()[:-1])

    message = refused(3)

    assert f"{ONE_FILE}: the last line does not end" in message
    assert "final_newline = false under [exports.transactions]" in message
    edited(
        own_shop.settings_file,
        "[exports.transactions]",
        "[exports.transactions]\nfinal_newline = false",
    )
    # The lines are those that were there: the missing byte is no line of its own.
    taken = shell("ingest", "-w", own_shop.root, "--json")
    assert taken.code == 0
    loaded = taken.facts["loaded"]
    assert [(load["file"], load["duplicate_n"]) for load in loaded] == [
        (ONE_FILE, file.read_bytes().count(b"\n"))
    ]


def test_an_empty_exports_folder_says_which_files_are_looked_for(
    own_shop: Workspace, refused: Callable[..., str]
) -> None:
    for path in own_shop.exports.iterdir():
        path.unlink()

    message = refused(3)

    assert "no file matches exports/transactions_*.csv" in message
    assert f"{own_shop.exports} is empty" in message


@pytest.mark.fault("F13")
def test_an_empty_file_is_named_with_the_header_it_should_have(
    own_shop: Workspace, refused: Callable[..., str]
) -> None:
    (own_shop.exports / ONE_FILE).write_bytes(b"")

    message = refused(3)

    assert f"{ONE_FILE}: the file is empty" in message
    assert "order_id, customer_id, ordered_at, amount" in message
    assert "0 bytes" in message


@pytest.mark.fault("F13")
def test_a_header_without_rows_is_told_and_changes_nothing(
    shell: Shell, own_shop: Workspace, published: Callable[[Workspace], Publication]
) -> None:
    before = published(own_shop)
    header = (own_shop.exports / ONE_FILE).read_text().splitlines(keepends=True)[0]
    (own_shop.exports / "transactions_2024-05.csv").write_text(header)

    done = shell("ingest", "-w", own_shop.root)

    assert done.code == 0
    assert "transactions_2024-05.csv: a header and no rows" in done.out
    assert published(own_shop) == before


@pytest.mark.fault("F13")
def test_headers_alone_are_nothing_to_compute_from(
    shell: Shell, shop: Workspace, tmp_path: Path
) -> None:
    workspace = Workspace(tmp_path / "bare")
    workspace.exports.mkdir(parents=True)
    shutil.copy(shop.settings_file, workspace.settings_file)
    for path in shop.exports.iterdir():
        header = path.read_text(encoding="utf-8").splitlines(keepends=True)[0]
        (workspace.exports / path.name).write_text(header, encoding="utf-8")

    done = shell("run", "-w", workspace.root)

    assert (done.code, done.out) == (3, "")
    assert "no accepted lines to compute from" in done.err
    assert "1 file of transactions with 0 rows" in done.err  # three names, the same bytes
    assert not workspace.published.exists()


@pytest.mark.parametrize("folder", ["", "landing", "runs"])
@pytest.mark.fault("F04")
def test_a_read_only_folder_is_named_before_work_starts(
    own_shop: Workspace, refused: Callable[..., str], folder: str
) -> None:
    locked = own_shop.root / folder
    mode = locked.stat().st_mode
    locked.chmod(0o500)
    try:
        message = refused(1, bound_by_modes=True)
    finally:
        locked.chmod(mode)

    assert message.startswith(f"cannot write to {locked}\n")
    assert "mode 0500" in message
    assert f"chmod u+rwx {locked}" in message


def test_a_publication_that_is_no_link_is_named_before_work_starts(
    shell: Shell, own_shop: Workspace
) -> None:
    tables = own_shop.published.resolve()
    own_shop.published.unlink()
    shutil.copytree(tables, own_shop.published)

    refused = shell("run", "-w", own_shop.root)

    assert (refused.code, refused.out) == (1, "")
    assert f"{own_shop.published} is no link" in refused.err
    advice = refused.err.splitlines()[-1].removeprefix("  next: ").removesuffix(", then run again")
    subprocess.run(shlex.split(advice), check=True)
    assert shell("run", "-w", own_shop.root).code == 0
    assert own_shop.published.is_symlink()


def test_an_export_that_cannot_be_read_is_named(
    own_shop: Workspace, shell: Shell, published: Callable[[Workspace], Publication]
) -> None:
    before = published(own_shop)
    (own_shop.exports / ONE_FILE).chmod(0)

    done = shell("run", "-w", own_shop.root, bound_by_modes=True)

    assert done.code == 1
    assert f"{own_shop.exports / ONE_FILE}: Permission denied" in done.err
    assert "Traceback" not in done.err
    assert published(own_shop) == before


@pytest.mark.fault("F07")
def test_a_second_run_is_told_who_is_at_work(
    own_shop: Workspace, refused: Callable[..., str]
) -> None:
    with FileLock(own_shop.lock):
        (own_shop.root / ".lock-holder").write_text(f"a run, process {os.getpid()}, since noon")

        message = refused(5)

    assert f"a run, process {os.getpid()}, since noon" in message
    assert "--wait SECONDS" in message


def test_an_as_of_that_is_no_day_is_shown_one(refused: Callable[..., str]) -> None:
    message = refused(2, "run", "--as-of", "yesterday")

    assert "--as-of" in message
    assert "yesterday" in message
    assert "--as-of 2024-03-31" in message.splitlines()[-1]


def test_a_day_before_the_first_line_is_told_that_day(refused: Callable[..., str]) -> None:
    message = refused(3, "run", "--as-of", "2020-01-01")

    assert "a day from 2024-01-01 on" in message


def test_a_day_that_had_not_come_is_told_the_last_there_is(refused: Callable[..., str]) -> None:
    message = refused(3, "run", "--as-of", "2126-01-01")

    assert "2126-01-01 had not come when the newest file landed" in message
    assert message.rstrip().endswith("--as-of 2024-03-31")


def test_a_folder_without_settings_is_told_how_to_make_one(shell: Shell, tmp_path: Path) -> None:
    done = shell("run", "-w", tmp_path)

    assert (done.code, done.out) == (2, "")
    assert f"{tmp_path} is no workspace" in done.err
    assert f"regulars init {tmp_path}" in done.err


def test_init_leaves_a_workspace_that_is_there_alone(shell: Shell, own_shop: Workspace) -> None:
    before = own_shop.settings_file.read_bytes()

    done = shell("init", own_shop.root)

    assert (done.code, done.out) == (2, "")
    assert f"{own_shop.root} is a workspace already" in done.err
    assert own_shop.settings_file.read_bytes() == before


def test_an_unknown_command_is_told_the_nearest(shell: Shell) -> None:
    done = shell("ingset")

    assert (done.code, done.out) == (2, "")
    assert "Usage: regulars" in done.err
    assert "Did you mean 'ingest'" in done.err


def test_segments_with_a_gap_are_refused_by_name(
    own_shop: Workspace, refused: Callable[..., str]
) -> None:
    gap = EVERYTHING.replace("f = [1, 5]", "f = [1, 4]")
    own_shop.settings_file.write_text(own_shop.settings_file.read_text("utf-8") + gap, "utf-8")

    message = refused(2)

    assert "no segment takes R1 F5, R2 F5, R3 F5, R4 F5, R5 F5" in message
    assert "no data has been read" in message


def test_a_segment_that_can_never_be_reached_is_refused_by_name(
    own_shop: Workspace, refused: Callable[..., str]
) -> None:
    more = EVERYTHING + EVERYTHING.replace("everybody", "nobody").replace("[1, 5]", "[5, 5]")
    own_shop.settings_file.write_text(own_shop.settings_file.read_text("utf-8") + more, "utf-8")

    message = refused(2)

    assert "segment nobody can never be reached: everybody takes all its cells" in message


def test_a_file_that_no_export_takes_is_named_with_the_names_that_are(
    own_shop: Workspace, refused: Callable[..., str]
) -> None:
    stray = own_shop.exports / "till-roll.csv"
    stray.write_text("order_id\n")

    message = refused(3, "ingest", stray)

    assert f"{stray}: no export in regulars.toml takes this file" in message
    assert "exports/transactions_*.csv" in message


def test_a_lost_key_is_asked_for_rather_than_replaced(
    own_shop: Workspace, refused: Callable[..., str]
) -> None:
    own_shop.key.unlink()

    message = refused(1)

    assert f"{own_shop.key} is gone" in message
    assert "every customer_id would change" in message
    assert not own_shop.key.exists()


def test_a_damaged_warehouse_is_kept_aside_built_again_and_told_of(
    shell: Shell, own_shop: Workspace
) -> None:
    own_shop.warehouse.write_bytes(b"\0" * 20_000)

    rebuilt = shell("run", "-w", own_shop.root, "--json").facts

    assert rebuilt["ingested"]["notes"] == [
        "warehouse.duckdb was damaged; it is kept as warehouse.damaged-1: "
        "the warehouse is built again from landing/"
    ]
    assert (own_shop.root / "warehouse.damaged-1").read_bytes() == b"\0" * 20_000
    assert rebuilt["was_there"] is True


def test_a_corrected_mapping_is_noticed_and_the_file_read_again(
    shell: Shell, own_shop: Workspace
) -> None:
    before = shell("run", "-w", own_shop.root, "--json").facts
    edited(
        own_shop.settings_file,
        "[exports.transactions]",
        '[exports.transactions]\ncolumns = { store_id = "channel" }',
    )

    after = shell("run", "-w", own_shop.root, "--json").facts

    assert f"{ONE_FILE}: laid out otherwise than when it was loaded" in after["ingested"]["notes"]
    assert after["run_id"] != before["run_id"]
    assert "rows" in shell("status", "-w", own_shop.root).out
