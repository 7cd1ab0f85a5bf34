"""Contracts of the tables of feedback: pieces, satisfaction, complaints, places, topics.

Every row of counted feedback carries its counts, small ones too, for sums to be right; whoever
shows it hides what comes of fewer than ``small_below`` customers or pieces, as the report does.
"""

from __future__ import annotations

from typing import Any

import dataframely as dy

from regulars.expectations.table import Table
from regulars.expectations.table_columns import (
    column,
    count,
    customer,
    day,
    double,
    flag,
    instant,
    share,
)
from regulars.expectations.table_columns import (
    text as word,
)

_CATEGORIES = (
    "What the piece is about: codes joined by ;, other where the text names none, empty where "
    "there is no text and no label of the chain's own",
    "反馈所涉类别代码（以 ; 相连）；文本未涉及任何类别为 other，无文本且无自有标签为空字符串",
)
_SENTIMENT = (
    "negative, neutral or positive, by the text, by the rating alone where there is none; null "
    "without either",
    "情感：negative、neutral、positive；以文本判定，无文本时以评分判定；两者皆无为空",
)
_SMALL = (
    "Small counts are not hidden here, for sums to be right: whoever shows a row of fewer than "
    "10 customers or pieces hides it, as the report does",
    "此处不隐藏小计数以保证加总正确；展示时应隐藏少于 10 名客户或 10 条反馈的行，与报告一致",
)


def _decimal(en: str, zh: str, unit: str) -> Any:
    return column(dy.Decimal, en, zh, unit, nullable=True, precision=18, scale=3)


def _hours(en: str, zh: str) -> Any:
    return double(en, zh, unit="hours", nullable=True)


def _net(en: str, zh: str) -> Any:
    return double(en, zh, unit="-1 to 1", nullable=True)


def _low(of: str, zh: str) -> Any:
    return _net(f"Lower end of the 95 % interval of {of}", f"{zh}的 95% 区间下限")


def _high(of: str, zh: str) -> Any:
    return _net(f"Upper end of the 95 % interval of {of}", f"{zh}的 95% 区间上限")


