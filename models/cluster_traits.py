"""What sets a cluster apart, and the name that follows from it: codes, which the catalogue says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from regulars.models.habit_scale import family_of

TRAITS_N = 3
NAMING_TRAITS_N = 2
HOLDS_FROM = 0.25
"""Standard deviations of all customers: a trait that is less pronounced names nobody."""


@dataclass(frozen=True)
class Trait:
    """A feature in which a cluster differs, by how many standard deviations of all customers."""

    feature: str
    difference: float

    @property
    def code(self) -> str:
        """What is higher or lower: ``evening_share.high``; the catalogue has words for it.

        >>> Trait("category_share:tea", -1.2).code
        'category_share.low'
        """
        kind = self.feature.partition(":")[0]
        return f"{kind}.{'high' if self.difference > 0 else 'low'}"

    @property
    def of(self) -> str | None:
        """The channel or category it is about, in the chain's own spelling."""
        return self.feature.partition(":")[2] or None

    @property
    def spelled(self) -> str:
        """Code, and what it is about: a part of a cluster's name."""
        return self.code if self.of is None else f"{self.code}:{self.of}"


def traits(features: Sequence[str], differences: Sequence[float]) -> tuple[Trait, ...]:
    """The three features of the largest differences, the largest first, at most one a family.

    >>> found = traits(
    ...     ("weekend_share", "evening_share", "morning_share", "return_share"),
    ...     (0.3, 1.8, -1.1, -0.9),
    ... )
    >>> [trait.code for trait in found]
    ['evening_share.high', 'return_share.low', 'weekend_share.high']
    """
    ranked = sorted(
        (Trait(name, difference) for name, difference in zip(features, differences, strict=True)),
        key=lambda trait: (-abs(trait.difference), trait.feature),
    )
    first_of_family: dict[str, Trait] = {}
    for trait in ranked:
        first_of_family.setdefault(family_of(trait.feature), trait)
    return tuple(first_of_family.values())[:TRAITS_N]


def cluster_names(
    features: Sequence[str],
    differences: Sequence[Sequence[float]],
    codes: Sequence[str],
    *,
    kept: Sequence[str | None] | None = None,
) -> tuple[str, ...]:
    """The name of each cluster: the codes of its first two traits, no name given twice.

    Where two clusters would share one, the later is told by three traits, then by its code too.
    ``kept`` are names that clusters bear already; each is kept while all it says still holds.

    >>> cluster_names(("weekend_share", "return_share"), [(1.0, -0.5)], ("k1",))
    ('weekend_share.high+return_share.low',)
    """
    borne = [
        name if name and _holds(name, features, row) else None
        for name, row in zip(kept or [None] * len(codes), differences, strict=True)
    ]
    taken = {name for name in borne if name}
    names = []
    for code, row, has in zip(codes, differences, borne, strict=True):
        parts = [trait.spelled for trait in traits(features, row)]
        short, long = "+".join(parts[:NAMING_TRAITS_N]), "+".join(parts)
        choices = (has, short, long, f"{long}+{code}")
        name = has or next(name for name in choices if name and name not in taken)
        taken.add(name)
        names.append(name)
    return tuple(names)


def _holds(name: str, features: Sequence[str], differences: Sequence[float]) -> bool:
    pronounced = {
        Trait(feature, difference).spelled
        for feature, difference in zip(features, differences, strict=True)
        if abs(difference) >= HOLDS_FROM
    }
    return all(part in pronounced for part in _parts(name, features))


def _parts(name: str, features: Sequence[str]) -> list[str]:
    """The traits a name is made of; a category's own name may hold the sign that joins them."""
    known = {
        trait.spelled
        for feature in features
        for trait in (Trait(feature, 1.0), Trait(feature, -1.0))
    }
    parts, rest = [], name
    while rest:
        longest = max((p for p in known if f"{rest}+".startswith(f"{p}+")), key=len, default=rest)
        parts.append(longest)
        rest = rest[len(longest) + 1 :]
    return parts
