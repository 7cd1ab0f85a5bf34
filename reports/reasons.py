"""Why a risk is what it is, in words: the code of a reason and the customer's two figures."""

from __future__ import annotations

from decimal import Decimal

from regulars.expectations.catalogue import has_sentence, say
from regulars.reports import numbers

FIGURES: dict[str, tuple[str, str]] = {
    "rhythm": ("count", "mean"),
    "pace": ("count", "count"),
    "slowing": ("mean", "mean"),
    "basket": ("money", "money"),
    "breadth": ("count", "count"),
    "discount": ("share", "share"),
    "returns": ("count", "count"),
    "place": ("count", "share"),
    "campaigns": ("count", "share"),
    "complaints": ("count", "count"),
    "ratings": ("mean", "mean"),
    "habit": ("share", "share"),
    "tenure": ("count", "count"),
}
"""What the two figures of each reason are: how they are written out."""

_COUNTED_OF = frozenset({"breadth", "returns", "complaints"})
"""Of these the second figure is a number of which zero is said in other words."""


def reason_in_words(
    reason: str, value: float | None, against: float | None, *, currency: str, language: str
) -> str:
    """The sentence of a reason with its figures, or with those that are known.

    >>> reason_in_words("rhythm", 12, 5.3, currency="USD", language="en")
    'Days away: 12; own gaps are 5.3 days on average'
    >>> reason_in_words("rhythm", 12, None, currency="USD", language="zh")
    '已 12 天未消费，尚无自身间隔可比'
    >>> reason_in_words("discount", None, None, currency="USD", language="en")
    'How far discounts carry it'
    """
    if reason not in FIGURES or value is None:
        return reason_of(reason, language)
    first = _written(value, FIGURES[reason][0], currency, language)
    if reason in _COUNTED_OF and against == 0:
        return say(f"churn.reason.{reason}.none", language, value=first)
    if against is None:
        alone = f"churn.reason.{reason}.alone"
        return (
            say(alone, language, value=first)
            if has_sentence(alone)
            else reason_of(reason, language)
        )
    second = _written(against, FIGURES[reason][1], currency, language)
    return say(f"churn.reason.{reason}", language, value=first, against=second)


def reason_of(reason: str, language: str) -> str:
    """What a reason is about; what no catalogue knows, as it is."""
    code = f"churn.reason_of.{reason}"
    return say(code, language) if has_sentence(code) else reason


def _written(figure: float, kind: str, currency: str, language: str) -> str:
    if kind == "money":
        # The figure was a float to the model; it is money again to read.
        amount = Decimal(f"{figure:.2f}")
        return numbers.money(amount, currency, language)
    if kind == "share":
        return numbers.share(figure, places=0)
    return numbers.mean(figure) if kind == "mean" else numbers.count(round(figure))
