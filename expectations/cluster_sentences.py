"""What is said of clusters and of moves between stages; a part of the catalogue.

``trait.<habit>.high`` and ``.low`` name a cluster, so they are short; ``{of}`` is a channel or a
category in the chain's own spelling.
"""

from __future__ import annotations

_TRAITS = {
    "orders_per_month.high": ("frequent", "高频"),
    "orders_per_month.low": ("rare", "低频"),
    "gap_days_mean.high": ("long gaps", "间隔长"),
    "gap_days_mean.low": ("short gaps", "间隔短"),
    "gap_variation.high": ("irregular", "不规律"),
    "gap_variation.low": ("regular", "规律"),
    "order_spend_mean.high": ("big baskets", "大额采购"),
    "order_spend_mean.low": ("small baskets", "小额采购"),
    "order_lines_mean.high": ("full baskets", "一次多件"),
    "order_lines_mean.low": ("few items at a time", "一次少件"),
    "categories_n.high": ("many categories", "品类广"),
    "categories_n.low": ("few categories", "品类少"),
    "category_diversity.high": ("a mixed basket", "品类分散"),
    "category_diversity.low": ("a focused basket", "品类集中"),
    "discount_share.high": ("deep discounts", "折扣力度大"),
    "discount_share.low": ("full price", "少折扣"),
    "discounted_orders_share.high": ("on offer", "常买折扣"),
    "discounted_orders_share.low": ("seldom on offer", "少买折扣"),
    "coupon_orders_share.high": ("with coupons", "常用券"),
    "coupon_orders_share.low": ("without coupons", "少用券"),
    "return_share.high": ("many returns", "退货多"),
    "return_share.low": ("few returns", "退货少"),
    "weekend_share.high": ("weekend", "周末"),
    "weekend_share.low": ("weekdays", "工作日"),
    "morning_share.high": ("mornings", "上午"),
    "morning_share.low": ("not in the morning", "非上午"),
    "evening_share.high": ("evenings", "晚间"),
    "evening_share.low": ("not in the evening", "非晚间"),
    "channel_share.high": ("via {of}", "常用{of}"),
    "channel_share.low": ("seldom via {of}", "少用{of}"),
    "category_share.high": ("much {of}", "偏好{of}"),
    "category_share.low": ("little {of}", "少买{of}"),
}

_CLUSTERS = {
    "cluster.joint": (", ", "·"),
    "cluster.apart": ("{trait} ({difference} SD)", "{trait}（{difference} SD）"),
    "clusters.title": ("How customers shop", "购买行为聚类"),
    "clusters.note": (
        "Customers who shop alike, by rhythm, basket, breadth, offers, channel, hours and "
        "categories. Under each name: what sets the group apart, in standard deviations (SD) of "
        "all customers. The figures are means over its customers.",
        "按购买节奏、客单、品类、优惠、渠道、时段等行为将相似客户归为一类。名称下方为其特征，"
        "以全体客户的标准差（SD）计；各列为该类客户的均值。",
    ),
    "clusters.cluster": ("Group", "类别"),
    "clusters.orders": ("Orders a month", "月均订单"),
    "clusters.basket": ("Spend an order", "客单价"),
    "clusters.lines": ("Lines an order", "每单行数"),
    "clusters.discount": ("Orders with a discount", "折扣订单占比"),
    "clusters.weekend": ("On weekends", "周末占比"),
    "clusters.evening": ("In the evening", "晚间占比"),
    "clusters.how": (
        "Three to eight groups were tried and {n} taken: samples of the customers give the "
        "same groups to {stability} (1 is alike, 0 is chance), and the groups stand apart by "
        "{silhouette} (1 is far, 0 is touching).",
        "在 3 至 8 类中选定 {n} 类：抽样重算的一致度为 {stability}（1 为完全一致，0 为随机），"
        "各类的分离度为 {silhouette}（1 为分明，0 为相接）。",
    ),
    "clusters.shading": (
        "They shade into each other: take them for ways to shop rather than for kinds of people.",
        "各类之间渐变相接，宜视为购买方式，而非截然不同的人群。",
    ),
    "clusters.too_few_customers.one": (
        "Nobody is put into groups: {found} customer has three orders or more, and {needed} are "
        "needed.",
        "未作聚类：仅 {found} 位客户有三单及以上，至少需要 {needed} 位。",
    ),
    "clusters.too_few_customers": (
        "Nobody is put into groups: {found} customers have three orders or more, and {needed} are "
        "needed.",
        "未作聚类：仅 {found} 位客户有三单及以上，至少需要 {needed} 位。",
    ),
    "clusters.too_few_habits": (
        "Nobody is put into groups: {found} of the habits vary and are known of most customers, "
        "and {needed} are needed.",
        "未作聚类：多数客户已知且有差异的行为仅 {found} 项，至少需要 {needed} 项。",
    ),
    "clusters.first": (
        "There is no earlier picture to compare with; the groups keep their names from now on.",
        "暂无更早的聚类可比，类别名称自此沿用。",
    ),
    "clusters.same": (
        "Compared with the picture before, {kept} of the customers are in the group they were in "
        "(agreement {rand} of 1).",
        "与上一次聚类相比，{kept} 的客户仍在原类别（一致度 {rand}，满分 1）。",
    ),
    "clusters.accepted": (
        "The picture has changed and was accepted: {kept} of the customers are in the group they "
        "were in (agreement {rand} of 1).",
        "聚类结果已变化并经确认：{kept} 的客户仍在原类别（一致度 {rand}，满分 1）。",
    ),
    "clusters.needs_acceptance": (
        "How customers shop has changed: a new picture would leave {kept} of them in their group "
        "(agreement {rand} of 1). The earlier picture is shown until a person accepts the new one.",
        "客户的购买行为已有变化：若换用新的聚类，仅 {kept} 的客户留在原类别（一致度 {rand}，"
        "满分 1）。确认之前仍沿用原聚类。",
    ),
    "clusters.proposed": (
        "The new picture would be: {names}.",
        "新的聚类为：{names}。",
    ),
    "clusters.proposed.new": ("{name} (new)", "{name}（新）"),
    "clusters.proposed.and": ("; ", "；"),
    "clusters.proposed.gone": ("These would go: {names}.", "将不再出现：{names}。"),
    "clusters.accept": (
        "To take it, type: regulars run --accept clusters",
        "如需采用，请运行：regulars run --accept clusters",
    ),
}

