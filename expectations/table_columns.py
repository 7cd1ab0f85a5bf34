"""The kinds of column that published tables have: type, unit, meaning in two languages."""

from __future__ import annotations

from typing import Any

import dataframely as dy


def column(kind: type[dy.Column], en: str, zh: str, unit: str | None, **options: Any) -> Any:
    return kind(description=en, metadata={"zh": zh, "unit": unit}, **options)


def text(en: str, zh: str, *, nullable: bool = False) -> Any:
    return column(dy.String, en, zh, None, nullable=nullable)


def customer(*, nullable: bool = False) -> Any:
    en, zh = "Pseudonym of the customer: c1_ and 16 hex digits", "客户匿名编号"
    if nullable:
        en, zh = f"{en}; null where nobody was told", f"{zh}；未识别客户为空"
    return column(dy.String, en, zh, None, nullable=nullable, regex="^c1_[0-9a-f]{16}$")


def count(en: str, zh: str, *, nullable: bool = False, unit: str | None = "count") -> Any:
    return column(dy.Int64, en, zh, unit, nullable=nullable)


def days(en: str, zh: str, *, nullable: bool = False) -> Any:
    return column(dy.Int32, en, zh, "days", nullable=nullable)


def score(en: str, zh: str) -> Any:
    return column(dy.Int32, en, zh, "1-5", nullable=True, min=1, max=5)


def money(en: str, zh: str, *, nullable: bool = False) -> Any:
    return column(dy.Decimal, en, zh, "chain currency", nullable=nullable, precision=18, scale=2)


def quantity(en: str, zh: str, *, nullable: bool = False) -> Any:
    return column(dy.Decimal, en, zh, "units", nullable=nullable, precision=18, scale=3)


def double(en: str, zh: str, *, unit: str, nullable: bool = False) -> Any:
    return column(dy.Float64, en, zh, unit, nullable=nullable, allow_inf=False, allow_nan=False)


def share(en: str, zh: str, *, nullable: bool = False) -> Any:
    return double(en, zh, unit="0-1", nullable=nullable)


def mean(en: str, zh: str, unit: str) -> Any:
    return double(en, zh, unit=unit, nullable=True)


def flag(en: str, zh: str, *, nullable: bool = False) -> Any:
    return column(dy.Bool, en, zh, None, nullable=nullable)


def day(en: str, zh: str, *, nullable: bool = False) -> Any:
    return column(dy.Date, en, zh, None, nullable=nullable)


def instant(en: str, zh: str, *, nullable: bool = False) -> Any:
    return column(dy.Datetime, en, zh, None, nullable=nullable, time_unit="us")
