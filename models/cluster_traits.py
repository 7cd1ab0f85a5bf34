"""What sets a cluster apart, and the name that follows from it: codes, which the catalogue says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from regulars.models.clusters import Clusters
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
        """Code, and what it is about: a part of a cluster's name, without the sign that joins."""
        return self.code if self.of is None else f"{self.code}:{self.of.replace('+', '＋')}"


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


def cluster_traits(clusters: Clusters | None) -> pl.DataFrame:
    """What sets each cluster apart, as it was when the picture was fitted.

    Grain: one row a cluster. Columns: cluster, cluster_name; for the first three traits, trait_N
    (what is high or low), trait_N_of (the channel or category it is about, else null) and
    trait_N_difference (standard deviations of all customers); null where there are fewer.
    """
    schema: dict[str, type[pl.DataType]] = {"cluster": pl.String, "cluster_name": pl.String}
    for place in range(1, TRAITS_N + 1):
        schema |= {f"trait_{place}": pl.String, f"trait_{place}_of": pl.String}
        schema[f"trait_{place}_difference"] = pl.Float64
    rows = []
    if clusters is not None:
        for code, name, row in zip(
            clusters.codes, clusters.names, clusters.differences, strict=True
        ):
            found: list[Trait | None] = list(traits(clusters.scale.features, row))
            found += [None] * (TRAITS_N - len(found))
            told = [
                (trait.code, trait.of, trait.difference) if trait else (None, None, None)
                for trait in found
            ]
            rows.append((code, name, *(value for trait in told for value in trait)))
    return pl.DataFrame(rows, schema=schema, orient="row")


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
    return all(part in pronounced for part in name.split("+"))
