"""The sample chain's opinions: who says something, how it sounds, and what is behind it.

A share of the orders is followed by a piece of feedback. Its sentiment is drawn first: negative by
a base rate, more often so where something is planted (a bad store, a bad week, a bad product, a
rude person). The categories follow, the cause's own when there is one. A new topic begins in a
known week. Ratings follow the sentiment, but for a few that contradict the text.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from regulars.data import chain_lists as lists
from regulars.data import chain_shops as shops
from regulars.data.chain_baskets import NOBODY
from regulars.data.chain_lists import DAYS_N, FIRST_DAY, Real, Truth, Whole
from regulars.data.chain_phrases import CATEGORIES
from regulars.data.chain_world import DAY_S, Month

END_S = DAYS_N * DAY_S
SPEAKS_SHARE, SPEAKS_OF_BAD_PRODUCT = 0.10, 0.5
WALK_INS_SPEAK, BAD_WEEK_SPEAKS = 0.2, 3.0  # times as often as a member in a usual week
NEGATIVE_SHARE, NEUTRAL_SHARE = 0.18, 0.15
# The chance that a piece is negative because of what is planted.
BAD_STORE_SHARE, BAD_WEEK_SHARE, BAD_PRODUCT_SHARE, RUDE_SHARE = 0.4, 0.6, 0.7, 0.7
BAD_WEEK = date(2025, 6, 16)  # a Monday: the warehouse could not keep up with 618
TOPIC_WEEK = date(2025, 9, 8)  # a Monday: payments are taken twice
TOPIC_SHARE, TOPIC_LEAST = 0.12, 8  # of a week's feedback, and pieces a week at least
SECOND_SHARE = 0.25  # of texts that speak of two things
SILENT_SHARE = 0.2  # of surveys without a text
CONTRADICTS_SHARE = 0.04
ENGLISH_SHARE = 0.2
KINDS = ("survey", "review", "complaint", "call", "social")
CAUSES = ("store", "week", "product", "staff", "topic")
STORE, WEEK, PRODUCT, STAFF, TOPIC = range(5)
_PRODUCT, _SERVICE, _DELIVERY, _STORE, _QUEUE, _APP = (
    CATEGORIES.index(name)
    for name in (
        "product_quality",
        "service_attitude",
        "delivery_and_logistics",
        "store_environment",
        "queue_and_waiting",
        "app_and_payment",
    )
)
# What each cause is about, in the order of CAUSES; a bad store is bad in two ways.
_CATEGORY_OF = np.array([_STORE, _DELIVERY, _PRODUCT, _SERVICE, _APP])
_STORE_CATEGORIES = np.array([_STORE, _QUEUE])
_NEGATIVE, _NEUTRAL, _POSITIVE = range(3)
# Kinds by sentiment: the discontented complain, the others answer surveys.
_KIND_SHARES = np.array(
    [[0.4, 0.25, 0.22, 0.09, 0.04], [0.7, 0.25, 0.0, 0.02, 0.03], [0.6, 0.35, 0.0, 0.01, 0.04]]
)
_RATINGS = np.array([[0.6, 0.35, 0.05, 0, 0], [0, 0.1, 0.8, 0.1, 0], [0, 0, 0.04, 0.36, 0.6]])
SURVEY, REVIEW, COMPLAINT, CALL, SOCIAL = range(5)


def occasions(lines: pl.DataFrame, month: Month, *, seed: int) -> pl.DataFrame:
    """Orders of the month that are followed by feedback, a row each."""
    draw = lists.dice(seed, 500, month.number)
    is_bad = pl.col("product") == shops.BAD_PRODUCT
    orders = (
        lines.filter(~pl.col("is_return"))
        .group_by("order_id", maintain_order=True)
        .agg(
            pl.col("member", "second", "store", "channel", "staff").first(),
            product=pl.when(is_bad.any()).then(shops.BAD_PRODUCT).otherwise(pl.first("product")),
        )
    )
    share = np.where(
        orders["product"].to_numpy() == shops.BAD_PRODUCT, SPEAKS_OF_BAD_PRODUCT, SPEAKS_SHARE
    )
    share = share * np.where(orders["member"] == NOBODY, WALK_INS_SPEAK, 1.0)
    share = share * np.where(_is_bad_week(orders["second"]), BAD_WEEK_SPEAKS, 1.0)
    speaks = draw.random(orders.height) < share
    delay_s = draw.exponential(DAY_S / 2, orders.height).astype(np.int64) + 600
    return orders.with_columns(said_s=pl.col("second") + pl.Series(delay_s)).filter(
        pl.Series(speaks)
    )


def opinions(heard: pl.DataFrame, draw: np.random.Generator) -> pl.DataFrame:
    """A row a piece, by time: its ``number``, what it is about, how it sounds, how it is rated.

    ``heard`` is the occasions of all months. Numbers stand for names, in the order of ``KINDS``,
    ``CAUSES`` (-1 for none), the categories (``second_category`` -1 for none) and the sentiments.
    """
    in_time = heard.filter(pl.col("said_s") < END_S).sort("said_s", "order_id")
    pieces = _with_topic(_judged(in_time, draw), draw).sort(
        "said_s", "order_id", maintain_order=True
    )
    return _rated(pieces.with_columns(number=pl.int_range(pl.len())), draw)


def planted() -> dict[str, object]:
    """What is planted in the feedback, by the ids of the exports."""
    return {
        "bad_store": shops.shown(shops.store_id("number"), shops.BAD_STORE),
        "bad_week": BAD_WEEK.isoformat(),
        "bad_product": shops.shown(shops.product_id("number"), shops.BAD_PRODUCT),
        "rude_staff": shops.shown(shops.staff_id("number"), shops.RUDE_STAFF),
        "new_topic": {
            "starts_week": TOPIC_WEEK.isoformat(),
            "category": CATEGORIES[_CATEGORY_OF[TOPIC]],
            "terms": {"zh": ["重复扣款"], "en": ["charged twice", "double charge"]},
        },
    }


def _day_number(day: date) -> int:
    return (day - FIRST_DAY).days


def _is_bad_week(second: pl.Series) -> Truth:
    days_since: Whole = second.to_numpy() // DAY_S - _day_number(BAD_WEEK)
    return (days_since >= 0) & (days_since < 7)  # noqa: PLR2004 - days of a week


def _judged(heard: pl.DataFrame, draw: np.random.Generator) -> pl.DataFrame:
    """Sentiment, cause and first category of each occasion."""
    n = heard.height
    shares = {
        STORE: (heard["store"].to_numpy() == shops.BAD_STORE, BAD_STORE_SHARE),
        WEEK: (_is_bad_week(heard["said_s"]), BAD_WEEK_SHARE),
        PRODUCT: (heard["product"].to_numpy() == shops.BAD_PRODUCT, BAD_PRODUCT_SHARE),
        STAFF: (heard["staff"].to_numpy() == shops.RUDE_STAFF, RUDE_SHARE),
    }
    cause = np.full(n, -1)
    for number, (applies, share) in shares.items():
        cause = np.where(applies & (draw.random(n) < share), number, cause)
    chance = draw.random(n)
    of_itself = np.select(
        [chance < NEGATIVE_SHARE, chance < NEGATIVE_SHARE + NEUTRAL_SHARE],
        [_NEGATIVE, _NEUTRAL],
        _POSITIVE,
    )
    category = _fitting(draw.integers(0, len(CATEGORIES), n), heard["channel"].to_numpy())
    caused = np.where(
        cause == STORE,
        _STORE_CATEGORIES[draw.integers(0, 2, n)],
        _CATEGORY_OF[np.maximum(cause, 0)],
    )
    return heard.with_columns(
        sentiment=pl.Series(np.where(cause >= 0, _NEGATIVE, of_itself)),
        cause=pl.Series(cause),
        category=pl.Series(np.where(cause >= 0, caused, category)),
    )


def _fitting(category: Whole, channel: Whole) -> Whole:
    """Nobody queues in an online shop, and no parcel comes from a till: then it is another."""
    online = channel > 0
    category = np.where(online & np.isin(category, _STORE_CATEGORIES), _APP, category)
    return np.where(~online & (category == _DELIVERY), _PRODUCT, category)


def _with_topic(pieces: pl.DataFrame, draw: np.random.Generator) -> pl.DataFrame:
    """More pieces each week from the topic's first, by people who spoke of something else then."""
    start = _day_number(TOPIC_WEEK) * DAY_S
    new = []
    for week_s in range(start, END_S, 7 * DAY_S):
        week = pieces.filter(
            pl.col("said_s").is_between(week_s, week_s + 7 * DAY_S, closed="left")
            & (pl.col("member") != NOBODY)
        )
        pieces_n = min(max(TOPIC_LEAST, int(week.height * TOPIC_SHARE)), week.height)
        chosen = draw.permutation(week.height)[:pieces_n]
        later = pl.Series(draw.integers(60, 3600, pieces_n))
        until = min(week_s + 7 * DAY_S, END_S) - 1
        new.append(
            week[chosen].with_columns(
                said_s=(pl.col("said_s") + later).clip(upper_bound=until),
                sentiment=pl.lit(_NEGATIVE, pl.Int64),
                cause=pl.lit(TOPIC, pl.Int64),
                category=pl.lit(int(_CATEGORY_OF[TOPIC]), pl.Int64),
            )
        )
    return pl.concat([pieces, *new])


