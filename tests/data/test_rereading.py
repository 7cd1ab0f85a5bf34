"""A warehouse is what ``landing/`` makes of it: where it is not, it is built again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from regulars.data import warehouse
from regulars.data.landing import forgotten, land, landed_files, put_in_place
from regulars.expectations.errors import DataRefused

if TYPE_CHECKING:
    from tests.data.conftest import Shop

NOON = datetime(2024, 6, 30, 12)
MARCH = """
    order_id customer_id ordered_at amount list_price
    a1       ann         2024-03-01 1.00   3.00
    a2       bob         2024-03-02 2.00   4.00
"""
WHO_BOUGHT = ("SELECT * FROM lines ORDER BY ALL", "FROM vault.people ORDER BY ALL")
LINES = "SELECT order_id, amount::VARCHAR FROM lines ORDER BY ALL"


def other(shop: Shop) -> Path:
    """A file with another amount."""
    return shop.arrival(MARCH.replace("2.00", "5.00")).path


def renewed(shop: Shop, reading: str = "as ever") -> str | None:
    """What ``warehouse.renewed`` says; all that is pending then is loaded."""
    shop.close()
    landed = {file.sidecar_name: file.facts_digest for file in landed_files(shop.workspace)}
    found = warehouse.renewed(
        shop.workspace, warehouse.Resources(shop.threads, "1GB"), reading, landed
    )
    shop.load()
    return found


def test_a_warehouse_that_landing_makes_stays(shop: Shop) -> None:
    shop.deliver(MARCH)
    assert renewed(shop) is None
    assert shop.ask("SELECT count(*) FROM loads") == [(1,)]


def test_a_corrected_mapping_has_a_file_read_again_in_its_place(shop: Shop) -> None:
    wrong = shop.arrival(MARCH, own_names={"amount": "list_price"})
    land(shop.workspace, [wrong], landed_at=NOON)
    shop.load()
    shop.deliver("order_id customer_id ordered_at amount\na2 bob 2024-03-02 9.00")
    right = shop.arrival(MARCH)

    new, repeated, reread = land(shop.workspace, [right], landed_at=NOON)

    assert (new, repeated, reread) == ([], [right], [right])
    assert renewed(shop) == "files that were loaded are read otherwise now"
    assert shop.ask(LINES) == [("a1", "1.00"), ("a2", "9.00")]
    assert shop.ask("SELECT count(*) FROM loads") == [(2,)]


def test_a_file_under_the_layout_it_landed_with_is_not_read_again(shop: Shop) -> None:
    shop.deliver(MARCH)
    _, _, reread = land(shop.workspace, [shop.arrival(MARCH)], landed_at=NOON)
    assert reread == []


def test_other_bytes_in_a_files_place_are_loaded_instead_of_it(shop: Shop) -> None:
    shop.deliver(MARCH.replace("2.00", "2.001"))
    (file,) = landed_files(shop.workspace)
    mended = shop.workspace.work / "mended"
    mended.write_bytes(shop.arrival(MARCH).path.read_bytes())

    put_in_place(shop.workspace, file, mended, file.layout)

    assert renewed(shop) == "files that were loaded are read otherwise now"
    assert shop.ask(LINES) == [("a1", "1.00"), ("a2", "2.00")]
    assert shop.ask("SELECT rows_n, accepted_n, quarantined_n FROM loads") == [(2, 2, 0)]
    assert list(shop.workspace.quarantine.iterdir()) == []


def test_what_a_file_was_counts_as_landed_when_another_stands_in_its_place(shop: Shop) -> None:
    arrival = shop.arrival(MARCH)
    land(shop.workspace, [arrival], landed_at=NOON)
    (file,) = landed_files(shop.workspace)
    put_in_place(
        shop.workspace, file, shop.arrival(MARCH.replace("2.00", "5.00")).path, file.layout
    )

    new, repeated, _ = land(shop.workspace, [arrival], landed_at=NOON)

    assert (new, repeated) == ([], [arrival])


def test_bytes_without_a_sidecar_are_forgotten_and_no_others(shop: Shop) -> None:
    shop.deliver(MARCH)
    (file,) = landed_files(shop.workspace)
    put_in_place(
        shop.workspace, file, shop.arrival(MARCH.replace("2.00", "5.00")).path, file.layout
    )

    assert forgotten(shop.workspace) == [file.sha256]
    (kept,) = landed_files(shop.workspace)
    assert (shop.workspace.landing / kept.sha256).exists()


def test_a_kill_between_the_two_sidecars_leaves_the_newer_one_to_count(shop: Shop) -> None:
    shop.deliver(MARCH)
    (file,) = landed_files(shop.workspace)
    sidecar = shop.workspace.landing / file.sidecar_name
    before = sidecar.read_bytes()
    put_in_place(
        shop.workspace, file, shop.arrival(MARCH.replace("2.00", "5.00")).path, file.layout
    )
    sidecar.write_bytes(before)

    assert [found.originals for found in landed_files(shop.workspace)] == [[file.sha256]]


@pytest.mark.fault("F08")
@pytest.mark.parametrize("name", ["warehouse.duckdb", "vault.duckdb"])
def test_a_damaged_file_is_kept_aside_and_all_is_built_again(shop: Shop, name: str) -> None:
    shop.deliver(MARCH)
    before = [shop.ask(sql) for sql in WHO_BOUGHT]
    shop.close()
    path = shop.workspace.root / name
    path.write_bytes(b"no database " * 1000)

    aside = path.stem + ".damaged-1"
    assert renewed(shop) == f"{name} was damaged; it is kept as {aside}"
    assert path.with_name(aside).read_bytes() == b"no database " * 1000
    assert [shop.ask(sql) for sql in WHO_BOUGHT] == before


def test_a_delivery_that_was_loaded_once_is_never_taken_back(shop: Shop) -> None:
    shop.deliver(MARCH)
    shop.rules = type(shop.rules)(**vars(shop.rules) | {"order_key": ("order_id", "store_id")})
    shop.close()
    shop.workspace.warehouse.unlink()

    with pytest.raises(DataRefused, match="store_id"):
        shop.load()

    assert len(landed_files(shop.workspace)) == 1


def test_a_delivery_that_is_refused_when_it_comes_is_taken_back(shop: Shop) -> None:
    shop.rules = type(shop.rules)(**vars(shop.rules) | {"order_key": ("order_id", "store_id")})

    with pytest.raises(DataRefused, match="store_id"):
        shop.deliver(MARCH)

    assert list(shop.workspace.landing.iterdir()) == []


def test_bytes_that_stood_in_the_place_before_may_stand_there_again(shop: Shop) -> None:
    shop.deliver(MARCH)
    (first,) = landed_files(shop.workspace)
    bytes_of_first = shop.arrival(MARCH).path
    put_in_place(shop.workspace, first, other(shop), first.layout)
    (second,) = landed_files(shop.workspace)
    before = (shop.workspace.landing / second.sidecar_name).read_bytes()

    put_in_place(shop.workspace, second, bytes_of_first, second.layout)

    assert [file.sha256 for file in landed_files(shop.workspace)] == [first.sha256]
    (shop.workspace.landing / second.sidecar_name).write_bytes(before)
    assert [file.sha256 for file in landed_files(shop.workspace)] == [first.sha256]


def test_a_corrected_mapping_reaches_a_file_that_was_mended(shop: Shop) -> None:
    wrong = shop.arrival(MARCH, own_names={"amount": "list_price"})
    land(shop.workspace, [wrong], landed_at=NOON)
    (file,) = landed_files(shop.workspace)
    put_in_place(shop.workspace, file, other(shop), file.layout)
    right = shop.arrival(MARCH)

    _, _, reread = land(shop.workspace, [right], landed_at=NOON)

    assert reread == [right]
    shop.load()
    assert shop.ask(LINES) == [("a1", "1.00"), ("a2", "5.00")]


def test_bytes_in_whose_place_others_stand_do_not_come_back_with_their_file(shop: Shop) -> None:
    arrival = shop.arrival(MARCH)
    land(shop.workspace, [arrival], landed_at=NOON)
    (file,) = landed_files(shop.workspace)
    put_in_place(shop.workspace, file, other(shop), file.layout)
    forgotten(shop.workspace)

    land(shop.workspace, [arrival], landed_at=NOON)

    assert not (shop.workspace.landing / file.sha256).exists()


NUMBERED = """
    order_id line_id customer_id ordered_at amount
    {order}  1       ann         2024-03-01 1.00
"""


def test_a_corrected_mapping_that_mixes_numbered_and_other_lines_is_refused_and_can_be_undone(
    shop: Shop,
) -> None:
    arrivals = [shop.arrival(NUMBERED.format(order=order)) for order in ("a1", "a2")]
    land(shop.workspace, arrivals, landed_at=NOON)
    shop.load()
    unnumbered = {name: at for name, at in arrivals[1].layout.places.items() if name != "line_id"}
    changed = replace(arrivals[1], layout=replace(arrivals[1].layout, places=unnumbered))

    land(shop.workspace, [arrivals[0], changed], landed_at=NOON)
    with pytest.raises(DataRefused, match="only some number their lines"):
        renewed(shop)

    assert len(landed_files(shop.workspace)) == 2
    land(shop.workspace, arrivals, landed_at=NOON)
    renewed(shop)
    assert shop.ask(LINES) == [("a1", "1.00"), ("a2", "1.00")]
