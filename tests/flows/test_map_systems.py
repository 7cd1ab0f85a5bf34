"""Exports as tills, ERP, web shops and member systems write them, each with the right answer.

Drawn with a line for each column of the file: its own name, the right column of the contract or
``-`` for none, and the values of some made-up rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from regulars.data.columns_seen import seen
from regulars.flows.which_export import best_proposal


@dataclass(frozen=True)
class System:
    """An export of a system: its columns, how it is encoded, what stands above its header."""

    name: str
    export: str
    text: str
    encoding: str = "gb18030"
    preamble: str = ""
    missing: tuple[str, ...] = ()

    @property
    def columns(self) -> list[list[str]]:
        return [
            [cell.strip() for cell in line.split("|")] for line in self.text.strip().splitlines()
        ]

    @property
    def answers(self) -> dict[str, str]:
        return {right: own for own, right, *_ in self.columns if right != "-"}

    def written(self, folder: Path) -> Path:
        path = folder / "export.csv"
        header, _, *rows = zip(*self.columns, strict=True)
        text = self.preamble + "".join(",".join(row) + "\r\n" for row in (header, *rows))
        path.write_bytes(text.encode(self.encoding))
        return path


SYSTEMS = [
    System(
        "a supermarket's till system",
        "transactions",
        """
        流水号   | order_id    | 0001202601050001    | 0001202601050001    | 0001202601050002
        分店号   | store_id    | 001                 | 001                 | 001
        收银机号 | -           | 01                  | 01                  | 01
        收银员号 | staff_id    | 1001                | 1001                | 1001
        货号     | product_id  | 690100              | 690101              | 690100
        品名     | -           | 绿茶                | 杯子                | 绿茶
        数量     | quantity    | 1.000               | 2.000               | 1.000
        原价     | unit_price  | 26.00               | 20.00               | 26.00
        售价     | -           | 25.80               | 19.50               | 25.80
        金额     | amount      | 25.80               | 39.00               | 25.80
        会员卡号 | customer_id | 88000123            | 88000123            |
        销售时间 | ordered_at  | 2026-01-05 09:12:00 | 2026-01-05 09:12:00 | 2026-01-05 10:40:00
        销售方式 | -           | A                   | A                   | A
        """,
        preamble="销售流水明细表\r\n查询日期：2026-01-05 至 2026-01-05\r\n",
    ),
    System(
        "a restaurant's till",
        "transactions",
        """
        订单号     | order_id    | 20260105000017 | 20260105000018
        流水号     | -           | 17             | 18
        开台时间   | -           | 2026/1/5 11:50 | 2026/1/5 11:55
        下单时间   | ordered_at  | 2026/1/5 12:01 | 2026/1/5 12:07
        结账时间   | -           | 2026/1/5 13:10 | 2026/1/5 13:02
        桌号       | -           | A3             | A4
        人数       | -           | 2              | 3
        菜品编码   | product_id  | C001           | C002
        菜品名称   | -           | 酸菜鱼         | 米饭
        数量       | quantity    | 1              | 3
        单价       | unit_price  | 68             | 2
        应收金额   | -           | 68             | 6
        优惠金额   | discount    | 6.8            | 0
        实收金额   | amount      | 61.2           | 6
        会员手机号 | customer_id | 13800000001    |
        门店名称   | store_id    | 西湖店         | 西湖店
        订单来源   | channel     | 堂食           | 外卖
        收银员     | staff_id    | 王五           | 王五
        """,
    ),
    System(
        "a mini-program shop with totals on each line",
        "transactions",
        """
        订单号           | order_id    | E20260105001        | E20260105001
        订单状态         | -           | 已完成              | 已完成
        订单创建时间     | ordered_at  | 2026-01-05 09:12:00 | 2026-01-05 09:12:00
        买家付款时间     | -           | 2026-01-05 09:13:00 | 2026-01-05 09:13:00
        商品名称         | -           | 绿茶                | 杯子
        规格编码         | product_id  | T1                  | T2
        商品单价         | unit_price  | 25.80               | 19.50
        商品数量         | quantity    | 1                   | 2
        商品实际成交金额 | amount      | 25.80               | 39.00
        订单实付金额     | -           | 64.80               | 64.80
        店铺名称         | store_id    | 官方店              | 官方店
        买家手机号       | customer_id | 13800000001         | 13800000001
        收货地址         | -           | 某地                | 某地
        """,
        encoding="utf-8-sig",
    ),
    System(
        "a marketing cloud's orders",
        "transactions",
        """
        订单编号   | order_id    | WM0001
        下单时间   | ordered_at  | 2026-01-05 09:12:00
        支付时间   | -           | 2026-01-05 09:13:00
        客户ID     | customer_id | 700001
        客户昵称   | -           | 小鱼
        客户手机号 | -           | 13800000001
        商品名称   | -           | 绿茶
        商品编码   | product_id  | P01
        购买数量   | quantity    | 1
        商品原价   | unit_price  | 26.00
        优惠金额   | discount    | 0.20
        实付金额   | amount      | 25.80
        下单门店   | store_id    | 西湖店
        下单渠道   | channel     | 小程序
        导购员     | staff_id    | 李四
        优惠券编码 | coupon_id   | C1
        """,
    ),
    System(
        "a marketplace's order report",
        "transactions",
        """
        订单编号         | order_id    | 1200000000000000001
        买家会员名       | customer_id | tb_0001
        买家支付宝账号   | -           | a@example.com
        买家应付货款     | -           | 25.80
        买家应付邮费     | -           | 0.00
        总金额           | -           | 25.80
        买家实际支付金额 | amount      | 25.80
        订单状态         | -           | 交易成功
        收货人姓名       | -           | 某某
        收货地址         | -           | 某地
        联系手机         | -           | 13800000001
        订单创建时间     | ordered_at  | 2026-01-05 09:12:00
        订单付款时间     | -           | 2026-01-05 09:13:00
        宝贝标题         | -           | 绿茶
        宝贝总数量       | quantity    | 1
        店铺名称         | store_id    | 旗舰店
        """,
    ),
    System(
        "a platform's seller export",
        "transactions",
        """
        订单号   | order_id    | 260000000001
        商品ID   | product_id  | 100001
        商品名称 | -           | 绿茶
        订购数量 | quantity    | 1
        支付方式 | -           | 在线支付
        下单时间 | ordered_at  | 2026-01-05 09:12:00
        京东价   | unit_price  | 26.00
        结算金额 | amount      | 25.80
        订单状态 | -           | 完成
        订单类型 | -           | 普通
        下单帐号 | customer_id | jd_001
        客户姓名 | -           | 某某
        运费     | -           | 0
        订单来源 | channel     | APP
        """,
    ),
    System(
        "a delivery platform",
        "transactions",
        """
        订单编号     | order_id    | 9000000001
        下单时间     | ordered_at  | 2026-01-05 09:12:00
        完成时间     | -           | 2026-01-05 09:50:00
        门店ID       | store_id    | 310001
        门店名称     | -           | 西湖店
        用户ID       | customer_id | u1
        商品SKU      | product_id  | S1
        商品件数     | quantity    | 1
        商品原价     | unit_price  | 26.00
        商家优惠     | discount    | 0.20
        顾客实付金额 | amount      | 25.80
        配送费       | -           | 3.00
        是否退款     | is_return   | 否
        """,
        encoding="utf-8",
    ),
    System(
        "an ERP's sales documents",
        "transactions",
        """
        单据编号   | order_id         | XS000001
        行号       | line_id          | 10
        过账日期   | ordered_at       | 2026.01.05
        客户代码   | customer_id      | C0001
        物料编码   | product_id       | M001
        物料描述   | -                | 绿茶
        数量       | quantity         | 1
        计量单位   | -                | 盒
        含税单价   | unit_price       | 25.80
        折扣金额   | discount         | 0.00
        价税合计   | amount           | 25.80
        币种       | currency         | CNY
        业务员编号 | staff_id         | Y01
        机构代码   | store_id         | 1000
        源单编号   | returns_order_id |
        """,
    ),
    System(
        "a Taiwanese chain's till",
        "transactions",
        """
        發票號碼 | order_id    | AB10000001
        門市代號 | store_id    | T01
        交易日期 | ordered_at  | 2026/01/05 09:12
        會員編號 | customer_id | M0001
        品號     | product_id  | P01
        品名     | -           | 綠茶
        數量     | quantity    | 1
        單價     | unit_price  | 30
        折扣金額 | discount    | 0
        實收金額 | amount      | 30
        收銀員   | staff_id    | 王
        付款方式 | -           | 現金
        """,
        encoding="utf-8-sig",
    ),
    System(
        "a card reader's item report",
        "transactions",
        """
        Date           | ordered_at  | 2026-01-05
        Time           | -           | 09:12:00
        Time Zone      | -           | UTC
        Category       | -           | Drinks
        Item           | -           | Tea
        Qty            | quantity    | 1
        SKU            | product_id  | T1
        Gross Sales    | -           | $25.80
        Discounts      | discount    | $0.00
        Net Sales      | amount      | $25.80
        Tax            | -           | $0.00
        Transaction ID | order_id    | tx01
        Payment ID     | -           | p01
        Event Type     | -           | Payment
        Location       | store_id    | High Street
        Customer ID    | customer_id | c01
        Customer Name  | -           | Someone
        """,
        encoding="utf-8",
    ),
    System(
        "a wholesaler's invoices, without an amount",
        "transactions",
        """
        InvoiceNo   | order_id    | 536365
        StockCode   | product_id  | 85123A
        Description | -           | LANTERN
        Quantity    | quantity    | 6
        InvoiceDate | ordered_at  | 2010-12-01 08:26:00
        UnitPrice   | unit_price  | 2.55
        CustomerID  | customer_id | 17850
        Country     | -           | United Kingdom
        """,
        encoding="utf-8",
        missing=("amount",),
    ),
    System(
        "a retail suite's receipts",
        "transactions",
        """
        Receipt Number      | order_id         | R1
        Receipt Line        | line_id          | 1
        Sale Date           | ordered_at       | 2026-01-05 09:12:00
        Store Code          | store_id         | S1
        Cashier ID          | staff_id         | 7
        Loyalty Card No     | customer_id      | 88000123
        Item Code           | product_id       | P1
        Barcode             | -                | 690100
        Qty Sold            | quantity         | 1
        List Price          | unit_price       | 26.00
        Discount Amount     | discount         | 0.20
        Net Amount          | amount           | 25.80
        Return Flag         | is_return        | N
        Original Receipt No | returns_order_id |
        Currency Code       | currency         | GBP
        Voucher Code        | coupon_id        |
        """,
        encoding="utf-16",
    ),
    System(
        "a web shop's order lines",
        "transactions",
        """
        order_number   | order_id    | W1                   | W1
        line_item_id   | line_id     | 1                    | 2
        created_at     | -           | 2026-01-05T09:12:00Z | 2026-01-05T09:12:00Z
        paid_at        | ordered_at  | 2026-01-05T09:13:00Z | 2026-01-05T09:13:00Z
        user_id        | customer_id | 7                    | 7
        sku            | product_id  | T1                   | T2
        item_quantity  | quantity    | 1                    | 2
        item_price     | unit_price  | 25.80                | 19.50
        line_total     | amount      | 25.80                | 39.00
        order_total    | -           | 64.80                | 64.80
        promo_code     | coupon_id   |                      |
        source         | channel     | app                  | app
        payment_method | -           | card                 | card
        """,
        encoding="utf-8",
    ),
    System(
        "a fashion chain's sales",
        "transactions",
        """
        小票号码 | order_id         | XP001
        店铺编号 | store_id         | D01
        店铺名称 | -                | 西湖店
        销售日期 | ordered_at       | 2026-01-05
        导购工号 | staff_id         | G01
        VIP卡号  | customer_id      | V0001
        款号     | product_id       | K100
        颜色     | -                | 红
        尺码     | -                | M
        吊牌价   | unit_price       | 399
        折扣     | discount         | 0.85
        件数     | quantity         | 1
        实销金额 | amount           | 339.15
        原小票号 | returns_order_id |
        销售渠道 | channel          | 门店
        """,
    ),
    System(
        "a loyalty system's members",
        "customers",
        """
        会员卡号     | customer_id   | 88000123
        姓名         | name          | 某某
        手机号码     | phone         | 13800000001
        性别         | gender        | 女
        出生日期     | birth_date    | 1990-01-05
        开卡日期     | joined_on     | 2020-01-05
        开卡门店     | home_store_id | 西湖店
        会员等级     | -             | 金卡
        可用积分     | -             | 100
        推荐人卡号   | referrer_id   |
        是否接收短信 | has_consent   | 是
        所在省份     | region        | 浙江
        所在城市     | city          | 杭州
        """,
    ),
    System(
        "a service desk's tickets",
        "feedback",
        """
        工单号       | feedback_id  | T1
        创建时间     | submitted_at | 2025-01-02 10:00:00
        会员卡号     | customer_id  | 88000123
        联系电话     | -            | 13800000001
        订单号       | order_id     | R1001
        门店编码     | store_id     | S01
        来源         | channel      | APP
        反馈类型     | kind         | 投诉
        问题分类     | category     | 物流
        问题描述     | text         | 等了很久
        首次回复时间 | responded_at | 2025-01-02 11:00:00
        解决时间     | resolved_at  | 2025-01-03 11:00:00
        """,
    ),
    System(
        "a survey tool's answers",
        "feedback",
        """
        Response ID             | feedback_id  | 1001
        Submitted At            | submitted_at | 2025-01-02T10:00:00
        Member No               | customer_id  | M1
        Store No                | store_id     | S1
        Star Rating             | rating       | 4
        Likelihood to Recommend | nps          | 9
        Comments                | text         | nice staff
        """,
        encoding="utf-8",
    ),
    System(
        "a newsletter tool's people",
        "customers",
        """
        Member No        | customer_id   | M1
        Full Name        | name          | Someone
        Email Address    | email         | a@example.com
        Mobile           | phone         | 07700900000
        Date of Birth    | birth_date    | 1990-01-05
        Sex              | gender        | F
        Town             | city          | Leeds
        Sign-up Date     | joined_on     | 2020-01-05
        Home Store       | home_store_id | S1
        Referred By      | referrer_id   |
        Marketing Opt-in | has_consent   | yes
        Tier             | -             | gold
        """,
        encoding="utf-8",
    ),
    System(
        "a goods list",
        "products",
        """
        商品编码 | product_id | P01
        商品条码 | -          | 6901000000001
        商品名称 | name       | 绿茶
        规格型号 | -          | 50g
        单位     | -          | 盒
        大类名称 | department | 食品
        中类名称 | category   | 茶
        小类名称 | -          | 绿茶
        品牌名称 | brand      | 某牌
        进货价   | unit_cost  | 12.50
        零售价   | -          | 25.80
        供应商   | -          | 某公司
        """,
    ),
    System(
        "a list of shops",
        "stores",
        """
        门店编码 | store_id  | S01
        门店名称 | name      | 西湖店
        所在城市 | city      | 杭州
        大区     | region    | 华东
        开业日期 | opened_on | 2019/5/1
        门店类型 | format    | 社区店
        店长     | -         | 某某
        营业面积 | -         | 120
        """,
    ),
]


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system.name)
def test_the_columns_of_a_system_are_told(system: System, tmp_path: Path) -> None:
    proposal, _ = best_proposal(seen(system.written(tmp_path)))

    assert proposal.export == system.export
    assert {match.column: match.own for match in proposal.matches} == system.answers
    assert proposal.missing == system.missing
