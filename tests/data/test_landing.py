"""Files as they came: kept under their digest, told apart from what had landed before."""

from __future__ import annotations

import json
import stat
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from regulars.data.landing import Arrival, delivered_at, land, landed_files
from regulars.expectations.errors import DataRefused, Failed

if TYPE_CHECKING:
    from tests.data.conftest import NewShop, Shop

HEADER = "order_id customer_id ordered_at amount\n"
ONE, TWO = (HEADER + f"a{n} ann 2024-03-01 1.00" for n in (1, 2))
NOON = datetime(2024, 6, 30, 12)


def names(shop: Shop) -> list[str]:
    return sorted(path.name for path in shop.workspace.landing.iterdir())


def test_bytes_are_kept_under_their_digest_for_the_owner_alone(shop: Shop) -> None:
    arrival = shop.arrival(ONE)
    land(shop.workspace, [arrival], landed_at=NOON)
    digest = sha256(arrival.path.read_bytes()).hexdigest()
    assert names(shop) == [f"000001-transactions-{digest}.json", digest]
    assert (shop.workspace.landing / digest).read_bytes() == arrival.path.read_bytes()
    modes = {stat.S_IMODE(path.stat().st_mode) for path in shop.workspace.landing.iterdir()}
    assert modes == {0o600}


def test_a_sidecar_tells_all_that_a_load_needs(shop: Shop) -> None:
    arrival = shop.arrival(ONE, delivered_at=datetime(2024, 6, 1))
    (new,), _, _ = land(shop.workspace, [arrival], landed_at=NOON)
    assert landed_files(shop.workspace) == [new]
    assert (new.landed_at, new.delivered_at) == (NOON, datetime(2024, 6, 1))
    assert (new.bytes_n, new.newlines_n, new.ends_with_newline) == (62, 2, True)


@pytest.mark.fault("F09")
def test_the_same_bytes_under_another_name_do_not_land_again(shop: Shop) -> None:
    shop.deliver(ONE)
    first, second = shop.arrival(ONE), shop.arrival(TWO)
    new, repeated, _ = land(shop.workspace, [first, second], landed_at=NOON)
    assert ([file.file for file in new], repeated) == ([second.path.name], [first])


@pytest.mark.fault("F09")
def test_the_same_bytes_twice_in_a_delivery_land_once(shop: Shop) -> None:
    loads = shop.deliver(ONE, ONE)
    assert len(loads) == 1


def test_the_same_bytes_of_another_export_are_another_file(shop: Shop) -> None:
    both = b"order_id,customer_id,ordered_at,amount,product_id\na1,ann,2024-03-01,1,p1\n"
    arrivals = [shop.arrival(both), shop.arrival(both, "products")]
    new, _, _ = land(shop.workspace, arrivals, landed_at=NOON)
    assert sorted(file.export for file in new) == ["products", "transactions"]
    assert len(landed_files(shop.workspace)) == 2


@pytest.mark.fault("F11")
def test_again_lands_a_file_again_and_reverts_a_correction(shop: Shop) -> None:
    shop.deliver(ONE)
    shop.deliver(HEADER + "a1 ann 2024-03-01 9.00")
    assert shop.deliver(ONE) == []
    assert shop.ask("SELECT gross::VARCHAR FROM orders") == [("9.00",)]
    shop.deliver(ONE, again=True)
    assert shop.ask("SELECT gross::VARCHAR FROM orders") == [("1.00",)]


def test_the_order_of_deliveries_survives_a_clock_that_steps_back(shop: Shop) -> None:
    shop.deliver(ONE, landed_at=NOON)
    shop.deliver(TWO, landed_at=NOON - timedelta(days=1))
    assert shop.ask("SELECT landed_at FROM loads ORDER BY load_id") == [
        (NOON,),
        (NOON + timedelta(microseconds=1),),
    ]


def test_files_of_different_moments_are_deliveries_in_the_order_of_their_moments(
    shop: Shop,
) -> None:
    later = shop.arrival(HEADER + "a1 ann 2024-03-01 2.00", delivered_at=datetime(2024, 6, 2))
    earlier = shop.arrival(ONE, delivered_at=datetime(2024, 6, 1))
    land(shop.workspace, [later, earlier], landed_at=NOON)
    shop.load()
    assert shop.ask("SELECT delivery_id, file FROM loads ORDER BY load_id") == [
        (1, earlier.path.name),
        (2, later.path.name),
    ]
    assert shop.ask("SELECT gross::VARCHAR FROM orders") == [("2.00",)]


def test_a_file_whose_last_line_does_not_end_has_all_its_rows(shop: Shop) -> None:
    (load,) = shop.deliver(
        b"order_id,customer_id,ordered_at,amount\na1,a,2024-03-01,1\na2,a,2024-03-01,1"
    )
    assert (load.rows_n, load.accepted_n) == (2, 2)


@pytest.mark.fault("F08")
def test_a_deleted_warehouse_is_built_again_from_the_landing(shop: Shop) -> None:
    shop.deliver("customer_id city\nann Xian", export="customers")
    shop.deliver(ONE, TWO + "\na3 bob never 1.00")
    shop.deliver(HEADER + "a1 ann 2024-03-01 9.00\na2 ann 2024-03-01 1.00")
    tables = (
        "lines",
        "lines_history",
        "orders",
        "returns",
        "identity",
        "loads",
        "quarantined",
        "customers",
    )

    def contents() -> dict[str, list[tuple[object, ...]]]:
        return {table: shop.ask(f"FROM {table} ORDER BY ALL") for table in tables}

    before, refused = contents(), shop.refused()
    shop.close()
    shop.workspace.warehouse.unlink()
    assert len(shop.load()) == 4
    assert contents() == before
    assert shop.refused().equals(refused)


