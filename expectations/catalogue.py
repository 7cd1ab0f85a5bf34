"""The one catalogue of sentences and labels, English and Chinese, keyed by code.

Tables and the ledger store codes and parameters; whatever a person reads is said here. Values
that stand in tables (segments, value types, lifecycle stages, reasons) are keyed by the value
itself; what only the report says is keyed ``report.…``, ``headline.…`` and so on.
"""

from __future__ import annotations

from collections.abc import Mapping
from string import Formatter
from typing import Literal

from regulars.expectations.check_sentences import CHECK_SENTENCES
from regulars.expectations.churn_sentences import CHURN_SENTENCES
from regulars.expectations.cluster_sentences import CLUSTER_SENTENCES
from regulars.expectations.feedback_page_sentences import FEEDBACK_PAGE_SENTENCES
from regulars.expectations.feedback_place_sentences import FEEDBACK_PLACE_SENTENCES
from regulars.expectations.follow_up_sentences import FOLLOW_UP_SENTENCES
from regulars.expectations.quality_sentences import QUALITY_SENTENCES
from regulars.expectations.report_sentences import REPORT_SENTENCES
from regulars.expectations.story_sentences import STORY_SENTENCES
from regulars.expectations.value_sentences import VALUE_SENTENCES

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")

SEGMENTS: dict[str, tuple[str, str]] = {
    "champions": ("Champions", "核心客户"),
    "loyal": ("Loyal", "忠诚客户"),
    "potential_loyalist": ("Potential loyalists", "潜在忠诚客户"),
    "new": ("New", "新客户"),
    "promising": ("Promising", "潜力客户"),
    "need_attention": ("Need attention", "需关注客户"),
    "about_to_sleep": ("About to sleep", "即将沉睡客户"),
    "at_risk": ("At risk", "流失风险客户"),
    "cant_lose": ("Can't lose", "重点挽回客户"),
    "hibernating": ("Hibernating", "沉睡客户"),
    "no_purchase": ("No purchase", "无有效消费"),
    "not_seen": ("Not seen yet", "尚未出现"),
}

VALUE_TYPES: dict[str, tuple[str, str]] = {
    "key_value": ("Key: high value", "重要价值"),
    "key_develop": ("Key: to develop", "重要发展"),
    "key_keep": ("Key: to keep", "重要保持"),
    "key_retain": ("Key: to win back", "重要挽留"),
    "general_value": ("General: regular value", "一般价值"),
    "general_develop": ("General: to develop", "一般发展"),
    "general_keep": ("General: to keep", "一般保持"),
    "general_retain": ("General: to win back", "一般挽留"),
}

LIFECYCLE_STAGES: dict[str, tuple[str, str]] = {
    # A customer is new in the same word whether by segment or by stage: one code, one label.
    "new": SEGMENTS["new"],
    "active": ("Active", "活跃"),
    "slowing": ("Slowing down", "消费放缓"),
    "lapsing": ("Lapsing", "濒临流失"),
    "lapsed": ("Lapsed", "已流失"),
    "reactivated": ("Came back", "回流"),
}

QUARANTINE_REASONS: dict[str, tuple[str, str]] = {
    "missing_value": ("{column} is empty", "{column} 为空"),
    "not_a_number": ("{column} is not a number", "{column} 不是数字"),
    "too_many_places": (
        "{column} has more than {places} decimal places",
        "{column} 的小数位数超过 {places} 位",
    ),
    "too_large": ("{column} is too large to be stored", "{column} 的数值过大，无法存储"),
    "not_a_date": (
        "{column} is not a date or time in a known format",
        "{column} 不是可识别的日期或时间",
    ),
    "not_a_whole_number": ("{column} is not a whole number", "{column} 不是整数"),
    "not_a_flag": ("{column} is neither yes nor no", "{column} 不是“是/否”值"),
    "not_a_choice": ("{column} is none of {choices}", "{column} 不是 {choices} 之一"),
    "not_a_scale": (
        "{column} is no scale such as 5, 1-5 or 0-10",
        "{column} 不是 5、1-5、0-10 这类评分量表",
    ),
    "outside_scale": (
        "{column} is outside its scale; say the scale in {column}_scale, or under [feedback] in "
        "regulars.toml",
        "{column} 超出量表范围；请在 {column}_scale 列或 regulars.toml 的 [feedback] 中写明量表",
    ),
    "not_an_nps": (
        "{column} is not a whole number from 0 to 10",
        "{column} 不是 0 到 10 的整数",
    ),
    "before_it_happened": (
        "{column} is before the row itself happened",
        "{column} 早于该行本身的时间",
    ),
    "in_the_future": (
        "{column} is later than {landed_on}, the day the file arrived",
        "{column} 晚于文件到达日 {landed_on}",
    ),
    "wrong_currency": ("currency is not {expected}", "币种不是 {expected}"),
    "order_conflict": (
        "one order with two customers, stores or days; an order is told apart by {order_key}",
        "同一订单出现不同的客户、门店或日期；当前以 {order_key} 区分订单",
    ),
    "conflicting_key": (
        "two different rows with the same {key} in one delivery",
        "同一批次中 {key} 相同的两行内容不一致",
    ),
    "too_many_columns": ("the row has more fields than the header", "该行字段数多于表头"),
    "row_too_long": ("the row is longer than two megabytes", "该行超过 2 MB"),
    "too_few_columns": ("the row has fewer fields than the header", "该行字段数少于表头"),
    "unclosed_quote": ("a quotation mark is opened and never closed", "引号未闭合"),
    "invalid_encoding": (
        "the row holds bytes that are no text in the file's encoding",
        "该行含有无法按文件编码解读的字节",
    ),
    "damaged_id": (
        "{column} was turned into a number such as 1.23E+17, as Excel does; export it as text",
        "{column} 已变成 1.23E+17 这类科学计数法（常因 Excel 另存所致），请以文本格式重新导出",
    ),
    "error_cell": (
        "{column} is an error of the spreadsheet, such as #N/A",
        "{column} 为表格错误值（如 #N/A），请在原表中修正公式",
    ),
    "ambiguous_date": (
        "{column} may be day-month or month-day; say which in regulars.toml, "
        'such as dates = ["%d-%m-%Y"]',
        '{column} 的日、月先后不明，请在 regulars.toml 中写明，如 dates = ["%d-%m-%Y"]',
    ),
    "implausible_date": ("{column} is before 1990", "{column} 早于 1990 年"),
    "undeclared_thousands": (
        '{column} has thousands separators; say so in regulars.toml: thousands = ","',
        '{column} 带有千位分隔符，请在 regulars.toml 中写明 thousands = ","',
    ),
    "undeclared_decimal": (
        '{column} has a decimal comma; say so in regulars.toml: decimal = "," '
        '(and thousands = "." where they are set off)',
        '{column} 使用逗号作小数点，请在 regulars.toml 中写明 decimal = ","（如有千位点，另写 '
        'thousands = "."）',
    ),
    "nested_value": (
        "{column} holds an object or a list where one value belongs",
        "{column} 为对象或列表，而非单个值",
    ),
    "nul_byte": ("the row holds a NUL byte", "该行含有空字节（NUL）"),
    "invalid_row": ("the row cannot be read", "该行无法解析"),
}

