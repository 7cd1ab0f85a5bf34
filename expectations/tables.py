"""Contracts of what goes out: grain, key, columns with type, unit, meaning in two languages.

A table that is published conforms to its contract exactly: the columns, their order, their
types, and one row a key. Types are those a BI tool reads: text, 32/64-bit integers, Decimal,
double, boolean, date, timestamp in microseconds without zone.
"""

from __future__ import annotations

import dataframely as dy

from regulars.expectations.table import Table
from regulars.expectations.table_columns import (
    column,
    count,
    customer,
    day,
    days,
    double,
    flag,
    instant,
    money,
    quantity,
    score,
    share,
    text,
)
from regulars.expectations.tables_feedback import FEEDBACK_TABLES
from regulars.expectations.tables_follow_ups import FOLLOW_UP_TABLES
from regulars.expectations.tables_models import (
    BAND,
    CLUSTER,
    CLUSTER_NAME,
    EXPECTED_ORDERS,
    EXPECTED_SPEND,
    EXTRAPOLATED_REASON,
    RISK,
    VALUE_AT_RISK,
    ChurnRisk,
    Clusters,
    LifetimeValue,
    ModelQuality,
)

CONTRACT_VERSION = "5"


_RECENCY = (
    "Days from the last order of positive net to the as-of day; null without one",
    "距最近一次有效消费的天数",
)
_ORDERS = ("Orders of positive net", "有效订单数")
_SPEND = (
    "Sum of net: sales less returns, as of the day; returns without a sale on record included",
    "净消费金额（含找不到原销售的退货）",
)
_SEGMENT = ("RFM segment; no_purchase without an order of positive net", "RFM 分层")
_PREVIOUS = (
    "Segment as of compare_days earlier, by that day's own cut points; not_seen before the "
    "customer's first line",
    "上一对比日的 RFM 分层；尚未出现为 not_seen",
)
_VALUE_TYPE = (
    "Value type: R, F, M against the mean; null when not scored",
    "客户价值类型（八分类）",
)


