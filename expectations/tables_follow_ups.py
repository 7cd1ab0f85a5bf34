"""Contracts of what joins feedback to value: whom to call back, what those at risk complain of."""

from __future__ import annotations

import dataframely as dy

from regulars.expectations.table import Table
from regulars.expectations.table_columns import (
    count,
    customer,
    day,
    days,
    double,
    money,
    share,
    text,
)
from regulars.expectations.tables_models import BAND, RISK, VALUE_AT_RISK


class FollowUps(dy.Schema):
    """One customer to be called back: why, since when, about which piece, by which store.

    Service (complaint_overdue, rating_unanswered) answers what the customer said and needs no
    consent to marketing: without consent ``contact`` is answer_only. Winning back
    (silent_since_complaint, turned_detractor) is marketing: only those who consented are listed.
    """

    customer_id = customer()
    rank = count(
        "Place by value at risk, the highest first; those of none known last, of ties who has "
        "waited longest",
        "按潜在流失金额排序的名次；金额未知者列后，并列者等待最久的在前",
        unit=None,
    )
    reason = text(
        "Why, the first that holds: complaint_overdue, a piece that blames and must be "
        "answered is open beyond the target; rating_unanswered, a rating of 1 or 2 of the last 30 "
        "days has no answer; "
        "silent_since_complaint, all is settled and the customer has stayed away since; "
        "turned_detractor, a likelihood to recommend of 9 or 10 fell to 6 or less in the last 30 "
        "days",
        "回访原因（取最先符合者）：complaint_overdue 表达不满且须答复的反馈超时未解决；"
        "rating_unanswered 近 30 天 1–2 分评价未答复；"
        "silent_since_complaint 投诉已解决但此后未再消费；"
        "turned_detractor 近 30 天由推荐者转为贬损者",
    )
    contact = text(
        "answer_only: no known consent to marketing, so answer what was said and offer nothing; "
        "free: the member agreed to be contacted",
        "answer_only 未知或未同意营销：只答复所述事项，不作推销；free 已同意联系",
    )
    since_on = day("Day of the piece that it is about", "相关反馈的日期")
    feedback_id = text("Number of that piece, in feedback_items", "相关反馈编号")
    kind = text("Its kind; null where not told", "反馈类型；未注明为空", nullable=True)
    category = text(
        "The first category of it; null where it has none", "反馈主要类别；无则为空", nullable=True
    )
    owner_store_id = text(
        "Store that should call: that of the piece, else the member's home store, else the one of "
        "most orders; null where none is known",
        "负责回访的门店：反馈所涉门店，否则会员所属门店，否则消费次数最多的门店；均未知为空",
        nullable=True,
    )
    owner_store_by = text(
        "Which of them it is: piece, home or orders; null where none is known",
        "门店来源：piece、home 或 orders；未知为空",
        nullable=True,
    )
    staff_id = text("Person that the piece is about", "反馈所涉店员", nullable=True)
    churn_risk = share(*RISK, nullable=True)
    risk_band = text(*BAND, nullable=True)
    value_at_risk = money(*VALUE_AT_RISK, nullable=True)
    text = text("What it says, masked; null without a text", "反馈内容（已脱敏）", nullable=True)


class RiskComplaints(dy.Schema):
    """One category: who is at high risk and blamed it in 365 days, and what they are worth.

    A grievance is a piece of negative sentiment, or a complaint or call that is not positive. The
    figures are exact; the report hides those of fewer than ten customers.
    """

    category = text("Category; all for every grievance, named or not", "类别；all 为全部不满反馈")
    customers_n = count(
        "Customers at high or very high risk with a grievance about it in the last 365 days",
        "近 365 天就此不满的高与极高风险客户数",
    )
    value_at_risk = money("Their value at risk, where it is known", "其潜在流失金额（已知部分）")
    pieces_n = count("Their grievances about it", "其不满反馈数")
    at_risk_share = share(
        "customers_n over the customers at such risk with any grievance; of all: over everybody at "
        "such risk",
        "占有不满反馈的高与极高风险客户；all 行为占全部高与极高风险客户",
        nullable=True,
    )
    others_share = share(
        "The same of the scored customers of lower risk",
        "风险较低的已评分客户的同一比例",
        nullable=True,
    )
    lift = double(
        "at_risk_share over others_share; null where either is 0 or null",
        "两者之比；任一为 0 或空则为空",
        unit="ratio",
        nullable=True,
    )
    lift_low = double("Lower end of its 95 % interval", "95% 区间下限", unit="ratio", nullable=True)
    lift_high = double("Upper end of it", "95% 区间上限", unit="ratio", nullable=True)


class ComplaintSilence(dy.Schema):
    """One category of complaints and a window: who bought nothing after, beside others like them.

    Observational: complainers are compared with purchases of customers who never complained, of as
    many purchase days in the 91 days before and followed by as many days without a purchase. The
    figures are exact; the report hides those of fewer than ten customers.
    """

    category = text("Category; all for every complaint or call", "类别；all 为全部投诉与来电")
    window_days = days("Days after the complaint that are looked at", "投诉后的观察天数")
    complainers_n = count(
        "Customers whose first such complaint of the last 365 days is so long ago, and was at most "
        "28 days after a purchase",
        "近 365 天首次投诉已满观察期、且距此前消费不超过 28 天的客户数",
    )
    silent_n = count("Of them, without an order of positive net in the window", "其间未再消费人数")
    silent_share = share("silent_n over complainers_n", "未再消费比例")
    comparable_share = share(
        "Share of the others who bought nothing either, weighed as the complainers are",
        "相似的未投诉客户的同一比例（按投诉客户构成加权）",
    )
    excess_share = double(
        "silent_share less comparable_share; no proof of a cause",
        "两者之差，不证明因果",
        unit="-1-1",
    )
    excess_share_low = double("Lower end of its 95 % interval", "95% 区间下限", unit="-1-1")
    excess_share_high = double("Upper end of it", "95% 区间上限", unit="-1-1")


FOLLOW_UP_TABLES: tuple[Table, ...] = (
    Table("follow_ups", FollowUps, ("rank",), "customer to call back", "待回访客户"),
    Table("risk_complaints", RiskComplaints, ("category",), "category", "类别"),
    Table(
        "complaint_silence",
        ComplaintSilence,
        ("category", "window_days"),
        "category and window after the complaint",
        "类别×观察期",
    ),
)