# Lines that are no data: told, counted, and not refused.
SKIPPED: dict[str, tuple[str, str]] = {
    "skipped.preamble": ("above the header", "表头之前的行"),
    "skipped.total_row": ("a row of totals", "合计行"),
    "skipped.repeated_header": ("the header again", "重复的表头"),
    "skipped.blank_row": ("a row of empty cells", "空行"),
}

# The same reasons said of many rows at once, where only the column is known.
REFUSALS: dict[str, tuple[str, str]] = {
    f"refused.{code}": sentence
    for code, sentence in (
        QUARANTINE_REASONS
        | {
            "too_many_places": ("{column} has too many decimal places", "{column} 的小数位数过多"),
            "not_a_choice": (
                "{column} is none of the words that it may be",
                "{column} 不是可识别的取值",
            ),
            "in_the_future": (
                "{column} is later than the day the file arrived",
                "{column} 晚于文件到达日",
            ),
            "wrong_currency": ("not in the chain's currency", "币种与本企业结算币种不符"),
            "order_conflict": (
                "one order number with two customers, stores or days",
                "同一订单号对应不同的客户、门店或日期",
            ),
            "conflicting_key": (
                "two different rows for one line or event in the same delivery",
                "同一批次中同一明细行或同一事件出现两种内容",
            ),
        }
    ).items()
}

CATALOGUE: dict[str, tuple[str, str]] = (
    SEGMENTS
    | VALUE_TYPES
    | LIFECYCLE_STAGES
    | QUARANTINE_REASONS
    | REFUSALS
    | SKIPPED
    | CHECK_SENTENCES
    | REPORT_SENTENCES
    | CLUSTER_SENTENCES
    | CHURN_SENTENCES
    | QUALITY_SENTENCES
    | STORY_SENTENCES
    | FEEDBACK_PAGE_SENTENCES
    | FEEDBACK_PLACE_SENTENCES
    | FOLLOW_UP_SENTENCES
    | VALUE_SENTENCES
)


def parameters_of(template: str) -> frozenset[str]:
    """The names in braces.

    >>> sorted(parameters_of("{column} has more than {places} decimal places"))
    ['column', 'places']
    """
    return frozenset(name for _, name, _, _ in Formatter().parse(template) if name is not None)


def say(
    code: str,
    language: str,
    /,
    *,
    labels: Mapping[str, str] | None = None,
    **parameters: object,
) -> str:
    """The sentence or label of a code.

    ``labels`` are a chain's own words for codes, such as the segments it defined; they come
    first and are taken as they are. Parameters the sentence does not name are ignored.

    Raises:
        KeyError: the code, the language or a parameter of the sentence is not known; names it.

    >>> say("too_many_places", "en", column="amount", places=2)
    'amount has more than 2 decimal places'
    >>> say("champions", "zh")
    '核心客户'
    >>> say("vip", "en", labels={"vip": "Our best"})
    'Our best'
    """
    if labels is not None and code in labels:
        return labels[code]
    if code not in CATALOGUE:
        unknown = f"the catalogue has no sentence for the code {code!r}"
        raise KeyError(unknown)
    if language not in LANGUAGES:
        unknown = f"the catalogue speaks {' and '.join(LANGUAGES)}, not {language!r}"
        raise KeyError(unknown)
    template = CATALOGUE[code][LANGUAGES.index(language)]
    missing = sorted(parameters_of(template) - parameters.keys())
    if missing:
        lacking = f"the sentence {code!r} needs {', '.join(missing)}"
        raise KeyError(lacking)
    return template.format(**parameters)


def has_sentence(code: str) -> bool:
    """Whether the catalogue knows the code: a segment a chain defined has no advice here.

    >>> has_sentence("segment_advice.champions"), has_sentence("segment_advice.vip")
    (True, False)
    """
    return code in CATALOGUE
