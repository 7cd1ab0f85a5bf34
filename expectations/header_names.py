"""A header's name without what systems add to it: case, blanks, signs, units, traditional forms."""

from __future__ import annotations

import re
import unicodedata

# What is said of a column in brackets and changes nothing of its meaning. A unit that is not the
# contract's own, such as 分 (cents), is part of the name: 金额(分) is not 金额.
_REMARKS = (
    r"元|人民币|rmb|cny|usd|eur|hkd|twd|¥|\$|€|件|个|张|必填|选填|可选|required|optional|"
    r"y{2,4}[-/年]?mm[-/月]?dd日?( ?hh:mm(:ss)?)?"
)
_REMARK = re.compile(rf"[(\[【<]\s*(?:{_REMARKS})\s*[)\]】>]|[/_ ]元$")

_TRADITIONAL = (
    "單號會員編碼時間門額實際電話開區類別業態價優數產銷顧買賣貨幣導購職訂訊聯絡結帳賬戶標題條"
    "國進採營專櫃發備註總計應細項點積費稅運寬張鋪舖據機構組織網聲貴賓儲簽歡薦紹請級誕齡龍縣鄉"
    "鎮稱簡圖農錄冊歸屬許願場劃獲貼減讓損庫盤還換證淨來郵動創後關錢現質樣經辦聞餘繫繳歲幾遠連"
    "鎖檔狀處個絲為歷參啟審寶暱緯終綁統續裝規認識記詳說貝達遞選銀長閱陽領顏帐臺離壓從當複無補"
    "節鐘錶頁師週紅體"
)
_SIMPLIFIED = (
    "单号会员编码时间门额实际电话开区类别业态价优数产销顾买卖货币导购职订讯联络结账账户标题条"
    "国进采营专柜发备注总计应细项点积费税运宽张铺铺据机构组织网声贵宾储签欢荐绍请级诞龄龙县乡"
    "镇称简图农录册归属许愿场划获贴减让损库盘还换证净来邮动创后关钱现质样经办闻余系缴岁几远连"
    "锁档状处个丝为历参启审宝昵纬终绑统续装规认识记详说贝达递选银长阅阳领颜账台离压从当复无补"
    "节钟表页师周红体"
)
_SAME_CHARACTER = str.maketrans(_TRADITIONAL, _SIMPLIFIED)


def plain(name: str) -> str:
    """The name as it is compared: two that differ in nothing else have the same meaning.

    >>> plain("實付金額（元）"), plain(" Order ID "), plain("order_id*")
    ('实付金额', 'orderid', 'orderid')
    >>> plain("金额(分)")
    '金额分'
    """
    text = unicodedata.normalize("NFKC", name).strip().casefold()
    text = _REMARK.sub("", text).translate(_SAME_CHARACTER)
    return "".join(character for character in text if character.isalnum())


def is_near(name: str, meant: str) -> bool:
    """Whether one plain name is the other with one letter left out, doubled, or swapped.

    No letter stands for another (``customer_ip`` is not ``customer_id``), digits are no slips of
    the pen (``address2``), and Chinese names, which nobody types by hand, are never near: there
    one character more is another thing (订单号, 原订单号).

    >>> is_near("amuont", "amount"), is_near("custmerid", "customerid")
    (True, True)
    >>> is_near("customerip", "customerid"), is_near("原订单号", "订单号")
    (False, False)
    """
    if min(len(name), len(meant)) < _SHORTEST_NEAR or not (name + meant).isascii():
        return False
    if len(name) == len(meant):
        differing = [place for place in range(len(name)) if name[place] != meant[place]]
        return len(differing) == 2 and _swapped(name, differing) == meant  # noqa: PLR2004
    longer, shorter = sorted((name, meant), key=len, reverse=True)
    if len(longer) - len(shorter) > 1:
        return False
    return any(
        letter.isalpha() and longer[:place] + longer[place + 1 :] == shorter
        for place, letter in enumerate(longer)
    )


# Of shorter names, one letter is too large a part: cost, costs, coast.
_SHORTEST_NEAR = 5


def _swapped(name: str, places: list[int]) -> str | None:
    first, second = places
    if second != first + 1:
        return None
    return name[:first] + name[second] + name[first] + name[second + 1 :]
