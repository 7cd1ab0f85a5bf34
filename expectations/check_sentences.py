"""What each check claims and what to do when it is not met, in English and Chinese; a part of the
catalogue. A remedy says where to look first, then what to change."""

from __future__ import annotations

from regulars.expectations import feedback_sentences

_CLAIMS = {
    "order_id_known": ("Every line names its order", "每行明细都有订单号"),
    "order_id_undamaged": (
        "No order number was turned into a number such as 1.23E+17",
        "订单号未变成 1.23E+17 这类科学计数法",
    ),
    "product_id_undamaged": (
        "No product code on a line was turned into a number such as 1.23E+17",
        "明细中的商品编码未变成 1.23E+17 这类科学计数法",
    ),
    "ordered_on_plausible": (
        "No line is of a day before {first_on}",
        "没有早于 {first_on} 的交易",
    ),
    "ordered_before_landing": (
        "No line is of a day after the one on which its file came in",
        "没有晚于文件到达日的交易",
    ),
    "sales_fresh": (
        "The newest sales are of {newest_from} or later; the newest delivery is of {landed_on}",
        "最新交易不早于 {newest_from}（最近一次交付为 {landed_on}）",
    ),
    "amount_plausible": ("No line is of more than {most}", "单行金额不超过 {most}"),
    "quantity_not_zero": ("No line has a quantity of 0", "没有数量为 0 的明细行"),
    "quantity_plausible": (
        "No line has a quantity above {most}",
        "单行数量不超过 {most}",
    ),
    "discount_not_negative": ("No discount on a sale is negative", "销售行的折扣不为负"),
    "discount_within_price": (
        "No discount on a sale is larger than quantity times unit price",
        "销售行的折扣不超过数量乘单价",
    ),
    "customer_known": (
        "At least {share} of the lines belong to a known customer",
        "至少 {share} 的明细行属于已知会员",
    ),
    "product_listed": (
        "Every product on a line is in the list of products",
        "明细中的商品都在商品档案中",
    ),
    "store_listed": (
        "Every store on a line is in the list of stores",
        "明细中的门店都在门店档案中",
    ),
    "customer_listed": (
        "Every customer on a line is in the list of members",
        "明细中的客户都在会员档案中",
    ),
    "files_accepted": (
        "Of each file at most {share} of the rows were refused",
        "每个文件被拒收的行不超过 {share}",
    ),
    "order_key_unique": (
        "There is one order for each {order_key}",
        "每个 {order_key} 只对应一笔订单",
    ),
    "money_conserved": (
        "On every day, orders and returns have the money of their lines",
        "每日订单与退货的金额合计等于明细金额合计",
    ),
    "lines_conserved": (
        "On every day, orders and returns have the number of their lines",
        "每日订单与退货的行数合计等于明细行数",
    ),
    "stores_not_silent": (
        "No store that sold on each of {days} days before is silent on the newest whole day",
        "此前连续 {days} 天有销售的门店，在最近一个完整营业日均有销售",
    ),
    "return_negative": ("No return has a positive amount", "退货金额不为正"),
    "customers_are_people": (
        "No card was used for more than {orders_n} orders on one day",
        "没有会员卡在一天内超过 {orders_n} 笔订单",
    ),
    "return_linked": ("Every return has a sale on record", "每笔退货都能找到原销售记录"),
    "member_unique": ("No member is listed twice", "会员档案中没有重复会员"),
    "birth_date_plausible": (
        "Every date of birth lies between {first_on} and {last_on}",
        "出生日期都在 {first_on} 与 {last_on} 之间",
    ),
    "joined_on_plausible": (
        "Every member joined between {first_on} and {last_on}",
        "入会日期都在 {first_on} 与 {last_on} 之间",
    ),
    "home_store_listed": (
        "Every member's own store is in the list of stores",
        "会员所属门店都在门店档案中",
    ),
    "referrer_listed": (
        "Everyone who referred a member is in the list of members",
        "推荐人都在会员档案中",
    ),
    "product_unique": ("No product is listed twice", "商品档案中没有重复商品"),
    "listed_product_undamaged": (
        "No product code in the list was turned into a number such as 1.23E+17",
        "商品档案中的编码未变成 1.23E+17 这类科学计数法",
    ),
    "unit_cost_not_negative": ("No product has a negative cost", "商品成本不为负"),
    "store_unique": ("No store is listed twice", "门店档案中没有重复门店"),
    "listed_store_undamaged": (
        "No store code in the list was turned into a number such as 1.23E+17",
        "门店档案中的编码未变成 1.23E+17 这类科学计数法",
    ),
    "opened_on_plausible": (
        "No store opened after {last_on}",
        "没有开业日期晚于 {last_on} 的门店",
    ),
    "contact_unique": (
        "No message of a campaign to one member at one time is on record twice",
        "同一活动、同一会员、同一时间的触达只记录一次",
    ),
    "contact_before_landing": (
        "No message is of a day after the one on which its file came in",
        "没有晚于文件到达日的触达",
    ),
    "contact_customer_known": (
        "Everyone who was sent a message is in the list of members or has bought",
        "触达的客户都在会员档案中或有交易记录",
    ),
    "contact_arm_told": (
        "Every message is of the treated or of the control arm",
        "每条触达都注明实验组或对照组",
    ),
    "contact_cost_not_negative": ("No message has a negative cost", "触达成本不为负"),
    "coupon_use_unique": (
        "No use of a coupon is on record twice",
        "同一次优惠券核销只记录一次",
    ),
    "coupon_use_before_landing": (
        "No coupon was used on a day after the one on which its file came in",
        "没有晚于文件到达日的优惠券核销",
    ),
    "coupon_use_customer_known": (
        "Everyone who used a coupon is in the list of members or has bought",
        "核销优惠券的客户都在会员档案中或有交易记录",
    ),
    "coupon_value_not_negative": (
        "No coupon took off a negative amount",
        "优惠券抵扣金额不为负",
    ),
}

