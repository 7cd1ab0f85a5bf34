"""Drawn after the definitions: each inclusion and each exclusion, said plainly."""

from __future__ import annotations

import polars as pl
import pytest

from regulars.expectations.feedback_categories import FEEDBACK_CATEGORIES
from regulars.models import category_terms_en as en
from regulars.models import category_terms_zh as zh
from regulars.models.category_rules import SUBJECTS
from regulars.models.feedback_taxonomy import taxonomy, told_categories

QUALITY, SERVICE, DELIVERY, PRICE, PLACE, RETURNS, QUEUE, APP = FEEDBACK_CATEGORIES


def told(*texts: str) -> list[list[str]]:
    """All at once: the terms are made ready for a search once a call."""
    return told_categories(pl.Series(texts))["categories"].to_list()


def wrong(drawn: list[tuple[str, list[str]]]) -> list[tuple[str, list[str], list[str]]]:
    found = told(*(text for text, _ in drawn))
    return [
        (text, should, was)
        for (text, should), was in zip(drawn, found, strict=True)
        if was != should
    ]


INCLUDED = [
    ("买的酸奶已经过期两天了", QUALITY),
    ("毛衣洗了一次就起球", QUALITY),
    ("这条裤子尺码偏小，穿不上", QUALITY),
    ("耳机音质不错，电池也耐用", QUALITY),
    ("这个牌子的面膜用了脸上起疹子", QUALITY),
    ("三文鱼有点腥，不新鲜", QUALITY),
    ("感觉是假货，防伪码查不到", QUALITY),
    ("The strawberries were mouldy", QUALITY),
    ("My jumper pilled after two wears", QUALITY),
    ("These shoes run small and the sole came off", QUALITY),
    ("Battery life on the headphones is excellent", QUALITY),
    ("店员态度很差，爱答不理", SERVICE),
    ("导购很热情，讲解得很专业", SERVICE),
    ("客服只会复制粘贴，机械回复", SERVICE),
    ("保安一直跟着我，像防贼一样", SERVICE),
    ("一进门就强行推销，烦死了", SERVICE),
    ("The cashier was rude to my mother", SERVICE),
    ("Staff were so friendly and helpful", SERVICE),
    ("The assistant rolled her eyes and walked away", SERVICE),
    ("Very pushy salesman, would not leave me alone", SERVICE),
    ("快递三天了还没到", DELIVERY),
    ("骑手送错地址了", DELIVERY),
    ("收到的时候箱子压烂了，杯子全碎", DELIVERY),
    ("少发了一瓶洗发水", DELIVERY),
    ("配送费太高", DELIVERY),
    ("自提订单到店了还没备好", DELIVERY),
    ("快递员态度恶劣", DELIVERY),
    ("My parcel never arrived", DELIVERY),
    ("The driver left it out in the rain", DELIVERY),
    ("You sent the wrong item", DELIVERY),
    ("Delivery was quick, thanks", DELIVERY),
    ("价格比别家贵一倍", PRICE),
    ("性价比很高", PRICE),
    ("价签写19，结账变成29", PRICE),
    ("积分快到期了也没人通知一声", PRICE),
    ("满减规则太复杂，优惠券根本用不上", PRICE),
    ("买完第二天就降价，不给补差价", PRICE),
    ("Way too expensive", PRICE),
    ("The shelf price was 3 but I was charged 5", PRICE),
    ("Great discounts for members", PRICE),
    ("店里又脏又乱", PLACE),
    ("卫生间很干净", PLACE),
    ("停车位太少了", PLACE),
    ("货架空荡荡的，想买的都没货", PLACE),
    ("空调开得太冷", PLACE),
    ("几点关门？", PLACE),
    ("音乐太吵了", PLACE),
    ("The toilets were filthy", PLACE),
    ("Nowhere to park", PLACE),
    ("Shelves were empty again", PLACE),
    ("The store is bright and well laid out", PLACE),
    ("What time do you close on Sundays?", PLACE),
    ("退款半个月了还没到账", RETURNS),
    ("不给退货", RETURNS),
    ("想换个大一码，可以吗", RETURNS),
    ("安装师傅上门很准时，装得又快又好", RETURNS),
    ("保修期内维修还要收费", RETURNS),
    ("投诉了两次都没有下文", RETURNS),
    ("Still waiting for my refund", RETURNS),
    ("They refused to exchange the jacket", RETURNS),
    ("The fitters were rude and left a mess", RETURNS),
    ("Nobody ever answered my complaint", RETURNS),
    ("排队排了四十分钟", QUEUE),
    ("收银台只开了一个，队伍老长", QUEUE),
    ("试衣间等了半小时", QUEUE),
    ("客服热线一直占线，打不通", QUEUE),
    ("不用排队，很快就结完账了", QUEUE),
    ("取号等了一个多小时才叫到", QUEUE),
    ("Waited 40 minutes in line", QUEUE),
    ("Only one till open on a Saturday", QUEUE),
    ("On hold for an hour before anyone answered", QUEUE),
    ("No queue at all, lovely", QUEUE),
    ("App老是闪退", APP),
    ("小程序登录不上，验证码收不到", APP),
    ("被重复扣款了", APP),
    ("自助收银机扫不出码", APP),
    ("发票开不出来", APP),
    ("收银员少找了我十块钱", APP),
    ("The app keeps crashing", APP),
    ("I was charged twice for one order", APP),
    ("Website is impossible to navigate", APP),
    ("They don't take contactless", APP),
    ("My gift card would not work", APP),
]


