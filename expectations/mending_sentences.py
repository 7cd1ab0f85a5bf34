"""What to do about a refused row, and the words of the workbook that refused rows are mended in."""

from __future__ import annotations

REMEDIES: dict[str, tuple[str, str]] = {
    "missing_value": (
        "write the value into the empty cell",
        "在空单元格中补填该值",
    ),
    "not_a_number": (
        "write a plain number such as 1234.50, without words",
        "改为纯数字，如 1234.50，不带文字",
    ),
    "undeclared_thousands": (
        "take the separators out; for a whole file, set thousands in regulars.toml",
        "去掉千位分隔符；若整个文件如此，请在 regulars.toml 中设置 thousands",
    ),
    "undeclared_decimal": (
        "write a decimal point; for a whole file, set decimal in regulars.toml",
        "小数点请用“.”；若整个文件如此，请在 regulars.toml 中设置 decimal",
    ),
    "nested_value": (
        "write one plain value, or export the column flat",
        "改为单个值，或以平铺的列重新导出",
    ),
    "nul_byte": (
        "rewrite the row without the NUL byte; the file may have been damaged on its way",
        "去掉空字节后重填该行；文件可能在传输中受损",
    ),
    "too_many_places": (
        "write the amount that was really received, without the further places",
        "按实际金额填写，去掉多余的小数位",
    ),
    "too_large": (
        "look whether a number of another column slipped in, and correct it",
        "检查是否误填了其他列的数字，并更正",
    ),
    "not_a_date": (
        "write the date as 2026-01-31, with its time as 2026-01-31 18:05:00",
        "日期写作 2026-01-31，含时间写作 2026-01-31 18:05:00",
    ),
    "ambiguous_date": (
        "write the date as 2026-01-31; for a whole file, set dates in regulars.toml",
        "日期写作 2026-01-31；若整个文件如此，请在 regulars.toml 中设置 dates",
    ),
    "implausible_date": (
        "correct the year",
        "更正年份",
    ),
    "in_the_future": (
        "correct the date; the clock of the till may be wrong",
        "更正日期；可能是收银机时钟有误",
    ),
    "not_a_whole_number": (
        "write a whole number",
        "改为整数",
    ),
    "not_a_flag": (
        "write yes or no",
        "填写“是”或“否”",
    ),
    "not_a_choice": (
        "write one of the words that are named there",
        "改为其中所列的取值之一",
    ),
    "row_too_long": (
        "shorten the text; 4,000 characters of it are kept",
        "缩短文本内容；系统最多保留 4000 个字符",
    ),
    "not_a_scale": (
        "write the lowest and the highest, such as 1-5 or 0-10",
        "填写最低分与最高分，如 1-5、0-10",
    ),
    "outside_scale": (
        "correct the rating or its scale; for a whole file, set rating_scale in regulars.toml",
        "更正评分或量表；若整个文件如此，请在 regulars.toml 中设置 rating_scale",
    ),
    "not_an_nps": (
        "write a whole number from 0 to 10",
        "填写 0 到 10 的整数",
    ),
    "before_it_happened": (
        "correct whichever of the two times is wrong",
        "更正两个时间中错误的一个",
    ),
    "wrong_currency": (
        "write the amount and the code in the chain's currency",
        "按本企业结算币种填写金额与币种",
    ),
    "order_conflict": (
        "correct the customer, the store or the day on the order's rows; where order numbers "
        "repeat between stores or days, set order_key in regulars.toml instead",
        "统一该订单各行的客户、门店或日期；若订单号会在门店或日期间重复，请改为在 regulars.toml "
        "中设置 order_key",
    ),
    "conflicting_key": (
        "keep the right version: correct the other row, or its line number",
        "保留正确的一行，更正另一行或其行号",
    ),
    "too_many_columns": (
        "rewrite the row in its own columns; a value with a comma may have been split",
        "在各列中重填该行；可能是某个值中的逗号造成多列",
    ),
    "too_few_columns": (
        "rewrite the row in its own columns; it may have been cut off",
        "在各列中重填该行；该行可能被截断",
    ),
    "unclosed_quote": (
        "rewrite the row without the stray quotation mark",
        "去掉多余的引号后重填该行",
    ),
    "invalid_encoding": (
        "rewrite the cell that shows � in place of characters",
        "重填显示为 � 的单元格",
    ),
    "not_text": (
        "rewrite the cell that shows � in place of characters",
        "重填显示为 � 的单元格",
    ),
    "damaged_id": (
        "look the number up at the source and write it in full",
        "到源系统查出完整编号后填写",
    ),
    "error_cell": (
        "write the value that the formula should have given",
        "填写公式本应得出的值",
    ),
}
ANY_REMEDY = (
    "correct the row at its source, or in the workbook",
    "在源系统或工作簿中更正该行",
)

