"""Contracts of the tables that models fill: churn risk, lifetime value, clusters, their quality."""

from __future__ import annotations

import dataframely as dy

from regulars.expectations.table_columns import (
    count,
    customer,
    day,
    days,
    double,
    flag,
    mean,
    money,
    share,
    text,
)

CLUSTER = (
    "Code of the cluster of customers who shop alike; null where nobody is clustered, and without "
    "an order of positive net",
    "购买行为聚类编号；未作聚类或无有效消费时为空",
)
CLUSTER_NAME = (
    "Codes of what sets the cluster apart, joined by +; the report says them in words",
    "聚类特征代码（以 + 相连），报告中以文字说明",
)


EXPECTED_ORDERS = (
    "Expected days with a purchase in the 365 days after the as-of day, by BG/NBD or MBG/NBD, "
    "whichever fits the customers better; null where neither was fitted",
    "未来 365 天预期消费天数（取 BG/NBD 与 MBG/NBD 中拟合较优者）；均未能拟合时为空",
)
EXPECTED_SPEND = (
    "Expected net of those 365 days: expected_orders_12m at the expected net of such a day "
    "(Gamma-Gamma), not discounted, before costs; null where that was not fitted",
    "未来 365 天预期净消费（预期消费天数 × 日均净额，后者按 Gamma-Gamma；未折现、未扣成本）；"
    "未能拟合时为空",
)
EXTRAPOLATED_REASON = (
    "Why the expectation rests on little that is the customer's own: known_briefly, observed for "
    "fewer than 91 days; came_once, one purchase day, so that what a day is worth is the "
    "population's; null otherwise and without an expectation",
    "预期缺乏客户自身依据的原因：known_briefly 为观察不足 91 天，came_once 为仅有一个消费日"
    "（日均净额取总体均值）；否则及无预期时为空",
)
RISK = (
    "Calibrated probability of no order of positive net in the horizon_days after the as-of day; "
    "null without a score",
    "统计日后 horizon_days 天内无有效消费的校准概率；未评分为空",
)
BAND = (
    "low below 0.2, watch below 0.5, high below 0.8, else very_high; null without a score",
    "流失风险等级：0.2 以下 low，0.5 以下 watch，0.8 以下 high，其余 very_high；未评分为空",
)
VALUE_AT_RISK = (
    "churn_risk times expected_spend_12m of lifetime_value; null where either is",
    "流失风险 × 未来 12 个月预期净消费；任一为空则为空",
)
_REASON = (
    "Code of what raises the risk {nth}: rhythm, pace, slowing, basket, breadth, discount, "
    "returns, place, campaigns, complaints, ratings, habit, tenure; null where nothing does by "
    "much",
    "推高风险的{zh}原因代码；影响不大时为空",
)
_REASON_VALUE = (
    "The customer's figure that the sentence of the reason names; null where it has none",
    "该原因对应的客户数值；无则为空",
)
_REASON_AGAINST = (
    "The figure it is held against: the customer's own, over all time known",
    "与之比较的客户自身历史数值；无则为空",
)


def _reason(nth: str, zh: str) -> tuple[str, str]:
    en, in_chinese = _REASON
    return en.format(nth=nth), in_chinese.format(zh=zh)


class ChurnRisk(dy.Schema):
    """One customer with a line up to the as-of day: how likely they are not to come, and why."""

    customer_id = customer()
    horizon_days = days("Days within which the customer is expected back", "预测期天数")
    churn_risk = share(*RISK, nullable=True)
    risk_band = text(*BAND, nullable=True)
    value_at_risk = money(*VALUE_AT_RISK, nullable=True)
    recency_days = days(
        "Days from the last order of positive net to the as-of day; null without one",
        "距最近一次有效消费的天数",
        nullable=True,
    )
    usual_gap_days = double(
        "Usual days between purchase days: own gaps, drawn towards the population's median",
        "惯常购买间隔（天）",
        unit="days",
        nullable=True,
    )
    reason_1 = text(*_reason("most", "首要"), nullable=True)
    reason_1_value = double(*_REASON_VALUE, unit="as the reason has it", nullable=True)
    reason_1_against = double(*_REASON_AGAINST, unit="as the reason has it", nullable=True)
    reason_2 = text(*_reason("second most", "第二"), nullable=True)
    reason_2_value = double(*_REASON_VALUE, unit="as the reason has it", nullable=True)
    reason_2_against = double(*_REASON_AGAINST, unit="as the reason has it", nullable=True)
    reason_3 = text(*_reason("third most", "第三"), nullable=True)
    reason_3_value = double(*_REASON_VALUE, unit="as the reason has it", nullable=True)
    reason_3_against = double(*_REASON_AGAINST, unit="as the reason has it", nullable=True)
    unscored_reason = text(
        "Why there is no risk: no_purchase, too_short_history, too_few_customers, too_few_gone or "
        "too_few_came; null when scored",
        "未评分的原因：no_purchase、too_short_history、too_few_customers、too_few_gone 或 "
        "too_few_came；已评分时为空",
        nullable=True,
    )