def _rated(pieces: pl.DataFrame, draw: np.random.Generator) -> pl.DataFrame:
    """Kind, rating of five, language, a second category, and whether the rating contradicts."""
    n = pieces.height
    sentiment = pieces["sentiment"].to_numpy()
    kind = _drawn_by(_KIND_SHARES, sentiment, draw)
    is_topic = pieces["cause"].to_numpy() == TOPIC
    kind = np.where(is_topic, np.where(draw.random(n) < 0.5, COMPLAINT, REVIEW), kind)  # noqa: PLR2004 - a half
    contradicts = (draw.random(n) < CONTRADICTS_SHARE) & (kind <= REVIEW)
    contradicts &= sentiment != _NEUTRAL
    rating = _drawn_by(_RATINGS, np.where(contradicts, 2 - sentiment, sentiment), draw) + 1
    second = _fitting(draw.integers(0, len(CATEGORIES), n), pieces["channel"].to_numpy())
    has_second = (draw.random(n) < SECOND_SHARE) & ~is_topic
    has_second &= second != pieces["category"].to_numpy()
    is_silent = (kind == SURVEY) & (draw.random(n) < SILENT_SHARE)
    return pieces.with_columns(
        kind=pl.Series(kind),
        rating=pl.Series(rating),
        second_category=pl.Series(np.where(has_second, second, -1)),
        is_english=pl.Series(draw.random(n) < ENGLISH_SHARE),
        is_silent=pl.Series(is_silent),
        is_topic=pl.Series(is_topic),
        contradicts=pl.Series(contradicts & ~is_silent),
    )


def _drawn_by(shares: Real, row: Whole, draw: np.random.Generator) -> Whole:
    edges = np.cumsum(shares, axis=1)[row]
    passed = draw.random(len(row))[:, None] * edges[:, -1:] >= edges
    found: Whole = np.minimum(passed.sum(axis=1), shares.shape[1] - 1)
    return found