MENDING_SENTENCES: dict[str, tuple[str, str]] = {
    **{f"remedy.{reason}": sentence for reason, sentence in REMEDIES.items()},
    "remedy": ANY_REMEDY,
    "mending.sheet": ("Read me", "说明"),
    "mending.title": ("Rows to be corrected", "待更正的数据行"),
    "mending.key": ("#key", "#key"),
    "mending.file": ("#file", "#文件"),
    "mending.line": ("#line", "#行号"),
    "mending.wrong": ("#what is wrong", "#问题"),
    "mending.remedy": ("#what to do", "#处理办法"),
    "mending.give_up": ("#give up", "#作废"),
    "mending.raw": ("#raw line", "#原文"),
    "mending.unnamed": ("column {place}", "第 {place} 列"),
    "mending.rows": ("Rows", "行数"),
    "mending.how_1": (
        "Each sheet holds the rows of one file that could not be taken in. Correct the cells in "
        "place: the wrong one is coloured.",
        "每个工作表对应一个文件中未能接收的数据行。请直接在单元格中更正，有问题的单元格已标色",
    ),
    "mending.how_2": (
        "Columns whose name begins with # are for finding the row again; what is written there is "
        "not read. The hidden column #key must stay.",
        "以 # 开头的列仅用于定位，不会读取其中的修改；请勿删除隐藏列 #key",
    ),
    "mending.how_3": (
        "A row that could not be split into columns stands in #raw line: rewrite it there, or fill "
        "in the columns.",
        "无法拆分为列的行放在 #原文 中：可在该处改写，或直接填写各列",
    ),
    "mending.how_4": (
        "A row that shall not come in at all, such as a test order, is marked with x in #give up.",
        "不应计入的数据（如测试单），请在 #作废 列填 x",
    ),
    "mending.how_5": (
        "Rows may be sorted and deleted, and columns for notes added. Rows that are not changed "
        "stay as they are.",
        "可以排序、删除不处理的行，也可以增加备注列；未改动的行保持原状",
    ),
    "mending.how_6": (
        "Save the file as it is (.xlsx) or as CSV, and give it back: it is taken in with "
        "“regulars quarantine resubmit”.",
        "改完后按原格式（.xlsx）或另存为 CSV 交回，由 regulars quarantine resubmit 接收",
    ),
    "mending.private": (
        "These rows may name people: pass them on to nobody else, and delete them afterwards.",
        "数据可能涉及个人信息：请勿外传，用后删除",
    ),
}


def mending_words(code: str, language: str, /, **parameters: object) -> str:
    """The sentence of a code in ``en`` or ``zh``.

    >>> mending_words("mending.line", "zh")
    '#行号'
    """
    en, zh = MENDING_SENTENCES[code]
    return (zh if language == "zh" else en).format(**parameters)


def remedy(reason: str, language: str) -> str:
    """What to do about rows that were refused for a reason; a general word for one without advice.

    >>> remedy("not_a_flag", "en")
    'write yes or no'
    """
    code = f"remedy.{reason}"
    return mending_words(code if code in MENDING_SENTENCES else "remedy", language)
