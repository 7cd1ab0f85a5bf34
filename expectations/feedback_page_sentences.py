"""What the report says of what customers say, and of how they are answered; part of the catalogue.

Where it goes wrong, new topics and money are in `feedback_place_sentences`.
"""

from __future__ import annotations

from regulars.expectations.feedback_categories import FEEDBACK_CATEGORIES, NO_CATEGORY, OTHER

_KINDS = {
    "survey": ("Surveys", "问卷"),
    "review": ("Reviews", "评价"),
    "complaint": ("Complaints", "投诉"),
    "call": ("Calls", "来电"),
    "social": ("Social posts", "社交媒体"),
    "none": ("Kind not told", "未注明类型"),
}

_SCORES = {
    "csat": ("Satisfied (CSAT): rated 4 or 5 of 5", "满意度（CSAT）：5 分制中 4–5 分的占比"),
    "nps": ("NPS: promoters less detractors", "净推荐值（NPS）：推荐者减贬损者"),
    "negative": ("Unhappy: texts of negative sentiment", "不满占比：文字为负面的占比"),
}

_VERDICTS = {
    "better": ("better", "确有改善"),
    "worse": ("worse", "确有恶化"),
    "unsure": ("no sure change", "变化不明显"),
    "none": ("–", "–"),
}

_OPINION = {
    "opinion.title": ("What customers say", "顾客怎么说"),
    "opinion.none": (
        "No feedback has come in. With surveys, reviews, complaints and calls as an export named "
        "feedback, this page tells what goes wrong, where, for whom, and whether it gets better.",
        "尚未接收到顾客反馈。将问卷、评价、投诉与来电作为 feedback 数据导入后，"
        "此处会说明问题出在哪里、涉及哪些客户、是否在好转。",
    ),
    "opinion.few": (
        "Fewer than {few} customers spoke from {first_on} to {last_on}: too few to tell of.",
        "{first_on} 至 {last_on} 反馈的顾客不足 {few} 人，不予展示。",
    ),
    "opinion.total": (
        "From {first_on} to {last_on}, the last whole weeks ({weeks}), {pieces} came in, "
        "{text_share} of them with a text.",
        "最近 {weeks} 个完整周（{first_on} 至 {last_on}）共收到 {pieces}，{text_share} 附有文字。",
    ),
    "opinion.before": (
        "In as many weeks before it was {before}.",
        "此前同样长的时间为 {before} 条。",
    ),
    "opinion.measure": ("Measure", "指标"),
    "opinion.now": ("Now", "本期"),
    "opinion.range": ("95% range", "95% 区间"),
    "opinion.change": ("Change, points", "较上期（百分点）"),
    "opinion.answers": ("Answers", "回答数"),
    "opinion.kind": ("Kind", "类型"),
    "opinion.pieces": ("Pieces", "条数"),
    "opinion.pieces_change": ("Change", "增减"),
    "opinion.text_share": ("With a text", "附文字"),
    "opinion.csat": ("Satisfied", "满意度"),
    "opinion.negative": ("Unhappy texts", "不满占比"),
    "opinion.note": (
        "Change is against as many weeks before. Better and worse are said only where chance alone "
        "would hardly make the difference (its 95% interval leaves out 0).",
        "“较上期”的对象为此前同样长的时间。仅当差异难以用偶然解释（95% 区间不含 0）时，"
        "才称改善或恶化。",
    ),
    "opinion.segments": ("Who speaks", "哪些客户在反馈"),
    "opinion.segments.note": (
        "Segments are those of today; who is not known is in none.",
        "分层以统计日为准；未识别的顾客不属于任何分层。",
    ),
    "opinion.segment.none": ("Not known", "未识别"),
    "opinion.contradicting": (
        "Rating and text disagree in {share} of the pieces that have both: look at those before "
        "you count on their ratings.",
        "评分与文字相互矛盾的占两者兼有者的 {share}，引用这些评分前请先查看原文。",
    ),
    "opinion.hidden": (
        "<{few}: fewer than {few} customers or pieces, of which nothing more is told. ∗: one more "
        "number that is hidden, because it would give such a small one away.",
        "<{few} 表示不足 {few} 位顾客或不足 {few} 条，不再细列；∗ 表示另隐去的一项，"
        "以免由此反推出上述小数目。",
    ),
    "opinion.chart.title": ("Satisfaction and unhappy texts by week", "每周满意度与不满条数"),
    "opinion.chart.csat": ("Satisfied (CSAT)", "满意度"),
    "opinion.chart.negative": ("Unhappy texts", "不满条数"),
    "opinion.chart.note": (
        "The band is where the true share of the week may lie (95%); pale: a week that is not "
        "over. Weeks of fewer than {few} answers have no point.",
        "色带为当周真实占比的 95% 区间；浅色为尚未结束的一周。回答不足 {few} 条的周不画点。",
    ),
    "opinion.told_by": (
        "How a piece sounds was told by {sources}.",
        "情感由{sources}判定。",
    ),
    "opinion.heard": (
        "Of 100 of your rated {texts} that it had not learned from, the trained model judged "
        "{trained} right ({low} to {high}), the word lists {lexicon}.",
        "对未参与训练的有评分{texts}，训练的模型每 100 条判对 {trained} 条（{low} 至 {high}），"
        "词表判对 {lexicon} 条。",
    ),
    "opinion.texts.zh": ("Chinese texts", "中文文字"),
    "opinion.texts.en": ("English texts", "英文文字"),
    "opinion.by.trained": (
        "a model trained on your own rated texts ({share})",
        "以贵企业有评分的文字训练的模型（{share}）",
    ),
    "opinion.by.lexicon": ("the built-in word lists ({share})", "内置词表（{share}）"),
    "opinion.by.rating": ("the rating alone ({share})", "评分本身（{share}）"),
}

