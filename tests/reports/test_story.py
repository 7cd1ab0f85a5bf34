from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from regulars.expectations.catalogue import say
from regulars.reports.facts import ChurnFacts
from regulars.reports.story import StoryFacts, story

FACTS = StoryFacts(
    as_of=date(2017, 3, 31),
    currency="USD",
    language="en",
    churn=ChurnFacts(28, kind="blend", fitted_on=date(2017, 3, 27)),
)
CUSTOMER = """
    customer_id segment lifecycle is_member joined_on first_ordered_on orders_n spend usual_gap_days recency_days gap_ratio expected_orders_12m expected_spend_12m cluster cluster_name
    c1_a        loyal   lapsing   yes       2016-12-01 2017-01-20      9        900   7.25           20           2.7586    30.25               1200.00            k1      weekend_share.high+category_share.high:tea
"""  # noqa: E501
RISK = """
    customer_id churn_risk risk_band value_at_risk reason_1 reason_1_value reason_1_against reason_2 reason_2_value reason_2_against
    c1_a        0.75       high      900.00        rhythm   20             7.25             breadth  2              3
"""  # noqa: E501
UNSCORED = "customer_id unscored_reason\nc1_a too_few_gone"
RISKS = pl.DataFrame({"churn_risk": [0.1, 0.2, 0.75, 0.75, 0.9, None]})


@pytest.fixture
def told(draw):
    def of(customer=CUSTOMER, risk=RISK, facts=FACTS):
        tables = draw(customers=customer, **({"churn_risk": risk} if risk else {}))
        return story(tables["customers"], tables["churn_risk"], RISKS, facts)

    return of


def changed(table, **values):
    """The drawn row with other values."""
    header, row = (line.split() for line in table.strip().splitlines())
    cells = dict(zip(header, row, strict=True)) | values
    return f"{' '.join(cells)}\n{' '.join(cells.values())}"


def test_a_customer_is_told_as_a_story(told):
    assert told().lines == (
        "c1_a, as of 2017-03-31",
        "Segment: Loyal. Stage: Lapsing (Far later than usual). First bought on 2017-01-20. "
        "A member since 2016-12-01.",
        "Usually comes every 7.2 days, and has now been away for 20 days, 2.8 times that.",
        "Has spent USD 900 so far, over 9 orders. Expected in the next 12 months: USD 1,200, over "
        "30.2 purchase days. Of that USD 900 is at risk.",
        "The risk that nothing is bought up to 2017-04-28 is 75.0%: High. 40% of all customers "
        "have a lower one.",
        "What raises it most:",
        "  1. Days away: 20; own gaps are 7.2 days on average",
        "  2. Categories bought in the last 28 days: 2; in the last 91: 3",
        "Shops like the group: Weekend, much tea.",
    )


def test_who_came_once_is_told_the_gap_of_all_customers(told):
    assert told(changed(CUSTOMER, orders_n="1")).lines[2] == (
        "Came once, days ago: 20; customers here usually come again after 7.2 days."
    )


def test_a_high_risk_of_who_is_not_due_yet_is_said_to_be_of_the_horizon(told):
    early = changed(CUSTOMER, gap_ratio="0.4")
    assert "Not due yet" not in told(changed(CUSTOMER, gap_ratio="1.1")).lines[4]
    assert "Not due yet by their own rhythm" in told(early).lines[4]
    assert "Not due yet" not in told(early, changed(RISK, risk_band="watch")).lines[4]


def test_the_same_story_in_chinese(told):
    yuan = StoryFacts(FACTS.as_of, "CNY", "zh", FACTS.churn, {"loyal": "老朋友"})
    lines = told(facts=yuan).lines
    assert lines[1].startswith("分层：老朋友。生命周期阶段：濒临流失（远超惯常间隔）。")
    assert lines[2] == "通常每 7.2 天消费一次，现已 20 天未消费，为惯常间隔的 2.8 倍。"
    assert lines[3].endswith("其中潜在流失金额为 900 元。")
    assert lines[5:8] == (
        "推高风险的主要原因：",
        "  1. 已 20 天未消费，自身平均间隔 7.2 天",
        "  2. 近 28 天购买 2 个品类，近 91 天 3 个",
    )
    assert lines[-1] == "购买行为聚类：周末·偏好tea。"


def test_ties_are_not_lower_and_who_has_no_risk_does_not_count(told):
    assert told().lower_risk_share == pytest.approx(2 / 5)


def test_without_a_score_the_story_says_why(told):
    short = StoryFacts(FACTS.as_of, "USD", "en", ChurnFacts(28, "too_few_gone", 12, 30))
    lines = told(risk=UNSCORED, facts=short).lines
    said = say("churn.unscored.too_few_gone", "en", found="12", least="30")
    assert said in lines
    assert not any("raises it" in line for line in lines)