@pytest.mark.fault("F01")
def test_a_load_that_was_rolled_back_leaves_no_refused_rows_behind(shop: Shop) -> None:
    shop.deliver(ONE)
    leftover = shop.workspace.quarantine / "000002-0123456789abcdef.parquet"
    leftover.write_bytes(b"of a load that never was")
    shop.deliver(TWO)
    assert not leftover.exists()


@pytest.mark.parametrize("change", [lambda path: path.write_bytes(b"short"), Path.unlink])
def test_landed_bytes_that_are_gone_or_cut_are_told(shop: Shop, change: object) -> None:
    land(shop.workspace, [shop.arrival(ONE)], landed_at=NOON)
    (path,) = [path for path in shop.workspace.landing.iterdir() if path.suffix != ".json"]
    change(path)  # type: ignore[operator]
    with pytest.raises(Failed, match=r"is not what was landed as transactions-1\.csv"):
        shop.load()


def test_a_sidecar_that_cannot_be_read_is_told(shop: Shop) -> None:
    (new,), _, _ = land(shop.workspace, [shop.arrival(ONE)], landed_at=NOON)
    sidecar = shop.workspace.landing / new.sidecar_name
    sidecar.write_text(json.dumps({"file": "x"}))
    with pytest.raises(Failed, match=r"json cannot be read"):
        shop.load()


@pytest.mark.fault("F03")
def test_a_delivery_that_cannot_land_whole_leaves_nothing_of_it(shop: Shop) -> None:
    shop.deliver(ONE)
    before = names(shop)
    gone = shop.arrival(HEADER)
    gone.path.unlink()
    with pytest.raises(Failed, match="cannot land 2 files"):
        land(shop.workspace, [shop.arrival(TWO), gone], landed_at=NOON)
    assert names(shop) == before


def test_a_delivery_that_is_refused_is_not_tried_again(shop: Shop) -> None:
    shop.rules = replace(shop.rules, order_key=("order_id", "store_id"))
    with pytest.raises(DataRefused, match="no column store_id"):
        shop.deliver(ONE)
    assert names(shop) == []
    assert shop.load() == []


def test_deliveries_behind_a_refused_one_are_taken_back_with_it(shop: Shop) -> None:
    shop.rules = replace(shop.rules, order_key=("order_id", "store_id"))
    good = "order_id customer_id ordered_at amount store_id\na9 ann 2024-03-02 1.00 s1"
    arrivals = [
        shop.arrival(ONE, delivered_at=datetime(2024, 3, 1)),
        shop.arrival(good, delivered_at=datetime(2024, 3, 2)),
    ]
    land(shop.workspace, arrivals, landed_at=NOON)
    with pytest.raises(DataRefused):
        shop.load()
    assert names(shop) == []
    (load,) = shop.deliver(good)
    assert load.accepted_n == 1


@pytest.mark.parametrize(
    ("name", "pattern", "expected"),
    [
        ("sales_20240131.csv", "sales_%Y%m%d.csv", datetime(2024, 1, 31)),
        ("sales_20240131_2359.csv", "sales_%Y%m%d_%H%M.csv", datetime(2024, 1, 31, 23, 59)),
        ("north-2024-01-31-v2.csv", "*-%Y-%m-%d-*.csv", datetime(2024, 1, 31)),
        ("sales_20240231.csv", "sales_%Y%m%d.csv", None),
        ("sales_20240131.csv.bak", "sales_%Y%m%d.csv", None),
        ("salesX20240131.csv", "sales.%Y%m%d.csv", None),
        ("sales.csv", "sales*.csv", None),
    ],
)
def test_a_file_name_tells_the_moment_by_its_pattern(
    name: str, pattern: str, expected: datetime | None
) -> None:
    assert delivered_at(name, pattern) == expected


def test_file_names_do_not_reach_what_is_computed(new_shop: NewShop) -> None:
    shops = new_shop(), new_shop()
    for shop, name in zip(shops, ("a.csv", "z'%s;--.csv"), strict=True):
        arrival = shop.arrival(ONE)
        renamed = arrival.path.rename(arrival.path.with_name(name))
        land(
            shop.workspace, [Arrival(renamed, "transactions", arrival.layout, None)], landed_at=NOON
        )
        shop.load()
    assert shops[0].ask("FROM lines") == shops[1].ask("FROM lines")
    assert [shop.ask("SELECT file FROM loads")[0][0] for shop in shops] == ["a.csv", "z'%s;--.csv"]


def test_a_load_reads_each_sidecar_once(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a chain that has sent a file a day for years there are thousands."""
    shop.deliver(ONE)
    shop.deliver(TWO)
    read: list[str] = []
    read_text = Path.read_text

    def noted(path: Path, *given: str, **named: str) -> str:
        read.append(path.name)
        return read_text(path, *given, **named)

    monkeypatch.setattr(Path, "read_text", noted)
    assert shop.load() == []
    sidecars = [name for name in names(shop) if name.endswith(".json")]
    assert sorted(name for name in read if name.endswith(".json")) == sidecars
