from __future__ import annotations

from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.expectations.tables import TABLES
from regulars.transforms.affinity import affinity
from regulars.transforms.customer_feedback import COUNTS, CUSTOMER_FEEDBACK, FLAGS
from regulars.transforms.customers import MEMBERS, customers
from regulars.transforms.order_nets import ORDER_NETS
from regulars.transforms.pseudonyms import spelled
from regulars.transforms.purchases import purchases
from tests.transforms.nobody import NO_CHURN, NO_CLUSTERS, NO_VALUE

AS_OF = date(2024, 3, 31)
OF_RFM = pl.Schema(
    {
        "customer_id": pl.UInt64(),
        "r_score": pl.Int32(),
        "f_score": pl.Int32(),
        "m_score": pl.Int32(),
        "rfm_score": pl.String(),
        "segment": pl.String(),
        "previous_segment": pl.String(),
        "value_type": pl.String(),
    }
)
OF_LIFECYCLE = pl.Schema(
    {
        "customer_id": pl.UInt64(),
        "usual_gap_days": pl.Float64(),
        "gap_ratio": pl.Float64(),
        "lifecycle": pl.String(),
        "is_left_truncated": pl.Boolean(),
        "cohort": pl.String(),
    }
)


class NoShares:
    categories: tuple[str, ...] = ()
    hundredths: tuple[int, ...] = ()


NO_AFFINITY = affinity(
    pl.DataFrame(
        schema={"customer_id": pl.UInt64, "category": pl.String, "net": pl.Decimal(18, 2)}
    ),
    shares=NoShares(),
)


def members(*rows: tuple[int, date | None]) -> pl.DataFrame:
    known = pl.DataFrame(
        rows, schema={"customer_id": pl.UInt64, "birth_date": pl.Date}, orient="row"
    )
    return pl.concat([MEMBERS.to_frame(), known], how="diagonal")


def published(
    of_members: pl.DataFrame,
    order_nets: pl.DataFrame,
    of_rfm: pl.DataFrame,
    of_value: pl.DataFrame = NO_VALUE,
    of_churn: pl.DataFrame = NO_CHURN,
    of_feedback: pl.DataFrame | None = None,
) -> pl.DataFrame:
    table = customers(
        purchases(order_nets, as_of=AS_OF),
        of_members,
        lifecycle=OF_LIFECYCLE.to_frame(),
        rfm=of_rfm,
        affinity=NO_AFFINITY,
        clusters=NO_CLUSTERS,
        value=of_value,
        churn=of_churn,
        feedback=of_feedback,
        as_of=AS_OF,
    )
    return TABLES["customers"].conformed(table.with_columns(spelled(pl.col("customer_id"))))


@pytest.fixture
def table(drawn):
    return published(
        members((2, None), (3, date(1990, 4, 1))),
        drawn(
            """
            customer_id  ordered_on  net    is_order
            1            2024-03-01  10.00  yes
            2            2024-03-31  5.50   yes
            """,
            ORDER_NETS,
        ),
        drawn(
            """
            customer_id r_score f_score m_score rfm_score segment   previous_segment value_type
            1           1       1       5       115       champions not_seen         key_keep
            2           5       1       1       511       new       loyal            -
            """,
            OF_RFM,
        ),
    )


def test_the_population_is_who_bought_and_who_is_a_member(table):
    assert table.select("customer_id", "is_member").rows() == [
        ("c1_0000000000000001", False),
        ("c1_0000000000000002", True),
        ("c1_0000000000000003", True),
    ]


def test_purchases_and_scores_stay_with_their_customer(table):
    assert table.select("spend", "orders_n", "rfm_score", "segment", "previous_segment").rows()[
        :2
    ] == [
        (Decimal("10.00"), 1, "115", "champions", "not_seen"),
        (Decimal("5.50"), 1, "511", "new", "loyal"),
    ]


def test_a_member_without_a_line_has_zeros_and_no_purchase(table):
    (silent,) = table.tail(1).to_dicts()
    zeros = {
        name: value for name, value in silent.items() if name.endswith("_n") or "spend" in name
    }
    assert (zeros.pop("order_spend_mean"), zeros.pop("expected_spend_12m")) == (None, None)
    assert {zeros.pop(name) for name in COUNTS} == {None}
    assert set(zeros.values()) == {0}
    assert (silent["segment"], silent["previous_segment"]) == ("no_purchase", "not_seen")
    assert {silent[name] for name in ("recency_days", "lifecycle", "cohort", "rfm_score")} == {None}


