"""Which cells of a breakdown are hidden so that no total gives away a small one.

A cell of 1 to k-1 customers is hidden. Its line (a row, a column or another group whose total
is shown) then hides further cells, the smallest first, until the total leaves the small ones
open. Cells are looked at line by line; equations over several lines are not solved.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from typing import TypeVar

Cell = TypeVar("Cell", bound=Hashable)

OPEN_VALUES = 3
"""How many values a small cell must still be able to have for whoever knows the total."""


def hidden_cells(
    customers_n: Mapping[Cell, int], lines: Sequence[Collection[Cell]], *, small_below: int
) -> frozenset[Cell]:
    """The cells to hide, small ones and those that protect them.

    Empty cells are hidden only where nothing else is left to protect a small one.

    >>> sorted(hidden_cells({"a": 3, "b": 40, "c": 25}, ["abc"], small_below=10))
    ['a', 'c']
    >>> sorted(hidden_cells({"a": 12, "b": 40, "c": 0}, ["abc"], small_below=10))
    []
    """
    rank = {cell: (n == 0, n, place) for place, (cell, n) in enumerate(customers_n.items())}
    hidden = {cell for cell, n in customers_n.items() if 0 < n < small_below}
    is_changed = True
    while is_changed:
        is_changed = False
        for line in lines:
            shown = sorted((cell for cell in line if cell not in hidden), key=rank.__getitem__)
            counts = [customers_n[cell] for cell in line if cell in hidden]
            while shown and not _is_safe(counts, small_below):
                cell = shown.pop(0)
                hidden.add(cell)
                counts.append(customers_n[cell])
                is_changed = True
    return frozenset(hidden)


def _is_safe(hidden_n: Sequence[int], small_below: int) -> bool:
    small = [n for n in hidden_n if n < small_below]
    if not small:
        return True
    large_count = len(hidden_n) - len(small)
    total, others = sum(hidden_n), len(small) - 1
    most = min(small_below - 1, total - others - large_count * small_below)
    least = 1 if large_count else max(1, total - others * (small_below - 1))
    return total >= small_below and most - least + 1 >= OPEN_VALUES
