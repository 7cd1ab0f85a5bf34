"""What a churn model looks at: drawn customers, and the laws that features obey."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.expectations.churn_features import (
    FEATURES,
    FITTED_FEATURES,
    RISK_FALLS_WITH,
    RISK_RISES_WITH,
)
from regulars.transforms.churn_features import churn_features
from regulars.transforms.churn_labels import churn_labels

AS_OF = date(2024, 6, 30)
NOON = time(12)
HORIZON_DAYS = 28
MONEY = pl.Decimal(18, 2)
ORDERS = {
    "order_n": pl.Int64,
    "customer_id": pl.UInt64,
    "ordered_on": pl.Date,
    "ordered_at": pl.Datetime("us"),
    "store_id": pl.String,
    "channel": pl.String,
    "gross": MONEY,
    "discount": MONEY,
    "quantity": pl.Decimal(18, 3),
    "lines_n": pl.Int32,
    "coupon_lines_n": pl.Int32,
}
RETURNS = {
    "order_n": pl.Int64,
    "customer_id": pl.UInt64,
    "returned_on": pl.Date,
    "amount": MONEY,
}
CATEGORIES = {
    "customer_id": pl.UInt64,
    "category": pl.String,
    "ordered_on": pl.Date,
    "gross": MONEY,
    "lines_n": pl.Int32,
}
CONTACTS = {
    "customer_id": pl.UInt64,
    "contacted_on": pl.Date,
    "campaign_id": pl.String,
    "channel": pl.String,
    "arm": pl.String,
    "coupon_id": pl.String,
    "cost": MONEY,
}
COUPON_USES = {
    "customer_id": pl.UInt64,
    "redeemed_on": pl.Date,
    "coupon_id": pl.String,
    "value": MONEY,
}
FEEDBACK = {
    "customer_id": pl.UInt64,
    "feedback_id": pl.String,
    "submitted_at": pl.Datetime("us"),
    "submitted_on": pl.Date,
    "kind": pl.String,
    "rating_of_five": pl.Decimal(18, 3),
    "nps": pl.Int32,
    "responded_on": pl.Date,
    "resolved_on": pl.Date,
}
Frames = tuple[pl.DataFrame, ...]


def orders(*rows: tuple[int, int, str]) -> pl.DataFrame:
    """Orders of (customer, days ago, gross), numbered as they are given."""
    return pl.DataFrame(
        [order(n, who, ago, Decimal(gross)) for n, (who, ago, gross) in enumerate(rows)],
        schema=ORDERS,
        orient="row",
    )


def order(n: int, who: int, ago: int, gross: Decimal, hour: int = 10, store: str = "s1") -> tuple:
    on = AS_OF - timedelta(days=ago)
    at = datetime(on.year, on.month, on.day, hour)
    return (n, who, on, at, store, "shop", gross, None, None, 1, 0)


def returns(*rows: tuple[int, int, int, str]) -> pl.DataFrame:
    """Returns of (order_n, customer, days ago, amount)."""
    return pl.DataFrame(
        [(n, who, AS_OF - timedelta(days=ago), Decimal(amount)) for n, who, ago, amount in rows],
        schema=RETURNS,
        orient="row",
    )


def bought(*rows: tuple[int, str, int]) -> pl.DataFrame:
    """Category days of (customer, category, days ago)."""
    return pl.DataFrame(
        [
            (who, category, AS_OF - timedelta(days=ago), Decimal("1.00"), 1)
            for who, category, ago in rows
        ],
        schema=CATEGORIES,
        orient="row",
    )


def sent(*rows: tuple[int, int, str | None, str | None]) -> pl.DataFrame:
    """Messages of (customer, days ago, arm, coupon)."""
    return pl.DataFrame(
        [
            (who, AS_OF - timedelta(days=ago), "C1", None, arm, coupon, None)
            for who, ago, arm, coupon in rows
        ],
        schema=CONTACTS,
        orient="row",
    )


def used(*rows: tuple[int, int, str, str | None]) -> pl.DataFrame:
    """Coupon uses of (customer, days ago, coupon, value)."""
    return pl.DataFrame(
        [
            (who, AS_OF - timedelta(days=ago), coupon, None if value is None else Decimal(value))
            for who, ago, coupon, value in rows
        ],
        schema=COUPON_USES,
        orient="row",
    )


def said(
    *rows: tuple[int, int, str | None, str | None, int | None, int | None, int | None],
) -> pl.DataFrame:
    """Pieces of (customer, days ago, kind, rating, nps, answered days ago, settled days ago)."""

    def day(ago: int | None) -> date | None:
        return None if ago is None else AS_OF - timedelta(days=ago)

    return pl.DataFrame(
        [
            (
                who,
                f"F{n:03}",
                datetime.combine(AS_OF - timedelta(days=ago), NOON),
                day(ago),
                kind,
                None if rating is None else Decimal(rating),
                nps,
                day(answered),
                day(settled),
            )
            for n, (who, ago, kind, rating, nps, answered, settled) in enumerate(rows)
        ],
        schema=FEEDBACK,
        orient="row",
    )


def features(
    of_orders: pl.DataFrame,
    of_returns: pl.DataFrame | None = None,
    categories: pl.DataFrame | None = None,
    contacts: pl.DataFrame | None = None,
    coupon_uses: pl.DataFrame | None = None,
    feedback: pl.DataFrame | None = None,
) -> pl.DataFrame:
    return churn_features(
        of_orders,
        returns() if of_returns is None else of_returns,
        bought() if categories is None else categories,
        sent() if contacts is None else contacts,
        used() if coupon_uses is None else coupon_uses,
        said() if feedback is None else feedback,
        as_of=AS_OF,
        horizon_days=HORIZON_DAYS,
    )


def one(frame: pl.DataFrame, *names: str) -> tuple:
    assert frame.height == 1
    return frame.select(names).row(0)


def test_what_the_same_days_brought_a_year_ago_is_known_of_those_known_then() -> None:
    """The 28 days to come were, a year ago, those of 337 to 364 days before the day."""
    found = features(
        orders(
            *((1, ago, "5.00") for ago in (400, 365, 364, 350, 337, 336, 3)),
            *((2, ago, "5.00") for ago in (364, 350, 3)),
            *((3, ago, "5.00") for ago in (365, 200)),
        )
    ).sort("customer_id")
    assert found["season_days_n"].to_list() == [3.0, None, 0.0]


def test_a_customer_of_every_tenth_day_who_is_twenty_days_away() -> None:
    found = features(orders(*((7, ago, "5.00") for ago in (20, 30, 40, 50))))
    assert one(found, "recency_days", "tenure_days", "gap_days_mean", "gap_days_spread") == (
        20.0, 50.0, 10.0, 0.0,
    )  # fmt: skip
    assert one(found, "longer_gaps_share", "recency_longest_gap_ratio") == (0.0, 20 / 11)
    assert one(found, "purchase_days_28d_n", "purchase_days_56d_n", "spend_28d") == (1.0, 4.0, 5.0)


def test_the_past_that_would_have_been_called_churn_is_a_share_of_the_days_known() -> None:
    # From days 1 to 12 of the 40-day gap nothing followed in 28 days; of 50 - 28 days known.
    found = features(orders((7, 0, "1.00"), (7, 40, "1.00"), (7, 50, "1.00")))
    assert one(found, "quiet_share") == (12 / 22,)


def test_one_purchase_has_no_gap_and_no_ratio_to_it() -> None:
    found = features(orders((7, 3, "1.00")))
    assert one(found, "gap_days_mean", "recency_gap_ratio", "quiet_share") == (None, None, None)
    assert one(found, "recency_days", "purchase_days_7d_n") == (3.0, 1.0)


def test_an_order_taken_back_whole_is_no_purchase_once_it_is_back() -> None:
    sold = orders((7, 10, "5.00"), (7, 2, "8.00"))
    back = returns((1, 7, 1, "-8.00"))
    assert one(features(sold, back), "recency_days", "returns_n", "last_return_days") == (
        10.0, 1.0, 1.0,
    )  # fmt: skip
    assert one(features(sold), "recency_days", "returns_n", "last_return_days") == (2.0, 0.0, None)


def test_what_came_back_of_late_is_told_apart_from_what_came_back_before() -> None:
    # In 91 days 2.00 came back and 6.00 were sold; the return of the 92nd day is an old one.
    sold = orders((7, 120, "10.00"), (7, 20, "6.00"))
    back = returns((0, 7, 91, "-5.00"), (1, 7, 90, "-1.00"), (None, 7, 10, "-1.00"))
    assert one(features(sold, back), "returns_n", "returns_91d_n", "returned_91d_share") == (
        3.0, 2.0, 2 / 8,
    )  # fmt: skip
    assert one(features(sold), "returns_91d_n", "returned_91d_share") == (0.0, 0.0)


def test_a_category_of_every_week_not_bought_for_four_is_lost() -> None:
    of_categories = bought(
        *((7, "bread", ago) for ago in (1, 30, 40)),
        *((7, "milk", ago) for ago in (30, 40)),
        (7, "tea", 35),
    )
    found = features(orders((7, 1, "1.00")), categories=of_categories)
    assert one(found, "categories_n", "categories_usual_n", "categories_lost_n") == (3.0, 2.0, 1.0)
    assert one(found, "categories_28d_n", "categories_lost_share") == (1.0, 0.5)


def test_recent_days_weigh_more_in_a_pace_and_a_steady_one_is_its_own() -> None:
    daily = features(orders(*((7, ago, "1.00") for ago in range(60))))
    assert one(daily, "pace_7d", "pace_56d") == pytest.approx((1.0, 1.0), rel=1e-6)
    slowing = features(orders(*((7, ago, "1.00") for ago in (*range(20, 60), 5, 12))))
    assert one(slowing, "pace_trend_14d")[0] < -0.4


def test_a_message_is_answered_by_a_purchase_of_its_day_or_of_the_thirteen_after_it() -> None:
    sold = orders((7, 87, "5.00"), (7, 40, "5.00"), (7, 20, "5.00"))
    messages = sent(
        (7, 100, "treated", None),
        (7, 54, "treated", None),  # the purchase of day 40 is too late for it
        (7, 40, None, None),
        (7, 13, "treated", None),
        (7, 5, "treated", None),
        (7, 4, "control", None),  # kept back: no message
    )
    found = features(sold, contacts=messages)
    assert one(found, "contacts_n", "contacts_91d_n", "contacts_28d_n") == (5.0, 4.0, 2.0)
    assert one(found, "contacts_answered_n", "last_contact_days") == (2.0, 5.0)
    # Of the last two it is not known yet.
    assert one(found, "contacts_answered_share", "contacts_since_order_n") == (2 / 3, 2.0)


def test_what_another_customer_buys_answers_no_message() -> None:
    messages = sent((7, 46, "treated", None), (8, 46, "treated", None))
    found = features(orders((7, 50, "5.00"), (8, 45, "5.00")), contacts=messages)
    assert found["contacts_answered_n"].to_list() == [0.0, 1.0]
    assert found["contacts_since_order_n"].to_list() == [1.0, 0.0]


def test_coupons_are_unused_until_they_are_used_after_they_came() -> None:
    messages = sent((7, 50, "treated", "K1"), (7, 9, "treated", "K2"), (7, 8, "control", "K3"))
    uses = used((7, 60, "K2", "1.00"), (7, 40, "K1", "4.00"))
    found = features(orders((7, 40, "20.00")), contacts=messages, coupon_uses=uses)
    assert one(found, "coupons_unused_n", "coupon_uses_n", "coupon_uses_91d_n") == (1.0, 2.0, 2.0)
    assert one(found, "last_coupon_use_days", "coupon_value_share") == (40.0, 0.2)


def test_who_was_sent_nothing_has_no_last_message_and_no_share_of_answers() -> None:
    found = features(orders((7, 40, "20.00")))
    assert one(found, "contacts_n", "coupon_uses_n", "coupons_unused_n") == (0.0, 0.0, 0.0)
    assert one(found, "last_contact_days", "contacts_answered_share") == (None, None)
    worthless = features(orders((7, 40, "20.00")), coupon_uses=used((7, 40, "K1", None)))
    assert one(worthless, "coupon_uses_n", "coupon_value_share") == (1.0, None)


def test_complaints_and_calls_of_the_year_are_counted_and_those_still_without_an_answer() -> None:
    pieces = said(
        (7, 365, "complaint", None, None, None, None),  # longer ago than the year
        (7, 364, "call", None, None, None, None),
        (7, 200, "complaint", None, None, 199, None),
        (7, 100, "complaint", None, None, None, 95),  # settled without an answer
        (7, 90, "call", None, None, 89, 80),
        (7, 30, "complaint", None, None, None, None),
        (7, 3, "review", "1", None, None, None),  # asks for no answer
    )
    found = features(orders((7, 3, "5.00")), feedback=pieces)
    assert one(found, "complaints_365d_n", "complaints_91d_n", "last_complaint_days") == (
        5.0, 2.0, 30.0,
    )  # fmt: skip
    assert one(found, "complaints_unanswered_n", "unanswered_complaint_days") == (2.0, 364.0)
    assert one(found, "complaints_unsettled_n", "last_settling_days") == (3.0, 10.0)
    assert one(found, "pieces_365d_n", "last_piece_days") == (6.0, 3.0)


def test_an_answer_that_comes_after_the_day_is_none_yet() -> None:
    waiting = said((7, 5, "complaint", None, None, -1, -2))
    answered = said((7, 5, "complaint", None, None, 0, -2))
    settled = said((7, 5, "complaint", None, None, None, 0))
    names = ("complaints_unanswered_n", "complaints_unsettled_n", "last_settling_days")
    told = [
        one(features(orders((7, 9, "5.00")), feedback=of), *names)
        for of in (waiting, answered, settled)
    ]
    assert told == [(1.0, 1.0, None), (0.0, 1.0, None), (0.0, 0.0, 5.0)]


def test_the_last_rating_is_held_against_the_mean_of_those_before_it() -> None:
    pieces = said(
        (7, 400, "survey", "1", 0, None, None),
        (7, 20, "survey", "5", 10, None, None),
        (7, 10, "review", "4.5", None, None, None),
        (7, 10, "survey", "2", 6, None, None),  # of one instant the higher number is the last
        (7, 5, "social", None, None, None, None),
    )
    for rows in (pieces, pieces.reverse()):
        found = features(orders((7, 3, "5.00")), feedback=rows)
        of_last = one(found, "last_rating", "earlier_rating_mean", "rating_change")
        assert of_last == (2.0, 4.75, -2.75)
        assert one(found, "rating_365d_mean", "last_nps") == (11.5 / 3, 6.0)


def test_who_said_nothing_complained_of_nothing_and_rated_nothing() -> None:
    pieces = said((8, 5, "survey", "3", None, None, None))
    found = features(orders((7, 3, "5.00"), (8, 3, "5.00")), feedback=pieces)
    counts = ("pieces_365d_n", "complaints_365d_n", "complaints_unanswered_n")
    rated = ("last_rating", "earlier_rating_mean", "last_complaint_days", "last_nps")
    assert found.select(counts).rows() == [(0.0, 0.0, 0.0), (1.0, 0.0, 0.0)]
    assert found.select(rated).rows() == [(None,) * 4, (3.0, None, None, None)]


def test_who_did_not_come_is_gone_and_a_visit_taken_back_whole_is_none() -> None:
    sold = orders((1, 40, "5.00"), (2, 40, "5.00"), (3, 40, "5.00"), (2, 10, "5.00"),
                  (3, 10, "5.00"), (1, 1, "5.00"))  # fmt: skip
    back = returns((4, 3, 9, "-5.00"))
    snapshot_on = AS_OF - timedelta(days=30)
    asked = pl.DataFrame({"customer_id": pl.Series([3, 1, 2], dtype=pl.UInt64)})
    labelled = churn_labels(sold, back, asked, snapshot_on=snapshot_on, horizon_days=HORIZON_DAYS)
    assert labelled.rows() == [(3, True), (1, True), (2, False)]


def test_every_feature_that_has_a_direction_is_a_feature() -> None:
    assert set(RISK_FALLS_WITH) | set(RISK_RISES_WITH) <= set(FEATURES)
    assert len(FEATURES) == len(set(FEATURES))


def test_the_columns_are_the_features_that_need_no_fit() -> None:
    assert features(orders((7, 3, "1.00"))).columns == [
        "customer_id",
        *(name for name in FEATURES if name not in FITTED_FEATURES),
    ]


@st.composite
def any_frames(draw: st.DrawFn) -> Frames:
    """A few customers' orders and all that goes with them, some of it after the day."""
    customer, ago = st.integers(0, 3), st.integers(-30, 200)
    amount = st.integers(0, 900).map(lambda cents: Decimal(cents).scaleb(-2))
    hour, store = st.integers(0, 23), st.sampled_from(["s1", "s2"])
    sold = draw(st.lists(st.tuples(customer, ago, amount, hour, store), max_size=25))
    back = draw(
        st.lists(
            st.tuples(st.none() | st.integers(0, max(0, len(sold) - 1)), customer, ago),
            max_size=6,
        )
    )
    by_category = draw(
        st.lists(st.tuples(customer, st.sampled_from(["bread", "milk"]), ago), max_size=15)
    )
    coupon = st.sampled_from(["K1", "K2"])
    arm = st.sampled_from(["treated", "control"])
    messages = draw(st.lists(st.tuples(customer, ago, arm, st.none() | coupon), max_size=10))
    value = st.none() | st.sampled_from(["0.50", "12.00"])
    redeemed = draw(st.lists(st.tuples(customer, ago, coupon, value), max_size=8))
    kind = st.none() | st.sampled_from(["complaint", "call", "review"])
    rating = st.none() | st.sampled_from(["1", "2.333", "4.5", "5"])
    later = st.none() | st.integers(0, 60)
    spoken = draw(
        st.lists(
            st.tuples(customer, ago, kind, rating, st.none() | st.integers(0, 10), later, later),
            max_size=10,
        )
    )
    return (
        pl.DataFrame([order(n, *row) for n, row in enumerate(sold)], schema=ORDERS, orient="row"),
        returns(
            *(
                # A linked return bears its sale's customer.
                (n, who if n is None or not sold else sold[n][0], when, "-1.00")
                for n, who, when in back
            )
        ),
        bought(*set(by_category)),
        sent(*messages),
        used(*redeemed),
        said(
            *(
                (*piece, *(None if after is None else piece[1] - after for after in afters))
                for *piece, first, second in spoken
                for afters in ((first, second),)
            )
        ),
    )