_EXPORT_AS_TEXT = (
    "Export the column as text; a code that a spreadsheet shortened cannot be restored",
    "请以文本格式重新导出该列；被表格软件截短的编码无法还原",
)
_REBUILD = (
    "Move warehouse.duckdb aside: it is built anew from landing/ by the next run",
    "请移开 warehouse.duckdb 后重新运行，将从 landing/ 重建",
)
_SEND_LIST = (
    "Export that list again, whole and of the same day as the sales",
    "请重新导出完整档案，日期与交易一致",
)
_DATE_COLUMN = (
    "Look at how the system writes a day it does not know; export it empty instead",
    "请检查系统如何填写未知日期，未知时应留空导出",
)
_LISTED_TWICE = (
    "Find out which of the rows is right and export the list again",
    "请确认哪一行正确，并重新导出档案",
)
_SENDER_CLOCK = (
    "Check the clock of the system that wrote the file, and the time_zone in regulars.toml",
    "请检查导出系统的时钟与 regulars.toml 中的 time_zone",
)
_MEMBER_IDS = (
    "Check that the file names members by the id that the receipts bear, and export the list of "
    "members again",
    "请确认文件中的会员号与小票一致，并重新导出会员档案",
)
_MINUS_SIGN = (
    "Find out whether the system writes such amounts with a minus sign, and export them without",
    "请确认系统是否以负号记录该金额，应导出为正数",
)

