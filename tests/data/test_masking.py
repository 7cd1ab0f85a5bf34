"""What tells a person inside a text is masked by what it is, and the rest of the text stays."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.data import masking
from regulars.data.mask_signs import IN_ASCII, OTHER_FORMS

Connection = duckdb.DuckDBPyConnection


@pytest.fixture(scope="module")
def connection() -> Iterator[Connection]:
    with duckdb.connect(config={"threads": 1}) as connection:
        yield connection


def masked(connection: Connection, *texts: str, own_id: str | None = None) -> list[str | None]:
    given = pl.DataFrame({"n": range(len(texts)), "text": texts})
    connection.register("given", given)
    rows = connection.execute(
        f"SELECT {masking.masked('clean', 'own_id')} FROM "
        f"(SELECT n, $1::VARCHAR AS own_id, {masking.cleaned('text')} AS clean FROM given) "
        "ORDER BY n",
        [own_id],
    ).fetchall()
    connection.unregister("given")
    return [text for (text,) in rows]


PHONES = """
请回电13812345678谢谢 > 请回电〔电话〕谢谢
电话138 1234 5678 > 电话〔电话〕
手机号：138-1234-5678。 > 手机号：〔电话〕。
+86 138-1234-5678 急 > 〔电话〕 急
(+86)13812345678 > [phone]
0086 13812345678 > [phone]
8613812345678 > [phone]
１３８１２３４５６７８ > [phone]
138.1234.5678 > [phone]
1 3 8 1 2 3 4 5 6 7 8 > [phone]
一三八一二三四五六七八 > 〔电话〕
打幺三八 一二三四 五六七八吧 > 打〔电话〕吧
一3八12三4五678 > 〔电话〕
壹叁捌壹贰叁肆伍陆柒捌 > 〔电话〕
٠١٣٨١٢٣٤٥٦٧٨ > 013812345678
١٣٨١٢٣٤٥٦٧٨ > [phone]
①③⑧①②③④⑤⑥⑦⑧ > [phone]
1️⃣3️⃣8️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣ > [phone]
tel13812345678abc > tel[phone]abc
13812345678,13912345678,13712345678 > [phone],[phone],[phone]
13812345678 13912345678 > [phone] [phone]
座机021-62345678转12 > 座机〔电话〕
(0571) 8765 4321 > [phone]
零二一六二三四五六七八 > 〔电话〕
电话62345678 > 电话〔电话〕
call me at 415-555-2671 today > call me at [phone] today
(415) 555-2671 > [phone]
+44 20 7946 0958 thanks > [phone] thanks
my phone number is 85212345 > my phone number is [phone]
"""
ADDRESSES = """
someone@example.com > [e-mail]
联系zhang.san+a@mail.qq.com谢谢 > 联系〔邮箱〕谢谢
a_b@x.co, c@y.org > [e-mail], [e-mail]
ｘｙｚ＠ｑｑ．ｃｏｍ > [e-mail]
a [at] b [dot] com > [e-mail]
john at gmail dot com > [e-mail]
shop at mall.It was great > shop at mall.It was great
3@5元 > 3@5元
"""
NUMBERS = """
身份证110101199003074233 > 身份证〔证件号〕
11010119900307423X号 > 〔证件号〕号
110101 19900307 4233 > [id]
护照号码是E12345678 > 护照号码是〔证件号〕
6222021234567890123 > [card]
6222 0212 3456 7890 > [card]
4111111111111111 > [card]
1234-5678-9012-3456 > [card]
卡号 88001234567 > 卡号 〔卡号〕
会员卡：8800 1234 > 会员卡：〔卡号〕
my account no. is 12345678 > my account no. is [card]
"""
ACCOUNTS = """
加我微信abc_123 谢谢 > 加我微信〔账号〕 谢谢
微信号 zhangsan > 微信号 〔账号〕
微信：johnsmith > 微信：〔账号〕
vx: a12345 > vx: [account]
QQ 12345678 > QQ [account]
qq号：１２３４５６７ > qq号：〔账号〕
wechat payment failed > wechat payment failed
WeChat: payment failed twice > WeChat: payment failed twice
微信支付3次都失败 > 微信支付3次都失败
"""
LINKS = """
see https://x.com/u/zhangsan?phone=1 now > see https://x.com/[link] now
见http://x.com/a?name=张三，谢谢 > 见http://x.com/〔链接〕，谢谢
http://john:pw@example.com > http://[account]@example.com
www.x.cn/u/1 > www.x.cn/[link]
t.cn/A6abc > t.cn/[link]
http://example.com > http://example.com
"""
NAMES = """
我叫王小明，上周买的 > 我叫〔姓名〕，上周买的
本人李娜 > 本人〔姓名〕
收货人：欧阳娜娜，没收到 > 收货人：〔姓名〕，没收到
名字是张伟 > 名字是〔姓名〕
联系人 陳大文 > 联系人 〔姓名〕
My name is Mary Ann O'Neil and I waited > My name is [name] and I waited
name: José García. > name: [name].
please call me Anna > please call me [name]
"""
STAYS = """
我叫了外卖
我叫客服来看，名字都不报
本人于昨天下单
收货人电话不通
call me back
my name is on the list
username: empty
订单号 202506120001234567 没到
订单号:6222021234567890
order #621234567890123456 is late
单号SF1234567890123
80011200000012345
20250612000123
2025-06-12 13:05 买的 1599元
下单3天,退货2次,花了1,599.00元
wait 45 minutes, 12345 people
满200减30，第2件半价
iPhone 15 Pro Max 256G
一二三四五六七
二〇二五年六月十二日
12-15 18-20 9:30-21:00
400克装 x 12
👨‍👩‍👧 5️⃣星
"""


@pytest.mark.fault("P12")
@pytest.mark.parametrize("table", [PHONES, ADDRESSES, NUMBERS, ACCOUNTS, LINKS, NAMES])
def test_what_tells_a_person_is_masked_by_what_it_is(connection: Connection, table: str) -> None:
    rows = [line.split(" > ") for line in table.strip().splitlines()]
    found = masked(connection, *(given for given, _ in rows))
    assert dict(zip((given for given, _ in rows), found, strict=True)) == dict(rows)


def test_orders_prices_days_and_counts_stay(connection: Connection) -> None:
    texts = STAYS.strip().splitlines()
    assert masked(connection, *texts) == texts


def test_a_mobile_number_is_masked_though_it_is_called_an_order(connection: Connection) -> None:
    assert masked(connection, "order 13812345678", "订单号：13812345678") == [
        "order [phone]",
        "订单号：〔电话〕",
    ]


def test_signs_nobody_sees_do_not_part_a_number(connection: Connection) -> None:
    parted = ["138\u200b1234\u200b5678", "138\u00ad12345678", "1381\u0007234\u202e5678"]
    assert masked(connection, *parted) == ["[phone]"] * 3


def test_the_signs_that_stand_for_masks_are_no_way_in(connection: Connection) -> None:
    hidden = "".join(chr(0xE110 + int(digit)) for digit in "13812345678")
    assert masked(connection, hidden, "a\ue100b") == [None, "ab"]


def test_the_own_id_is_masked_where_it_is_long_enough(connection: Connection) -> None:
    assert masked(connection, "M880 is me", own_id="M880") == ["M880 is me"]
    assert masked(connection, "I am M8801", "是M8801", own_id="M8801") == [
        "I am [member]",
        "是〔会员号〕",
    ]


def test_each_form_of_a_sign_has_one_in_ascii() -> None:
    assert len(OTHER_FORMS) == len(IN_ASCII) == len(set(OTHER_FORMS))
    assert IN_ASCII.isascii()


WORDS = st.sampled_from(["", "你好", "hello ", "，", " ", "a", "。", "(", "！", "\n"])
DIGIT_FORMS = ("0123456789", "０１２３４５６７８９", "零一二三四五六七八九")
GAPS = st.sampled_from(["", "", "", " ", "-", " - ", "\u200b", "·"])


@st.composite
def mobile_numbers(draw: st.DrawFn) -> tuple[str, str]:
    """A mobile number's digits, and a way to write it."""
    digits = f"1{draw(st.integers(3, 9))}{draw(st.integers(0, 10**9 - 1)):09}"
    forms = draw(st.sampled_from(DIGIT_FORMS))
    written = "".join(forms[int(digit)] + draw(GAPS) for digit in digits)
    return digits, draw(st.sampled_from(["", "+86", "86 ", "(+86)"])) + written


