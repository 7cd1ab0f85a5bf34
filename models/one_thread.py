"""Fits whose bytes do not depend on how many threads there are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def one_thread() -> Iterator[None]:
    """BLAS and OpenMP at one thread, whatever the settings say.

    Sums of floats depend on how they are shared out. More threads gain little at the sizes that
    models are fitted to, and wait for one another where others use the machine.
    """
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        yield
