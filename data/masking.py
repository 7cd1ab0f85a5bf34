"""SQL that masks what tells a person in a text: before it is stored, and each by what it was.

Phones, mail addresses, numbers of identity documents, of bank and member cards, accounts of
messengers, names that are introduced as such, and whatever a link says beside its host. What has no
such form, such as a name in passing or an address, stays.
A number that is introduced as an order's stays too, unless it has the form of a mobile number.
"""

from __future__ import annotations

from dataclasses import dataclass

from regulars.data.cells import quoted
from regulars.data.mask_signs import (
    ANY_DIGIT,
    ANY_FROM_THREE,
    ANY_ONE,
    GAP,
    HAN_DIGIT,
    HAN_FROM_THREE,
    HAN_ONE,
    HAS_OTHER_FORMS,
    IN_ASCII,
    KEYCAP,
    OTHER_FORMS,
    SURNAMES,
    UNSEEN,
)

PHONE, EMAIL, DOCUMENT, CARD, LINK, ACCOUNT, MEMBER, NAME = map(chr, range(0xE100, 0xE108))
MASKS = {
    PHONE: ("[phone]", "〔电话〕"),
    EMAIL: ("[e-mail]", "〔邮箱〕"),
    DOCUMENT: ("[id]", "〔证件号〕"),
    CARD: ("[card]", "〔卡号〕"),
    LINK: ("[link]", "〔链接〕"),
    ACCOUNT: ("[account]", "〔账号〕"),
    MEMBER: ("[member]", "〔会员号〕"),
    NAME: ("[name]", "〔姓名〕"),
}
"""What each mask is in a text without a Chinese character, and in one with."""
OWN_ID_LETTERS_MIN = 5
"""A shorter member id may be any number."""

_HIDDEN_DIGITS = "".join(map(chr, range(0xE110, 0xE11A)))
_NAMED = "我叫|本人|名字|姓名|联系人|聯繫人|收件人|收货人|收貨人"
_MAY_TELL = (
    rf"[0-9@:：号/\[(（]|{HAN_DIGIT}{GAP}{HAN_DIGIT}|(?i:\sdot\s)|{_NAMED}|(?i:my\sname|call\sme)"
)
_NOT_IN_NUMBER, _NUMBER_ENDS = "(^|[^0-9])", "([^0-9]|$)"
_DIGITS = f"[0-9](?:{GAP}[0-9])"
# Words between what is introduced and its number.
_IS = (
    r"(?:号码?|码|是|为|我|加|[:：#=,，.@(（\s]|"
    r"(?:numbers?|no|id|is|me|us|at|on|my)\b){0,8}"
)
_ORDER = (
    r"(?i:(?:订单|訂單|单|單|小票|流水|运单|快递单)(?:号码?|编号|號)|(?:order|receipt|ticket)\s?"
    r"(?:no\.?|number|id|#)|order)[\s:：#是为]{0,3}[A-Za-z]{0,6}[0-9][0-9\-]*"
)
_MOBILE = r"1[3-9][0-9]{9}"
_CHINA = f"(?:[(（]?\\+?(?:00)?86[)）]?{GAP})?"
_MAIL_HOST = r"[\p{Latin}0-9\-]+(?:[.。][\p{Latin}0-9\-]+)+"
_IN_LINK = r"(?:=\p{Han}{1,8}|[A-Za-z0-9._~:/?#\[\]@!$&()*+,;=%|{}\-])"
_TOP = "com|cn|net|org|io|me|cc|co|hk|tw|top|vip|shop|info|uk"
_MESSENGER = (
    r"微信|薇信|威信|v信|\bvx|\bwx|weixin|wechat|加v|qq|扣扣|whatsapp|telegram|skype|line\sid|"
    r"抖音|小红书|微博|instagram"
)


@dataclass(frozen=True)
class _Mask:
    """What is masked: ``pattern``, of which ``becomes`` is put in the place.

    A number's match takes the signs at its ends along, so that of two numbers with one sign
    between them a second pass finds the other.
    """

    pattern: str
    becomes: str
    passes_n: int = 1


def _number(pattern: str, mask: str) -> _Mask:
    whole = f"{_NOT_IN_NUMBER}(?:{pattern}){KEYCAP}*{_NUMBER_ENDS}"
    return _Mask(whole, rf"\1{mask}\2", passes_n=2)