class FeedbackItems(dy.Schema):
    """One piece of feedback submitted up to the as-of day, and how it was read and handled."""

    feedback_id = word("Number of the piece", "反馈编号")
    submitted_at = instant("When it was submitted, in the chain's time zone", "提交时间")
    submitted_on = day("Business day of the submission", "提交营业日")
    customer_id = customer(nullable=True)
    segment = word(
        "RFM segment of the customer as of the day; none where nobody was told",
        "客户当日的 RFM 分层；未识别客户为 none",
    )
    order_id = word("Order it is about; null where not told", "相关订单号", nullable=True)
    product_id = word("Product it is about; null where not told", "相关商品编码", nullable=True)
    store_id = word("Store it is about; null where not told", "相关门店编码", nullable=True)
    staff_id = word("Person it is about; null where not told", "相关店员编码", nullable=True)
    channel = word("Way it came; null where not told", "反馈渠道", nullable=True)
    kind = word(
        "survey, review, complaint, call or social; null where not told",
        "类型：survey、review、complaint、call、social；未知为空",
        nullable=True,
    )
    own_category = word(
        "The chain's own label, masked", "企业自有分类标签（已脱敏）", nullable=True
    )
    rating = _decimal("Rating as given, on rating_scale", "原始评分", "rating_scale")
    rating_scale = word("Lowest and highest rating, such as 1-5", "评分量表", nullable=True)
    rating_of_five = _decimal("The rating brought to 1 to 5", "折算为五分制的评分", "1-5")
    nps = column(
        dy.Int32, "Likelihood to recommend", "推荐意愿", "0-10", nullable=True, min=0, max=10
    )
    text = word("The text, masked, at most 4,000 characters", "文本（已脱敏）", nullable=True)
    is_text_cut = flag("Whether the text went on", "文本是否被截断")
    language = word("zh, en or zh+en; null without a text", "语言", nullable=True)
    categories = word(*_CATEGORIES)
    main_category = word(
        "First of categories; null where that is empty", "首要类别；无类别为空", nullable=True
    )
    category_words = word(
        "The text's words that decided on the categories, joined by ;",
        "判定类别的词（以 ; 相连）",
        nullable=False,
    )
    categories_by = word(
        "What gave the categories: terms, learned or own_label; null where there are none",
        "类别判定依据：terms、learned、own_label；无类别为空",
        nullable=True,
    )
    positive_probability = share(
        "Probability that the text is positive; null without a text",
        "文本为正面的概率",
        nullable=True,
    )
    sentiment = word(*_SENTIMENT, nullable=True)
    sentiment_by = word(
        "What told the sentiment: trained, lexicon or rating; null without one",
        "情感判定依据：trained、lexicon、rating；无情感为空",
        nullable=True,
    )
    sentiment_words = word(
        "The text's words that weighed most, joined by ;",
        "对情感影响最大的词（以 ; 相连）",
    )
    is_contradicting = flag(
        "Whether rating and text disagree; null where one is missing",
        "评分与文本是否矛盾；缺一为空",
        nullable=True,
    )
    responded_at = instant("When it was first answered", "首次响应时间", nullable=True)
    resolved_at = instant("When it was settled", "解决时间", nullable=True)
    response_hours = _hours(
        "Hours from the submission to the first answer; null where nobody has to answer, while "
        "there is none, and where it is told to be before the submission",
        "响应时长（小时）；无需回复、尚未响应或时间早于提交为空",
    )
    resolution_hours = _hours(
        "Hours from the submission to the settlement; null as response_hours",
        "解决时长（小时）；为空条件同上",
    )
    is_in_response_target = flag(
        "Whether the answer came within response_target_hours; false too when that time has "
        "passed without one; null while it can still be met",
        "是否在响应时限内；逾时未响应为否，时限未到且未响应为空",
        nullable=True,
    )
    is_in_resolution_target = flag(
        "The same of the settlement and resolution_target_hours",
        "是否在解决时限内；规则同上",
        nullable=True,
    )
    is_open = flag(
        "Whether it waits to be settled; null for kinds that nobody has to answer",
        "是否未解决；无需回复的类型为空",
        nullable=True,
    )
    is_overdue = flag(
        "Whether it waits for an answer or a settlement longer than the target",
        "是否逾期未响应或未解决",
        nullable=True,
    )
    is_out_of_order = flag(
        "Whether an answer or a settlement is told to be before the submission",
        "响应或解决时间是否早于提交时间",
        nullable=True,
    )
    is_repeat = flag(
        "Whether the customer had submitted another complaint or call in the repeat_days before; "
        "null for other kinds and where nobody was told",
        "该客户此前 repeat_days 天内是否已有投诉或来电；其他类型或未识别客户为空",
        nullable=True,
    )


class _Cells(dy.Schema):
    """What feedback is counted by."""

    period = word("week or month", "周期：week 或 month")
    period_start_on = day("Monday of the week, or first day of the month", "周期首日")
    store_id = word(
        "Store code; (all) for all of them together, (none) where a piece names none. Sum rows "
        "with (all) or rows without it, never both",
        "门店编码；(all) 为全部合计，(none) 为未指明；加总时 (all) 与其他行只取其一",
    )
    channel = word(
        "Channel; (all) for all of them together, (none) where a piece names none",
        "渠道；(all) 为全部合计，(none) 为未指明",
    )
    breakdown = word(
        "What the row's value is of: all, segment, category, kind, product, staff. Choose one: "
        "each holds the same pieces again. A piece of two categories counts in both. Categories "
        "and kinds are told of stores and of channels, but not of each channel of a store; "
        "products and people over all stores and channels alone",
        "细分维度：all、segment、category、kind、product、staff；各维度重复计入同一批反馈，"
        "只取其一；涉及两类的反馈在两类中各计一次；category 与 kind 不列门店×渠道组合，"
        "商品与店员仅按全部门店和渠道列出",
    )
    value = word(
        "Its value: (all), a segment as of the day (none where nobody was told), a category, a "
        "kind, a product, a person",
        "细分值：(all)、客户当日分层（未识别为 none）、类别、类型、商品、店员",
    )
    is_complete = flag("Whether the period was over on the as-of day", "周期是否已结束")


