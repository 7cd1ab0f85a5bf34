"""Who is about to leave: customers and value at risk by band, reason and segment."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import polars as pl

from regulars.reports.facts import ChurnFacts, RunFacts
from regulars.reports.horizon import Horizon, horizon
from regulars.reports.small_cells import hidden_cells

BANDS = ("very_high", "high", "watch", "low")
AT_RISK = BANDS[:2]
NO_REASON = "none"
REASONS = ("reason_1", "reason_2", "reason_3")


@dataclass(frozen=True)
class Part:
    """Scored customers of one band or segment; a hidden part has no numbers.

    ``value`` is value at risk, None where it is not known.
    """

    code: str
    customers_n: int | None
    customers_share: float | None
    risk_mean: float | None
    value: Decimal | None
    value_share: float | None
    is_small: bool = False


@dataclass(frozen=True)
class Tally:
    """A number of customers; none where it is hidden, for its size or to guard another.

    ``is_nearly_all``: those left over are so few that they could point at persons.
    """

    customers_n: int | None
    is_small: bool = False
    is_nearly_all: bool = False


@dataclass(frozen=True)
class Reason:
    """Whom a reason is among the three of, with their value at risk, and whom it is the first of.

    ``first_n`` is None for all reasons where it is of a few customers for any.
    """

    code: str
    first_n: int | None
    among: Tally
    value: Decimal | None


@dataclass(frozen=True)
class Churn:
    """``reason`` says why there are no risks, None when there are; then the parts are empty.

    ``high_n`` and ``high_value`` are of the customers of high and very high risk, None where they,
    or all others, are so few that they could point at persons; ``reasons`` are theirs.
    """

    facts: ChurnFacts
    until: date
    reason: str | None
    customers_n: int
    value: Decimal | None
    high_n: int | None
    high_value: Decimal | None
    bands: tuple[Part, ...]
    reasons: tuple[Reason, ...]
    segments: tuple[Part, ...]
    horizon: Horizon

    @property
    def cells(self) -> tuple[Part | Tally, ...]:
        """Every number of customers in the tables, shown or hidden."""
        among = (reason.among for reason in self.reasons if not reason.among.is_nearly_all)
        return (*self.bands, *self.segments, *among)

    @property
    def has_first_reasons(self) -> bool:
        return any(reason.first_n is not None for reason in self.reasons)


def churn(tables: Mapping[str, pl.DataFrame], facts: RunFacts) -> Churn | None:
    """What the table churn_risk says; None of a run from before it."""
    if "churn_risk" not in tables or facts.churn is None:
        return None
    told = facts.churn
    table = tables["churn_risk"].join(
        tables["customers"].select("customer_id", "segment"), on="customer_id", how="left"
    )
    scored = table.filter(pl.col("churn_risk").is_not_null())
    by_band = dict(scored.group_by("risk_band").len().iter_rows())
    counts = {band: by_band.get(band, 0) for band in BANDS}
    of_high = scored.filter(pl.col("risk_band").is_in(AT_RISK))
    halves = (of_high.height, scored.height - of_high.height)
    are_open = all(n == 0 or n >= facts.small_below for n in halves)
    # The reasons have the total of the two upper bands: each half is a line of its own.
    hidden = (
        hidden_cells(counts, [AT_RISK, BANDS[2:]], small_below=facts.small_below)
        if are_open
        else frozenset(BANDS)
    )
    return Churn(
        facts=told,
        until=facts.as_of + timedelta(days=told.horizon_days),
        reason=told.reason,
        customers_n=scored.height,
        value=_value(scored),
        high_n=of_high.height if are_open else None,
        high_value=_value(of_high) if are_open else None,
        bands=_parts(scored, "risk_band", BANDS, hidden, facts) if scored.height else (),
        reasons=_by_reason(of_high, facts) if are_open else (),
        segments=_by_segment(scored, facts),
        horizon=horizon(told, tables["sales"]),
    )


def _by_reason(of_high: pl.DataFrame, facts: RunFacts) -> tuple[Reason, ...]:
    """The commonest first; those that are hidden last, so that their order tells nothing."""
    named = of_high.with_columns(pl.col("reason_1").fill_null(NO_REASON))
    codes = sorted({code for name in REASONS for code in named[name].drop_nulls()})
    first_n = {code: named.filter(pl.col("reason_1") == code).height for code in codes}
    of_reason = {
        code: named.filter(pl.any_horizontal(pl.col(REASONS).eq_missing(code))) for code in codes
    }
    among_n = {code: customers.height for code, customers in of_reason.items()}
    small_below = facts.small_below
    nearly_all = {code for code, n in among_n.items() if 0 < of_high.height - n < small_below}
    # What is among the three has no total that would give a small number away, unless every
    # customer has one reason, as a plain rule gives.
    lines = [codes] if named["reason_2"].is_null().all() else []
    hidden = hidden_cells(among_n, lines, small_below=small_below) | nearly_all
    is_first_shown = not any(0 < n < small_below for n in first_n.values())
    return tuple(
        Reason(
            code,
            first_n[code] if is_first_shown else None,
            Tally(
                None if code in hidden else among_n[code],
                is_small=0 < among_n[code] < small_below,
                is_nearly_all=code in nearly_all,
            ),
            None if code in hidden else _value(of_reason[code]),
        )
        for code in sorted(
            codes,
            key=lambda code: (
                among_n[code] < of_high.height and code not in nearly_all,
                *_rank(among_n, hidden, code),
            ),
        )
    )


def _rank(among_n: Mapping[str, int], hidden: Collection[str], code: str) -> tuple[bool, int, str]:
    is_hidden = code in hidden
    return (is_hidden, 0 if is_hidden else -among_n[code], code)


def _by_segment(scored: pl.DataFrame, facts: RunFacts) -> tuple[Part, ...]:
    counts = dict(scored.group_by("segment").len().iter_rows())
    codes = [code for code in facts.segment_codes if code in counts]
    in_order = {code: counts[code] for code in codes}
    hidden = hidden_cells(in_order, [codes], small_below=facts.small_below)
    return _parts(scored, "segment", codes, hidden, facts)


def _parts(
    scored: pl.DataFrame,
    column: str,
    codes: Sequence[str],
    hidden: Collection[str],
    facts: RunFacts,
) -> tuple[Part, ...]:
    total = _value(scored)
    found = {part[column][0]: part for part in scored.partition_by(column)}
    return tuple(
        _part(code, found.get(code, scored.clear()), code in hidden, scored.height, total, facts)
        for code in codes
    )


def _part(
    code: str,
    of_part: pl.DataFrame,
    is_hidden: bool,
    customers_n: int,
    total: Decimal | None,
    facts: RunFacts,
) -> Part:
    if is_hidden:
        is_small = 0 < of_part.height < facts.small_below
        return Part(code, None, None, None, None, None, is_small=is_small)
    value = _value(of_part)
    return Part(
        code,
        of_part.height,
        of_part.height / customers_n,
        of_part.select(pl.col("churn_risk").sort().mean()).item(),
        value,
        float(value / total) if value is not None and total else None,
    )


def _value(scored: pl.DataFrame) -> Decimal | None:
    """Their value at risk; unknown where it is of all of them, nothing of nobody."""
    known = scored["value_at_risk"].drop_nulls()
    if scored.height and not known.len():
        return None
    return Decimal(str(known.sum()))
