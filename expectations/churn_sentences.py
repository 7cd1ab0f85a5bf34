"""What is said of churn risks: reasons, bands, the section of the report; a part of the catalogue.

``churn.reason.<group>`` tells a reason with the customer's two figures, ``churn.reason_of.<group>``
what the group is about, for tables and where there are no figures; ``.alone`` is said where only
the first figure is known, ``.none`` where it is held against nothing. The figures may point either
way: a reason is what raises the risk most, not what is unlike the customer's own past.
"""

from __future__ import annotations

_REASONS = {
    "rhythm": (
        "Days away: {value}; own gaps are {against} days on average",
        "已 {value} 天未消费，自身平均间隔 {against} 天",
    ),
    "rhythm.alone": (
        "Days away: {value}; no gap of their own to hold it against",
        "已 {value} 天未消费，尚无自身间隔可比",
    ),
    "pace": (
        "Days with a purchase in the last 91: {value}; in the last 182: {against}",
        "近 91 天消费 {value} 天，近 182 天 {against} 天",
    ),
    "slowing": (
        "The latest gaps are {value} days on average, all gaps {against}",
        "最近几次间隔平均 {value} 天，全部间隔平均 {against} 天",
    ),
    "basket": (
        "Spent in the last 91 days: {value}; in the last 182: {against}",
        "近 91 天消费 {value}，近 182 天 {against}",
    ),
    "breadth": (
        "Categories bought in the last 28 days: {value}; in the last 91: {against}",
        "近 28 天购买 {value} 个品类，近 91 天 {against} 个",
    ),
    "breadth.none": (
        "Nothing was bought of any category in the last 91 days",
        "近 91 天未购买任何品类",
    ),
    "discount": (
        "Taken off the price in the last 91 days: {value}; ever: {against}",
        "近 91 天折扣率 {value}，全部消费 {against}",
    ),
    "returns": (
        "Returns in the last 91 days: {value}; ever: {against}",
        "近 91 天退货 {value} 次，累计 {against} 次",
    ),
    "returns.none": ("Nothing was ever returned", "从未退货"),
    "place": (
        "Stores: {value}; at the latest one on {against} of purchase days",
        "到过 {value} 家门店，{against} 的消费日在最近一次的门店",
    ),
    "campaigns": (
        "Messages in the last 91 days: {value}; a purchase followed {against} of all",
        "近 91 天收到 {value} 次触达，全部触达中 {against} 随后有消费",
    ),
    "campaigns.alone": (
        "Messages in the last 91 days: {value}",
        "近 91 天收到 {value} 次触达",
    ),
    "complaints": (
        "Complaints and calls in the last 365 days: {value}; no answer on record: {against}",
        "近 365 天投诉与来电 {value} 次，其中无答复记录 {against} 次",
    ),
    "complaints.none": (
        "Complaints and calls in the last 365 days: {value}, all of them answered",
        "近 365 天投诉与来电 {value} 次，均已答复",
    ),
    "ratings": (
        "The last rating is {value} of 5; those before it were {against} on average",
        "最近一次评分 {value} 分（5 分制），此前平均 {against} 分",
    ),
    "ratings.alone": (
        "The last rating is {value} of 5",
        "最近一次评分 {value} 分（5 分制）",
    ),
    "habit": (
        "On weekends: {value} of purchase days; from 18:00 on: {against} of orders",
        "{value} 的消费日在周末，{against} 的订单在 18 点之后",
    ),
    "tenure": (
        "Days since the first purchase: {value}; orders since: {against}",
        "首次消费至今 {value} 天，共 {against} 单",
    ),
}

_REASONS_OF = {
    "rhythm": ("How long away, against their own rhythm", "未消费时长与自身节奏"),
    "pace": ("How seldom they buy", "消费频率"),
    "slowing": ("Whether their gaps grow", "间隔变化"),
    "basket": ("What they spend", "消费金额"),
    "breadth": ("The categories they buy, and gave up", "购买与放弃的品类"),
    "discount": ("How far discounts carry it", "对折扣的依赖"),
    "returns": ("What they returned", "退货"),
    "place": ("Where they buy", "门店与渠道"),
    "campaigns": ("Messages and coupons", "营销触达与优惠券"),
    "complaints": ("Complaints, and what became of them", "投诉及其处理"),
    "ratings": ("What they think of the chain", "对企业的评价"),
    "habit": ("On which days and at what hours they buy", "消费的日子与时段"),
    "tenure": ("How long they have been customers", "成为客户的时长"),
    "none": ("Nothing by much", "无突出原因"),
}

_BANDS = {
    "low": ("Low", "低"),
    "watch": ("To watch", "关注"),
    "high": ("High", "高"),
    "very_high": ("Very high", "极高"),
}

_BAND_MEANINGS = {
    "low": ("a risk below 20%", "风险低于 20%"),
    "watch": ("from 20% to below 50%", "20% 及以上，不足 50%"),
    "high": ("from 50% to below 80%", "50% 及以上，不足 80%"),
    "very_high": ("80% and above", "80% 及以上"),
}

