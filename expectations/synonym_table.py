"""What tills, ERP, web shops, member systems and mini-programs call the contracts' columns.

Names stand in groups, the best first. Two names of one group mean the same, so that a file with
both is ambiguous; of two groups the first is taken. A name belongs to one column of an export.
Chinese names are simplified; traditional forms, case, blanks, signs and units do not matter
(``header_names.plain``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Doubt = Literal["due", "order_total", "contact", "nickname", "a_name", "rate", "a_day", "any_id"]
DOUBTS: dict[Doubt, str] = {
    "due": "is what was due; amount is what was received",
    "order_total": "is by its name an order's total; amount is a line's",
    "contact": "is a phone number or an address: an id only if it is one in every export",
    "nickname": "is a name that a person may change, no id",
    "a_name": "is a name, which may change or be there twice; a code is better",
    "rate": "may be a rate instead of money",
    "a_day": "is by its name a day without a time",
    "any_id": "does not say whose number it is",
}


@dataclass(frozen=True)
class Doubtful:
    """Names that may mean the column; why they may not is said wherever one is taken."""

    names: str
    doubt: Doubt


Groups = tuple[str | Doubtful, ...]

_MEMBER: Groups = (
    "customer_id 会员号 会员ID 会员编号 会员编码 会员代码 会员代号 客户编号 客户号 客户ID "
    "客户编码 客户代码 客户代号 顾客编号 顾客ID 顾客号 顾客编码 member_id member_no member_number "
    "member_code member customer customer_no customer_number customer_code client_id client_no "
    "client_number cust_id cust_no shopper_id household_id",
    "会员卡号 会员卡编号 会员卡 贵宾卡号 VIP卡号 VIP号 VIP编号 积分卡号 member_card "
    "member_card_no membership_no membership_number loyalty_id loyalty_no loyalty_number "
    "loyalty_card loyalty_card_no vip_no vip_id vip_code vip_card_no",
    "卡号 卡编号 card card_no card_number card_id",
    "用户ID 用户编号 用户号 买家ID 买家编号 粉丝ID 粉丝编号 user_id user_no uid buyer_id "
    "account_id account_no contact_id",
    "unionid 微信unionid",
    "openid 微信openid",
)
_ITEM: Groups = (
    "product_id 商品编码 商品编号 商品ID 商品代码 商品代号 商品号 产品编码 产品编号 产品ID "
    "产品代码 品号 物料编码 物料编号 物料号 存货编码 存货编号 菜品编码 菜品编号 菜品ID 宝贝ID "
    "宝贝编码 货品编号 货品编码 货品ID 品项编码 product_code product_no product_number "
    "product_nbr item_id item_code item_no item_number goods_id goods_no goods_code goods_sn "
    "article_no article_number article_id article_code material_no material_number plu plu_code "
    "part_no stock_code",
    "SKU SKU编码 SKU_ID SKU编号 规格编码 商品SKU SKU码 规格ID 单品编码 单品编号 sku_code sku_no "
    "sku_number variant_id variant_sku lineitem_sku",
    "货号 款号 商品货号 商品款号 style_no",
    "商家编码 商家SKU 外部系统编号 商家商品编码 outer_id",
    "条码 条形码 商品条码 商品条形码 国际条码 69码 barcode ean ean_code upc gtin",
)
_SHOP: Groups = (
    "store_id 门店编号 门店编码 门店ID 门店代码 门店代号 门店号 店铺编号 店铺编码 店铺ID 店铺代码 "
    "店铺号 店号 店编号 店编 店代码 分店编号 分店编码 分店号 分店代号 分店代码 机构编码 机构编号 "
    "机构代码 网点编号 网点编码 网点代码 门市代号 门市编号 门市代码 专柜编号 专柜代码 专柜代号 "
    "门店poi_id shop_id shop_no shop_code store_no store_number store_code store_nbr store_num "
    "outlet_id outlet_no outlet_code branch_id branch_code branch_no branch_number site_id "
    "site_code location_id location_code",
)
_LOGIN = (
    "昵称 会员昵称 微信昵称 用户昵称 客户昵称 会员名 买家会员名 买家昵称 用户名 nickname "
    "display_name username buyer_nick"
)
_ORDER: Groups = (
    "order_id 订单号 订单编号 订单ID 订单号码 业务订单号 主订单号 主订单编号 订单编码 "
    "order_no order_number order_num order_sn order_code order",
    "小票号 小票编号 小票号码 小票 小票单号 购物小票号 水单号 receipt receipt_id "
    "receipt_no receipt_number ticket ticket_id ticket_no ticket_number docket_no "
    "basket_id",
    "交易号 交易编号 交易单号 交易流水号 交易ID transaction_id transaction_no "
    "transaction_number trans_id trans_no txn_id txn_no trx_id tid trade_id trade_no",
    "销售单号 销售单编号 销货单号 单据号 单据编号 单据号码 单号 账单号 账单编号 结账单号 "
    "票号 收银单号 sale_id sales_id sale_no sales_no sale_number sales_number sales_order "
    "sales_order_no bill_id bill_no bill_number cheque_no document_no doc_no",
    "发票号 发票号码 发票编号 invoice invoice_id invoice_no invoice_number",
    "流水号 流水单号 收银流水号 销售流水号 账单流水号 流水编号 serial_no journal_no",
    "外部订单号 外部单号 第三方订单号 第三方单号 平台订单号 渠道订单号 商户订单号 "
    "商户单号 out_trade_no external_order_id platform_order_id",
    "支付流水号 支付单号 支付交易号 支付订单号 payment_id payment_no",
)
# Of a ticket it is the ticket's own number.
_ORDER_OF_FEEDBACK: Groups = tuple(
    " ".join(name for name in group.split() if not name.startswith("ticket"))
    for group in _ORDER
    if isinstance(group, str)
)
_REACHED_BY: Groups = (
    Doubtful("email 邮箱 会员邮箱 买家邮箱 客户邮箱 customer_email email_address", "contact"),
    Doubtful(
        "手机号 手机号码 手机 会员手机号 会员手机 客户手机号 用户手机号 买家手机号 买家手机 "
        "联系电话 联系手机 电话 行动电话 phone phone_number phone_no mobile mobile_no mobile_phone "
        "customer_phone",
        "contact",
    ),
)
_COUPON: Groups = (
    "coupon_id 优惠券编码 优惠券编号 优惠券ID 优惠券号 优惠券码 券号 券码 券编号 代金券编号 "
    "代金券号 卡券编号 卡券编码 卡券ID 卡券号 coupon_code coupon_no coupon coupon_upc voucher "
    "voucher_id voucher_code voucher_no",
    "优惠码 折扣码 优惠券 优惠券名称 promo_code discount_code promotion_code",
)

SYNONYMS: dict[str, dict[str, Groups]] = {
    "transactions": {
        "order_id": (*_ORDER, Doubtful("id 编号", "any_id")),
        "customer_id": (
            *_MEMBER,
            Doubtful(f"{_LOGIN} 旺旺 买家旺旺 买家 下单账号 用户账号 会员账号", "nickname"),
            *_REACHED_BY,
        ),
        "ordered_at": (
            "ordered_at 交易时间 下单时间 订单创建时间 订单时间 销售时间 消费时间 成交时间 "
            "购买时间 订单下单时间 交易日期时间 order_time order_datetime order_timestamp "
            "transaction_time transaction_timestamp transaction_datetime trans_time txn_time "
            "sale_time sales_time sold_at purchase_time purchased_at purchase_timestamp "
            "order_purchase_timestamp placed_at",
            "结账时间 收银时间 买单时间 小票时间 账单时间 开票时间 checkout_time receipt_time "
            "closed_at",
            "付款时间 支付时间 订单付款时间 买家付款时间 订单支付时间 支付完成时间 payment_time "
            "paid_at pay_time",
            "开单时间 开台时间 单据时间 业务时间 创建时间 created_at create_time created_time "
            "created",
            "时间 日期时间 time timestamp datetime",
            Doubtful(
                "交易日期 销售日期 订单日期 下单日期 消费日期 成交日期 购买日期 order_date "
                "transaction_date trans_date txn_date sale_date sales_date purchase_date "
                "ordered_on sold_on",
                "a_day",
            ),
            Doubtful(
                "营业日期 营业日 业务日期 单据日期 小票日期 账单日期 结账日期 开单日期 开票日期 "
                "记账日期 过账日期 付款日期 invoice_date receipt_date bill_date business_date "
                "payment_date",
                "a_day",
            ),
            Doubtful("日期 date day", "a_day"),
        ),
        "amount": (
            "商品实付金额 商品实际成交金额 商品实收金额 商品成交金额 明细实付金额 明细实收金额 "
            "行实付金额 单品实付金额 单品实收金额 商品实付 line_amount_paid item_paid_amount "
            "line_net_amount line_net",
            "实付金额 实收金额 实付 实收 实付款 实收款 实付额 实收额 成交金额 成交额 实际成交金额 "
            "实际支付金额 实际付款金额 买家实际支付金额 买家实付金额 顾客实付金额 顾客实付 "
            "用户实付金额 用户实付 客户实付金额 实际金额 实销金额 结算金额 折后金额 折后总价 "
            "优惠后金额 净额 净销售额 净销售金额 净销售 net_amount amount_paid paid_amount paid "
            "net_sales net_sales_amount net net_total sales_value actual_amount actual_paid "
            "amount_received received final_amount payment discounted_amount",
            "amount 销售金额 销售额 金额 小计 小计金额 行金额 行小计 商品小计 商品金额 价税合计 "
            "销货金额 消费金额 交易金额 sales_amount sale_amount sales line_total line_amount "
            "subtotal item_total total_price extended_price ext_price transaction_amount "
            "trans_amount txn_amount revenue amt",
            Doubtful(
                "订单实付金额 订单实收金额 订单金额 订单总额 订单总金额 订单总价 订单成交金额 "
                "总金额 合计 合计金额 总计 总价 总额 账单金额 order_total order_amount total "
                "total_amount grand_total total_paid order_value invoice_total",
                "order_total",
            ),
            Doubtful(
                "应付金额 应收金额 应付款 应收款 应付 应收 应付总额 应收总额 买家应付货款 "
                "订单应付金额 账单应收 amount_due due_amount due gross_amount gross_sales gross",
                "due",
            ),
        ),
        "line_id": (
            "line_id 行号 小票行号 明细行号 商品行号 单据行号 订单行号 行项目 行项目号 line_no "
            "line_number line_num order_line order_line_no order_line_id line_item_id line_item "
            "receipt_line transaction_line_id line",
            "子订单号 子订单编号 子单号 子订单ID 明细编号 明细ID 明细号 订单明细ID order_item_id "
            "sub_order_id oid detail_id",
        ),
        "quantity": (
            "quantity 数量 购买数量 订购数量 商品数量 销售数量 下单数量 成交数量 件数 商品件数 "
            "宝贝数量 实销数量 销量 qty units units_sold item_quantity item_qty sales_qty "
            "qty_sold quantity_sold sold_qty lineitem_quantity pieces num",
            "宝贝总数量 商品总数 总数量 total_quantity",
        ),
        "unit_price": (
            "unit_price 单价 商品单价 销售单价 含税单价 宝贝单价 price_per_unit price_each",
            "零售价 零售单价 标价 吊牌价 原单价 原价 商品原价 市场价 list_price retail_price "
            "original_price",
            "价格 售价 销售价 商品价格 商品售价 宝贝价格 京东价 price item_price sell_price "
            "selling_price sale_price lineitem_price",
            "成交单价 折后单价 实际单价 实付单价 优惠价 net_price",
        ),
        "discount": (
            "discount 折扣金额 优惠金额 折扣额 优惠额 让利金额 折让金额 减免金额 立减金额 "
            "优惠总金额 折让额 商品优惠金额 商品优惠 促销优惠 优惠 折让 让利 discount_amount "
            "discount_amt disc_amount discount_value discounts markdown retail_disc "
            "lineitem_discount saved savings",
            "店铺优惠 商家优惠 商家让利 商家优惠金额 平台优惠 平台优惠金额 优惠券金额 券优惠金额",
            Doubtful("折扣 disc", "rate"),
        ),
        "product_id": (*_ITEM, "商品 item product"),
        "store_id": (
            *_SHOP,
            Doubtful(
                "门店 店铺 分店 网点 机构 门市 专柜 门店名称 店铺名称 店名 分店名称 机构名称 "
                "网点名称 门市名称 销售门店 下单门店 消费门店 交易门店 核销门店 销售店铺 store "
                "shop outlet branch location site store_name shop_name outlet_name branch_name "
                "site_name location_name",
                "a_name",
            ),
        ),
        "channel": (
            "channel 渠道 销售渠道 订单渠道 交易渠道 下单渠道 购买渠道 消费渠道 渠道名称 业务渠道 "
            "渠道类型 sales_channel order_channel sale_channel channel_name",
            "订单来源 来源渠道 渠道来源 来源 交易来源 source order_source source_name",
            "平台 平台名称 销售平台 platform",
            "终端 下单终端 终端类型 terminal_type",
        ),
        "staff_id": (
            "staff_id 员工编号 员工编码 员工号 员工ID 员工工号 工号 店员编号 店员编码 店员工号 "
            "employee_id employee_no employee_number emp_id emp_no staff_no staff_code "
            "associate_id",
            "收银员编号 收银员编码 收银员工号 收银员号 收银员ID 收银员代码 cashier_id cashier_no "
            "cashier_code till_operator operator_id clerk_id",
            "收银员 收银人员 店员 收银人 cashier clerk operator employee staff 操作员 操作员编号 "
            "操作人",
            "导购编号 导购工号 导购员编号 导购员工号 导购ID 营业员编号 营业员工号 营业员编码 "
            "销售员编号 业务员编号 salesperson_id sales_rep_id",
            "导购 导购员 营业员 销售员 业务员 销售人员 服务员 开单人 salesperson sales_rep",
        ),
        "coupon_id": _COUPON,
        "is_return": (
            "is_return 是否退货 是否退款 是否退单 退货标志 退货标识 退货标记 退单标志 退单标识 "
            "退单标记 退款标志 退款标识 is_returned is_refund is_refunded return_flag "
            "returned_flag refund_flag returned refunded",
            "退货 退单 return refund",
        ),
        "returns_order_id": (
            "returns_order_id 原订单号 原订单编号 原小票号 原单号 原单据号 原单据编号 原流水号 "
            "原销售单号 原交易号 原交易单号 原交易流水号 原始订单号 原始单号 退货原单号 "
            "退货原订单号 original_order_id original_order_no original_receipt "
            "original_receipt_no original_receipt_id original_transaction_id "
            "original_transaction_no orig_order_id orig_order_no orig_trans_id returned_order_id "
            "return_of refund_of",
            "关联订单号 关联单号 关联原单号 关联单据号 源单号 源单编号 源单据号 来源单号 "
            "ref_order_no ref_order_id",
        ),
        "currency": (
            "currency 币种 货币 币别 货币代码 币种代码 货币类型 交易币种 结算币种 currency_code "
            "ccy transaction_currency",
        ),
    },
    "customers": {
        "customer_id": (*_MEMBER, Doubtful("id 编号 编码", "any_id")),
        "name": (
            "name 姓名 会员姓名 客户姓名 顾客姓名 真实姓名 用户姓名 客户名称 会员名称 顾客名称 "
            "名字 full_name customer_name member_name client_name real_name",
            f"{_LOGIN} 联系人 contact_name",
        ),
        "phone": (
            "手机号 手机号码 手机 会员手机号 会员手机 客户手机号 用户手机号 绑定手机号 注册手机号 "
            "联系手机 移动电话 行动电话 mobile mobile_no mobile_phone mobile_number cell "
            "cellphone",
            "phone 联系电话 电话 电话号码 会员电话 客户电话 联系方式 联络电话 联系号码 "
            "phone_number phone_no tel tel_no telephone contact_number contact_phone "
            "customer_phone",
        ),
        "email": (
            "email 邮箱 电子邮箱 电子邮件 邮箱地址 电子邮件地址 邮件地址 邮件 会员邮箱 电子信箱 "
            "信箱 电邮 email_address mail mail_address",
        ),
        "birth_date": (
            "birth_date 生日 出生日期 出生年月日 会员生日 生日日期 公历生日 阳历生日 birthday "
            "date_of_birth dob",
        ),
        "gender": ("gender 性别 会员性别 客户性别 sex",),
        "city": (
            "city 城市 所在城市 居住城市 常住城市 所属城市 会员所在城市 会员城市 地级市 市 town "
            "city_name residence_city 县市",
        ),
        "region": (
            "region 地区 区域 所在地区 居住地区 所属地区 所属区域 region_name area",
            "大区 所属大区",
            "省份 省 所在省份 所在省 所属省份 居住省份 province state",
        ),
        "joined_on": (
            "joined_on 入会日期 入会时间 入会日 加入日期 加入时间 成为会员日期 成为会员时间 "
            "首次入会时间 join_date joined_at joined joined_date enrolled_on enrolled_at "
            "enrollment_date enrolment_date member_since customer_since",
            "注册日期 注册时间 会员注册时间 会员注册日期 registration_date registered_at "
            "registered_on register_date register_time signup_date signed_up_at",
            "开卡日期 开卡时间 办卡日期 办卡时间 发卡日期 发卡时间 领卡日期 领卡时间 "
            "card_issued_on issue_date",
            "创建日期 创建时间 建档日期 建档时间 created_at create_time created_on created",
        ),
        "home_store_id": (
            "home_store_id 所属门店编号 所属门店编码 归属门店编号 归属门店编码 开卡门店编号 "
            "开卡门店编码 入会门店编号 入会门店编码 注册门店编号 注册门店编码 发卡门店编号 "
            "发卡门店编码 所属门店ID 归属门店ID home_store home_shop home_branch home_store_no "
            "preferred_store_id",
            "store_id 门店编号 门店编码 门店ID 门店代码 门店号 店铺编号 店铺编码 店铺ID 店号 "
            "分店编号 分店代号 门市代号 shop_id store_no store_code store_number branch_id",
            Doubtful(
                "所属门店 归属门店 会员所属门店 会员归属门店 开卡门店 入会门店 注册门店 办卡门店 "
                "发卡门店 会员门店 常去门店 所属店铺 归属店铺 开卡店铺 注册店铺 发卡机构 所属机构 "
                "所属门市 门店 店铺 分店 门店名称 store shop branch store_name join_store "
                "registration_store registered_store",
                "a_name",
            ),
        ),
        "preferred_channel": (
            "preferred_channel 偏好渠道 首选渠道 常用渠道 渠道偏好 购买渠道偏好 偏好购买渠道 "
            "favourite_channel favorite_channel channel_preference",
        ),
        "has_consent": (
            "has_consent 是否同意接收营销信息 是否接收营销信息 是否接受营销 是否同意营销 "
            "是否允许营销 同意接收营销信息 接收营销信息 营销授权 营销许可 允许营销 营销同意 "
            "同意营销 是否接收促销信息 marketing_consent consent opt_in opted_in "
            "accepts_marketing marketing_opt_in newsletter subscribed",
            "是否接收短信 是否接受短信 接收短信 短信订阅 sms_opt_in accepts_sms_marketing "
            "sms_consent",
            "是否订阅邮件 邮件订阅 email_opt_in accepts_email_marketing email_consent",
        ),
        "referrer_id": (
            "referrer_id 推荐人会员号 推荐人会员编号 推荐人会员ID 推荐人ID 推荐人编号 推荐会员号 "
            "推荐会员ID 推荐人卡号 介绍人会员号 介绍人卡号 介绍人编号 邀请人会员号 邀请人ID "
            "邀请人编号 referrer_no referred_by_id inviter_id referring_customer_id",
            "推荐人 推荐会员 介绍人 邀请人 referrer referred_by invited_by inviter",
        ),
    },
    "products": {
        "product_id": (*_ITEM, Doubtful("id 编号 编码 代码 code", "any_id")),
        "name": (
            "name 商品名称 商品名 品名 产品名称 产品名 货品名称 物料名称 存货名称 菜品名称 菜名 "
            "商品全称 商品全名 宝贝名称 名称 product_name item_name goods_name article_name "
            "material_name",
            "商品标题 宝贝标题 标题 title product_title",
            "商品描述 description item_description product_description desc",
            "商品简称 简称 short_name",
        ),
        "category": (
            "category 品类 类别 分类 商品分类 商品类别 商品品类 品类名称 类别名称 分类名称 类目 "
            "商品类目 类目名称 category_name product_category item_category categ commodity",
            "中类 中类名称 二级分类 二级类目 二级品类 subcategory",
            "小类 小类名称 末级分类 三级分类 三级类目",
            "品类编码 类别编码 分类编码 类别编号 分类编号 category_id category_code",
        ),
        "department": (
            "department 部类 部类名称 大类 大类名称 商品大类 一级分类 一级类目 一级品类 部门 dept "
            "department_name division",
            "大类编码 部门编码 department_id dept_id",
        ),
        "brand": (
            "brand 品牌 品牌名称 商品品牌 所属品牌 牌子 brand_name",
            "品牌编码 品牌ID brand_id",
        ),
        "unit_cost": (
            "unit_cost 成本价 单位成本 成本单价 商品成本 成本 cost cost_price cost_per_item "
            "cost_per_unit standard_cost",
            "进价 进货价 进货单价 采购价 采购单价 含税进价 参考进价 最新进价 purchase_price "
            "buying_price",
        ),
    },
    "stores": {
        "store_id": (*_SHOP, Doubtful("id 编号 编码 代码 code", "any_id")),
        "name": (
            "name 门店名称 店铺名称 店名 分店名称 机构名称 网点名称 门市名称 专柜名称 名称 "
            "门店全称 门店 店铺 分店 网点 门市 store_name shop_name outlet_name branch_name "
            "site_name location_name store shop branch",
            "门店简称 简称 short_name",
        ),
        "city": (
            "city 城市 所在城市 门店城市 门店所在城市 所属城市 城市名称 地级市 市 县市 town "
            "city_name",
        ),
        "region": (
            "region 区域 地区 所属区域 所在区域 门店区域 区域名称 所属地区 所在地区 region_name "
            "area",
            "大区 所属大区 大区名称 战区 片区 district zone territory",
            "省份 省 所在省份 所属省份 province state",
        ),
        "opened_on": (
            "opened_on 开业日期 开店日期 开业日 开张日期 开业时间 开店时间 open_date opening_date "
            "opened_at opened date_opened open_since",
            "启用日期 成立日期 创建日期 created_on",
        ),
        "format": (
            "format 业态 门店业态 经营业态 店型 门店类型 店铺类型 门店类别 门店形态 店铺业态 "
            "store_type store_format shop_type branch_type type",
        ),
    },
    "contacts": {
        "campaign_id": (
            "campaign_id 活动编号 活动ID 活动编码 活动代码 活动号 营销活动编号 营销活动ID "
            "营销活动编码 推广计划ID 营销计划编号 campaign_no campaign_code campaign_number "
            "mailing_id",
            "任务编号 任务ID 推送任务ID 发送批次 批次号 批次编号 batch_id batch_no job_id",
            Doubtful(
                "campaign 活动 营销活动 活动名称 营销活动名称 活动主题 campaign_name mailing_name",
                "a_name",
            ),
        ),
        "customer_id": (*_MEMBER, *_REACHED_BY),
        "contacted_at": (
            "contacted_at 触达时间 发送时间 推送时间 投放时间 下发时间 短信发送时间 消息发送时间 "
            "sent_at send_time sent_time contact_time contacted contact_timestamp push_time",
            "触达日期 发送日期 推送日期 投放日期 下发日期 sent_on send_date sent_date contacted_on "
            "contact_date mailing_date mailed_on",
        ),
        "channel": (
            "channel 触达渠道 发送渠道 推送渠道 营销渠道 投放渠道 消息渠道 渠道 渠道名称 触达方式 "
            "发送方式 contact_channel send_channel message_channel channel_name medium",
        ),
        "arm": (
            "arm 实验分组 试验分组 测试分组 实验组别 试验组别 分组 组别 分组名称 人群分组 "
            "test_group treatment_group experiment_group study_arm group treatment",
        ),
        "coupon_id": _COUPON,
        "cost": (
            "cost 触达成本 发送成本 短信成本 推送成本 营销成本 单条成本 成本 send_cost "
            "contact_cost message_cost cost_per_message",
            "发送费用 短信费用 触达费用 费用 fee",
        ),
    },
    "coupons": {
        "coupon_id": _COUPON,
        "redeemed_at": (
            "redeemed_at 核销时间 券核销时间 优惠券核销时间 用券时间 使用时间 优惠券使用时间 "
            "兑换时间 redemption_time redemption_timestamp redeem_time redeemed used_at used_time "
            "use_time",
            "核销日期 券核销日期 用券日期 使用日期 优惠券使用日期 兑换日期 redeemed_on "
            "redemption_date redeem_date used_on used_date use_date",
        ),
        "customer_id": (*_MEMBER, *_REACHED_BY),
        "order_id": (
            "核销订单号 核销单号 使用订单号 使用单号 用券订单号 用券单号 redeemed_order_id "
            "redemption_order_id",
            *_ORDER,
        ),
        "value": (
            "value 抵扣金额 抵扣额 券抵扣金额 优惠券抵扣金额 核销金额 抵用金额 用券金额 "
            "redeemed_amount redemption_amount redemption_value coupon_amount coupon_discount",
            "优惠金额 券优惠金额 优惠券优惠金额 优惠额 discount discount_amount",
            "面值 面额 券面值 券面额 券金额 优惠券金额 优惠券面值 coupon_value face_value",
            "金额 amount",
        ),
    },
    "feedback": {
        "feedback_id": (
            "feedback_id 反馈编号 反馈ID 反馈单号 反馈号 评价编号 评价ID 评论ID 评论编号 投诉编号 "
            "投诉单号 投诉ID 工单号 工单编号 工单ID 问卷编号 答卷编号 答卷ID 来电编号 feedback_no "
            "review_id review_no complaint_id complaint_no ticket_id ticket_no ticket_number "
            "case_id case_no case_number survey_id response_id post_id call_id",
            Doubtful("id 编号 记录编号 record_id", "any_id"),
        ),
        "submitted_at": (
            "submitted_at 提交时间 反馈时间 评价时间 评论时间 投诉时间 来电时间 答题时间 填写时间 "
            "受理时间 发布时间 submit_time submitted_time submission_time feedback_time "
            "review_time reviewed_at complaint_time call_time posted_at",
            "创建时间 建单时间 created_at created_time create_time created timestamp",
            Doubtful(
                "提交日期 反馈日期 评价日期 评论日期 投诉日期 来电日期 submitted_on submit_date "
                "submission_date feedback_date review_date complaint_date 日期 date",
                "a_day",
            ),
            "时间 time",
        ),
        "customer_id": (*_MEMBER, *_REACHED_BY),
        "order_id": (
            "关联订单号 相关订单号 投诉订单号 评价订单号 related_order_id related_order",
            *_ORDER_OF_FEEDBACK,
        ),
        "product_id": _ITEM,
        "store_id": (
            *_SHOP,
            Doubtful("门店 门店名称 店铺 店铺名称 分店 store store_name shop branch", "a_name"),
        ),
        "staff_id": (
            "staff_id 店员编码 店员编号 店员工号 员工编号 员工编码 员工工号 工号 导购编号 导购工号 "
            "被投诉人工号 employee_id employee_no staff_no staff_code clerk_id",
            Doubtful(
                "店员 员工 导购 被投诉人 涉及员工 店员姓名 staff employee clerk staff_name",
                "a_name",
            ),
        ),
        "channel": (
            "channel 反馈渠道 来源渠道 评价渠道 投诉渠道 受理渠道 渠道 渠道名称 feedback_channel "
            "source_channel channel_name",
            "来源 平台 评价平台 反馈来源 投诉来源 source platform origin",
        ),
        "kind": (
            "kind 反馈类型 反馈类别 反馈形式 反馈方式 feedback_type feedback_kind",
            "类型 记录类型 type record_type",
        ),
        "category": (
            "category 反馈分类 问题分类 问题类型 问题类别 投诉分类 投诉类型 投诉类别 评价标签 "
            "反馈标签 工单分类 工单类型 feedback_category complaint_type issue_type topic",
            "分类 类别 标签 category_name label tag tags",
        ),
        "rating": (
            "rating 评分 打分 评价分数 星级 评价星级 满意度评分 满意度得分 评分值 rate stars star "
            "star_rating review_score csat csat_score satisfaction_score",
            "分数 得分 评价得分 score",
            "满意度 satisfaction",
        ),
        "rating_scale": (
            "rating_scale 评分量表 评分制 量表 满分 评分满分 分制 rating_max max_rating scale "
            "max_score",
        ),
        "nps": (
            "nps NPS评分 NPS得分 NPS分值 推荐意愿 推荐度 推荐值 推荐分 推荐意愿评分 净推荐值 "
            "nps_score nps_rating likelihood_to_recommend recommend_score ltr",
        ),
        "text": (
            "text 反馈内容 评价内容 评论内容 投诉内容 留言内容 来电内容 问题描述 反馈描述 "
            "投诉描述 意见 意见建议 建议 文本 原文 内容 正文 评价 评论 feedback_text review_text "
            "review_body review complaint_text feedback comment comments comment_text content "
            "body message verbatim free_text",
            "描述 通话摘要 通话记录 来电摘要 description details transcript call_notes",
        ),
        "responded_at": (
            "responded_at 回复时间 首次回复时间 首次响应时间 响应时间 答复时间 商家回复时间 "
            "response_time first_response_at first_response_time first_reply_at replied_at "
            "reply_time answered_at",
            "回复日期 首次回复日期 响应日期 responded_on response_date reply_date",
        ),
        "resolved_at": (
            "resolved_at 解决时间 处理完成时间 结案时间 办结时间 完结时间 关闭时间 处理时间 "
            "resolved_time resolve_time resolution_time solved_at closed_at closed_time "
            "close_time",
            "解决日期 结案日期 办结日期 关闭日期 resolved_on resolution_date closed_on close_date",
        ),
    },
}

# Names that stand beside the contracts' columns and are none of them: what they hold is not taken
# for a column that is missing, whatever it looks like.
OTHER_NAMES = (
    "序号 备注 说明 摘要 买家留言 卖家备注 运费 邮费 配送费 打包费 服务费 包装费 餐盒费 手续费 "
    "佣金 税额 税率 税金 积分 获得积分 使用积分 积分抵扣 毛利 毛利额 毛利率 成本金额 销售成本 "
    "退款金额 退款时间 退款状态 发货时间 完成时间 更新时间 修改时间 打印时间 打印日期 取消时间 "
    "确认收货时间 送达时间 审核时间 到期时间 有效期 失效日期 支付方式 付款方式 结算方式 "
    "收款方式 支付渠道 收货人 收货人姓名 收货人手机 收货人电话 收货地址 详细地址 地址 快递公司 "
    "快递单号 物流公司 物流单号 运单号 订单状态 单据状态 状态 交易状态 订单类型 交易类型 单据类型 "
    "业务类型 规格 规格型号 商品规格 型号 单位 计量单位 颜色 尺码 尺寸 折扣率 人数 就餐人数 桌号 "
    "桌台 台号 班次 收银机号 机号 款台 款台号 找零 现金 微信 支付宝 银行卡 储值 储值余额 余额 "
    "可用积分 累计积分 会员等级 等级 卡类型 卡状态 成长值 累计消费 累计消费金额 消费次数 "
    "最近消费时间 身份证号 职业 邮编 库存 库存数量 保质期 产地 供应商 供应商编码 店长 营业时间 "
    "面积 经度 纬度 remark remarks note notes memo shipping shipping_fee "
    "shipping_cost freight delivery_fee tax tax_amount tax_rate vat points points_earned "
    "points_used margin profit refund_amount refunded_at shipped_at delivered_at completed_at "
    "updated_at updated_time modified_at cancelled_at canceled_at printed_at expires_at "
    "expiry_date payment_method pay_type payment_type tender tender_type address address1 "
    "address2 shipping_address billing_address zip postcode postal_code status order_status "
    "financial_status order_type transaction_type doc_type size color colour uom unit weight "
    "terminal till_no register_no pos_no shift change cash tip rank tier level points_balance "
    "total_spent orders_count last_order_date last_visit stock inventory supplier vendor manager "
    "latitude longitude ip"
)