@pytest.mark.parametrize("category", FEEDBACK_CATEGORIES)
def test_what_a_definition_includes_is_told(category):
    assert not wrong([(text, [code]) for text, code in INCLUDED if code == category])


EXCLUDED = [
    ("外卖等了两个小时", [DELIVERY]),
    ("等退款等了三个礼拜", [RETURNS]),
    ("页面加载要等半天", [APP]),
    ("自助机前面排了十几个人", [QUEUE]),
    ("退货柜台前排了一个小时队", [QUEUE]),
    ("自提柜台前排了很久的队", [QUEUE]),
    ("骑手很有礼貌", [DELIVERY]),
    ("安装师傅态度很差", [RETURNS]),
    ("收银员动作慢，等了二十分钟", [QUEUE]),
    ("要求补差价", [PRICE]),
    ("退差价", [PRICE]),
    ("退款一直没到账", [RETURNS]),
    ("重复扣款两次", [APP]),
    ("过道挤得走不动", [PLACE]),
    ("价签标错了", [PRICE]),
    ("货架上的菜都蔫了", [QUALITY]),
    ("在App上买的鞋，穿一周就开胶", [QUALITY]),
    ("在小程序下单买的苹果很甜", [QUALITY]),
    ("排队的时候听见店员骂人", [SERVICE]),
    ("说好包邮，结果收了运费", [DELIVERY, PRICE]),
    ("优惠券在App里用不了，系统报错", [PRICE, APP]),
    ("贵公司祝您生意兴隆", ["other"]),
    ("Waiting two weeks for my parcel", [DELIVERY]),
    ("Waited a month for the repair", [RETURNS]),
    ("The page takes forever to load", [APP]),
    ("Long line at the self checkouts", [QUEUE]),
    ("The courier was very polite", [DELIVERY]),
    ("The engineer was rude", [RETURNS]),
    ("The cashier was slow and we waited twenty minutes", [QUEUE]),
    ("Delivery fee is too high", [DELIVERY]),
    ("The dress was torn and they refused a refund", [RETURNS]),
    ("The aisles are too narrow and crowded", [PLACE]),
    ("Ordered online, the jumper has a hole in it", [QUALITY]),
    ("Bought it on the app and the fabric is gorgeous", [QUALITY]),
    ("The coupon would not apply in the app", [PRICE, APP]),
]


def test_what_a_definition_excludes_goes_to_the_nearest_category():
    assert not wrong(EXCLUDED)


TWO_THINGS = [
    ("东西质量不错，就是价格太贵了", [QUALITY, PRICE]),
    ("店员很热情，店里也干净", [SERVICE, PLACE]),
    ("排队太久，收银员还翻白眼", [SERVICE, QUEUE]),
    ("Lovely staff but the toilets were dirty", [SERVICE, PLACE]),
    ("Great quality coat, and the exchange was easy", [QUALITY, RETURNS]),
    ("送得快 but the price is too high", [DELIVERY, PRICE]),
]


def test_two_things_told_are_both_told():
    assert not wrong(TWO_THINGS)


NAMES_NOTHING = [
    "好评",
    "挺好的",
    "一般般吧",
    "再也不来了",
    "希望能在我们小区开店",
    "请问你们招人吗",
    "别再给我打推销电话了",
    "新年快乐",
    "Great shop",
    "Never again",
    "Please open a store in Leeds",
    "Are you hiring?",
    "asdf 123",
]


def test_where_nothing_is_named_it_is_other():
    assert not wrong([(text, ["other"]) for text in NAMES_NOTHING])


def test_english_words_are_known_in_their_inflections_and_any_width():
    texts = [
        "The driver delivered it",
        "DELIVERIES are late",
        "undelivered",
        "ＤＥＬＩＶＥＲＹ late",
    ]
    assert told(*texts) == [[DELIVERY]] * 4


def test_a_short_word_is_not_found_within_another():
    assert told("the app crashed", "unhappy happening capacity") == [[APP], ["other"]]


def test_both_languages_name_the_same_parts():
    unnamed = {"usable", "people", "expired", "bring", "back"}
    assert zh.TERMS.keys() - unnamed == en.TERMS.keys() - unnamed


def test_every_part_that_is_spoken_of_has_terms():
    assert set(SUBJECTS) <= set(taxonomy().lexicon.parts)


@pytest.mark.parametrize("category", FEEDBACK_CATEGORIES)
def test_every_category_has_hundreds_of_terms_in_each_language(category):
    assert len(zh.TERMS[category].split()) > 150
    assert len(en.TERMS[category].split(",")) > 100
