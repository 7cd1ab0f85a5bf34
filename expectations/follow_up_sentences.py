"""What is said of follow-ups and of what customers at risk complain of; a part of the catalogue."""

from __future__ import annotations

_REASONS = {
    "complaint_overdue": (
        "What was complained of on {since_on} has waited beyond the target",
        "{since_on} 反映的问题超时未解决",
    ),
    "rating_unanswered": (
        "A rating of 1 or 2 of {since_on} has no answer on record",
        "{since_on} 的 1–2 分评价尚无答复记录",
    ),
    "silent_since_complaint": (
        "Has bought nothing since complaining on {since_on}, though it was settled",
        "{since_on} 的投诉已解决，但客户此后未再消费",
    ),
    "turned_detractor": (
        "Recommended us before and does not any more, by the answer of {since_on}",
        "此前愿意推荐，{since_on} 的回答已不愿推荐",
    ),
}

_CONTACTS = {
    "answer_only": (
        "Answer what was said, offer nothing: no known consent to marketing",
        "只答复所述事项，不作推销：未知或未同意营销",
    ),
    "free": ("May be contacted", "可联系"),
}

_SECTION = {
    "follow_up.note": (
        "An answer to a complaint or to a low rating is service, and owed to everybody; who did "
        "not consent to marketing is answered and offered nothing. Winning back is marketing: only "
        "who consented is listed for it.",
        "答复投诉或低分评价属于服务，对所有客户均应进行；未同意营销的客户只答复、不推销。"
        "挽回属于营销：仅列出已同意的客户。",
    ),
    "silence.note": (
        "Those who complained are compared with purchases of others who had come as often in the "
        "91 days before and had then been away as long. Nobody was dealt out to complain: the "
        "difference shows where to look and proves no cause.",
        "将投诉客户与此前 91 天消费频次相同、当时未消费时长也相同的其他客户的消费相比。"
        "是否投诉并非随机分配：差异提示先看哪里，并不证明因果。",
    ),
}

FOLLOW_UP_SENTENCES: dict[str, tuple[str, str]] = {
    **{f"follow_up.reason.{code}": words for code, words in _REASONS.items()},
    **{f"follow_up.contact.{code}": words for code, words in _CONTACTS.items()},
    **_SECTION,
}
