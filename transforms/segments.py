"""The RFM segments: rules that give each of the 25 cells of R and F to exactly one segment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

import polars as pl

from regulars.expectations.errors import SettingsError

SCORES = range(1, 6)
NO_PURCHASE = "no_purchase"
NOT_SEEN = "not_seen"
RESERVED = (NO_PURCHASE, NOT_SEEN)

Cell = tuple[int, int]


@dataclass(frozen=True)
class SegmentRule:
    """One segment: its code, and the scores it spans, both ends included.

    `en` and `zh` are a chain's own words for it; without them the catalogue has its words.
    """

    code: str
    r: tuple[int, int]
    f: tuple[int, int]
    en: str | None = None
    zh: str | None = None

    def cells(self) -> Iterator[Cell]:
        return product(range(self.r[0], self.r[1] + 1), range(self.f[0], self.f[1] + 1))


@dataclass(frozen=True)
class SegmentRules:
    """Rules that partition the 25 cells.

    Raises:
        SettingsError: a code is empty, used twice or reserved; a score is not 1 to 5; a segment
            can never be reached; two segments share a cell; a cell belongs to no segment.

    >>> SegmentRules((SegmentRule("all_but_one", r=(1, 5), f=(1, 4)),))
    Traceback (most recent call last):
    ...
    regulars.expectations.errors.SettingsError: no segment takes R1 F5, R2 F5, R3 F5, R4 F5, R5 F5
      expected: every cell of R 1-5 and F 1-5 in exactly one segment
      next: correct the segments in [rfm] of regulars.toml
    """

    rules: tuple[SegmentRule, ...]

    def __post_init__(self) -> None:
        self._refuse_codes()
        taken: dict[Cell, str] = {}
        for rule in self.rules:
            self._refuse_unreachable(rule, taken)
            taken |= dict.fromkeys(rule.cells(), rule.code)
        gap = [cell for cell in product(SCORES, SCORES) if cell not in taken]
        if gap:
            raise _refusal(f"no segment takes {_named(gap)}")

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(rule.code for rule in self.rules)

    def by_cell(self) -> dict[Cell, str]:
        """The segment of each of the 25 cells (r_score, f_score)."""
        return {cell: rule.code for rule in self.rules for cell in rule.cells()}

    def _refuse_codes(self) -> None:
        codes = self.codes
        for code in codes:
            if not code.strip():
                raise _refusal("a segment has no code")
            if code in RESERVED:
                raise _refusal(f"segment {code}: the code is reserved")
            if codes.count(code) > 1:
                raise _refusal(f"segment {code}: two segments have this code")

    @staticmethod
    def _refuse_unreachable(rule: SegmentRule, taken: Mapping[Cell, str]) -> None:
        unknown = [score for score in (*rule.r, *rule.f) if score not in SCORES]
        if unknown:
            raise _refusal(f"segment {rule.code}: score {unknown[0]} does not exist")
        cells = list(rule.cells())
        if not cells:
            raise _refusal(
                f"segment {rule.code} can never be reached: its range is empty",
                found=f"R {rule.r[0]}-{rule.r[1]}, F {rule.f[0]}-{rule.f[1]}",
            )
        shared = [cell for cell in cells if cell in taken]
        others = ", ".join(dict.fromkeys(taken[cell] for cell in shared))
        if len(shared) == len(cells):
            raise _refusal(
                f"segment {rule.code} can never be reached: {others} takes all its cells"
            )
        if shared:
            raise _refusal(f"segments {others} and {rule.code} overlap on {_named(shared)}")


DEFAULT_RULES = SegmentRules(
    (
        SegmentRule("champions", r=(5, 5), f=(4, 5)),
        SegmentRule("loyal", r=(3, 4), f=(4, 5)),
        SegmentRule("potential_loyalist", r=(4, 5), f=(2, 3)),
        SegmentRule("new", r=(5, 5), f=(1, 1)),
        SegmentRule("promising", r=(4, 4), f=(1, 1)),
        SegmentRule("need_attention", r=(3, 3), f=(3, 3)),
        SegmentRule("about_to_sleep", r=(3, 3), f=(1, 2)),
        SegmentRule("at_risk", r=(1, 2), f=(3, 4)),
        SegmentRule("cant_lose", r=(1, 2), f=(5, 5)),
        SegmentRule("hibernating", r=(1, 2), f=(1, 2)),
    )
)


def segmented(scored: pl.DataFrame, rules: SegmentRules) -> pl.DataFrame:
    """The customers with their segment: that of r_score and f_score, no_purchase without scores.

    Grain: one row a customer of `scored`, all its columns kept.
    """
    cells = rules.by_cell()
    cell = pl.col("r_score") * 10 + pl.col("f_score")
    return scored.with_columns(
        segment=cell.replace_strict(
            [r * 10 + f for r, f in cells], list(cells.values()), return_dtype=pl.String
        ).fill_null(NO_PURCHASE)
    )


def _named(cells: list[Cell]) -> str:
    return ", ".join(f"R{r} F{f}" for r, f in cells)


def _refusal(what: str, *, found: str | None = None) -> SettingsError:
    return SettingsError(
        what,
        expected=f"every cell of R {SCORES[0]}-{SCORES[-1]} and F {SCORES[0]}-{SCORES[-1]} "
        "in exactly one segment",
        found=found,
        next_step="correct the segments in [rfm] of regulars.toml",
    )
