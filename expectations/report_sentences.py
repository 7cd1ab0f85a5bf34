"""What the report says, English and Chinese, keyed by code; a part of the catalogue."""

from __future__ import annotations

_SEGMENT_MEANINGS = {
    "champions": (
        "Bought very recently and buy often",
        "近期刚消费且消费频繁",
    ),
    "loyal": ("Buy often and were here not long ago", "消费频繁，近期有消费"),
    "potential_loyalist": ("Recent, with a few orders so far", "近期有消费，已有数次购买"),
    "new": ("Bought very recently, with the fewest orders", "近期刚消费，订单数处于最低一档"),
    "promising": (
        "Bought fairly recently, with the fewest orders",
        "较近消费过，订单数处于最低一档",
    ),
    "need_attention": ("Average in every way, and drifting", "各项居中，开始松动"),
    "about_to_sleep": (
        "Buy little and have not been here for a while",
        "消费较少，已有一段时间未到店",
    ),
    "at_risk": ("Used to buy regularly, have stayed away", "过去经常消费，近期没有再来"),
    "cant_lose": (
        "Were among the most frequent, have stayed away",
        "曾是最常消费的客户，近期没有再来",
    ),
    "hibernating": ("Bought little, and long ago", "消费少，且久未消费"),
    "no_purchase": ("No order that was not returned", "没有未被退回的订单"),
}

_SEGMENT_ADVICE = {
    "champions": ("Thank them; early access, no discounts", "致谢与优先体验，不必打折"),
    "loyal": ("Offer adjacent categories; ask for referrals", "推荐关联品类，邀请转介绍"),
    "potential_loyalist": (
        "Invite to the programme; reward the next visit",
        "引导入会，奖励下一次到店",
    ),
    "new": ("Welcome them; bring about the next purchase", "做好迎新，促成下一单"),
    "promising": ("Remind them with a small, dated offer", "以限时小额优惠提醒复购"),
    "need_attention": ("Show what is new in what they bought", "推送其常购品类的新品"),
    "about_to_sleep": ("Remind now, while it is cheap", "趁成本低及早唤醒"),
    "at_risk": ("Write personally; find out what went wrong", "个性化触达，了解原因"),
    "cant_lose": ("Call or visit; a win-back offer worth having", "专人回访，给出有分量的挽回方案"),
    "hibernating": ("One cheap reminder, then leave in peace", "低成本提醒一次，不再投入"),
    "no_purchase": ("Check the returns; otherwise do nothing", "核查退货原因，其余不作动作"),
}

_LIFECYCLE_MEANINGS = {
    "new": ("One order, and it is recent", "仅一单，且在近期"),
    "active": ("Within their usual rhythm", "仍在惯常购买节奏内"),
    "slowing": ("Later than usual", "比惯常间隔晚"),
    "lapsing": ("Far later than usual", "远超惯常间隔"),
    "lapsed": ("More than four usual gaps away", "超过四倍惯常间隔"),
    "reactivated": ("Back after a long break", "久未消费后重新消费"),
}