_SUBJECTS = {
    "subjects.title": ("What it is about", "反馈说的是什么"),
    "subjects.none": (
        "No piece of these weeks is about a category.",
        "这段时间没有涉及任何类别的反馈。",
    ),
    "subjects.worst": (
        "What costs most: {category}. Without the pieces about it, {low} to {high} points more "
        "customers would be satisfied.",
        "最拖累满意度的是“{category}”：若不计相关反馈，满意度会高出 {low} 至 {high} 个百分点。",
    ),
    "subjects.no_worst": (
        "No category surely pulls satisfaction down.",
        "没有哪一类确实拉低了满意度。",
    ),
    "subjects.category": ("Category", "类别"),
    "subjects.csat_pull": ("Pull on CSAT, points", "对满意度的影响（百分点）"),
    "subjects.nps_pull": ("Pull on NPS, points", "对 NPS 的影响（点）"),
    "subjects.words": ("Words that decided", "判定依据的词"),
    "subjects.note": (
        "The costliest first. Pull: the figure of all pieces less that of the pieces without the "
        "category; below 0 the category costs. A piece about two things counts in both. The words "
        "are those of pieces about nothing else.",
        "按代价从大到小排列。影响指全部反馈的数值减去不含该类反馈的数值，负值为拉低。"
        "涉及两类的反馈在两类中各计一次；所列的词取自只涉及该类的反馈。",
    ),
}

