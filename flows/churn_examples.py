"""Past days as examples: what customers were like then, and whether they came."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from regulars.data.behaviour import PARTS_N, Behaviour
from regulars.expectations.churn_features import FEATURES
from regulars.models.bg_nbd import BgNbd, fit_bg_nbd
from regulars.models.expected_orders import expected_orders
from regulars.models.not_fitted import NotFitted
from regulars.transforms.buying_history import buying_history
from regulars.transforms.churn_features import churn_features
from regulars.transforms.churn_labels import churn_labels
from regulars.transforms.earlier_nets import earlier_nets
from regulars.transforms.order_nets import IS_PURCHASE

SNAPSHOTS_N = 20
WARM_UP_DAYS = 42
"""Before it, nobody's rhythm can be known."""
MOST_EXAMPLES_N = 150_000
"""More customers are learned from in part: what more examples add is less than the days differ."""

_WEEK_DAYS = 7
_SNAPSHOTS_A_HORIZON = 4
_LEAST_EXPECTED = 1e-6


def snapshot_days(*, first_on: date, as_of: date, horizon_days: int) -> list[date]:
    """The past days that are learned from, the last first: their outcome is known as of the day.

    Whole weeks before the last of them, so that all fall on one weekday; about four a horizon.

    >>> days = snapshot_days(first_on=date(2024, 1, 1), as_of=date(2024, 4, 1), horizon_days=28)
    >>> [f"{day:%m-%d}" for day in days]
    ['03-04', '02-26', '02-19', '02-12']
    """
    step = _WEEK_DAYS * max(1, round(horizon_days / _SNAPSHOTS_A_HORIZON / _WEEK_DAYS))
    last_on = as_of - timedelta(days=horizon_days)
    earliest = first_on + timedelta(days=WARM_UP_DAYS)
    days = [last_on - timedelta(days=step * n) for n in range(SNAPSHOTS_N)]
    return [day for day in days if day >= earliest]


def examples(behaviour: Behaviour, days: Sequence[date], *, horizon_days: int) -> pl.DataFrame:
    """One row a customer and snapshot day: customer_id, snapshot_on, is_gone, FEATURES."""
    if not days:
        return pl.DataFrame(schema=_EXAMPLES)
    learned = _learned_from(behaviour, snapshots_n=len(days))
    return pl.concat(
        [
            churn_labels(
                learned.orders,
                learned.returns,
                features_as_of(learned, as_of=day, horizon_days=horizon_days),
                snapshot_on=day,
                horizon_days=horizon_days,
            )
            .with_columns(snapshot_on=pl.lit(day))
            .select(*_EXAMPLES)
            for day in days
        ]
    )


def outcomes(behaviour: Behaviour, day: date, *, horizon_days: int) -> NDArray[np.float64]:
    """What became of each customer of a snapshot day, in no order: 1 stayed away, 0 came."""
    known = earlier_nets(behaviour.orders, behaviour.returns, as_of=day)
    judged = churn_labels(
        behaviour.orders,
        behaviour.returns,
        known.filter(IS_PURCHASE).select("customer_id").unique(),
        snapshot_on=day,
        horizon_days=horizon_days,
    )
    return judged["is_gone"].cast(pl.Float64).to_numpy()


_EXAMPLES = {
    "customer_id": pl.UInt64,
    "snapshot_on": pl.Date,
    "is_gone": pl.Boolean,
    **dict.fromkeys(FEATURES, pl.Float64),
}


def features_as_of(
    behaviour: Behaviour,
    *,
    as_of: date,
    horizon_days: int,
    pace: BgNbd | NotFitted | None = None,
) -> pl.DataFrame:
    """All features: the customers' own, and the logarithm of the orders that BG/NBD expects.

    `pace` is the population's fitted BG/NBD; without it, it is fitted to these customers. Null
    where it could not be fitted.
    """
    history = buying_history(
        earlier_nets(behaviour.orders, behaviour.returns, as_of=as_of), as_of=as_of
    ).sort("customer_id")
    fitted = pace or fit_bg_nbd(history)
    own = churn_features(*behaviour, as_of=as_of, horizon_days=horizon_days)
    if isinstance(fitted, NotFitted):
        return own.with_columns(log_expected_orders=pl.lit(None, pl.Float64))
    expected = expected_orders(fitted, history, horizon_days=horizon_days).select(
        "customer_id",
        log_expected_orders=pl.col("expected_orders").clip(lower_bound=_LEAST_EXPECTED).log(),
    )
    return own.join(expected, on="customer_id", how="left", maintain_order="left")


def _learned_from(behaviour: Behaviour, *, snapshots_n: int) -> Behaviour:
    """All customers, or as many of them as make the most examples: always the same ones, since a
    pseudonym's remainder has nothing to do with what its bearer buys."""
    share = MOST_EXAMPLES_N / max(1, behaviour.customers_n * snapshots_n)
    if share >= 1:
        return behaviour
    # Not `in_parts`, by which those that come here may have been taken already.
    kept = pl.col("customer_id") % PARTS_N < max(1, int(share * PARTS_N))
    return behaviour.of_customers(kept)
