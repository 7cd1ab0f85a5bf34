"""What the report says of the value of customers; a part of the catalogue."""

from __future__ import annotations

VALUE_SENTENCES: dict[str, tuple[str, str]] = {
    "value.title": ("What the next 12 months are expected to bring", "未来 12 个月预期价值"),
    "value.total": (
        "The {n} customers of today are expected to spend {spend} in the next 365 days, over "
        "{orders} purchase days between them.",
        "现有 {n} 位客户未来 365 天预计消费 {spend}，合计 {orders} 个消费日。",
    ),
    "value.total.one": (
        "The {n} customer of today is expected to spend {spend} in the next 365 days, over "
        "{orders} purchase days.",
        "现有 {n} 位客户未来 365 天预计消费 {spend}，合计 {orders} 个消费日。",
    ),
    "value.top": (
        "The tenth of them that is expected to spend most accounts for {share} of it.",
        "其中预期消费最高的十分之一客户占 {share}。",
    ),
    "value.tenth": ("Tenth of the customers, by expected spend", "按预期消费排序的十等分"),
    "value.orders_mean": ("Purchase days each, mean", "人均预期消费日"),
    "value.spend_mean": ("Expected spend each, mean", "人均预期消费"),
    "value.spend": ("Expected spend", "预期消费"),
    "value.spend_share": ("Share of it", "占比"),
    "value.note": (
        "Only customers who have bought already count, new ones to come do not; nothing is taken "
        "off for costs or for the wait. The amount of one customer is an average over many like "
        "them, no promise. All are in the table lifetime_value.",
        "仅计已有消费的客户，不含今后新客；未扣成本，未折现。单个客户的数值是同类客户的平均，"
        "并非承诺。全部数据见 lifetime_value 表。",
    ),
    "value.backtest.orders.right": (
        "Looking back: a forecast made 91 days ago expected {ratio} of the purchase days "
        "that came since ({low} to {high}): right within its uncertainty.",
        "回测：91 天前的预测为此后实际消费日数的 {ratio}（{low} 至 {high}），在误差范围内。",
    ),
    "value.backtest.orders.over": (
        "Looking back: a forecast made 91 days ago expected {ratio} of the purchase days "
        "that came since ({low} to {high}): it was too high.",
        "回测：91 天前的预测为此后实际消费日数的 {ratio}（{low} 至 {high}），偏高。",
    ),
    "value.backtest.orders.under": (
        "Looking back: a forecast made 91 days ago expected {ratio} of the purchase days "
        "that came since ({low} to {high}): it was too low.",
        "回测：91 天前的预测为此后实际消费日数的 {ratio}（{low} 至 {high}），偏低。",
    ),
    "value.backtest.spend.right": (
        "Of what was spent in that time it expected {ratio} ({low} to {high}).",
        "预测消费额为实际的 {ratio}（{low} 至 {high}）。",
    ),
    "value.backtest.spend.over": (
        "Of what was spent in that time it expected {ratio} ({low} to {high}): too much.",
        "预测消费额为实际的 {ratio}（{low} 至 {high}），偏高。",
    ),
    "value.backtest.spend.under": (
        "Of what was spent in that time it expected {ratio} ({low} to {high}): too little.",
        "预测消费额为实际的 {ratio}（{low} 至 {high}），偏低。",
    ),
    "value.backtest.plain": (
        "To expect of everybody what they had done in the 91 days before would have given {ratio}.",
        "若直接沿用此前 91 天的消费日数，则为 {ratio}。",
    ),
    "value.orders_by.bg_nbd": (
        "Of two models that differ in it, these purchases are the likelier under the one in which "
        "nobody leaves for good before they came a second time (BG/NBD): who came once counts as "
        "still there, however long ago that was.",
        "两种候选模型中，本店数据更符合“首次复购之前无人永久流失”的模型（BG/NBD）：仅来过一次的客户，"
        "无论多久未再来，均视为仍在。",
    ),
    "value.orders_by.mbg_nbd": (
        "Of two models that differ in it, these purchases are the likelier under the one in which "
        "customers may leave for good after their first purchase already (MBG/NBD).",
        "两种候选模型中，本店数据更符合“首次消费后即可能永久流失”的模型（MBG/NBD）。",
    ),
    "value.extrapolated.known_briefly": (
        "Customers known for less than 91 days: {n}. {spend} of the amount is theirs, told from "
        "less than a quarter of the time that it is for.",
        "观察不足 91 天的客户：{n}。其预期消费 {spend}，依据的时间不到预测期的四分之一。",
    ),
    "value.extrapolated.came_once": (
        "Customers who came on one day only, 91 days ago or longer: {n}. {spend} of the amount is "
        "theirs, told from what others spend.",
        "仅有一个消费日、首次消费已满 91 天的客户：{n}。其预期消费 {spend}，"
        "按其他客户的日均消费推算。",
    ),
    "value.groups.title": (
        "The same by how often they had come, and how long ago",
        "按消费次数与未消费时长的回测",
    ),
    "value.groups.group": ("Customers 91 days ago", "91 天前的客户"),
    "value.groups.expected": ("Purchase days expected", "预期消费日"),
    "value.groups.observed": ("Purchase days that came", "实际消费日"),
    "value.groups.once": ("Came once", "仅一个消费日"),
    "value.groups.again": ("Came again", "有复购"),
    "value.groups.away": (
        "{kind}; days since then: {least} to {most}",
        "{kind}，未消费 {least} 至 {most} 天",
    ),
    "value.groups.away.long": (
        "{kind}; days since then: {least} or more",
        "{kind}，未消费 {least} 天以上",
    ),
    "value.backtest.none": (
        "How such a forecast came true is not known yet: that takes data of half a year and more.",
        "尚无法回测：需要半年以上的数据。",
    ),
    "value.unscored.too_few_customers": (
        "No forecast: fewer than 100 customers have bought, too few to fit one to.",
        "暂无预测：有效消费客户不足 100 位，不足以拟合模型。",
    ),
    "value.unscored.too_few_repeats": (
        "No forecast: fewer than 30 customers came on a second day, too few to fit one to.",
        "暂无预测：复购客户不足 30 位，不足以拟合模型。",
    ),
    "value.unscored.not_converged": (
        "No forecast: the model found no best fit to these purchases. What it ended with is in "
        "manifest.json of the run.",
        "暂无预测：模型未能收敛。详情见本次运行的 manifest.json。",
    ),
    "value.unscored.no_mean_spend": (
        "No forecast of spend: a few purchases are so much larger than the others that their mean "
        "cannot be told. Expected days with a purchase are in the table lifetime_value.",
        "暂无消费额预测：少数消费远大于其余，均值无法确定。预期消费日数见 lifetime_value 表。",
    ),
    "value.limit.no_dropout": (
        "No sign was found that customers leave for good, so the forecast takes all of them as "
        "still there.",
        "数据中未见客户永久流失的迹象，预测视全部客户为仍在。",
    ),
    "value.limit.equal_dropout": (
        "After each purchase every customer was found equally likely to leave for good.",
        "每次消费后，各客户永久流失的可能性相同。",
    ),
    "value.limit.leave_after_one_or_never": (
        "Customers were found to leave for good after their first repeat purchase or never, which "
        "is a sign of data that begin or end in the midst of things.",
        "客户要么在首次复购后即流失，要么从不流失，提示数据的起止可能不完整。",
    ),
    "value.limit.leave_at_once_or_never": (
        "Customers were found to leave for good after their first purchase or never, which is a "
        "sign of data that begin or end in the midst of things.",
        "客户要么在首次消费后即流失，要么从不流失，提示数据的起止可能不完整。",
    ),
    "value.limit.leave_at_once": (
        "Customers were found to leave for good after their first purchase, next to all of them.",
        "客户在首次消费后几乎全部流失。",
    ),
    "value.limit.leave_after_one": (
        "Customers were found to leave for good after their first repeat purchase, all of them.",
        "客户在首次复购后即全部流失。",
    ),
    "value.limit.equal_spend": (
        "Customers were not found to differ in what a purchase day is worth, so every day is "
        "taken at the mean of all.",
        "各客户每个消费日的金额未见差异，故均按总体均值计算。",
    ),
    "value.limit.steady_spend": (
        "Every customer was found to spend the same on each of their purchase days.",
        "同一客户各消费日的金额相同。",
    ),
    "value.limit.equal_pace": (
        "All customers were found to buy at one and the same pace.",
        "所有客户的购买频率相同。",
    ),
}