def _introduced(words: str, pattern: str, mask: str) -> _Mask:
    return _Mask(rf"(?i)({words})({_IS})(?:{pattern})", rf"\1\2{mask}")


_MASKS = (
    _Mask(
        rf"(?i)((?:https?|ftp|weixin|alipays?)://|www\.)(?:[^\s/@?#<>]*@)?"
        rf"([a-z0-9\-]+(?:\.[a-z0-9\-]+)*(?::[0-9]+)?)[/?#]{_IN_LINK}+",
        rf"\1\2/{LINK}",
    ),
    _Mask(r"(://)[^\s/@?#<>]*@", rf"\1{ACCOUNT}@"),
    _Mask(rf"(?i)([a-z0-9\-]+\.(?:{_TOP}))/{_IN_LINK}+", rf"\1/{LINK}"),
    _Mask(
        rf"(?:[\p{{Latin}}\p{{Greek}}\p{{Cyrillic}}0-9._%+'\-]+|\p{{Han}}{{1,4}})\s?@\s?{_MAIL_HOST}",
        EMAIL,
    ),
    _Mask(
        r"(?i)[a-z0-9._%+\-]+\s*(?:[(\[（]at[)\]）]\s*[a-z0-9\-]+\s*(?:\.|[(\[（]dot[)\]）]|\sdot\s)"
        r"|\sat\s+[a-z0-9\-]+\s+dot\s)\s*[a-z]{2,}",
        EMAIL,
    ),
    _number(
        f"[1-9]{GAP}(?:[0-9]{GAP}){{5}}(?:1{GAP}[89]|2{GAP}0){GAP}(?:[0-9]{GAP}){{2}}"
        f"(?:0{GAP}[1-9]|1{GAP}[0-2]){GAP}(?:0{GAP}[1-9]|[12]{GAP}[0-9]|3{GAP}[01]){GAP}"
        f"(?:[0-9]{GAP}){{3}}[0-9Xx]",
        DOCUMENT,
    ),
    _introduced(
        "身份证|身分證|证件|護照|护照|passport|id card|ssn",
        f"[a-z]{{0,3}}{_DIGITS}{{4,18}}x?",
        DOCUMENT,
    ),
    _number(
        f"6{GAP}2(?:{GAP}[0-9]){{14,17}}|4(?:{GAP}[0-9]){{15}}|5{GAP}[1-5](?:{GAP}[0-9]){{14}}|"
        f"3{GAP}[47](?:{GAP}[0-9]){{13}}|3{GAP}5(?:{GAP}[0-9]){{14}}|"
        r"[0-9]{4}(?:[\s\-]{1,2}[0-9]{4}){3}(?:[\s\-]{1,2}[0-9]{1,3})?",
        CARD,
    ),
    _introduced(
        "卡号|卡號|银行卡|会员卡?|會員卡?|账号|帐号|card|account|member(?:ship)?|loyalty",
        f"[a-z]{{0,4}}{_DIGITS}{{4,18}}",
        CARD,
    ),
    _Mask(f"{HAN_ONE}{GAP}{HAN_FROM_THREE}(?:{GAP}{HAN_DIGIT}){{9}}", PHONE),
    _Mask(f"[零〇○](?:{GAP}{HAN_DIGIT}){{9,11}}", PHONE),
    _number(
        f"{_CHINA}{ANY_ONE}{GAP}{ANY_FROM_THREE}(?:{GAP}{ANY_DIGIT}){{9}}|"
        r"1[3-9][0-9][.,，、][0-9]{4}[.,，、][0-9]{4}|"
        f"{_CHINA}[(（]?0(?:10|2[0-9]|[3-9][0-9]{{2}}){GAP}[2-9][0-9]{{2,3}}{GAP}[0-9]{{4}}"
        rf"(?:{GAP}(?:转|轉|#|ext\.?|x){GAP}[0-9]{{1,6}})?|"
        r"(?:1[\s.\-])?[(]?[2-9][0-9]{2}[)]?[\s.\-]{1,2}[0-9]{3}[\s.\-][0-9]{4}",
        PHONE,
    ),
    _Mask(rf"\+{GAP}[1-9](?:{GAP}\.?[0-9]){{6,14}}", PHONE),
    _introduced(
        "电话|電話|手机号?|手機|座机|联系方式|致电|拨打|回电|来电|传真|tel|phone|mobile|cell|call|"
        "text|contact|hotline|fax",
        f"{ANY_DIGIT}(?:{GAP}{ANY_DIGIT}){{6,14}}",
        PHONE,
    ),
    _introduced(
        _MESSENGER,
        r"[0-9](?:\s?[0-9]){4,11}|[a-z][a-z_\-]{0,18}[0-9_][a-z0-9_\-]{2,18}"
        r"|[a-z][a-z_\-]{3,18}[0-9_]",
        ACCOUNT,
    ),
    _Mask(
        rf"(?i)((?:{_MESSENGER})\s*(?:(?:号|id|账号)?\s*[:：]|号)\s*)[a-z]{{5,20}}([^a-z0-9\s]|$)",
        rf"\1{ACCOUNT}\2",
    ),
    _Mask(
        rf"({_NAMED})((?:叫|是|为|為|[:：\s]){{0,3}})({SURNAMES}\p{{Han}}{{1,2}})",
        rf"\1\2{NAME}",
    ),
    _Mask(
        r"((?i:my\sname(?:'s|\sis)|call\sme|\bname\s?[:：])\s{0,3})"
        r"\p{Lu}[\p{L}'’\-]{1,30}(?:\s\p{Lu}(?:[\p{L}'’\-]{1,30}|\.)){0,3}",
        rf"\1{NAME}",
    ),
)


