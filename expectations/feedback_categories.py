"""What a piece of feedback can be about: eight categories and the rules by which one is given.

The definitions stand before any term that finds them: people label pieces by them, and terms are
judged against those labels. Texts are pairs of English and Chinese.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class FeedbackCategory:
    """A category: its label, what belongs to it, and what looks like it but does not."""

    label: tuple[str, str]
    includes: tuple[str, str]
    excludes: tuple[str, str]

    @property
    def definition(self) -> tuple[str, str]:
        """What belongs and what does not, in English and in Chinese.

        >>> print(FEEDBACK_CATEGORIES["queue_waiting"].definition[0].split(":")[0])
        Waiting for one's turn with the chain's people or tills
        """
        return f"{self.includes[0]} {self.excludes[0]}", f"{self.includes[1]}{self.excludes[1]}"


# Codes in this order wherever several are listed.
FEEDBACK_CATEGORIES: dict[str, FeedbackCategory] = {
    "product_quality": FeedbackCategory(
        label=("Product quality", "商品质量"),
        includes=(
            "The goods themselves: how well they are made, work, last, fit, taste, smell, look; "
            "fresh, in date or spoiled, genuine or fake, as described or not; amount in the pack; "
            "the maker's pack.",
            "商品本身：做工、性能、耐用、尺码、口味、气味、外观；新鲜、过期或变质，正品或假货，"
            "与描述是否相符；分量；商品原包装。",
        ),
        excludes=(
            "Not: harm done on the way or the wrong article sent (delivery); whether it is worth "
            "its price (price_promotion; both where quality is judged as well); what is not on "
            "the shelf (store_environment) or not in the range (none).",
            "不含：运输途中损坏、发错货（delivery）；值不值这个价（price_promotion，"
            "同时评价质量则两者都有）；货架缺货（store_environment）；没有经营某种商品（不归类）。",
        ),
    ),
    "service_attitude": FeedbackCategory(
        label=("Service attitude", "服务态度"),
        includes=(
            "How the chain's people treat customers, in the store, on the phone or in chat: "
            "courtesy, patience, help, knowledge, care; ignoring, pressing to buy, suspicion, "
            "brushing off, answers by rote; slips of their hands or memory.",
            "门店、电话或在线人员如何对待顾客：礼貌、耐心、帮助、专业、用心；"
            "不理人、强行推销、怀疑顾客、敷衍推诿、机械回复；员工操作上的疏忽。",
        ),
        excludes=(
            "Not: couriers (delivery); fitters and repairers at home (returns_after_sales); being "
            "few or slow when only the wait is told (queue_waiting); a return refused by the "
            "rules, when nothing is said of how people behaved (returns_after_sales).",
            "不含：快递员、骑手（delivery）；上门安装维修人员（returns_after_sales）；"
            "只说人手少、动作慢而久等（queue_waiting）；"
            "按规定不给退换而未提人员表现（returns_after_sales）。",
        ),
    ),
    "delivery": FeedbackCategory(
        label=("Delivery and logistics", "配送物流"),
        includes=(
            "An order on its way to the customer: dispatch, time, tracking, couriers and their "
            "manners, where it is left, damage and packing for the way, items missing or wrong, "
            "delivery fees; orders to be collected that are not ready or not complete.",
            "订单送达顾客的过程：发货、时效、物流信息、快递员及其态度、放置地点、运输包装与破损、"
            "少发错发、运费；自提订单未备好或不齐。",
        ),
        excludes=(
            "Not: the line at the collection counter (queue_waiting); goods on their way back "
            "(returns_after_sales); a fault of the article that the way did not cause "
            "(product_quality).",
            "不含：自提柜台前排队（queue_waiting）；退货寄回的过程（returns_after_sales）；"
            "与运输无关的商品缺陷（product_quality）。",
        ),
    ),
    "price_promotion": FeedbackCategory(
        label=("Price and promotion", "价格促销"),
        includes=(
            "What it costs and what is taken off: cheap, dear, value for money, price tags, "
            "prices that differ by day, store or channel or from what the till asks; offers, "
            "coupons, gifts, points, membership benefits and their conditions; price guarantees.",
            "价格与优惠：贵或便宜、性价比、价签、不同时间/门店/渠道价格不一、"
            "结账价与标价不符；活动、优惠券、赠品、积分、会员权益及其规则；保价与补差价。",
        ),
        excludes=(
            "Not: delivery fees (delivery; both where a promise of free delivery is broken); "
            "money taken twice or paying that fails (app_payment); a refund not paid "
            "(returns_after_sales).",
            "不含：运费（delivery，承诺包邮未兑现则两者都有）；重复扣款、支付失败（app_payment）；"
            "退款未到账（returns_after_sales）。",
        ),
    ),
    "store_environment": FeedbackCategory(
        label=("Store environment", "门店环境"),
        includes=(
            "The place: cleanliness, smell, light, temperature, sound, space, crowding; layout, "
            "signs, display, shelves empty or untidy; trolleys, toilets, lifts, seats, parking; "
            "where it is and when it is open; safety on the premises.",
            "场所：卫生、气味、灯光、温度、声音、空间、拥挤；布局、指引、陈列、货架空或乱；"
            "购物车、洗手间、电梯、座位、停车；位置与营业时间；店内安全。",
        ),
        excludes=(
            "Not: standing in line (queue_waiting; a crush in the aisles is the place); the state "
            "of the goods on the shelf (product_quality); tags with a wrong price "
            "(price_promotion).",
            "不含：排队等候（queue_waiting，过道拥挤才算环境）；货架上商品的好坏（product_quality）；"
            "价签标错（price_promotion）。",
        ),
    ),
    "returns_after_sales": FeedbackCategory(
        label=("Returns and after-sales", "退换售后"),
        includes=(
            "What comes after the purchase: return, exchange, refund and how long it takes, "
            "goods sent back, warranty, repair, spare parts, fitting and assembly at home and the "
            "people who do it, redress; whether a complaint is followed up. One asked for counts "
            "as one made.",
            "购买之后：退货、换货、退款及其快慢、寄回、保修、维修、配件、上门安装及其人员、赔偿；"
            "投诉有没有后续。提出要求即算，不必已经办成。",
        ),
        excludes=(
            "Not: a defect told without asking for redress (product_quality); a price difference "
            "claimed (price_promotion); waiting on a refund is never queue_waiting.",
            "不含：只说商品有问题而未要求处理（product_quality）；要求补差价（price_promotion）；"
            "等退款不算 queue_waiting。",
        ),
    ),
    "queue_waiting": FeedbackCategory(
        label=("Queue and waiting", "排队等候"),
        includes=(
            "Waiting for one's turn with the chain's people or tills: checkout lines, tills "
            "closed, fitting rooms, counters, numbers drawn, the collection or return desk, the "
            "hotline or chat before anyone answers; no wait at all, praised.",
            "等人或等收银台接待：收银排队、收银台开得少、试衣间、专柜、叫号、自提或退货柜台前的等候、"
            "热线或在线客服接通前的等待；称赞不用等也算。",
        ),
        excludes=(
            "Not: waiting on a parcel (delivery), a refund, repair or an answer to a complaint "
            "(returns_after_sales), a page that loads (app_payment); a queue that only sets the "
            "scene.",
            "不含：等快递（delivery）；等退款、维修或投诉答复（returns_after_sales）；"
            "等页面加载（app_payment）；仅作背景提到的排队。",
        ),
    ),
    "app_payment": FeedbackCategory(
        label=("App and payment", "应用与支付"),
        includes=(
            "The machines and the paying: app, website, mini-program, account, log-in, codes, "
            "search, stock shown, push messages, self-checkout machines, terminals; ways to pay, "
            "payment failed, money taken twice, wrong change, gift cards as money, invoices and "
            "receipts.",
            "系统与支付：App、网站、小程序、账号、登录、验证码、搜索、显示的库存、推送、"
            "自助收银机、刷卡机；支付方式、支付失败、重复扣款、找零错误、礼品卡付款、发票与小票。",
        ),
        excludes=(
            "Not: where an order was placed, if nothing is said of how that worked; the terms of "
            "an offer seen in the app (price_promotion; both where a fault of the app spoils it); "
            "the line before the machines (queue_waiting).",
            "不含：仅提到在 App 或网上下单而未评价使用；App 上活动的规则（price_promotion，"
            "因系统故障用不了则两者都有）；自助机前排队（queue_waiting）。",
        ),
    ),
}

OTHER = "other"
NO_CATEGORY = FeedbackCategory(
    label=("Other", "其他"),
    includes=(
        "None of the eight: praise or blame with nothing named, greetings, a wish for goods not "
        "carried or a shop elsewhere, advertising calls and texts, jobs, the company at large, "
        "no sense at all.",
        "不属于以上八类：未指明事由的好评差评、问候、希望引进某商品或在某地开店、"
        "推销电话短信、招聘、企业整体形象、无意义内容。",
    ),
    excludes=("Never beside a category.", "不与其他类别并存。"),
)

# How a piece gets its categories, whoever gives them.
RULES: tuple[tuple[str, str], ...] = (
    (
        "A piece gets every category that it judges, reports an event of, or asks about; praise, "
        "blame and 'it was all right' count alike; mere setting of the scene does not.",
        "凡评价、陈述经历或询问到的类别都算；表扬、批评、“还行”同等对待；仅作背景提及不算。",
    ),
    (
        "What is told decides, not the words: irony is read as meant, and a word of one category "
        "may tell of another.",
        "看所说之事，不看字面：反话按本意理解，某类的词也可能说的是另一类。",
    ),
    (
        "A cause that is not told is not guessed.",
        "没有说出的原因不作推测。",
    ),
    (
        "One event gets one category, the nearest; two only where a definition says so or two "
        "things are told.",
        "一件事只归最贴近的一类；定义写明或确有两件事时才归两类。",
    ),
)
