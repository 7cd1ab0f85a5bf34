"""Whether a Prefect API is there: a run must not fail because a server is down."""

from __future__ import annotations

from urllib.error import URLError
from urllib.request import urlopen

ANSWER_SECONDS = 5


def answers(api_url: str) -> bool:
    """Whether the API at this address says that it is well."""
    if not api_url.startswith(("http://", "https://")):
        return False
    try:
        with urlopen(f"{api_url.rstrip('/')}/health", timeout=ANSWER_SECONDS) as response:
            return bool(response.status == 200)  # noqa: PLR2004 - HTTP's own word for well
    except (URLError, OSError):
        return False
