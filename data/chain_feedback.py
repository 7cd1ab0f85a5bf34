"""The sample chain's feedback as its survey tool exports it, and the truth of each piece.

Surveys and reviews are rated, of five or of ten; complaints and calls are answered and settled
after a log-normal time, more slowly at the bad store, and some stay open.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from regulars.data import chain_lists as lists
from regulars.data import chain_shops as shops
from regulars.data.chain_baskets import NOBODY
from regulars.data.chain_journal import at
from regulars.data.chain_opinions import (
    CALL,
    CAUSES,
    COMPLAINT,
    KINDS,
    PRODUCT,
    REVIEW,
    SURVEY,
    opinions,
)
from regulars.data.chain_people import member_id
from regulars.data.chain_phrases import CATEGORIES, OWN_LABELS, SENTIMENTS
from regulars.data.chain_texts import spoken

LABELLED_SHARE = 0.3  # of complaints and calls, by the chain's own people
_RESPONSE_HOURS = {"usual": 8.0, "bad store": 40.0}  # medians, log-normal
_OPEN_SHARE = 0.1


def feedback(heard: pl.DataFrame, *, seed: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The feedback export and its truth, both by time; ``heard`` is the occasions of all months."""
    draw = lists.dice(seed, 501)
    told = opinions(heard, draw)
    whole = pl.concat((told, spoken(told, draw)), how="horizontal")
    return _exported(whole, draw), _truth(whole)


def _exported(pieces: pl.DataFrame, draw: np.random.Generator) -> pl.DataFrame:
    n = pieces.height
    kind = pieces["kind"].to_numpy()
    is_slow = pieces["store"].to_numpy() == shops.BAD_STORE
    median = np.where(is_slow, _RESPONSE_HOURS["bad store"], _RESPONSE_HOURS["usual"])
    response_s = (median * draw.lognormal(0.0, 0.8, n) * 3600).astype(np.int64)
    resolution_s = response_s + (draw.lognormal(0.0, 0.8, n) * 24 * 3600).astype(np.int64)
    is_handled = np.isin(kind, [COMPLAINT, CALL])
    is_open = draw.random(n) < _OPEN_SHARE
    is_labelled = is_handled & (draw.random(n) < LABELLED_SHARE)
    has_rating = np.isin(kind, [SURVEY, REVIEW])
    of_ten = (kind == REVIEW) & (draw.random(n) < 0.3)  # noqa: PLR2004 - a site that counts to ten
    names_product = np.isin(kind, [REVIEW, COMPLAINT]) | (pieces["cause"] == PRODUCT).to_numpy()
    nps = np.clip(pieces["rating"].to_numpy() * 2 + draw.integers(-1, 2, n), 0, 10)
    responded = pl.Series(response_s).set(pl.Series(~is_handled), None)
    resolved = pl.Series(resolution_s).set(pl.Series(~is_handled | is_open), None)
    return pieces.with_columns(
        responded_s=pl.col("said_s") + responded, resolved_s=pl.col("said_s") + resolved
    ).select(
        _feedback_id(),
        _when("said_s").alias("submitted_at"),
        pl.when(pl.col("member") != NOBODY).then(member_id("member")).alias("customer_id"),
        "order_id",
        pl.when(pl.Series(names_product)).then(shops.product_id("product")).alias("product_id"),
        shops.store_id("store").alias("store_id"),
        shops.staff_id("staff").alias("staff_id"),
        pl.lit(pl.Series(shops.CHANNELS)).gather(pl.col("channel")).alias("channel"),
        lists.one_of(KINDS, "kind").alias("kind"),
        pl.when(pl.Series(is_labelled))
        .then(lists.one_of(OWN_LABELS, "category"))
        .alias("category"),
        pl.when(pl.Series(has_rating))
        .then(pl.col("rating") * pl.when(pl.Series(of_ten)).then(2).otherwise(1))
        .alias("rating"),
        pl.when(pl.Series(has_rating))
        .then(pl.when(pl.Series(of_ten)).then(10).otherwise(5))
        .alias("rating_scale"),
        pl.when(pl.col("kind") == SURVEY).then(pl.Series(nps)).alias("nps"),
        "text",
        _when("responded_s").alias("responded_at"),
        _when("resolved_s").alias("resolved_at"),
    )


def _feedback_id() -> pl.Expr:
    number = (pl.col("number") + 1).cast(pl.String).str.zfill(8)
    return (pl.lit("FB") + number).alias("feedback_id")


def _when(second: str) -> pl.Expr:
    return at(second).dt.strftime("%Y-%m-%dT%H:%M:%S+08:00")


def _truth(pieces: pl.DataFrame) -> pl.DataFrame:
    """A row a piece; a piece without a text has no categories, its sentiment is the rating's."""
    second = pl.when(pl.col("second_category") >= 0).then(
        lists.one_of(CATEGORIES, "second_category")
    )
    both = pl.concat_list(lists.one_of(CATEGORIES, "category"), second).list.drop_nulls()
    spoke = ~pl.col("is_silent")
    return pieces.select(
        _feedback_id(),
        pl.when(spoke).then(both).otherwise(pl.lit([], pl.List(pl.String))).alias("categories"),
        lists.one_of(SENTIMENTS, "sentiment").alias("sentiment"),
        pl.when(pl.col("cause") >= 0).then(lists.one_of(CAUSES, "cause")).alias("cause"),
        pl.when("is_english").then(pl.lit("en")).otherwise(pl.lit("zh")).alias("language"),
        spoke.alias("has_text"),
        pl.col("contradicts").alias("rating_contradicts"),
        pl.col("planted").alias("fault"),
    )