_REMEDIES = {
    "order_id_known": (
        "Check which column is mapped to order_id, and export the lines again with it",
        "请检查映射到 order_id 的列，并重新导出",
    ),
    "order_id_undamaged": _EXPORT_AS_TEXT,
    "product_id_undamaged": _EXPORT_AS_TEXT,
    "ordered_on_plausible": (
        "Check the clock of the till, or the column mapped to ordered_at; export the days again",
        "请检查收银机时钟或映射到 ordered_at 的列，并重新导出相关日期",
    ),
    "ordered_before_landing": (
        "Check the clock of the till and the time_zone in regulars.toml; export the days again",
        "请检查收银机时钟与 regulars.toml 中的 time_zone，并重新导出相关日期",
    ),
    "sales_fresh": (
        "Ask whether the export ran; figures speak of the newest day on record, not of today",
        "请确认导出任务是否执行；数据仅反映至最新交易日，而非今日",
    ),
    "amount_plausible": (
        "Look for a barcode typed as a price; correct the receipt and export its day again",
        "请排查是否将条码误录为价格，更正小票后重新导出当日数据",
    ),
    "quantity_not_zero": (
        "Usually notes or vouchers rung up as lines: harmless unless they carry an amount",
        "多为备注或代金券行，若不含金额则无影响",
    ),
    "quantity_plausible": (
        "Look for a barcode typed as a quantity; correct the receipt and export its day again",
        "请排查是否将条码误录为数量，更正小票后重新导出当日数据",
    ),
    "discount_not_negative": (
        "Find out whether the system writes discounts with a minus sign, and export them without",
        "请确认系统是否以负号记录折扣，应导出为正数",
    ),
    "discount_within_price": (
        "Check that discount is of the whole line and unit_price before the discount",
        "请确认折扣为整行折扣，且单价为折前价",
    ),
    "customer_known": (
        "Check which column is mapped to customer_id; else read customer tables as of few",
        "请检查映射到 customer_id 的列；若无误，客户类表格仅代表少数交易",
    ),
    "product_listed": _SEND_LIST,
    "store_listed": _SEND_LIST,
    "customer_listed": (
        "Export the list of members again; until then these customers have no profile",
        "请重新导出会员档案；在此之前这些客户没有档案信息",
    ),
    "files_accepted": (
        "regulars quarantine list tells why; correct the mapping or the settings and run again, "
        "or have the file exported again",
        "请用 regulars quarantine list 查看原因；更正列映射或设置后重新运行，或重新导出该文件",
    ),
    "order_key_unique": _REBUILD,
    "money_conserved": _REBUILD,
    "lines_conserved": _REBUILD,
    "stores_not_silent": (
        "Ask the store whether it was closed or its export failed; send the day when it comes",
        "请向门店确认是否歇业或导出失败，补到数据后重新加载",
    ),
    "return_negative": _REBUILD,
    "customers_are_people": (
        "Such a card is a till's own, a staff card or a test: name it in anonymous_ids of "
        "regulars.toml, so that it counts in sales and as no customer. regulars export rfm "
        "--purpose ... lists the cards with the most orders",
        "这类卡多为收银台公用卡、员工卡或测试卡：请在 regulars.toml 的 anonymous_ids 中列出，"
        "使其只计入销售、不作为客户。regulars export rfm --purpose … 可列出订单最多的卡",
    ),
    "return_linked": (
        "Usually sold before the data begins. Else check which column is mapped to "
        "returns_order_id: these returns lower spend, and no order",
        "多为数据起点之前的销售；否则请检查映射到 returns_order_id 的列。此类退货计入消费金额，"
        "不冲减任何订单",
    ),
    "member_unique": _LISTED_TWICE,
    "birth_date_plausible": _DATE_COLUMN,
    "joined_on_plausible": _DATE_COLUMN,
    "home_store_listed": _SEND_LIST,
    "referrer_listed": _SEND_LIST,
    "product_unique": _LISTED_TWICE,
    "listed_product_undamaged": _EXPORT_AS_TEXT,
    "unit_cost_not_negative": (
        "Correct the cost in the list of products and export it again",
        "请更正商品档案中的成本并重新导出",
    ),
    "store_unique": _LISTED_TWICE,
    "listed_store_undamaged": _EXPORT_AS_TEXT,
    "opened_on_plausible": (
        "Harmless for a store that is still to open; else correct the day and export it again",
        "若门店尚未开业则无影响；否则请更正日期并重新导出",
    ),
    "contact_unique": _REBUILD,
    "contact_before_landing": _SENDER_CLOCK,
    "contact_customer_known": _MEMBER_IDS,
    "contact_arm_told": (
        "Export the arm with every message; without one it counts as treated",
        "请在每条触达中导出分组；未注明的按实验组计",
    ),
    "contact_cost_not_negative": _MINUS_SIGN,
    "coupon_use_unique": _REBUILD,
    "coupon_use_before_landing": _SENDER_CLOCK,
    "coupon_use_customer_known": _MEMBER_IDS,
    "coupon_value_not_negative": _MINUS_SIGN,
}

_UNASKED = {
    "check_unasked.no_file": (
        "no file of {export} has come in",
        "尚未收到“{export}”数据",
    ),
    "check_unasked.no_column": (
        "no file of {export} has the column {column}",
        "“{export}”文件均无 {column} 列",
    ),
    "check_unasked.off": ("switched off in regulars.toml", "已在 regulars.toml 中关闭"),
}

_GATE = {
    "gate.title": ("Checks of the data", "数据质量检查"),
    "gate.note": (
        "Each check is a claim about what was loaded. A critical one that is not met stops the "
        "run before anything is published; a warning does not.",
        "每项检查都是对已加载数据的一条断言。严重项不满足时停止运行、不予发布；提醒项不影响发布。",
    ),
    "gate.all_met": ("All that could be asked is as claimed.", "所有可检查项均满足。"),
    "gate.unmet": ("Not met", "未满足"),
    "gate.met": ("Met", "已满足"),
    "gate.unasked": ("Not asked", "未检查"),
    "gate.claim": ("Claim", "断言"),
    "gate.severity": ("Severity", "级别"),
    "gate.critical": ("critical", "严重"),
    "gate.warning": ("warning", "提醒"),
    "gate.place": ("Where", "位置"),
    "gate.exceptions": ("Exceptions", "例外数"),
    "gate.share": ("Share", "占比"),
    "gate.observed": ("Found", "实际"),
    "gate.remedy": ("What to do", "处理办法"),
    "gate.reason": ("Reason", "原因"),
    "gate.withheld": ("not told, personal", "涉及个人，不列示"),
}

CHECK_SENTENCES: dict[str, tuple[str, str]] = {
    **{f"check.{code}": text for code, text in (_CLAIMS | feedback_sentences.CLAIMS).items()},
    **{
        f"check_remedy.{code}": text
        for code, text in (_REMEDIES | feedback_sentences.REMEDIES).items()
    },
    **_UNASKED,
    **_GATE,
}
