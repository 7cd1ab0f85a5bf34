"""The sample chain's campaigns: who was written to, who was held back, and the planted uplift.

Of the members who consent, some are chosen for a campaign, and of those a random fifth is the
control arm. A treated member's rate is (1 + uplift) times what it would be for as long as the
campaign runs, so the orders of the arms, a member and day, are in that ratio. One campaign does
nothing: whoever finds an effect of it finds noise.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from regulars.data import chain_lists as lists
from regulars.data.chain_lists import FIRST_DAY, Whole
from regulars.data.chain_people import People, member_id

RUNS_DAYS = 14
CONTACTED_SHARE, TREATED_SHARE = 0.6, 0.8
NONE, TREATED, CONTROL = 0, 1, 2
# Of the orders a campaign brought, and of those that would have come without it.
REDEEMED_IF_BROUGHT, REDEEMED_ANYWAY = 0.8, 0.15


@dataclass(frozen=True)
class Campaign:
    """One campaign, its coupon and the share of orders it adds."""

    campaign_id: str
    starts_on: date
    channel: str
    coupon_id: str
    value_fen: int
    uplift: float

    @property
    def first_day(self) -> int:
        return (self.starts_on - FIRST_DAY).days

    @property
    def end_day(self) -> int:
        return self.first_day + RUNS_DAYS


CAMPAIGNS = (
    Campaign("C2024-618", date(2024, 6, 8), "短信", "K24618", 500, 0.30),
    Campaign("C2024-1111", date(2024, 10, 30), "APP推送", "K241111", 800, 0.40),
    Campaign("C2025-SPRING", date(2025, 3, 10), "短信", "K25SPR", 500, 0.0),
    Campaign("C2025-618", date(2025, 6, 8), "短信", "K25618", 500, 0.25),
    Campaign("C2025-AUTUMN", date(2025, 9, 15), "APP推送", "K25AUT", 1000, 0.60),
)


def arms(people: People, *, seed: int) -> list[Whole]:
    """The arm of each member in each campaign, chosen whether or not the member still buys."""
    return [
        _arm(people, campaign, lists.dice(seed, 210 + number))
        for number, campaign in enumerate(CAMPAIGNS)
    ]


def _arm(people: People, campaign: Campaign, draw: np.random.Generator) -> Whole:
    is_there = people.has_consent & (people.joined_day < campaign.first_day)
    is_contacted = is_there & (draw.random(len(people)) < CONTACTED_SHARE)
    arm = np.where(draw.random(len(people)) < TREATED_SHARE, TREATED, CONTROL)
    return np.where(is_contacted, arm, NONE)


def contacts(all_arms: list[Whole]) -> pl.DataFrame:
    """The contacts export: a message each, those kept back included, which cost nothing."""
    return pl.concat(
        pl.DataFrame({"number": np.flatnonzero(arm), "arm": arm[arm > NONE]}).select(
            campaign_id=pl.lit(campaign.campaign_id),
            customer_id=member_id("number"),
            contacted_at=pl.lit(f"{campaign.starts_on} 10:00:00"),
            channel=pl.lit(campaign.channel),
            arm=lists.one_of(["", "treated", "control"], "arm"),
            coupon_id=pl.when(pl.col("arm") == TREATED).then(pl.lit(campaign.coupon_id)),
            cost=pl.when(pl.col("arm") == TREATED).then(pl.lit("0.05")).otherwise(pl.lit("0.00")),
        )
        for campaign, arm in zip(CAMPAIGNS, all_arms, strict=True)
    )


def coupon_id(number: str) -> pl.Expr:
    """The coupon of a campaign, null for a number below zero."""
    names = [campaign.coupon_id for campaign in CAMPAIGNS]
    place = pl.col(number).clip(lower_bound=0)
    return pl.when(pl.col(number) >= 0).then(pl.lit(pl.Series(names)).gather(place))


def planted() -> list[dict[str, object]]:
    """The campaigns as the truth tells them."""
    return [
        {
            "campaign_id": campaign.campaign_id,
            "starts_on": campaign.starts_on.isoformat(),
            "runs_days": RUNS_DAYS,
            "coupon_id": campaign.coupon_id,
            "uplift": campaign.uplift,
        }
        for campaign in CAMPAIGNS
    ]