_HEADLINES = {
    "headline.no_customers": (
        "No customer bought anything up to {as_of}.",
        "截至 {as_of} 没有客户消费。",
    ),
    "headline.customers": (
        "{customers} spent {spend} up to {as_of}, returns taken off.",
        "截至 {as_of}，{customers}累计净消费 {spend}（已扣除退货）。",
    ),
    "headline.top_segment": (
        "{segment}: {customers_share} of customers, {spend_share} of all spend.",
        "{segment}占客户数的 {customers_share}，贡献了 {spend_share} 的消费。",
    ),
    "headline.at_risk": (
        "By RFM segment, who they are now: slipping away ({segments}), {customers} who spent "
        "{spend} so far.",
        "按 RFM 分层（客户的现状）：{customers}正在流失（{segments}），其累计消费 {spend}。",
    ),
    "headline.slipped": (
        "{customers} slipped to a weaker segment since {compare_on}; they had spent {spend}.",
        "与 {compare_on} 相比，{customers}降至较弱的分层，其累计消费 {spend}。",
    ),
    "headline.slipped_few": (
        "{customers} slipped to a weaker segment since {compare_on}.",
        "与 {compare_on} 相比，{customers}降至较弱的分层。",
    ),
    "headline.joined": (
        "{customers} bought for the first time after {compare_on}.",
        "{compare_on} 之后，{customers}首次消费。",
    ),
    "headline.no_comparison": (
        "Nothing to compare with yet: {compare_on} is before the first sale on record.",
        "暂无对比：{compare_on} 早于首笔交易记录。",
    ),
    "headline.month": (
        "Net sales in {month} were {net}.",
        "{month} 净销售额为 {net}。",
    ),
    "headline.month_up": (
        "Net sales in {month} were {net}, up {change} on {month_before}.",
        "{month} 净销售额为 {net}，较 {month_before} 增长 {change}。",
    ),
    "headline.month_down": (
        "Net sales in {month} were {net}, down {change} on {month_before}.",
        "{month} 净销售额为 {net}，较 {month_before} 下降 {change}。",
    ),
    "headline.topic": (
        "Since {since} customers speak of something new: “{term}”.",
        "自 {since} 以来顾客反馈中出现新话题：“{term}”。",
    ),
    "headline.hotspot": (
        "{place}: {share} of its feedback is unhappy, {expected} would be usual.",
        "{place} 的反馈中 {share} 为不满，同类一般为 {expected}。",
    ),
    "headline.csat_down": (
        "Satisfaction (CSAT) since {since} is {share}, after {before} in as many weeks before; "
        "chance hardly explains it.",
        "{since} 以来满意度（CSAT）为 {share}，此前同样长的时间为 {before}，难以用偶然解释。",
    ),
    "headline.overdue": (
        "Complaints and calls that wait beyond the target: {n}.",
        "逾期未响应或未解决的投诉与来电共 {n} 条。",
    ),
    "headline.overdue.one": (
        "{n} complaint or call waits beyond the target.",
        "有 {n} 条投诉或来电逾期未响应或未解决。",
    ),
    "headline.refused": (
        "{rows} of {rows_total} that came in were refused ({share}).",
        "共收到 {rows_total}数据，其中 {rows} 行被拒收（{share}）。",
    ),
    "headline.refused.one": (
        "{rows} of {rows_total} that came in was refused ({share}).",
        "共收到 {rows_total}数据，其中 {rows} 行被拒收（{share}）。",
    ),
    "headline.nothing_refused.one": (
        "The only row that came in was readable.",
        "共收到 1 行数据，可用，未被拒收。",
    ),
    "headline.nothing_refused": (
        "All {rows_total} that came in were readable; none was refused.",
        "共收到 {rows_total}数据，全部可用，无一拒收。",
    ),
}

_NUMBERS = {
    "counted.customers": ("{n} customers", "{n} 位客户"),
    "counted.customers.one": ("{n} customer", "{n} 位客户"),
    "counted.customers.some": ("Some customers", "部分客户"),
    "counted.customers.few": ("Fewer than {n} customers", "不足 {n} 位客户"),
    "counted.pieces": ("{n} pieces of feedback", "{n} 条反馈"),
    "counted.pieces.one": ("{n} piece of feedback", "{n} 条反馈"),
    "counted.rows": ("{n} rows", "{n} 行"),
    "counted.rows.one": ("{n} row", "{n} 行"),
    "money": ("{currency} {amount}", "{amount} {currency}"),
    "money.million": ("{currency} {amount} million", "{amount} 百万{currency}"),
    "money.billion": ("{currency} {amount} billion", "{amount} 十亿{currency}"),
    "money.ten_thousand": ("{currency} {amount} × 10,000", "{amount} 万{currency}"),
    "money.hundred_million": ("{currency} {amount} × 100 million", "{amount} 亿{currency}"),
    "currency.CNY": ("CNY", "元"),
    "currency.EUR": ("EUR", "欧元"),
    "currency.GBP": ("GBP", "英镑"),
    "currency.HKD": ("HKD", "港元"),
    "currency.JPY": ("JPY", "日元"),
    "currency.SGD": ("SGD", "新加坡元"),
    "currency.USD": ("USD", "美元"),
    "unit.one": ("{currency}", "{currency}"),
    "unit.thousand": ("thousand {currency}", "千{currency}"),
    "unit.ten_thousand": ("ten thousand {currency}", "万{currency}"),
    "unit.million": ("million {currency}", "百万{currency}"),
    "unit.hundred_million": ("hundred million {currency}", "亿{currency}"),
    "list.separator": (", ", "、"),
}

