"""Numbers as they are read: grouped, rounded for display, with their unit, in two languages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

from regulars.expectations.catalogue import has_sentence, say

NONE = "–"
WHOLE_FROM = 10_000
"""From this amount on, money is read without cents."""

# Chinese counts in 万 and 亿, English in thousands; the first unit not above the value is used.
_MONEY_UNITS = {
    "en": ((Decimal(10**9), "billion"), (Decimal(10**6), "million")),
    "zh": ((Decimal(10**8), "hundred_million"), (Decimal(10**4), "ten_thousand")),
}
_AXIS_UNITS = {
    "en": ((Decimal(10**6), "million"), (Decimal(10**3), "thousand")),
    "zh": ((Decimal(10**8), "hundred_million"), (Decimal(10**4), "ten_thousand")),
}


@dataclass(frozen=True)
class Counted:
    """A number of things that a sentence names: ``customers`` or ``rows``.

    ``n`` is None when it is below ``small_below`` and not to be shown.
    """

    n: int | None
    noun: str
    small_below: int = 0


def count(n: int | None) -> str:
    """
    >>> count(1234567), count(None)
    ('1,234,567', '–')
    """
    return NONE if n is None else f"{n:,}"


def change(n: int | None) -> str:
    """
    >>> change(12), change(-3), change(0), change(None)
    ('+12', '−3', '0', '–')
    """
    if n is None:
        return NONE
    return f"{n:+,}".replace("-", "−") if n else "0"


def share(value: float | None, *, places: int = 1) -> str:
    """
    >>> share(0.1234), share(0.5, places=0), share(None), share(0.0), share(0.0001)
    ('12.3%', '50%', '–', '0%', '<0.1%')
    """
    if value is None:
        return NONE
    least = 10.0 ** (-places - 2)
    if 0 < value < least / 2:
        return f"<{least:.{places}%}"
    # Adding zero turns a negative zero into a plain one.
    return f"{round(value, places + 2) + 0:.{places if value else 0}%}".replace("-", "−")


def mean(value: float | None, *, places: int = 1) -> str:
    """
    >>> mean(1234.56), mean(None)
    ('1,234.6', '–')
    """
    return NONE if value is None else f"{value:,.{places}f}"


def amount(value: Decimal | None, *, places: int = 0) -> str:
    """Money without its currency, rounded half-even for display.

    >>> amount(Decimal("1234.50")), amount(Decimal("-0.05"), places=2), amount(None)
    ('1,234', '−0.05', '–')
    """
    if value is None:
        return NONE
    rounded = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN)
    return f"{rounded if rounded else abs(rounded):,f}".replace("-", "−")


def money(value: Decimal, currency: str, language: str) -> str:
    """Money in a sentence, with its currency; large sums in the language's own unit.

    >>> money(Decimal("4594146.32"), "USD", "en"), money(Decimal("4594146.32"), "CNY", "zh")
    ('USD 4.59 million', '459.41 万元')
    >>> money(Decimal("950.5"), "CNY", "zh"), money(Decimal("12000"), "SEK", "en")
    ('950.50 元', 'SEK 12,000')
    """
    for size, unit in _MONEY_UNITS[language]:
        # A sum that would round up to 1,000 units is left in the smaller unit: still right.
        if abs(value) >= size:
            return say(
                f"money.{unit}",
                language,
                currency=currency_name(currency, language),
                amount=amount(value / size, places=2),
            )
    places = 0 if abs(value) >= WHOLE_FROM or value == value.to_integral_value() else 2
    return say(
        "money",
        language,
        currency=currency_name(currency, language),
        amount=amount(value, places=places),
    )


def axis_unit(values: Sequence[Decimal], currency: str, language: str) -> tuple[Decimal, str]:
    """The unit an axis counts in, and its name.

    >>> axis_unit([Decimal(250000)], "CNY", "zh"), axis_unit([Decimal(90)], "USD", "en")
    ((Decimal('10000'), '万元'), (Decimal('1'), 'USD'))
    """
    largest = max((abs(value) for value in values), default=Decimal(0))
    units = (*_AXIS_UNITS[language], (Decimal(1), "one"))
    size, unit = next(((s, u) for s, u in units if largest >= s), units[-1])
    return size, say(f"unit.{unit}", language, currency=currency_name(currency, language))


def currency_name(currency: str, language: str) -> str:
    """
    >>> currency_name("CNY", "zh"), currency_name("SEK", "zh")
    ('元', 'SEK')
    """
    code = f"currency.{currency}"
    return say(code, language) if has_sentence(code) else currency


def counted(thing: Counted, language: str) -> str:
    """
    >>> counted(Counted(1, "customers"), "en"), counted(Counted(2469, "customers"), "zh")
    ('1 customer', '2,469 位客户')
    """
    if thing.n is None:
        return say(f"counted.{thing.noun}.few", language, n=thing.small_below)
    suffix = ".one" if thing.n == 1 else ""
    return say(f"counted.{thing.noun}{suffix}", language, n=count(thing.n))


def month(day: date) -> str:
    """
    >>> month(date(2017, 3, 1))
    '2017-03'
    """
    return f"{day:%Y-%m}"


def points(value: float | None, *, places: int = 1) -> str:
    """The difference of two shares in percentage points.

    >>> points(0.032), points(-0.5, places=0), points(0.0001), points(None)
    ('+3.2', '−50', '0', '–')
    """
    if value is None:
        return NONE
    rounded = round(100 * value, places)
    return f"{rounded:+.{places}f}".replace("-", "−") if rounded else "0"
