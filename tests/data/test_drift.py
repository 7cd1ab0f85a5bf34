"""Files that differ from those before them: in their columns, in how much they bring."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.data.drift import DEFAULT_TOLERANCE, Difference, Tolerance, Volume, volume_differences
from regulars.data.landing import landed_files
from regulars.expectations.errors import DataRefused

if TYPE_CHECKING:
    from tests.data.conftest import NewShop, Shop

HEADER = "order_id,customer_id,ordered_at,amount,discount\n"
JUNE = datetime(2024, 6, 30, 12)
FIRST = date(2024, 3, 1)


@pytest.fixture
def shop(new_shop: NewShop) -> Shop:
    shop = new_shop()
    shop.tolerance = DEFAULT_TOLERANCE
    return shop


def sold(first_day: int, days_n: int, a_day: int, header: str = HEADER) -> bytes:
    """So many lines on each of so many days."""
    more = "," * (header.count(",") - 3)
    days = (FIRST + timedelta(days=first_day + n) for n in range(days_n))
    lines = (f"{day}-{n},ann,{day},1.00{more}\n" for day in days for n in range(a_day))
    return (header + "".join(lines)).encode()


def tolerant(shop: Shop, **given: object) -> Shop:
    shop.tolerance = Tolerance(**given)  # type: ignore[arg-type]
    return shop


def told(shop: Shop) -> list[str | None]:
    return [row[0] for row in shop.ask("SELECT differences FROM loads ORDER BY load_id")]


@pytest.mark.fault("F14")
@pytest.mark.parametrize(
    ("days_n", "a_day", "code"),
    [
        (1, 3, "volume_low"),
        (10, 3, "volume_low"),
        (1, 4, None),
        (1, 30, None),
        (30, 30, None),
        (1, 299, None),
        (1, 300, "volume_high"),
    ],
)
def test_lines_a_day_are_held_against_those_of_the_files_before(
    shop: Shop, days_n: int, a_day: int, code: str | None
) -> None:
    tolerant(shop, volume="warn")
    shop.deliver(sold(0, 5, 30))
    shop.deliver(sold(5, 2, 30))
    shop.deliver(sold(10, days_n, a_day))
    assert told(shop) == [None, None, code]


@pytest.mark.fault("F14")
def test_a_file_with_a_tenth_is_refused_and_leaves_nothing(shop: Shop) -> None:
    shop.deliver(sold(0, 5, 30))

    with pytest.raises(DataRefused) as refused:
        shop.deliver(sold(5, 1, 3))

    message = str(refused.value)
    assert "transactions-2.csv is not like the files before it" in message
    assert "expected: about 30 rows for each day, as in the last file" in message
    assert "found: 3 good rows, 3 for each day" in message
    assert message.endswith("if the file is right: regulars run --accept volume")
    assert shop.ask("SELECT count(*) FROM lines") == [(150,)]
    assert len(landed_files(shop.workspace)) == 1


@pytest.mark.fault("F14")
def test_a_file_with_a_tenth_comes_in_when_that_is_accepted(shop: Shop) -> None:
    shop.deliver(sold(0, 5, 30))
    tolerant(shop, accepted=frozenset({"volume"}))
    (load,) = shop.deliver(sold(5, 1, 3))
    assert (load.accepted_n, load.differing) == (3, ["volume"])
    assert told(shop) == [None, "volume_low"]


@pytest.mark.fault("F14")
def test_a_file_of_which_nearly_all_rows_are_bad_is_a_file_with_few_rows(shop: Shop) -> None:
    shop.deliver(sold(0, 5, 30))
    with pytest.raises(DataRefused) as refused:
        shop.deliver(sold(5, 5, 30).replace(b",1.00,", b",one,"))
    assert "150 were refused, such as line 2: amount is not a number" in str(refused.value)
    assert list(shop.workspace.quarantine.iterdir()) == []


@pytest.mark.fault("F13")
def test_a_file_without_rows_is_told_and_stops_only_where_settings_say_so(shop: Shop) -> None:
    shop.deliver(sold(0, 5, 30))
    (load,) = shop.deliver(HEADER.encode())
    assert (load.rows_n, told(shop)) == (0, [None, "empty"])

    tolerant(shop, empty="stop")
    with pytest.raises(DataRefused, match="--accept empty"):
        shop.deliver(HEADER.replace("discount", "channel").encode())


@pytest.mark.fault("F14")
def test_a_list_with_a_tenth_of_its_rows_is_refused(shop: Shop) -> None:
    products = ["product_id,name\n", *(f"p{n},tea\n" for n in range(100))]
    shop.deliver("".join(products).encode(), export="products")
    with pytest.raises(DataRefused, match=r"products-2\.csv is not like"):
        shop.deliver("".join(products[:11]).encode(), export="products")
    assert shop.ask("SELECT count(*) FROM products") == [(100,)]


@pytest.mark.fault("F20")
def test_a_column_that_earlier_files_had_is_missed_and_a_new_one_named_beside_it(
    shop: Shop,
) -> None:
    shop.deliver(sold(0, 5, 30))
    with pytest.raises(DataRefused) as refused:
        shop.deliver(sold(5, 5, 30, HEADER.replace("discount", "rebate")))
    message = str(refused.value)
    assert "found: no discount; rebate is new and may be it" in message
    assert "under [exports.transactions.columns] of regulars.toml" in message
    assert "regulars run --accept columns" in message


@pytest.mark.fault("F20")
def test_a_column_more_is_told_and_stops_nothing(shop: Shop) -> None:
    shop.deliver(sold(0, 5, 30))
    (load,) = shop.deliver(sold(5, 5, 30, HEADER.replace("discount", "discount,till,channel")))
    assert load.differences == [
        "transactions-2.csv: new columns channel, till; they were not in transactions-1.csv"
    ]
    assert (load.differing, told(shop)) == ([], [None, "columns_added"])


@pytest.mark.fault("F20")
def test_columns_in_another_order_are_no_difference(shop: Shop) -> None:
    shop.deliver(sold(0, 1, 3))
    shop.deliver(b"discount,amount,ordered_at,customer_id,order_id\n,1.00,2024-03-02,ann,b1\n")
    assert told(shop) == [None, None]


def test_a_file_is_held_against_files_of_its_own_source(shop: Shop) -> None:
    shop.source = "exports/till*.csv"
    shop.deliver(sold(0, 5, 30))
    shop.source = "exports/web*.csv"
    shop.deliver(sold(5, 1, 3, HEADER.replace("discount", "channel")))
    shop.source = "exports/till*.csv"
    with pytest.raises(DataRefused):
        shop.deliver(sold(6, 1, 3))


@pytest.mark.fault("F26")
def test_a_few_late_rows_of_days_that_were_delivered_are_no_small_file(shop: Shop) -> None:
    shop.deliver(sold(0, 5, 30))
    shop.deliver(sold(3, 1, 2).replace(b"-0,ann", b"-99,ann"))
    assert told(shop) == [None, None]


def test_what_was_accepted_once_is_read_again_without_asking(shop: Shop) -> None:
    shop.deliver(sold(0, 5, 30))
    tolerant(shop, accepted=frozenset({"volume"}))
    shop.deliver(sold(5, 1, 3))
    shop.close()
    shop.workspace.warehouse.unlink()
    tolerant(shop)
    shop.load()
    assert told(shop) == [None, "volume_low"]


def test_what_is_off_is_not_told(shop: Shop) -> None:
    tolerant(shop, volume="off", columns="off", empty="off")
    shop.deliver(sold(0, 5, 30))
    shop.deliver(sold(5, 1, 3, HEADER.replace("discount", "rebate")))
    assert told(shop) == [None, None]


@dataclass(frozen=True)
class _File:
    file: str = "sales.csv"
    export: str = "transactions"


def _differences(volume: Volume, earlier: list[Volume]) -> list[Difference]:
    return volume_differences(_File(), volume, earlier, is_empty=False)  # type: ignore[arg-type]


@given(
    earlier=st.lists(st.builds(Volume, st.integers(20, 5000), st.integers(1, 31)), min_size=1),
    volume=st.builds(Volume, st.integers(1, 5000), st.integers(1, 31)),
    factor=st.integers(1, 50),
)
def test_days_and_rows_that_grow_together_are_judged_alike(
    earlier: list[Volume], volume: Volume, factor: int
) -> None:
    def codes(one: Volume, before: list[Volume]) -> list[str]:
        return [found.code for found in _differences(one, before)]

    longer = Volume(volume.rows_n * factor, volume.days_n * factor)
    assert codes(longer, earlier) == codes(volume, earlier)
    more = [replace(one, rows_n=one.rows_n * factor) for one in earlier]
    assert codes(replace(volume, rows_n=volume.rows_n * factor), more) == codes(volume, earlier)