class Satisfaction(_Cells):
    """One week or month, store, channel and value of a breakdown that has a piece.

    Products and people are told of from 10 pieces of the period on.
    """

    pieces_n = count(f"Pieces of feedback. {_SMALL[0]}", f"反馈条数。{_SMALL[1]}")
    customers_n = count("Known customers they are of", "涉及的已识别客户数")
    ratings_n = count("Pieces with a rating", "有评分的条数")
    satisfied_n = count("Of them, rated 4 or 5 of five", "其中 4 分及以上（五分制）的条数")
    csat_share = share("CSAT: satisfied_n over ratings_n", "满意度（CSAT）", nullable=True)
    csat_low = _low("csat_share (Wilson)", "满意度")
    csat_high = _high("csat_share", "满意度")
    csat_change = _net("csat_share less that of the period before", "满意度环比变化")
    csat_change_low = _low("csat_change (Newcombe)", "满意度变化")
    csat_change_high = _high("csat_change", "满意度变化")
    csat_pull = _net(
        "For a category: csat_share of all pieces less that of the pieces without the category; "
        "below 0 the category costs satisfaction. Null for other breakdowns",
        "类别对满意度的影响：全部反馈的满意度减去不含该类别反馈的满意度；负值为拉低；其他维度为空",
    )
    csat_pull_low = _low("csat_pull", "满意度影响")
    csat_pull_high = _high("csat_pull", "满意度影响")
    rating_mean = double("Mean rating of five", "平均评分（五分制）", unit="1-5", nullable=True)
    nps_n = count("Pieces with a likelihood to recommend", "有推荐意愿分的条数")
    promoters_n = count("Of them, 9 or 10", "推荐者（9–10 分）条数")
    detractors_n = count("Of them, 0 to 6", "贬损者（0–6 分）条数")
    nps_net = _net("NPS: promoters less detractors over nps_n", "净推荐值（NPS）")
    nps_low = _low("nps_net (Bonett and Price)", "净推荐值")
    nps_high = _high("nps_net", "净推荐值")
    nps_change = _net("nps_net less that of the period before", "净推荐值环比变化")
    nps_change_low = _low("nps_change (Zou and Donner)", "净推荐值变化")
    nps_change_high = _high("nps_change", "净推荐值变化")
    nps_pull = _net("As csat_pull, of nps_net", "类别对净推荐值的影响")
    nps_pull_low = _low("nps_pull", "净推荐值影响")
    nps_pull_high = _high("nps_pull", "净推荐值影响")
    texts_n = count("Pieces whose text has a sentiment", "有文本情感的条数")
    negative_n = count("Of them, negative", "其中负面条数")
    negative_share = share("negative_n over texts_n", "负面文本占比", nullable=True)
    negative_low = _low("negative_share (Wilson)", "负面占比")
    negative_high = _high("negative_share", "负面占比")
    negative_change = _net("negative_share less that of the period before", "负面占比环比变化")
    negative_change_low = _low("negative_change (Newcombe)", "负面占比变化")
    negative_change_high = _high("negative_change", "负面占比变化")


