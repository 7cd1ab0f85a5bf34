"""Which column of an export a file's own name means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from regulars.expectations.header_names import is_near, plain
from regulars.expectations.synonym_table import OTHER_NAMES, SYNONYMS, Doubt, Doubtful


@dataclass(frozen=True)
class Meaning:
    """The column that a name means; of several names the lowest ``rank`` is meant rather.

    ``doubt`` says why it may be another thing after all.
    """

    column: str
    rank: int
    doubt: Doubt | None


@cache
def meanings(export: str) -> Mapping[str, Meaning]:
    """What each known name means in an export, by ``header_names.plain``."""
    found = {}
    for column, groups in SYNONYMS.get(export, {}).items():
        for rank, group in enumerate(groups):
            doubt = group.doubt if isinstance(group, Doubtful) else None
            for name in (group.names if isinstance(group, Doubtful) else group).split():
                found[plain(name)] = Meaning(column, rank, doubt)
    return found


def meaning(export: str, name: str) -> Meaning | None:
    """What a file's own name means in an export, or None where it is not known.

    >>> meaning("transactions", "實付金額（元）").column
    'amount'
    """
    return meanings(export).get(plain(name))


@cache
def _other_names() -> frozenset[str]:
    return frozenset(map(plain, OTHER_NAMES.split()))


def means_another_thing(export: str, name: str) -> bool:
    """Whether a name is known, and for no column of this export.

    >>> means_another_thing("transactions", "发货时间"), means_another_thing("transactions", "x")
    (True, False)
    """
    own = plain(name)
    if own in meanings(export):
        return False
    return own in _other_names() or any(own in meanings(other) for other in SYNONYMS)


def near_names(export: str, column: str, names: Sequence[str]) -> list[str]:
    """Those of the names that look like a known name of the column, misspelt."""
    known = [name for name, means in meanings(export).items() if means.column == column]
    return [
        name
        for name in names
        if meaning(export, name) is None
        and not means_another_thing(export, name)
        and any(is_near(plain(name), meant) for meant in known)
    ]


def suggested(export: str, column: str, names: Sequence[str]) -> str | None:
    """The one of a file's names that a column most likely goes by, or None.

    A name that means the column comes first, the best of several; then one that looks like such a
    name, misspelt. Never a name that is known for another column, however near it looks.

    >>> suggested("transactions", "amount", ["订单号", "应付金额", "实付金额"])
    '实付金额'
    >>> suggested("transactions", "amount", ["order_id", "amuont"])
    'amuont'
    """
    meant = [
        (means.rank, place, name)
        for place, name in enumerate(names)
        if (means := meaning(export, name)) is not None and means.column == column
    ]
    if meant:
        return min(meant)[2]
    return next(iter(near_names(export, column, names)), None)


def is_known(name: str) -> bool:
    """Whether a name is known at all, for a column of some export or for another thing.

    >>> is_known("小票号"), is_known("R1001")
    (True, False)
    """
    own = plain(name)
    return own in _other_names() or any(own in meanings(export) for export in SYNONYMS)
