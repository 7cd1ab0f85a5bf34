"""What the report says of where feedback goes wrong, of new topics and of what is at stake; part
of the catalogue."""

from __future__ import annotations

_PLACES = {
    "place.store": ("Store {id}", "门店 {id}"),
    "place.product": ("Product {id}", "商品 {id}"),
    "place.staff": ("Staff member {id}", "店员 {id}"),
    "place.week": ("The week of {week}", "{week} 当周"),
    "place.store_week": ("{store}, the week of {week}", "{store}，{week} 当周"),
    "place.named": ("{name} ({id})", "{name}（{id}）"),
}

_HOTSPOTS = {
    "hotspots.title": ("Where it goes wrong", "问题出在哪里"),
    "hotspots.intro": (
        "Places with more unhappy pieces in the last 52 weeks than places like them, given what "
        "the other places here account for. Only what is surely above is named, however many were "
        "looked at.",
        "近 52 周内，扣除其他异常之处的影响后，不满仍多于同类的地方。考虑到一并查看了许多地方，"
        "只列出确实偏高的。",
    ),
    "hotspots.none_judged": (
        "No place has enough feedback to be judged.",
        "没有反馈数量足以判断的地方。",
    ),
    "hotspots.kind.store": ("Stores", "门店"),
    "hotspots.kind.product": ("Products", "商品"),
    "hotspots.kind.staff": ("People", "店员"),
    "hotspots.kind.week": ("Weeks", "周"),
    "hotspots.kind.store_week": ("Weeks of one store", "某门店的某一周"),
    "hotspots.said": (
        "{place}: {share} of its {n} pieces are unhappy, {expected} would be usual; surely more, "
        "by {low} to {high} points.",
        "{place}：{n} 条反馈中 {share} 为不满，同类一般为 {expected}；确实偏高，高出 {low} 至 "
        "{high} 个百分点。",
    ),
    "hotspots.said.one": (
        "{place}: {share} of its {n} piece is unhappy, {expected} would be usual; surely more, by "
        "{low} to {high} points.",
        "{place}：{n} 条反馈中 {share} 为不满，同类一般为 {expected}；确实偏高，高出 {low} 至 "
        "{high} 个百分点。",
    ),
    "hotspots.about": ("It stands out in: {categories}.", "尤其集中在：{categories}。"),
    "hotspots.none": (
        "Judged: {n}. None stands out beyond chance.",
        "已检查 {n} 个，未见明显异常。",
    ),
    "hotspots.more": (
        "{n} more are in the table feedback_hotspots.",
        "另有 {n} 个，见 feedback_hotspots 表。",
    ),
    "hotspots.more.one": (
        "{n} more is in the table feedback_hotspots.",
        "另有 {n} 个，见 feedback_hotspots 表。",
    ),
    "hotspots.note": (
        "It tells where to look, not whose fault it is: who works the hours of the longest queues "
        "hears the most. Talk to people before you judge them.",
        "这里提示先看哪里，并不认定责任：排队最久的时段当班的人听到的抱怨也最多。评判个人之前请先沟通。",
    ),
}

_TOPICS = {
    "topics.title": ("New topics", "新出现的话题"),
    "topics.none": (
        "Nothing new since {latest_from}: no term rose beyond its own past.",
        "自 {latest_from} 以来没有新话题：没有词语明显超出其过往水平。",
    ),
    "topics.now": (
        "Since {latest_from} customers speak much more than before of:",
        "自 {latest_from} 以来，顾客提及明显增多的有：",
    ),
    "topics.said": (
        "“{term}”: {ratio} times as often as expected ({low} to {high}), in {pieces}.",
        "“{term}”：{pieces}提及，为预期的 {ratio} 倍（{low} 至 {high}）。",
    ),
    "topics.said.new": (
        "“{term}”: in {pieces}, and not once in the 12 weeks before.",
        "“{term}”：{pieces}提及，此前 12 周从未出现。",
    ),
    "topics.said.few": (
        "“{term}”: in fewer than {few} pieces, or of fewer customers.",
        "“{term}”：提及不足 {few} 条或不足 {few} 人。",
    ),
    "topics.first": ("First said on {first_on}.", "首见于 {first_on}。"),
    "topics.main": ("Mostly about: {category}.", "主要涉及：{category}。"),
    "topics.related": ("In the same pieces: {terms}.", "同时提及：{terms}。"),
    "topics.earlier": ("The weeks before", "此前几周"),
    "topics.week": ("Week of", "周（起始日）"),
    "topics.term": ("Term", "词语"),
    "topics.about": ("Mostly about", "主要类别"),
    "topics.pieces": ("Pieces", "条数"),
    "topics.ratio": ("Times as expected", "预期的倍数"),
    "topics.first_said": ("First said", "首次出现"),
    "topics.note": (
        "Each term is held against its own 12 weeks before, and named only where that is beyond "
        "chance however many terms were looked at. Names, phones and the like are masked in the "
        "examples. More are in the table topics.",
        "各词语只与自身此前 12 周相比；虽一并查看了大量词语，只列出确非偶然的。"
        "例句中的姓名、电话等已脱敏。其余见 topics 表。",
    ),
}