class Complaints(_Cells):
    """One week or month, store, channel and value of a breakdown that has a complaint or call."""

    complaints_n = count(
        f"Pieces of a kind that somebody has to answer, by their submission. {_SMALL[0]}",
        f"需回复的反馈条数（按提交时间）。{_SMALL[1]}",
    )
    customers_n = count("Known customers they are of", "涉及的已识别客户数")
    responded_n = count("Of them, answered by the end of the as-of day", "已响应条数")
    resolved_n = count("Of them, settled", "已解决条数")
    open_n = count("Of them, not settled", "未解决条数")
    overdue_n = count("Of them, waiting longer than a target", "逾期条数")
    oldest_open_on = day("Day of the oldest that is open", "最早未解决的提交日", nullable=True)
    response_hours_median = _hours("Median of response_hours, of those answered", "响应时长中位数")
    response_hours_p90 = _hours("Their 90th percentile", "响应时长第 90 百分位")
    resolution_hours_median = _hours(
        "Median of resolution_hours, of those settled", "解决时长中位数"
    )
    resolution_hours_p90 = _hours("Their 90th percentile", "解决时长第 90 百分位")
    response_due_n = count(
        "Those of which it is known whether the answer came in time: unanswered ones whose time "
        "has passed included, those that can still be answered in time left out",
        "响应时限可判定的条数（含逾时未响应，不含时限未到者）",
    )
    in_response_target_n = count("Of them, answered in time", "时限内响应条数")
    in_response_target_share = share("That over response_due_n", "响应达标率", nullable=True)
    in_response_target_low = _low("in_response_target_share (Wilson)", "响应达标率")
    in_response_target_high = _high("in_response_target_share", "响应达标率")
    resolution_due_n = count("The same of settlements", "解决时限可判定的条数")
    in_resolution_target_n = count("Of them, settled in time", "时限内解决条数")
    in_resolution_target_share = share("That over resolution_due_n", "解决达标率", nullable=True)
    in_resolution_target_low = _low("in_resolution_target_share (Wilson)", "解决达标率")
    in_resolution_target_high = _high("in_resolution_target_share", "解决达标率")
    repeat_n = count("Repeats of the same customer", "同一客户重复投诉条数")
    out_of_order_n = count(
        "Told to be answered or settled before the submission; in no hours", "时间顺序有误的条数"
    )
    main_category = word(
        "Category of most of them, the first in alphabetical order of equals; null where none has "
        "one",
        "最多的类别（并列取字母序首个）；皆无类别为空",
        nullable=True,
    )


class FeedbackHotspots(dy.Schema):
    """One place with at least 10 pieces of the last 52 weeks, and one category of discontent."""

    place_kind = word(
        "store, week, store_week, product or staff: each holds the same pieces again",
        "地点类型：store、week、store_week、product、staff；各类型重复计入同一批反馈",
    )
    place = word("The id, the Monday of the week, or both", "门店、周一日期、商品或店员编码")
    category = word(
        "Category of the discontent; (all) for whatever it is about", "不满所涉类别；(all) 为全部"
    )
    store_id = word("Store; null for other kinds", "门店编码；其他类型为空", nullable=True)
    week_start_on = day("Monday of the week; null for other kinds", "周一日期", nullable=True)
    pieces_n = count("Pieces of the place with a sentiment", "该地点有情感判定的反馈条数")
    negative_n = count(
        f"Of them, negative and of the category. {_SMALL[0]}", f"其中该类别的负面条数。{_SMALL[1]}"
    )
    negative_share = share("negative_n over pieces_n", "负面占比")
    expected_share = share(
        "What it would be as at the other places of its kind and its channels, beside the other "
        "places at fault; null where there is nothing to hold it against",
        "按同渠道其他地点并计入其他问题地点影响后的预期占比；无可比对象为空",
        nullable=True,
    )
    excess = _net("negative_share less expected_share", "超出预期的占比")
    excess_low = _net(
        "Lower end of an interval wide enough for all rows of the table together (Clopper and "
        "Pearson, Bonferroni): above 0 it is more than chance, however many places are looked at",
        "超出占比的区间下限（对全表所有行同时成立）；大于 0 即超出随机波动",
    )
    excess_high = _net("Upper end of that interval", "超出占比的区间上限")
    is_hotspot = flag("Whether excess_low is above 0", "是否为问题地点")
    rank = count(
        "Rank within kind and category by excess_low, 1 the worst; null without one",
        "同类型同类别内按区间下限的排名，1 最差；无区间为空",
        nullable=True,
        unit=None,
    )