class Customers(dy.Schema):
    """One customer: everything known of them as of the day."""

    customer_id = customer()
    is_member = flag("Whether the customers export lists this customer", "是否在会员档案中")
    gender = text("Gender, as the chain records it", "性别", nullable=True)
    age_years = column(
        dy.Int32, "Full years of age as of the day", "年龄（周岁）", "years", nullable=True
    )
    city = text("City of residence", "城市", nullable=True)
    region = text("Region of residence", "地区", nullable=True)
    joined_on = day("Day the member joined", "入会日期", nullable=True)
    home_store_id = text("Store the member belongs to", "所属门店", nullable=True)
    preferred_channel = text("Channel the member prefers", "偏好渠道", nullable=True)
    has_consent = flag(
        "Whether the member agreed to be contacted", "是否同意接收营销信息", nullable=True
    )
    first_ordered_on = day(
        "Day of the first order of positive net", "首次有效消费日期", nullable=True
    )
    last_ordered_on = day(
        "Day of the last order of positive net", "最近有效消费日期", nullable=True
    )
    recency_days = days(*_RECENCY, nullable=True)
    orders_n = count(*_ORDERS)
    purchase_days_n = count("Distinct days with an order of positive net", "有效消费天数")
    spend = money(*_SPEND)
    order_spend_mean = double(
        "Mean net of the orders of positive net", "平均客单价", unit="chain currency", nullable=True
    )
    tenure_days = days("Days from the first order to the as-of day", "首购至今天数", nullable=True)
    orders_30d_n = count("Orders of positive net in the last 30 days", "近 30 天有效订单数")
    spend_30d = money("Net of sales of the last 30 days", "近 30 天净消费")
    orders_90d_n = count("Orders of positive net in the last 90 days", "近 90 天有效订单数")
    spend_90d = money("Net of sales of the last 90 days", "近 90 天净消费")
    orders_365d_n = count("Orders of positive net in the last 365 days", "近 365 天有效订单数")
    spend_365d = money("Net of sales of the last 365 days", "近 365 天净消费")
    usual_gap_days = double(
        "Usual days between purchase days: own gaps, drawn towards the population's median",
        "惯常购买间隔（天）",
        unit="days",
        nullable=True,
    )
    last_gap_days = days(
        "Days between the last two purchase days", "最近两次购买间隔（天）", nullable=True
    )
    gap_ratio = double(
        "recency_days over usual_gap_days", "当前间隔与惯常间隔之比", unit="ratio", nullable=True
    )
    lifecycle = text(
        "Lifecycle stage against the customer's own rhythm", "生命周期阶段", nullable=True
    )
    is_left_truncated = flag(
        "First order so near the chain's first line that it may not be the first ever",
        "首单是否可能早于数据起点",
        nullable=True,
    )
    cohort = text(
        "Month YYYY-MM of the first order; for a first order in the warm-up that of the earlier "
        "joined_on, or before_data when that is not known",
        "同期群：首购月份；首购落在预热期内时为更早的入会月份，未知时为 before_data",
        nullable=True,
    )
    r_score = score("Recency score, 5 most recent", "R 得分")
    f_score = score("Frequency score, 5 most orders", "F 得分")
    m_score = score("Monetary score, 5 highest spend", "M 得分")
    rfm_score = text("The three scores as three digits", "RFM 得分", nullable=True)
    segment = text(*_SEGMENT)
    previous_segment = text(*_PREVIOUS)
    value_type = text(*_VALUE_TYPE, nullable=True)
    categories_n = count("Categories with positive net spend", "购买品类数")
    favourite_category = text("Category of the highest net spend", "最常消费品类", nullable=True)
    favourite_category_share = share(
        "Its share of the customer's positive category spend", "最常消费品类占比", nullable=True
    )
    signature_category = text(
        "Category whose share exceeds the population's by most", "特色偏好品类", nullable=True
    )
    signature_category_lead = share(
        "By how much that share exceeds the population's",
        "特色品类占比高出总体的差值",
        nullable=True,
    )
    cluster = text(*CLUSTER, nullable=True)
    cluster_name = text(*CLUSTER_NAME, nullable=True)
    churn_risk = share(*RISK, nullable=True)
    risk_band = text(*BAND, nullable=True)
    expected_orders_12m = double(*EXPECTED_ORDERS, unit="days", nullable=True)
    expected_spend_12m = money(*EXPECTED_SPEND, nullable=True)
    extrapolated_reason = text(*EXTRAPOLATED_REASON, nullable=True)
    value_at_risk = money(*VALUE_AT_RISK, nullable=True)
    feedback_n = count(
        "Pieces of feedback, up to the as-of day; this and what follows is null without a feedback "
        "export",
        "截至当日的反馈条数；无反馈数据时此列及以下各列为空",
        nullable=True,
    )
    last_feedback_on = day("Day of the last of them", "最近一次反馈日期", nullable=True)
    last_rating = double(
        "Last rating of the last 365 days, on a scale of 1 to 5",
        "近 365 天最近一次评分（1 至 5）",
        unit="1-5",
        nullable=True,
    )
    rating_365d_mean = double(
        "Mean rating of the last 365 days, on a scale of 1 to 5",
        "近 365 天平均评分（1 至 5）",
        unit="1-5",
        nullable=True,
    )
    last_nps = column(
        dy.Int32,
        "Last likelihood to recommend of the last 365 days",
        "近 365 天最近一次推荐意愿",
        "0-10",
        nullable=True,
        min=0,
        max=10,
    )
    negative_365d_n = count(
        "Pieces of negative sentiment in the last 365 days", "近 365 天负面反馈数", nullable=True
    )
    complaints_365d_n = count(
        "Complaints and calls in the last 365 days: pieces of the kinds that must be answered",
        "近 365 天投诉与来电数（须答复的反馈）",
        nullable=True,
    )
    last_complaint_on = day(
        "Day of the last complaint or call", "最近一次投诉或来电日期", nullable=True
    )
    is_complaint_open = flag(
        "Whether a complaint or call is not settled", "是否有未解决的投诉或来电", nullable=True
    )
    main_complaint_category = text(
        "Category of most complaints and calls of the last 365 days, of ties the latest; other where "
        "none names any",
        "近 365 天投诉与来电的主要类别；并列取最近的一次，均未提及时为 other",
        nullable=True,
    )
    is_silent_since_complaint = flag(
        "Whether somebody who bought on two days or more has stayed away since their last complaint "
        "or call of the last 365 days for more than 2.5 usual gaps, when the last order before it "
        "was no longer ago than that",
        "是否在近 365 天最近一次投诉或来电后沉默：此前按自身节奏消费（至少两个消费日、未超过 2.5 "
        "个惯常间隔），此后超过 2.5 个惯常间隔未再消费",
        nullable=True,
    )


