"""Contracts of what comes in: one schema an export, from which readers, DDL and docs derive.

How a column is declared is told in ``export_columns``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import dataframely as dy

from regulars.expectations.export_columns import (
    DIGITS,
    MONEY_PLACES,
    NUMBERS,
    QUANTITY_PLACES,
    Kind,
    Role,
    choice,
    day,
    flag,
    instant,
    money,
    quantity,
    text,
)
from regulars.expectations.feedback_export import Feedback

__all__ = [
    "DIGITS",
    "EXPORTS",
    "MONEY_PLACES",
    "NUMBERS",
    "QUANTITY_PLACES",
    "Column",
    "Export",
    "Kind",
    "Role",
]


class Transactions(dy.Schema):
    """One line of a receipt: one product, sold or taken back."""

    order_id = text("Receipt or order number", "小票号或订单号", required=True)
    customer_id = text(
        "Member the receipt belongs to; empty for an anonymous receipt",
        "会员号；匿名小票为空",
        required=True,
        nullable=True,
        role="person",
    )
    ordered_at = instant(
        "When the line was rung up, in the chain's time zone", "交易时间（门店时区）", required=True
    )
    amount = money(
        "Received for the line, after discount; negative for a return",
        "实收金额（折后）；退货为负",
        required=True,
    )
    line_id = text("Line number within the order", "小票行号")
    quantity = quantity("Units sold", "数量")
    unit_price = money("List price of one unit", "单价")
    discount = money("Discount given on the line; informative", "折扣金额（仅供参考）")
    product_id = text("Product sold", "商品编码")
    store_id = text("Store, or web shop, that sold it", "门店编码")
    channel = text("Sales channel, such as till or app", "销售渠道")
    staff_id = text("Person at the till", "店员编码")
    coupon_id = text("Coupon used on the line", "优惠券编码")
    is_return = flag("Whether the line is a return", "是否退货")
    returns_order_id = text("Order that a returned line was sold on", "原订单号（退货）")
    currency = text("ISO 4217 code of the amount", "币种")


class Customers(dy.Schema):
    """One member of the loyalty programme."""

    customer_id = text("Member id", "会员号", required=True, role="person")
    name = text("Name", "姓名", role="vault")
    phone = text("Phone number", "手机号", role="vault")
    email = text("E-mail address", "电子邮箱", role="vault")
    birth_date = day("Date of birth", "出生日期")
    gender = text("Gender, as the chain records it", "性别")
    city = text("City of residence", "城市")
    region = text("Region of residence", "地区")
    joined_on = day("Day the member joined", "入会日期")
    home_store_id = text("Store the member belongs to", "所属门店")
    preferred_channel = text("Channel the member prefers", "偏好渠道")
    has_consent = flag("Whether the member agreed to be contacted", "是否同意接收营销信息")
    referrer_id = text("Member who referred this one", "推荐人会员号", role="person")


class Products(dy.Schema):
    """One product."""

    product_id = text("Product code", "商品编码", required=True)
    name = text("Product name", "商品名称")
    category = text("Category", "品类")
    department = text("Department", "部类")
    brand = text("Brand", "品牌")
    unit_cost = money("Cost of one unit", "单位成本")


class Stores(dy.Schema):
    """One store."""

    store_id = text("Store code", "门店编码", required=True)
    name = text("Store name", "门店名称")
    city = text("City", "城市")
    region = text("Region", "地区")
    opened_on = day("Day the store opened", "开业日期")
    format = text("Store format, such as convenience or supermarket", "业态")


class Contacts(dy.Schema):
    """One message of a campaign to one member, sent or, in the control arm, kept back."""

    campaign_id = text("Campaign that the message is part of", "营销活动编号", required=True)
    customer_id = text("Member it was meant for", "会员号", required=True, role="person")
    contacted_at = instant(
        "When it was sent, in the chain's time zone; of the control arm, when it would have been",
        "触达时间（门店时区）；对照组为本应发送的时间",
        required=True,
    )
    channel = text("Way it was sent, such as SMS or app", "触达渠道，如短信、APP")
    arm = choice(
        "treated: it was sent; control: it was kept back to compare with. Empty counts as treated",
        "treated 为实验组（已发送），control 为对照组（未发送，用于对比）；为空按实验组计",
        words={
            "treated": "treated treatment treat test sent exposed 实验组 试验组 处理组 触达组 "
            "营销组 测试组 实验 已触达 已发送",
            "control": "control holdout hold-out heldout held-out 对照组 控制组 空白组 留白组 对照 "
            "未触达",
        },
    )
    coupon_id = text("Coupon that came with it", "随附优惠券编码")
    cost = money("Cost of sending it; zero or more", "触达成本，不小于 0")


class Coupons(dy.Schema):
    """One use of a coupon."""

    coupon_id = text("Coupon that was used", "优惠券编码", required=True)
    redeemed_at = instant(
        "When it was used, in the chain's time zone", "核销时间（门店时区）", required=True
    )
    customer_id = text(
        "Member who used it; empty where nobody was told", "会员号；未识别会员为空", role="person"
    )
    order_id = text("Receipt or order it was used on", "核销的小票号或订单号")
    value = money("What it took off the order; zero or more", "抵扣金额，不小于 0")


@dataclass(frozen=True)
class Column:
    """One column of an export, read off its schema.

    ``words`` are what exports write for each code of a choice, in lower case.
    """

    name: str
    kind: Kind
    role: Role
    is_required: bool
    is_nullable: bool
    en: str
    zh: str
    words: Mapping[str, tuple[str, ...]]

    @property
    def is_id(self) -> bool:
        """Whether it holds an id: a text that must not be read as a number."""
        return self.name.endswith("_id")

    @property
    def is_free_text(self) -> bool:
        """Whether it may hold any word."""
        return (self.kind == "text" and not self.is_id) or self.kind == "prose"

    @property
    def day(self) -> str:
        """The column of the business day that an event's instant is of."""
        return f"{self.name.removesuffix('_at')}_on"

    @property
    def of_five(self) -> str:
        """The column of a score as it is on a scale of 1 to 5."""
        return f"{self.name}_of_five"

    @property
    def is_cut(self) -> str:
        """The column that tells whether a text was cut to what is kept of it."""
        return f"is_{self.name}_cut"