class LifetimeValue(dy.Schema):
    """One customer with a line up to the as-of day: what the next 12 months will likely bring."""

    customer_id = customer()
    repeat_days_n = count(
        "Days with an order of positive net after the first such day; null without one",
        "首个有效消费日之后的有效消费天数；无有效消费为空",
        nullable=True,
        unit="days",
    )
    last_purchase_age_days = days(
        "Days from the first to the last of those days", "首次至最近有效消费的天数", nullable=True
    )
    observed_days = days(
        "Days from the first of them to the as-of day", "首次有效消费至统计日的天数", nullable=True
    )
    expected_orders_12m = double(*EXPECTED_ORDERS, unit="days", nullable=True)
    expected_order_spend = money(
        "Expected net of such a day (Gamma-Gamma), drawn towards the population's mean; null "
        "where that was not fitted",
        "预期每个消费日净额（Gamma-Gamma，向总体均值收缩）；未能拟合时为空",
        nullable=True,
    )
    expected_spend_12m = money(*EXPECTED_SPEND, nullable=True)
    is_extrapolated = flag(
        "The expectation rests on little that is the customer's own; null without one",
        "预期是否缺乏客户自身依据；无预期时为空",
        nullable=True,
    )
    extrapolated_reason = text(*EXTRAPOLATED_REASON, nullable=True)
    unscored_reason = text(
        "Why a figure is missing: no_purchase, too_few_customers, too_few_repeats, not_converged "
        "or no_mean_spend; null when scored",
        "缺少数值的原因：no_purchase、too_few_customers、too_few_repeats、not_converged 或 "
        "no_mean_spend；已评分时为空",
        nullable=True,
    )


class Clusters(dy.Schema):
    """One cluster of customers who shop alike."""

    cluster = text("Code of the cluster; it stays with it from picture to picture", "聚类编号")
    cluster_name = text(*CLUSTER_NAME)
    customers_n = count("Customers of the cluster", "客户数")
    customers_share = share("Their share of the clustered customers", "客户占比", nullable=True)
    spend = money("Their spend", "消费金额")
    spend_share = share("Its share of the clustered customers' spend", "消费占比", nullable=True)
    previous_customers_n = count(
        "Customers of the cluster on the compare day, by today's picture",
        "对比日客户数（按当前聚类计）",
    )
    orders_per_month_mean = mean(
        "Mean orders a month since the first", "月均订单数", "orders a month"
    )
    gap_days_mean = mean(
        "Mean of the customers' mean gap between purchase days", "平均购买间隔", "days"
    )
    order_spend_mean = mean("Mean of the customers' mean order", "平均客单价", "chain currency")
    order_lines_mean = mean("Mean lines an order", "平均每单行数", "count")
    categories_mean = mean("Mean number of categories bought", "平均购买品类数", "count")
    discount_share_mean = mean("Mean share taken off the price", "平均折扣率", "0-1")
    discounted_orders_share_mean = mean(
        "Mean share of orders with a discount", "折扣订单占比", "0-1"
    )
    coupon_orders_share_mean = mean("Mean share of orders with a coupon", "用券订单占比", "0-1")
    return_share_mean = mean("Mean share of what was sold that came back", "平均退货率", "0-1")
    weekend_share_mean = mean("Mean share of orders on Saturday and Sunday", "周末订单占比", "0-1")
    morning_share_mean = mean("Mean share of orders before noon", "上午订单占比", "0-1")
    evening_share_mean = mean("Mean share of orders from 18:00 on", "晚间订单占比", "0-1")
    main_channel = text("Channel of the largest mean share", "主要渠道", nullable=True)
    main_channel_share_mean = mean("That mean share", "主要渠道占比", "0-1")
    signature_category = text(
        "Category whose mean share exceeds all customers' by most", "特色品类", nullable=True
    )
    signature_category_share_mean = mean("That mean share", "特色品类占比", "0-1")
    trait_1 = text("What sets the cluster apart most", "首要特征", nullable=True)
    trait_1_of = text("The channel or category it is about", "特征所涉渠道或品类", nullable=True)
    trait_1_difference = mean(
        "By how much, when the picture was fitted", "与总体的差异", "standard deviations"
    )
    trait_2 = text("The second trait", "第二特征", nullable=True)
    trait_2_of = text("The channel or category it is about", "特征所涉渠道或品类", nullable=True)
    trait_2_difference = mean(
        "By how much, when the picture was fitted", "与总体的差异", "standard deviations"
    )
    trait_3 = text("The third trait", "第三特征", nullable=True)
    trait_3_of = text("The channel or category it is about", "特征所涉渠道或品类", nullable=True)
    trait_3_difference = mean(
        "By how much, when the picture was fitted", "与总体的差异", "standard deviations"
    )