class Rfm(dy.Schema):
    """One customer with a line up to the as-of day: recency, frequency, monetary, segment."""

    customer_id = customer()
    recency_days = days(*_RECENCY, nullable=True)
    orders_n = count(*_ORDERS)
    spend = money(*_SPEND)
    r_score = score("Recency score, 5 most recent", "R 得分")
    f_score = score("Frequency score, 5 most orders", "F 得分")
    m_score = score("Monetary score, 5 highest spend", "M 得分")
    rfm_score = text("The three scores as three digits", "RFM 得分", nullable=True)
    segment = text(*_SEGMENT)
    previous_segment = text(*_PREVIOUS)
    value_type = text(*_VALUE_TYPE, nullable=True)


class Segments(dy.Schema):
    """One segment, those without customers included."""

    segment = text("RFM segment", "RFM 分层")
    customers_n = count("Customers in the segment", "客户数")
    customers_share = share("Their share of all customers", "客户占比", nullable=True)
    spend = money("Their spend", "消费金额")
    spend_share = share("Its share of all customers' spend", "消费占比", nullable=True)
    orders_n = count("Their orders of positive net", "有效订单数")
    recency_days_mean = double("Mean recency", "平均最近消费天数", unit="days", nullable=True)
    orders_mean = double("Mean orders a customer", "人均订单数", unit="count", nullable=True)
    spend_mean = double("Mean spend a customer", "人均消费", unit="chain currency", nullable=True)
    previous_customers_n = count("Customers in the segment on the compare day", "上一对比日客户数")


_PREVIOUS_SPEND_90D = (
    "Their net of the 90 days up to the compare day, as known on it",
    "截至对比日的近 90 天净消费",
)
_SPEND_90D = ("Their net of the 90 days up to the as-of day", "截至当日的近 90 天净消费")


class SegmentMigration(dy.Schema):
    """One pair of previous and current segment that has customers."""

    previous_segment = text(*_PREVIOUS)
    segment = text("RFM segment", "RFM 分层")
    customers_n = count("Customers who moved so", "客户数")
    customers_share = share("Their share of the previous segment", "占原分层比例")
    spend = money("Their spend as of the day", "消费金额")
    previous_spend_90d = money(*_PREVIOUS_SPEND_90D)
    spend_90d = money(*_SPEND_90D)


class LifecycleMigration(dy.Schema):
    """One pair of previous and current lifecycle stage that has customers."""

    previous_lifecycle = text(
        "Stage as of compare_days earlier, by that day's own rhythm; no_purchase without an order "
        "of positive net, no_rhythm where nobody had come twice, not_seen before the first line",
        "对比日的生命周期阶段（以当日自身节奏计）；无有效消费为 no_purchase，"
        "尚无购买节奏为 no_rhythm，尚未出现为 not_seen",
    )
    lifecycle = text(
        "Stage against the customer's own rhythm; no_purchase, no_rhythm as above",
        "当前生命周期阶段；no_purchase、no_rhythm 同上",
    )
    customers_n = count("Customers who moved so", "客户数")
    customers_share = share("Their share of the previous stage", "占原阶段比例")
    spend = money("Their spend as of the day", "消费金额")
    previous_spend_90d = money(*_PREVIOUS_SPEND_90D)
    spend_90d = money(*_SPEND_90D)