_SECTIONS = {
    "report.title": ("{chain}: customers as of {as_of}", "{chain}客户分析报告（截至 {as_of}）"),
    "report.kind": ("Customer report", "客户分析报告"),
    "report.as_of": ("as of {as_of}", "截至 {as_of}"),
    "report.compared": ("compared with {compare_on}", "对比 {compare_on}"),
    "report.amounts": (
        "amounts in {currency}, rounded for display",
        "金额单位：{currency}，显示时取整",
    ),
    "report.star": (
        "<{n}: fewer than {n} customers. ∗: one more number that is hidden, because with the "
        "totals it would give such a small one away.",
        "<{n} 表示不足 {n} 位客户；∗ 表示另隐去的一项，以免由合计反推出上述小数目。",
    ),
    "report.to": ("to", "至"),
    "report.redacted": (
        "This report told of people whose data has been erased since. To have it without them: "
        "regulars run",
        "本报告曾涉及已被删除资料的人员，内容已移除。请运行 regulars run 重新生成。",
    ),
    "report.none": ("Nothing to show.", "暂无数据。"),
    "report.total": ("Total", "合计"),
    "headlines.title": ("Worth knowing", "要点"),
    "sales.title": ("Sales by month", "月度销售"),
    "sales.note": (
        "Each return is booked on its own day. All receipts count, those without a member too.",
        "退货计入退货当日。包含全部小票，含非会员小票。",
    ),
    "sales.shortened": (
        "The last {months} months; all days are in the table sales.",
        "仅列最近 {months} 个月，逐日数据见 sales 表。",
    ),
    "sales.month": ("Month", "月份"),
    "sales.gross": ("Sales", "销售额"),
    "sales.returns": ("Returns", "退货"),
    "sales.net": ("Net", "净额"),
    "sales.legend_net": ("Net sales", "净销售额"),
    "sales.legend_partial": ("Net sales, part of a month", "净销售额（非完整月）"),
    "sales.legend_returns": ("Returns", "退货"),
    "sales.partial": ("part of a month", "非完整月"),
    "segments.title": ("Who the customers are", "客户分层"),
    "segments.note": (
        "By how recently and how often they bought. The order runs from strongest to weakest.",
        "按最近一次消费时间与消费频次划分，自强至弱排列。",
    ),
    "segments.versus_risk": (
        "A segment says who customers are now. Who is expected not to buy within the next "
        "{horizon} days is told by churn risk, further down: some of a strong segment are at risk, "
        "and some of a weak one come back, so the two numbers differ.",
        "分层说明客户的现状；未来 {horizon} 天内预计不再消费的是哪些客户，见下文“流失风险”。"
        "强分层中也有高风险客户，弱分层中也有会再来的客户，因此两处人数不同。",
    ),
    "segments.segment": ("Segment", "分层"),
    "segments.customers": ("Customers", "客户数"),
    "segments.change": ("Since {compare_on}", "较 {compare_on}"),
    "segments.customers_share": ("Share of customers", "客户占比"),
    "segments.spend": ("Spend", "累计消费"),
    "segments.spend_share": ("Share of spend", "消费占比"),
    "segments.recency": ("Days since last order, mean", "平均距今天数"),
    "segments.orders": ("Orders each, mean", "人均订单数"),
    "segments.spend_mean": ("Spend each, mean", "人均消费"),
    "segments.meaning": ("Who they are", "客户特征"),
    "segments.advice": ("What to do next", "建议动作"),
    "migration.title": ("Who moved where", "分层迁移"),
    "migration.note": (
        "Rows: the segment on {compare_on}. Columns: the segment now. The darker, the larger "
        "the share of its row.",
        "行为 {compare_on} 的分层，列为当前分层。颜色越深，占该行的比例越大。",
    ),
    "migration.none": (
        "No comparison: {compare_on} is before the first sale on record.",
        "暂无对比：{compare_on} 早于首笔交易记录。",
    ),
    "migration.hidden": (
        "Nearly every cell of the table of moves would be hidden, because fewer than {n} customers "
        "moved each way; all moves are in the table segment_migration.",
        "各迁移路径大多不足 {n} 人，迁移表几乎全部需要隐去，故不列出；全部数据见 "
        "segment_migration 表。",
    ),
    "migration.from": ("From \\ to", "原分层 \\ 现分层"),
    "migration.biggest": ("The biggest moves", "主要迁移"),
    "migration.move": ("Move", "迁移"),
    "migration.arrow": ("{previous} → {current}", "{previous} → {current}"),
    "migration.up": ("up", "上升"),
    "migration.down": ("down", "下降"),
    "migration.direction": ("Direction", "方向"),
    "migration.share": ("Share moved", "占原分层"),
    "migration.spend": ("Their spend", "累计消费"),
    "groups.title": ("Rhythm and value", "生命周期与客户价值"),
    "lifecycle.title": ("Where customers are in their own rhythm", "生命周期阶段"),
    "lifecycle.stage": ("Stage", "阶段"),
    "value_type.title": ("Value types", "客户价值八分类"),
    "value_type.type": ("Type", "类型"),
    "value_type.note": (
        "Key types spent at least the mean; general types less.",
        "“重要”类累计消费不低于均值，“一般”类低于均值。",
    ),
    "groups.customers": ("Customers", "客户数"),
    "groups.share": ("Share", "占比"),
    "groups.spend": ("Spend", "累计消费"),
    "cohorts.title": ("Do new customers come back", "新客留存"),
    "cohorts.note": (
        "Of the customers who began in a month: the share that ordered in each month after it. "
        "A customer begins with the first order; one whose first order on record is near the "
        "data's start, on the day of joining. An asterisk marks a month that is not over.",
        "按起始月份分组，各月再次下单客户的占比。起始月份为首单月份；首笔记录靠近数据起点的客户以入会日期为准。"
        "* 表示该月尚未结束。",
    ),
    "cohorts.cohort": ("Began", "起始月份"),
    "cohorts.size": ("Customers", "客户数"),
    "cohorts.months_since": ("Months since", "起始后第几个月"),
    "cohorts.earlier": ("{first} to {last}", "{first} 至 {last}"),
    "cohorts.shortened": (
        "The last {cohorts} months one by one, earlier ones together; up to {months} months "
        "since. All are in the table cohorts.",
        "最近 {cohorts} 个月逐月列示，更早的合并列示；展示至首单后第 {months} 个月。全部数据见 "
        "cohorts 表。",
    ),
    "cohorts.before_data": ("Customers from before the data", "数据起点之前的客户"),
    "cohorts.before_data_note": (
        "{customers} whose first order on record is so early that it may not be their first; "
        "the share that ordered in each month.",
        "{customers}的首笔记录过早，未必是真正的首单；下表为其各月下单占比。",
    ),
    "cohorts.share": ("Ordered", "下单占比"),
    "intake.title": ("What came in", "数据接收情况"),
    "intake.export": ("Export", "数据类型"),
    "intake.files": ("Files", "文件数"),
    "intake.rows": ("Rows", "行数"),
    "intake.accepted": ("Accepted", "接收"),
    "intake.duplicate": ("There already", "重复"),
    "intake.quarantined": ("Refused", "拒收"),
    "intake.skipped": ("No data", "跳过"),
    "intake.erased": ("Erased", "已抹除"),
    "intake.replaced": ("Later corrected", "后被更正"),
    "intake.delivered": ("Delivered", "交付时间"),
    "intake.deliveries": ("The latest deliveries", "最近批次"),
    "intake.deliveries_more.one": (
        "{n} earlier delivery is in the table loads.",
        "另有 {n} 个更早批次，见 loads 表。",
    ),
    "intake.deliveries_more": (
        "{n} earlier deliveries are in the table loads.",
        "另有 {n} 个更早批次，见 loads 表。",
    ),
    "intake.reasons": ("Why rows were refused", "拒收原因"),
    "intake.reason": ("Reason", "原因"),
    "intake.worst": ("Most of them in", "最集中的文件"),
    "intake.first_line": ("first on line {line}", "首见于第 {line} 行"),
    "intake.worst_files": ("Files with most rows refused", "拒收最多的文件"),
    "intake.file": ("File", "文件"),
    "intake.share": ("Share refused", "拒收占比"),
    "intake.more": (
        "{n} more are in the table quarantine_summary.",
        "其余 {n} 项见 quarantine_summary 表。",
    ),
    "intake.more.one": (
        "{n} more is in the table quarantine_summary.",
        "其余 {n} 项见 quarantine_summary 表。",
    ),
    "intake.superseded_at": ("delivered again on {at}", "已于 {at} 重新交付"),
    "intake.superseded_n": ("{n} in files delivered again", "其中 {n} 行所在文件已重新交付"),
    "gate.table.loads": ("Loaded files", "已加载文件"),
    "gate.table.lines": ("Receipt lines", "小票明细"),
    "gate.table.orders": ("Orders", "订单"),
    "gate.table.returns": ("Returns", "退货"),
    "gate.table.customers": ("Customers", "客户"),
    "gate.table.products": ("Products", "商品"),
    "gate.table.stores": ("Stores", "门店"),
    "gate.table.contacts": ("Messages sent", "营销触达"),
    "gate.table.coupons": ("Coupon uses", "优惠券核销"),
    "gate.table.feedback": ("Feedback", "顾客反馈"),
    "export.transactions": ("Transactions", "交易"),
    "export.customers": ("Customers", "客户"),
    "export.products": ("Products", "商品"),
    "export.stores": ("Stores", "门店"),
    "export.contacts": ("Messages sent", "营销触达"),
    "export.coupons": ("Coupon uses", "优惠券核销"),
    "export.feedback": ("Feedback", "顾客反馈"),
    "method.title": ("How it was computed", "计算说明"),
    "method.as_of": (
        "Everything counts up to {as_of}, that day included, in the time zone {time_zone}.",
        "所有数据统计至 {as_of}（含当日），时区 {time_zone}。",
    ),
    "method.first": ("The first sale on record is of {first_on}.", "首笔交易记录为 {first_on}。"),
    "method.order": (
        "An order counts when something is left of it after returns; spend is sales less returns.",
        "扣除退货后净额为正的订单方为有效订单；消费金额为销售额减退货。",
    ),
    "method.scores": (
        "Recency (days since the last order), frequency (orders) and monetary (spend) score "
        "1 to 5, cut where a fifth of the customers lies between; 5 is best.",
        "最近消费（距最近一单天数）、消费频次（订单数）、消费金额按五分位各计 1–5 分，5 分最优。",
    ),
    "method.segments": (
        "A segment follows from the recency and frequency scores; down means a weaker "
        "segment in the order of the list above.",
        "分层由最近消费与频次得分决定；“下降”指按上表顺序转入更弱的分层。",
    ),
    "method.orphans": (
        "A return without a sale on record lowers spend and net sales; it is in no order, so the "
        "spend in the table cohorts leaves it out and differs by it from the spend shown here.",
        "找不到原销售的退货计入消费金额与净销售额，但不属于任何订单；cohorts 表的消费金额不含此类"
        "退货，与此处相差该部分。",
    ),
    "method.compare": (
        "The comparison is with {n} days earlier, computed anew from the sales up to "
        "{compare_on} with that day's own cut points.",
        "对比日为 {n} 天前（{compare_on}），以截至当日的交易及当日切分点重新计算。",
    ),
    "method.compare.one": (
        "The comparison is with the day before, computed anew from the sales up to "
        "{compare_on} with that day's own cut points.",
        "对比日为前一天（{compare_on}），以截至当日的交易及当日切分点重新计算。",
    ),
    "method.value_types": (
        "Value types compare recency, frequency and spend with the means over customers with "
        "an order.",
        "客户价值八分类以有消费客户的均值为界，比较最近消费、频次与金额的高低。",
    ),
    "method.lifecycle": (
        "Stages compare the days since the last order with the customer's own usual gap.",
        "生命周期阶段以客户自身惯常购买间隔衡量当前间隔。",
    ),
    "method.small": (
        "Hidden, because they could point at persons: among segments, moves, stages, value types, "
        "clusters, risks and first months, cells of fewer than {n} customers are shown as <{n} "
        "without their spend; ∗ hides one more cell where the totals would give a small one away. "
        "Fewer than {n} customers without a purchase are not listed, nor in the total.",
        "为避免指向个人：分层、迁移、生命周期、价值类型、聚类、流失风险与留存表中，"
        "少于 {n} 人的单元格显示为 <{n}，"
        "不显示其消费；若合计可反推出小单元格，则另隐去一格，以 ∗ 表示。"
        "未消费客户不足 {n} 人时不列出，也不计入合计。",
    ),
    "method.shown": (
        "The published tables hide nothing: segments, churn_risk and the others have every number, "
        "for those who plan by them. Pass them on only to those who may know.",
        "所发布的数据表不隐去任何数字：segments、churn_risk 等表含全部数据，供安排行动之用，"
        "请仅转发给有权知悉者。",
    ),
    "method.cut_points": ("Cut points", "切分点"),
    "method.measure": ("Measure", "指标"),
    "method.cut": ("Cut {n}", "第 {n} 切分点"),
    "measure.recency_days": ("Days since the last order", "距最近一单天数"),
    "measure.orders_n": ("Orders", "订单数"),
    "measure.spend": ("Spend", "消费金额"),
    "method.run": (
        "Run {run_id} · contract {contract_version} · regulars {package_version}",
        "运行编号 {run_id} · 契约版本 {contract_version} · regulars {package_version}",
    ),
}

REPORT_SENTENCES: dict[str, tuple[str, str]] = {
    **{f"segment_meaning.{code}": text for code, text in _SEGMENT_MEANINGS.items()},
    **{f"segment_advice.{code}": text for code, text in _SEGMENT_ADVICE.items()},
    **{f"lifecycle_meaning.{code}": text for code, text in _LIFECYCLE_MEANINGS.items()},
    **_HEADLINES,
    **_NUMBERS,
    **_SECTIONS,
}
