"""Whatever comes in, in whatever order: the tables are those of one load of the final truth.

``make histories`` tries hundreds of sequences. The truth is kept beside the warehouse in plain
Python: of each order, or of each numbered line, the version of the latest moment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from regulars.data import extracts
from tests.faults.conftest import a_shop, tables

DAYS = [date(2024, 3, day) for day in (1, 2, 9, 30)]
STEPS_N = 10
NAMES = "abc"
HEADER = (
    *("order_id", "line_id", "customer_id", "ordered_at"),
    *("amount", "returns_order_id", "product_id"),
)
DAMAGED = ("9", "ann", "2024-03-01", "1O.00", "", "")
Line = tuple[str, ...]
"""The cells of one line, in the order of ``HEADER``."""


@dataclass
class Truth:
    """Of each unit the version of the latest moment: what a clean load is given in the end."""

    is_numbered: bool
    versions: dict[Line, tuple[int, list[Line]]] = field(default_factory=dict)

    def told(self, lines: Iterable[Line], moment: int) -> None:
        units: dict[Line, list[Line]] = {}
        for line in lines:
            units.setdefault(line[:2] if self.is_numbered else line[:1], []).append(line)
        for unit, version in units.items():
            if moment >= self.versions.get(unit, (moment,))[0]:
                self.versions[unit] = (moment, version)

    @property
    def lines(self) -> list[Line]:
        return [line for _, version in self.versions.values() for line in version]


@st.composite
def some_orders(draw: st.DrawFn) -> list[tuple[str, str, str, list[tuple[str, str]]]]:
    """Order, customer, day, and lines of an amount and the order that it returns."""
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=2, unique=True))
    amounts = st.sampled_from(["10.00", "10.00", "7.50", "0.01", "-3.00", "-10.00"])
    lines = st.lists(st.tuples(amounts, st.sampled_from(["", "", "a", "b", "z"])), max_size=3)
    return [
        (
            name,
            draw(st.sampled_from(["ann", "bob", "eve", ""])),
            draw(st.sampled_from(DAYS)).isoformat(),
            draw(lines.filter(bool)),
        )
        for name in names
    ]


class AnyHistory(RuleBasedStateMachine):
    """Deliveries of a chain whose tills number their lines or do not.

    Its files tell in their names when they were made, and come in out of order; or they do not,
    and count in the order they come in.
    """

    @initialize(is_numbered=st.booleans(), is_dated=st.booleans())
    def opens(self, is_numbered: bool, is_dated: bool) -> None:
        self.opened = ExitStack()
        self.shop = self.opened.enter_context(a_shop())
        self.truth = Truth(is_numbered)
        self.is_dated = is_dated
        self.files: list[tuple[list[bytes], list[Line], int]] = []
        self.moments = {0}

    @rule(orders=some_orders(), is_split=st.booleans())
    def delivers(self, orders: list[Any], is_split: bool) -> None:
        """New orders, corrections, returns and late rows: which of them it is, history tells."""
        self.sends(self.lines_of(orders), self.next_moment, is_split=is_split)

    @precondition(lambda self: self.is_dated and self.files)
    @rule(orders=some_orders(), place=st.integers(0, 9))
    def delivers_what_was_made_earlier(self, orders: list[Any], place: int) -> None:
        earlier = sorted(set(range(1, max(self.moments))) - self.moments, reverse=True)
        self.sends(self.lines_of(orders), earlier[place % len(earlier)])

    @precondition(lambda self: self.files)
    @rule(which=st.integers(0, 99), on_its_way=some_orders())
    def is_sent_once_more(self, which: int, on_its_way: list[Any]) -> None:
        """The same lines in a later file, which overtakes one that was made before it."""
        _, lines, _ = self.files[-1 - which % len(self.files)]
        moment = self.next_moment
        self.sends(lines, moment)
        if self.is_dated:
            self.sends(self.lines_of(on_its_way), moment - 1)

    @precondition(lambda self: self.files)
    @rule(which=st.integers(0, 99))
    def comes_again_under_another_name(self, which: int) -> None:
        contents, _, _ = self.files[which % len(self.files)]
        assert self.lands(contents, self.next_moment) == []

    @precondition(lambda self: self.files)
    @rule(which=st.integers(0, 99))
    def is_ingested_again(self, which: int) -> None:
        contents, lines, moment = self.files[which % len(self.files)]
        moment = moment if self.is_dated else self.next_moment
        self.lands(contents, moment, again=True)
        self.truth.told(lines, moment)

    @precondition(lambda self: self.files)
    @rule()
    def loses_its_warehouse(self) -> None:
        self.shop.close()
        self.shop.workspace.warehouse.unlink()
        self.shop.load()

    @property
    def next_moment(self) -> int:
        """Later than all others; between two there is room for what is to come in late."""
        return max(self.moments) + STEPS_N

    def sends(self, lines: list[Line], moment: int, *, is_split: bool = False) -> None:
        parts = [lines[::2], lines[1::2]] if is_split and len(lines) > 1 else [lines]
        contents = [self.text(part, f"{moment}{'ab'[n]}") for n, part in enumerate(parts)]
        self.files.append((contents, lines, moment))
        self.lands(contents, moment)
        self.truth.told(lines, moment)

    def lines_of(self, orders: list[Any]) -> list[Line]:
        """Lines unlike those of any other delivery: each tells another product."""
        return [
            (name, str(number), *self.whose(name, buyer, day), *amounts, f"p{len(self.files)}")
            for name, buyer, day, lines in orders
            for number, amounts in enumerate(lines, start=1)
        ]

    def whose(self, name: str, buyer: str, day: str) -> tuple[str, str]:
        """Lines of one order that come apart tell one customer and one day."""
        if self.truth.is_numbered:
            return f"the {name}", DAYS[NAMES.index(name)].isoformat()
        return buyer, day

    def text(self, lines: list[Line], name: str) -> bytes:
        """A file of these lines and of a damaged one, whose order has the name of the file."""
        kept = [
            place
            for place, column in enumerate(HEADER)
            if self.truth.is_numbered or column != "line_id"
        ]
        rows = [HEADER, *lines, (name, *DAMAGED)]
        return "".join(",".join(row[place] for place in kept) + "\n" for row in rows).encode()

    def lands(self, contents: list[bytes], moment: int, *, again: bool = False) -> list[Any]:
        self.moments.add(moment)
        delivered_at = datetime(2024, 4, 1) + timedelta(minutes=moment)
        return self.shop.deliver(
            *contents, delivered_at=delivered_at if self.is_dated else None, again=again
        )

    def teardown(self) -> None:
        if not hasattr(self, "opened"):
            return
        with self.opened, a_shop() as clean:
            if self.truth.lines:
                clean.deliver(self.text(self.truth.lines, "all"))
            assert tables(self.shop, DAYS[1], DAYS[-1]) == tables(clean, DAYS[1], DAYS[-1])
            assert extracts.money_difference(self.shop.connection) is None


@pytest.mark.fault("F09", "F10", "F11", "F25", "F26")
def test_any_history_ends_in_the_tables_of_one_load_of_the_final_truth(
    pytestconfig: pytest.Config, tell: Callable[[str], None]
) -> None:
    examples_n = pytestconfig.getoption("--examples")

    run_state_machine_as_test(
        AnyHistory,
        settings=settings(
            max_examples=examples_n,
            stateful_step_count=STEPS_N,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )

    tell(f"histories: {examples_n}, each against one load of the final truth")
