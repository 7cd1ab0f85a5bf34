from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.transforms.affinity import CATEGORY_NETS, affinity


@dataclass(frozen=True)
class Shares:
    categories: tuple[str, ...]
    hundredths: tuple[int, ...]


EVEN = Shares(("bread", "milk", "tea"), (100, 100, 100))

NETS = st.dictionaries(
    st.tuples(st.integers(1, 3), st.sampled_from(["bread", "milk", "tea", "茶", None])),
    st.sampled_from([-100, 0, 1, 100, 200, 333, 10**15]),
    max_size=12,
)


def by_hand(
    nets: dict[tuple[int, str | None], int], shares: Shares
) -> dict[int, dict[str, object]]:
    """The same in fractions, a customer at a time."""
    everyone = sum(shares.hundredths)
    population = dict(zip(shares.categories, shares.hundredths, strict=True))
    found = {}
    for customer in {customer for customer, _ in nets}:
        own = {name: net for (of, name), net in nets.items() if of == customer and name and net > 0}
        if not own:
            continue
        spend = sum(own.values())
        leads = {
            name: Fraction(net, spend) - Fraction(population.get(name, 0), everyone)
            for name, net in own.items()
        }
        favourite = min(own, key=lambda name: (-own[name], name))
        signature = min(leads, key=lambda name: (-leads[name], name))
        leading = leads[signature] > 0
        found[customer] = {
            "categories_n": len(own),
            "favourite_category": favourite,
            "favourite_category_share": pytest.approx(own[favourite] / spend, rel=1e-14),
            "signature_category": signature if leading else None,
            "signature_category_lead": pytest.approx(float(leads[signature]), rel=1e-14)
            if leading
            else None,
        }
    return found


@given(NETS, st.tuples(*[st.integers(1, 500)] * 3))
@settings(max_examples=60)
def test_affinity_is_what_fractions_find(nets, hundredths):
    shares = Shares(EVEN.categories, hundredths)
    frame = pl.DataFrame(
        [(customer, name, Decimal(net).scaleb(-2)) for (customer, name), net in nets.items()],
        schema=CATEGORY_NETS,
        orient="row",
    )
    found = {row.pop("customer_id"): row for row in affinity(frame, shares=shares).to_dicts()}
    assert found == by_hand(nets, shares)


def test_a_tie_goes_to_the_name_that_sorts_first(drawn):
    nets = drawn(
        """
        customer_id  category  net
        1            tea       5.00
        1            milk      5.00
        """,
        CATEGORY_NETS,
    )
    (found,) = affinity(nets, shares=EVEN).to_dicts()
    assert found["favourite_category"] == found["signature_category"] == "milk"


def test_the_signature_is_what_others_buy_less_not_what_is_bought_most(drawn):
    nets = drawn(
        """
        customer_id  category  net
        1            bread     6.00
        1            tea       4.00
        """,
        CATEGORY_NETS,
    )
    (found,) = affinity(nets, shares=Shares(("bread", "tea"), (900, 100))).to_dicts()
    assert found["favourite_category"] == "bread"
    assert found["signature_category"] == "tea"
    assert found["signature_category_lead"] == pytest.approx(0.3, rel=1e-14)


def test_a_category_taken_back_and_an_unknown_one_do_not_count(drawn):
    nets = drawn(
        """
        customer_id  category  net
        1            bread     1.00
        1            milk      0.00
        1            tea       -7.00
        1            -         50.00
        2            -         50.00
        """,
        CATEGORY_NETS,
    )
    found = affinity(nets, shares=EVEN)
    assert found.select("customer_id", "categories_n", "favourite_category_share").rows() == [
        (1, 1, 1.0)
    ]


def test_who_buys_just_as_everyone_does_has_no_signature(drawn):
    nets = drawn(
        """
        customer_id  category  net
        1            bread     2.00
        1            tea       1.00
        """,
        CATEGORY_NETS,
    )
    (found,) = affinity(nets, shares=Shares(("bread", "tea"), (400, 200))).to_dicts()
    assert (found["signature_category"], found["signature_category_lead"]) == (None, None)


def test_amounts_that_cannot_be_compared_exactly_are_refused(drawn):
    nets = drawn("customer_id category net\n1 tea 9999999999999999.99", CATEGORY_NETS)
    with pytest.raises(ValueError, match="cannot be compared exactly"):
        affinity(nets, shares=Shares(("tea",), (10**20,)))


def test_nobody_has_no_affinity():
    found = affinity(CATEGORY_NETS.to_frame(), shares=Shares((), ()))
    assert found.height == 0
    assert found.schema["favourite_category"] == pl.String