def cleaned(given: str) -> str:
    """A text without signs that nobody sees, its digits in ASCII; null when nothing is left."""
    in_ascii = (
        f"CASE WHEN regexp_matches({given}, {quoted(HAS_OTHER_FORMS)}) "
        f"THEN translate({given}, {quoted(OTHER_FORMS)}, {quoted(IN_ASCII)}) ELSE {given} END"
    )
    return f"nullif(trim(regexp_replace({in_ascii}, {quoted(UNSEEN)}, '', 'g')), '')"


def masked(text: str, own_id: str | None = None) -> str:
    """A cleaned text in which masks stand in the place of what tells a person.

    ``own_id`` is the raw id of whoever the row is of, which the text may tell as well.
    """
    may_tell = f"regexp_matches({text}, {quoted(_MAY_TELL)})"
    found = _shown(_replaced(_with_orders_hidden(text)), text)
    if own_id is None:
        return f"CASE WHEN {may_tell} THEN {found} ELSE {text} END"
    told = f"length({own_id}) >= {OWN_ID_LETTERS_MIN} AND contains({text}, {own_id})"
    own = f"CASE WHEN {told} THEN replace({text}, {own_id}, {quoted(MEMBER)}) ELSE {text} END"
    found = _shown(_replaced(_with_orders_hidden(own)), text)
    return f"CASE WHEN {may_tell} OR ({told}) THEN {found} ELSE {text} END"


def _with_orders_hidden(text: str) -> str:
    """The text with the digits of numbers that are introduced as an order's as other signs."""
    hidden = (
        f"CASE WHEN regexp_matches(t[2], '(^|[^0-9]){_MOBILE}$') THEN t[2] "
        f"ELSE translate(t[2], '0123456789', {quoted(_HIDDEN_DIGITS)}) END"
    )
    parts = f"list_zip(string_split_regex({text}, {quoted(_ORDER)}), "
    parts += f"regexp_extract_all({text}, {quoted(_ORDER)}))"
    whole = (
        f"array_to_string(list_transform({parts}, lambda t: t[1] || coalesce({hidden}, '')), '')"
    )
    return f"CASE WHEN regexp_matches({text}, {quoted(_ORDER)}) THEN {whole} ELSE {text} END"


def _replaced(text: str) -> str:
    for mask in _MASKS:
        for _ in range(mask.passes_n):
            text = f"regexp_replace({text}, {quoted(mask.pattern)}, {quoted(mask.becomes)}, 'g')"
    return text


def _shown(text: str, original: str) -> str:
    """The text with words in the place of the signs that stand for masks."""
    text = f"translate({text}, {quoted(_HIDDEN_DIGITS)}, '0123456789')"
    is_chinese = rf"regexp_matches({original}, '\p{{Han}}')"
    for sign, (en, zh) in MASKS.items():
        word = f"CASE WHEN {is_chinese} THEN {quoted(zh)} ELSE {quoted(en)} END"
        text = f"replace({text}, {quoted(sign)}, {word})"
    return text
