"""What a text may spell a number in: digits of all scripts, numerals, and what parts them.

Signs that nobody sees are taken out first, since they would part a number from itself.
"""

from __future__ import annotations

import sys
import unicodedata

_SINGLE_DIGITS = "①②③④⑤⑥⑦⑧⑨❶❷❸❹❺❻❼❽❾➀➁➂➃➄➅➆➇➈⓪⓿"
_SMALL_DIGITS = "⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉"
_WIDE = "".join(map(chr, (*range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B)))) + "＠．－＿＋"
_DIGITS = "".join(
    char for char in map(chr, range(0x80, sys.maxunicode)) if unicodedata.category(char) == "Nd"
)
OTHER_FORMS = _DIGITS + _SINGLE_DIGITS + _SMALL_DIGITS + _WIDE
IN_ASCII = "".join(
    str(int(unicodedata.numeric(char)))
    if unicodedata.category(char)[0] == "N"
    else chr(ord(char) - 0xFEE0)
    for char in OTHER_FORMS
)
"""What each of ``OTHER_FORMS`` is in ASCII."""
HAS_OTHER_FORMS = rf"[^\P{{Nd}}0-9]|[{_SINGLE_DIGITS}{_SMALL_DIGITS}{_WIDE}]"

UNSEEN = (
    r"[\x00-\x08\x0B-\x1F\x7F-\x{9F}\x{AD}\x{61C}\x{180E}\x{200B}\x{200E}\x{200F}\x{2028}-\x{202E}"
    r"\x{2060}-\x{206F}\x{FEFF}\x{FFF9}-\x{FFFB}\x{FFFE}\x{FFFF}\x{E100}-\x{E1FF}]"
)
"""Control characters but tab and line end, signs of direction and of no width, and the private ones
that stand for masks while a text is masked. The joiner of emoji stays."""

GAP = (
    r"[\s\x{A0}\x{3000}\x{2000}-\x{200A}\x{200C}\x{200D}\x{FE0F}\x{20E3}\x{2010}-\x{2015}\x{2212}"
    r"\-·•・_/\\*~()（）]{0,3}"
)
"""What may part the digits of one number."""
HAN_DIGIT = "[零〇○一二三四五六七八九幺壹贰貳叁參肆伍陆陸柒捌玖]"
HAN_ONE, HAN_FROM_THREE = "[一幺壹]", "[三四五六七八九叁參肆伍陆陸柒捌玖]"
ANY_DIGIT, ANY_ONE, ANY_FROM_THREE = (
    f"[{ascii_form}{numerals[1:]}"
    for ascii_form, numerals in (("0-9", HAN_DIGIT), ("1", HAN_ONE), ("3-9", HAN_FROM_THREE))
)
KEYCAP = r"[\x{FE0F}\x{20E3}]"
"""What makes a key of a phone of a digit."""

SURNAMES = (
    "(?:欧阳|上官|司马|诸葛|司徒|东方|皇甫|尉迟|夏侯|慕容|"
    "[王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗郑梁谢宋唐许韩冯邓曹彭曾萧肖田董袁潘蒋蔡余杜叶程"
    "魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙史陶贺毛郝顾"
    "龚邵万覃武钱戴严莫孔向汤楊張劉陳趙吳許鄧蕭羅鄭葉盧鍾陸龔嚴錢])"
)
"""Family names that hardly begin another word after what introduces a name."""