class Cohorts(dy.Schema):
    """One cohort in one calendar month."""

    cohort = text(
        "Month YYYY-MM in which its customers began: of the first order, or of joined_on where the "
        "first order lies in the warm-up; or before_data",
        "同期群：首购月份，首购落在预热期内时为入会月份，或 before_data",
    )
    month = day("First day of the month looked at", "观察月份")
    months_since_n = count(
        "Months after the cohort's month; null for before_data",
        "距首购月数",
        nullable=True,
        unit="months",
    )
    customers_n = count("Customers of the cohort", "同期群人数")
    active_n = count("Of them, with an order of positive net in the month", "当月活跃人数")
    retention_share = share("active_n over customers_n", "留存率")
    spend = money(
        "Net of the cohort's orders of the month. Returns without a sale on record are in no "
        "order and left out: they are in the spend of the customers and rfm tables, so the sums "
        "differ by them",
        "同期群当月订单净额；找不到原销售的退货不属于任何订单，未计入，"
        "故合计与 customers、rfm 表的 spend 相差此类退货",
    )
    is_partial = flag("Whether the month was not over on the as-of day", "是否为未完整月份")


class Sales(dy.Schema):
    """One business day, store, channel and category; anonymous receipts included."""

    sold_on = day("Business day; a return on its own day", "营业日")
    store_id = text("Store code; null where the export names none", "门店编码", nullable=True)
    channel = text("Sales channel; null where the export names none", "渠道", nullable=True)
    category = text("Category of the product; null where unknown", "品类", nullable=True)
    gross = money("Amount of the sale lines", "销售额")
    returns = money("Amount of the return lines, negative", "退货额（负数）")
    net = money("gross plus returns", "净额")
    lines_n = count("Receipt lines, returns included", "小票行数")
    orders_n = count(
        "Orders with a sale line here; an order of two categories counts in both", "订单数"
    )
    quantity = quantity("Units sold less units returned", "数量", nullable=True)


class Loads(dy.Schema):
    """One file that was loaded."""

    load_id = count("Number of the load, in order of loading", "加载编号", unit=None)
    delivery_id = count("Files of one number came together", "批次编号", unit=None)
    export = text("Kind of export", "数据类型")
    file = text("File name", "文件名")
    sha256 = text("Digest of the file's bytes", "文件摘要")
    encoding = text("Encoding the file was read in", "编码")
    bytes_n = count("Size of the file", "文件大小", unit="bytes")
    rows_n = count("Rows in the file, header apart", "行数")
    accepted_n = count("Rows loaded", "接收行数")
    duplicate_n = count("Rows that were there already", "重复行数")
    quarantined_n = count("Rows refused with a reason", "隔离行数")
    skipped_n = count("Rows that are no data, such as footers", "跳过行数")
    erased_n = count("Rows of people who asked to be erased", "已抹除行数")
    replaced_n = count("Accepted rows that a later delivery replaced", "被替换行数")
    days_n = count(
        "Business days the good rows are of; null for a list", "涉及营业日数", nullable=True
    )
    first_on = day("First of those days", "首个营业日", nullable=True)
    last_on = day("Last of those days", "末个营业日", nullable=True)
    differences = text(
        "In what the file differs from those before it: columns_missing, columns_added, "
        "volume_low, volume_high, empty; null when in nothing",
        "与以往文件的差异代码；无差异时为空",
        nullable=True,
    )
    ignored_columns = text("Columns of the file outside the contract", "未使用的列", nullable=True)
    delivered_at = instant("When the delivery was made", "交付时间")
    landed_at = instant("When the file was landed", "落地时间")


