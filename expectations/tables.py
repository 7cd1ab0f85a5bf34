"""Contracts of what goes out: grain, key, columns with type, unit, meaning in two languages.

A table that is published conforms to its contract exactly: the columns, their order, their
types, and one row a key. Types are those a BI tool reads: text, 32/64-bit integers, Decimal,
double, boolean, date, timestamp in microseconds without zone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import dataframely as dy
import polars as pl

from regulars.expectations.errors import Failed

CONTRACT_VERSION = "3"


def _column(column: type[dy.Column], en: str, zh: str, unit: str | None, **options: Any) -> Any:
    return column(description=en, metadata={"zh": zh, "unit": unit}, **options)


def _text(en: str, zh: str, *, nullable: bool = False) -> Any:
    return _column(dy.String, en, zh, None, nullable=nullable)


def _customer() -> Any:
    en, zh = "Pseudonym of the customer: c1_ and 16 hex digits", "客户匿名编号"
    return _column(dy.String, en, zh, None, nullable=False, regex="^c1_[0-9a-f]{16}$")


def _count(en: str, zh: str, *, nullable: bool = False, unit: str | None = "count") -> Any:
    return _column(dy.Int64, en, zh, unit, nullable=nullable)


def _days(en: str, zh: str, *, nullable: bool = False) -> Any:
    return _column(dy.Int32, en, zh, "days", nullable=nullable)


def _score(en: str, zh: str) -> Any:
    return _column(dy.Int32, en, zh, "1-5", nullable=True, min=1, max=5)


def _money(en: str, zh: str, *, nullable: bool = False) -> Any:
    return _column(dy.Decimal, en, zh, "chain currency", nullable=nullable, precision=18, scale=2)


def _quantity(en: str, zh: str, *, nullable: bool = False) -> Any:
    return _column(dy.Decimal, en, zh, "units", nullable=nullable, precision=18, scale=3)


def _double(en: str, zh: str, *, unit: str, nullable: bool = False) -> Any:
    return _column(dy.Float64, en, zh, unit, nullable=nullable, allow_inf=False, allow_nan=False)


def _share(en: str, zh: str, *, nullable: bool = False) -> Any:
    return _double(en, zh, unit="0-1", nullable=nullable)


def _mean(en: str, zh: str, unit: str) -> Any:
    return _double(en, zh, unit=unit, nullable=True)


def _flag(en: str, zh: str, *, nullable: bool = False) -> Any:
    return _column(dy.Bool, en, zh, None, nullable=nullable)


def _day(en: str, zh: str, *, nullable: bool = False) -> Any:
    return _column(dy.Date, en, zh, None, nullable=nullable)


def _instant(en: str, zh: str, *, nullable: bool = False) -> Any:
    return _column(dy.Datetime, en, zh, None, nullable=nullable, time_unit="us")


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
_CLUSTER = (
    "Code of the cluster of customers who shop alike; null where nobody is clustered, and without "
    "an order of positive net",
    "购买行为聚类编号；未作聚类或无有效消费时为空",
)
_CLUSTER_NAME = (
    "Codes of what sets the cluster apart, joined by +; the report says them in words",
    "聚类特征代码（以 + 相连），报告中以文字说明",
)


class Customers(dy.Schema):
    """One customer: everything known of them as of the day."""

    customer_id = _customer()
    is_member = _flag("Whether the customers export lists this customer", "是否在会员档案中")
    gender = _text("Gender, as the chain records it", "性别", nullable=True)
    age_years = _column(
        dy.Int32, "Full years of age as of the day", "年龄（周岁）", "years", nullable=True
    )
    city = _text("City of residence", "城市", nullable=True)
    region = _text("Region of residence", "地区", nullable=True)
    joined_on = _day("Day the member joined", "入会日期", nullable=True)
    home_store_id = _text("Store the member belongs to", "所属门店", nullable=True)
    preferred_channel = _text("Channel the member prefers", "偏好渠道", nullable=True)
    has_consent = _flag(
        "Whether the member agreed to be contacted", "是否同意接收营销信息", nullable=True
    )
    first_ordered_on = _day(
        "Day of the first order of positive net", "首次有效消费日期", nullable=True
    )
    last_ordered_on = _day(
        "Day of the last order of positive net", "最近有效消费日期", nullable=True
    )
    recency_days = _days(*_RECENCY, nullable=True)
    orders_n = _count(*_ORDERS)
    purchase_days_n = _count("Distinct days with an order of positive net", "有效消费天数")
    spend = _money(*_SPEND)
    order_spend_mean = _double(
        "Mean net of the orders of positive net", "平均客单价", unit="chain currency", nullable=True
    )
    tenure_days = _days("Days from the first order to the as-of day", "首购至今天数", nullable=True)
    orders_30d_n = _count("Orders of positive net in the last 30 days", "近 30 天有效订单数")
    spend_30d = _money("Net of sales of the last 30 days", "近 30 天净消费")
    orders_90d_n = _count("Orders of positive net in the last 90 days", "近 90 天有效订单数")
    spend_90d = _money("Net of sales of the last 90 days", "近 90 天净消费")
    orders_365d_n = _count("Orders of positive net in the last 365 days", "近 365 天有效订单数")
    spend_365d = _money("Net of sales of the last 365 days", "近 365 天净消费")
    usual_gap_days = _double(
        "Usual days between purchase days: own gaps, drawn towards the population's median",
        "惯常购买间隔（天）",
        unit="days",
        nullable=True,
    )
    last_gap_days = _days(
        "Days between the last two purchase days", "最近两次购买间隔（天）", nullable=True
    )
    gap_ratio = _double(
        "recency_days over usual_gap_days", "当前间隔与惯常间隔之比", unit="ratio", nullable=True
    )
    lifecycle = _text(
        "Lifecycle stage against the customer's own rhythm", "生命周期阶段", nullable=True
    )
    is_left_truncated = _flag(
        "First order so near the chain's first line that it may not be the first ever",
        "首单是否可能早于数据起点",
        nullable=True,
    )
    cohort = _text(
        "Month YYYY-MM of the first order; for a first order in the warm-up that of the earlier "
        "joined_on, or before_data when that is not known",
        "同期群：首购月份；首购落在预热期内时为更早的入会月份，未知时为 before_data",
        nullable=True,
    )
    r_score = _score("Recency score, 5 most recent", "R 得分")
    f_score = _score("Frequency score, 5 most orders", "F 得分")
    m_score = _score("Monetary score, 5 highest spend", "M 得分")
    rfm_score = _text("The three scores as three digits", "RFM 得分", nullable=True)
    segment = _text(*_SEGMENT)
    previous_segment = _text(*_PREVIOUS)
    value_type = _text(*_VALUE_TYPE, nullable=True)
    categories_n = _count("Categories with positive net spend", "购买品类数")
    favourite_category = _text("Category of the highest net spend", "最常消费品类", nullable=True)
    favourite_category_share = _share(
        "Its share of the customer's positive category spend", "最常消费品类占比", nullable=True
    )
    signature_category = _text(
        "Category whose share exceeds the population's by most", "特色偏好品类", nullable=True
    )
    signature_category_lead = _share(
        "By how much that share exceeds the population's",
        "特色品类占比高出总体的差值",
        nullable=True,
    )
    cluster = _text(*_CLUSTER, nullable=True)
    cluster_name = _text(*_CLUSTER_NAME, nullable=True)


class Rfm(dy.Schema):
    """One customer with a line up to the as-of day: recency, frequency, monetary, segment."""

    customer_id = _customer()
    recency_days = _days(*_RECENCY, nullable=True)
    orders_n = _count(*_ORDERS)
    spend = _money(*_SPEND)
    r_score = _score("Recency score, 5 most recent", "R 得分")
    f_score = _score("Frequency score, 5 most orders", "F 得分")
    m_score = _score("Monetary score, 5 highest spend", "M 得分")
    rfm_score = _text("The three scores as three digits", "RFM 得分", nullable=True)
    segment = _text(*_SEGMENT)
    previous_segment = _text(*_PREVIOUS)
    value_type = _text(*_VALUE_TYPE, nullable=True)


class LifetimeValue(dy.Schema):
    """One customer with a line up to the as-of day: what the next 12 months are expected to bring."""

    customer_id = _customer()
    repeat_days_n = _count(
        "Days with an order of positive net after the first such day; null without one",
        "首个有效消费日之后的有效消费天数；无有效消费为空",
        nullable=True,
        unit="days",
    )
    last_purchase_age_days = _days(
        "Days from the first to the last of those days", "首次至最近有效消费的天数", nullable=True
    )
    observed_days = _days(
        "Days from the first of them to the as-of day", "首次有效消费至统计日的天数", nullable=True
    )
    expected_orders_12m = _double(
        "Expected days with a purchase in the 365 days after the as-of day (BG/NBD); null where "
        "that was not fitted",
        "未来 365 天预期消费天数（BG/NBD）；未能拟合时为空",
        unit="days",
        nullable=True,
    )
    expected_order_spend = _money(
        "Expected net of such a day (Gamma-Gamma), drawn towards the population's mean; null "
        "where that was not fitted",
        "预期每个消费日净额（Gamma-Gamma，向总体均值收缩）；未能拟合时为空",
        nullable=True,
    )
    expected_spend_12m = _money(
        "Expected net of the 365 days: the product of the two before they are rounded, not "
        "discounted, before costs",
        "未来 365 天预期净消费（两者取整前之积，未折现、未扣成本）",
        nullable=True,
    )
    unscored_reason = _text(
        "Why a figure is missing: no_purchase, too_few_customers, too_few_repeats, not_converged "
        "or no_mean_spend; null when scored",
        "缺少数值的原因：no_purchase、too_few_customers、too_few_repeats、not_converged 或 "
        "no_mean_spend；已评分时为空",
        nullable=True,
    )


class Segments(dy.Schema):
    """One segment, those without customers included."""

    segment = _text("RFM segment", "RFM 分层")
    customers_n = _count("Customers in the segment", "客户数")
    customers_share = _share("Their share of all customers", "客户占比", nullable=True)
    spend = _money("Their spend", "消费金额")
    spend_share = _share("Its share of all customers' spend", "消费占比", nullable=True)
    orders_n = _count("Their orders of positive net", "有效订单数")
    recency_days_mean = _double("Mean recency", "平均最近消费天数", unit="days", nullable=True)
    orders_mean = _double("Mean orders a customer", "人均订单数", unit="count", nullable=True)
    spend_mean = _double("Mean spend a customer", "人均消费", unit="chain currency", nullable=True)
    previous_customers_n = _count("Customers in the segment on the compare day", "上一对比日客户数")


_PREVIOUS_SPEND_90D = (
    "Their net of the 90 days up to the compare day, as known on it",
    "截至对比日的近 90 天净消费",
)
_SPEND_90D = ("Their net of the 90 days up to the as-of day", "截至当日的近 90 天净消费")


class SegmentMigration(dy.Schema):
    """One pair of previous and current segment that has customers."""

    previous_segment = _text(*_PREVIOUS)
    segment = _text("RFM segment", "RFM 分层")
    customers_n = _count("Customers who moved so", "客户数")
    customers_share = _share("Their share of the previous segment", "占原分层比例")
    spend = _money("Their spend as of the day", "消费金额")
    previous_spend_90d = _money(*_PREVIOUS_SPEND_90D)
    spend_90d = _money(*_SPEND_90D)


class LifecycleMigration(dy.Schema):
    """One pair of previous and current lifecycle stage that has customers."""

    previous_lifecycle = _text(
        "Stage as of compare_days earlier, by that day's own rhythm; no_purchase without an order "
        "of positive net, no_rhythm where nobody had come twice, not_seen before the first line",
        "对比日的生命周期阶段（以当日自身节奏计）；无有效消费为 no_purchase，"
        "尚无购买节奏为 no_rhythm，尚未出现为 not_seen",
    )
    lifecycle = _text(
        "Stage against the customer's own rhythm; no_purchase, no_rhythm as above",
        "当前生命周期阶段；no_purchase、no_rhythm 同上",
    )
    customers_n = _count("Customers who moved so", "客户数")
    customers_share = _share("Their share of the previous stage", "占原阶段比例")
    spend = _money("Their spend as of the day", "消费金额")
    previous_spend_90d = _money(*_PREVIOUS_SPEND_90D)
    spend_90d = _money(*_SPEND_90D)


class Clusters(dy.Schema):
    """One cluster of customers who shop alike."""

    cluster = _text("Code of the cluster; it stays with it from picture to picture", "聚类编号")
    cluster_name = _text(*_CLUSTER_NAME)
    customers_n = _count("Customers of the cluster", "客户数")
    customers_share = _share("Their share of the clustered customers", "客户占比", nullable=True)
    spend = _money("Their spend", "消费金额")
    spend_share = _share("Its share of the clustered customers' spend", "消费占比", nullable=True)
    previous_customers_n = _count(
        "Customers of the cluster on the compare day, by today's picture",
        "对比日客户数（按当前聚类计）",
    )
    orders_per_month_mean = _mean(
        "Mean orders a month since the first", "月均订单数", "orders a month"
    )
    gap_days_mean = _mean(
        "Mean of the customers' mean gap between purchase days", "平均购买间隔", "days"
    )
    order_spend_mean = _mean("Mean of the customers' mean order", "平均客单价", "chain currency")
    order_lines_mean = _mean("Mean lines an order", "平均每单行数", "count")
    categories_mean = _mean("Mean number of categories bought", "平均购买品类数", "count")
    discount_share_mean = _mean("Mean share taken off the price", "平均折扣率", "0-1")
    discounted_orders_share_mean = _mean(
        "Mean share of orders with a discount", "折扣订单占比", "0-1"
    )
    coupon_orders_share_mean = _mean("Mean share of orders with a coupon", "用券订单占比", "0-1")
    return_share_mean = _mean("Mean share of what was sold that came back", "平均退货率", "0-1")
    weekend_share_mean = _mean("Mean share of orders on Saturday and Sunday", "周末订单占比", "0-1")
    morning_share_mean = _mean("Mean share of orders before noon", "上午订单占比", "0-1")
    evening_share_mean = _mean("Mean share of orders from 18:00 on", "晚间订单占比", "0-1")
    main_channel = _text("Channel of the largest mean share", "主要渠道", nullable=True)
    main_channel_share_mean = _mean("That mean share", "主要渠道占比", "0-1")
    signature_category = _text(
        "Category whose mean share exceeds all customers' by most", "特色品类", nullable=True
    )
    signature_category_share_mean = _mean("That mean share", "特色品类占比", "0-1")
    trait_1 = _text("What sets the cluster apart most", "首要特征", nullable=True)
    trait_1_of = _text("The channel or category it is about", "特征所涉渠道或品类", nullable=True)
    trait_1_difference = _mean(
        "By how much, when the picture was fitted", "与总体的差异", "standard deviations"
    )
    trait_2 = _text("The second trait", "第二特征", nullable=True)
    trait_2_of = _text("The channel or category it is about", "特征所涉渠道或品类", nullable=True)
    trait_2_difference = _mean(
        "By how much, when the picture was fitted", "与总体的差异", "standard deviations"
    )
    trait_3 = _text("The third trait", "第三特征", nullable=True)
    trait_3_of = _text("The channel or category it is about", "特征所涉渠道或品类", nullable=True)
    trait_3_difference = _mean(
        "By how much, when the picture was fitted", "与总体的差异", "standard deviations"
    )


class Cohorts(dy.Schema):
    """One cohort in one calendar month."""

    cohort = _text(
        "Month YYYY-MM in which its customers began: of the first order, or of joined_on where the "
        "first order lies in the warm-up; or before_data",
        "同期群：首购月份，首购落在预热期内时为入会月份，或 before_data",
    )
    month = _day("First day of the month looked at", "观察月份")
    months_since_n = _count(
        "Months after the cohort's month; null for before_data",
        "距首购月数",
        nullable=True,
        unit="months",
    )
    customers_n = _count("Customers of the cohort", "同期群人数")
    active_n = _count("Of them, with an order of positive net in the month", "当月活跃人数")
    retention_share = _share("active_n over customers_n", "留存率")
    spend = _money(
        "Net of the cohort's orders of the month. Returns without a sale on record are in no "
        "order and left out: they are in the spend of the customers and rfm tables, so the sums "
        "differ by them",
        "同期群当月订单净额；找不到原销售的退货不属于任何订单，未计入，"
        "故合计与 customers、rfm 表的 spend 相差此类退货",
    )
    is_partial = _flag("Whether the month was not over on the as-of day", "是否为未完整月份")


class Sales(dy.Schema):
    """One business day, store, channel and category; anonymous receipts included."""

    sold_on = _day("Business day; a return on its own day", "营业日")
    store_id = _text("Store code; null where the export names none", "门店编码", nullable=True)
    channel = _text("Sales channel; null where the export names none", "渠道", nullable=True)
    category = _text("Category of the product; null where unknown", "品类", nullable=True)
    gross = _money("Amount of the sale lines", "销售额")
    returns = _money("Amount of the return lines, negative", "退货额（负数）")
    net = _money("gross plus returns", "净额")
    lines_n = _count("Receipt lines, returns included", "小票行数")
    orders_n = _count(
        "Orders with a sale line here; an order of two categories counts in both", "订单数"
    )
    quantity = _quantity("Units sold less units returned", "数量", nullable=True)


class Loads(dy.Schema):
    """One file that was loaded."""

    load_id = _count("Number of the load, in order of loading", "加载编号", unit=None)
    delivery_id = _count("Files of one number came together", "批次编号", unit=None)
    export = _text("Kind of export", "数据类型")
    file = _text("File name", "文件名")
    sha256 = _text("Digest of the file's bytes", "文件摘要")
    encoding = _text("Encoding the file was read in", "编码")
    bytes_n = _count("Size of the file", "文件大小", unit="bytes")
    rows_n = _count("Rows in the file, header apart", "行数")
    accepted_n = _count("Rows loaded", "接收行数")
    duplicate_n = _count("Rows that were there already", "重复行数")
    quarantined_n = _count("Rows refused with a reason", "隔离行数")
    skipped_n = _count("Rows that are no data, such as footers", "跳过行数")
    erased_n = _count("Rows of people who asked to be erased", "已抹除行数")
    replaced_n = _count("Accepted rows that a later delivery replaced", "被替换行数")
    days_n = _count(
        "Business days the good rows are of; null for a list", "涉及营业日数", nullable=True
    )
    first_on = _day("First of those days", "首个营业日", nullable=True)
    last_on = _day("Last of those days", "末个营业日", nullable=True)
    differences = _text(
        "In what the file differs from those before it: columns_missing, columns_added, "
        "volume_low, volume_high, empty; null when in nothing",
        "与以往文件的差异代码；无差异时为空",
        nullable=True,
    )
    ignored_columns = _text("Columns of the file outside the contract", "未使用的列", nullable=True)
    delivered_at = _instant("When the delivery was made", "交付时间")
    landed_at = _instant("When the file was landed", "落地时间")


class QuarantineSummary(dy.Schema):
    """One file and reason for which rows were quarantined."""

    load_id = _count("Number of the load", "加载编号", unit=None)
    export = _text("Kind of export", "数据类型")
    file = _text("File name", "文件名")
    reason = _text("Code of the rule that refused the rows", "原因代码")
    column = _text("Column the rule is about; null for the whole row", "列", nullable=True)
    rows_n = _count("Rows refused for it", "行数")
    first_line = _count("Physical line of the first of them", "首个行号", unit="line")


class QualityChecks(dy.Schema):
    """One check of the quality gate, those that were not asked included."""

    check = _text("Code of the check; the report says what it claims", "检查代码")
    table_name = _text("Table of the warehouse that the claim is about", "所检查的表")
    column_name = _text("Its column; null when it is about whole rows", "所检查的列", nullable=True)
    severity = _text("critical stops before publication; warning does not", "级别")
    is_met = _flag("Whether the claim holds; null when it was not asked", "是否满足", nullable=True)
    unexpected_n = _count(
        "Rows, keys or days that break the claim; null when not asked, when the column is "
        "personal, and when the claim is about a single figure",
        "例外数（行、键或天）；未检查、涉及个人或仅有单一数值时为空",
        nullable=True,
    )
    unexpected_share = _share(
        "unexpected_n over the rows that the claim is about; null where that is null, where the "
        "claim is about no row at all, and where what is counted is not rows",
        "例外占比；例外数为空、无相关行或所计非行数时为空",
        nullable=True,
    )
    observed = _text(
        "The single figure or day found, or the names of what breaks the claim; null where the "
        "counts say all, and when the column is personal",
        "实际数值、日期或例外的名称；计数已足以说明或涉及个人时为空",
        nullable=True,
    )
    unasked_reason = _text(
        "Why it was not asked: no_file, no_column or off; null when it was",
        "未检查的原因：no_file、no_column 或 off；已检查时为空",
        nullable=True,
    )
    parameters = _text("What the claim's sentence names, as JSON", "断言所用参数（JSON）")


@dataclass(frozen=True)
class Table:
    """One table that is published, its key and how its rows are ordered.

    ``key`` may hold nulls (a store that is not known is a store of its own). Rows are sorted by
    the key. ``names_files`` marks tables outside the law of equal bytes: they may name files and
    recorded instants, or follow from them.
    """

    name: str
    schema: type[dy.Schema]
    key: tuple[str, ...]
    grain_en: str
    grain_zh: str
    names_files: bool = False

    def conformed(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The frame with the contract's columns, order and types, sorted by the key.

        Raises:
            Failed: a column is missing, a cast would lose something, a rule of the contract is
                broken or a key is not unique. It is a fault of the program, not of the data.
        """
        missing = [name for name in self.schema.column_names() if name not in frame.columns]
        if missing:
            raise self._broken(f"no column {', '.join(missing)}")
        try:
            conformed = self.schema.validate(frame.select(self.schema.column_names()), cast=True)
        except (dy.exc.ValidationError, dy.exc.SchemaError, pl.exceptions.PolarsError) as error:
            raise self._broken(str(error)) from error
        if conformed.select(pl.struct(self.key).is_duplicated().any()).item():
            raise self._broken(f"two rows with one key ({', '.join(self.key)})")
        return conformed.sort(self.key, nulls_last=True)

    def _broken(self, found: str) -> Failed:
        return Failed(
            f"table {self.name} breaks its contract",
            expected=f"one row a {self.grain_en}, columns as in expectations/tables.py",
            found=found,
            left="nothing was published; the last publication is untouched",
            next_step="report this: it is a fault of regulars, not of the data",
        )


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
    )
}