_HANDLING = {
    "handling.title": ("How complaints and calls are handled", "投诉与来电的处理"),
    "handling.none": ("No complaint or call has come in.", "没有投诉或来电。"),
    "handling.few": (
        "Fewer than {few} customers complained or called from {first_on} to {last_on}: too few to "
        "tell of.",
        "{first_on} 至 {last_on} 投诉或来电的顾客不足 {few} 人，不予展示。",
    ),
    "handling.total": (
        "Complaints and calls from {first_on} to {last_on}: {n}.",
        "{first_on} 至 {last_on} 共有投诉与来电 {n} 条。",
    ),
    "handling.before": ("In as many weeks before: {before}.", "此前同样长的时间为 {before} 条。"),
    "handling.repeat": (
        "{share} came from somebody who had complained or called in the {days} days before.",
        "其中 {share} 来自此前 {days} 天内已投诉或来电过的顾客。",
    ),
    "handling.repeat.one": (
        "{share} came from somebody who had complained or called the day before.",
        "其中 {share} 来自前一天已投诉或来电过的顾客。",
    ),
    "handling.open": (
        "Open on {as_of}, of whatever day: {open}; waiting beyond the target: {overdue}.",
        "截至 {as_of}，未解决的（不限日期）共 {open} 条，其中逾期 {overdue} 条。",
    ),
    "handling.all_settled": ("All are settled.", "全部已解决。"),
    "handling.step": ("Step", "环节"),
    "handling.response": (
        "First answer (target: {hours} hours)",
        "首次响应（时限 {hours} 小时）",
    ),
    "handling.resolution": (
        "Settlement (target: {hours} hours)",
        "解决（时限 {hours} 小时）",
    ),
    "handling.median": ("Half within, hours", "中位数（小时）"),
    "handling.p90": ("Nine of ten within, hours", "九成不超过（小时）"),
    "handling.in_target": ("Within the target", "达标率"),
    "handling.slowest.store": (
        "Stores with ten or more, least in time first",
        "十条及以上的门店，达标率由低到高",
    ),
    "handling.slowest.staff": (
        "People with ten or more, least in time first",
        "十条及以上的店员，达标率由低到高",
    ),
    "handling.slowest.category": (
        "Matters with ten or more, least in time first",
        "十条及以上的类别，达标率由低到高",
    ),
    "handling.of.store": ("Store", "门店"),
    "handling.of.staff": ("Person", "店员"),
    "handling.of.category": ("Category", "类别"),
    "handling.pieces": ("Pieces", "条数"),
    "handling.response_median": ("First answer, median hours", "响应中位数（小时）"),
    "handling.resolution_median": ("Settlement, median hours", "解决中位数（小时）"),
    "handling.resolution_in_target": ("Settled within the target", "解决达标率"),
    "handling.open_n": ("Open", "未解决"),
    "handling.overdue_n": ("Overdue", "逾期"),
    "handling.repeat_n": ("Repeats", "重复"),
    "handling.note": (
        "Whatever waits beyond the target counts as not within it; hours are of those that were "
        "answered or settled. Stores, people and categories of fewer than {few} customers are not "
        "listed; all are in the table complaints.",
        "逾时未响应或未解决的计为未达标；时长仅计已响应或已解决的。不足 {few} 人的门店、店员与类别"
        "不列出，全部数据见 complaints 表。",
    ),
    "handling.oldest": ("Waiting longest", "等待最久的未解决反馈"),
    "handling.feedback_id": ("Piece", "反馈编号"),
    "handling.submitted_on": ("Since", "提交日期"),
    "handling.waited": ("Days", "已等天数"),
    "handling.about": ("About", "类别"),
    "handling.state": ("State", "状态"),
    "handling.state.answered": ("answered, not settled", "已响应，未解决"),
    "handling.state.unanswered": ("not answered", "未响应"),
    "handling.state.overdue": ("overdue", "逾期"),
}

FEEDBACK_PAGE_SENTENCES: dict[str, tuple[str, str]] = {
    **{f"category.{code}": category.label for code, category in FEEDBACK_CATEGORIES.items()},
    f"category.{OTHER}": NO_CATEGORY.label,
    **{f"feedback_kind.{code}": words for code, words in _KINDS.items()},
    **{f"opinion.score.{code}": words for code, words in _SCORES.items()},
    **{f"opinion.verdict.{code}": words for code, words in _VERDICTS.items()},
    **_OPINION,
    **_SUBJECTS,
    **_HANDLING,
}