@dataclass(frozen=True)
class Export:
    """One kind of file that comes in: its name, its grain, its key and its columns.

    ``happened_at`` names the instant of an event, of which there is a record that only grows; a
    list of what is now, of which the latest delivery counts, has none. ``key_as_given`` is part of
    the key as far as a row gives it: these columns may be empty. ``is_steady`` tells that about as
    much happens every day; campaigns are as large as they are meant to be, and a bad week has more
    complaints.
    """

    name: str
    schema: type[dy.Schema]
    key: tuple[str, ...]
    grain_en: str
    grain_zh: str
    happened_at: str | None = None
    key_as_given: tuple[str, ...] = ()
    is_steady: bool = True

    @property
    def is_history(self) -> bool:
        return self.happened_at is not None

    @property
    def happened_on(self) -> str | None:
        """The column of the business day that the instant is of."""
        return self.happened_at and self.column(self.happened_at).day

    @property
    def later_instants(self) -> tuple[Column, ...]:
        """What may happen to an event after it did, each with a day of its own."""
        if not self.is_history:
            return ()
        return tuple(c for c in self.columns if c.kind == "instant" and c.name != self.happened_at)

    @property
    def whole_key(self) -> tuple[str, ...]:
        return (*self.key, *self.key_as_given)

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        return tuple(_read_off(name, column) for name, column in self.schema.columns().items())

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    @cached_property
    def required(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns if column.is_required)


def _read_off(name: str, column: dy.Column) -> Column:
    declared = column.metadata or {}
    return Column(
        name=name,
        kind=declared["kind"],
        role=declared["role"],
        is_required=declared["required"],
        is_nullable=column.nullable,
        en=column.description or "",
        zh=declared["zh"],
        words={code: tuple(words.split()) for code, words in (declared["words"] or {}).items()},
    )


EXPORTS: dict[str, Export] = {
    export.name: export
    for export in (
        Export(
            "transactions",
            Transactions,
            ("order_id", "line_id"),
            "receipt line",
            "小票行",
            happened_at="ordered_at",
        ),
        Export("customers", Customers, ("customer_id",), "member", "会员"),
        Export("products", Products, ("product_id",), "product", "商品"),
        Export("stores", Stores, ("store_id",), "store", "门店"),
        Export(
            "contacts",
            Contacts,
            ("campaign_id", "customer_id", "contacted_at"),
            "message",
            "触达",
            happened_at="contacted_at",
            is_steady=False,
        ),
        Export(
            "coupons",
            Coupons,
            ("coupon_id", "redeemed_at"),
            "use of a coupon",
            "核销",
            happened_at="redeemed_at",
            key_as_given=("customer_id", "order_id"),
            is_steady=False,
        ),
        Export(
            "feedback",
            Feedback,
            ("feedback_id",),
            "piece of feedback",
            "反馈",
            happened_at="submitted_at",
            is_steady=False,
        ),
    )
}
