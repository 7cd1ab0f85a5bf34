"""How a column of an export is declared: what it is, what it holds, what happens to that.

A column is *required* when a file without it is refused; it is *nullable* when a single row may
leave it empty. ``role`` says what happens to what it holds: ``person`` is replaced by a
pseudonym, ``vault`` is kept in the vault alone, ``masked`` loses what tells a person.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import dataframely as dy

Kind = Literal[
    "text", "prose", "instant", "day", "money", "quantity", "score", "scale", "flag", "choice"
]
Role = Literal["plain", "person", "vault", "masked"]
NUMBERS: frozenset[Kind] = frozenset({"money", "quantity", "score"})
"""The kinds that are spelled as one number."""

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
    words: Mapping[str, str] | None = None,
    **options: Any,
) -> Any:
    return column(
        nullable=not required if nullable is None else nullable,
        description=en,
        metadata={"zh": zh, "kind": kind, "required": required, "role": role, "words": words},
        **options,
    )


def text(en: str, zh: str, **options: Any) -> Any:
    return _described(dy.String, en, zh, kind="text", **options)


def instant(en: str, zh: str, **options: Any) -> Any:
    return _described(dy.Datetime, en, zh, kind="instant", time_unit="us", **options)


def day(en: str, zh: str, **options: Any) -> Any:
    return _described(dy.Date, en, zh, kind="day", **options)


def money(en: str, zh: str, **options: Any) -> Any:
    return _described(
        dy.Decimal, en, zh, kind="money", precision=DIGITS, scale=MONEY_PLACES, **options
    )


def quantity(en: str, zh: str, **options: Any) -> Any:
    return _described(
        dy.Decimal, en, zh, kind="quantity", precision=DIGITS, scale=QUANTITY_PLACES, **options
    )


def flag(en: str, zh: str, **options: Any) -> Any:
    return _described(dy.Bool, en, zh, kind="flag", **options)


def choice(en: str, zh: str, *, words: Mapping[str, str], **options: Any) -> Any:
    """One of a few codes; ``words`` are what exports write for each, apart by blanks."""
    return _described(dy.String, en, zh, kind="choice", words=words, **options)


def score(en: str, zh: str, **options: Any) -> Any:
    """A rating on a scale, which the column ``<name>_scale`` names."""
    return _described(
        dy.Decimal, en, zh, kind="score", precision=DIGITS, scale=QUANTITY_PLACES, **options
    )


def scale(en: str, zh: str, **options: Any) -> Any:
    """The lowest and the highest of a scale: ``1-5``."""
    return _described(dy.String, en, zh, kind="scale", **options)


def prose(en: str, zh: str, **options: Any) -> Any:
    """What somebody wrote, of any length."""
    return _described(dy.String, en, zh, kind="prose", role="masked", **options)
