"""The sample chain: two years of exports as a chain's systems give them, faults and truth included.

``exports/`` holds what tills, web shop, mini-program, member, merchandise, store and survey systems
would send. ``truth/`` holds what was planted: hidden segments, rates, ends of life and what members
change before them, campaigns, the causes behind the feedback, every fault with its lines, and what
a right load gives.
``held_back/`` holds files that stop a delivery. It is made a month at a time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

import polars as pl

from regulars.data import chain_campaigns as campaigns
from regulars.data import (
    chain_feedback,
    chain_held_back,
    chain_letters,
    chain_online,
    chain_opinions,
    chain_rosters,
    chain_tills,
    chain_truth,
)
from regulars.data import chain_people as people_of
from regulars.data import chain_shops as shops
from regulars.data.chain_baskets import CHANNEL_MINI
from regulars.data.chain_journal import journal, nothing
from regulars.data.chain_lists import DAYS_N
from regulars.data.chain_truth import Delivered
from regulars.data.chain_world import DAY_S, Month, Size, World, months

END_S = DAYS_N * DAY_S


def write_chain_sample(
    folder: Path, *, size: Size, seed: int, report: Callable[[str], None] = lambda _: None
) -> None:
    """Write the chain into ``folder``: ``exports/``, ``truth/``, ``held_back/``.

    ``small`` has some 60,000 receipt lines, ``medium`` 600,000, ``large`` six million. The same
    size and seed give the same bytes. ``report`` is told each month as it is written.
    """
    exports = folder / "exports"
    exports.mkdir(parents=True, exist_ok=True)
    world = World.drawn(size, seed=seed)
    files: list[Delivered] = []
    heard: list[pl.DataFrame] = []
    used: list[pl.DataFrame] = []
    awaited = nothing()
    counts: Counter[str] = Counter()
    lines = nothing()
    for month in months():
        report(f"{month.starts_on:%Y-%m}")
        lines, awaited = journal(world, month, awaited)
        files += _delivered(exports, month, lines, seed)
        heard.append(chain_opinions.occasions(lines, month, seed=seed))
        used.append(chain_letters.coupon_uses(lines))
        counts.update(_returns(lines, month))
    report("lists, feedback and truth")
    feedback, feedback_truth = chain_feedback.feedback(pl.concat(heard), seed=seed)
    chain_rosters.write_rosters(exports, world, feedback)
    messages = campaigns.contacts(world.arms)
    contacts = chain_letters.write_contacts(exports, messages, seed=seed)
    coupons = chain_letters.write_coupon_uses(exports, pl.concat(used), seed=seed)
    held_back = chain_held_back.write_held_back(folder / "held_back", lines)
    customers = people_of.truth(world.people).hstack(world.farewells.truth())
    chain_truth.write(
        folder / "truth",
        {"customers": customers, "feedback": feedback_truth},
        {
            "planted": {
                **chain_opinions.planted(),
                "campaigns": campaigns.planted(),
                "closed_store": shops.shown(shops.store_id("number"), shops.CLOSED_STORE),
                "walk_in_card": people_of.WALK_IN,
                "faults": chain_truth.doses([*files, *contacts, *coupons]),
                "held_back": held_back,
            },
            "totals": {
                "transactions": chain_truth.totals(files, counts),
                "contacts": chain_truth.totals(contacts, {}, rows="contacts"),
                "coupons": chain_truth.totals(coupons, {}, rows="uses"),
            },
        },
    )


def _delivered(exports: Path, month: Month, lines: pl.DataFrame, seed: int) -> list[Delivered]:
    in_store = pl.col("channel") == 0
    by_mini = pl.col("channel") == CHANNEL_MINI
    files = chain_tills.delivered(exports, month, lines.filter(in_store), seed=seed)
    by_web = lines.filter(~in_store & ~by_mini)
    files.append(chain_online.web_delivered(exports, month, by_web, seed=seed))
    if not (mini := lines.filter(by_mini)).is_empty():
        files.append(chain_online.mini_delivered(exports, month, mini, seed=seed))
    return files


def _returns(lines: pl.DataFrame, month: Month) -> dict[str, int]:
    """Returns by what they are; no line that is refused is one, or was brought back."""
    is_return = lines["is_return"]
    back_s = lines["back_s"]
    return {
        "return_lines_n": int(is_return.sum()),
        "orphan_returns_n": int((is_return & lines["returns_order_id"].is_null()).sum()),
        "partial_returns_n": int(
            ((back_s < END_S) & (lines["back_units"] < lines["quantity"])).sum()
        ),
        "later_month_returns_n": int(back_s.is_between(month.end_s, END_S, closed="left").sum()),
    }


def chain_sample_settings() -> str:
    """The text of ``regulars.toml`` for these exports."""
    return f"""\
