"""Fits at one fixed number of threads, whatever settings and surroundings say.

Sums of floats depend on how they are shared out: centres of KMeans differ in their last digits
between one thread and two, and with them everything that is fitted on top. Wrap every fit:

    with one_thread():
        kmeans.fit(scaled)
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def one_thread() -> Iterator[None]:
    """One thread for BLAS and OpenMP in the block, and as many as before after it.

    It holds for what the calling thread does. One, and not two, since a machine of one core could
    not keep to two.
    """
    # A library that is loaded inside the block would not be limited: these bring all of them.
    import scipy.linalg  # noqa: F401
    import sklearn.utils._openmp_helpers  # noqa: F401
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1):
        yield
