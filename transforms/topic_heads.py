"""Which of the terms that rise together says what rises: one row for one problem."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from regulars.transforms.rising import Comparison

LEAST_N = 4
"""Pieces of a week that must say a term for it to be tested."""
ALIKE_N = 300
"""Of a week's terms those of the most evidence are looked at for saying the same."""
RELATED_N = 5
_HEADS = pl.Schema({"term": pl.String(), "is_emerging": pl.Boolean(), "related_terms": pl.String()})


def heads_of(
    beside: pl.DataFrame, said: pl.DataFrame, comparison: Comparison, *, by_chance_n: int
) -> pl.DataFrame:
    """The strongest term of each thing that rises.

    ``beside`` has the week's terms with n and past_pieces_n, ``said`` a row a piece and term. The
    term of the most evidence comes first (of equals the longest, then the first by code point);
    the others are then judged by the pieces that do not say it, and those that have risen no
    longer were about the same. So on until nothing rises beyond chance, and ``by_chance_n`` more.

    Grain: term, in that order. Columns: is_emerging, whether it rises beyond chance in the pieces
    that no term before it says; related_terms, up to 5 that did until it was taken.
    """
    evidence = comparison.evidence(beside["n"].to_numpy(), beside["past_pieces_n"].to_numpy())
    rising = (
        beside.with_columns(
            evidence=pl.Series(evidence), characters_n=pl.col("term").str.len_chars()
        )
        .filter(pl.col("evidence") > 0)
        .sort("evidence", "characters_n", "term", descending=[True, True, False])
        .head(ALIKE_N)
        .sort("characters_n", "term", descending=[True, False])
    )
    terms, past = rising["term"].to_list(), rising["past_pieces_n"].to_numpy()
    is_said = _is_said(said, rising["term"])
    now = is_said.sum(axis=0)
    is_left = np.ones(len(terms), dtype=np.bool_)
    beyond_chance = is_left & (comparison.ends(now, past)[0] > 1) & comparison.is_judged
    heads: list[tuple[str, bool, str]] = []
    while by_chance_n:
        evidence = np.where(is_left & (now >= LEAST_N), comparison.evidence(now, past), 0.0)
        if not evidence.max(initial=0.0) > 0:
            break
        head = int(evidence.argmax())
        now = now - is_said[is_said[:, head]].sum(axis=0)
        is_said = is_said[~is_said[:, head]]
        is_left[head] = False
        was_beyond = beyond_chance.copy()
        beyond_chance = (
            is_left & (now >= LEAST_N) & (comparison.ends(now, past)[0] > 1) & comparison.is_judged
        )
        alike = np.flatnonzero(was_beyond & ~beyond_chance & is_left)
        strongest = alike[np.argsort(-evidence[alike], kind="stable")][:RELATED_N]
        is_new = bool(was_beyond[head])
        heads.append((terms[head], is_new, ";".join(terms[one] for one in strongest)))
        by_chance_n -= not is_new
    return pl.DataFrame(heads, schema=_HEADS, orient="row")


def _is_said(said: pl.DataFrame, terms: pl.Series) -> npt.NDArray[np.bool_]:
    """A row a piece that says any of the terms, a column a term."""
    numbered = said.join(
        terms.to_frame("term").with_row_index("number"), on="term", how="inner"
    ).with_columns(pl.col("piece").rank("dense").cast(pl.Int64) - 1)
    found = np.zeros((numbered["piece"].n_unique(), len(terms)), dtype=np.bool_)
    found[numbered["piece"].to_numpy(), numbered["number"].to_numpy()] = True
    return found
