"""What each customer said: drawn pieces, and who fell silent after a complaint."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.transforms.churn_feedback import said
from regulars.transforms.customer_feedback import CUSTOMER_FEEDBACK, customer_feedback
from tests.transforms.handled_pieces import HANDLED, pieces

AS_OF = date(2024, 6, 30)
BOUGHT = pl.Schema(
    {
        "customer_id": pl.UInt64(),
        "last_ordered_on": pl.Date(),
        "purchase_days_n": pl.Int64(),
        "usual_gap_days": pl.Float64(),
    }
)


def told(of_pieces: pl.DataFrame, bought: pl.DataFrame | None = None) -> pl.DataFrame:
    of_bought = BOUGHT.to_frame() if bought is None else bought
    return customer_feedback(
        of_pieces,
        of_bought.drop("usual_gap_days"),
        of_bought.select("customer_id", "usual_gap_days"),
        as_of=AS_OF,
    ).sort("customer_id")


def is_silent(complained_on: str, last_ordered_on: str, gap: float, days_n: int = 5) -> bool:
    bought = pl.DataFrame(
        [(1, date.fromisoformat(last_ordered_on), days_n, gap)], schema=BOUGHT, orient="row"
    )
    complaint = pieces(f"customer_id said kind\n1 {complained_on} complaint")
    return bool(told(complaint, bought)["is_silent_since_complaint"].item())


def test_all_pieces_count_and_the_year_tells_what_is_thought() -> None:
    found = told(
        pieces(
            """
            customer_id said             kind      rating_of_five nps sentiment
            1           2023-01-05       survey    1              0   negative
            1           2023-07-01       survey    5              10  negative
            1           2023-07-02       complaint -              -   negative
            1           2024-06-20T18:00 survey    2              6   positive
            1           2024-06-20T09:00 review    4.5            -   -
            1           2024-06-25       social    -              -   negative
            1           2024-06-25       social    -              -   neutral
            """
        )
    )
    assert found.schema == CUSTOMER_FEEDBACK
    assert found.select("feedback_n", "last_feedback_on", "negative_365d_n").rows() == [
        (7, date(2024, 6, 25), 2)
    ]
    assert found.select("last_rating", "rating_365d_mean", "last_nps").rows() == [(2.0, 3.25, 6)]


def test_complaints_are_the_pieces_that_must_be_answered() -> None:
    found = told(
        pieces(
            """
            customer_id said       kind      is_open
            1           2023-01-05 complaint yes
            1           2024-05-05 call      no
            1           2024-06-05 review    -
            2           2024-06-05 review    -
            3           2024-06-05 complaint no
            """
        )
    )
    assert found.select("complaints_365d_n", "last_complaint_on", "is_complaint_open").rows() == [
        (1, date(2024, 5, 5), True),
        (0, None, False),
        (1, date(2024, 6, 5), False),
    ]


def test_the_main_category_is_that_of_most_complaints_of_ties_the_latest() -> None:
    found = told(
        pieces(
            """
            customer_id said       kind      categories
            1           2024-01-01 complaint delivery;queue_waiting
            1           2024-02-01 complaint delivery
            1           2024-06-01 review    app_payment
            2           2024-01-01 complaint delivery
            2           2024-02-01 call      queue_waiting
            3           2024-01-01 complaint queue_waiting;delivery
            4           2024-01-01 complaint other
            4           2024-02-01 complaint other
            4           2024-03-01 call      app_payment
            5           2024-01-01 complaint other
            6           2024-01-01 complaint -
            7           2023-01-01 complaint delivery
            """
        )
    )
    assert found["main_complaint_category"].to_list() == [
        "delivery", "queue_waiting", "delivery", "app_payment", "other", None, None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("complained_on", "last_ordered_on", "gap", "days_n", "expected"),
    [
        ("2024-06-04", "2024-06-04", 10.0, 5, True),  # 26 days of silence, 25 are patience
        ("2024-06-05", "2024-06-04", 10.0, 5, False),  # 25 days
        ("2024-06-04", "2024-05-10", 10.0, 5, True),  # 25 days away when they complained
        ("2024-06-04", "2024-05-09", 10.0, 5, False),  # lapsing by then
        ("2024-06-04", "2024-06-05", 10.0, 5, False),  # came again
        ("2024-06-04", "2024-06-04", 10.0, 1, False),  # no rhythm to fall silent from
        ("2023-06-29", "2023-06-29", 10.0, 5, False),  # more than a year ago
    ],
)
def test_who_came_by_their_rhythm_and_stays_away_after_a_complaint_fell_silent(
    complained_on: str, last_ordered_on: str, gap: float, days_n: int, expected: bool
) -> None:
    assert is_silent(complained_on, last_ordered_on, gap, days_n) is expected


def test_who_never_bought_or_never_complained_did_not_fall_silent() -> None:
    found = told(pieces("customer_id said kind\n1 2024-01-01 complaint\n2 2024-01-01 review"))
    assert found["is_silent_since_complaint"].to_list() == [False, False]


def test_pieces_of_nobody_known_are_of_no_customer() -> None:
    assert told(pieces("customer_id said kind\n- 2024-01-01 complaint")).height == 0


def test_a_piece_of_a_later_day_is_refused() -> None:
    with pytest.raises(ValueError, match="holds a piece of 2024-07-01"):
        told(pieces("customer_id said kind\n1 2024-07-01 review"))


@st.composite
def any_pieces(draw: st.DrawFn) -> pl.DataFrame:
    customer = st.none() | st.integers(0, 3)
    at = st.integers(0, 500 * 24).map(
        lambda hours: datetime.combine(AS_OF, time(23)) - timedelta(hours=hours)
    )
    kind = st.none() | st.sampled_from(["survey", "complaint", "call"])
    rating = st.none() | st.sampled_from([Decimal("1"), Decimal("2.333"), Decimal("5")])
    nps = st.none() | st.integers(0, 10)
    categories = st.lists(st.sampled_from(["delivery", "other", "queue_waiting"]), max_size=2)
    sentiment = st.none() | st.sampled_from(["negative", "positive"])
    rows = draw(
        st.lists(
            st.tuples(customer, at, kind, rating, nps, categories, sentiment, st.booleans()),
            max_size=15,
        )
    )
    names = [
        "customer_id", "submitted_at", "kind", "rating_of_five", "nps", "categories", "sentiment",
        "is_open",
    ]  # fmt: skip
    drawn = pl.DataFrame(rows, schema={name: HANDLED[name] for name in names}, orient="row")
    is_asked = pl.col("kind").is_in(["complaint", "call"])
    return pl.concat([HANDLED.to_frame(), drawn], how="diagonal").with_columns(
        feedback_id=pl.format("F{}", pl.int_range(pl.len())),
        submitted_on=pl.col("submitted_at").dt.date(),
        is_open=pl.when(is_asked).then("is_open"),
    )


def some_bought() -> pl.DataFrame:
    days = [AS_OF - timedelta(days=ago) for ago in (3, 40, 200)]
    rows = [(0, days[0], 9, 7.5), (1, days[1], 2, 30.0), (2, days[2], 1, 20.0)]
    return pl.DataFrame(rows, schema=BOUGHT, orient="row")


@given(any_pieces(), st.sets(st.integers(0, 3)), st.integers(0, 99))
@settings(max_examples=30)
def test_customers_apart_and_in_another_order_are_what_they_are_together(
    of_pieces: pl.DataFrame, some: set[int], seed: int
) -> None:
    together = told(of_pieces, some_bought())
    shuffled = of_pieces.sample(fraction=1.0, shuffle=True, seed=seed)
    assert told(shuffled, some_bought()).equals(together)
    parts = [pl.col("customer_id").is_in(list(of)) for of in (some, {0, 1, 2, 3} - some)]
    apart = [told(of_pieces.filter(part), some_bought().filter(part)) for part in parts]
    assert pl.concat(apart).sort("customer_id").equals(together)


@given(any_pieces())
@settings(max_examples=20)
def test_what_churn_looks_at_by_the_same_names_is_the_same(of_pieces: pl.DataFrame) -> None:
    day = pl.lit(None, pl.Date)
    known = of_pieces.with_columns(responded_on=day, resolved_on=day)
    of_churn = said(known.drop_nulls("customer_id"), as_of=AS_OF).collect()
    names = ["last_rating", "rating_365d_mean", "last_nps", "complaints_365d_n"]
    columns = ["customer_id", *(pl.col(name).cast(pl.Float64) for name in names)]
    table = told(of_pieces, some_bought()).select(columns)
    late = table.join(of_churn, on="customer_id", how="semi")
    assert late.equals(of_churn.select(columns).sort("customer_id"))
    assert set(table.join(of_churn, on="customer_id", how="anti").drop("customer_id").rows()) <= {
        (None, None, None, 0.0)
    }


@given(any_pieces())
@settings(max_examples=20)
def test_the_table_is_what_forty_lines_of_plain_python_make_of_it(of_pieces: pl.DataFrame) -> None:
    found = {row["customer_id"]: row for row in told(of_pieces, some_bought()).to_dicts()}
    rows = sorted(of_pieces.to_dicts(), key=lambda row: (row["submitted_at"], row["feedback_id"]))
    assert set(found) == {row["customer_id"] for row in rows} - {None}
    for customer, own in found.items():
        said = [row for row in rows if row["customer_id"] == customer]
        late = [row for row in said if row["submitted_on"] > AS_OF - timedelta(days=365)]
        rated = [row["rating_of_five"] for row in late if row["rating_of_five"] is not None]
        complaints = [row for row in late if row["kind"] in ("complaint", "call")]
        assert own["feedback_n"] == len(said)
        assert own["last_rating"] == (float(rated[-1]) if rated else None)
        if rated:
            assert own["rating_365d_mean"] == pytest.approx(float(sum(rated) / len(rated)))
        assert own["complaints_365d_n"] == len(complaints)
        assert own["negative_365d_n"] == sum(row["sentiment"] == "negative" for row in late)
        assert own["is_complaint_open"] == any(row["is_open"] for row in said)