[chain]
name = "连锁示例"
currency = "CNY"
time_zone = "Asia/Shanghai"
language = "zh"
anonymous_ids = ["{people_of.WALK_IN}"]   # the card that cashiers swipe for whoever has none

# Three systems send transactions, each in its own format and under its own names.
[[exports.transactions.sources]]              # tills: GB18030, a title above, 合计 at the end
files = "exports/tills_*.csv"
delivered_at = "tills_%Y%m%d*.csv"            # corrections and late rows come in this order
thousands = ","
[exports.transactions.sources.columns]        # contract name = the file's own name
order_id = "小票号"
line_id = "行号"
customer_id = "会员卡号"
ordered_at = "交易时间"
product_id = "商品编码"
quantity = "数量"
unit_price = "单价"
discount = "折扣金额"
amount = "实付金额"
store_id = "门店编码"
staff_id = "收银员"
coupon_id = "券号"
returns_order_id = "原小票号"
channel = "渠道"

[[exports.transactions.sources]]              # web shop and app: JSON Lines
files = "exports/webshop_*.jsonl"
delivered_at = "webshop_%Y%m%d*.jsonl"
[exports.transactions.sources.columns]
order_id = "orderId"
line_id = "lineNo"
customer_id = "memberId"
ordered_at = "createdAt"
product_id = "sku"
quantity = "qty"
unit_price = "listPrice"
discount = "saved"
amount = "paid"
store_id = "shopId"
channel = "source"
coupon_id = "coupon"
is_return = "isRefund"
returns_order_id = "refundOf"

[[exports.transactions.sources]]              # mini-program: a workbook, data on its second sheet
files = "exports/miniprogram_*.xlsx"
delivered_at = "miniprogram_%Y%m%d*.xlsx"
sheet = "{chain_online.DATA_SHEET}"
[exports.transactions.sources.columns]
order_id = "订单号"
line_id = "行号"
customer_id = "会员卡号"
ordered_at = "下单时间"
product_id = "商品编码"
quantity = "数量"
unit_price = "单价"
discount = "优惠金额"
amount = "实付金额"
store_id = "门店编码"
channel = "渠道"
coupon_id = "优惠券"
is_return = "是否退货"
returns_order_id = "原订单号"

[exports.customers]
files = "exports/customers_*.csv"
dates = ["%Y%m%d", "%Y-%m-%d"]
[exports.customers.columns]
customer_id = "会员卡号"
name = "姓名"
phone = "手机号"
email = "邮箱"
birth_date = "生日"
gender = "性别"
city = "城市"
region = "地区"
joined_on = "入会日期"
home_store_id = "所属门店"
preferred_channel = "偏好渠道"
has_consent = "同意营销"
referrer_id = "推荐人卡号"

[exports.products]
files = "exports/products_*.xlsx"
sheet = "{chain_rosters.PRODUCTS_SHEET}"
[exports.products.columns]
product_id = "商品编码"
name = "商品名称"
category = "品类"
department = "部类"
brand = "品牌"
unit_cost = "成本价"

[exports.stores]
files = "exports/stores_*.csv"
[exports.stores.columns]
store_id = "门店编码"
name = "门店名称"
city = "城市"
region = "大区"
opened_on = "开业日期"
format = "业态"

[exports.contacts]
files = "exports/contacts_*.csv"
delivered_at = "contacts_%Y%m%d*.csv"         # what they cost was corrected later
[exports.contacts.columns]
{_mapping(chain_letters.CONTACT_COLUMNS)}

[exports.coupons]
files = "exports/coupons_*.csv"
[exports.coupons.columns]
{_mapping(chain_letters.COUPON_COLUMNS)}

[exports.feedback]                            # survey tool: under the contract's own names
files = "exports/feedback_*.jsonl"

[feedback.labels]                             # what the chain's own people call two categories
"购物环境" = "store_environment"
"系统支付" = "app_payment"

# exports/ also holds staff_*.csv, which is not read yet.

[rfm]
compare_days = 28

[churn]
horizon_days = 70
"""


def _mapping(columns: Mapping[str, str]) -> str:
    return "\n".join(f'{column} = "{own}"' for column, own in columns.items())
