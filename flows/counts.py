"""Numbers as a sentence has them: one row, two rows, 34 MB."""

from __future__ import annotations

_MEGABYTE = 1_000_000
_GIGABYTE = 1_000_000_000


def counted(number: int, one: str, many: str | None = None) -> str:
    """A count with its noun.

    >>> counted(1, "row"), counted(1234, "row"), counted(2, "delivery", "deliveries")
    ('1 row', '1,234 rows', '2 deliveries')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def sized(bytes_n: int) -> str:
    """A number of bytes in the unit a person would use.

    >>> sized(34_400_000), sized(2_540_000_000), sized(900)
    ('34 MB', '2.5 GB', 'less than 1 MB')
    """
    if bytes_n < _MEGABYTE:
        return "less than 1 MB"
    if bytes_n < _GIGABYTE:
        return f"{bytes_n / _MEGABYTE:.0f} MB"
    return f"{bytes_n / _GIGABYTE:,.1f} GB"
