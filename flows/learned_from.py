"""Of how many customers models learn: all, or as many as tell the same of a large chain."""

from __future__ import annotations

from regulars.data.behaviour import PARTS_N, Behaviour

MOST_LEARNED_FROM_N = 50_000
"""An AUC of so many is certain to 0.003; the days that are learned from differ by more."""


def parts_learned_from(customers_n: int) -> int:
    """The parts of so many customers that models learn from; all of them up to the most.

    >>> parts_learned_from(50_000), parts_learned_from(500_000)
    (997, 99)
    """
    return min(PARTS_N, max(1, PARTS_N * MOST_LEARNED_FROM_N // max(1, customers_n)))


def learned_from(behaviour: Behaviour) -> Behaviour:
    """What those customers did: always the same ones of a population."""
    return behaviour.of_parts(parts_learned_from(behaviour.customers_n))
