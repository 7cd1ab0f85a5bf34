"""Who came once and who came again, as two models expected them: a part of the model card.

The rule that lifetime value takes the likelier of BG/NBD and MBG/NBD was chosen on the days of
DEVELOPMENT; no choice was made on those of FINAL.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from regulars.data import public
from regulars.data.behaviour import Behaviour
from regulars.expectations.errors import Failed
from regulars.flows.planted_chain import planted_chain
from regulars.models.bg_nbd import BgNbd, fit_bg_nbd, fit_mbg_nbd, likelier
from regulars.models.gamma_gamma import fit_gamma_gamma
from regulars.models.value_backtest import backtest
from regulars.transforms.buying_history import bought_since, buying_history
from regulars.transforms.earlier_nets import earlier_nets

QUARTER_DAYS, YEAR_DAYS = 91, 365
CHAIN = "chain"
"""How the data of a made-up chain begin; the seed follows."""


@dataclass(frozen=True)
class Split:
    """Data, the day that the models are fitted as of, and the days after it that are held out."""

    data: str
    as_of: date
    horizon_days: int


FINAL = (
    Split("complete_journey", date(2017, 9, 30), QUARTER_DAYS),
    Split("cdnow", date(1997, 6, 30), YEAR_DAYS),
    Split("cdnow", date(1998, 3, 30), QUARTER_DAYS),
    Split(f"{CHAIN} 1", date(2024, 12, 31), YEAR_DAYS),
    Split(f"{CHAIN} 1", date(2025, 6, 30), QUARTER_DAYS),
)
DEVELOPMENT = (
    *(Split("complete_journey", date(2017, 5, day), QUARTER_DAYS) for day in (17, 31)),
    *(
        Split("cdnow", date(1997, 9, 30) - timedelta(days=14 * back), QUARTER_DAYS)
        for back in reversed(range(7))
    ),
    *(
        Split(f"{CHAIN} 13", date(2025, 9, 30) - timedelta(days=56 * back), QUARTER_DAYS)
        for back in reversed(range(7))
    ),
)


def groups_card(
    report: Callable[[str], None], splits: Sequence[Split]
) -> Iterator[tuple[list[str], dict[str, Any]]]:
    """For each split the lines and the figures."""
    shown: dict[str, Behaviour] = {}
    for split in splits:
        if split.data not in shown:
            shown = {split.data: _behaviour(split.data, report)}
        report(f"{split.data} as of {split.as_of}")
        yield backtested(shown[split.data], split)


def backtested(known: Behaviour, split: Split) -> tuple[list[str], dict[str, Any]]:
    """Both models as of the day, held to what came: in all, and by purchase days and days away.

    Raises:
        Failed: a model could not be fitted.
    """
    eve = split.as_of
    until = eve + timedelta(days=split.horizon_days)
    nets, later = (earlier_nets(*known[:2], as_of=day) for day in (eve, until))
    before = buying_history(nets, as_of=eve)
    fits = [_fitted(fit) for fit in (fit_bg_nbd(before), fit_mbg_nbd(before))]
    quality = backtest(
        before,
        fits,
        fit_gamma_gamma(before),
        bought=bought_since(later, since=eve, as_of=until),
        bought_before=bought_since(nets, since=eve - timedelta(days=split.horizon_days), as_of=eve),
        tested_on=eve,
        horizon_days=split.horizon_days,
    ).filter(pl.col("model").is_in([fit.name for fit in fits]))
    groups = _groups(quality)
    whole = {
        (row["model"], row["measure"]): row["value"]
        for row in quality.filter(pl.col("part").is_null()).iter_rows(named=True)
    }
    used = _fitted(likelier(fits)).name
    names = [fit.name for fit in fits]
    lines = [
        f"value, {split.data} as of {eve}, {before.height:,} customers, the next "
        f"{split.horizon_days} days: purchase days a customer",
        f"  {'group':<16}{'customers':>10}{'came':>8}{'BG/NBD':>14}{'MBG/NBD':>14}",
        *(_group_line(row, names) for row in groups),
        _line("expected over what came", [whole[name, "backtest_orders_ratio"] for name in names]),
        _line("Poisson deviance", [whole[name, "backtest_orders_deviance"] for name in names]),
        _line("log-likelihood", [fit.log_likelihood for fit in fits], places=2)
        + f"   the likelier: {used}",
    ]
    facts = {
        "data": split.data,
        "as_of": eve.isoformat(),
        "horizon_days": split.horizon_days,
        "used": used,
        "groups": groups,
        "fits": {fit.name: fit.as_dict() for fit in fits},
        "measures": {f"{model}.{measure}": value for (model, measure), value in whole.items()},
    }
    return lines, facts


def _groups(quality: pl.DataFrame) -> list[dict[str, Any]]:
    """part, customers_n, and purchase days: observed, bg_nbd, mbg_nbd. Who came once is first."""
    parts = quality.filter(pl.col("part").is_not_null())
    expected = parts.filter(measure="backtest_expected_orders").pivot(
        "model", index=["part", "customers_n"], values="value"
    )
    observed = parts.filter(measure="backtest_observed_orders", model="bg_nbd")
    return (
        expected.join(observed.select("part", observed="value"), on="part")
        .sort(pl.col("part").str.starts_with("once"), "part", descending=[True, False])
        .to_dicts()
    )


def _group_line(row: dict[str, Any], names: list[str]) -> str:
    n = row["customers_n"]
    each = "".join(f"{row[name] / n:>14.3f}" for name in names)
    return f"  {row['part']:<16}{n:>10,}{row['observed'] / n:>8.3f}{each}"


def _line(measure: str, values: list[float], *, places: int = 4) -> str:
    return f"  {measure:<34}" + "".join(f"{value:>14,.{places}f}" for value in values)


def _fitted(fit: Any) -> BgNbd:
    if not isinstance(fit, BgNbd):
        raise Failed("a model of purchase days could not be fitted", found=str(fit.as_dict()))
    return fit


def _behaviour(data: str, report: Callable[[str], None]) -> Behaviour:
    if not data.startswith(CHAIN):
        return {"cdnow": public.cdnow, "complete_journey": public.complete_journey}[data]()
    chain = planted_chain("medium", seed=int(data.split()[1]), days=(), report=report)
    return chain.behaviours[chain.last_on]