class Topics(dy.Schema):
    """One term in one week of the last 26 that rises, or has emerged in the 8 weeks before."""

    week_start_on = day("Monday of the week", "周一日期")
    term = word(
        "Two to four Chinese characters in a row, an English word or two, in lower case",
        "词：连续 2–4 个汉字，或一两个英文单词（小写）",
    )
    language = word("zh or en", "语言：zh 或 en")
    is_complete = flag("Whether the week was over on the as-of day", "该周是否已结束")
    is_emerging = flag(
        "Whether it is said more often than in the 12 weeks before, beyond chance and beyond what "
        "stronger terms of the week account for",
        "是否新近上升：超出随机波动且非该周更强词所致",
    )
    pieces_n = count(
        f"Pieces of the week that say it. {_SMALL[0]}", f"该周提及的反馈条数。{_SMALL[1]}"
    )
    customers_n = count("Known customers they are of", "涉及的已识别客户数")
    negative_n = count("Of the pieces, negative", "其中负面条数")
    texts_n = count("Pieces of the week with a text", "该周有文本的反馈条数")
    said_share = share("pieces_n over texts_n", "提及占比")
    past_pieces_n = count("Pieces of the 12 weeks before that say it", "此前 12 周提及的条数")
    past_texts_n = count("Pieces of those weeks with a text", "此前 12 周有文本的条数")
    ratio = double(
        "said_share over that of the 12 weeks before; null for a term that is new",
        "与此前 12 周提及率之比；新词为空",
        unit="ratio",
        nullable=True,
    )
    ratio_low = double(
        "Lower end of its interval, wide enough for all terms of the week together; null with "
        "fewer than 4 weeks of texts before",
        "该比值的区间下限（对当周所有词同时成立）；此前不足 4 周为空",
        unit="ratio",
        nullable=True,
    )
    ratio_high = double(
        "Upper end; null also for a term that is new",
        "区间上限；新词为空",
        unit="ratio",
        nullable=True,
    )
    first_said_on = day(
        "First of the 13 weeks that says it, its Monday", "13 周内首次出现的周（周一日期）"
    )
    main_category = word(
        "Category of most of the pieces, the first in alphabetical order of equals; null where "
        "none has one",
        "最多的类别（并列取字母序首个）；皆无类别为空",
        nullable=True,
    )
    related_terms = word(
        "Up to 5 terms that rise in the same pieces, joined by ;", "同时上升的相关词（以 ; 相连）"
    )
    examples = word(
        "Up to 3 of the texts, masked, on one line, at most 120 characters each, joined by |",
        "示例文本（已脱敏，单行，每条至多 120 字，以 | 相连）",
    )


FEEDBACK_TABLES: tuple[Table, ...] = (
    Table("feedback_items", FeedbackItems, ("feedback_id",), "piece of feedback", "反馈"),
    Table(
        "satisfaction",
        Satisfaction,
        ("period", "period_start_on", "store_id", "channel", "breakdown", "value"),
        "week or month, store, channel and value of one breakdown",
        "周期×门店×渠道×细分值",
    ),
    Table(
        "complaints",
        Complaints,
        ("period", "period_start_on", "store_id", "channel", "breakdown", "value"),
        "week or month, store, channel and value of one breakdown",
        "周期×门店×渠道×细分值",
    ),
    Table(
        "feedback_hotspots",
        FeedbackHotspots,
        ("place_kind", "place", "category"),
        "kind of place, place and category",
        "地点类型×地点×类别",
    ),
    Table("topics", Topics, ("week_start_on", "term"), "week and term", "周×词"),
)