_MOVES = {
    "no_rhythm": ("No rhythm yet", "尚无购买节奏"),
    "rhythm.title": ("Against their own rhythm", "与自身节奏相比"),
    "rhythm.note": (
        "Who changed between {compare_on} and {as_of}, each held to their own usual gap, and what "
        "they spent in the 90 days up to either day; where the days are less than 90 days apart, "
        "the two spans overlap.",
        "比较 {compare_on} 与 {as_of}，以每位客户自身的惯常间隔衡量；"
        "金额为截至两日的近 90 天净消费；两日相距不足 90 天时，两段时间有重叠。",
    ),
    "rhythm.change": ("What changed", "变化"),
    "rhythm.before": ("90 days to {compare_on}", "截至 {compare_on} 的 90 天"),
    "rhythm.now": ("90 days to {as_of}", "截至 {as_of} 的 90 天"),
    "rhythm.difference": ("Difference", "差额"),
    "rhythm.slowed": ("Slowed down", "消费放缓"),
    "rhythm.lapsed": ("Lapsed", "流失"),
    "rhythm.returned": ("Came back into rhythm", "恢复节奏"),
    "rhythm.came": ("First came", "首次消费"),
    "rhythm.said.slowed": (
        "{customers} came later than they used to: from {before} in 90 days to {now}.",
        "{customers}未按惯常节奏到店，90 天消费：{before} → {now}。",
    ),
    "rhythm.said.lapsed": (
        "{customers} stayed away for more than four usual gaps: from {before} in 90 days to {now}.",
        "{customers}已超过四倍惯常间隔未消费，90 天消费：{before} → {now}。",
    ),
    "rhythm.said.returned": (
        "{customers} had been slipping and bought again: from {before} in 90 days to {now}.",
        "{customers}此前松动、现已恢复消费，90 天消费：{before} → {now}。",
    ),
    "rhythm.said.came": (
        "{customers} bought for the first time, for {now}.",
        "{customers}首次消费，共 {now}。",
    ),
    "migration.money": (
        "Money moved along: who climbed went from {climbed_before} in 90 days to {climbed_now}, "
        "who slipped from {slipped_before} to {slipped_now}.",
        "资金随之变动：升层客户的 90 天消费：{climbed_before} → {climbed_now}；"
        "降层客户：{slipped_before} → {slipped_now}。",
    ),
    "migration.before": ("90 days before", "此前 90 天"),
    "migration.now": ("90 days now", "近 90 天"),
}

CLUSTER_SENTENCES: dict[str, tuple[str, str]] = {
    **{f"trait.{code}": words for code, words in _TRAITS.items()},
    **_CLUSTERS,
    **_MOVES,
}