def test_without_members_the_population_is_who_bought(drawn):
    order_nets = drawn("customer_id ordered_on net is_order\n1 2024-03-01 9.00 yes", ORDER_NETS)
    of_rfm = (
        OF_RFM.to_frame()
        .clear(1)
        .with_columns(
            customer_id=pl.lit(1, dtype=pl.UInt64),
            segment=pl.lit("new"),
            previous_segment=pl.lit("new"),
        )
    )
    assert published(MEMBERS.to_frame(), order_nets, of_rfm)["is_member"].to_list() == [False]


def test_risk_and_expected_spend_stay_with_their_customer(drawn):
    nets = drawn(
        """
        customer_id  ordered_on  net    is_order
        1            2024-03-01  10.00  yes
        2            2024-03-31  5.50   yes
        """,
        ORDER_NETS,
    )
    value = drawn(
        """
        customer_id expected_orders_12m expected_spend_12m extrapolated_reason
        2           4.5                 90.00              came_once
        """,
        NO_VALUE.schema,
    )
    churn = drawn(
        """
        customer_id churn_risk risk_band value_at_risk
        1           0.9        very_high -
        2           0.25       watch     22.50
        """,
        NO_CHURN.schema,
    )
    table = published(members(), nets, OF_RFM.to_frame(), value, churn)
    assert table.select(
        "churn_risk",
        "risk_band",
        "expected_orders_12m",
        "expected_spend_12m",
        "extrapolated_reason",
        "value_at_risk",
    ).rows() == [
        (0.9, "very_high", None, None, None, None),
        (0.25, "watch", 4.5, Decimal("90.00"), "came_once", Decimal("22.50")),
    ]


def test_without_feedback_nothing_is_said_of_it_and_with_it_who_said_nothing_has_none(drawn):
    nets = drawn(
        """
        customer_id  ordered_on  net    is_order
        1            2024-03-01  10.00  yes
        2            2024-03-31  5.50   yes
        """,
        ORDER_NETS,
    )
    said = drawn(
        """
        customer_id feedback_n last_rating negative_365d_n complaints_365d_n is_complaint_open
        2           3          4.5         1               2                 yes
        9           1          1           1               1                 yes
        """,
        CUSTOMER_FEEDBACK,
    )
    said = pl.concat([CUSTOMER_FEEDBACK.to_frame(), said], how="diagonal")
    columns = [*CUSTOMER_FEEDBACK][1:]
    silent = published(members(), nets, OF_RFM.to_frame()).select(columns)
    assert set(silent.rows()) == {(None,) * len(columns)}
    told = published(members(), nets, OF_RFM.to_frame(), of_feedback=said)
    assert told.select(*COUNTS, "last_rating", *FLAGS).rows() == [
        (0, 0, 0, None, False, False),
        (3, 1, 2, 4.5, True, False),
    ]


def test_without_anybody_the_table_is_empty():
    nobody = published(MEMBERS.to_frame(), ORDER_NETS.to_frame(), OF_RFM.to_frame())
    assert nobody.height == 0


def age_years(born: date | None, as_of: date) -> int | None:
    table = customers(
        purchases(ORDER_NETS.to_frame(), as_of=as_of),
        members((1, born)),
        lifecycle=OF_LIFECYCLE.to_frame(),
        rfm=OF_RFM.to_frame(),
        affinity=NO_AFFINITY,
        clusters=NO_CLUSTERS,
        value=NO_VALUE,
        churn=NO_CHURN,
        as_of=as_of,
    )
    return table["age_years"].item()


@pytest.mark.parametrize(
    ("born", "as_of", "years"),
    [
        (date(1990, 4, 1), date(2024, 3, 31), 33),
        (date(1990, 4, 1), date(2024, 4, 1), 34),
        (date(2000, 2, 29), date(2023, 2, 28), 22),
        (date(2000, 2, 29), date(2023, 3, 1), 23),
        (date(2000, 2, 29), date(2024, 2, 29), 24),
        (date(2024, 3, 31), date(2024, 3, 31), 0),
        (date(2024, 4, 1), date(2024, 3, 31), None),
        (None, date(2024, 3, 31), None),
    ],
)
def test_an_age_is_full_years_and_changes_on_the_birthday(born, as_of, years):
    assert age_years(born, as_of) == years


@given(
    st.dates(date(1900, 1, 1), date(2024, 12, 31)), st.dates(date(2024, 1, 1), date(2026, 12, 31))
)
def test_an_age_is_the_number_of_birthdays_so_far(born, as_of):
    birthdays = [
        year for year in range(born.year + 1, as_of.year + 1)
        if (year, born.month, born.day) <= (as_of.year, as_of.month, as_of.day)
    ]  # fmt: skip
    assert age_years(born, as_of) == (len(birthdays) if born <= as_of else None)