class QuarantineSummary(dy.Schema):
    """One file and reason for which rows were quarantined."""

    load_id = count("Number of the load", "加载编号", unit=None)
    export = text("Kind of export", "数据类型")
    file = text("File name", "文件名")
    reason = text("Code of the rule that refused the rows", "原因代码")
    column = text("Column the rule is about; null for the whole row", "列", nullable=True)
    rows_n = count("Rows refused for it", "行数")
    first_line = count("Physical line of the first of them", "首个行号", unit="line")


class QualityChecks(dy.Schema):
    """One check of the quality gate, those that were not asked included."""

    check = text("Code of the check; the report says what it claims", "检查代码")
    table_name = text("Table of the warehouse that the claim is about", "所检查的表")
    column_name = text("Its column; null when it is about whole rows", "所检查的列", nullable=True)
    severity = text("critical stops before publication; warning does not", "级别")
    is_met = flag("Whether the claim holds; null when it was not asked", "是否满足", nullable=True)
    unexpected_n = count(
        "Rows, keys or days that break the claim; null when not asked, when the column is "
        "personal, and when the claim is about a single figure",
        "例外数（行、键或天）；未检查、涉及个人或仅有单一数值时为空",
        nullable=True,
    )
    unexpected_share = share(
        "unexpected_n over the rows that the claim is about; null where that is null, where the "
        "claim is about no row at all, and where what is counted is not rows",
        "例外占比；例外数为空、无相关行或所计非行数时为空",
        nullable=True,
    )
    observed = text(
        "The single figure or day found, or the names of what breaks the claim; null where the "
        "counts say all, and when the column is personal",
        "实际数值、日期或例外的名称；计数已足以说明或涉及个人时为空",
        nullable=True,
    )
    unasked_reason = text(
        "Why it was not asked: no_file, no_column or off; null when it was",
        "未检查的原因：no_file、no_column 或 off；已检查时为空",
        nullable=True,
    )
    parameters = text("What the claim's sentence names, as JSON", "断言所用参数（JSON）")


TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        Table("customers", Customers, ("customer_id",), "customer", "客户"),
        Table(
            "rfm",
            Rfm,
            ("customer_id",),
            "customer with a line up to the as-of day",
            "有交易的客户",
        ),
        Table(
            "lifetime_value",
            LifetimeValue,
            ("customer_id",),
            "customer with a line up to the as-of day",
            "有交易的客户",
        ),
        Table(
            "churn_risk",
            ChurnRisk,
            ("customer_id",),
            "customer with a line up to the as-of day",
            "有交易的客户",
        ),
        Table(
            "model_quality",
            ModelQuality,
            ("model", "measure", "part"),
            "model, measure and part of it",
            "模型×指标×部分",
        ),
        Table("segments", Segments, ("segment",), "segment", "分层"),
        Table(
            "segment_migration",
            SegmentMigration,
            ("previous_segment", "segment"),
            "previous and current segment",
            "分层迁移",
        ),
        Table(
            "lifecycle_migration",
            LifecycleMigration,
            ("previous_lifecycle", "lifecycle"),
            "previous and current lifecycle stage",
            "生命周期迁移",
        ),
        Table("clusters", Clusters, ("cluster",), "cluster", "聚类"),
        Table("cohorts", Cohorts, ("cohort", "month"), "cohort and month", "同期群与月份"),
        Table(
            "sales",
            Sales,
            ("sold_on", "store_id", "channel", "category"),
            "day, store, channel and category",
            "日×门店×渠道×品类",
        ),
        Table("loads", Loads, ("load_id",), "file", "文件", names_files=True),
        Table(
            "quarantine_summary",
            QuarantineSummary,
            ("load_id", "reason", "column"),
            "file, reason and column",
            "文件×原因×列",
            names_files=True,
        ),
        Table("quality_checks", QualityChecks, ("check",), "check", "检查", names_files=True),
        *FEEDBACK_TABLES,
        *FOLLOW_UP_TABLES,
    )
}
