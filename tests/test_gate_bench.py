from __future__ import annotations

from pathlib import Path

import pytest

from regulars.data import warehouse
from regulars.data.workspace import Workspace, prepared
from regulars.expectations.errors import Failed
from regulars.expectations.gate_bench import gate_measured


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    workspace = Workspace(tmp_path)
    prepared(workspace)
    return workspace


def test_every_check_is_asked_and_met_by_the_lines_that_are_made(workspace: Workspace) -> None:
    with warehouse.connected(workspace, warehouse.Resources(1, "1GB")) as connection:
        measured = gate_measured(connection, lines_n=10_000)
    assert (measured.lines_n, measured.orders_n) == (10_000, 9_800)
    assert measured.checks_n >= 20
    assert measured.seconds > 0


def test_lines_that_are_not_in_order_are_not_measured(workspace: Workspace) -> None:
    with warehouse.connected(workspace, warehouse.Resources(1, "1GB")) as connection:
        connection.execute("INSERT INTO stores BY NAME SELECT 's1' AS store_id")
        with pytest.raises(Failed, match="store_unique"):
            gate_measured(connection, lines_n=10_000)