class ModelQuality(dy.Schema):
    """One measure of one model, a part of it where it has parts."""

    model = text(
        "churn: the risks as published; recency, expected_orders, boosting, logistic, blend: what "
        "they were chosen from; bg_nbd, mbg_nbd: purchase days of lifetime value, with "
        "_gamma_gamma its spend; last_period: what everybody did in the period before",
        "模型：churn 为所发布的流失风险；recency、expected_orders、boosting、logistic、blend "
        "为候选；bg_nbd、mbg_nbd 为终身价值的消费天数，加 _gamma_gamma 为消费额；"
        "last_period 为沿用上期",
    )
    role = text("model, candidate or baseline", "角色：model、candidate 或 baseline")
    measure = text(
        "auc, average_precision, lift_5, lift_10, lift_20, brier, calibration_error, "
        "calibration_floor (that of a model whose risks are all true), risk_mean and gone_share of "
        "each bin of risks; auc_difference, average_precision_difference and brier_difference (the "
        "model's less that of a baseline); auc_at_choice; psi, the population stability index "
        "since the fit; log_likelihood, by which lifetime value takes bg_nbd or mbg_nbd; "
        "backtest_expected_…, backtest_observed_…, backtest_…_ratio; backtest_orders_deviance, "
        "the mean Poisson deviance; accuracy and texts_n of sentiment",
        "指标代码：区分度、提升度、校准误差、分箱、与基准之差、选型依据、稳定性指数（psi）、对数似然"
        "（终身价值选型依据）、价值回测、情感准确率与文本数等",
    )
    part = text(
        "What of the model is meant: the bin 01 to 10, the feature of a psi, the baseline of a "
        "difference, the group of a back-test (once or again, by purchase days before, and the "
        "days away), the language of sentiment; null for all of it",
        "指标所涉部分：分箱、特征、所比较的基准、回测分组（once/again 与未消费天数）或语言；"
        "整体为空",
        nullable=True,
    )
    value = double("The measure", "指标值", unit="as the measure has it", nullable=True)
    low = double(
        "Lower end of its 95 % interval over customers drawn anew; null where there is none",
        "95% 区间下限；无则为空",
        unit="as the measure has it",
        nullable=True,
    )
    high = double(
        "Upper end; for psi the index that chance alone exceeds once in a thousand times",
        "95% 区间上限；psi 为随机波动千分之一概率的上限",
        unit="as the measure has it",
        nullable=True,
    )
    tested_on = day("Day as of which the model told", "测试日", nullable=True)
    horizon_days = days("Days after it that it was held to", "测试期天数", nullable=True)
    customers_n = count("Customers it was held to", "参与测试的客户数", nullable=True)
