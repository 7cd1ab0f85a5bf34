"""Customers by how they shop: names, traits and figures of the clusters, small ones hidden."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from regulars.expectations.catalogue import has_sentence, say
from regulars.reports import numbers
from regulars.reports.facts import ClusterFacts, RunFacts
from regulars.reports.small_cells import hidden_cells

SHADING_BELOW = 0.25
"""Kaufman and Rousseeuw (1990), Finding Groups in Data: a mean silhouette up to 0.25 shows no
substantial structure."""

TRAITS = (1, 2, 3)


@dataclass(frozen=True)
class Trait:
    """What sets a cluster apart: a code, what it is about, in standard deviations."""

    code: str
    of: str | None
    difference: float


@dataclass(frozen=True)
class Cluster:
    """One cluster with its means; a hidden one has no numbers but its traits, which are fitted."""

    cluster: str
    name: str
    traits: tuple[Trait, ...]
    customers_n: int | None
    change_n: int | None
    customers_share: float | None
    spend_share: float | None
    means: dict[str, float | None]
    is_small: bool = False

    @property
    def is_hidden(self) -> bool:
        return self.customers_n is None


def cluster_rows(clusters: pl.DataFrame, facts: RunFacts) -> tuple[Cluster, ...]:
    """Grain: cluster, the largest first.

    A cluster of few customers hides its figures, and the next smallest with it, as the others
    would give them away.
    """
    rows = sorted(
        clusters.iter_rows(named=True), key=lambda row: (-row["customers_n"], row["cluster"])
    )
    customers_n = {row["cluster"]: row["customers_n"] for row in rows}
    hidden = hidden_cells(customers_n, [tuple(customers_n)], small_below=facts.small_below)
    return tuple(_cluster(row, row["cluster"] in hidden, facts) for row in rows)


def _cluster(row: dict[str, Any], is_hidden: bool, facts: RunFacts) -> Cluster:
    found = tuple(
        Trait(row[f"trait_{n}"], row[f"trait_{n}_of"], row[f"trait_{n}_difference"])
        for n in TRAITS
        if row[f"trait_{n}"] is not None
    )
    was_few = 0 < row["previous_customers_n"] < facts.small_below
    is_comparable = facts.has_comparison and not is_hidden and not was_few
    return Cluster(
        cluster=row["cluster"],
        name=row["cluster_name"],
        traits=found,
        customers_n=None if is_hidden else row["customers_n"],
        change_n=row["customers_n"] - row["previous_customers_n"] if is_comparable else None,
        customers_share=None if is_hidden else row["customers_share"],
        spend_share=None if is_hidden else row["spend_share"],
        means={
            name: None if is_hidden else value
            for name, value in row.items()
            if name.endswith("_mean")
        },
        is_small=is_hidden and row["customers_n"] < facts.small_below,
    )


def cluster_name(cluster: Cluster, language: str) -> str:
    """The name in words, such as Weekend, big baskets."""
    return name_in_words(cluster.name, language)


def name_in_words(name: str, language: str) -> str:
    """The codes of a name in words.

    >>> name_in_words("weekend_share.high+category_share.low:tea", "en")
    'Weekend, little tea'
    """
    words = [_trait(*part.partition(":")[::2], language) for part in name.split("+")]
    name = say("cluster.joint", language).join(words)
    return name[:1].upper() + name[1:]


def cluster_traits(cluster: Cluster, language: str) -> str:
    """What sets it apart in words, with how far."""
    return say("list.separator", language).join(
        say(
            "cluster.apart",
            language,
            trait=_trait(trait.code, trait.of or "", language),
            difference=f"{trait.difference:+.1f}".replace("-", "−"),
        )
        for trait in cluster.traits
    )


def cluster_notes(clusters: tuple[Cluster, ...], facts: ClusterFacts, language: str) -> list[str]:
    """How far to trust the clusters, and what changed, in words."""
    if facts.code.startswith("too_few"):
        code = f"clusters.{facts.code}"
        suffix = ".one" if facts.found_n == 1 and facts.code == "too_few_customers" else ""
        found, needed = numbers.count(facts.found_n), numbers.count(facts.needed_n)
        return [say(f"{code}{suffix}", language, found=found, needed=needed)]
    said = []
    if facts.stability is not None and facts.silhouette is not None:
        said.append(
            say(
                "clusters.how",
                language,
                n=len(clusters),
                stability=numbers.mean(facts.stability, places=2),
                silhouette=numbers.mean(facts.silhouette, places=2),
            )
        )
        if facts.silhouette < SHADING_BELOW:
            said.append(say("clusters.shading", language))
    kept, rand = numbers.share(facts.kept_share), numbers.mean(facts.adjusted_rand, places=2)
    said.append(say(f"clusters.{facts.code}", language, kept=kept, rand=rand))
    return [*said, *_proposed(clusters, facts.proposed, language)]


def _proposed(
    clusters: tuple[Cluster, ...], proposed: Mapping[str, str], language: str
) -> Iterator[str]:
    """The picture that waits for a person: what it would be, and what to type to have it."""
    if not proposed:
        return
    shown = {row.cluster: row.name for row in clusters}
    separator = say("clusters.proposed.and", language)

    def listed(names: Iterable[str]) -> str:
        return separator.join(names)

    yield say(
        "clusters.proposed",
        language,
        names=listed(
            words if code in shown else say("clusters.proposed.new", language, name=words)
            for code, name in proposed.items()
            for words in [name_in_words(name, language)]
        ),
    )
    if gone := [name for code, name in shown.items() if code not in proposed]:
        yield say(
            "clusters.proposed.gone",
            language,
            names=listed(name_in_words(name, language) for name in gone),
        )
    yield say("clusters.accept", language)


def _trait(code: str, of: str, language: str) -> str:
    """In words; what is no trait, such as the code of a cluster that shares its name, as it is."""
    return say(f"trait.{code}", language, of=of) if has_sentence(f"trait.{code}") else code
