"""What a text may hold beside plain fields, told by one look at its bytes.

Trimming, mending or doubting every field of a file that has nothing of the kind is a tenth of its
load. So whoever copies a text looks at the bytes in passing, and the reader asks only for what
may be there.
"""

from __future__ import annotations

import numpy as np

PADDING = "padding"
"""Blanks, ideographic or no-break spaces around a field."""
TABS = "tabs"
"""Tabs, which are padding where they do not separate fields."""
WIDE = "wide"
"""Full-width letters, digits and signs."""
EXPONENTS = "exponents"
"""A sign that a number in scientific notation has: 1.23E+17."""
ERRORS = "errors"
"""A sign that the errors of spreadsheets have: #N/A."""
QUOTES = "quotes"
NUL = "nul"
ALL_SIGNS = (PADDING, TABS, WIDE, EXPONENTS, ERRORS, QUOTES, NUL)

_BLANK = 0x20
# Delimiters, quotes and line ends.
_BOUNDS = np.isin(np.arange(256), np.frombuffer(b',;|\t"\r\n', dtype=np.uint8))
_SPACES = tuple(space.encode() for space in ("\u3000", "\u00a0"))
_WIDE_LEADS = (b"\xef\xbc", b"\xef\xbd")  # U+FF01 to U+FF7F
_OVERLAP_BYTES = 2


class Signs:
    """Signs seen in the chunks of a UTF-8 text, which follow one another."""

    def __init__(self) -> None:
        self._found: set[str] = set()
        self._last = b"\n\n"

    def see(self, chunk: bytes) -> None:
        content = self._last + chunk
        self._last = content[-_OVERLAP_BYTES:]
        is_ascii = content.isascii()
        if PADDING not in self._found and self._is_padded(content, is_ascii):
            self._found.add(PADDING)
        if b"\t" in content:
            self._found.add(TABS)
        if not is_ascii and any(lead in content for lead in _WIDE_LEADS):
            self._found.add(WIDE)
        if b"+" in content or b"E" in content:
            self._found.add(EXPONENTS)
        if b"#" in content:
            self._found.add(ERRORS)
        if b'"' in content:
            self._found.add(QUOTES)
        if b"\0" in content:
            self._found.add(NUL)

    def all(self) -> list[str]:
        """The signs of the whole text, once it was seen."""
        self.see(b"\n")
        return [sign for sign in ALL_SIGNS if sign in self._found]

    @staticmethod
    def _is_padded(content: bytes, is_ascii: bool) -> bool:
        """Whether a blank stands beside what may bound a field, or a rarer space anywhere.

        The first and the last byte are not judged: chunks overlap by two.
        """
        if not is_ascii and any(space in content for space in _SPACES):
            return True
        bytes_ = np.frombuffer(content, dtype=np.uint8)
        blanks = np.flatnonzero(bytes_[1:-1] == _BLANK)
        return bool(_BOUNDS[bytes_[blanks]].any() or _BOUNDS[bytes_[blanks + 2]].any())
