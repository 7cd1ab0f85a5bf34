"""Who may read the files that a command makes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def private_files() -> Iterator[None]:
    """Files made in the block are for this user; the group may read what is published."""
    before = os.umask(0o027)
    try:
        yield
    finally:
        os.umask(before)
