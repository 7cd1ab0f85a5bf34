"""What the sample chain's customers say: phrases by language, category and sentiment.

A phrase is a thing and what is said of it. Each belongs to one category of feedback by the words
that are in it, so the category and the sentiment of a text are known when it is composed.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

LANGUAGES = ("zh", "en")
SENTIMENTS = ("negative", "neutral", "positive")
CATEGORIES = (
    "product_quality",
    "service_attitude",
    "delivery_and_logistics",
    "price_and_promotion",
    "store_environment",
    "returns_and_after_sales",
    "queue_and_waiting",
    "app_and_payment",
)
OWN_LABELS = (
    "商品质量",
    "服务态度",
    "配送物流",
    "价格促销",
    "购物环境",
    "退换售后",
    "排队等候",
    "系统支付",
)

TOPIC = {
    "zh": ("同一笔订单被重复扣款", "付了一次却重复扣款两次", "又遇到重复扣款，钱没退回来"),
    "en": ("I was charged twice for one order", "A double charge on my card again"),
}


@dataclass(frozen=True)
class _Subject:
    things: tuple[str, ...]
    negative: tuple[str, ...]
    neutral: tuple[str, ...]
    positive: tuple[str, ...]

    def phrases(self, sentiment: str, joint: str) -> tuple[str, ...]:
        said = getattr(self, sentiment)
        return tuple(f"{thing}{joint}{words}" for thing, words in product(self.things, said))


_ZH = (
    _Subject(
        ("牛奶", "面包", "草莓", "鸡蛋", "排骨", "三文鱼", "酸奶", "青菜"),
        ("不新鲜", "有股怪味", "已经过期了", "发霉了", "坏了一半", "口感很差"),
        ("和平时差不多", "中规中矩"),
        ("很新鲜", "品质很好", "味道不错", "口感细腻"),
    ),
    _Subject(
        ("收银员", "店员", "导购", "客服", "服务台的人"),
        ("态度恶劣", "爱理不理", "说话很冲", "一脸不耐烦", "翻白眼"),
        ("态度一般", "话不多"),
        ("很热情", "服务周到", "耐心解答", "笑容满面", "主动帮忙"),
    ),
    _Subject(
        ("配送", "快递", "骑手", "物流", "送货"),
        ("太慢了", "迟到两个小时", "送错了地址", "把东西压坏了", "三天还没到"),
        ("速度一般", "按平常时间到的"),
        ("很快", "准时送达", "比预计早到", "包装得很仔细"),
    ),
    _Subject(
        ("价格", "优惠券", "促销活动", "会员价", "打折"),
        ("一点都不划算", "和标价不符", "是虚假宣传", "涨了好多", "说取消就取消"),
        ("和别家差不多", "没什么变化"),
        ("很划算", "力度很大", "很实惠", "比网上便宜"),
    ),
    _Subject(
        ("店里", "卫生间", "货架", "地面", "店内空气"),
        ("又脏又乱", "味道难闻", "没人打扫", "让人不舒服", "脏得不想再来"),
        ("还算可以", "和以前一样"),
        ("干净整洁", "让人很舒服", "收拾得很好"),
    ),
    _Subject(
        ("退货", "退款", "换货", "售后", "赔付"),
        ("被拒绝了", "拖了半个月", "互相推来推去", "手续太繁琐", "一直没有下文"),
        ("按流程走的", "还在处理"),
        ("很顺利", "当天就办好了", "处理得很及时"),
    ),
    _Subject(
        ("收银台排队", "周末结账", "人工窗口排队", "自助结账排队"),
        ("等了半小时", "队伍排到门口", "等得太久了", "没人来加开窗口"),
        ("等了几分钟", "人不多不少"),
        ("很快", "几乎不用等", "一下就好了"),
    ),
    _Subject(
        ("小程序", "APP", "付款码", "网上下单", "支付页面"),
        ("老是闪退", "打不开", "总是失败", "卡死了", "登录不上"),
        ("功能够用", "和以前一样"),
        ("很好用", "非常方便", "又快又稳"),
    ),
)
_EN = (
    _Subject(
        ("The milk", "The bread", "The salmon", "The fruit", "The yoghurt"),
        ("was spoiled", "smelled bad", "was past its date", "was mouldy", "tasted awful"),
        ("was as usual", "was average"),
        ("was very fresh", "tasted great", "was of excellent quality"),
    ),
    _Subject(
        ("The cashier", "The staff", "The shop assistant", "The lady at the counter"),
        ("was rude", "ignored me", "rolled her eyes at me", "was unfriendly and impatient"),
        ("did not say much", "was neither friendly nor unfriendly"),
        ("was very friendly", "was kind and helpful", "answered patiently"),
    ),
    _Subject(
        ("The delivery", "The courier", "My parcel", "The shipment"),
        ("was two hours late", "went to the wrong address", "came crushed", "never arrived"),
        ("took the usual time", "came within the time given"),
        ("was fast", "arrived early", "arrived on time and well packed"),
    ),
    _Subject(
        ("The price", "The promotion", "The coupon", "The discount"),
        ("was misleading", "was not what the label said", "was a rip-off", "was cancelled"),
        ("was the same as elsewhere", "was about the usual"),
        ("was a great deal", "saved me a lot", "was very generous"),
    ),
    _Subject(
        ("The store", "The floor", "The restroom in the store", "The aisle"),
        ("was dirty", "smelled of drains", "was a mess", "was filthy and dark"),
        ("looked as always", "was acceptable"),
        ("was clean and bright", "was spotless", "was tidy and pleasant"),
    ),
    _Subject(
        ("My refund", "The return", "The exchange", "After-sales service"),
        ("was refused", "took three weeks", "went nowhere", "was a bureaucratic nightmare"),
        ("is being processed", "followed the rules"),
        ("was easy", "was settled the same day", "went smoothly"),
    ),
    _Subject(
        ("The checkout line", "The queue", "The wait at the till"),
        ("was half an hour", "reached the door", "was far too long", "was endless"),
        ("was a few minutes", "was neither long nor short"),
        ("was short", "moved quickly", "was no time at all"),
    ),
    _Subject(
        ("The app", "The payment page", "Online ordering", "The QR payment"),
        ("keeps crashing", "would not open", "failed again", "froze at login"),
        ("does its job", "works as before"),
        ("is easy to use", "works fast", "is really convenient"),
    ),
)
_SUBJECTS = {"zh": (_ZH, ""), "en": (_EN, " ")}
JOINTS = {"zh": "，", "en": ". "}
CLOSINGS = {
    "zh": {
        "negative": ("。", "！", "，失望", "，希望尽快改进。", "，不会再来了"),
        "neutral": ("。", "，一般吧", "。就这样"),
        "positive": ("。", "！", "，会再来", "，推荐👍", "，好评"),
    },
    "en": {
        "negative": (".", "!", ". Disappointed.", ". Please fix this.", ". Never again."),
        "neutral": (".", ". Okay overall.", ". Nothing special."),
        "positive": (".", "!", ". Will come again.", ". Recommended 👍", ". Thank you."),
    },
}


def phrases(language: str, sentiment: str, category: int) -> tuple[str, ...]:
    """All phrases of a category and a sentiment.

    >>> phrases("zh", "positive", 6)[0]
    '收银台排队很快'
    """
    subjects, joint = _SUBJECTS[language]
    return subjects[category].phrases(sentiment, joint)
