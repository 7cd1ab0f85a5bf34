"""SQL of scores: their scale, and what they are on a scale of 1 to 5.

On a scale from ``low`` to ``high`` a rating is 1 + 4 · (rating - low) / (high - low), rounded to
three places: the lowest is 1, the highest 5, and what lies between keeps its place.
"""

from __future__ import annotations

from regulars.data.cells import narrow, quoted

LOW, HIGH = 1, 5
PLACES = 3
_UNIT = r"\s*(分制|分|颗星|星制|星|stars?|points?)?"
_FROM_TO = rf"([01])(\.0+)?\s*([-~–—～至到]|to|\.\.)\s*([1-9][0-9]{{0,2}})(\.0+)?{_UNIT}"
_TO = rf"([2-9]|[1-9][0-9]{{1,2}})(\.0+)?{_UNIT}"


def without_unit(given: str) -> str:
    """A score without the word behind it: 4.5 of 4.5分."""
    return f"nullif(regexp_replace({given}, {quoted(f'(?i){_UNIT}$')}, ''), '')"


def scale(given: str) -> str:
    """A scale as its lowest and highest, ``1-5``; null where the text is none.

    0-10, 0～10, 0到10分; a number alone, 10 or 10分制, counts from 1.
    """
    given = narrow(given)
    from_to, to = quoted(f"(?i){_FROM_TO}"), quoted(f"(?i){_TO}")
    return (
        f"CASE WHEN regexp_full_match({given}, {to}) "
        f"THEN concat('1-', regexp_extract({given}, {to}, 1)) "
        f"WHEN regexp_full_match({given}, {from_to}) "
        f"AND regexp_extract({given}, {from_to}, 1) <> regexp_extract({given}, {from_to}, 4) "
        f"THEN concat(regexp_extract({given}, {from_to}, 1), '-', "
        f"regexp_extract({given}, {from_to}, 4)) END"
    )


def of_five(rating: str, scale: str) -> str:
    """A score on the scale of 1 to 5, a decimal of three places."""
    low, high = _end(scale, 1), _end(scale, 2)
    share = f"({rating} - {low}) / ({high} - {low})"
    return f"CAST(round({LOW} + {HIGH - LOW} * {share}, {PLACES}) AS DECIMAL(18, {PLACES}))"


def is_outside(rating: str, scale: str) -> str:
    """Whether a score is beyond its scale."""
    return f"{rating} NOT BETWEEN {_end(scale, 1)} AND {_end(scale, 2)}"


def _end(scale: str, place: int) -> str:
    return f"CAST(split_part({scale}, '-', {place}) AS INTEGER)"
