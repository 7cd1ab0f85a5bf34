"""Words of customers, and names, as a page can show them: in one line, cut, without controls."""

from __future__ import annotations

import unicodedata

_JOINER = "\u200d"
"""Invisible, and part of many emoji."""
_NOT_SHOWN = ("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp")
"""Control and formatting characters, those that turn the direction of writing among them, and
such as no font has."""


def shown_text(text: str, characters_n: int) -> str:
    """The text with what is not shown as a space, spaces drawn together, and at most so long.

    Escaping is the page's: here nothing is made of markup.

    >>> shown_text("a\\x1b[31m\\u202e b\\n\\tc", 40)
    'a [31m b c'
    >>> shown_text("一二三四五", 4)
    '一二三…'
    """
    # A megabyte is not looked at to show a line: what is left out may be spaces, twice over.
    looked_at = text[: 4 * characters_n]
    shown = "".join(
        " " if unicodedata.category(char) in _NOT_SHOWN and char != _JOINER else char
        for char in looked_at
    )
    line = " ".join(shown.split())
    is_cut = len(line) > characters_n or len(text) > len(looked_at)
    return f"{line[: characters_n - 1].rstrip()}…" if is_cut else line
