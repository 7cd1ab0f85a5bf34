"""Contracts of what comes in: one schema an export, from which readers, DDL and docs derive.

A column is *required* when a file without it is refused; it is *nullable* when a single row may
leave it empty. ``role`` says what happens to what it holds: ``person`` is replaced by a
pseudonym, ``vault`` is kept in the vault alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import dataframely as dy

Kind = Literal["text", "instant", "day", "money", "quantity", "flag"]
Role = Literal["plain", "person", "vault"]

MONEY_PLACES = 2
QUANTITY_PLACES = 3
DIGITS = 18


def _described(
    column: type[dy.Column],
    en: str,
    zh: str,
    *,
    kind: Kind,
    required: bool = False,
    nullable: bool | None = None,
    role: Role = "plain",
    **options: Any,
) -> Any:
    return column(
        nullable=not required if nullable is None else nullable,
        description=en,
        metadata={"zh": zh, "kind": kind, "required": required, "role": role},
        **options,
    )


def _text(en: str, zh: str, **options: Any) -> Any:
    return _described(dy.String, en, zh, kind="text", **options)


def _instant(en: str, zh: str, **options: Any) -> Any:
    return _described(dy.Datetime, en, zh, kind="instant", time_unit="us", **options)


def _day(en: str, zh: str, **options: Any) -> Any:
    return _described(dy.Date, en, zh, kind="day", **options)


def _money(en: str, zh: str, **options: Any) -> Any:
    return _described(
        dy.Decimal, en, zh, kind="money", precision=DIGITS, scale=MONEY_PLACES, **options
    )


def _quantity(en: str, zh: str, **options: Any) -> Any:
    return _described(
        dy.Decimal, en, zh, kind="quantity", precision=DIGITS, scale=QUANTITY_PLACES, **options
    )


def _flag(en: str, zh: str, **options: Any) -> Any:
    return _described(dy.Bool, en, zh, kind="flag", **options)


class Transactions(dy.Schema):
    """One line of a receipt: one product, sold or taken back."""

    order_id = _text("Receipt or order number", "小票号或订单号", required=True)
    customer_id = _text(
        "Member the receipt belongs to; empty for an anonymous receipt",
        "会员号；匿名小票为空",
        required=True,
        nullable=True,
        role="person",
    )
    ordered_at = _instant(
        "When the line was rung up, in the chain's time zone", "交易时间（门店时区）", required=True
    )
    amount = _money(
        "Received for the line, after discount; negative for a return",
        "实收金额（折后）；退货为负",
        required=True,
    )
    line_id = _text("Line number within the order", "小票行号")
    quantity = _quantity("Units sold", "数量")
    unit_price = _money("List price of one unit", "单价")
    discount = _money("Discount given on the line; informative", "折扣金额（仅供参考）")
    product_id = _text("Product sold", "商品编码")
    store_id = _text("Store, or web shop, that sold it", "门店编码")
    channel = _text("Sales channel, such as till or app", "销售渠道")
    staff_id = _text("Person at the till", "店员编码")
    coupon_id = _text("Coupon used on the line", "优惠券编码")
    is_return = _flag("Whether the line is a return", "是否退货")
    returns_order_id = _text("Order that a returned line was sold on", "原订单号（退货）")
    currency = _text("ISO 4217 code of the amount", "币种")


class Customers(dy.Schema):
    """One member of the loyalty programme."""

    customer_id = _text("Member id", "会员号", required=True, role="person")
    name = _text("Name", "姓名", role="vault")
    phone = _text("Phone number", "手机号", role="vault")
    email = _text("E-mail address", "电子邮箱", role="vault")
    birth_date = _day("Date of birth", "出生日期")
    gender = _text("Gender, as the chain records it", "性别")
    city = _text("City of residence", "城市")
    region = _text("Region of residence", "地区")
    joined_on = _day("Day the member joined", "入会日期")
    home_store_id = _text("Store the member belongs to", "所属门店")
    preferred_channel = _text("Channel the member prefers", "偏好渠道")
    has_consent = _flag("Whether the member agreed to be contacted", "是否同意接收营销信息")
    referrer_id = _text("Member who referred this one", "推荐人会员号", role="person")


class Products(dy.Schema):
    """One product."""

    product_id = _text("Product code", "商品编码", required=True)
    name = _text("Product name", "商品名称")
    category = _text("Category", "品类")
    department = _text("Department", "部类")
    brand = _text("Brand", "品牌")
    unit_cost = _money("Cost of one unit", "单位成本")


class Stores(dy.Schema):
    """One store."""

    store_id = _text("Store code", "门店编码", required=True)
    name = _text("Store name", "门店名称")
    city = _text("City", "城市")
    region = _text("Region", "地区")
    opened_on = _day("Day the store opened", "开业日期")
    format = _text("Store format, such as convenience or supermarket", "业态")


@dataclass(frozen=True)
class Column:
    """One column of an export, read off its schema."""

    name: str
    kind: Kind
    role: Role
    is_required: bool
    is_nullable: bool
    en: str
    zh: str

    @property
    def is_id(self) -> bool:
        """Whether it holds an id: a text that must not be read as a number."""
        return self.name.endswith("_id")


@dataclass(frozen=True)
class Export:
    """One kind of file that comes in: its name, its grain, its key and its columns.

    ``is_history`` tells a record of events, which only grows, from a list of what is now, of
    which the latest delivery counts.
    """

    name: str
    schema: type[dy.Schema]
    key: tuple[str, ...]
    grain_en: str
    grain_zh: str
    is_history: bool

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
            is_history=True,
        ),
        Export("customers", Customers, ("customer_id",), "member", "会员", is_history=False),
        Export("products", Products, ("product_id",), "product", "商品", is_history=False),
        Export("stores", Stores, ("store_id",), "store", "门店", is_history=False),
    )
}
