"""How much memory a run takes, and what is said where it is not enough."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest

from regulars.data.workspace import Workspace
from regulars.flows.counts import sized
from regulars.flows.memory import (
    bytes_of,
    default_memory,
    machine_bytes,
    out_of_memory,
    usable_bytes,
)

if TYPE_CHECKING:
    from tests.flows.conftest import Chain, Publication, Shell

pytestmark = pytest.mark.fault("F05")

RAM = 8_000_000_000
NO_LIMIT_V1 = "9223372036854771712\n"


V2, V1 = "memory.max", "memory.limit_in_bytes"


@pytest.mark.parametrize(
    ("groups", "limits", "usable"),
    [
        ("0::/\n", {V2: "2000000000\n"}, 2_000_000_000),
        ("0::/job/step\n", {f"job/{V2}": "3000000000\n", f"job/step/{V2}": "max\n"}, 3_000_000_000),
        ("0::/job/step\n", {f"job/{V2}": "3000", f"job/step/{V2}": "2000"}, 2000),
        ("0::/on/the/host\n", {V2: "2000000000\n"}, 2_000_000_000),
        ("4:memory:/job\n0::/\n", {f"memory/job/{V1}": "1000000000\n"}, 1_000_000_000),
        ("4:cpu,memory:/job\n", {f"memory/{V1}": "1000000000\n"}, 1_000_000_000),
        ("4:memory:/job\n", {f"memory/job/{V1}": NO_LIMIT_V1}, RAM),
        ("0::/\n", {V2: "max\n"}, RAM),
        ("0::/\n", {V2: "64000000000\n"}, RAM),
        ("3:cpuset:/\n", {V2: "1000\n"}, RAM),
    ],
)
def test_the_least_limit_of_the_groups_and_the_machine_is_what_may_be_used(
    tmp_path: Path, groups: str, limits: dict[str, str], usable: int
) -> None:
    (tmp_path / "proc/self").mkdir(parents=True)
    (tmp_path / "proc/self/cgroup").write_text(groups)
    for path, text in limits.items():
        file = tmp_path / "sys/fs/cgroup" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    assert usable_bytes(tmp_path, ram_bytes=RAM) == usable


def test_where_there_are_no_groups_the_machine_is_the_limit(tmp_path: Path) -> None:
    assert usable_bytes(tmp_path, ram_bytes=RAM) == RAM


def test_the_default_leaves_as_much_to_the_rest_of_the_run() -> None:
    assert 0 < bytes_of(default_memory()) <= machine_bytes() // 2


def test_a_run_without_enough_memory_names_the_setting_and_the_folder_that_it_spills_to(
    shell: Shell,
    own_shop: Workspace,
    chain: Chain,
    published: Callable[[Workspace], Publication],
) -> None:
    before = published(own_shop)
    chain.add(own_shop, "2024-04")
    with own_shop.settings_file.open("a", encoding="utf-8") as settings:
        settings.write('\n[resources]\nmemory = "5MB"\n')

    done = shell("run", "-w", own_shop.root)

    assert (done.code, done.out) == (1, "")
    assert "Traceback" not in done.err
    assert "not enough memory" in done.err
    assert "[resources] memory" in done.err
    assert "folder .work" in done.err
    assert f"this process may use {sized(machine_bytes())} in all" in done.err
    assert published(own_shop) == before


def test_the_reason_is_told_where_rolling_back_fails_too() -> None:
    def short() -> None:
        with duckdb.connect() as connection:
            connection.execute("SET memory_limit = '1MB'")
            connection.execute("BEGIN TRANSACTION")
            try:
                connection.execute(
                    "CREATE TABLE t AS SELECT range AS n, hash(n) FROM range(1000000)"
                )
            finally:
                connection.execute("SELECT 1")

    with pytest.raises(duckdb.Error) as caught:
        short()

    assert type(caught.value) is not duckdb.OutOfMemoryException
    told = out_of_memory(caught.value)
    assert told is not None
    assert str(told.found).startswith("Out of Memory")


def test_another_error_is_no_lack_of_memory() -> None:
    assert out_of_memory(ValueError("memory")) is None


def test_doctor_says_where_more_memory_is_promised_than_there_is(
    shell: Shell, own_shop: Workspace
) -> None:
    with own_shop.settings_file.open("a", encoding="utf-8") as settings:
        settings.write('\n[resources]\nmemory = "900000GB"\n')

    findings = shell("doctor", "-w", own_shop.root, "--json").facts["findings"]

    (wrong,) = [finding for finding in findings if not finding["is_well"]]
    assert wrong["what"] == "memory"
    assert f'memory = "{default_memory()}"' in wrong["next_step"]