_UNSCORED = {
    "no_purchase": (
        "No risk: there is no order that was not returned.",
        "无风险评分：没有未被退回的订单。",
    ),
    "too_short_history": (
        "No risk yet: the sales on record do not reach back far enough. It takes 42 days to know "
        "customers by, and then horizon_days ({horizon}) to see who came.",
        "暂无风险评分：交易记录的时间跨度不足。需先有 42 天了解客户，再过 horizon_days"
        "（{horizon}）天才知道谁再次消费。",
    ),
    "too_few_customers": (
        "No risk: there are too few customers to learn from, {found} where {least} are needed.",
        "暂无风险评分：可供学习的客户过少，现有 {found} 位，至少需要 {least} 位。",
    ),
    "too_few_gone": (
        "No risk: too few customers stayed away to learn from, {found} where {least} are needed.",
        "暂无风险评分：可供学习的流失客户过少，现有 {found} 位，至少需要 {least} 位。",
    ),
    "too_few_came": (
        "No risk: too few customers came again to learn from, {found} where {least} are needed.",
        "暂无风险评分：可供学习的再次消费客户过少，现有 {found} 位，至少需要 {least} 位。",
    ),
}

_SECTION = {
    "churn.title": ("Who is about to leave", "流失风险"),
    "churn.note": (
        "The risk is the probability that a customer buys nothing after {as_of} up to {until} "
        "(horizon_days = {horizon}); one-time buyers have one too. Value at risk is that risk "
        "times what the customer is expected to spend in the next 12 months. Who stays away so "
        "long may come later: it tells whom to win back first and does not forecast a loss.",
        "风险指客户在 {as_of} 之后至 {until} 期间（horizon_days = {horizon}）没有消费的概率，"
        "仅消费过一次的客户同样有评分。潜在流失金额为该概率乘以未来 12 个月预期消费。"
        "期间未到店的客户日后仍可能再来，因此它用于排定挽回的先后，并非损失预测。",
    ),
    "churn.versus_segments": (
        "A risk says who is expected not to buy within {horizon} days; the segments above say who "
        "customers are now, by when and how often they bought. So those of high risk are not "
        "those of the segments that are slipping away, and their numbers differ.",
        "风险说明未来 {horizon} 天内预计不再消费的是哪些客户；上文的分层则按最近消费时间与频次"
        "说明客户的现状。因此高风险客户与正在流失的分层并非同一批人，人数不同。",
    ),
    "churn.total": (
        "{value} of what customers are expected to spend in the next 12 months is at risk, "
        "{high_value} of it with the {n} customers of high or very high risk.",
        "未来 12 个月预期消费中的潜在流失金额为 {value}，其中高与极高风险的 {n} 位客户占 "
        "{high_value}。",
    ),
    "churn.total.one": (
        "{value} of what customers are expected to spend in the next 12 months is at risk, "
        "{high_value} of it with the {n} customer of high or very high risk.",
        "未来 12 个月预期消费中的潜在流失金额为 {value}，其中高与极高风险的 {n} 位客户占 "
        "{high_value}。",
    ),
    "churn.total.plain": (
        "{value} of what customers are expected to spend in the next 12 months is at risk.",
        "未来 12 个月预期消费中的潜在流失金额为 {value}。",
    ),
    "churn.no_value": (
        "What is at risk in money is not known, as there is no forecast of spend.",
        "因暂无消费预测，潜在流失金额未知。",
    ),
    "churn.baseline.recency": (
        "No model ranked customers better than a plain rule did: the longer away, the likelier "
        "gone. So these risks are of that rule, and look at the days since the last purchase "
        "alone.",
        "没有模型的排序优于一条简单规则：离上次消费越久，越可能流失。"
        "因此风险即按该规则得出，仅依据距上次消费的天数。",
    ),
    "churn.baseline.expected_orders": (
        "No model ranked customers better than a plain rule did: the fewer purchase days BG/NBD "
        "expects of them, the likelier gone. So these risks are of that rule alone.",
        "没有模型的排序优于一条简单规则：BG/NBD 预期的消费天数越少，越可能流失。"
        "因此风险仅按该规则得出。",
    ),
    "churn.band": ("Risk", "风险等级"),
    "churn.risk_mean": ("Mean risk", "平均风险"),
    "churn.value": ("Value at risk", "潜在流失金额"),
    "churn.value_share": ("Share of it", "金额占比"),
    "churn.reasons.title": (
        "What raises the risk of those at high or very high risk",
        "高与极高风险客户的风险原因",
    ),
    "churn.reasons.note": (
        "What raises a customer's risk most against those who came again: up to three reasons "
        "each, what changed of late before what they are like. It is where to look first, no proof "
        "of a cause. Each customer's reasons with their figures are in the table churn_risk; "
        "regulars explain tells them in words.",
        "与再次消费的客户相比最推高风险之处，每位客户至多三项：先列近期的变化，再列客户的常态。"
        "它提示先看哪里，"
        "并不证明因果。"
        "每位客户的原因及数值见 churn_risk 表，也可用 regulars explain 查看文字说明。",
    ),
    "churn.reasons.no_first": (
        "How often each is the first reason is not shown: some are for fewer than {few}.",
        "不列各项作为首要原因的人数：部分原因不足 {few} 人。",
    ),
    "churn.reason": ("Reason", "原因"),
    "churn.reason_first": ("First reason of", "首要原因（客户数）"),
    "churn.reason_among": ("Among the three of", "前三项之一（客户数）"),
    "churn.reason_nearly_all": ("nearly all", "几乎全部"),
    "churn.reason_value": ("Their value at risk", "其潜在流失金额"),
    "churn.segments.title": ("Value at risk by segment", "各分层的潜在流失金额"),
    "churn.horizon.title": ("How long to wait", "预测期该设多长"),
    "churn.horizon.same": (
        "Nine of ten gaps between purchases end within {recommended} days, each customer weighing "
        "the same: horizon_days = {horizon} fits that.",
        "每位客户权重相同，九成的购买间隔在 {recommended} 天内结束：horizon_days = {horizon} "
        "与此相符。",
    ),
    "churn.horizon.longer": (
        "Nine of ten gaps between purchases end within {recommended} days, each customer weighing "
        "the same; horizon_days = {horizon} is shorter, so that more pauses look like losses. "
        "For risks over the longer time set horizon_days = {recommended} under [churn] in "
        "regulars.toml.",
        "每位客户权重相同，九成的购买间隔在 {recommended} 天内结束；horizon_days = {horizon} "
        "更短，会把更多的暂停视为流失。如需按更长的时间评估，请在 regulars.toml 的 [churn] 下设 "
        "horizon_days = {recommended}。",
    ),
    "churn.horizon.shorter": (
        "Nine of ten gaps between purchases end within {recommended} days, each customer weighing "
        "the same; horizon_days = {horizon} is longer, so that a loss is learned of late. For "
        "risks over the shorter time set horizon_days = {recommended} under [churn] in "
        "regulars.toml.",
        "每位客户权重相同，九成的购买间隔在 {recommended} 天内结束；horizon_days = {horizon} "
        "更长，会较晚发现流失。如需按更短的时间评估，请在 regulars.toml 的 [churn] 下设 "
        "horizon_days = {recommended}。",
    ),
    "churn.horizon.unknown": (
        "Which horizon_days would fit is not known: fewer than 100 gaps between purchases are on "
        "record. It is {horizon}.",
        "购买间隔记录不足 100 个，无法建议 horizon_days，当前为 {horizon}。",
    ),
    "churn.categories.note": (
        "A category has a rhythm of its own. With 100 gaps and more, of 100 customers and more, on "
        "record (fewer would be a guess): {known}; of these, "
        "with a horizon longer than horizon_days: {longer}, with a shorter one: {shorter}. Who has "
        "not bought a category for as long has most likely given it up, even if they still come "
        "for others: time its offers by that. Where one category is what the chain lives on, its "
        "number is the one to set. The largest by net sales that differ:",
        "各品类有自己的节奏。间隔记录达 100 个且来自至少 100 位客户（更少则不足为凭）的品类有 "
        "{known} 个，其中 {longer} "
        "个的建议预测期长于 "
        "horizon_days，{shorter} 个更短。客户超过该时间未买某品类，多半已放弃它，"
        "即使仍来买其他商品，可据此安排该品类的优惠。"
        "若生意主要依靠某一品类，请按其数值设置。以下为净销售额最大且与当前设置不同的品类：",
    ),
    "churn.category": ("Category", "品类"),
    "churn.category_days": ("Nine of ten gaps end within, days", "九成间隔的天数上限"),
    "headline.value_at_risk": (
        "By churn risk, who is expected not to buy by {until}: {customers} of high or very high "
        "risk, with {high_value} of the {value} at risk in the next 12 months' expected spend.",
        "按流失风险（预计在 {until} 前不再消费）：{customers}风险为高或极高，"
        "在未来 12 个月预期消费的潜在流失金额 {value} 中占 {high_value}。",
    ),
    "headline.churn_risk": (
        "By churn risk, who is expected not to buy by {until}: {customers} of high or very high "
        "risk.",
        "按流失风险（预计在 {until} 前不再消费）：{customers}风险为高或极高。",
    ),
    "headline.value_at_risk.plain": (
        "By churn risk, the risk of not buying by {until}: {value} at risk in the next 12 "
        "months' expected spend.",
        "按流失风险（在 {until} 前不再消费）：未来 12 个月预期消费中的潜在流失金额为 {value}。",
    ),
}

CHURN_SENTENCES: dict[str, tuple[str, str]] = {
    **{f"churn.reason.{code}": words for code, words in _REASONS.items()},
    **{f"churn.reason_of.{code}": words for code, words in _REASONS_OF.items()},
    **{f"churn.band.{code}": words for code, words in _BANDS.items()},
    **{f"churn.band_meaning.{code}": words for code, words in _BAND_MEANINGS.items()},
    **{f"churn.unscored.{code}": words for code, words in _UNSCORED.items()},
    **_SECTION,
}