@pytest.mark.fault("P12")
@settings(max_examples=60)
@given(before=WORDS, after=WORDS, between=WORDS, numbers=st.lists(mobile_numbers(), max_size=4))
def test_no_mobile_number_gets_through_however_it_is_written(
    connection: Connection,
    before: str,
    after: str,
    between: str,
    numbers: list[tuple[str, str]],
) -> None:
    text = before + (between or ",").join(written for _, written in numbers) + after
    (found,) = masked(connection, text)
    plain = re.sub(
        r"\D", "", (found or "").translate(str.maketrans("零一二三四五六七八九", "0123456789"))
    )
    assert not [digits for digits, _ in numbers if digits[3:] in plain]


@settings(max_examples=30)
@given(texts=st.lists(st.text(max_size=40), min_size=1, max_size=8))
def test_a_text_among_others_is_masked_as_it_is_alone(
    connection: Connection, texts: list[str]
) -> None:
    texts = [text.replace("\0", "") for text in texts]
    assert masked(connection, *texts) == [masked(connection, text)[0] for text in texts]


@settings(max_examples=30)
@given(text=st.text(alphabet="很好差慢 abc，。！😡<>&;='\"/", max_size=40))
def test_a_text_without_a_number_or_an_address_stays(connection: Connection, text: str) -> None:
    assert masked(connection, text) == [text.strip(" ") or None]


@pytest.mark.fault("F33", "P12")
def test_a_megabyte_of_numbers_is_masked_like_a_few(connection: Connection) -> None:
    token = f"13{secrets.randbelow(10**9):09}"
    texts = [f"{token} " * 80_000, "1 " * 500_000, f"{token[2:]}@x.com " * 50_000, "一" * 300_000]
    found = masked(connection, *texts)
    assert found[0] == ("[phone] " * 80_000).strip()
    assert found[2] == ("[e-mail] " * 50_000).strip()
    assert [len(text or "") for text in found[1::2]] == [999_999, 300_000]