_STAKES = {
    "stakes.title": ("Complaints and money", "投诉与客户价值"),
    "stakes.blamed": (
        "What customers at high risk blame",
        "高流失风险客户抱怨什么",
    ),
    "stakes.everything": (
        "{customers} at high or very high risk of leaving were unhappy with something in the last "
        "365 days: {share} of all at such risk, and of other customers {others}. {value} of what "
        "they are expected to spend is at risk.",
        "流失风险高或极高的客户中，有 {customers}近 365 天表达过不满，占此类客户的 {share}；"
        "其他客户为 {others}。他们的潜在流失金额为 {value}。",
    ),
    "stakes.no_risk": (
        "No customer at high risk was unhappy with anything in the last 365 days, or nobody has a "
        "risk yet.",
        "近 365 天没有高流失风险客户表达不满，或尚无风险评分。",
    ),
    "stakes.few": (
        "Fewer than {few} customers at high risk were unhappy: too few to tell of.",
        "表达不满的高流失风险客户不足 {few} 位，不予展示。",
    ),
    "stakes.category": ("About", "类别"),
    "stakes.customers": ("Customers at high risk", "高风险客户数"),
    "stakes.value": ("Value at risk", "潜在流失金额"),
    "stakes.at_risk_share": ("Share of those at high risk", "占高风险不满客户"),
    "stakes.others_share": ("Share of others", "占其他不满客户"),
    "stakes.lift": ("Times as often", "倍数"),
    "stakes.verdict.more": ("more often than others", "明显更多"),
    "stakes.verdict.less": ("less often than others", "明显更少"),
    "stakes.verdict.as": ("about as others", "与其他客户相近"),
    "stakes.verdict.none": ("–", "–"),
    "stakes.note": (
        "Most value at risk first; shares are of customers who were unhappy with anything. What "
        "those who leave blame need not be why they leave.",
        "按潜在流失金额从大到小排列；占比以表达过不满的客户为基数。流失客户所抱怨的，未必是其流失的原因。",
    ),
    "stakes.silence": ("Gone silent after a complaint", "投诉之后不再消费"),
    "stakes.silence.said.up": (
        "Of {customers} {share} bought nothing in the {days}-day span after complaining, of "
        "comparable customers {usual}. That is {low} to {high} points more.",
        "投诉后 {days} 天内，{customers}中有 {share} 未再消费；相似客户为 {usual}，高出 {low} 至 "
        "{high} 个百分点。",
    ),
    "stakes.silence.said.down": (
        "Of {customers} {share} bought nothing in the {days}-day span after complaining, of "
        "comparable customers {usual}. That is {low} to {high} points fewer.",
        "投诉后 {days} 天内，{customers}中有 {share} 未再消费；相似客户为 {usual}，"
        "低 {low} 至 {high} 个百分点。",
    ),
    "stakes.silence.said.unsure": (
        "Of {customers} {share} bought nothing in the {days}-day span after complaining, of "
        "comparable customers {usual}. The difference may be chance.",
        "投诉后 {days} 天内，{customers}中有 {share} 未再消费；相似客户为 {usual}，"
        "差异可能出于偶然。",
    ),
    "stakes.silence.none": (
        "Too few complaints of customers who can be compared with others.",
        "可与相似客户比较的投诉过少。",
    ),
    "stakes.silence.complainers": ("Complainers", "投诉客户数"),
    "stakes.silence.share": ("Bought nothing, {days}-day span", "{days} 天内未再消费"),
    "stakes.silence.usual": ("Comparable customers", "相似客户"),
    "stakes.silence.excess": ("Difference, points", "差异（百分点）"),
    "stakes.follow_ups": ("Whom to call back first", "优先回访名单"),
    "stakes.follow_ups.none": ("Nobody waits to be called back.", "没有需要回访的客户。"),
    "stakes.follow_ups.said": (
        "{customers} should be called back, with {value} at risk between them; {answer_only} of "
        "them without known consent to marketing. Here are the first; the whole list is in "
        "tables/follow_ups.parquet.",
        "应回访 {customers}，潜在流失金额合计 {value}；其中 {answer_only} 位未知或未同意营销。"
        "此处列出排在最前的，完整名单见 tables/follow_ups.parquet。",
    ),
    "stakes.rank": ("Place", "名次"),
    "stakes.customer": ("Customer", "客户"),
    "stakes.why": ("Why", "原因"),
    "stakes.owner": ("Who should call", "由谁回访"),
    "stakes.contact": ("What is allowed", "联系限制"),
}

FEEDBACK_PLACE_SENTENCES: dict[str, tuple[str, str]] = {
    **_PLACES,
    **_HOTSPOTS,
    **_TOPICS,
    **_STAKES,
}
