"""What ``regulars explain`` says of one customer; a part of the catalogue."""

from __future__ import annotations

STORY_SENTENCES: dict[str, tuple[str, str]] = {
    "story.title": ("{customer}, as of {as_of}", "{customer}（截至 {as_of}）"),
    "story.segment": ("Segment: {segment}.", "分层：{segment}。"),
    "story.stage": ("Stage: {stage} ({meaning}).", "生命周期阶段：{stage}（{meaning}）。"),
    "story.since": ("First bought on {first_on}.", "首次消费于 {first_on}。"),
    "story.since.or_before": (
        "First seen on {first_on}, so near the start of the data that it may not be the first "
        "time.",
        "首笔记录为 {first_on}，靠近数据起点，未必是真正的首次消费。",
    ),
    "story.member.since": ("A member since {joined_on}.", "{joined_on} 入会。"),
    "story.member": ("A member.", "会员。"),
    "story.no_member": ("Not in the list of members.", "不在会员档案中。"),
    "story.rhythm": (
        "Usually comes every {usual} days, and has now been away for {n} days, {ratio} times that.",
        "通常每 {usual} 天消费一次，现已 {n} 天未消费，为惯常间隔的 {ratio} 倍。",
    ),
    "story.rhythm.today": (
        "Usually comes every {usual} days, and came on this very day.",
        "通常每 {usual} 天消费一次，统计日当天有消费。",
    ),
    "story.rhythm.one": (
        "Usually comes every {usual} days, and has now been away for {n} day, {ratio} times that.",
        "通常每 {usual} 天消费一次，现已 {n} 天未消费，为惯常间隔的 {ratio} 倍。",
    ),
    "story.rhythm.first": (
        "Came once, days ago: {n}; customers here usually come again after {usual} days.",
        "仅消费过一次，距今 {n} 天；本店客户通常 {usual} 天后再来。",
    ),
    "story.not_due": (
        "Not due yet by their own rhythm: whose gaps are longer than the horizon has a high risk "
        "all the same.",
        "按自身节奏尚未到再次消费的时间：惯常间隔长于预测期的客户，风险本就偏高。",
    ),
    "story.risk": (
        "The risk that nothing is bought up to {until} is {risk}: {band}. {lower} of all customers "
        "have a lower one.",
        "至 {until} 没有消费的风险为 {risk}，等级：{band}。全体客户中有 {lower} 的风险更低。",
    ),
    "story.reasons": ("What raises it most:", "推高风险的主要原因："),
    "story.no_reason": ("Nothing raises it by much.", "没有明显推高风险的原因。"),
    "story.reason": ("  {place}. {reason}", "  {place}. {reason}"),
    "story.spent": (
        "Has spent {spend} so far, over {n} orders.",
        "累计消费 {spend}，共 {n} 单。",
    ),
    "story.spent.one": (
        "Has spent {spend} so far, in {n} order.",
        "累计消费 {spend}，共 {n} 单。",
    ),
    "story.expected": (
        "Expected in the next 12 months: {spend}, over {orders} purchase days.",
        "未来 12 个月预期消费 {spend}，预期消费日 {orders} 个。",
    ),
    "story.extrapolated.known_briefly": (
        "That is told from less than a quarter of so long a time (days known: {days}), and in "
        "good part from what other customers did: take it with care.",
        "该预期的依据不足预测期的四分之一（仅观察 {days} 天），"
        "在相当程度上按其他客户的表现推算，请谨慎使用。",
    ),
    "story.extrapolated.came_once": (
        "As there is one purchase day only, what another would be worth is told from other "
        "customers: take it with care.",
        "因仅有一个消费日，再次消费的金额按其他客户推算，请谨慎使用。",
    ),
    "story.no_expected": (
        "What the next 12 months will bring is not forecast.",
        "未作未来 12 个月的消费预测。",
    ),
    "story.at_risk": ("Of that {value} is at risk.", "其中潜在流失金额为 {value}。"),
    "story.said": (
        "Pieces of feedback: {n}, the last on {last_on}.",
        "反馈 {n} 条，最近一次在 {last_on}。",
    ),
    "story.said.rated": (
        "Pieces of feedback: {n}, the last on {last_on}; last rating {rating} of 5.",
        "反馈 {n} 条，最近一次在 {last_on}；最近评分 {rating}（满分 5 分）。",
    ),
    "story.complained": (
        "Complaints and calls in the last year: {n}, the last on {last_on}, mostly about: {about}.",
        "近一年投诉与来电 {n} 次，最近一次在 {last_on}，主要涉及：{about}。",
    ),
    "story.complaint_open": ("One of them is not settled yet.", "其中有尚未解决的。"),
    "story.silent_since_complaint": (
        "Has stayed away since the last of them for much longer than usual.",
        "自最近一次起未再消费，已远超惯常间隔。",
    ),
    "story.cluster": ("Shops like the group: {name}.", "购买行为聚类：{name}。"),
    "story.no_cluster": (
        "In none of the groups by how customers shop.",
        "未归入任何购买行为聚类。",
    ),
}