def test_a_member_without_a_purchase_is_told_with_what_there_is(told):
    member = """
        customer_id segment     is_member orders_n spend
        c1_a        no_purchase yes       0        0
    """
    assert told(customer=member, risk=None).lines == (
        "c1_a, as of 2017-03-31",
        "Segment: No purchase. A member.",
        "What the next 12 months will bring is not forecast.",
        "No risk: there is no order that was not returned.",
        "In none of the groups by how customers shop.",
    )


def test_who_is_no_member_and_may_have_come_before_the_data_is_told_so(told):
    early = changed(CUSTOMER, is_member="no", joined_on="-", is_left_truncated="yes")
    who = told(customer=early).lines[1]
    assert "it may not be the first time" in who
    assert who.endswith("Not in the list of members.")


@pytest.mark.parametrize(
    ("away", "said"),
    [("0", "came on this very day"), ("1", "away for 1 day,"), ("2", "away for 2 days,")],
)
def test_days_away_are_counted_as_they_are_said(told, away, said):
    assert said in told(customer=changed(CUSTOMER, recency_days=away)).lines[2]


def test_who_is_known_for_a_few_days_or_by_one_is_told_that_the_forecast_is_of_others(told):
    assert "with care" not in told().lines[3]
    briefly = told(changed(CUSTOMER, extrapolated_reason="known_briefly")).lines[3]
    assert "at risk. That is told" in briefly
    assert "(days known: 70)" in briefly
    once = told(changed(CUSTOMER, extrapolated_reason="came_once")).lines[3]
    assert "one purchase day only" in once
    yuan = StoryFacts(FACTS.as_of, "CNY", "zh", FACTS.churn)
    assert (
        "仅观察 70 天"
        in told(changed(CUSTOMER, extrapolated_reason="known_briefly"), facts=yuan).lines[3]
    )


def test_one_order_is_not_said_in_the_plural(told):
    assert "in 1 order." in told(customer=changed(CUSTOMER, orders_n="1")).lines[3]


def test_a_risk_without_a_reason_is_said_to_have_none(told):
    plain = "customer_id churn_risk risk_band value_at_risk\nc1_a 0.05 low 3.00"
    assert say("story.no_reason", "en") in told(risk=plain).lines


def test_the_risk_of_a_plain_rule_is_said_to_be_one(told):
    recency = StoryFacts(FACTS.as_of, "USD", "en", ChurnFacts(28, kind="recency"))
    assert say("churn.baseline.recency", "en") in told(facts=recency).lines[4]


def test_nothing_is_told_that_says_where_or_how_old_somebody_is(told):
    private = changed(CUSTOMER, city="Springfield", gender="female", age_years="44")
    found = told(customer=private)
    said = " ".join([*found.lines, *map(str, found.known.values())])
    assert not {"Springfield", "female", "44"} & {*said.split()}


COMPLAINED = {
    "feedback_n": "3",
    "last_feedback_on": "2017-03-20",
    "last_rating": "1.5",
    "complaints_365d_n": "2",
    "last_complaint_on": "2017-03-18",
    "main_complaint_category": "delivery",
    "is_complaint_open": "yes",
    "is_silent_since_complaint": "yes",
}


def test_what_a_customer_said_is_told_before_the_risk(told):
    lines = told(changed(CUSTOMER, **COMPLAINED)).lines
    assert lines[4] == (
        "Pieces of feedback: 3, the last on 2017-03-20; last rating 1.5 of 5. Complaints and "
        "calls in the last year: 2, the last on 2017-03-18, mostly about: Delivery and logistics. "
        "One of them is not settled yet."
    )
    assert lines[5].startswith("The risk that nothing is bought")


def test_silence_is_told_where_no_complaint_is_open(told):
    settled = changed(CUSTOMER, **COMPLAINED | {"is_complaint_open": "no", "last_rating": "-"})
    assert (
        told(settled)
        .lines[4]
        .endswith("Has stayed away since the last of them for much longer than usual.")
    )
    assert "rating" not in told(settled).lines[4]


def test_who_said_nothing_and_a_chain_without_feedback_are_told_nothing_of_it(told):
    nothing = changed(CUSTOMER, feedback_n="0", is_complaint_open="no")
    assert told(nothing).lines == told().lines


def test_a_category_of_the_chains_own_is_told_by_its_label(told):
    own = StoryFacts(
        FACTS.as_of, "CNY", "zh", FACTS.churn, category_labels={"engraving": "刻字服务"}
    )
    asked = changed(CUSTOMER, **COMPLAINED | {"main_complaint_category": "engraving"})
    assert "主要涉及：刻字服务。其中有尚未解决的。" in told(asked, facts=own).lines[4]
    unnamed = changed(CUSTOMER, **COMPLAINED | {"main_complaint_category": "-"})
    assert "主要涉及：其他。" in told(unnamed, facts=own).lines[4]