def of(frames: Frames) -> pl.DataFrame:
    return churn_features(*frames, as_of=AS_OF, horizon_days=HORIZON_DAYS)


@given(any_frames(), st.sets(st.integers(0, 3)))
@settings(max_examples=25, deadline=None)
def test_customers_apart_have_the_features_they_have_together(frames: Frames, some: set) -> None:
    apart = [
        of(tuple(f.filter(pl.col("customer_id").is_in(list(part))) for f in frames))
        for part in (some, {0, 1, 2, 3} - some)
    ]
    assert pl.concat(apart).sort("customer_id").equals(of(frames))


@given(any_frames(), st.integers(0, 99))
@settings(max_examples=15, deadline=None)
def test_the_order_of_the_rows_changes_no_bit_of_a_feature(frames: Frames, seed: int) -> None:
    shuffled = tuple(f.sample(fraction=1.0, shuffle=True, seed=seed) for f in frames)
    assert of(shuffled).equals(of(frames))


@given(any_frames(), st.integers(0, 99))
@settings(max_examples=25, deadline=None)
def test_what_comes_later_changes_no_feature(frames: Frames, seed: int) -> None:
    """Deleted, or dealt out to other customers: a feature of the day cannot tell."""
    day = ["ordered_on", "returned_on", "ordered_on", "contacted_on", "redeemed_on", "submitted_on"]
    dice = Random(seed)
    early, dealt = [], []
    for n, frame in enumerate(frames):
        is_early = pl.col(day[n]) <= AS_OF
        late = frame.filter(~is_early)
        ids = late["customer_id"].to_list()
        dice.shuffle(ids)
        early.append(frame.filter(is_early))
        mixed = late.with_columns(customer_id=pl.Series(ids, dtype=pl.UInt64))
        dealt.append(pl.concat([frame.filter(is_early), mixed]))
    assert of(tuple(early)).equals(of(frames))
    early[-1] = early[-1].with_columns(
        pl.when(pl.col(answered) <= AS_OF).then(answered)
        for answered in ("responded_on", "resolved_on")
    )
    assert of(tuple(early)).equals(of(frames))
    assert of(tuple(dealt)).equals(of(frames))


@given(any_frames())
@settings(max_examples=15, deadline=None)
def test_a_feature_is_a_finite_number_or_null(frames: Frames) -> None:
    found = of(frames).drop("customer_id")
    assert all(column.is_finite().all() for column in found.iter_columns())
