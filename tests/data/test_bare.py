"""The yardstick in SQL against the oracle in plain Python, and both against drawn tables."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from types import ModuleType

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.data.bare import load_bare, orders_bare, rfm_bare
from regulars.data.chain import write_chain
from regulars.data.sample import write_complete_journey
from regulars.expectations.tables import Rfm

COMPLETE_JOURNEY = {
    "order_id": "basket_id",
    "customer_id": "household_id",
    "ordered_at": "transaction_timestamp",
    "amount": "sales_value",
}
COMPARED = ("recency_days", "orders_n", "spend", "r_score", "f_score", "m_score", "segment")


@pytest.fixture(scope="module")
def oracle() -> ModuleType:
    spec = spec_from_file_location("oracle", Path(__file__).parents[1] / "oracle.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def bare(
    files: list[Path],
    as_of: date,
    columns: dict[str, str] | None = None,
    *,
    compare_days: int = 28,
) -> pl.DataFrame:
    with TemporaryDirectory() as folder, duckdb.connect() as db:
        path = Path(folder) / "rfm.parquet"
        load_bare(db, files, columns)
        orders_bare(db)
        rfm_bare(db, as_of=as_of, compare_days=compare_days, path=path)
        return pl.read_parquet(path).sort("customer_id")


def by_customer(rfm: pl.DataFrame) -> dict[str, tuple[object, ...]]:
    return {row[0]: row[1:] for row in rfm.select("customer_id", *COMPARED).iter_rows()}


def drawn(folder: Path, table: str) -> list[Path]:
    """The table as an export: order, customer (- for none), day, amount [back [order it names]]."""
    path = folder / "transactions.csv"
    rows = [line.split() for line in table.strip().splitlines()]
    path.write_text(
        "order_id,customer_id,ordered_at,amount,is_return,returns_order_id\n"
        + "".join(
            f"{order},{customer.strip('-')},2025-{day} 10:00:00,{amount},"
            f"{'true' if back else 'false'},{''.join(back[1:])}\n"
            for order, customer, day, amount, *back in rows
        ),
        encoding="utf-8",
    )
    return [path]


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("chain")
    write_chain(folder, lines_n=6_000, seed=3)
    return sorted((folder / "exports").glob("transactions_*.csv"))


@pytest.fixture(scope="module")
def complete_journey(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("sample")
    write_complete_journey(folder)
    return sorted((folder / "exports").glob("transactions_*.csv"))


@pytest.mark.parametrize("as_of", [date(2024, 2, 10), date(2025, 6, 30), date(2025, 12, 31)])
def test_a_chains_rfm_is_that_of_the_oracle(
    chain: list[Path], oracle: ModuleType, as_of: date
) -> None:
    assert by_customer(bare(chain, as_of)) == oracle.rfm_from_exports(chain, {}, as_of)


def test_the_complete_journeys_rfm_is_that_of_the_oracle(
    complete_journey: list[Path], oracle: ModuleType
) -> None:
    as_of = date(2017, 12, 31)

    rfm = bare(complete_journey, as_of, COMPLETE_JOURNEY)

    expected = oracle.rfm_from_exports(complete_journey, COMPLETE_JOURNEY, as_of)
    assert by_customer(rfm) == expected
    assert rfm["customer_id"].n_unique() == rfm.height == 2_469
    assert rfm["spend"].sum() == Decimal("4594146.32")


def test_the_previous_segment_is_the_oracles_of_that_day(
    chain: list[Path], oracle: ModuleType
) -> None:
    rfm = bare(chain, date(2024, 6, 30), compare_days=60)

    before = oracle.rfm_from_exports(chain, {}, date(2024, 5, 1))
    previous = {who: before[who][-1] if who in before else "not_seen" for who in rfm["customer_id"]}
    assert dict(rfm.select("customer_id", "previous_segment").iter_rows()) == previous
    assert {"not_seen", "champions"} <= set(previous.values())


def test_value_types_compare_with_the_means_of_those_scored(chain: list[Path]) -> None:
    rfm = bare(chain, date(2025, 6, 30))
    scored = rfm.filter(pl.col("orders_n") > 0)

    n = scored.height
    days, orders, spend = (scored[name].to_list() for name in ("recency_days", "orders_n", "spend"))
    names = {
        (True, True): "value", (True, False): "develop", (False, True): "keep",
        (False, False): "retain",
    }  # fmt: skip
    expected = [
        ("key_" if m * n >= sum(spend) else "general_")
        + names[r * n <= sum(days), f * n >= sum(orders)]
        for r, f, m in zip(days, orders, spend, strict=True)
    ]
    assert scored["value_type"].to_list() == expected
    assert {"key_value", "general_retain"} < set(expected)
    assert rfm["value_type"].null_count() == rfm.height - n


def test_the_columns_are_the_contracts(chain: list[Path]) -> None:
    rfm = bare(chain, date(2025, 6, 30))

    types = {name: column.dtype for name, column in Rfm.columns().items()}
    assert dict(rfm.schema) == types


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2025, 3, 1), (0, 1, Decimal("10.00"))),
        (date(2025, 3, 4), (3, 1, Decimal("10.00"))),
        (date(2025, 3, 5), (4, 1, Decimal("6.00"))),
        (date(2025, 3, 9), (None, 0, Decimal("0.00"))),
    ],
)
def test_a_return_counts_from_its_own_day_against_its_order(
    tmp_path: Path, oracle: ModuleType, day: date, expected: tuple[object, ...]
) -> None:
    files = drawn(
        tmp_path,
        """
        A  ann  03-01   7.00
        A  ann  03-01   3.00
        R1 ann  03-05  -4.00  back A
        R2 ann  03-08  -6.00  back A
        """,
    )

    assert by_customer(bare(files, day))["ann"][:3] == expected
    assert oracle.rfm_from_exports(files, {}, day)["ann"][:3] == expected


@pytest.mark.parametrize(
    ("table", "who", "expected"),
    [
        pytest.param(
            "R ann 03-01 -4.00 back", "ann", (None, 0, Decimal("-4.00")), id="no order named"
        ),
        pytest.param(
            "R ann 03-01 -4.00 back X", "ann", (None, 0, Decimal("-4.00")), id="an unknown order"
        ),
        pytest.param(
            "R ann 03-01 -4.00 back B\nB bob 03-20 9.00", "ann", (None, 0, Decimal("-4.00")),
            id="an order of a later day",
        ),
        pytest.param(
            "A ann 03-01 9.00\nA ann 03-01 -4.00 back", "ann", (9, 1, Decimal("5.00")),
            id="the sale on the same receipt",
        ),
        pytest.param(
            "A ann 03-01 5.00\nB ann 03-08 9.00\nB ann 03-08 -5.00 back A", "ann",
            (2, 1, Decimal("9.00")), id="the order named before the sale on the same receipt",
        ),
        pytest.param(
            "B bob 03-01 9.00\nR ann 03-05 -4.00 back B", "bob", (9, 1, Decimal("5.00")),
            id="an order of another customer",
        ),
        pytest.param(
            "B bob 03-01 9.00\nR ann 03-05 -4.00 back B\nQ bob 03-05 -2.00 back B", "bob",
            (9, 1, Decimal("3.00")), id="an order of which two customers bring back",
        ),
        pytest.param(
            "B bob 03-01 9.00\nR - 03-05 -4.00 back B", "bob", (9, 1, Decimal("5.00")),
            id="brought back without the card",
        ),
        pytest.param(
            "A ann 03-01 5.00\nB ann 03-08 0.00", "ann", (9, 1, Decimal("5.00")),
            id="an order of no value is no order",
        ),
    ],
)  # fmt: skip
def test_what_a_return_is_set_against(
    tmp_path: Path, oracle: ModuleType, table: str, who: str, expected: tuple[object, ...]
) -> None:
    files, day = drawn(tmp_path, table), date(2025, 3, 10)

    rfm = by_customer(bare(files, day))

    assert rfm[who][:3] == expected
    assert rfm == oracle.rfm_from_exports(files, {}, day)
    assert rfm.keys() == {who}


def test_anonymous_receipts_are_nobodys(tmp_path: Path, oracle: ModuleType) -> None:
    files = drawn(tmp_path, "A - 03-01 9.00\nR - 03-02 -9.00 back A\nB ann 03-03 1.00")
    day = date(2025, 3, 10)

    rfm = by_customer(bare(files, day))

    assert rfm == oracle.rfm_from_exports(files, {}, day)
    assert rfm.keys() == {"ann"}


def test_all_tied_score_five_one_one(tmp_path: Path, oracle: ModuleType) -> None:
    files = drawn(tmp_path, "A ann 03-01 9.00\nB bob 03-01 9.00\nC eve 03-01 9.00")
    day = date(2025, 3, 10)

    rfm = by_customer(bare(files, day))

    assert rfm == oracle.rfm_from_exports(files, {}, day)
    assert {row[3:] for row in rfm.values()} == {(5, 1, 1, "new")}


ORDERS = st.lists(
    st.tuples(
        st.sampled_from(["ann", "bob", "cat", "dan", "eve", "fay", "-"]),
        st.integers(1, 28),
        st.integers(-300, 300).filter(bool),
        st.none() | st.integers(0, 24),
    ),
    min_size=1,
    max_size=25,
)


@settings(max_examples=40, deadline=None)
@given(receipts=ORDERS, day=st.integers(1, 28))
def test_any_history_gives_the_oracles_rfm(
    oracle: ModuleType, receipts: list[tuple[str, int, int, int | None]], day: int
) -> None:
    lines = [
        f"O{n} {who} 03-{on:02} {Decimal(cents) / 100:.2f}"
        for n, (who, on, cents, _) in enumerate(receipts)
    ]
    table = "\n".join(
        line + (f" back {'' if names is None else f'O{names}'}" if cents < 0 else "")
        for line, (_, _, cents, names) in zip(lines, receipts, strict=True)
    )
    as_of = date(2025, 3, day)
    with TemporaryDirectory() as folder:
        files = drawn(Path(folder), table)

        assert by_customer(bare(files, as_of)) == oracle.rfm_from_exports(files, {}, as_of)


@given(values=st.lists(st.integers(-1000, 1000), min_size=1, max_size=40))
def test_the_oracles_cut_points_are_those_of_the_standard_library(
    oracle: ModuleType, values: list[int]
) -> None:
    exact = [Fraction(value) for value in values]

    # Python below 3.13 wants two values or more; a value twice has the same quantiles.
    expected = quantiles(exact if len(exact) > 1 else exact * 2, n=5, method="inclusive")

    assert oracle.cut_points(values) == expected
