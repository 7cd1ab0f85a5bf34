"""The laws every per-customer transform obeys, whatever the orders."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.models.category_shares import CategoryShares, fit_category_shares
from regulars.models.rfm import CutPoints, fit_cut_points, scored
from regulars.models.rhythm import Rhythm, fit_rhythm
from regulars.models.value_types import Means, fit_means, value_typed
from regulars.transforms.affinity import CATEGORY_NETS, affinity
from regulars.transforms.customers import MEMBERS, customers
from regulars.transforms.gaps import gaps
from regulars.transforms.lifecycle import lifecycle
from regulars.transforms.money import hundredths
from regulars.transforms.order_nets import ORDER_NETS
from regulars.transforms.purchases import measures, purchases
from regulars.transforms.rfm import rfm
from regulars.transforms.segments import DEFAULT_RULES, segmented
from tests.transforms.nobody import NO_CHURN, NO_CLUSTERS, NO_VALUE

CHAIN_FIRST_ON = date(2024, 1, 1)
COMPARE_ON = date(2024, 6, 1)
AS_OF = date(2024, 6, 29)
CUSTOMERS = (0, 1, 2, 3, 2**64 - 1)
CATEGORIES = ("bread", "milk", "tea")


@dataclass(frozen=True)
class Inputs:
    order_nets: pl.DataFrame
    category_nets: pl.DataFrame
    members: pl.DataFrame

    def of(self, customers: set[int]) -> Inputs:
        kept = pl.col("customer_id").is_in(pl.Series(sorted(customers), dtype=pl.UInt64).implode())
        return Inputs(
            self.order_nets.filter(kept), self.category_nets.filter(kept), self.members.filter(kept)
        )

    def shuffled(self, seed: int) -> Inputs:
        return Inputs(*(
            frame.sample(fraction=1.0, shuffle=True, seed=seed)
            for frame in (self.order_nets, self.category_nets, self.members)
        ))  # fmt: skip


@dataclass(frozen=True)
class Fitted:
    rhythm: Rhythm
    shares: CategoryShares
    cuts: CutPoints | None
    previous_cuts: CutPoints | None
    means: Means | None


def fitted(inputs: Inputs) -> Fitted:
    now = measures(inputs.order_nets, as_of=AS_OF)
    return Fitted(
        fit_rhythm(gaps(inputs.order_nets)),
        fit_category_shares(inputs.category_nets),
        fit_cut_points(now),
        fit_cut_points(previous_measures(inputs)),
        fit_means(now),
    )


def previous_measures(inputs: Inputs) -> pl.DataFrame:
    return measures(inputs.order_nets.filter(pl.col("ordered_on") <= COMPARE_ON), as_of=COMPARE_ON)


def all_purchases(inputs: Inputs, _: Fitted) -> pl.DataFrame:
    return purchases(inputs.order_nets, as_of=AS_OF)


def all_gaps(inputs: Inputs, _: Fitted) -> pl.DataFrame:
    return gaps(inputs.order_nets)


def all_lifecycles(inputs: Inputs, fit: Fitted) -> pl.DataFrame:
    return lifecycle(
        all_purchases(inputs, fit),
        inputs.members,
        rhythm=fit.rhythm,
        chain_first_on=CHAIN_FIRST_ON,
        warm_up_days=60,
    )


def all_affinities(inputs: Inputs, fit: Fitted) -> pl.DataFrame:
    return affinity(inputs.category_nets, shares=fit.shares)


def all_scores(inputs: Inputs, fit: Fitted) -> pl.DataFrame:
    return value_typed(scored(all_purchases(inputs, fit), fit.cuts), fit.means)


def all_segments(inputs: Inputs, fit: Fitted) -> pl.DataFrame:
    return segmented(all_scores(inputs, fit), DEFAULT_RULES)


def all_rfm(inputs: Inputs, fit: Fitted) -> pl.DataFrame:
    previous = scored(previous_measures(inputs), fit.previous_cuts)
    return rfm(all_scores(inputs, fit), previous, rules=DEFAULT_RULES)


def all_customers(inputs: Inputs, fit: Fitted) -> pl.DataFrame:
    return customers(
        all_purchases(inputs, fit),
        inputs.members,
        lifecycle=all_lifecycles(inputs, fit),
        rfm=all_rfm(inputs, fit),
        affinity=all_affinities(inputs, fit),
        clusters=NO_CLUSTERS,
        value=NO_VALUE,
        churn=NO_CHURN,
        as_of=AS_OF,
    )


TRANSFORMS = (
    all_purchases,
    all_gaps,
    all_lifecycles,
    all_affinities,
    all_scores,
    all_segments,
    all_rfm,
    all_customers,
)
Transform = Callable[[Inputs, Fitted], pl.DataFrame]


@st.composite
def any_inputs(draw: st.DrawFn) -> Inputs:
    customer = st.sampled_from(CUSTOMERS)
    day = st.integers(0, (AS_OF - CHAIN_FIRST_ON).days).map(
        lambda days: CHAIN_FIRST_ON + timedelta(days=days)
    )
    amount = st.integers(-300, 900).map(lambda cents: Decimal(cents).scaleb(-2))
    order_nets = draw(st.lists(st.tuples(customer, day, amount, st.booleans()), max_size=25))
    by_category = draw(
        st.dictionaries(
            st.tuples(customer, st.sampled_from([*CATEGORIES, None])), amount, max_size=12
        )
    )
    members = draw(st.dictionaries(customer, st.none() | day))
    return Inputs(
        pl.DataFrame(order_nets, schema=ORDER_NETS, orient="row"),
        pl.DataFrame(
            [(*key, net) for key, net in by_category.items()], schema=CATEGORY_NETS, orient="row"
        ),
        pl.concat(
            [
                MEMBERS.to_frame(),
                pl.DataFrame(
                    list(members.items()),
                    schema={"customer_id": pl.UInt64, "joined_on": pl.Date},
                    orient="row",
                ),
            ],
            how="diagonal",
        ),
    )


def in_order(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.sort(frame.columns, nulls_last=True)


@pytest.mark.parametrize("transform", TRANSFORMS)
@given(any_inputs(), st.sets(st.sampled_from(CUSTOMERS)))
@settings(max_examples=15, deadline=None)
def test_customers_apart_are_what_they_are_together(transform: Transform, inputs, some):
    fit = fitted(inputs)
    together = transform(inputs, fit)
    apart = [transform(inputs.of(part), fit) for part in (some, set(CUSTOMERS) - some)]
    assert in_order(pl.concat(apart)).equals(in_order(together))


@pytest.mark.parametrize("transform", TRANSFORMS)
@given(any_inputs(), st.integers(0, 99))
@settings(max_examples=6, deadline=None)
def test_the_order_of_the_rows_does_not_matter(transform: Transform, inputs, seed):
    shuffled = inputs.shuffled(seed)
    assert fitted(shuffled) == fitted(inputs)
    first = transform(inputs, fitted(inputs))
    assert in_order(transform(shuffled, fitted(shuffled))).equals(in_order(first))


@pytest.mark.parametrize("transform", TRANSFORMS)
@given(any_inputs())
@settings(max_examples=3, deadline=None)
def test_a_transform_leaves_its_input_as_it_was(transform: Transform, inputs):
    before = Inputs(inputs.order_nets.clone(), inputs.category_nets.clone(), inputs.members.clone())
    transform(inputs, fitted(inputs))
    assert before.order_nets.equals(inputs.order_nets)
    assert before.category_nets.equals(inputs.category_nets)
    assert before.members.equals(inputs.members)


@given(any_inputs())
@settings(max_examples=15, deadline=None)
def test_every_customer_has_one_row_and_no_money_is_lost(inputs):
    table = all_customers(inputs, fitted(inputs))
    population = {*inputs.order_nets["customer_id"], *inputs.members["customer_id"]}
    assert sorted(table["customer_id"]) == sorted(population)
    assert hundredths(table["spend"]).sum() == hundredths(inputs.order_nets["net"]).sum()


def test_a_thousand_customers_shuffled_give_the_same_table():
    dice = Random(5)
    rows = [
        (dice.getrandbits(64) if dice.random() < 0.3 else dice.randrange(1000),
         CHAIN_FIRST_ON + timedelta(days=dice.randrange(180)),
         Decimal(dice.randrange(-500, 9000)).scaleb(-2),
         dice.random() < 0.97)
        for _ in range(6000)
    ]  # fmt: skip
    nets = pl.DataFrame(rows, schema=ORDER_NETS, orient="row")
    inputs = Inputs(nets, CATEGORY_NETS.to_frame(), MEMBERS.to_frame())
    shuffled = inputs.shuffled(1)
    tables = [in_order(all_customers(of, fitted(of))) for of in (inputs, shuffled)]
    assert tables[0].height > 1000
    assert tables[0].equals(tables[1])
