"""What the gate claims of feedback, and what to do where a claim is not met."""

from __future__ import annotations

CLAIMS: dict[str, tuple[str, str]] = {
    "feedback_unique": (
        "No piece of feedback is on record twice",
        "同一条反馈只记录一次",
    ),
    "feedback_before_landing": (
        "No piece of feedback is of a day after the one on which its file came in",
        "没有晚于文件到达日的反馈",
    ),
    "feedback_customer_known": (
        "Every member who said something is in the list of members or has bought",
        "反馈的会员都在会员档案中或有交易记录",
    ),
    "feedback_order_known": (
        "Every order that feedback is about has come in",
        "反馈涉及的订单都有交易记录",
    ),
    "feedback_product_known": (
        "Every product that feedback is about is in the list of products",
        "反馈涉及的商品都在商品档案中",
    ),
    "feedback_store_known": (
        "Every store that feedback is about is in the list of stores",
        "反馈涉及的门店都在门店档案中",
    ),
    "feedback_kind_told": (
        "Every piece of feedback tells what kind it is",
        "每条反馈都注明类型",
    ),
    "feedback_rating_in_scale": (
        "Every rating is within 1 to 5 once it is brought to that scale",
        "评分换算后都在 1 至 5 之间",
    ),
    "feedback_nps_in_range": (
        "Every likelihood to recommend is between 0 and 10",
        "推荐意愿都在 0 至 10 之间",
    ),
    "feedback_says_something": (
        "Every survey, review and post has a text, a rating or a likelihood to recommend",
        "每条问卷、评价与社交反馈都有内容、评分或推荐意愿",
    ),
    "feedback_times_in_order": (
        "Nothing was settled before it was submitted or answered",
        "没有早于提交或回复的解决时间",
    ),
}

_LISTS = (
    "Export that list again, whole and of the same day as the feedback; look whether both write "
    "the codes alike",
    "请重新导出完整档案，日期与反馈一致；并确认两处编码写法相同",
)
_MAPPING = (
    "Look at which column is mapped to it in regulars.toml, and at what the survey tool exports",
    "请检查 regulars.toml 中该列的映射，以及反馈系统的导出内容",
)

REMEDIES: dict[str, tuple[str, str]] = {
    "feedback_unique": (
        "Move warehouse.duckdb aside: it is built anew from landing/ by the next run",
        "请移开 warehouse.duckdb 后重新运行，将从 landing/ 重建",
    ),
    "feedback_before_landing": (
        "Check the clock of the system that wrote the file, and the time_zone in regulars.toml",
        "请检查导出系统的时钟与 regulars.toml 中的 time_zone",
    ),
    "feedback_customer_known": (
        "Check that the file names members by the id that the receipts bear, and export the list "
        "of members again",
        "请确认文件中的会员号与小票一致，并重新导出会员档案",
    ),
    "feedback_order_known": (
        "Check that the survey tool writes orders as the receipts do; older orders than the data "
        "are harmless",
        "请确认反馈系统中的订单号与小票一致；早于现有数据的订单没有影响",
    ),
    "feedback_product_known": _LISTS,
    "feedback_store_known": _LISTS,
    "feedback_kind_told": (
        "Export the kind with every piece; a piece without one counts in no figure of a kind",
        "请在每条反馈中导出类型；未注明的不计入分类型指标",
    ),
    "feedback_rating_in_scale": _MAPPING,
    "feedback_nps_in_range": _MAPPING,
    "feedback_says_something": _MAPPING,
    "feedback_times_in_order": (
        "Check the clocks of the systems that write the two times",
        "请检查记录两个时间的系统时钟",
    ),
}
